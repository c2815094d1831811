"""The two short papers: one sheet for the refrigerator, and the crisis plan on cards for a pocket."""

import datetime as dt

from django.utils.text import Truncator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from families.enums import Section
from soc_portal import days
from teams.views.paper_plan import EMERGENCY, call_rows
from teams.views.paper_words import LEFT_OUT, NEEDS_CARE, Pieces, Say, names, typed
from teams.views.plan_reading import Plan

#: How much of a text stands on the refrigerator, in letters, and how many people and voices.
LONG, SHORT, CALLS, VOICES = 160, 90, 3, 2


def fridge(say: Say, plan: Plan) -> dict:
    """One sheet whatever the plan's size: `order` says which rows stay where not all of them fit."""
    shown = [*plan.words, *plan.needs, *plan.goals, *plan.steps]
    has_substance_use = any(item.section == Section.SUBSTANCE_USE for item in shown)
    return {
        "vision": [
            {"text": _short(f"“{words.text}”", LONG, words.language), "by": _short(words.person.display_name)}
            for words in plan.words[:VOICES]
        ],
        "notices": [say(NEEDS_CARE)] if has_substance_use else [],
        "rows": _rows(say, plan),
        "more": say(_("More in the whole plan: {n}")),
        "call_words": say(_("Who to call")),
        "calls": [
            call | {"text": [_cut(piece, SHORT) for piece in call["text"]]} for call in call_rows(say, plan, CALLS)
        ],
    }


def _rows(say: Say, plan: Plan) -> list[dict]:
    """Goals with their open steps. First every goal with its next step, in the family's order; then the other steps."""
    found, rank = [], []
    goals = [goal for need in plan.needs for goal in need.own_goals]
    for at, goal in enumerate(goals):
        steps = sorted((step for step in goal.own_steps if step.is_open), key=lambda step: step.due_on or dt.date.max)
        found.append({"is": "goal", "text": _short(goal.text)})
        rank.append((0, at, 0))
        for number, step in enumerate(steps):
            found.append({"is": "step", "text": _short(step.text), "facts": _who_and_when(say, step)})
            rank.append((number, at, 1))
    for order, place in enumerate(sorted(range(len(found)), key=lambda place: rank[place])):
        found[place]["order"] = order
    return found


def _who_and_when(say: Say, step) -> list[Pieces]:
    facts = [[_cut(piece, SHORT) for piece in names(step.people)]] if step.people else []
    if step.due_on:
        facts.append(say(lambda: _t("By %(when)s") % {"when": days.short_day(step.due_on)}))
    return [*facts, typed(step.due_words)] if step.due_words else facts


def _short(text: str, letters: int = SHORT, language: str = "") -> Pieces:
    return [_cut(piece, letters) for piece in typed(text, language)]


def _cut(piece: dict[str, str], letters: int) -> dict[str, str]:
    return piece | {"text": Truncator(" ".join(piece["text"].split())).chars(letters)}


def crisis(say: Say, plan: Plan) -> dict:
    """The cards: whom to call, then each part of the crisis plan that is written."""
    parts = [item for _part, item in plan.crisis if item]
    has_substance_use = any(item.section == Section.SUBSTANCE_USE for item in [*parts, *plan.calls])
    return {
        "cut": say(_("Cut out the cards and keep them with you.")),
        "notices": [
            *([say(LEFT_OUT)] if plan.is_narrowed else []),
            *([say(NEEDS_CARE)] if has_substance_use else []),
        ],
        "emergency": say(EMERGENCY),
        "call_words": say(_("Call in this order")),
        "calls": call_rows(say, plan),
        "cards": [{"title": say(item.get_part_display), "text": typed(item.text)} for item in parts],
    }
