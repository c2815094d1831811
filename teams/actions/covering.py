"""One plan for all agencies: which parts of a plan answer a mandate, or what an agency's own plan must hold."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from collaboratives.models import PlanElement
from families.models import Strength
from soc_portal.audit.actions import record
from teams.models import Cover, Mandate, Team


@transaction.atomic
def set_covers(*, team: Team, asked: Mandate | PlanElement, add: Iterable, remove: Iterable, by) -> None:
    """Tick parts of the plan as answering what is asked, and take other ticks off; all further ticks stay as they are.

    An element is ticked by its key, so a new wording of it keeps its ticks. `ValidationError`, and nothing is changed,
    when the mandate or a part to tick was taken away meanwhile.
    """
    Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    if isinstance(asked, Mandate):
        _require_live(asked, team, _("This was taken away from the plan just now. Nothing is saved."))
    there = {(row.item_kind, row.item_id): row.pk for row in covers_of(team, asked)}
    new = {(item.kind, item.pk): item for item in add}
    for item in new.values():
        words = _("A part that you ticked was taken away just now. Look at the ticks again, then save.")
        _require_live(item, team, words)
    added = [_cover(team, asked, item, by) for key, item in new.items() if key not in there]
    Cover.objects.bulk_create(added)
    gone = [there[item.kind, item.pk] for item in remove if (item.kind, item.pk) in there]
    ended = Cover.objects.filter(pk__in=gone).update(ended_at=timezone.now(), ended_by=by)
    if added or ended:
        record(
            "covers_changed", by=by, family_id=team.family_id, team_id=team.pk, thing=asked, ticked=len(added),
            taken_off=ended,
        )  # fmt: skip


def covers_of(team: Team, asked: Mandate | PlanElement) -> QuerySet[Cover]:
    """Every tick that stands for what is asked, of any wording."""
    wanted = Q(mandate=asked) if isinstance(asked, Mandate) else Q(element__key=asked.key)
    return Cover.objects.filter(wanted, team=team, ended_at=None)


def _require_live(item: Any, team: Team, words: str) -> None:
    """Hold the row, so that nobody takes it away at the same moment."""
    own = Q(family_id=team.family_id) if isinstance(item, Strength) else Q(team_id=team.pk)
    if not type(item).objects.select_for_update(of=("self",)).filter(own, pk=item.pk, ended_at=None).exists():
        raise ValidationError(words, code="ended")


def _cover(team: Team, asked: Mandate | PlanElement, item: Any, by) -> Cover:
    of = {"mandate": asked} if isinstance(asked, Mandate) else {"element": asked}
    return Cover(team=team, item_kind=item.kind, item_id=item.pk, made_by=by, **of)
