"""Reading a whole plan in a fixed number of queries, however long it is: what this person may read of it, no more."""

from dataclasses import dataclass, field

from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext as _

from families.enums import Section
from families.models import Strength
from teams import access
from teams.actions.plans import content_from, hash_of
from teams.enums import AnswerKind
from teams.models import Goal, Membership, Need, PlanVersion, Step, Team, Words

ANSWER_STATES = {AnswerKind.AGREES: "done", AnswerKind.PARTLY: "doing", AnswerKind.DISAGREES: "doing"}


@dataclass
class Plan:
    """A plan as one person reads it. Needs carry `own_goals`, goals carry `own_steps`."""

    words: list[Words]
    strengths: list[Strength]
    needs: list[Need]
    goals: list[Goal]
    steps: list[Step]
    members: list[Membership]
    version: PlanVersion | None
    content: dict = field(default_factory=dict)
    is_current: bool = False

    @property
    def live_members(self) -> list[Membership]:
        return [member for member in self.members if member.stage == "live"]

    @property
    def agreeing(self) -> int:
        return sum(member.answer_kind == AnswerKind.AGREES for member in self.live_members)

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


def read_plan(user, team: Team) -> Plan:
    """Seven queries: the last version, everybody with their answer to it, words, strengths, needs, steps."""
    version = access.visible_plan_versions(user, team).select_related("agreed_by").first()
    members = _members(user, team, version)
    words = list(access.team_items(user, team, Words).filter(meeting=None).select_related("person"))
    strengths = access.team_items(user, team, Strength).select_related("person", "created_by").order_by("pk")
    needs, goals = _needs(user, team)
    steps = _steps(user, team, {member.pk: member for member in members})
    _hang(needs, goals, steps)
    plan = Plan(words, list(strengths), needs, goals, steps, members, version)
    plan.content = content_from(
        words=words, strengths=plan.strengths, needs=needs, goals=sorted(goals, key=lambda row: (row.place, row.pk)),
        steps=steps,
    )  # fmt: skip
    plan.is_current = version is not None and plan.content == access.readable_content(user, team, version.content)
    return plan


def _members(user, team, version) -> list[Membership]:
    """Everybody who is or was on the team, each with the answer to this version."""
    members = access.visible_memberships(user).filter(team=team)
    answer = FilteredRelation("answers", condition=Q(answers__plan_version=version, answers__ended_at=None))
    if version is None:
        answer = FilteredRelation("answers", condition=Q(answers__pk=None))
    rows = list(
        members.annotate(answer=answer)
        .annotate(answer_kind=F("answer__kind"), answer_words=F("answer__words"), answer_at=F("answer__at"))
        .in_order()
    )
    for row in rows:
        row.answer_state = ANSWER_STATES.get(row.answer_kind, "wait")
        row.answer_name = AnswerKind(row.answer_kind).label if row.answer_kind else _("No answer yet")
    return rows


def _needs(user, team) -> tuple[list[Need], list[Goal]]:
    """Needs in the family's order with their goals, in one query. A goal has the section of its need."""
    rows = (
        access.team_items(user, team, Need)
        .annotate(live=FilteredRelation("goals", condition=Q(goals__ended_at=None)))
        .annotate(
            goal_pk=F("live__pk"), goal_text=F("live__text"), goal_know=F("live__how_we_will_know"),
            goal_section=F("live__section"), goal_place=F("live__place"),
        )
        .order_by("place", "pk", "live__place", "live__pk")
    )  # fmt: skip
    needs: dict[int, Need] = {}
    goals = []
    for row in rows:
        need = needs.setdefault(row.pk, row)
        if row.goal_pk:
            goals.append(
                Goal(
                    pk=row.goal_pk, need=need, team_id=team.pk, text=row.goal_text, how_we_will_know=row.goal_know,
                    section=row.goal_section, place=row.goal_place,
                )
            )  # fmt: skip
    return list(needs.values()), goals


def _steps(user, team, members) -> list[Step]:
    """Steps with the people who carry them, in one query: a row for each of them."""
    rows = access.team_items(user, team, Step).filter(goal__isnull=False).annotate(member_id=F("who"))
    steps: dict[int, Step] = {}
    for row in rows.order_by("place", "pk", "who"):
        step = steps.setdefault(row.pk, row)
        if step is row:
            step.people = []
        if row.member_id:
            step.people.append(members[row.member_id])
    return list(steps.values())


def _hang(needs, goals, steps) -> None:
    by_need: dict[int, list[Goal]] = {}
    by_goal: dict[int, list[Step]] = {}
    for goal in goals:
        by_need.setdefault(goal.need_id, []).append(goal)
    for step in steps:
        by_goal.setdefault(step.goal_id, []).append(step)
    for need in needs:
        need.own_goals = by_need.get(need.pk, [])
    for goal in goals:
        goal.own_steps = by_goal.get(goal.pk, [])
        goal.steps_done = sum(step.status == "done" for step in goal.own_steps)
        goal.steps_wanted = sum(step.status != "stopped" for step in goal.own_steps)
