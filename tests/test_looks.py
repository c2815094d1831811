"""Who looked at our record: everything, in plain words, for the family alone."""

import ast
import datetime as dt
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from families.actions import look_at_homes
from soc_portal.audit.actions import record
from soc_portal.audit.enums import Look
from soc_portal.audit.models import Event
from teams.actions.looks import look, look_at_family, look_at_many

TOP = Path(__file__).parent.parent
LOOKING = {"look": 1, "look_at_family": 1, "look_at_many": 1, "record_looks": 0, "record_looks_at": 0}
NOON = dt.datetime(2026, 10, 15, 16, 0, tzinfo=dt.UTC)  # Thursday, noon in North Carolina


def url(world):
    return reverse("teams:look_list", args=[world.team.pk])


def told(response):
    """[(day, who, role, organization, [(words, times)])] as the page tells it."""
    return [
        (
            day["day"], visit["who"].display_name, visit["who"].role_words, visit["organization"],
            [(line["words"], line["times"]) for line in visit["lines"]],
        )
        for day in response.context["days"]
        for visit in day["visits"]
    ]  # fmt: skip


# --- Every reading has words -----------------------------------------------------------------------------------------
def calls():
    """Every call that writes down a reading, in the portal's own code: (place, the argument that names it)."""
    for app in ("collaboratives", "families", "referrals", "soc_portal", "teams"):
        for path in sorted((TOP / app).rglob("*.py")):
            if "demo" in path.parts:  # the fictional state: its readings pass through `look` as well
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call):
                    continue
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in LOOKING and len(node.args) > LOOKING[name]:
                    yield f"{path.relative_to(TOP)}:{node.lineno}", node.args[LOOKING[name]]


def test_every_reading_that_the_code_writes_down_is_a_look_with_words():
    found = list(calls())
    assert len(found) > 10, "the search itself must find something"
    own = ("teams/actions/looks.py", "soc_portal/audit/actions.py")
    strange = []
    for place, argument in found:
        if place.startswith(own):
            continue  # these pass on the word that they were given
        names = [node for node in ast.walk(argument) if isinstance(node, ast.Attribute)]
        if not names or not all(
            getattr(node.value, "id", "") == "Look" and node.attr in Look.__members__ for node in names
        ):
            strange.append(place)
    assert strange == []


def test_no_other_code_marks_an_event_as_a_reading():
    places = [
        str(path.relative_to(TOP))
        for app in ("collaboratives", "families", "soc_portal", "teams")
        for path in (TOP / app).rglob("*.py")
        if "looked=True" in path.read_text() and "migrations" not in path.parts
    ]
    allowed = {"teams/actions/looks.py", "soc_portal/audit/actions.py", "teams/access.py"}
    assert {place for place in places if "demo" not in place} <= allowed


def test_the_words_are_sentences_about_what_somebody_did():
    assert [verb for verb in Look if not str(verb.label)[:1].isupper() or len(str(verb.label)) < 10] == []
    assert len({str(verb.label) for verb in Look}) == len(Look)
    assert max(len(verb.value) for verb in Look) <= Event._meta.get_field("verb").max_length


# --- What the family reads -------------------------------------------------------------------------------------------
def at(when, looking, *args):
    """Somebody looks, at this time."""
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    looking(*args)
    Event.objects.filter(pk__gt=newest).update(at=when)


@pytest.fixture
def visits(world):
    Event.objects.filter(looked=True).delete()
    u, later, friday = world.users, NOON + dt.timedelta(hours=2), NOON + dt.timedelta(days=1)
    for _time in range(3):
        at(NOON, look, u.court_counselor, Look.PLAN, world.team)
    at(NOON - dt.timedelta(minutes=5), look, u.court_counselor, Look.RECORD_PRINT, world.team, world.meeting)
    at(later, look, u.grandmother, Look.PLAN, world.team)
    at(later, look, u.caregiver, Look.PLAN, world.team)
    at(later + dt.timedelta(minutes=1), look_at_many, u.coordinator, Look.WORKLIST, [world.team, world.other_team])
    at(friday, look_at_family, u.dss_worker, Look.FAMILY, world.family)
    at(friday + dt.timedelta(minutes=1), look, u.jcpc_chair, Look.RECORD, world.team)
    record("step_done", by=u.dss_worker, family_id=world.family.pk)
    look(u.other_facilitator, Look.PLAN, world.other_team)
    return world


def test_the_family_reads_who_opened_what_newest_first_and_nothing_else(visits, sign_in):
    response = sign_in(visits.users.caregiver).get(url(visits))
    thursday, friday = dt.date(2026, 10, 15), dt.date(2026, 10, 16)
    assert told(response) == [
        (friday, "Harriet Cole", "", "", [("Opened a meeting", 1)]),
        (
            friday, "Denise Whitfield", "Social worker", "Alamance Social Services",
            [("Opened the page about the family", 1)],
        ),
        (thursday, "Marcus Bell", "System of Care Coordinator", "", [("Saw the team on the county worklist", 1)]),
        (thursday, "Carmen Ruiz", "Grandma", "", [("Opened the plan", 1)]),
        (
            thursday, "Devon Harris", "Juvenile court counselor", "District 17 Juvenile Court",
            [("Opened the plan", 3), ("Printed a meeting record", 1)],
        ),
    ]  # fmt: skip
    text = " ".join(response.content.decode().split())
    assert "Opened the plan, 3 times" in text
    assert "Thursday, October 15, 2026" in text
    assert "12:00 pm" in text, "the time is North Carolina's"


def test_own_readings_are_left_out_and_another_caregivers_are_not(visits, sign_in):
    names = {row[1] for row in told(sign_in(visits.users.other_household).get(url(visits)))}
    assert names == {"Rosa Delgado", "Carmen Ruiz", "Devon Harris", "Marcus Bell", "Harriet Cole", "Denise Whitfield"}


def test_a_day_begins_at_midnight_in_north_carolina(world, sign_in):
    Event.objects.filter(looked=True).delete()
    for minutes in (-1, 1):
        midnight = dt.datetime(2026, 11, 1, 4, 0, tzinfo=dt.UTC)
        at(midnight + dt.timedelta(minutes=minutes), look, world.users.dss_worker, Look.PLAN, world.team)
    rows = told(sign_in(world.users.caregiver).get(url(world)))
    assert [row[0] for row in rows] == [dt.date(2026, 11, 1), dt.date(2026, 10, 31)]


@pytest.mark.parametrize("slug", ["grandmother", "dss_worker", "facilitator", "provider"])
def test_the_list_is_the_familys_alone(world, sign_in, slug):
    assert sign_in(world.people[slug]).get(url(world)).status_code == 403
    for stranger in ("other_caregiver", "coordinator", "former_member", "expired_consent", "superuser"):
        assert sign_in(world.people[stranger]).get(url(world)).status_code == 404
    assert sign_in(world.users.youth).get(url(world)).status_code == 200


def test_who_saw_an_address_is_told_to_that_home_alone(world, sign_in):
    Event.objects.filter(looked=True).delete()
    for user, home in [(world.users.grandmother, world.home), (world.users.dss_worker, world.other_home)]:
        look_at_homes(user=user, family=world.family, homes=[home])
    seen = {
        slug: {row[1] for row in told(sign_in(world.people[slug]).get(url(world), {"what": Look.HOUSEHOLD}))}
        for slug in ("caregiver", "other_household", "youth")
    }
    assert seen == {
        "caregiver": {"Carmen Ruiz"}, "other_household": {"Denise Whitfield"},
        "youth": {"Carmen Ruiz", "Denise Whitfield"},
    }  # fmt: skip


# --- Filters and pages -----------------------------------------------------------------------------------------------
def test_the_list_is_narrowed_to_one_person_or_one_thing(visits, sign_in):
    client = sign_in(visits.users.caregiver)
    devon = visits.users.court_counselor.pk
    assert {row[1] for row in told(client.get(url(visits), {"who": devon}))} == {"Devon Harris"}
    assert {row[1] for row in told(client.get(url(visits), {"what": "plan_read"}))} == {"Devon Harris", "Carmen Ruiz"}
    both = client.get(url(visits), {"who": devon, "what": "record_printed"})
    assert [row[4] for row in told(both)] == [[("Printed a meeting record", 1)]]
    none = client.get(url(visits), {"who": devon, "what": "worklist_exported"})
    assert told(none) == []
    assert "Nothing fits this choice." in none.content.decode()


@pytest.mark.parametrize("query", ["who=x", "who=99999999999999999999", "what=nonsense", "page=x", "page=-1", "page=0"])
def test_nonsense_in_the_address_shows_the_whole_list(visits, sign_in, query):
    response = sign_in(visits.users.caregiver).get(f"{url(visits)}?{query}")
    assert response.status_code == 200
    assert len(told(response)) == 5


def test_nobody_of_another_family_can_be_chosen_in_the_filter(visits, sign_in):
    form = sign_in(visits.users.caregiver).get(url(visits)).context["form"]
    names = {name for _value, name in form.fields["who"].choices}
    assert names == {"Everybody", "Carmen Ruiz", "Denise Whitfield", "Devon Harris", "Harriet Cole", "Marcus Bell"}


def test_thirty_visits_a_page_and_none_is_lost(world, sign_in):
    Event.objects.filter(looked=True).delete()
    for number in range(65):  # from a noon: near midnight, the hour of a clock change makes two of them one day
        at(NOON - dt.timedelta(days=number), look, world.users.dss_worker, Look.PLAN, world.team)
    client = sign_in(world.users.caregiver)
    pages = [told(client.get(url(world), {"page": number, "what": "plan_read"})) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [30, 30, 5]
    days = [row[0] for page in pages for row in page]
    assert days == sorted(set(days), reverse=True)
    assert "?what=plan_read&amp;page=2" in client.get(url(world), {"what": "plan_read"}).content.decode()


def test_the_list_costs_the_same_for_one_and_for_many(visits, sign_in, django_assert_num_queries):
    client = sign_in(visits.users.caregiver)
    Event.objects.filter(looked=True).exclude(actor_id=visits.users.dss_worker.pk).delete()
    client.get(url(visits))
    with django_assert_num_queries(14):
        client.get(url(visits))
    for slug in ("grandmother", "facilitator", "provider", "coordinator", "other_household"):
        for verb in Look.values:
            look(visits.people[slug], verb, visits.team)
    with django_assert_num_queries(14):
        client.get(url(visits))


def test_something_looks_wrong_says_whom_to_tell_and_how_to_stop(world, sign_in):
    text = sign_in(world.users.caregiver).get(url(world)).content.decode()
    assert "Something looks wrong" in text
    assert 'href="mailto:coordinator@test.example"' in text
    assert "other-coordinator@test.example" not in text
    assert reverse("teams:sharing_detail", args=[world.team.pk]) in text


def test_without_a_coordinator_it_says_whom_else_to_tell(world, sign_in):
    world.alamance.roles.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    text = sign_in(world.users.caregiver).get(url(world)).content.decode()
    assert "mailto:" not in text
    assert "someone on your team whom you trust" in text


def test_a_list_with_nobody_in_it_says_so(world, sign_in):
    Event.objects.filter(looked=True).delete()
    assert "Nobody looked yet" in sign_in(world.users.caregiver).get(url(world)).content.decode()
