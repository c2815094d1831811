"""Real pages in the machine's own Chromium. Use the fixture `page`; `sign_in(user)` signs its browser in."""

import os
import socket
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import sync_playwright

from tests.services import CHROMIUM

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
QUIET += ["--disable-background-networking", "--disable-component-update", "--disable-extensions"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]


def pytest_collection_modifyitems(items):
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def chromium():
    assert CHROMIUM, "Chromium was not found. On Debian: apt install chromium"
    # Playwright keeps an event loop in this thread; Django's database calls in a test are synchronous all the same.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Connections:
    """The browsers' connections that the test's server still serves.

    What a browser asked for last may still be written when its page is closed; the tables are emptied only after that.
    """

    def __init__(self, server):
        self.address, self.open, self.changed = server.server_address, 0, threading.Condition()
        accept, serve = server.process_request, server.process_request_thread

        def accepted(request, address):
            with self.changed:
                self.open += 1
            accept(request, address)

        def served(request, address):
            try:
                serve(request, address)
            finally:
                with self.changed:
                    self.open -= 1
                    self.changed.notify_all()

        server.process_request, server.process_request_thread = accepted, served

    def wait(self):
        """Until all of them are finished. Browsers must be closed, or their connections stay open."""
        with socket.create_connection(self.address) as last:  # those that came before it are accepted before it
            last.shutdown(socket.SHUT_WR)
            last.recv(1)
        with self.changed:
            assert self.changed.wait_for(lambda: not self.open, timeout=30), f"{self.open} connections are still open."


@pytest.fixture(scope="session")
def connections(live_server):
    return Connections(live_server.thread.httpd)


@pytest.fixture
def open_browser(chromium, live_server, connections):
    """open_browser(width=375, ...): a page of a new, empty browser. A complaint on its console fails the test."""
    contexts, complaints = [], []

    def opened(width=375, height=800, **options):
        context = chromium.new_context(base_url=live_server.url, viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if is_complaint(line) else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    connections.wait()
    assert complaints == []


def is_complaint(line):
    """Errors and warnings of the console, but for answers like 404 and 422 that a test asked for."""
    return line.type in ("error", "warning") and not line.text.startswith("Failed to load resource")


@pytest.fixture
def page(open_browser):
    """A phone."""
    return open_browser()


@pytest.fixture
def sign_in(live_server):
    """sign_in(page, user): this browser is signed in from now on."""

    def signed_in(page, user):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])

    return signed_in


@pytest.fixture
def accessibility_faults():
    """accessibility_faults(page): what axe-core finds against WCAG 2.0 to 2.2, A and AA; empty when nothing."""

    def faults(page):
        found = Axe().run(page, options={"runOnly": WCAG}).response["violations"]
        return [f"{fault['id']}: {node['html'][:120]}" for fault in found for node in fault["nodes"]]

    return faults
