"""Logs: a line tells what happened and never what a person wrote or is called."""

import io
import json
import logging
import sys

import pytest
import structlog
from django.http import HttpResponse
from django.urls import resolve

from soc_portal.logging import RequestLog, configure, logging_settings

SECRET = "Mateo.Delgado@example.org"


@pytest.fixture
def lines(monkeypatch):
    """What is written to the log during a test, as parsed lines."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    configure(logging_settings())
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    monkeypatch.undo()
    configure(logging_settings())


def test_a_request_is_named_by_its_route_without_path_or_query(rf, lines):
    def view(request):
        request.resolver_match = resolve("/healthz")
        structlog.get_logger("x").info("inside")
        return HttpResponse("body")

    answer = RequestLog(view)(rf.post(f"/healthz?q={SECRET}", {"text": SECRET}))
    inside, done = lines()
    assert done["event"] == "request"
    assert (done["method"], done["route"], done["status"]) == ("POST", "healthz", 200)
    assert inside["request_id"] == done["request_id"] == answer["X-Request-ID"]
    assert SECRET not in json.dumps(lines())


def test_an_exception_is_named_by_type_and_place_never_by_its_message(lines):
    try:
        raise ValueError(f"Key (email)=({SECRET}) already exists")
    except ValueError:
        logging.getLogger("django.request").exception("%s: %s", "Internal Server Error", f"/invitation/{SECRET}")
        structlog.get_logger("ours").exception("failed")
    first, second = lines()
    assert first["exception"] == second["exception"] == "ValueError"
    assert first["at"][0].startswith("test_logging.py:")
    assert SECRET not in json.dumps([first, second])


@pytest.mark.parametrize("name", ["django.security.DisallowedHost", "allauth", "gunicorn.error", "kombux", ""])
def test_what_libraries_put_into_their_messages_is_dropped(lines, name):
    logging.getLogger(name).warning("about %s", SECRET)
    (line,) = lines()
    assert line["event"] == "about %s"
    assert SECRET not in json.dumps(line)


def test_a_worker_may_say_what_it_is_doing(lines):
    logging.getLogger("celery.worker.consumer").info("Connected to %s", "redis")
    assert [line["event"] for line in lines()] == ["Connected to redis"]
