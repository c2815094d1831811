"""Who may see and change what of a family, its homes and its people."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from collaboratives.models import County
from families.enums import FamilyRole, Section
from families.models import (
    Family,
    FamilyPartner,
    FamilyPartnerQuerySet,
    Household,
    HouseholdShare,
    PartnerNaming,
    Person,
    Strength,
)
from soc_portal.access.scope import TeamRight, scope_of


def visible_families(user) -> QuerySet[Family]:
    """Families on whose team this person is, or holds a grant."""
    return Family.objects.live().filter(pk__in=scope_of(user).family_ids)


def get_family_for(user, family_id: int) -> Family:
    """The family, or the same 404 whether it is hidden or absent."""
    family = visible_families(user).select_related("county").filter(pk=family_id).first()
    if family is None:
        raise Http404
    return family


def rights_on(user, family: Family) -> list[TeamRight]:
    """What this person may do on each team of the family; empty where there is none."""
    return [right for right in scope_of(user).teams.values() if right.family_id == family.pk]


def is_own_family(user, family: Family) -> bool:
    """Whether the record of this family is this person's own."""
    return family.pk in scope_of(user).own_family_ids


def is_caregiver_of(user, family: Family) -> bool:
    """Whether this person decides for this family."""
    return any(right.is_caregiver for right in rights_on(user, family))


def own_families(user) -> QuerySet[Family]:
    """Families that this person decides for."""
    rights = scope_of(user).teams.values()
    return visible_families(user).filter(pk__in={right.family_id for right in rights if right.is_caregiver})


def may_write_on(user, family: Family) -> bool:
    """Whether this person is a member of a team of the family, not only the holder of a grant."""
    return any(right.may_write for right in rights_on(user, family))


def may_read_section(user, family: Family, section: str) -> bool:
    """Whether some team of the family shares this section with this person."""
    return any(section in right.sections for right in rights_on(user, family))


def can_read_what_matters(user, family: Family) -> bool:
    """What matters to a family is part of its plan."""
    return may_read_section(user, family, Section.PLAN)


def require_own_family(user, family: Family) -> None:
    """Stop somebody who may see the family but is not of it: 403."""
    if not is_own_family(user, family):
        raise PermissionDenied


def require_caregiver(user, family: Family) -> None:
    """Stop somebody who may see the family but does not decide for it: 403."""
    if not is_caregiver_of(user, family):
        raise PermissionDenied


def require_writer(user, family: Family) -> None:
    """Stop somebody who may see the family but is on none of its teams: 403."""
    if not may_write_on(user, family):
        raise PermissionDenied


def visible_people(user) -> QuerySet[Person]:
    """People of the families that this person may see: names, places and languages, not how to reach them."""
    return Person.objects.live().filter(family_id__in=scope_of(user).family_ids)


def get_person_for(user, family: Family, person_id: int) -> Person:
    """A person of this family, or 404."""
    person = visible_people(user).filter(family=family, pk=person_id).first()
    if person is None:
        raise Http404
    return person


def open_households(user) -> QuerySet[Household]:
    """Homes whose address and phone this person may see: their own, and those that chose them.

    Being of the same family is not enough: a family may live in two homes that must not know of each other. A share
    works only as long as its holder still may see the family at all.
    """
    scope = scope_of(user)
    shared = HouseholdShare.objects.filter(user=user, ended_at=None, until__gte=timezone.localdate())
    lives_there = Person.households.through.objects.filter(
        person__user=user, person__ended_at=None, person__family_id__in=scope.own_family_ids
    )
    return (
        Household.objects.live()
        .filter(family_id__in=scope.family_ids)
        .filter(Q(pk__in=lives_there.values("household_id")) | Q(pk__in=shared.values("household_id")))
    )


def knows_every_home_of(user, person: Person) -> bool:
    """Whether this person may see every home that somebody lives in."""
    lived_in = Household.objects.live().filter(people=person)
    return not lived_in.exclude(pk__in=open_households(user).values("pk")).exists()


def get_open_household_for(user, family: Family, household_id: int) -> Household:
    """A home whose contact details this person may see, or 404."""
    household = open_households(user).filter(family=family, pk=household_id).first()
    if household is None:
        raise Http404
    return household


def own_households(user) -> QuerySet[Household]:
    """Homes that this person lives in; only they decide who sees its address."""
    lives_there = Person.households.through.objects.filter(
        person__user=user, person__ended_at=None, person__family_id__in=scope_of(user).own_family_ids
    )
    return Household.objects.live().filter(pk__in=lives_there.values("household_id"))


def get_own_household_for(user, family: Family, household_id: int) -> Household:
    """A home that this person lives in; 403 for somebody who may only see it, else 404."""
    household = get_open_household_for(user, family, household_id)
    if not own_households(user).filter(pk=household.pk).exists():
        raise PermissionDenied
    return household


def can_decide_about(user, family: Family, person: Person) -> bool:
    """Caregivers write somebody's place in the family and birthday; of a caregiver who signs in, only they themselves.

    Otherwise one parent could take the rights of the other away.
    """
    if person.is_caregiver and person.user_id not in (None, user.pk):
        return False
    return is_caregiver_of(user, family)


def get_own_person(user, family: Family) -> Person:
    """This person's own place in the family; 403 for somebody who is not of it."""
    person = visible_people(user).filter(family=family, user=user).first()
    if person is None or not is_own_family(user, family):
        raise PermissionDenied
    return person


def visible_shares(user, household: Household) -> QuerySet[HouseholdShare]:
    """Who may know where a home is, for those who live there; shares that ran out are not listed."""
    shares = HouseholdShare.objects.filter(household__in=own_households(user), household_id=household.pk)
    live = shares.filter(ended_at=None, until__gte=timezone.localdate())
    return live.select_related("user").order_by("user__name", "pk")


def get_share_for(user, family: Family, share_id: int) -> HouseholdShare:
    """A share of a home that this person lives in, ended or not; 403 where they may only see the home, else 404."""
    shares = HouseholdShare.objects.filter(household__in=open_households(user), household__family=family)
    share = shares.select_related("household", "user").filter(pk=share_id).first()
    if share is None:
        raise Http404
    get_own_household_for(user, family, share.household_id)
    return share


def can_write_contact(user, person: Person) -> bool:
    """How to reach somebody is written by themselves, or by those who live in one of their homes."""
    if person.user_id == user.pk:
        return True
    if person.role == FamilyRole.CAREGIVER and person.user_id:
        return False
    return own_households(user).filter(people=person).exists()


def visible_strengths(user) -> QuerySet[Strength]:
    """Strengths in the sections that a team of the family shares with this person."""
    return Strength.objects.live().filter(_by_family(user))


def _by_family(user) -> Q:
    wanted = Q(pk__in=[])
    for right in scope_of(user).teams.values():
        wanted |= Q(family_id=right.family_id, section__in=sorted(right.sections))
    return wanted


# --- Family Partners -------------------------------------------------------------------------------------------------
def visible_partners(user) -> FamilyPartnerQuerySet:
    """Family Partners whom a county lists: everybody who is signed in reads what they say of themselves.

    One's own profile is there for oneself, listed or not. Their statement of firsthand experience is not part of it:
    `can_read_firsthand`.
    """
    if not user.is_authenticated:
        return FamilyPartner.objects.none()
    listed = FamilyPartner.objects.listed().filter(pk=OuterRef("pk"))
    return FamilyPartner.objects.live().filter(Q(Exists(listed)) | Q(user=user))


def get_partner_for(user, partner_id: int) -> FamilyPartner:
    """A profile with its room and counties, or 404."""
    partners = visible_partners(user).with_room().select_related("user", "organization").prefetch_related("counties")
    partner = partners.filter(pk=partner_id).first()
    if partner is None:
        raise Http404
    return partner


def county_partners(user) -> FamilyPartnerQuerySet:
    """Those whom a county lists that this person coordinates."""
    here = FamilyPartner.counties.through.objects.filter(
        familypartner_id=OuterRef("pk"), county_id__in=scope_of(user).county_ids
    )
    return visible_partners(user).listed().filter(Exists(here))


def own_counties_of(user, partner: FamilyPartner) -> list[County]:
    """The counties that list somebody and that this person coordinates; needs `counties`."""
    return [county for county in partner.counties.all() if county.pk in scope_of(user).county_ids]


def can_read_firsthand(user, partner: FamilyPartner) -> bool:
    """Somebody's own experience is read by themselves and by the coordinators of the counties that list them."""
    return partner.user_id == user.pk or bool(own_counties_of(user, partner))


def get_county_partner_for(user, partner_id: int) -> FamilyPartner:
    """Somebody whom a county lists that this person coordinates; 403 where only others do, else 404."""
    partner = get_partner_for(user, partner_id)
    if not own_counties_of(user, partner):
        raise PermissionDenied
    return partner


def own_partner(user) -> FamilyPartner | None:
    """This person's own profile."""
    return FamilyPartner.objects.live().prefetch_related("counties").filter(user=user).first()


def counties_to_list(user, partner: FamilyPartner | None) -> list[County]:
    """The counties that this person may be listed in: whose coordinator named them, by name."""
    namings = PartnerNaming.objects.filter(ended_at=None)
    mine = namings.filter(Q(address=user.email, partner=None) | Q(partner=partner, partner__isnull=False))
    return list(County.objects.filter(pk__in=mine.values("county_id")).order_by("name"))


def get_profile_for(user) -> tuple[FamilyPartner | None, list[County]]:
    """(one's own profile or None, the counties to be listed in); 404 for whoever has none and was not named."""
    partner = own_partner(user)
    counties = counties_to_list(user, partner)
    if partner is None and not counties:
        raise Http404
    return partner, counties


def get_naming_counties_for(user) -> list[County]:
    """The counties that this person coordinates, by name; 404 for everybody who coordinates none."""
    counties = list(County.objects.filter(pk__in=scope_of(user).county_ids).order_by("name"))
    if not counties:
        raise Http404
    return counties


def open_namings(user) -> QuerySet[PartnerNaming]:
    """Whom the coordinators of one's counties named and who has not written a profile yet."""
    namings = PartnerNaming.objects.filter(ended_at=None, partner=None, county_id__in=scope_of(user).county_ids)
    return namings.select_related("county", "named_by").order_by("-named_at", "-pk")


def get_naming_for(user, naming_id: int) -> PartnerNaming:
    """A naming that waits, in a county that this person coordinates, or 404."""
    naming = open_namings(user).filter(pk=naming_id).first()
    if naming is None:
        raise Http404
    return naming


def near_county_ids(user) -> set[int]:
    """The counties that are home to this person here: of the families on whose teams they are, and those they
    coordinate."""
    families = visible_families(user).values_list("county_id", flat=True)
    return set(families) | set(scope_of(user).county_ids)
