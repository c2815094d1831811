"""A step is due soon: one calm notice to each who carries it, in the daytime, and none on the day or after it."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from soc_portal.celery import BEAT
from soc_portal.notices.actions import send_due
from soc_portal.notices.models import Notice
from teams.actions.items import add_item, change_item, end_item
from teams.actions.memberships import accept_place, choose_member, end_membership, propose_member
from teams.enums import EndReason, StepStatus
from teams.models import Consent, Goal, Step, Team
from teams.reminders import steps as reminders
from teams.reminders.steps import LEAD_DAYS, carriers, claim, due, send_reminders
from teams.tasks import remind_of_steps

EASTERN = ZoneInfo("America/New_York")
SECOND = dt.timedelta(seconds=1)
KIND = "steps_due"


@pytest.fixture
def clean(world):
    """No step is due but those that a test makes."""
    Step.objects.update(due_on=None)
    Notice.objects.all().delete()
    return world


def step_of(world, *personas, days=LEAD_DAYS, need="need", **values):
    goal = add_item(
        team=world.team, item=Goal(need=world.items[need], text="A goal"), by=world.users.caregiver
    )  # fmt: skip
    step = Step(goal=goal, text="Call the school", due_on=timezone.localdate() + dt.timedelta(days=days), **values)
    return add_item(
        team=world.team, item=step, by=world.users.caregiver, who=[world.members[slug] for slug in personas]
    )


def at(hour, minute=0, second=0, days=0):
    """A moment of today, or so many days later, by the clock on the wall."""
    day = timezone.localdate() + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(hour, minute, second), EASTERN)


def told():
    return sorted(notice.user.name for notice in Notice.objects.filter(kind=KIND))


# --- When ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "is_due"), [(-1, False), (0, False), (1, True), (2, True), (3, False)])
def test_a_step_is_due_two_days_before_its_day_and_not_on_it(clean, days, is_due):
    step = step_of(clean, "caregiver", days=days)
    assert list(due(at(12))) == ([step] if is_due else [])


@pytest.mark.parametrize(
    ("moment", "is_due"),
    [((8, 59, 59), False), ((9, 0, 0), True), ((17, 59, 59), True), ((18, 0, 0), False), ((3, 0, 0), False)],
)
def test_reminders_go_out_in_the_daytime_alone(clean, moment, is_due):
    step_of(clean, "caregiver")
    assert due(at(*moment)).exists() is is_due
    assert due(at(*moment).astimezone(dt.UTC)).exists() is is_due


@pytest.mark.parametrize("day", [dt.date(2027, 3, 14), dt.date(2027, 11, 7)])
def test_the_day_counts_and_not_the_hours_also_when_the_clocks_change(clean, day):
    step = step_of(clean, "caregiver")
    Step.objects.filter(pk=step.pk).update(due_on=day + dt.timedelta(days=1))
    for hour, is_due in ((8, False), (9, True)):
        moment = dt.datetime.combine(day - dt.timedelta(days=1), dt.time(hour), EASTERN)
        assert due(moment).exists() is is_due
    assert not due(dt.datetime.combine(day - dt.timedelta(days=2), dt.time(12), EASTERN)).exists()


def test_a_wake_up_that_was_missed_is_made_up_for_the_day_after_and_then_no_more(clean):
    step_of(clean, "caregiver")
    assert send_reminders(at(12, days=LEAD_DAYS)) == 0
    assert send_reminders(at(12, days=LEAD_DAYS + 5)) == 0
    assert send_reminders(at(12, days=1)) == 1


@pytest.mark.parametrize("status", [StepStatus.DONE, StepStatus.NOT_DONE, StepStatus.STOPPED])
def test_what_is_closed_is_left_in_peace(clean, status):
    step = step_of(clean, "caregiver")
    change_item(
        team=clean.team, item=step, by=clean.users.caregiver, base_version=step.version, values={"status": status}
    )
    assert send_reminders(at(12)) == 0


def test_what_was_taken_away_and_a_team_that_has_ended_remind_nobody(clean):
    step = step_of(clean, "caregiver")
    team = Team.objects.filter(pk=clean.team.pk)
    team.update(ended_at=timezone.now(), ended_by=clean.users.caregiver)
    assert not due(at(12)).exists()
    team.update(ended_at=None, ended_by=None)
    assert due(at(12)).exists()
    end_item(team=clean.team, item=step, by=clean.users.caregiver)
    assert send_reminders(at(12)) == 0


# --- Who -------------------------------------------------------------------------------------------------------------
def test_exactly_those_who_carry_it_are_told_once(clean):
    step_of(clean, "caregiver", "grandmother", "facilitator")
    assert send_reminders(at(12)) == 3
    assert send_reminders(at(12) + SECOND) == 0
    assert send_reminders(at(12, days=1)) == 0
    carriers_of_it = [clean.users.caregiver, clean.users.grandmother, clean.users.facilitator]
    assert told() == sorted(user.name for user in carriers_of_it)


def test_several_steps_of_a_person_are_one_notice_also_when_one_comes_later_in_the_day(clean):
    for days in (1, 2, 2):
        step_of(clean, "caregiver", days=days)
    step_of(clean, "caregiver", need="need_court")
    assert send_reminders(at(10)) == 1
    step_of(clean, "caregiver", "grandmother", days=1)
    assert send_reminders(at(11)) == 1
    assert told() == sorted([clean.users.caregiver.name, clean.users.grandmother.name])
    assert not due(at(12)).exists()


def test_who_turned_it_off_or_has_no_account_is_not_told(clean):
    clean.users.caregiver.remind_of_steps = False
    clean.users.caregiver.save()
    uncle = propose_member(team=clean.team, by=clean.users.caregiver, name="Uncle Ben", kind="natural")
    choose_member(membership=uncle, by=clean.users.caregiver)
    accept_place(membership=uncle, by=clean.users.caregiver)
    clean.members["uncle"] = uncle
    step_of(clean, "caregiver", "uncle", "grandmother")
    assert send_reminders(at(12)) == 1
    assert told() == [clean.users.grandmother.name]


def test_who_may_not_read_its_part_of_the_record_is_not_told(clean):
    step_of(clean, "grandmother", "court_counselor", "facilitator", need="need_court")
    send_reminders(at(12))
    assert told() == [clean.users.court_counselor.name]


def test_who_left_or_whose_yes_from_the_family_ended_is_not_told(clean):
    step_of(clean, "grandmother", "facilitator", "dss_worker")
    end_membership(
        membership=clean.members["facilitator"], by=clean.users.caregiver, reason=EndReason.LEFT
    )  # fmt: skip
    Consent.written_by_actions.filter(membership=clean.members["dss_worker"]).update(
        ended_at=timezone.now(), ended_by=clean.users.caregiver
    )
    send_reminders(at(12))
    assert told() == [clean.users.grandmother.name]


def test_an_account_that_is_closed_is_not_told(clean):
    clean.users.grandmother.is_active = False
    clean.users.grandmother.save()
    step_of(clean, "grandmother")
    assert send_reminders(at(12)) == 0


# --- Claiming --------------------------------------------------------------------------------------------------------
def test_two_workers_that_found_the_same_steps_remind_once(clean, monkeypatch):
    steps = [step_of(clean, "caregiver"), step_of(clean, "grandmother")]
    found = list(due(at(12)))  # the second worker has read its list before the first claims
    assert {step.pk for step in found} == {step.pk for step in steps}
    assert {step.pk for step in claim(found, at(12))} == {step.pk for step in steps}
    assert claim(found, at(12)) == []
    assert carriers([], at(12)) == []


def test_a_step_that_got_another_day_or_was_done_between_finding_and_claiming_is_not_taken(clean):
    later, done, same = (step_of(clean, "caregiver") for _number in range(3))
    found = list(due(at(12)))
    by = clean.users.caregiver
    values = {"due_on": later.due_on + dt.timedelta(days=9)}
    change_item(team=clean.team, item=later, by=by, base_version=later.version, values=values)
    change_item(team=clean.team, item=done, by=by, base_version=done.version, values={"status": StepStatus.DONE})
    assert claim(found, at(12)) == [same]
    assert Step.objects.get(pk=later.pk).reminded_of is None


def test_another_day_has_a_reminder_of_its_own(clean):
    step = step_of(clean, "caregiver")
    assert send_reminders(at(12)) == 1
    day = step.due_on + dt.timedelta(days=7)
    change_item(team=clean.team, item=step, by=clean.users.caregiver, base_version=step.version, values={"due_on": day})
    assert send_reminders(at(12, days=1)) == 0
    assert send_reminders(at(12, days=7)) == 1
    assert Step.objects.get(pk=step.pk).reminded_of == day


def test_a_reminder_that_fails_on_its_way_into_the_outbox_is_not_claimed(clean, monkeypatch):
    step_of(clean, "caregiver")

    def fail(_user):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("teams.emails.steps_due", fail)
        with pytest.raises(ZeroDivisionError):
            send_reminders(at(12))
    assert send_reminders(at(12)) == 1


def test_more_steps_than_fit_into_one_batch_are_all_told_and_nobody_twice(clean, monkeypatch):
    monkeypatch.setattr(reminders, "AT_ONCE", 2)
    for _number in range(3):
        step_of(clean, "caregiver", "grandmother")
    step_of(clean, "facilitator")
    assert send_reminders(at(12)) == 3
    assert len(told()) == 3 and not due(at(12)).exists()


def test_more_steps_take_no_more_queries(clean):
    def counted(number):
        for _one in range(number):
            step_of(clean, "caregiver", "grandmother")
        Notice.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            assert send_reminders(at(12)) == 2
        return len(queries)

    assert counted(1) == counted(12)


# --- What it says ----------------------------------------------------------------------------------------------------
def test_the_wake_up_sends_a_mail_that_says_nothing_of_the_case(clean):
    step_of(clean, "caregiver")
    with time_machine.travel(at(12), tick=False):
        assert remind_of_steps.delay().get() == 1
        send_due(now=timezone.now())
    [message] = [message for message in mail.outbox if message.to == [clean.users.caregiver.email]]
    text = message.subject + message.body + message.alternatives[0][0]
    assert reverse("teams:step_list") in text and "due soon" in text
    for secret in ("Call the school", "A goal", "Delgado", "Mateo", f"/teams/{clean.team.pk}"):
        assert secret not in text
    assert BEAT["remind-of-steps"]["task"] == remind_of_steps.name


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize("language", ["en", "es"])
def test_everybody_turns_their_own_reminders_on_and_off(clean, sign_in, wanted, language):
    user = clean.users.caregiver
    client = sign_in(user)
    data = {"name": user.name, "language": language} | ({"remind_of_steps": "on"} if wanted else {})
    assert client.post(reverse("accounts:profile_edit"), data).status_code == 302
    user.refresh_from_db()
    assert (user.remind_of_steps, user.language) == (wanted, language)
    box = client.get(reverse("accounts:profile_edit")).content.decode().split('name="remind_of_steps"')[1].split(">")[0]
    assert ("checked" in box) is wanted


def test_a_name_that_is_missing_keeps_what_was_chosen(clean, sign_in):
    client = sign_in(clean.users.caregiver)
    response = client.post(reverse("accounts:profile_edit"), {"name": "", "language": "en"})
    assert response.status_code == 422
    assert "checked" not in response.content.decode().split('name="remind_of_steps"')[1].split(">")[0]
    clean.users.caregiver.refresh_from_db()
    assert clean.users.caregiver.remind_of_steps is True
