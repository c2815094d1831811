"""How the state and each county are doing: what has come out, the same on the page, in pictures and in the file."""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collaboratives import access
from collaboratives.forms.numbers import LAND, NumbersForm
from collaboratives.views.number_parts import (
    cards_of,
    cells_of,
    extremes,
    legend_of,
    lines_of,
    rows_of,
    trends_of,
    waits_of,
)
from soc_portal import pictures
from soc_portal.measures.published import Published
from soc_portal.measures.quarters import SHOWN, Quarter, out_by
from soc_portal.measures.registry import every_measure, get_measure
from soc_portal.spreadsheets import spreadsheet

#: What the map shows when nobody has chosen.
FIRST_MEASURE = "natural-supports"


@require_safe
def state_overview(request):
    """The state at a glance: four numbers, where families wait, one measure county by county."""
    counties = access.visible_number_counties(request.user)
    published = _published()
    form = _form(request, published)
    if not form.is_valid():
        return render(request, "collaboratives/state_refused.html", {"form": form}, status=422)
    quarter, measure = _chosen(form)
    published = published.until(quarter).with_counties(quarter=quarter, measure=measure.slug)
    table = published.table(measure.slug, quarter)
    counties = list(counties)
    rows = rows_of(table, counties)
    cells = cells_of(table, measure, counties)
    on_land = form.cleaned_data["view"] == LAND
    context = {
        "form": form,
        "quarter": quarter,
        "measure": measure,
        "table": table,
        "state": table.state,
        "is_out": published.has(quarter),
        "counties": len(counties),
        "cards": cards_of(published),
        "waits": waits_of(published, quarter, counties),
        "extremes": extremes(table, counties),
        "rows": rows,
        "panels": [] if on_land else pictures.tile_map(cells),
        "land": pictures.land_map(cells) if on_land else "",
        "legend": legend_of(measure),
        "lines": lines_of(published, measure, quarter, counties),
        "quarters": published.quarters,
        "trends": trends_of(published),
        "file": f"{reverse('collaboratives:numbers_export')}?{urlencode(_query(quarter, measure))}",
    }
    return render(request, "collaboratives/state_overview.html", context)


def _query(quarter: Quarter, measure) -> dict[str, str]:
    return {"quarter": quarter.code, "measure": measure.slug}


def _published(fips: str | None = None) -> Published:
    """What has come out: the quarters that are chosen from, and as many before them for the lines."""
    return Published(out_by(timezone.localdate(), 2 * SHOWN - 1), fips)


def _form(request, published: Published) -> NumbersForm:
    measures = every_measure()
    if not measures:
        raise Http404
    shown = list(reversed(published.quarters[-SHOWN:]))
    out = [quarter for quarter in shown if published.has(quarter)] or shown[:1]
    first = FIRST_MEASURE if get_measure(FIRST_MEASURE) else measures[0].slug
    return NumbersForm(request.GET, quarters=out, measures=measures, first=first)


def _chosen(form: NumbersForm):
    return Quarter.from_code(form.cleaned_data["quarter"]), get_measure(form.cleaned_data["measure"])


@require_safe
def county_numbers(request, fips):
    """Every measure of one county, quarter by quarter, beside the state's."""
    county = access.get_number_county_for(request.user, fips)
    published = _published(county.fips).last_out()
    quarter = published.quarters[-1]
    context = {
        "county": county,
        "quarter": quarter if published.has(quarter) else None,
        "quarters": published.quarters,
        "trends": trends_of(published, county),
    }
    return render(request, "collaboratives/county_numbers.html", context)


@require_safe
def numbers_export(request):
    """The table of counties as a file: the same rows in the same words as on the page."""
    counties = access.visible_number_counties(request.user)
    published = _published()
    form = _form(request, published)
    if not form.is_valid():
        return redirect(f"{reverse('collaboratives:state_overview')}?{request.GET.urlencode()}")
    quarter, measure = _chosen(form)
    table = published.with_counties(quarter=quarter).table(measure.slug, quarter)
    rows = [[row.name, row.whole, row.part, row.share] for row in rows_of(table, list(counties))]
    headings = [_("County"), str(measure.denominator), str(measure.numerator), str(measure.title)]
    notes = [[str(measure.question)], [quarter.words], []]
    return spreadsheet(f"{measure.slug}-{quarter.code}.csv", headings, [*rows, [], *notes])
