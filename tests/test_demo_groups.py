"""The groups of the demo: made-up people on the seats of the law, every way for a seat to be empty, nothing to come."""

from random import Random
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from collaboratives.access import visible_groups
from collaboratives.demo.groups import CLOSED, settle_groups
from collaboratives.models import Collaborative, Office, Seat, Term
from collaboratives.models.seating import Seating
from soc_portal.access.scope import read_scope
from teams.demo.cast import Cast
from teams.demo.clock import story_time
from teams.demo.places import settle_state

COUNTIES = ["Alamance", "Bladen", "Durham", "Robeson", "Wake"]


@pytest.fixture(scope="module")
def state(django_db_setup, django_db_blocker):
    """Five counties with their agencies and groups, built once for this file and taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_reference_data", verbosity=0)
        with story_time() as clock:
            cast = Cast(Random(1))
            places, _interpreters = settle_state(cast, clock, COUNTIES)
            groups = settle_groups(cast, clock, places)
        yield SimpleNamespace(groups=groups, places=places, cast=cast)
        transaction.set_rollback(True)


def test_every_county_has_a_council_and_a_collaborative_one_of_them_for_two(state):
    for name in COUNTIES:
        kinds = Collaborative.objects.filter(counties__name=name).values_list("kind_of__code", flat=True)
        assert {"jcpc", "community"} <= set(kinds)
    both = state.groups["community-Bladen-Robeson"]
    assert {county.name for county in both.counties.all()} == {"Bladen", "Robeson"}


def test_the_council_of_alamance_is_chaired_by_its_persona_with_a_parent(state):
    seating = Seating(state.groups["jcpc-Alamance"])
    assert (len(seating.filled), len(seating)) == (22, 26)
    [(_office, chair)] = seating.holders("chair")
    assert chair.term.user == state.cast.users["jcpc-chair"]
    assert [seat.is_family for _office, seat in seating.holders("co_chair")] == [True]
    assert {seat.why_empty for seat in seating.empty} == {"never_filled", "term_ended", "moved", "waiting"}
    assert len(seating.ending_soon) >= 1


def test_the_state_is_co_chaired_by_a_family_member_and_has_two_subcommittees(state):
    group = state.groups["state"]
    seating = Seating(group)
    assert seating.family_co_chairs
    assert state.cast.users["state-cochair"] in [seat.term.user for _office, seat in seating.holders("co_chair")]
    assert group.subcommittees.count() == 2


def test_local_teams_follow_the_teams_of_old_and_only_those_who_signed_see_either(state):
    old = Collaborative.objects.filter(kind_of__code="ccpt")
    assert {group.successor.kind_of.code for group in old} == {"local-team"}
    assert {str(group.ends_on) for group in old} == {"2025-06-30"}
    closed = {state.groups[f"local-team-{name}"] for name in CLOSED if name in COUNTIES}
    assert len(closed) == 3
    place, team = state.places["Alamance"], state.groups["local-team-Alamance"]
    assert team in visible_groups(place.staff["dss"]) and old.get(successor=team) in visible_groups(place.staff["dss"])
    unsigned = read_scope(place.staff["therapist"], timezone.now()).groups[team.pk]
    assert not unsigned.may_read
    assert not set(visible_groups(place.staff["coordinator"])) & closed


def test_nobody_is_carried_over_and_nothing_was_written_after_today(state):
    now = timezone.now()
    assert not Term.objects.filter(created_at__gt=now).exists()
    assert not Seat.objects.filter(vacant_since__gt=timezone.localdate()).exists()
    live = Term.objects.live()
    assert not live.values("seat").annotate(n=Count("pk")).filter(n__gt=1).exists()
    for office in Office.objects.live().select_related("term"):
        assert office.term.is_live()
