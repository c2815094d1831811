"""Messages about groups: one function a message. They say what kind of thing happened and when, and name no group.

In a closed group nobody gets one who has not signed its statement.
"""

from collections.abc import Iterable

from django.urls import reverse

from collaboratives.access import readers_of_group, runners_of_group
from collaboratives.enums import Coming
from collaboratives.models import Collaborative, GroupAttendance, GroupMeeting, Recommendation
from soc_portal.notices.emails import put_in_outbox


def _tell(kind: str, users: Iterable, path: str, by=None, **facts) -> None:
    """One notice to each of these people, without the one who made the change."""
    for user in users:
        if by is None or user.pk != by.pk:
            put_in_outbox(kind, user=user, path=path, **facts)


def _meeting(kind: str, meeting: GroupMeeting, users: Iterable, by=None) -> None:
    path = reverse("collaboratives:group_meeting_detail", args=[meeting.group_id, meeting.pk])
    _tell(kind, users, path, by, starts_at=meeting.starts_at.isoformat())


def group_meeting_called(meeting: GroupMeeting, by) -> None:
    """To the group's members: a meeting is set."""
    _meeting("group_meeting_called", meeting, readers_of_group(meeting.group), by)


def group_meeting_changed(meeting: GroupMeeting, by) -> None:
    """To the group's members: the time or place of a meeting is another."""
    _meeting("group_meeting_changed", meeting, readers_of_group(meeting.group), by)


def group_meeting_cancelled(meeting: GroupMeeting, by) -> None:
    """To the group's members: a meeting will not take place."""
    _meeting("group_meeting_cancelled", meeting, readers_of_group(meeting.group), by)


def group_meeting_reminder(meeting: GroupMeeting) -> None:
    """To the group's members, without those who said that they can't come: the meeting is near."""
    away = GroupAttendance.objects.filter(meeting=meeting, coming=Coming.NO, term__user__isnull=False)
    users = readers_of_group(meeting.group).exclude(pk__in=away.values("term__user_id"))
    _meeting("group_meeting_reminder", meeting, users)


def recommendation_came(row: Recommendation, by) -> None:
    """To those who run the addressed group: another group asks for an answer."""
    if row.to_group is not None:
        _tell("recommendation_came", runners_of_group(row.to_group), _page_of(row.to_group), by)


def recommendation_answered(row: Recommendation, by) -> None:
    """To those who run the group that asked: there is an answer."""
    _tell("recommendation_answered", runners_of_group(row.group), _page_of(row.group), by)


def _page_of(group: Collaborative) -> str:
    return reverse("collaboratives:recommendation_list", args=[group.pk])
