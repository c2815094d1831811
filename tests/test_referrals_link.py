"""Answering without an account: the link works once, for a while, for one referral, and only while the yes holds."""

import datetime as dt

import pytest
from django.core import mail, signing
from django.urls import reverse
from django.utils import timezone

from referrals.actions.referrals import answer_referral, make_link
from referrals.enums import ReferralStatus
from referrals.models import Referral, ReferralLink, ReferralMove
from referrals.models.referral import LINK_SALT
from soc_portal.audit.models import Event
from soc_portal.notices.actions import send_due
from soc_portal.notices.models import Notice
from teams.actions.referrals import move_for_team, send_link_anew, stop_sharing_referral
from tests.parts.referrals import ADDRESS, WANTS

NAMES = ("Rosa", "Mateo", "Delgado", "Evening counseling", "Alamance")


def url_of(link):
    return reverse("referrals:referral_link", args=[link.token])


def text_of(response):
    return " ".join(response.content.decode().split())


def answer(**changes):
    return {
        "was": "requested", "answer": "wait", "wait": "Two weeks", "words": "We call you.", "name": "Jo Field",
        "role": "intake",
    } | changes  # fmt: skip


@pytest.fixture
def link(world):
    return world.referral_link


@pytest.fixture
def referral(world):
    return Referral.objects.get(pk=world.referrals["requested"].pk)


def state(referral):
    return Referral.objects.filter(pk=referral.pk).values().get(), ReferralMove.objects.count()


def test_the_mail_holds_the_link_and_no_name(world, link, mailoutbox):
    Notice.objects.exclude(kind="referral_link").delete()
    send_due(now=timezone.now())
    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    texts = message.subject + message.body + message.alternatives[0][0]
    assert url_of(link) in message.body
    assert not [name for name in NAMES if name in texts]
    assert "sign in" not in message.body
    assert link.token not in str(Notice.objects.values("path", "facts"))


def test_it_shows_what_was_ticked_and_nothing_else_and_the_family_sees_that_it_was_read(client, world, link):
    Event.objects.all().delete()
    page = text_of(client.get(url_of(link)))
    for words in ("Evening counseling", "Mateo Delgado", "Rosa Delgado (Mom)", WANTS, "Riverbend Counseling"):
        assert words in page
    for words in ("336-555", "Secret Lane", "A need about plan", "Alamance", "School"):
        assert words not in page
    look = Event.objects.get()
    assert (look.verb, look.looked, look.family_id) == ("referral_received", True, world.family.pk)
    assert (look.actor_id, look.actor_name) == (None, "Riverbend Counseling")
    assert ReferralLink.objects.get(pk=link.pk).opened_at


def test_it_is_not_kept_or_sent_on_by_browsers(client, link):
    response = client.get(url_of(link))
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"
    assert "noindex" in response["X-Robots-Tag"]


def test_one_answer_is_taken_with_the_name_of_who_gave_it(client, world, link, referral):
    assert client.post(url_of(link), answer()).status_code == 200
    referral.refresh_from_db()
    assert (referral.status, referral.wait_words) == (ReferralStatus.ON_HOLD, "Two weeks")
    move = referral.moves.last()
    assert (move.by, move.by_name, move.words, move.side) == (None, "Jo Field, intake", "We call you.", "receiver")
    before = state(referral)
    for response in (client.get(url_of(link)), client.post(url_of(link), answer(wait="Three"))):
        assert response.status_code == 410
        assert "It has been used for an answer." in text_of(response)
        assert not [name for name in NAMES if name in text_of(response).replace("Riverbend", "")]
    assert state(referral) == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"answer": ""}, "Pick an answer."),
        ({"answer": "completed"}, "Pick one of these answers."),
        ({"words": " "}, "Write what the family should know."),
        ({"name": ""}, "Write your name."),
        ({"role": ""}, "Write what you do there."),
        ({"wait": ""}, "Write how long the wait is."),
        ({"answer": "no"}, "Pick why you can’t help."),
        ({"answer": "day"}, "Write the day of the first visit."),
        ({"words": "x" * 2001}, "This is too long to save."),
        ({"words": "a\x00b"}, "There is a sign in your text that we can&#x27;t save"),
    ],
)
def test_a_bad_answer_says_why_keeps_what_was_typed_and_leaves_the_link_open(client, link, referral, changes, words):
    before = state(referral)
    response = client.post(url_of(link), answer(**changes))
    assert response.status_code == 422
    assert words in text_of(response)
    if "name" not in changes:
        assert 'value="Jo Field"' in text_of(response)
    assert state(referral) == before
    assert client.get(url_of(link)).status_code == 200


def end(how, world, link):
    referral = Referral.objects.select_related("organization").get(pk=link.referral_id)
    rosa = world.users.caregiver
    if how == "too old":
        past = timezone.now() - dt.timedelta(days=15)
        ReferralLink.objects.filter(pk=link.pk).update(created_at=past, expires_at=past + dt.timedelta(days=14))
    if how == "ended":
        ReferralLink.objects.filter(pk=link.pk).update(ended_at=timezone.now())
    if how == "replaced":
        send_link_anew(referral=referral, by=rosa)
    if how == "stopped":
        stop_sharing_referral(team=world.team, referral=referral, by=rosa)
    if how == "yes ran out":
        Referral.objects.filter(pk=referral.pk).update(yes_until=timezone.localdate() - dt.timedelta(days=1))
    if how == "called off":
        move_for_team(referral=referral, to="cancelled", side="team", by=world.users.facilitator, seen="requested")
    if how == "answered with an account":
        answer_referral(
            referral=referral, to="on-hold", by=world.users.receiver, seen="requested", words="Wait", wait_words="1 day"
        )


@pytest.mark.parametrize(
    "how", ["too old", "ended", "replaced", "stopped", "yes ran out", "called off", "answered with an account"]
)
def test_a_link_that_is_over_says_so_and_shows_and_changes_nothing(client, world, link, referral, how):
    end(how, world, link)
    before = state(referral)
    Event.objects.all().delete()
    for response in (client.get(url_of(link)), client.post(url_of(link), answer())):
        assert response.status_code == 410
        assert "It has run out, it was answered another way" in text_of(response)
        assert not [name for name in NAMES if name in text_of(response)]
    assert state(referral) == before
    assert not Event.objects.exists()


def test_forged_links_and_links_of_another_referral_are_absent(client, world, link):
    other = make_link(referral=world.referrals["other_office"], address="x@test.example", by=world.users.caregiver)
    words = [
        "nothing", link.token[:-1], link.token + "x",
        signing.dumps([link.pk, other.nonce], salt=LINK_SALT),
        signing.dumps([other.pk, link.nonce], salt=LINK_SALT),
        signing.dumps([link.pk, link.nonce], salt="teams.invitation"),
        signing.dumps("text", salt=LINK_SALT), signing.dumps([1, 2, 3], salt=LINK_SALT),
    ]  # fmt: skip
    for token in words:
        for response in (client.get(f"/r/{token}/"), client.post(f"/r/{token}/", answer())):
            assert response.status_code == 404, token
            assert "We do not know this link." in text_of(response)


def test_the_first_moment_after_fourteen_days_is_too_late(client, link, time_machine):
    time_machine.move_to(link.expires_at - dt.timedelta(seconds=1))
    assert client.get(url_of(link)).status_code == 200
    time_machine.move_to(link.expires_at)
    assert client.get(url_of(link)).status_code == 410


def test_somebody_who_opens_links_all_day_has_to_wait(client, link):
    for _time in range(60):
        client.get("/r/wrong/")
    assert client.get(url_of(link)).status_code == 429
    assert client.get(url_of(link), REMOTE_ADDR="10.9.8.7").status_code == 200


def test_a_link_opens_nothing_but_its_one_page(client, link):
    client.get(url_of(link))
    for name in ("referrals:referral_detail", "referrals:referral_answer"):
        assert client.get(reverse(name, args=[link.referral_id])).status_code == 302


def test_the_form_needs_its_csrf_token(csrf_client, link, referral):
    before = state(referral)
    assert csrf_client.post(url_of(link), answer()).status_code == 403
    assert state(referral) == before


def test_the_family_finds_those_who_came_with_a_link_in_who_looked(client, sign_in, world, link):
    client.get(url_of(link))
    page = sign_in(world.users.caregiver).get(reverse("teams:look_list", args=[world.team.pk]))
    assert "Opened a request for help that you sent to them" in text_of(page)
    assert ("link", "Somebody with a link") in page.context["form"].fields["who"].choices
    only = client.get(reverse("teams:look_list", args=[world.team.pk]) + "?who=link")
    names = [visit["who"].display_name for day in only.context["days"] for visit in day["visits"]]
    assert names == ["Riverbend Counseling"]


# --- The team sends and ends it --------------------------------------------------------------------------------------
def test_the_team_sends_the_link_anew_to_the_same_address_alone(client, sign_in, world, link, referral):
    sign_in(world.users.grandmother)
    url = reverse("teams:referral_link_send", args=[world.team.pk, referral.pk])
    assert client.post(url, {"address": "mallory@test.example"}).status_code == 302
    newest = referral.links.last()
    assert (newest.address, newest.pk != link.pk) == (ADDRESS, True)
    client.logout()
    assert client.get(url_of(link)).status_code == 410
    assert client.get(url_of(newest)).status_code == 200


def test_the_team_ends_the_link(client, sign_in, world, link, referral):
    sign_in(world.users.youth)
    url = reverse("teams:referral_link_end", args=[world.team.pk, referral.pk])
    assert "does not work any more" in text_of(client.post(url, follow=True))
    assert "no link that works" in text_of(client.post(url, follow=True))
    client.logout()
    assert client.get(url_of(link)).status_code == 410


@pytest.mark.parametrize("key", ["accepted", "draft"])
def test_no_link_is_sent_for_what_was_answered_or_never_had_one(sign_in, world, key):
    referral = world.referrals[key]
    client = sign_in(world.users.caregiver)
    url = reverse("teams:referral_link_send", args=[world.team.pk, referral.pk])
    page = text_of(client.post(url, follow=True))
    assert "No link was ever sent for this." in page
    assert not referral.links.exists()
