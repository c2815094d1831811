"""Everything that people wrote for one meeting, in one query however long it is.

Seven tables with the same columns: topics, notes, decisions, plan B, help to come, the strengths heard, and the goals
of the plan with how far they are. Each row is asked for through access, so a reader gets what they may read.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import BigIntegerField, Case, F, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf

from families.models import Person, Strength
from teams import access
from teams.actions.agenda import is_late
from teams.enums import OPENS_BEFORE
from teams.models import Decision, Goal, Help, Meeting, Membership, Note, Rating, Topic, WhatIf

#: A strength that is written down until so long after the end was heard at the meeting.
WRITTEN_UP = dt.timedelta(hours=3)
TOPICS, NOTES, DECISIONS, WHAT_IFS, HELPS, STRENGTHS, GOALS = range(7)
TEXTS, NUMBERS = ("t1", "t2", "t3", "t4"), ("n1", "n2", "n3", "n4")


@dataclass
class Parts:
    """What one reader may read of what was written for a meeting, each kind in its order."""

    topics: list[Topic] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    what_ifs: list[WhatIf] = field(default_factory=list)
    helps: list[Help] = field(default_factory=list)
    strengths: list[Strength] = field(default_factory=list)
    #: Goals with `last` and `last_on` (how far it was said to be, and when), and `here` (the rating of this meeting).
    goals: list[Goal] = field(default_factory=list)


def read_parts(user, meeting: Meeting) -> Parts:
    """One query. Goals only for whoever reads the plan."""
    parts, rows = Parts(), _tables(user, meeting)
    lists: list[list] = [
        parts.topics, parts.notes, parts.decisions, parts.what_ifs, parts.helps, parts.strengths, parts.goals,
    ]  # fmt: skip
    for row in rows[0].union(*rows[1:], all=True):
        lists[row[0]].append(_made(meeting, *row))
    for kind in lists:
        kind.sort(key=lambda item: (getattr(item, "place", 0), item.pk))
    said = {topic.pk: [note for note in parts.notes if note.topic_id == topic.pk] for topic in parts.topics}
    for topic in parts.topics:
        topic.said, topic.is_late = said[topic.pk], is_late(topic, meeting)
    return parts


def _tables(user, meeting: Meeting) -> list[QuerySet]:
    def of_meeting(model):
        return access.team_items(user, meeting.team, model).filter(meeting=meeting)

    heard = access.team_items(user, meeting.team, Strength).filter(
        created_at__range=(meeting.starts_at - OPENS_BEFORE, meeting.ends_at + WRITTEN_UP)
    )
    return [
        _columns(TOPICS, of_meeting(Topic), ("text", "outcome"), ()),
        _columns(NOTES, of_meeting(Note), ("text", "title"), ("topic_id",)),
        _columns(DECISIONS, of_meeting(Decision), ("text", "differing_words"), ()),
        _columns(WHAT_IFS, of_meeting(WhatIf), ("text", "then_words"), ()),
        _columns(
            HELPS, of_meeting(Help), ("text", "kind_of", "for_whom__name", "carrier__name"),
            ("for_whom_id", "carrier_id", _yes("is_arranged")),
        ),
        _columns(STRENGTHS, heard, ("text", "person__name"), ("person_id", _yes("of_team")), place=False),
        _columns(GOALS, _goals(user, meeting), ("text", "last_on"), ("last", "here_pk", "here_value", "here_version")),
    ]  # fmt: skip


def _goals(user, meeting: Meeting) -> QuerySet:
    goals = access.team_items(user, meeting.team, Goal)
    if not access.can_read_plan(user, meeting.team):
        goals = goals.filter(pk=None)
    newest = access.team_items(user, meeting.team, Rating).filter(goal=OuterRef("pk")).order_by("-rated_on", "-pk")
    here = newest.filter(meeting=meeting)
    return goals.annotate(
        last=Subquery(newest.values("value")[:1]), last_on=Subquery(newest.values("rated_on")[:1]),
        here_pk=Subquery(here.values("pk")[:1]), here_value=Subquery(here.values("value")[:1]),
        here_version=Subquery(here.values("version")[:1]),
    )  # fmt: skip


def _yes(name: str) -> Case:
    return Case(When(**{name: True}, then=Value(1)), default=Value(0))


def _columns(what: int, rows: QuerySet, texts: tuple, numbers: tuple, *, place: bool = True) -> QuerySet:
    """The same columns of every table; what a table has not is empty."""
    columns: dict[str, Any] = {"what": Value(what)}
    for name, source in (("key", "pk"), ("saves", "version"), ("at_place", "place" if place else "")):
        columns[name] = Cast(F(source) if source else Value(0), BigIntegerField())
    columns["part_of"] = Cast(F("section"), TextField())
    for name, text in zip(TEXTS, [*texts, *[""] * (len(TEXTS) - len(texts))], strict=True):
        columns[name] = Cast(F(text) if text else Value(""), TextField())
    for name, number in zip(NUMBERS, [*numbers, *[None] * (len(NUMBERS) - len(numbers))], strict=True):
        columns[name] = Cast(F(number) if isinstance(number, str) else number or Value(None), BigIntegerField())
    columns |= {
        "made_at": F("created_at"), "wrote_at": F("updated_at"),
        "made_pk": Cast(F("created_by"), BigIntegerField()), "made_name": _name_of("created_by"),
        "wrote_pk": Cast(F("updated_by"), BigIntegerField()), "wrote_name": _name_of("updated_by"),
    }  # fmt: skip
    return rows.order_by().annotate(**columns).values_list(*columns)


def _name_of(who: str) -> Cast:
    name = Coalesce(NullIf(F(f"{who}__name"), Value("")), F(f"{who}__email"))
    return Cast(name, TextField())


def _made(meeting, what, pk, version, place, section, t1, t2, t3, t4, n1, n2, n3, n4, made_at, wrote_at, made_pk,
          made_name, wrote_pk, wrote_name):  # fmt: skip
    """One row of the query as what it was."""
    user = get_user_model()
    own: dict[str, Any] = {
        "pk": pk, "version": version, "section": section, "text": t1, "created_at": made_at, "updated_at": wrote_at,
        "created_by": user(pk=made_pk, name=made_name or ""), "updated_by": user(pk=wrote_pk, name=wrote_name or ""),
    }  # fmt: skip
    if what == STRENGTHS:
        person = Person(pk=n1, name=t2) if n1 else None
        return Strength(**own, family_id=meeting.team.family_id, person=person, of_team=bool(n2))
    own |= {"team_id": meeting.team_id, "place": place}
    if what == GOALS:
        return _goal(meeting, own, t2, n1, n2, n3, n4)
    own["meeting"] = meeting
    if what == TOPICS:
        return Topic(**own, outcome=t2)
    if what == NOTES:
        return Note(**own, title=t2, topic_id=n1)
    if what == DECISIONS:
        return Decision(**own, differing_words=t2)
    if what == WHAT_IFS:
        return WhatIf(**own, then_words=t2)
    return Help(**own, kind_of=t2, for_whom=_member(n1, t3), carrier=_member(n2, t4), is_arranged=bool(n3))


def _member(pk: int | None, name: str | None) -> Membership | None:
    return Membership(pk=pk, name=name) if pk else None


def _goal(meeting: Meeting, own: dict, last_on: str | None, last: int | None, pk, value, version) -> Goal:
    goal = Goal(**own)
    goal.last, goal.last_on = last, dt.date.fromisoformat(last_on[:10]) if last_on else None
    goal.here = Rating(pk=pk, goal=goal, meeting=meeting, value=value, version=version) if pk else None
    return goal
