"""Who may see and change what of the service directory and of referrals."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from collaboratives.models import County
from referrals.models import Service
from soc_portal.access.scope import scope_of


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


# --- Referrals -------------------------------------------------------------------------------------------------------
