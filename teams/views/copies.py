"""Copies on paper: choose one, and get it as a PDF. Each is written down where the family sees who looked."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from soc_portal.audit.enums import Look
from teams import access
from teams.actions.looks import look
from teams.forms.copies import NORMAL, CopyForm, PlanCopyForm
from teams.views.papers import PAPERS, PLAN_PAPERS, has_two_languages, languages_for, paper


@require_safe
def plan_copies(request, team_id):
    """Choose a paper of the plan, its language and the size of its letters."""
    team = access.get_plan_team_for(request.user, team_id)
    form = _form(PlanCopyForm, request, team, request.GET)
    if form.is_bound and form.is_valid():
        kind = form.cleaned_data["kind"]
        chosen = {name: form.cleaned_data[name] for name in ("language", "large")}
        if form.only:
            chosen["narrow"] = "on"
        return redirect(f"{reverse('teams:plan_copy', args=[team.pk, kind])}?{urlencode(chosen)}")
    return _choose(request, team, form)


@require_safe
def plan_copy(request, team_id, kind):
    """A paper of the plan as a file; with choices that there are not, the page to choose again."""
    team = access.get_plan_team_for(request.user, team_id)
    if kind not in PLAN_PAPERS:
        raise Http404
    typed = request.GET.dict() | {"kind": kind}
    form = PlanCopyForm(typed, two_languages=True)
    if form.is_valid():
        return _copy(request, team, kind, form)
    return _choose(request, team, _form(PlanCopyForm, request, team, typed))


@require_safe
def meeting_copy(request, team_id, meeting_id):
    """Choose how the record of a meeting is printed; once that is chosen, the file."""
    meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
    form = CopyForm(request.GET or None, two_languages=True)
    if form.is_bound and form.is_valid():
        return _copy(request, meeting.team, "record", form, meeting)
    return _choose(request, meeting.team, _form(CopyForm, request, meeting.team, request.GET), meeting)


def _form(form, request, team, typed):
    """The choices for a page: both languages at once where the team has two. A file is made in any that it is asked."""
    initial = {"kind": PLAN_PAPERS[0], "language": languages_for("")[0], "large": NORMAL}
    return form(typed or None, initial=initial, two_languages=has_two_languages(request.user, team))


def _choose(request, team, form, meeting=None):
    name, of = ("teams:meeting_copy", [team.pk, meeting.pk]) if meeting else ("teams:plan_copies", [team.pk])
    context = {"team": team, "form": form, "meeting": meeting, "action": reverse(name, args=of)}
    return render(request, "teams/copies.html", context, status=422 if form.errors else 200)


def _copy(request, team, kind, form, meeting=None):
    name = PAPERS[kind][1]
    _look(request.user, team, kind, meeting)
    languages = languages_for(form.cleaned_data["language"])
    choices = {"languages": languages, "large": form.is_large, "only": form.only, "meeting": meeting}
    file = paper(request.user, team, kind, **choices)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(file, content_type="application/pdf", headers=headers)


def _look(user, team, kind, meeting) -> None:
    """Each kind of copy is told in its own words."""
    if kind == "record":
        look(user, Look.RECORD_COPY, team, meeting)
    elif kind == "fridge":
        look(user, Look.FRIDGE, team)
    else:
        look(user, Look.CRISIS if kind == "crisis" else Look.COPY, team)
