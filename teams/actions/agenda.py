"""The agenda: its order is the family's, what comes late is marked, and what waits goes on to the next meeting."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from soc_portal.audit.actions import record
from soc_portal.versions.actions import add_row
from teams.actions.records import writing_record
from teams.enums import AGENDA_LATE, MeetingStatus, TopicOutcome
from teams.models import Meeting, Topic

AHEAD = (MeetingStatus.ASKED, MeetingStatus.SET)


def is_late(topic: Topic, meeting: Meeting) -> bool:
    """Whether something was put on the agenda so late that the team may come without knowing it."""
    return topic.created_at > meeting.starts_at - AGENDA_LATE


@transaction.atomic
def move_topic(*, topic: Topic, by, up: bool) -> None:
    """Swap a topic with the one before it (`up`) or after it on its own agenda; at the edge nothing happens.

    `ValidationError` once the record is approved.
    """
    with writing_record(topic.meeting, by=by):
        _swap(topic, by=by, up=up)


def _swap(topic: Topic, *, by, up: bool) -> None:
    Meeting.objects.select_for_update(of=("self",)).get(pk=topic.meeting_id)  # two who move at once take turns
    rows = list(Topic.objects.live().filter(meeting=topic.meeting_id).order_by("place", "pk"))
    index = next((i for i, row in enumerate(rows) if row.pk == topic.pk), None)
    other = -1 if index is None else index + (-1 if up else 1)
    if index is None or not 0 <= other < len(rows):
        return
    rows[index], rows[other] = rows[other], rows[index]
    for place, row in enumerate(rows, start=1):
        row.place = place
    Topic.objects.bulk_update(rows, ["place"])
    team = topic.team
    record("topic_moved", by=by, family_id=team.family_id, team_id=team.pk, thing=topic)


@transaction.atomic
def carry_to_next(topic: Topic) -> None:
    """What was moved to the next meeting stands on its agenda by itself, if that meeting is there already.

    Next is the next one of the same part of the record: whoever wanted to talk about it must be able to read it there.
    """
    meeting = topic.meeting
    ahead = _same_part(meeting).filter(status__in=AHEAD, starts_at__gt=max(meeting.starts_at, timezone.now()))
    following = ahead.order_by("starts_at", "pk").first()
    if following is not None:
        _carry([topic], following)


@transaction.atomic
def carry_moved_topics(meeting: Meeting) -> None:
    """A meeting that is called begins with what earlier ones of the same part of the record left for it."""
    earlier = _same_part(meeting).filter(starts_at__lt=meeting.starts_at).exclude(status=MeetingStatus.CANCELLED)
    moved = Topic.objects.live().filter(meeting__in=earlier, outcome=TopicOutcome.MOVED)
    moved = moved.select_related("meeting", "updated_by").order_by("meeting__starts_at", "place", "pk")
    _carry(list(moved), meeting)


def _same_part(meeting: Meeting) -> QuerySet[Meeting]:
    return Meeting.objects.live().filter(team=meeting.team_id, section=meeting.section)


def _carry(topics: list[Topic], meeting: Meeting) -> None:
    """Copies in the name of whoever moved them. What was carried once, even if taken away since, is not again."""
    place = Topic.objects.filter(team=meeting.team_id).count()
    later = Topic.objects.filter(meeting__in=_same_part(meeting))
    for topic in topics:
        if later.filter(text=topic.text, meeting__starts_at__gt=topic.meeting.starts_at).exists():
            continue
        place += 1
        copy = Topic(team_id=meeting.team_id, meeting=meeting, text=topic.text, section=topic.section, place=place)
        add_row(copy, by=topic.updated_by, family_id=meeting.team.family_id)
