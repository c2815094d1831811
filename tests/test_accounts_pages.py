"""A person's own pages: name and language, how I sign in, second steps, devices."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from soc_portal.accounts.devices import device_words
from soc_portal.accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


def words(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def rosa():
    user = User.objects.create_user("rosa@example.org", name="Rosa Delgado")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def signed_in(user):
    """A browser that went through the real sign-in, with its own session row."""
    client = Client(headers={"user-agent": "Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile Safari/537.36"})
    client.post("/account/login/", {"email": user.email})
    code = re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE).group(1)
    response = client.post("/account/login/code/confirm/", {"code": code})
    assert response.status_code == 302
    return client


def totp_code(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def passkey(user, name="My phone"):
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": {}, "passwordless": True}
    )


OPEN = [
    "/account/login/", "/account/login/code/", "/account/login/password/", "/account/signup/",
    "/account/password/reset/", "/account/inactive/", "/signed-out/", "/account/password/reset/done/",
]  # fmt: skip
OWN = [
    "/me/", "/me/sign-in/", "/account/email/", "/account/password/set/", "/account/sessions/", "/account/logout/",
    "/account/2fa/totp/activate/", "/account/2fa/webauthn/", "/account/2fa/webauthn/add/",
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("url", OPEN)
def test_pages_of_the_way_in_render_for_visitors_in_both_languages(client, url, language):
    client.cookies["language"] = language
    response = client.get(url)
    assert response.status_code == 200
    assert f'<html lang="{language}">' in words(response)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("url", OWN)
def test_own_pages_render_in_both_languages(client, rosa, url, language):
    client.force_login(rosa)
    client.cookies["language"] = language
    response = client.get(url)
    assert response.status_code == 200
    assert f'<html lang="{language}">' in words(response)
    assert "no-store" in response["Cache-Control"]
    title = re.search(r"<title>(.*?)</title>", words(response)).group(1)
    assert "Rosa" not in title


@pytest.mark.parametrize("url", [url for url in OWN if "logout" not in url])
def test_own_pages_ask_visitors_to_sign_in(client, url):
    response = client.get(url)
    assert response.status_code == 302
    assert response.url.startswith("/account/login/?next=/")


@pytest.mark.parametrize("language", ["en", "es"])
def test_pages_of_people_with_all_second_steps_render(rosa, language):
    rosa.set_password(PASSWORD)
    rosa.save()
    client = Client()
    client.post("/account/login/password/", {"login": rosa.email, "password": PASSWORD})
    client.cookies["language"] = language
    page = client.get("/account/2fa/totp/activate/")
    secret = re.search(r'<code id="secret">(\w+)</code>', words(page)).group(1)
    assert "<svg" in words(page)
    assert "data:image" not in words(page)
    client.post("/account/2fa/totp/activate/", {"code": totp_code(secret)})
    key = passkey(rosa)
    for url in (
        "/me/sign-in/",
        "/account/password/change/",
        "/account/2fa/totp/deactivate/",
        "/account/2fa/recovery-codes/",
        "/account/2fa/recovery-codes/generate/",
        "/account/2fa/webauthn/",
        f"/account/2fa/webauthn/keys/{key.pk}/edit/",
        f"/account/2fa/webauthn/keys/{key.pk}/remove/",
        "/account/reauthenticate/",
        "/account/2fa/reauthenticate/",
    ):
        response = client.get(url)
        assert (url, response.status_code) == (url, 200)


def test_app_codes_are_turned_on_asked_for_and_turned_off(rosa):
    client = signed_in(rosa)
    page = client.get("/account/2fa/totp/activate/")
    secret = re.search(r'<code id="secret">(\w+)</code>', words(page)).group(1)
    wrong = client.post("/account/2fa/totp/activate/", {"code": "abc"})
    assert "Check the 6 numbers and try again." in words(wrong)
    response = client.post("/account/2fa/totp/activate/", {"code": totp_code(secret)})
    assert response.url == "/account/2fa/recovery-codes/"
    codes = re.findall(r"<code>(\w{8})</code>", words(client.get(response.url)))
    assert len(codes) == 10
    assert client.get("/account/2fa/recovery-codes/download/").content.decode().split() == codes
    stored = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in stored

    other = signed_in(rosa)
    assert not get_user(other).is_authenticated
    step = other.get("/account/2fa/authenticate/")
    assert step.status_code == 200
    assert "One more step" in words(step)
    other.post("/account/2fa/authenticate/", {"code": codes[0]})
    assert get_user(other) == rosa

    client.post("/account/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()


def test_a_passkey_can_be_renamed_and_removed_only_by_its_owner(client, rosa):
    key = passkey(rosa)
    other = User.objects.create_user("keisha@example.org")
    client.force_login(other)
    assert client.post(f"/account/2fa/webauthn/keys/{key.pk}/remove/").status_code == 404
    client = signed_in_with_key(rosa)
    client.post(f"/account/2fa/webauthn/keys/{key.pk}/edit/", {"name": "My old phone"})
    key.refresh_from_db()
    assert key.wrap().name == "My old phone"


def signed_in_with_key(user):
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "at": timezone.now().timestamp(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def test_the_passkey_button_offers_a_challenge(client):
    response = client.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})
    assert "challenge" in response.json()["request_options"]["publicKey"]


def test_a_passkey_is_not_offered_where_the_site_is_called_by_a_number(client):
    assert "data-passkey" in words(client.get("/account/login/"))
    assert "data-passkey" not in words(client.get("/account/login/", headers={"host": "127.0.0.1:8000"}))


def test_name_and_language_are_saved_and_the_page_follows_at_once(client, rosa):
    client.force_login(rosa)
    response = client.post("/me/", {"name": "Rosita", "language": "es"})
    assert response.url == "/me/"
    rosa.refresh_from_db()
    assert (rosa.name, rosa.language) == ("Rosita", "es")
    assert '<html lang="es">' in words(client.get("/me/"))


@pytest.mark.parametrize("typed", [{"name": "", "language": "en"}, {"name": "Rosa", "language": "xx"}])
def test_a_wrong_profile_changes_nothing(client, rosa, typed):
    client.force_login(rosa)
    assert client.post("/me/", typed).status_code == 422
    rosa.refresh_from_db()
    assert (rosa.name, rosa.language) == ("Rosa Delgado", "en")


def test_pages_come_in_the_language_of_the_person(client, rosa):
    rosa.language = "es"
    rosa.save()
    client.force_login(rosa)
    response = client.get("/me/")
    assert '<html lang="es">' in words(response)
    assert response["Content-Language"] == "es"


def test_a_language_chosen_in_the_header_becomes_the_persons_own(client, rosa):
    client.force_login(rosa)
    client.post("/language/", {"language": "es", "next": "/me/"})
    rosa.refresh_from_db()
    assert rosa.language == "es"
    client.cookies.clear()
    client.force_login(rosa)
    assert '<html lang="es">' in words(client.get("/me/"))


def test_the_browsers_choice_wins_over_the_account(client, rosa):
    client.force_login(rosa)
    client.cookies["language"] = "es"
    assert '<html lang="es">' in words(client.get("/me/"))
    rosa.refresh_from_db()
    assert rosa.language == "en"


def test_a_new_email_counts_only_after_its_code(rosa):
    client = signed_in(rosa)
    response = client.post("/account/email/", {"action_add": "", "email": "new@example.org"})
    assert response.url == "/account/confirm-email/"
    rosa.refresh_from_db()
    assert rosa.email == "rosa@example.org"
    assert client.get(response.url).status_code == 200
    assert mail.outbox[-1].to == ["new@example.org"]
    code = re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE).group(1)
    client.post(response.url, {"code": code})
    rosa.refresh_from_db()
    assert rosa.email == "new@example.org"


def test_a_password_can_be_chosen_and_the_owner_gets_a_mail_without_a_name(rosa):
    client = signed_in(rosa)
    page = client.post("/account/password/set/", {"password1": "short", "password2": "short"})
    assert "12" in words(page)
    response = client.post("/account/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    assert response.url == "/me/sign-in/"
    message = mail.outbox[-1]
    assert message.subject == "You have a password now"
    for part in (message.subject, message.body, message.alternatives[0][0]):
        assert not re.search("rosa|delgado|127.0.0.1", part.replace("http://testserver", ""), re.IGNORECASE)


# --- devices ---
def test_each_device_is_listed_and_can_be_signed_out(rosa):
    here, there = signed_in(rosa), signed_in(rosa)
    page = words(here.get("/account/sessions/"))
    assert page.count("Chrome on Android") == 2
    assert page.count("This device") == 1
    [row] = UserSession.objects.filter(session_key=there.session.session_key)
    assert here.post(f"/me/sign-in/devices/{row.pk}/end/").url == "/account/sessions/"
    assert not get_user(there).is_authenticated
    assert get_user(here) == rosa


def test_all_other_devices_are_signed_out_at_once(rosa):
    here, *others = [signed_in(rosa) for _device in range(3)]
    response = here.post("/account/sessions/", follow=True)
    assert "You are signed out on 2 other devices." in words(response)
    assert [get_user(client).is_authenticated for client in (here, *others)] == [True, False, False]


def test_nobody_signs_another_person_out(client, rosa):
    signed_in(rosa)
    row = UserSession.objects.get()
    client.force_login(User.objects.create_user("keisha@example.org"))
    assert client.post(f"/me/sign-in/devices/{row.pk}/end/").status_code == 404
    assert UserSession.objects.filter(pk=row.pk).exists()


def test_a_device_that_was_idle_too_long_is_not_listed(rosa):
    with time_machine.travel(timezone.now() - timedelta(minutes=22)):
        signed_in(rosa)
    here = signed_in(rosa)
    assert words(here.get("/account/sessions/")).count("Chrome on Android") == 1


@pytest.mark.parametrize("devices", [1, 3])
def test_the_list_of_devices_costs_the_same_for_one_and_for_three(rosa, devices, django_assert_num_queries):
    clients = [signed_in(rosa) for _device in range(devices)]
    clients[0].get("/account/sessions/")
    with django_assert_num_queries(QUERIES_OF_A_FRAME + 2):
        clients[0].get("/account/sessions/")


QUERIES_OF_A_FRAME = 5  # session, user, and what the frame asks to know its reader


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/120.0 Safari/537.36", "Chrome on Chromebook"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15) Gecko/20100101 Firefox/121.0", "Firefox on Mac"),
        ("curl/8", "A device"),
        ("", "A device"),
    ],
)
def test_a_device_is_named_in_words_its_owner_knows(user_agent, expected):
    assert device_words(user_agent) == expected


def test_the_demo_people_are_printed(capsys):
    call_command("demo_people")
    out = capsys.readouterr().out
    assert "caregiver" in out
    assert "Rosa Delgado" in out


def test_too_many_tries_have_a_page_of_their_own(client):
    for _time in range(21):
        response = client.post("/account/signup/", {"name": "x", "email": "bad"})
    assert response.status_code == 429
    assert "Please wait a little" in words(response)
