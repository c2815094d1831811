"""What I said I would do, across teams, and saying why something was not done."""

import datetime as dt

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from soc_portal.audit.enums import Look
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from soc_portal.redirects import next_of
from soc_portal.versions.actions import Conflict
from teams import access
from teams.actions.items import leave_step
from teams.actions.looks import look, look_at_many
from teams.forms.steps import NotDoneForm
from teams.views.item_parts import page_number

STEPS_A_PAGE = 20
#: Steps that were closed stay below the list for this many days.
CLOSED_DAYS = 14


@require_safe
def step_list(request):
    """Every open step of mine, the first that is due on top; below, those that were closed lately."""
    user, page = request.user, page_number(request)
    found = access.own_open_steps(user).order_by(F("due_on").asc(nulls_last=True), "pk")
    steps = list(_with_team(found)[(page - 1) * STEPS_A_PAGE : page * STEPS_A_PAGE + 1])
    older, steps = len(steps) > STEPS_A_PAGE, steps[:STEPS_A_PAGE]
    closed = []
    if page == 1:
        since = timezone.localdate() - dt.timedelta(days=CLOSED_DAYS)
        closed = list(_with_team(access.own_closed_steps(user, since)).order_by("-updated_at", "-pk")[:STEPS_A_PAGE])
    teams = {step.team_id: step.team for step in [*steps, *closed]}
    look_at_many(user, Look.HOME, teams.values())
    context = {"steps": steps, "closed": closed, "page": page, "older": page + 1 if older else None}
    return render(request, "teams/step_list.html", context)


def _with_team(steps):
    return steps.select_related("team").prefetch_related("team__children")


@require_http_methods(["GET", "POST"])
def step_not_done(request, team_id, step_id):
    """Why not, or what changed; a new day keeps the step open."""
    team = access.get_team_for(request.user, team_id)
    step = access.get_item_for(request.user, team, "step", step_id)
    access.require_item_writer(request.user, team, step)
    kept, base = None, request.POST.get("base", step.version)
    if request.method == "GET":
        look(request.user, Look.ITEM, team, step)
        kept = kept_for(request.user, request.path)
    form = NotDoneForm(request.POST if request.method == "POST" else None, initial=kept.fields if kept else {})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            leave_step(
                team=team, step=step, by=request.user, base_version=data["base"], why=data["why"],
                due_on=data["due_on"],
            )  # fmt: skip
        except Conflict:
            base = step.version  # read it, then send it again
            form.add_error(None, _("Somebody changed this step just now. Look at it again, then save."))
        else:
            drafts.drop_drafts(user=request.user, path=request.path)
            messages.success(request, _("Saved. Thank you for telling the team."))
            return HttpResponseRedirect(next_of(request, reverse("teams:step_list")))
    context = {"team": team, "step": step, "form": form, "kept": kept, "base": base}
    return render(request, "teams/step_not_done.html", context, status=422 if form.errors else 200)
