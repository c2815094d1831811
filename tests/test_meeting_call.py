"""Calling a meeting: anybody on the team may, only day and times are needed, and the clocks have their own mind."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from families.enums import Section
from soc_portal.audit.models import Event
from soc_portal.drafts.actions import keep_drafts
from soc_portal.drafts.models import Draft
from soc_portal.when import local_moments
from teams.actions.consents import stop_sharing
from teams.actions.meetings import call_meeting, cancel_meeting
from teams.actions.memberships import accept_place, choose_member
from teams.forms.meetings import MeetingForm, initial_of
from teams.models import Guest, Meeting


def url(name, world, meeting=None):
    numbers = [world.team.pk] if meeting is None else [world.team.pk, meeting.pk]
    return reverse(f"teams:{name}", args=numbers)


def typed(**changes):
    day = timezone.localdate() + dt.timedelta(days=14)
    values = {
        "purpose": "Plan the summer", "day": day.isoformat(), "start": "17:30", "end": "18:30",
        "place_words": "At Carmen's house", "link": "", "section": "records",
    }  # fmt: skip
    return values | changes


def call(world, by="facilitator", purpose="", **ahead):
    start = timezone.now() + dt.timedelta(**ahead)
    meeting = Meeting(starts_at=start, ends_at=start + dt.timedelta(hours=1), purpose=purpose)
    return call_meeting(team=world.team, by=world.people[by], meeting=meeting)


# --- Calling --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", ["caregiver", "youth", "grandmother", "dss_worker", "family_partner"])
def test_anybody_on_the_team_calls_a_meeting_and_everybody_is_invited(world, sign_in, slug):
    response = sign_in(world.people[slug]).post(url("meeting_call", world), typed())
    meeting = Meeting.objects.order_by("-pk").first()
    assert response.status_code == 302
    assert response.url == url("meeting_detail", world, meeting)
    assert (meeting.purpose, meeting.place_words, meeting.created_by) == (
        "Plan the summer", "At Carmen's house", world.people[slug]
    )  # fmt: skip
    assert timezone.localtime(meeting.starts_at).strftime("%H:%M") == "17:30"
    takes_part = world.team.memberships.filter(ended_at=None, accepted_at__isnull=False)
    invited = takes_part.exclude(user=world.users.expired_consent)  # the family shares nothing with her any more
    assert set(meeting.guests.values_list("membership", flat=True)) == set(invited.values_list("pk", flat=True))


def test_only_the_day_and_the_times_are_needed(world, sign_in):
    day = typed()["day"]
    client = sign_in(world.users.caregiver)
    assert client.post(url("meeting_call", world), {"day": day, "start": "9:00", "end": "10:00"}).status_code == 302
    response = client.post(url("meeting_call", world), {"purpose": "Words to keep"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"day", "start", "end"}
    assert "Words to keep" in response.content.decode()


TOMORROW, YESTERDAY = 1, -1


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"day": YESTERDAY}, "day", "This time has passed"),
        ({"day": TOMORROW, "end": "17:00"}, "end", "end after it starts"),
        ({"day": TOMORROW, "end": "17:30"}, "end", "end after it starts"),
        ({"day": 3 * 366}, "day", "too far away"),
        ({"day": -40 * 366}, "day", "too long ago"),
        ({"day": "9999-12-31"}, "day", "too far away"),
        ({"day": "soon"}, "day", "Write the day like this"),
        ({"start": "half past"}, "start", "Write the time like this"),
        ({"link": "javascript:alert(1)"}, "link", "starts with https://"),
        ({"link": "ftp://example.org"}, "link", "starts with https://"),
        ({"link": "not a link"}, "link", "starts with https://"),
        ({"place_words": "x" * 201}, "place_words", "too long"),
        ({"section": "health; drop"}, "section", "Select a valid choice"),
        ({"purpose": "a\x00b"}, "purpose", "can&#x27;t save"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(world, sign_in, changes, field, words):
    if isinstance(changes.get("day"), int):
        changes = changes | {"day": (timezone.localdate() + dt.timedelta(days=changes["day"])).isoformat()}
    before = Meeting.objects.count()
    response = sign_in(world.users.caregiver).post(url("meeting_call", world), typed(**changes))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    page = response.content.decode()
    assert words in page
    assert "At Carmen&#x27;s house" in page or field == "place_words"
    assert Meeting.objects.count() == before


def test_a_form_sent_twice_calls_one_meeting(world, sign_in):
    client = sign_in(world.users.caregiver)
    answers = [client.post(url("meeting_call", world), typed()) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert Meeting.objects.filter(purpose="Plan the summer").count() == 1
    assert Event.objects.filter(verb="meeting_called", object_id=Meeting.objects.latest("pk").pk).count() == 1


def test_long_right_to_left_and_emoji_words_are_kept_as_typed(world, sign_in):
    words = "نلتقي 🍕 " + "w" * 100_000
    sign_in(world.users.caregiver).post(url("meeting_call", world), typed(purpose=words))
    assert Meeting.objects.latest("pk").purpose == words


def test_a_draft_waits_in_the_form_and_goes_when_the_meeting_is_called(world, sign_in):
    client, path = sign_in(world.users.caregiver), url("meeting_call", world)
    keep_drafts(user=world.users.caregiver, path=path, fields={"purpose": "Half a thought"}, now=timezone.now())
    assert "Half a thought" in client.get(path).content.decode()
    client.post(path, typed())
    assert not Draft.objects.filter(path=path).exists()


@pytest.mark.parametrize(
    ("slug", "offered"),
    [
        ("dss_worker", None), ("grandmother", None), ("court_counselor", ["records", "court"]),
        ("provider", ["records", "mental_health", "substance_use"]),
    ],
)  # fmt: skip
def test_only_who_may_read_another_part_is_asked_which_part_it_is(world, sign_in, slug, offered):
    form = sign_in(world.people[slug]).get(url("meeting_call", world)).context["form"]
    field = form.fields.get("section")
    assert (field and [value for value, _ in field.choices]) == offered


def test_who_calls_a_meeting_in_a_part_hidden_from_them_is_not_sent_to_a_missing_page(world, sign_in):
    stop_sharing(membership=world.members["dss_worker"], sections=[Section.RECORDS], by=world.users.caregiver)
    response = sign_in(world.users.dss_worker).post(url("meeting_call", world), typed(), follow=True)
    assert response.status_code == 200
    assert response.redirect_chain[-1][0] == url("meeting_list", world)
    assert [*response.context["coming"], *response.context["past"]] == []


def test_the_holder_of_nothing_and_a_stranger_cannot_call(world, sign_in):
    for slug in (
        "other_caregiver",
        "other_facilitator",
        "former_member",
        "proposed",
        "coordinator",
        "superuser",
        "expired_consent",
    ):
        assert sign_in(world.people[slug]).post(url("meeting_call", world), typed()).status_code == 404


def test_somebody_who_joins_later_is_invited_to_what_is_to_come(world):
    past, off = call(world, hours=5), call(world, hours=6)
    Meeting.objects.filter(pk=past.pk).update(starts_at=timezone.now() - dt.timedelta(days=3))
    cancel_meeting(meeting=off, by=world.users.caregiver)
    member = world.members["proposed"]
    choose_member(membership=member, by=world.users.caregiver)
    accept_place(membership=member, by=world.users.proposed)
    invited = set(Guest.objects.filter(membership=member).values_list("meeting", flat=True))
    assert invited == {world.meeting.pk}  # not to the one about court, which is not shared with him
    assert past.pk not in invited


# --- Times: the clocks of North Carolina ----------------------------------------------------------------------------
SPRING, FALL = dt.date(2027, 3, 14), dt.date(2026, 11, 1)


def checked(**changes):
    form = MeetingForm(typed(**changes), sections=["records"])
    form.is_valid()
    return form


def test_every_moment_that_the_clocks_show():
    assert local_moments(SPRING, dt.time(2, 30)) == []
    assert local_moments(SPRING, dt.time(3, 0)) == [dt.datetime(2027, 3, 14, 7, 0, tzinfo=dt.UTC)]
    assert local_moments(FALL, dt.time(1, 30)) == [
        dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC), dt.datetime(2026, 11, 1, 6, 30, tzinfo=dt.UTC)
    ]  # fmt: skip
    assert len(local_moments(FALL, dt.time(2, 0))) == 1


def test_a_time_that_the_clocks_leave_out_is_refused_beside_it():
    form = checked(day=SPRING.isoformat(), start="2:30", end="3:30")
    assert set(form.errors) == {"start"}
    assert "the clocks go forward" in str(form.errors["start"])
    assert set(checked(day=SPRING.isoformat(), start="1:30", end="2:15").errors) == {"end"}


def test_a_time_that_comes_twice_is_asked_about_and_then_kept():
    form = checked(day=FALL.isoformat(), start="1:15", end="1:45")
    assert set(form.errors) == {"which"}
    assert not form["which"].is_hidden
    first = checked(day=FALL.isoformat(), start="1:15", end="1:45", which="first").values
    second = checked(day=FALL.isoformat(), start="1:15", end="1:45", which="second").values
    assert second["starts_at"] - first["starts_at"] == dt.timedelta(hours=1)
    assert initial_of(Meeting(**second))["which"] == "second"
    assert initial_of(Meeting(**first))["which"] == "first"
    assert set(checked(day=FALL.isoformat(), start="1:15", end="1:45", which="third").errors) == {"which"}


def test_a_meeting_over_the_change_of_clocks_has_its_true_length():
    spring = checked(day=SPRING.isoformat(), start="1:30", end="3:30").values
    fall = checked(day=FALL.isoformat(), start="0:30", end="2:30").values
    assert spring["ends_at"] - spring["starts_at"] == dt.timedelta(hours=1)
    assert fall["ends_at"] - fall["starts_at"] == dt.timedelta(hours=3)


def test_on_other_days_nobody_is_asked_which():
    form = checked()
    assert form["which"].is_hidden
    assert not form.errors
