"""A whole plan as one person reads it: what they may see of it, no more, in a fixed number of queries."""

from dataclasses import dataclass, field
from functools import partial
from itertools import groupby

from django.db.models import F, FilteredRelation, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from collaboratives.enums import OrganizationKind
from collaboratives.models import PlanElement
from families.enums import Section
from teams import access
from teams.actions.plan_rows import PlanRows, content_from, read_rows
from teams.actions.plans import hash_of
from teams.enums import CRISIS_PARTS, TRANSITION_PARTS, AnswerKind, Part
from teams.models import Goal, Membership, PlanPart, PlanVersion, Rating, Step, Strategy, Team

ANSWER_STATES = {AnswerKind.AGREES: "done", AnswerKind.PARTLY: "doing", AnswerKind.DISAGREES: "doing"}


@dataclass
class Plan(PlanRows):
    """A plan as one person reads it.

    Needs carry `own_goals`; goals `own_ideas`, `own_ratings` and `own_steps`; every item `word` (its kind in an
    address), `comment_count`, `open_suggestions` and `answers`, the words of what it covers; mandates and elements
    `own_covers`. `version` is the last agreed one, `waiting` the one that was put forward.
    """

    members: list[Membership] = field(default_factory=list)
    version: PlanVersion | None = None
    waiting: PlanVersion | None = None
    content: dict = field(default_factory=dict)
    is_current: bool = False
    #: Whether it was read without what is not in one part of the record.
    is_narrowed: bool = False

    @property
    def live_members(self) -> list[Membership]:
        return [member for member in self.members if member.stage == "live"]

    @property
    def agreeing(self) -> int:
        return sum(member.answer_kind == AnswerKind.AGREES for member in self.live_members)

    @property
    def part_of(self) -> dict[str, PlanPart]:
        """The parts of which there is one each, by their word."""
        return {row.part: row for row in self.parts}

    @property
    def mission(self) -> PlanPart | None:
        return self.part_of.get(Part.MISSION)

    @property
    def crisis(self) -> list[tuple[Part, PlanPart | None]]:
        """Every part of the crisis plan in its order, with what is written there or None."""
        return [(part, self.part_of.get(part)) for part in CRISIS_PARTS]

    @property
    def transition(self) -> list[tuple[Part, PlanPart | None]]:
        return [(part, self.part_of.get(part)) for part in TRANSITION_PARTS]

    @property
    def agencies(self) -> list[tuple[str, list[PlanElement]]]:
        """What each kind of agency needs, by the name of the agency."""
        rows = groupby(self.elements, key=lambda row: row.organization_kind)
        return [(OrganizationKind(kind).label, list(elements)) for kind, elements in rows]

    @property
    def has_crisis_part(self) -> bool:
        return any(item for _part, item in self.crisis)

    @property
    def has_transition_part(self) -> bool:
        return any(item for _part, item in self.transition)

    @property
    def has_substance_use(self) -> bool:
        """Whether anything here is under 42 CFR Part 2."""
        return any(row["section"] == Section.SUBSTANCE_USE for rows in self.content.values() for row in rows)

    @property
    def is_empty(self) -> bool:
        return not self.needs and not self.words

    @property
    def seen_hash(self) -> str:
        """The hash of what is shown; only for somebody who reads every section it is that of the whole plan."""
        return hash_of(self.content)


def read_plan(user, team: Team, *, only: str | None = None) -> Plan:
    """Six queries: versions, everybody with their answer, and the four of `read_rows`. Reads `team.family`.

    `only`: what is in this one part of the record, for a copy from which everything narrower is left out.
    """
    agreed, waiting = _versions(user, team)
    members = members_with_answers(user, team, waiting or agreed)
    rows = read_rows(team, partial(_rows, user, team, only), {member.pk: member for member in members})
    plan = Plan(**vars(rows), members=members, version=agreed, waiting=waiting, is_narrowed=only is not None)
    _hang(plan)
    plan.content = content_from(team, plan)
    if agreed is not None:
        plan.is_current = plan.content == _narrowed(access.readable_content(user, team, agreed.content), only)
    return plan


def read_parts(user, team: Team) -> Plan:
    """The parts of the plan alone, without versions and answers. Five queries."""
    members = {member.pk: member for member in access.visible_memberships(user).filter(team=team)}
    plan = Plan(**vars(read_rows(team, partial(_rows, user, team, None), members)), members=list(members.values()))
    _hang(plan)
    return plan


def _rows(user, team: Team, only: str | None, model) -> QuerySet:
    rows = access.team_items(user, team, model)
    return rows.filter(section=only) if only else rows


def _narrowed(content: dict, only: str | None) -> dict:
    if only is None:
        return content
    return {part: [row for row in rows if row.get("section", only) == only] for part, rows in content.items()}


def content_now(user, team: Team, members: list[Membership]) -> dict:
    """What this person may read of the plan as it stands, as a version would freeze it. Four queries.

    `members` is everybody who ever was on the team.
    """
    rows = partial(access.team_items, user, team)
    return content_from(team, read_rows(team, rows, {member.pk: member for member in members}))


def _versions(user, team) -> tuple[PlanVersion | None, PlanVersion | None]:
    """The last agreed version, and the one that was put forward since and waits."""
    versions = access.visible_plan_versions(user, team)
    last = versions.agreed().order_by("-number").values("number")[:1]
    wanted = versions.filter(Q(number=Subquery(last)) | Q(agreed_at=None, ended_at=None))
    found = {row.is_agreed: row for row in wanted.select_related("agreed_by", "put_forward_by").order_by("number")}
    return found.get(True), found.get(False)


def members_with_answers(user, team, version) -> list[Membership]:
    """Everybody who is or was on the team, each with the answer to this version."""
    members = access.visible_memberships(user).filter(team=team)
    answer = FilteredRelation("answers", condition=Q(answers__plan_version=version, answers__ended_at=None))
    if version is None:
        answer = FilteredRelation("answers", condition=Q(answers__pk=None))
    rows = list(
        members.annotate(answer=answer)
        .annotate(answer_kind=F("answer__kind"), answer_words=F("answer__words"), answer_at=F("answer__at"))
        .annotate(
            answer_pk=F("answer__pk"),
            answer_settled_at=F("answer__settled_at"),
            answer_settled_words=F("answer__settled_words"),
            answer_signed_on=F("answer__signed_on"),
        )
        .in_order()
    )
    for row in rows:
        row.answer_state = ANSWER_STATES.get(row.answer_kind, "wait")
        row.answer_name = AnswerKind(row.answer_kind).label if row.answer_kind else _("No answer yet")
    return rows


def _hang(plan: Plan) -> None:
    """Put every row under what it belongs to, with how much is said about it."""
    goals: dict[int, list[Goal]] = {}
    ideas: dict[int, list[Strategy]] = {}
    ratings: dict[int, list[Rating]] = {}
    steps: dict[int, list[Step]] = {}
    for goal in plan.goals:
        goals.setdefault(goal.need_id, []).append(goal)
    for idea in plan.strategies:
        ideas.setdefault(idea.goal_id, []).append(idea)
    for rating in plan.ratings:
        ratings.setdefault(rating.goal_id, []).append(rating)
    for step in plan.steps:
        steps.setdefault(step.goal_id, []).append(step)
    for need in plan.needs:
        need.own_goals = goals.get(need.pk, [])
    strengths = {row.pk: row for row in plan.strengths}
    for idea in plan.strategies:
        idea.strength = strengths.get(idea.strength_id)
    for goal in plan.goals:
        goal.own_ideas = ideas.get(goal.pk, [])
        goal.own_ratings = ratings.get(goal.pk, [])
        goal.own_steps = steps.get(goal.pk, [])
        goal.steps_done = sum(step.status == "done" for step in goal.own_steps)
        goal.steps_wanted = sum(step.status != "stopped" for step in goal.own_steps)
    for item in plan.items:
        item.comment_count = plan.comments.get((item.kind, item.pk), 0)
        item.open_suggestions = plan.suggestions.get((item.kind, item.pk), 0)
    _hang_covers(plan)


#: The word in its address of every kind of part, by the name under which the history keeps it.
WORD_OF = {model._meta.label_lower: word for word, model in access.ITEMS.items()}


def _hang_covers(plan: Plan) -> None:
    """Put what answers an agency under what it asks for, and the other way round."""
    items = {(item.kind, item.pk): item for item in plan.items}
    for item in plan.items:
        item.word, item.answers = WORD_OF[item.kind], []
    asked: dict = {mandate.pk: mandate for mandate in plan.mandates} | {row.key: row for row in plan.elements}
    for row in asked.values():
        row.own_covers = []
    for cover in plan.covers:
        row = asked.get(cover.mandate_id or cover.element_key)
        if row is not None:  # the agency may have nobody on the team any more
            item = items[cover.item_kind, cover.item_id]
            row.own_covers.append(item)
            item.answers.append(row.words if isinstance(row, PlanElement) else row.text)
