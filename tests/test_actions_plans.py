"""What happens to plans and meetings: nothing is overwritten, nothing is lost, the family's yes freezes a version."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from collaboratives.enums import DeadlineKind
from families import actions as families
from families.enums import FamilyRole, Section
from families.models import Family, HouseholdShare, Person, Strength
from soc_portal.notices.models import Notice
from soc_portal.versions.actions import Conflict, change_row, end_row, restore_row
from soc_portal.versions.models import Revision
from teams.actions import items, meetings, plans
from teams.actions.memberships import end_membership
from teams.enums import Attendance, EndReason, MeetingStatus, StepStatus
from teams.models import Answer, Goal, Meeting, Need, PlanVersion, Step, Topic
from teams.models.team import WriteOnlyThroughActions

pytestmark = pytest.mark.django_db


def refused(code):
    return pytest.raises(ValidationError, check=lambda error: error.code == code)


def revisions(row):
    return list(Revision.objects.filter(kind=row.kind, item_id=row.pk).order_by("version"))


def need(world, **values):
    return items.add_item(team=world.team, by=world.users.caregiver, item=Need(**{"text": "A quiet evening"} | values))


# --- Two at once -----------------------------------------------------------------------------------------------------
def test_every_state_of_a_row_is_kept(world):
    row = need(world)
    fresh = items.change_item(
        team=world.team, item=row, by=world.users.facilitator, base_version=1, values={"text": "Calm evenings"}
    )
    assert (fresh.version, fresh.updated_by) == (2, world.users.facilitator)
    kept = [(r.version, r.verb, r.by_name, r.state["text"]) for r in revisions(row)]
    assert kept == [
        (1, "added", "Rosa Delgado", "A quiet evening"),
        (2, "changed", "Andrea Pruitt", "Calm evenings"),
    ]


def test_a_save_that_changes_nothing_keeps_nothing(world):
    row = need(world)
    same = items.change_item(
        team=world.team, item=row, by=world.users.facilitator, base_version=1, values={"text": row.text}
    )
    assert same.version == 1 and len(revisions(row)) == 1


def test_two_people_who_change_different_fields_both_keep_their_words(world):
    row = need(world)
    items.change_item(team=world.team, item=row, by=world.users.facilitator, base_version=1, values={"text": "Theirs"})
    merged = items.change_item(
        team=world.team, item=row, by=world.users.caregiver, base_version=1,
        values={"text": "A quiet evening", "domain": "home"},
    )  # fmt: skip
    assert (merged.text, merged.domain, merged.version) == ("Theirs", "home", 3)


def test_two_people_who_change_the_same_field_overwrite_nothing(world):
    row = need(world)
    items.change_item(team=world.team, item=row, by=world.users.facilitator, base_version=1, values={"text": "Theirs"})
    with pytest.raises(Conflict) as conflict:
        items.change_item(team=world.team, item=row, by=world.users.caregiver, base_version=1, values={"text": "Mine"})
    error = conflict.value
    assert (error.theirs.text, error.theirs.version, error.mine, error.fields) == (
        "Theirs",
        2,
        {"text": "Mine"},
        ["text"],
    )
    assert Need.objects.get(pk=row.pk).text == "Theirs"


def test_two_people_who_wrote_the_same_are_of_one_mind(world):
    row = need(world)
    items.change_item(team=world.team, item=row, by=world.users.facilitator, base_version=1, values={"text": "Same"})
    fresh = items.change_item(
        team=world.team, item=row, by=world.users.caregiver, base_version=1, values={"text": "Same"}
    )
    assert fresh.version == 2


def test_a_form_of_a_version_that_never_was_clashes_wherever_it_differs(world):
    row = need(world)
    with pytest.raises(Conflict):
        change_row(row, by=world.users.caregiver, family_id=world.family.pk, base_version=99, values={"text": "Mine"})


def test_a_save_between_our_read_and_our_write_is_a_conflict(world, monkeypatch):
    row = need(world)
    real = type(row).state

    def state_while_somebody_saves(self):
        Need.objects.filter(pk=row.pk).update(version=7, text="Theirs")
        return real(self)

    monkeypatch.setattr(Need, "state", state_while_somebody_saves)
    with pytest.raises(Conflict) as conflict:
        change_row(row, by=world.users.caregiver, family_id=world.family.pk, base_version=1, values={"text": "Mine"})
    assert conflict.value.theirs.text == "Theirs"


def test_what_is_taken_away_can_be_brought_back_and_both_are_kept(world):
    row = world.items["need"]
    rosa, team = world.users.caregiver, world.team
    ended = items.end_item(team=team, item=row, by=rosa)
    assert not Goal.objects.live().filter(need=row).exists() and not Step.objects.live().filter(goal__need=row).exists()
    assert items.end_item(team=team, item=ended, by=rosa).version == ended.version
    goal, step = Goal.objects.get(need=row), Step.objects.get(goal__need=row)
    for child in (goal, step):
        with refused("parent_ended"):
            items.restore_item(team=team, item=child, by=rosa)
    back = items.restore_item(team=team, item=ended, by=rosa)
    assert back.ended_at is None and items.restore_item(team=team, item=back, by=rosa).version == back.version
    for together in (row, goal, step):
        assert type(together).objects.live().filter(pk=together.pk).exists()
        assert [revision.verb for revision in revisions(together)] == ["added", "ended", "restored"]


def test_what_had_ended_before_does_not_come_back_with_what_it_belongs_to(world):
    rosa, team = world.users.caregiver, world.team
    step = items.end_item(team=team, item=world.items["step"], by=rosa)
    goal = items.end_item(team=team, item=world.items["goal"], by=rosa)
    items.restore_item(team=team, item=goal, by=rosa)
    assert not Step.objects.live().filter(pk=step.pk).exists()


def test_what_is_said_at_a_meeting_is_open_to_nobody_whom_the_meeting_is_not(world):
    rosa, team = world.users.caregiver, world.team
    topic = items.add_item(team=team, by=rosa, item=Topic(meeting=world.court_meeting, text="T"))
    step = items.add_item(team=team, by=rosa, item=Step(meeting=world.court_meeting, text="S"))
    assert (topic.section, step.section) == ("court", "court")


def test_ending_a_goal_takes_its_steps_with_it(world):
    items.end_item(team=world.team, item=world.items["goal"], by=world.users.caregiver)
    assert Step.objects.get(pk=world.items["step"].pk).ended_at


# --- Items -----------------------------------------------------------------------------------------------------------
def test_goals_and_steps_belong_to_the_section_of_their_need(world):
    court = world.items["need_court"]
    goal = items.add_item(team=world.team, by=world.users.caregiver, item=Goal(need=court, text="G"))
    step = items.add_item(team=world.team, by=world.users.caregiver, item=Step(goal=goal, text="S"))
    free = items.add_item(
        team=world.team, by=world.users.caregiver, item=Step(text="S", section=Section.RECORDS, meeting=world.meeting)
    )
    assert (goal.section, step.section, free.section) == ("court", "court", "records")


def test_a_strength_is_the_family_s(world):
    row = items.add_item(team=world.team, by=world.users.facilitator, item=Strength(text="Asks for what she needs"))
    assert row.family == world.family
    assert (
        items.change_item(
            team=world.team, item=row, by=world.users.caregiver, base_version=1, values={"person": world.rosa}
        ).person
        == world.rosa
    )


def test_a_step_knows_when_it_was_done(world):
    rosa, team = world.users.caregiver, world.team
    done = items.add_item(team=team, by=rosa, item=Step(text="S", status=StepStatus.DONE))
    assert done.done_on == timezone.localdate()
    open_again = items.change_item(team=team, item=done, by=rosa, base_version=1, values={"status": StepStatus.DOING})
    assert open_again.done_on is None
    finished = items.finish_step(team=team, step=open_again, by=rosa)
    assert (finished.status, finished.done_on) == ("done", timezone.localdate())
    first = finished.done_on
    with time_machine.travel(timezone.now() + dt.timedelta(days=3)):
        again = items.change_item(
            team=team, item=finished, by=rosa, base_version=finished.version,
            values={"status": StepStatus.DONE, "why": "w"},
        )  # fmt: skip
    assert again.done_on == first


def test_who_does_a_step_is_part_of_its_history(world):
    step = world.items["step"]
    members = [world.members["grandmother"], world.members["dss_worker"]]
    assert revisions(step)[0].state["who"] == sorted(member.pk for member in members)
    fresh = items.change_item(
        team=world.team, item=step, by=world.users.caregiver, base_version=1, values={"who": members[:1]}
    )
    assert [member.pk for member in fresh.who.all()] == [members[0].pk]
    assert revisions(step)[1].state["who"] == [members[0].pk]


def test_asking_for_help_tells_those_who_may_read_the_step_once(world):
    step = items.ask_for_help(team=world.team, step=world.items["step"], by=world.users.grandmother)
    told = set(Notice.objects.filter(kind="step_needs_help").values_list("user__name", flat=True))
    assert told == {
        "Rosa Delgado", "Mateo Delgado", "Luis Delgado", "Tonya Barnes", "Andrea Pruitt", "Denise Whitfield",
        "Devon Harris",
    }  # fmt: skip
    count = Notice.objects.count()
    items.ask_for_help(team=world.team, step=step, by=world.users.grandmother)
    assert Notice.objects.count() == count


# --- Agreeing --------------------------------------------------------------------------------------------------------
def agree(world, by="caregiver"):
    return plans.agree_for_family(
        team=world.team, by=world.people[by], seen_hash=plans.hash_of(plans.content_of(world.team))
    )


def test_the_family_s_yes_freezes_the_plan_and_meets_its_date(world):
    version = agree(world)
    assert (version.number, version.agreed_by) == (1, world.users.caregiver)
    assert plans.hash_of(version.content) == version.content_hash
    texts = {row["text"] for row in version.content["needs"]}
    assert texts == set(Need.objects.filter(team=world.team).values_list("text", flat=True))
    assert version.content["steps"][0]["who"] == ["Carmen Ruiz", "Denise Whitfield"]
    deadline = world.team.deadlines.get(kind=DeadlineKind.FIRST_PLAN)
    assert deadline.met_on == timezone.localdate()
    assert {answer.membership.user for answer in version.answers.all()} == {world.users.caregiver}
    items.change_item(
        team=world.team, item=world.items["need"], by=world.users.facilitator, base_version=1, values={"text": "New"}
    )
    version.refresh_from_db()
    assert "New" not in {row["text"] for row in version.content["needs"]}
    for write in (version.save, version.delete, PlanVersion.objects.all().delete):
        with pytest.raises(WriteOnlyThroughActions):
            write()


def test_nobody_agrees_to_what_they_have_not_seen_or_twice_or_to_nothing(world):
    seen = plans.hash_of(plans.content_of(world.team))
    need(world)
    with refused("stale"):
        plans.agree_for_family(team=world.team, by=world.users.caregiver, seen_hash=seen)
    assert agree(world).number == 1
    with refused("twice"):
        agree(world)
    need(world)
    assert agree(world, "other_household").number == 2
    items.end_item(team=world.other_team, item=world.other_need, by=world.users.other_caregiver)
    with refused("empty"):
        plans.agree_for_family(
            team=world.other_team, by=world.users.other_caregiver,
            seen_hash=plans.hash_of(plans.content_of(world.other_team)),
        )  # fmt: skip


def test_words_alone_are_a_plan_to_agree_to(world):
    for row in Need.objects.live().filter(team=world.team):
        items.end_item(team=world.team, item=row, by=world.users.caregiver)
    assert agree(world).content["words"]


def test_a_caregiver_without_a_live_place_agrees_without_an_answer(world):
    version = agree(world, "superuser")
    assert not version.answers.exists()


def test_an_agreed_plan_is_told_to_those_who_read_the_plan(world):
    agree(world)
    told = set(Notice.objects.filter(kind="plan_agreed").values_list("user__name", flat=True))
    assert told == {
        "Mateo Delgado", "Luis Delgado", "Carmen Ruiz", "Tonya Barnes", "Andrea Pruitt", "Denise Whitfield",
        "Devon Harris",
    }  # fmt: skip


def test_a_new_answer_takes_the_place_of_the_old_one_and_both_are_kept(world):
    version = agree(world)
    values = {"version": version, "membership": world.members["court_counselor"], "by": world.users.court_counselor}
    with refused("words"):
        plans.answer_plan(kind="partly", words=" ", **values)
    plans.answer_plan(kind="partly", words="Who signs the hours?", **values)
    plans.answer_plan(kind="agrees", words="", **values)
    rows = Answer.objects.filter(membership=world.members["court_counselor"])
    assert [(row.kind, row.ended_at is None) for row in rows] == [("partly", False), ("agrees", True)]
    need(world)
    agree(world)
    with refused("stale"):
        plans.answer_plan(kind="agrees", words="", **values)


def test_an_answer_without_any_version_is_stale(world):
    ghost = PlanVersion(team=world.team, number=1)
    with refused("stale"):
        plans.answer_plan(
            version=ghost, membership=world.members["facilitator"], kind="agrees", words="", by=world.users.facilitator
        )


# --- Meetings --------------------------------------------------------------------------------------------------------
def new_meeting(start):
    return Meeting(starts_at=start, ends_at=start + dt.timedelta(hours=1))


def test_anybody_calls_a_meeting_and_everybody_who_takes_part_is_invited(world):
    start = timezone.now() + dt.timedelta(days=3)
    meeting = meetings.call_meeting(team=world.team, meeting=new_meeting(start), by=world.users.grandmother)
    invited = {guest.membership.name for guest in meeting.guests.select_related("membership")}
    assert invited == {
        "Rosa Delgado", "Mateo Delgado", "Luis Delgado", "Carmen Ruiz", "Tonya Barnes", "Andrea Pruitt",
        "Denise Whitfield", "Devon Harris", "Priya Nair",
    }  # fmt: skip
    told = set(Notice.objects.filter(kind="meeting_called", path__endswith=f"/{meeting.pk}/").values_list("user__name"))
    assert len(told) == 8  # without Carmen, who called it


def test_a_meeting_is_not_called_for_the_past(world):
    with refused("past"):
        meetings.call_meeting(
            team=world.team, meeting=new_meeting(timezone.now() - dt.timedelta(minutes=1)), by=world.users.caregiver
        )


def test_a_change_of_a_meeting_is_told_once_and_kept(world):
    Notice.objects.all().delete()
    row = world.meeting
    fresh = meetings.change_meeting(
        meeting=row, by=world.users.caregiver, base_version=1, values={"place_words": "The library"}
    )
    assert (fresh.place_words, fresh.version) == ("The library", 2)
    count = Notice.objects.filter(kind="meeting_changed").count()
    assert count == 8
    meetings.change_meeting(
        meeting=fresh, by=world.users.caregiver, base_version=2, values={"place_words": "The library"}
    )
    assert Notice.objects.filter(kind="meeting_changed").count() == count
    with pytest.raises(Conflict):
        meetings.change_meeting(meeting=row, by=world.users.youth, base_version=1, values={"place_words": "Park"})


def test_a_change_of_a_meeting_that_was_held_is_kept_and_not_told(world):
    row = hold(world)
    Notice.objects.all().delete()
    meetings.change_meeting(
        meeting=row, by=world.users.caregiver, base_version=row.version, values={"purpose": "To talk"}
    )
    assert not Notice.objects.exists()


def test_a_meeting_is_called_off_once(world):
    meeting = meetings.cancel_meeting(meeting=world.meeting, by=world.users.facilitator)
    assert meeting.status == MeetingStatus.CANCELLED
    assert Notice.objects.filter(kind="meeting_cancelled").count() == 8
    with refused("move"):
        meetings.cancel_meeting(meeting=meeting, by=world.users.facilitator)
    with refused("cancelled"):
        meetings.note_attendance(meeting=meeting, marks={}, by=world.users.caregiver, now=meeting.ends_at)
    guest = meeting.guests.first()
    guest.meeting = meeting
    with refused("move"):
        meetings.answer_invitation(guest=guest, coming="yes", needs="", by=world.users.caregiver)


def hold(world, mark=Attendance.CAME):
    guest = world.meeting.guests.get(membership=world.members["caregiver"])
    meetings.note_attendance(
        meeting=world.meeting, marks={guest.pk: mark}, by=world.users.facilitator, now=world.meeting.ends_at
    )
    return Meeting.objects.get(pk=world.meeting.pk)


def test_the_first_note_of_somebody_who_came_means_that_the_meeting_took_place(world):
    assert hold(world, Attendance.AWAY).status == MeetingStatus.SET
    meeting = hold(world)
    assert meeting.status == MeetingStatus.HELD
    on = timezone.localdate(meeting.starts_at)
    kinds = {(row.kind, row.met_on) for row in world.team.deadlines.all()}
    assert kinds == {("first_meeting", on), ("first_plan", None), ("next_meeting", None)}
    world.meeting.refresh_from_db()
    assert hold(world, Attendance.PHONE).version == meeting.version
    assert hold(world, Attendance.PHONE).version == meeting.version


def test_attendance_is_noted_for_guests_alone_and_not_before_the_start(world):
    values = {"meeting": world.meeting, "by": world.users.caregiver}
    with refused("early"):
        meetings.note_attendance(marks={}, now=world.meeting.starts_at - dt.timedelta(seconds=1), **values)
    meetings.note_attendance(marks={}, now=world.meeting.starts_at, **values)
    stranger = world.court_meeting.guests.first()
    with refused("stranger"):
        meetings.note_attendance(marks={stranger.pk: Attendance.CAME}, now=world.meeting.ends_at, **values)


def test_somebody_says_whether_they_come_and_what_would_help(world):
    guest = world.meeting.guests.get(membership=world.members["grandmother"])
    meetings.answer_invitation(guest=guest, coming="yes", needs="A ride", by=world.users.grandmother)
    guest.refresh_from_db()
    assert (guest.coming, guest.needs) == ("yes", "A ride")


def test_a_topic_of_any_member_stands_on_the_agenda(world):
    row = items.add_item(team=world.team, by=world.users.youth, item=Topic(meeting=world.meeting, text="Soccer"))
    assert list(world.meeting.topics.all()) == [world.items["topic"], row]


# --- Families --------------------------------------------------------------------------------------------------------
def test_what_matters_to_a_family_has_a_history_of_its_own(world):
    families.change_family(
        family=world.family, by=world.users.caregiver, base_version=1, values={"what_matters": "Sunday dinner"}
    )
    states = [r.state["what_matters"] for r in revisions(world.family)]
    assert states == ["", "Sunday dinner"]
    assert {r.family_id for r in revisions(world.family)} == {world.family.pk}


def test_people_are_written_down_with_their_homes(world):
    rosa = world.users.caregiver
    person = families.add_person(family=world.family, person=Person(name="Ana"), by=rosa, households=[world.home])
    assert list(person.households.all()) == [world.home]
    kept = families.change_person(person=person, by=rosa, base_version=1, values={"name": "Anita"})
    assert kept.name == "Anita" and list(kept.households.all()) == [world.home]
    moved = families.change_person(person=kept, by=rosa, base_version=2, values={}, households=[])
    assert list(moved.households.all()) == []
    assert families.end_person(person=moved, by=rosa).ended_by == rosa


def test_a_family_keeps_one_caregiver(world):
    with refused("on_team"):
        families.end_person(person=world.luis, by=world.users.caregiver)
    end_membership(membership=world.members["other_household"], by=world.users.other_household, reason=EndReason.LEFT)
    families.end_person(person=world.luis, by=world.users.caregiver)
    with refused("last_caregiver"):
        families.end_person(person=world.rosa, by=world.users.caregiver)
    assert Person.objects.filter(family=world.family, role=FamilyRole.CAREGIVER).live().count() == 1


def test_the_address_of_a_home_is_kept_and_shared_and_taken_back(world):
    rosa, today = world.users.caregiver, timezone.localdate()
    home = families.change_household(household=world.home, by=rosa, base_version=1, values={"phone": "336-555-0111"})
    assert home.version == 2
    for until in (today - dt.timedelta(days=1), today + dt.timedelta(days=366)):
        with refused("until"):
            families.share_household(household=home, user=world.users.facilitator, until=until, by=rosa)
    first = families.share_household(household=home, user=world.users.facilitator, until=today, by=rosa)
    second = families.share_household(household=home, user=world.users.facilitator, until=today, by=rosa)
    first.refresh_from_db()
    assert first.ended_at and HouseholdShare.objects.get(pk=second.pk).ended_at is None
    families.stop_sharing_household(share=second, by=rosa)
    second.refresh_from_db()
    ended_at = second.ended_at
    families.stop_sharing_household(share=second, by=world.users.youth)
    second.refresh_from_db()
    assert second.ended_at == ended_at and second.ended_by == rosa


def test_a_row_ends_once(world):
    rosa = world.users.caregiver
    family = Family.objects.get(pk=world.family.pk)
    ended = end_row(family, by=rosa, family_id=family.pk)
    assert end_row(ended, by=rosa, family_id=family.pk) is ended
    back = restore_row(ended, by=rosa, family_id=family.pk)
    assert restore_row(back, by=rosa, family_id=family.pk) is back
