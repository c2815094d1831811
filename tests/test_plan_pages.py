"""The plan: the same page for family and staff, each reading what the family shares, in a fixed number of queries."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from families.enums import Section
from families.models import Strength
from soc_portal.audit.enums import Look
from soc_portal.audit.models import Event
from teams.actions.consents import share_sections
from teams.actions.items import add_item
from teams.enums import LifeDomain
from teams.models import Goal, Need, Step

QUERIES = 15


def url(world, name="plan_detail", **kwargs):
    return reverse(f"teams:{name}", kwargs={"team_id": world.team.pk} | kwargs)


def body(response):
    assert response.status_code == 200
    return response.content.decode()


def needs_on(html):
    return re.findall(r'<header id="need-(\d+)"', html)


def fill(world, needs):
    """More of everything: `needs` needs, each with two goals of two steps that two people carry."""
    who = [world.members["grandmother"], world.members["dss_worker"]]
    for n in range(needs):
        need = add_item(team=world.team, by=world.users.caregiver, item=Need(text=f"Need {n}"))
        add_item(team=world.team, by=world.users.dss_worker, item=Strength(text=f"Strength {n}", person=world.mateo))
        for g in range(2):
            goal = add_item(team=world.team, by=world.users.facilitator, item=Goal(need=need, text=f"Goal {g}"))
            for s in range(2):
                step = Step(goal=goal, text=f"Step {s}", due_on=timezone.localdate())
                add_item(team=world.team, by=world.users.grandmother, item=step, who=who)


@pytest.mark.parametrize("name", ["plan_detail", "plan_print"])
@pytest.mark.parametrize("persona", ["caregiver", "dss_worker"])
def test_a_plan_of_any_length_costs_the_same_few_queries(
    world, sign_in, django_assert_num_queries, django_assert_max_num_queries, name, persona
):
    client = sign_in(world.people[persona])
    client.get(url(world, name))
    for more in (0, 2, 40):
        fill(world, more)
        with django_assert_num_queries(QUERIES):
            client.get(url(world, name))


def test_each_reads_the_needs_that_are_shared_and_no_others(world, sign_in):
    wanted = {
        "caregiver": list(Section.values),
        "other_household": list(Section.values),
        "youth": list(Section.values),
        "grandmother": ["plan", "records"],
        "dss_worker": ["plan", "records"],
        "court_counselor": ["plan", "records", "court"],
    }
    for persona, sections in wanted.items():
        html = body(sign_in(world.people[persona]).get(url(world)))
        assert needs_on(html) == [str(world.items[f"need_{section}"].pk) for section in sections], persona
        assert ("A court step" in html) == ("court" in sections)
        for hidden in set(Section.values) - set(sections):
            assert f"A need about {hidden}" not in html
            assert f"{len(Section.values)}" not in re.findall(r"Need (\d+)", html)


@pytest.mark.parametrize("persona", ["provider", "expired_consent", "former_member", "other_caregiver", "superuser"])
@pytest.mark.parametrize("name", ["plan_detail", "plan_print", "plan_history"])
def test_who_may_not_read_the_plan_finds_nothing(world, sign_in, persona, name):
    assert sign_in(world.people[persona]).get(url(world, name)).status_code == 404


def tidy(html):
    """The page without what differs from reader to reader: tokens, the frame, the reader's own name."""
    main = html[html.index("<main") : html.index("</main>")]
    main = main.replace(" data-own>", ">")  # which changes are the reader's own: the script says nothing of them
    return re.sub(r'name="(csrfmiddlewaretoken|draft_owner)" value="[^"]*"', "", main)


def test_family_and_staff_read_the_same_page_save_agreeing_and_own_words(world, sign_in):
    share_sections(
        membership=world.members["dss_worker"], sections=list(Section.values), until=None, by=world.users.caregiver
    )
    rosa = tidy(body(sign_in(world.users.caregiver).get(url(world))))
    staff = tidy(body(sign_in(world.users.dss_worker).get(url(world))))
    agree = re.compile(
        r'<form class="panel stack no-print" method="post" action="[^"]*agree/"[^>]*>.*?</form>', re.DOTALL
    )
    assert agree.search(rosa)
    assert not agree.search(staff)
    own = re.compile(r'<a class="link" href="[^"]*/items/words/\d+/(edit|history)/".*?</a>', re.DOTALL)
    assert "edit" in own.findall(rosa)
    assert own.findall(staff) == ["history"]
    assert own.sub("", agree.sub("", rosa)).strip() == own.sub("", staff).strip()


def test_only_the_speaker_changes_their_words_and_who_has_none_may_write_some(world, sign_in):
    edit = reverse("teams:item_edit", args=[world.team.pk, "words", world.items["words"].pk])
    add = reverse("teams:item_add", args=[world.team.pk, "words"])
    for persona, may_edit, may_add in [
        ("caregiver", True, False), ("other_household", False, True), ("youth", False, True),
        ("grandmother", False, False), ("dss_worker", False, False),
    ]:  # fmt: skip
        html = body(sign_in(world.people[persona]).get(url(world)))
        assert "I want us to eat dinner together." in html
        assert (edit in html, add in html) == (may_edit, may_add), persona


def test_a_step_says_who_by_when_and_how_it_is_going(world, sign_in):
    html = body(sign_in(world.users.grandmother).get(url(world)))
    row = html[html.index(f'<tr id="step-{world.items["step"].pk}"') :].split("</tr>")[0]
    assert "Move the lunch table" in row
    assert "Denise" in row
    assert "Carmen" in row
    assert "Past its date" in row
    assert 'class="is-late"' in row
    assert "0 of 1 step done" in html


def test_a_step_is_marked_done_and_help_is_asked_for(world, sign_in):
    client, step = sign_in(world.users.grandmother), world.items["step"]
    response = client.post(url(world, "step_help", step_id=step.pk))
    assert response["Location"] == f"{url(world)}#step-{step.pk}"
    step = Step.objects.get(pk=step.pk)
    assert (step.needs_help, step.status) == (True, "todo")
    assert "Needs help" in body(client.get(url(world)))
    response = client.post(url(world, "step_done", step_id=step.pk), {"next": "/teams/"})
    assert response["Location"] == "/teams/"
    step = Step.objects.get(pk=step.pk)
    assert (step.needs_help, step.status, step.done_on) == (False, "done", timezone.localdate())


def test_after_a_step_nobody_is_sent_to_another_site(world, sign_in):
    client, step = sign_in(world.users.grandmother), world.items["step"]
    for evil in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        response = client.post(url(world, "step_done", step_id=step.pk), {"next": evil})
        assert response["Location"].startswith(url(world))


def test_what_changed_is_told_in_plain_words_and_hides_what_is_hidden(world, sign_in):
    html = body(sign_in(world.users.grandmother).get(url(world, "plan_history")))
    told = re.findall(r"<span>([A-Z][^<]+) <q", html)
    assert set(told) == {
        "Rosa Delgado wrote their own words", "Andrea Pruitt added a strength", "Rosa Delgado added a need",
        "Denise Whitfield added a goal", "Denise Whitfield added a step", "Rosa Delgado added a part of the plan",
        "Rosa Delgado added somebody to call", "Rosa Delgado added something that we must do",
        "Rosa Delgado added an idea", "Rosa Delgado added how far we are",
    }  # fmt: skip
    assert "court" not in html.lower().replace("court counselor", "")
    for section in set(Section.values) - {"plan", "records"}:
        assert f"A need about {section}" not in html


def test_the_plan_shows_the_last_five_changes_and_the_history_all_of_them_page_by_page(world, sign_in):
    fill(world, 6)
    client = sign_in(world.users.caregiver)
    assert body(client.get(url(world))).count(">Compare<") == 5
    first = body(client.get(url(world, "plan_history")))
    second = body(client.get(url(world, "plan_history") + "?page=2"))
    assert first.count(">Compare<") == 25
    assert "?page=2" in first
    assert "?page=1" in second
    for odd in ("0", "-1", "x", "9" * 40, "²"):
        assert client.get(url(world, "plan_history") + f"?page={odd}").status_code == 200


def test_the_history_costs_the_same_few_queries(world, sign_in, django_assert_num_queries):
    client = sign_in(world.users.caregiver)
    client.get(url(world, "plan_history"))
    for more in (0, 3):
        fill(world, more)
        with django_assert_num_queries(11):
            client.get(url(world, "plan_history"))


def test_the_printed_plan_is_whole_marked_private_and_written_down_as_printed(world, sign_in):
    html = body(sign_in(world.users.grandmother).get(url(world, "plan_print")))
    assert "Private. Please keep this paper safe." in html
    assert "for Carmen Ruiz." in html
    assert "Move the lunch table" in html
    assert 'class="box"' in html
    assert "data-print" in html
    assert "A court step" not in html
    looks = Event.objects.filter(looked=True, actor_id=world.users.grandmother.pk).order_by("pk")
    assert [row.verb for row in looks] == [Look.PLAN_PRINT]


@pytest.mark.parametrize("name", ["plan_detail", "plan_print"])
def test_what_federal_rules_protect_says_so_to_whoever_is_shown_it_and_to_nobody_else(world, sign_in, name):
    assert "42 CFR Part 2" in body(sign_in(world.users.caregiver).get(url(world, name)))
    assert "42 CFR Part 2" not in body(sign_in(world.users.grandmother).get(url(world, name)))


def test_every_opening_is_written_down(world, sign_in):
    client = sign_in(world.users.dss_worker)
    for name in ("plan_detail", "plan_history"):
        client.get(url(world, name))
    looks = Event.objects.filter(looked=True, actor_id=world.users.dss_worker.pk).order_by("pk")
    assert [row.verb for row in looks] == [Look.PLAN, Look.HISTORY]


def test_an_empty_plan_says_what_will_be_here(world, sign_in):
    response = sign_in(world.users.other_caregiver).get(reverse("teams:plan_detail", args=[world.other_team.pk]))
    html = body(response)
    assert "Jada's plan" in html
    assert "Not agreed yet" in html


def test_after_its_end_a_plan_is_read_but_not_written(world, sign_in):
    team = world.team
    team.ended_at, team.ended_by = timezone.now(), world.users.caregiver
    team.save()
    html = body(sign_in(world.users.caregiver).get(url(world)))
    assert "/edit/" not in html
    assert "/add/" not in html
    assert "seen_hash" not in html


def test_words_of_a_hundred_thousand_letters_and_other_scripts_stand_in_the_plan(world, sign_in):
    for text in ("a" * 100_000, "שלום, נפגשים ביום חמישי 🍇", "<b>not bold</b>"):
        add_item(team=world.team, by=world.users.caregiver, item=Need(text=text, domain=LifeDomain.FUN))
    html = body(sign_in(world.users.grandmother).get(url(world)))
    assert "a" * 100_000 in html
    assert "שלום, נפגשים ביום חמישי 🍇" in html
    assert "&lt;b&gt;not bold&lt;/b&gt;" in html


def test_a_date_to_come_is_not_late(world, sign_in):
    Step.objects.filter(pk=world.items["step"].pk).update(due_on=timezone.localdate() + dt.timedelta(days=1))
    assert "Past its date" not in body(sign_in(world.users.grandmother).get(url(world)))
