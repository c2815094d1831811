"""A team says what stands in the way; with a caregiver's yes it goes to the county's groups, without names.

Which team said what stands in `RaisedBarrier` alone, behind the second wall. Nothing that is written down on the other
side (the barrier, its moves, notices, the log) leads back here.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from collaboratives.actions.barriers import one_more_team, open_barrier
from collaboratives.enums import BarrierCategory, BarrierStatus
from collaboratives.models import Barrier
from families.enums import Section
from soc_portal.audit.actions import record
from soc_portal.versions.actions import add_row, change_row, end_row
from teams import emails
from teams.actions.names import stop_names
from teams.models import RaisedBarrier, Team


def raise_barrier(*, team: Team, by, category: str, text: str) -> RaisedBarrier:
    """Somebody of the team writes down what stands in the way; it waits for the family's yes. No names."""
    _stop_names(team, by, text)
    with transaction.atomic():
        raised = RaisedBarrier(team=team, category=BarrierCategory(category), text=text, section=Section.PLAN)
        raised.place = RaisedBarrier.objects.filter(team=team).count() + 1
        add_row(raised, by=by, family_id=team.family_id)
        record("barrier_written", by=by, family_id=team.family_id, team_id=team.pk, thing=raised)
        emails.barrier_written(raised, by)
    return raised


def change_raised(*, raised: RaisedBarrier, by, base_version: int, values: dict) -> RaisedBarrier:
    """Change the words or the kind before they go out; raises `Conflict` where somebody else just did."""
    _stop_names(raised.team, by, values.get("text", raised.text))
    with transaction.atomic():
        current = _still_here(raised)
        return change_row(current, by=by, family_id=raised.team.family_id, base_version=base_version, values=values)


def send_raised(*, raised: RaisedBarrier, by, seen_version: int) -> RaisedBarrier:
    """A caregiver says yes to these very words, and they go to the county's groups. Twice yes sends once.

    `ValidationError` when the words were changed since this caregiver saw them.
    """
    _stop_names(raised.team, by, raised.text)
    with transaction.atomic():
        current = _still_here(raised)
        if current.version != seen_version or current.text != raised.text:
            raise ValidationError(_("The words were changed just now. Please read them again."), code="changed")
        team = current.team
        barrier = open_barrier(
            county=team.family.county, category=current.category, text=current.text,
            language=(get_language() or "en")[:2],
        )  # fmt: skip
        _say_yes(current, barrier, by)
        record("barrier_sent", by=by, family_id=team.family_id, team_id=team.pk, thing=current)
    return current


@transaction.atomic
def join_barrier(*, team: Team, barrier: Barrier, by) -> RaisedBarrier:
    """A caregiver says "we see this too": one more team, with the words that stand there. Twice counts once.

    `ValidationError` for a barrier of another county, and for one that has its answer.
    """
    Team.objects.select_for_update(of=("self",)).get(pk=team.pk)  # the second of two yeses waits for the first
    if there := RaisedBarrier.objects.filter(team=team, barrier=barrier).first():
        return there
    if barrier.county_id != team.family.county_id or barrier.status == BarrierStatus.ANSWERED:
        raise ValidationError(_("This has its answer already."), code="answered")
    raised = RaisedBarrier(team=team, category=barrier.category, text=barrier.text, section=Section.PLAN)
    raised.place = RaisedBarrier.objects.filter(team=team).count() + 1
    add_row(raised, by=by, family_id=team.family_id)
    _say_yes(raised, barrier, by)
    one_more_team(barrier=barrier)
    record("barrier_joined", by=by, family_id=team.family_id, team_id=team.pk, thing=raised)
    return raised


@transaction.atomic
def end_raised(*, raised: RaisedBarrier, by) -> RaisedBarrier:
    """Take it back before it goes out. What went out can't be called back: others have read it."""
    current = _still_here(raised)
    team = raised.team
    fresh = end_row(current, by=by, family_id=team.family_id)
    record("barrier_taken_back", by=by, family_id=team.family_id, team_id=team.pk, thing=raised)
    return fresh


def _stop_names(team: Team, by, text: str) -> None:
    stop_names(text, county=team.family.county, by=by, family_id=team.family_id, team_id=team.pk)


def _still_here(raised: RaisedBarrier) -> RaisedBarrier:
    """The row as it stands, held until the end of the transaction; `ValidationError` once it went out or was ended."""
    rows = RaisedBarrier.objects.select_for_update(of=("self",)).select_related("team__family__county")
    current = rows.get(pk=raised.pk)
    if current.sent_at:
        raise ValidationError(_("This has gone to the county. It can't be changed any more."), code="sent")
    if current.ended_at:
        raise ValidationError(_("Somebody on the team took this back."), code="ended")
    return current


def _say_yes(raised: RaisedBarrier, barrier: Barrier, by) -> None:
    """Once: the second of two yeses at the same moment changes nothing, and its transaction is undone."""
    yes = {"barrier": barrier, "sent_at": timezone.now(), "yes_by": by}
    if not RaisedBarrier.objects.live().filter(pk=raised.pk, sent_at=None).update(**yes):
        raise ValidationError(_("This has gone to the county. It can't be changed any more."), code="sent")
    for name, value in yes.items():
        setattr(raised, name, value)
