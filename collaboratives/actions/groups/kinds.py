"""Kinds of group and the seats that the law names, from the project's file."""

import re
from typing import Any

from django.db import transaction

from collaboratives.actions.reference import BadFile, day_of, entries_of
from collaboratives.enums import GroupLevel, Quorum, SeatKind
from collaboratives.models import GroupKind, SeatCategory

KEYS = {"code", "name", "name_es", "level", "starts_on", "ends_on", "open_meetings", "quorum", "source", "seats"}
MORE_KEYS = {
    "needs_statement", "multi_county", "family_co_chair", "max_members", "meetings_per_year", "term_years",
    "appointed_by", "appointed_by_es", "succeeded_by", "verified",
}  # fmt: skip
SEAT_KEYS = {"code", "name", "name_es", "count"}
MORE_SEAT_KEYS = {"family_seat", "designee", "seat_kind"}
#: Facts of a kind that the file gives as they are.
PLAIN = (
    "name", "name_es", "open_meetings", "needs_statement", "multi_county", "family_co_chair", "max_members",
    "meetings_per_year", "term_years", "appointed_by", "appointed_by_es", "source",
)  # fmt: skip
YES_OR_NO = {
    "open_meetings", "needs_statement", "multi_county", "family_co_chair", "verified", "family_seat", "designee",
}  # fmt: skip
#: Whole numbers from 1 to this, or null where the law names none.
NUMBERS = {"max_members": 500, "meetings_per_year": 366, "term_years": 50, "count": 50}
#: Texts with the letters that fit; those of the second table may be empty.
TEXTS = {"name": 160, "source": 300}
TEXTS_OR_NONE = {"name_es": 160, "appointed_by": 160, "appointed_by_es": 160}
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_CODE = 40


@transaction.atomic
def load_group_kinds(*, content: bytes, file: str = "group_kinds.json") -> int:
    """Add or correct kinds of group and the seats that the law names. Returns how many kinds are new or changed.

    Nothing is deleted: a kind whose law ends has an `ends_on` and its successor. `BadFile` changes nothing.
    """
    rows = entries_of(content, file=file, keys=KEYS)
    kinds = {kind.code: kind for kind in GroupKind.objects.all()}
    seats = {(seat.kind_id, seat.code): seat for seat in SeatCategory.objects.all()}
    changed = 0
    _refuse_twice([(where, row["code"]) for where, row in rows])
    for where, row in rows:
        _check(where, row, KEYS | MORE_KEYS)
        kind = kinds.get(row["code"]) or GroupKind(code=row["code"])
        is_new = _write_if_other(kind, _facts_of_kind(where, row))
        kinds[kind.code] = kind
        written = [
            _load_category(seat_where, kind, seats, place, seat)
            for place, (seat_where, seat) in enumerate(_seats(where, row))
        ]
        changed += is_new or any(written)
    for where, row in rows:
        following = row.get("succeeded_by")
        if following and (not isinstance(following, str) or following not in kinds):
            raise BadFile(f"{where}: there is no kind of group {following!r} to follow this one.")
        _write_if_other(kinds[row["code"]], {"succeeded_by_id": kinds[following].pk if following else None})
    return changed


def _facts_of_kind(where: str, row: dict[str, Any]) -> dict[str, Any]:
    if row["level"] not in GroupLevel.values:
        raise BadFile(f"{where}: level must be county or state, not {row['level']!r}.")
    if row["quorum"] not in Quorum.values:
        raise BadFile(f"{where}: there is no quorum {row['quorum']!r}.")
    starts_on = day_of(row["starts_on"], where)
    ends_on = day_of(row["ends_on"], where) if row["ends_on"] else None
    if ends_on and ends_on < starts_on:
        raise BadFile(f"{where}: this kind of group ends before it starts.")
    if row["open_meetings"] and row.get("needs_statement"):
        raise BadFile(f"{where}: an open group asks nobody for a confidentiality statement.")
    return {name: row[name] for name in PLAIN if name in row} | {
        "level": row["level"], "quorum": row["quorum"], "starts_on": starts_on, "ends_on": ends_on,
        "is_verified": bool(row.get("verified")),
    }  # fmt: skip


def _check(where: str, row: dict[str, Any], known: set[str]) -> None:
    """Refuse keys that we do not know (most are typing mistakes), and values of another sort than the key's."""
    if unknown := sorted(set(row) - known):
        raise BadFile(f"{where}: there is nothing called {unknown[0]!r}.")
    if not isinstance(row["code"], str) or len(row["code"]) > LONGEST_CODE or not CODE.fullmatch(row["code"]):
        raise BadFile(f"{where}: code must be small letters, digits and hyphens, {LONGEST_CODE} at most.")
    for name in YES_OR_NO & set(row):
        if type(row[name]) is not bool:
            raise BadFile(f"{where}: {name} must be true or false, not {row[name]!r}.")
    for name in NUMBERS.keys() & set(row):
        if row[name] is not None and (type(row[name]) is not int or not 0 < row[name] <= NUMBERS[name]):
            raise BadFile(f"{where}: {name} must be a whole number from 1 to {NUMBERS[name]}, or null.")
    for name, longest in (TEXTS | TEXTS_OR_NONE).items():
        least = 1 if name in TEXTS else 0
        if name in row and (not isinstance(row[name], str) or not least <= len(row[name].strip()) <= longest):
            raise BadFile(f"{where}: {name} must be a text of {least} to {longest} letters.")


def _refuse_twice(codes: list[tuple[str, Any]]) -> None:
    for place, (where, code) in enumerate(codes):
        if code in [other for _where, other in codes[:place]]:
            raise BadFile(f"{where}: {code!r} comes twice.")


def _seats(where: str, row: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The seats of a kind, checked, each with the words that say where it stands."""
    if not isinstance(row["seats"], list) or not all(isinstance(seat, dict) for seat in row["seats"]):
        raise BadFile(f"{where}: seats must be a list of entries.")
    seats = [(f"{where}, seat {number}", seat) for number, seat in enumerate(row["seats"], start=1)]
    for place, seat in seats:
        if missing := sorted(SEAT_KEYS - set(seat)):
            raise BadFile(f"{place}: {missing[0]} is missing.")
        _check(place, seat, SEAT_KEYS | MORE_SEAT_KEYS)
    _refuse_twice([(place, seat["code"]) for place, seat in seats])
    most, named = row.get("max_members"), sum(seat["count"] or 0 for _place, seat in seats)
    if most is not None and named > most:
        raise BadFile(f"{where}: the seats are {named} together, and max_members is {most}.")
    return seats


def _load_category(where: str, kind: GroupKind, seats: dict, place: int, seat: dict[str, Any]) -> bool:
    is_family = bool(seat.get("family_seat"))
    drawn_as = seat.get("seat_kind") or (SeatKind.FAMILY if is_family else SeatKind.PRO)
    if drawn_as not in SeatKind.values or (drawn_as == SeatKind.FAMILY) != is_family:
        raise BadFile(f"{where}: seat_kind must be community or pro, or family for a family seat.")
    row = seats.get((kind.pk, seat["code"])) or SeatCategory(kind=kind, code=seat["code"])
    return _write_if_other(
        row,
        {
            "name": seat["name"], "name_es": seat["name_es"], "count": seat["count"], "place": place,
            "family_seat": is_family, "designee": bool(seat.get("designee")), "seat_kind": drawn_as,
        },
    )  # fmt: skip


def _write_if_other(row: GroupKind | SeatCategory, values: dict[str, Any]) -> bool:
    """Save the row where it is new or has other values than these; whether it was saved."""
    if row.pk is not None and all(getattr(row, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return True
