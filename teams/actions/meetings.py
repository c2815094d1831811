"""Calling a meeting, changing it, and noting who was there."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from families.enums import DEFAULT_SECTIONS
from soc_portal.audit.actions import record
from soc_portal.versions.actions import add_row, change_row, move_rows
from teams import emails
from teams.access import members_who_share
from teams.actions.agenda import carry_moved_topics
from teams.actions.copies import copies_fall_due
from teams.actions.deadlines import meeting_was_held
from teams.actions.notice import Told, tell_of
from teams.actions.records import writing_record
from teams.enums import MEETING_MOVES, Attendance, Can, Coming, MeetingStatus
from teams.models import (
    Decision,
    Guest,
    Help,
    Meeting,
    Membership,
    Note,
    SlotAnswer,
    Step,
    Team,
    Topic,
    WhatIf,
    Words,
)

#: A meeting that has neither been nor been called off.
AHEAD = (MeetingStatus.ASKED, MeetingStatus.SET)


@transaction.atomic
def call_meeting(*, team: Team, meeting: Meeting, by, all_right: bool = False) -> Meeting:
    """Anybody on the team calls a meeting; everybody with whom its part of the record is shared is invited.

    Sooner than the rule of notice says, a caregiver has to say that this is `all_right`, and what anybody else calls
    waits for the family's yes: nobody is invited before it. The same person calling the very same meeting again (a
    form sent twice) gets the meeting that is there already.
    """
    now = timezone.now()
    meeting.team = team
    meeting.starts_at, meeting.ends_at = whole_minutes(meeting.starts_at), whole_minutes(meeting.ends_at)
    meeting.told_at = now
    if meeting.starts_at <= now:
        raise ValidationError(_("This time has passed. Write a time to come."), code="past")
    told = tell_of(team, meeting.starts_at, by=by, all_right=all_right, now=now)
    for name, value in told.columns(now).items():
        setattr(meeting, name, value)
    meeting.status = told.status
    Team.objects.select_for_update(of=("self",)).get(pk=team.pk)  # the second of two forms waits for the first
    if same := _called_already(meeting, by):
        return same
    add_row(meeting, by=by, family_id=team.family_id)
    if told.is_asked:
        record("meeting_asked_for", by=by, family_id=team.family_id, team_id=team.pk, thing=meeting)
        emails.short_notice_asked(meeting, by)
        return meeting
    record("meeting_called", by=by, family_id=team.family_id, team_id=team.pk, thing=meeting)
    _invite(meeting, by)
    return meeting


def _invite(meeting: Meeting, by) -> None:
    """Everybody with whom the meeting's part of the record is shared is a guest, and told of it if it is to come.

    What an earlier meeting put off comes to its agenda.
    """
    members = members_who_share(meeting.team, meeting.section).exclude(invited_to__meeting=meeting)
    Guest.objects.bulk_create(Guest(meeting=meeting, membership=member) for member in members)
    carry_moved_topics(meeting)
    if meeting.starts_at > timezone.now():
        emails.meeting_called(meeting, by)


def whole_minutes(moment: dt.datetime) -> dt.datetime:
    """A meeting has whole minutes, as its form does: a form that changes nothing then changes nothing."""
    return moment.replace(second=0, microsecond=0)


def _called_already(meeting: Meeting, by) -> Meeting | None:
    same = {name: getattr(meeting, name) for name in Meeting.versioned if name != "status"}
    same["status__in"] = AHEAD  # the family may have said yes in between
    return Meeting.objects.live().filter(team=meeting.team, created_by=by, **same).order_by("pk").first()


def carry_answers_to_times(meeting: Meeting) -> None:
    """Who can come at the time that became this meeting is coming, and who can't is not, until they say otherwise.

    "If needed" is no answer to the invitation: they are still asked.
    """
    answers = SlotAnswer.objects.filter(
        slot__poll__meeting=meeting, slot__ended_at=None, slot__starts_at=meeting.starts_at,
        slot__ends_at=meeting.ends_at, ended_at=None,
    )  # fmt: skip
    for can, means in ((Can.YES, Coming.YES), (Can.NO, Coming.NO)):
        said = answers.filter(can=can).values("membership")
        meeting.guests.filter(coming=Coming.NO_ANSWER, membership__in=said).update(coming=means)


@transaction.atomic
def invite_to_next_meetings(*, membership: Membership) -> None:
    """Somebody who joins after a meeting was called is invited to it too, if its part of the record is shared."""
    ahead = Meeting.objects.live().filter(
        team=membership.team_id, status=MeetingStatus.SET, starts_at__gt=timezone.now()
    )
    ahead = ahead.exclude(guests__membership=membership).order_by("pk")
    Guest.objects.bulk_create(
        Guest(meeting=meeting, membership=membership)
        for meeting in ahead
        if members_who_share(membership.team, meeting.section).filter(pk=membership.pk).exists()
    )


@transaction.atomic
def change_meeting(
    *, meeting: Meeting, by, base_version: int, values: dict[str, Any], all_right: bool = False
) -> Meeting:
    """Change the time, place or purpose; raises `Conflict` when somebody else just did. Everybody is told.

    Another day is told of anew: the rule of notice and the family's yes count as when a meeting is called.
    `ValidationError` for a meeting that was called off, and for a time that it can't have.
    """
    if meeting.status == MeetingStatus.CANCELLED:
        raise ValidationError(_("This meeting was called off."), code="cancelled")
    if "starts_at" in values:
        _refuse_wrong_time(meeting, values["starts_at"], timezone.now())
    team = meeting.team
    told = _told_anew(meeting, values, by=by, all_right=all_right)
    with writing_record(meeting, by=by):
        fresh = change_row(meeting, by=by, family_id=team.family_id, base_version=base_version, values=values)
        if fresh.section != meeting.section:
            _take_record_along(fresh, before=meeting.section)
    if fresh.status == MeetingStatus.HELD and fresh.starts_at != meeting.starts_at:
        copies_fall_due(fresh)
    if fresh.version != meeting.version:
        record("meeting_changed", by=by, family_id=team.family_id, team_id=team.pk, thing=meeting)
        moved = timezone.localdate(fresh.starts_at) != timezone.localdate(meeting.starts_at)
        fresh = _tell_of_change(fresh, told if moved else None, by=by)
    if fresh.starts_at != meeting.starts_at:  # another day has a reminder of its own
        Meeting.objects.filter(pk=fresh.pk).update(told_at=timezone.now(), reminded_at=None)
    return fresh


def _told_anew(meeting: Meeting, values: dict[str, Any], *, by, all_right: bool) -> Told | None:
    """How the meeting stands on another day; None where it stays on its day or has been."""
    now, starts_at = timezone.now(), values.get("starts_at", meeting.starts_at)
    same_day = timezone.localdate(starts_at) == timezone.localdate(meeting.starts_at)
    if same_day or starts_at <= now or meeting.status not in AHEAD:
        return None
    return tell_of(meeting.team, starts_at, by=by, all_right=all_right, now=now)


def _tell_of_change(meeting: Meeting, told: Told | None, *, by) -> Meeting:
    """Tell those whom a change is for: everybody of a meeting that is set, the family of one that waits for its yes."""
    before = meeting.status
    if told is not None:
        columns = told.columns(timezone.now())
        Meeting.objects.filter(pk=meeting.pk).update(**columns)
        if told.status != before:
            meeting = _move(meeting, told.status, by=by)
    if meeting.status == MeetingStatus.SET:
        if before == MeetingStatus.ASKED:
            _invite(meeting, by)
        else:
            emails.meeting_changed(meeting, by)
    elif told is not None:
        emails.short_notice_asked(meeting, by)
        if before == MeetingStatus.SET:
            emails.meeting_waits(meeting, by)
    return meeting


@transaction.atomic
def waive_notice(*, meeting: Meeting, by) -> Meeting:
    """The family says that it is all right to meet so soon: the meeting is set, and everybody is invited.

    `ValidationError` where nobody waits for this yes any more.
    """
    if meeting.status != MeetingStatus.ASKED:
        raise ValidationError(_("This meeting does not wait for a yes any more."), code="move")
    fresh, now = _move(meeting, MeetingStatus.SET, by=by), timezone.now()
    Meeting.objects.filter(pk=fresh.pk).update(waived_at=now, waived_by=by, told_at=now)
    fresh.waived_at = fresh.told_at = now
    fresh.waived_by = by
    team = meeting.team
    record("notice_waived", by=by, family_id=team.family_id, team_id=team.pk, thing=meeting)
    _invite(fresh, by)
    carry_answers_to_times(fresh)
    return fresh


def _take_record_along(meeting: Meeting, *, before: str) -> None:
    """Nothing said at a meeting, and no history of it, is open to more people than the meeting itself.

    A meeting that is opened to more people takes nothing along: each part is opened on its own.
    """
    if meeting.section in DEFAULT_SECTIONS:
        return
    for model in (Topic, Note, Decision, WhatIf, Help, Words, Step):
        rows = model._base_manager.filter(meeting=meeting, section__in={*DEFAULT_SECTIONS, before})
        move_rows(rows, section=meeting.section)


def _refuse_wrong_time(meeting: Meeting, starts_at: dt.datetime, now: dt.datetime) -> None:
    """What took place was in the past; what is to come stays in the future."""
    if meeting.status == MeetingStatus.HELD and starts_at > now:
        raise ValidationError(_("This meeting has taken place. Write the day when it was."), code="held")
    if meeting.starts_at > now >= starts_at:
        raise ValidationError(_("This time has passed. Write a time to come."), code="past")


def _move(meeting: Meeting, status: MeetingStatus, *, by) -> Meeting:
    if status not in MEETING_MOVES[MeetingStatus(meeting.status)]:
        raise ValidationError(_("This meeting has already taken place or was called off."), code="move")
    family_id = meeting.team.family_id
    return change_row(
        meeting, by=by, family_id=family_id, base_version=meeting.version, values={"status": status.value}
    )


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, by) -> Meeting:
    """Call a meeting off; everybody is told."""
    fresh = _move(meeting, MeetingStatus.CANCELLED, by=by)
    team = meeting.team
    record("meeting_cancelled", by=by, family_id=team.family_id, team_id=team.pk, thing=meeting)
    emails.meeting_cancelled(fresh, by)
    return fresh


@transaction.atomic
def note_attendance(*, meeting: Meeting, marks: dict[int, str], by, now: dt.datetime) -> None:
    """Note who was there: `marks` are attendances by guest number. The first note means that the meeting took place."""
    if meeting.status == MeetingStatus.CANCELLED:
        raise ValidationError(_("This meeting was called off."), code="cancelled")
    if meeting.starts_at > now:
        raise ValidationError(_("This meeting has not started yet."), code="early")
    guests = {guest.pk: guest for guest in meeting.guests.all()}
    strangers = set(marks) - set(guests)
    if strangers:
        raise ValidationError(_("Somebody on this list was not invited to this meeting."), code="stranger")
    changed = [guest for pk, guest in guests.items() if pk in marks and guest.attendance != marks[pk]]
    with writing_record(meeting, by=by):
        for guest in changed:
            guest.attendance = marks[guest.pk]
        Guest.objects.bulk_update(changed, ["attendance"])
    team = meeting.team
    if changed:
        record(
            "attendance_noted", by=by, family_id=team.family_id, team_id=team.pk, thing=meeting,
            marks={str(guest.pk): guest.attendance for guest in changed},
        )  # fmt: skip
    came = any(guest.attendance in (Attendance.CAME, Attendance.PHONE) for guest in guests.values())
    if came and meeting.status in AHEAD:
        _move(meeting, MeetingStatus.HELD, by=by)
        meeting_was_held(team, on=timezone.localdate(meeting.starts_at))
        copies_fall_due(meeting)


@transaction.atomic
def answer_invitation(*, guest: Guest, coming: str, needs: str, by) -> Guest:
    """Somebody says whether they are coming and what would help them come."""
    if guest.meeting.status == MeetingStatus.ASKED:
        raise ValidationError(_("This meeting waits for the family’s yes. You can answer after that."), code="asked")
    if guest.meeting.status != MeetingStatus.SET:
        raise ValidationError(_("This meeting has already taken place or was called off."), code="move")
    Guest.objects.filter(pk=guest.pk).update(coming=coming, needs=needs)
    guest.coming, guest.needs = coming, needs
    team = guest.meeting.team
    record("meeting_answered", by=by, family_id=team.family_id, team_id=team.pk, thing=guest.meeting)
    return guest
