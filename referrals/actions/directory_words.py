"""What the words of a source mean here: kind of help, languages, counties, days of waiting. See `referrals/data/`."""

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from collaboratives.models import County
from soc_portal.folding import fold

DATA = Path(__file__).resolve().parents[1] / "data"
FILES = ("service_categories.csv", "languages.csv", "nc_zip_codes.csv")
LONGEST_CODE = 8
STATEWIDE = {
    "north carolina", "nc", "us nc", "statewide", "state wide", "all of north carolina", "all counties",
    "all 100 counties", "all north carolina counties", "entire state", "whole state", "state of north carolina", "37",
}  # fmt: skip
SPLIT = re.compile(r"[,;/&|\n]|\band\b|\by\b")
COUNTY_MARK = re.compile(r"\b(county|counties|north carolina|n ?c)\b")
ZIP_CODE = re.compile(r"\b2[78]\d{3}\b")
OCD_COUNTY = re.compile(r"state:nc/county:([a-z_~]+)")
OCD_STATE = re.compile(r"state:nc/?$")
WAIT = re.compile(r"(?:about |around |up to |~)?(\d{1,3})(?: ?(?:-|–|to) ?(\d{1,3}))? ?(day|week|month)s?\b")
NO_WAIT = re.compile(r"(none|no wait|no waiting|immediate|immediately|same day|today|0)\b")
DAYS = {"day": 1, "week": 7, "month": 30}
MOST_DAYS = 3650

Document = dict[str, Any]


def _lines(name: str) -> list[list[str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


@cache
def tables_hash() -> str:
    """Changes when a table of `referrals/data/` does, so that loading again works everything out anew."""
    return hashlib.sha256(b"".join((DATA / name).read_bytes() for name in FILES)).hexdigest()


def plain(text: str) -> str:
    """Folded, and only letters and digits: how words are compared."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))


# --- Kind of help ----------------------------------------------------------------------------------------------------
@cache
def _categories() -> dict[str, str]:
    return {plain(words): category for category, words in _lines("service_categories.csv")}


def category_of(terms: Iterable[str]) -> str:
    """The kind of help that the first known of these terms means; "" when none is known."""
    return next(filter(None, map(_category_of_term, terms)), "")


@cache
def _category_of_term(term: str) -> str:
    words, known = plain(term), _categories()
    if words in known:
        return known[words]
    inside = [phrase for phrase in known if f" {phrase} " in f" {words} "]
    return known[max(inside, key=lambda phrase: (len(phrase), phrase))] if inside else ""


def terms_of(service: Document) -> list[Document]:
    """The taxonomy terms by which a service is described, in the order of the source."""
    return [attribute["taxonomy_term"] for attribute in service.get("attributes", []) if "taxonomy_term" in attribute]


# --- Languages -------------------------------------------------------------------------------------------------------
@cache
def _languages() -> dict[str, str]:
    known = {}
    for code, words in _lines("languages.csv"):
        known |= {plain(word): code for word in (code, *words.split(";"))}
    return known


def language_code(row: Document) -> str:
    """The portal's code of an HSDS language: by its code, else by its name; "" when nobody knows it."""
    code = row.get("code", "").lower().replace("_", "-").partition("-")[0]
    known = _languages()
    if found := known.get(plain(code)) or known.get(plain(row.get("name", ""))):
        return found
    return code if re.fullmatch(r"[a-z]{2,3}", code) else ""


def language_codes(service: Document, places: Iterable[Document]) -> list[str]:
    """The languages of a service; those of its places where the service itself tells none."""
    rows = service.get("languages") or [row for place in places for row in place.get("languages", [])]
    return sorted({code for row in rows if (code := language_code(row))})


# --- Counties --------------------------------------------------------------------------------------------------------
class Counties:
    """The counties that there are, by their names, numbers and ZIP codes."""

    def __init__(self, counties: Iterable[County]):
        rows = list(counties)
        self.by_name = {plain(county.name): county.pk for county in rows}
        self.by_name |= {county.fips: county.pk for county in rows}
        for name, codes in _lines("nc_zip_codes.csv"):
            if plain(name) in self.by_name:
                self.by_name |= dict.fromkeys(codes.split(), self.by_name[plain(name)])

    def served_by(self, service: Document, places: Iterable[Document]) -> tuple[bool, set[int]]:
        """(the whole state?, counties) of a service: its service areas, else where it is given. Both may be empty."""
        areas = [*service.get("service_areas", [])]
        areas += [area for link in service.get("service_at_locations", []) for area in link.get("service_areas", [])]
        if areas:
            return any(map(_is_statewide, areas)), {pk for area in areas for pk in self._of_area(area)}
        return False, {pk for place in places for pk in self._of_place(place)}

    def _of_area(self, area: Document) -> Iterator[int]:
        for text in _texts_of(area):
            yield from self._in_text(text)
        for name in OCD_COUNTY.findall(area.get("uri", "")):
            yield from self._known(plain(name.replace("_", " ")))

    def _in_text(self, text: str) -> Iterator[int]:
        for piece in SPLIT.split(fold(text)):
            yield from self._known(" ".join(COUNTY_MARK.sub(" ", plain(piece)).split()))
        for code in ZIP_CODE.findall(text):
            yield from self._known(code)

    def _of_place(self, place: Document) -> Iterator[int]:
        for address in place.get("addresses", []):
            told = list(self._in_text(address.get("region", "")))
            yield from told or self._known(address.get("postal_code", "")[:5])

    def _known(self, words: str) -> Iterator[int]:
        if words in self.by_name:
            yield self.by_name[words]


def _texts_of(area: Document) -> Iterator[str]:
    yield area.get("name", "")
    if not area.get("extent", "").lstrip().startswith("{"):  # a shape on a map, not words
        yield area.get("extent", "")


def _is_statewide(area: Document) -> bool:
    return any(plain(text) in STATEWIDE for text in _texts_of(area)) or bool(OCD_STATE.search(area.get("uri", "")))


# --- Waiting and places ----------------------------------------------------------------------------------------------
def days_of_waiting(text: str) -> int | None:
    """ "2 to 3 weeks" is 21 days, "no wait" is 0; None for words that name no number of days."""
    words = fold(text).strip()
    if NO_WAIT.match(words):
        return 0
    found = WAIT.match(words)
    if not found:
        return None
    least, most, unit = found.groups()
    return min(int(most or least) * DAYS[unit], MOST_DAYS)


def open_places_of(service: Document) -> int | None:
    """How many places are open by what a service tells of its capacity; None when it tells nothing."""
    capacities = service.get("capacities", [])
    return min(max(int(sum(row["available"] for row in capacities)), 0), 10_000) if capacities else None


def phone_of(*documents: Document) -> str:
    """The first phone number of the first of these documents that has one, with its extension."""
    for document in documents:
        for phone in document.get("phones", []):
            extension = phone.get("extension")
            words = phone["number"] if extension is None else f"{phone['number']} ext. {extension:g}"
            return words[:60]
    return ""
