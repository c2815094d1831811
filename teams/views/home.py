"""What somebody sees first: invitations, then their team, their teams, what else is theirs, or what this place is."""

from django.db.models import Count, F, Min, Q
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from collaboratives.views.barriers import open_barriers_facts
from collaboratives.views.home_parts import home_county, home_groups, home_state
from families.views.partners import partner_home_facts
from referrals.access import waiting_in_county
from referrals.views.referrals import waiting_facts
from soc_portal.access.scope import scope_of
from soc_portal.audit.enums import Look
from teams import access
from teams.actions.looks import look_at_many
from teams.enums import OPEN_STEPS, MeetingStatus
from teams.models import Step
from teams.views.team import show_team, show_teams
from teams.views.worklist import tiles_of
from teams.views.worklist_rows import counts_of, worklist_teams

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
    if not (scope.teams or scope.county_ids or scope.groups or scope.organization_ids or scope.is_partner):
        return render(request, "teams/home_empty.html", {"invitations": invitations})
    context = {"invitations": invitations, "scope": scope, "referrals_waiting": None, **_own_parts(user)}
    # Somebody with teams finds those first and the rest a link away: the page stays quick whoever it is for.
    context |= _work(request) if scope.teams else _parts_without_teams(user)
    if scope.teams and scope.county_ids and not (scope.organization_ids or scope.is_partner):
        context |= _what_waits(user)
    return render(request, "teams/home.html", context)


def _own_parts(user) -> dict:
    """Whom one walks with, and what waits where one works: a query each, for those whom it concerns."""
    scope, parts = scope_of(user), {}
    if scope.is_partner:
        parts |= partner_home_facts(user)
    if scope.organization_ids:
        parts["referrals"] = waiting_facts(user)
    return parts


def _parts_without_teams(user) -> dict:
    """The county, the groups and the state of somebody who is on no family's team, as far as each is theirs."""
    scope, parts = scope_of(user), {}
    if scope.county_ids:
        parts |= _county(user)
    if scope.groups:
        parts |= home_groups(user)
    if scope.is_state_member:
        parts |= home_state(user)
    if scope.groups and not scope.county_ids:
        parts["barriers"] = open_barriers_facts(user)
    return parts


def _county(user) -> dict:
    """What a coordinator begins the day with: what is due, what waits, which seats are empty."""
    now = timezone.now()
    return {
        "counties": access.get_worklist_counties_for(user),
        "tiles": tiles_of(counts_of(user, worklist_teams(user, now), now)),
        **_what_waits(user),
    }


def _what_waits(user) -> dict:
    """Referrals, barriers and empty seats of the counties that somebody coordinates. Three queries."""
    return {"referrals_waiting": waiting_in_county(user).count(), **home_county(user)}


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
    }


def _teams_by_what_is_due(user):
    due = Min("deadlines__due_on", filter=Q(deadlines__met_on=None, deadlines__ended_at=None))
    teams = access.visible_teams(user).live().annotate(next_due=due)
    return teams.prefetch_related("children").order_by(F("next_due").asc(nulls_last=True), "pk")


def _own_steps(user):
    steps = access.own_open_steps(user).select_related("team").prefetch_related("team__children")
    return steps.order_by(F("due_on").asc(nulls_last=True), "pk")


def _facts_of(user, teams) -> dict[int, dict]:
    """What is due in each team, as far as this person may read it: four queries, however many teams."""
    now = timezone.now()
    facts = {team.pk: {"meeting": None, "deadlines": [], "late": 0, "to_tell_of": None} for team in teams}
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
    for meeting in access.meetings_to_tell_of(user, teams).reverse():
        facts[meeting.team_id]["to_tell_of"] = meeting
    return facts
