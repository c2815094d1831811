"""The directory for other systems: the HSDS 3.2.3 interface, public and only for reading. Answers are in English.

It shows services, their organizations and places: no family, no referral, no account. A parameter that is not known
is refused, since an answer without a filter that somebody asked for would be a wrong answer.
"""

import datetime as dt
import re
from http import HTTPStatus

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.http import require_safe

from referrals import access
from referrals.actions.hsds_check import UUID
from referrals.actions.hsds_documents import full_document, minimal_document, page_of, short_document, with_everything
from referrals.actions.hsds_tables import WORDS
from soc_portal.access.limits import within_limit

VERSION = "3.2.3"
PROFILE = "https://docs.openreferral.org/en/latest/hsds/"
SCHEMAS = "https://raw.githubusercontent.com/openreferral/specification/3.2/schema/compiled/"
DEFAULT_PER_PAGE, MOST_PER_PAGE = 50, 500
LONGEST_SEARCH = 200
#: So many answers a minute for one address: enough to read a large directory page by page.
ANSWERS, SECONDS = 120, 60
#: The parameters of a list, with the kind of each and what it does, for the OpenAPI document and for checking.
PARAMETERS = {
    "search": ("string", "Words that stand in name, description, eligibility or organization; all must be there."),
    "page": ("integer", "Number of the page, from 1."),
    "per_page": ("integer", f"Services on a page, 1 to {MOST_PER_PAGE}; {DEFAULT_PER_PAGE} when left out."),
    "format": ("string", "Only json."),
    "taxonomy_term_id": ("string", "Services described by this term."),
    "taxonomy_id": ("string", "Services described by any term of this taxonomy."),
    "organization_id": ("string", "Services of this organization."),
    "modified_after": ("string", "Services changed at this moment or later."),
    "minimal": ("boolean", "Only id and modified_date; all services on one page unless per_page is given."),
    "full": ("boolean", "Services with everything that is nested in them."),
}


class Refused(Exception):
    """The question can't be answered; the text says why."""


def problem(status: int, detail: str, **headers) -> JsonResponse:
    """RFC 9457: what was wrong with the question, for a program and for whoever wrote it."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return _open(JsonResponse(body, status=status, content_type="application/problem+json", headers=headers))


def _open(response: JsonResponse) -> JsonResponse:
    """The directory is for everybody, so pages of other sites may read it; no cookie goes along."""
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _answer(document: dict) -> JsonResponse:
    return _open(JsonResponse(document, json_dumps_params={"ensure_ascii": False}))


def polite(view):
    """At most so many answers a minute for one address."""

    @login_not_required  # public: a directory of services is no secret, and other systems have no account
    @require_safe
    def limited(request, **kwargs):
        key = f"hsds:{get_adapter(request).get_client_ip(request)}"
        if not within_limit(key, most=ANSWERS, seconds=SECONDS):
            return problem(429, f"At most {ANSWERS} requests in {SECONDS} seconds.", **{"Retry-After": str(SECONDS)})
        try:
            return view(request, **kwargs)
        except Refused as refused:
            return problem(400, str(refused))

    return limited


@polite
def hsds_root(request):
    """What this interface is."""
    return _answer(
        {
            "version": VERSION,
            "profile": PROFILE,
            "openapi_url": settings.PORTAL_URL + reverse("referrals:hsds_openapi"),
            "description": "The service directory of the System of Care portal. Read only; no personal records.",
        }
    )


@polite
def hsds_services(request):
    """A page of services: short, minimal or full."""
    asked = _asked(request)
    minimal, full = _flag(asked, "minimal"), _flag(asked, "full")
    if minimal and full:
        raise Refused("minimal and full can't both be true.")
    services = _filtered(asked).order_by("hsds_id")
    number = _number(asked, "page", default=1, most=1_000_000)
    total = services.count()
    fewest = max(total, 1) if minimal else DEFAULT_PER_PAGE
    per_page = _number(asked, "per_page", default=fewest, most=max(MOST_PER_PAGE, fewest))
    services = with_everything(services) if full else services.select_related("organization")
    shown = list(services[(number - 1) * per_page : number * per_page])
    document = minimal_document if minimal else full_document if full else short_document
    return _answer(page_of([document(row) for row in shown], total=total, number=number, per_page=per_page))


@polite
def hsds_service(request, hsds_id):
    """One service with everything that is nested in it."""
    services = with_everything(access.public_services())
    service = services.filter(hsds_id=hsds_id.lower()).first() if UUID.fullmatch(hsds_id) else None
    return _answer(full_document(service)) if service else problem(404, "There is no service with this id.")


@polite
def hsds_openapi(request):
    """The interface in the words of OpenAPI: what of HSDS 3.2.3 is here."""
    return _answer(openapi_document())


# --- The question ----------------------------------------------------------------------------------------------------
def _asked(request) -> dict[str, str]:
    """The parameters, each once and each known."""
    for name, values in request.GET.lists():
        if name not in PARAMETERS:
            raise Refused(f"The parameter {name[:60]!r} is not known here. Known are {', '.join(PARAMETERS)}.")
        if len(values) > 1:
            raise Refused(f"The parameter {name} is given more than once.")
        if "\x00" in values[0]:
            raise Refused(f"The parameter {name} holds a zero byte.")
    if request.GET.get("format", "json") != "json":
        raise Refused("format: only json is offered here.")
    return request.GET.dict()


def _flag(asked, name) -> bool:
    value = asked.get(name, "false").lower()
    if value not in ("true", "false"):
        raise Refused(f"{name} must be true or false.")
    return value == "true"


def _number(asked, name, *, default, most) -> int:
    text = asked.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,7}", text) or not 1 <= int(text) <= most:
        raise Refused(f"{name} must be a whole number from 1 to {most}.")
    return int(text)


def _moment(text: str) -> dt.datetime:
    """A moment or a day; a plus that came as a blank is one again; without a zone it is North Carolina's time."""
    text = re.sub(r" (\d\d:?\d\d)$", r"+\1", text) if "T" in text else text
    try:
        moment = parse_datetime(text)
        if moment is None and (day := parse_date(text)):
            moment = dt.datetime.combine(day, dt.time())
        if moment is not None:
            moment = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
            return moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        pass
    raise Refused("modified_after must be a moment such as 2026-01-31T09:30:00Z.")


def _filtered(asked: dict[str, str]):
    """The services that fit every filter that was given."""
    services = access.public_services()
    if len(asked.get("search", "")) > LONGEST_SEARCH:
        raise Refused(f"search may have {LONGEST_SEARCH} letters.")
    if "search" in asked:
        services = services.with_words(asked["search"])
    if "taxonomy_term_id" in asked:
        services = services.described_by(term_id=asked["taxonomy_term_id"].lower())
    if "taxonomy_id" in asked:
        services = services.described_by(taxonomy_id=asked["taxonomy_id"].lower())
    if "organization_id" in asked:
        services = services.filter(organization__hsds_id=asked["organization_id"].lower())
    if "modified_after" in asked:
        services = services.filter(updated_at__gte=_moment(asked["modified_after"]))
    return services


# --- OpenAPI ---------------------------------------------------------------------------------------------------------
def openapi_document() -> dict:
    """Our own document; the answers are those of the standard, by reference."""
    prefix = reverse("referrals:hsds_root").rstrip("/")
    page = {
        "type": "object",
        "required": ["empty", "contents"],
        "properties": {
            **{key: {"type": "integer"} for key in ("total_items", "total_pages", "page_number", "size")},
            **{key: {"type": "boolean"} for key in ("first_page", "last_page", "empty")},
            "contents": {"type": "array", "items": {"$ref": f"{SCHEMAS}service_list.json"}},
        },
    }
    root = {
        "type": "object",
        "properties": {
            "version": {"type": "string"},
            "description": {"type": "string"},
            **{key: {"type": "string", "format": "uri"} for key in ("profile", "openapi_url")},
        },
    }
    asked = [
        {"name": name, "in": "query", "required": False, "description": words, "schema": {"type": kind}}
        for name, (kind, words) in PARAMETERS.items()
    ]
    one = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "System of Care portal: service directory",
            "version": "1",
            "description": f"HSDS {VERSION}, read only. Values of status: {', '.join(WORDS['status'])}.",
        },
        "servers": [{"url": settings.PORTAL_URL + prefix}],
        "paths": {
            "/": {"get": _operation("getDirectory", "What this interface is.", root)},
            "/services": {"get": _operation("listServices", "A page of services.", page, asked, (400,))},
            "/services/{id}": {
                "get": _operation(
                    "getService", "One service, fully nested.", {"$ref": f"{SCHEMAS}service.json"}, [one], (404,)
                )
            },
        },
    }


def _operation(name, words, schema, parameters=(), refusals=()) -> dict:
    refused = {
        str(status): {"description": HTTPStatus(status).phrase, "content": {"application/problem+json": {}}}
        for status in (*refusals, 429)
    }
    return {
        "operationId": name,
        "summary": words,
        "tags": ["required"],
        "parameters": list(parameters),
        "responses": {
            "200": {"description": words, "content": {"application/json": {"schema": schema}}}, **refused
        },
    }  # fmt: skip
