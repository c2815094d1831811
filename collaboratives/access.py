"""Who may see what of counties and organizations."""

from django.db.models import QuerySet

from collaboratives.models import County
from soc_portal.access.scope import scope_of


def visible_worklist_counties(user) -> QuerySet[County]:
    """The counties whose worklist this person keeps: those they coordinate today."""
    return County.objects.filter(pk__in=scope_of(user).county_ids)


def has_worklist(user) -> bool:
    """Whether this person coordinates a county today."""
    return bool(scope_of(user).county_ids)
