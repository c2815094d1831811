"""What can be counted of groups: whether barriers get answers, whether families sit at the table and are heard.

A seat is not a family's record, yet small counts are hidden here too: one rule for every number is easier to keep.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Count as CountOf
from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaboratives.enums import GroupMeetingStatus, OfficeKind
from collaboratives.models import AgendaItem, Barrier, Collaborative, Office, Term
from soc_portal.measures.enums import SocValue
from soc_portal.measures.quarters import Quarter
from soc_portal.measures.registry import Count, Span, measure


@measure(
    slug="barriers-answered",
    title=_("Barriers answered in time"),
    question=_("When teams say what stands in the way, does the county answer?"),
    numerator=_("of these, answered by their date"),
    denominator=_("barriers from teams whose date for an answer passed"),
    unit=_("barriers"),
    target=90,
    target_source=_("this project's own aim"),
    value=SocValue.COLLABORATION,
)
def barriers_answered(span: Span) -> Iterable:
    """A barrier counts in the month in which its answer was due, once that day has passed."""
    due = Barrier.objects.live().filter(
        answer_due_on__gte=span.start, answer_due_on__lt=min(span.end, span.today), county_id__in=span.county_ids
    )
    return (
        due.annotate(month=TruncMonth("answer_due_on"))
        .order_by()
        .values_list("county_id", "month", "pk")
        .annotate(numerator=CountOf("pk", filter=Q(answered_on__lte=F("answer_due_on"))), denominator=CountOf("pk"))
    )


# --- At the table ----------------------------------------------------------------------------------------------------
#: What is asked of each term: where, which seat and group, whether for families, and from when to when all of it holds.
FIELDS = {
    "county": "seat__group__counties", "seat": "seat_id", "group": "seat__group_id",
    "family": "seat__category__family_seat", "starts": "starts_on", "ends": "ends_on", "left": "left_on",
    "group_starts": "seat__group__starts_on", "group_ends": "seat__group__ends_on", "closed": "seat__group__ended_at",
}  # fmt: skip


def _last_days(span: Span) -> list[dt.date]:
    """The last days of the quarters in the span that have passed: who sits at a table is counted on these days."""
    quarters = {Quarter.of(month) for month in span.months}
    return sorted(quarter.end for quarter in quarters if quarter.end < min(span.end, span.today))


def _holds(row: dict, day: dt.date) -> bool:
    """Whether the term and its group were there on that day."""
    closed = row["closed"]
    return (
        row["starts"] <= day <= row["ends"]
        and (row["left"] is None or row["left"] > day)
        and row["group_starts"] <= day
        and (row["group_ends"] is None or row["group_ends"] >= day)
        and (closed is None or timezone.localdate(closed) > day)
    )


def _held_on(days: list[dt.date], rows: Iterable[dict]) -> Iterator[tuple[dt.date, dict]]:
    for row in rows:
        yield from ((day, row) for day in days if _holds(row, day))


def _terms(span: Span, days: list[dt.date]) -> QuerySet[Term]:
    of_span = Term.objects.filter(
        seat__group__counties__in=span.county_ids, starts_on__lte=days[-1], ends_on__gte=days[0]
    )
    return of_span.order_by()


@measure(
    slug="family-seats",
    title=_("Seats held by families"),
    question=_("Do families sit where the county decides?"),
    numerator=_("of these, seats for families and youth"),
    denominator=_("filled seats of the county's groups on the last day of the quarter"),
    unit=_("filled seats"),
    target=25,
    target_source=_("this project's own aim"),
    value=SocValue.PARTNERSHIP,
)
def family_seats(span: Span) -> Iterable:
    """Who has a term that day on a seat of a group that was there. A group of several counties counts in each."""
    days = _last_days(span)
    if not days:
        return
    rows = _terms(span, days).values_list(*FIELDS.values())
    for day, row in _held_on(days, (dict(zip(FIELDS, row, strict=True)) for row in rows)):
        yield Count(row["county"], day.replace(day=1), row["seat"], int(row["family"]), 1)


@measure(
    slug="family-chairs",
    title=_("Groups that a family member leads"),
    question=_("Does a family member or youth chair or co-chair?"),
    numerator=_("of these, groups with a chair or co-chair on a seat for families and youth"),
    denominator=_("groups of the county with a chair or co-chair on the last day of the quarter"),
    unit=_("groups"),
    target=100,
    target_source=_("rule of the State Collaborative: a family or youth member always co-chairs"),
    value=SocValue.PARTNERSHIP,
)
def family_chairs(span: Span) -> Iterable:
    """By offices that somebody holds that day together with a term. A group of several counties counts in each."""
    days = _last_days(span)
    if not days:
        return
    offices = Office.objects.filter(
        term__in=_terms(span, days), kind__in=(OfficeKind.CHAIR, OfficeKind.CO_CHAIR),
        term__seat__group__counties__in=span.county_ids,
    )  # fmt: skip
    columns = {name: f"term__{path}" for name, path in FIELDS.items()} | {"since": "starts_on", "until": "ends_on"}
    rows = offices.order_by().values_list(*columns.values())
    led: dict[tuple[int, dt.date, int], bool] = defaultdict(bool)
    for day, row in _held_on(days, (dict(zip(columns, row, strict=True)) for row in rows)):
        if row["since"] <= day and (row["until"] is None or row["until"] >= day):
            led[row["county"], day, row["group"]] |= row["family"]
    for (county_id, day, group_id), by_family in led.items():
        yield Count(county_id, day.replace(day=1), group_id, int(by_family), 1)


# --- On one group's own page -----------------------------------------------------------------------------------------
#: How far back "is the family voice heard?" looks, in days: half a year.
VOICE_DAYS = 183


def family_voice(group: Collaborative, since: dt.date) -> tuple[int, int]:
    """(items on which a family member or youth spoke, all items) of the agendas of meetings held since that day."""
    items = AgendaItem.objects.live().filter(
        group=group, meeting__ended_at=None, meeting__status=GroupMeetingStatus.HELD,
        meeting__starts_at__date__gte=since,
    )  # fmt: skip
    found = items.aggregate(spoke=CountOf("pk", filter=Q(family_spoke=True)), all=CountOf("pk"))
    return found["spoke"], found["all"]
