"""What in a text may point at one person: names, by how they are written, and numbers, addresses and days.

Knows no record. Whatever is decided here alone is decided in the same way for a name that the portal holds and for one
that it does not, so nobody learns from it who is here (`docs/adr/0010-barriers.md`). What only the records can tell (a
name in lower case, or one that begins a sentence) is left as a candidate for `teams.actions.names`.
"""

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass, field

from django.utils import timezone

from soc_portal.folding import fold
from soc_portal.namewords import (
    AFTER_A_PLACE,
    BEFORE_A_MONTH,
    BEFORE_A_PLACE,
    BETWEEN_MONTHS,
    FOLDED_TITLES,
    FROM_A_MONTH,
    KNOWN_PHRASES,
    KNOWN_WORDS,
    MONTHS_AND_NAMES,
    NAME_WORDS,
    PARTICLES,
    ROLES,
    SHORT_TITLES,
    TWO_WAYS,
    ordinary_words,
)


@dataclass(frozen=True, order=True)
class Span:
    """A piece of a text, from `start` to before `end`, and what it looks like."""

    start: int
    end: int
    kind: str = "name"


@dataclass
class Word:
    """A word where it stands. `plain` is folded, without the 's of an owner."""

    text: str
    start: int
    end: int
    plain: str
    begins: bool  # a sentence, so that its capital letter says nothing
    is_name: bool = False
    is_known: bool = False

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def is_loud(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()


@dataclass(frozen=True)
class Places:
    """Names that may be written: of counties and towns, and of organizations, all folded."""

    towns: Collection[str] = frozenset()
    organizations: Collection[str] = frozenset()


@dataclass
class Findings:
    """What was found in a text, and the words that only the records can tell about."""

    spans: list[Span] = field(default_factory=list)
    candidates: list[Word] = field(default_factory=list)


# --- Words -----------------------------------------------------------------------------------------------------------
def is_ordinary(plain: str) -> bool:
    """An ordinary word, or a form of one: "buses", "waited", "closing"."""
    words = ordinary_words()
    if plain in words:
        return True
    if "'" in (straight := plain.replace("’", "'").replace("ʼ", "'")):  # "can't", but not "O'Brien"
        return all(len(part) < 3 or is_ordinary(part) for part in straight.split("'"))
    for ending, *others in (("s",), ("es",), ("ies", "y"), ("ed", "", "e"), ("d",), ("ing", "", "e"), ("ly",)):
        stem = plain.removesuffix(ending)
        if len(stem) > 2 and stem != plain and any(stem + other in words for other in others or ("",)):
            return True
    return False


LETTERS = re.compile(r"[^\W\d_]+(?:[’'ʼ][^\W\d_]+)*")
OWNER = re.compile(r"[’'ʼ]s$", re.IGNORECASE)
#: What may stand between the end of a sentence and the next one's first letter.
OPENING = " \t\"“”‘'«([{¿¡*•·–—-"
ENDING = ".!?:;\n\r…"
#: Most of a text in capitals: they say nothing about names then.
LOUD_TEXT = 0.6


def words_of(text: str) -> list[Word]:
    letters = [letter for letter in text if letter.isalpha()]
    loud = len(letters) > 20 and sum(letter.isupper() for letter in letters) > LOUD_TEXT * len(letters)
    found = []
    for match in LETTERS.finditer(text):
        before = text[: match.start()].rstrip(OPENING)
        plain = fold(OWNER.sub("", match[0]))
        begins = loud or not before or before[-1] in ENDING
        found.append(Word(match[0], match.start(), match.end(), plain, begins))
    return found


# --- Numbers, addresses, days ----------------------------------------------------------------------------------------
EMAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.\w+|[^\s@]+\s*[(\[]at[)\]]\s*\w+", re.IGNORECASE)
LINK = re.compile(r"https?://\S+|www\.\S+|(?<!\w)@\w{3,}")
PHONE = re.compile(
    r"(?<![\d,.])(?:\+?1[\s.\-]?)?(?:\(\d{3}\)|\d{3})[\s.\-/]{0,2}\d{3}[\s.\-]{0,2}\d{4}(?!\d)"
    r"|(?<![\d,.\-])\d{3}[.\-]\d{4}(?!\d)"
)
#: Five digits in a row or more; a social security number; a file number of a court such as 23 JB 104.
NUMBER = re.compile(
    r"\b\d{3}-\d{2}-\d{4}\b|\b[A-Z]{0,4}-?\d{5,}[A-Z]{0,2}\b"
    r"|\b\d{2,4}[\s-]?(?:J[ABT]|JRI|CVD|CVS|CRS|CR|SPC?|CV|IFS|E)[\s-]?\d{1,6}\b"
    r"|(?:case|file|docket|record|id|caso|expediente)\s*(?:number|no\.?|número|#|:)+\s*\w*\d+",
    re.IGNORECASE,
)
STREETS = "street|st|road|rd|lane|ln|avenue|ave|boulevard|blvd|highway|hwy|parkway|pkwy|terrace|trail"
MAYBE_STREETS = "drive|dr|court|ct|circle|cir|way|place|pl|loop|run"
ADDRESS = re.compile(
    rf"\b(?P<number>\d{{1,5}}[a-z]?)\s+(?P<street>(?:[\w.'’]+\s+){{1,3}}?)(?P<sort>{STREETS}|{MAYBE_STREETS})\b",
    re.IGNORECASE,
)
ADDRESS_ES = re.compile(r"\b(?:calle|avenida|av\.|camino|carretera)\s+(?:[^\W\d_]+\s+){1,4}#?\d+", re.IGNORECASE)
BOX = re.compile(
    r"\b(?:p\.?\s?o\.?\s?box|apartado(?: postal)?)\s*\d+|\b(?:apt|apartment|apto|lot|unit)\.?\s*#?\d+\w?\b",
    re.IGNORECASE,
)
#: Between a number and "street": then it is a distance or a time, as in "3 miles by road".
NO_STREET = frozenset(
    "by on the a an in of off from to at for and or per miles mile minutes minute hours hour days weeks months years "
    "kids people families children times blocks more one two each every pm am".split()
)
MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
)
DAY = re.compile(
    rf"\b\d{{1,2}}[/.\-]\d{{1,2}}[/.\-](?P<y1>\d{{4}}|\d{{2}})\b|\b(?P<y2>\d{{4}})-\d{{1,2}}-\d{{1,2}}\b"
    rf"|\b(?:{MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?P<y3>\d{{4}})\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+|de\s+)?(?:{MONTH})\.?,?\s+(?:de\s+|del\s+)?(?P<y4>\d{{4}})\b",
    re.IGNORECASE,
)
BORN = re.compile(
    r"\b(?:born|birthday|birthdate|date of birth|d\.?o\.?b\.?|naci[oó]|nacid[oa]|nacimiento|cumplea[ñn]os)\b"
    r"[^.\n]{0,20}?\d[\d/.\-]*",
    re.IGNORECASE,
)
#: A day of this year or the last is when something happened; an older one may be somebody's birthday.
YOUNGEST_BIRTHDAY = 2


def facts_in(text: str, today: dt.date | None = None) -> list[Span]:
    """E-mail addresses, phone numbers, streets, birthdays and long numbers in a text."""
    today = today or timezone.localdate()
    found = [Span(*match.span(), "email") for match in [*EMAIL.finditer(text), *LINK.finditer(text)]]
    found += [Span(*match.span(), "phone") for match in PHONE.finditer(text)]
    found += [Span(*match.span(), "number") for match in NUMBER.finditer(text)]
    found += [Span(*match.span(), "address") for match in ADDRESS.finditer(text) if _is_street(match)]
    found += [Span(*match.span(), "address") for match in [*ADDRESS_ES.finditer(text), *BOX.finditer(text)]]
    found += [Span(*match.span(), "date") for match in BORN.finditer(text)]
    found += [Span(*match.span(), "date") for match in DAY.finditer(text) if _is_long_ago(match, today)]
    return found


def _is_street(match: re.Match) -> bool:
    """ "12 Secret Lane", "45 oak st"; but not "3 miles by road", "4 months in court"."""
    words = match["street"].split()
    if {word.lower().strip(".") for word in words} & NO_STREET:
        return False
    is_named = any(word[0].isupper() or not is_ordinary(fold(word.strip("."))) for word in words)
    return is_named or (len(words) == 1 and match["sort"].lower() in STREETS.split("|"))


def _is_long_ago(match: re.Match, today: dt.date) -> bool:
    written = next(year for year in match.groups() if year)
    year = int(written)
    if len(written) == 2:  # 11 is 2011, 87 is 1987
        year += 2000 if year <= today.year % 100 + 1 else 1900
    return today.year - 120 < year <= today.year - YOUNGEST_BIRTHDAY


# --- Names, by how they are written -----------------------------------------------------------------------------------
INITIALS = re.compile(r"(?<![\w.])[A-Z]\.\s?[A-Z]\.(?![\w.])")
PLAIN_INITIALS = frozenset("us nc pe md er id aa na tv po pm am ok".split())
INITIAL_FIRST = re.compile(r"(?<!\w)(?![IA]\s)[A-Z]\.?[ \t]?(?=[A-ZÀ-Þ][^\W\d_])")
INITIAL_LAST = re.compile(r"[ \t]+[A-Z](?:\.|(?![\w’']))")


def look_for_names(text: str, places: Places = Places()) -> Findings:
    """Names by the way they are written, and the words that the records must be asked about."""
    words, findings = words_of(text), Findings(spans=facts_in(text))
    _mark_known(text, words, places)
    for index, word in enumerate(words):
        before = words[index - 1] if index else None
        after = words[index + 1] if index + 1 < len(words) else None
        _judge(text, word, before, after, findings)
    for match in INITIALS.finditer(text):
        if "".join(letter for letter in match[0].lower() if letter.isalpha()) not in PLAIN_INITIALS:
            findings.spans.append(Span(*match.span()))
    findings.spans += [Span(word.start, word.end) for word in words if word.is_name]
    findings.candidates = [word for word in words if not word.is_name and not word.is_known and _is_open(word)]
    return findings


def _is_open(word: Word) -> bool:
    """Whether the records must say: a word that is not ordinary, or one with a capital inside a sentence."""
    if len(word.plain) < 2 or word.plain in PARTICLES:
        return False
    if word.is_capital and not word.begins:
        return word.plain not in ROLES
    return not is_ordinary(word.plain) and word.plain not in NAME_WORDS


def _mark_known(text: str, words: list[Word], places: Places) -> None:
    """Months, languages, agencies, places and organizations may be written."""
    phrases = {tuple(fold(phrase).split()) for phrase in (*KNOWN_PHRASES, *places.organizations)}
    phrases |= {tuple(phrase.replace("&", "").split()) for phrase in (*places.organizations,)}
    phrases |= {tuple(town.replace("-", " ").split()) for town in places.towns if " " in town.replace("-", " ")}
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        bare = tuple(part for part in phrase if any(letter.isalpha() for letter in part))
        if bare:
            by_first.setdefault(bare[0], []).append(bare)
    plain = [word.plain for word in words]
    for index, word in enumerate(words):
        for phrase in by_first.get(word.plain, ()):
            if tuple(plain[index : index + len(phrase)]) == phrase and (len(phrase) > 1 or word.is_capital):
                for part in words[index : index + len(phrase)]:
                    part.is_known = True
        word.is_known = word.is_known or _is_known(text, words, index, places)


def _is_known(text: str, words: list[Word], index: int, places: Places) -> bool:
    word = words[index]
    before = words[index - 1].plain if index else ""
    after = words[index + 1].plain if index + 1 < len(words) else ""
    if word.plain in MONTHS_AND_NAMES:
        digit_after = re.match(r"[\s.,]{0,2}\d", text[word.end :])
        near = {other.plain for other in words[max(0, index - 3) : index]}
        in_row = before in BETWEEN_MONTHS and bool(near & (BEFORE_A_MONTH | FROM_A_MONTH | MONTHS_AND_NAMES))
        in_row = in_row or (before in FROM_A_MONTH and after in BETWEEN_MONTHS)
        return word.is_capital and (before in BEFORE_A_MONTH or bool(digit_after) or in_row)
    if word.plain in places.towns and word.is_capital:
        sure = before in BEFORE_A_PLACE or after in AFTER_A_PLACE or before in AFTER_A_PLACE
        and_place = before in ("and", "y", "or") and index > 1 and words[index - 2].is_known
        return word.plain not in TWO_WAYS or sure or and_place
    return word.plain in KNOWN_WORDS | SHORT_TITLES and word.is_capital


def _judge(text: str, word: Word, before: Word | None, after: Word | None, findings: Findings) -> None:
    """Decide by its capital letter and its neighbors whether a word is a name."""
    if not word.is_capital or len(word.text) < 2 or word.is_name:
        return
    gap = text[before.end : word.start] if before else "\n"
    titled = before is not None and before.plain in FOLDED_TITLES and bool(re.fullmatch(r"\.?[ \t]+", gap))
    if titled and (not is_ordinary(word.plain) or word.plain in NAME_WORDS):
        word.is_name = True
        return
    if word.is_known:
        return
    ordinary = is_ordinary(word.plain) and word.plain not in NAME_WORDS | MONTHS_AND_NAMES
    if not ordinary and _has_initial(text, word, findings):
        word.is_name = True
    elif not word.begins or titled:
        word.is_name = not ordinary and not _is_short_form(word)
    elif not ordinary and after is not None and _goes_on(text, word, after):
        word.is_name = True


def _is_short_form(word: Word) -> bool:
    """ "YMCA", "EMDR": letters for an agency or a program."""
    return word.is_loud and len(word.text) <= 4


def _goes_on(text: str, word: Word, after: Word) -> bool:
    """Whether the next word is a second part of a name: "Jordan Smith", "Garcia-Lopez", "Jordan de la Cruz"."""
    gap = text[word.end : after.start]
    if not re.fullmatch(r"[ \t]+|[ \t]?[-–][ \t]?", gap) or word.is_loud != after.is_loud or word.is_loud:
        return False
    if after.is_capital:
        return not after.is_known and (not is_ordinary(after.plain) or after.plain in NAME_WORDS)
    return after.plain in {"de", "del"} and bool(re.match(r"[ \t]+(?:la |los |las )?[A-ZÀ-Þ]", text[after.end :]))


def _has_initial(text: str, word: Word, findings: Findings) -> bool:
    """ "M. Delgado" and "Mateo D.": the letter is marked too."""
    head = text[max(0, word.start - 3) : word.start]
    first = INITIAL_FIRST.search(head + text[word.start : word.start + 2])
    if first and first.end() == len(head) and (head.rstrip().endswith(".") or not word.begins):
        findings.spans.append(Span(word.start - len(head) + first.start(), word.start))
        return True
    last = INITIAL_LAST.match(text, word.end)
    if last and last[0].strip() not in ("I", "A"):
        findings.spans.append(Span(word.end, last.end()))
        return True
    return False


# --- Putting it together ----------------------------------------------------------------------------------------------
def merged(text: str, spans: list[Span]) -> list[Span]:
    """From left to right, none overlapping; names side by side are one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        last = kept[-1] if kept else None
        if last and (span.start < last.end or _side_by_side(text, last, span)):
            kept[-1] = Span(last.start, max(last.end, span.end), last.kind)
        else:
            kept.append(span)
    return kept


def _side_by_side(text: str, one: Span, other: Span) -> bool:
    return one.kind == other.kind == "name" and bool(re.fullmatch(r"[ \t.\-–]{0,2}", text[one.end : other.start]))


def pieces_of(text: str, spans: list[Span]) -> list[tuple[str, bool]]:
    """The whole text in pieces, each with whether it is one of the spans: for a copy that shows where they are."""
    pieces, at = [], 0
    for span in spans:
        pieces += [(text[at : span.start], False), (text[span.start : span.end], True)]
        at = span.end
    pieces.append((text[at:], False))
    return [(piece, is_marked) for piece, is_marked in pieces if piece]
