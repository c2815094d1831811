"""Writing down every reading of a family's record, with the reader's organization."""

from collections.abc import Iterable

from families.models import Family
from soc_portal.access.scope import scope_of
from soc_portal.audit.actions import record, record_looks
from teams.models import Team


def look(user, verb: str, team: Team, thing=None) -> None:
    """Write down that `user` read something of this team; `verb` is a `Look`. One query."""
    right = scope_of(user).teams.get(team.pk)
    organization = right.organization if right else ""
    record(
        verb, by=user, family_id=team.family_id, team_id=team.pk, thing=thing, organization=organization, looked=True
    )


def look_at_family(user, verb: str, family: Family, thing=None) -> None:
    """Write down that `user` read something of this family that is not a team's. One query."""
    rights = [right for right in scope_of(user).teams.values() if right.family_id == family.pk]
    organization = next((right.organization for right in rights if right.organization), "")
    record(verb, by=user, family_id=family.pk, thing=thing, organization=organization, looked=True)


def look_at_many(user, verb: str, teams: Iterable[Team]) -> None:
    """Write down that `user` saw something of each of these teams on one page. One query for all."""
    rights = scope_of(user).teams.values()
    organization = next((right.organization for right in rights if right.organization), "")
    record_looks(verb, by=user, families=[(team.family_id, team.pk) for team in teams], organization=organization)
