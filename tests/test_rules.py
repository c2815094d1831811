"""Rules as data: read by all, set by the state from a day to come on, and never a change to what was counted before."""

import datetime as dt
import json

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collaboratives import access
from collaboratives.actions import reference
from collaboratives.actions.rules import MOST_DAYS, set_rule, take_back_rule
from collaboratives.enums import REVIEWS, DeadlineKind
from collaboratives.models import TimelineRule
from collaboratives.views.rules import MEANINGS
from families.actions import share_household
from families.enums import Section
from soc_portal.access.scope import forget_scope
from soc_portal.audit.models import Event
from soc_portal.measures.registry import Span, get_measure
from soc_portal.measures.rollups import count
from teams import access as teams_access
from teams.actions.consents import last_day, share_sections, stop_sharing
from teams.actions.deadlines import day_to_aim_for, meeting_was_held, open_first_deadlines, set_deadline
from teams.actions.meetings import note_attendance
from teams.actions.phases import set_out_of_home
from teams.enums import Attendance, MemberKind
from teams.models import Deadline, Guest, Meeting, Team
from tests.parts.rules import grow
from tests.world import join

KIND = DeadlineKind.FIRST_MEETING
LIST = reverse("collaboratives:rule_list")
CHANGE = reverse("collaboratives:rule_change", args=[KIND.value])
TAKE_BACK = reverse("collaboratives:rule_take_back", args=[KIND.value])


def day(number):
    return timezone.localdate() + dt.timedelta(days=number)


def held_now(kind=KIND):
    return TimelineRule.objects.holding(kind, timezone.localdate())


def plan_rule(world, *, days=20, source="A new law", starts_on=None, seen=None, kind=KIND):
    seen = seen or TimelineRule.objects.filter(kind=kind, taken_back_at=None).order_by("-starts_on").first()
    return set_rule(
        kind=kind, days=days, source=source, starts_on=starts_on or day(1), seen_id=seen and seen.pk,
        by=world.users.state_cochair,
    )  # fmt: skip


def typed(rule, **fields):
    return {"days": "20", "source": "A new law", "starts_on": day(1).isoformat(), "seen": rule.pk} | fields


@pytest.fixture
def chair(world, sign_in):
    return sign_in(world.users.state_cochair)


# --- Setting a rule --------------------------------------------------------------------------------------------------
def test_a_new_rule_ends_the_old_one_on_the_day_before_and_both_stay(world):
    old = held_now()
    new = plan_rule(world, starts_on=day(10))
    old.refresh_from_db()
    assert (old.days, old.ends_on, old.taken_back_at) == (30, day(9), None)
    assert [TimelineRule.objects.holding(KIND, day(n)) for n in (0, 9, 10)] == [old, old, new]
    assert new.set_by == world.users.state_cochair
    assert Event.objects.filter(verb="rule_set", object_id=new.pk, actor_id=world.users.state_cochair.pk).count() == 1


def test_the_same_sent_twice_is_one_rule(world):
    old = held_now()
    new = plan_rule(world, seen=old)
    assert plan_rule(world, seen=old) == new
    assert TimelineRule.objects.filter(kind=KIND).count() == 2


def test_two_people_who_set_a_rule_never_overwrite_each_other(world):
    old = held_now()
    new = plan_rule(world, seen=old)
    with pytest.raises(ValidationError) as stopped:
        plan_rule(world, seen=old, days=21)
    assert stopped.value.code == "changed"
    assert TimelineRule.objects.filter(kind=KIND, taken_back_at=None).order_by("-starts_on").first() == new


@pytest.mark.parametrize(("fields", "code"), [
    ({"days": 0}, "days"), ({"days": MOST_DAYS + 1}, "days"), ({"starts_on": 0}, "past"), ({"starts_on": -1}, "past"),
])  # fmt: skip
def test_days_and_a_first_day_that_can_t_be(world, fields, code):
    if "starts_on" in fields:
        fields = {"starts_on": day(fields["starts_on"])}
    with pytest.raises(ValidationError) as stopped:
        plan_rule(world, **fields)
    assert stopped.value.code == code
    assert TimelineRule.objects.filter(kind=KIND).count() == 1


@pytest.mark.parametrize("starts_on", [5, 10, 15])
def test_a_planned_rule_makes_room_for_the_next_and_is_not_lost(world, starts_on):
    old = held_now()
    planned = plan_rule(world, starts_on=day(10))
    new = plan_rule(world, days=25, starts_on=day(starts_on))
    planned.refresh_from_db()
    assert planned.taken_back_at is not None
    assert [TimelineRule.objects.holding(KIND, day(n)) for n in (0, starts_on - 1, starts_on)] == [old, old, new]


def test_a_kind_without_a_rule_gets_its_first_and_an_end_long_ago_stays(world):
    TimelineRule.objects.filter(kind=KIND).update(ends_on=day(-30))
    new = plan_rule(world)
    assert [rule.ends_on for rule in TimelineRule.objects.filter(kind=KIND)] == [None, day(-30)]
    first = plan_rule(world, kind=DeadlineKind.COPIES)
    assert (TimelineRule.objects.holding(KIND, day(1)), first.days) == (new, 20)


def test_a_planned_rule_is_taken_back_and_the_one_of_now_goes_on(world):
    old = held_now()
    planned = plan_rule(world)
    take_back_rule(kind=KIND, seen_id=planned.pk, by=world.users.state_cochair)
    old.refresh_from_db()
    assert (old.ends_on, TimelineRule.objects.holding(KIND, day(5))) == (None, old)
    assert Event.objects.filter(verb="rule_taken_back", object_id=planned.pk).count() == 1
    assert plan_rule(world, days=22, starts_on=planned.starts_on).days == 22  # the day is free again


def test_a_rule_that_holds_is_not_taken_back_nor_one_that_somebody_replaced(world):
    for seen, code in ((held_now().pk, "begun"), (None, "changed")):
        with pytest.raises(ValidationError) as stopped:
            take_back_rule(kind=KIND, seen_id=seen, by=world.users.state_cochair)
        assert stopped.value.code == code
    with pytest.raises(ValidationError) as stopped:
        take_back_rule(kind=DeadlineKind.COPIES, seen_id=None, by=world.users.state_cochair)
    assert stopped.value.code == "begun"
    assert TimelineRule.objects.filter(taken_back_at__isnull=False).count() == 0


def test_loading_reference_data_leaves_what_the_state_set(world):
    TimelineRule.objects.filter(kind=KIND).update(source="By the file")
    row = {"kind": KIND.value, "days": 30, "source": "By the file, corrected", "starts_on": "2016-01-01"}
    later = row | {"days": 14, "starts_on": "2031-01-01"}
    new = plan_rule(world)
    old = held_now()
    assert reference.load_rules(content=json.dumps([row, later]).encode()) == 0
    old.refresh_from_db()
    assert (old.source, old.ends_on) == ("By the file", day(0))
    take_back_rule(kind=KIND, seen_id=new.pk, by=world.users.state_cochair)
    assert reference.load_rules(content=json.dumps([row, later]).encode()) == 0
    assert set(TimelineRule.objects.live(day(9)).filter(kind=KIND)) == {old}


# --- The past stays --------------------------------------------------------------------------------------------------
def test_a_new_rule_changes_no_date_that_is_set(world):
    before = {row.pk: (row.rule_id, row.due_on) for row in Deadline.objects.all()}
    assert before
    plan_rule(world, days=3)
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        assert {row.pk: (row.rule_id, row.due_on) for row in Deadline.objects.all()} == before
        new_team = Team.objects.create(family=world.family, opened_by=world.users.caregiver)
        open_first_deadlines(new_team)
    assert new_team.deadlines.get(kind=KIND).due_on == new_team.opened_on + dt.timedelta(days=3)


def test_in_time_is_measured_by_the_date_that_was_set_and_not_by_the_rule_of_now(world):
    """A first meeting on the 20th day was in time under 30 days; the 10 days of a later rule don't make it late."""
    TimelineRule.objects.filter(kind=KIND, taken_back_at=None).update(days=30)
    team = Team.objects.create(family=world.family, opened_by=world.users.caregiver, opened_on=day(-40))
    open_first_deadlines(team)
    meeting_was_held(team, on=day(-20))
    before = in_time(world)
    assert before == (1, 1)
    plan_rule(world, days=10)
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        assert in_time(world) == before


def in_time(world):
    """First meetings in time, and all that count, of the county until today."""
    first, today = day(-70).replace(day=1), timezone.localdate()
    rows = list(count(get_measure("first-meeting"), Span((world.alamance.pk,), first, today, today)))
    return sum(row.numerator for row in rows), sum(row.denominator for row in rows)


# --- The pages -------------------------------------------------------------------------------------------------------
def test_everybody_reads_every_kind_and_only_the_state_s_chairs_see_how_to_change_it(world, sign_in):
    assert set(MEANINGS) == set(DeadlineKind)
    for slug, may in (("state_cochair", True), ("state_member", False), ("caregiver", False), ("coordinator", False)):
        response = sign_in(world.people[slug]).get(LIST)
        assert [row["kind"] for row in response.context["rows"]] == [kind.value for kind in MEANINGS]
        assert (b"/change/" in response.content, b"/take-back/" in response.content) == (may, may)


def test_the_list_is_exactly_every_rule_for_whoever_is_signed_in(world):
    from django.contrib.auth.models import AnonymousUser

    assert set(access.visible_rules(world.users.caregiver)) == set(TimelineRule.objects.all())
    assert not access.visible_rules(AnonymousUser()).exists()


def test_the_page_tells_now_planned_before_and_taken_back(world, chair):
    plan_rule(world, days=25)
    plan_rule(world, days=20)
    TimelineRule.objects.create(kind=KIND, days=40, source="Old", starts_on=dt.date(2000, 1, 1), ends_on=day(-5000))
    (row,) = [row for row in chair.get(LIST).context["rows"] if row["kind"] == KIND]
    assert (row["now"].days, [rule.days for rule in row["planned"]], [rule.days for rule in row["before"]]) == (
        30, [20], [25, 40],
    )  # fmt: skip
    assert "taken back before it began" in chair.get(LIST).content.decode()


def test_a_rule_that_ended_is_not_the_one_of_now(world, chair):
    TimelineRule.objects.filter(kind=KIND).update(ends_on=day(-1))
    (row,) = [row for row in chair.get(LIST).context["rows"] if row["kind"] == KIND]
    assert (row["now"], len(row["before"])) == (None, 1)
    assert "No rule holds today." in chair.get(LIST).content.decode()


def test_a_chair_sets_a_rule_and_takes_it_back(world, chair):
    old = held_now()
    page = chair.get(CHANGE)
    assert f'name="seen" value="{old.pk}"' in page.content.decode()
    assert "Now: 30 days." in page.content.decode()
    assert chair.post(CHANGE, typed(old)).status_code == 302
    new = TimelineRule.objects.get(kind=KIND, days=20)
    assert "Planned already: 20 days" in chair.get(CHANGE).content.decode()
    chair.post(TAKE_BACK, {"seen": new.pk})
    new.refresh_from_db()
    assert new.taken_back_at is not None
    assert "Nothing was changed" in chair.post(TAKE_BACK, {"seen": old.pk}, follow=True).content.decode()


@pytest.mark.parametrize(("fields", "said"), [
    ({"days": "many"}, "Write a number of days from 1 to 730."),
    ({"days": "0"}, "Write a number of days from 1 to 730."),
    ({"days": ""}, "Write a number of days from 1 to 730."),
    ({"source": " "}, "Write the law, policy or decision that says so."),
    ({"source": "x" * 201}, "This is too long to save."),
    ({"starts_on": "soon"}, "Write the day like this"),
    ({"starts_on": "2016-01-01"}, "A rule starts tomorrow at the earliest."),
    ({"starts_on": "2222-01-01"}, "This day is too far away."),
    ({"seen": ""}, "Somebody changed this rule"),
])  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(world, chair, fields, said):
    response = chair.post(CHANGE, typed(held_now(), **fields))
    text = response.content.decode()
    assert (response.status_code, said in text) == (422, True)
    assert "A new law" in text or "source" in fields
    assert TimelineRule.objects.filter(kind=KIND).count() == 1


def test_after_somebody_else_s_change_one_looks_and_can_save(world, chair):
    old = held_now()
    plan_rule(world, days=25)
    response = chair.post(CHANGE, typed(old))
    assert response.status_code == 422
    assert "Planned already: 25 days" in response.content.decode()
    assert chair.post(CHANGE, typed(old, seen=response.context["form"]["seen"].value())).status_code == 302
    assert TimelineRule.objects.holding(KIND, day(1)).days == 20


def test_a_kind_without_any_rule_can_be_changed_to(world, chair):
    url = reverse("collaboratives:rule_change", args=["copies"])
    assert chair.get(url).status_code == 200
    assert chair.post(url, typed(held_now())).status_code == 422
    assert chair.post(url, typed(held_now(), seen="")).status_code == 302


def test_a_kind_that_there_is_not_and_a_portal_without_the_state(world, chair):
    assert chair.get("/rules/lunch/change/").status_code == 404
    assert access.can_set_rules(world.users.state_cochair)
    world.state_group.subcommittees.update(ended_at=timezone.now(), ended_by=world.users.state_cochair)
    type(world.state_group).objects.filter(kind_of__level="state").update(
        ended_at=timezone.now(), ended_by=world.users.state_cochair
    )
    assert not access.can_set_rules(world.users.state_cochair)


def test_the_list_costs_the_same_with_more_rules(world, chair):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            chair.get(LIST)
        return len(seen)

    chair.get(LIST)
    before = queries()
    for number in (1, 2, 3):
        grow(world, number)
    assert queries() == before <= 8


# --- How long a yes lasts --------------------------------------------------------------------------------------------
def test_a_yes_lasts_as_long_as_the_rule_says(world, sign_in):
    today = timezone.localdate()
    TimelineRule.objects.filter(kind=DeadlineKind.CONSENT).update(days=100)
    assert last_day(today) == day(100)
    member, rosa = world.members["facilitator"], world.users.caregiver
    with pytest.raises(ValidationError) as stopped:
        share_sections(membership=member, sections=[Section.SCHOOL], until=day(101), by=rosa)
    assert stopped.value.code == "too_long"
    share_sections(membership=member, sections=[Section.SCHOOL], until=None, by=rosa)
    assert member.consents.get(section=Section.SCHOOL, ended_at=None).until == day(100)
    with pytest.raises(ValidationError):
        share_household(household=world.home, user=world.users.facilitator, until=day(101), by=rosa)
    page = sign_in(rosa).get(reverse("teams:sharing_edit", args=[world.team.pk, member.pk])).content.decode()
    assert f'max="{day(100).isoformat()}"' in page


def test_without_a_rule_a_yes_lasts_a_year(world):
    TimelineRule.objects.filter(kind=DeadlineKind.CONSENT).delete()
    assert last_day(timezone.localdate()) == day(365)


# --- The day to aim for ----------------------------------------------------------------------------------------------
def test_teams_aim_for_a_sooner_day_than_the_limit(world, sign_in):
    rosa = sign_in(world.users.caregiver)
    assert day_to_aim_for(world.team) is None  # the first meeting is due, not the next
    meeting_was_held(world.team, on=day(0))
    assert day_to_aim_for(world.team) is None  # no rule says so
    wanted = TimelineRule.objects.create(
        kind=DeadlineKind.MEETING_WANTED, days=30, source="test", starts_on=dt.date(2016, 1, 1)
    )
    assert day_to_aim_for(world.team) == day(30)
    assert "Aim for" in rosa.get(reverse("teams:meeting_list", args=[world.team.pk])).content.decode()
    call = reverse("teams:meeting_call", args=[world.team.pk])
    assert rosa.get(call).context["form"]["day"].value() == day(30)
    TimelineRule.objects.filter(pk=wanted.pk).update(days=45)
    assert day_to_aim_for(world.team) is None  # the limit itself is nothing to aim for
    meeting_was_held(world.team, on=day(-40))
    TimelineRule.objects.filter(pk=wanted.pk).update(days=30)
    assert rosa.get(call).context["form"]["day"].value() is None  # it has passed
    assert "Aim for" not in rosa.get(reverse("teams:meeting_list", args=[world.team.pk])).content.decode()


# --- A child away from home ------------------------------------------------------------------------------------------
@pytest.fixture
def reviews(world):
    TimelineRule.objects.bulk_create(
        TimelineRule(kind=kind, days=days, source="test", starts_on=dt.date(2016, 1, 1))
        for kind, days in zip(REVIEWS, (60, 90, 183), strict=True)
    )


def hold(world, number):
    """A meeting took place on that day, as its record says."""
    at = timezone.now() + dt.timedelta(days=number)
    meeting = Meeting.objects.create(
        team=Team.objects.get(pk=world.team.pk), starts_at=at, ends_at=at + dt.timedelta(hours=1),
        created_by=world.users.caregiver, updated_by=world.users.caregiver,
    )  # fmt: skip
    guest = Guest.objects.create(meeting=meeting, membership=world.members["caregiver"])
    note_attendance(
        meeting=meeting, marks={guest.pk: Attendance.CAME}, by=world.users.caregiver,
        now=timezone.now() + dt.timedelta(days=1),
    )  # fmt: skip


def due(world):
    return list(Deadline.objects.open().filter(team=world.team, kind__in=REVIEWS).values_list("kind", "due_on"))


def test_reviews_come_after_60_then_90_days_then_every_half_year(world, reviews):
    set_out_of_home(team=world.team, since=day(-300), by=world.users.facilitator)
    assert due(world) == [("review_first", day(-240))]
    hold(world, -310)  # before the child left
    assert due(world) == [("review_first", day(-240))]
    hold(world, -250)
    assert due(world) == [("review_second", day(-160))]
    hold(world, -170)
    assert due(world) == [("review_later", day(13))]
    hold(world, -2)
    assert due(world) == [("review_later", day(181))]
    met = Deadline.objects.filter(team=world.team, kind__in=REVIEWS, met_on__isnull=False)
    assert list(met.order_by("met_on").values_list("kind", "met_on")) == [
        ("review_first", day(-250)), ("review_second", day(-170)), ("review_later", day(-2)),
    ]  # fmt: skip


def test_meetings_since_a_day_that_is_noted_late_count_and_another_day_counts_anew(world, reviews):
    hold(world, -50)
    set_out_of_home(team=world.team, since=day(-100), by=world.users.facilitator)
    assert due(world) == [("review_second", day(40))]
    set_out_of_home(team=world.team, since=day(-20), by=world.users.facilitator)
    assert due(world) == [("review_first", day(40))]
    events = Event.objects.filter(verb="out_of_home_noted")
    assert events.count() == 2
    set_out_of_home(team=world.team, since=day(-20), by=world.users.facilitator)
    assert events.count() == 2  # nothing new was said


def test_a_child_who_is_home_again_ends_the_reviews(world, reviews):
    set_out_of_home(team=world.team, since=day(-10), by=world.users.facilitator)
    set_out_of_home(team=world.team, since=None, by=world.users.facilitator)
    assert due(world) == []
    ended = Deadline.objects.get(team=world.team, kind="review_first")
    assert (ended.met_on, ended.ended_at is not None) == (None, True)


def test_no_day_to_come_and_no_team_that_is_over(world, reviews):
    with pytest.raises(ValidationError) as stopped:
        set_out_of_home(team=world.team, since=day(1), by=world.users.facilitator)
    assert stopped.value.code == "future"
    Team.objects.filter(pk=world.team.pk).update(ended_at=timezone.now(), ended_by=world.users.caregiver)
    with pytest.raises(ValidationError) as stopped:
        set_out_of_home(team=world.team, since=day(-1), by=world.users.facilitator)
    assert stopped.value.code == "ended"
    assert due(world) == []


def test_family_and_staff_write_it_on_the_page_of_where_we_are(world, reviews, sign_in):
    url = reverse("teams:plan_dates", args=[world.team.pk])
    plan = reverse("teams:plan_detail", args=[world.team.pk])
    for slug, since in (("caregiver", -9), ("facilitator", -8)):
        client = sign_in(world.people[slug])
        values = {"phase": "planning", "review_on": "", "out_of_home_since": day(since).isoformat()}
        assert client.post(url, values).status_code == 302
        assert due(world) == [("review_first", day(since + 60))]
        assert "A child lives away from home since" in client.get(plan).content.decode()
        assert client.get(url).context["form"]["out_of_home_since"].value() == day(since)
    response = client.post(url, values | {"out_of_home_since": day(1).isoformat()})
    assert (response.status_code, "This day has not come yet." in response.content.decode()) == (422, True)


def test_a_review_is_known_only_to_those_who_may_read_the_plan(world, reviews):
    set_out_of_home(team=world.team, since=day(-10), by=world.users.facilitator)
    review = Deadline.objects.get(team=world.team, kind="review_first")
    knows = {"caregiver": True, "youth": True, "facilitator": True, "provider": False, "coordinator": False}
    for slug, may in knows.items():
        user = world.people[slug]
        forget_scope(user)
        everything = set(Deadline.objects.open().filter(team=world.team))
        seen = set(teams_access.visible_deadlines(user).filter(team=world.team))
        assert seen == (everything if may else everything - {review}), slug


# --- The worklist ----------------------------------------------------------------------------------------------------
def test_the_worklist_shows_every_date_and_is_narrowed_to_a_kind(world, reviews, sign_in):
    coordinator = world.users.coordinator
    TimelineRule.objects.create(kind=DeadlineKind.COPIES, days=7, source="test", starts_on=dt.date(2016, 1, 1))
    set_deadline(world.team, DeadlineKind.COPIES, counted_from=day(0))
    set_out_of_home(team=world.team, since=day(-10), by=world.users.facilitator)
    marcus = sign_in(coordinator)

    def found(kind):
        return [row.team.pk for row in marcus.get("/worklist/", {"kind": kind}).context["rows"]]

    (row,) = marcus.get("/worklist/").context["rows"]
    assert (row.what, len(row.also)) == ("Copies of a meeting record", 2)
    assert [found(kind) for kind in ("copies", "first_plan", "review", "next_meeting")] == [
        [world.team.pk], [world.team.pk], [], [],
    ]  # fmt: skip
    assert "We do not have this choice." in marcus.get("/worklist/", {"kind": "lunch"}).content.decode()
    member = join(world.team, coordinator, kind=MemberKind.PROFESSIONAL, caregiver=world.users.caregiver)
    assert found("review") == [world.team.pk]
    (row,) = marcus.get("/worklist/").context["rows"]
    assert (row.what, len(row.also)) == ("Move the lunch table", 4)  # the step is first, so all dates are beside it
    assert any("First review while a child lives away from home" in words for words in row.also)
    assert "First review" in marcus.get("/worklist/export/").content.decode()
    stop_sharing(membership=member, sections=[Section.PLAN], by=world.users.caregiver)
    assert found("review") == []
    assert "First review" not in marcus.get("/worklist/export/").content.decode()
