"""Stopping a text that names somebody, before people who are on no team read it: barriers, and the answers to them.

`names_in` asks the records of a whole county. That goes past the second wall, so it answers with places in the text
alone, says of each the same thing whether or not it stands in the records, and is counted for each person.
"""

import re
from functools import cache
from pathlib import Path

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import CharField, F, Q, Value
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from collaboratives.models import County, Organization
from families.models import Family, Household, Person
from soc_portal.access.limits import within_limit
from soc_portal.access.wall import whole_state
from soc_portal.audit.actions import record
from soc_portal.folding import HasWord, fold, words_of
from soc_portal.namecheck import (
    Findings,
    Places,
    Span,
    Word,
    is_ordinary,
    look_for_names,
    merged,
    pieces_of,
)
from soc_portal.namewords import FOLDED_TITLES, PARTICLES, ROLES
from teams.models import Membership

#: So often one person may have texts looked through in an hour: a barrier takes a few tries, guessing takes many.
CHECKS, HOUR = 30, 60 * 60
#: So many words may be compared with the records for one person in a day: a text has a handful that are not ordinary
#: (one in another language has more), a list of names to try has hundreds.
WORDS, DAY = 600, 24 * 60 * 60
#: Longer texts are no barrier; looking through them would take too long.
LONGEST = 2_000

LOOKS_LIKE: dict[str, str | Promise] = {
    "name": _("“%(piece)s” looks like a name. Say who it is another way, like “our son” or “a teacher”."),
    "email": _("“%(piece)s” looks like an e-mail or web address. Please take it out."),
    "phone": _("“%(piece)s” looks like a phone number. Please take it out."),
    "address": _("“%(piece)s” looks like an address. Please take it out."),
    "date": _("“%(piece)s” looks like a birthday. Say how old, or leave it out."),
    "number": _("“%(piece)s” looks like the number of a case or a person. Please take it out."),
}
MOST_SAID = 5


class NamesFound(ValidationError):
    """The text holds something that may point at somebody. `pieces` is the whole text, with what was found marked."""

    def __init__(self, text: str, spans: list[Span]):
        said: dict[str, None] = {}
        for span in spans:
            said[str(LOOKS_LIKE[span.kind]) % {"piece": text[span.start : span.end]}] = None
        super().__init__([ValidationError(words, code="names") for words in list(said)[:MOST_SAID]])
        self.pieces = pieces_of(text, spans)


def stop_names(text: str, *, county: County, by, **about) -> None:
    """Raise `NamesFound` for a text that names somebody. `about` says for the log where it was written.

    Call it outside of the transaction that saves: that a text was stopped is written down though nothing is saved.
    """
    if len(text) > LONGEST:
        raise ValidationError(
            _t("Please say it in fewer words: at most %(most)s letters.") % {"most": LONGEST}, code="long"
        )
    findings = look_for_names(text, _places(text, county))
    unknown = len({word.plain for word in findings.candidates})
    if not (
        within_limit(f"names:{by.pk}", most=CHECKS, seconds=HOUR)
        and within_limit(f"name-words:{by.pk}", most=WORDS, seconds=DAY, count=unknown)
    ):
        record("text_refused", by=by, **about)
        raise ValidationError(_t("You have tried this many times. Please wait, then send it again."), code="often")
    if spans := _spans(text, findings, county):
        record("text_stopped", by=by, **about)
        raise NamesFound(text, spans)


def names_in(text: str, county: County) -> list[Span]:
    """Where the text may point at somebody: by how it is written, or by the name of anybody in the county's families
    and on their teams. From left to right, none overlapping."""
    return _spans(text, look_for_names(text, _places(text, county)), county)


def _spans(text: str, findings: Findings, county: County) -> list[Span]:
    """What was found without the records, and what they add."""
    asked = {form for word in findings.candidates for form in _forms(word)}
    there = _recorded(asked, county) if asked else set()
    named = [word for word in findings.candidates if not there.isdisjoint(_forms(word))]
    return merged(text, [*findings.spans, *(Span(word.start, word.end) for word in named)])


def _forms(word: Word) -> set[str]:
    """How a name of the records may be written here: "Delgados" may be Delgado, "O'Brien" is Brien."""
    parts = {part for part in re.split(r"[’'ʼ]", word.plain) if len(part) > 1}
    return parts | {part[:-1] for part in parts if part.endswith("s") and len(part) > 3}


# --- What may be named -----------------------------------------------------------------------------------------------
@cache
def _towns() -> frozenset[str]:
    path = Path(apps.get_app_config("collaboratives").path) / "data" / "nc_towns.txt"
    lines = path.read_text("utf-8").splitlines()
    return frozenset(fold(line) for line in lines if line and not line.startswith("#"))


def _places(text: str, county: County) -> Places:
    """Counties, towns, and organizations of this county and of the whole state that share a word with the text."""
    capitals = {word for word in re.findall(r"[^\W\d_]{3,}", text) if word[0].isupper()}
    if not capitals:
        return Places()
    wanted = Q()
    for word in capitals:
        wanted |= Q(name__icontains=word)
    organizations = Organization.objects.filter(Q(counties=county) | Q(counties=None), wanted, ended_at=None)
    counties = County.objects.order_by().values_list("name", Value("county", CharField()))
    found = counties.union(organizations.order_by().values_list("name", Value("organization", CharField())))
    names = list(found)
    return Places(
        towns=_towns() | {fold(name) for name, sort in names if sort == "county"},
        organizations=frozenset(fold(name) for name, sort in names if sort == "organization"),
    )


# --- What the records hold -------------------------------------------------------------------------------------------
def _recorded(asked: set[str], county: County) -> set[str]:
    """Which of these folded words are part of a name of the county's families, homes, people, teams and accounts.

    One query, which looks at each name of the county once: a large county has some 120,000 (timed in
    `tests/test_names_in_texts.py`). Those who left are looked at too.
    """
    people = Person._base_manager.filter(family__county=county)
    members = Membership.written_by_actions.filter(team__family__county=county)
    packed = " ".join(sorted(asked))
    rows = [
        _with_word(people, "name", packed, "person"),
        _with_word(members, "name", packed, "person"),
        _with_word(members.filter(user__isnull=False).exclude(user__name=F("name")), "user__name", packed, "person"),
        _with_word(Family._base_manager.filter(county=county), "name", packed, "home"),
        _with_word(Household._base_manager.filter(family__county=county), "name", packed, "home"),
    ]
    with whole_state("a text must not name anybody in its county, whoever writes it"):
        found = list(rows[0].union(*rows[1:], all=True))
    there: set[str] = set()
    for name, sort in found:
        there |= _words_of_name(name, sort) & asked
    return there


def _with_word(rows, column: str, packed: str, sort: str):
    wanted = HasWord(F(column), Value(packed))
    return rows.order_by().filter(wanted).values_list(column, Value(sort, CharField()))


def _words_of_name(name: str, sort: str) -> set[str]:
    """The parts of a name that are somebody's. What a family calls itself or a home has ordinary words too."""
    words = {word for word in words_of(name) if len(word) > 1}
    words -= PARTICLES | ROLES | FOLDED_TITLES
    return {word for word in words if not is_ordinary(word)} if sort == "home" else words
