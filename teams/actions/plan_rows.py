"""Reading a whole plan in a fixed number of queries, however long it is.

Two read it: a page, what one person may see of it, and agreeing, all of it. Both give `read_rows` the live rows of each
kind that they may see, so that the content which a page shows and the one which is frozen can't differ in their form.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, FilteredRelation, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from collaboratives.enums import OrganizationKind
from collaboratives.models import PlanElement
from families.enums import Section
from families.models import Person, Strength
from teams import access
from teams.enums import SuggestionState
from teams.models import (
    Call,
    Comment,
    Cover,
    Goal,
    Mandate,
    Membership,
    Need,
    PlanPart,
    Rating,
    Step,
    Strategy,
    Suggestion,
    Team,
    Words,
)

#: Gives the live rows of one kind of this team that the reader may see.
Rows = Callable[[Any], QuerySet]


@dataclass
class PlanRows:
    """Every row of a plan, each kind in its own order."""

    words: list[Words] = field(default_factory=list)
    parts: list[PlanPart] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    strengths: list[Strength] = field(default_factory=list)
    mandates: list[Mandate] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    strategies: list[Strategy] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    #: By kind and number of an item: how many comments, and how many suggestions that wait for an answer.
    comments: dict[tuple[str, int], int] = field(default_factory=dict)
    suggestions: dict[tuple[str, int], int] = field(default_factory=dict)

    #: What the agencies on the team need in their own plans today, and which parts of this one answer it.
    elements: list[PlanElement] = field(default_factory=list)
    covers: list[Cover] = field(default_factory=list)

    @property
    def items(self) -> list:
        """Every part that people write, and may talk about."""
        return [
            *self.words, *self.parts, *self.calls, *self.strengths, *self.mandates, *self.needs, *self.goals,
            *self.strategies, *self.ratings, *self.steps,
        ]  # fmt: skip


def read_rows(team: Team, rows: Rows, members: dict[int, Membership]) -> PlanRows:
    """Four queries: strengths, needs with goals, steps, and everything else. `members`: everybody ever on it."""
    plan = PlanRows(strengths=list(rows(Strength).select_related("person", "created_by").order_by("pk")))
    plan.needs, plan.goals = _needs(rows(Need), team)
    plan.steps = _steps(rows(Step), members)
    _read_others(plan, team, rows)
    return plan


def _needs(needs: QuerySet, team: Team) -> tuple[list[Need], list[Goal]]:
    """Needs in the family's order with their goals, in one query. A goal has the section of its need."""
    rows = (
        needs.annotate(live=FilteredRelation("goals", condition=Q(goals__ended_at=None)))
        .annotate(
            goal_pk=F("live__pk"), goal_text=F("live__text"), goal_know=F("live__how_we_will_know"),
            goal_section=F("live__section"), goal_place=F("live__place"), goal_version=F("live__version"),
        )
        .order_by("place", "pk", "live__place", "live__pk")
    )  # fmt: skip
    found: dict[int, Need] = {}
    goals = []
    for row in rows:
        need = found.setdefault(row.pk, row)
        if row.goal_pk:
            goals.append(
                Goal(
                    pk=row.goal_pk, need=need, team_id=team.pk, text=row.goal_text, how_we_will_know=row.goal_know,
                    section=row.goal_section, place=row.goal_place, version=row.goal_version,
                )
            )  # fmt: skip
    return list(found.values()), sorted(goals, key=lambda goal: (goal.place, goal.pk))


def _steps(steps: QuerySet, members: dict[int, Membership]) -> list[Step]:
    """Steps with the people who carry them, in one query: a row for each of them."""
    rows = steps.filter(goal__isnull=False).annotate(member_id=F("who"))
    found: dict[int, Step] = {}
    for row in rows.order_by("place", "pk", "who"):
        step = found.setdefault(row.pk, row)
        if step is row:
            step.people = []
        if row.member_id:
            step.people.append(members[row.member_id])
    return list(found.values())


# --- Everything else: one query over ten tables -----------------------------------------------------------------------
WORDS, PARTS, CALLS, MANDATES, STRATEGIES, RATINGS, COMMENTS, SUGGESTIONS, ELEMENTS, COVERS = range(10)
TEXTS, NUMBERS = ("t1", "t2", "t3", "t4", "t5"), ("n1", "n2", "n3")


def _columns(what: int, rows: QuerySet, *, pk="pk", version="version", place="place", section="section", texts=(),
             numbers=()) -> QuerySet:  # fmt: skip
    """The same columns of every table; what a table has not is empty."""
    columns: dict[str, Any] = {"what": Value(what)}
    for name, source in (("row_pk", pk), ("saves", version), ("at_place", place)):
        columns[name] = Cast(F(source) if source else Value(0), BigIntegerField())
    columns["part_of"] = Cast(F(section) if section else Value(""), TextField())
    for name, source in zip(TEXTS, [*texts, *[None] * (len(TEXTS) - len(texts))], strict=True):
        columns[name] = Cast(F(source) if source else Value(""), TextField())
    for name, source in zip(NUMBERS, [*numbers, *[None] * (len(NUMBERS) - len(numbers))], strict=True):
        columns[name] = Cast(F(source) if source else Value(None), BigIntegerField())
    return rows.order_by().annotate(**columns).values_list(*columns)


def _counted(what: int, rows: QuerySet) -> QuerySet:
    counted = rows.order_by().values("item_kind", "item_id").annotate(many=Count("pk"))
    return _columns(
        what, counted, pk="item_id", version="", place="", section="", texts=("item_kind",), numbers=("many",)
    )


def _read_others(plan: PlanRows, team: Team, rows: Rows) -> None:
    tables = [
        _columns(
            WORDS, rows(Words).filter(meeting=None), texts=("text", "language", "person__name", "person__relationship"),
            numbers=("person_id",),
        ),
        _columns(PARTS, rows(PlanPart), texts=("part", "text")),
        _columns(CALLS, rows(Call), texts=("text", "phone", "when_words")),
        _columns(MANDATES, rows(Mandate), texts=("text", "source", "source_words", "dated_on", "until")),
        _columns(
            STRATEGIES, rows(Strategy), texts=("text", "choice", "friends_part"), numbers=("goal_id", "strength_id")
        ),
        _columns(RATINGS, rows(Rating), texts=("text", "rated_on"), numbers=("goal_id", "value", "meeting_id")),
        _counted(COMMENTS, Comment.objects.filter(team=team, ended_at=None)),
        _counted(SUGGESTIONS, Suggestion.objects.filter(team=team, state=SuggestionState.OPEN)),
        _columns(
            ELEMENTS, access.team_elements(team), version="", section="",
            texts=("key", "text", "text_es", "source", "organization_kind"),
        ),
        _columns(
            COVERS, Cover.objects.filter(team=team, ended_at=None), version="", place="element__place", section="",
            texts=("item_kind", "element__key", "element__text", "element__text_es", "element__organization_kind"),
            numbers=("item_id", "mandate_id", "element_id"),
        ),
    ]  # fmt: skip
    for row in tables[0].union(*tables[1:], all=True):
        _sort_in(plan, team, *row)
    for kind in (plan.words, plan.parts, plan.calls, plan.mandates, plan.strategies):
        kind.sort(key=lambda item: (item.place, item.pk))
    plan.ratings.sort(key=lambda rating: (rating.rated_on, rating.pk))
    kinds = list(OrganizationKind)
    plan.elements.sort(key=lambda row: (kinds.index(OrganizationKind(row.organization_kind)), row.place, row.pk))
    shown = {(item.kind, item.pk) for item in plan.items}
    plan.covers = [cover for cover in plan.covers if _both_are_in(cover, shown)]
    plan.covers.sort(key=lambda cover: (cover.mandate_id or 0, cover.element_key, cover.item_kind, cover.item_id))


def _both_are_in(cover: Cover, shown: set[tuple[str, int]]) -> bool:
    """Whether its reader reads the part that answers, and also what it answers."""
    asked = ("teams.mandate", cover.mandate_id)
    return (cover.item_kind, cover.item_id) in shown and (cover.mandate_id is None or asked in shown)


def _sort_in(plan: PlanRows, team: Team, what, pk, version, place, section, t1, t2, t3, t4, t5, n1, n2, n3) -> None:
    """Put one row of the query where it belongs."""
    own: dict[str, Any] = {"pk": pk, "team_id": team.pk, "version": version, "place": place, "section": section}
    if what == WORDS:
        person = Person(pk=n1, family_id=team.family_id, name=t3, relationship=t4)
        plan.words.append(Words(**own, text=t1, language=t2, person=person))
    elif what == PARTS:
        plan.parts.append(PlanPart(**own, part=t1, text=t2))
    elif what == CALLS:
        plan.calls.append(Call(**own, text=t1, phone=t2, when_words=t3))
    elif what == MANDATES:
        dates = {"dated_on": _day(t4), "until": _day(t5)}
        plan.mandates.append(Mandate(**own, text=t1, source=t2, source_words=t3, **dates))
    elif what == STRATEGIES:
        plan.strategies.append(Strategy(**own, text=t1, choice=t2, friends_part=t3, goal_id=n1, strength_id=n2))
    elif what == RATINGS:
        rated_on = dt.date.fromisoformat(t2)
        plan.ratings.append(Rating(**own, text=t1, rated_on=rated_on, goal_id=n1, value=n2, meeting_id=n3))
    elif what == ELEMENTS:
        plan.elements.append(
            PlanElement(pk=pk, place=place, key=t1, text=t2, text_es=t3, source=t4, organization_kind=t5)
        )
    elif what == COVERS:
        element = PlanElement(pk=n3, key=t2, text=t3, text_es=t4, organization_kind=t5) if n3 else None
        plan.covers.append(Cover(pk=pk, team_id=team.pk, item_kind=t1, item_id=n1, mandate_id=n2, element=element))
    else:
        (plan.comments if what == COMMENTS else plan.suggestions)[t1, pk] = n1


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


# --- Whether anything changed ---------------------------------------------------------------------------------------
#: Every kind of part of a plan, as `PlanRows.items` has them.
KINDS = (Words, PlanPart, Call, Strength, Mandate, Need, Goal, Strategy, Rating, Step)
#: In the place of an item's place: how many comments this is, or how many suggestions that wait for an answer.
COMMENTED, SUGGESTED = -1, -2


def facts_of(plan: PlanRows) -> set[tuple]:
    """What changes whenever something in these rows changes: (kind, number, version, place), and how much is said."""
    facts = {(item.kind, item.pk, item.version, getattr(item, "place", 0)) for item in plan.items}
    there = {(item.kind, item.pk) for item in plan.items}
    said = {(*key, many, COMMENTED) for key, many in plan.comments.items() if key in there}
    return facts | said | {(*key, many, SUGGESTED) for key, many in plan.suggestions.items() if key in there}


def read_facts(team: Team, rows: Rows, versions: QuerySet, answers: QuerySet) -> set[tuple]:
    """The same as `facts_of`, in one query and without the words; with the versions asked about and their answers."""
    asked: dict[Any, dict[str, Any]] = {Words: {"meeting": None}, Step: {"goal__isnull": False}}
    tables = [
        _facts(Value(model._meta.label_lower), rows(model).filter(**asked.get(model, {})), "pk", "version",
               Value(0) if model is Strength else F("place"))
        for model in KINDS
    ]  # fmt: skip
    for place, talk in (
        (COMMENTED, Comment.objects.filter(team=team, ended_at=None)),
        (SUGGESTED, Suggestion.objects.filter(team=team, state=SuggestionState.OPEN)),
    ):
        counted = talk.order_by().values("item_kind", "item_id").annotate(many=Count("pk"))
        tables.append(_facts(F("item_kind"), counted, "item_id", "many", Value(place)))
    is_agreed = Case(When(agreed_at=None, then=0), default=1)
    is_settled = Case(When(settled_at=None, then=0), default=1)
    tables.append(_facts(Value("version"), versions.annotate(is_so=is_agreed), "number", "is_so", Value(0)))
    tables.append(_facts(Value("answer"), answers.annotate(is_so=is_settled), "pk", "is_so", F("plan_version__number")))
    return _asked_about(set(tables[0].union(*tables[1:], all=True)))


def _facts(what, rows: QuerySet, key: str, saves: str, place) -> QuerySet:
    columns: dict[str, Any] = {"what": Cast(what, TextField())}
    for name, source in (("key", F(key)), ("saves", F(saves)), ("at_place", place)):
        columns[name] = Cast(source, BigIntegerField())
    return rows.order_by().annotate(**columns).values_list(*columns)


def _asked_about(facts: set[tuple]) -> set[tuple]:
    """Without what is said about parts that are not there, and with the last version and the one that waits alone."""
    there = {(what, key) for what, key, _saves, place in facts if place >= 0}
    versions = {fact for fact in facts if fact[0] == "version"}
    newest = (max((fact for fact in versions if fact[2] == state), default=None) for state in (0, 1))
    last = {fact for fact in newest if fact is not None}
    number = min(last, key=lambda fact: fact[2])[1] if last else None  # the one that waits, else the agreed one
    answers = {("answer", key, saves, 0) for what, key, saves, at in facts if what == "answer" and at == number}
    plan = {fact for fact in facts if fact[0] not in ("version", "answer") and fact[:2] in there}
    return plan | last | answers


# --- What is frozen --------------------------------------------------------------------------------------------------
def content_from(team: Team, plan: PlanRows) -> dict[str, list[dict]]:
    """A plan as plain values, every part with its section: what a version freezes. No query; reads `team.family`."""
    section_of = {(item.kind, item.pk): item.section for item in plan.items}
    covers = [_frozen_cover(cover, section_of) for cover in plan.covers]
    return ({"covers": covers} if covers else {}) | {
        "about": [
            {
                "phase": team.phase, "review_on": team.review_on.isoformat() if team.review_on else None,
                "matters": team.family.what_matters, "section": Section.PLAN.value,
            }
        ],
        "words": [
            {"id": row.pk, "name": row.person.name, "text": row.text, "language": row.language, "section": row.section}
            for row in plan.words
        ],
        "parts": [
            {"id": row.pk, "part": row.part, "text": row.text, "section": row.section}
            for row in sorted(plan.parts, key=lambda row: row.part)
        ],
        "calls": [
            {"id": row.pk, "text": row.text, "phone": row.phone, "when": row.when_words, "section": row.section}
            for row in plan.calls
        ],
        "strengths": [
            {
                "id": row.pk, "about": row.person.name if row.person else "", "of_team": row.of_team, "text": row.text,
                "section": row.section,
            }
            for row in plan.strengths
        ],
        "mandates": [
            {
                "id": row.pk, "text": row.text, "source": row.source, "source_words": row.source_words,
                "dated_on": _iso(row.dated_on), "until": _iso(row.until), "section": row.section,
            }
            for row in plan.mandates
        ],
        "needs": [
            {"id": row.pk, "text": row.text, "domain": row.domain, "section": row.section} for row in plan.needs
        ],
        "goals": [
            {"id": row.pk, "need": row.need_id, "text": row.text, "know": row.how_we_will_know, "section": row.section}
            for row in plan.goals
        ],
        "strategies": [
            {
                "id": row.pk, "goal": row.goal_id, "text": row.text, "choice": row.choice,
                "strength": row.strength_id if ("families.strength", row.strength_id) in section_of else None,
                "friends": row.friends_part, "section": row.section,
            }
            for row in plan.strategies
        ],
        "ratings": [
            {
                "id": row.pk, "goal": row.goal_id, "value": row.value, "text": row.text, "on": _iso(row.rated_on),
                "section": row.section,
            }
            for row in plan.ratings
        ],
        "steps": [
            {
                "id": row.pk, "goal": row.goal_id, "text": row.text, "who": [member.name for member in row.people],
                "due_on": _iso(row.due_on), "due_words": row.due_words, "status": row.status, "why": row.why,
                "section": row.section,
            }
            for row in plan.steps
        ],
    }  # fmt: skip


def _frozen_cover(cover: Cover, section_of: dict[tuple[str, int], str]) -> dict:
    """What answers what, with both sections; the element as it was worded when it was ticked."""
    element = cover.element
    asked = section_of["teams.mandate", cover.mandate_id] if cover.mandate_id else Section.PLAN.value
    return {
        "kind": cover.item_kind, "item": cover.item_id, "mandate": cover.mandate_id, "element": cover.element_key,
        "of": element.organization_kind if element else "", "text": element.text if element else "",
        "text_es": element.text_es if element else "",
        "section": section_of[cover.item_kind, cover.item_id], "other_section": asked,
    }  # fmt: skip


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
