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
#: Meetings that are claimed at once; a wake-up goes on until none is due.
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


def send_reminders(now: dt.datetime) -> int:
    """Remind of every meeting that is due. Returns how many."""
    count = 0
    while found := _remind_of_some(now):
        count += found
    return count


@transaction.atomic
def _remind_of_some(now: dt.datetime) -> int:
    """Claim the next meetings and write their notices, all or nothing.

    Their rows are locked: what another worker reminds of, or somebody changes in this moment, is passed over.
    """
    with whole_state("reminders go to everybody who may read a meeting, of every team; they say no word of it"):
        free = due(now).select_for_update(of=("self",), skip_locked=True).order_by("starts_at", "pk")
        found = list(free[:AT_ONCE])
        Meeting.objects.filter(pk__in=[meeting.pk for meeting in found]).update(reminded_at=now)
        emails.meeting_reminders(found)
    return len(found)
