"""When members of a group are reminded of a meeting: due -> claim -> send. The task is a wake-up."""

import datetime as dt

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from collaboratives import emails
from collaboratives.enums import GroupMeetingStatus
from collaboratives.models import GroupMeeting

#: How long before a meeting its members are reminded, by the clock on the wall: a meeting on Thursday at noon is due
#: on Monday at noon, also in a week in which the clocks change.
LEAD = dt.timedelta(days=3)
#: Meetings a wake-up takes on; the next one goes on where it stopped.
AT_ONCE = 200


def due(now: dt.datetime) -> QuerySet[GroupMeeting]:
    """Meetings to come within the lead of which nobody has reminded yet.

    Where members were told of the day within the lead itself, that notice was the reminder.
    """
    until = timezone.localtime(now) + LEAD  # the same time of day, three days on
    return GroupMeeting.objects.live().filter(
        status=GroupMeetingStatus.SET, reminded_at=None, starts_at__gt=now, starts_at__lte=until,
        told_at__lt=F("starts_at") - LEAD, group__ended_at=None,
    )  # fmt: skip


def claim(meeting: GroupMeeting, now: dt.datetime) -> bool:
    """Take a meeting for reminding; false when another worker has it, or when it is no longer on that day."""
    waiting = GroupMeeting.objects.filter(
        pk=meeting.pk, reminded_at=None, status=GroupMeetingStatus.SET, starts_at=meeting.starts_at
    )
    return waiting.update(reminded_at=now) == 1


def send_reminders(now: dt.datetime) -> int:
    """Remind of every meeting that is due: the claim and the notices are one transaction. Returns how many."""
    found = list(due(now).select_related("group__kind_of").order_by("starts_at", "pk")[:AT_ONCE])
    return sum(_remind(meeting, now) for meeting in found)


@transaction.atomic
def _remind(meeting: GroupMeeting, now: dt.datetime) -> bool:
    if not claim(meeting, now):
        return False
    emails.group_meeting_reminder(meeting)
    return True
