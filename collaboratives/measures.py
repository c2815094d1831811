"""Numbers computed from rows of groups."""

import datetime as dt

from django.db.models import Count, Q

from collaboratives.enums import GroupMeetingStatus
from collaboratives.models import AgendaItem, Collaborative

#: How far back "is the family voice heard?" looks, in days: half a year.
VOICE_DAYS = 183


def family_voice(group: Collaborative, since: dt.date) -> tuple[int, int]:
    """(items on which a family member or youth spoke, all items) of the agendas of meetings held since that day."""
    items = AgendaItem.objects.live().filter(
        group=group, meeting__ended_at=None, meeting__status=GroupMeetingStatus.HELD,
        meeting__starts_at__date__gte=since,
    )  # fmt: skip
    found = items.aggregate(spoke=Count("pk", filter=Q(family_spoke=True)), all=Count("pk"))
    return found["spoke"], found["all"]
