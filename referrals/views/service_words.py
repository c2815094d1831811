"""What HSDS tells of a service, in plain words: when, where, how to call, what it costs, in which languages."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext, pgettext_lazy

from families.enums import PersonLanguage
from referrals.actions.directory_words import language_code
from referrals.models import Location, Service

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: Which one of the month: 1MO is its first Monday.
WHICH = {
    "1": pgettext_lazy("which one of a month", "first"),
    "2": pgettext_lazy("which one of a month", "second"),
    "3": pgettext_lazy("which one of a month", "third"),
    "4": pgettext_lazy("which one of a month", "fourth"),
    "-1": pgettext_lazy("which one of a month", "last"),
}
MOST_COUNTIES = 3


@dataclass(frozen=True)
class Phone:
    """A phone number to read, to tap, and what it is for."""

    number: str
    link: str
    words: str = ""


@dataclass
class Place:
    """Where a service is given, when, and how to get there."""

    location: Location
    lines: list[str]
    words: str = ""
    hours: list[str] = field(default_factory=list)
    phones: list[Phone] = field(default_factory=list)
    access: list[str] = field(default_factory=list)


# --- Phones ----------------------------------------------------------------------------------------------------------
def phones_of(document: dict) -> list[Phone]:
    return [
        Phone(_number(row), tel_of(row["number"], row.get("extension")), row.get("description", ""))
        for row in document.get("phones", [])
    ]


def _number(row: dict) -> str:
    extension = row.get("extension")
    return row["number"] if extension is None else _t("%(number)s, extension %(extension)s") % {
        "number": row["number"], "extension": f"{extension:g}",
    }  # fmt: skip


def tel_of(number: str, extension=None) -> str:
    """The address that a phone dials: digits, a plus in front where there is one, a pause before the extension."""
    before, _mark, after = number.lower().partition("ext")
    plus = "+" if before.lstrip().startswith("+") else ""
    digits = "".join(letter for letter in before if letter.isdecimal())
    more = f"{extension:g}" if extension is not None else "".join(letter for letter in after if letter.isdecimal())
    return f"tel:{plus}{digits}{',' + more if more else ''}" if digits else ""


# --- When ------------------------------------------------------------------------------------------------------------
def hours_of(schedules: list[dict], today: dt.date) -> list[str]:
    """Each schedule that still holds, in a line."""
    return [words for row in schedules if _holds(row, today) and (words := _hours(row))]


def _holds(row: dict, today: dt.date) -> bool:
    ends = [row[name] for name in ("valid_to", "until") if name in row]
    return not any(end < today.isoformat() for end in ends)


def _hours(row: dict) -> str:
    days, times = _days(row), _times(row)
    known = _t("%(days)s, %(times)s") % {"days": days, "times": times} if days and times else days or times
    return _sentences([known, row.get("description", ""), row.get("notes", "")])


def _sentences(parts: list[str]) -> str:
    """Parts after each other, a stop between them; a time may end in one already (5:00 p.m.)."""
    stopped = [part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part]
    return " ".join(stopped).removesuffix(".") if len(stopped) > 1 else next(filter(None, parts), "")


def _days(row: dict) -> str:
    """The days that a rule names; "" where it names none that can be told shortly."""
    named = [day.strip().upper() for day in row.get("byday", "").split(",") if day.strip()]
    if row.get("interval", 1) != 1:
        return ""
    if row.get("freq") == "MONTHLY":
        return _join([words for day in named if (words := _day_of_month(day))])
    numbers = [DAYS.index(day) for day in named if day in DAYS]
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return _t("%(first)s to %(last)s") % {"first": WEEKDAYS[numbers[0]], "last": WEEKDAYS[numbers[-1]]}
    return _join([str(WEEKDAYS[number]) for number in numbers])


def _day_of_month(day: str) -> str:
    which, name = day[:-2], day[-2:]
    if name not in DAYS or which not in WHICH:
        return ""
    return _t("%(which)s %(day)s of the month") % {"which": WHICH[which], "day": WEEKDAYS[DAYS.index(name)]}


def _times(row: dict) -> str:
    opens, closes = (_time(row.get(name)) for name in ("opens_at", "closes_at"))
    if opens and closes:
        return _t("%(opens)s to %(closes)s") % {"opens": opens, "closes": closes}
    return _t("from %(opens)s") % {"opens": opens} if opens else ""


def _time(text: str | None) -> str:
    """The time as it is on the wall there: a zone that the source wrote with it is the place's own."""
    return date_format(dt.time.fromisoformat(text).replace(tzinfo=None), "TIME_FORMAT") if text else ""


def _join(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _t("%(some)s and %(last)s") % {"some": ", ".join(words[:-1]), "last": words[-1]}


# --- Where -----------------------------------------------------------------------------------------------------------
def places_of(service: Service, today: dt.date) -> list[Place]:
    """The places of a service; one query."""
    places = []
    for link in service.at_locations.select_related("location"):
        location = link.location
        street = ", ".join(filter(None, [location.city, f"{location.state} {location.postal_code}".strip()]))
        told = [*link.hsds.get("schedules", []), *location.hsds.get("schedules", [])]
        places.append(
            Place(
                location=location,
                lines=[line for line in (location.address, street) if line],
                words=link.hsds.get("description", ""),
                hours=hours_of(told, today),
                phones=phones_of(link.hsds) or phones_of(location.hsds),
                access=[row["description"] for row in location.hsds.get("accessibility", []) if "description" in row],
            )
        )
    return places


def area_words(service: Service, counties: list) -> str:
    """Whom a service serves: the whole state, counties by name, or the source's own words for its area."""
    if service.statewide:
        return _t("All of North Carolina")
    if counties:
        names = _join([county.name for county in counties[:MOST_COUNTIES]])
        more = len(counties) - MOST_COUNTIES
        if more <= 0:
            return names
        return ngettext("%(names)s and %(more)s more county", "%(names)s and %(more)s more counties", more) % {
            "names": ", ".join(county.name for county in counties[:MOST_COUNTIES]), "more": more,
        }  # fmt: skip
    return ", ".join(row["name"] for row in service.hsds.get("service_areas", []) if "name" in row)


# --- Cost and languages ----------------------------------------------------------------------------------------------
def costs_of(service: Service) -> list[str]:
    """What it costs, as the source tells it."""
    rows = service.hsds.get("cost_options", [])
    return [words for words in (service.fees, *map(_cost, rows)) if words]


def _cost(row: dict) -> str:
    amount = row.get("amount")
    money = "" if amount is None else f"${amount:,.2f}".removesuffix(".00")
    if amount == 0:
        money = _t("free")
    elif row.get("currency", "USD").upper() != "USD" and amount is not None:
        money = f"{amount:,.2f} {row['currency']}"
    parts = [row.get("option", ""), money]
    return _sentences([": ".join(filter(None, parts)), row.get("amount_description", "")])


def language_words(service: Service) -> list[str]:
    """The languages of a service by name, in the reader's language where the portal knows them."""
    names = dict(PersonLanguage.choices)
    told = {language_code(row): row.get("name") for row in service.hsds.get("languages", [])}
    known = [str(names[code]) if code in names else told.get(code) or code for code in service.languages]
    unknown = [row["name"] for row in service.hsds.get("languages", []) if "name" in row and not language_code(row)]
    return [*known, *unknown]
