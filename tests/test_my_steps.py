"""Things I said I would do, across teams, and saying why something was not done."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from soc_portal.audit.enums import Look
from soc_portal.audit.models import Event
from soc_portal.versions.models import Revision
from teams import access
from teams.actions.items import add_item, change_item, finish_step, leave_step
from teams.enums import StepStatus
from teams.models import Step

LIST = "/steps/"


def url(world, step):
    return reverse("teams:step_not_done", args=[world.team.pk, step.pk])


@pytest.fixture
def step(world):
    """A step of Rosa."""
    mine = list(world.team.memberships.filter(user=world.users.caregiver))
    new = Step(goal=world.items["step"].goal, text="Call the school", due_on=timezone.localdate())
    return add_item(team=world.team, item=new, by=world.users.caregiver, who=mine)


def fresh(step):
    return Step.objects.get(pk=step.pk)


def test_the_list_holds_exactly_my_open_steps_in_order_of_date(world, sign_in, step):
    mine = list(world.team.memberships.filter(user=world.users.caregiver))
    without = add_item(team=world.team, item=Step(goal=step.goal, text="Some day"), by=world.users.caregiver, who=mine)
    found = sign_in(world.users.caregiver).get(LIST).context["steps"]
    assert {row.pk for row in found} == {row.pk for row in access.own_open_steps(world.users.caregiver)}
    assert found[-1] == without and step in found
    for stranger in (world.users.other_caregiver, world.users.facilitator):
        assert step not in sign_in(stranger).get(LIST).context["steps"]


def test_twenty_a_page(world, sign_in, step):
    mine = list(world.team.memberships.filter(user=world.users.caregiver))
    have = access.own_open_steps(world.users.caregiver).count()
    for number in range(21 - have):
        new = Step(goal=step.goal, text=f"Call {number}")
        add_item(team=world.team, item=new, by=world.users.caregiver, who=mine)
    client = sign_in(world.users.caregiver)
    first, second = client.get(LIST), client.get(LIST + "?page=2")
    assert (len(first.context["steps"]), first.context["older"]) == (20, 2)
    assert (len(second.context["steps"]), second.context["older"]) == (1, None)


@pytest.mark.parametrize(("days", "shown"), [(0, True), (14, True), (15, False)])
@pytest.mark.parametrize("done", [True, False])
def test_what_was_closed_stays_for_14_days(world, sign_in, step, days, shown, done):
    then = timezone.now() - dt.timedelta(days=days)
    if done:
        finish_step(team=world.team, step=step, by=world.users.caregiver)
        Step.objects.filter(pk=step.pk).update(done_on=timezone.localdate(then))
    else:
        sign_in(world.users.caregiver).post(url(world, step), {"base": step.version, "why": "No bus"})
        closing = Revision.objects.filter(kind=step.kind, item_id=step.pk, state__status=StepStatus.NOT_DONE)
        assert closing.update(at=then) == 1
    response = sign_in(world.users.caregiver).get(LIST)
    assert (step in response.context["closed"]) is shown
    assert step not in response.context["steps"]


def test_what_is_written_in_a_closed_step_later_does_not_keep_it_there_longer(world, step):
    by, then = world.users.caregiver, timezone.now() - dt.timedelta(days=20)
    since = timezone.localdate() - dt.timedelta(days=14)
    step = leave_step(team=world.team, step=step, by=by, base_version=step.version, why="No bus")
    Revision.objects.filter(kind=step.kind, item_id=step.pk).update(at=then)
    step = change_item(team=world.team, item=step, by=by, base_version=step.version, values={"why": "No bus at all"})
    assert step not in access.own_closed_steps(by, since)
    day = timezone.localdate()
    step = leave_step(team=world.team, step=step, by=by, base_version=step.version, why="Again", due_on=day)
    assert step not in access.own_closed_steps(by, since)
    step = leave_step(team=world.team, step=step, by=by, base_version=step.version, why="No")
    assert step in access.own_closed_steps(by, since)


def test_a_closed_step_of_which_no_state_was_kept_counts_from_its_last_save(world, step):
    by, since = world.users.caregiver, timezone.localdate() - dt.timedelta(days=14)
    leave_step(team=world.team, step=step, by=by, base_version=step.version, why="No bus")
    Revision.objects.filter(kind=step.kind, item_id=step.pk).delete()
    assert step in access.own_closed_steps(by, since)


@pytest.mark.parametrize("slug", ["caregiver", "youth", "facilitator"])
def test_everybody_at_the_table_may_say_why_not(world, sign_in, step, slug):
    client = sign_in(world.people[slug])
    assert client.get(url(world, step)).status_code == 200
    response = client.post(url(world, step), {"base": step.version, "why": "No bus", "next": "/teams/"})
    assert (response.status_code, response.url) == (302, "/teams/")
    assert (fresh(step).status, fresh(step).why, fresh(step).due_on) == (StepStatus.NOT_DONE, "No bus", step.due_on)


@pytest.mark.parametrize("before", [StepStatus.DOING, StepStatus.NOT_DONE])
def test_with_a_new_day_it_stays_open(world, sign_in, step, before):
    by = world.users.caregiver
    step = change_item(team=world.team, item=step, by=by, base_version=step.version, values={"status": before})
    day = timezone.localdate() + dt.timedelta(days=7)
    sign_in(by).post(url(world, step), {"base": step.version, "why": "Next week", "due_on": day.isoformat()})
    after = fresh(step)
    assert (after.is_open, after.due_on, after.why) == (True, day, "Next week")


def test_words_are_needed_and_the_day_is_not_past(world, sign_in, step):
    today = timezone.localdate()
    client = sign_in(world.users.caregiver)
    for data, field in (
        ({"why": " "}, "why"),
        ({"why": "x", "due_on": "soon"}, "due_on"),
        ({"why": "x", "due_on": (today - dt.timedelta(days=1)).isoformat()}, "due_on"),
        ({"why": "x", "due_on": "9999-01-01"}, "due_on"),
    ):
        response = client.post(url(world, step), {"base": step.version} | data)
        assert response.status_code == 422 and field in response.context["form"].errors
    assert fresh(step).version == step.version


def test_two_at_once_are_told_and_typed_words_stay(world, sign_in, step):
    change_item(
        team=world.team, item=step, by=world.users.facilitator, base_version=step.version, values={"why": "Closed"}
    )
    client = sign_in(world.users.caregiver)
    response = client.post(url(world, step), {"base": step.version, "why": "No bus"})
    assert response.status_code == 422 and b"No bus" in response.content
    assert fresh(step).why == "Closed"
    again = client.post(url(world, step), {"base": response.context["base"], "why": "No bus"})
    assert again.status_code == 302 and fresh(step).why == "No bus"


def test_other_families_find_nothing(world, sign_in, step):
    client = sign_in(world.users.other_caregiver)
    assert client.get(url(world, step)).status_code == 404
    assert client.post(url(world, step), {"base": step.version, "why": "x"}).status_code == 404


def test_a_reading_of_ones_steps_is_written_down_for_the_family(world, sign_in):
    Event.objects.all().delete()
    assert sign_in(world.users.dss_worker).get(reverse("teams:step_list")).status_code == 200
    looks = Event.objects.filter(looked=True, actor_id=world.users.dss_worker.pk, family_id=world.family.pk)
    assert [look.verb for look in looks] == [Look.HOME]
