"""Signing in as a person does: by keyboard, without scripts, and with a passkey."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from soc_portal.accounts.models import User
from tests.typed import drafts_for


@pytest.fixture
def rosa():
    user = User.objects.create_user("rosa@example.org", name="Rosa Delgado")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def code():
    return re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE).group(1)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_code_signs_in_by_keyboard_alone(open_browser, rosa, scripts):
    page = open_browser(java_script_enabled=scripts)
    page.goto("/account/login/?next=/me/")
    page.get_by_label("Your email").focus()
    page.keyboard.type("rosa@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/login/code/confirm/**")
    page.get_by_label("Your code").focus()
    page.keyboard.type("000 000" if code() != "000000" else "111 111")
    page.keyboard.press("Enter")
    page.get_by_text("You have 2 more tries.").first.wait_for()
    page.get_by_label("Your code").fill(f"{code()[:3]} {code()[3:]}")
    page.keyboard.press("Enter")
    page.wait_for_url("**/me/")
    assert page.locator("h1").inner_text() == "My name and language"


def test_a_passkey_is_added_and_signs_in(open_browser, live_server, rosa, sign_in):
    page = open_browser()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    here = live_server.url.replace("127.0.0.1", "localhost")  # a browser refuses passkeys for a bare number
    page.goto(f"{here}/account/login/?next=/account/2fa/webauthn/add/")
    page.get_by_label("Your email").fill("rosa@example.org")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Your code").fill(code())
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("A name for this device").fill("My phone")
    page.get_by_role("button", name="Add this device").click()
    page.wait_for_url("**/account/2fa/recovery-codes/")
    page.context.clear_cookies()
    page.goto(f"{here}/account/login/?next=/me/")
    page.get_by_role("button", name="Use my fingerprint").click()
    page.wait_for_url("**/me/")


def test_words_typed_before_the_session_ended_are_not_lost(page, rosa, sign_in):
    sign_in(page, rosa)
    page.goto("/me/")
    page.get_by_label("Your name, as you want to be called").fill("Rosita")
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/account/login/?next=%2Fme%2F")
    page.get_by_text("You were signed out.").wait_for()
    assert drafts_for(rosa, "/me/") == {"name": "Rosita", "language": "en", "remind_of_steps": "on"}
    sign_in(page, rosa)
    page.goto("/me/")
    page.get_by_text("We kept what you typed on").wait_for()
    assert page.get_by_label("Your name, as you want to be called").input_value() == "Rosita"
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Your changes are saved.").wait_for()
    assert drafts_for(rosa, "/me/") == {}


def test_own_pages_are_accessible_and_never_scroll_sideways(open_browser, rosa, sign_in, accessibility_faults):
    for width, scheme in ((320, "light"), (1280, "dark")):
        page = open_browser(width, color_scheme=scheme)
        sign_in(page, rosa)
        for url in ("/me/", "/me/sign-in/", "/account/sessions/", "/account/2fa/totp/activate/", "/account/email/"):
            page.goto(url)
            assert (url, accessibility_faults(page)) == (url, [])
            assert page.evaluate("document.documentElement.scrollWidth") <= width
