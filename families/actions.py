"""Writing down a family: its people, its homes, what matters to it, and who may know where it lives."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from families import access
from families.enums import FamilyRole
from families.models import Family, Household, HouseholdShare, Person
from soc_portal.audit.actions import record, record_looks_at
from soc_portal.audit.enums import Look
from soc_portal.versions.actions import add_row, change_row, end_row


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
    """Let one person see where a home is and how to reach it, until a day, at most a year away."""
    today = timezone.localdate()
    if not today <= until <= today + dt.timedelta(days=365):
        raise ValidationError(_("Write a day to come, one year away at most."), code="until")
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
