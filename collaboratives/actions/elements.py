"""Loading what the plans of agencies must hold."""

import datetime as dt
from typing import Any

from django.db import transaction

from collaboratives.actions.reference import BadFile, day_of, entries_of
from collaboratives.enums import OrganizationKind
from collaboratives.models import PlanElement

KEYS = {"organization_kind", "key", "place", "text", "text_es", "source", "starts_on"}
LAST_PLACE = 1000


@transaction.atomic
def load_elements(*, content: bytes, file: str = "plan_elements.json") -> int:
    """Add what agencies ask for, and correct source, place, Spanish words and end of what is there. Returns how many
    are new.

    What an element asks for never changes, since plans were ticked by it: `BadFile` asks for a new wording, which
    starts after the old one has ended.
    """
    known, added = {(row.key, row.starts_on): row for row in PlanElement.objects.all()}, 0
    for where, row in entries_of(content, file=file, keys=KEYS):
        values = _values(row, where)
        element = known.get((values["key"], values["starts_on"]))
        if element is None:
            known[values["key"], values["starts_on"]] = PlanElement.objects.create(**values)
            added += 1
            continue
        if any(getattr(element, name) != values[name] for name in ("organization_kind", "text")):
            raise BadFile(f"{where}: this says something else already. Add a new wording with a later starts_on.")
        if any(getattr(element, name) != value for name, value in values.items()):
            PlanElement.objects.filter(pk=element.pk).update(**values)
    _check_one_at_a_time(file)
    return added


def _values(row: dict[str, Any], where: str) -> dict[str, Any]:
    if row["organization_kind"] not in OrganizationKind.values:
        raise BadFile(f"{where}: there is no organization of the kind {row['organization_kind']!r}.")
    for name in ("key", "text", "text_es", "source"):
        longest = getattr(PlanElement._meta.get_field(name), "max_length", None) or 0
        if not isinstance(row[name], str) or not 0 < len(row[name].strip()) <= longest:
            raise BadFile(f"{where}: {name} must have 1 to {longest} letters.")
    if type(row["place"]) is not int or not 0 <= row["place"] <= LAST_PLACE:
        raise BadFile(f"{where}: place must be a whole number, not {row['place']!r}.")
    values = {name: row[name] for name in KEYS}
    values["starts_on"] = day_of(row["starts_on"], where)
    values["ends_on"] = day_of(row["ends_on"], where) if row.get("ends_on") else None
    if values["ends_on"] and values["ends_on"] < values["starts_on"]:
        raise BadFile(f"{where}: it ends before it starts.")
    return values


def _check_one_at_a_time(file: str) -> None:
    """Of two wordings of one element, the first must end before the second starts."""
    ends: dict[str, dt.date | None] = {}
    for row in PlanElement.objects.order_by("key", "starts_on"):
        end = ends.get(row.key, dt.date.min)
        if end is None or end >= row.starts_on:
            raise BadFile(f"{file}: two wordings of {row.key} hold on {row.starts_on}. End the older one before.")
        ends[row.key] = row.ends_on
