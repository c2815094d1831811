"""Who has a copy of an approved record, who still gets one on paper, and the day by which all have theirs."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaboratives.enums import DeadlineKind
from collaboratives.models import TimelineRule
from soc_portal.audit.actions import record
from teams import emails
from teams.access import copies_owed_to, members_with_copies
from teams.actions.deadlines import meet_deadline, set_deadline
from teams.enums import CopyWay, MeetingStatus
from teams.models import Meeting, Membership, RecordCopy, RecordVersion, Team


def copies_fall_due(meeting: Meeting) -> None:
    """A meeting took place: by when everybody has a copy of its record, under the rule of its day."""
    day = timezone.localdate(meeting.starts_at)
    rule = TimelineRule.objects.holding(DeadlineKind.COPIES, day)
    due_on = day + dt.timedelta(days=rule.days) if rule else None
    Meeting.objects.filter(pk=meeting.pk).update(copies_due_on=due_on)
    recount_copies(meeting.team)


def recount_copies(team: Team) -> None:
    """The team's deadline is the oldest day by which a copy is still owed; it is met when none is."""
    if not team.is_live:
        return
    meeting = _oldest_owing(team)
    if meeting is None:
        meet_deadline(team, DeadlineKind.COPIES, on=timezone.localdate())
    else:
        set_deadline(team, DeadlineKind.COPIES, counted_from=timezone.localdate(meeting.starts_at))


def _oldest_owing(team: Team) -> Meeting | None:
    """The held meeting that waits longest for its record or for a copy of it; a few queries for all of them."""
    held = Meeting.objects.live().filter(team=team, status=MeetingStatus.HELD, copies_due_on__isnull=False)
    meetings = list(held.order_by("copies_due_on", "pk"))
    approved = RecordVersion.objects.approved().filter(meeting__in=meetings).defer("content").order_by("pk")
    versions = {version.meeting_id: version for version in approved}
    copies = RecordCopy.objects.filter(record_version__in=versions.values()).order_by("pk")
    given = set(copies.values_list("record_version_id", "membership_id"))
    on_paper = {section: _on_paper(team, section) for section in sorted({row.section for row in meetings})}
    for meeting in meetings:
        version = versions.get(meeting.pk)
        if version is None or _lacks_copy(version, on_paper[meeting.section], given):
            return meeting
    return None


def _lacks_copy(version: RecordVersion, members: list[Membership], given: set) -> bool:
    """Whether one of those who get paper, and were on the team when it was approved, has no copy noted."""
    day = timezone.localdate(version.approved_at)
    there = [member for member in members if member.starts_on is not None and member.starts_on <= day]
    return any((version.pk, member.pk) not in given for member in there)


def _on_paper(team: Team, section: str) -> list[Membership]:
    return [member for member in members_with_copies(team, section) if member.way_of_copies == CopyWay.PAPER]


def give_copies(*, version: RecordVersion, by) -> None:
    """Everybody who may read the meeting gets the approved record in their own way; paper is noted when it is given.

    Who reads it in the portal has it at once; who wants an e-mail is told today that it is there.
    """
    today = timezone.localdate()
    given = []
    for member in copies_owed_to(version):
        if member.way_of_copies == CopyWay.PAPER:
            continue
        given.append(RecordCopy(record_version=version, membership=member, way=member.way_of_copies, given_on=today))
        if member.way_of_copies == CopyWay.MAIL:
            emails.record_ready(version, member)
    RecordCopy.objects.bulk_create(given)
    recount_copies(version.meeting.team)


@transaction.atomic
def note_paper_copy(*, version: RecordVersion, membership: Membership, given_on: dt.date, by) -> RecordCopy:
    """Somebody notes that a member has the record on paper since a day.

    `ValidationError` for a day before it was approved or to come, when it was opened again, or noted already.
    """
    version = RecordVersion.objects.select_for_update(of=("self",)).select_related("meeting__team").get(pk=version.pk)
    if version.ended_at or not version.approved_at:
        raise ValidationError(_("This record was opened again. Give the new one when it is approved."), code="stale")
    if given_on > timezone.localdate():
        raise ValidationError(_("This day is still to come. Write the day when you gave it."), code="given_on")
    if given_on < timezone.localdate(version.approved_at):
        raise ValidationError(_("The record was not approved yet on this day. Write a later day."), code="given_on")
    if RecordCopy.objects.filter(record_version=version, membership=membership).exists():
        raise ValidationError(_("It is noted already that they have a copy."), code="twice")
    copy = RecordCopy.objects.create(
        record_version=version, membership=membership, way=CopyWay.PAPER, given_on=given_on, noted_by=by
    )
    team = version.meeting.team
    record("copy_noted", by=by, family_id=team.family_id, team_id=team.pk, thing=membership)
    recount_copies(team)
    return copy


@transaction.atomic
def choose_copy_way(*, membership: Membership, way: str, by) -> None:
    """How a member wants their copies from now on. Without an account there is only paper."""
    if membership.user_id is None and way != CopyWay.PAPER:
        raise ValidationError(_("Somebody without an account gets their copy on paper."), code="way")
    if Membership.written_by_actions.filter(pk=membership.pk).exclude(copy_way=way).update(copy_way=way):
        team = membership.team
        record("copy_way_chosen", by=by, family_id=team.family_id, team_id=team.pk, thing=membership)
        recount_copies(team)
