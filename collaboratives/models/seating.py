"""Who sits at a group's table on a day: every seat with its holder, or since when it is empty and why.

Nobody is carried over: from the day after the last day of a term the seat is empty, whoever still comes.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, FilteredRelation, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from collaboratives.enums import OfficeKind, Quorum, VacancyReason
from collaboratives.models.groups import Collaborative, GroupKind, Office, Seat, SeatCategory, Term

ONE_DAY = dt.timedelta(days=1)
#: A term that ends within so many days is pointed out, so that somebody is found in time; the project's own choice.
SOON = dt.timedelta(days=90)
CHAIRS = (OfficeKind.CHAIR, OfficeKind.CO_CHAIR)


@dataclass
class SeatNow:
    """One seat on one day. `term` is the live one; `last` the one before, `coming` the next, where it is empty."""

    seat: Seat
    on: dt.date
    term: Term | None = None
    last: Term | None = None
    coming: Term | None = None
    offices: list[Office] = field(default_factory=list)

    @property
    def category(self) -> SeatCategory:
        return self.seat.category

    @property
    def number(self) -> int:
        return self.seat.number

    @property
    def is_filled(self) -> bool:
        return self.term is not None

    @property
    def seat_kind(self) -> str:
        """The shape in pictures: "open" for an empty seat."""
        return self.category.seat_kind if self.is_filled else "open"

    @property
    def is_family(self) -> bool:
        return self.category.family_seat

    @property
    def ends_soon(self) -> bool:
        return self.term is not None and self.term.last_day - self.on <= SOON and self.coming is None

    @property
    def empty_since(self) -> dt.date | None:
        """The first day without anybody, for an empty seat: the day after the last one, or what somebody noted."""
        if self.is_filled:
            return None
        return self.last.last_day + ONE_DAY if self.last else self.seat.vacant_since

    @property
    def ran_out(self) -> bool:
        """Whether it is empty because a term reached its last day."""
        return not self.is_filled and self.last is not None and self.last.left_on is None

    @property
    def why_empty(self) -> str:
        """A `VacancyReason`, or "" where nobody said."""
        if self.is_filled:
            return ""
        if self.seat.vacancy_reason and self.seat.vacant_since == self.empty_since:
            return self.seat.vacancy_reason
        return VacancyReason.TERM_ENDED if self.ran_out else ""

    @property
    def why_empty_words(self) -> str:
        return str(VacancyReason(self.why_empty).label) if self.why_empty else ""


class Seating:
    """Every seat of one group on one day, in the order of the law."""

    def __init__(self, group: Collaborative, on: dt.date | None = None):
        self.group = group
        today = timezone.localdate()
        #: A group that came to its end is shown as it was on its last day.
        self.on = min(filter(None, (on or today, group.ends_on)))
        seats = (
            standing(Seat.objects.filter(group=group), self.on)
            .select_related("category")
            .prefetch_related(Prefetch("terms", _with_offices(self.on)))
            .order_by("category__place", "number")
        )
        self.seats = [_on(self.on, seat) for seat in seats]

    def __len__(self) -> int:
        return len(self.seats)

    def terms_on(self, day: dt.date) -> list[Term]:
        """Who sits there on another day."""
        return [term for seat in self.seats for term in _terms_of(seat.seat) if term.is_live(day)]

    @property
    def filled(self) -> list[SeatNow]:
        return [seat for seat in self.seats if seat.is_filled]

    @property
    def empty(self) -> list[SeatNow]:
        return [seat for seat in self.seats if not seat.is_filled]

    @property
    def ending_soon(self) -> list[SeatNow]:
        return [seat for seat in self.seats if seat.ends_soon]

    @property
    def family(self) -> list[SeatNow]:
        """Seats for family members and youth, filled or not."""
        return [seat for seat in self.seats if seat.is_family]

    @property
    def family_filled(self) -> list[SeatNow]:
        return [seat for seat in self.filled if seat.is_family]

    def holders(self, *kinds: str) -> list[tuple[Office, SeatNow]]:
        """Who holds one of these offices, in the order of the kinds."""
        found = [(office, seat) for seat in self.filled for office in seat.offices if office.kind in kinds]
        return sorted(found, key=lambda pair: (kinds.index(pair[0].kind), pair[0].pk))

    @property
    def family_co_chairs(self) -> bool:
        """Whether a family or youth member chairs or co-chairs."""
        return any(seat.is_family for _office, seat in self.holders(*CHAIRS))

    @property
    def quorum(self) -> int | None:
        """How many must be there for a vote, or None where no number is set."""
        return quorum_of(self.group.kind_of, len(self.filled))


def quorum_of(kind: GroupKind, filled: int) -> int | None:
    """How many of so many filled seats must be there for a vote: more than half, or None where no number is set."""
    return filled // 2 + 1 if kind.quorum == Quorum.MAJORITY else None


def _with_offices(on: dt.date) -> QuerySet[Term]:
    """Terms with the offices of that day, in one query: a term comes once for each of its offices."""
    holds = Q(offices__starts_on__lte=on) & (Q(offices__ends_on=None) | Q(offices__ends_on__gte=on))
    terms = Term.objects.select_related("organization").annotate(office=FilteredRelation("offices", condition=holds))
    terms = terms.annotate(office_pk=F("office__pk"), office_kind=F("office__kind"))
    return terms.order_by("starts_on", "pk", "office_kind", "office_pk")


def _terms_of(seat: Seat) -> list[Term]:
    """The terms of a seat, each once with its `offices_now`; without those that ended before they began."""
    terms: dict[int, Term] = {}
    for row in seat.terms.all():
        term = terms.setdefault(row.pk, row)
        if term is row:
            term.offices_now = []
        if row.office_pk:
            term.offices_now.append(Office(pk=row.office_pk, kind=row.office_kind, group_id=seat.group_id, term=term))
    return [term for term in terms.values() if term.last_day >= term.starts_on]


def _on(on: dt.date, seat: Seat) -> SeatNow:
    now = SeatNow(seat, on)
    for term in _terms_of(seat):
        if term.is_live(on):
            now.term, now.offices = term, term.offices_now
        elif term.last_day < on:
            now.last = term
        elif now.coming is None:
            now.coming = term
    return now


# --- Counting many groups at once ------------------------------------------------------------------------------------
def standing(seats: QuerySet[Seat], on: dt.date | None = None) -> QuerySet[Seat]:
    """Seats that have not been taken away by the day `on` (today when left out)."""
    on = on or timezone.localdate()
    return seats.filter(Q(ends_on=None) | Q(ends_on__gte=on))


def running(groups: QuerySet[Collaborative], on: dt.date | None = None) -> QuerySet[Collaborative]:
    """Groups that have begun and not come to their end on the day `on` (today when left out)."""
    on = on or timezone.localdate()
    return groups.filter(Q(ends_on=None) | Q(ends_on__gte=on), ended_at=None, starts_on__lte=on)


def counted(seats: QuerySet[Seat], by: str, on: dt.date | None = None) -> QuerySet:
    """For each value of `by`: `seats`, `filled`, and the same of the seats for families, as one query."""
    is_filled = Exists(Term.objects.live(on).filter(seat=OuterRef("pk")))
    family = Q(category__family_seat=True)
    return (
        standing(seats, on)
        .order_by()
        .annotate(is_filled=is_filled)
        .values(by)
        .annotate(
            seats=Count("pk"),
            filled=Count("pk", filter=Q(is_filled=True)),
            family_seats=Count("pk", filter=family),
            family_filled=Count("pk", filter=family & Q(is_filled=True)),
        )
    )


def with_counts(groups: QuerySet[Collaborative], on: dt.date | None = None) -> QuerySet[Collaborative]:
    """The groups with `seat_count` and `filled_count`."""
    seats = counted(Seat.objects.filter(group=OuterRef("pk")), "group", on)

    def of(name):
        return Coalesce(Subquery(seats.values(name), output_field=IntegerField()), 0)

    return groups.annotate(seat_count=of("seats"), filled_count=of("filled"))
