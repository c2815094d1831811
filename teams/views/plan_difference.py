"""What differs between two states of a plan, part by part, in plain words. No query and no person: see `plan_compare`.

Both contents are as `teams.actions.plan_rows.content_from` makes them, already without what the reader may not read.
"""

from bisect import bisect_left
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from teams.enums import Part, Phase
from teams.views import telling

#: The parts of a content in the order in which people read a plan, each with the word of its kind in addresses.
KINDS = {
    "about": "", "words": "words", "parts": "part", "strengths": "strength", "mandates": "mandate", "needs": "need",
    "goals": "goal", "strategies": "idea", "ratings": "rating", "steps": "step", "calls": "call",
}  # fmt: skip
HEADINGS = {
    "about": _("Where we are"),
    "words": _("Our vision, in our words"),
    "parts": _("Mission, crisis plan and transition"),
    "strengths": _("What we are good at"),
    "mandates": _("What we must do"),
    "needs": _("What we need"),
    "goals": _("Our goals"),
    "strategies": _("Our ideas"),
    "ratings": _("How far we are"),
    "steps": _("Our steps"),
    "calls": _("Who to call in a crisis"),
}
#: What is compared of each part, in the order in which it is shown.
FIELDS = {
    "about": ("phase", "review_on", "matters"),
    "words": ("text",),
    "parts": ("text",),
    "strengths": ("text", "about"),
    "mandates": ("text", "source", "source_words", "dated_on", "until"),
    "needs": ("text", "domain"),
    "goals": ("text", "know"),
    "strategies": ("text", "choice", "strength", "friends"),
    "ratings": ("value", "text", "on"),
    "steps": ("text", "who", "due_on", "due_words", "status", "why"),
    "calls": ("text", "phone", "when"),
}
#: Fields that a frozen plan calls otherwise than the model does.
OF_MODEL = {"know": "how_we_will_know", "friends": "friends_part", "on": "rated_on", "when": "when_words"}
LABELS = {
    "phase": _("Where are we?"),
    "review_on": _("When do we look at the plan again?"),
    "matters": _("What matters to us"),
    "about": _("Whose strength is it?"),
}
#: What people write themselves: compared word by word. Everything else is chosen, and compared as a whole.
WRITTEN = ("text", "matters", "know", "friends", "why", "source_words", "due_words", "phone", "when")
#: What each part stands under, so that a reader knows which one is meant.
UNDER = {"goals": ("need", "needs"), "strategies": ("goal", "goals"), "ratings": ("goal", "goals"),
         "steps": ("goal", "goals")}  # fmt: skip
#: Parts that people put in an order of their own.
ORDERED = ("needs", "calls")
#: Pairs of words that are compared in one text; above it, the changed stretch is shown as a whole.
MOST_PAIRS = 20_000


@dataclass
class Difference:
    """One part that is in only one of the two, or is not the same in both."""

    sort: str  # "new", "gone", "changed" or "moved"
    kind: str
    item_id: int | None
    name: str = ""
    text: str = ""  # what it says, where that is the same in both
    under: str = ""
    fields: list[dict] = field(default_factory=list)
    places: tuple[int, int] | None = None
    told: list[dict] = field(default_factory=list)  # who changed it and when, where the page knows


def differences(before: dict, after: dict) -> list[tuple[str, list[Difference]]]:
    """Every part of the plan that differs, as (its heading, what differs in it), in the order in which people read.

    A kind that one of the two did not hold yet is left out: nothing can be said about it; see `not_held`.
    """
    found = ((HEADINGS[part], _rows(part, before, after)) for part in KINDS if part in before and part in after)
    return [(str(heading), rows) for heading, rows in found if rows]


def not_held(before: dict, after: dict) -> list[str]:
    """Headings of what only one of the two holds at all, since plans held less in earlier times."""
    return [str(HEADINGS[part]) for part in KINDS if (part in before) != (part in after)]


def _rows(part: str, before: dict, after: dict) -> list[Difference]:
    pairs, gone = _pairs(before[part], after[part])
    moved = _moved([(old["id"], new["id"]) for old, new in pairs if old], before[part]) if part in ORDERED else {}
    rows = [_row(part, old, new, before, after, moved) for old, new in pairs]
    return [row for row in rows if row] + [_only("gone", part, old, before) for old in gone]


def _pairs(before: list[dict], after: list[dict]) -> tuple[list[tuple[dict | None, dict]], list[dict]]:
    """Each part of the second with the same one of the first or None; and the parts that only the first has."""
    with_ids = all("id" in row for row in (*before, *after))
    old = {_key(row, with_ids): row for row in before}
    pairs = [(old.pop(_key(row, with_ids), None), row) for row in after]
    return pairs, list(old.values())


def _key(row: dict, with_ids: bool):
    """What makes two parts the same: their number; in plans from before there were any, whose they are or the text."""
    return row["id"] if with_ids else row.get("name") or row.get("part") or row.get("text")


def _row(part, old, new, before, after, moved) -> Difference | None:
    if old is None and part != "about":
        return _only("new", part, new, after)
    fields = _changed_fields(part, old or {}, new, before, after)
    places = moved.get(new.get("id"))
    if not fields and not places:
        return None
    return _named("changed" if fields else "moved", part, new, after, fields=fields, places=places)


def _only(sort: str, part: str, row: dict, content: dict) -> Difference:
    """A part that only one of the two has: all that it says."""
    shown = ((name, _shown(name, row.get(name), content)) for name in FIELDS[part])
    fields = [{"name": name, "label": _label(part, name), "pieces": [(sort, text)]} for name, text in shown if text]
    return _named(sort, part, row, content, fields=fields)


def _named(sort: str, part: str, row: dict, content: dict, **more) -> Difference:
    name = str(Part(row["part"]).label) if part == "parts" else row.get("name", "")
    text = "" if "text" in {change["name"] for change in more.get("fields", ())} else row.get("text", "")
    return Difference(sort, KINDS[part], row.get("id"), name=name, text=text, under=_under(part, row, content), **more)


def _under(part: str, row: dict, content: dict) -> str:
    column, of = UNDER.get(part, ("", ""))
    return next((parent["text"] for parent in content.get(of, ()) if parent["id"] == row[column]), "")


def _changed_fields(part, old, new, before, after) -> list[dict]:
    rows = []
    for name in FIELDS[part]:
        if old.get(name) == new.get(name):
            continue
        was, now = _shown(name, old.get(name), before), _shown(name, new.get(name), after)
        if was != now:
            rows.append({"name": name, "label": _label(part, name), "pieces": _pieces(name, was, now)})
    return rows


def _pieces(name: str, was: str, now: str) -> list[tuple[str, str]]:
    if name in WRITTEN:
        return telling.compare(was, now, most=MOST_PAIRS)
    return [(sort, text) for sort, text in (("gone", was), ("new", now)) if text]


def _shown(name: str, value, content: dict) -> str:
    """One value as people read it; of a strength that is not shown to the reader nothing is said."""
    if name == "who":
        return ", ".join(value or ())
    if name == "phase":
        return str(dict(Phase.choices).get(value, value or ""))
    if name == "strength":
        return next((row["text"] for row in content.get("strengths", ()) if row.get("id") == value and value), "")
    return telling.shown("due_on" if name == "review_on" else OF_MODEL.get(name, name), value, {})


def _label(part: str, name: str) -> str:
    return str(LABELS.get(name) or telling.label_of(KINDS[part], OF_MODEL.get(name, name)))


def _moved(same: list[tuple[int, int]], before: list[dict]) -> dict[int, tuple[int, int]]:
    """Which of the parts that both have stand in another order, as number: (place before, place after).

    Of all parts the fewest are told of: the longest run that kept its order is held to have stood still.
    """
    common = {new for _old, new in same}
    was = {pk: place for place, pk in enumerate((row["id"] for row in before if row["id"] in common), start=1)}
    order = [new for _old, new in same]
    still = _longest_run([was[pk] for pk in order])
    return {pk: (was[pk], place) for place, pk in enumerate(order, start=1) if was[pk] not in still}


def _longest_run(places: list[int]) -> set[int]:
    """The longest run of places that grow, taken from a list without changing its order."""
    ends: list[int] = []  # the smallest last place of a run of each length
    runs: list[list[int]] = []
    for place in places:
        at = bisect_left(ends, place)
        run = [*(runs[at - 1] if at else []), place]
        ends[at : at + 1], runs[at : at + 1] = [place], [run]
    return set(runs[-1]) if runs else set()
