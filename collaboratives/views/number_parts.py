"""The parts of the pages of numbers, in words: made from what has come out (`soc_portal.measures.published`) alone."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from collaboratives.models import County
from soc_portal.measures.enums import Mark
from soc_portal.measures.published import Number, Published, Table
from soc_portal.measures.quarters import Quarter
from soc_portal.measures.registry import Measure, every_measure, get_measure

#: The four numbers at the top of the state's page.
WATCHED = ("first-meeting", "caregiver-present", "natural-supports", "steps-in-time")
WAITS, COUNTIES_A_WAIT = 3, 5
LINES = 12


def url_of(county: County) -> str:
    return reverse("collaboratives:county_numbers", kwargs={"fips": county.fips})


# --- One measure over time -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Trend:
    """One measure of the state or of a county, quarter by quarter; the newest comes last."""

    measure: Measure
    quarters: list[Quarter]
    numbers: list[Number]
    state: list[Number]
    where: str
    counted_at: object = None

    @property
    def now(self) -> Number:
        return self.numbers[-1]

    @property
    def state_now(self) -> Number:
        return self.state[-1]

    @property
    def first(self) -> tuple[Quarter, Number] | None:
        """The first quarter that can be shown as it is."""
        shown = ((quarter, number) for quarter, number in zip(self.quarters, self.numbers, strict=True))
        return next(((quarter, number) for quarter, number in shown if number.is_exact), None)

    @property
    def values(self) -> list[int | None]:
        return [number.percent for number in self.numbers]

    @property
    def has_line(self) -> bool:
        return any(value is not None for value in self.values)

    @property
    def label(self) -> str:
        """What the line says, for screen readers; "" where there is none."""
        if self.first is None:
            return ""
        quarter, number = self.first
        return _("%(where)s, from %(first)s in %(quarter)s to %(now)s in %(last)s.") % {
            "where": self.where, "first": number.share, "quarter": quarter.short_words, "now": self.now.words,
            "last": self.quarters[-1].short_words,
        }  # fmt: skip

    @property
    def change(self) -> str:
        """Beside a year ago, in points; where that can't be said, the aim."""
        before = self.numbers[-5] if len(self.numbers) > 4 else Number()
        if self.now.percent is None or before.percent is None:
            return _("Aim: %(target)s%%") % {"target": self.measure.target}
        points = self.now.percent - before.percent
        if points == 0:
            return _("The same as a year ago. Aim: %(target)s%%") % {"target": self.measure.target}
        words = _("Up %(points)s from a year ago. Aim: %(target)s%%")
        if points < 0:
            words = _("Down %(points)s from a year ago. Aim: %(target)s%%")
        return words % {"points": abs(points), "target": self.measure.target}

    @property
    def rows(self) -> list[tuple[Quarter, Number, Number]]:
        return list(zip(self.quarters, self.numbers, self.state, strict=True))


def trend_of(published: Published, measure: Measure, county: County | None = None) -> Trend:
    last = published.table(measure.slug, published.quarters[-1])
    state = published.trend(measure.slug)
    return Trend(
        measure=measure, quarters=published.quarters, state=state, counted_at=last.counted_at,
        numbers=state if county is None else published.trend(measure.slug, county.fips),
        where=_("North Carolina") if county is None else county.name,
    )  # fmt: skip


def trends_of(published: Published, county: County | None = None) -> list[Trend]:
    return [trend_of(published, measure, county) for measure in every_measure()]


def cards_of(published: Published) -> list[Trend]:
    watched = filter(None, map(get_measure, WATCHED))
    return [trend_of(published, measure) for measure in watched]


# --- Where families wait ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Row:
    """One county of a table."""

    name: str
    fips: str
    url: str
    number: Number

    @property
    def whole(self) -> str:
        return self.number.whole

    @property
    def part(self) -> str:
        return self.number.part

    @property
    def share(self) -> str:
        return self.number.share


@dataclass(frozen=True)
class Wait:
    """A measure that the state has not reached, and the counties that are furthest from it, as far as can be shown."""

    measure: Measure
    state: Number
    counties: list[Row]
    behind: int

    @property
    def points(self) -> int:
        return self.measure.target - (self.state.percent or 0)


def waits_of(published: Published, quarter: Quarter, counties: Sequence[County]) -> list[Wait]:
    """The measures furthest from their targets, the furthest first."""
    waits = []
    for measure in every_measure():
        table = published.table(measure.slug, quarter)
        if table.state.percent is not None and table.state.percent < measure.target:
            behind = _behind(table, measure, counties)
            shown = [_row(county, table) for county in behind[:COUNTIES_A_WAIT]]
            waits.append(Wait(measure, table.state, shown, len(behind)))
    return sorted(waits, key=lambda wait: -wait.points)[:WAITS]


def _behind(table: Table, measure: Measure, counties: Iterable[County]) -> list[County]:
    """Counties that are known to be below the aim, the furthest behind first."""
    highest = [(table.of(county.fips).at_most, county.name, county) for county in counties]
    known = [row for row in highest if row[0] is not None and row[0] < measure.target]
    return [county for _at_most, _name, county in sorted(known, key=lambda row: row[:2])]


def _row(county: County, table: Table) -> Row:
    return Row(county.name, county.fips, url_of(county), table.of(county.fips))


# --- County by county ------------------------------------------------------------------------------------------------
def rows_of(table: Table, counties: Iterable[County]) -> list[Row]:
    """Every county, and the state first."""
    state = Row(_("North Carolina"), "", "", table.state)
    return [state, *(_row(county, table) for county in counties)]


def extremes(table: Table, counties: Iterable[County]) -> str:
    """Who is highest and who is lowest, among the counties that can be shown; "" where fewer than four can."""
    exact = [(number.percent or 0, county.name) for county in counties if (number := table.of(county.fips)).is_exact]
    if len(exact) < 4:
        return ""
    ordered = sorted(exact, key=lambda pair: (-pair[0], pair[1]))
    (high, first), (high2, second), *_others, (low2, third), (low, last) = ordered
    return _(
        "Of the counties that can be shown, %(first)s and %(second)s are highest, at %(high)s%% and %(high2)s%%. "
        "%(last)s and %(third)s are lowest, at %(low)s%% and %(low2)s%%."
    ) % {
        "first": first, "second": second, "third": third, "last": last, "high": high, "high2": high2, "low": low,
        "low2": low2,
    }  # fmt: skip


def _band(percent: int, measure: Measure) -> str:
    return f"q{1 + (5 - len(measure.bands) - 1) + sum(percent >= edge for edge in measure.bands)}"


def css_of(number: Number, measure: Measure) -> str:
    """The colour of a county: its band, also where only a bound is told, if all of it lies in one band."""
    if number.percent is not None:
        return _band(number.percent, measure)
    if number.shown.below is not None and number.shown.below <= measure.bands[0]:
        return _band(0, measure)
    if number.shown.above is not None and number.shown.above >= measure.target:
        return _band(100, measure)
    return "qn" if number.mark == Mark.ABSENT else "qs"


def cells_of(table: Table, measure: Measure, counties: Iterable[County]) -> dict[str, dict[str, str]]:
    """What the maps draw of each county."""
    return {
        county.fips: {
            "css": css_of(number := table.of(county.fips), measure),
            "text": number.tile,
            "title": _("%(county)s: %(words)s") % {"county": county.name, "words": number.words},
            "url": url_of(county),
        }
        for county in counties
    }


def legend_of(measure: Measure) -> list[tuple[str, str]]:
    """[(class, words)] of the colours; the darkest is the aim."""
    edges = measure.bands
    legend = [(_band(0, measure), _("under %(percent)s%%") % {"percent": edges[0]})]
    for low, high in itertools.pairwise(edges):
        words = _("%(low)s to %(high)s%%") if high - 1 > low else _("%(low)s%%")
        legend.append((_band(low, measure), words % {"low": low, "high": high - 1}))
    aim = _("%(percent)s%% or more: the aim") if measure.target < 100 else _("%(percent)s%%: the aim")
    legend.append((_band(measure.target, measure), aim % {"percent": measure.target}))
    return [
        *legend,
        ("qs", _("<11: too few to show. Under, over: only so much can be told. *: hidden so that others stay hidden")),
        ("qn", _("–: not reporting yet")),
    ]


def lines_of(
    published: Published, measure: Measure, quarter: Quarter, counties: Sequence[County]
) -> list[tuple[str, Trend]]:
    """(address, trend) of the largest counties whose share can be shown, by name."""
    table = published.table(measure.slug, quarter)
    shown = [county for county in counties if table.of(county.fips).is_exact]
    largest = sorted(shown, key=lambda county: (-county.under_18, county.fips))[:LINES]
    return [(url_of(county), trend_of(published, measure, county)) for county in sorted(largest, key=lambda c: c.name)]
