"""Where a team is on its way, from getting to know each other to getting ready to end, and when it looks again."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from soc_portal.audit.actions import record
from teams.actions.deadlines import set_review_deadline
from teams.enums import Phase
from teams.models import Team


@transaction.atomic
def move_to_phase(*, team: Team, phase: str, by) -> Team:
    """Say where the team is; it may go back too. The phase that it is in already changes nothing."""
    if team.ended_at:
        raise ValidationError(_("This team has come to its end."), code="ended")
    word = Phase(phase).value
    if Team.objects.filter(pk=team.pk, ended_at=None).exclude(phase=word).update(phase=word):
        record("phase_changed", by=by, family_id=team.family_id, team_id=team.pk, thing=team, phase=word)
    team.phase = word
    return team


@transaction.atomic
def set_review(*, team: Team, on: dt.date | None, by) -> Team:
    """Say on which day the team looks at its plan again, or that no day is set; the same day changes nothing."""
    if team.ended_at:
        raise ValidationError(_("This team has come to its end."), code="ended")
    if team.review_on != on:
        Team.objects.filter(pk=team.pk, ended_at=None).update(review_on=on)
        record("review_set", by=by, family_id=team.family_id, team_id=team.pk, thing=team)
    team.review_on = on
    return team


@transaction.atomic
def set_out_of_home(*, team: Team, since: dt.date | None, by) -> Team:
    """Say since when a child of the team lives away from home, or that all live at home; the same changes nothing.

    The reviews that are due follow it. `ValidationError` for a team that is over and for a day to come.
    """
    locked = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    if locked.ended_at:
        raise ValidationError(_("This team has come to its end."), code="ended")
    if since and since > timezone.localdate():
        raise ValidationError(_("This day has not come yet. Write the day on which it began."), code="future")
    team.out_of_home_since = since
    if locked.out_of_home_since != since:
        Team.objects.filter(pk=team.pk).update(out_of_home_since=since)
        set_review_deadline(team)
        record("out_of_home_noted", by=by, family_id=team.family_id, team_id=team.pk, thing=team)
    return team
