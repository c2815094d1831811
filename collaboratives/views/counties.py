"""A county with its groups, and the groups of the state."""

from django.shortcuts import render
from django.utils.formats import number_format
from django.views.decorators.http import require_safe

from collaboratives import access
from collaboratives.enums import GroupLevel
from collaboratives.models import County, Seat
from collaboratives.models.seating import counted, running, with_counts
from collaboratives.views.groups import closed_kinds


@require_safe
def county_detail(request, fips):
    """What is known of a county, who coordinates it, and its groups; seats are counted over open groups alone."""
    county = access.get_county(fips)
    groups = with_counts(running(access.visible_groups(request.user)).filter(counties=county))
    context = {
        "county": county,
        "people": number_format(county.population, force_grouping=True),
        "under_18": number_format(county.under_18, force_grouping=True),
        "cohorts": county.cohorts.order_by("starts_on", "pk"),
        "coordinators": access.coordinators_of(county.pk),
        "groups": groups.select_related("kind_of").prefetch_related("counties").order_by("kind_of__name", "name", "pk"),
        "counts": next(iter(counted(open_seats().filter(group__counties=county), "group__counties")), None),
        "closed_kinds": closed_kinds().filter(level=GroupLevel.COUNTY).order_by("-starts_on"),
    }
    return render(request, "collaboratives/county_detail.html", context)


def open_seats():
    """Seats of the open groups that there are today, whoever asks: a closed group is in no number."""
    groups = running(access.open_groups())
    return Seat.objects.filter(group__in=groups)


@require_safe
def state_groups(request):
    """The State Collaborative with its subcommittees, and every county with the seats of its open groups."""
    groups = with_counts(running(access.visible_groups(request.user)).filter(kind_of__level=GroupLevel.STATE))
    rows = list(groups.select_related("kind_of", "parent").order_by("name", "pk"))
    of_counties = open_seats().filter(group__kind_of__level=GroupLevel.COUNTY)
    counts = {row["group__counties"]: row for row in counted(of_counties, "group__counties")}
    context = {
        "tops": [
            {"group": top, "under": [row for row in rows if row.parent_id == top.pk]}
            for top in rows
            if top.parent_id is None
        ],
        "counties": [{"county": county, "counts": counts.get(county.pk)} for county in County.objects.order_by("name")],
    }
    return render(request, "collaboratives/state_groups.html", context)
