"""From the rows of the portal to true counts per county and month, and from those to what is published."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Count as CountOf
from django.db.models import Max, Min, Sum
from django.utils import timezone

from collaboratives.models import County
from soc_portal.measures.enums import Mark
from soc_portal.measures.models import Release, Rollup
from soc_portal.measures.quarters import Quarter, month_after
from soc_portal.measures.registry import Measure, Span, every_measure
from soc_portal.measures.suppression import Counted, Shown, publish

BATCH = 2_000


# --- Counting --------------------------------------------------------------------------------------------------------
def count(measure: Measure, span: Span) -> list[Rollup]:
    """A roll-up for each county and month of the span, also where there is nothing: zero is a count too.

    A family counts among the subjects of a quarter once, in the first of its months in which it has anything. So a span
    begins with a quarter.
    """
    parts: dict[tuple[int, dt.date], int] = defaultdict(int)
    wholes: dict[tuple[int, dt.date], int] = defaultdict(int)
    first_months: dict[tuple[int, dt.date, int], dt.date] = {}
    for county_id, month, subject, numerator, denominator in measure.compute(span):
        if denominator:
            parts[county_id, month] += numerator
            wholes[county_id, month] += denominator
            of_quarter = county_id, Quarter.of(month).start, subject
            first_months[of_quarter] = min(month, first_months.get(of_quarter, month))
    subjects: dict[tuple[int, dt.date], int] = defaultdict(int)
    for (county_id, _quarter, _subject), month in first_months.items():
        subjects[county_id, month] += 1
    return [
        Rollup(
            measure=measure.slug, county_id=county_id, month=month, numerator=parts[county_id, month],
            denominator=wholes[county_id, month], subjects=subjects[county_id, month],
        )
        for county_id in span.county_ids
        for month in span.months
    ]  # fmt: skip


def span_of(county_ids: Iterable[int], months: Sequence[dt.date], today: dt.date) -> Span:
    """The span that holds these months, from the beginning of the first one's quarter."""
    start = Quarter.of(min(months)).start
    return Span(tuple(sorted(county_ids)), start, month_after(max(months)), today)


def write(rollups: list[Rollup], now: dt.datetime) -> int:
    """Write them down in the place of what was counted before; returns how many."""
    for rollup in rollups:
        rollup.computed_at = now
    Rollup.objects.bulk_create(
        rollups, batch_size=BATCH, update_conflicts=True, unique_fields=["measure", "county_id", "month"],
        update_fields=["numerator", "denominator", "subjects", "computed_at"],
    )  # fmt: skip
    return len(rollups)


# --- Publishing ------------------------------------------------------------------------------------------------------
def counted(measure: Measure, quarter: Quarter) -> dict[int, Counted] | None:
    """The true counts of a quarter by county; None until every county was counted after its records had settled."""
    rows = Rollup.objects.filter(measure=measure.slug, month__in=quarter.months).order_by()
    found = rows.values("county_id").annotate(
        part=Sum("numerator"), whole=Sum("denominator"), behind=Sum("subjects"), months=CountOf("pk"),
        since=Min("computed_at"),
    )  # fmt: skip
    counts, ready = {}, 0
    for row in found:
        settled = timezone.localdate(row["since"]) >= quarter.comes_out_on
        ready += row["months"] == len(quarter.months) and settled
        counts[row["county_id"]] = Counted(row["part"], row["whole"], row["behind"])
    return counts if ready and ready == County.objects.count() else None


def release(quarter: Quarter, measures: Iterable[Measure] | None = None) -> list[Release]:
    """What may be published of a quarter, for each measure that is counted in full. Not saved.

    A county in which no measure counted anything is not reporting.
    """
    ready = [(one, counts) for one in measures or every_measure() if (counts := counted(one, quarter)) is not None]
    counties = list(County.objects.order_by("under_18", "fips").values_list("pk", "fips"))
    reporting = set(
        Rollup.objects.filter(month__in=quarter.months, denominator__gt=0)
        .order_by()
        .values_list("county_id", flat=True)
    )
    counted_at = Rollup.objects.filter(month__in=quarter.months).aggregate(at=Max("computed_at"))["at"]
    made = []
    for measure, counts in ready:
        # By people under 18, the fewest first: an order that everybody may know and that no count has changed.
        shown, state = publish({fips: counts[pk] for pk, fips in counties if pk in reporting and pk in counts})
        cells = {fips: shown.get(fips, Shown(Mark.ABSENT)).packed() for _pk, fips in counties}
        made.append(
            Release(
                measure=measure.slug, quarter=quarter.start, counties=cells, state=state.packed(), counted_at=counted_at
            )
        )
    return made
