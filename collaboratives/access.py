"""Who may see what of counties, organizations, groups, barriers and numbers."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

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


def visible_number_counties(user) -> QuerySet[County]:
    """Counties whose published numbers this person may read: all of them, for everybody who is signed in.

    What is published picks nobody out (`soc_portal.measures.suppression`), and families are to see how it goes.
    """
    return County.objects.all() if user.is_authenticated else County.objects.none()


def get_number_county_for(user, fips: str) -> County:
    """A county for the page of its numbers; 404 for a number that no county has."""
    return get_object_or_404(visible_number_counties(user), fips=fips)
