"""Groups from the first day to the last, and the places at their tables."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from collaboratives.actions.groups.terms import TERM_YEARS, give_office, last_day_of_term, start_term
from collaboratives.enums import EndOfTerm, GroupLevel, OfficeKind, VacancyReason
from collaboratives.models import Collaborative, County, GroupKind, Office, Seat, SeatCategory, Term
from soc_portal.audit.actions import record
from soc_portal.versions.actions import add_row, change_row

ONE_DAY = dt.timedelta(days=1)


@transaction.atomic
def found_group(
    *, kind: GroupKind, name: str, counties: Iterable[County], by, parent: Collaborative | None = None,
    starts_on: dt.date | None = None, ends_on: dt.date | None = None, about: str = "", meets_words: str = "",
    first_name: str = "", first_address: str = "",
) -> Collaborative:  # fmt: skip
    """Start a group with the seats that its kind names, all of them empty. A subcommittee has none of its own.

    With `first_name` somebody takes the first seat in the order of the law and chairs until the group chooses: how a
    closed group begins, since whoever founds it never sees it. `ValidationError` for a county group without a county,
    for several counties where the law knows one, and for days on which there was no such kind of group.
    """
    counties, starts_on = list(counties), starts_on or timezone.localdate()
    if kind.level == GroupLevel.COUNTY and not counties:
        raise ValidationError({"counties": _("Choose at least one county.")})
    if len(counties) > 1 and not kind.multi_county:
        raise ValidationError({"counties": _("A group of this kind serves one county.")})
    if ends_on and ends_on < starts_on:
        raise ValidationError({"ends_on": _("The last day is before the first one.")})
    if starts_on < kind.starts_on or (kind.ends_on and (ends_on or starts_on) > kind.ends_on):
        raise ValidationError({"starts_on": _("On that day there is no group of this kind.")})
    group = Collaborative(
        kind_of=kind, name=name, parent=parent, starts_on=starts_on, ends_on=ends_on, about=about,
        meets_words=meets_words,
    )  # fmt: skip
    add_row(group, by=by, family_id=None)
    group.counties.set(counties)
    if parent is None:
        _set_the_table(group)
    record("group_founded", by=by, thing=group)
    if first_name:
        _seat_first(group, by=by, name=first_name, address=first_address)
    return group


def _set_the_table(group: Collaborative) -> None:
    """Every seat that the law names, in its order. Of an older group nobody has said yet since when they are empty."""
    is_new = group.starts_on >= timezone.localdate()
    named = [
        category
        for category in group.kind_of.categories.order_by("place", "pk")
        for _seat in range(category.count or 0)
    ]
    Seat.objects.bulk_create(
        _empty_seat(group, category, number, is_new=is_new) for number, category in enumerate(named, start=1)
    )


def _empty_seat(group: Collaborative, category: SeatCategory, number: int, *, is_new: bool = True) -> Seat:
    return Seat(
        group=group, category=category, number=number, vacant_since=timezone.localdate() if is_new else None,
        vacancy_reason=VacancyReason.NEVER_FILLED if is_new else "",
    )  # fmt: skip


def _seat_first(group: Collaborative, *, by, name: str, address: str) -> None:
    seat = group.seats.order_by("number").first() or add_seat(
        group=group, category=group.kind_of.categories.order_by("place", "pk")[0], by=by
    )
    term = start_term(
        seat=seat, by=by, name=name, address=address, starts_on=group.starts_on,
        ends_on=last_day_of_term(group.starts_on, group.kind_of.term_years or TERM_YEARS),
    )  # fmt: skip
    give_office(term=term, kind=OfficeKind.CHAIR, by=by, starts_on=group.starts_on)


@transaction.atomic
def change_group(*, group: Collaborative, by, base_version: int, values: dict[str, Any]) -> Collaborative:
    """Save the name or the words of a group; raises `Conflict` when somebody else just did."""
    return change_row(group, by=by, family_id=None, base_version=base_version, values=values)


@transaction.atomic
def end_group(*, group: Collaborative, by, ends_on: dt.date, successor: Collaborative | None = None) -> Collaborative:
    """A group comes to its end, and another one may follow it. Every term ends with it: nobody is carried over.

    `ValidationError` for a day before its first one, for a successor that serves none of its counties or is the group
    itself, and where somebody else has ended it.
    """
    group = Collaborative.objects.select_for_update(of=("self",)).get(pk=group.pk)
    if group.ends_on is not None:
        raise ValidationError(_("Somebody else has ended this group."), code="ended")
    if ends_on < group.starts_on:
        raise ValidationError({"ends_on": _("That is before the group began.")})
    if successor is not None and not _may_follow(successor, group):
        raise ValidationError({"successor": _("Choose another group: this one cannot follow.")})
    group = change_row(
        group, by=by, family_id=None, base_version=group.version, values={"ends_on": ends_on, "successor": successor}
    )
    after = ends_on + ONE_DAY
    left = Term.objects.filter(seat__group=group, left_on=None, ends_on__gt=ends_on)
    left.update(left_on=Greatest("starts_on", after), left_reason=EndOfTerm.GROUP_ENDED, ended_by=by)
    running = Office.objects.filter(group=group).filter(Q(ends_on=None) | Q(ends_on__gt=ends_on))
    running.update(ends_on=Greatest("starts_on", ends_on))
    record("group_ended", by=by, thing=group)
    return group


def _may_follow(successor: Collaborative, group: Collaborative) -> bool:
    if successor.pk == group.pk or successor.ended_at is not None:
        return False
    if group.kind_of.level == GroupLevel.STATE:
        return successor.kind_of.level == GroupLevel.STATE
    return successor.counties.filter(pk__in=group.counties.values("pk")).exists()


# --- Seats -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_seat(*, group: Collaborative, category: SeatCategory, by) -> Seat:
    """One more place at the table, empty until a term begins on it. `ValidationError` above what the law allows."""
    Collaborative.objects.select_for_update(of=("self",)).get(pk=group.pk)
    there = Seat.objects.filter(group=group, ends_on=None)
    most = group.kind_of.max_members
    if category.kind_id != group.kind_of_id:
        raise ValidationError({"category": _("This group has no seats of this kind.")})
    if category.count is not None and there.filter(category=category).count() >= category.count:
        raise ValidationError({"category": _("The law names no more seats of this kind.")})
    if most is not None and there.count() >= most:
        raise ValidationError({"category": _("This group has at most %(most)s members.") % {"most": most}})
    number = (Seat.objects.filter(group=group).aggregate(last=Max("number"))["last"] or 0) + 1
    seat = _empty_seat(group, category, number)
    seat.save()
    record("seat_added", by=by, thing=seat)
    return seat


@transaction.atomic
def note_vacancy(*, seat: Seat, by, reason: str, since: dt.date | None = None) -> None:
    """Why a seat is empty. Since when follows from its last term; where there was none, `since` says it.

    `ValidationError` where somebody holds it, and for a day to come.
    """
    Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    today = timezone.localdate()
    terms = [term for term in Term.objects.filter(seat=seat, starts_on__lte=today) if term.last_day >= term.starts_on]
    if any(term.is_live(today) for term in terms):
        raise ValidationError(_("Somebody holds this seat. End the term first."), code="filled")
    if terms:
        since = max(term.last_day for term in terms) + ONE_DAY
    elif since is not None and since > today:
        raise ValidationError({"since": _("This day has not come yet.")})
    Seat.objects.filter(pk=seat.pk).update(vacant_since=since, vacancy_reason=VacancyReason(reason))
    record("seat_noted", by=by, thing=seat)
