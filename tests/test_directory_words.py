"""What the words of other directories mean here, and how a schedule, a price or a phone is told."""

import datetime as dt

import pytest
from django.utils import translation

from collaboratives.models import County
from referrals.actions.directory_words import (
    FILES,
    Counties,
    _lines,
    category_of,
    days_of_waiting,
    language_code,
    language_codes,
    open_places_of,
    phone_of,
)
from referrals.enums import ServiceCategory
from referrals.models import Service
from referrals.views import service_words as words
from tests.world import make_county

TODAY = dt.date(2026, 11, 25)


# --- The tables ------------------------------------------------------------------------------------------------------
def test_the_table_of_kinds_names_only_ours_and_each_words_once():
    rows = _lines(FILES[0])
    assert {category for category, _words in rows} == set(ServiceCategory.values)
    assert len({text for _category, text in rows}) == len(rows)


def test_the_table_of_zip_codes_has_every_county_and_each_code_once():
    rows = _lines(FILES[2])
    codes = [code for _county, line in rows for code in line.split()]
    assert len(rows) == 100
    assert len(codes) == len(set(codes)) == 657


@pytest.mark.parametrize(
    ("terms", "category"),
    [
        (["Counseling"], "counseling"),
        (["COUNSELING  (outpatient)"], "counseling"),
        (["Mental Health Care"], "counseling"),  # not health: the longest words that stand in it
        (["Health Care"], "health"),
        (["Substance Use Counseling"], "substance_use"),
        (["Food-Pantry"], "food"),
        (["Domestic Violence Shelter"], "safety"),
        (["Rocket science", "Respite Care"], "respite"),  # the first that is known
        (["Housework"], ""),  # not "housing", not "work"
        (["Rocket science"], ""),
        ([], ""),
    ],
)
def test_kinds_of_help(terms, category):
    assert category_of(terms) == category


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"code": "es"}, "es"),
        ({"code": "SPA"}, "es"),
        ({"code": "es-MX"}, "es"),
        ({"code": "en_US"}, "en"),
        ({"name": "Español"}, "es"),
        ({"name": "American Sign Language", "code": "sgn"}, "ase"),
        ({"name": "Korean", "code": "ko"}, "ko"),
        ({"name": "Korean"}, ""),
        ({"code": "klingon-latn"}, ""),
        ({}, ""),
    ],
)
def test_languages(row, code):
    assert language_code(row) == code


def test_the_places_tell_the_languages_where_the_service_does_not():
    place = {"languages": [{"code": "vi"}, {"name": "Nobody knows"}]}
    assert language_codes({"languages": [{"code": "es"}]}, [place]) == ["es"]
    assert language_codes({}, [place, place]) == ["vi"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("14 days", 14), ("1 day", 1), ("2 weeks", 14), ("2-3 weeks", 21), ("2 to 3 weeks", 21), ("About 1 month", 30),
        ("up to 10 days", 10), ("No wait", 0), ("none", 0), ("Same day", 0), ("0 days", 0), ("10 days", 10),
        ("999 months", 3650), ("call us", None), ("", None), ("10 business days", None), ("soon", None),
    ],
)  # fmt: skip
def test_days_of_waiting(text, days):
    assert days_of_waiting(text) == days


def test_open_places_and_phones():
    assert open_places_of({}) is None
    assert open_places_of({"capacities": [{"available": 3}, {"available": 2.0}]}) == 5
    assert open_places_of({"capacities": [{"available": -1}]}) == 0
    assert open_places_of({"capacities": [{"available": 10**9}]}) == 10_000
    assert phone_of({}, {"phones": [{"number": "336-555-0101", "extension": 12.0}]}) == "336-555-0101 ext. 12"
    assert phone_of({}, {}) == ""


# --- Counties --------------------------------------------------------------------------------------------------------
@pytest.fixture
def counties(db):
    for name, fips in (("Alamance", "37001"), ("Durham", "37063"), ("New Hanover", "37129"), ("Person", "37145")):
        make_county(name, fips)
    return Counties(County.objects.all())


def area(name="", **more):
    return {"service_areas": [{"name": name, **more}]}


@pytest.mark.parametrize(
    ("service", "statewide", "names"),
    [
        (area("Alamance County"), False, ["Alamance"]),
        (area("Alamance County, NC"), False, ["Alamance"]),
        (area("alamance, Durham and New Hanover Counties"), False, ["Alamance", "Durham", "New Hanover"]),
        (area("Alamance y Durham"), False, ["Alamance", "Durham"]),
        (area("Durham & Person"), False, ["Durham", "Person"]),
        (area("37001; 37063"), False, ["Alamance", "Durham"]),
        (area("Families in 27701, 27253"), False, ["Alamance", "Durham"]),
        (area(extent="Person County", extent_type="text"), False, ["Person"]),
        (area(uri="ocd-division/country:us/state:nc/county:new_hanover"), False, ["New Hanover"]),
        (area(uri="ocd-division/country:us/state:nc"), True, []),
        (area("North Carolina"), True, []),
        (area("Statewide"), True, []),
        (area("All 100 counties"), True, []),
        (area("The Triad"), False, []),
        (area("York County, SC"), False, []),
        (area("A person of any age"), False, []),
        (area("Any place", extent='{"type": "Polygon", "name": "Durham"}'), False, []),
        ({"service_at_locations": [{"service_areas": [{"name": "Durham"}]}]}, False, ["Durham"]),
        ({}, False, []),
    ],
)
def test_service_areas(counties, service, statewide, names):
    whole, served = counties.served_by(service, [])
    assert (whole, sorted(County.objects.filter(pk__in=served).values_list("name", flat=True))) == (statewide, names)


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ({"region": "Durham County", "postal_code": "27253"}, ["Durham"]),
        ({"region": "Piedmont", "postal_code": "27253-1234"}, ["Alamance"]),
        ({"postal_code": "29401"}, []),
    ],
)
def test_without_an_area_a_service_serves_where_it_is(counties, address, names):
    place = {"addresses": [address]}
    whole, served = counties.served_by({}, [place])
    assert (whole, list(County.objects.filter(pk__in=served).values_list("name", flat=True))) == (False, names)
    assert counties.served_by(area("The Triad"), [place]) == (False, set())  # an area that is told is believed


# --- For people ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("row", "english", "spanish"),
    [
        ({"freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00:00"},
         "Monday to Friday, 9:00 am to 5:00 pm", "lunes a viernes, 9:00 a.m. a 5:00 p.m."),
        ({"freq": "WEEKLY", "byday": "TU,TH", "opens_at": "17:00-05:00", "closes_at": "20:00-05:00"},
         "Tuesday and Thursday, 5:00 pm to 8:00 pm", "martes y jueves, 5:00 p.m. a 8:00 p.m."),
        ({"freq": "WEEKLY", "byday": "SA", "opens_at": "08:30"},
         "Saturday, from 8:30 am", "sábado, desde 8:30 a.m."),
        ({"freq": "MONTHLY", "byday": "1MO,-1FR,XX"},
         "first Monday of the month and last Friday of the month", "primer lunes del mes y último viernes del mes"),
        ({"freq": "WEEKLY", "interval": 2, "byday": "MO", "description": "Every other Monday"},
         "Every other Monday", "Every other Monday"),
        ({"byday": "MO,WE,FR"}, "Monday, Wednesday and Friday", "lunes, miércoles y viernes"),
        ({"opens_at": "09:00", "closes_at": "17:00", "notes": "Closed on holidays"},
         "9:00 am to 5:00 pm. Closed on holidays", "9:00 a.m. a 5:00 p.m. Closed on holidays"),
    ],
)  # fmt: skip
def test_hours(row, english, spanish):
    with translation.override("en"):
        assert words.hours_of([row], TODAY) == [english]
    with translation.override("es"):
        assert words.hours_of([row], TODAY) == [spanish]


def test_hours_that_are_over_or_say_nothing_are_left_out():
    assert words.hours_of([{"byday": "MO", "valid_to": "2026-11-24"}, {"freq": "WEEKLY"}], TODAY) == []
    assert words.hours_of([{"byday": "MO", "until": "2026-11-25"}], TODAY) == ["Monday"]


@pytest.mark.parametrize(
    ("number", "extension", "link"),
    [
        ("336-555-0142", None, "tel:3365550142"),
        ("+1 (336) 555-0142", 12, "tel:+13365550142,12"),
        ("336.555.0142 ext. 9", None, "tel:3365550142,9"),
        ("ask the nurse", None, ""),
    ],
)
def test_phone_links(number, extension, link):
    assert words.tel_of(number, extension) == link


def test_costs():
    service = Service(fees="By income", hsds={"cost_options": [
        {"option": "A first talk", "amount": 0, "currency": "USD"},
        {"option": "A visit", "amount": 1250.5},
        {"amount": 20, "currency": "usd", "amount_description": "a family"},
        {"amount": 20, "currency": "EUR"},
        {"id": "nothing"},
    ]})  # fmt: skip
    assert words.costs_of(service) == [
        "By income", "A first talk: free", "A visit: $1,250.50", "$20. a family", "20.00 EUR",
    ]  # fmt: skip


def test_language_names():
    service = Service(languages=["es", "ko", "tl"], hsds={"languages": [
        {"code": "es", "name": "Spanish"}, {"code": "ko", "name": "Korean"}, {"name": "Cherokee"}, {"code": "tl"},
    ]})  # fmt: skip
    with translation.override("es"):
        assert words.language_words(service) == ["Español", "Korean", "tl", "Cherokee"]


def test_area_words():
    many = [County(name=name) for name in ("Alamance", "Bladen", "Durham", "Orange", "Wake")]
    service = Service(hsds={"service_areas": [{"name": "The Triad"}, {"extent": "x"}]})
    assert words.area_words(service, []) == "The Triad"
    assert words.area_words(service, many[:1]) == "Alamance"
    assert words.area_words(service, many[:3]) == "Alamance, Bladen and Durham"
    assert words.area_words(service, many[:4]) == "Alamance, Bladen, Durham and 1 more county"
    assert words.area_words(service, many) == "Alamance, Bladen, Durham and 2 more counties"
    service.statewide = True
    assert words.area_words(service, many) == "All of North Carolina"
