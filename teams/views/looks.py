"""Who looked at the family's record, told to the family in plain words."""

from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, Q
from django.db.models.functions import TruncDate
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from collaboratives.access import coordinators_of
from soc_portal.audit.enums import Look
from soc_portal.names import Seat
from teams import access
from teams.actions.looks import look
from teams.forms.sharing import LookFilterForm

PER_PAGE = 30
#: What the filter takes for those who came with a link.
BY_LINK = "link"


@require_safe
def look_list(request, team_id):
    """Everybody who looked, newest first: by day and person, with what they opened and how often."""
    team = access.get_team_for(request.user, team_id)
    looks = access.visible_looks(request.user, team).order_by()
    people = looks.values("actor_id").annotate(name=Max("actor_name")).order_by("name", "actor_id")
    form = LookFilterForm(request.GET or None, people=[choice_of(row) for row in people])
    if form.is_bound and form.is_valid():
        looks = filtered(looks, form.cleaned_data)
    visits = looks.annotate(day=TruncDate("at")).values("day", "actor_id", "actor_name")
    visits = visits.annotate(last=Max("at"), first=Min("at")).order_by("-day", "-last", "-actor_id", "actor_name")
    page = Paginator(visits, PER_PAGE).get_page(request.GET.get("page"))
    coordinators = list(coordinators_of(team.family.county_id))
    look(request.user, Look.LOOKS, team)
    context = {
        "team": team,
        "form": form,
        "page": page,
        "days": days_of(request.user, team, page.object_list, looks, coordinators),
        "coordinators": coordinators,
        "filters": {name: request.GET[name] for name in ("who", "what") if request.GET.get(name)},
    }
    return render(request, "teams/look_list.html", context)


def choice_of(row) -> tuple[str, str]:
    """One person to choose from; all who came with a link, and so without an account, are one choice."""
    return (str(row["actor_id"]), row["name"]) if row["actor_id"] else (BY_LINK, _("Somebody with a link"))


def filtered(looks, chosen):
    """Only one person, only one kind of reading, or both."""
    if chosen["who"]:
        looks = looks.filter(actor_id=None if chosen["who"] == BY_LINK else chosen["who"])
    return looks.filter(verb=chosen["what"]) if chosen["what"] else looks


def days_of(user, team, visits, looks, coordinators) -> list[dict]:
    """The visits of one page as [{day, visits: [{who, organization, lines}]}], with two queries for all."""
    visits = list(visits)
    if not visits:
        return []
    lines = lines_of(looks, visits)
    seats = seats_of(user, team, visits, coordinators)
    days: list[dict] = []
    for visit in visits:
        if not days or days[-1]["day"] != visit["day"]:
            days.append({"day": visit["day"], "visits": []})
        rows = lines[visit["day"], visit["actor_id"], visit["actor_name"]]
        who = seats.get(visit["actor_id"]) or Seat(rows[0]["name"], "pro")
        organization = max(row["organization"] for row in rows)
        days[-1]["visits"].append({"who": who, "organization": organization, "lines": rows})
    return days


def lines_of(looks, visits) -> dict:
    """What was opened, by (day, account, name): the words, how often, and when last."""
    ids = {visit["actor_id"] for visit in visits}
    span = (min(visit["first"] for visit in visits), max(visit["last"] for visit in visits))
    rows = (
        looks.filter(Q(actor_id__in=ids - {None}) | Q(actor_id=None), at__range=span)
        .annotate(day=TruncDate("at"))
        .values("day", "actor_id", "actor_name", "verb")
        .annotate(times=Count("pk"), last=Max("at"), name=Max("actor_name"), organization=Max("actor_organization"))
        .order_by("-last", "verb")
    )
    lines: dict = {}
    for row in rows:
        key = (row["day"], row["actor_id"], row["actor_name"])
        lines.setdefault(key, []).append(row | {"words": Look(row["verb"]).label})
    return lines


def seats_of(user, team, visits, coordinators) -> dict:
    """The seats of those who are or were on the team, and of the county's coordinators, by account."""
    seats: dict = {role.user_id: Seat(str(role.user), "pro", role.get_role_display()) for role in coordinators}
    members = access.visible_memberships(user).filter(team__family_id=team.family_id)
    for member in members.filter(user_id__in={visit["actor_id"] for visit in visits}).order_by("pk"):
        seats[member.user_id] = member
    return seats
