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
from teams.actions.copies import copies_fall_due
from teams.actions.deadlines import meeting_was_held
from teams.actions.records import writing_record
from teams.enums import MEETING_MOVES, Attendance, MeetingStatus
from teams.models import Decision, Guest, Meeting, Membership, Note, Step, Team, Topic, Words


@transaction.atomic
def call_meeting(*, team: Team, meeting: Meeting, by) -> Meeting:
    """Anybody on the team calls a meeting; everybody with whom its part of the record is shared is invited.

    The same person calling the very same meeting again (a form sent twice) gets the meeting that is there already.
    """
    meeting.team = team
    meeting.starts_at, meeting.ends_at = whole_minutes(meeting.starts_at), whole_minutes(meeting.ends_at)
    if meeting.starts_at <= timezone.now():
        raise ValidationError(_("This time has passed. Write a time to come."), code="past")
    Team.objects.select_for_update(of=("self",)).get(pk=team.pk)  # the second of two forms waits for the first
    if same := _called_already(meeting, by):
        return same
    add_row(meeting, by=by, family_id=team.family_id)
    members = members_who_share(team, meeting.section)
    Guest.objects.bulk_create(Guest(meeting=meeting, membership=member) for member in members)
    record("meeting_called", by=by, family_id=team.family_id, team_id=team.pk, thing=meeting)
    emails.meeting_called(meeting, by)
    return meeting


def whole_minutes(moment: dt.datetime) -> dt.datetime:
    """A meeting has whole minutes, as its form does: a form that changes nothing then changes nothing."""
    return moment.replace(second=0, microsecond=0)


def _called_already(meeting: Meeting, by) -> Meeting | None:
    same = {name: getattr(meeting, name) for name in Meeting.versioned}
    return Meeting.objects.live().filter(team=meeting.team, created_by=by, **same).order_by("pk").first()


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
def change_meeting(*, meeting: Meeting, by, base_version: int, values: dict[str, Any]) -> Meeting:
    """Change the time, place or purpose; raises `Conflict` when somebody else just did. Everybody is told.

    `ValidationError` for a meeting that was called off, and for a time that it can't have.
    """
    if meeting.status == MeetingStatus.CANCELLED:
        raise ValidationError(_("This meeting was called off."), code="cancelled")
    if "starts_at" in values:
        _refuse_wrong_time(meeting, values["starts_at"], timezone.now())
    team = meeting.team
    with writing_record(meeting, by=by):
        fresh = change_row(meeting, by=by, family_id=team.family_id, base_version=base_version, values=values)
        if fresh.section != meeting.section:
            _take_record_along(fresh, before=meeting.section)
    if fresh.status == MeetingStatus.HELD and fresh.starts_at != meeting.starts_at:
        copies_fall_due(fresh)
    if fresh.version != meeting.version:
        record("meeting_changed", by=by, family_id=team.family_id, team_id=team.pk, thing=meeting)
        if fresh.status == MeetingStatus.SET:
            emails.meeting_changed(fresh, by)
    return fresh


def _take_record_along(meeting: Meeting, *, before: str) -> None:
    """Nothing said at a meeting, and no history of it, is open to more people than the meeting itself.

    A meeting that is opened to more people takes nothing along: each part is opened on its own.
    """
    if meeting.section in DEFAULT_SECTIONS:
        return
    for model in (Topic, Note, Decision, Words, Step):
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
    if came and meeting.status == MeetingStatus.SET:
        _move(meeting, MeetingStatus.HELD, by=by)
        meeting_was_held(team, on=timezone.localdate(meeting.starts_at))
        copies_fall_due(meeting)


@transaction.atomic
def answer_invitation(*, guest: Guest, coming: str, needs: str, by) -> Guest:
    """Somebody says whether they are coming and what would help them come."""
    if guest.meeting.status != MeetingStatus.SET:
        raise ValidationError(_("This meeting has already taken place or was called off."), code="move")
    Guest.objects.filter(pk=guest.pk).update(coming=coming, needs=needs)
    guest.coming, guest.needs = coming, needs
    team = guest.meeting.team
    record("meeting_answered", by=by, family_id=team.family_id, team_id=team.pk, thing=guest.meeting)
    return guest
