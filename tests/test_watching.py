"""A page of the plan that is open notices what others change, and only what its reader may see of it."""

import datetime as dt

import time_machine
from django.contrib.auth import get_user
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from soc_portal.audit.models import Event
from teams.actions.items import add_item, change_item, end_item, order_items
from teams.actions.phases import set_review
from teams.actions.plans import agree_for_family, answer_plan, content_of, hash_of, put_forward, take_back
from teams.actions.talk import add_comment, suggest, take_back_comment
from teams.models import Need, Step
from teams.views.plan_mark import mark_of, read_mark
from teams.views.plan_reading import read_plan

READERS = ("caregiver", "youth", "grandmother", "dss_worker", "court_counselor")


def pulse(world, mark=""):
    return reverse("teams:plan_pulse", args=[world.team.pk]) + f"?mark={mark}"


def fresh(world, slug):
    """The person as a new request knows them."""
    return type(world.people[slug]).objects.get(pk=world.people[slug].pk)


def mark(world, slug):
    team = type(world.team).objects.select_related("family").get(pk=world.team.pk)
    return read_mark(fresh(world, slug), team)


def marks(world):
    return {slug: mark(world, slug) for slug in READERS}


def changed(before, after):
    return {slug for slug in READERS if before[slug] != after[slug]}


def agreed(world):
    return agree_for_family(team=world.team, by=world.users.caregiver, seen_hash=hash_of(content_of(world.team)))


def test_the_page_and_the_question_have_the_same_mark(world):
    agreed(world)
    add_item(team=world.team, by=world.users.caregiver, item=Need(text="New"))
    put_forward(team=world.team, by=world.users.caregiver, seen_hash=hash_of(content_of(world.team)))
    for slug in READERS:
        user = fresh(world, slug)
        assert read_mark(user, world.team) == mark_of(world.team, read_plan(user, world.team)), slug


def test_everything_that_the_page_shows_changes_the_mark(world):
    team, rosa, need = world.team, world.users.caregiver, world.items["need"]
    member = world.members["grandmother"]
    rows = Need.objects.live().filter(team=team).order_by("place", "pk")

    def ask():
        return suggest(team=team, item=need, membership=member, base_version=1, text="Other", why="", by=member.user)

    def turn():
        seen = list(rows.values_list("pk", flat=True))
        order_items(team=team, rows=rows, seen=seen, wanted=[seen[1], seen[0], *seen[2:]], by=rosa)

    said = []
    for act in (
        lambda: add_item(team=team, by=rosa, item=Step(goal=world.items["goal"], text="New")),
        lambda: change_item(team=team, item=need, by=rosa, base_version=1, values={"text": "Changed"}),
        lambda: end_item(team=team, item=world.items["step"], by=rosa),
        turn,
        lambda: said.append(
            add_comment(team=team, item=need, membership=member, text="Hm", mentions=[], by=member.user)
        ),
        lambda: take_back_comment(team=team, item=need, comment=said[0], by=member.user),
        ask,
        lambda: set_review(team=team, on=timezone.localdate() + dt.timedelta(days=9), by=rosa),
        lambda: said.append(put_forward(team=team, by=rosa, seen_hash=hash_of(content_of(team)))),
        lambda: take_back(version=said[1], by=rosa),
        lambda: said.append(agreed(world)),
        lambda: answer_plan(version=said[2], membership=member, kind="agrees", words="", by=member.user),
    ):
        before = marks(world)
        act()
        assert changed(before, marks(world)) == set(READERS), act


def test_what_a_reader_may_not_see_is_not_told(world):
    team, rosa, court = world.team, world.users.caregiver, world.items["need_court"]
    member, before = world.members["court_counselor"], marks(world)
    change_item(team=team, item=court, by=rosa, base_version=court.version, values={"text": "Changed"})
    add_comment(team=team, item=court, membership=member, text="Hm", mentions=[], by=member.user)
    suggest(team=team, item=court, membership=member, base_version=2, text="Other", why="", by=member.user)
    add_item(team=team, by=rosa, item=Need(text="New", section="court"))
    assert changed(before, marks(world)) == {"caregiver", "youth", "court_counselor"}


def test_nothing_comes_while_nothing_changes_and_the_page_when_something_did(world, sign_in):
    client = sign_in(world.users.dss_worker)
    now = client.get(reverse("teams:plan_detail", args=[world.team.pk])).context["mark"]
    Event.objects.all().delete()
    response = client.get(pulse(world, now))
    assert (response.status_code, response.content) == (204, b"")
    assert not Event.objects.exists(), "asking is no reading"
    add_item(team=world.team, by=world.users.caregiver, item=Need(text="Quiet evenings"))
    response = client.get(pulse(world, now))
    assert "Quiet evenings" in response.content.decode()
    assert response.context["mark"] != now
    assert Event.objects.filter(looked=True, actor_id=world.users.dss_worker.pk, verb="plan_read").count() == 1
    assert client.get(pulse(world, response.context["mark"])).status_code == 204


def test_asking_takes_few_queries_however_long_the_plan_is(world, sign_in):
    client, counts = sign_in(world.users.dss_worker), []
    client.get("/")
    for _round in range(2):
        now = mark(world, "dss_worker")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(pulse(world, now)).status_code == 204
        counts.append(len(queries))
        for number in range(3):
            add_item(team=world.team, by=world.users.caregiver, item=Need(text=f"More {number}"))
    own = 3  # the team, whom it is for, and the mark; the others are session, person and scope
    assert counts == [own + 5, own + 5]


def test_the_message_of_a_form_waits_for_a_page_that_somebody_opens(world, sign_in):
    client = sign_in(world.users.dss_worker)
    client.post(reverse("teams:step_done", args=[world.team.pk, world.items["step"].pk]))
    assert "Done. Thank you." not in client.get(pulse(world)).content.decode()
    assert "Done. Thank you." in client.get(reverse("teams:plan_detail", args=[world.team.pk])).content.decode()


def test_ones_own_changes_are_marked_as_such(world, sign_in):
    change_item(
        team=world.team, item=world.items["need"], by=world.users.dss_worker, base_version=1, values={"text": "Changed"}
    )
    own = f'data-place="need-{world.items["need"].pk}" data-own>'
    assert own in sign_in(world.users.dss_worker).get(pulse(world)).content.decode()
    assert own not in sign_in(world.users.caregiver).get(pulse(world)).content.decode()


def test_a_page_that_asks_keeps_nobody_signed_in(world):
    start = timezone.now().replace(microsecond=0)
    with time_machine.travel(start, tick=False) as clock:
        client = Client()
        client.force_login(world.users.dss_worker, backend="django.contrib.auth.backends.ModelBackend")
        client.get("/me/")
        for minutes in (5, 10, 15, 20):
            clock.move_to(start + dt.timedelta(minutes=minutes))
            assert client.get(pulse(world)).status_code == 200
        clock.move_to(start + dt.timedelta(minutes=20, seconds=1))
        response = client.get(pulse(world))
        assert response.status_code == 302
        assert not get_user(client).is_authenticated
