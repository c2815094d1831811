"""Telling in plain words what was done to a part of the plan or the record, and what stood there before."""

import datetime as dt
import difflib
import re

from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from families.enums import Section
from soc_portal.versions.models import Revision, Verb
from teams.enums import Choice, HelpKind, LifeDomain, MandateSource, Part, StepStatus, TopicOutcome
from teams.forms.items import FORMS
from teams.models import Suggestion

#: Kinds that belong to the plan: by the name under which the history keeps them, the word in their address.
PLAN_KINDS = {
    "teams.words": "words",
    "teams.planpart": "part",
    "teams.call": "call",
    "families.strength": "strength",
    "teams.mandate": "mandate",
    "teams.need": "need",
    "teams.goal": "goal",
    "teams.strategy": "idea",
    "teams.rating": "rating",
    "teams.step": "step",
}

ADD = {
    "words": _("Write in your own words"),
    "strength": _("Add a strength"),
    "need": _("Add a need"),
    "goal": _("Add a goal"),
    "step": _("Add a step"),
    "topic": _("Add something to talk about"),
    "note": _("Add what we said"),
    "decision": _("Add a decision"),
    "part": _("Write this part of the plan"),
    "call": _("Add somebody to call"),
    "mandate": _("Add something that we must do"),
    "idea": _("Add an idea"),
    "rating": _("Say how far we are"),
    "what_if": _("Add a plan B"),
    "help": _("Add what would help people come"),
}
CHANGE = {
    "words": _("Change my words"),
    "strength": _("Change this strength"),
    "need": _("Change this need"),
    "goal": _("Change this goal"),
    "step": _("Change this step"),
    "topic": _("Change what we talk about"),
    "note": _("Add to this or correct it"),
    "decision": _("Change this decision"),
    "part": _("Change this part of the plan"),
    "call": _("Change who to call"),
    "mandate": _("Change what we must do"),
    "idea": _("Change this idea"),
    "rating": _("Change this number"),
    "what_if": _("Change this plan B"),
    "help": _("Change this help"),
}
SAVE = {
    "words": _("Save my words"),
    "strength": _("Save this strength"),
    "need": _("Save this need"),
    "goal": _("Save this goal"),
    "step": _("Save this step"),
    "topic": _("Save this topic"),
    "note": _("Save this note"),
    "decision": _("Save this decision"),
    "part": _("Save this part"),
    "call": _("Save who to call"),
    "mandate": _("Save what we must do"),
    "idea": _("Save this idea"),
    "rating": _("Save this number"),
    "what_if": _("Save this plan B"),
    "help": _("Save this help"),
}
SAVED = {
    "words": _("Your words are saved."),
    "strength": _("The strength is saved."),
    "need": _("The need is saved."),
    "goal": _("The goal is saved."),
    "step": _("The step is saved."),
    "topic": _("The topic is saved."),
    "note": _("The note is saved."),
    "decision": _("The decision is saved."),
    "part": _("This part of the plan is saved."),
    "call": _("Who to call is saved."),
    "mandate": _("What we must do is saved."),
    "idea": _("The idea is saved."),
    "rating": _("The number is saved."),
    "what_if": _("The plan B is saved."),
    "help": _("The help is saved."),
}
TAKE = {
    "words": _("Take away my words"),
    "strength": _("Take away this strength"),
    "need": _("Take away this need"),
    "goal": _("Take away this goal"),
    "step": _("Take away this step"),
    "topic": _("Take away this topic"),
    "note": _("Take away this note"),
    "decision": _("Take away this decision"),
    "part": _("Take away this part"),
    "call": _("Take this person off the list"),
    "mandate": _("Take away what we must do"),
    "idea": _("Take away this idea"),
    "rating": _("Take away this number"),
    "what_if": _("Take away this plan B"),
    "help": _("Take away this help"),
}
#: What somebody did, told with their name.
DONE = {
    ("words", Verb.ADDED): _("%(name)s wrote their own words"),
    ("words", Verb.CHANGED): _("%(name)s changed their own words"),
    ("words", Verb.ENDED): _("%(name)s took away their own words"),
    ("words", Verb.RESTORED): _("%(name)s brought back their own words"),
    ("strength", Verb.ADDED): _("%(name)s added a strength"),
    ("strength", Verb.CHANGED): _("%(name)s changed a strength"),
    ("strength", Verb.ENDED): _("%(name)s took away a strength"),
    ("strength", Verb.RESTORED): _("%(name)s brought back a strength"),
    ("need", Verb.ADDED): _("%(name)s added a need"),
    ("need", Verb.CHANGED): _("%(name)s changed a need"),
    ("need", Verb.ENDED): _("%(name)s took away a need"),
    ("need", Verb.RESTORED): _("%(name)s brought back a need"),
    ("goal", Verb.ADDED): _("%(name)s added a goal"),
    ("goal", Verb.CHANGED): _("%(name)s changed a goal"),
    ("goal", Verb.ENDED): _("%(name)s took away a goal"),
    ("goal", Verb.RESTORED): _("%(name)s brought back a goal"),
    ("step", Verb.ADDED): _("%(name)s added a step"),
    ("step", Verb.CHANGED): _("%(name)s changed a step"),
    ("step", Verb.ENDED): _("%(name)s took away a step"),
    ("step", Verb.RESTORED): _("%(name)s brought back a step"),
    ("topic", Verb.ADDED): _("%(name)s added something to talk about"),
    ("topic", Verb.CHANGED): _("%(name)s changed something to talk about"),
    ("topic", Verb.ENDED): _("%(name)s took away something to talk about"),
    ("topic", Verb.RESTORED): _("%(name)s brought back something to talk about"),
    ("note", Verb.ADDED): _("%(name)s added a note"),
    ("note", Verb.CHANGED): _("%(name)s changed a note"),
    ("note", Verb.ENDED): _("%(name)s took away a note"),
    ("note", Verb.RESTORED): _("%(name)s brought back a note"),
    ("decision", Verb.ADDED): _("%(name)s added a decision"),
    ("decision", Verb.CHANGED): _("%(name)s changed a decision"),
    ("decision", Verb.ENDED): _("%(name)s took away a decision"),
    ("decision", Verb.RESTORED): _("%(name)s brought back a decision"),
    ("part", Verb.ADDED): _("%(name)s added a part of the plan"),
    ("part", Verb.CHANGED): _("%(name)s changed a part of the plan"),
    ("part", Verb.ENDED): _("%(name)s took away a part of the plan"),
    ("part", Verb.RESTORED): _("%(name)s brought back a part of the plan"),
    ("call", Verb.ADDED): _("%(name)s added somebody to call"),
    ("call", Verb.CHANGED): _("%(name)s changed somebody to call"),
    ("call", Verb.ENDED): _("%(name)s took away somebody to call"),
    ("call", Verb.RESTORED): _("%(name)s brought back somebody to call"),
    ("mandate", Verb.ADDED): _("%(name)s added something that we must do"),
    ("mandate", Verb.CHANGED): _("%(name)s changed something that we must do"),
    ("mandate", Verb.ENDED): _("%(name)s took away something that we must do"),
    ("mandate", Verb.RESTORED): _("%(name)s brought back something that we must do"),
    ("idea", Verb.ADDED): _("%(name)s added an idea"),
    ("idea", Verb.CHANGED): _("%(name)s changed an idea"),
    ("idea", Verb.ENDED): _("%(name)s took away an idea"),
    ("idea", Verb.RESTORED): _("%(name)s brought back an idea"),
    ("rating", Verb.ADDED): _("%(name)s added how far we are"),
    ("rating", Verb.CHANGED): _("%(name)s changed how far we are"),
    ("rating", Verb.ENDED): _("%(name)s took away how far we are"),
    ("rating", Verb.RESTORED): _("%(name)s brought back how far we are"),
    ("what_if", Verb.ADDED): _("%(name)s added a plan B"),
    ("what_if", Verb.CHANGED): _("%(name)s changed a plan B"),
    ("what_if", Verb.ENDED): _("%(name)s took away a plan B"),
    ("what_if", Verb.RESTORED): _("%(name)s brought back a plan B"),
    ("help", Verb.ADDED): _("%(name)s added what would help"),
    ("help", Verb.CHANGED): _("%(name)s changed what would help"),
    ("help", Verb.ENDED): _("%(name)s took away what would help"),
    ("help", Verb.RESTORED): _("%(name)s brought back what would help"),
}
CHOICES = {
    "section": Section, "domain": LifeDomain, "status": StepStatus, "outcome": TopicOutcome, "source": MandateSource,
    "choice": Choice, "kind_of": HelpKind,
}  # fmt: skip
#: Other rows that an item names: what is said where it names none. Members have one set of names.
NONE_WORDS = {
    "person": _("The whole family's"), "strength": _("None yet"), "topic": _("Something beside the list"),
    "for_whom": _("For everybody"), "carrier": _("Nobody yet"),
}  # fmt: skip
NAMED_AS = {"for_whom": "who", "carrier": "who"}
DAYS = ("due_on", "done_on", "dated_on", "until", "rated_on")
#: Accepting a suggestion and saving its words are one transaction; their two moments lie no further apart than this.
ZERO, A_MOMENT = dt.timedelta(0), dt.timedelta(minutes=1)
#: Above this many pairs of words a comparison would take too long: the changed stretch is shown as a whole.
MOST_PAIRS = 1_000_000


def heading_to_add(kind: str, parent: dict):
    """What a page says on which something is added; a single part of the plan is called by its name."""
    return Part(parent["part"]).label if kind == "part" else ADD[kind]


def told(revision: Revision, kind: str) -> str:
    """ "Rosa Delgado added a step"."""
    return DONE[kind, revision.verb] % {"name": revision.by_name}


def suggested_by(revision: Revision, accepted: list[Suggestion]) -> str:
    """Who had suggested the words that this save took over, or "": it saved them as they were accepted, no later."""
    for row in accepted:
        took = revision.at - row.answered_at
        if revision.by_id == row.answered_by_id and revision.state.get("text") == row.text and ZERO <= took < A_MOMENT:
            return row.membership.name
    return ""


def label_of(kind: str, name: str):
    """The question that a field answers, as the form asks it."""
    others = {"place": _("Place in the list"), "done_on": _("Done on"), "section": _("Part of the record")}
    return others.get(name) or FORMS[kind].base_fields[name].label


def shown(name: str, value, names: dict) -> str:
    """One value of a state as people read it. `names` has the names of members and people, by ("who"|"person", id)."""
    if name == "who":
        return ", ".join(names.get(("who", pk), "?") for pk in value or [])
    if name in CHOICES:
        return str(dict(CHOICES[name].choices).get(value, value))
    if name in NONE_WORDS:
        return names.get((NAMED_AS.get(name, name), value), "?") if value else str(NONE_WORDS[name])
    if name in DAYS:
        return date_format(dt.date.fromisoformat(value), "DATE_FORMAT") if value else ""
    if isinstance(value, bool):
        return _t("Yes") if value else _t("No")
    return str(value if value is not None else "")


def compare(before: str, after: str, most: int = MOST_PAIRS) -> list[tuple[str, str]]:
    """Two texts word by word: pieces of ("same" | "gone" | "new", text) that make up both."""
    old, new = re.findall(r"\s+|\S+\s*", before), re.findall(r"\s+|\S+\s*", after)
    start = _alike(zip(old, new, strict=False))
    end = _alike(zip(reversed(old[start:]), reversed(new[start:]), strict=False))
    middle = _middle(old[start : len(old) - end], new[start : len(new) - end], most)
    pieces = [("same", old[:start]), *middle, ("same", old[len(old) - end :])]
    return [(sort, "".join(words)) for sort, words in pieces if words]


def _alike(pairs) -> int:
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _middle(old: list, new: list, most: int) -> list[tuple[str, list]]:
    if len(old) * len(new) > most:
        return [("gone", old), ("new", new)]
    pieces: list[tuple[str, list]] = []
    for sort, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        pieces += [("same", old[a:b])] if sort == "equal" else [("gone", old[a:b]), ("new", new[c:d])]
    return pieces


def changes(kind: str, before: dict, after: dict, names: dict) -> list[dict]:
    """What differs between two states, field by field: its question and the compared text."""
    rows = []
    for name, new in after.items():
        old = before.get(name)
        if old == new or (not before and (name == "place" or not new)):
            continue
        rows.append({"label": label_of(kind, name), "pieces": _pieces(name, old, new, names, first=not before)})
    return rows


def _pieces(name, old, new, names, *, first) -> list[tuple[str, str]]:
    """What people wrote is compared word by word, anything chosen from a list as a whole."""
    was, now = shown(name, old, names), shown(name, new, names)
    if first:
        return [("same", now)]
    if name in CHOICES or not isinstance(new, str) or not isinstance(old, str):
        return [(sort, text) for sort, text in (("gone", was), ("new", now)) if text]
    return compare(was, now)
