"""Numbers about families and those who walk with them."""

from django.db.models import Count

from families.enums import FIRSTHAND_TITLES, PartnerStatus
from families.models import FamilyPartner


def partners_by_status() -> dict[str, int]:
    """How many Family Partners of the whole state work, volunteer, lead, are in training or take a break.

    Measure 24, to be read against the 1,000 of NC Families United's call (`FAMILY_PARTNERS_WANTED`, of which the
    `COUNTED_STATUSES` count). Only the two titles of the definition of 22 May 2008 are counted, and only people whom a
    county lists. Every status is a key. Plain numbers, for the state alone: no county's are told.
    """
    partners = FamilyPartner.objects.listed().filter(title__in=FIRSTHAND_TITLES)
    counts = dict(partners.order_by().values_list("status").annotate(count=Count("pk")))
    return {status: counts.get(status, 0) for status in PartnerStatus.values}
