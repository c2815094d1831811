"""Made-up directories in the shape of HSDS 3.2.3: a full service, a package of many, and the same as tables."""

import csv
import io
import json
import uuid
from copy import deepcopy

from referrals.actions.directory import load_directory
from referrals.actions.hsds_files import read_json
from referrals.actions.hsds_tables import BACKLINKS, MANY, ONE, TABLES

SPACE = uuid.UUID("b3a1c7d2-93f0-4d0c-8f61-0d1f2ce9a001")


def uid(*words):
    """The same UUID for the same words, each time."""
    return str(uuid.uuid5(SPACE, " ".join(map(str, words))))


def an_organization(name="Riverbend Counseling", **more):
    return {
        "id": uid(name), "name": name, "description": "Talks with families.", "email": "hello@test.example",
        "website": "https://riverbend.example.org",
        "phones": [{"id": uid(name, "phone"), "number": "336-555-0110", "extension": 4}],
        "programs": [{"id": uid(name, "program"), "name": "Evenings", "description": "After school and work."}],
    } | more  # fmt: skip


def a_term(name="Mental Health Care", taxonomy="Kinds of help"):
    return {
        "id": uid("term", name), "name": name, "description": "", "code": name[:4].upper(), "taxonomy": taxonomy,
        "taxonomy_id": uid("taxonomy", taxonomy),
        "taxonomy_detail": {"id": uid("taxonomy", taxonomy), "name": taxonomy, "description": "Made up."},
    }  # fmt: skip


def a_place(name="Riverbend Graham", region="Alamance", **more):
    return {
        "id": uid("place", name), "location_type": "physical", "name": name, "latitude": 36.0688, "longitude": -79.4006,
        "transportation": "Bus 3 stops in front.",
        "addresses": [{
            "id": uid("address", name), "address_1": "12 Depot Street", "city": "Graham", "region": region,
            "state_province": "NC", "postal_code": "27253", "country": "US", "address_type": "physical",
        }],
        "accessibility": [{"id": uid("access", name), "description": "There is a ramp."}],
        "schedules": [{
            "id": uid("hours", name), "freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR", "opens_at": "09:00",
            "closes_at": "17:00",
        }],
    } | more  # fmt: skip


def a_service(name="Evening counseling", *, organization=None, place=None, counties=("Alamance",), terms=None, **more):
    """A full service, as `GET /services/{id}` gives it."""
    organization = organization or an_organization()
    place = place or a_place()
    return {
        "id": uid("service", name), "organization_id": organization["id"], "organization": organization, "name": name,
        "description": f"{name} for young people and those who care for them.", "status": "active",
        "email": "intake@test.example", "url": "https://riverbend.example.org/evening",
        "eligibility_description": "Ages 8 to 17.", "fees_description": "Medicaid, or pay by what you earn.",
        "application_process": "Call us. No paper is needed.", "wait_time": "2 weeks", "assured_date": "2026-10-01",
        "last_modified": "2026-10-02T12:00:00+00:00",
        "phones": [{"id": uid("phone", name), "number": "336-555-0142", "type": "voice"}],
        "languages": [
            {"id": uid("lang", name, 1), "name": "English", "code": "en"},
            {"id": uid("lang", name, 2), "name": "Spanish", "code": "spa"},
        ],
        "service_areas": [{"id": uid("area", name, c), "name": f"{c} County", "extent_type": "text"} for c in counties],
        "schedules": [{
            "id": uid("when", name), "freq": "WEEKLY", "byday": "TU,TH", "opens_at": "17:00", "closes_at": "20:00",
        }],
        "capacities": [{
            "id": uid("room", name), "unit_id": uid("unit"), "unit": {"id": uid("unit"), "name": "young people"},
            "available": 3, "maximum": 20, "updated": "2026-10-01T12:00:00+00:00",
        }],
        "cost_options": [{"id": uid("cost", name), "option": "A first talk", "amount": 0, "currency": "USD"}],
        "attributes": [
            {"id": uid("attribute", name, term["name"]), "taxonomy_term": term, "taxonomy_term_id": term["id"]}
            for term in (terms if terms is not None else [a_term()])
        ],
        "service_at_locations": [{
            "id": uid("at", name, place["id"]), "location_id": place["id"], "location": place,
            "description": "Second floor.",
        }],
    } | more  # fmt: skip


def many(number, counties=("Alamance", "Durham")):
    """So many services: ten of each organization, a place each, two languages, one term of five."""
    services = []
    for n in range(number):
        organization = an_organization(f"Organization {n // 10}")
        place = a_place(f"Place {n}", counties[n % len(counties)])
        term = a_term(("Counseling", "Food Pantry", "Respite Care", "Tutoring", "Rocket science")[n % 5])
        services.append(
            a_service(
                f"Service {n}", organization=organization, place=place, counties=counties[: n % len(counties) + 1],
                terms=[term],
            )
        )  # fmt: skip
    return services


def load(services, **options):
    """Through the same door as a file."""
    return load_directory(package=read_json(json.dumps(services).encode(), file="test.json"), **options)


# --- The same as tables ----------------------------------------------------------------------------------------------
def as_tables(services):
    """{table: rows} of these services: what is nested becomes rows that name their owner."""
    tables = {}
    for service in deepcopy(services):
        _flatten("service", service, tables)
    return {table: list(rows.values()) for table, rows in tables.items()}


def _flatten(table, document, tables):
    for key, child in MANY[table].items():
        for entry in document.pop(key, []):
            if table == "organization" and child == "location":
                entry["organization_id"] = document["id"]
            elif child == "attribute":
                entry |= {"link_id": document["id"], "link_entity": table}
            elif child == "metadata":
                entry |= {"resource_id": document["id"], "resource_type": table}
            elif f"{table}_id" in BACKLINKS[child]:
                entry[f"{table}_id"] = document["id"]
            _flatten(child, entry, tables)
    for key, (child, column) in ONE.get(table, {}).items():
        if key in document:
            inner = document.pop(key)
            document[column] = inner["id"]
            _flatten(child, inner, tables)
    kept = tables.setdefault(table, {}).setdefault(document["id"], {})
    kept |= document


def as_csv(services):
    """{file name: text} of the same."""
    files = {}
    for table, rows in as_tables(services).items():
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, fieldnames=list(TABLES[table].fields))
        writer.writeheader()
        writer.writerows(rows)
        files[TABLES[table].file] = out.getvalue()
    return files
