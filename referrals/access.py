"""Who may see and change what of the service directory, and of referrals on the side of those who receive them."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from collaboratives.models import County, Organization, StaffPosition
from referrals.enums import ReferralStatus
from referrals.models import Referral, ReferralLink, Service
from soc_portal.access.scope import scope_of
from soc_portal.access.wall import whole_state

#: What still waits for an organization, as a county's coordinator sees it.
WAITING = (ReferralStatus.REQUESTED, ReferralStatus.ON_HOLD, ReferralStatus.ACCEPTED)


# --- The service directory -------------------------------------------------------------------------------------------
def public_services() -> QuerySet[Service]:
    """What the directory holds today: no secret, so the HSDS interface shows it to anybody."""
    return Service.objects.live().filter(organization__ended_at=None)


def visible_services(user) -> QuerySet[Service]:
    """Everybody who is signed in reads the whole directory."""
    return public_services() if user.is_authenticated else Service.objects.none()


def get_service_for(user, service_id: int) -> Service:
    """A service of the directory, or 404."""
    service = visible_services(user).select_related("organization").filter(pk=service_id).first()
    if service is None:
        raise Http404
    return service


def markable_services(user) -> QuerySet[Service]:
    """Services whose waiting time and open places this person may write down.

    Those of an organization that they work for, and those that serve a county which they coordinate.
    """
    scope = scope_of(user)
    own = Q(organization_id__in=scope.organization_ids)
    if scope.county_ids:
        own |= Q(pk__in=Service.objects.serving(scope.county_ids).values("pk"))
    return visible_services(user).filter(own)


def can_mark_service(user, service: Service) -> bool:
    return markable_services(user).filter(pk=service.pk).exists()


def get_markable_service_for(user, service_id: int) -> Service:
    """A service that this person may mark; 403 for somebody who may only read it, else 404."""
    service = get_service_for(user, service_id)
    if not can_mark_service(user, service):
        raise PermissionDenied
    return service


def home_counties(user) -> QuerySet[County]:
    """The counties that are home to this person: their own family's, else those that they coordinate."""
    scope = scope_of(user)
    if scope.own_family_ids:
        return County.objects.filter(pk__in=County.objects.filter(families__in=scope.own_family_ids).values("pk"))
    return County.objects.filter(pk__in=scope.county_ids)


# --- Referrals: the receiver's side ----------------------------------------------------------------------------------
def received_referrals(user) -> QuerySet[Referral]:
    """Referrals that were sent to where this person works; never a draft. What each holds: `Referral.shows_content`.

    Its family's row is not there for them, so nothing is joined with it.
    """
    sent = Referral.objects.filter(organization_id__in=scope_of(user).organization_ids, requested_at__isnull=False)
    return sent.select_related("organization", "service")


def get_received_for(user, referral_id: int) -> Referral:
    """A referral that was sent to where this person works, or 404."""
    referral = received_referrals(user).filter(pk=referral_id).first()
    if referral is None:
        raise Http404
    return referral


def can_answer(referral: Referral) -> bool:
    """Whoever may read what was shared may answer; after the family's yes, and after its end, there is no answer."""
    return referral.shows_content


def can_read_contact(user, referral: Referral) -> bool:
    """Whether somebody who receives a referral reads how to reach the caregiver who said yes: all but that family.

    A family may live in two homes that must not know of each other, also when somebody of one works at the receiver's.
    """
    return referral.yes_by_id == user.pk or referral.family_id not in scope_of(user).own_family_ids


def receives_referrals(user) -> bool:
    """Whether referrals can be sent to where this person works."""
    return bool(scope_of(user).organization_ids)


def waiting_in_county(user) -> QuerySet[Referral]:
    """Referrals that wait, in the counties that this person coordinates: that they do, never what they hold.

    Take `WAITING_COLUMNS` of it and no others.
    """
    counties = scope_of(user).county_ids
    return Referral.objects.filter(family__county_id__in=counties, requested_at__isnull=False, status__in=WAITING)


#: What a coordinator sees of a referral; the number of the family only to write down that they saw it.
WAITING_COLUMNS = ("pk", "family_id", "family__county__name", "requested_at", "answer_due_on", "status")


def receivers_of(organization_id: int) -> QuerySet[StaffPosition]:
    """Those who work for an organization today and have an account: whoever takes its referrals."""
    positions = StaffPosition.objects.live().filter(organization_id=organization_id, user__is_active=True)
    return positions.select_related("user").order_by("pk")


def open_link(link_id: int, nonce: str) -> ReferralLink | None:
    """The link that was signed so, in whatever state, with its referral; the link itself is the permission."""
    with whole_state("who holds a link has no account"):
        links = ReferralLink.objects.select_related("referral", "referral__organization", "created_by")
        return links.filter(pk=link_id, nonce=nonce).first()


def link_works(link: ReferralLink, now: dt.datetime) -> bool:
    """Whether a link still opens its referral: not used, ended or too old, the family's yes holds, no answer yet."""
    referral = link.referral
    return link.is_open(now) and referral.shows_content and referral.status == ReferralStatus.REQUESTED


# --- Whom to ask -----------------------------------------------------------------------------------------------------
def organizations_near(county: County) -> QuerySet[Organization]:
    """Organizations that serve this county, or the whole state, by name; anybody may ask them."""
    near = Organization.counties.through.objects.filter(organization=OuterRef("pk"))
    rows = Organization.objects.filter(ended_at=None).filter(Q(Exists(near.filter(county=county))) | ~Q(Exists(near)))
    return rows.order_by("name", "pk")
