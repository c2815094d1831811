"""When people are reminded of a step that they said they would do: due -> claim -> send. The task is a wake-up.

One calm notice before the day, and none after it: nobody is nagged.
"""

import datetime as dt

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from soc_portal.access.wall import whole_state
from soc_portal.accounts.models import User
from soc_portal.notices.models import Notice
from teams import access, emails
from teams.enums import OPEN_STEPS
from teams.models import Step

#: How many days before the day of a step its people are reminded. A wake-up that was missed is made up for the day
#: after; on the day itself, and later, nobody is reminded any more.
LEAD_DAYS = 2
#: Reminders go out between these hours of the day in America/New_York, and at no other.
FIRST_HOUR, LAST_HOUR = 9, 18
#: Steps that are claimed in one transaction; a wake-up goes on until none is left.
AT_ONCE = 500


def due(now: dt.datetime) -> QuerySet[Step]:
    """Open steps of live teams whose day is near and of whose day nobody was reminded yet; none at night.

    A step that gets another day gets a reminder of its own.
    """
    here = timezone.localtime(now)
    if not FIRST_HOUR <= here.hour < LAST_HOUR:
        return Step.objects.none()
    today = here.date()
    near = Step.objects.live().filter(due_on__gt=today, due_on__lte=today + dt.timedelta(days=LEAD_DAYS))
    not_yet = Q(reminded_of=None) | ~Q(reminded_of=F("due_on"))
    return near.filter(not_yet, status__in=OPEN_STEPS, team__ended_at=None).order_by("due_on", "pk")


def claim(steps: list[Step], now: dt.datetime) -> list[Step]:
    """Take steps for reminding: those that are still due and that no other worker has taken. Two queries.

    Call it in a transaction: it holds the rows until the notices are in the outbox.
    """
    wanted = due(now).filter(pk__in=[step.pk for step in steps])
    held = list(wanted.select_for_update(of=("self",)))
    due(now).filter(pk__in=[step.pk for step in held]).order_by().update(reminded_of=F("due_on"))
    return held


def send_reminders(now: dt.datetime) -> int:
    """Remind everybody whose step is due soon, a batch of steps at a time. Returns how many people."""
    told = 0
    while (people := _remind(now)) is not None:
        told += people
    return told


@transaction.atomic
def _remind(now: dt.datetime) -> int | None:
    """One batch: the claim and the notices are one transaction. None where nothing is due any more."""
    with whole_state("steps are due in every team"):
        found = list(due(now)[:AT_ONCE])
        if not found:
            return None
        people = carriers(claim(found, now), now)
        for user in people:
            emails.steps_due(user)
        return len(people)


def carriers(steps: list[Step], now: dt.datetime) -> list[User]:
    """Who is told of these steps: those who carry one, may read it, have an account and want to be reminded.

    Somebody who was told today is not told again: the notice opens the list of all their steps. The number of queries
    grows with the sections of the record, not with steps or people.
    """
    carried: dict[int, set[int]] = {}
    for step_id, member_id in Step.who.through.objects.filter(step__in=steps).values_list("step_id", "membership_id"):
        carried.setdefault(step_id, set()).add(member_id)
    people: dict[int, User] = {}
    for section in sorted({step.section for step in steps}):
        here = [step for step in steps if step.section == section]
        members = {pk for step in here for pk in carried.get(step.pk, ())}
        able = access.readers_of(sorted({step.team_id for step in here}), section)
        for member in able.filter(pk__in=members, user__remind_of_steps=True):
            if member.user is not None:
                people[member.user.pk] = member.user
    morning = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Notice.objects.filter(kind=emails.STEPS_DUE, user__in=people, created_at__gte=morning)
    for user_id in today.values_list("user_id", flat=True):
        people.pop(user_id, None)
    return [people[pk] for pk in sorted(people)]
