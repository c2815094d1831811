"""A meeting is near: members get one reminder, three days before by the clock on the wall, however many workers run."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from collaboratives import reminders
from collaboratives.actions.group_meetings import answer_group_meeting, cancel_group_meeting, change_group_meeting
from collaboratives.models import GroupMeeting
from collaboratives.reminders import LEAD, claim, due, send_reminders
from collaboratives.tasks import remind_of_group_meetings
from soc_portal.celery import BEAT
from soc_portal.notices.actions import send_due
from soc_portal.notices.models import Notice
from tests.parts.group_meetings import call

EASTERN = ZoneInfo("America/New_York")
SECOND = dt.timedelta(seconds=1)
KIND = "group_meeting_reminder"


@pytest.fixture
def clean(world):
    """Nothing but the meeting to come of the council is waiting."""
    GroupMeeting.objects.exclude(pk=world.group_meetings["next"].pk).update(reminded_at=timezone.now())
    Notice.objects.all().delete()
    return world


def reminded():
    return sorted(notice.user.name for notice in Notice.objects.filter(kind=KIND))


@pytest.mark.parametrize(
    ("before", "is_due"),
    [(LEAD + SECOND, False), (LEAD, True), (LEAD - SECOND, True), (SECOND, True), (dt.timedelta(0), False)],
)
def test_a_meeting_is_due_from_the_lead_to_its_start(clean, before, is_due):
    meeting = clean.group_meetings["next"]
    wall = timezone.localtime(meeting.starts_at).replace(tzinfo=None) - before
    assert list(due(wall.replace(tzinfo=EASTERN))) == ([meeting] if is_due else [])


@pytest.mark.parametrize(
    ("starts_at", "due_at"),
    [
        # The clocks go forward on Sunday, March 14, 2027: three days before Tuesday noon are 71 hours.
        (dt.datetime(2027, 3, 16, 12, tzinfo=EASTERN), dt.datetime(2027, 3, 13, 12, tzinfo=EASTERN)),
        # They go back on Sunday, November 7, 2027: here they are 73.
        (dt.datetime(2027, 11, 9, 12, tzinfo=EASTERN), dt.datetime(2027, 11, 6, 12, tzinfo=EASTERN)),
    ],
)
def test_three_days_are_three_days_on_the_wall_also_when_the_clocks_change(clean, starts_at, due_at):
    hours = (starts_at.astimezone(dt.UTC) - due_at.astimezone(dt.UTC)) / dt.timedelta(hours=1)
    assert hours in (71, 73)
    meeting = clean.group_meetings["next"]
    GroupMeeting.objects.filter(pk=meeting.pk).update(starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=1))
    assert not due(due_at - SECOND).exists()
    assert due(due_at).exists()


def test_members_get_one_reminder_each_and_nobody_else(clean):
    now = clean.group_meetings["next"].starts_at - dt.timedelta(days=1)
    assert send_reminders(now) == 1
    assert send_reminders(now + SECOND) == 0
    assert reminded() == ["Harriet Cole", "Owen Grant", "Wanda Pickard"]


def test_who_said_that_they_cannot_come_is_left_in_peace(clean):
    meeting = clean.group_meetings["next"]
    for slug, coming in (("jcpc_member", "no"), ("jcpc_parent", "yes")):
        answer_group_meeting(meeting=meeting, by=clean.people[slug], coming=coming, now=timezone.now())
    send_reminders(meeting.starts_at - dt.timedelta(days=1))
    assert reminded() == ["Harriet Cole", "Wanda Pickard"]


def test_two_workers_that_found_the_same_meeting_remind_once(clean, monkeypatch):
    meeting, now = clean.group_meetings["next"], clean.group_meetings["next"].starts_at - dt.timedelta(days=1)
    found = due(now)
    list(found)  # the second worker has read its list before the first claims
    monkeypatch.setattr(reminders, "due", lambda _now: found)
    assert send_reminders(now) == 1
    assert send_reminders(now) == 0
    assert len(reminded()) == 3
    assert claim(meeting, now) is False


def test_a_reminder_that_fails_on_its_way_into_the_outbox_is_not_claimed(clean, monkeypatch):
    now = clean.group_meetings["next"].starts_at - dt.timedelta(days=1)

    def fail(_meeting):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("collaboratives.emails.group_meeting_reminder", fail)
        with pytest.raises(ZeroDivisionError):
            send_reminders(now)
    assert send_reminders(now) == 1


def test_a_meeting_that_was_called_off_is_not_reminded_of_also_between_finding_and_claiming(clean):
    meeting = clean.group_meetings["next"]
    now = meeting.starts_at - dt.timedelta(days=1)
    assert due(now).exists()
    cancel_group_meeting(meeting=meeting, by=clean.users.jcpc_chair)
    assert not due(now).exists()
    assert claim(meeting, now) is False


def test_another_day_has_a_reminder_of_its_own(clean):
    meeting = clean.group_meetings["next"]
    send_reminders(meeting.starts_at - dt.timedelta(days=1))
    later = meeting.starts_at + dt.timedelta(days=10)
    values = {"starts_at": later, "ends_at": later + dt.timedelta(hours=1)}
    change_group_meeting(meeting=meeting, by=clean.users.jcpc_chair, base_version=1, values=values)
    assert claim(meeting, timezone.now()) is False  # the day that the worker read is no longer the day
    assert send_reminders(later - LEAD - dt.timedelta(hours=2)) == 0
    assert send_reminders(later - dt.timedelta(days=1)) == 1
    assert len(reminded()) == 6


def test_a_meeting_called_within_the_lead_needs_no_reminder_on_top(clean):
    call(clean.jcpc, timezone.now() + LEAD - dt.timedelta(hours=1), by=clean.users.jcpc_chair)
    assert send_reminders(timezone.now() + dt.timedelta(hours=1)) == 0


def test_in_a_closed_group_only_those_who_signed_are_reminded(clean):
    meeting = clean.group_meetings["closed_next"]
    GroupMeeting.objects.filter(pk=meeting.pk).update(reminded_at=None)
    send_reminders(meeting.starts_at - dt.timedelta(days=1))
    assert reminded() == ["Helen Ames"]


def test_the_wake_up_sends_what_is_due_now(clean):
    meeting = clean.group_meetings["next"]
    with time_machine.travel(meeting.starts_at - dt.timedelta(days=2), tick=False):
        assert remind_of_group_meetings.delay().get() == 1
        send_due(now=timezone.now())
    assert {message.subject for message in mail.outbox} == {"Your group meets soon"}
    assert len(mail.outbox) == 3
    assert BEAT["remind-of-group-meetings"]["task"] == remind_of_group_meetings.name
