"""Writing on the page of a meeting while it goes on: who is here, how far the goals are. Several do it at once."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from soc_portal.audit.actions import record
from teams.actions.items import add_item, change_item
from teams.actions.meetings import note_attendance
from teams.enums import OPENS_BEFORE, Attendance, MeetingStatus
from teams.models import Goal, Guest, Meeting, Membership, Rating


def require_open(meeting: Meeting, now: dt.datetime) -> None:
    """Refuse to record a meeting that was called off or does not begin soon: `ValidationError`."""
    if meeting.status == MeetingStatus.CANCELLED:
        raise ValidationError(_("This meeting was called off."), code="cancelled")
    if meeting.starts_at - OPENS_BEFORE > now:
        raise ValidationError(_("This meeting has not started yet."), code="early")


def _locked(meeting: Meeting, now: dt.datetime) -> Meeting:
    """The meeting as it stands; those who tap at once take turns."""
    fresh = Meeting.objects.select_related("team__family").select_for_update(of=("self",)).get(pk=meeting.pk)
    require_open(fresh, now)
    return fresh


@transaction.atomic
def tap_attendance(*, meeting: Meeting, guest: Guest, mark: str, was: str, by, now: dt.datetime) -> None:
    """Note one person by one tap. `was` is what the page showed: `ValidationError` if it was noted otherwise since."""
    if mark not in Attendance.values:
        raise ValidationError(_("Choose one of these."), code="mark")
    fresh = _locked(meeting, now)
    there = Guest.objects.get(pk=guest.pk)
    if there.attendance not in (was, mark):
        words = _("Somebody else just noted something else: %(noted)s. Which one is right?")
        raise ValidationError(words, code="conflict", params={"noted": there.get_attendance_display()})
    note_attendance(meeting=fresh, marks={guest.pk: mark}, by=by, now=max(now, fresh.starts_at))


@transaction.atomic
def note_somebody_else(*, meeting: Meeting, membership: Membership, by, now: dt.datetime) -> Guest:
    """Somebody of the team who was not on the list is here. It opens nothing to them that they may not read."""
    fresh = _locked(meeting, now)
    if membership.team_id != fresh.team_id or membership.stage != "live":
        raise ValidationError(_("Only people on the team can be added. Ask the family first."), code="stranger")
    guest, is_new = Guest.objects.get_or_create(meeting=fresh, membership=membership)
    if is_new:
        record("guest_added", by=by, family_id=fresh.team.family_id, team_id=fresh.team_id, thing=fresh)
    note_attendance(meeting=fresh, marks={guest.pk: Attendance.CAME.value}, by=by, now=max(now, fresh.starts_at))
    return guest


@transaction.atomic
def rate_goal(*, meeting: Meeting, goal: Goal, rating: Rating | None, value: int, base_version: int, by,
              now: dt.datetime) -> Rating:  # fmt: skip
    """How far a goal is, said at this meeting; saying it again corrects the number. Raises `Conflict` when stale."""
    require_open(meeting, now)
    team = meeting.team
    if rating is None:
        day = timezone.localdate(min(now, meeting.starts_at))
        return add_item(team=team, item=Rating(goal=goal, meeting=meeting, value=value, rated_on=day), by=by)
    return change_item(team=team, item=rating, by=by, base_version=base_version, values={"value": value})
