"""What the scope of a person says of groups, counties and work: what is live today, and nothing that is over."""

import datetime as dt

import pytest
from django.utils import timezone

from collaboratives.actions.groups import (
    end_group,
    end_office,
    end_term,
    give_office,
    renew_term,
    sign_statement,
    start_term,
)
from collaboratives.enums import CountyRoleKind, EndOfTerm, OfficeKind
from collaboratives.models import CountyRole, Organization, Seat, StaffPosition, Statement
from soc_portal.access.scope import read_scope
from tests.world import make_user

ONE_DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


def scope(user, days=0):
    return read_scope(user, timezone.now() + dt.timedelta(days=days))


def right(user, group, days=0):
    return scope(user, days).groups.get(group.pk)


def test_a_seat_gives_a_right_and_an_office_runs_the_group(world):
    chair, member = right(world.users.jcpc_chair, world.jcpc), right(world.users.jcpc_member, world.jcpc)
    assert (chair.runs_it, member.runs_it) == (True, False)
    assert chair.kind_id == world.kinds["jcpc"].pk
    assert not chair.is_closed and not chair.is_state and chair.may_read
    assert (chair.family_seat, right(world.users.jcpc_parent, world.jcpc).family_seat) == (False, True)
    assert right(world.users.jcpc_chair, world.other_jcpc) is None
    assert scope(world.users.superuser).groups == {}


def test_only_the_state_makes_a_state_member(world):
    assert (
        scope(world.users.state_member).is_state_member and right(world.users.state_member, world.state_group).is_state
    )
    assert not scope(world.users.jcpc_chair).is_state_member


def test_the_last_day_of_a_term_counts_and_the_day_after_it_does_not(world):
    term = world.terms["jcpc_chair"]
    to_the_end = (term.ends_on - timezone.localdate()).days
    assert right(world.users.jcpc_chair, world.jcpc, to_the_end).runs_it
    assert right(world.users.jcpc_chair, world.jcpc, to_the_end + 1) is None
    to_the_start = (term.starts_on - timezone.localdate()).days
    assert right(world.users.jcpc_chair, world.jcpc, to_the_start - 1) is None


def test_whoever_left_has_no_right_from_that_day_on_and_their_office_is_gone_with_it(world):
    user, by = world.users.jcpc_chair, world.users.coordinator
    assert right(world.users.former_jcpc, world.jcpc) is None  # was its secretary
    end_term(term=world.terms["jcpc_chair"], by=by, reason=EndOfTerm.MOVED, left_on=timezone.localdate() + 5 * ONE_DAY)
    assert right(user, world.jcpc, 4).runs_it
    assert right(user, world.jcpc, 5) is None


def test_an_office_counts_from_its_first_to_its_last_day(world):
    term, by, today = world.terms["jcpc_member"], world.users.coordinator, timezone.localdate()
    office = give_office(term=term, kind=OfficeKind.SECRETARY, by=by, starts_on=today + 3 * ONE_DAY)
    assert not right(world.users.jcpc_member, world.jcpc, 2).runs_it
    assert right(world.users.jcpc_member, world.jcpc, 3).runs_it
    end_office(office=office, by=by, ends_on=today + 6 * ONE_DAY)
    assert right(world.users.jcpc_member, world.jcpc, 6).runs_it
    assert not right(world.users.jcpc_member, world.jcpc, 7).runs_it


def test_a_closed_group_is_read_by_those_who_signed_alone(world):
    signed, unsigned = world.users.local_team_chair, world.users.local_team_unsigned
    assert right(signed, world.local_team).may_read and scope(signed).group_ids == {world.local_team.pk}
    assert not right(unsigned, world.local_team).may_read and scope(unsigned).group_ids == frozenset()
    sign_statement(group=world.local_team, by=unsigned, text="I keep it to myself.")
    assert scope(unsigned).group_ids == {world.local_team.pk}
    Statement.objects.filter(user=unsigned).update(ended_at=timezone.now())
    assert scope(unsigned).group_ids == frozenset()


def test_a_statement_for_one_closed_group_opens_no_other(world):
    other = start_term(
        seat=world.ccpt.seats.last(), user=world.users.local_team_chair, by=world.users.coordinator,
        starts_on=dt.date(2024, 1, 1), ends_on=dt.date(2025, 6, 30),
    )  # fmt: skip
    before = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
    rights = read_scope(world.users.local_team_chair, before).groups
    assert rights[other.seat.group_id].is_closed and not rights[other.seat.group_id].signed


def test_a_group_that_has_ended_or_not_begun_gives_no_right(world):
    today = timezone.localdate()
    end_group(group=world.jcpc, by=world.users.coordinator, ends_on=today + ONE_DAY)
    assert right(world.users.jcpc_chair, world.jcpc, 1).runs_it
    assert right(world.users.jcpc_chair, world.jcpc, 2) is None
    type(world.jcpc).objects.filter(pk=world.other_jcpc.pk).update(starts_on=today + 9 * ONE_DAY)
    assert right(world.users.other_jcpc_chair, world.other_jcpc) is None
    assert right(world.users.other_jcpc_chair, world.other_jcpc, 9).runs_it
    type(world.jcpc).objects.filter(pk=world.other_jcpc.pk).update(
        ended_at=timezone.now(), ended_by=world.users.superuser
    )
    assert right(world.users.other_jcpc_chair, world.other_jcpc, 9) is None


def test_two_seats_in_one_group_are_one_right_with_what_either_gives(world):
    seat = Seat.objects.filter(group=world.jcpc, category__code="youth", terms=None).get()
    start_term(
        seat=seat, user=world.users.jcpc_chair, by=world.users.coordinator,
        starts_on=timezone.localdate(), ends_on=timezone.localdate() + 9 * ONE_DAY,
    )  # fmt: skip
    found = right(world.users.jcpc_chair, world.jcpc)
    assert found.runs_it and found.family_seat


def test_a_new_term_keeps_the_seat_and_the_office_only_where_it_is_given_again(world):
    term, by = world.terms["jcpc_chair"], world.users.coordinator
    after = (term.ends_on - timezone.localdate()).days + 1
    renew_term(term=term, by=by, starts_on=term.ends_on + ONE_DAY, ends_on=term.ends_on + 700 * ONE_DAY)
    assert not right(world.users.jcpc_chair, world.jcpc, after).runs_it
    parent = world.terms["other_jcpc_chair"]
    renew_term(
        term=parent,
        by=by,
        starts_on=parent.ends_on + ONE_DAY,
        ends_on=parent.ends_on + 700 * ONE_DAY,
        keep_offices=True,
    )
    assert right(world.users.other_jcpc_chair, world.other_jcpc, after).runs_it


def test_counties_and_work_are_those_of_today(world):
    today = timezone.localdate()
    assert scope(world.users.coordinator).county_ids == {world.alamance.pk}
    CountyRole.objects.filter(user=world.users.coordinator).update(ends_on=today)
    assert scope(world.users.coordinator).county_ids == {world.alamance.pk}
    assert scope(world.users.coordinator, 1).county_ids == frozenset()
    provider = world.offices["provider"]
    StaffPosition.objects.filter(user=world.users.provider).delete()
    position = StaffPosition.objects.create(
        user=world.users.provider, organization=provider, title="Therapist", starts_on=today + ONE_DAY
    )
    assert provider.pk not in scope(world.users.provider).organization_ids
    assert provider.pk in scope(world.users.provider, 1).organization_ids
    Organization.objects.filter(pk=position.organization_id).update(ended_at=timezone.now())
    assert provider.pk not in scope(world.users.provider, 1).organization_ids


def test_all_of_it_is_three_queries_however_much_somebody_holds(world, django_assert_num_queries):
    user, by, today = make_user("busy", "Busy Person"), world.users.coordinator, timezone.localdate()
    for seat in [group.seats.filter(terms=None)[place] for group in (world.jcpc, world.other_jcpc) for place in (0, 1)]:
        start_term(seat=seat, user=user, by=by, starts_on=today, ends_on=today + ONE_DAY)
    CountyRole.objects.create(user=user, county=world.durham, role=CountyRoleKind.COORDINATOR, starts_on=today)
    StaffPosition.objects.create(user=user, organization=world.offices["provider"], title="Chief", starts_on=today)
    with django_assert_num_queries(3):
        found = scope(user)
    assert set(found.groups) == {world.jcpc.pk, world.other_jcpc.pk}
    assert found.county_ids == {world.durham.pk} and found.organization_ids == {world.offices["provider"].pk}


def test_an_account_that_is_closed_reaches_nothing(world):
    user = world.users.jcpc_chair
    user.is_active = False
    assert scope(user).groups == {}
