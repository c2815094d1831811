"""Signing in and signing up: codes, passwords, the demo, and where people land."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from soc_portal.accounts.models import User
from soc_portal.accounts.personas import PERSONAS

pytestmark = pytest.mark.django_db

LOGIN, CONFIRM, SIGNUP = "/account/login/", "/account/login/code/confirm/", "/account/signup/"
VERIFY, PASSWORD = "/account/confirm-email/", "/account/login/password/"
NEXT = "/safety/"


def person(email="rosa@example.org", **fields):
    user = User.objects.create_user(email, name=fields.pop("name", "Rosa Delgado"), **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def code_in(message):
    return re.search(r"^(\d{6})$", message.body, re.MULTILINE).group(1)


def another(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def ask_for_code(client, email="rosa@example.org", next_url=NEXT):
    response = client.post(LOGIN, {"email": email, "next": next_url})
    assert response.status_code == 302
    assert response.url == f"{CONFIRM}?next={next_url.replace('/', '%2F')}"
    return response


def words(response):
    return " ".join(response.content.decode().split())


def test_a_fresh_code_signs_in_and_leads_where_the_person_was_going(client):
    rosa = person()
    ask_for_code(client)
    response = client.post(CONFIRM, {"code": code_in(mail.outbox[0]), "next": NEXT})
    assert (response.status_code, response.url) == (302, NEXT)
    assert get_user(client) == rosa


def test_a_code_may_be_pasted_with_spaces(client):
    person()
    ask_for_code(client)
    code = code_in(mail.outbox[0])
    client.post(CONFIRM, {"code": f" {code[:3]} {code[3:]} "})
    assert get_user(client).is_authenticated


def test_the_email_is_found_whatever_its_case(client):
    person()
    ask_for_code(client, email="  Rosa@Example.ORG ")
    assert [m.to for m in mail.outbox] == [["rosa@example.org"]]


def test_a_wrong_code_says_so_counts_the_tries_and_keeps_the_way(client):
    person()
    ask_for_code(client)
    wrong = another(code_in(mail.outbox[0]))
    response = client.post(CONFIRM, {"code": wrong, "next": NEXT})
    assert response.status_code == 422
    assert "Check the 6 numbers and try again." in words(response)
    assert "You have 2 more tries." in words(response)
    assert f'name="next" value="{NEXT}"' in words(response)
    assert wrong in words(response)


def test_the_right_code_still_works_after_a_wrong_one(client):
    person()
    ask_for_code(client)
    code = code_in(mail.outbox[0])
    client.post(CONFIRM, {"code": another(code), "next": NEXT})
    assert client.post(CONFIRM, {"code": code, "next": NEXT}).url == NEXT


def test_an_empty_code_is_not_a_try(client):
    person()
    ask_for_code(client)
    for _time in range(4):
        response = client.post(CONFIRM, {"code": " "})
        assert response.status_code == 422
        assert "Write the 6 numbers of your code." in words(response)
    client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    assert get_user(client).is_authenticated


def test_after_three_wrong_codes_the_right_one_is_of_no_use_and_next_is_kept(client):
    person()
    ask_for_code(client)
    code = code_in(mail.outbox[0])
    for _time in range(3):
        response = client.post(CONFIRM, {"code": another(code), "next": NEXT})
    assert response.url == "/account/login/code/?next=%2Fsafety%2F"
    assert "too many tries" in words(client.get(response.url))
    client.post(CONFIRM, {"code": code})
    assert not get_user(client).is_authenticated


@pytest.mark.parametrize(("seconds", "works"), [(599, True), (601, False)])
def test_a_code_works_for_ten_minutes(client, seconds, works):
    person()
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        ask_for_code(client)
    with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
        response = client.post(CONFIRM, {"code": code_in(mail.outbox[0]), "next": NEXT})
        assert get_user(client).is_authenticated is works
        if not works:
            assert response.url.endswith("?next=%2Fsafety%2F")
            assert "That code is no longer good." in words(client.get(response.url))


def test_a_used_code_does_not_sign_in_again(client):
    person()
    ask_for_code(client)
    code = code_in(mail.outbox[0])
    client.post(CONFIRM, {"code": code})
    client.post("/account/logout/")
    response = client.post(CONFIRM, {"code": code, "next": NEXT})
    assert not get_user(client).is_authenticated
    assert "That code is no longer good." in words(client.get(response.url))


def test_a_code_sent_twice_in_the_same_browser_does_no_harm(client):
    person()
    ask_for_code(client)
    code = code_in(mail.outbox[0])
    client.post(CONFIRM, {"code": code, "next": NEXT})
    assert client.post(CONFIRM, {"code": code, "next": NEXT}).url == NEXT


def test_a_new_code_replaces_the_old_one(client):
    person()
    ask_for_code(client)
    response = client.post(CONFIRM, {"action": "resend", "next": NEXT})
    assert response.url == f"{CONFIRM}?next=%2Fsafety%2F"
    assert "We sent a new code." in words(client.get(response.url))
    first, second = (code_in(m) for m in mail.outbox)
    if first != second:
        assert client.post(CONFIRM, {"code": first}).status_code == 422
    client.post(CONFIRM, {"code": second})
    assert get_user(client).is_authenticated


def test_the_code_belongs_to_the_browser_that_asked_for_it(client, django_user_model):
    person()
    ask_for_code(client)
    stranger = client.__class__()
    stranger.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    assert not get_user(stranger).is_authenticated


def test_an_unknown_email_gets_the_same_answer_and_no_mail(client):
    person()
    known = client.post(LOGIN, {"email": "rosa@example.org"})
    page_known = client.get(CONFIRM)
    other = client.__class__()
    unknown = other.post(LOGIN, {"email": "nobody@example.org"})
    page_unknown = other.get(CONFIRM)
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    masks = [re.sub(r"[rn]•••••", "", words(p)) for p in (page_known, page_unknown)]
    masks = [re.sub(r'value="\w{64}"', "", page) for page in masks]
    assert masks[0] == masks[1]
    assert [m.to for m in mail.outbox] == [["rosa@example.org"]]
    assert other.post(CONFIRM, {"code": ""}).status_code == 422
    assert other.post(CONFIRM, {"code": "000000"}).status_code == 422


def test_the_code_page_does_not_write_the_email_out(client):
    person()
    ask_for_code(client)
    page = words(client.get(CONFIRM))
    assert "r•••••@example.org" in page
    assert "rosa@example.org" not in page


def test_too_many_codes_for_one_email_is_said_in_plain_words(client):
    person()
    for _time in range(5):
        client.post(LOGIN, {"email": "rosa@example.org"})
    response = client.post(LOGIN, {"email": "rosa@example.org", "next": NEXT})
    assert response.status_code == 422
    assert "That was too many tries. Please wait five minutes." in words(response)
    assert 'value="rosa@example.org"' in words(response)
    assert f'name="next" value="{NEXT}"' in words(response)
    assert len(mail.outbox) == 5


def test_a_mistyped_email_can_be_put_right_while_a_code_is_waiting(client):
    person()
    ask_for_code(client, email="rsoa@example.org")
    page = client.get(LOGIN)
    assert page.status_code == 200
    assert "I already have a code" in words(page)
    ask_for_code(client)
    client.post(CONFIRM, {"code": code_in(mail.outbox[-1])})
    assert get_user(client).is_authenticated


@pytest.mark.parametrize("email", ["", "rosa", "rosa@"])
def test_a_wrong_email_comes_back_with_what_was_typed(client, email):
    response = client.post(LOGIN, {"email": email})
    assert response.status_code == 422
    assert f'value="{email}"' in words(response) or not email


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_never_leads_off_this_site(client, target):
    person()
    client.post(LOGIN, {"email": "rosa@example.org", "next": target})
    response = client.post(CONFIRM, {"code": code_in(mail.outbox[0]), "next": target})
    assert response.url == "/"


def test_a_closed_account_is_told_so_and_stays_out(client):
    person()
    ask_for_code(client)
    User.objects.update(is_active=False)
    response = client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    assert response.url == "/account/inactive/"
    assert "This account is closed" in words(client.get(response.url))
    assert not get_user(client).is_authenticated


def test_a_password_signs_in_too(client):
    rosa = person(password="correct horse battery")
    response = client.post(PASSWORD, {"login": "Rosa@example.org", "password": "correct horse battery", "next": NEXT})
    assert response.url == NEXT
    assert get_user(client) == rosa


def test_a_wrong_password_and_an_unknown_email_look_the_same(client):
    person(password="correct horse battery")
    for email in ("rosa@example.org", "nobody@example.org"):
        response = client.post(PASSWORD, {"login": email, "password": "wrong", "next": NEXT})
        assert response.status_code == 422
        assert "The email or the password is not right." in words(response)
        assert f'name="next" value="{NEXT}"' in words(response)


def test_guessing_a_password_is_stopped_in_plain_words(client):
    person(password="correct horse battery")
    for _time in range(5):
        client.post(PASSWORD, {"login": "rosa@example.org", "password": "wrong"})
    response = client.post(PASSWORD, {"login": "rosa@example.org", "password": "correct horse battery"})
    assert response.status_code == 422
    assert "That was too many tries." in words(response)


def sign_up(client, email="keisha@example.org", name="Keisha Walker"):
    return client.post(SIGNUP, {"name": name, "email": email, "next": NEXT})


def test_signing_up_takes_a_name_and_a_code_and_goes_on_to_the_invitation(client):
    client.cookies["language"] = "es"
    assert sign_up(client).url.startswith(VERIFY)
    assert [m.to for m in mail.outbox] == [["keisha@example.org"]]
    response = client.post(VERIFY, {"code": code_in(mail.outbox[0])})
    assert response.url == NEXT
    keisha = get_user(client)
    assert (keisha.name, keisha.email, keisha.language) == ("Keisha Walker", "keisha@example.org", "es")
    assert not keisha.has_usable_password()


def test_a_wrong_code_while_signing_up_counts_the_tries(client):
    sign_up(client)
    response = client.post(VERIFY, {"code": another(code_in(mail.outbox[0]))})
    assert response.status_code == 422
    assert "You have 2 more tries." in words(response)


def test_a_name_is_asked_for(client):
    response = sign_up(client, name=" ")
    assert response.status_code == 422
    assert "Write your name, so your team knows you." in words(response)
    assert 'value="keisha@example.org"' in words(response)


def test_signing_up_twice_looks_the_same_and_tells_the_owner(client):
    person()
    new = sign_up(client.__class__())
    known = sign_up(client, email="rosa@example.org")
    assert new.url == known.url
    assert client.get(VERIFY).status_code == 200
    assert User.objects.filter(email__iexact="rosa@example.org").count() == 1
    assert "You have an account already" in [m.subject for m in mail.outbox if m.to == ["rosa@example.org"]]


def test_a_mistyped_email_while_signing_up_can_be_put_right(client):
    sign_up(client, email="kiesha@example.org")
    response = client.post(VERIFY, {"action": "change", "email": "keisha@example.org"})
    assert response.url.startswith(VERIFY)
    client.post(VERIFY, {"code": code_in(mail.outbox[-1])})
    assert get_user(client).email == "keisha@example.org"


def test_someone_who_never_typed_the_first_code_gets_in_with_the_next_one(client):
    sign_up(client)
    other = client.__class__()
    ask_for_code(other, email="keisha@example.org")
    other.post(CONFIRM, {"code": code_in(mail.outbox[-1])})
    assert get_user(other).is_authenticated


def test_a_forgotten_password_is_replaced_by_a_code(client):
    person(password="correct horse battery")
    client.post("/account/password/reset/", {"email": "rosa@example.org"})
    response = client.post("/account/password/reset/confirm/", {"code": code_in(mail.outbox[0])})
    assert response.url == "/account/password/reset/complete/"
    client.post(response.url, {"password1": "four plain words here", "password2": "four plain words here"})
    assert User.objects.get().check_password("four plain words here")


def test_mail_is_in_the_readers_language_and_says_no_name(client):
    person(language="es")
    ask_for_code(client)
    [message] = mail.outbox
    html = message.alternatives[0][0]
    assert '<html lang="es">' in html
    for text in (message.subject, message.body, html):
        assert "Rosa" not in text
        assert "Delgado" not in text
    assert code_in(message) in html
    assert message.alternatives[0][1] == "text/html"


def test_a_dead_mail_server_is_said_on_the_page(client, settings):
    person()
    settings.EMAIL_BACKEND = "tests.test_accounts_entry.DeadMail"
    ask_for_code(client)
    assert "We can&#x27;t send email right now." in words(client.get(CONFIRM))


class DeadMail:
    def __init__(self, **kwargs):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


# --- the demo ---
def test_there_is_no_demo_sign_in_where_demo_is_off(client):
    person(email="caregiver@demo.example")
    assert client.post("/demo/sign-in/", {"persona": "caregiver"}).status_code == 404
    assert not get_user(client).is_authenticated
    assert "caregiver" not in words(client.get(LOGIN))


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda p: p.slug)
def test_a_demo_signs_in_as_each_persona(client, settings, persona):
    settings.DEMO = True
    user = person(email=persona.email)
    assert f"Sign in as {persona.name}" in words(client.get(LOGIN))
    response = client.post("/demo/sign-in/", {"persona": persona.slug, "next": NEXT})
    assert response.url == NEXT
    assert get_user(client) == user


@pytest.mark.parametrize("slug", ["", "nobody", "youth"])  # the last is a persona whose account is not there
def test_an_unknown_persona_is_told_so(client, settings, slug):
    settings.DEMO = True
    response = client.post("/demo/sign-in/", {"persona": slug})
    assert response.status_code == 422
    assert "We do not know that person." in words(response)


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 302), ({"Sec-Fetch-Site": "same-origin"}, 302), ({"Sec-Fetch-Site": "cross-site"}, 403)],
)
def test_a_script_may_sign_in_to_a_demo_and_another_site_may_not(csrf_client, settings, headers, status):
    settings.DEMO = True
    person(email="caregiver@demo.example")
    response = csrf_client.post("/demo/sign-in/", {"persona": "caregiver"}, headers=headers)
    assert response.status_code == status
    assert get_user(csrf_client).is_authenticated == (status == 302)


def test_demo_sign_in_never_leads_off_this_site(client, settings):
    settings.DEMO = True
    person(email="caregiver@demo.example")
    response = client.post("/demo/sign-in/", {"persona": "caregiver", "next": "https://evil.example/"})
    assert response.url == "/"


def test_the_personas_of_the_brief_are_all_there():
    assert {p.slug for p in PERSONAS} == {
        "caregiver", "youth", "grandmother", "family-partner", "facilitator", "dss-worker", "court-counselor",
        "coordinator", "jcpc-chair", "state-cochair", "provider", "other-caregiver", "other-facilitator",
        "former-member", "other-household", "expired-consent", "receiver",
    }  # fmt: skip


def test_the_own_pages_of_the_way_in_take_the_place_of_allauths():
    assert [reverse(n) for n in ("account_login", "account_request_login_code", "mfa_index", "usersessions_list")] == [
        LOGIN,
        "/account/login/code/",
        "/account/2fa/",
        "/account/sessions/",
    ]
