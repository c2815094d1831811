"""Who may see what of counties, organizations, groups, barriers and numbers."""

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


# --- Groups and their seats ------------------------------------------------------------------------------------------


# --- Meetings of groups, minutes, recommendations --------------------------------------------------------------------


# --- Barriers --------------------------------------------------------------------------------------------------------


# --- Numbers ---------------------------------------------------------------------------------------------------------
