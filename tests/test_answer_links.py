"""Answering without an account: a link shows times and no names, takes one answer, and ends by itself."""

import datetime as dt

import pytest
from django.core import mail, signing
from django.urls import reverse
from django.utils import timezone

from soc_portal.audit.models import Event
from soc_portal.notices.actions import send_due
from soc_portal.notices.models import Notice
from teams.actions.answer_links import Gone, answer_meeting_by_link, answer_times_by_link, make_answer_link
from teams.actions.calling import choose_slot, end_poll, end_slot
from teams.actions.consents import stop_sharing
from teams.actions.meetings import cancel_meeting
from teams.actions.memberships import end_membership
from teams.models import AnswerLink, Guest, Meeting, SlotAnswer
from teams.models.calling import ANSWER_SALT
from tests.test_calling import text_of, uncle, url

NAMES = ("Rosa", "Mateo", "Delgado", "Carmen", "Ben", "summer", "Talk about", "house")


@pytest.fixture
def ben(world):
    return uncle(world)


@pytest.fixture
def link(world, ben):
    return make_answer_link(membership=ben, poll=world.poll, by=world.users.grandmother)


@pytest.fixture
def meeting_link(world):
    guest = Guest.objects.get(meeting=world.meeting, membership=world.members["grandmother"])
    return make_answer_link(membership=guest.membership, meeting=world.meeting, by=world.users.facilitator)


def path_of(link):
    return reverse("teams:answer_link", args=[link.token])


def sealed(link):
    """The part of its token that is the same at every second."""
    return "/answer/" + link.token.split(":")[0]


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user__email", flat=True))


# --- Making one ------------------------------------------------------------------------------------------------------
def test_a_link_is_shown_once_or_mailed_without_a_name(world, sign_in, ben, mailoutbox):
    client, path = sign_in(world.users.dss_worker), url("poll_link", world, ben.pk)
    assert client.get(path).status_code == 200
    for typed, field in [({}, "how"), ({"how": "mail"}, "address"), ({"how": "mail", "address": "x"}, "address")]:
        response = client.post(path, typed)
        assert (response.status_code, set(response.context["form"].errors)) == (422, {field})
    page = client.post(path, {"how": "here"})
    first = AnswerLink.objects.get()
    assert sealed(first) in text_of(page)
    assert sealed(first) not in text_of(client.get(path))
    Notice.objects.all().delete()
    assert client.post(path, {"how": "mail", "address": "Ben@Test.example"}).status_code == 302
    send_due(now=timezone.now())
    (message,) = mail.outbox
    newest = AnswerLink.objects.latest("pk")
    assert message.to == [newest.address] == ["ben@test.example"]
    assert sealed(newest) in message.body
    assert not [name for name in NAMES if name in message.subject + message.body + message.alternatives[0][0]]
    assert sealed(newest) not in str(Notice.objects.values("path", "facts"))
    client.logout()
    assert (client.get(path_of(first)).status_code, client.get(path_of(newest)).status_code) == (410, 200)


def test_the_link_of_a_member_with_an_account_goes_to_its_own_address(world, sign_in):
    member = world.members["grandmother"]
    client = sign_in(world.users.facilitator)
    client.post(url("poll_link", world, member.pk), {"how": "here", "address": "mallory@test.example"})
    assert AnswerLink.objects.get().address == member.user.email


def test_a_link_ends_after_seven_days_or_with_the_first_time(world, ben):
    soon = make_answer_link(membership=ben, meeting=world.meeting, by=world.users.caregiver)
    assert soon.expires_at == min(world.meeting.starts_at, soon.created_at + dt.timedelta(days=7))
    late = make_answer_link(membership=ben, poll=world.poll, by=world.users.caregiver)
    assert late.expires_at == late.created_at + dt.timedelta(days=7)


def test_no_link_where_there_is_nothing_to_answer(world, sign_in, ben):
    client = sign_in(world.users.caregiver)
    for slot in (world.early, world.late):
        end_slot(poll=world.poll, slot=slot, by=world.users.caregiver)
    response = client.post(url("poll_link", world, ben.pk), {"how": "here"})
    assert response.status_code == 422
    assert "no link was made" in text_of(response)
    cancel_meeting(meeting=world.meeting, by=world.users.caregiver)
    path = reverse("teams:meeting_link", args=[world.team.pk, world.meeting.pk, ben.pk])
    assert client.post(path, {"how": "here"}).status_code == 422


# --- Using one -------------------------------------------------------------------------------------------------------
def test_it_shows_days_and_times_and_no_names(client, link):
    response = client.get(path_of(link))
    page = text_of(response)
    assert page.count("12:00") >= 2 or page.count("12") >= 2
    assert not [name for name in NAMES if name in page]
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]


def test_one_answer_is_taken_and_the_second_one_is_told_and_shown_again(client, world, link, ben):
    early, late = f"slot-{world.early.pk}", f"slot-{world.late.pk}"
    assert client.post(path_of(link), {}).status_code == 422
    assert client.post(path_of(link), {early: "yes", late: "no"}).status_code == 200
    rows = SlotAnswer.objects.filter(membership=ben).order_by("slot__starts_at")
    assert [(row.can, row.noted_by) for row in rows] == [("yes", None), ("no", None)]
    assert Event.objects.get(verb="times_answered").actor_name == "Uncle Ben"
    staff = {world.users.facilitator.email, world.users.grandmother.email}
    assert (told("link_answered"), told("link_failed")) == (staff, set())
    assert client.get(path_of(link)).status_code == 410
    assert told("link_failed") == set()  # opening it again is no try
    for _time in range(2):
        response = client.post(path_of(link), {early: "no", "slot-x": "yes"})
        assert response.status_code == 410
        page = text_of(response)
        assert "It has been used for an answer." in page
        assert "I can&#x27;t" in page
    assert told("link_failed") == staff
    assert Notice.objects.filter(kind="link_failed").count() == 2
    assert rows.filter(ended_at=None, can="yes").count() == 1


def test_an_answer_to_a_meeting_that_is_set(client, world, meeting_link):
    path = path_of(meeting_link)
    page = text_of(client.get(path))
    assert not [name for name in NAMES if name in page]
    assert client.post(path, {"needs": "A ride"}).status_code == 422
    assert client.post(path, {"coming": "yes", "needs": "A ride"}).status_code == 200
    guest = Guest.objects.get(meeting=world.meeting, membership=world.members["grandmother"])
    assert (guest.coming, guest.needs) == ("yes", "A ride")
    response = client.post(path, {"coming": "no", "needs": "A bus"})
    assert response.status_code == 410
    assert "No, I cannot come" in text_of(response) and "A bus" in text_of(response)


def end(how, world, link):
    rosa, moved = world.users.caregiver, timezone.now()
    if how == "too old":
        AnswerLink.objects.filter(pk=link.pk).update(created_at=moved - dt.timedelta(days=8), expires_at=moved)
    if how == "ended":
        AnswerLink.objects.filter(pk=link.pk).update(ended_at=moved)
    if how == "chosen":
        choose_slot(poll=world.poll, slot=world.early, by=rosa, by_family=True)
    if how == "stopped":
        end_poll(poll=world.poll, by=rosa)
    if how == "left":
        end_membership(membership=link.membership, by=rosa, reason="left")
    if how == "not shared":
        stop_sharing(membership=link.membership, sections=["records"], by=rosa)
    if how == "team ended":
        type(world.team).objects.filter(pk=world.team.pk).update(ended_at=moved, ended_by=rosa)


@pytest.mark.parametrize("how", ["too old", "ended", "chosen", "stopped", "left", "not shared", "team ended"])
def test_a_link_that_is_over_says_so_tells_the_facilitator_and_loses_nothing(client, world, link, how):
    end(how, world, link)
    response = client.post(path_of(link), {f"slot-{world.early.pk}": "maybe"})
    assert response.status_code == 410
    page = text_of(response)
    assert "It has run out" in page
    assert "I can if needed" in page
    assert "call or write to whoever gave you the link" in page
    assert not SlotAnswer.objects.filter(membership=link.membership).exists()
    assert AnswerLink.objects.get(pk=link.pk).used_at is None
    assert world.users.facilitator.email in told("link_failed") or how == "team ended"


def test_opening_a_link_that_ran_out_tells_too(client, world, link):
    end("too old", world, link)
    assert client.get(path_of(link)).status_code == 410
    assert world.users.facilitator.email in told("link_failed")


def test_a_link_to_a_meeting_that_was_called_off_is_over(client, world, meeting_link):
    cancel_meeting(meeting=Meeting.objects.get(pk=world.meeting.pk), by=world.users.caregiver)
    assert client.get(path_of(meeting_link)).status_code == 410
    with pytest.raises(Gone):
        answer_meeting_by_link(link=meeting_link, coming="yes", needs="")


def test_what_ends_between_opening_and_sending_takes_nothing(client, world, link, ben, monkeypatch):
    stale = AnswerLink.objects.get(pk=link.pk)
    answer_times_by_link(link=link, answers={world.early.pk: "yes"})
    with pytest.raises(Gone):
        answer_times_by_link(link=stale, answers={world.early.pk: "no"})
    fresh = make_answer_link(membership=ben, poll=world.poll, by=world.users.caregiver)
    monkeypatch.setattr("teams.views.answer_links.access.answer_link_works", lambda *_facts: True)
    end("stopped", world, fresh)
    assert client.post(path_of(fresh), {f"slot-{world.early.pk}": "no"}).status_code == 410


def test_a_time_that_was_taken_back_leaves_the_link_open(client, world, link):
    end_slot(poll=world.poll, slot=world.early, by=world.users.caregiver)
    response = client.post(path_of(link), {f"slot-{world.early.pk}": "yes", f"slot-{world.late.pk}": "no"})
    assert response.status_code == 422
    assert "A time was taken back" in text_of(response)
    assert client.get(path_of(link)).status_code == 200


def test_somebody_who_is_not_invited_answers_nothing(world, ben):
    Guest.objects.filter(meeting=world.meeting, membership=ben).delete()
    link = make_answer_link(membership=ben, meeting=world.meeting, by=world.users.caregiver)
    with pytest.raises(Gone):
        answer_meeting_by_link(link=link, coming="yes", needs="")


def test_forged_links_are_absent_and_many_tries_have_to_wait(client, link, meeting_link):
    words = [
        "nothing", link.token[:-1], signing.dumps([link.pk, meeting_link.nonce], salt=ANSWER_SALT),
        signing.dumps([link.pk, link.nonce], salt="teams.invitation"), signing.dumps([1, 2, 3], salt=ANSWER_SALT),
    ]  # fmt: skip
    for token in words:
        assert client.get(reverse("teams:answer_link", args=[token])).status_code == 404, token
    for _time in range(60):
        client.get(reverse("teams:answer_link", args=["wrong"]))
    assert client.get(path_of(link)).status_code == 429


def test_the_first_moment_after_its_end_is_too_late(client, link, time_machine):
    time_machine.move_to(link.expires_at - dt.timedelta(seconds=1))
    assert client.get(path_of(link)).status_code == 200
    time_machine.move_to(link.expires_at)
    assert client.get(path_of(link)).status_code == 410
