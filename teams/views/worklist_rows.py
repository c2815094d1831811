"""The rows of the county worklist: what a coordinator sees of each team, on the page and in the file alike.

A team whose family has not said yes is an initial, since when, who asked, and what is due. Its name, its people, its
plan and its meetings are not even read.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce, Least, Substr
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collaboratives.enums import DeadlineKind
from families.enums import Section
from soc_portal.days import short_day
from teams import access
from teams.enums import OPEN_STEPS, MeetingStatus, MemberKind
from teams.forms.worklist import WEEK, initial_words
from teams.models import Step, Team


@dataclass(frozen=True)
class Row:
    """One team in words; `also` is what else is due. The cells after it are empty where the family has not said yes."""

    team: Team
    is_open: bool
    name: str
    family: str
    since: str
    source: str
    county: str
    what: str
    due_on: dt.date | None
    due_state: str
    due_words: str
    also: tuple[str, ...] = ()
    partner: str = ""
    meeting_state: str = ""
    meeting: str = ""
    plan_state: str = ""
    plan: str = ""


def worklist_teams(user, now: dt.datetime) -> QuerySet[Team]:
    """The teams of one's counties with what the list needs of each, most urgent first, in one query."""
    of_team = {"team": OuterRef("pk")}
    deadlines = access.visible_deadlines(user).filter(**of_team).order_by("due_on", "pk")
    steps = access.visible_items(user, Step).filter(**of_team, status__in=OPEN_STEPS, due_on__isnull=False)
    steps = steps.order_by("due_on", "pk")
    partners = access.visible_memberships(user).live(timezone.localdate(now))
    partners = partners.filter(**of_team, kind=MemberKind.FAMILY_PARTNER).order_by("pk")
    meetings = access.visible_meetings(user).filter(**of_team, status=MeetingStatus.SET, ends_at__gte=now)
    versions = access.agreed_versions(user).filter(**of_team).order_by("-number")
    open_teams = Q(pk__in=access.open_team_ids(user))
    teams = access.visible_worklist_teams(user).annotate(
        initial=Substr("family__name", 1, 1),
        family_name=Case(When(open_teams, then=F("family__name"))),
        county_name=F("family__county__name"),
        deadline_kind=_first(deadlines, "kind"),
        deadline_on=_first(deadlines, "due_on"),
        step_text=_first(steps, "text"),
        step_on=_first(steps, "due_on"),
        partner=_first(partners, "name"),
        next_meeting=_first(meetings.order_by("starts_at", "pk"), "starts_at", DateTimeField()),
        version=_first(versions, "number"),
    )
    # SQLite has no least of something and nothing.
    teams = teams.annotate(due_on=Coalesce(Least("deadline_on", "step_on"), "deadline_on", "step_on"))
    records = Q(pk__in=access.open_team_ids(user, Section.RECORDS))
    teams = teams.annotate(
        lacks_plan=_one_if(without_plan(user)), lacks_meeting=_one_if(records & Q(next_meeting=None))
    )
    return teams.order_by(F("due_on").asc(nulls_last=True), "pk")


def without_plan(user) -> Q:
    """Teams without an agreed plan: read from the plan where it is shared, else from the first plan's open date."""
    shared = Q(pk__in=access.open_team_ids(user, Section.PLAN))
    owed = access.visible_deadlines(user).filter(team=OuterRef("pk"), kind=DeadlineKind.FIRST_PLAN)
    return (shared & Q(version=None)) | (~shared & Q(Exists(owed)))


def _one_if(wanted: Q) -> Case:
    return Case(When(wanted, then=Value(1)), default=Value(0), output_field=IntegerField())


def _first(rows: QuerySet, field: str, output_field=None) -> Subquery:
    return Subquery(rows.values(field)[:1], output_field=output_field)


def rows_of(user, teams: list[Team], now: dt.datetime) -> list[Row]:
    """The teams in words. One query for the children, of open teams only, and one for all that is due."""
    opened = set(access.open_team_ids(user))
    prefetch_related_objects([team for team in teams if team.pk in opened], "children")
    writer = _Words(user, timezone.localdate(now), teams)
    return [writer.open_row(team) if team.pk in opened else writer.closed_row(team) for team in teams]


class _Words:
    """Turns the values of a team into the words of a row, for one reader on one day."""

    def __init__(self, user, today, teams):
        self.today = today
        self.deadlines: dict[int, list] = {}
        # In the order in which the most urgent one was chosen: it is the first.
        for deadline in access.visible_deadlines(user).filter(team__in=teams).order_by("due_on", "pk"):
            self.deadlines.setdefault(deadline.team_id, []).append(deadline)
        self.plans = set(access.open_team_ids(user, Section.PLAN))
        self.records = set(access.open_team_ids(user, Section.RECORDS))

    def closed_row(self, team) -> Row:
        facts = self._process(team, team.deadline_on)
        facts |= {"what": self._deadline(team), "also": self._also(team, has_first=True)}
        return Row(team=team, is_open=False, name=initial_words(team.initial.upper()), family="", **facts)

    def open_row(self, team) -> Row:
        step_first = team.step_on and (team.deadline_on is None or team.step_on < team.deadline_on)
        what = Truncator(team.step_text).chars(80) if step_first else self._deadline(team)
        return Row(
            team=team, is_open=True, name=team.children_names, family=team.family_name, what=what,
            also=self._also(team, has_first=not step_first), partner=team.partner or _("None yet"),
            **self._process(team, team.due_on), **self._meeting(team), **self._plan(team),
        )  # fmt: skip

    def _deadline(self, team) -> str:
        return str(DeadlineKind(team.deadline_kind).label) if team.deadline_kind else _("Nothing due")

    def _also(self, team, *, has_first: bool) -> tuple[str, ...]:
        """Every other date of the team; `has_first` tells whether the row names the first one already."""
        deadlines = self.deadlines.get(team.pk, [])[1 if has_first else 0 :]
        words = _("%(what)s: by %(day)s")
        return tuple(words % {"what": row.get_kind_display(), "day": short_day(row.due_on)} for row in deadlines)

    def _process(self, team, due_on) -> dict:
        state, words = self._due(due_on)
        return {
            "since": date_format(team.opened_on, "SHORT_DATE_FORMAT"),
            "source": str(team.get_source_display()),
            "county": team.county_name,
            "due_on": due_on,
            "due_state": state,
            "due_words": words,
        }

    def _due(self, due_on) -> tuple[str, str]:
        if due_on is None:
            return "", ""
        days = (due_on - self.today).days
        if days < 0:
            return "late", ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
        if days == 0:
            return "wait", _("Today")
        if days == 1:
            return "wait", _("Tomorrow")
        words = short_day(due_on)
        return ("wait" if due_on <= self.today + WEEK else ""), words

    def _meeting(self, team) -> dict:
        if team.next_meeting:
            return {"meeting": date_format(timezone.localtime(team.next_meeting), "SHORT_DATE_FORMAT")}
        if team.pk in self.records:
            return {"meeting": _("None set")}
        return {"meeting_state": "lock", "meeting": _("Not shared")}

    def _plan(self, team) -> dict:
        if team.pk not in self.plans:
            return {"plan_state": "lock", "plan": _("Not shared")}
        if team.version:
            return {"plan_state": "done", "plan": _("Agreed, version %(number)s") % {"number": team.version}}
        return {"plan_state": "todo", "plan": _("Not agreed yet")}


def counts_of(user, teams: QuerySet[Team], now: dt.datetime) -> dict[str, int]:
    """How many teams there are, what is late and due in them, where a meeting or a plan is missing. Three queries."""
    today = timezone.localdate(now)
    late, week = Q(due_on__lt=today), Q(due_on__gte=today, due_on__lte=today + WEEK)
    due = {"late": Count("pk", filter=late), "week": Count("pk", filter=week)}
    in_teams = {"team__in": teams.order_by().values("pk")}
    steps = access.visible_items(user, Step).filter(status__in=OPEN_STEPS, **in_teams).order_by().aggregate(**due)
    deadlines = access.visible_deadlines(user).filter(**in_teams).order_by()
    deadline_counts = deadlines.aggregate(**due)
    of_teams = teams.order_by().aggregate(all=Count("pk"), meeting=Sum("lacks_meeting"), plan=Sum("lacks_plan"))
    counts = of_teams | {key: steps[key] + deadline_counts[key] for key in due}
    return {key: count or 0 for key, count in counts.items()}
