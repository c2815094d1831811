"""Watching a plan: an open page asks every few seconds whether it still shows what there is."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from soc_portal.middleware import no_sign_of_life
from teams import access
from teams.views.plan import plan_page
from teams.views.plan_mark import read_mark


@no_sign_of_life
@require_safe
def plan_pulse(request, team_id):
    """Nothing (204) while the plan is as the page with this mark shows it; else its page as it stands now.

    Asking is no reading, since nothing of the record is told: the opened page was written down. The page that comes
    when something has changed is a reading like any other. Messages wait for a page that somebody opens.
    """
    team = access.get_plan_team_for(request.user, team_id)
    mark = request.GET.get("mark")
    if mark and mark == read_mark(request.user, team):
        return HttpResponse(status=204)
    return plan_page(request, team, messages=[])
