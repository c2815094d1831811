"""What the record of a meeting holds, as plain values: what people read before they approve it, and what is frozen.

Three queries, however long the record is: guests, steps with who does them, and everything else.
"""

import datetime as dt
from typing import Any

from django.db.models import BigIntegerField, Case, F, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from teams.enums import Attendance
from teams.models import Decision, Guest, Help, Meeting, Note, Rating, Step, Topic, WhatIf, Words

#: Where each kind of part stands in the content, with what is kept of it beside its number and its section. What a step
#: became stays out: it goes on living in the plan.
PARTS: dict[str, tuple[type, dict[str, Any]]] = {
    "words": (Words, {"name": "person__name", "text": "text", "language": "language"}),
    "topics": (Topic, {"text": "text", "outcome": "outcome"}),
    "notes": (Note, {"title": "title", "text": "text"}),
    "decisions": (Decision, {"text": "text", "differing": "differing_words"}),
    "whatifs": (WhatIf, {"text": "text", "then": "then_words"}),
    "helps": (
        Help,
        {
            "kind": "kind_of", "text": "text", "for": "for_whom__name", "carrier": "carrier__name",
            "arranged": Case(When(is_arranged=True, then=Value("yes")), default=Value("")),
        },
    ),
    "ratings": (Rating, {"goal": "goal__text", "value": "value", "text": "text"}),
}  # fmt: skip
TEXTS = ("t1", "t2", "t3", "t4", "t5")


def content_of_meeting(meeting: Meeting) -> dict[str, list[dict]]:
    """The record as it stands, every part with its section. Three queries."""
    content: dict[str, list[dict]] = {
        "about": [
            {
                "purpose": meeting.purpose, "place": meeting.place_words, "starts_at": _moment(meeting.starts_at),
                "ends_at": _moment(meeting.ends_at), "section": str(meeting.section),
            }
        ],
        "guests": _guests(meeting),
    }  # fmt: skip
    return content | _parts(meeting) | {"steps": _steps(meeting)}


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()


def _guests(meeting: Meeting) -> list[dict]:
    """Everybody who was expected, and whether they were there. They are as open as the meeting itself."""
    guests = Guest.objects.filter(meeting=meeting).select_related("membership").order_by("pk")
    return [
        {
            "id": guest.pk, "name": guest.membership.name, "role": guest.membership.role_words,
            "attendance": guest.attendance, "section": str(meeting.section),
        }
        for guest in guests
        if guest.attendance != Attendance.UNKNOWN or _was_expected(guest, meeting)
    ]  # fmt: skip


def _was_expected(guest: Guest, meeting: Meeting) -> bool:
    ended = guest.membership.ended_at
    return ended is None or ended >= meeting.starts_at


def _parts(meeting: Meeting) -> dict[str, list[dict]]:
    tables = [_table(name, meeting) for name in PARTS]
    found: dict[str, list[tuple[int, dict]]] = {name: [] for name in PARTS}
    for name, pk, place, section, *texts in tables[0].union(*tables[1:], all=True):
        columns = dict(zip(PARTS[name][1], texts, strict=False))
        found[name].append((place, {"id": pk, **columns, "section": section}))
    return {
        name: [row for _place, row in sorted(rows, key=lambda row: (row[0], row[1]["id"]))]
        for name, rows in found.items()
    }


def _table(name: str, meeting: Meeting) -> QuerySet:
    """The live parts of one kind, in the same columns as every kind; a column that a kind has not is empty."""
    model, kept = PARTS[name]
    columns: dict[str, Any] = {
        "what": Value(name), "key": Cast(F("pk"), BigIntegerField()), "at_place": Cast(F("place"), BigIntegerField()),
        "part_of": Cast(F("section"), TextField()),
    }  # fmt: skip
    for column, source in zip(TEXTS, [*kept.values(), *[Value("")] * (len(TEXTS) - len(kept))], strict=True):
        columns[column] = Cast(F(source) if isinstance(source, str) else source, TextField())
    rows = model._default_manager.filter(meeting=meeting, ended_at=None).order_by()  # type: ignore[attr-defined]
    return rows.annotate(**columns).values_list(*columns)


def _steps(meeting: Meeting) -> list[dict]:
    """Steps with the names of who does them: a row for each of them."""
    rows = Step.objects.live().filter(meeting=meeting).annotate(who_name=F("who__name"))
    found: dict[int, dict] = {}
    for step in rows.order_by("place", "pk", "who__pk"):
        row = found.setdefault(
            step.pk,
            {
                "id": step.pk, "text": step.text, "who": [], "due_words": step.due_words,
                "due_on": step.due_on.isoformat() if step.due_on else None, "section": str(step.section),
            },
        )  # fmt: skip
        if step.who_name:
            row["who"].append(step.who_name)
    return list(found.values())
