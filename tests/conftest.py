"""The harness: strict by default, so that a whole class of mistakes fails in the first test that meets it."""

import datetime as dt
import os
import random
import socket
import uuid
from ipaddress import ip_address
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db.backends.signals import connection_created
from django.db.models.query import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from soc_portal.management.commands.compile_locale import compile_if_older
from tests import behind_the_wall, strict
from tests.over_http import served

NO_SKIP = os.environ.get("CI") == "true" or os.environ.get("PORTAL_NO_SKIP") == "1"
real_connect = socket.socket.connect
real_fetch_all = QuerySet._fetch_all


def pytest_configure(config):
    """The texts as they stand in the tree. No network. On PostgreSQL, the second wall. The moment asked for."""
    if not hasattr(config, "workerinput"):  # once, before the workers start
        for catalogue in (Path(__file__).parent.parent / "locale").glob("*/LC_MESSAGES/*.po"):
            compile_if_older(catalogue)
    socket.socket.connect = connect_to_this_machine_only
    connection_created.connect(behind_the_wall.see_all_rows)
    CaptureQueriesContext.captured_queries = property(behind_the_wall.captured_queries)
    if moment := os.environ.get("PORTAL_TEST_NOW"):  # with its offset from UTC, so that the zone stays the portal's
        journey = time_machine.travel(dt.datetime.fromisoformat(moment).astimezone(dt.UTC), tick=True)
        journey.start()
        config.add_cleanup(journey.stop)


def connect_to_this_machine_only(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6):
        host = "127.0.0.1" if address[0] == "localhost" else address[0]
        try:
            local = ip_address(host).is_loopback
        except ValueError:
            local = False
        assert local, f"A test tried to reach {address[0]}."
    return real_connect(self, address)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    return fail_a_skip(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    return fail_a_skip(report)


def fail_a_skip(report):
    """Where nothing may be missing (CI), a skipped test is a failed one; an expected failure is not a skip."""
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, but nothing may be skipped here: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def shuffled(request, monkeypatch):
    """A queryset without an order comes back in any order, the same one each time this test runs."""
    dice = random.Random(request.node.nodeid)

    def fetch_all(self):
        fresh = self._result_cache is None
        real_fetch_all(self)
        if fresh and isinstance(self._result_cache, list) and not self.query.is_sliced and not self.ordered:
            dice.shuffle(self._result_cache)

    monkeypatch.setattr(QuerySet, "_fetch_all", fetch_all)


@pytest.fixture(autouse=True)
def own_cache(monkeypatch):
    """Each test has its own rate limits, also on a shared Redis and in the threads of a live server."""
    monkeypatch.setattr(strict, "test_id", uuid.uuid4().hex)


@pytest.fixture(autouse=True)
def in_english():
    """Each test begins in English, whatever page the one before it opened last."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def csrf_client():
    """A browser that must send the CSRF token, as a real one must."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def world(db):
    """The small world of `tests/world.py`."""
    from tests import snapshot

    return snapshot.world()


@pytest.fixture
def sign_in(client):
    """A function that signs a user in on the test client and returns the client."""

    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def server(settings, tmp_path):
    """The port of the portal as it is served, on the database of this test; it must be on PostgreSQL."""
    with served(settings.VAR_DIR, tmp_path / "server.log") as port:
        yield port
