"""Measures, roll-ups and dashboards."""

from django.utils import timezone

from collaboratives.actions.numbers import publish, roll_up
from collaboratives.models import County
from soc_portal.measures.models import Rollup
from soc_portal.measures.quarters import month_after, months_back, out_by

# Everybody who is signed in reads what is published: it picks nobody out.
ROWS = {
    "collaboratives:state_overview": ("GET", {}, 200),
    "collaboratives:county_numbers": ("GET", {}, 200),
    "collaboratives:numbers_export": ("GET", {}, 200),
}
TEAM_ROWS = {}
PUBLIC = {}
READ_ONLY = set(ROWS)
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = dict.fromkeys(ROWS, "published numbers: nothing of a family's record")
NO_PAGES = {"collaboratives:numbers_export": "a CSV file"}

#: Part, whole and families of each county, by measure, in each of the quarters.
COUNTS = {
    "37001": {"natural-supports": (30, 120, 20), "steps-in-time": (40, 60, 18), "first-meeting": (5, 8, 8)},
    "37063": {"natural-supports": (24, 160, 25), "steps-in-time": (66, 80, 22), "first-meeting": (3, 4, 4)},
}


def add_numbers(world):
    """True counts of both counties, as if there were more families in them, and what comes out of these."""
    now = timezone.now()
    quarters = out_by(timezone.localdate(now))
    roll_up(months=months_back(timezone.localdate(now), 3 * len(quarters) + 6), now=now)
    for county in County.objects.order_by("fips"):
        for slug, count in COUNTS[county.fips].items():
            _count(county, slug, quarters, *count)
    publish(now=now)
    world.quarters = quarters


def _more_county(number):
    """A county that the tests alone know; none has its number."""
    return County.objects.create(
        name=f"Made-up {number}", fips=f"37{901 + 2 * number}", court_district="1", lme_mco="L", population=100,
        under_18=20 + number,
    )  # fmt: skip


def _count(county, slug, quarters, part, whole, subjects):
    """As if that much had been counted, in the first month of each quarter."""
    Rollup.objects.filter(measure=slug, county_id=county.pk, month__in=[quarter.start for quarter in quarters]).update(
        numerator=part, denominator=whole, subjects=subjects
    )


def arguments(world, name):
    return {"fips": world.alamance.fips}


def grow(world, number):
    """One more county, with numbers of its own in the quarter to come; what is out stays as it is."""
    county = _more_county(number)
    after = month_after(world.quarters[-1].start, 3)
    Rollup.objects.create(
        measure="natural-supports", county_id=county.pk, month=after, numerator=30, denominator=90, subjects=20,
    )  # fmt: skip
