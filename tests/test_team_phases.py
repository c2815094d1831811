"""Where a team is on its way: said by an action, kept in the log, closed with the team."""

import pytest
from django.core.exceptions import ValidationError

from soc_portal.audit.models import Event
from teams.actions.memberships import end_team
from teams.actions.phases import move_to_phase
from teams.enums import Phase


def test_a_phase_is_kept_and_told_once(world):
    rosa = world.users.caregiver
    assert world.team.phase == Phase.ENGAGEMENT
    for _time in range(2):
        move_to_phase(team=world.team, phase=Phase.PLANNING, by=rosa)
    world.team.refresh_from_db()
    assert world.team.phase == Phase.PLANNING
    assert Event.objects.get(verb="phase_changed").facts == {"phase": "planning"}


def test_an_unknown_phase_or_a_team_that_ended_changes_nothing(world):
    rosa = world.users.caregiver
    with pytest.raises(ValueError, match="party"):
        move_to_phase(team=world.team, phase="party", by=rosa)
    end_team(team=world.team, by=rosa)
    with pytest.raises(ValidationError, match="come to its end"):
        move_to_phase(team=world.team, phase=Phase.TRANSITION, by=rosa)
    world.team.refresh_from_db()
    assert world.team.phase == Phase.ENGAGEMENT
