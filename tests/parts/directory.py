"""The service directory and its HSDS interface."""

import datetime as dt

from collaboratives.enums import OrganizationKind
from collaboratives.models import Organization, StaffPosition
from referrals.models import Service
from tests.directories import a_place, a_service, a_term, an_organization, load

ROWS = {
    "referrals:service_list": ("GET", {}, 200),
    "referrals:service_detail": ("GET", {}, 200),
    "referrals:directory_export": ("GET", {}, 200),
    # The coordinator of a county that it serves, and those who work for the organization; the same posts elsewhere not.
    "referrals:service_edit": ("GET", {"coordinator": 200, "receiver": 200, "provider": 200}, 403),
}
TEAM_ROWS = {}
PUBLIC = {
    "referrals:hsds_root": "a directory of services is no secret; other systems have no account",
    "referrals:hsds_openapi": "says how other systems ask for the directory",
    "referrals:hsds_services": "services, organizations and places; nothing of a family",
    "referrals:hsds_service": "the same",
}
READ_ONLY = {"referrals:service_list", "referrals:service_detail", "referrals:directory_export"}
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = {
    "referrals:service_list": "services, nothing of a family",
    "referrals:service_detail": "a service, nothing of a family",
    "referrals:directory_export": "services, nothing of a family",
    "referrals:service_edit": "a service, nothing of a family",
}
NO_PAGES = {
    "referrals:directory_export": "a file", "referrals:hsds_root": "JSON", "referrals:hsds_openapi": "JSON",
    "referrals:hsds_services": "JSON", "referrals:hsds_service": "JSON",
}  # fmt: skip

EAST = "Bull City Family Center"


def add_directory(world):
    """Two services of Riverbend in Alamance, one of the whole state, one of another organization in Durham."""
    east = Organization.objects.create(name=EAST, kind=OrganizationKind.PROVIDER)
    east.counties.add(world.durham)
    world.offices["other_provider"] = east
    for slug, office in (("receiver", "provider"), ("other_receiver", "other_provider")):
        StaffPosition.objects.get_or_create(
            user=world.people[slug], organization=world.offices[office],
            defaults={"title": "Intake", "starts_on": dt.date(2020, 1, 1)},
        )  # fmt: skip
    load(directory_of_the_world())
    world.offices["provider"].refresh_from_db()
    east.refresh_from_db()
    by_name = {service.name: service for service in Service.objects.all()}
    world.service = by_name["Evening counseling"]
    world.respite = by_name["Weekend respite"]
    world.hotline = by_name["Parent line"]
    world.other_service = by_name["Durham mentors"]


def directory_of_the_world():
    riverbend, east = an_organization(), an_organization(EAST, email="east@test.example")
    durham = a_place("Bull City House", "Durham")
    statewide = [{"id": "2c6e9d6e-0b1a-4f6d-9b5e-6d1a7f0f4e01", "name": "North Carolina", "extent_type": "text"}]
    return [
        a_service(organization=riverbend),
        a_service("Weekend respite", organization=riverbend, terms=[a_term("Respite Care")], wait_time="call us"),
        a_service("Parent line", organization=east, place=durham, terms=[a_term("Support Groups")],
                  service_areas=statewide, wait_time="no wait"),
        a_service("Durham mentors", organization=east, place=durham, counties=["Durham"], terms=[a_term("Mentoring")],
                  languages=[], description="Un adulto que acompaña. Andrés leads it."),
    ]  # fmt: skip


def arguments(world, name):
    return {"service_id": world.service.pk}


def grow(world, number):
    """One more of everything that the pages of this part list."""
    place = a_place(f"More place {number}")
    more = a_service(f"More help {number}", place=place)
    first = a_service()
    first["service_at_locations"].append(
        {"id": more["id"], "location_id": place["id"], "location": place}
    )  # the service of the detail page gets one more place
    first["description"] += f" {number}"
    load([more, first])
