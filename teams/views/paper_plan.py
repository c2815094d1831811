"""The whole plan for paper: the same as the page, in the same order, strengths first."""

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from families.enums import Section
from soc_portal import days
from teams.enums import AnswerKind, Choice
from teams.models import Goal, Mandate, Need, Team
from teams.views.paper_words import (
    LEFT_OUT,
    NEEDS_CARE,
    Pieces,
    Say,
    heading,
    quote,
    row,
    rows,
    section_of,
    signature,
    step_row,
    text,
    typed,
)
from teams.views.plan_reading import Plan

EMERGENCY = _("If somebody may get hurt, call 911. You can say: “This is a mental health crisis.”")


def plan_parts(say: Say, team: Team, plan: Plan) -> list[dict]:
    """Everything of a plan that its reader may read."""
    return [
        *([{"is": "notice", "text": say(LEFT_OUT)}] if plan.is_narrowed else []),
        *([{"is": "notice", "text": say(NEEDS_CARE)}] if plan.has_substance_use else []),
        *_beginning(say, team, plan),
        *_mandates(say, plan),
        heading(say(_("What we need, our goals, and our steps"))),
        *(part for need in plan.needs for part in _need(say, need)),
        *_agreeing(say, plan),
        *_crisis(say, plan),
        *_transition(say, plan),
    ]


def version_words(plan: Plan) -> str:
    """How the plan stands to the one that the family agreed to."""
    if plan.version is None:
        return _t("The family has not agreed to it yet.")
    number = {"number": plan.version.number}
    if plan.is_current:
        return _t("This is version %(number)s, which the family agreed to.") % number
    return _t("It has changed since the family agreed to version %(number)s.") % number


def _beginning(say: Say, team: Team, plan: Plan) -> list[dict]:
    parts = [heading(say(_("Our vision, in our words")))] if plan.words else []
    parts += [quote(words, signature(words.person)) for words in plan.words]
    if plan.mission:
        parts += [heading(say(plan.mission.get_part_display)), text(typed(plan.mission.text))]
    if team.family.what_matters:
        parts += [heading(say(_("What matters to us"))), text(typed(team.family.what_matters))]
    if plan.strengths:
        parts.append(heading(say(_("What we are good at"))))
    return parts + rows("list", [row(typed(item.text), section_of(say, item, Section.PLAN)) for item in plan.strengths])


def _mandates(say: Say, plan: Plan) -> list[dict]:
    title = [heading(say(_("What we must do")))] if plan.mandates else []
    return title + rows("list", [row(typed(item.text), _paper_of(say, item)) for item in plan.mandates])


def _paper_of(say: Say, item: Mandate) -> list[Pieces]:
    facts = [say(item.get_source_display), *section_of(say, item, Section.PLAN)]
    if item.source_words:
        facts.append(typed(item.source_words))
    if item.dated_on:
        facts.append(say(lambda: _t("of %(when)s") % {"when": days.long_day(item.dated_on)}))
    if item.until:
        facts.append(say(lambda: _t("in force until %(when)s") % {"when": days.long_day(item.until)}))
    return facts


def _need(say: Say, need: Need) -> list[dict]:
    facts = [say(need.get_domain_display), *section_of(say, need, Section.PLAN)]
    goals = [part for goal in need.own_goals for part in _goal(say, goal)]
    return [heading(typed(need.text), 3), text([], facts=facts), *goals]


def _goal(say: Say, goal: Goal) -> list[dict]:
    parts = [text(typed(goal.text), label=say(_("Our goal:")))]
    if goal.how_we_will_know:
        parts.append(text(typed(goal.how_we_will_know), label=say(_("How we will know:"))))
    for idea in goal.own_ideas:
        if idea.choice == Choice.CHOSEN:
            parts += _idea(say, idea)
    if goal.own_ratings:
        said = [say(lambda rating=rating: f"{days.short_day(rating.rated_on)}: {rating.value}/10")
                for rating in goal.own_ratings]  # fmt: skip
        parts.append(text([], label=say(_("How far we are:")), facts=said))
    return parts + rows("steps", [step_row(say, step, goal.section) for step in goal.own_steps])


def _idea(say: Say, idea) -> list[dict]:
    facts = []
    if idea.strength:
        facts.append(say(lambda: _t("Builds on: %(strength)s") % {"strength": idea.strength.text}))
    if idea.friends_part:
        facts.append(say(lambda: _t("Friends and family: %(what)s") % {"what": idea.friends_part}))
    return [text(typed(idea.text), label=say(_("How:")), facts=facts)]


def _agreeing(say: Say, plan: Plan) -> list[dict]:
    version = plan.waiting or plan.version
    if version is None:
        return []
    title = say(lambda: _t("Who agrees with version %(number)s") % {"number": version.number})
    answers = [row(signature(member), _answer(say, member)) for member in plan.live_members]
    return [heading(title), *rows("list", answers)]


def _answer(say: Say, member) -> list[Pieces]:
    facts = [say(AnswerKind(member.answer_kind).label if member.answer_kind else _("No answer yet"))]
    if member.answer_words:
        facts.append(typed(f"“{member.answer_words}”"))
    if member.answer_settled_at:
        facts.append(say(lambda: _t("Settled: %(words)s") % {"words": member.answer_settled_words}))
    return facts


def _crisis(say: Say, plan: Plan) -> list[dict]:
    parts = [{"is": "sheet"}, heading(say(_("If there is a crisis"))), text(say(EMERGENCY))]
    for part, item in plan.crisis:
        if item:
            parts += [heading(say(part.label), 3), text(typed(item.text))]
    return [*parts, heading(say(_("Call in this order")), 3), *rows("calls", call_rows(say, plan))]


def _transition(say: Say, plan: Plan) -> list[dict]:
    if not plan.has_transition_part:
        return []
    parts = [heading(say(_("When we no longer need a team")))]
    for part, item in plan.transition:
        if item:
            parts += [heading(say(part.label), 3), text(typed(item.text))]
    return parts


def call_rows(say: Say, plan: Plan, most: int | None = None) -> list[dict]:
    """Whom to call in a crisis, in order, and the lifeline for everybody at the end."""
    calls = [
        row(typed(call.text), [typed(call.when_words)] if call.when_words else [], phone=call.phone)
        for call in plan.calls[:most]
    ]
    lifeline = say(_("Call or text, day or night. Press 2 for Spanish."))
    return [*calls, row(say(_("988 Lifeline")), [lifeline], phone="988")]
