"""Answering an invitation, and noting who was there: nobody writes over what somebody else noted."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from soc_portal.audit.models import Event
from soc_portal.drafts.actions import keep_drafts
from soc_portal.drafts.models import Draft
from teams.actions.meetings import cancel_meeting
from teams.enums import Attendance, Coming, MeetingStatus
from teams.models import Deadline, Guest, Meeting


def url(name, world, meeting):
    return reverse(f"teams:{name}", args=[world.team.pk, meeting.pk])


def guest_of(world, slug, meeting=None):
    return Guest.objects.get(meeting=meeting or world.meeting, membership=world.members[slug])


@pytest.fixture
def started(world):
    """The meeting as it is an hour after it began."""
    start = timezone.now().replace(second=0, microsecond=0) - dt.timedelta(hours=1)
    Meeting.objects.update(starts_at=start, ends_at=start + dt.timedelta(hours=2))
    world.meeting.refresh_from_db()
    return world


def form_of(page):
    """What a browser would send when nobody touched anything."""
    form = page.context["form"]
    values = dict(form.seen())
    return values | {name: form[name].value() for name in form.fields}


# --- Answering ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", ["caregiver", "youth", "grandmother", "dss_worker", "provider"])
def test_everybody_answers_for_themselves_and_the_team_sees_it(world, sign_in, slug):
    path = url("meeting_answer", world, world.meeting)
    response = sign_in(world.people[slug]).post(path, {"coming": "yes", "needs": "A ride home"})
    assert response.url == url("meeting_detail", world, world.meeting)
    assert (guest_of(world, slug).coming, guest_of(world, slug).needs) == (Coming.YES, "A ride home")
    assert Guest.objects.filter(meeting=world.meeting).exclude(coming="").count() == 1
    record = sign_in(world.users.facilitator).get(url("meeting_detail", world, world.meeting)).context["record"]
    assert record.answers[0][1] == [world.members[slug]]
    assert ["A ride home"] in [words for member, words in record.helps if member == world.members[slug]]


def test_a_bare_yes_from_the_home_page_leaves_what_would_help(world, sign_in):
    client, path = sign_in(world.users.grandmother), url("meeting_answer", world, world.meeting)
    client.post(path, {"coming": "no", "needs": "A ride"})
    client.post(path, {"coming": "yes"})
    assert (guest_of(world, "grandmother").coming, guest_of(world, "grandmother").needs) == (Coming.YES, "A ride")
    client.post(path, {"needs": ""})
    assert (guest_of(world, "grandmother").coming, guest_of(world, "grandmother").needs) == (Coming.YES, "")


@pytest.mark.parametrize(
    ("sent", "field", "kept"),
    [
        ({"coming": "perhaps", "needs": "A ride"}, "coming", "A ride"),
        ({"coming": "yes", "needs": "r" * 201}, "needs", "r" * 201),
    ],
)
def test_a_wrong_answer_is_said_beside_it_and_kept(world, sign_in, sent, field, kept):
    response = sign_in(world.users.grandmother).post(url("meeting_answer", world, world.meeting), sent)
    assert response.status_code == 422
    assert set(response.context["answer"].errors) == {field}
    assert kept in response.content.decode()
    assert guest_of(world, "grandmother").coming == Coming.NO_ANSWER


@pytest.mark.parametrize(
    ("wanted", "goes_to"), [("/", "/"), ("https://evil.example/", None), ("//evil.example", None), ("", None)]
)
def test_after_an_answer_one_is_led_to_a_page_of_this_site_only(world, sign_in, wanted, goes_to):
    path = url("meeting_answer", world, world.meeting)
    response = sign_in(world.users.caregiver).post(path, {"coming": "yes", "next": wanted})
    assert response.url == (goes_to or url("meeting_detail", world, world.meeting))


def test_who_was_not_invited_may_read_but_has_no_answer_to_give(world, sign_in):
    guest_of(world, "grandmother").delete()
    client = sign_in(world.users.grandmother)
    page = client.get(url("meeting_detail", world, world.meeting))
    assert page.status_code == 200
    assert "Send my answer" not in page.content.decode()
    assert client.post(url("meeting_answer", world, world.meeting), {"coming": "yes"}).status_code == 403


def test_a_meeting_that_was_called_off_takes_no_answers(world, sign_in):
    cancel_meeting(meeting=world.meeting, by=world.users.caregiver)
    response = sign_in(world.users.youth).post(url("meeting_answer", world, world.meeting), {"coming": "yes"})
    assert response.status_code == 422
    assert "already taken place or was called off" in response.content.decode()


def test_a_typed_answer_waits_as_a_draft_until_it_is_sent(world, sign_in):
    page, client = url("meeting_detail", world, world.meeting), sign_in(world.users.grandmother)
    keep_drafts(user=world.users.grandmother, path=page, fields={"needs": "Half a ri"}, now=timezone.now())
    assert "Half a ri" in client.get(page).content.decode()
    client.post(url("meeting_answer", world, world.meeting), {"coming": "yes", "needs": "A ride"})
    assert not Draft.objects.filter(path=page).exists()


# --- Who was there --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", ["caregiver", "grandmother", "dss_worker"])
def test_anybody_notes_who_was_there_and_the_meeting_has_taken_place(started, sign_in, slug):
    client, path = sign_in(started.people[slug]), url("attendance_edit", started, started.meeting)
    sent = form_of(client.get(path))
    came, away = guest_of(started, "caregiver"), guest_of(started, "provider")
    response = client.post(path, sent | {f"guest-{came.pk}": "came", f"guest-{away.pk}": "away"})
    assert response.url == url("meeting_detail", started, started.meeting)
    noted = dict(started.meeting.guests.exclude(attendance="").values_list("pk", "attendance"))
    assert noted == {came.pk: Attendance.CAME, away.pk: Attendance.AWAY}
    started.meeting.refresh_from_db()
    assert started.meeting.status == MeetingStatus.HELD
    assert set(Deadline.objects.open().filter(team=started.team).values_list("kind", flat=True)) == {
        "first_plan", "next_meeting"
    }  # fmt: skip
    page = client.get(url("meeting_detail", started, started.meeting)).content.decode()
    for words in ("In the room", "Could not come", "Fix who was there"):
        assert words in page


def test_two_who_note_at_the_same_time_do_not_write_over_each_other(started, sign_in):
    path = url("attendance_edit", started, started.meeting)
    opened_by_both = form_of(sign_in(started.users.caregiver).get(path))
    rosa, carmen = guest_of(started, "caregiver"), guest_of(started, "grandmother")
    client = sign_in(started.users.caregiver)
    assert client.post(path, opened_by_both | {f"guest-{rosa.pk}": "came"}).status_code == 302
    client = sign_in(started.users.dss_worker)
    assert client.post(path, opened_by_both | {f"guest-{carmen.pk}": "phone"}).status_code == 302
    noted = dict(started.meeting.guests.exclude(attendance="").values_list("pk", "attendance"))
    assert noted == {rosa.pk: Attendance.CAME, carmen.pk: Attendance.PHONE}


def test_two_who_note_something_else_for_the_same_person_are_asked(started, sign_in):
    path = url("attendance_edit", started, started.meeting)
    client = sign_in(started.users.caregiver)
    opened = form_of(client.get(path))
    rosa = guest_of(started, "caregiver")
    name = f"guest-{rosa.pk}"
    client.post(path, opened | {name: "came"})
    response = client.post(path, opened | {name: "away"})
    assert response.status_code == 422
    assert "Somebody else just noted something else: In the room." in response.content.decode()
    assert guest_of(started, "caregiver").attendance == Attendance.CAME
    again = form_of(response)
    assert again[f"was-{rosa.pk}"] == "came"
    assert client.post(path, again).status_code == 302
    assert guest_of(started, "caregiver").attendance == Attendance.AWAY
    assert client.post(path, again).status_code == 302  # both noted the same: nothing to ask


def test_a_note_can_be_taken_back(started, sign_in):
    client, path = sign_in(started.users.caregiver), url("attendance_edit", started, started.meeting)
    rosa = guest_of(started, "caregiver")
    client.post(path, form_of(client.get(path)) | {f"guest-{rosa.pk}": "came"})
    client.post(path, form_of(client.get(path)) | {f"guest-{rosa.pk}": ""})
    assert guest_of(started, "caregiver").attendance == Attendance.UNKNOWN


def test_a_form_sent_twice_notes_once(started, sign_in):
    client, path = sign_in(started.users.caregiver), url("attendance_edit", started, started.meeting)
    sent = form_of(client.get(path)) | {f"guest-{guest_of(started, 'youth').pk}": "came"}
    assert [client.post(path, sent).status_code for _ in range(2)] == [302, 302]
    assert Event.objects.filter(verb="attendance_noted").count() == 1


def test_nobody_is_noted_before_the_meeting_starts(world, sign_in):
    client, path = sign_in(world.users.caregiver), url("attendance_edit", world, world.meeting)
    assert "has not started yet" in client.get(path).content.decode()
    response = client.post(path, {f"guest-{guest_of(world, 'youth').pk}": "came"})
    assert response.status_code == 422
    assert "has not started yet" in response.content.decode()
    assert guest_of(world, "youth").attendance == Attendance.UNKNOWN


def test_nobody_is_noted_at_a_meeting_that_was_called_off(started, sign_in):
    cancel_meeting(meeting=started.meeting, by=started.users.caregiver)
    client, path = sign_in(started.users.caregiver), url("attendance_edit", started, started.meeting)
    assert "was called off" in client.get(path).content.decode()
    response = client.post(path, {f"guest-{guest_of(started, 'youth').pk}": "came"})
    assert response.status_code == 422
    assert "This meeting was called off." in response.content.decode()


def test_somebody_who_was_not_invited_is_refused_in_words(started, sign_in):
    stranger = guest_of(started, "youth", started.court_meeting)
    response = sign_in(started.users.caregiver).post(
        url("attendance_edit", started, started.meeting), {f"guest-{stranger.pk}": "came"}
    )
    assert response.status_code == 422
    assert "was not invited to this meeting" in response.content.decode()
    stranger.refresh_from_db()
    assert stranger.attendance == Attendance.UNKNOWN


def test_an_answer_that_is_not_offered_is_refused_beside_the_person(started, sign_in):
    youth = guest_of(started, "youth")
    sent = {f"guest-{youth.pk}": "asleep", f"guest-{guest_of(started, 'caregiver').pk}": "came", "guest-x": "came"}
    response = sign_in(started.users.caregiver).post(url("attendance_edit", started, started.meeting), sent)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {f"guest-{youth.pk}"}
    assert set(started.meeting.guests.values_list("attendance", flat=True)) == {""}


def test_a_meeting_without_guests_says_so(started, sign_in):
    started.meeting.guests.all().delete()
    page = sign_in(started.users.caregiver).get(url("attendance_edit", started, started.meeting)).content.decode()
    assert "Nobody was invited to this meeting." in page
