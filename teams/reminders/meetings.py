"""When a team is reminded of a meeting: due -> claim -> send. The task is a wake-up."""

import datetime as dt

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from soc_portal.access.wall import whole_state
from teams import emails
from teams.enums import MeetingStatus
from teams.models import Meeting

#: How long before a meeting its team is reminded, by the clock on the wall, as groups are.
LEAD = dt.timedelta(days=3)
#: Meetings that are read at once; a wake-up goes on until none is due.
AT_ONCE = 200


def due(now: dt.datetime) -> QuerySet[Meeting]:
    """Meetings to come within the lead of which nobody has reminded yet; none that waits for the family's yes.

    Where the team was told of the day within the lead itself, that notice was the reminder.
    """
    until = timezone.localtime(now) + LEAD  # the same time of day, three days on
    return Meeting.objects.live().filter(
        status=MeetingStatus.SET, reminded_at=None, starts_at__gt=now, starts_at__lte=until,
        told_at__lt=F("starts_at") - LEAD, team__ended_at=None,
    )  # fmt: skip


def claim(meeting: Meeting, now: dt.datetime) -> bool:
    """Take a meeting for reminding; false when another worker has it, or when it is no longer on that day."""
    waiting = Meeting.objects.filter(
        pk=meeting.pk, reminded_at=None, status=MeetingStatus.SET, starts_at=meeting.starts_at
    )
    return waiting.update(reminded_at=now) == 1


def send_reminders(now: dt.datetime) -> int:
    """Remind of every meeting that is due: each claim and its notices are one transaction. Returns how many."""
    count = 0
    while found := _next_meetings(now):
        count += sum(_remind(meeting, now) for meeting in found)
    return count


def _next_meetings(now: dt.datetime) -> list[Meeting]:
    with whole_state("reminders go to every team; only their days are read"):
        return list(due(now).select_related("team").order_by("starts_at", "pk")[:AT_ONCE])


@transaction.atomic
def _remind(meeting: Meeting, now: dt.datetime) -> bool:
    with whole_state("a reminder goes to everybody who may read the meeting; the notice says no word of it"):
        if not claim(meeting, now):
            return False
        emails.meeting_reminder(meeting)
    return True
