"""What a team has a date for. A deadline keeps the rule of its time."""

import datetime as dt

from django.utils import timezone

from collaboratives.enums import REVIEWS, DeadlineKind
from collaboratives.models import TimelineRule
from teams.enums import MeetingStatus
from teams.models import Deadline, Meeting, Team


def set_deadline(team: Team, kind: str, *, counted_from: dt.date) -> Deadline | None:
    """Open a deadline under the rule that holds on the day it is counted from; none without a rule."""
    rule = TimelineRule.objects.holding(kind, counted_from)
    if rule is None:
        return None
    due_on = counted_from + dt.timedelta(days=rule.days)
    deadline = Deadline.objects.open().filter(team=team, kind=kind).first()
    if deadline is None:
        return Deadline.objects.create(team=team, kind=kind, rule=rule, due_on=due_on)
    Deadline.objects.filter(pk=deadline.pk).update(rule=rule, due_on=due_on)
    return deadline


def meet_deadline(team: Team, kind: str, *, on: dt.date) -> None:
    """Write down that what was due has happened on the day `on`."""
    Deadline.objects.open().filter(team=team, kind=kind).update(met_on=on)


def open_first_deadlines(team: Team) -> None:
    """A new team owes the family a first meeting and a first plan."""
    set_deadline(team, DeadlineKind.FIRST_MEETING, counted_from=team.opened_on)
    set_deadline(team, DeadlineKind.FIRST_PLAN, counted_from=team.opened_on)


def meeting_was_held(team: Team, *, on: dt.date) -> None:
    """A meeting took place: the first one is met, the next one is due; so it is with reviews of a child's life away."""
    meet_deadline(team, DeadlineKind.FIRST_MEETING, on=on)
    meet_deadline(team, DeadlineKind.NEXT_MEETING, on=on)
    set_deadline(team, DeadlineKind.NEXT_MEETING, counted_from=on)
    if team.out_of_home_since and on > team.out_of_home_since:
        Deadline.objects.open().filter(team=team, kind__in=REVIEWS).update(met_on=on)
        set_review_deadline(team)


def set_review_deadline(team: Team) -> None:
    """While a child of the team lives away from home, the next meeting is due as a review of that: after the first so
    many days, then after more, then again and again (10A NCAC 70G .0504). Every meeting that took place since then
    counts as one. Nothing is due when no child lives away.
    """
    since, still_open = team.out_of_home_since, Deadline.objects.open().filter(team=team, kind__in=REVIEWS)
    if since is None:
        still_open.update(ended_at=timezone.now())
        return
    held = Meeting.objects.live().filter(team=team, status=MeetingStatus.HELD).values_list("starts_at", flat=True)
    days = sorted(day for day in map(timezone.localdate, held) if day > since)
    kind = REVIEWS[min(len(days), len(REVIEWS) - 1)]
    still_open.exclude(kind=kind).update(ended_at=timezone.now())
    set_deadline(team, kind, counted_from=days[-1] if days else since)


def day_to_aim_for(team: Team) -> dt.date | None:
    """The day on which a team wishes to meet again: sooner than the limit, by the rule of the day it is counted from.

    None where no next meeting is due, and where no rule says so.
    """
    deadline = Deadline.objects.open().filter(team=team, kind=DeadlineKind.NEXT_MEETING).select_related("rule").first()
    if deadline is None:
        return None
    rule = TimelineRule.objects.holding(DeadlineKind.MEETING_WANTED, deadline.counted_from)
    day = deadline.counted_from + dt.timedelta(days=rule.days) if rule else None
    return day if day and day < deadline.due_on else None
