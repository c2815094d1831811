"""Asking a Family Partner for one's team, from their profile."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from families.access import get_partner_for
from soc_portal.audit.enums import Look
from teams import access
from teams.actions.consents import last_day
from teams.actions.looks import look
from teams.actions.partners import ask_partner, refuse_to_ask


@require_http_methods(["GET", "POST"])
def partner_ask(request, team_id, partner_id):
    """A caregiver chooses somebody to walk with this team; first the page says what it means, or why it can't be."""
    team = access.get_team_for(request.user, team_id)
    access.require_chooser(request.user, team)
    partner = get_partner_for(request.user, partner_id)
    problem, refused = None, request.method == "POST"
    try:
        if refused:
            ask_partner(team=team, partner=partner, by=request.user)
            messages.success(request, _("You have asked them. We are writing to them now. They answer here."))
            return redirect("teams:member_list", team_id=team.pk)
        refuse_to_ask(team=team, partner=partner)
    except ValidationError as error:
        problem = " ".join(error.messages)
    look(request.user, Look.MEMBERS, team)
    chosen = access.chosen_partners(request.user, [team])
    context = {
        "team": team,
        "partner": partner,
        "problem": problem,
        "refused": refused,
        "other": chosen[0] if chosen else None,
        "until": last_day(timezone.localdate()),
    }
    return render(request, "teams/partner_ask.html", context, status=422 if refused else 200)
