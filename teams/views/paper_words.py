"""The words of a paper in its languages, and the parts that the templates know.

Everything that stands on paper is a list of pieces `{"lang": "es", "text": "..."}`: one in a column, which has one
language; one for each language at the foot, which all columns share. What people typed stays in their words.
"""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from soc_portal import days

Pieces = list[dict[str, str]]

NEEDS_CARE = _(
    "This information is protected by federal rules (42 CFR Part 2). Do not share it again unless the person says yes "
    "in writing."
)


LEFT_OUT = _("This copy leaves out what only some people on the team may read.")


class Say:
    """Says a label in every language of the paper."""

    def __init__(self, languages: Iterable[str]):
        self.languages = tuple(languages)

    def __call__(self, words: Callable[[], object] | object) -> Pieces:
        """`words` is translated lazily, or a function that is called once in each language."""
        pieces = []
        for code in self.languages:
            with override(code):
                pieces.append({"lang": code, "text": str(words() if callable(words) else words)})
        return pieces[:1] if len({piece["text"] for piece in pieces}) == 1 else pieces

    def day(self, day) -> Pieces:
        return self(lambda: days.long_day(day))


def typed(text: str, language: str = "") -> Pieces:
    """What somebody typed, as it is; `language` is that of its words where it is known."""
    return [{"lang": language, "text": text}]


def heading(pieces: Pieces, level: int = 2) -> dict:
    return {"is": "heading", "level": level, "text": pieces}


def text(pieces: Pieces, *, label: Pieces | None = None, facts: list[Pieces] | None = None) -> dict:
    return {"is": "text", "label": label or [], "text": pieces, "facts": facts or []}


def row(pieces: Pieces, facts: list[Pieces] | None = None, **more) -> dict:
    return {"text": pieces, "facts": facts or [], **more}


def rows(kind: str, found: list[dict]) -> list[dict]:
    """A list, steps with boxes or calls; nothing where there are none."""
    return [{"is": kind, "rows": found}] if found else []


def quote(words, by: Pieces) -> dict:
    """Somebody's own words, signed."""
    return {"is": "quote", "text": typed(f"“{words.text}”", words.language), "by": by}


def signature(person) -> Pieces:
    return typed(f"{person.display_name}, {person.role_words}" if person.role_words else person.display_name)


def names(members) -> Pieces:
    return typed(", ".join(member.display_name for member in members))


def section_of(say: Say, item, usual: str) -> list[Pieces]:
    """The part of the record that an item belongs to, where it is not the usual one."""
    return [] if item.section == usual else [say(item.get_section_display)]


def step_row(say: Say, step, usual: str) -> dict:
    """A step with a box to tick: who, by when, how it is going, and why not."""
    facts = [names(step.people)] if step.people else []
    if step.due_on:
        facts.append(say(lambda: _("By %(when)s") % {"when": days.short_day(step.due_on)}))
    if step.due_words:
        facts.append(typed(step.due_words))
    facts.append(say(_("Past its date")) if step.is_late else say(step.get_status_display))
    facts += section_of(say, step, usual)
    if step.why:
        facts.append(typed(step.why))
    return row(typed(step.text), facts, done=step.status == "done")
