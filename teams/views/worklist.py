"""The county worklist: every team of the county, most urgent first, and nothing that a family has not said yes to."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from soc_portal.accounts.access import own_filters
from soc_portal.audit.enums import Look
from soc_portal.spreadsheets import spreadsheet
from teams import access
from teams.actions.filters import end_filter, save_filter
from teams.actions.looks import look_at_many
from teams.forms.worklist import FilterNameForm, WorklistFilter
from teams.views.worklist_rows import counts_of, rows_of, worklist_teams

PAGE = "worklist"
TEAMS_A_PAGE = 25


@require_safe
def worklist(request):
    """The page; every family that it shows can see that it was shown."""
    counties = access.get_worklist_counties_for(request.user)
    return _show(request, counties, request.GET, FilterNameForm())


def _show(request, counties, data, name_form, status=200):
    user, now = request.user, timezone.now()
    found = _filtered(request, counties, data, now)
    here = worklist_teams(user, now)
    if fips := found.asked.get("county"):
        here = here.filter(family__county__fips=fips)
    counts = counts_of(user, here, now)
    page = Paginator(found.qs, TEAMS_A_PAGE).get_page(data.get("page"))
    rows = rows_of(user, list(page.object_list), now)
    look_at_many(user, Look.WORKLIST, [row.team for row in rows])
    context = {
        "counties": counties,
        "filter": found,
        "form": found.form,
        "name_form": name_form,
        "counts": counts,
        "tiles": tiles_of(counts, found.asked.get("county")),
        "page": page,
        "rows": rows,
        "saved": own_filters(user, PAGE),
        "today": timezone.localdate(now),
    }
    return render(request, "teams/worklist.html", context, status=status)


def _filtered(request, counties, data, now) -> WorklistFilter:
    return WorklistFilter(data, queryset=worklist_teams(request.user, now), request=request, counties=counties)


def tiles_of(counts, fips=None) -> list[dict]:
    """The four numbers on top of the list, each with its words and the filter behind it."""
    words = {
        "late": _("things past their date"),
        "week": _("things due this week"),
        "meeting": _("teams with no meeting set"),
        "plan": _("teams with no plan agreed"),
    }
    county = {"county": fips} if fips else {}
    return [
        {"count": counts[due], "words": text, "query": urlencode(county | {"due": due}), "is_late": due == "late"}
        for due, text in words.items()
    ]


# --- The file --------------------------------------------------------------------------------------------------------
@require_safe
def worklist_export(request):
    """The rows of the page, all of its pages, as a file for a spreadsheet."""
    counties, now = access.get_worklist_counties_for(request.user), timezone.now()
    found = _filtered(request, counties, request.GET, now)
    if not found.form.is_valid():
        return redirect(f"{reverse('teams:worklist')}?{request.GET.urlencode()}")
    rows = rows_of(request.user, list(found.qs), now)
    look_at_many(request.user, Look.EXPORT, [row.team for row in rows])
    return spreadsheet(f"worklist-{timezone.localdate(now).isoformat()}.csv", _headings(), map(_cells, rows))


def _headings() -> list[str]:
    return [
        _("Team"), _("Family"), _("County"), _("Since"), _("Who asked"), _("Most urgent"), _("Due"), _("Past its date"),
        _("Also due"), _("Family Partner"), _("Next meeting"), _("Plan"),
    ]  # fmt: skip


def _cells(row) -> list[str]:
    due = row.due_on.isoformat() if row.due_on else ""
    late = _("Yes") if row.due_state == "late" else _("No")
    shared = [row.partner, row.meeting, row.plan] if row.is_open else [_("Not shared")] * 3
    return [row.name, row.family, row.county, row.since, row.source, row.what, due, late, "; ".join(row.also), *shared]


# --- Saved filters ---------------------------------------------------------------------------------------------------
@require_POST
def filter_save(request):
    """Keep the filters of the page under a name; junk in them is left out."""
    counties = access.get_worklist_counties_for(request.user)
    data = QueryDict(request.POST.get("query", "")[:2000])
    asked = _filtered(request, counties, data, timezone.now())
    form = FilterNameForm(request.POST)
    if not asked.query:
        form.add_error(None, _("Choose a filter first. Then you can save it."))
    elif form.is_valid():
        try:
            save_filter(by=request.user, page=PAGE, name=form.cleaned_data["name"], query=asked.query)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Your filter is saved."))
            return redirect(f"{reverse('teams:worklist')}?{asked.query}")
    return _show(request, counties, data, form, status=422)


@require_POST
def filter_end(request, filter_id):
    """Take one's own saved filter away."""
    access.get_worklist_counties_for(request.user)
    saved = own_filters(request.user, PAGE).filter(pk=filter_id).first()
    if saved is None:
        raise Http404
    end_filter(saved=saved)
    messages.success(request, _("Your filter is removed."))
    return redirect("teams:worklist")
