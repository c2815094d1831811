"""The county worklist: every team and what is due, and no record without the family's yes."""

import csv
import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaboratives.enums import CountyRoleKind, DeadlineKind
from collaboratives.models import CountyRole, TimelineRule
from families.enums import FamilyRole, Section
from families.models import Family, Person
from soc_portal.accounts.models import SavedFilter
from soc_portal.audit.enums import Look
from soc_portal.audit.models import Event
from teams.actions.consents import share_sections, stop_sharing
from teams.actions.items import add_item
from teams.actions.meetings import cancel_meeting
from teams.actions.memberships import end_membership
from teams.actions.plans import agree_for_family, content_of, hash_of
from teams.enums import EndReason, MemberKind, Phase, Source
from teams.models import Deadline, Step, Team
from tests.world import join

WORKLIST, EXPORT, SAVE = "/worklist/", "/worklist/export/", "/worklist/filters/save/"
TODAY = timezone.localdate


def days(number):
    return dt.timedelta(days=number)


def make_teams(world, number, county=None, *, name="Kowalski", due_in=10):
    """Teams in bulk, as if long ago asked for: a family, a child and one open deadline each."""
    rosa, rule = world.users.caregiver, TimelineRule.objects.get(kind=DeadlineKind.FIRST_PLAN)
    county = county or world.alamance
    families = Family.objects.bulk_create([Family(name=f"{name} {n}", county=county) for n in range(number)])
    teams = Team.objects.bulk_create([Team(family=family, opened_by=rosa) for family in families])
    children = Person.objects.bulk_create(
        [Person(family=family, name=f"Child of {family.name}", role=FamilyRole.YOUNG_PERSON) for family in families]
    )
    pairs = zip(teams, children, strict=True)
    Team.children.through.objects.bulk_create(
        [Team.children.through(team_id=team.pk, person_id=child.pk) for team, child in pairs]
    )
    Deadline.objects.bulk_create(
        [
            Deadline(team=team, kind=rule.kind, rule=rule, due_on=TODAY() + days(due_in + n))
            for n, team in enumerate(teams)
        ]
    )
    return teams


@pytest.fixture
def marcus(world, sign_in):
    """The coordinator's browser."""
    return sign_in(world.users.coordinator)


@pytest.fixture
def welcome(world):
    """The Delgado family says yes to the coordinator."""
    return join(world.team, world.users.coordinator, kind=MemberKind.PROFESSIONAL, caregiver=world.users.caregiver)


def rows(client, **query):
    return client.get(WORKLIST, query).context["rows"]


def found(client, **query):
    return [row.team.pk for row in rows(client, **query)]


def page(client, **query):
    return client.get(WORKLIST, query).content.decode()


# --- Without the family's yes ----------------------------------------------------------------------------------------
def test_a_family_that_has_not_said_yes_is_an_initial_and_what_is_due(world, marcus):
    (row,) = rows(marcus)
    assert (row.name, row.family, row.what, row.is_open) == ("D. family", "", "First team meeting", False)
    assert (row.partner, row.meeting, row.plan) == ("", "", "")
    text = page(marcus)
    assert "The family has not said yes to sharing more." in text
    assert f"/teams/{world.team.pk}/" not in text
    for secret in ("Delgado", "Mateo", "Tonya", "lunch", "Move the", "Engagement", "Getting started</td>"):
        assert secret not in text


def test_the_name_of_a_family_that_has_not_said_yes_is_not_even_read(world, marcus):
    (row,) = rows(marcus)
    assert row.team.family_name is None
    assert "family" not in row.team._state.fields_cache


def test_nothing_of_a_closed_record_is_counted_or_found(world, marcus):
    counts = marcus.get(WORKLIST).context["counts"]
    assert counts == {"all": 1, "late": 0, "week": 0, "meeting": 0, "plan": 1}  # a late step and two meetings are there
    for query in (
        {"due": "late"}, {"due": "week"}, {"due": "meeting"}, {"partner": "yes"}, {"partner": "no"}, {"q": "Delgado"},
        {"q": "Mateo"}, {"q": "De"}, {"q": "%"}, {"q": "_"}, {"q": "family"}, {"phase": "engagement"},
        {"source": "school"},
    ):  # fmt: skip
        assert found(marcus, **query) == [], query
    for query in ({"q": "d"}, {"q": "D."}, {"q": "d. family"}, {"due": "plan"}, {"source": "family"}, {}):
        assert found(marcus, **query) == [world.team.pk], query


def test_when_the_family_takes_its_yes_back_the_row_closes_at_once(world, marcus, welcome):
    assert rows(marcus)[0].is_open
    end_membership(membership=welcome, by=world.users.caregiver, reason=EndReason.FAMILY)
    assert not rows(marcus)[0].is_open


# --- With the family's yes -------------------------------------------------------------------------------------------
def test_a_family_that_said_yes_shows_what_it_shares(world, marcus, welcome):
    (row,) = rows(marcus)
    assert (row.name, row.family, row.is_open) == ("Mateo", "Delgado family", True)
    assert (row.what, row.due_words, row.due_state) == ("Move the lunch table", "2 days late", "late")
    assert (row.partner, row.plan) == ("Tonya Barnes", "Not agreed yet")
    assert str(timezone.localtime(world.meeting.starts_at).day) in row.meeting
    assert f'href="/teams/{world.team.pk}/"' in page(marcus)


def test_a_step_of_a_section_that_is_not_shared_is_neither_shown_nor_counted(world, marcus, welcome):
    rosa, due_on = world.users.caregiver, TODAY() - days(9)
    court_goal = world.items["court_goal"]
    add_item(team=world.team, by=rosa, item=Step(goal=court_goal, text="Go to court", due_on=due_on))
    assert rows(marcus)[0].what == "Move the lunch table"
    assert marcus.get(WORKLIST).context["counts"]["late"] == 1
    share_sections(membership=welcome, sections=[Section.COURT], until=None, by=rosa)
    assert rows(marcus)[0].what == "Go to court"
    assert marcus.get(WORKLIST).context["counts"]["late"] == 2


def test_what_the_family_does_not_share_is_said_to_be_not_shared(world, marcus, welcome):
    rosa = world.users.caregiver
    share_sections(membership=welcome, sections=[Section.HEALTH], until=None, by=rosa)
    stop_sharing(membership=welcome, sections=[Section.PLAN, Section.RECORDS], by=rosa)
    (row,) = rows(marcus)
    assert (row.what, row.meeting, row.plan) == ("First team meeting", "Not shared", "Not shared")
    assert found(marcus, due="meeting") == []
    assert found(marcus, due="plan") == [world.team.pk]  # by the open date of the first plan alone


def test_plan_and_meeting_follow_what_happened(world, marcus, welcome):
    assert (found(marcus, due="plan"), found(marcus, due="meeting")) == ([world.team.pk], [])
    agree_for_family(team=world.team, by=world.users.caregiver, seen_hash=hash_of(content_of(world.team)))
    cancel_meeting(meeting=world.meeting, by=world.users.caregiver)
    (row,) = rows(marcus)
    assert (row.plan, row.plan_state, row.meeting) == ("Agreed, version 1", "done", "None set")
    assert (found(marcus, due="plan"), found(marcus, due="meeting")) == ([], [world.team.pk])


def test_open_teams_are_found_by_names_phase_and_partner(world, marcus, welcome):
    ours = [world.team.pk]
    for query in ({"q": "mateo"}, {"q": "DELGADO"}, {"q": "delgádo"}, {"partner": "yes"}, {"phase": "engagement"}):
        assert found(marcus, **query) == ours, query
    for query in ({"q": "rosa"}, {"q": "m%o"}, {"partner": "no"}, {"phase": "transition"}, {"q": "d. family"}):
        assert found(marcus, **query) == [], query
    end_membership(membership=world.members["family_partner"], by=world.users.caregiver, reason=EndReason.LEFT)
    assert (found(marcus, partner="yes"), found(marcus, partner="no")) == ([], ours)
    assert rows(marcus)[0].partner == "None yet"


# --- Who sees which teams --------------------------------------------------------------------------------------------
def test_a_coordinator_sees_the_live_teams_of_their_counties_alone(world, marcus, sign_in):
    assert found(marcus) == [world.team.pk]
    assert found(sign_in(world.users.other_coordinator)) == [world.other_team.pk]
    Team.objects.filter(pk=world.other_team.pk).update(ended_at=timezone.now(), ended_by=world.users.other_caregiver)
    assert found(sign_in(world.users.other_coordinator)) == []
    assert "No teams yet" in page(sign_in(world.users.other_coordinator))


def test_a_role_that_has_ended_opens_nothing(world, marcus):
    CountyRole.objects.filter(user=world.users.coordinator).update(ends_on=TODAY() - days(1))
    own = SavedFilter.objects.create(user=world.users.coordinator, page="worklist", name="Late", query="due=late")
    assert marcus.get(WORKLIST).status_code == 404
    assert marcus.get(EXPORT).status_code == 404
    assert marcus.post(SAVE, {"name": "x", "query": "due=late"}).status_code == 404
    assert marcus.post(f"/worklist/filters/{own.pk}/end/").status_code == 404


def test_two_counties_can_be_seen_together_or_one_by_one(world, marcus):
    CountyRole.objects.create(
        user=world.users.coordinator,
        county=world.durham,
        role=CountyRoleKind.COORDINATOR,
        starts_on=dt.date(2020, 1, 1),
    )
    assert set(found(marcus)) == {world.team.pk, world.other_team.pk}
    assert found(marcus, county="37063") == [world.other_team.pk]
    assert marcus.get(WORKLIST, {"county": "37063"}).context["counts"]["all"] == 1
    assert "We do not have this choice." in page(marcus, county="37999")
    assert "Durham County" in page(marcus)


def test_the_county_cannot_be_chosen_by_who_has_one(world, marcus):
    assert found(marcus, county="37063") == [world.team.pk]
    assert 'name="county"' not in page(marcus)


# --- Order, pages, chips ---------------------------------------------------------------------------------------------
def test_the_most_urgent_comes_first_and_ties_stay_in_order(world, marcus):
    late = make_teams(world, 1, due_in=-3)
    tied = make_teams(world, 1, due_in=10) + make_teams(world, 1, due_in=10)
    nothing = make_teams(world, 1)
    Deadline.objects.filter(team__in=nothing).update(met_on=TODAY())
    expected = [team.pk for team in (*late, *tied, world.team, *nothing)]
    assert found(marcus) == expected
    assert rows(marcus)[-1].what == "Nothing due"
    assert found(marcus, due="late") == [late[0].pk]


@pytest.mark.parametrize(
    ("due_in", "state", "words"),
    [(-2, "late", "2 days late"), (-1, "late", "1 day late"), (0, "wait", "Today"), (1, "wait", "Tomorrow")],
)
def test_days_are_said_in_words(world, marcus, due_in, state, words):
    make_teams(world, 1, due_in=due_in)
    assert (rows(marcus)[0].due_state, rows(marcus)[0].due_words) == (state, words)


def test_this_week_is_today_and_six_days_more(world, marcus):
    teams = {due_in: make_teams(world, 1, due_in=due_in)[0].pk for due_in in (-1, 0, 6, 7)}
    assert found(marcus, due="week") == [teams[-1], teams[0], teams[6]]
    assert [row.due_state for row in rows(marcus)][:4] == ["late", "wait", "wait", ""]
    assert marcus.get(WORKLIST).context["counts"] == {"all": 5, "late": 1, "week": 2, "meeting": 0, "plan": 5}


def test_who_asked_can_be_chosen(world, marcus):
    team = make_teams(world, 1)[0]
    Team.objects.filter(pk=team.pk).update(source=Source.SCHOOL)
    assert found(marcus, source="school") == [team.pk]
    assert "School" in page(marcus)


def test_active_filters_can_be_taken_away_one_by_one(world, marcus):
    text = page(marcus, due="plan", source="family")
    assert "1 of 1 team." in text
    chips = re.findall(r'<a class="chip" href="([^"]+)"><span class="vh">Remove filter:</span> ([^<]+?) <svg', text)
    assert chips == [
        ("?source=family#teams", "What is due: Plan not agreed"), ("?due=plan#teams", "Who asked: The family asked")
    ]  # fmt: skip
    assert "Clear all" in text
    assert "No team fits these filters." in page(marcus, q="zzz")


@pytest.mark.parametrize(
    ("number", "shown", "at"), [("1", 25, 1), ("2", 6, 2), ("9999", 6, 2), ("abc", 25, 1), ("-1", 6, 2)]
)
def test_pages_hold_25_teams_and_a_wrong_number_is_no_fault(world, marcus, number, shown, at):
    make_teams(world, 30)
    response = marcus.get(WORKLIST, {"page": number, "due": "plan"})
    assert (len(response.context["rows"]), response.context["page"].number) == (shown, at)
    assert "due=plan&amp;page=" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"due": "nonsense"}, "We do not have this choice. Pick one from the list."),
        ({"phase": "' OR 1=1"}, "We do not have this choice. Pick one from the list."),
        ({"source": "x" * 5000}, "We do not have this choice. Pick one from the list."),
        ({"q": "x" * 101}, "Ensure this value has at most 100 characters"),
        ({"q": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_a_filter_that_we_do_not_have_is_said_to_be_so(world, marcus, query, words):
    response = marcus.get(WORKLIST, query)
    assert response.status_code == 200
    assert words in response.content.decode()
    assert marcus.get(EXPORT, query).status_code == 302


# --- Who looked ------------------------------------------------------------------------------------------------------
def test_every_family_that_is_shown_can_see_it(world, marcus):
    make_teams(world, 30)
    marcus.get(WORKLIST)
    shown = Event.objects.filter(verb=Look.WORKLIST, actor_id=world.users.coordinator.pk, looked=True)
    assert shown.count() == 25
    Event.objects.all().delete()
    marcus.get(WORKLIST, {"q": "d"})
    assert list(Event.objects.values_list("verb", "team_id", "family_id")) == [
        (Look.WORKLIST, world.team.pk, world.family.pk)
    ]


# --- The file --------------------------------------------------------------------------------------------------------
def table(response):
    text = response.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_file_holds_the_rows_of_all_pages_and_no_more_than_the_page(world, marcus, welcome):
    make_teams(world, 30)
    response = marcus.get(EXPORT)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="worklist-{TODAY().isoformat()}.csv"'
    head, ours, *others = table(response)
    assert head[:3] == ["Team", "Family", "County"]
    assert ours[:3] == ["Mateo", "Delgado family", "Alamance"]
    assert ours[5:8] == ["Move the lunch table", (TODAY() - days(2)).isoformat(), "Yes"]
    assert [words.partition(":")[0] for words in ours[8].split("; ")] == ["First team meeting", "First plan agreed"]
    assert ours[9] == "Tonya Barnes"
    assert len(others) == 30
    assert {tuple(row[:2] + row[9:]) for row in others} == {("K. family", "", "Not shared", "Not shared", "Not shared")}
    assert "Kowalski" not in response.content.decode()
    assert len({len(row) for row in [head, ours, *others]}) == 1


def test_the_file_is_filtered_as_the_page_is(world, marcus, welcome):
    make_teams(world, 30)
    for query in ({"q": "k"}, {"q": "mateo"}, {"due": "late"}, {"due": "plan"}, {"source": "school"}):
        pages = [found(marcus, **query, page=number) for number in (1, 2)]
        shown = pages[0] + (pages[1] if pages[1] != pages[0] else [])
        assert len(table(marcus.get(EXPORT, query))) - 1 == len(shown), query


def test_every_family_in_the_file_can_see_it(world, marcus):
    make_teams(world, 3)
    marcus.get(EXPORT, {"q": "k"})
    assert Event.objects.filter(verb=Look.EXPORT).count() == 3
    assert not Event.objects.filter(verb=Look.EXPORT, team_id=world.team.pk).exists()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r", "  ="])
def test_no_cell_of_the_file_runs_as_a_formula(world, marcus, welcome, start):
    Family.objects.filter(pk=world.family.pk).update(name=f"{start}HYPERLINK(1)")
    assert table(marcus.get(EXPORT))[1][1] == f"'{start}HYPERLINK(1)"


# --- Saved filters ---------------------------------------------------------------------------------------------------
def saved(world):
    rows = SavedFilter.objects.filter(user=world.users.coordinator, ended_at=None)
    return list(rows.order_by("name").values_list("page", "name", "query"))


def test_filters_are_kept_under_a_name(world, marcus):
    response = marcus.post(SAVE, {"name": " Late ones ", "query": "due=late&source=school&page=3&evil=1"})
    assert response["Location"] == "/worklist/?due=late&source=school"
    assert saved(world) == [("worklist", "Late ones", "due=late&source=school")]
    assert 'href="?due=late&amp;source=school#teams"' in page(marcus)


def test_the_same_name_replaces_and_the_old_one_ends(world, marcus):
    marcus.post(SAVE, {"name": "Mine", "query": "due=late"})
    marcus.post(SAVE, {"name": "Mine", "query": "due=week"})
    assert saved(world) == [("worklist", "Mine", "due=week")]
    assert SavedFilter.objects.filter(user=world.users.coordinator).count() == 2


@pytest.mark.parametrize(
    ("name", "query", "words"),
    [
        ("", "due=late", "Give the filter a name."),
        ("x" * 61, "due=late", "Ensure this value has at most 60 characters"),
        ("Mine", "", "Choose a filter first."),
        ("Mine", "due=nonsense&<script>", "Choose a filter first."),
        ("Mine", "a" * 100_000, "Choose a filter first."),
        ("Mine", "q=" + "x" * 101, "Choose a filter first."),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(world, marcus, name, query, words):
    response = marcus.post(SAVE, {"name": name, "query": query})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert f'value="{name}"' in response.content.decode() or not name
    assert saved(world) == []


def test_twenty_filters_are_the_most_and_a_name_can_still_be_used_again(world, marcus):
    for number in range(20):
        marcus.post(SAVE, {"name": f"Filter {number}", "query": "due=late"})
    response = marcus.post(SAVE, {"name": "One more", "query": "due=late"})
    assert response.status_code == 422
    assert "You have 20 saved filters, and that is the most. Remove one first." in response.content.decode()
    assert marcus.post(SAVE, {"name": "Filter 3", "query": "due=week"}).status_code == 302
    assert len(saved(world)) == 20


def test_a_saved_filter_can_be_removed_by_its_owner_alone(world, marcus, sign_in):
    own = SavedFilter.objects.create(user=world.users.coordinator, page="worklist", name="Late", query="due=late")
    other_page = SavedFilter.objects.create(user=world.users.coordinator, page="other", name="Late", query="x=1")
    june = sign_in(world.users.other_coordinator)
    assert june.post(f"/worklist/filters/{own.pk}/end/").status_code == 404
    marcus = sign_in(world.users.coordinator)
    assert marcus.get(f"/worklist/filters/{own.pk}/end/").status_code == 405
    assert marcus.post(f"/worklist/filters/{other_page.pk}/end/").status_code == 404
    assert marcus.post(f"/worklist/filters/{own.pk}/end/").status_code == 302
    assert marcus.post(f"/worklist/filters/{own.pk}/end/").status_code == 404
    own.refresh_from_db()
    assert own.ended_at is not None
    assert saved(world) == [("other", "Late", "x=1")]


def test_a_junk_query_that_was_once_kept_does_no_harm(world, marcus):
    SavedFilter.objects.create(
        user=world.users.coordinator, page="worklist", name='"><script>', query='due=gone&"><script>'
    )
    assert "<script>" not in page(marcus).replace('<script src="', "")
    assert "We do not have this choice." in page(marcus, due="gone")


# --- Cost ------------------------------------------------------------------------------------------------------------
def queries(client, url, **query):
    client.get(url, query)  # the first page of a session also writes down when it was
    with CaptureQueriesContext(connection) as seen:
        client.get(url, query)
    return len(seen)


@pytest.mark.parametrize(("url", "query", "number"), [
    (WORKLIST, {}, 15), (WORKLIST, {"q": "d", "due": "plan", "source": "family"}, 15), (EXPORT, {}, 10),
])  # fmt: skip
def test_the_number_of_queries_is_the_same_at_1_at_3_and_at_301_teams(world, marcus, welcome, url, query, number):
    assert queries(marcus, url, **query) == number
    make_teams(world, 2, name="Dunn")
    assert queries(marcus, url, **query) == number
    if url == WORKLIST:  # SQLite inserts what was looked at in portions of 90
        make_teams(world, 298, name="Dunn")
        assert queries(marcus, url, **query) == number


def test_the_file_of_300_teams_costs_few_queries(world, marcus):
    make_teams(world, 300)
    assert queries(marcus, EXPORT) <= 15


def test_other_phases_are_offered_in_words(world, marcus):
    text = page(marcus)
    assert all(str(label) in text for label in Phase.labels)
