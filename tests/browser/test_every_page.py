"""Every page of the portal, opened by somebody who may: accessible, readable on any width, and whole without scripts.

What is opened comes from the access matrix and from the list of addresses, so a new page without a line here fails.
Each page is loaded once a language; colour scheme and width change on the loaded page.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import axe_playwright_python
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as portal
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone, translation
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from teams.actions.answer_links import make_answer_link
from teams.actions.invitations import invite_by_email
from teams.actions.items import change_item
from teams.enums import MeetingStatus
from teams.models import Meeting
from tests.browser.conftest import WCAG, is_complaint
from tests.test_access_matrix import OK, OPENED_TOO, PARTS, add_rows_for_the_matrix, arguments, every_url, rows

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
SETUPS = [(scheme, width) for scheme in ("light", "dark") for width in (375, 1280)]
#: In the dark the page is the same but for its colors, so only the rules about colors are asked again.
COLORS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
#: Who opens a page when several may: the family before the others.
FIRST = ("caregiver", "coordinator")

#: Addresses that are not pages, each with what they are.
NO_PAGES = {
    "healthz": "JSON",
    "accounts:session_end": "only sent to", "accounts:session_stay": "only sent to",
    "accounts:demo_sign_in": "only sent to", "drafts:keep": "only sent to", "drafts:drop": "only sent to",
    "set_language": "only sent to", "teams:own_invitation_answer": "only sent to",
    "teams:worklist_export": "a file", "mfa_download_recovery_codes": "a file",
    "mfa_index": "leads to accounts:security", "mfa_login_webauthn": "JSON, and leads to the sign-in",
    "account_request_login_code": "the sign-in page under a second address",
}  # fmt: skip
for _part in PARTS:
    NO_PAGES |= _part.NO_PAGES


@dataclass(frozen=True)
class Page:
    """A page, who opens it, and what is done there first where its address alone is not enough."""

    name: str
    who: str | None
    url: str
    status: int = 200
    first: Callable | None = None

    def __str__(self):
        return f"{self.name} as {self.who or 'a visitor'}"


# --- The pages -------------------------------------------------------------------------------------------------------
def pages_of(world):
    """Every page, most of them once."""
    return [
        *pages_of_the_matrix(world),
        *places(world),
        *forms(world),
        *account_pages(),
        *doors(world),
        *troubles(world),
    ]


def pages_of_the_matrix(world):
    for name, method, wanted in rows():
        if name in NO_PAGES or (method == "POST" and name not in OPENED_TOO):
            continue
        who = next(who for who in (*FIRST, *wanted) if who and wanted.get(who) in (200, OK))
        yield Page(name, who, reverse(name, kwargs=arguments(world, name)))


def places(world):
    """The same addresses for other people, and with nothing there yet."""
    team, other = world.team.pk, world.other_team.pk
    for who in ("youth", "facilitator", "provider", "proposed", "other_caregiver", "superuser"):
        yield Page("home", who, "/")
    yield Page("teams:search", "caregiver", reverse("teams:search") + "?q=school")
    yield Page("teams:search", "facilitator", reverse("teams:search") + "?q=nothing-like-it")
    yield Page("teams:worklist", "coordinator", reverse("teams:worklist") + "?due=late")
    yield Page(
        "teams:meeting_detail", "court_counselor", reverse("teams:meeting_detail", args=[team, world.court_meeting.pk])
    )
    yield Page("teams:team_detail", "other_household", reverse("teams:team_detail", args=[team]), first=wait_for_a_yes)
    writing = reverse("teams:meeting_record", args=[team, world.court_meeting.pk])
    yield Page("teams:meeting_record", "caregiver", writing, first=begin_now)
    yield Page("teams:meeting_detail", "provider", reverse("teams:meeting_detail", args=[team, world.meeting.pk]))
    for name in ("teams:team_detail", "teams:plan_detail", "teams:member_list", "teams:meeting_list"):
        yield Page(name, "facilitator", reverse(name, args=[team]))
    for name in (
        "teams:team_detail",
        "teams:plan_detail",
        "teams:plan_history",
        "teams:meeting_list",
        "teams:look_list",
    ):
        yield Page(name, "other_caregiver", reverse(name, args=[other]))

    yield from referrals(world)


def referrals(world):
    """One referral in other states, for those who ask and those who are asked."""
    team, found = world.team.pk, world.referrals
    for key in ("draft", "accepted"):
        yield Page("teams:referral_detail", "caregiver", reverse("teams:referral_detail", args=[team, found[key].pk]))
    yield Page("teams:referral_send", "caregiver", reverse("teams:referral_send", args=[team, found["accepted"].pk]))
    yield Page("teams:referral_move", "youth", reverse("teams:referral_move", args=[team, found["accepted"].pk]))
    for who in ("receiver", "coordinator", "youth"):
        yield Page("referrals:referral_list", who, reverse("referrals:referral_list"))
    yield Page(
        "referrals:referral_detail", "receiver", reverse("referrals:referral_detail", args=[found["accepted"].pk])
    )
    yield Page(
        "referrals:referral_answer", "receiver", reverse("referrals:referral_answer", args=[found["accepted"].pk])
    )


def forms(world):
    """Writing and correcting each kind of item."""
    team, items = world.team.pk, world.items
    under = {"goal": "need", "step": "goal", "topic": "meeting", "note": "meeting", "decision": "meeting"}
    for kind in ("strength", "need", *under):
        query = f"?under={items[under[kind]].pk}" if kind in under else ""
        yield Page("teams:item_add", "caregiver", reverse("teams:item_add", args=[team, kind]) + query)
    yield Page("teams:item_add", "youth", reverse("teams:item_add", args=[team, "words"]))
    for kind in ("words", "strength", "goal", "step", "topic", "note", "decision"):
        yield Page("teams:item_edit", "caregiver", reverse("teams:item_edit", args=[team, kind, items[kind].pk]))
    yield Page("teams:item_history", "caregiver", reverse("teams:item_history", args=[team, "note", items["note"].pk]))


def account_pages():
    """One's own pages. Grandmother has a password, a passkey, app codes and recovery codes; others have none."""
    for name in ("accounts:profile_edit", "accounts:security", "usersessions_list", "account_email"):
        yield Page(name, "caregiver", reverse(name))
    for name in ("mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn"):
        yield Page(name, "caregiver", reverse(name))
    yield Page("account_set_password", "family_partner", reverse("account_set_password"))
    for name in (
        "accounts:security", "account_change_password", "account_reauthenticate", "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
        "mfa_list_webauthn", "account_logout",
    ):  # fmt: skip
        yield Page(name, "grandmother", reverse(name))
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        passkey = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
        yield Page(name, "grandmother", reverse(name, args=[passkey.pk]))


def doors(world):
    """What everybody may open, and the way in."""
    for name in (
        "safety", "rights", "accessibility", "privacy", "about", "account_login", "password_sign_in", "account_signup",
        "account_reset_password", "account_password_reset_completed", "account_inactive", "accounts:signed_out",
        "teams:invitation_code",
    ):  # fmt: skip
        yield Page(name, None, reverse(name))
    yield from public_pages_of_parts(world)
    link = reverse("teams:invitation_link", args=[world.invitation.token])
    yield Page("teams:invitation_link", None, link)
    yield Page("teams:invitation_link", "superuser", link)
    yield Page("teams:invitation_link", None, reverse("teams:invitation_link", args=["old"]), 404)
    link = reverse("referrals:referral_link", args=[world.referral_link.token])
    yield Page("referrals:referral_link", None, link)
    yield Page("referrals:referral_link", None, link, first=send_nothing)
    yield Page("referrals:referral_link", None, reverse("referrals:referral_link", args=["old"]), 404)
    yield from answer_links(world)
    yield Page("account_confirm_login_code", None, "/account/login/", first=ask_for_a_code)
    yield Page("mfa_authenticate", None, "/account/login/", first=sign_in_with_two_steps)
    yield Page("account_email_verification_sent", None, "/account/signup/", first=sign_up)
    yield Page("account_confirm_password_reset_code", None, "/account/password/reset/", first=ask_to_reset)
    yield Page("account_complete_password_reset", None, "/account/password/reset/", first=reset)


def answer_links(world):
    """What somebody without an account answers: which times they can make, whether they come; and one that is over."""
    member, by = world.uncle, world.users.caregiver
    for asks in ({"poll": world.poll}, {"meeting": world.meeting}):
        link = make_answer_link(membership=member, address="", by=by, **asks)
        yield Page("teams:answer_link", None, reverse("teams:answer_link", args=[link.token]))
    yield Page("teams:answer_link", None, reverse("teams:answer_link", args=["old"]), 404)


def public_pages_of_parts(world):
    parameters = dict(every_url())
    for part in PARTS:
        for name in sorted(set(part.PUBLIC) - set(NO_PAGES)):
            if "token" in parameters[name]:  # a signed link: see `doors`
                continue
            own = part.arguments(world, name)
            yield Page(name, None, reverse(name, kwargs={key: own[key] for key in parameters[name]}))


def troubles(world):
    """Answers to what went wrong."""
    team, need = world.team.pk, world.items["need"].pk
    yield Page("400", None, "/told-to-be/400/", 400)
    yield Page("403", "facilitator", reverse("teams:sharing_detail", args=[team]), 403)
    yield Page("403_csrf", None, "/account/login/", first=send_without_a_cookie)
    yield Page("404", "caregiver", reverse("teams:team_detail", args=[world.other_team.pk]), 404)
    yield Page("404", None, "/nothing/here/", 404)
    yield Page("429", None, "/told-to-be/429/", 429)
    yield Page("500", None, "/told-to-be/500/", 500)
    yield Page("wrong sign-in", None, "/account/login/", first=send_nothing)
    yield Page("wrong need", "caregiver", reverse("teams:item_add", args=[team, "need"]), first=send_nothing)
    yield Page("wrong meeting", "caregiver", reverse("teams:meeting_call", args=[team]), first=send_nothing)
    yield Page("wrong person", "caregiver", reverse("families:person_add", args=[world.family.pk]), first=send_nothing)
    yield Page("wrong family", "caregiver", reverse("teams:team_ask"), first=send_nothing)
    yield Page(
        "two editors", "caregiver", reverse("teams:item_edit", args=[team, "need", need]), first=edit_what_changed
    )


# --- What is done on a page first ------------------------------------------------------------------------------------
def send(page):
    page.locator("main form[method=post]:has([type=submit])").first.locator("[type=submit]").first.click()


def last_code():
    return next(line for line in mail.outbox[-1].body.splitlines() if line.isdigit() and len(line) == 6)


def ask_for_a_code(page, world, who="youth"):
    page.locator("main [name=email]").first.fill(world.people[who].email)
    send(page)
    page.wait_for_url("**/login/code/confirm/**")


def sign_in_with_two_steps(page, world):
    ask_for_a_code(page, world, "grandmother")
    page.locator("main [name=code]").fill(last_code())
    send(page)
    page.wait_for_url("**/2fa/authenticate/**")


def sign_up(page, world):
    page.locator("main [name=name]").fill("New Person")
    page.locator("main [name=email]").fill(f"new-{time.monotonic_ns()}@test.example")
    send(page)
    page.wait_for_url("**/confirm-email/**")


def ask_to_reset(page, world):
    page.locator("main [name=email]").fill(world.users.youth.email)
    send(page)
    page.wait_for_url("**/password/reset/confirm/**")


def reset(page, world):
    ask_to_reset(page, world)
    page.locator("main [name=code]").fill(last_code())
    send(page)
    page.wait_for_url("**/password/reset/complete/**")


def send_without_a_cookie(page, world):
    page.context.clear_cookies(name=portal.CSRF_COOKIE_NAME)
    page.locator("main [name=email]").first.fill("rosa@test.example")
    with page.expect_response(lambda response: response.status == 403):
        send(page)


def send_nothing(page, world):
    with page.expect_response(lambda response: response.status == 422):
        send(page)
    page.locator("main [aria-invalid=true], main .err-sum").first.wait_for()


def wait_for_a_yes(page, world):
    """A meeting that is soon: the page of the team says that it waits for the family."""
    Meeting.objects.filter(pk=world.meeting.pk).update(status=MeetingStatus.ASKED)
    page.reload()
    page.locator("#t-asked").wait_for(state="attached")
    Meeting.objects.filter(pk=world.meeting.pk).update(status=MeetingStatus.SET)


def begin_now(page, world):
    """A meeting that has just begun: the page on which it is written down is open."""
    now = timezone.now()
    Meeting.objects.filter(pk=world.court_meeting.pk).update(
        starts_at=now - timezone.timedelta(minutes=10), ends_at=now + timezone.timedelta(minutes=50)
    )
    page.reload()
    page.locator(".taps, [data-poll]").first.wait_for(state="attached")


def edit_what_changed(page, world):
    need = world.items["need"]
    need.refresh_from_db()
    text = f"Somebody else's words {time.monotonic_ns()}"
    by = world.users.dss_worker
    change_item(team=world.team, item=need, by=by, base_version=need.version, values={"text": text})
    page.locator("main [name=text]").fill("My own words")
    with page.expect_response(lambda response: response.status == 409):
        send(page)
    page.get_by_text(text).first.wait_for()


# --- The small world, made ready -------------------------------------------------------------------------------------
@pytest.fixture
def everything(world, settings):
    """The small world with an agreed plan, an invitation, ways to sign in, and the demo's sign-in page."""
    settings.DEMO = True
    add_rows_for_the_matrix(world)
    world.invitation = invite_by_email(membership=world.neighbor, address="lee@test.example", by=world.users.caregiver)
    for user in world.people.values():
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    grandmother = world.users.grandmother
    TOTP.activate(grandmother, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(grandmother)
    passkey = {"name": "My phone", "credential": a_credential()}
    Authenticator.objects.create(user=grandmother, type=Authenticator.Type.WEBAUTHN, data=passkey)
    world.users.family_partner.set_unusable_password()
    world.users.family_partner.save()
    return world


def a_credential():
    """What a device sends when it makes a passkey; nothing can sign in with this one."""
    point = b"\1" * 32
    key = ES256({1: 2, 3: -7, -1: 1, -2: point, -3: point})
    device = AttestedCredentialData.create(Aaguid.NONE, b"a device", key)
    made = AuthenticatorData.create(hashlib.sha256(b"localhost").digest(), 0x45, 0, device)
    response = {
        "clientDataJSON": websafe_encode(b'{"type":"webauthn.create","challenge":"","origin":"http://localhost"}'),
        "attestationObject": websafe_encode(AttestationObject.create("none", made, {})),
    }
    name = websafe_encode(b"a device")
    known = {"credProps": {"rk": True}}
    return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": known}


@pytest.fixture
def open_as(live_server):
    """open_as(page, one): the page is opened by the one who is meant to, in a browser that forgot everybody else."""
    here = live_server.url.replace("127.0.0.1", "localhost")  # passkeys are not offered at a bare number
    sessions = {}

    def opened(page, one, world, language):
        context = page.context
        context.clear_cookies()
        context.add_cookies([{"name": portal.LANGUAGE_COOKIE_NAME, "value": language, "url": here}])
        if one.who:
            if one.who not in sessions:
                sessions[one.who] = session_of(world.people[one.who])
            context.add_cookies([{"name": portal.SESSION_COOKIE_NAME, "value": sessions[one.who], "url": here}])
        response = page.goto(here + one.url)
        if one.first:
            one.first(page, world)
        return response.status

    return opened


def session_of(user):
    """A session that begins now, so that no page asks to sign in once more."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["account_authentication_methods"] = [{"method": "code", "at": time.time()}]
    session.save()
    return session.session_key


def tell_of_errors(page, language):
    """Answers that a test can't cause: the page of the same number, from its template."""

    def answer(route):
        number = route.request.url.rstrip("/").rpartition("/")[2]
        with translation.override(language):
            html = render_to_string(f"{number}.html", {"nav": None})
        route.fulfill(status=int(number), body=html, content_type="text/html; charset=utf-8")

    page.route("**/told-to-be/**", answer)


# --- What must be true of a page -------------------------------------------------------------------------------------
def faults_in(page):
    """What is wrong with the page that is open, in every setup: "setup: rule at selector"."""
    page.evaluate("document.querySelectorAll('details:not(.acct)').forEach(part => { part.open = true })")
    page.evaluate(AXE)
    faults = []
    for scheme, width in SETUPS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        rules = COLORS if scheme == "dark" else WCAG
        found = page.evaluate("only => axe.run({runOnly: only, resultTypes: ['violations']})", rules)["violations"]
        faults += [f"{scheme} {width}: {one['id']} at {node['target'][-1]}" for one in found for node in one["nodes"]]
    page.set_viewport_size({"width": 320, "height": 900})
    faults += [f"320: scrolls sideways because of {what}" for what in page.evaluate(TOO_WIDE)]
    return faults


#: The elements that stick out farthest, when the page scrolls sideways.
TOO_WIDE = """() => {
  const wide = document.scrollingElement.scrollWidth;
  if (wide <= 320) return [];
  const out = [...document.body.querySelectorAll('*')].filter(el => el.getBoundingClientRect().right >= wide - 1);
  return out.slice(-1).map(el => `${el.tagName.toLowerCase()}.${el.className} (${wide} px)`);
}"""


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_is_accessible_and_never_scrolls_sideways(chromium, everything, open_as, language):
    page = chromium.new_page(locale=language)
    said, faults = listen(page, language), {}
    for one in pages_of(everything):
        status = open_as(page, one, everything, language)
        found = [] if status == one.status else [f"status {status}"]
        if page.locator("html").get_attribute("lang") != language or page.locator("h1:visible").count() != 1:
            found.append(f"not one heading in {language}")
        found += [*faults_in(page), *said]
        said.clear()
        if found:
            faults[f"{one} {one.url}"] = found
    page.close()
    assert faults == {}


def listen(page, language="en"):
    """A list of what the browser complains about, from now on; and pages of errors that can't be caused are made."""
    said = []
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("console", lambda line: said.append(f"console: {line.text}") if is_complaint(line) else None)
    page.on("response", lambda answer: said.append(f"{answer.status} {answer.url}") if is_broken(answer) else None)
    tell_of_errors(page, language)
    return said


def is_broken(answer):
    return answer.status >= 500 and "/told-to-be/" not in answer.url


PLANTED = """<!doctype html><html lang="en"><head><title>Planted</title>
<link rel="icon" href="data:,"><style>p { color: #000; background: #fff; margin: 0; width: 300px }
@media (prefers-color-scheme: dark) { p { color: #777; background: #555 } }
@media (min-width: 1000px) { small { color: #ccc; background: #fff } }
#wide { width: 330px; height: 1px }</style></head><body><main><h1>Planted</h1><p>Dark</p><small>Wide</small>
<details><summary>More</summary><img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=" id="bare"></details>
<div id="wide" class="block"></div></main><script>console.error("said"); setTimeout(() => { thrown() })</script>
</body></html>"""


def test_planted_faults_are_found(chromium):
    """The other tests in this file can fail: each fault is found in its setup, and in no other."""
    page = chromium.new_page()
    said = listen(page)
    page.route("**/planted/", lambda route: route.fulfill(body=PLANTED, content_type="text/html"))
    page.goto("http://127.0.0.1:9/planted/")
    wanted = {"light 375: image-alt at #bare", "light 1280: image-alt at #bare"}
    wanted |= {"dark 375: color-contrast at p", "dark 1280: color-contrast at p"}
    wanted |= {"light 1280: color-contrast at small", "dark 1280: color-contrast at small"}
    assert set(faults_in(page)) == wanted | {"320: scrolls sideways because of div.block (338 px)"}
    assert said == ["console: said", "error: thrown is not defined"]
    page.close()


# --- Without scripts -------------------------------------------------------------------------------------------------
#: Pages that say that they need a script, since a passkey does.
NEEDS_SCRIPTS = {"mfa_add_webauthn", "mfa_reauthenticate_webauthn"}


def test_every_page_is_whole_without_scripts(chromium, everything, open_as):
    page = chromium.new_page(java_script_enabled=False)
    faults = {}
    said = listen(page)
    for one in pages_of(everything):
        status = open_as(page, one, everything, "en")
        found = [*said] if status == one.status else [f"status {status}", *said]
        said.clear()
        if page.locator("h1:visible").count() != 1:
            found.append("no heading")
        if one.name not in NEEDS_SCRIPTS:
            found += page.evaluate(LOST_WITHOUT_SCRIPTS)
        if found:
            faults[f"{one} {one.url}"] = found
    page.close()
    assert faults == {}


#: Forms that cannot be sent, and fields in open parts of the page that cannot be seen.
LOST_WITHOUT_SCRIPTS = """() => [...document.querySelectorAll('main form')].flatMap(form => {
  const where = form.getAttribute('action') || location.pathname;
  const seen = el => el.checkVisibility() || el.matches('[data-passkey]');
  const parts = [...form.elements].filter(el => el.type !== 'hidden' && !el.closest('details:not([open])'));
  const sends = [...form.elements].some(el => el.type === 'submit' || el.matches('[data-passkey]'));
  return [
    ...(sends ? [] : [`a form to ${where} without a button`]),
    ...parts.filter(el => !seen(el) && !el.closest('label')).map(el => `${el.name || el.id} is hidden in ${where}`),
  ];
})"""


# --- No page is missing ----------------------------------------------------------------------------------------------
def every_name(resolver=None, namespace=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from every_name(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        else:
            yield f"{namespace}{pattern.name}"


def test_no_page_is_missing_here(everything):
    opened = {one.name for one in pages_of(everything)}
    only_sent = {name for name, method, _wanted in rows() if method == "POST" and name not in OPENED_TOO}
    names = set(every_name())
    assert names - opened - set(NO_PAGES) - only_sent == set(), "these pages are never opened here"
    assert set(NO_PAGES) - names == set(), "these are gone"
