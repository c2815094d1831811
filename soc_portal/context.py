"""What every page's frame needs to know: who is signed in, which tabs to show, and when to warn before signing out.

Visitors cost no query. A page that shows a team puts it into its context as `team`; the tabs then belong to that team.
"""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from soc_portal.access.scope import scope_of
from soc_portal.names import initials_of
from teams.enums import SEATS

# The server writes down the time of a request at most once a minute: it may count that much more than the page does.
CLOCK_SLACK_SECONDS = 60

# Which tab a page belongs to: the first prefix that fits its URL name. A view may say `tab` in its context instead.
TAB_OF = (
    ("teams:team_list", "teams"),
    ("teams:team_ask", "teams"),
    ("teams:worklist", "worklist"),
    ("teams:referral", "team"),
    ("teams:barrier", "team"),
    ("teams:partner", "team"),
    ("collaboratives:state", "state"),
    ("collaboratives:county_numbers", "state"),
    ("collaboratives:", "groups"),
    ("referrals:", "referrals"),
    ("families:partner", "partners"),
    ("teams:filter", "worklist"),
    ("teams:search", "search"),
    ("teams:calendar", "me"),
    ("teams:meeting", "meetings"),
    ("teams:attendance", "meetings"),
    ("teams:sharing", "sharing"),
    ("teams:grant", "sharing"),
    ("teams:look", "sharing"),
    ("teams:plan", "plan"),
    ("teams:need", "plan"),
    ("teams:step", "plan"),
    ("teams:item", "plan"),  # parts of a meeting say `tab` themselves
    ("teams:team", "team"),
    ("teams:member", "team"),
    ("families:", "team"),
    ("home", "team"),
    ("accounts:", "me"),
    ("account_", "me"),
    ("mfa_", "me"),
    ("usersessions_", "me"),
)


@dataclass(frozen=True)
class Tab:
    """One entry of the bar under the header."""

    key: str
    url: str
    icon: str
    words: str
    current: str = ""  # aria-current: "page", "true" (a page below it), or nothing
    only_phone: bool = False


def portal(request):
    """`nav`, `demo`, `idle_minutes`, and the seconds after which the page warns. Never a query for a visitor."""
    seconds = getattr(settings, "IDLE_SECONDS", 20 * 60)
    return {
        "nav": nav_of(getattr(request, "user", None)),
        "demo": settings.DEMO,
        "idle_minutes": seconds // 60,
        "idle_seconds": seconds - CLOCK_SLACK_SECONDS,
        "warn_seconds": 120,
    }


def nav_of(user) -> dict:
    """Who somebody is to the frame of a page: role "out", "family" (holds a team by right) or "staff"."""
    if user is None or not user.is_authenticated:
        return {"role": "out", "team_id": None, "name": "", "initials": "", "kind": ""}
    scope = scope_of(user)
    rights = list(scope.teams.values())
    own = [right for right in rights if right.by_right]
    first = (own or rights or [None])[0]
    return {
        "role": "family" if own else "staff",
        "team_id": own[0].team_id if own else None,
        "teams": bool(rights),
        "worklist": bool(scope.county_ids),
        "referrals": bool(scope.organization_ids or scope.county_ids),
        "partners": bool(scope.is_partner or scope.county_ids),
        "name": user.get_short_name() or user.email,
        "initials": initials_of(user.name or user.email),
        "kind": SEATS.get(first.kind, "pro") if first else "pro",
    }


def current_tab(request, context) -> str:
    """The key of the tab that this page belongs to; "" for none."""
    if context.get("tab"):
        return context["tab"]
    match = getattr(request, "resolver_match", None)
    name = match.view_name if match else ""
    return next((tab for prefix, tab in TAB_OF if name.startswith(prefix)), "")


def main_tabs(nav, team_id, current) -> list[Tab]:
    """The bar under the header. Family: their team's parts. Staff: their lists. Visitors: none."""
    if nav["role"] == "family":
        return _tabs(
            *_team_rows(team_id or nav["team_id"]),
            ("me", "accounts:profile_edit", (), "me", _("Me")),
            current=current,
            only_phone="me",
        )
    if nav["role"] == "staff":
        in_team = {"team", "plan", "meetings", "sharing"}
        return _tabs(
            *_staff_rows(nav),
            current="teams" if team_id and current in in_team else current,
            is_page=not (team_id and current in in_team),
        )
    return []


def _staff_rows(nav):
    """What somebody works with: a tab only where there is something for them behind it."""
    rows = [
        ("teams", nav["teams"], "teams:team_list", "people", _("My teams")),
        ("worklist", nav["worklist"], "teams:worklist", "todo", _("Worklist")),
        ("referrals", nav["referrals"], "referrals:referral_list", "arrow", _("Referrals")),
        ("partners", nav["partners"], "families:partner_list", "leaf", _("Family Partners")),
        ("groups", True, "collaboratives:group_list", "talk", _("Groups")),
        ("state", True, "collaboratives:state_overview", "globe", _("State")),
        ("search", nav["teams"] or nav["worklist"], "teams:search", "search", _("Search")),
    ]
    return [(key, name, (), icon, words) for key, wanted, name, icon, words in rows if wanted]


def team_tabs(nav, team_id, current) -> list[Tab]:
    """The second bar that staff see within a team: the same parts of the same team."""
    if nav["role"] != "staff" or not team_id:
        return []
    return _tabs(*_team_rows(team_id)[:3], current=current)


def _team_rows(team_id):
    if not team_id:
        return [("team", "home", (), "people", _("Team"))]
    return [
        ("team", "teams:team_detail", (team_id,), "people", _("Team")),
        ("plan", "teams:plan_detail", (team_id,), "doc", _("Plan")),
        ("meetings", "teams:meeting_list", (team_id,), "talk", _("Meetings")),
        ("sharing", "teams:sharing_detail", (team_id,), "shield", _("Sharing")),
    ]


def _tabs(*rows, current, only_phone="", is_page=True) -> list[Tab]:
    tabs = []
    for key, name, args, icon, words in rows:
        mark = "" if key != current else "page" if is_page else "true"
        tabs.append(Tab(key, reverse(name, args=args), icon, words, mark, key == only_phone))
    return tabs
