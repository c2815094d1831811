"""Saving shared rows so that nobody's words are lost: conditional saves, merges by field, every state kept."""

import copy
import datetime as dt
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from soc_portal.versions.models import Revision, SharedRow, Verb

Row = TypeVar("Row", bound=SharedRow)

#: The section of rows that name none, such as a family's name.
PLAN = "plan"


class Conflict(Exception):
    """Somebody saved the same field since the form was opened.

    `theirs` is the row as it stands; `mine` the values that were not saved; `fields` the names that clash; `changed`
    all names that this person changed since the form was opened, those that clash among them. A merge takes
    `changed` from `mine` and everything else from `theirs`.
    """

    def __init__(self, theirs: SharedRow, mine: dict[str, Any], fields: list[str], changed: set[str] | None = None):
        super().__init__("The row has been changed by somebody else.")
        self.theirs = theirs
        self.mine = mine
        self.fields = fields
        self.changed = set(fields) if changed is None else changed


def _section(row: SharedRow) -> str:
    return getattr(row, "section", PLAN)


def _revision(row: SharedRow, *, verb: Verb, by, family_id: int | None) -> Revision:
    return Revision(
        kind=row.kind,
        item_id=row.pk,
        version=row.version,
        family_id=family_id,
        group_id=getattr(row, "group_id", None) if family_id is None else None,
        team_id=getattr(row, "team_id", None),
        section=_section(row),
        verb=verb,
        state=row.state(),
        by_id=by.pk,
        by_name=str(by),
        at=row.updated_at,
    )


def _keep(row: SharedRow, *, verb: Verb, by, family_id: int | None, moved: bool) -> None:
    """Keep the state of a row. Its whole history moves along with it when it changes its section."""
    if moved:
        history = Revision.objects.filter(kind=row.kind, item_id=row.pk)
        history.exclude(section=_section(row)).update(section=_section(row))
    _revision(row, verb=verb, by=by, family_id=family_id).save(force_insert=True)


@transaction.atomic
def add_row(row: Row, *, by, family_id: int | None, many: dict[str, Any] | None = None) -> Row:
    """Save a new row as its version 1. `many` holds its many-to-many values by field name.

    `family_id` is None for a new family, whose history is its own, and for rows that belong to no family: those of a
    group (they have a `group_id`), barriers and Family Partners.
    """
    row.created_by = row.updated_by = by
    row.save(force_insert=True)
    for name, value in (many or {}).items():
        getattr(row, name).set(value)
    _keep(row, verb=Verb.ADDED, by=by, family_id=row.pk if row.is_family else family_id, moved=False)
    return row


@transaction.atomic
def change_row(
    row: Row, *, by, family_id: int | None, base_version: int, values: dict[str, Any], just_read: bool = False
) -> Row:
    """Save new `values` of some versioned fields, built on `base_version`.

    Where somebody else saved in between, other fields are merged; the same field raises `Conflict` and saves
    nothing. Values that change nothing save nothing. Returns the row as it now stands.

    A row that was `just_read` for this save is not read again, unless somebody saved it meanwhile.
    """
    if just_read and base_version <= row.version:
        try:
            return _change(row, by=by, family_id=family_id, base_version=base_version, values=values)
        except Conflict:
            pass  # nothing is written yet; what stands there now decides
    current = type(row)._base_manager.get(pk=row.pk)
    return _change(current, by=by, family_id=family_id, base_version=base_version, values=values)


def _change(current: Row, *, by, family_id: int | None, base_version: int, values: dict[str, Any]) -> Row:
    state = current.state()
    wanted = {name: _plain(value) for name, value in values.items()}
    base = _base_state(current, state, base_version)
    mine = {name for name in wanted if wanted[name] != base.get(name)}
    clash = {name for name in mine if state[name] not in (base.get(name), wanted[name])}
    clash |= _apart(current, mine, theirs={name for name in wanted if state[name] != base.get(name)})
    clash = {name for name in clash if state[name] != wanted[name]}
    if clash:
        raise Conflict(current, values, sorted(clash), mine)
    changed = {name: values[name] for name in mine if wanted[name] != state[name]}
    return _write(current, by=by, family_id=family_id, values=changed) if changed else current


def _apart(row: SharedRow, mine: set[str], theirs: set[str]) -> set[str]:
    """Fields that only fit together, of which each side has changed some."""
    groups = (group for group in row.versioned_together if group & mine and group & theirs)
    return {name for group in groups for name in group & (mine | theirs)}


def _base_state(current: SharedRow, state: dict, base_version: int) -> dict:
    """The state that the form showed; empty when it is not known, so that every difference is a clash."""
    if base_version == current.version:
        return state
    kept = Revision.objects.filter(kind=current.kind, item_id=current.pk, version=base_version).first()
    return kept.state if kept else {}


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "pk"):
        return value.pk
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):  # a column of words; rows have numbers
        return value
    return sorted(row.pk for row in value)


def _write(row: Row, *, by, family_id: int | None, values: dict[str, Any], verb: Verb = Verb.CHANGED) -> Row:
    many = {name: value for name, value in values.items() if name in row.versioned_many}
    plain = {name: value for name, value in values.items() if name not in many}
    now = timezone.now()
    has_section = "section" in row.versioned
    # What a row hangs on may move it to another section without a save of its own: `move_rows`.
    as_read = {"version": row.version} | ({"section": _section(row)} if has_section else {})
    saved = (
        type(row)
        ._base_manager.filter(pk=row.pk, **as_read)
        .update(version=F("version") + 1, updated_at=now, updated_by=by, **plain)
    )
    if not saved:  # another save came between our read and our write
        raise Conflict(type(row)._base_manager.get(pk=row.pk), values, sorted(values))
    fresh = _as_saved(row, version=row.version + 1, updated_at=now, updated_by=by, **plain)
    for name, value in many.items():
        getattr(fresh, name).set(value)
        fresh.__dict__.pop(f"{name}_numbers", None)
    _keep(fresh, verb=verb, by=by, family_id=family_id, moved="section" in plain or not has_section)
    return fresh


def _as_saved(row: Row, **values: Any) -> Row:
    """The row with what was just saved, as reading it again would give it; the row that was handed in stays."""
    fresh = copy.copy(row)
    fresh.__dict__.pop("people", None)
    for name, value in values.items():
        setattr(fresh, name, value)
    return fresh


def _locked(row: Row) -> Row:
    """The row as it stands; who saves it at this moment is waited for, so that nothing comes in between."""
    return type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)


@transaction.atomic
def end_row(row: Row, *, by, family_id: int | None, at: dt.datetime | None = None) -> Row:
    """End a row; it stays in the database and in the history. Ending twice changes nothing."""
    current = row if row.ended_at else _locked(row)
    if current.ended_at:
        return current
    values = {"ended_at": at or timezone.now(), "ended_by": by}
    return _write(current, by=by, family_id=family_id, values=values, verb=Verb.ENDED)


@transaction.atomic
def end_rows(rows: QuerySet[Row], *, by, family_id: int | None, at: dt.datetime) -> None:
    """End all of these rows of one model that have not ended; a few queries, however many there are."""
    _write_rows(rows.filter(ended_at=None), by=by, family_id=family_id, verb=Verb.ENDED, ended_at=at, ended_by=by)


@transaction.atomic
def restore_rows(rows: QuerySet[Row], *, by, family_id: int | None, ended_at: dt.datetime) -> None:
    """Bring back those of these rows that ended at this very moment, so together with what they belong to."""
    ended = rows.filter(ended_at=ended_at)
    _write_rows(ended, by=by, family_id=family_id, verb=Verb.RESTORED, ended_at=None, ended_by=None)


def _write_rows(rows: QuerySet[Row], *, by, family_id: int | None, verb: Verb, **values: Any) -> None:
    pks = list(rows.values_list("pk", flat=True))
    written = rows.model._base_manager.filter(pk__in=pks)
    written.update(version=F("version") + 1, updated_at=timezone.now(), updated_by=by, **values)
    fresh = written.prefetch_related(*rows.model.versioned_many)
    Revision.objects.bulk_create(_revision(row, verb=verb, by=by, family_id=family_id) for row in fresh)


@transaction.atomic
def move_rows(rows: QuerySet[Row], *, section: str) -> None:
    """Put these rows of one model, and their whole history, into another section; their words stay as they are."""
    pks = list(rows.values_list("pk", flat=True))
    rows.model._base_manager.filter(pk__in=pks).update(section=section)
    Revision.objects.filter(kind=rows.model._meta.label_lower, item_id__in=pks).update(section=section)


@transaction.atomic
def restore_row(row: Row, *, by, family_id: int | None) -> Row:
    """Bring an ended row back as it was."""
    current = _locked(row) if row.ended_at else row
    if not current.ended_at:
        return current
    return _write(current, by=by, family_id=family_id, values={"ended_at": None, "ended_by": None}, verb=Verb.RESTORED)
