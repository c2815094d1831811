"""Who sees which group: exact sets, and closed groups that leak nothing on any page."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from collaboratives import access
from collaboratives.actions.groups import add_seat, end_group, found_group, give_office, sign_statement, start_term
from collaboratives.models import Collaborative, Term
from soc_portal.access.scope import forget_scope
from tests.parts import groups as part
from tests.test_access_matrix import every_url
from tests.world import PEOPLE

pytestmark = pytest.mark.django_db
YEAR = dt.timedelta(days=365)
ADDRESSES = dict(every_url())
OPEN = {"jcpc", "other_jcpc", "state_group"}


def named(world, groups):
    names = {getattr(world, name).pk: name for name in ("jcpc", "other_jcpc", "state_group", "local_team", "ccpt")}
    return {names[group.pk] for group in groups}


# --- Exact sets ------------------------------------------------------------------------------------------------------
def test_everybody_sees_the_open_groups_and_only_members_who_signed_a_closed_one(world):
    wanted = dict.fromkeys(PEOPLE, OPEN) | {"local_team_chair": OPEN | {"local_team", "ccpt"}}
    assert {slug: named(world, access.visible_groups(world.people[slug])) for slug in PEOPLE} == wanted


def test_a_closed_group_of_the_past_is_kept_by_those_who_run_its_successor(world):
    """Its own members have no term any more; a member of the successor without an office, or unsigned, sees nothing."""
    member = world.users.jcpc_parent
    start_term(
        seat=world.local_team.seats.get(category__code="parent"), user=member, by=world.users.local_team_chair,
        starts_on=timezone.localdate(), ends_on=timezone.localdate() + YEAR,
    )  # fmt: skip
    sign_statement(group=world.local_team, by=member, text="I keep it to myself.")
    assert named(world, access.visible_groups(member)) == OPEN | {"local_team"}
    unsigned = world.users.local_team_unsigned
    give_office(term=world.terms["local_team_unsigned"], kind="secretary", by=world.users.local_team_chair)
    assert named(world, access.visible_groups(unsigned)) == OPEN


def test_an_open_group_that_follows_a_closed_one_does_not_open_its_past(world):
    Collaborative.objects.filter(pk=world.ccpt.pk).update(successor=world.jcpc)
    assert named(world, access.visible_groups(world.users.jcpc_chair)) == OPEN


def test_the_right_ends_with_the_last_day_of_the_term(world):
    chair, last = world.users.local_team_chair, world.terms["local_team_chair"].ends_on
    for day, wanted in [(last, {"local_team", "ccpt"}), (last + dt.timedelta(days=1), set())]:
        with time_machine.travel(
            dt.datetime.combine(day, dt.time(23, 30), timezone.get_current_timezone()), tick=False
        ):
            forget_scope(chair)
            assert named(world, access.visible_groups(chair)) == OPEN | wanted


def test_who_runs_which_group(world):
    groups = {name: getattr(world, name) for name in ("jcpc", "other_jcpc", "state_group", "local_team", "ccpt")}
    runs = {
        name: {slug for slug in PEOPLE if access.can_run_group(world.people[slug], group)}
        for name, group in groups.items()
    }
    assert runs == {
        "jcpc": {"jcpc_chair", "coordinator"},
        "other_jcpc": {"other_jcpc_chair", "other_coordinator"},
        "state_group": {"state_cochair"},
        "local_team": {"local_team_chair"},  # the coordinator of the county does not run what they cannot see
        "ccpt": set(),  # what is over stays as it was
    }


def test_a_subcommittee_is_run_by_its_people_and_by_those_above_it(world):
    sub = found_group(
        kind=world.kinds["state"], name="Training", counties=[], by=world.users.state_cochair, parent=world.state_group
    )
    term = start_term(
        seat=add_seat(group=sub, category=sub.kind_of.categories.get(code="provider"), by=world.users.state_cochair),
        user=world.users.state_member, by=world.users.state_cochair,
        starts_on=timezone.localdate(), ends_on=timezone.localdate() + YEAR,
    )  # fmt: skip
    assert {slug for slug in PEOPLE if access.can_run_group(world.people[slug], sub)} == {"state_cochair"}
    give_office(term=term, kind="chair", by=world.users.state_cochair)
    assert {slug for slug in PEOPLE if access.can_run_group(world.people[slug], sub)} == {
        "state_cochair",
        "state_member",
    }
    assert not access.can_run_group(world.users.state_member, world.state_group)


def test_a_group_that_has_ended_is_run_by_nobody(world):
    end_group(group=world.jcpc, by=world.users.coordinator, ends_on=timezone.localdate())
    group = Collaborative.objects.get(pk=world.jcpc.pk)
    assert access.can_run_group(world.users.coordinator, group)  # on its last day it still is
    with time_machine.travel(timezone.now() + dt.timedelta(days=1), tick=False):
        for slug in PEOPLE:
            forget_scope(world.people[slug])
            assert not access.can_run_group(world.people[slug], group)
        with pytest.raises(PermissionDenied):
            access.get_run_group_for(world.users.coordinator, group.pk)


def test_own_groups_are_those_with_a_live_seat_signed_or_not(world):
    own = {slug: named(world, access.own_groups(world.people[slug])) for slug in PEOPLE}
    assert {slug: names for slug, names in own.items() if names} == {
        "jcpc_chair": {"jcpc"}, "jcpc_member": {"jcpc"}, "jcpc_parent": {"jcpc"}, "other_jcpc_chair": {"other_jcpc"},
        "local_team_chair": {"local_team"}, "local_team_unsigned": {"local_team"}, "state_cochair": {"state_group"},
        "state_member": {"state_group"},
    }  # fmt: skip


def test_what_waits_for_an_address_is_shown_to_its_owner_alone(world):
    assert {slug for slug in PEOPLE if access.waiting_terms(world.people[slug])} == {"other_partner"}
    assert list(access.waiting_terms(world.users.other_partner)) == [world.waiting]
    Term.objects.filter(pk=world.waiting.pk).update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    assert not access.waiting_terms(world.users.other_partner)


def test_seats_terms_and_offices_are_found_through_their_own_group_alone(world):
    other = world.other_jcpc
    seat, term = other.seats.first(), world.terms["other_jcpc_chair"]
    for found in (
        lambda: access.get_seat_of(world.jcpc, seat.pk),
        lambda: access.get_term_of(world.jcpc, term.pk),
        lambda: access.get_office_of(world.jcpc, term.offices.get().pk),
        lambda: access.get_county("99999"),
        lambda: access.get_county("\x00"),
        lambda: access.get_county("²"),
    ):
        with pytest.raises(Http404):
            found()
    assert access.get_office_of(other, term.offices.get().pk)


def test_successors_are_offered_as_far_as_one_sees_them(world):
    coordinator, chair = world.users.coordinator, world.users.local_team_chair
    assert named(world, access.possible_successors(coordinator, world.jcpc)) == set()
    assert named(world, access.possible_successors(chair, world.jcpc)) == {"local_team"}
    assert named(world, access.possible_successors(chair, world.local_team)) == {"jcpc"}


# --- Closed groups leak nothing --------------------------------------------------------------------------------------
def pages(world):
    """Every address of a page of ours, for each group, county and place in it."""
    for name, (method, _some, _other) in part.ROWS.items():
        if method != "GET":
            continue
        for group in (world.jcpc, world.local_team, world.ccpt, world.state_group):
            seat = group.seats.order_by("number").first()
            term = Term.objects.filter(seat__group=group).order_by("pk").first()
            kwargs = {"group_id": group.pk, "seat_id": seat.pk, "term_id": term.pk, "fips": world.alamance.fips}
            yield reverse(name, kwargs={parameter: kwargs[parameter] for parameter in ADDRESSES[name]})
    yield reverse("collaboratives:group_list") + f"?county={world.alamance.fips}"
    yield reverse("collaboratives:group_list") + "?kind=local-team"
    yield reverse("collaboratives:group_list") + "?kind=ccpt"


def secrets(world):
    """Whatever would tell of the closed groups: their names, their members, links to them."""
    for group in (world.local_team, world.ccpt):
        yield group.name
        yield f'href="/groups/{group.pk}/'
        yield from Term.objects.filter(seat__group=group).values_list("name", flat=True)


@pytest.mark.parametrize("slug", sorted(set(PEOPLE) - {"local_team_chair"}))
def test_nobody_else_reads_anything_of_a_closed_group_on_any_page(world, sign_in, slug):
    """The one unsigned member sees the group's name and the link to its statement, and nothing else of it."""
    client, own = sign_in(world.people[slug]), world.people[slug].name
    statement = reverse("collaboratives:statement_sign", args=[world.local_team.pk])
    for url in dict.fromkeys(pages(world)):
        text = client.get(url).content.decode()
        told = {secret for secret in secrets(world) if secret in text} - {own}
        if slug == "local_team_unsigned":
            told -= {world.local_team.name, f'href="/groups/{world.local_team.pk}/'}
            assert re.findall(rf'href="(/groups/{world.local_team.pk}/[^"]*)', text) in ([], [statement])
        assert told == set(), f"{url} tells {slug} of {told}"


def test_a_member_who_signed_reads_the_group_and_so_the_test_above_can_fail(world, sign_in):
    client = sign_in(world.users.local_team_chair)
    told = set()
    for url in dict.fromkeys(pages(world)):
        text = client.get(url).content.decode()
        told |= {secret for secret in secrets(world) if secret in text}
    assert told >= {"Helen Ames", "Tom Rusk", "Odell Marsh", world.local_team.name, f'href="/groups/{world.ccpt.pk}/'}


def test_closed_groups_are_in_no_number_that_others_see(world, sign_in):
    def numbers(slug):
        client = sign_in(world.people[slug])
        county = client.get(reverse("collaboratives:county_detail", args=[world.alamance.fips])).context
        state = client.get(reverse("collaboratives:state_groups")).context
        counts = {row["county"].name: row["counts"] for row in state["counties"]}
        return county["counts"], counts

    assert numbers("local_team_chair") == numbers("coordinator") == numbers("other_caregiver")
    county, _state = numbers("coordinator")
    assert (county["seats"], county["filled"]) == (26, 3)
    assert (county["family_seats"], county["family_filled"]) == (2, 1)
