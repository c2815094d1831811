"""Barriers on their way: opened from a team's words, taken up, passed on, given back, answered.

Each move is one conditional update, so two who run a group never both move it. Which team raised a barrier is known to
`teams.actions.barriers` alone; nothing here asks.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from collaboratives import emails
from collaboratives.access import state_group
from collaboratives.enums import BARRIER_MOVES, BarrierStatus, DeadlineKind, GroupLevel
from collaboratives.models import Barrier, BarrierMove, Collaborative, County, TimelineRule
from soc_portal.audit.actions import record
from soc_portal.versions.actions import change_row
from teams.actions.names import stop_names
from teams.emails import barrier_answered


# --- From a team -----------------------------------------------------------------------------------------------------
@transaction.atomic
def open_barrier(*, county: County, category: str, text: str, language: str) -> Barrier:
    """A barrier with these words, from one team that is not named: no person, no hour, no day, only the month.

    Neither `add_row` nor the log is used: both write down who and when. The words never change, so no state is lost.
    """
    month = timezone.localdate().replace(day=1)
    moment = dt.datetime.combine(month, dt.time(), timezone.get_current_timezone())
    barrier = Barrier.objects.create(
        county=county, category=category, text=text, language=language, teams=1, raised_on=month,
        answer_due_on=_due_on(month), created_at=moment, updated_at=moment,
    )  # fmt: skip
    BarrierMove.objects.create(barrier=barrier, to_status=BarrierStatus.RAISED, at=moment)
    emails.barriers_wait(county)
    return barrier


def _due_on(month: dt.date) -> dt.date | None:
    """The rule's days after the month is over: the day of an answer doesn't tell the day of the question either."""
    next_month = (month + dt.timedelta(days=31)).replace(day=1)
    rule = TimelineRule.objects.holding(DeadlineKind.BARRIER_ANSWER, timezone.localdate())
    return next_month + dt.timedelta(days=rule.days) if rule else None


def one_more_team(*, barrier: Barrier) -> None:
    """Another team of the county says the same."""
    Barrier.objects.filter(pk=barrier.pk).update(teams=F("teams") + 1)


# --- In groups -------------------------------------------------------------------------------------------------------
@transaction.atomic
def take_up_barrier(*, barrier: Barrier, group: Collaborative, by) -> Barrier:
    """A group of the county says that it works on the barrier.

    `ValidationError` for a closed group (its work is about cases), a group of another county, and one that is over.
    """
    if group.kind_of.is_closed or group.kind_of.level != GroupLevel.COUNTY or not group.is_live():
        raise ValidationError(_("This group can't take up barriers. Choose an open group of the county."), code="group")
    if not group.counties.filter(pk=barrier.county_id).exists():
        raise ValidationError(_("This group serves another county. Choose a group of this county."), code="group")
    _move(barrier, BarrierStatus.TAKEN_UP, group=group, by=by)
    record("barrier_taken_up", by=by, thing=barrier, group=group.pk)
    return barrier


def pass_on_barrier(*, barrier: Barrier, by, words: str) -> Barrier:
    """The county can't solve it alone: it goes to the State Collaborative, with why."""
    stop_names(words, county=barrier.county, by=by, thing=barrier)
    with transaction.atomic():
        group = state_group()
        if group is None:
            raise ValidationError(_("There is no State Collaborative in the portal yet."), code="group")
        _move(barrier, BarrierStatus.PASSED_ON, group=group, by=by, words=words)
        record("barrier_passed_on", by=by, thing=barrier, group=group.pk)
        emails.barrier_passed_on(barrier, by)
    return barrier


def give_back_barrier(*, barrier: Barrier, by, words: str) -> Barrier:
    """The State Collaborative gives a barrier back to the group that passed it on, with why."""
    stop_names(words, county=barrier.county, by=by, thing=barrier)
    with transaction.atomic():
        if barrier.status != BarrierStatus.PASSED_ON:
            raise _refused(barrier.status)
        before = barrier.moves.filter(to_status=BarrierStatus.TAKEN_UP).select_related("group").order_by("at", "pk")
        last = before.last()
        _move(barrier, BarrierStatus.TAKEN_UP, group=last.group if last else None, by=by, words=words)
        record("barrier_given_back", by=by, thing=barrier, group=barrier.group_id)
        emails.barrier_given_back(barrier, by)
    return barrier


def answer_barrier(*, barrier: Barrier, by, text: str, base_version: int) -> Barrier:
    """The group that has the barrier answers, or makes its answer better; the teams read it and are told.

    Raises `NamesFound`, `ValidationError` where it may not be answered now, and `Conflict` where somebody else wrote
    another answer since the form was opened.
    """
    stop_names(text, county=barrier.county, by=by, thing=barrier)
    with transaction.atomic():
        is_first = barrier.status != BarrierStatus.ANSWERED
        values: dict[str, object] = {"answer": text}
        if is_first:
            _move(barrier, BarrierStatus.ANSWERED, group=barrier.group, by=by)
            values["answered_on"] = timezone.localdate()
        fresh = change_row(barrier, by=by, family_id=None, base_version=base_version, values=values)
        if fresh.version != barrier.version:
            record("barrier_answered" if is_first else "barrier_answer_changed", by=by, thing=barrier)
            barrier_answered(fresh)
    return fresh


def _move(barrier: Barrier, to: BarrierStatus, *, group: Collaborative | None, by, words: str = "") -> None:
    """From where the page showed the barrier to `to`, or `ValidationError` and nothing."""
    before, holder = BarrierStatus(barrier.status), barrier.group_id
    if to not in BARRIER_MOVES[before]:
        raise _refused(before)
    now = timezone.now()
    there = Barrier.objects.live().filter(pk=barrier.pk, status=before, group_id=holder)
    if not there.update(status=to, group=group, updated_at=now, updated_by=by):
        raise ValidationError(
            _("Somebody else has just moved this barrier. Nothing was done. Please look at it again."), code="moved"
        )
    BarrierMove.objects.create(
        barrier=barrier, from_status=before, to_status=to, group=group, by=by, at=now, words=words
    )
    barrier.status, barrier.group = to, group


def _refused(status: str) -> ValidationError:
    """Why a move is not allowed from where the barrier is."""
    return ValidationError(
        {
            BarrierStatus.RAISED: _("A group of the county must take this barrier up first. Nothing was done."),
            BarrierStatus.TAKEN_UP: _("A group of the county works on this barrier already. Nothing was done."),
            BarrierStatus.PASSED_ON: _("This barrier is with the State Collaborative. Nothing was done."),
            BarrierStatus.ANSWERED: _("This barrier has its answer already. Nothing was done."),
        }[BarrierStatus(status)],
        code="move",
    )
