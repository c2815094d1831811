"""Looking for people, teams, plans and records, in what its reader may read and nowhere else."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from soc_portal.audit.enums import Look
from teams import access
from teams.actions.looks import look_at_many
from teams.forms.search import SearchForm
from teams.views import search_rows


@require_safe
def search(request):
    """The question, and what it found, in groups; each family can see that something of it was found."""
    form = SearchForm(request.GET if "q" in request.GET else None)
    groups = _groups(request.user, form.words) if form.is_valid() else []
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "teams/search.html", {"form": form, "groups": groups}, status=status)


def _groups(user, words):
    groups = [
        {"key": "people", "words": _("People"), "hits": search_rows.people(user, words)},
        {"key": "teams", "words": _("Teams"), "hits": search_rows.teams(user, words)},
        {"key": "plans", "words": _("Plans"), "hits": search_rows.plans(user, words)},
        {"key": "records", "words": _("Meetings"), "hits": search_rows.records(user, words)},
    ]
    for group in groups:
        group["more"] = len(group["hits"]) > search_rows.MOST_A_GROUP
        group["hits"] = group["hits"][: search_rows.MOST_A_GROUP]
    shown = {hit.team_id for group in groups for hit in group["hits"]}
    teams = {team.pk: team for team in access.visible_teams(user).filter(pk__in=shown).prefetch_related("children")}
    for group in groups:
        for hit in group["hits"]:
            hit.team = teams[hit.team_id]
    look_at_many(user, Look.SEARCH, teams.values())
    return [group for group in groups if group["hits"]]
