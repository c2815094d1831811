"""Who may see what of counties, organizations, groups, barriers and numbers."""

from collections.abc import Iterable

from django.db.models import QuerySet

from collaboratives.enums import CountyRoleKind
from collaboratives.models import County, CountyRole
from soc_portal.access.scope import scope_of


def visible_worklist_counties(user) -> QuerySet[County]:
    """The counties whose worklist this person keeps: those they coordinate today."""
    return County.objects.filter(pk__in=scope_of(user).county_ids)


def has_worklist(user) -> bool:
    """Whether this person coordinates a county today."""
    return bool(scope_of(user).county_ids)


def coordinators_of(county_id: int) -> QuerySet[CountyRole]:
    """Who coordinates a county today; everybody may know, so that everybody can call them."""
    roles = CountyRole.objects.live().filter(county_id=county_id, role=CountyRoleKind.COORDINATOR, user__is_active=True)
    return roles.select_related("user").order_by("user__name", "pk")


def coordinators_in(county_ids: Iterable[int]) -> QuerySet[CountyRole]:
    """Who coordinates any of these counties today, by county; everybody may know."""
    roles = CountyRole.objects.live().filter(county_id__in=county_ids, role=CountyRoleKind.COORDINATOR)
    roles = roles.filter(user__is_active=True).select_related("user", "county")
    return roles.order_by("county__name", "user__name", "pk")


# --- Groups and their seats ------------------------------------------------------------------------------------------


# --- Meetings of groups, minutes, recommendations --------------------------------------------------------------------


# --- Barriers --------------------------------------------------------------------------------------------------------


# --- Numbers ---------------------------------------------------------------------------------------------------------
