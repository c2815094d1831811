"""What somebody sees first: invitations, then their team, their teams, or what this place is."""

from django.db.models import Count, F, Min, Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from soc_portal.access.scope import scope_of
from soc_portal.audit.enums import Look
from teams import access
from teams.actions.looks import look_at_many
from teams.enums import OPEN_STEPS, MeetingStatus
from teams.models import Step
from teams.views.team import show_team, show_teams

#: How many teams and steps the first page shows; the lists behind it show all.
MOST = 12


@require_safe
def home(request):
    """A family lands at its own table; everybody else at what they do for families."""
    user = request.user
    scope = scope_of(user)
    invitations = list(access.own_invitations(user).order_by("pk")) if scope.is_invited else []
    if scope.is_family:
        live = list(access.visible_teams(user).live().select_related("family").prefetch_related("children")[:2])
        if len(live) == 1:
            return show_team(request, live[0], invitations)
        return show_teams(request, invitations)
    if scope.teams:
        return render(request, "teams/home.html", _work(request) | {"invitations": invitations})
    if scope.county_ids and not invitations:
        return redirect("teams:worklist")
    context = {"invitations": invitations, "has_worklist": bool(scope.county_ids)}
    return render(request, "teams/home_empty.html", context)


def _work(request) -> dict:
    """My teams with what is due first, and what I said I'd do."""
    user = request.user
    teams = list(_teams_by_what_is_due(user)[: MOST + 1])
    steps = list(_own_steps(user)[: MOST + 1])
    more_teams, more_steps = len(teams) > MOST, len(steps) > MOST
    teams, steps = teams[:MOST], steps[:MOST]
    look_at_many(user, Look.HOME, {team.pk: team for team in [*teams, *(step.team for step in steps)]}.values())
    facts = _facts_of(user, teams)
    return {
        "rows": [{"team": team} | facts[team.pk] for team in teams],
        "steps": steps,
        "more_teams": more_teams,
        "more_steps": more_steps,
        "has_worklist": bool(scope_of(user).county_ids),
    }


def _teams_by_what_is_due(user):
    due = Min("deadlines__due_on", filter=Q(deadlines__met_on=None, deadlines__ended_at=None))
    teams = access.visible_teams(user).live().annotate(next_due=due)
    return teams.prefetch_related("children").order_by(F("next_due").asc(nulls_last=True), "pk")


def _own_steps(user):
    steps = access.own_open_steps(user).select_related("team").prefetch_related("team__children")
    return steps.order_by(F("due_on").asc(nulls_last=True), "pk")


def _facts_of(user, teams) -> dict[int, dict]:
    """What is due in each team, as far as this person may read it: three queries, however many teams."""
    now = timezone.now()
    facts = {team.pk: {"meeting": None, "deadlines": [], "late": 0} for team in teams}
    ahead = access.visible_meetings(user).filter(team__in=facts, status=MeetingStatus.SET, ends_at__gte=now)
    for meeting in ahead.order_by("-starts_at", "-pk"):
        facts[meeting.team_id]["meeting"] = meeting
    for deadline in access.visible_deadlines(user).filter(team__in=facts).order_by("due_on", "pk"):
        deadline.is_late = deadline.due_on < timezone.localdate(now)
        facts[deadline.team_id]["deadlines"].append(deadline)
    late = access.visible_items(user, Step).filter(
        team__in=facts, status__in=OPEN_STEPS, due_on__lt=timezone.localdate(now)
    )
    for row in late.order_by().values("team_id").annotate(count=Count("pk")):
        facts[row["team_id"]]["late"] = row["count"]
    return facts
