"""Bringing a directory in, and marking how long one waits for a service and how many places are open.

What a source told last is kept as a hash with each service, so that a second import of the same changes nothing. What
people here mark stays until the source tells of a later check.
"""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from collaboratives.enums import OrganizationKind
from collaboratives.models import County, Organization
from referrals.actions.directory_words import (
    Counties,
    category_of,
    days_of_waiting,
    language_codes,
    open_places_of,
    phone_of,
    plain,
    tables_hash,
    terms_of,
)
from referrals.actions.hsds_check import Problems
from referrals.actions.hsds_packages import Document, Package
from referrals.models import Location, Service, ServiceAtLocation, ServiceLanguage, ServiceTerm
from soc_portal.audit.actions import record

#: HSDS fields that are columns here; everything else stays in `hsds`.
SERVICE_COLUMNS = {
    "name": "name", "alternate_name": "alternate_name", "description": "description", "status": "status",
    "eligibility_description": "eligibility", "fees_description": "fees", "application_process": "how_to_apply",
    "email": "email", "url": "url",
}  # fmt: skip
ORGANIZATION_COLUMNS = ("description", "email", "website")
LOCATION_COLUMNS = ("name", "transportation")
#: What people here mark, as HSDS names it.
MARKS = ("wait_time", "capacities", "assured_date")
BATCH = 500
#: Rows that the portal itself adds to a service get ids of their own from these.
OUR_UNIT = uuid.UUID("0a5b6f52-5d3c-4a39-8a53-6f9c1c1a7d10")
OUR_CAPACITY = uuid.UUID("7d9f3c1e-2b64-4f0a-9f0e-3c8f4b7a1e22")


@dataclass
class Loaded:
    """What an import did: services by what happened to them, other rows that changed, and notes."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0
    organizations: int = 0
    locations: int = 0
    notes: list[str] = field(default_factory=list)


# --- Bringing it in --------------------------------------------------------------------------------------------------
@transaction.atomic
def load_directory(*, package: Package, complete: bool = False) -> Loaded:
    """Add and update everything in the package; with `complete`, services that are not in it end.

    Raises `BadDirectory` before anything is written when rows point at what is not there. No person does this but
    whoever runs the portal, so it is not in the log of what people did.
    """
    now = timezone.now()
    result = Loaded(notes=list(package.notes))
    organizations = {row.hsds_id: row for row in Organization.objects.exclude(hsds_id=None) if row.hsds_id}
    locations = {row.hsds_id: row for row in Location.objects.all()}
    _refuse_loose_ends(package, organizations, locations)
    result.organizations = _load_organizations(package, organizations, result.notes)
    result.locations = _load_locations(package, organizations, locations)
    _load_services(package, organizations, locations, now, result)
    if complete:
        missing = Service.objects.live().exclude(source_hash="")
        missing = [pk for pk, hsds_id in missing.values_list("pk", "hsds_id") if hsds_id not in package.services]
        for part in _parts(missing):
            result.ended += Service.objects.filter(pk__in=part).update(ended_at=now, updated_at=now)
    return result


def _refuse_loose_ends(package: Package, organizations: Collection[str], locations: Collection[str]) -> None:
    problems = Problems()
    known = {*organizations, *package.organizations}
    places = {*locations, *package.locations}
    links: set[str] = set()
    here = dict(ServiceAtLocation.objects.values_list("hsds_id", "service__hsds_id"))
    for pk, service in package.services.items():
        place = package.places[pk]
        if service["organization_id"] not in known:
            problems.add(place, f"there is no organization with the id {service['organization_id']}.")
        for link in service.get("service_at_locations", []):
            if link["location_id"] not in places:
                problems.add(place, f"there is no location with the id {link['location_id']}.")
            for taken in (link["id"], f"{pk} at {link['location_id']}"):
                if taken in links:
                    problems.add(place, f"service_at_location {taken} comes twice.")
                links.add(taken)
            if here.get(link["id"], pk) not in package.services:
                problems.add(place, f"service_at_location {link['id']} belongs to another service here.")
    for pk, location in package.locations.items():
        if location.get("organization_id", "") not in {*known, ""}:
            problems.add(f"location {pk}", f"there is no organization with the id {location['organization_id']}.")
    problems.stop_if_any()


def _load_organizations(package: Package, present: dict[str, Organization], notes: list[str]) -> int:
    """Add and correct organizations; one that is here already under the same name, and in no directory, is joined."""
    by_name: dict[str, list[Organization]] = {}
    for row in Organization.objects.filter(hsds_id=None, ended_at=None):
        by_name.setdefault(plain(row.name), []).append(row)
    new, changed = [], []
    for pk, document in package.organizations.items():
        same = by_name.pop(plain(document["name"]), []) if pk not in present else []
        if len(same) == 1:
            present[pk] = same[0]
            notes.append(f"{same[0].name}: joined to the organization of this name that is here already.")
        row = present.get(pk) or Organization(kind=OrganizationKind.PROVIDER)
        if _set(row, _organization_values(document, row)):
            (changed if row.pk else new).append(row)
        present[pk] = row
    _save(Organization, new, changed)
    return len(new) + len(changed)


def _organization_values(document: Document, row: Organization) -> dict[str, Any]:
    """What the source does not tell of description, mail and web page stays as it is known here."""
    rest = {key: value for key, value in document.items() if key not in ("id", "name", *ORGANIZATION_COLUMNS)}
    told = {name: document.get(name) or getattr(row, name) for name in ORGANIZATION_COLUMNS}
    return {"hsds_id": document["id"], "name": document["name"], "hsds": rest, **told}


def _load_locations(package: Package, organizations: dict[str, Organization], present: dict[str, Location]) -> int:
    new, changed = [], []
    for pk, document in package.locations.items():
        row = present.get(pk) or Location(hsds_id=pk)
        organization = organizations.get(document.get("organization_id", ""))
        if _set(row, _location_values(document, organization)):
            (changed if row.pk else new).append(row)
        present[pk] = row
    _save(Location, new, changed)
    return len(new) + len(changed)


def _location_values(document: Document, organization: Organization | None) -> dict[str, Any]:
    addresses = document.get("addresses", [])
    address = next((row for row in addresses if row["address_type"] == "physical"), {})
    streets = [address[name] for name in ("address_1", "address_2") if name in address]
    rest = {key: value for key, value in document.items() if key not in ("id", *LOCATION_COLUMNS)}
    return {
        "organization_id": organization.pk if organization else None,
        "name": document.get("name", ""),
        "transportation": document.get("transportation", ""),
        "address": ", ".join(streets)[:200],
        "city": address.get("city", "")[:80],
        "state": address.get("state_province", "")[:20],
        "postal_code": address.get("postal_code", "")[:12],
        "latitude": _degrees(document.get("latitude")),
        "longitude": _degrees(document.get("longitude")),
        "hsds": rest,
        "ended_at": None,
    }


def _degrees(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.6f}")


def _set(row: models.Model, values: dict[str, Any]) -> bool:
    """Put values into a row; whether any of them is new."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _save(model: Any, new: list[Any], changed: list[Any]) -> None:
    """Insert and update in bulk. An upsert by the key takes a fifth of the time of `bulk_update`."""
    model.objects.bulk_create(new, batch_size=BATCH)
    names = [column.name for column in model._meta.concrete_fields if not column.primary_key]
    model.objects.bulk_create(
        changed, batch_size=BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=names
    )


# --- Services --------------------------------------------------------------------------------------------------------
def _load_services(
    package: Package,
    organizations: dict[str, Organization],
    locations: dict[str, Location],
    now: dt.datetime,
    result: Loaded,
) -> None:
    """Services whose source tells something new, with the rows that hang on them; all others are left alone."""
    counties = Counties(County.objects.all())
    salt = f"{tables_hash()}{sorted(counties.by_name.values())}"
    present = {row.hsds_id: row for row in Service.objects.all()}
    new, changed, links = [], [], []
    for pk, document in package.services.items():
        places = [_told(package, locations, link["location_id"]) for link in document.get("service_at_locations", [])]
        told = _hash([_without(document), package.organizations.get(document["organization_id"]), places, salt])
        row = present.get(pk) or Service(hsds_id=pk)
        if row.source_hash == told and row.ended_at is None:
            result.unchanged += 1
            continue
        row.source_hash = told
        _fill(row, document, organizations[document["organization_id"]], places, now)
        (changed if row.pk else new).append(row)
        links.append((row, document, counties.served_by(document, places)))
        row.statewide = links[-1][2][0]
    _save(Service, new, changed)
    _load_links(links, locations)
    result.new, result.changed = len(new), len(changed)


def _told(package: Package, locations: dict[str, Location], pk: str) -> Document:
    """What is told of a place: by the package, else by an earlier one."""
    return package.locations.get(pk) or {**locations[pk].hsds, "id": pk}


def _without(document: Document) -> Document:
    """A service without the moment of its last change: that alone is nothing new."""
    return {key: value for key, value in document.items() if key != "last_modified"}


def _hash(what: Any) -> str:
    return hashlib.sha256(json.dumps(what, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _fill(
    row: Service, document: Document, organization: Organization, places: list[Document], now: dt.datetime
) -> None:
    """Everything of a service that stands in its own row."""
    kept = _marks_to_keep(row, document)
    document = {key: value for key, value in document.items() if key not in MARKS or not kept} | kept
    for key, column in SERVICE_COLUMNS.items():
        setattr(row, column, document.get(key, ""))
    inside = {"id", "organization_id", "service_at_locations", "last_modified", "assured_date", *SERVICE_COLUMNS}
    row.organization = organization
    row.hsds = {key: value for key, value in document.items() if key not in inside}
    row.category = category_of(term["name"] for term in terms_of(document))
    row.languages = language_codes(document, places)
    row.phone = phone_of(document, *document.get("service_at_locations", []), *places, organization.hsds)
    row.wait_days = days_of_waiting(document.get("wait_time", ""))
    row.open_places = open_places_of(document)
    row.checked_on = dt.date.fromisoformat(document["assured_date"]) if "assured_date" in document else None
    if not kept:
        row.marked_at = None
    told = dt.datetime.fromisoformat(document["last_modified"]) if "last_modified" in document else now
    row.updated_at = told if row.pk is None or told > row.updated_at else now
    row.ended_at = None


def _marks_to_keep(row: Service, document: Document) -> Document:
    """What was marked here, when the source tells of no later check; empty when the source is to be believed."""
    if row.marked_at is None or row.checked_on is None or document.get("assured_date", "") > row.checked_on.isoformat():
        return {}
    return {key: row.hsds[key] for key in MARKS if key in row.hsds} | {"assured_date": row.checked_on.isoformat()}


Links = list[tuple[Service, Document, tuple[bool, set[int]]]]


def _load_links(links: Links, locations: dict[str, Location]) -> None:
    """Counties, languages, terms and places of these services, and no others."""
    pks = {row.pk for row, _document, _served in links}
    in_county = Service.counties.through
    _replace(in_county, pks, (
        in_county(service_id=row.pk, county_id=county_id)
        for row, _document, (_statewide, county_ids) in links for county_id in sorted(county_ids)
    ))  # fmt: skip
    _replace(ServiceLanguage, pks, (
        ServiceLanguage(service=row, code=code) for row, _document, _served in links for code in row.languages
    ))  # fmt: skip
    _replace(ServiceTerm, pks, (
        ServiceTerm(service=row, term_id=term["id"], taxonomy_id=term.get("taxonomy_id", ""))
        for row, document, _served in links
        for term in {term["id"]: term for term in terms_of(document)}.values()
    ))  # fmt: skip
    _replace(ServiceAtLocation, pks, (
        ServiceAtLocation(
            service=row, location=locations[link["location_id"]], hsds_id=link["id"],
            hsds={key: value for key, value in link.items() if key not in ("id", "location_id")},
        )
        for row, document, _served in links for link in document.get("service_at_locations", [])
    ))  # fmt: skip


def _replace(model: Any, service_pks: set[int], rows: Iterable[Any]) -> None:
    """Put these link rows in the place of all that the services have."""
    for part in _parts(sorted(service_pks)):
        model.objects.filter(service_id__in=part).delete()
    model.objects.bulk_create(rows, batch_size=BATCH)


def _parts(pks: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(pks), BATCH):
        yield pks[start : start + BATCH]


# --- Marking ---------------------------------------------------------------------------------------------------------
class Overtaken(Exception):
    """Somebody or an import saved the service since the form was opened; `theirs` is the row as it stands."""

    def __init__(self, theirs: Service):
        super().__init__("The service has been changed by somebody else.")
        self.theirs = theirs


@transaction.atomic
def mark_service(
    *,
    service: Service,
    by,
    seen: dt.datetime | None,
    wait_days: int | None,
    open_places: int | None,
    checked_on: dt.date | None,
) -> Service:
    """Write down how long one waits, how many places are open, and on which day that was checked.

    `seen` is the moment of the last change that the form showed. Raises `Overtaken`, and saves nothing, when the
    service has changed since.
    """
    now = timezone.now()
    current = Service.objects.get(pk=service.pk)
    hsds = dict(current.hsds)
    if wait_days != current.wait_days:
        hsds["wait_time"] = _wait_time(wait_days)
    if open_places != current.open_places:
        hsds["capacities"] = [] if open_places is None else [_capacity(current, open_places, now)]
    hsds = {key: value for key, value in hsds.items() if value not in ("", [])}
    if seen is None:
        raise Overtaken(current)
    saved = Service.objects.filter(pk=current.pk, updated_at=seen).update(
        wait_days=wait_days, open_places=open_places, checked_on=checked_on, hsds=hsds, marked_at=now, updated_at=now
    )
    if not saved:
        raise Overtaken(current)
    record("service_marked", by=by, thing=current, wait_days=wait_days, open_places=open_places)
    return Service.objects.get(pk=current.pk)


def _wait_time(days: int | None) -> str:
    """The words for a number of days in the interface, which is in English."""
    if days is None:
        return ""
    return "1 day" if days == 1 else f"{days} days"


def _capacity(service: Service, open_places: int, now: dt.datetime) -> Document:
    """The source's own row of capacity with the new number, or one of ours where it has none or several."""
    rows = service.hsds.get("capacities", [])
    first = rows[0] if len(rows) == 1 else {
        "id": str(uuid.uuid5(OUR_CAPACITY, service.hsds_id)),
        "unit_id": str(OUR_UNIT),
        "unit": {"id": str(OUR_UNIT), "name": "places"},
    }  # fmt: skip
    return {**first, "available": open_places, "updated": now.isoformat()}
