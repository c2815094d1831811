"""What the page of one group meeting shows to one reader: the notice to all, the whole record to members."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from collaboratives import access
from collaboratives.actions.group_meetings import content_of, hash_of
from collaboratives.enums import GroupMeetingStatus, Presence
from collaboratives.models import AgendaItem, GroupAttendance, GroupDecision, GroupMeeting

#: In the order of the page.
PRESENT_WORDS = (Presence.CAME, Presence.REMOTE, Presence.DESIGNEE, Presence.EXCUSED, Presence.AWAY)


@dataclass
class Record:
    """One meeting as one person may read it. `is_inside`: they read drafts of the group; `is_writer`: they write."""

    meeting: GroupMeeting
    now: dt.datetime
    agenda: list[AgendaItem]
    is_inside: bool = False
    is_writer: bool = False
    can_run: bool = False
    can_approve: bool = False
    decisions: list[GroupDecision] = field(default_factory=list)
    attendance: list[tuple[str, list[str]]] = field(default_factory=list)
    seen_hash: str = ""

    @property
    def can_read(self) -> bool:
        """Whether what was said and decided is open to this reader: the minutes are approved, or they see inside."""
        return self.is_inside or self.meeting.is_approved

    @property
    def is_ahead(self) -> bool:
        return self.meeting.status == GroupMeetingStatus.SET and self.meeting.ends_at > self.now

    @property
    def has_started(self) -> bool:
        return self.meeting.starts_at <= self.now

    @property
    def is_cancelled(self) -> bool:
        return self.meeting.status == GroupMeetingStatus.CANCELLED

    @property
    def is_held(self) -> bool:
        return self.meeting.status == GroupMeetingStatus.HELD

    @property
    def can_write(self) -> bool:
        """Whether the record still takes words: not called off, not approved."""
        return self.is_writer and not self.is_cancelled and not self.meeting.is_approved

    @property
    def can_run_now(self) -> bool:
        return self.can_run and self.can_write and self.has_started

    @property
    def shows_link(self) -> bool:
        return bool(self.meeting.link) and self.is_ahead and (self.is_inside or self.meeting.link_is_public)

    @property
    def state(self) -> tuple[str, str]:
        return state_of(self.meeting, self.now)


def record_of(user, meeting: GroupMeeting, now: dt.datetime) -> Record:
    """The record for this reader; what they may not read is not asked for. At most eight queries."""
    group = meeting.group
    can_run = access.can_run_group(user, group)
    record = Record(
        meeting=meeting, now=now, agenda=agenda_of(meeting), can_run=can_run,
        is_writer=can_run or access.is_group_member(user, group), is_inside=access.sees_inside(user, group),
    )  # fmt: skip
    if record.can_read:
        record.decisions = decisions_of(meeting)
    if record.is_inside and record.has_started:
        record.attendance = attendance_of(meeting)
    if record.can_write and record.is_held and meeting.minutes and access.can_approve_minutes(user, group):
        record.can_approve, record.seen_hash = True, hash_of(content_of(meeting))
    return record


def agenda_of(meeting: GroupMeeting) -> list[AgendaItem]:
    return list(AgendaItem.objects.live().filter(meeting=meeting).order_by("pk"))


def decisions_of(meeting: GroupMeeting) -> list[GroupDecision]:
    return list(GroupDecision.objects.live().filter(meeting=meeting).order_by("pk"))


def attendance_of(meeting: GroupMeeting) -> list[tuple[str, list[str]]]:
    """(words, names) for each answer that is noted for somebody, in the order of the seats."""
    rows = GroupAttendance.objects.filter(meeting=meeting).exclude(presence=Presence.UNKNOWN)
    noted = list(rows.order_by("term__seat__number").values_list("presence", "term__name"))
    found = [(mark.label, [name for presence, name in noted if presence == mark]) for mark in PRESENT_WORDS]
    return [(str(words), names) for words, names in found if names]


def state_of(meeting: GroupMeeting, now: dt.datetime) -> tuple[str, str]:
    """The badge of a meeting: its look and its words."""
    if meeting.status == GroupMeetingStatus.CANCELLED:
        return "stop", _("Called off")
    if meeting.is_approved:
        return "done", _("Minutes approved")
    if meeting.status == GroupMeetingStatus.HELD:
        return "doing", _("Took place, minutes to come")
    if meeting.starts_at > now:
        return "todo", _("Coming up")
    if meeting.ends_at > now:
        return "doing", _("Under way now")
    return "wait", _("Not written down yet")
