"""Services as HSDS 3.2.3 documents: the answers of the public interface, and the export. Nothing of a family."""

import datetime as dt
from typing import Any

from django.db.models import Prefetch, QuerySet

from collaboratives.models import Organization
from referrals.actions.directory import LOCATION_COLUMNS, ORGANIZATION_COLUMNS, SERVICE_COLUMNS
from referrals.actions.hsds_packages import Document
from referrals.actions.hsds_tables import MANY, ONE
from referrals.models import Location, Service, ServiceAtLocation


def with_everything(services: QuerySet[Service]) -> QuerySet[Service]:
    """The same services, with all that `full_document` reads: two more queries, however many there are."""
    links = ServiceAtLocation.objects.order_by("hsds_id").select_related("location__organization")
    return services.select_related("organization").prefetch_related(Prefetch("at_locations", queryset=links))


def short_document(service: Service) -> Document:
    """A service with its one-to-one fields alone, as a list shows it."""
    document = _plain_of("service", _service(service))
    document["organization"] = _plain_of("organization", _organization(service.organization))
    if "program" in service.hsds:
        document["program"] = _plain_of("program", service.hsds["program"])
    return document


def minimal_document(service: Service) -> Document:
    """Just enough to find out what has changed."""
    return {"id": service.hsds_id, "modified_date": _moment(service.updated_at)}


def full_document(service: Service) -> Document:
    """A service with everything that the directory knows of it."""
    document = _service(service)
    document["organization"] = _organization(service.organization)
    links = [_link(link) for link in service.at_locations.all()]
    if links:
        document["service_at_locations"] = links
    return document


def page_of(contents: list[Document], *, total: int, number: int, per_page: int) -> Document:
    """The envelope of a list."""
    pages = max(-(-total // per_page), 1)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }


def export_of(services: QuerySet[Service]) -> Document:
    """One package of these services, which can be loaded again."""
    contents = [full_document(service) for service in with_everything(services).order_by("hsds_id")]
    return page_of(contents, total=len(contents), number=1, per_page=max(len(contents), 1))


def _service(service: Service) -> Document:
    columns = {key: getattr(service, column) for key, column in SERVICE_COLUMNS.items()}
    return {
        "id": service.hsds_id,
        "organization_id": service.organization.hsds_id,
        **_told(columns),
        **service.hsds,
        **({"assured_date": service.checked_on.isoformat()} if service.checked_on else {}),
        "last_modified": _moment(service.updated_at),
    }


def _organization(row: Organization) -> Document:
    columns = _told({name: getattr(row, name) for name in ORGANIZATION_COLUMNS})
    return {"id": row.hsds_id, "name": row.name, "description": row.description, **columns, **row.hsds}


def _link(link: ServiceAtLocation) -> Document:
    return {"id": link.hsds_id, "location_id": link.location.hsds_id, **link.hsds, "location": _location(link.location)}


def _location(row: Location) -> Document:
    return {"id": row.hsds_id, **_told({name: getattr(row, name) for name in LOCATION_COLUMNS}), **row.hsds}


def _told(values: dict[str, Any]) -> Document:
    """Only what is known: HSDS leaves the rest out."""
    return {key: value for key, value in values.items() if value != ""}


def _plain_of(table: str, document: Document) -> Document:
    nested = {*MANY[table], *ONE.get(table, {})}
    return {key: value for key, value in document.items() if key not in nested}


def _moment(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat()
