"""Twenty quiet minutes end a session, and nothing that was typed is lost."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from soc_portal.accounts.models import User
from soc_portal.drafts import access
from soc_portal.drafts.models import Draft
from tests.typed import drafts_for

pytestmark = pytest.mark.django_db
START = timezone.now().replace(microsecond=0)
SIGN_IN = "/account/login/?next=%2Fme%2F"
OUT = "You were signed out after 20 minutes."
KEPT = "What you typed is kept. Sign in to go on."


@pytest.fixture
def rosa():
    return User.objects.create_user("rosa@example.org", name="Rosa Delgado")


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client(clock, rosa):
    browser = Client()
    browser.force_login(rosa)
    browser.get("/me/")
    return browser


def later(clock, **delta):
    clock.move_to(START + timedelta(**delta))


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def words(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(("seconds", "alive"), [(20 * 60, True), (20 * 60 + 1, False)])
def test_a_session_lives_for_twenty_quiet_minutes(client, clock, seconds, alive):
    later(clock, seconds=seconds)
    response = client.get("/me/")
    assert response.status_code == (200 if alive else 302)
    assert get_user(client).is_authenticated is alive


def test_after_that_a_page_leads_to_sign_in_and_back(client, clock):
    later(clock, minutes=21)
    response = client.get("/me/?tab=1")
    assert response.url == "/account/login/?next=%2Fme%2F%3Ftab%3D1"
    assert said(response) == [OUT]
    assert OUT in words(client.get(response.url))


def test_any_request_keeps_the_session_alive(client, clock):
    for minutes in (15, 30, 45):
        later(clock, minutes=minutes)
        assert client.get("/me/").status_code == 200


def test_the_stay_button_keeps_it_alive(client, clock):
    later(clock, minutes=19)
    assert client.post("/stay/").status_code == 204
    later(clock, minutes=38)
    assert client.get("/me/").status_code == 200


def test_the_stay_button_of_a_session_that_is_over_says_so(client, clock):
    later(clock, minutes=21)
    assert client.post("/stay/").status_code == 401
    assert Client().post("/stay/").status_code == 401


def test_reading_writes_the_time_at_most_once_a_minute(client, clock):
    def writes():
        with CaptureQueriesContext(connection) as captured:
            client.get("/me/")
        return [q["sql"] for q in captured if q["sql"].split()[0] in ("UPDATE", "INSERT", "DELETE")]

    later(clock, seconds=59)
    assert writes() == []
    later(clock, seconds=60)
    assert len(writes()) == 2  # the session, and its row in the list of devices
    assert client.session["seen"] == int((START + timedelta(seconds=60)).timestamp())


def test_what_was_typed_is_kept_when_the_form_comes_too_late(client, clock, rosa):
    later(clock, minutes=21)
    response = client.post("/me/", {"name": "Rosita", "language": "es", "draft_path": "/me/", "version": "3"})
    assert response.url == SIGN_IN
    assert said(response) == [OUT, KEPT]
    assert drafts_for(rosa, "/me/") == {"name": "Rosita", "language": "es", "version": 3}
    assert not get_user(client).is_authenticated
    rosa.refresh_from_db()
    assert rosa.name == "Rosa Delgado"


def test_without_a_draft_path_the_forms_own_address_counts(client, clock, rosa):
    later(clock, minutes=21)
    assert client.post("/me/", {"name": "Rosita"}).url == SIGN_IN
    assert drafts_for(rosa, "/me/") == {"name": "Rosita"}


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", "/no-such-page/"])
def test_a_draft_path_never_leads_off_this_site(client, clock, rosa, path):
    later(clock, minutes=21)
    assert client.post("/me/", {"name": "Rosita", "draft_path": path}).url == SIGN_IN


def test_an_endless_text_is_not_kept_and_nothing_breaks(client, clock, rosa):
    later(clock, minutes=21)
    response = client.post("/me/", {"name": "a" * 200_001})
    assert response.url == SIGN_IN
    assert said(response) == [OUT]
    assert not Draft.objects.exists()


def test_signing_out_late_just_signs_out(client, clock):
    later(clock, minutes=21)
    response = client.post("/account/logout/")
    assert response.status_code == 302
    assert not Draft.objects.exists()


def test_public_pages_open_after_the_session_ended(client, clock):
    later(clock, minutes=21)
    assert client.get("/safety/").status_code == 200
    assert not get_user(client).is_authenticated


def test_an_absent_page_is_absent_after_the_session_ended_too(client, clock):
    later(clock, minutes=21)
    assert client.get("/no-such-page/").status_code == 404
    assert not get_user(client).is_authenticated


def test_a_script_is_sent_to_the_sign_in_page_as_a_page(client, clock):
    later(clock, minutes=21)
    response = client.post("/me/", {"name": "Rosita"}, headers={"hx-request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (204, SIGN_IN)


def test_the_device_leaves_the_list_when_its_session_ends(client, clock, rosa):
    key = client.session.session_key
    UserSession.objects.create(user=rosa, session_key=key, ip="127.0.0.1", user_agent="", last_seen_at=START)
    later(clock, minutes=2)
    client.get("/me/")
    assert UserSession.objects.get().last_seen_at == START + timedelta(minutes=2)
    later(clock, minutes=25)
    client.get("/me/")
    assert not UserSession.objects.exists()


# --- the session is gone for good: only the form's owner token knows whose words these are ---
def test_a_form_sent_without_a_session_is_kept_for_its_writer(clock, rosa):
    visitor = Client()
    response = visitor.post("/me/", {"name": "Rosita", "draft_owner": access.owner_token(rosa)})
    assert response.url == SIGN_IN
    assert said(response) == ["You were signed out.", KEPT]
    assert drafts_for(rosa, "/me/") == {"name": "Rosita"}


def test_nothing_of_it_is_shown_to_whoever_sent_it(clock, rosa):
    visitor = Client()
    response = visitor.post("/me/", {"name": "Secret words", "draft_owner": access.owner_token(rosa)}, follow=True)
    page = words(response)
    assert "Secret words" not in page
    assert "Rosa" not in page
    assert "rosa@" not in page


@pytest.mark.parametrize(("hours", "kept"), [(24, True), (24.01, False)])
def test_a_token_works_for_a_day(clock, rosa, hours, kept):
    token = access.owner_token(rosa)
    later(clock, hours=hours)
    response = Client().post("/me/", {"name": "Rosita", "draft_owner": token})
    assert response.url == SIGN_IN
    assert Draft.objects.exists() is kept


@pytest.mark.parametrize("change", [lambda t: "", lambda t: "x", lambda t: t[:-1] + ("A" if t[-1] != "A" else "B")])
def test_a_forged_token_keeps_nothing(clock, rosa, change):
    response = Client().post("/me/", {"name": "Rosita", "draft_owner": change(access.owner_token(rosa))})
    assert response.url == SIGN_IN
    assert not Draft.objects.exists()


def test_a_token_of_a_closed_account_keeps_nothing(clock, rosa):
    token = access.owner_token(rosa)
    User.objects.update(is_active=False)
    Client().post("/me/", {"name": "Rosita", "draft_owner": token})
    assert not Draft.objects.exists()


def test_a_token_is_good_for_so_many_writes_and_no_more(clock, rosa):
    cache.set(f"draft-owner:{rosa.pk}", access.WRITES_PER_WINDOW - 1, 600)
    token = access.owner_token(rosa)
    Client().post("/me/", {"name": "first", "draft_owner": token})
    Client().post("/me/", {"name": "second", "draft_owner": token})
    assert drafts_for(rosa, "/me/") == {"name": "first"}


def test_a_count_that_just_ran_out_starts_anew(clock, rosa, monkeypatch):
    monkeypatch.setattr(cache, "add", lambda *args: None)
    assert access.owner_from(access.owner_token(rosa)) == rosa


def test_a_form_from_before_the_last_sign_in_comes_back_to_be_sent_again(clock, rosa):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(rosa)
    response = browser.post("/me/", {"name": "Rosita", "draft_owner": access.owner_token(rosa)})
    assert response.url == "/me/"
    assert drafts_for(rosa, "/me/") == {"name": "Rosita"}
    assert "This page was open for too long." in said(response)[0]


def test_a_form_of_one_person_sent_while_another_is_signed_in_is_kept_for_its_writer(clock, rosa):
    andrea = User.objects.create_user("andrea@example.org")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(andrea)
    response = browser.post("/me/", {"name": "Rosita", "draft_owner": access.owner_token(rosa)})
    assert response.status_code == 403
    assert "Rosita" not in words(response)
    assert drafts_for(rosa, "/me/") == {"name": "Rosita"}
    assert drafts_for(andrea, "/me/") == {}


def test_a_form_of_another_site_keeps_nothing(clock, rosa):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(rosa)
    assert browser.post("/me/", {"name": "Rosita"}).status_code == 403
    assert not Draft.objects.exists()


def test_the_scripts_last_words_are_kept_for_the_page_they_belong_to(clock, rosa):
    browser = Client(enforce_csrf_checks=True)
    fields = {"path": "/me/", "name": "Rosita", "draft_owner": access.owner_token(rosa)}
    browser.post("/drafts/", fields)
    assert drafts_for(rosa, "/me/") == {"name": "Rosita"}


def test_the_scripts_words_are_kept_when_they_come_a_moment_too_late(client, clock, rosa):
    later(clock, minutes=21)
    assert client.post("/drafts/", {"path": "/me/", "name": "Rosita"}).status_code == 204
    assert drafts_for(rosa, "/me/") == {"name": "Rosita"}
    assert not get_user(client).is_authenticated


# --- the page that the script goes to when the time is over ---
def test_the_signed_out_page_ends_the_session_and_leads_back(client):
    response = client.get(
        "/signed-out/", headers={"referer": "http://testserver/me/?tab=1", "sec-fetch-site": "same-origin"}
    )
    assert response.status_code == 200
    assert not get_user(client).is_authenticated
    assert 'href="/account/login/?next=/me/"' in words(response)


def test_a_link_on_another_site_signs_nobody_out(client):
    client.get("/signed-out/", headers={"sec-fetch-site": "cross-site", "referer": "https://evil.example/me/"})
    assert get_user(client).is_authenticated
