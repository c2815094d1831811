"""Who sits where, from when to when; who runs the group; and what the members of a closed group sign."""

import datetime as dt

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from collaboratives.enums import STATEMENT_VERSION, EndOfTerm, OfficeKind, VacancyReason
from collaboratives.models import Collaborative, Office, Organization, Seat, Statement, Term
from soc_portal.access.scope import forget_scope
from soc_portal.audit.actions import record

#: How long a term lasts where the law of the kind names no years; the project's own choice.
TERM_YEARS = 2
ONE_DAY = dt.timedelta(days=1)


def last_day_of_term(starts_on: dt.date, years: int) -> dt.date:
    """The last day of a term of so many years: two from July 1, 2026 end on June 30, 2028."""
    try:
        return starts_on.replace(year=starts_on.year + years) - ONE_DAY
    except ValueError:  # from February 29
        return dt.date(starts_on.year + years, 2, 28)


# --- Terms -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def start_term(
    *, seat: Seat, by, starts_on: dt.date, ends_on: dt.date, user=None, name: str = "", address: str = "",
    role_words: str = "", organization: Organization | None = None, designee_of: str = "",
) -> Term:  # fmt: skip
    """Somebody takes a seat from a day to a day, by an account or by name alone.

    Where `address` is that of an account, the seat is its owner's at once; else it waits for them. Whoever typed the
    address is never told which. `ValidationError` where the term ends before it starts, where somebody holds the seat
    on one of its days, and after the group's last day.
    """
    if ends_on < starts_on:
        raise ValidationError({"ends_on": _("The term ends before it starts.")})
    seat = Seat.objects.select_for_update(of=("self",)).select_related("group").get(pk=seat.pk)
    if seat.group.ends_on and starts_on > seat.group.ends_on:
        raise ValidationError({"starts_on": _("The group has come to its end by that day.")})
    if taken := _term_within(seat, starts_on, ends_on):
        raise ValidationError(
            {
                "starts_on": _("%(name)s holds this seat until %(day)s. End that term first.")
                % {"name": taken.name, "day": date_format(taken.last_day)}
            }
        )
    user = user or _account_at(address)
    term = Term.objects.create(
        seat=seat, user=user, name=name or user.name, address=address.lower(), organization=organization,
        role_words=role_words, designee_of=designee_of, starts_on=starts_on, ends_on=ends_on, created_by=by,
    )  # fmt: skip
    if term.is_live():
        Seat.objects.filter(pk=seat.pk).update(vacant_since=None, vacancy_reason="")
    record("term_started", by=by, thing=term)
    _read_anew(user)
    return term


def _account_at(address: str):
    """The account behind an address, or None."""
    accounts = get_user_model().objects.filter(is_active=True)
    return accounts.filter(email=address.lower()).first() if address else None


def _term_within(seat: Seat, starts_on: dt.date, ends_on: dt.date) -> Term | None:
    """A term on this seat that shares a day with these, or None."""
    terms = Term.objects.filter(seat=seat, starts_on__lte=ends_on, ends_on__gte=starts_on).order_by("starts_on")
    return next((term for term in terms if term.last_day >= max(starts_on, term.starts_on)), None)


@transaction.atomic
def take_term(*, term: Term, by) -> bool:
    """Somebody whose address was written down takes the seat that waited for their account. Whether it was theirs."""
    waiting = Term.objects.live().filter(pk=term.pk, user=None, address=by.email.lower())
    if not by.email or not waiting.update(user=by):
        return False
    record("term_taken", by=by, thing=term)
    forget_scope(by)
    return True


@transaction.atomic
def end_term(*, term: Term, by, reason: str, left_on: dt.date | None = None) -> None:
    """Somebody leaves a seat before the term is over: it is empty from `left_on` (today when left out), and why."""
    left_on = left_on or timezone.localdate()
    if left_on < term.starts_on:
        raise ValidationError({"left_on": _("That is before the term began.")})
    if left_on > term.ends_on:
        raise ValidationError({"left_on": _("The term is over by that day.")})
    waiting = Term.objects.filter(pk=term.pk, left_on=None)
    if not waiting.update(left_on=left_on, left_reason=EndOfTerm(reason), ended_by=by):
        raise ValidationError(_("Somebody else has ended this term."), code="ended")
    for office in Office.objects.filter(term=term, ends_on=None):
        Office.objects.filter(pk=office.pk).update(ends_on=max(left_on - ONE_DAY, office.starts_on))
    if not Term.objects.filter(seat=term.seat_id, starts_on__gt=term.starts_on).exists():
        why = reason if reason in VacancyReason.values else VacancyReason.STEPPED_DOWN
        Seat.objects.filter(pk=term.seat_id).update(vacant_since=left_on, vacancy_reason=why)
    record("term_ended", by=by, thing=term)
    _read_anew(term.user)


@transaction.atomic
def renew_term(*, term: Term, by, starts_on: dt.date, ends_on: dt.date, keep_offices: bool = False) -> Term:
    """The same person goes on: a new term after the old one, which ends the day before if it was to last longer.

    With `keep_offices` they go on to chair, or whatever else they do for the group. `ValidationError` as in
    `start_term`, for a day before the old term began, and where somebody else has the seat after it.
    """
    term = Term.objects.select_related("user", "organization", "seat").get(pk=term.pk)
    if starts_on <= term.starts_on:
        raise ValidationError({"starts_on": _("The new term starts after the old one.")})
    offices = [office for office in term.offices.all() if office.ends_on is None or office.ends_on >= term.last_day]
    if term.left_on is None and term.ends_on >= starts_on:
        end_term(term=term, by=by, reason=EndOfTerm.RENEWED, left_on=starts_on)
    new = start_term(
        seat=term.seat, by=by, user=term.user, name=term.name, address=term.address, role_words=term.role_words,
        organization=term.organization, designee_of=term.designee_of, starts_on=starts_on, ends_on=ends_on,
    )  # fmt: skip
    for office in offices if keep_offices else ():
        Office.objects.create(group_id=office.group_id, term=new, kind=office.kind, starts_on=starts_on)
    return new


# --- Offices ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def give_office(*, term: Term, kind: str, by, starts_on: dt.date | None = None) -> Office:
    """A member chairs, co-chairs or keeps the minutes from a day on (today when left out).

    `ValidationError` for a day on which they hold no seat, for an office that they hold, and for a second chair.
    """
    starts_on = starts_on or timezone.localdate()
    Collaborative.objects.select_for_update(of=("self",)).get(pk=term.seat.group_id)
    if not Term.objects.live(starts_on).filter(pk=term.pk).exists():
        raise ValidationError({"starts_on": _("This person holds no seat on that day.")})
    there = Office.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=starts_on), group=term.seat.group_id, kind=kind,
        term__in=Term.objects.live(starts_on),
    )  # fmt: skip
    if there.filter(term=term).exists():
        raise ValidationError({"kind": _("This person does this for the group already.")})
    if kind == OfficeKind.CHAIR and there.exists():
        raise ValidationError({"kind": _("Somebody chairs this group. Choose co-chair, or end that first.")})
    office = Office.objects.create(group_id=term.seat.group_id, term=term, kind=OfficeKind(kind), starts_on=starts_on)
    record("office_given", by=by, thing=office)
    _read_anew(term.user)
    return office


@transaction.atomic
def end_office(*, office: Office, by, ends_on: dt.date | None = None) -> None:
    """Somebody stops running the group; the last day counts (yesterday when left out, so that it ends at once)."""
    last = max(ends_on or timezone.localdate() - ONE_DAY, office.starts_on)
    if Office.objects.filter(pk=office.pk, ends_on=None).update(ends_on=last):
        record("office_ended", by=by, thing=office)
        _read_anew(office.term.user)


# --- Closed groups ---------------------------------------------------------------------------------------------------
@transaction.atomic
def sign_statement(
    *, group: Collaborative, by, text: str, name: str = "", version: int = STATEMENT_VERSION
) -> Statement:
    """A member of a closed group signs its confidentiality statement; the words are kept with the signature."""
    statement, created = Statement.objects.get_or_create(
        group=group, user=by, ended_at=None,
        defaults={"text": text, "name": name, "version": version, "language": get_language() or "en"},
    )  # fmt: skip
    if created:
        record("statement_signed", by=by, thing=statement)
    forget_scope(by)
    return statement


def _read_anew(user) -> None:
    if user is not None:
        forget_scope(user)
