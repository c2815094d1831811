"""Calling a group's meeting, its agenda, who was there and whether they could vote, what was decided, the minutes."""

import datetime as dt
import hashlib
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaboratives import emails
from collaboratives.access import own_terms_on, terms_on
from collaboratives.enums import (
    COUNTS_FOR_QUORUM,
    GROUP_MEETING_MOVES,
    Coming,
    GroupMeetingStatus,
    Presence,
    Quorum,
)
from collaboratives.models import AgendaItem, Collaborative, GroupAttendance, GroupDecision, GroupMeeting, Term
from soc_portal.audit.actions import record
from soc_portal.versions.actions import add_row, change_row

#: What members are told of when it changes.
TOLD = ("starts_at", "ends_at", "place_words", "link")


# --- Calling ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def call_group_meeting(*, group: Collaborative, meeting: GroupMeeting, by) -> GroupMeeting:
    """Set a meeting; the members are told, and in an open group the public can read the notice at once.

    The same person setting the very same meeting again (a form sent twice) gets the meeting that is there already.
    """
    meeting.group = group
    meeting.starts_at, meeting.ends_at = _whole_minutes(meeting.starts_at), _whole_minutes(meeting.ends_at)
    _refuse_wrong_time(group, meeting.starts_at)
    Collaborative.objects.select_for_update(of=("self",)).get(pk=group.pk)  # the second of two forms waits
    same = {name: getattr(meeting, name) for name in GroupMeeting.versioned}
    if there := GroupMeeting.objects.live().filter(group=group, created_by=by, **same).order_by("pk").first():
        return there
    meeting.told_at = timezone.now()
    add_row(meeting, by=by, family_id=None)
    record("group_meeting_called", by=by, thing=meeting)
    emails.group_meeting_called(meeting, by)
    return meeting


def _whole_minutes(moment: dt.datetime) -> dt.datetime:
    return moment.replace(second=0, microsecond=0)


def _refuse_wrong_time(group: Collaborative, starts_at: dt.datetime) -> None:
    if starts_at <= timezone.now():
        raise ValidationError(_("This time has passed. Write a time to come."), code="past")
    if group.ends_on is not None and timezone.localdate(starts_at) > group.ends_on:
        raise ValidationError(_("This group ends before that day."), code="ended")


@transaction.atomic
def change_group_meeting(*, meeting: GroupMeeting, by, base_version: int, values: dict[str, Any]) -> GroupMeeting:
    """Change when, where and what helps people come; members are told of another time or place.

    `Conflict` when somebody else just changed the same. `ValidationError` for a meeting that took place or was called
    off, and for a time that has passed.
    """
    meeting = _locked(meeting)
    if meeting.status != GroupMeetingStatus.SET:
        raise ValidationError(_("This meeting has already taken place or was called off."), code="move")
    if values.get("starts_at", meeting.starts_at) != meeting.starts_at:
        _refuse_wrong_time(meeting.group, values["starts_at"])
    fresh = change_row(meeting, by=by, family_id=None, base_version=base_version, values=values)
    if fresh.version != meeting.version:
        record("group_meeting_changed", by=by, thing=fresh)
    if any(getattr(fresh, name) != getattr(meeting, name) for name in TOLD):
        emails.group_meeting_changed(fresh, by)
    if fresh.starts_at != meeting.starts_at:  # another day has a reminder of its own
        GroupMeeting.objects.filter(pk=fresh.pk).update(told_at=timezone.now(), reminded_at=None)
    return fresh


@transaction.atomic
def cancel_group_meeting(*, meeting: GroupMeeting, by) -> GroupMeeting:
    """Call a meeting off; the members are told."""
    fresh = _move(_locked(meeting), GroupMeetingStatus.CANCELLED, by=by)
    record("group_meeting_cancelled", by=by, thing=fresh)
    emails.group_meeting_cancelled(fresh, by)
    return fresh


def _locked(meeting: GroupMeeting) -> GroupMeeting:
    """The meeting as it stands, held until the end of the transaction: nobody approves what somebody else changes."""
    meetings = GroupMeeting.objects.select_for_update(of=("self",)).select_related("group__kind_of")
    return meetings.get(pk=meeting.pk)


def _move(meeting: GroupMeeting, status: GroupMeetingStatus, *, by) -> GroupMeeting:
    if status not in GROUP_MEETING_MOVES[GroupMeetingStatus(meeting.status)]:
        raise ValidationError(_("This meeting has already taken place or was called off."), code="move")
    values = {"status": status.value}
    return change_row(meeting, by=by, family_id=None, base_version=meeting.version, values=values)


@transaction.atomic
def answer_group_meeting(*, meeting: GroupMeeting, by, coming: str, now: dt.datetime) -> None:
    """A member says whether they will be there, for each seat that they hold on that day; the last answer counts."""
    meeting = _locked(meeting)
    if meeting.status != GroupMeetingStatus.SET or meeting.ends_at <= now:
        raise ValidationError(_("This meeting has already taken place or was called off."), code="move")
    terms = list(own_terms_on(by, meeting.group, _day_of(meeting)))
    if not terms:
        raise ValidationError(_("Your term does not reach to the day of this meeting."), code="term")
    _write_attendance(meeting, {term.pk: Coming(coming).value for term in terms}, "coming")
    record("group_meeting_answered", by=by, thing=meeting)


def _day_of(meeting: GroupMeeting) -> dt.date:
    return timezone.localdate(meeting.starts_at)


def _write_attendance(meeting: GroupMeeting, marks: dict[int, str], field: str) -> None:
    rows = [GroupAttendance(meeting=meeting, term_id=term_id, **{field: mark}) for term_id, mark in marks.items()]
    GroupAttendance.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["meeting", "term"], update_fields=[field]
    )


# --- Agenda ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_agenda_item(*, meeting: GroupMeeting, item: AgendaItem, by) -> AgendaItem:
    """Put something on the agenda, at its end. The same words from the same person stand there once."""
    meeting = _open_for_writing(meeting)
    same = AgendaItem.objects.live().filter(meeting=meeting, created_by=by, text=item.text)
    if there := same.order_by("pk").first():
        return there
    item.meeting, item.group = meeting, meeting.group
    add_row(item, by=by, family_id=None)
    record("agenda_item_added", by=by, thing=item)
    return item


@transaction.atomic
def change_agenda_item(*, item: AgendaItem, by, base_version: int, values: dict[str, Any]) -> AgendaItem:
    """Change the words, write what was said, note that a family member spoke. `Conflict` as for every shared row."""
    _open_for_writing(item.meeting)
    fresh = change_row(item, by=by, family_id=None, base_version=base_version, values=values)
    if fresh.version != item.version:
        record("agenda_item_changed", by=by, thing=fresh)
    return fresh


def _open_for_writing(meeting: GroupMeeting) -> GroupMeeting:
    """The locked meeting, unless it was called off or its minutes are approved and so frozen."""
    meeting = _locked(meeting)
    if meeting.status == GroupMeetingStatus.CANCELLED:
        raise ValidationError(_("This meeting was called off."), code="cancelled")
    if meeting.is_approved:
        words = _("The minutes are approved and stay as they are. Put a correction on the agenda of the next meeting.")
        raise ValidationError(words, code="approved")
    return meeting


# --- Who was there ---------------------------------------------------------------------------------------------------
@transaction.atomic
def note_group_attendance(*, meeting: GroupMeeting, marks: dict[int, str], by, now: dt.datetime) -> None:
    """Note who was there: `marks` are presences by term number, of those who sat in the group on that day.

    After the meeting is written down as held, a correction counts anew; it is refused where votes that are written
    down would no longer stand.
    """
    meeting = _open_for_writing(meeting)
    _refuse_before_start(meeting, now)
    terms = {term.pk: term for term in terms_on(meeting.group, _day_of(meeting))}
    if set(marks) - set(terms):
        raise ValidationError(_("Somebody on this list had no seat in the group on that day."), code="stranger")
    _refuse_designees(terms, marks)
    noted = dict(GroupAttendance.objects.filter(meeting=meeting).values_list("term_id", "presence"))
    changed = {pk: Presence(mark).value for pk, mark in marks.items() if noted.get(pk, Presence.UNKNOWN) != mark}
    if not changed:
        return
    _write_attendance(meeting, changed, "presence")
    record("group_attendance_noted", by=by, thing=meeting, marks={str(pk): mark for pk, mark in changed.items()})
    if meeting.status == GroupMeetingStatus.HELD:
        _count(meeting)
        for decision in GroupDecision.objects.live().filter(meeting=meeting):
            _refuse_wrong_votes(meeting, decision)


def _refuse_before_start(meeting: GroupMeeting, now: dt.datetime) -> None:
    if meeting.starts_at > now:
        raise ValidationError(_("This meeting has not started yet."), code="early")


def _refuse_designees(terms: dict[int, Term], marks: dict[int, str]) -> None:
    """Only the seats of which the law says so may be held by somebody in the member's place."""
    for pk, mark in marks.items():
        if mark == Presence.DESIGNEE and not terms[pk].seat.category.designee:
            words = _("%(name)s can't send somebody in their place: the seat does not allow it.")
            raise ValidationError(words, code="designee", params={"name": terms[pk].name})


@transaction.atomic
def hold_group_meeting(*, meeting: GroupMeeting, by, now: dt.datetime) -> GroupMeeting:
    """Write down that the meeting took place, and count: seats filled on that day, how many are needed, who came.

    `ValidationError` before it has started, and while nobody is noted as present.
    """
    meeting = _locked(meeting)
    _refuse_before_start(meeting, now)
    if not GroupAttendance.objects.filter(meeting=meeting, presence__in=COUNTS_FOR_QUORUM).exists():
        raise ValidationError(_("Note first who was there."), code="nobody")
    fresh = _move(meeting, GroupMeetingStatus.HELD, by=by)
    fresh.group = meeting.group
    _count(fresh)
    record("group_meeting_held", by=by, thing=fresh, filled=fresh.filled, present=fresh.present)
    return fresh


def needed_of(filled: int, rule: str) -> int | None:
    """How many members must be there for a vote; None where the group's kind sets no number.

    A majority is more than half of the seats that somebody holds: 12 of 22 and 12 of 23. Empty seats don't count.
    """
    return filled // 2 + 1 if rule == Quorum.MAJORITY else None


def _count(meeting: GroupMeeting) -> None:
    terms = terms_on(meeting.group, _day_of(meeting))
    here = GroupAttendance.objects.filter(meeting=meeting, term__in=terms, presence__in=COUNTS_FOR_QUORUM)
    meeting.filled, meeting.present = terms.count(), here.count()
    meeting.quorum_needed = needed_of(meeting.filled, meeting.group.kind_of.quorum)
    meeting.save(update_fields=["filled", "present", "quorum_needed"])


# --- What was decided ------------------------------------------------------------------------------------------------
@transaction.atomic
def add_group_decision(*, meeting: GroupMeeting, decision: GroupDecision, by, now: dt.datetime) -> GroupDecision:
    """Write down a decision, with its votes where the group voted. The same decision from the same person is one."""
    meeting = _open_for_writing(meeting)
    _refuse_before_start(meeting, now)
    _refuse_wrong_votes(meeting, decision)
    same = {name: getattr(decision, name) for name in GroupDecision.versioned}
    there = GroupDecision.objects.live().filter(meeting=meeting, created_by=by, **same).order_by("pk").first()
    if there:
        return there
    decision.meeting, decision.group = meeting, meeting.group
    add_row(decision, by=by, family_id=None)
    record("group_decision_added", by=by, thing=decision)
    return decision


@transaction.atomic
def change_group_decision(
    *, decision: GroupDecision, by, base_version: int, values: dict[str, Any]
) -> GroupDecision:  # fmt: skip
    """Change a decision's words or votes; what comes of a merge keeps the rules of a vote too."""
    meeting = _open_for_writing(decision.meeting)
    fresh = change_row(decision, by=by, family_id=None, base_version=base_version, values=values)
    _refuse_wrong_votes(meeting, fresh)
    if fresh.version != decision.version:
        record("group_decision_changed", by=by, thing=fresh)
    return fresh


def _refuse_wrong_votes(meeting: GroupMeeting, decision: GroupDecision) -> None:
    """A vote counts only where enough members were there, and never has more voices than those."""
    if not decision.has_votes:
        return
    if not meeting.is_counted:
        words = _("Write down first who was there and that the meeting took place. Then votes count.")
        raise ValidationError({"votes_for": words})
    if not meeting.has_quorum:
        words = _("Members who were there: %(present)s. Needed to vote: %(needed)s. So this vote does not count.")
        numbers = {"present": meeting.present, "needed": meeting.quorum_needed}
        raise ValidationError({"votes_for": words % numbers})
    if decision.votes > (meeting.present or 0):
        words = _("Votes: %(votes)s. Members who were there: %(present)s. There can't be more votes than members.")
        raise ValidationError({"votes_for": words % {"votes": decision.votes, "present": meeting.present}})


# --- Minutes ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def change_minutes(*, meeting: GroupMeeting, by, base_version: int, text: str, now: dt.datetime) -> GroupMeeting:
    """Write the minutes of a meeting that has started; several people can, and nobody's words are overwritten."""
    meeting = _open_for_writing(meeting)
    _refuse_before_start(meeting, now)
    fresh = change_row(meeting, by=by, family_id=None, base_version=base_version, values={"minutes": text})
    if fresh.version != meeting.version:
        record("minutes_changed", by=by, thing=fresh)
    return fresh


def content_of(meeting: GroupMeeting) -> dict[str, Any]:
    """Everything that approved minutes hold, as plain JSON values: what is frozen with them."""
    agenda = AgendaItem.objects.live().filter(meeting=meeting).order_by("pk")
    decisions = GroupDecision.objects.live().filter(meeting=meeting).order_by("pk")
    noted = GroupAttendance.objects.filter(meeting=meeting).exclude(presence=Presence.UNKNOWN).order_by("pk")
    return {
        "group": meeting.group_id,
        "meeting": meeting.state(),
        "counted": [meeting.filled, meeting.quorum_needed, meeting.present],
        "agenda": [item.state() for item in agenda],
        "decisions": [decision.state() for decision in decisions],
        "attendance": [list(row) for row in noted.values_list("term_id", "presence")],
    }


def hash_of(content: dict[str, Any]) -> str:
    """SHA-256 of the content as JSON with sorted keys: the same minutes always have the same hash."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def approve_minutes(*, meeting: GroupMeeting, by, seen_hash: str, now: dt.datetime) -> GroupMeeting:
    """A chair writes down that the group approved the minutes, at a later meeting or after; they are frozen.

    `seen_hash` is the hash of what the page showed. In an open group they are public from now on. `ValidationError`
    where there is nothing to approve, on the day of the meeting itself, and when they changed since they were shown.
    """
    meeting = _open_for_writing(meeting)
    if meeting.status != GroupMeetingStatus.HELD:
        raise ValidationError(_("Write down first that the meeting took place."), code="not_held")
    if not meeting.minutes.strip():
        raise ValidationError(_("There are no minutes yet."), code="empty")
    if timezone.localdate(now) <= _day_of(meeting):
        words = _("A group approves its minutes on a later day, not at the meeting itself.")
        raise ValidationError(words, code="same_day")
    content_hash = hash_of(content_of(meeting))
    if content_hash != seen_hash:
        words = _("Somebody changed the minutes since you opened them. Please read them again.")
        raise ValidationError(words, code="changed")
    meeting.minutes_approved_at, meeting.minutes_approved_by, meeting.minutes_hash = now, by, content_hash
    meeting.save(update_fields=["minutes_approved_at", "minutes_approved_by", "minutes_hash"])
    record("minutes_approved", by=by, thing=meeting, hash=content_hash)
    return meeting
