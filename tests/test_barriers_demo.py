"""The demo's barriers: told through the actions, so each is where its story says, and no text of it names anybody."""

import datetime as dt

import pytest
from django.utils import timezone

from collaboratives.enums import BarrierStatus
from collaboratives.models import Barrier, BarrierMove
from teams.demo.barriers import SAID, tell_barriers
from teams.demo.clock import story_time
from teams.demo.places import Place
from teams.models import RaisedBarrier


@pytest.fixture
def later(world, time_machine):
    """Half a year on, so that the world's team and groups were there when the stories begin."""
    time_machine.move_to(timezone.now() + dt.timedelta(days=180))
    return world


def tell(world, groups):
    place = Place(world.alamance, "336", ("Graham", "Mebane"), ["black"])
    place.staff = {"facilitator": world.users.facilitator, "coordinator": world.users.coordinator}
    before = set(Barrier.objects.values_list("pk", flat=True))
    with story_time() as clock:
        tell_barriers({"Alamance": place}, groups, clock)
    return {row.text: row for row in Barrier.objects.exclude(pk__in=before)}


def of_alamance(**wanted):
    return {
        said.text
        for said in SAID
        if said.county == "Alamance" and said.is_sent and all(bool(getattr(said, k)) == v for k, v in wanted.items())
    }


def test_each_is_where_its_story_says(later):
    told = tell(later, {"jcpc-Alamance": later.jcpc, "state": later.state_group})

    def at(status):
        return {text for text, row in told.items() if row.status == status}

    assert set(told) == of_alamance()
    assert at(BarrierStatus.ANSWERED) == of_alamance(answered=True)
    assert at(BarrierStatus.PASSED_ON) == of_alamance(passed=True, answered=False)
    assert at(BarrierStatus.TAKEN_UP) == of_alamance(taken=True, passed=False, answered=False)
    assert at(BarrierStatus.RAISED) == of_alamance(taken=False)
    assert any(row.is_late for row in told.values()) and not all(row.is_late for row in told.values())
    for move in BarrierMove.objects.filter(barrier__in=told.values()):
        assert (move.by is None) == (move.to_status == BarrierStatus.RAISED)


def test_without_groups_teams_only_say_it_and_one_waits_for_the_family(later):
    told = tell(later, {})
    assert {row.status for row in told.values()} == {BarrierStatus.RAISED}
    waiting = RaisedBarrier.objects.filter(barrier=None, text__in=[said.text for said in SAID if not said.is_sent])
    assert waiting.count() == 1
