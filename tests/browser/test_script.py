"""What the script adds, in a real browser: drafts, the warning before signing out, the way out, edit in place.

The pages come from our templates without a server: each request is answered right here, so a test can let one fail.
"""

import re
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory

ROOT = "https://portal.test"
FRAME = {
    "nav": {
        "role": "staff", "team_id": None, "teams": True, "worklist": False, "referrals": False, "partners": False,
        "name": "Rosa", "initials": "R", "kind": "family",
    },
    "demo": False, "idle_minutes": 20, "idle_seconds": 1140, "warn_seconds": 120,
}  # fmt: skip
PAGE = (
    """{% extends "base.html" %}{% load i18n %}{% block title %}Test{% endblock %}{% block main %}BODY{% endblock %}"""
)
FORM = """<form id="it" class="editing" method="post" data-draft novalidate
 hx-post="/save/" hx-target="#it" hx-swap="outerHTML">
<input type="hidden" name="csrfmiddlewaretoken" value="tok"><input type="hidden" name="draft_owner" value="me">
<input name="what" type="text" ERROR><textarea name="note"></textarea><input type="password" name="pin" value="1234">
<p data-draft-status data-saved="Kept" data-failed="Not kept"></p><button class="btn">Save</button></form>"""


class Site:
    """Answers every request of one browser window; `status` of a path can be set, and `posts` remembers what came."""

    def __init__(self, context):
        self.posts = []
        self.status = {"/drafts/": 204, "/stay/": 204}
        self.pages = {"/edit/": FORM, "/other/": "<p>Other</p>", "/signed-out/": "<p>Out</p>"}
        self.saved = '<p id="it">Saved</p>'
        context.route("**/*", self.answer)

    def answer(self, route):
        url = urlsplit(route.request.url)
        if url.netloc != "portal.test":
            return route.fulfill(body="weather", content_type="text/html")
        if url.path.startswith("/static/"):
            kinds = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
            body = Path(finders.find(url.path.removeprefix("/static/"))).read_bytes()
            return route.fulfill(body=body, content_type=kinds[url.path.rpartition(".")[2]])
        if route.request.method == "POST":
            self.posts.append(
                (url.path, parse_qs(route.request.post_data or "", keep_blank_values=True), route.request.headers)
            )
            return route.fulfill(status=self.status.get(url.path, 200), body=self.saved, content_type="text/html")
        request = RequestFactory().get(url.path)
        html = engines["django"].from_string(PAGE.replace("BODY", self.pages[url.path])).render(FRAME, request)
        return route.fulfill(body=html, content_type="text/html")

    def sent(self, path):
        return [fields for where, fields, _ in self.posts if where == path]


@pytest.fixture
def window(chromium):
    context = chromium.new_context()
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(error))  # it marks what it is given
    page.clock.install()
    yield SimpleNamespace(page=page, site=Site(context), context=context)
    assert errors == []
    context.close()


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.name")


def type_note(page, text):
    page.fill("textarea", text)
    page.clock.run_for(1600)


def test_a_draft_is_kept_a_moment_after_typing_without_the_password(window):
    window.page.goto(f"{ROOT}/edit/")
    with window.page.expect_request("**/drafts/"):
        type_note(window.page, "Hola ñ")
    window.page.wait_for_function("document.querySelector('[data-draft-status]').textContent === 'Kept'")
    (fields,) = window.site.sent("/drafts/")
    token = fields.pop("csrfmiddlewaretoken")
    assert len(token) == 1
    assert fields == {"draft_owner": ["me"], "what": [""], "note": ["Hola ñ"], "path": ["/edit/"]}


def test_a_draft_that_could_not_be_kept_says_so_and_is_sent_when_the_line_is_back(window):
    window.page.goto(f"{ROOT}/edit/")
    window.site.status["/drafts/"] = 500
    type_note(window.page, "words")
    window.page.wait_for_function("document.querySelector('[data-draft-status]').textContent === 'Not kept'")
    window.site.status["/drafts/"] = 204
    window.page.evaluate("dispatchEvent(new Event('online'))")
    window.page.wait_for_function("document.querySelector('[data-draft-status]').textContent === 'Kept'")
    assert [fields["note"] for fields in window.site.sent("/drafts/")] == [["words"], ["words"]]


def test_a_form_that_is_sent_leaves_no_draft_behind(window):
    window.page.goto(f"{ROOT}/edit/")
    window.page.fill("textarea", "words")
    window.page.click("#it button")
    window.page.wait_for_selector("p#it")
    window.page.clock.run_for(5000)
    assert window.site.sent("/drafts/") == []
    assert window.site.sent("/save/")[0]["note"] == ["words"]


def test_the_page_warns_and_stays_when_asked(window):
    page = window.page
    page.goto(f"{ROOT}/edit/")
    page.clock.fast_forward(1_019_000)
    assert page.is_hidden("#idle")
    page.clock.fast_forward(2_000)
    assert page.is_visible("#idle")
    page.click("#idle button")
    page.wait_for_selector("#idle", state="hidden")
    assert window.site.sent("/stay/")[0].keys() == {"csrfmiddlewaretoken"}
    page.clock.fast_forward(1_000_000)
    assert page.is_hidden("#idle")


def test_when_nobody_answers_the_words_are_kept_and_the_page_goes_out(window):
    page = window.page
    page.goto(f"{ROOT}/edit/")
    page.fill("textarea", "last words")
    page.clock.fast_forward(3_600_000)  # also what a laptop does that was closed for an hour
    page.wait_for_url(f"{ROOT}/signed-out/")
    assert [fields["note"] for fields in window.site.sent("/drafts/")][-1:] == [["last words"]]


def test_what_another_tab_did_counts(window):
    page = window.page
    page.goto(f"{ROOT}/edit/")
    page.clock.fast_forward(1_021_000)
    assert page.is_visible("#idle")
    page.evaluate("localStorage.setItem('seen', Date.now()); dispatchEvent(new StorageEvent('storage', {key: 'seen'}))")
    assert page.is_hidden("#idle")
    assert re.fullmatch(r"\d+", page.evaluate("localStorage.getItem('seen')"))
    assert page.evaluate("Object.keys(localStorage)") == ["seen"]  # a time, and nothing that was typed


@pytest.mark.parametrize("way", ["press", "keys"])
def test_leaving_opens_the_weather_and_back_skips_the_page(window, way):
    page = window.page
    page.goto(f"{ROOT}/other/")
    page.goto(f"{ROOT}/edit/")
    if way == "press":
        page.click("[data-exit]")
    else:
        for _ in range(3):
            page.keyboard.press("Escape")
    page.wait_for_url("https://www.weather.gov/")
    page.go_back()
    assert page.url == f"{ROOT}/other/"


def test_an_answer_with_errors_is_shown_and_the_reader_lands_at_the_first(window):
    window.page.goto(f"{ROOT}/edit/")
    window.site.status["/save/"] = 422
    window.site.saved = FORM.replace("ERROR", 'aria-invalid="true"')
    window.page.click("#it button")
    window.page.wait_for_selector("[aria-invalid]")
    window.page.clock.run_for(200)
    assert focused(window.page) == "what"
    window.site.status["/save/"] = 200
    window.site.saved = '<p id="it">Saved</p>'
    window.page.click("#it button")
    window.page.wait_for_selector("p#it")
    window.page.clock.run_for(200)
    assert focused(window.page) == "it"


def test_a_broken_answer_leaves_the_words_where_they_are(window):
    window.page.goto(f"{ROOT}/edit/")
    window.site.status["/save/"] = 500
    window.page.fill("textarea", "words")
    window.page.click("#it button")
    window.page.wait_for_selector("#trouble:not([hidden])")
    assert window.page.input_value("textarea") == "words"
    assert focused(window.page) == "trouble"
    assert window.site.posts[0][2]["x-csrftoken"]
