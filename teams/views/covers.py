"""Ticking which parts of the plan cover a mandate, or what an agency's own plan must hold."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from soc_portal.audit.enums import Look
from teams import access
from teams.actions.covering import set_covers
from teams.actions.looks import look
from teams.forms.covers import CoversForm
from teams.models import Mandate
from teams.views.cover_rows import key_of, parts_to_tick
from teams.views.plan_reading import read_parts

#: How many changes of the ticks the page shows.
LAST_CHANGES = 20


@require_http_methods(["GET", "POST"])
def cover_mandate(request, team_id, mandate_id):
    """Which parts of the plan cover what the team must do."""
    team = access.get_plan_team_for(request.user, team_id)
    mandate = access.get_item_for(request.user, team, "mandate", mandate_id)
    access.require_item_writer(request.user, team, mandate)
    words = {"words": mandate.text, "asked_by": mandate.get_source_display(), "source": mandate.source_words}
    return _tick(request, team, mandate, words)


@require_http_methods(["GET", "POST"])
def cover_element(request, team_id, element_id):
    """Which parts of the plan cover what an agency's own plan must hold."""
    team = access.get_plan_team_for(request.user, team_id)
    element = access.get_element_for(request.user, team, element_id)
    access.require_writer(request.user, team)
    asked_by = element.get_organization_kind_display()
    return _tick(request, team, element, {"words": element.words, "asked_by": asked_by, "source": element.source})


def _tick(request, team, asked, words):
    plan = read_parts(request.user, team)
    rows = plan.mandates if isinstance(asked, Mandate) else plan.elements
    ticked = [key_of(item) for row in rows if row.pk == asked.pk for item in row.own_covers]
    form = CoversForm(
        request.POST if request.method == "POST" else None, ticked=ticked,
        choices=parts_to_tick(plan, mandates=not isinstance(asked, Mandate)),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and _saved(request, team, asked, form, plan):
        messages.success(request, _("The ticks are saved."))
        return HttpResponseRedirect(reverse("teams:plan_detail", args=[team.pk]) + "#agencies")
    if request.method == "GET":
        look(request.user, Look.PLAN, team)
    context = {"team": team, "form": form, "changes": _changes(request.user, team, asked, plan)} | words
    return render(request, "teams/cover_edit.html", context, status=422 if form.errors else 200)


def _changes(user, team, asked, plan) -> list[dict]:
    """Who ticked what and who took a tick away, newest first."""
    items, found = {(item.kind, item.pk): item for item in plan.items}, []
    for cover in access.covers_ever(user, team, asked, items):
        told = {"text": items[cover.item_kind, cover.item_id].text}
        found.append(told | {"at": cover.made_at, "name": cover.made_by.name, "is_gone": False})
        if cover.ended_at:
            found.append(told | {"at": cover.ended_at, "name": cover.ended_by.name, "is_gone": True})
    return sorted(found, key=lambda row: row["at"], reverse=True)[:LAST_CHANGES]


def _saved(request, team, asked, form, plan) -> bool:
    """Save the ticks; False, with the reason in the form, when a part was taken away meanwhile."""
    items = {key_of(item): item for item in plan.items}
    try:
        set_covers(
            team=team, asked=asked, by=request.user, add=[items[key] for key in sorted(form.added)],
            remove=[items[key] for key in sorted(form.removed)],
        )  # fmt: skip
    except ValidationError as error:
        form.add_error("parts", error)
        return False
    return True
