"""Writing down a family: its people, its homes, what matters to it, and who may know where it lives."""

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collaboratives.models import County
from families import access, emails
from families.enums import FIRSTHAND_TITLES, FamilyRole, NamingEnd, PartnerTitle
from families.models import Family, FamilyPartner, Household, HouseholdShare, PartnerNaming, Person
from soc_portal.audit.actions import record, record_looks_at
from soc_portal.audit.enums import Look
from soc_portal.versions.actions import add_row, change_row, end_row
from teams.actions.consents import last_day


@transaction.atomic
def change_family(*, family: Family, by, base_version: int, values: dict[str, Any]) -> Family:
    """Save the name or what matters to the family; raises `Conflict` when somebody else just did."""
    return change_row(family, by=by, family_id=family.pk, base_version=base_version, values=values)


@transaction.atomic
def add_person(*, family: Family, person: Person, by, households: list[Household]) -> Person:
    """Write down somebody of the family, with the homes they live in."""
    person.family = family
    add_row(person, by=by, family_id=family.pk)
    person.households.set(households)
    return person


@transaction.atomic
def change_person(
    *, person: Person, by, base_version: int, values: dict[str, Any], households: list[Household] | None = None
) -> Person:
    """Save what changed about a person; raises `Conflict`. `households` None leaves their homes as they are.

    Homes in which `by` does not live stay as they are: nobody moves somebody in or out of a home they may not know.
    The last caregiver stays one, and no home is left without anybody.
    """
    if values.get("role", person.role) != FamilyRole.CAREGIVER:
        _refuse_without_caregiver(person)
    fresh = change_row(person, by=by, family_id=person.family_id, base_version=base_version, values=values)
    if households is not None:
        _move(fresh, households, own=access.own_households(by))
    return fresh


def _refuse_without_caregiver(person: Person) -> None:
    others = Person.objects.live().filter(family=person.family_id, role=FamilyRole.CAREGIVER).exclude(pk=person.pk)
    if person.is_caregiver and not others.exists():
        raise ValidationError(_("A family needs one parent or caregiver here."), code="last_caregiver")


def _move(person: Person, households: list[Household], *, own: QuerySet[Household]) -> None:
    """Move somebody into those of `own` that are named, and out of the others."""
    wanted = {home.pk for home in households}
    person.households.add(*(home for home in own if home.pk in wanted))
    left = own.exclude(pk__in=wanted).filter(people=person)
    if left.exclude(pk__in=_lived_in_by_others(person)).exists():
        raise ValidationError(_("Nobody else lives in this home. Change its address instead."), code="empty_home")
    person.households.remove(*left)


def _lived_in_by_others(person: Person) -> QuerySet:
    others = Person.households.through.objects.filter(person__ended_at=None).exclude(person_id=person.pk)
    return others.values("household_id")


@transaction.atomic
def end_person(*, person: Person, by) -> Person:
    """Take somebody off the list of the family. The last caregiver stays: somebody has to decide.

    So does whoever has a seat on a live team: taking away the person would quietly take away their rights.
    """
    _refuse_without_caregiver(person)
    if person.memberships.filter(ended_at=None, team__ended_at=None).exists():
        raise ValidationError(
            _("%(name)s is on your team. Ask them to step back from the team first."),
            code="on_team",
            params={"name": person.name},
        )
    return end_row(person, by=by, family_id=person.family_id)


@transaction.atomic
def add_household(*, household: Household, family: Family, by, lives_there: Person) -> Household:
    """Write down another home; whoever writes it down lives there, so that it is not open to the other homes."""
    household.family = family
    add_row(household, by=by, family_id=family.pk)
    lives_there.households.add(household)
    return household


@transaction.atomic
def change_household(*, household: Household, by, base_version: int, values: dict[str, Any]) -> Household:
    """Save the address or phone of a home; raises `Conflict`."""
    return change_row(household, by=by, family_id=household.family_id, base_version=base_version, values=values)


@transaction.atomic
def share_household(*, household: Household, user, until: dt.date, by) -> HouseholdShare:
    """Let one person see where a home is and how to reach it, until a day, at most as long as any yes lasts."""
    today = timezone.localdate()
    latest = last_day(today)
    if not today <= until <= latest:
        words = _("Write a day to come. The latest one is %(day)s.")
        raise ValidationError(words % {"day": date_format(latest)}, code="until")
    live = HouseholdShare.objects.filter(household=household, user=user, ended_at=None)
    live.update(ended_at=timezone.now(), ended_by=by)
    share = HouseholdShare.objects.create(household=household, user=user, until=until, given_by=by)
    record("address_shared", by=by, family_id=household.family_id, thing=household, until=until.isoformat())
    return share


@transaction.atomic
def stop_sharing_household(*, share: HouseholdShare, by) -> None:
    """Nobody but those who live there sees it any more, from their next request on."""
    if HouseholdShare.objects.filter(pk=share.pk, ended_at=None).update(ended_at=timezone.now(), ended_by=by):
        record("address_share_ended", by=by, family_id=share.household.family_id, thing=share.household)


def look_at_homes(*, user, family: Family, homes: list[Household]) -> None:
    """Write down that `user`, who does not live there, saw the address of each of these homes. One query for all."""
    rights = access.rights_on(user, family)
    organization = next((right.organization for right in rights if right.organization), "")
    record_looks_at(Look.HOUSEHOLD, by=user, family_id=family.pk, things=homes, organization=organization)


# --- Family Partners -------------------------------------------------------------------------------------------------
@transaction.atomic
def name_partner(*, county: County, address: str, by) -> PartnerNaming:
    """A coordinator opens the county's list to the owner of an address, and tells nobody whether they have an account.

    `ValidationError` when the county has named them already.
    """
    naming, is_new = PartnerNaming.objects.get_or_create(
        county=county, address=address.lower(), ended_at=None, defaults={"named_by": by, "named_at": timezone.now()}
    )
    if not is_new:
        raise ValidationError(_("Your county has named this person already."), code="twice")
    record("partner_named", by=by, thing=naming, county=county.fips)
    emails.partner_named(naming)
    return naming


@transaction.atomic
def end_naming(*, naming: PartnerNaming, by, reason: str = NamingEnd.MISTAKE) -> None:
    """Take back a naming that nobody has used yet."""
    waiting = PartnerNaming.objects.filter(pk=naming.pk, ended_at=None, partner=None)
    if waiting.update(ended_at=timezone.now(), ended_by=by, end_reason=reason):
        record("partner_naming_ended", by=by, thing=naming, county=naming.county.fips, reason=reason)


@transaction.atomic
def add_partner(*, by, values: dict[str, Any]) -> FamilyPartner:
    """Somebody writes their own profile; nobody writes it for them. A form sent twice makes one profile.

    The first save of two different ones stands, and the second meets it as a `Conflict`.
    """
    get_user_model().objects.select_for_update(of=("self",)).get(pk=by.pk)  # the second of two forms waits here
    there = FamilyPartner.objects.filter(user=by).first()
    if there is not None:
        return change_partner(partner=there, by=by, base_version=0, values=values)
    _refuse_title(values)
    columns = {name: value for name, value in values.items() if name != "counties"}
    partner = FamilyPartner(user=by, firsthand_at=timezone.now() if values.get("firsthand") else None, **columns)
    add_row(partner, by=by, family_id=None, many={"counties": values.get("counties", [])})
    record("partner_profile_added", by=by, thing=partner)
    _use_namings(partner)
    return partner


@transaction.atomic
def change_partner(*, partner: FamilyPartner, by, base_version: int, values: dict[str, Any]) -> FamilyPartner:
    """Somebody changes their own profile; raises `Conflict`. The day of their statement follows its text."""
    _refuse_title(values)
    before = FamilyPartner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    said = FamilyPartner.objects.filter(pk=partner.pk)
    if values.get("firsthand") and before.firsthand_at is None:
        said.update(firsthand_at=timezone.now())  # the title may be one that asks for it
    fresh = change_row(before, by=by, family_id=None, base_version=base_version, values=values)
    if fresh.firsthand != before.firsthand:
        fresh.firsthand_at = timezone.now() if fresh.firsthand else None
        said.update(firsthand_at=fresh.firsthand_at)
    if fresh.version != before.version:
        record("partner_profile_changed", by=by, thing=fresh)
    _use_namings(fresh)
    return fresh


def _refuse_title(values: dict[str, Any]) -> None:
    """The rule of 22 May 2008; the form says the same beside its fields."""
    if values.get("title") in FIRSTHAND_TITLES and not values.get("firsthand"):
        raise ValidationError(_("This title is for people who have been through it themselves."), code="firsthand")
    if values.get("title") == PartnerTitle.OTHER and not values.get("other_title"):
        raise ValidationError(_("Write the title that your organization gives you."), code="other_title")


def _use_namings(partner: FamilyPartner) -> None:
    """Whoever was named by their address is known by their profile from now on, whatever their address will be."""
    here = partner.counties.values("pk")
    namings = PartnerNaming.objects.filter(address=partner.user.email, partner=None, ended_at=None, county__in=here)
    namings.update(partner=partner)


@transaction.atomic
def unlist_partner(*, partner: FamilyPartner, county: County, by, reason: str) -> FamilyPartner:
    """A coordinator takes somebody off the county's list; other counties, and the families they walk with, stay."""
    current = FamilyPartner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    others = list(current.counties.exclude(pk=county.pk))
    fresh = change_row(current, by=by, family_id=None, base_version=current.version, values={"counties": others})
    namings = PartnerNaming.objects.filter(county=county, ended_at=None)
    namings.filter(Q(partner=partner) | Q(address=partner.user.email)).update(
        ended_at=timezone.now(), ended_by=by, end_reason=reason
    )
    record("partner_unlisted", by=by, thing=partner, county=county.fips, reason=reason)
    emails.partner_unlisted(partner)
    return fresh
