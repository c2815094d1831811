"""Writing the log: what was done, and who looked at a family's record."""

from collections.abc import Iterable
from typing import Any

from soc_portal.audit.models import Event


def record(
    verb: str,
    *,
    by,
    family_id: int | None = None,
    team_id: int | None = None,
    thing: Any = None,
    organization: str = "",
    looked: bool = False,
    **facts: Any,
) -> Event:
    """Write down that `by` did `verb`. `thing` is the row it was done to; `facts` hold no name and no content."""
    return Event.objects.create(
        verb=verb,
        looked=looked,
        actor_id=by.pk,
        actor_name=str(by),
        actor_organization=organization,
        family_id=family_id,
        team_id=team_id,
        object_kind=thing._meta.label_lower if thing is not None else "",
        object_id=thing.pk if thing is not None else None,
        facts=facts,
    )


def record_looks(verb: str, *, by, families: Iterable[tuple[int, int | None]], organization: str = "") -> None:
    """Write down that `by` saw something of each (family, team) pair on one page; one query for all."""
    Event.objects.bulk_create(
        Event(
            verb=verb,
            looked=True,
            actor_id=by.pk,
            actor_name=str(by),
            actor_organization=organization,
            family_id=family_id,
            team_id=team_id,
        )
        for family_id, team_id in families
    )


def record_looks_at(verb: str, *, by, family_id: int, things: Iterable[Any], organization: str = "") -> None:
    """Write down that `by` saw each of these rows of one family on one page; one query for all, none for none."""
    Event.objects.bulk_create(
        Event(
            verb=verb,
            looked=True,
            actor_id=by.pk,
            actor_name=str(by),
            actor_organization=organization,
            family_id=family_id,
            object_kind=thing._meta.label_lower,
            object_id=thing.pk,
        )
        for thing in things
    )
