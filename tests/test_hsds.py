"""The public HSDS 3.2.3 interface: valid by the schemas of the standard, exact in its filters, about services alone."""

import datetime as dt
import json
import os
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from collaboratives.models import Organization
from referrals.actions.hsds_tables import TABLES, WORDS
from referrals.models import Service
from referrals.views.hsds import PARAMETERS
from tests.directories import a_service, a_term, load, many, uid

TOP = Path(__file__).parent.parent
STANDARDS = Path(os.environ.get("PORTAL_STANDARDS") or TOP.parent / "shared" / "standards") / "hsds"
BASE = "https://raw.githubusercontent.com/openreferral/specification/3.2/schema/"
ROOT, SERVICES = "/hsds/", "/hsds/services"
has_schemas = pytest.mark.skipif(
    not STANDARDS.is_dir(), reason="The schemas of HSDS are not here. Set PORTAL_STANDARDS to their folder."
)

pytestmark = pytest.mark.django_db


def errors(kind, document):
    """What is wrong with a document by the schema of the standard, in words; nothing when it is valid."""
    registry = Registry()
    for file in (STANDARDS / "schema").glob("*.json"):
        contents = json.loads(file.read_text())
        registry = registry.with_resource(BASE + file.name, Resource(contents=contents, specification=DRAFT202012))
    validator = Draft202012Validator({"$ref": f"{BASE}{kind}.json"}, registry=registry, format_checker=FormatChecker())
    return [f"{'/'.join(map(str, error.path))}: {error.message[:120]}" for error in validator.iter_errors(document)]


def envelope_errors(page):
    schema = json.loads((STANDARDS / "openapi.json").read_text())["components"]["schemas"]["Page"]
    schema["required"] = [*schema["properties"], "contents"]  # the standard's prose asks for all of them
    return [error.message for error in Draft202012Validator(schema).iter_errors(page)]


def get(client, address=SERVICES, **query):
    response = client.get(address, query)
    assert response.status_code == 200, response.content
    return response.json()


def names(client, **query):
    return {row["name"] for row in get(client, **query)["contents"]}


def refused(client, query):
    response = client.get(f"{SERVICES}?{query}")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    body = response.json()
    assert (body["type"], body["title"], body["status"]) == ("about:blank", "Bad Request", 400)
    return body["detail"]


# --- The standard ----------------------------------------------------------------------------------------------------
@has_schemas
def test_our_table_of_fields_is_that_of_the_standard():
    kinds = {
        ("string", "uuid"): {"uuid"}, ("string", "email"): {"email"}, ("string", "uri"): {"uri", "web"},
        ("number", ""): {"number", "latitude", "longitude"}, ("date", ""): {"date"}, ("datetime", ""): {"moment"},
        ("time", ""): {"time"},
    }  # fmt: skip
    package = json.loads((STANDARDS / "datapackage.json").read_text())
    assert {row["name"]: row["path"] for row in package["resources"]} == {
        name: table.file for name, table in TABLES.items()
    }
    for resource in package["resources"]:
        ours = TABLES[resource["name"]].fields
        theirs = {field["name"]: field for field in resource["schema"]["fields"]}
        assert list(ours) == list(theirs), resource["name"]
        for name, field in theirs.items():
            values = field.get("constraints", {}).get("enum")
            if values:
                assert sorted(WORDS[ours[name].kind]) == sorted(values)
            else:
                kind = field["type"], field.get("format", "").replace("default", "").replace("any", "")
                assert ours[name].kind in kinds.get(kind, {"text"}), (resource["name"], name)


@has_schemas
def test_every_answer_is_valid(client, world):
    load(many(7))
    world.service.refresh_from_db()
    for query in ({}, {"page": 2, "per_page": 3}, {"search": "no such words"}):
        page = get(client, **query)
        assert envelope_errors(page) == []
        assert [error for row in page["contents"] for error in errors("service_list", row)] == []
    full = get(client, full="true")
    assert full["total_items"] == Service.objects.count() == 11
    assert [error for row in full["contents"] for error in errors("service", row)] == []
    one = get(client, f"{SERVICES}/{world.service.hsds_id}")
    assert errors("service", one) == []
    assert errors("service", one | {"id": "17", "status": "open"}) != []  # the check itself can fail


@has_schemas
def test_the_export_is_valid_too(client, world, sign_in):
    page = sign_in(world.users.caregiver).get("/directory/export/").json()
    assert envelope_errors(page) == []
    assert [error for row in page["contents"] for error in errors("service", row)] == []


@has_schemas
def test_the_parameters_are_those_of_the_standard():
    standard = json.loads((STANDARDS / "openapi.json").read_text())
    asked = {row["$ref"].rpartition("/")[2] for row in standard["paths"]["/services"]["get"]["parameters"]}
    assert asked == set(PARAMETERS)
    for name, (kind, _words) in PARAMETERS.items():
        assert standard["components"]["parameters"][name]["schema"]["type"] == kind


# --- What this is ----------------------------------------------------------------------------------------------------
def test_the_root_says_what_it_is(client):
    answer = get(client, ROOT)
    assert answer["version"] == "3.2.3"
    assert answer["profile"].startswith("https://docs.openreferral.org/")
    assert answer["openapi_url"] == "http://127.0.0.1:8000/hsds/openapi.json"


def test_the_openapi_document_names_every_address_once(client):
    document = get(client, "/hsds/openapi.json")
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {"/", "/services", "/services/{id}"}
    operations = [path["get"] for path in document["paths"].values()]
    assert len({operation["operationId"] for operation in operations}) == 3
    assert {row["name"] for row in operations[1]["parameters"]} == set(PARAMETERS)
    assert document["servers"] == [{"url": "http://127.0.0.1:8000/hsds"}]


def test_anybody_may_ask_and_pages_of_other_sites_too(client, world):
    response = client.get(SERVICES)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert client.post(SERVICES).status_code == 405
    assert client.head(SERVICES).status_code == 200


def test_the_answer_is_in_english_for_everybody(client, world, sign_in):
    world.users.caregiver.language = "es"
    world.users.caregiver.save()
    english = get(client)
    assert get(sign_in(world.users.caregiver)) == english


# --- One and many ----------------------------------------------------------------------------------------------------
def test_one_service_has_everything_that_its_source_told(client, world):
    told = a_service()
    answer = get(client, f"{SERVICES}/{told['id']}")
    for key in (
        "id",
        "name",
        "phones",
        "schedules",
        "languages",
        "capacities",
        "wait_time",
        "assured_date",
        "fees_description",
    ):
        assert answer[key] == told[key], key
    assert answer["organization"]["phones"] == told["organization"]["phones"]
    [link] = answer["service_at_locations"]
    assert link["location"]["addresses"] == told["service_at_locations"][0]["location"]["addresses"]
    assert get(client, f"{SERVICES}/{told['id'].upper()}") == answer


@pytest.mark.parametrize("pk", [uid("nothing"), "17", "x" * 500, "%00", "..%2f.."])
def test_no_such_service(client, world, pk):
    response = client.get(f"{SERVICES}/{pk}")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json") or pk == "..%2f.."
    assert response.status_code == 404


def test_ended_services_and_those_of_ended_organizations_are_absent(client, world):
    Service.objects.filter(pk=world.service.pk).update(ended_at=timezone.now())
    Organization.objects.filter(pk=world.offices["other_provider"].pk).update(ended_at=timezone.now())
    assert names(client) == {"Weekend respite"}
    for service in (world.service, world.other_service):
        assert client.get(f"{SERVICES}/{service.hsds_id}").status_code == 404


def test_pages_are_counted(client):
    load(many(7))
    page = get(client, page=2, per_page=3)
    assert {key: page[key] for key in page if key != "contents"} == {
        "total_items": 7, "total_pages": 3, "page_number": 2, "size": 3, "first_page": False, "last_page": False,
        "empty": False,
    }  # fmt: skip
    last = get(client, page=3, per_page=3)
    assert (last["size"], last["first_page"], last["last_page"]) == (1, False, True)
    beyond = get(client, page=4, per_page=3)
    assert (beyond["contents"], beyond["empty"], beyond["last_page"]) == ([], True, True)
    everything = [row["id"] for number in (1, 2, 3) for row in get(client, page=number, per_page=3)["contents"]]
    assert sorted(everything) == everything == sorted(row.hsds_id for row in Service.objects.all())
    assert get(client)["total_pages"] == 1


def test_an_empty_directory_is_empty(client):
    page = get(client)
    assert (page["empty"], page["total_items"], page["total_pages"], page["last_page"]) == (True, 0, 1, True)


def test_minimal_is_ids_and_moments_of_all_services_at_once(client):
    load(many(60))
    page = get(client, minimal="true")
    assert page["size"] == page["total_items"] == 60
    assert {frozenset(row) for row in page["contents"]} == {frozenset({"id", "modified_date"})}
    assert page["contents"][0]["modified_date"] == "2026-10-02T12:00:00+00:00"
    assert get(client, minimal="true", per_page=10)["size"] == 10
    assert get(client, minimal="false")["size"] == 50


def test_a_short_service_has_its_one_to_one_fields_alone(client):
    service = a_service(program={"id": uid("p"), "name": "Evenings", "description": ""})
    load([service])
    [row] = get(client)["contents"]
    assert not [key for key, value in row.items() if isinstance(value, list)]
    assert set(row["organization"]) == {"id", "name", "description", "email", "website"}
    assert row["program"]["name"] == "Evenings"


# --- Filters: exact sets ---------------------------------------------------------------------------------------------
EVERYTHING = {"Evening counseling", "Weekend respite", "Parent line", "Durham mentors"}


def test_filters_find_exactly_what_they_ask_for(client, world):
    riverbend = world.offices["provider"].hsds_id
    assert names(client) == EVERYTHING
    assert names(client, search="ACOMPANA andres") == {"Durham mentors"}
    assert names(client, search="riverbend weekend") == {"Weekend respite"}
    assert names(client, search="riverbend mentors") == set()
    assert names(client, search="100%") == names(client, search="_______") == set()
    assert names(client, organization_id=riverbend) == {"Evening counseling", "Weekend respite"}
    assert names(client, organization_id=riverbend.upper(), search="respite") == {"Weekend respite"}
    assert names(client, organization_id="x") == set()
    assert names(client, taxonomy_term_id=a_term("Mentoring")["id"]) == {"Durham mentors"}
    assert names(client, taxonomy_term_id=a_term("Rides")["id"]) == set()
    assert names(client, taxonomy_id=a_term()["taxonomy_id"]) == EVERYTHING
    assert names(client, full="true", search="respite") == {"Weekend respite"}
    assert names(client, format="json") == EVERYTHING


def test_modified_after_counts_its_own_moment(client, world):
    moment = timezone.now().replace(microsecond=0)
    Service.objects.filter(pk=world.respite.pk).update(updated_at=moment)
    text = moment.isoformat()
    for asked in (text, text.replace("+", "%2B"), text.replace("+00:00", "Z"), timezone.localdate(moment).isoformat()):
        response = client.get(f"{SERVICES}?modified_after={asked}")
        assert [row["name"] for row in response.json()["contents"]] == ["Weekend respite"], asked
    local = timezone.localtime(moment).replace(tzinfo=None)
    assert names(client, modified_after=local.isoformat()) == {"Weekend respite"}
    later = (moment + dt.timedelta(days=366)).isoformat()
    assert names(client, modified_after=later) == set()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("page=0", "page must be a whole number from 1 to 1000000."),
        ("page=-1", "page must be a whole number from 1 to 1000000."),
        ("page=two", "page must be a whole number from 1 to 1000000."),
        ("page=٣", "page must be a whole number from 1 to 1000000."),
        ("page=99999999999999999999", "page must be a whole number from 1 to 1000000."),
        ("per_page=501", "per_page must be a whole number from 1 to 500."),
        ("per_page=", "per_page must be a whole number from 1 to 500."),
        ("full=yes", "full must be true or false."),
        ("minimal=1", "minimal must be true or false."),
        ("minimal=true&full=true", "minimal and full can't both be true."),
        ("format=ndjson", "format: only json is offered here."),
        ("search=" + "x" * 201, "search may have 200 letters."),
        ("search=a%00b", "The parameter search holds a zero byte."),
        ("search=a&search=b", "The parameter search is given more than once."),
        ("modified_after=monday", "modified_after must be a moment such as 2026-01-31T09:30:00Z."),
        ("modified_after=2026-02-30", "modified_after must be a moment such as 2026-01-31T09:30:00Z."),
        ("modified_after=0001-01-01T00:00:00%2B14:00", "modified_after must be a moment such as 2026-01-31T09:30:00Z."),
        ("proximity=100", f"The parameter 'proximity' is not known here. Known are {', '.join(PARAMETERS)}."),
    ],
)
def test_what_can_not_be_answered_is_refused(client, query, words):
    assert refused(client, query) == words


# --- Nothing else, and not too much ----------------------------------------------------------------------------------
def test_nothing_of_families_accounts_or_marks_is_in_it(client, world):
    text = client.get(f"{SERVICES}?full=true").content.decode() + client.get(ROOT).content.decode()
    for user in world.people.values():
        assert user.email not in text
    for word in ("Delgado", "Walker family", "Secret Lane", "marked_at", "source_hash", "password"):
        assert word not in text


def test_many_services_take_no_more_queries_than_one(client):
    counts = []
    for number in (1, 30):
        load(many(number))
        for query in ({}, {"full": "true"}):
            with CaptureQueriesContext(connection) as queries:
                get(client, **query)
            counts.append(len(queries))
    assert counts == [2, 3, 2, 3]


def test_a_hundred_and_twenty_answers_a_minute_are_enough(client, world):
    for _time in range(120):
        assert client.get(ROOT).status_code == 200
    response = client.get(SERVICES)
    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert response.json()["detail"] == "At most 120 requests in 60 seconds."
    assert client.get(SERVICES, REMOTE_ADDR="10.9.8.7").status_code == 200
    cache.clear()
    assert client.get(SERVICES).status_code == 200


def test_the_addresses_are_those_of_the_standard():
    assert reverse("referrals:hsds_root") == ROOT
    assert reverse("referrals:hsds_services") == SERVICES
    assert reverse("referrals:hsds_service", args=["x"]) == f"{SERVICES}/x"
