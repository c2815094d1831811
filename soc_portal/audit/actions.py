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
    event = _event(
        verb, by=by, organization=organization, family_id=family_id, team_id=team_id, thing=thing, looked=looked,
        facts=facts,
    )  # fmt: skip
    event.save(force_insert=True)
    return event


def record_looks(verb: str, *, by, families: Iterable[tuple[int, int | None]], organization: str = "") -> None:
    """Write down that `by` saw something of each (family, team) pair on one page; one query for all."""
    rows = [
        _event(verb, by=by, organization=organization, family_id=family_id, team_id=team_id, looked=True)
        for family_id, team_id in families
    ]
    Event.objects.bulk_create(rows)


def record_looks_at(verb: str, *, by, family_id: int, things: Iterable[Any], organization: str = "") -> None:
    """Write down that `by` saw each of these rows of one family on one page; one query for all, none for none."""
    rows = [
        _event(verb, by=by, organization=organization, family_id=family_id, thing=thing, looked=True)
        for thing in things
    ]
    Event.objects.bulk_create(rows)


def _event(verb: str, *, by, organization: str, thing: Any = None, **values: Any) -> Event:
    return Event(
        verb=verb, actor_id=by.pk, actor_name=str(by), actor_organization=organization,
        object_kind=thing._meta.label_lower if thing is not None else "",
        object_id=thing.pk if thing is not None else None, **values,
    )  # fmt: skip
