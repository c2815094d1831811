"""Approving the record of a meeting: a caregiver and the facilitator, then it is frozen and closed to writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from soc_portal.audit.actions import record
from soc_portal.versions.actions import add_row
from teams import access, emails
from teams.actions.copies import give_copies, recount_copies
from teams.actions.plans import hash_of
from teams.actions.record_content import content_of_meeting
from teams.enums import MeetingStatus
from teams.models import Meeting, Note, RecordVersion

#: What a yes adds to a version that waits for the other one.
YES_FIELDS = [
    "family_at", "family_by", "family_name", "others_at", "others_by", "others_name", "approved_at", "seal",
]  # fmt: skip


def record_seal_of(version: RecordVersion) -> str:
    """SHA-256 over everything that an approved record holds: content, names, times. One letter makes another seal."""
    times = {
        name: value.isoformat() if value else None
        for name, value in vars(version).items()
        if name in ("created_at", "family_at", "others_at", "approved_at")
    }
    return hash_of(
        {
            "meeting": version.meeting_id, "number": version.number, "content_hash": version.content_hash,
            "family": version.family_name, "others": version.others_name,
        }
        | times
    )  # fmt: skip


def _locked(meeting: Meeting) -> Meeting:
    """The meeting as it stands; whoever writes a part of its record or approves it takes turns."""
    return Meeting.objects.select_for_update(of=("self",)).select_related("team").get(pk=meeting.pk)


def _holding(meeting: Meeting) -> RecordVersion | None:
    """The version that is approved, or that waits for the second yes."""
    return RecordVersion.objects.filter(meeting=meeting, ended_at=None).first()


@contextmanager
def writing_record(meeting: Meeting | None, *, by, is_closed: bool = True) -> Iterator[None]:
    """Whatever changes a meeting's record stands inside this, in a transaction.

    `ValidationError` when the record is approved; not for what goes on living in the plan (`is_closed=False`). A change
    before the second yes ends the first one: its author read something else.
    """
    if meeting is None:
        yield
        return
    _locked(meeting)
    version = _holding(meeting)
    if version is not None and version.approved_at and is_closed:
        words = _("This record is approved and stays as it is. It can be opened again on the page of the meeting.")
        raise ValidationError(words, code="approved")
    yield
    if version is not None and not version.approved_at:
        _end_if_changed(version, by)


def _end_if_changed(version: RecordVersion, by) -> None:
    meeting = _locked(version.meeting)
    if hash_of(content_of_meeting(meeting)) != version.content_hash:
        _end(version, by)
        team = meeting.team
        record("record_yes_ended", by=by, family_id=team.family_id, team_id=team.pk, thing=meeting)


def _end(version: RecordVersion, by) -> None:
    RecordVersion.written_by_actions.filter(pk=version.pk).update(ended_at=timezone.now(), ended_by=by)


@transaction.atomic
def approve_record(*, meeting: Meeting, by, side: str, seen_hash: str) -> RecordVersion:
    """Somebody approves the record that they read, for the family or for the others; `side` is from `access`.

    `seen_hash` is the hash of what the page showed them. The first yes freezes the record, the second one closes it and
    gives everybody their copy. `ValidationError` when the meeting did not take place, when the record changed since the
    page was opened, and when their side approved it already.
    """
    meeting = _locked(meeting)
    if meeting.status != MeetingStatus.HELD:
        raise ValidationError(_("Note who was there first. Then the record can be approved."), code="early")
    content = content_of_meeting(meeting)
    if seen_hash != hash_of(access.readable_content(by, meeting.team, content)):
        words = _("Somebody changed the record since you opened it. Please read it again.")
        raise ValidationError(words, code="stale")
    version = _holding(meeting)
    if version is not None and not version.approved_at and version.content_hash != hash_of(content):
        _end(version, by)
        version = None
    if version is not None and (version.approved_at or getattr(version, f"{side}_at")):
        raise ValidationError(_("This record is approved for your side already."), code="twice")
    version = version or _next_version(meeting, content)
    _say_yes(version, by, side)
    team = meeting.team
    record("record_approved", by=by, family_id=team.family_id, team_id=team.pk, thing=meeting, number=version.number)
    if version.approved_at:
        give_copies(version=version, by=by)
    else:
        emails.record_waits(version, access.OTHER_SIDE if side == access.FAMILY_SIDE else access.FAMILY_SIDE)
    return version


def _next_version(meeting: Meeting, content: dict) -> RecordVersion:
    last = RecordVersion.objects.filter(meeting=meeting).defer("content").order_by("-number").first()
    return RecordVersion(
        meeting=meeting, number=last.number + 1 if last else 1, content=content, content_hash=hash_of(content),
        created_at=timezone.now(),
    )  # fmt: skip


def _say_yes(version: RecordVersion, by, side: str) -> None:
    now = timezone.now()
    for name, value in (("at", now), ("by", by), ("name", str(by))):
        setattr(version, f"{side}_{name}", value)
    if version.family_at and version.others_at:
        version.approved_at = now
        version.seal = record_seal_of(version)
    if version.pk is None:
        RecordVersion.written_by_actions.bulk_create([version])
    else:
        RecordVersion.written_by_actions.bulk_update([version], YES_FIELDS)


@transaction.atomic
def open_again(*, meeting: Meeting, by, reason: str) -> None:
    """An approved record is opened for corrections; what was approved is kept, and approved anew later.

    The reason becomes a note of the record, so that whoever reads it knows why there is a newer one.

    `ValidationError` without a reason, and when it is not approved (any more).
    """
    meeting = _locked(meeting)
    version = _holding(meeting)
    if version is None or not version.approved_at:
        raise ValidationError(_("This record is open already."), code="stale")
    if not reason.strip():
        raise ValidationError(_("Write in a few words what is to be corrected."), code="reason")
    _end(version, by)
    team = meeting.team
    note = Note(team=team, meeting=meeting, section=meeting.section, title=_("Why this was opened again"), text=reason)
    note.place = Note.objects.filter(team=team).count() + 1
    add_row(note, by=by, family_id=team.family_id)
    record("record_opened", by=by, family_id=team.family_id, team_id=team.pk, thing=meeting, number=version.number)
    recount_copies(team)
