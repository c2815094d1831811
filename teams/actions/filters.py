"""Filters that somebody keeps under a name: their own, about no family."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from soc_portal.accounts.access import own_filters
from soc_portal.accounts.models import SavedFilter, User

#: More than these nobody finds again.
MOST_FILTERS = 20


@transaction.atomic
def save_filter(*, by, page: str, name: str, query: str) -> SavedFilter:
    """Keep `query` under `name`; a filter of the same name makes room for it. `too_many` when there are 20."""
    User.objects.select_for_update().get(pk=by.pk)  # two saves at once come one after the other
    kept = own_filters(by, page)
    kept.filter(name=name).update(ended_at=timezone.now())
    if kept.count() >= MOST_FILTERS:
        words = _("You have %(count)s saved filters, and that is the most. Remove one first.")
        raise ValidationError(words % {"count": MOST_FILTERS}, code="too_many")
    return SavedFilter.objects.create(user=by, page=page, name=name, query=query)


def end_filter(*, saved: SavedFilter) -> None:
    """Take a saved filter away; twice does no harm."""
    SavedFilter.objects.filter(pk=saved.pk, ended_at=None).update(ended_at=timezone.now())
