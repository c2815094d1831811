"""Finding a time to meet: asking for a meeting, offering times, answering, and choosing the one that becomes it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from soc_portal.audit.actions import record
from soc_portal.versions.actions import add_row, change_row, end_row
from teams import emails
from teams.access import family_on, slot_answers_of
from teams.actions.meetings import call_meeting, carry_answers_to_times, whole_minutes
from teams.enums import Can
from teams.models import Meeting, Membership, Slot, SlotAnswer, Team, TimePoll


# --- The best time ---------------------------------------------------------------------------------------------------
@dataclass
class Tally:
    """One time and the memberships that said yes, if needed, or no to it."""

    slot: Slot
    said: dict[str, set[int]] = field(default_factory=lambda: {can: set() for can in Can.values})

    @property
    def rank(self) -> tuple[int, int]:
        return len(self.said[Can.YES]), len(self.said[Can.IF_NEEDED])

    def suits(self, family: set[int]) -> bool:
        """Whether nobody whose record it is said that they can't."""
        return not self.said[Can.NO] & family


def tallies_of(slots: Iterable[Slot], answers: Iterable[SlotAnswer]) -> list[Tally]:
    """The times with what was said to each, in the order of the times."""
    tallies = {slot.pk: Tally(slot) for slot in slots}
    for answer in answers:
        if answer.slot_id in tallies:
            tallies[answer.slot_id].said[answer.can].add(answer.membership_id)
    return list(tallies.values())


def best_of(tallies: Iterable[Tally], family: set[int], now: dt.datetime) -> list[Tally]:
    """The best time, and those that are as good as it, earliest first; none where no time is possible.

    Never one that somebody whose record it is can't make, nor one that has passed or that nobody can make. Most who
    can come first, then most who can if needed.
    """
    possible = [row for row in tallies if row.suits(family) and row.slot.starts_at > now and any(row.rank)]
    if not possible:
        return []
    top = max(row.rank for row in possible)
    return sorted((row for row in possible if row.rank == top), key=lambda row: (row.slot.starts_at, row.slot.pk))


# --- The poll and its times ------------------------------------------------------------------------------------------
@transaction.atomic
def ask_to_meet(*, team: Team, poll: TimePoll, by) -> TimePoll:
    """Anybody on the team wants to meet and says why; everybody who may read it is told that a time is looked for.

    The same person asking for the very same again (a form sent twice) gets what is there already.
    """
    poll.team = team
    Team.objects.select_for_update(of=("self",)).get(pk=team.pk)  # the second of two forms waits for the first
    same = {name: getattr(poll, name) for name in TimePoll.versioned}
    there = TimePoll.objects.live().filter(team=team, created_by=by, meeting=None, **same).order_by("pk").first()
    if there:
        return there
    add_row(poll, by=by, family_id=team.family_id)
    record("time_asked_for", by=by, family_id=team.family_id, team_id=team.pk, thing=poll)
    emails.times_wanted(poll, by)
    return poll


def _open_poll(poll: TimePoll) -> TimePoll:
    """The poll, locked until the end of the transaction; `ValidationError` once it has become a meeting or ended."""
    locked = TimePoll.objects.select_for_update(of=("self",)).get(pk=poll.pk)
    if not locked.is_open:
        raise ValidationError(_("The team does not look for a time any more. Nothing was changed."), code="closed")
    return locked


@transaction.atomic
def change_poll(*, poll: TimePoll, by, base_version: int, values: dict[str, Any]) -> TimePoll:
    """Change why and where a team wants to meet, while it looks for a time. Raises `Conflict`; see `change_row`."""
    _open_poll(poll)
    fresh = change_row(poll, by=by, family_id=poll.team.family_id, base_version=base_version, values=values)
    if fresh.version != poll.version:
        _record("time_search_changed", fresh, by)
    return fresh


@transaction.atomic
def offer_slot(*, poll: TimePoll, membership: Membership, starts_at: dt.datetime, ends_at: dt.datetime, by) -> Slot:
    """Offer a time; whoever may read the poll is told, once for several times.

    `ValidationError` with the field's name as its code for a time that has passed, ends before it starts, or overlaps
    another one. The very same time again is the one that is there.
    """
    _open_poll(poll)
    starts_at, ends_at = whole_minutes(starts_at), whole_minutes(ends_at)
    if starts_at <= timezone.now():
        raise ValidationError(_("This time has passed. Write a time to come."), code="day")
    if ends_at <= starts_at:
        raise ValidationError(_("It has to end after it starts. Look at the times."), code="end")
    live = poll.slots.filter(ended_at=None)
    if same := live.filter(starts_at=starts_at, ends_at=ends_at).first():
        return same
    if live.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise ValidationError(_("This overlaps a time that is offered already. Write another time."), code="start")
    slot = Slot.objects.create(poll=poll, membership=membership, starts_at=starts_at, ends_at=ends_at)
    _record("time_offered", poll, by)
    emails.times_wanted(poll, by)
    return slot


def _record(verb: str, poll: TimePoll, by) -> None:
    record(verb, by=by, family_id=poll.team.family_id, team_id=poll.team_id, thing=poll)


@transaction.atomic
def end_slot(*, poll: TimePoll, slot: Slot, by) -> None:
    """Take a time back; what was said to it stays with it. Twice changes nothing."""
    _open_poll(poll)
    if poll.slots.filter(pk=slot.pk, ended_at=None).update(ended_at=timezone.now(), ended_by=by):
        _record("time_taken_back", poll, by)


@transaction.atomic
def answer_slots(*, poll: TimePoll, membership: Membership, answers: dict[int, str], by) -> None:
    """What a member says to the times, by slot number; noted by `by` where it is not their own account.

    The newest answer counts and the earlier one ends. `ValidationError` where the team does not look any more, or one
    of the times was taken back or has passed meanwhile; then nothing is changed.
    """
    _open_poll(poll)
    save_answers(
        poll=poll, membership=membership, answers=answers, noted_by=by if membership.user_id != by.pk else None
    )
    _record("times_answered", poll, by)


def save_answers(*, poll: TimePoll, membership: Membership, answers: dict[int, str], noted_by) -> None:
    """Write the answers of one member to times of a poll that is locked and open."""
    now = timezone.now()
    open_slots = set(poll.slots.filter(ended_at=None, starts_at__gt=now).values_list("pk", flat=True))
    if set(answers) - open_slots:
        words = _("A time was taken back or has passed. Look at the times again. Nothing was changed.")
        raise ValidationError(words, code="slot")
    standing = SlotAnswer.objects.filter(slot__in=answers, membership=membership, ended_at=None)
    before = dict(standing.values_list("slot_id", "can"))
    changed = {slot_id: can for slot_id, can in answers.items() if before.get(slot_id) != can}
    standing.filter(slot__in=changed).update(ended_at=now)
    SlotAnswer.objects.bulk_create(
        SlotAnswer(slot_id=slot_id, membership=membership, can=can, at=now, noted_by=noted_by)
        for slot_id, can in changed.items()
    )


@transaction.atomic
def choose_slot(*, poll: TimePoll, slot: Slot, by, by_family: bool, all_right: bool = False) -> Meeting:
    """A time becomes the meeting, with the poll's words; choosing again gives the meeting that is there.

    A time that the family can't make is for the family alone to choose. `ValidationError` for such a one, for one that
    was taken back meanwhile, and as `call_meeting` says.
    """
    locked = TimePoll.objects.select_for_update(of=("self",)).get(pk=poll.pk)
    if locked.meeting is not None:
        return locked.meeting
    _open_poll(poll)
    slot = poll.slots.get(pk=slot.pk)
    if slot.ended_at:
        raise ValidationError(_("This time was taken back. Choose another one."), code="slot")
    (tally,) = tallies_of([slot], slot_answers_of(poll))
    if not by_family and not tally.suits(family_on(poll.team)):
        words = _("Somebody of the family can’t make this time. Only the family can choose it.")
        raise ValidationError(words, code="family")
    meeting = Meeting(
        purpose=locked.purpose, place_words=locked.place_words, link=locked.link, section=locked.section,
        starts_at=slot.starts_at, ends_at=slot.ends_at,
    )  # fmt: skip
    meeting = call_meeting(team=poll.team, meeting=meeting, by=by, all_right=all_right)
    if TimePoll.objects.filter(meeting=meeting).exists():  # the same person found the same time for the same words
        raise ValidationError(_("This meeting is set already. You can end this search for a time."), code="twice")
    TimePoll.objects.filter(pk=poll.pk).update(meeting=meeting)
    carry_answers_to_times(meeting)
    _record("time_chosen", poll, by)
    return meeting


@transaction.atomic
def end_poll(*, poll: TimePoll, by) -> None:
    """Stop looking for a time, without a meeting. Twice changes nothing; one that became a meeting stays."""
    locked = TimePoll.objects.select_for_update(of=("self",)).get(pk=poll.pk)
    if locked.meeting_id:
        raise ValidationError(_("The team has found a time. You can call the meeting off instead."), code="closed")
    if locked.ended_at is None:
        end_row(locked, by=by, family_id=poll.team.family_id)
        _record("time_search_ended", poll, by)
