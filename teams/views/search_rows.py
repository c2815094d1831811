"""What a search finds: one query for each group, in the rows that its reader may read, and an excerpt of each hit."""

from dataclasses import dataclass

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from families.access import visible_people, visible_strengths
from families.enums import Section
from soc_portal.access.scope import scope_of
from soc_portal.folding import Folded, hits
from teams import access
from teams.models import Decision, Goal, Need, Note, Step, Team, Topic, Words

#: How much of a group is shown; whoever wants more says more.
MOST_A_GROUP = 10
#: Letters of an excerpt before and after what was found.
BEFORE, AFTER = 60, 140
COLUMNS = ("hit_kind", "hit_pk", "hit_team", "hit_family", "hit_section", "hit_under", "hit_under_section", "hit_text",
           "hit_more", "hit_at")  # fmt: skip
KINDS = {
    "member": _("On the team"),
    "person": _("Of the family"),
    "matters": _("What matters to the family"),
    "words": _("Their own words"),
    "strength": _("Strength"),
    "need": _("Need"),
    "goal": _("Goal"),
    "step": _("Step"),
    "meeting": _("Why we meet"),
    "topic": _("To talk about"),
    "note": _("Note"),
    "decision": _("Decision"),
}


@dataclass
class Hit:
    """One thing that was found: where it is, what it is, and the words around what was looked for."""

    kind: str
    pk: int
    team_id: int
    url: str
    excerpt: SafeString
    more: str = ""
    team: Team | None = None

    @property
    def kind_words(self):
        return KINDS.get(self.kind, "")


def people(user, words: list[str]) -> list[Hit]:
    """Members of one's teams and people of their families, by name; never how to reach them."""
    members = access.visible_memberships(user).not_ended()
    on_a_team = members.filter(person__isnull=False).values("person_id")
    found = _union(
        _rows(members, "member", ("name",), words, team=F("team_id"), more=F("role_words")),
        _rows(
            visible_people(user).exclude(pk__in=on_a_team), "person", ("name",), words,
            family=F("family_id"), more=F("relationship"),
        ),
        order=("hit_text", "hit_kind", "hit_pk"),
    )  # fmt: skip
    return _hits(user, found, words)


def teams(user, words: list[str]) -> list[Hit]:
    """One's own teams, by the names of their children and families."""
    found = access.visible_teams(user).select_related("family").alias(folded=Folded("family__name"))
    children = visible_people(user).filter(teams_about=OuterRef("pk")).alias(folded=Folded("name"))
    for word in words:
        found = found.filter(Q(folded__contains=word) | Exists(children.filter(folded__contains=word)))
    return [
        Hit("team", team.pk, team.pk, reverse("teams:team_detail", args=[team.pk]), excerpt_of(team.family.name, words))
        for team in found.order_by("-opened_on", "-pk")[: MOST_A_GROUP + 1]
    ]


def plans(user, words: list[str]) -> list[Hit]:
    """The family's words, strengths, needs, goals and steps, in the sections that one may read."""
    own = {"team": F("team_id"), "section": F("section")}
    vision = access.visible_items(user, Words).filter(meeting=None)
    loose = Case(When(goal=None, then=F("meeting_id")), output_field=BigIntegerField())
    found = _union(
        _rows(access.families_with_open_plan(user), "matters", ("what_matters",), words,
              family=F("pk"), section=Value(Section.PLAN)),
        _rows(vision, "words", ("text",), words, **own),
        _rows(visible_strengths(user), "strength", ("text",), words, family=F("family_id"), section=F("section")),
        _rows(access.visible_items(user, Need), "need", ("text",), words, **own),
        _rows(access.visible_items(user, Goal), "goal", ("text", "how_we_will_know"), words, **own),
        _rows(access.visible_items(user, Step), "step", ("text", "why"), words, **own,
              under=loose, under_section=F("meeting__section")),
    )  # fmt: skip
    return _hits(user, found, words)


def records(user, words: list[str]) -> list[Hit]:
    """Meetings and their topics, notes, decisions and words, in the sections that one may read."""
    own = {"team": F("team_id"), "section": F("section"), "under": F("meeting_id")}
    said = access.visible_items(user, Words).filter(meeting__isnull=False)
    found = _union(
        _rows(access.visible_meetings(user), "meeting", ("purpose",), words, **own | {"under": F("pk")}),
        _rows(access.visible_items(user, Topic), "topic", ("text",), words, **own),
        _rows(access.visible_items(user, Note), "note", ("title", "text"), words, **own),
        _rows(access.visible_items(user, Decision), "decision", ("text", "differing_words"), words, **own),
        _rows(said, "words", ("text",), words, **own),
    )
    return _hits(user, found, words)


def _rows(rows: QuerySet, kind, fields, words, *, team=None, family=None, section=None, under=None, under_section=None,
          more=None) -> QuerySet:  # fmt: skip
    """The rows in which each of the words stands, as `COLUMNS`; the same types in each, so that they can be joined."""
    text = Concat(*_between(fields), output_field=TextField()) if len(fields) > 1 else Cast(fields[0], TextField())
    rows = rows.alias(folded=Folded(text))
    for word in words:
        rows = rows.filter(folded__contains=word)
    return rows.order_by().annotate(
        hit_kind=Value(kind, CharField()),
        hit_pk=F("pk"),
        hit_team=_number(team),
        hit_family=_number(family),
        hit_section=_text(section),
        hit_under=_number(under),
        hit_under_section=_text(under_section),
        hit_text=text,
        hit_more=_text(more),
        hit_at=Cast(F("updated_at") if kind != "member" else F("proposed_at"), DateTimeField()),
    ).values(*COLUMNS)  # fmt: skip


def _between(fields):
    """The fields with a line between them, so that no word is found across two."""
    for field in fields[:-1]:
        yield from (field, Value("\n"))
    yield fields[-1]


def _number(expression):
    return Coalesce(expression, Value(0), output_field=BigIntegerField()) if expression else Value(0, BigIntegerField())


def _text(expression):
    return Coalesce(Cast(expression, TextField()), Value(""), output_field=TextField()) if expression else Value(
        "", TextField()
    )  # fmt: skip


def _union(first: QuerySet, *others: QuerySet, order=("-hit_at", "hit_kind", "-hit_pk")) -> list[dict]:
    """The newest rows of all, one more than is shown: so that one knows whether there are more."""
    return list(first.union(*others, all=True).order_by(*order)[: MOST_A_GROUP + 1])


def _hits(user, rows: list[dict], words: list[str]) -> list[Hit]:
    rights = sorted(scope_of(user).teams.values(), key=lambda right: -right.team_id)
    found = []
    for row in rows:
        team_id = row["hit_team"] or _team_of_family(rights, row)
        url = _address(scope_of(user).teams[team_id], row)
        excerpt = excerpt_of(row["hit_text"], words)
        found.append(Hit(row["hit_kind"], row["hit_pk"], team_id, url, excerpt, row["hit_more"]))
    return found


def _team_of_family(rights, row) -> int:
    """The newest team of the family through which this person may read the row."""
    section = row["hit_section"]
    fitting = (
        right.team_id
        for right in rights
        if right.family_id == row["hit_family"] and (not section or section in right.sections)
    )
    return next(fitting)


def _address(right, row) -> str:
    """Where somebody with this right may read the row: its page and its place there."""
    kind, team = row["hit_kind"], right.team_id
    anchor = f"#{kind}-{row['hit_pk']}"
    if kind == "member":
        return reverse("teams:member_list", args=[team]) + anchor
    if kind in ("person", "matters"):
        return reverse("families:family_detail", args=[right.family_id]) + ("#matters" if kind == "matters" else anchor)
    if row["hit_under"] and (row["hit_under_section"] or row["hit_section"]) in right.sections:
        return reverse("teams:meeting_detail", args=[team, row["hit_under"]]) + (anchor if kind != "meeting" else "")
    if Section.PLAN in right.sections:
        return reverse("teams:plan_detail", args=[team]) + anchor
    return reverse("teams:item_history", args=[team, kind, row["hit_pk"]])


def excerpt_of(text: str, words: list[str]) -> SafeString:
    """The text around the first word that was found, each found word in <mark>, everything escaped."""
    found = hits(text, words)
    start = max(found[0][0] - BEFORE, 0) if found else 0
    end = min((found[0][1] if found else 0) + AFTER, len(text))
    parts, here = ["…" if start else ""], start
    for hit_start, hit_end in found:
        if hit_end > end:
            break
        parts += [
            conditional_escape(text[here:hit_start]),
            "<mark>",
            conditional_escape(text[hit_start:hit_end]),
            "</mark>",
        ]
        here = hit_end
    parts += [conditional_escape(text[here:end]), "…" if end < len(text) else ""]
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above
