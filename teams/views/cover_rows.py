"""What covers what an agency asks for, in words: to tick, and as it was frozen."""

from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from collaboratives.enums import OrganizationKind
from teams.enums import CRISIS_PARTS, TRANSITION_PARTS, MandateSource
from teams.models import PlanPart
from teams.views.plan_reading import Plan

LONGEST_LABEL = 90
#: Where a version keeps each kind of part.
FROZEN_IN = {
    "teams.words": "words", "families.strength": "strengths", "teams.need": "needs", "teams.goal": "goals",
    "teams.strategy": "strategies", "teams.step": "steps", "teams.planpart": "parts", "teams.call": "calls",
    "teams.mandate": "mandates",
}  # fmt: skip


def key_of(item) -> str:
    """A part of the plan as a form names it: `need-12`."""
    return f"{item.word}-{item.pk}"


def parts_to_tick(plan: Plan, *, mandates: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every part of the plan in groups, in the order of the plan's page, each with its words."""
    crisis = [item for _part, item in plan.crisis if item]
    transition = [item for _part, item in plan.transition if item]
    groups = [
        (_("Our vision, in our words"), plan.words),
        (_("What we are here for"), [plan.mission] if plan.mission else []),
        (_("What we are good at"), plan.strengths),
        (_("What we must do"), plan.mandates if mandates else []),
        (_("What we need"), plan.needs),
        (_("Our goals"), plan.goals),
        (_("Our ideas"), plan.strategies),
        (_("Our steps"), plan.steps),
        (_("If there is a crisis"), [*crisis, *plan.calls]),
        (_("When we no longer need a team"), transition),
    ]
    return [(name, [(key_of(item), _label(item)) for item in items]) for name, items in groups if items]


def _label(item) -> str:
    text = Truncator(item.text).chars(LONGEST_LABEL)
    named = isinstance(item, PlanPart) and item.part in (*CRISIS_PARTS, *TRANSITION_PARTS)
    return f"{item.get_part_display()}: {text}" if named else text


def frozen_covers(content: dict) -> list[dict]:
    """What a version says of agencies and mandates: who asks, what, and the parts that cover it, in words."""
    texts = {(kind, row.get("id")): row["text"] for kind, part in FROZEN_IN.items() for row in content.get(part, ())}
    mandates = {row["id"]: row for row in content.get("mandates", ())}
    found: dict = {}
    for row in content.get("covers", ()):
        asked = found.setdefault(row["mandate"] or row["element"], _asked(row, mandates))
        asked["parts"].append(texts[row["kind"], row["item"]])
    return list(found.values())


def _asked(row: dict, mandates: dict) -> dict:
    if row["mandate"]:
        mandate = mandates[row["mandate"]]
        return {"agency": dict(MandateSource.choices).get(mandate["source"], ""), "text": mandate["text"], "parts": []}
    spanish = (get_language() or "").startswith("es")
    agency = dict(OrganizationKind.choices).get(row["of"], "")
    return {"agency": agency, "text": row["text_es" if spanish else "text"], "parts": []}
