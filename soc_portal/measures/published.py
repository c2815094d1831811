"""What pages, pictures and files may say of a measure: what came out, in words and numbers. Nothing else is read."""

import datetime as dt
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.translation import gettext as _

from soc_portal.measures.enums import Mark
from soc_portal.measures.models import Release
from soc_portal.measures.quarters import SHOWN, Quarter
from soc_portal.measures.suppression import MOST_SMALL, SMALLEST, Shown

FEW = f"<{SMALLEST}"
NOT_REPORTING = "–"
NOT_SHOWN = "*"
NOTHING = Shown(Mark.ABSENT)


@dataclass(frozen=True)
class Number:
    """One published number in words: the same in pictures, tables, sentences and files."""

    shown: Shown = NOTHING

    @property
    def mark(self) -> Mark:
        return self.shown.mark

    @property
    def percent(self) -> int | None:
        return self.shown.percent

    @property
    def is_exact(self) -> bool:
        return self.percent is not None

    @property
    def at_most(self) -> int | None:
        """The share is below this percent or at it: where it can be told at all."""
        if self.is_exact:
            return self.percent
        return self.shown.below

    @property
    def share(self) -> str:
        """The share as it stands in tables: "81%", "under 24%", "over 75%", "<11", "*", "–", "none"."""
        if self.is_exact:
            return _("%(percent)s%%") % {"percent": self.percent}
        if self.shown.below is not None:
            return _("under %(percent)s%%") % {"percent": self.shown.below}
        if self.shown.above is not None:
            return _("over %(percent)s%%") % {"percent": self.shown.above}
        if self.mark == Mark.SPLIT:
            return FEW if self.is_small_split else NOT_SHOWN
        marks = {Mark.FEW: FEW, Mark.HIDDEN: NOT_SHOWN, Mark.ABSENT: NOT_REPORTING}
        return marks.get(self.mark) or _("none")

    @property
    def tile(self) -> str:
        """The share where there is little room: "81", "<24", ">75"."""
        if self.is_exact:
            return str(self.percent)
        if self.shown.below is not None:
            return f"<{self.shown.below}%"
        if self.shown.above is not None:
            return f">{self.shown.above}%"
        return "0" if self.mark == Mark.NONE else self.share

    @property
    def is_small_split(self) -> bool:
        """Whether part and rest are hidden because one of them is small, and not for the sake of other counties."""
        return self.mark == Mark.SPLIT and (self.shown.whole or 0) < SMALLEST + MOST_SMALL

    @property
    def whole(self) -> str:
        """The denominator as it stands in tables."""
        if self.shown.whole is not None:
            return str(self.shown.whole)
        return self.share

    @property
    def part(self) -> str:
        """The numerator as it stands in tables."""
        if self.shown.part is not None:
            return str(self.shown.part)
        if self.mark == Mark.LOW:
            return FEW
        if self.mark == Mark.HIGH and self.shown.whole is not None:
            return _("%(count)s or more") % {"count": self.shown.whole - MOST_SMALL}
        return self.share

    @property
    def is_told(self) -> bool:
        """Whether the share, or a bound of it, is told."""
        return self.is_exact or self.mark in (Mark.LOW, Mark.HIGH)

    @property
    def words(self) -> str:
        """The share in words, for titles and sentences."""
        if self.is_told:
            return self.share
        if self.mark == Mark.FEW or self.is_small_split:
            return _("too few to show")
        if self.mark == Mark.ABSENT:
            return _("not reporting yet")
        if self.mark == Mark.NONE:
            return _("nothing to count")
        return _("not shown, to protect others")


@dataclass(frozen=True)
class Table:
    """One measure in one quarter, as it came out. `cells` are its counties by FIPS number, as far as they were read."""

    measure: str
    quarter: Quarter
    state: Number = Number()
    counted_at: dt.datetime | None = None
    cells: dict[str, list] | None = None

    def of(self, fips: str) -> Number:
        """The number of a county. `LookupError` where counties were not read: that is not "not reporting"."""
        if self.cells is None:
            raise LookupError(f"{self.measure}, {self.quarter.code}: its counties were not read.")
        cell = self.cells.get(fips)
        return Number(Shown.unpacked(cell)) if cell else Number()

    @property
    def counties(self) -> dict[str, Number]:
        return {fips: self.of(fips) for fips in self.cells or {}}

    @property
    def reporting(self) -> int:
        return sum(number.mark != Mark.ABSENT for number in self.counties.values())


class Published:
    """Tables of some quarters: the state's numbers in one query, those of counties in one more for what is asked."""

    def __init__(self, quarters: Iterable[Quarter], fips: str | None = None):
        """With `fips` the numbers of this one county are read along."""
        self.quarters = list(quarters)
        columns = ["measure", "quarter", "state", "counted_at", *(["counties"] if fips else [])]
        rows = Release.objects.filter(quarter__in=[quarter.start for quarter in self.quarters])
        self.tables = {}
        for measure, start, state, counted_at, *read in rows.values_list(*columns):
            cells = {fips: read[0][fips]} if fips and fips in read[0] else {}
            self.tables[measure, start] = Table(
                measure, Quarter(start), Number(Shown.unpacked(state)), counted_at, cells if fips else None
            )

    def with_counties(self, *, quarter: Quarter, measure: str = "") -> "Published":
        """The same with all counties: of every measure in this quarter, and of one measure in every quarter."""
        wanted = Q(quarter=quarter.start) | Q(measure=measure, quarter__in=[one.start for one in self.quarters])
        other = copy(self)
        other.tables = dict(self.tables)
        rows = Release.objects.filter(wanted).values_list("measure", "quarter", "counties")
        for slug, start, cells in rows:
            if table := self.tables.get((slug, start)):
                other.tables[slug, start] = replace(table, cells=cells)
        return other

    def until(self, quarter: Quarter, quarters: int = SHOWN) -> "Published":
        """The same up to this quarter: so many of them."""
        other = copy(self)
        other.quarters = [one for one in self.quarters if one <= quarter][-quarters:]
        return other

    def last_out(self) -> "Published":
        """The same up to the last quarter that is out."""
        out = [quarter for quarter in self.quarters if self.has(quarter)]
        return self.until(out[-1] if out else self.quarters[-1])

    def table(self, measure: str, quarter: Quarter) -> Table:
        """The table; an empty one where nothing came out."""
        return self.tables.get((measure, quarter.start)) or Table(measure, quarter, cells={})

    def has(self, quarter: Quarter) -> bool:
        return any(start == quarter.start for _measure, start in self.tables)

    def trend(self, measure: str, fips: str | None = None) -> list[Number]:
        """The state's number, or a county's, in each of the quarters."""
        tables = [self.table(measure, quarter) for quarter in self.quarters]
        return [table.state if fips is None else table.of(fips) for table in tables]
