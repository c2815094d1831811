"""Each measure by examples counted by hand, at the edges: the day itself, one day more, the turn of a month."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from collaboratives.enums import BarrierStatus, OfficeKind
from collaboratives.models import (
    Barrier,
    Collaborative,
    GroupKind,
    Office,
    Organization,
    Seat,
    SeatCategory,
    Term,
    TimelineRule,
)
from families.enums import FamilyRole
from families.models import Family, Person
from referrals.models import Referral
from soc_portal.measures.enums import SocValue
from soc_portal.measures.quarters import Quarter
from soc_portal.measures.registry import Span, every_measure, forget_measure, get_measure, measure
from soc_portal.measures.rollups import count
from teams.enums import Attendance, MeetingStatus, MemberKind, StepStatus
from teams.models import (
    Deadline,
    Ending,
    Feedback,
    Guest,
    Meeting,
    Membership,
    RecordCopy,
    RecordVersion,
    Step,
    Team,
)
from tests.world import make_county, make_rules, make_user

pytestmark = pytest.mark.django_db
D = dt.date
MARCH, APRIL, MAY = D(2026, 3, 1), D(2026, 4, 1), D(2026, 5, 1)


class State:
    """A county and what a test puts into it."""

    def __init__(self):
        make_rules()
        self.county, self.other = make_county("Alamance", "37001"), make_county("Durham", "37063")
        self.by = make_user("office", "Office Worker")
        self.people = 0

    def family(self, county=None):
        family = Family.objects.create(name="A family", county=county or self.county)
        self.people += 1
        mom = make_user(f"mom{self.people}", "Mom")
        family.mom = Person.objects.create(family=family, user=mom, name="Mom", role=FamilyRole.CAREGIVER)
        return family

    def team(self, family=None, **fields):
        family = family or self.family()
        return Team.objects.create(family=family, opened_by=self.by, **{"opened_on": D(2026, 2, 1)} | fields)

    def member(self, team, kind=MemberKind.PROFESSIONAL, person=None, at=None, by=None, **fields):
        at = at or moment(2026, 2, 2)
        member = Membership(
            team=team, kind=kind, person=person, name="Somebody", proposed_by=self.by, chosen_at=at,
            chosen_by=by or self.by, **fields,
        )  # fmt: skip
        Membership.written_by_actions.bulk_create([member])
        return member

    def first_meeting(self, due_on, met_on=None, **fields):
        rule = TimelineRule.objects.get(kind="first_meeting")
        return Deadline.objects.create(
            team=self.team(), kind="first_meeting", rule=rule, due_on=due_on, met_on=met_on, **fields
        )

    def meeting(self, at, team=None, status=MeetingStatus.HELD, **fields):
        return Meeting.objects.create(
            team=team or self.team(), starts_at=at, ends_at=at + dt.timedelta(hours=1), status=status, **fields
        )

    def step(self, due_on, done_on=None, **fields):
        status = StepStatus.DONE if done_on else StepStatus.TODO
        return Step.objects.create(
            team=self.team(), text="A step", due_on=due_on, done_on=done_on, **{"status": status} | fields
        )


@pytest.fixture
def state(db):
    return State()


def moment(year, month, day, hour=12, minute=0):
    return dt.datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("America/New_York"))


def numbers(state, slug, start=MARCH, end=APRIL, today=MAY, county=None):
    """(numerator, denominator) of each month of the county in which there is anything."""
    county = county or state.county
    span = Span((county.pk,), start, end, today)
    rows = [row for row in count(get_measure(slug), span) if row.denominator]
    assert all(row.county_id == county.pk for row in rows)
    return {row.month: (row.numerator, row.denominator) for row in rows}


# --- First meeting in time -------------------------------------------------------------------------------------------
class TestFirstMeeting:
    def test_on_the_day_is_in_time_and_one_day_later_is_not(self, state):
        state.first_meeting(D(2026, 3, 10), met_on=D(2026, 3, 10))
        state.first_meeting(D(2026, 3, 10), met_on=D(2026, 3, 11))
        assert numbers(state, "first-meeting") == {MARCH: (1, 2)}

    def test_one_in_time_counts_in_the_month_of_the_meeting_and_a_late_one_in_the_month_of_its_date(self, state):
        state.first_meeting(D(2026, 4, 2), met_on=D(2026, 3, 31))
        state.first_meeting(D(2026, 3, 31), met_on=D(2026, 4, 1))
        assert numbers(state, "first-meeting", end=D(2026, 5, 1)) == {MARCH: (1, 2)}

    def test_what_is_due_today_is_not_late_and_tomorrow_it_is(self, state):
        state.first_meeting(D(2026, 3, 10))
        assert numbers(state, "first-meeting", today=D(2026, 3, 10)) == {}
        assert numbers(state, "first-meeting", today=D(2026, 3, 11)) == {MARCH: (0, 1)}

    def test_a_team_that_ended_before_the_date_counts_nowhere_and_one_after_it_counts(self, state):
        state.first_meeting(D(2026, 3, 10), ended_at=moment(2026, 3, 10, 23, 59))
        assert numbers(state, "first-meeting") == {}
        state.first_meeting(D(2026, 3, 10), ended_at=moment(2026, 3, 11, 0, 1))
        assert numbers(state, "first-meeting") == {MARCH: (0, 1)}

    def test_other_dates_and_other_counties_are_not_counted(self, state):
        plan = state.first_meeting(D(2026, 3, 10), met_on=D(2026, 3, 9))
        Deadline.objects.filter(pk=plan.pk).update(kind="first_plan")
        assert numbers(state, "first-meeting") == {}
        state.first_meeting(D(2026, 3, 10), met_on=D(2026, 3, 9))
        assert numbers(state, "first-meeting", county=state.other) == {}


# --- Meetings --------------------------------------------------------------------------------------------------------
class TestCaregiverPresent:
    def came(self, state, meeting, attendance=Attendance.CAME, role=FamilyRole.CAREGIVER, kind=MemberKind.FAMILY):
        person = meeting.team.family.mom
        Person.objects.filter(pk=person.pk).update(role=role)
        Guest.objects.create(
            meeting=meeting, membership=state.member(meeting.team, kind, person), attendance=attendance
        )

    @pytest.mark.parametrize(
        ("attendance", "role", "there"),
        [
            ("came", "caregiver", 1), ("phone", "caregiver", 1), ("sent_word", "caregiver", 0),
            ("away", "caregiver", 0), ("", "caregiver", 0), ("came", "young_person", 0), ("came", "relative", 0),
        ],
    )  # fmt: skip
    def test_in_person_or_by_phone_and_a_caregiver(self, state, attendance, role, there):
        self.came(state, state.meeting(moment(2026, 3, 10)), attendance, role)
        assert numbers(state, "caregiver-present") == {MARCH: (there, 1)}

    def test_two_caregivers_are_one_meeting_and_nobody_is_one_too(self, state):
        both = state.meeting(moment(2026, 3, 10))
        self.came(state, both)
        dad = Person.objects.create(family=both.team.family, name="Dad", role=FamilyRole.CAREGIVER)
        Guest.objects.create(
            meeting=both, membership=state.member(both.team, MemberKind.FAMILY, dad), attendance="came"
        )
        state.meeting(moment(2026, 3, 11))
        assert numbers(state, "caregiver-present") == {MARCH: (1, 2)}

    def test_only_meetings_that_took_place(self, state):
        state.meeting(moment(2026, 3, 10), status=MeetingStatus.SET)
        state.meeting(moment(2026, 3, 10), status=MeetingStatus.CANCELLED)
        state.meeting(moment(2026, 3, 10), ended_at=timezone.now(), ended_by=state.by)
        assert numbers(state, "caregiver-present") == {}

    def test_the_month_turns_at_midnight_in_north_carolina(self, state):
        state.meeting(moment(2026, 2, 28, 23, 59))
        state.meeting(moment(2026, 3, 1, 0, 0))  # 5 in the morning of March 1 in UTC
        state.meeting(moment(2026, 3, 31, 23, 59))  # 3:59 in the morning of April 1 in UTC, on summer time
        state.meeting(moment(2026, 4, 1, 0, 0))
        assert numbers(state, "caregiver-present", start=D(2026, 1, 1)) == {D(2026, 2, 1): (0, 1), MARCH: (0, 2)}

    def test_the_days_that_have_23_and_25_hours(self, state):
        state.meeting(moment(2026, 3, 8, 3, 0))  # clocks went forward an hour before
        state.meeting(moment(2026, 10, 31, 23, 30))
        state.meeting(dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC))  # 1:30 for the first time
        state.meeting(dt.datetime(2026, 11, 1, 6, 30, tzinfo=dt.UTC))  # and for the second
        got = numbers(state, "caregiver-present", start=MARCH, end=D(2026, 12, 1), today=D(2026, 12, 5))
        assert got == {MARCH: (0, 1), D(2026, 10, 1): (0, 1), D(2026, 11, 1): (0, 2)}


class TestNaturalSupports:
    def test_who_was_there_and_who_of_them_is_a_friend(self, state):
        meeting = state.meeting(moment(2026, 3, 10))
        for kind, attendance in [
            (MemberKind.NATURAL, "came"), (MemberKind.NATURAL, "phone"), (MemberKind.NATURAL, "away"),
            (MemberKind.FAMILY_PARTNER, "came"), (MemberKind.PROFESSIONAL, "came"), (MemberKind.FAMILY, "came"),
            (MemberKind.PROFESSIONAL, "sent_word"), (MemberKind.PROFESSIONAL, ""),
        ]:  # fmt: skip
            Guest.objects.create(meeting=meeting, membership=state.member(meeting.team, kind), attendance=attendance)
        assert numbers(state, "natural-supports") == {MARCH: (2, 5)}

    def test_one_family_with_many_at_the_table_is_one_family(self, state):
        team = state.team()
        for day in (3, 20):
            meeting = state.meeting(moment(2026, 3, day), team=team)
            for _guest in range(4):
                Guest.objects.create(
                    meeting=meeting, membership=state.member(team, MemberKind.NATURAL), attendance="came"
                )
        (row,) = [row for row in count(get_measure("natural-supports"), span(state)) if row.denominator]
        assert (row.numerator, row.denominator, row.subjects) == (8, 8, 1)


def span(state, start=MARCH, end=APRIL, today=MAY):
    return Span((state.county.pk,), start, end, today)


# --- Chosen by the family --------------------------------------------------------------------------------------------
class TestChosenByFamily:
    def test_by_an_account_of_the_family_or_picked_by_the_youth(self, state):
        team, at = state.team(), moment(2026, 3, 10)
        state.member(team, at=at, by=team.family.mom.user)
        state.member(team, at=at, picked_by_youth=True)
        state.member(team, at=at)  # the office wrote it down
        state.member(team, at=at, by=state.family().mom.user)  # a mom of another family
        state.member(team, MemberKind.FAMILY, team.family.mom, at=at)  # the family itself is not chosen
        assert numbers(state, "chosen-by-family") == {MARCH: (2, 4)}

    def test_who_is_only_proposed_is_not_counted_and_who_left_since_is(self, state):
        team = state.team()
        waits = Membership(team=team, kind=MemberKind.NATURAL, name="Waits", proposed_by=state.by)
        Membership.written_by_actions.bulk_create([waits])
        state.member(team, at=moment(2026, 3, 31, 23, 59), by=team.family.mom.user,
                     ended_at=timezone.now(), ended_by=state.by, end_reason="left")  # fmt: skip
        state.member(team, at=moment(2026, 4, 1))
        assert numbers(state, "chosen-by-family") == {MARCH: (1, 1)}


# --- Steps -----------------------------------------------------------------------------------------------------------
class TestStepsInTime:
    def test_on_the_day_is_in_time_one_day_later_is_not_nor_is_never(self, state):
        state.step(D(2026, 3, 10), D(2026, 3, 10))
        state.step(D(2026, 3, 10), D(2026, 3, 11))
        state.step(D(2026, 3, 10))
        assert numbers(state, "steps-in-time") == {MARCH: (1, 3)}

    def test_a_step_counts_in_the_month_of_its_date(self, state):
        state.step(D(2026, 3, 31), D(2026, 2, 20))
        state.step(D(2026, 4, 1), D(2026, 3, 20))
        assert numbers(state, "steps-in-time") == {MARCH: (1, 1)}

    def test_what_is_due_today_stopped_taken_away_or_without_a_date_is_not_counted(self, state):
        state.step(D(2026, 3, 10), D(2026, 3, 9))
        assert numbers(state, "steps-in-time", today=D(2026, 3, 10)) == {}
        assert numbers(state, "steps-in-time", today=D(2026, 3, 11)) == {MARCH: (1, 1)}
        state.step(D(2026, 3, 10), status=StepStatus.STOPPED)
        state.step(D(2026, 3, 10), ended_at=timezone.now(), ended_by=state.by)
        state.step(None)
        assert numbers(state, "steps-in-time") == {MARCH: (1, 1)}


# --- Referrals and barriers ------------------------------------------------------------------------------------------
class TestReferralsAnswered:
    def send(self, state, due, answered=None, status="accepted", **fields):
        office = Organization.objects.first() or Organization.objects.create(name="Riverbend", kind="provider")
        Referral.objects.create(
            family=state.family(), organization=office, title="Help", status=status, answer_due_on=due,
            answered_at=answered, yes_at=timezone.now(), yes_by=state.by, yes_until=D(2027, 1, 1), **fields,
        )  # fmt: skip

    def test_by_the_end_of_the_day_is_in_time_also_where_utc_is_a_day_ahead(self, state):
        self.send(state, D(2026, 3, 10), moment(2026, 3, 10, 23, 59))
        self.send(state, D(2026, 3, 10), moment(2026, 3, 11, 0, 1))
        self.send(state, D(2026, 3, 10), moment(2026, 3, 9), status="rejected", refusal="no_room")  # a no is an answer
        self.send(state, D(2026, 3, 10), status="requested")
        assert numbers(state, "referrals-answered") == {MARCH: (2, 4)}

    def test_due_today_called_off_or_sent_by_mistake_is_not_counted(self, state):
        self.send(state, D(2026, 3, 10), status="requested")
        assert numbers(state, "referrals-answered", today=D(2026, 3, 10)) == {}
        Referral.objects.update(status="cancelled")
        assert numbers(state, "referrals-answered") == {}
        Referral.objects.update(answered_at=moment(2026, 3, 12))  # called off after a late answer
        assert numbers(state, "referrals-answered") == {MARCH: (0, 1)}
        Referral.objects.update(status="entered-in-error")
        assert numbers(state, "referrals-answered") == {}


def test_barriers_answered_on_the_day_one_day_late_and_never(state):
    group = Collaborative.objects.create(kind_of=kind_of_group(), name="Council")
    for answered in (D(2026, 3, 10), D(2026, 3, 11), None):
        Barrier.objects.create(
            county=state.county, category="services", text="No bus.", answer_due_on=D(2026, 3, 10),
            answer="There is a bus now." if answered else "", answered_on=answered,
            status=BarrierStatus.ANSWERED if answered else BarrierStatus.TAKEN_UP, group=group,
        )  # fmt: skip
    Barrier.objects.create(county=state.county, category="services", text="No date yet.")
    assert numbers(state, "barriers-answered") == {MARCH: (1, 3)}
    assert numbers(state, "barriers-answered", today=D(2026, 3, 10)) == {}
    assert numbers(state, "barriers-answered", county=state.other) == {}


# --- Endings ---------------------------------------------------------------------------------------------------------
class TestPlannedEndings:
    def end(self, state, at=None, *, begun=None, **fields):
        at = at or moment(2026, 3, 20)
        team = state.team()
        Team.objects.filter(pk=team.pk).update(ended_at=at, ended_by=state.by)
        fields = {"reason": "goals", "ends_on": D(2026, 3, 20), "had_transition": True} | fields
        return Ending.objects.create(
            team=team,
            begun_by=state.by,
            begun_at=begun or moment(2026, 3, 1),
            closed_at=at,
            closed_by=state.by,
            **fields,
        )

    @pytest.mark.parametrize(
        ("fields", "planned"),
        [
            ({}, 1), ({"reason": "ready"}, 1), ({"reason": "moved"}, 0), ({"reason": "family"}, 0),
            ({"reason": "other"}, 0), ({"ends_on": None}, 0), ({"had_transition": False}, 0),
            ({"begun": moment(2026, 3, 20, 0, 1)}, 0), ({"begun": moment(2026, 3, 19, 23, 59)}, 1),
        ],
    )  # fmt: skip
    def test_for_a_reason_on_a_day_with_a_plan_for_afterwards(self, state, fields, planned):
        self.end(state, **fields)
        assert numbers(state, "planned-endings") == {MARCH: (planned, 1)}

    def test_a_team_that_just_ended_counts_as_not_planned_and_a_live_one_nowhere(self, state):
        gone, lives = state.team(), state.team()
        Team.objects.filter(pk=gone.pk).update(ended_at=moment(2026, 3, 31, 23, 59), ended_by=state.by)
        Ending.objects.create(team=lives, begun_by=state.by, ends_on=D(2026, 3, 20), had_transition=True)
        self.end(state, moment(2026, 4, 1, 0, 1), begun=moment(2026, 3, 1))
        assert numbers(state, "planned-endings") == {MARCH: (0, 1)}
        assert numbers(state, "planned-endings", start=APRIL, end=D(2026, 5, 1)) == {APRIL: (1, 1)}

    def test_an_ending_that_was_given_up_before_does_not_count_twice(self, state):
        ending = self.end(state)
        Ending.objects.create(
            team=ending.team, begun_by=state.by, begun_at=moment(2026, 2, 1), ends_on=D(2026, 2, 20),
            ended_at=moment(2026, 2, 2), ended_by=state.by,
        )  # fmt: skip
        assert numbers(state, "planned-endings") == {MARCH: (1, 1)}
        assert numbers(state, "planned-endings", county=state.other) == {}


# --- At the table ----------------------------------------------------------------------------------------------------
BEFORE, AFTER = D(2025, 1, 1), D(2027, 1, 1)


def kind_of_group():
    return GroupKind.objects.get_or_create(code="council", defaults={"name": "Council", "starts_on": D(2000, 1, 1)})[0]


class TestFamilySeats:
    @pytest.fixture
    def council(self, state):
        council = Collaborative.objects.create(kind_of=kind_of_group(), name="Council", starts_on=D(2020, 1, 1))
        council.counties.add(state.county, state.other)
        return council

    def sit(self, state, group, *, family, starts=BEFORE, ends=AFTER, left=None):
        category, _made = SeatCategory.objects.get_or_create(
            kind=group.kind_of, code="family" if family else "agency", defaults={"family_seat": family, "name": "Seat"}
        )
        seat = Seat.objects.create(group=group, category=category, number=group.seats.count() + 1)
        gone = {"left_on": left, "left_reason": "moved", "ended_by": state.by} if left else {}
        return Term.objects.create(
            seat=seat, name="Somebody", starts_on=starts, ends_on=ends, created_by=state.by, **gone
        )

    def test_counted_on_the_last_day_of_the_quarter_once_it_has_passed(self, state, council):
        self.sit(state, council, family=True)
        self.sit(state, council, family=False)
        self.sit(state, council, family=True, starts=D(2026, 3, 31))
        self.sit(state, council, family=True, ends=D(2026, 3, 31))
        self.sit(state, council, family=True, starts=D(2026, 4, 1))  # a day too late
        self.sit(state, council, family=True, ends=D(2026, 3, 30))
        self.sit(state, council, family=True, left=D(2026, 3, 31))  # the first day without them
        self.sit(state, council, family=True, left=D(2026, 4, 1))
        Seat.objects.create(group=council, category=SeatCategory.objects.first(), number=99)  # empty
        first = D(2026, 1, 1)
        assert numbers(state, "family-seats", start=first, today=D(2026, 4, 1)) == {MARCH: (4, 5)}
        assert numbers(state, "family-seats", start=first, today=D(2026, 3, 31)) == {}
        assert numbers(state, "family-seats", start=first, county=state.other) == {MARCH: (4, 5)}

    @pytest.mark.parametrize(
        ("change", "there"),
        [
            ({"ends_on": D(2026, 3, 31)}, True), ({"ends_on": D(2026, 3, 30)}, False),
            ({"starts_on": D(2026, 4, 1)}, False),
            ({"ended_at": moment(2026, 3, 31, 23, 59)}, False), ({"ended_at": moment(2026, 4, 1, 0, 1)}, True),
        ],
    )  # fmt: skip
    def test_a_group_that_is_not_there_that_day_is_not_counted(self, state, council, change, there):
        self.sit(state, council, family=True)
        if "ended_at" in change:
            change |= {"ended_by": state.by}
        Collaborative.objects.filter(pk=council.pk).update(**change)
        assert numbers(state, "family-seats", start=D(2026, 1, 1)) == ({MARCH: (1, 1)} if there else {})

    def test_a_group_is_led_by_families_if_one_of_its_chairs_is(self, state, council):
        chair, mom = self.sit(state, council, family=False), self.sit(state, council, family=True)
        Office.objects.create(group=council, term=chair, kind=OfficeKind.CHAIR, starts_on=D(2025, 1, 1))
        first = D(2026, 1, 1)
        assert numbers(state, "family-chairs", start=first) == {MARCH: (0, 1)}
        secretary = Office.objects.create(group=council, term=mom, kind=OfficeKind.SECRETARY, starts_on=D(2025, 1, 1))
        assert numbers(state, "family-chairs", start=first) == {MARCH: (0, 1)}
        Office.objects.filter(pk=secretary.pk).update(kind=OfficeKind.CO_CHAIR)
        assert numbers(state, "family-chairs", start=first) == {MARCH: (1, 1)}
        Office.objects.filter(pk=secretary.pk).update(ends_on=D(2026, 3, 30))
        assert numbers(state, "family-chairs", start=first) == {MARCH: (0, 1)}
        Office.objects.filter(pk=secretary.pk).update(ends_on=D(2026, 3, 31))
        assert numbers(state, "family-chairs", start=first, county=state.other) == {MARCH: (1, 1)}


# --- After a meeting -------------------------------------------------------------------------------------------------
DUE, JOINED = D(2026, 3, 20), D(2026, 2, 2)


class TestCopiesInTime:
    def held(self, state, due_on=DUE, approved=None, **fields):
        meeting = state.meeting(moment(2026, 3, 10), copies_due_on=due_on, **fields)
        if approved:
            version = RecordVersion(
                meeting=meeting, number=1, content={}, approved_at=approved, family_at=approved, others_at=approved,
                seal="x",
            )  # fmt: skip
            meeting.version_kept = RecordVersion.written_by_actions.bulk_create([version])[0]
        return meeting

    def test_approved_by_the_day_is_in_time_and_one_day_later_is_not(self, state):
        self.held(state, approved=moment(2026, 3, 20, 23))
        self.held(state, approved=moment(2026, 3, 21, 0, 1))
        self.held(state)
        assert numbers(state, "copies-in-time") == {MARCH: (1, 3)}

    def test_it_counts_in_the_month_of_its_date_once_that_day_has_passed(self, state):
        self.held(state, due_on=D(2026, 4, 1))
        self.held(state, due_on=D(2026, 3, 20), status=MeetingStatus.CANCELLED)
        self.held(state, due_on=None)
        assert numbers(state, "copies-in-time") == {}
        assert numbers(state, "copies-in-time", start=APRIL, end=MAY, today=D(2026, 4, 1)) == {}
        assert numbers(state, "copies-in-time", start=APRIL, end=MAY, today=D(2026, 4, 2)) == {APRIL: (0, 1)}

    def on_paper(self, state, meeting, on=JOINED, **fields):
        mom = meeting.team.family.mom
        return state.member(
            meeting.team, MemberKind.FAMILY, person=mom, accepted_at=moment(2026, 2, 2), accepted_by=state.by,
            starts_on=on, **fields,
        )  # fmt: skip

    def test_paper_that_nobody_noted_or_noted_late_is_not_in_time(self, state):
        meeting = self.held(state, approved=moment(2026, 3, 12))
        member = self.on_paper(state, meeting)
        assert numbers(state, "copies-in-time") == {MARCH: (0, 1)}
        copy = RecordCopy.objects.create(
            record_version=meeting.version_kept, membership=member, given_on=D(2026, 3, 20)
        )
        assert numbers(state, "copies-in-time") == {MARCH: (1, 1)}
        RecordCopy.objects.filter(pk=copy.pk).update(given_on=D(2026, 3, 21))
        assert numbers(state, "copies-in-time") == {MARCH: (0, 1)}

    def test_who_joined_later_or_is_not_shared_with_is_owed_nothing(self, state):
        meeting = self.held(state, approved=moment(2026, 3, 12))
        self.on_paper(state, meeting, on=D(2026, 3, 13))
        state.member(meeting.team, accepted_at=moment(2026, 2, 2), accepted_by=state.by, starts_on=D(2026, 2, 2))
        assert numbers(state, "copies-in-time") == {MARCH: (1, 1)}


class TestFamilyHeard:
    def say(self, state, heard, kind=MemberKind.FAMILY, meeting=None, **fields):
        meeting = meeting or state.meeting(moment(2026, 3, 31, 23))
        member = state.member(meeting.team, kind)
        return Feedback.objects.create(meeting=meeting, membership=member, heard=heard, **fields)

    def test_the_familys_newest_answers_count_shown_or_not(self, state):
        self.say(state, "yes", is_shown=True)
        self.say(state, "partly")
        self.say(state, "")
        self.say(state, "no", ended_at=timezone.now())
        self.say(state, "no", kind=MemberKind.PROFESSIONAL)
        assert numbers(state, "family-heard") == {MARCH: (1, 2)}


# --- The registry ----------------------------------------------------------------------------------------------------
WORDS = {
    "title": "A toy", "question": "Is it fun?", "numerator": "fun ones", "denominator": "toys", "unit": "toys",
    "target": 50, "target_source": "us", "value": SocValue.CULTURE,
}  # fmt: skip


@pytest.fixture
def no_toys():
    yield
    forget_measure("toy")


def test_a_measure_has_all_of_its_words_and_serves_one_of_the_six_values():
    assert len(every_measure()) == 12
    for one in every_measure():
        for name in ("title", "question", "numerator", "denominator", "unit", "target_source"):
            assert str(getattr(one, name)), f"{one.slug}.{name}"
        assert one.value in SocValue
        assert one.compute.__doc__, one.slug
        assert one.bands[-1] == one.target and one.bands == sorted(set(one.bands))


def test_a_slug_a_whole_and_a_target_that_cannot_be(no_toys):
    measure(slug="toy", **WORDS)(list)
    with pytest.raises(ValueError, match="already"):
        measure(slug="toy", **WORDS | {"denominator": "other"})(list)
    with pytest.raises(ValueError, match="Two tables over one whole"):
        measure(slug="toy2", **WORDS)(list)
    for target in (0, 101):
        with pytest.raises(ValueError, match="1 to 100"):
            measure(slug="toy2", **WORDS | {"denominator": "other", "target": target})(list)


@pytest.mark.parametrize("one", every_measure(), ids=lambda one: one.slug)
def test_a_measure_asks_at_most_two_queries_however_many_counties(state, one, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        list(one.compute(Span((state.county.pk, state.other.pk), D(2025, 1, 1), D(2026, 5, 1), D(2026, 5, 1))))


# --- Quarters --------------------------------------------------------------------------------------------------------
def test_quarters_by_code_and_day():
    assert Quarter.of(D(2026, 12, 31)).code == "2026q4"
    assert Quarter.of(D(2027, 1, 1)).months == [D(2027, 1, 1), D(2027, 2, 1), D(2027, 3, 1)]
    assert Quarter.from_code("2026q3").end == D(2026, 9, 30)
    assert Quarter.from_code("2026q3").before(3).code == "2025q4"
    assert [Quarter.from_code(code) for code in ("2026q5", "q3", "2026q33", "", "1999q1", "２０26q1")] == [None] * 6
    assert Quarter.from_code("2026q3").words == "July to September 2026"
