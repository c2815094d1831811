"""One package of a directory: organizations, places and services as nested HSDS documents, whatever file it came in."""

from dataclasses import dataclass, field
from typing import Any

from referrals.actions.hsds_check import Checker, Place, Problems
from referrals.actions.hsds_tables import BACKLINKS, LINKS, MANY, ONE, TABLES, key_of

Document = dict[str, Any]


@dataclass
class Package:
    """Documents by id. Services hold `organization_id`, and their `service_at_locations` hold `location_id`.

    `places` tells where a service stood in the file; `notes` are for whoever loads it.
    """

    organizations: dict[str, Document] = field(default_factory=dict)
    locations: dict[str, Document] = field(default_factory=dict)
    services: dict[str, Document] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


# --- Nested documents ------------------------------------------------------------------------------------------------
def from_documents(entries: list[Any], file: str) -> Package:
    """A list of services as `GET /services/{id}` gives each. Raises `BadDirectory`."""
    problems, package = Problems(), Package()
    checker = Checker(problems, from_text=False)
    for number, raw in enumerate(entries, start=1):
        place: Place = (file, "service", number)
        service = checker.document("service", raw, place)
        if service:
            _take_service(package, service, place, problems)
    package.notes += notes_of(checker)
    problems.stop_if_any()
    return package


def _take_service(package: Package, service: Document, place: Place, problems: Problems) -> None:
    """Keep a service, and apart from it its organization and its places."""
    service_id = service.get("id", "")
    if service_id and service_id in package.services:
        problems.add(place, f"the id {service_id} comes twice.")
    organization = service.pop("organization", None)
    if organization is not None:
        for location in organization.pop("locations", []):
            location["organization_id"] = organization.get("id", "")
            _keep(package, "locations", location)
        _keep(package, "organizations", organization)
    for link in service.get("service_at_locations", []):
        location = link.pop("location", None)
        if location is not None:
            _keep(package, "locations", location)
    package.services[service_id] = service
    package.places[service_id] = place
    _check_links(service, place, problems)


def _keep(package: Package, what: str, document: Document) -> None:
    """Keep a document that may be told in many services; a second telling that differs is left out, with a note."""
    kept = getattr(package, what).setdefault(document.get("id", ""), document)
    if kept != document:
        words = f"{what[:-1]} {document.get('id')} is told in different ways; the first was taken."
        if words not in package.notes:
            package.notes.append(words)


def _check_links(service: Document, place: Place, problems: Problems) -> None:
    if "organization_id" not in service:
        problems.add(place, "organization_id is missing.")
    for capacity in service.get("capacities", []):
        if "unit" not in capacity:
            problems.add(place, f"capacity {capacity.get('id')} has no unit.")
    for link in service.get("service_at_locations", []):
        if "location_id" not in link:
            problems.add(place, f"service_at_location {link.get('id')} has no location_id.")


# --- Tables ----------------------------------------------------------------------------------------------------------
def from_tables(tables: dict[str, list[tuple[Place, Document]]], *, from_text: bool) -> Package:
    """Rows by table, each with its place, put together by their ids. Raises `BadDirectory`."""
    problems, package = Problems(), Package()
    checker = Checker(problems, from_text=from_text)
    rows = {table: _rows(table, tables.get(table, []), checker) for table in TABLES}
    for table in TABLES:
        for place, row in list(rows[table].values()):
            _nest(rows, table, row, place, problems)
    package.organizations = {pk: row for pk, (_place, row) in rows["organization"].items()}
    package.locations = {pk: row for pk, (_place, row) in rows["location"].items()}
    for pk, (place, row) in rows["service"].items():
        package.services[pk], package.places[pk] = row, place
        _check_links(row, place, problems)
    package.notes += notes_of(checker)
    problems.stop_if_any()
    return package


Rows = dict[str, dict[str, tuple[Place, Document]]]


def _rows(table: str, raw_rows: list[tuple[Place, Document]], checker: Checker) -> dict[str, tuple[Place, Document]]:
    rows: dict[str, tuple[Place, Document]] = {}
    for place, raw in raw_rows:
        checker.left_out |= {(table, key) for key in raw if key not in TABLES[table].fields}
        row = checker.row(table, raw, place)
        if "id" not in row:
            continue  # told already
        if row["id"] in rows:
            checker.problems.add(place, f"the id {row['id']} comes twice.")
        rows[row["id"]] = place, row
    return rows


def _nest(rows: Rows, table: str, row: Document, place: Place, problems: Problems) -> None:
    """Put a row into the rows that it belongs to, and into it the single rows that it names."""
    owners = _owners(table, row, place, problems)
    for column in LINKS[table]:
        row.pop(column, None)
    for owner, pk in owners:
        if pk not in rows[owner]:
            problems.add(place, f"there is no {owner} with the id {pk}.")
        else:
            rows[owner][pk][1].setdefault(key_of(owner, table), []).append(row)
    for key, (child, column) in ONE.get(table, {}).items():
        if column in row and child not in ("organization", "location"):
            if row[column] not in rows[child]:
                problems.add(place, f"there is no {child} with the id {row[column]}.")
            else:
                row[key] = rows[child][row[column]][1]


def _owners(table: str, row: Document, place: Place, problems: Problems) -> list[tuple[str, str]]:
    """(table, id) of each row that this one belongs to; a row that belongs to nothing would be lost, so it is told."""
    owners = [(owner, row[column]) for column, owner in BACKLINKS[table].items() if column in row]
    about, which = ("link_entity", "link_id") if table == "attribute" else ("resource_type", "resource_id")
    if table in ("attribute", "metadata"):
        if row.get(about) in TABLES and which in row and table in MANY[row[about]].values():
            owners.append((row[about], row[which]))
        else:
            problems.add(place, f"{about} and {which} must name a row of another table.")
    elif BACKLINKS[table] and not owners:
        *some, last = BACKLINKS[table]
        problems.add(place, f"belongs to nothing: it needs {', '.join(some)}{' or ' if some else ''}{last}.")
    return owners


def notes_of(checker: Checker) -> list[str]:
    """A note for each field that HSDS does not have: it is not kept."""
    return [f"{table}: the field {name[:60]!r} is not one of HSDS 3.2.3 and was left out."
            for table, name in sorted(checker.left_out) if name]  # fmt: skip
