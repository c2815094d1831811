"""Drafts: what somebody is typing is kept for them, and for nobody else."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone

from soc_portal.accounts.models import User
from soc_portal.drafts import access, actions
from soc_portal.drafts.forms import kept_for
from soc_portal.drafts.models import Draft
from soc_portal.drafts.tasks import purge_drafts
from tests.typed import drafts_for

pytestmark = pytest.mark.django_db
PATH = "/me/"


@pytest.fixture
def rosa():
    return User.objects.create_user("rosa@example.org", name="Rosa Delgado")


@pytest.fixture
def andrea():
    return User.objects.create_user("andrea@example.org", name="Andrea Pruitt")


def keep(user, fields, path=PATH, now=None, base_version=None):
    return actions.keep_drafts(
        user=user, path=path, fields=fields, now=now or timezone.now(), base_version=base_version
    )


def test_what_was_typed_comes_back_to_its_writer_only(client, rosa, andrea):
    client.force_login(rosa)
    assert client.post("/drafts/", {"path": PATH, "vision": "We eat together."}).status_code == 204
    assert drafts_for(rosa, PATH) == {"vision": "We eat together."}
    assert drafts_for(andrea, PATH) == {}
    assert drafts_for(rosa, "/safety/") == {}


def test_a_later_text_replaces_the_earlier_one(rosa):
    keep(rosa, {"vision": "We eat", "mission": "One plan"})
    keep(rosa, {"vision": "We eat together."})
    assert drafts_for(rosa, PATH) == {"vision": "We eat together.", "mission": "One plan"}


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "🍇" * 100_000,
        "שלום, נפגשים ביום חמישי",
        "كلنا معًا",
        "Tú\r\ny yo\n\n<script>alert(1)</script>",
        " x ",
    ],
    ids=["100,000 letters", "100,000 emoji", "Hebrew", "Arabic", "lines and tags", "spaces"],
)
def test_any_text_comes_back_as_it_was_typed(client, rosa, text):
    client.force_login(rosa)
    assert client.post("/drafts/", {"path": PATH, "vision": text}).status_code == 204
    assert drafts_for(rosa, PATH) == {"vision": text}


def test_a_nul_in_a_text_does_no_harm(client, rosa):
    client.force_login(rosa)
    client.post("/drafts/", {"path": PATH, "vision": "a\x00b", "a\x00": "x"})
    assert drafts_for(rosa, PATH) == {"vision": "ab"}


def test_several_answers_of_one_field_come_back_as_a_list(client, rosa):
    client.force_login(rosa)
    client.post("/drafts/", {"path": PATH, "who": ["mom", "coach"], "why": "one"})
    assert drafts_for(rosa, PATH) == {"who": ["mom", "coach"], "why": "one"}


def test_tokens_passwords_and_codes_are_never_kept(client, rosa):
    client.force_login(rosa)
    secrets = [
        "csrfmiddlewaretoken",
        "password1",
        "oldpassword",
        "code",
        "otp_token",
        "credential",
        "draft_owner",
        "next",
    ]
    client.post("/drafts/", {"path": PATH, "vision": "We eat together."} | dict.fromkeys(secrets, "x"))
    assert drafts_for(rosa, PATH) == {"vision": "We eat together."}


def test_an_empty_form_keeps_nothing_but_an_emptied_one_stays_empty(client, rosa):
    client.force_login(rosa)
    client.post("/drafts/", {"path": PATH, "vision": "  "})
    assert kept_for(rosa, PATH) is None
    keep(rosa, {"vision": "We"})
    keep(rosa, {"vision": ""})
    assert drafts_for(rosa, PATH) == {"vision": ""}


def test_the_oldest_version_that_was_looked_at_comes_back_too(client, rosa):
    client.force_login(rosa)
    client.post("/drafts/", {"path": PATH, "vision": "We", "version": "7"})
    assert drafts_for(rosa, PATH) == {"vision": "We", "version": 7}
    keep(rosa, {"mission": "One plan"}, base_version=5)
    assert drafts_for(rosa, PATH)["version"] == 5


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "٣"])
def test_a_version_that_is_no_number_is_left_out(client, rosa, version):
    client.force_login(rosa)
    client.post("/drafts/", {"path": PATH, "vision": "We", "version": version})
    assert drafts_for(rosa, PATH) == {"vision": "We"}


def test_when_the_person_last_typed_is_told(rosa):
    then = timezone.now() - timedelta(hours=3)
    keep(rosa, {"vision": "We"}, now=then - timedelta(hours=1))
    keep(rosa, {"mission": "One plan"}, now=then)
    assert kept_for(rosa, PATH).when == then


@pytest.mark.parametrize(
    "path",
    [
        "",
        "me/",
        "https://evil.example/me/",
        "//evil.example/me/",
        "/no-such-page/",
        "/me/?x=1",
        "/\\evil.example",
        "/" + "a" * 600,
    ],
)
def test_only_pages_of_this_site_have_drafts(client, rosa, path):
    client.force_login(rosa)
    response = client.post("/drafts/", {"path": path, "vision": "We"})
    assert response.status_code == 422
    assert response["Content-Type"].startswith("text/plain")
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "fields", [{f"f{n}": "x" for n in range(51)}, {"vision": "a" * 200_001}], ids=["51 fields", "200,001 characters"]
)
def test_too_much_is_refused_in_plain_words(client, rosa, fields):
    client.force_login(rosa)
    response = client.post("/drafts/", {"path": PATH} | fields)
    assert response.status_code == 413
    assert "too long to keep" in response.content.decode()
    assert not Draft.objects.exists()


def test_just_enough_is_kept(client, rosa):
    client.force_login(rosa)
    fields = {f"f{n}": "x" for n in range(49)} | {"vision": "a" * 200_000}
    assert client.post("/drafts/", {"path": PATH} | fields).status_code == 204
    assert Draft.objects.count() == 50


def test_drafts_need_the_csrf_token(csrf_client, rosa):
    csrf_client.force_login(rosa)
    assert csrf_client.post("/drafts/", {"path": PATH, "vision": "We"}).status_code == 403
    assert not Draft.objects.exists()


def test_a_visitor_keeps_nothing(client):
    response = client.post("/drafts/", {"path": PATH, "vision": "We"})
    assert response.status_code == 401
    assert not Draft.objects.exists()


def test_a_draft_can_be_thrown_away(client, rosa, andrea):
    keep(rosa, {"vision": "We"})
    keep(andrea, {"vision": "They"})
    client.force_login(rosa)
    assert client.post("/drafts/drop/", {"path": PATH}).url == PATH
    assert drafts_for(rosa, PATH) == {}
    assert drafts_for(andrea, PATH) == {"vision": "They"}


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", ""])
def test_throwing_away_never_leads_off_this_site(client, rosa, path):
    client.force_login(rosa)
    assert client.post("/drafts/drop/", {"path": path}).status_code == 422


@pytest.mark.parametrize(("days", "stays"), [(29, True), (30, True), (31, False)])
def test_a_draft_is_forgotten_after_thirty_days(rosa, days, stays):
    now = timezone.now()
    keep(rosa, {"vision": "We"}, now=now - timedelta(days=days))
    assert purge_drafts(now) == (0 if stays else 1)
    assert Draft.objects.exists() is stays


def test_the_script_may_keep_the_last_words_after_the_session_ended(client, rosa):
    response = client.post("/drafts/", {"path": PATH, "vision": "We", "draft_owner": access.owner_token(rosa)})
    assert response.status_code == 204
    assert response.content == b""
    assert drafts_for(rosa, PATH) == {"vision": "We"}


def test_the_forms_hidden_fields_name_the_writer_only_by_a_signed_token(rosa):
    request = RequestFactory().get(PATH)
    request.user = rosa
    template = engines["django"].from_string("{% load drafts %}{% draft_fields %}|{% draft_fields '/safety/' %}")
    here, there = template.render({}, request).split("|")
    assert 'name="draft_path" value="/me/"' in here
    assert 'name="draft_path" value="/safety/"' in there
    assert "rosa" not in here.lower()
    token = here.split('name="draft_owner" value="')[1].split('"')[0]
    assert access.owner_from(token) == rosa
    request.user = AnonymousUser()
    assert 'name="draft_owner" value=""' in template.render({}, request)


def test_the_notice_tells_when_and_offers_to_throw_away(client, rosa):
    keep(rosa, {"vision": "We"})
    client.force_login(rosa)
    request = client.get(PATH).wsgi_request
    template = engines["django"].from_string("{% include 'drafts/notice.html' %}")
    html = template.render({"kept": kept_for(rosa, PATH)}, request)
    assert "We kept what you typed on" in html
    assert 'action="/drafts/drop/"' in html
    assert f'name="path" value="{PATH}"' in html
