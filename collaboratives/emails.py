"""Messages about groups: one function a message. They say what kind of thing happened and when, and name no group.

In a closed group nobody gets one who has not signed its statement.
"""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from collaboratives.access import (
    barrier_runners,
    coordinators_of,
    open_groups_of,
    readers_of_group,
    runners_of_group,
)
from collaboratives.enums import Coming, GroupMeetingStatus
from collaboratives.models import Barrier, Collaborative, County, GroupAttendance, GroupMeeting, Recommendation
from soc_portal.notices.emails import about, put_in_outbox
from soc_portal.notices.models import Notice

MORNING = dt.time(8)
#: Groups' meetings in calendar files.
GROUP_MEETING = "group-meeting"


def _tell(kind: str, users: Iterable, path: str, by=None, **facts) -> None:
    """One notice to each of these people, without the one who made the change."""
    for user in users:
        if by is None or user.pk != by.pk:
            put_in_outbox(kind, user=user, path=path, **facts)


def _meeting(kind: str, meeting: GroupMeeting, users: Iterable, by=None) -> None:
    path = reverse("collaboratives:group_meeting_detail", args=[meeting.group_id, meeting.pk])
    facts = about(GROUP_MEETING, meeting, is_cancelled=meeting.status == GroupMeetingStatus.CANCELLED)
    _tell(kind, users, path, by, **facts)


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


# --- Barriers --------------------------------------------------------------------------------------------------------
def barriers_wait(county: County) -> None:
    """To those who run the county's open groups: new barriers wait. The next morning, one for all that came.

    Not at once: the hour would tell which team was just at work.
    """
    runners = {user.pk: user for user in barrier_runners(open_groups_of(county))}
    runners |= {role.user_id: role.user for role in coordinators_of(county.pk)}
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    due_at = dt.datetime.combine(tomorrow, MORNING, timezone.get_current_timezone())
    waiting = Notice.objects.filter(kind="barriers_wait", user__in=runners, sent_at=None, due_at=due_at)
    told = set(waiting.values_list("user_id", flat=True))
    for user in (user for pk, user in runners.items() if pk not in told):
        put_in_outbox("barriers_wait", user=user, path=reverse("collaboratives:barrier_list"), due_at=due_at)


def barrier_passed_on(barrier: Barrier, by) -> None:
    """To those who run the State Collaborative: a county passed a barrier on to you."""
    _tell_runners("barrier_passed_on", barrier, by)


def barrier_given_back(barrier: Barrier, by) -> None:
    """To those who run the county's group: the State Collaborative gave a barrier back to you."""
    _tell_runners("barrier_given_back", barrier, by)


def _tell_runners(kind: str, barrier: Barrier, by) -> None:
    path = reverse("collaboratives:barrier_detail", kwargs={"barrier_id": barrier.pk})
    _tell(kind, barrier_runners(Collaborative.objects.filter(pk=barrier.group_id)), path, by)
