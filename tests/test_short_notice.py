"""Notice of a meeting: sooner than the rule says it needs the family's yes, and nobody is invited before it."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from soc_portal.notices.models import Notice
from teams.actions.meetings import (
    answer_invitation,
    call_meeting,
    cancel_meeting,
    change_meeting,
    note_attendance,
    waive_notice,
)
from teams.actions.memberships import accept_place, choose_member, propose_member
from teams.actions.notice import is_soon, rule_of_notice
from teams.models import Guest, Meeting, Membership
from tests.parts.calling import make_notice_rule, noon
from tests.test_calling import text_of


@pytest.fixture
def rule(world):
    return make_notice_rule()


def url(name, world, meeting=None):
    numbers = [world.team.pk] if meeting is None else [world.team.pk, meeting.pk]
    return reverse(f"teams:{name}", args=numbers)


def typed(days, **more):
    day = timezone.localdate() + dt.timedelta(days=days)
    return {"purpose": "To talk", "day": day.isoformat(), "start": "17:30", "end": "18:30"} | more


def call(world, days, by="facilitator", **more):
    meeting = Meeting(starts_at=noon(days), ends_at=noon(days) + dt.timedelta(hours=1))
    Notice.objects.all().delete()
    return call_meeting(team=world.team, meeting=meeting, by=world.people[by], **more)


def move(world, meeting, days, by="facilitator", **more):
    Notice.objects.all().delete()
    values = {"starts_at": noon(days), "ends_at": noon(days) + dt.timedelta(hours=1)}
    fresh = Meeting.objects.select_related("team").get(pk=meeting.pk)
    return change_meeting(meeting=fresh, by=world.people[by], base_version=fresh.version, values=values, **more)


def told():
    return {
        kind: Notice.objects.filter(kind=kind).count() for kind in set(Notice.objects.values_list("kind", flat=True))
    }


def of(meeting):
    return Meeting.objects.select_related("team").get(pk=meeting.pk)


def test_days_are_those_of_the_calendar_and_without_a_rule_there_is_no_limit(world):
    assert rule_of_notice(timezone.localdate()) is None
    assert not is_soon(None, noon(0), timezone.now())
    rule = make_notice_rule(days=14)
    assert rule_of_notice(timezone.localdate()) == rule
    assert (is_soon(rule, noon(13), timezone.now()), is_soon(rule, noon(14), timezone.now())) == (True, False)


def test_a_caregiver_is_asked_beside_the_box_and_their_yes_is_kept(world, sign_in, rule):
    client = sign_in(world.users.caregiver)
    assert "all_right" not in text_of(client.get(url("meeting_call", world)))
    response = client.post(url("meeting_call", world), typed(3))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"all_right"}
    assert "less than 14 days away" in text_of(response)
    assert 'value="17:30"' in text_of(response)
    assert client.post(url("meeting_call", world), typed(3, all_right="on")).status_code == 302
    meeting = Meeting.objects.latest("pk")
    assert (meeting.status, meeting.notice_rule, meeting.waived_by) == ("set", rule, world.users.caregiver)
    assert meeting.waived_at and meeting.guests.exists()


@pytest.mark.parametrize("slug", ["facilitator", "youth", "grandmother"])
def test_anybody_else_asks_the_family_first_and_nobody_is_invited(world, sign_in, rule, slug):
    Notice.objects.all().delete()
    client = sign_in(world.people[slug])
    page = text_of(client.post(url("meeting_call", world), typed(3), follow=True))
    meeting = Meeting.objects.latest("pk")
    assert (meeting.status, meeting.waived_at, meeting.guests.count()) == ("asked", None, 0)
    assert "the family is asked first" in page
    assert "This meeting waits for the family’s yes" in page
    assert "It is all right for us" not in page
    assert told() == {"short_notice_asked": 2}  # both caregivers
    client.post(url("meeting_call", world), typed(3))
    assert Meeting.objects.latest("pk") == meeting
    waive_notice(meeting=of(meeting), by=world.users.caregiver)
    client.post(url("meeting_call", world), typed(3))  # the same form once more, after the yes
    assert Meeting.objects.latest("pk") == meeting


def test_in_time_it_is_set_as_ever_and_keeps_its_rule(world, rule):
    meeting = call(world, 14)
    assert (meeting.status, meeting.notice_rule, meeting.waived_at) == ("set", rule, None)
    assert set(told()) == {"meeting_called"}


def test_a_caregiver_says_yes_once_and_then_everybody_is_told(world, sign_in, rule):
    meeting = call(world, 3)
    client = sign_in(world.users.other_household)
    assert "It is all right for us" in text_of(client.get(url("meeting_detail", world, meeting)))
    Notice.objects.all().delete()
    page = text_of(client.post(url("meeting_waive", world, meeting), follow=True))
    assert "The meeting is set for" in page
    row = of(meeting)
    assert (row.status, row.waived_by) == ("set", world.users.other_household)
    assert row.guests.exists()
    assert told() == {"meeting_called": Notice.objects.count()}
    assert "does not wait for a yes any more" in text_of(client.post(url("meeting_waive", world, meeting), follow=True))


def test_a_yes_that_comes_after_a_change_looks_again(world, sign_in, rule, monkeypatch):
    from soc_portal.versions.actions import Conflict

    meeting = call(world, 3)

    def late(**_facts):
        raise Conflict(meeting, {}, [])

    monkeypatch.setattr("teams.views.polls.waive_notice", late)
    page = text_of(sign_in(world.users.caregiver).post(url("meeting_waive", world, meeting), follow=True))
    assert "Somebody just changed this meeting" in page


def test_where_no_caregiver_has_an_account_any_writer_notes_the_yes(world, sign_in, rule):
    meeting = call(world, 3)
    caregivers = [world.members["caregiver"].pk, world.members["other_household"].pk]
    Membership.written_by_actions.filter(pk__in=caregivers).update(user=None)
    client = sign_in(world.users.dss_worker)
    assert client.post(url("meeting_waive", world, meeting)).status_code == 302
    assert of(meeting).waived_by == world.users.dss_worker


def test_a_meeting_that_waits_is_nobodys_next_meeting_and_is_listed_before_what_was_called_off(world, sign_in, rule):
    off = call(world, 20)
    cancel_meeting(meeting=of(off), by=world.users.caregiver)
    meeting = call(world, 1)
    client = sign_in(world.users.dss_worker)
    page = client.get(url("meeting_list", world))
    listed = list(page.context["coming"])
    assert (listed[0], listed[-1]) == (meeting, off)
    assert listed[0].badge == ("wait", "Waits for the family's yes")
    assert client.get(reverse("home")).context["rows"][0]["meeting"] != meeting
    member = propose_member(team=world.team, by=world.users.caregiver, name="Uncle Ben", kind="natural")
    choose_member(membership=member, by=world.users.caregiver)
    accept_place(membership=member, by=world.users.caregiver)
    assert not meeting.guests.exists()


def test_the_family_can_say_no(world, sign_in, rule):
    meeting = call(world, 3)
    client = sign_in(world.users.caregiver)
    assert "Call it off" in text_of(client.get(url("meeting_cancel", world, meeting)))
    client.post(url("meeting_cancel", world, meeting))
    assert of(meeting).status == "cancelled"
    assert "does not wait for a yes" in text_of(client.post(url("meeting_waive", world, meeting), follow=True))


# --- Another day -----------------------------------------------------------------------------------------------------
def test_another_day_needs_another_yes(world, rule):
    meeting = call(world, 3, by="caregiver", all_right=True)
    moved = move(world, meeting, 4)
    assert (moved.status, of(meeting).waived_at) == ("asked", None)
    assert set(told()) == {"short_notice_asked", "meeting_waits"}
    assert moved.guests.exists()  # they were invited before and are told that the day waits
    again = move(world, meeting, 5)
    assert again.status == "asked"
    assert set(told()) == {"short_notice_asked"}
    with pytest.raises(ValidationError, match="less than 14 days away"):
        move(world, meeting, 6, by="caregiver")
    fine = move(world, meeting, 6, by="caregiver", all_right=True)
    assert (fine.status, of(meeting).waived_by) == ("set", world.users.caregiver)
    assert set(told()) == {"meeting_called"}


def test_a_day_far_enough_sets_a_meeting_that_waits(world, rule):
    meeting = call(world, 3)
    moved = move(world, meeting, 20)
    assert (moved.status, moved.guests.exists()) == ("set", True)
    assert set(told()) == {"meeting_called"}
    assert move(world, meeting, 21).status == "set"
    assert set(told()) == {"meeting_changed"}


def test_another_hour_of_the_same_day_needs_no_other_yes(world, rule):
    meeting = call(world, 3, by="caregiver", all_right=True)
    values = {"ends_at": noon(3) + dt.timedelta(hours=2)}
    changed = change_meeting(
        meeting=of(meeting), by=world.users.facilitator, base_version=1, values=values | {"starts_at": noon(3)}
    )
    assert (changed.status, of(meeting).waived_by) == ("set", world.users.caregiver)


def test_another_word_on_a_meeting_that_waits_tells_nobody(world, rule):
    meeting = call(world, 3)
    Notice.objects.all().delete()
    change_meeting(meeting=of(meeting), by=world.users.facilitator, base_version=1, values={"purpose": "New"})
    assert told() == {}


def test_a_caregiver_who_moves_it_is_asked_beside_the_box(world, sign_in, rule):
    meeting = call(world, 20)
    client = sign_in(world.users.caregiver)
    response = client.post(url("meeting_edit", world, meeting), typed(3, version=1))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"all_right"}
    client.post(url("meeting_edit", world, meeting), typed(3, version=1, all_right="on"))
    assert of(meeting).waived_by == world.users.caregiver


# --- What does not wait ----------------------------------------------------------------------------------------------
def test_nobody_answers_before_the_yes_and_a_meeting_that_took_place_took_place(world, rule, time_machine):
    meeting = call(world, 3, by="caregiver", all_right=True)
    move(world, meeting, 4)
    guest = Guest.objects.select_related("meeting__team").filter(meeting=meeting).first()
    with pytest.raises(ValidationError, match="waits for the family"):
        answer_invitation(guest=guest, coming="yes", needs="", by=world.users.caregiver)
    time_machine.move_to(noon(5))
    note_attendance(meeting=of(meeting), marks={guest.pk: "came"}, by=world.users.facilitator, now=timezone.now())
    assert of(meeting).status == "held"


def test_a_yes_that_is_noted_afterwards_tells_nobody_of_the_past(world, rule, time_machine):
    meeting = call(world, 3)
    time_machine.move_to(noon(4))
    Notice.objects.all().delete()
    waive_notice(meeting=of(meeting), by=world.users.caregiver)
    assert (of(meeting).status, told(), meeting.guests.exists()) == ("set", {}, True)
