"""What a team has a date for. A deadline keeps the rule of its time."""

import datetime as dt

from collaboratives.enums import DeadlineKind
from collaboratives.models import TimelineRule
from teams.models import Deadline, Team


def set_deadline(team: Team, kind: str, *, counted_from: dt.date) -> Deadline | None:
    """Open a deadline under the rule that holds on the day it is counted from; none without a rule."""
    rule = TimelineRule.objects.live(counted_from).filter(kind=kind).order_by("-starts_on").first()
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
    """A meeting took place: the first one is met, and the next one is due."""
    meet_deadline(team, DeadlineKind.FIRST_MEETING, on=on)
    meet_deadline(team, DeadlineKind.NEXT_MEETING, on=on)
    set_deadline(team, DeadlineKind.NEXT_MEETING, counted_from=on)
