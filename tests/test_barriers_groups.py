"""Barriers on the side of the groups: who sees which, who moves them, and that nothing tells whose they are."""

import datetime as dt
import json
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collaboratives import access
from collaboratives.actions.barriers import answer_barrier, give_back_barrier, pass_on_barrier, take_up_barrier
from collaboratives.actions.groups import found_group
from collaboratives.enums import BARRIER_MOVES, BarrierStatus
from collaboratives.models import Barrier, BarrierMove, Recommendation
from collaboratives.views.barriers import barrier_facts, open_barriers_facts
from soc_portal.access.scope import forget_scope
from soc_portal.audit.models import Event
from soc_portal.drafts.models import Draft
from soc_portal.notices.models import Notice
from soc_portal.versions.actions import Conflict, add_row
from soc_portal.versions.models import Revision
from teams.actions.names import NamesFound

OF_COUNTY = {"raised", "taken_up", "passed_on", "answered", "of_another_team"}


def url(name, barrier):
    return reverse(f"collaboratives:barrier_{name}", args=[barrier.pk])


def fresh(barrier):
    return Barrier.objects.select_related("county", "group").get(pk=barrier.pk)


# --- Who sees which ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("slug", "keys"),
    [
        ("jcpc_chair", OF_COUNTY), ("jcpc_member", OF_COUNTY), ("jcpc_parent", OF_COUNTY), ("coordinator", OF_COUNTY),
        ("state_cochair", {"passed_on"}), ("state_member", {"passed_on"}),
        ("other_jcpc_chair", {"other_county"}), ("other_coordinator", {"other_county"}),
        ("former_jcpc", set()), ("local_team_chair", set()), ("local_team_unsigned", set()), ("superuser", set()),
        ("caregiver", set()), ("facilitator", set()), ("dss_worker", set()), ("receiver", set()),
    ],
)  # fmt: skip
def test_exactly_these_barriers_are_seen(world, slug, keys):
    seen = set(access.visible_barriers(world.people[slug]).values_list("pk", flat=True))
    assert seen == {world.barriers[key].pk for key in keys}


def test_what_the_state_had_once_it_still_sees_after_giving_it_back(world):
    barrier = fresh(world.barriers["passed_on"])
    give_back_barrier(barrier=barrier, by=world.users.state_cochair, words="The county can do this.")
    assert set(access.visible_barriers(world.users.state_member)) == {barrier}
    assert fresh(barrier).group == world.jcpc


def test_the_list_shows_exactly_these(sign_in, world):
    def shown(slug, query=""):
        page = sign_in(world.people[slug]).get(reverse("collaboratives:barrier_list") + query).content.decode()
        return {int(pk) for pk in re.findall(r'href="/barriers/(\d+)/"', page)}

    def of(*keys):
        return {world.barriers[key].pk for key in keys}

    assert shown("jcpc_chair") == of(*OF_COUNTY - {"answered"}), "those with an answer are one filter away"
    assert shown("jcpc_chair", "?status=all") == of(*OF_COUNTY)
    assert shown("jcpc_chair", "?status=answered") == of("answered")
    assert shown("jcpc_chair", "?category=coordination") == of("passed_on")
    assert shown("jcpc_chair", "?category=nonsense&status=%00&page=zzz") == of(*OF_COUNTY - {"answered"})
    assert shown("state_cochair", "?status=all") == of("passed_on")


def test_facts_for_the_group_s_page_and_for_homes(world):
    def rows(slug, group):
        facts = barrier_facts(world.people[slug], group)
        return facts and {row["barrier"].pk for row in facts["rows"]}

    every = {world.barriers[key].pk for key in OF_COUNTY}
    assert rows("jcpc_member", world.jcpc) == rows("coordinator", world.jcpc) == every
    assert rows("state_member", world.state_group) == {world.barriers["passed_on"].pk}
    assert rows("state_member", world.jcpc) == {world.barriers["passed_on"].pk}, "what this council passed on"
    assert rows("other_jcpc_chair", world.jcpc) == set()
    assert rows("caregiver", world.jcpc) is None and rows("local_team_chair", world.local_team) is None
    assert open_barriers_facts(world.users.jcpc_member) == {
        "open": 4, "to_take_up": 2, "late": 0, "url": "/barriers/",
    }  # fmt: skip
    assert open_barriers_facts(world.users.caregiver) is None


def test_the_part_for_the_group_s_page_is_the_table_or_nothing(rf, world):
    from django.template.loader import render_to_string

    name = "collaboratives/parts/group_barriers.html"
    html = render_to_string(name, {"barriers": barrier_facts(world.users.jcpc_chair, world.jcpc)})
    assert html.count("Fewer than 11 teams") == 5 and "What teams asked us to fix" in html
    assert render_to_string(name, {"barriers": None}).strip() == ""
    other = render_to_string(name, {"barriers": barrier_facts(world.users.other_jcpc_chair, world.jcpc)})
    assert "No barriers yet" in other


# --- Moving -----------------------------------------------------------------------------------------------------------
def test_a_barrier_goes_all_the_way_and_its_answer_shows_on_the_team_s_page(sign_in, world):
    barrier = world.barriers["raised"]
    chair = sign_in(world.users.jcpc_chair)
    assert chair.post(url("take_up", barrier), {"group": world.jcpc.pk}).status_code == 302
    assert chair.post(url("pass_on", barrier), {"words": "Buses are paid for by the state."}).status_code == 302
    state = sign_in(world.users.state_cochair)
    assert state.post(url("give_back", barrier), {"words": "There is money in the county."}).status_code == 302
    chair = sign_in(world.users.jcpc_chair)
    answer = "A van runs until 8 from November 2 on."
    assert chair.post(url("answer", barrier), {"answer": answer, "version": 1}).status_code == 302
    moves = (
        BarrierMove.objects.filter(barrier=barrier).order_by("pk").values_list("to_status", "group__name", "by__name")
    )
    state_name = world.state_group.name
    assert list(moves) == [
        ("raised", None, None), ("taken_up", world.jcpc.name, "Harriet Cole"),
        ("passed_on", state_name, "Harriet Cole"), ("taken_up", world.jcpc.name, "Lorraine Battle"),
        ("answered", world.jcpc.name, "Harriet Cole"),
    ]  # fmt: skip
    page = sign_in(world.users.youth).get(reverse("teams:barrier_list", args=[world.team.pk])).content.decode()
    assert answer in page
    detail = sign_in(world.users.jcpc_member).get(url("detail", barrier)).content.decode()
    for words in ("Buses are paid for by the state.", "There is money in the county.", answer, "Given back to:"):
        assert words in detail


@pytest.mark.parametrize("key", ["raised", "taken_up", "passed_on", "answered"])
def test_no_other_move_than_the_table_allows(world, key):
    by = world.users.jcpc_chair
    verbs = {
        BarrierStatus.TAKEN_UP: lambda row: take_up_barrier(barrier=row, group=world.jcpc, by=by),
        BarrierStatus.PASSED_ON: lambda row: pass_on_barrier(barrier=row, by=by, words="It is too big for us."),
    }
    for to, verb in verbs.items():
        barrier = fresh(world.barriers[key])
        before = Barrier.objects.values().get(pk=barrier.pk)
        if to in BARRIER_MOVES[BarrierStatus(barrier.status)] and (key, to) != ("passed_on", BarrierStatus.TAKEN_UP):
            continue
        if (key, to) == ("passed_on", BarrierStatus.TAKEN_UP):
            continue  # giving back, tested above
        with pytest.raises(ValidationError, match="Nothing was done"):
            verb(barrier)
        assert Barrier.objects.values().get(pk=barrier.pk) == before
    if key == "raised":
        with pytest.raises(ValidationError, match="take this barrier up first"):
            answer_barrier(barrier=fresh(world.barriers[key]), by=by, text="An answer.", base_version=1)
    if key != "passed_on":
        with pytest.raises(ValidationError, match="Nothing was done"):
            give_back_barrier(barrier=fresh(world.barriers[key]), by=by, words="Back to you.")


def test_two_who_move_it_at_once_move_it_once(world):
    one, other = fresh(world.barriers["taken_up"]), fresh(world.barriers["taken_up"])
    pass_on_barrier(barrier=one, by=world.users.jcpc_chair, words="It is too big for us.")
    moves = BarrierMove.objects.count()
    for verb in (
        lambda: pass_on_barrier(barrier=other, by=world.users.coordinator, words="Too big."),
        lambda: answer_barrier(barrier=other, by=world.users.coordinator, text="An answer.", base_version=1),
    ):
        with pytest.raises(ValidationError, match="just moved"):
            verb()
    row = fresh(other)
    assert (row.status, row.answer, BarrierMove.objects.count()) == (BarrierStatus.PASSED_ON, "", moves)


def test_a_form_that_comes_too_late_loses_no_words_and_says_so(sign_in, world):
    barrier = fresh(world.barriers["taken_up"])
    pass_on_barrier(barrier=barrier, by=world.users.coordinator, words="It is too big for us.")
    client = sign_in(world.users.jcpc_chair)
    response = client.post(url("answer", barrier), {"answer": "A long answer.", "version": 1}, follow=True)
    assert "This barrier is with another group now: State Collaborative" in response.content.decode()
    assert Draft.objects.filter(user=world.users.jcpc_chair, text="A long answer.").exists()
    assert fresh(barrier).answer == ""


def test_a_closed_group_a_group_of_another_county_and_one_that_is_over_take_nothing_up(world):
    barrier = fresh(world.barriers["raised"])
    over = found_group(
        kind=world.kinds["community"], name="Old Collaborative", counties=[world.alamance], by=world.users.coordinator
    )
    type(over).objects.filter(pk=over.pk).update(ends_on=timezone.localdate(), starts_on="2020-01-01")
    over.refresh_from_db()
    over.ends_on = timezone.localdate() - dt.timedelta(days=1)
    for group in (world.local_team, world.other_jcpc, world.state_group, over):
        with pytest.raises(ValidationError):
            take_up_barrier(barrier=barrier, group=group, by=world.users.coordinator)
    assert fresh(barrier).status == BarrierStatus.RAISED


def test_who_takes_it_up_chooses_among_the_open_groups_of_the_county_that_they_run(world):
    community = found_group(
        kind=world.kinds["community"], name="Alamance Collaborative", counties=[world.alamance],
        by=world.users.coordinator,
    )  # fmt: skip
    barrier = fresh(world.barriers["raised"])
    assert access.groups_to_take_up(world.users.coordinator, barrier) == [community, world.jcpc]
    assert access.groups_to_take_up(world.users.jcpc_chair, barrier) == [world.jcpc]
    for slug in ("jcpc_member", "other_jcpc_chair", "local_team_chair", "former_jcpc", "state_cochair"):
        assert access.groups_to_take_up(world.people[slug], barrier) == []


# --- Answers ----------------------------------------------------------------------------------------------------------
def test_recommendations_of_open_groups_are_shown_and_none_of_a_closed_one(sign_in, world):
    barrier = world.barriers["passed_on"]
    for group, text in ((world.jcpc, "Pay for two testers."), (world.local_team, "A closed matter.")):
        add_row(
            Recommendation(group=group, barrier=barrier, topic="funding", text=text, addressee="The state"),
            by=world.users.jcpc_chair, family_id=None,
        )  # fmt: skip
    page = sign_in(world.users.state_member).get(url("detail", barrier)).content.decode()
    assert "Pay for two testers." in page and "A closed matter." not in page


def test_an_answer_can_be_made_better_and_every_version_is_kept(sign_in, world):
    barrier = fresh(world.barriers["answered"])
    client = sign_in(world.users.jcpc_chair)
    assert client.post(url("answer", barrier), {"answer": "Better.", "version": 2}).status_code == 302
    kept = Revision.objects.filter(kind="collaboratives.barrier", item_id=barrier.pk).order_by("version")
    assert [row.state["answer"] for row in kept] == [barrier.answer, "Better."]
    assert {(row.family_id, row.team_id, row.group_id) for row in kept} == {(None, None, world.jcpc.pk)}
    assert fresh(barrier).answered_on == barrier.answered_on


def test_two_answers_are_put_together_and_none_is_lost(sign_in, world):
    barrier = fresh(world.barriers["taken_up"])
    answer_barrier(barrier=barrier, by=world.users.coordinator, text="Theirs.", base_version=1)
    client = sign_in(world.users.jcpc_chair)
    response = client.post(url("answer", barrier), {"answer": "Mine.", "version": 1})
    page = response.content.decode()
    assert response.status_code == 409 and "Theirs." in page and "Mine." in page and "Marcus Bell saved" in page
    assert fresh(barrier).answer == "Theirs."
    assert client.post(url("answer", barrier), {"answer": "Both.", "version": 2}).status_code == 302
    assert fresh(barrier).answer == "Both."


def test_the_same_answer_twice_tells_the_teams_once(world):
    barrier = fresh(world.barriers["answered"])
    Notice.objects.all().delete()
    answer_barrier(barrier=barrier, by=world.users.jcpc_chair, text=barrier.answer, base_version=barrier.version)
    assert not Notice.objects.exists()
    with pytest.raises(Conflict):
        answer_barrier(barrier=barrier, by=world.users.jcpc_chair, text="Other.", base_version=0)


@pytest.mark.parametrize(("name", "key"), [("answer", "answer"), ("pass_on", "words")])
def test_no_answer_and_no_reason_names_anybody(sign_in, world, name, key):
    barrier = world.barriers["taken_up"]
    response = sign_in(world.users.jcpc_chair).post(url(name, barrier), {key: "We told Rosa, call 336-555-0101."})
    page = response.content.decode()
    assert response.status_code == 422 and "<mark>Rosa</mark>" in page and "<mark>336-555-0101</mark>" in page
    assert fresh(barrier).status == BarrierStatus.TAKEN_UP
    with pytest.raises(NamesFound):
        give_back_barrier(barrier=fresh(world.barriers["passed_on"]), by=world.users.state_cochair, words="Ask Mateo.")


# --- Late, and how many -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("teams", "words"), [(1, "Fewer than 11 teams"), (10, "Fewer than 11 teams"), (11, "11 teams")]
)
def test_fewer_than_eleven_teams_are_not_counted(teams, words):
    assert Barrier(teams=teams).from_words == words


def test_a_barrier_is_late_the_day_after_the_day_of_its_answer(world, time_machine):
    barrier = fresh(world.barriers["raised"])
    time_machine.move_to(
        timezone.datetime.combine(barrier.answer_due_on, timezone.datetime.min.time()).replace(hour=17)
    )
    assert not barrier.is_late
    time_machine.shift(dt.timedelta(days=1))
    assert barrier.is_late and barrier.months_open in (2, 3)
    assert not fresh(world.barriers["answered"]).is_late


# --- The threat: from here nobody finds whose it is -------------------------------------------------------------------
def walk(client, world):
    """Every page of barriers as text: the lists, each barrier, each form."""
    yield client.get("/barriers/?status=all").content.decode()
    for barrier in world.barriers.values():
        for name in ("detail", "take_up", "pass_on", "give_back", "answer"):
            yield client.get(url(name, barrier), follow=True).content.decode()


@pytest.mark.parametrize("slug", ["jcpc_chair", "jcpc_member", "coordinator", "state_cochair"])
def test_no_page_names_a_family_a_team_a_day_or_a_number_below_eleven(sign_in, world, slug):
    client = sign_in(world.people[slug])
    today = timezone.localdate()
    secret = [f"/teams/{world.team.pk}", "Delgado", "Rosa", "Mateo", "Carmen", world.family.name]
    for page in walk(client, world):
        main = re.search(r"<main.*</main>", page, re.DOTALL)[0]
        for words in secret:
            assert words not in main, words
        assert not re.search(r"\b(?:one|[1-9]|10) teams?\b", main, re.IGNORECASE)
    page = client.get(url("detail", world.barriers["passed_on"])).content.decode()
    raised_on = world.barriers["passed_on"].raised_on
    assert raised_on == today.replace(day=1)
    first = re.search(r'<ol class="loop">.*?</li>', page, re.DOTALL)[0]
    assert not re.search(r"\d{1,2}, \d{4}", first), "the first step has no day"


def test_the_log_the_history_and_the_notices_of_the_groups_lead_to_no_team(world):
    rows = [barrier.pk for barrier in world.barriers.values()]
    events = Event.objects.filter(object_kind="collaboratives.barrier", object_id__in=rows)
    assert events.exists() and not events.exclude(family_id=None, team_id=None).exists()
    for event in Event.objects.filter(object_kind="teams.raisedbarrier"):
        assert event.facts == {}
    for notice in Notice.objects.filter(kind__in=["barriers_wait", "barrier_passed_on", "barrier_given_back"]):
        assert not re.search(r"teams|families", notice.path) and notice.facts == {}
    caregiver = world.users.caregiver.pk
    own = {barrier.pk for key, barrier in world.barriers.items() if key not in ("of_another_team", "other_county")}
    kept = Barrier.objects.filter(pk__in=own).values()
    assert caregiver not in {row[name] for row in kept for name in ("created_by_id", "updated_by_id", "ended_by_id")}
    assert caregiver not in set(BarrierMove.objects.values_list("by_id", flat=True))
    states = Revision.objects.filter(kind="collaboratives.barrier").values_list("state", flat=True)
    assert "team" not in json.dumps(list(states)).replace("Our team", "")


def test_the_lists_take_the_same_queries_for_three_and_for_thirty(sign_in, world):
    from tests.parts.barriers import _of_another_team

    client = sign_in(world.users.jcpc_chair)

    def count():
        forget_scope(world.users.jcpc_chair)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("collaboratives:barrier_list"))
        return len(queries)

    client.get(reverse("collaboratives:barrier_list"))
    before = count()
    for number in range(27):
        _of_another_team(world, f"There is too little: {number}.")
    assert count() == before
