"""Checking what a directory file holds: every field, in plain words, with the place where it stands."""

import datetime as dt
import math
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from referrals.actions.hsds_tables import LINKS, LONGEST, LONGEST_TEXT, MANY, ONE, TABLES, WORDS, Field

MOST_PROBLEMS = 100
LARGEST_NUMBER = 10**15
LONGEST_INTEGER = 18
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", re.IGNORECASE)
TIME = re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", re.IGNORECASE)
#: What neither database keeps: the letter 0 and halves of letters.
UNKEPT = re.compile("[\x00\ud800-\udfff]")

#: Where something stands: a text, or (where its owner stands, key, number from 1 or 0 for none).
Place = str | tuple[Any, str, int]


class BadDirectory(ValueError):
    """A directory can't be used; the text says where and why, a line each. Nothing was changed."""

    def __init__(self, problems: list[str], count: int | None = None):
        more = (count or len(problems)) - len(problems)
        super().__init__("\n".join([*problems, *([f"and {more} more."] if more else [])]))
        self.problems = problems
        self.more = more


def words_of(place: Place) -> str:
    """ "services.json, service 3, phones 1": where something stands, for a person who looks for it."""
    if isinstance(place, str):
        return place
    owner, key, number = place
    return f"{words_of(owner)}, {key} {number}" if number else f"{words_of(owner)}, {key}"


class Problems:
    """Collects what is wrong; the first hundred are told, all are counted."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.count = 0

    def add(self, place: Place, words: str) -> None:
        self.count += 1
        if len(self.told) < MOST_PROBLEMS:
            self.told.append(f"{words_of(place)}: {words}")

    def stop_if_any(self) -> None:
        if self.count:
            raise BadDirectory(self.told, self.count)


class Checker:
    """Turns raw rows and documents into clean ones: known fields, right kinds, nothing empty.

    `from_text`: whether numbers come as text, as in CSV. `left_out` names the fields that HSDS does not have.
    """

    def __init__(self, problems: Problems, *, from_text: bool):
        self.problems = problems
        self.from_text = from_text
        self.left_out: set[tuple[str, str]] = set()

    def row(self, table: str, raw: dict[str, Any], place: Place) -> dict[str, Any]:
        """The plain fields of one row."""
        clean = {}
        for field in TABLES[table].fields.values():
            value = raw.get(field.name)
            if value is None or (isinstance(value, str) and not value.strip()):
                if field.needed:
                    self.problems.add(place, f"{field.name} is missing.")
                elif field.filled:
                    clean[field.name] = ""
                continue
            try:
                clean[field.name] = self._value(table, field, value)
            except ValueError as error:
                self.problems.add(place, f"{field.name} {error}")
        return clean

    def document(self, table: str, raw: Any, place: Place) -> dict[str, Any]:
        """A nested document, and everything in it. What the place says is not said again by a column."""
        if not isinstance(raw, dict):
            self.problems.add(place, "this must be an entry with fields, like {...}.")
            return {}
        lists, singles = MANY[table], ONE.get(table, {})
        self.left_out |= {
            (table, key) for key in raw if key not in TABLES[table].fields and key not in {**lists, **singles}
        }
        clean = self.row(table, raw, place)
        for column in LINKS[table]:
            clean.pop(column, None)
        for key, child in lists.items():
            entries = self._entries(raw.get(key), child, place, key)
            if entries:
                clean[key] = entries
        for key, (child, column) in singles.items():
            if raw.get(key) is not None:
                clean[key] = self.document(child, raw[key], (place, key, 0))
                if "id" in clean[key]:
                    clean[column] = clean[key]["id"]
        return clean

    def _entries(self, raw: Any, child: str, owner: Place, key: str) -> list[dict[str, Any]]:
        if raw is None:
            return []
        if not isinstance(raw, list):
            self.problems.add((owner, key, 0), "this must be a list, like [...].")
            return []
        return [self.document(child, entry, (owner, key, number)) for number, entry in enumerate(raw, start=1)]

    def _value(self, table: str, field: Field, value: Any) -> Any:
        """The value as it is kept. Raises `ValueError` with the rest of the sentence that begins with the field."""
        if field.kind in NUMBERS:
            return NUMBERS[field.kind](self._number(value))
        if not isinstance(value, str):
            raise ValueError(f"must be text, not {_short(value)}.")  # noqa: TRY004  (bad data, no bug)
        if UNKEPT.search(value):
            raise ValueError("holds a letter that can't be kept (a zero byte or half a letter).")
        value = value.replace("\r\n", "\n").strip()
        longest = LONGEST.get((table, field.name), LONGEST_TEXT)
        if len(value) > longest:
            raise ValueError(f"is too long: {len(value)} letters. It may have {longest}.")
        return TEXTS[field.kind](value) if field.kind in TEXTS else _one_of(field.kind, value)

    def _number(self, value: Any) -> float | int:
        if self.from_text and isinstance(value, str):
            try:
                value = float(value) if "." in value or len(value) > LONGEST_INTEGER else int(value)
            except ValueError:
                pass
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"must be a number, not {_short(value)}.")  # noqa: TRY004
        if not math.isfinite(value) or abs(value) > LARGEST_NUMBER:
            raise ValueError("is too large a number.")
        return value


def _short(value: Any) -> str:
    """A value as it is shown in a sentence: not all of it when it is long."""
    text = str(value) if isinstance(value, dict | list) else repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _plain(value: float) -> float | int:
    return value


def _within(limit: int):
    def check(value: float) -> float | int:
        if abs(value) > limit:
            raise ValueError(f"must be between -{limit} and {limit}, not {value}.")
        return value

    return check


NUMBERS: dict[str, Callable[[float], float]] = {"number": _plain, "latitude": _within(90), "longitude": _within(180)}


def _uuid(value: str) -> str:
    if not UUID.fullmatch(value):
        raise ValueError(f"must be a UUID such as 1c8b5c52-7a1f-4d0e-9e53-5f1f2f3a4b5c, not {_short(value)}.")
    return value.lower()


def _email(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError as error:
        raise ValueError(f"must be an e-mail address, not {_short(value)}.") from error
    return value


def _uri(value: str) -> str:
    if not SCHEME.fullmatch(value):
        raise ValueError(f"must be an address such as https://example.org, not {_short(value)}.")
    return value


def _web(value: str) -> str:
    """An address that a page may lead to."""
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and parts.hostname and not re.search(r"\s", value)
    except ValueError:
        good = False
    if not good:
        raise ValueError(f"must be a web address such as https://example.org, not {_short(value)}.")
    return value


def _date(value: str) -> str:
    try:
        good = DATE.fullmatch(value) and dt.date.fromisoformat(value)
    except ValueError:
        good = None
    if not good:
        raise ValueError(f"must be a day such as 2026-01-31, not {_short(value)}.")
    return value


def _moment(value: str) -> str:
    """A moment with its time zone; one that names none is in North Carolina's."""
    try:
        moment = dt.datetime.fromisoformat(value) if MOMENT.fullmatch(value) else None
        if moment and timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
        good = moment and moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        good = None
    if not good:
        raise ValueError(f"must be a moment such as 2026-01-31T09:30:00-05:00, not {_short(value)}.")
    return good.isoformat()


def _time(value: str) -> str:
    try:
        good = TIME.fullmatch(value) and dt.time.fromisoformat(value)
    except ValueError:
        good = None
    if not good:
        raise ValueError(f"must be a time such as 09:30, not {_short(value)}.")
    return value


def _one_of(kind: str, value: str) -> str:
    if value not in WORDS[kind]:
        raise ValueError(f"must be one of {', '.join(WORDS[kind])}, not {_short(value)}.")
    return value


TEXTS: dict[str, Callable[[str], str]] = {
    "text": str, "uuid": _uuid, "email": _email, "uri": _uri, "web": _web, "date": _date, "moment": _moment,
    "time": _time,
}  # fmt: skip
