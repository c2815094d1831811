"""What there is only one of: one word a person, one text a part of the plan, one rating a goal and meeting."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from teams.models import PlanPart, Rating, Team, Words


def require_only_one(item) -> None:
    """Refuse an item that stands there already: `ValidationError`. Two who write it at once take turns here."""
    others = _others(item)
    if others is None:
        return
    Team.objects.select_for_update(of=("self",)).get(pk=item.team_id)
    rows, refusal = others
    if rows.exclude(pk=item.pk).exists():
        raise refusal


def _others(item) -> tuple[Any, ValidationError] | None:
    """Live items of the same kind and place, and what to say when there are some; None where there may be many."""
    live = type(item).objects.live()
    if isinstance(item, Words):
        rows = live.filter(team=item.team_id, person=item.person_id, meeting=item.meeting_id)
        return rows, ValidationError(_("You have words here already. Change those."), code="words_twice")
    if isinstance(item, PlanPart):
        rows = live.filter(team=item.team_id, part=item.part)
        words = _("Somebody wrote this part just now. Look at it, then change it.")
        return rows, ValidationError(words, code="part_twice")
    if isinstance(item, Rating) and item.meeting_id:
        rows = live.filter(goal=item.goal_id, meeting=item.meeting_id)
        words = _("This goal has a number from this meeting already. Change that one.")
        return rows, ValidationError(words, code="rating_twice")
    return None
