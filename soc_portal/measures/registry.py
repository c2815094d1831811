"""Every measure of the portal by its slug. An app's `measures.py` holds them, one function each; they are found there.

`docs/how-to/add-a-measure.md` shows how to add one.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from soc_portal.measures.enums import SocValue
from soc_portal.measures.quarters import month_after


class Count(NamedTuple):
    """What one family (or group, or whatever is counted) adds to a county's month. The numerator is part of the
    denominator. `subject` is its number, so that it is known how many stand behind a count."""

    county_id: int
    month: dt.date
    subject: int
    numerator: int
    denominator: int


@dataclass(frozen=True)
class Span:
    """What is asked of a measure: some counties, and the months from `start` up to, but not with, the day `end`.

    Days are days in North Carolina. `today` is not over yet: what is due today is not late.
    """

    county_ids: tuple[int, ...]
    start: dt.date
    end: dt.date
    today: dt.date

    @property
    def starts_at(self) -> dt.datetime:
        return _midnight(self.start)

    @property
    def ends_at(self) -> dt.datetime:
        return _midnight(self.end)

    @property
    def months(self) -> list[dt.date]:
        months = [self.start]
        while month_after(months[-1]) < self.end:
            months.append(month_after(months[-1]))
        return months


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), timezone.get_default_timezone())


Words = str | Promise
Compute = Callable[[Span], Iterable[tuple[int, dt.date, int, int, int]]]


@dataclass(frozen=True)
class Measure:
    """A share: of what the denominator counts, how much the numerator counts; and what is aimed at, by whose word."""

    slug: str
    title: Words
    question: Words
    numerator: Words
    denominator: Words
    unit: Words
    target: int
    target_source: Words
    value: SocValue
    compute: Compute = field(compare=False, repr=False)

    @property
    def bands(self) -> list[int]:
        """Where the colours of a map change, in percent; the last is the target."""
        return sorted({max(1, (self.target * step + 50) // 100) for step in (55, 70, 85)} | {self.target})


_measures: dict[str, Measure] = {}


def measure(
    *, slug: str, title: Words, question: Words, numerator: Words, denominator: Words, unit: Words, target: int,
    target_source: Words, value: SocValue,
) -> Callable[[Compute], Compute]:  # fmt: skip
    """Register the function below it. It gets a `Span` and returns a `Count` for each county, month and subject, in one
    or two grouped queries; months without anything are left out.

    `ValueError` for a slug that is taken, a target that is no percent, and for a denominator that another measure has:
    two tables over the same whole would each show what the other hides.
    """

    def register(compute: Compute) -> Compute:
        if slug in _measures:
            raise ValueError(f"There is a measure {slug} already.")
        if any(str(other.denominator) == str(denominator) for other in _measures.values()):
            raise ValueError(
                f"{slug}: another measure has this denominator. Two tables over one whole can't be hidden."
            )
        if not 1 <= target <= 100:
            raise ValueError(f"{slug}: the target must be 1 to 100 percent.")
        _measures[slug] = Measure(
            slug, title, question, numerator, denominator, unit, target, target_source, value, compute
        )
        return compute

    return register


def forget_measure(slug: str) -> None:
    """For tests that add one."""
    _measures.pop(slug, None)


def every_measure() -> list[Measure]:
    """All of them, by the six values and in the order in which their apps name them."""
    order = list(SocValue)
    return sorted(_measures.values(), key=lambda found: order.index(found.value))


def get_measure(slug: str) -> Measure | None:
    return _measures.get(slug)


def discover() -> None:
    autodiscover_modules("measures")
