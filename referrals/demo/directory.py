"""About 120 made-up services in the twelve counties of the demo, loaded as any HSDS file is."""

import uuid
from dataclasses import dataclass
from random import Random

from django.utils.text import slugify

from collaboratives.enums import OrganizationKind
from referrals.actions.directory import load_directory, mark_service
from referrals.actions.hsds_packages import Document, from_documents
from referrals.models import Service
from teams.demo.clock import Clock
from teams.demo.places import Place

KIND = OrganizationKind
SPACE = uuid.UUID("5f0e9d34-8d0c-4b7e-9f6a-2a1b7c3d4e5f")
SEED = 2004
WEEKDAYS = "MO,TU,WE,TH,FR"
#: The ZIP code of each town of the demo.
ZIP_CODES = {
    "Graham": "27253", "Mebane": "27302", "Elizabethtown": "28337", "Clarkton": "28433", "Asheville": "28801",
    "Swannanoa": "28778", "Fayetteville": "28301", "Hope Mills": "28348", "Durham": "27701", "Bahama": "27503",
    "Greensboro": "27401", "High Point": "27260", "Roanoke Rapids": "27870", "Enfield": "27823", "Charlotte": "28202",
    "Matthews": "28105", "Wilmington": "28401", "Castle Hayne": "28429", "Lumberton": "28358", "Pembroke": "28372",
    "Raleigh": "27601", "Zebulon": "27597", "Boone": "28607", "Deep Gap": "28618",
}  # fmt: skip
SPOKEN = {"latino": "es", "hmong": "hmn", "montagnard": "jra", "arab": "ar"}
STREETS = ("Depot Street", "Mill Road", "Church Street", "Oak Lane", "Main Street", "Creek Road")
WAITS = ("no wait", "3 days", "1 week", "2 weeks", "3 weeks", "1 month", "6 weeks", "2 months", "Call us to ask")


@dataclass(frozen=True)
class Offer:
    """One kind of service: whose it is, its term, what it says, and when it is open."""

    kind: str
    name: str
    term: str
    what: str
    who: str = "Children, young people and their families."
    cost: str = "Free."
    start: str = "Call us. We ask a few questions and find a time with you."
    days: str = WEEKDAYS
    opens: str = "09:00"
    closes: str = "17:00"
    waits: bool = True


OFFERS = (
    Offer(
        KIND.PROVIDER, "Evening counseling", "Counseling",
        (
            "A counselor talks with a young person, and with the family if all want it. In the evening, so "
            "nobody misses school or work."
        ),
        "Ages 6 to 17.", "Medicaid and most plans. Without a plan you pay by what you earn.", days="MO,TU,WE,TH",
        opens="16:00", closes="20:00",
    ),
    Offer(
        KIND.PROVIDER, "Therapy in your home", "Intensive in-home services",
        "Two people come to your home a few times a week and work with the whole family.",
        "Ages 5 to 20, when things are hard at home.", "Medicaid.",
    ),
    Offer(
        KIND.PROVIDER, "Doctor for mind and medicine", "Psychiatry",
        "A doctor looks at how a young person sleeps, eats and feels, and talks about medicine if it may help.",
        "Ages 6 to 20.", "Medicaid and most plans.", days="TU,TH",
    ),
    Offer(
        KIND.PROVIDER, "Teen recovery group", "Substance use treatment",
        "A group for young people who want to stop using alcohol or drugs. No lectures.", "Ages 13 to 18.",
        days="WE", opens="17:30", closes="19:00",
    ),
    Offer(
        KIND.FAMILY_ORGANIZATION, "Parents talk with parents", "Family peer support",
        (
            "Other parents who have been there listen, and share what worked for them. Coffee and child care "
            "are there."
        ),
        "Any caregiver.", days="TH", opens="18:00", closes="19:30", waits=False,
    ),
    Offer(
        KIND.FAMILY_ORGANIZATION, "A break on Saturday", "Respite care",
        "Your child spends the day with people who know what they do, so you can rest.", "Ages 4 to 15.",
        "You pay what you can.", days="SA", opens="10:00", closes="16:00",
    ),
    Offer(
        KIND.FAMILY_ORGANIZATION, "Calm mornings class", "Parenting education",
        "Six evenings about mornings, screens and bedtime. You try one thing a week.",
        "Caregivers of children of 3 to 12.", days="TU", opens="18:00", closes="20:00",
    ),
    Offer(
        KIND.SCHOOL, "Homework room", "Tutoring", "A quiet room, a snack and somebody who explains it again.",
        "Students of the school.", days="MO,TU,WE,TH", opens="15:00", closes="17:00", waits=False,
    ),
    Offer(
        KIND.HEALTH, "Family health clinic", "Health care",
        "Check-ups, shots and a nurse who has time for questions.", "Everybody in the county.",
        "Medicaid, or pay by what you earn.", start="Call for a time, or walk in before 11.",
    ),
    Offer(
        KIND.SOCIAL_SERVICES, "Help with food", "Food stamps",
        "Help to fill in the form for food benefits, and food for tonight when there is none.",
        "Families with a low income.", start="Come in. Bring an ID if you have one.", waits=False,
    ),
    Offer(
        KIND.SOCIAL_SERVICES, "Help with bills", "Emergency financial assistance",
        "Help with rent, power or water when a bill is too high this month.", "Families with a low income.",
        start="Call first. Bring the bill.",
    ),
    Offer(
        KIND.SOCIAL_SERVICES, "Money for child care", "Child care",
        "Help to pay for day care while you work or learn.", "Families with children under 13.",
        start="Fill in the form at the front desk or ask for it by mail.",
    ),
    Offer(
        KIND.COMMUNITY, "A friend for the week", "Mentoring",
        "A grown-up who meets with a young person each week: ball, music, a walk, a talk.", "Ages 8 to 17.",
        days="SA", opens="09:00", closes="13:00",
    ),
    Offer(
        KIND.COMMUNITY, "Neighbors who drive", "Rides",
        "Rides to the clinic, to school meetings and to court. Ask two days before.", "Families without a car.",
        start="Call or text two days before.", waits=False,
    ),
    Offer(
        KIND.JUVENILE_COURT, "Teen court", "Teen court",
        "Young people who made a first mistake answer to other young people, make it right and go on.",
        "Ages 11 to 17, sent by school or court.", start="Ask your court counselor.", days="WE", opens="17:00",
        closes="19:00",
    ),
)  # fmt: skip
#: Services for the whole state: organization, then as above.
STATEWIDE = (
    (
        "Carolina Parent Line", "Parent line, day and night", "Hotline",
        "Somebody listens at any hour. You need not say your name.", "no wait",
    ),
    (
        "Carolina Parent Line", "Línea para padres", "Hotline", "Alguien le escucha en español, de día y de noche.",
        "no wait",
    ),
    (
        "Long Leaf Legal Help", "Lawyers for school problems", "Legal aid",
        "A lawyer helps when a child is sent home from school or gets no help there.", "2 weeks",
    ),
    (
        "Long Leaf Legal Help", "Help with housing papers", "Legal services",
        "Help when a landlord wants you to leave.", "1 week",
    ),
    (
        "Dogwood Autism Friends", "First steps after the diagnosis", "Autism",
        "A parent and a therapist answer questions by video, six times.", "1 month",
    ),
    (
        "Dogwood Autism Friends", "Speech at home by video", "Speech therapy",
        "A therapist works with your child by video.", "2 months",
    ),
    (
        "Safe Harbor Carolina", "A safe place tonight", "Domestic violence shelter",
        "A room for you and your children when home is not safe. We do not tell anybody where it is.", "same day",
    ),
    (
        "Cardinal Jobs for Youth", "First job, paid", "Job training",
        "Twenty hours a week for one summer, with a coach.", "Call us to ask",
    ),
    (
        "Kinship Circle", "Grandparents who raise children", "Kinship care",
        "A group by video, help with papers and a small fund for beds and clothes.", "1 week",
    ),
    (
        "Home Again Carolina", "Keys and first rent", "Rent assistance",
        "Help with the first month's rent and the deposit.", "6 weeks",
    ),
    (
        "Bridge Interpreters", "Interpreters for family meetings", "Interpretation",
        "Spanish, Hmong, Arabic and Jarai. By phone or in the room.", "3 days",
    ),
    (
        "Quiet Mind Telehealth", "Counseling by video", "Mental health care",
        "A counselor by video, also on Sunday.", "3 weeks",
    ),
)  # fmt: skip


def fill_directory(places: dict[str, Place], clock: Clock) -> None:
    """The services of these counties and of the whole state, and what coordinators marked since."""
    dice = Random(SEED)  # noqa: S311  (a story, not a secret)
    clock.go(-80, 9)
    services = [
        _service(offer, place, clock, dice)
        for place in places.values()
        for offer in [OFFERS[0], *dice.sample(OFFERS[1:], 8)]
    ]
    services += [_statewide(*row, clock, dice) for row in STATEWIDE]
    load_directory(package=from_documents(services, "the directory of the demo"))
    for number, place in enumerate(places.values()):
        clock.go(-20 + number, 11)
        _mark(place, clock, dice)


def _mark(place: Place, clock: Clock, dice: Random) -> None:
    """The coordinator called two of the county's services and wrote down what they said."""
    here = list(Service.objects.live().filter(counties=place.county).order_by("hsds_id"))
    for service in dice.sample(here, 2):
        mark_service(
            service=service, by=place.staff["coordinator"], seen=service.updated_at,
            wait_days=dice.choice((0, 4, 10, 21, 45)), open_places=dice.choice((0, 1, 2, 5)),
            checked_on=clock.moment.date(),
        )  # fmt: skip


# --- Documents -------------------------------------------------------------------------------------------------------
def _id(*words: str) -> str:
    return str(uuid.uuid5(SPACE, " ".join(words)))


def _phone(area: str, dice: Random, *words: str) -> Document:
    return {"id": _id("phone", *words), "number": f"{area}-555-01{dice.randrange(100):02}", "type": "voice"}


def _organization(name: str, area: str) -> Document:
    """The same each time that one of its services is told."""
    phone = _phone(area, Random(name), name)  # noqa: S311
    return {"id": _id("organization", name), "name": name, "description": "", "phones": [phone]}


def _base(name: str, term: str, what: str, organization: Document, key: str, clock: Clock) -> Document:
    described = {
        "id": _id("term", term), "name": term, "description": "", "taxonomy": "Kinds of help of the demo",
        "taxonomy_id": _id("taxonomy"),
        "taxonomy_detail": {"id": _id("taxonomy"), "name": "Kinds of help of the demo", "description": "Made up."},
    }  # fmt: skip
    return {
        "id": _id("service", key), "name": name, "status": "active", "description": what,
        "organization_id": organization["id"], "organization": organization,
        "email": f"{slugify(organization['name'])}@demo.example",
        "attributes": [{"id": _id("attribute", key), "taxonomy_term": described}],
        "assured_date": clock.day(-80).isoformat(), "last_modified": clock.moment.isoformat(),
    }  # fmt: skip


def _service(offer: Offer, place: Place, clock: Clock, dice: Random) -> Document:
    county, key = place.county.name, f"{place.county.name} {offer.name}"
    organization = _organization(place.organizations[offer.kind].name, place.area)
    service = _base(offer.name, offer.term, offer.what, organization, key, clock)
    service |= {
        "eligibility_description": offer.who, "fees_description": offer.cost, "application_process": offer.start,
        "phones": [_phone(place.area, dice, key)],
        "languages": _languages(place.communities, key, dice),
        "service_areas": [{"id": _id("area", key), "name": f"{county} County", "extent_type": "text"}],
        "schedules": [{
            "id": _id("hours", key), "freq": "WEEKLY", "byday": offer.days, "opens_at": offer.opens,
            "closes_at": offer.closes,
        }],
        "service_at_locations": [_at(place, offer.kind, key, dice)],
    }  # fmt: skip
    service |= _room(key, clock, dice) if offer.waits else {"wait_time": "no wait"}
    if dice.random() < 0.04:
        service |= {"status": "temporarily closed", "alert": "Closed until the new year. Call to be on the list."}
    return service


def _statewide(owner: str, name: str, term: str, what: str, wait: str, clock: Clock, dice: Random) -> Document:
    organization = _organization(owner, "919")
    spanish = [{"id": _id("language", name, "es"), "name": "Spanish", "code": "es"}]
    english = [{"id": _id("language", name, "en"), "name": "English", "code": "en"}]
    return _base(name, term, what, organization, name, clock) | {
        "eligibility_description": "Everybody in North Carolina.", "fees_description": "Free.",
        "application_process": "Call or write at any time.", "wait_time": wait, "phones": [_phone("919", dice, name)],
        "languages": spanish if name.startswith("Línea") else english + spanish,
        "service_areas": [{"id": _id("area", name), "name": "North Carolina", "extent_type": "text"}],
    }  # fmt: skip


def _languages(communities: list[str], key: str, dice: Random) -> list[Document]:
    names = {"es": "Spanish", "hmn": "Hmong", "jra": "Jarai", "ar": "Arabic"}
    spoken = [SPOKEN[name] for name in communities if name in SPOKEN and dice.random() < 0.6]
    rows = [{"id": _id("language", key, "en"), "name": "English", "code": "en"}]
    return rows + [{"id": _id("language", key, code), "name": names[code], "code": code} for code in spoken]


def _at(place: Place, kind: str, key: str, dice: Random) -> Document:
    """The office of that organization in the first or second town of the county."""
    town = place.towns[0 if kind != KIND.COMMUNITY else 1]
    office = f"{place.county.name} {kind}"
    number = Random(office).randrange(10, 900)  # noqa: S311  (the same house each time)
    location = {
        "id": _id("location", office), "location_type": "physical", "name": f"{town} office",
        "transportation": "Parking in front." if number % 2 else "The bus stops one street away.",
        "addresses": [{
            "id": _id("address", office), "address_1": f"{number} {STREETS[number % len(STREETS)]}", "city": town,
            "region": place.county.name, "state_province": "NC", "postal_code": ZIP_CODES[town], "country": "US",
            "address_type": "physical",
        }],
    }  # fmt: skip
    if number % 3:
        location["accessibility"] = [{"id": _id("access", office), "description": "No steps at the door."}]
    return {"id": _id("at", key), "location_id": location["id"], "location": location}


def _room(key: str, clock: Clock, dice: Random) -> Document:
    """How long one waits, and for most how many places are open."""
    wait = dice.choice(WAITS)
    if dice.random() < 0.2:
        return {"wait_time": wait}
    unit = {"id": _id("unit"), "name": "young people"}
    capacity = {
        "id": _id("room", key), "unit_id": unit["id"], "unit": unit, "available": dice.choice((0, 0, 1, 2, 3, 6)),
        "maximum": dice.choice((8, 12, 20)), "updated": clock.moment.isoformat(),
    }  # fmt: skip
    return {"wait_time": wait, "capacities": [capacity]}
