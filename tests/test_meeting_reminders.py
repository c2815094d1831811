"""A team's meeting is near: one reminder each, three days before by the clock on the wall, however many workers run."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from soc_portal.celery import BEAT
from soc_portal.notices.models import Notice
from teams.actions.meetings import cancel_meeting, change_meeting
from teams.enums import Coming, MeetingStatus
from teams.models import Guest, Meeting
from teams.reminders.meetings import LEAD, due, send_reminders
from teams.tasks import remind_of_team_meetings
from tests.world import PEOPLE

EASTERN = ZoneInfo("America/New_York")
SECOND, HOUR = dt.timedelta(seconds=1), dt.timedelta(hours=1)
KIND = "meeting_reminder"


@pytest.fixture
def meeting(world):
    """One meeting in twenty days, of which the team knows since today."""
    Meeting.objects.exclude(pk=world.meeting.pk).update(reminded_at=timezone.now())
    start = timezone.now() + dt.timedelta(days=20)
    fields = {"starts_at": start, "ends_at": start + HOUR, "status": MeetingStatus.SET, "told_at": timezone.now()}
    Meeting.objects.filter(pk=world.meeting.pk).update(**fields)
    Notice.objects.all().delete()
    return Meeting.objects.get(pk=world.meeting.pk)


def reminded():
    return sorted(notice.user.name for notice in Notice.objects.filter(kind=KIND))


@pytest.mark.parametrize(
    ("before", "is_due"),
    [(LEAD + SECOND, False), (LEAD, True), (SECOND, True), (dt.timedelta(0), False)],
)
def test_a_meeting_is_due_from_the_lead_to_its_start(meeting, before, is_due):
    wall = timezone.localtime(meeting.starts_at).replace(tzinfo=None) - before
    assert list(due(wall.replace(tzinfo=EASTERN))) == ([meeting] if is_due else [])


@pytest.mark.parametrize("day", [dt.datetime(2027, 3, 16, 12), dt.datetime(2027, 11, 9, 12)])
def test_three_days_are_three_days_on_the_wall_also_when_the_clocks_change(meeting, day):
    starts_at, due_at = day.replace(tzinfo=EASTERN), (day - LEAD).replace(tzinfo=EASTERN)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=starts_at, ends_at=starts_at + HOUR)
    assert not due(due_at - SECOND).exists()
    assert due(due_at).exists()


def test_everybody_who_may_read_it_gets_one_but_those_who_said_no(meeting):
    Guest.objects.filter(meeting=meeting, membership__user__name=PEOPLE["dss_worker"]).update(coming=Coming.NO)
    now = meeting.starts_at - HOUR
    assert send_reminders(now) == 1
    assert send_reminders(now + SECOND) == 0
    slugs = ("caregiver", "other_household", "youth", "grandmother", "family_partner", "facilitator",
             "court_counselor", "provider")  # fmt: skip
    assert reminded() == sorted(PEOPLE[slug] for slug in slugs)


def test_none_for_what_waits_was_called_off_or_was_told_within_the_lead(meeting):
    now = meeting.starts_at - HOUR
    mine = Meeting.objects.filter(pk=meeting.pk)
    mine.update(status=MeetingStatus.ASKED)
    assert send_reminders(now) == 0
    mine.update(status=MeetingStatus.SET, told_at=now - HOUR)
    assert send_reminders(now) == 0
    mine.update(told_at=now - 9 * LEAD)
    assert due(now).exists()
    cancel_meeting(meeting=meeting, by=meeting.created_by)
    assert send_reminders(now) == 0 and reminded() == []


def test_another_day_has_a_reminder_of_its_own(meeting):
    assert send_reminders(meeting.starts_at - HOUR) == 1
    later = meeting.starts_at + dt.timedelta(days=10)
    values = {"starts_at": later, "ends_at": later + HOUR}
    fresh = change_meeting(meeting=meeting, by=meeting.created_by, base_version=meeting.version, values=values)
    assert send_reminders(timezone.now()) == 0
    assert send_reminders(fresh.starts_at - HOUR) == 1


def test_a_reminder_that_fails_on_its_way_into_the_outbox_is_not_claimed(meeting, monkeypatch):
    def fail(_meetings):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("teams.emails.meeting_reminders", fail)
        with pytest.raises(ZeroDivisionError):
            send_reminders(meeting.starts_at - HOUR)
    assert send_reminders(meeting.starts_at - HOUR) == 1


def test_the_clock_wakes_the_task(meeting):
    assert BEAT["remind-of-team-meetings"]["task"] == remind_of_team_meetings.name
    assert remind_of_team_meetings() == 0
