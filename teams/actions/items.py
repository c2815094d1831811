"""Writing the parts of plan and record: added, changed, taken away and brought back, with nothing lost."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from families.enums import DEFAULT_SECTIONS
from families.models import Strength
from soc_portal.audit.actions import record
from soc_portal.versions.actions import add_row, change_row, end_row, end_rows, move_rows, restore_row, restore_rows
from teams import emails
from teams.actions.agenda import carry_to_next
from teams.actions.once import require_only_one
from teams.actions.records import writing_record
from teams.actions.referrals import move_referrals_of_need
from teams.enums import StepStatus, TopicOutcome
from teams.models import Goal, Need, Rating, Step, Strategy, Team, Topic


@transaction.atomic
def add_item(*, team: Team, item, by, who=None):
    """Save a new part of the plan or record of this team. A goal and a step take the section of what they belong to."""
    if isinstance(item, Strength):
        item.family = team.family
    else:
        item.team = team
        require_only_one(item)
        _take_section(item)
        item.place = type(item).objects.filter(team=team).count() + 1
    many = {"who": who or []} if isinstance(item, Step) else None
    if isinstance(item, Step):
        item.done_on = timezone.localdate() if item.status == StepStatus.DONE else None
    with writing_record(getattr(item, "meeting", None), by=by):
        return add_row(item, by=by, family_id=team.family_id, many=many)


def _writing_record_of(item, *, by):
    """As `writing_record`; a step and a rating that stand in an approved record go on living in the plan."""
    return writing_record(getattr(item, "meeting", None), by=by, is_closed=not isinstance(item, Step | Rating))


def _take_section(item) -> None:
    if isinstance(item, Goal):
        item.section = item.need.section
    elif isinstance(item, Step | Strategy | Rating) and item.goal is not None:
        item.section = item.goal.section
    elif getattr(item, "meeting", None) is not None and item.section in DEFAULT_SECTIONS:
        item.section = item.meeting.section  # nothing said at a meeting is open to more people than the meeting itself


@transaction.atomic
def change_item(*, team: Team, item, by, base_version: int, values: dict[str, Any]):
    """Save new values of an item, built on the version that the form showed. Raises `Conflict`; see `change_row`."""
    if isinstance(item, Step) and "status" in values:
        values = values | {"done_on": _done_on(item, values["status"])}
    if values.get("section") in DEFAULT_SECTIONS and getattr(item, "meeting", None) is not None:
        values = values | {"section": item.meeting.section}  # as in `_take_section`
    with _writing_record_of(item, by=by):
        fresh = change_row(
            item, by=by, family_id=team.family_id, base_version=base_version, values=values, just_read=True
        )
    if isinstance(fresh, Need) and fresh.section != item.section:
        _move_children(fresh)
    if isinstance(fresh, Topic) and fresh.outcome == TopicOutcome.MOVED and item.outcome != TopicOutcome.MOVED:
        carry_to_next(fresh)
    if isinstance(fresh, Step) and fresh.needs_help and not item.needs_help:
        emails.step_needs_help(fresh, by)
    return fresh


def _done_on(step: Step, status: str):
    return (step.done_on or timezone.localdate()) if status == StepStatus.DONE else None


def _move_children(need: Need) -> None:
    """What hangs on a need, and its referrals, belong to its section, ended ones and their history too."""
    for rows in _children(need):
        move_rows(rows, section=need.section)
    move_referrals_of_need(need=need)


@transaction.atomic
def end_item(*, team: Team, item, by):
    """Take an item away; it stays in the history and can be brought back. What hangs on it goes with it.

    `ValidationError` for a part of an approved record.
    """
    now = timezone.now()
    for rows in _children(item):
        end_rows(rows, by=by, family_id=team.family_id, at=now)
    with _writing_record_of(item, by=by):
        return end_row(item, by=by, family_id=team.family_id, at=now)


def _children(item) -> list[QuerySet]:
    if isinstance(item, Need):
        return [*_hanging_on("goal__need", item), Goal.objects.filter(need=item)]
    if isinstance(item, Goal):
        return _hanging_on("goal", item)
    return []


@transaction.atomic
def restore_item(*, team: Team, item, by):
    """Bring an item back, with what ended together with it. `ValidationError` if what it belongs to is not there."""
    parent = getattr(item, "goal", None) or getattr(item, "need", None)
    if parent is not None and parent.ended_at:
        raise ValidationError(_("Bring back what this belongs to first."), code="parent_ended")
    if not item.ended_at:
        return item
    require_only_one(item)
    for rows in _children(item):
        restore_rows(rows, by=by, family_id=team.family_id, ended_at=item.ended_at)
    with _writing_record_of(item, by=by):
        return restore_row(item, by=by, family_id=team.family_id)


def _hanging_on(lookup: str, item) -> list[QuerySet]:
    return [model.objects.filter(**{lookup: item}) for model in (Step, Strategy, Rating)]


def finish_step(*, team: Team, step: Step, by) -> Step:
    """Mark a step as done, whoever carries it and whatever else changed in it."""
    return change_item(
        team=team, item=step, by=by, base_version=step.version, values={"status": StepStatus.DONE, "needs_help": False}
    )


def ask_for_help(*, team: Team, step: Step, by) -> Step:
    """Say that somebody needs help with a step; the team is told."""
    return change_item(team=team, item=step, by=by, base_version=step.version, values={"needs_help": True})


def leave_step(*, team: Team, step: Step, by, base_version: int, why: str, due_on: dt.date | None = None) -> Step:
    """Say why a step was not done: with a new day it stays open until then, without one it is closed as not done."""
    values: dict[str, Any] = {"why": why, "needs_help": False, "status": StepStatus.NOT_DONE}
    if due_on is not None:
        values |= {"due_on": due_on, "status": step.status if step.is_open else StepStatus.TODO}
        del values["needs_help"]
    return change_item(team=team, item=step, by=by, base_version=base_version, values=values)


@transaction.atomic
def order_items(*, team: Team, rows: QuerySet, seen: list[int], wanted: list[int], by) -> bool:
    """Put one list into the order `wanted`, if it still stands as `seen`; else `ValidationError`, and nothing changes.

    `rows` are the items of the list that this person reads, in order. Those that they don't see keep their places.
    Tells whether anything has moved.
    """
    Team.objects.select_for_update(of=("self",)).get(pk=team.pk)  # two who move at once take turns
    # Locked, so that nobody takes one of them away or brings one back in between.
    everything = list(
        rows.model.objects.live().filter(team=team).select_for_update(of=("self",)).order_by("place", "pk")
    )
    read = set(rows.values_list("pk", flat=True))
    if [row.pk for row in everything if row.pk in read] != seen:
        words = _("Somebody changed this list just now. This is how it stands. Move it again if you still want to.")
        raise ValidationError(words, code="stale")
    if sorted(wanted) != sorted(seen):
        raise ValidationError(_("The list was not sent in full. Nothing has changed."), code="not_whole")
    moved = [pk for before, pk in zip(seen, wanted, strict=True) if before != pk]
    if not moved:
        return False
    by_pk, left = {row.pk: row for row in everything}, iter(wanted)
    ordered = [by_pk[next(left)] if row.pk in set(seen) else row for row in everything]
    for place, row in enumerate(ordered, start=1):
        row.place = place
    rows.model.objects.bulk_update(ordered, ["place"])
    verb = f"{rows.model._meta.model_name}_moved"
    record(verb, by=by, family_id=team.family_id, team_id=team.pk, thing=by_pk[moved[0]])
    return True


def move_item(*, team: Team, rows: QuerySet, item, seen: list[int], by, up: bool) -> bool:
    """Put an item before the one above it in the list that was `seen`, or after the one below; see `order_items`."""
    wanted = list(seen)
    here = wanted.index(item.pk) if item.pk in wanted else 0
    there = here + (-1 if up else 1)
    if 0 <= there < len(wanted):
        wanted[here], wanted[there] = wanted[there], wanted[here]
    return order_items(team=team, rows=rows, seen=seen, wanted=wanted, by=by)
