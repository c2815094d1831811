"""Kinds of group from the project's file; groups with their seats; who sits where, from when to when; who runs it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from collaboratives.actions.reference import BadFile, day_of, entries_of
from collaboratives.enums import EndOfTerm, GroupLevel, OfficeKind, Quorum, VacancyReason
from collaboratives.models import (
    Collaborative,
    County,
    GroupKind,
    Office,
    Organization,
    Seat,
    SeatCategory,
    Statement,
    Term,
)
from soc_portal.access.scope import forget_scope
from soc_portal.audit.actions import record
from soc_portal.versions.actions import add_row

KEYS = {"code", "name", "name_es", "level", "starts_on", "ends_on", "open_meetings", "quorum", "source", "seats"}
SEAT_KEYS = {"code", "name", "name_es", "count"}
#: Facts of a kind that the file gives as they are.
PLAIN = (
    "name", "name_es", "open_meetings", "needs_statement", "multi_county", "family_co_chair", "max_members",
    "meetings_per_year", "term_years", "appointed_by", "source",
)  # fmt: skip


# --- Kinds -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def load_group_kinds(*, content: bytes, file: str = "group_kinds.json") -> int:
    """Add or correct kinds of group and the seats that the law names. Returns how many kinds are new or changed.

    Nothing is deleted: a kind whose law ends has an `ends_on` and its successor. `BadFile` changes nothing.
    """
    rows = entries_of(content, file=file, keys=KEYS)
    kinds = {kind.code: kind for kind in GroupKind.objects.all()}
    seats = {(seat.kind_id, seat.code): seat for seat in SeatCategory.objects.all()}
    changed = 0
    for where, row in rows:
        kind = kinds.get(row["code"]) or GroupKind(code=row["code"])
        is_new = _write_if_other(kind, _facts_of_kind(where, row))
        kinds[kind.code] = kind
        written = [_load_category(where, kind, seats, place, seat) for place, seat in enumerate(row["seats"])]
        changed += is_new or any(written)
    for where, row in rows:
        following = row.get("succeeded_by")
        if following and following not in kinds:
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


def _load_category(where: str, kind: GroupKind, seats: dict, place: int, seat: dict[str, Any]) -> bool:
    if missing := sorted(SEAT_KEYS - set(seat)):
        raise BadFile(f"{where}, seat {place + 1}: {missing[0]} is missing.")
    if seat["count"] is not None and (type(seat["count"]) is not int or not 0 < seat["count"] <= 50):
        raise BadFile(f"{where}, seat {place + 1}: count must be a whole number from 1 to 50, or null for any number.")
    row = seats.get((kind.pk, seat["code"])) or SeatCategory(kind=kind, code=seat["code"])
    return _write_if_other(
        row,
        {
            "name": seat["name"], "name_es": seat["name_es"], "count": seat["count"], "place": place,
            "family_seat": bool(seat.get("family_seat")), "designee": bool(seat.get("designee")),
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


# --- Groups and seats ------------------------------------------------------------------------------------------------
@transaction.atomic
def found_group(
    *, kind: GroupKind, name: str, counties: Iterable[County], by, parent: Collaborative | None = None,
    starts_on: dt.date | None = None, ends_on: dt.date | None = None, about: str = "", meets_words: str = "",
) -> Collaborative:  # fmt: skip
    """Start a group with the seats that its kind names, all of them empty. A subcommittee has none of its own.

    `ValidationError` for a county group without a county, for several counties where the law knows one, and for days
    on which there was no such kind of group.
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
        for category in kind.categories.order_by("place", "pk"):
            for _seat in range(category.count or 0):
                add_seat(group=group, category=category, by=by)
    record("group_founded", by=by, thing=group)
    return group


@transaction.atomic
def add_seat(*, group: Collaborative, category: SeatCategory, by) -> Seat:
    """One more place at the table, empty until a term begins on it. `ValidationError` above what the law allows."""
    Collaborative.objects.select_for_update(of=("self",)).get(pk=group.pk)
    there = Seat.objects.filter(group=group, ends_on=None)
    most = group.kind_of.max_members
    if category.count is not None and there.filter(category=category).count() >= category.count:
        raise ValidationError({"category": _("The law names no more seats of this kind.")})
    if most is not None and there.count() >= most:
        raise ValidationError({"category": _("This group has at most %(most)s members.") % {"most": most}})
    number = (Seat.objects.filter(group=group).aggregate(last=Max("number"))["last"] or 0) + 1
    seat = Seat.objects.create(
        group=group, category=category, number=number, vacant_since=timezone.localdate(),
        vacancy_reason=VacancyReason.NEVER_FILLED,
    )  # fmt: skip
    record("seat_added", by=by, thing=seat)
    return seat


@transaction.atomic
def start_term(
    *, seat: Seat, by, starts_on: dt.date, ends_on: dt.date, user=None, name: str = "", role_words: str = "",
    organization: Organization | None = None, designee_of: str = "",
) -> Term:  # fmt: skip
    """Somebody takes a seat from a day to a day, by an account or by name alone.

    `ValidationError` where the term ends before it starts, or where somebody holds the seat on one of its days.
    """
    if ends_on < starts_on:
        raise ValidationError({"ends_on": _("The term ends before it starts.")})
    Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    if taken := _term_within(seat, starts_on, ends_on):
        raise ValidationError(
            {
                "starts_on": _("%(name)s holds this seat until %(day)s. End that term first.")
                % {"name": taken.name, "day": date_format(taken.ends_on)}
            }
        )
    term = Term.objects.create(
        seat=seat, user=user, name=name or user.name, organization=organization, role_words=role_words,
        designee_of=designee_of, starts_on=starts_on, ends_on=ends_on, created_by=by,
    )  # fmt: skip
    Seat.objects.filter(pk=seat.pk).update(vacant_since=None, vacancy_reason="")
    record("term_started", by=by, thing=term)
    _read_anew(user)
    return term


def _term_within(seat: Seat, starts_on: dt.date, ends_on: dt.date) -> Term | None:
    """A term on this seat that shares a day with these, or None."""
    terms = Term.objects.filter(seat=seat, starts_on__lte=ends_on, ends_on__gte=starts_on).order_by("starts_on")
    return next((term for term in terms if term.left_on is None or term.left_on > starts_on), None)


@transaction.atomic
def end_term(*, term: Term, by, reason: str, left_on: dt.date | None = None) -> None:
    """Somebody leaves a seat before the term is over: it is empty from `left_on` (today when left out), and why."""
    left_on = left_on or timezone.localdate()
    if left_on < term.starts_on:
        raise ValidationError({"left_on": _("That is before the term began.")})
    waiting = Term.objects.filter(pk=term.pk, left_on=None)
    if not waiting.update(left_on=left_on, left_reason=EndOfTerm(reason), ended_by=by):
        raise ValidationError(_("Somebody else has ended this term."), code="ended")
    Office.objects.filter(term=term, ends_on=None, starts_on__lte=left_on).update(ends_on=left_on)
    why = reason if reason in VacancyReason.values else VacancyReason.STEPPED_DOWN
    Seat.objects.filter(pk=term.seat_id).update(vacant_since=left_on, vacancy_reason=why)
    record("term_ended", by=by, thing=term)
    _read_anew(term.user)


@transaction.atomic
def give_office(*, term: Term, kind: str, by, starts_on: dt.date | None = None) -> Office:
    """A member chairs, co-chairs or keeps the minutes from a day on (today when left out)."""
    if Office.objects.live().filter(term=term, kind=kind).exists():
        raise ValidationError(_("This person does this for the group already."), code="twice")
    office = Office.objects.create(
        group_id=term.seat.group_id, term=term, kind=OfficeKind(kind), starts_on=starts_on or timezone.localdate()
    )
    record("office_given", by=by, thing=office)
    _read_anew(term.user)
    return office


@transaction.atomic
def end_office(*, office: Office, by, ends_on: dt.date | None = None) -> None:
    """Somebody stops running the group; the last day counts (yesterday when left out, so that it ends at once)."""
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Office.objects.filter(pk=office.pk, ends_on=None).update(ends_on=max(ends_on or yesterday, office.starts_on))
    record("office_ended", by=by, thing=office)
    _read_anew(office.term.user)


@transaction.atomic
def sign_statement(*, group: Collaborative, by, text: str) -> Statement:
    """A member of a closed group signs its confidentiality statement; the words are kept with the signature."""
    statement, _created = Statement.objects.get_or_create(
        group=group, user=by, ended_at=None, defaults={"text": text, "language": get_language() or "en"}
    )
    record("statement_signed", by=by, thing=statement)
    forget_scope(by)
    return statement


def _read_anew(user) -> None:
    if user is not None:
        forget_scope(user)
