"""Two families, two caregivers or two yeses at the same moment: on PostgreSQL one waits for the other."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from families.models import FamilyPartner
from soc_portal.access.wall import acting_as
from teams.actions.memberships import accept_place, end_membership
from teams.actions.partners import ask_partner
from teams.enums import EndReason, MemberKind
from teams.models import Membership
from tests.parts.partners import listed
from tests.world import make_user

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def at_once(*acts):
    """What each of these said, started at the same moment, each as its own person on its own connection."""
    start = threading.Barrier(len(acts))

    def run(act):
        user, do = act
        try:
            start.wait()
            with acting_as(user.pk):
                do()
        except ValidationError as error:
            return error.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


@pytest.fixture
def alone(world):
    """The Delgados without a Family Partner; Ana has room for one family."""
    end_membership(membership=world.members["family_partner"], by=world.users.caregiver, reason=EndReason.FAMILY)
    FamilyPartner.objects.filter(pk=world.other_partner.pk).update(room=1)
    return world


def asks(world, partner, team, user):
    return user, lambda: ask_partner(team=team, partner=partner, by=user)


@pytest.mark.parametrize("_again", range(3))
def test_two_families_ask_for_the_last_room(alone, _again):
    said = at_once(
        asks(alone, alone.other_partner, alone.team, alone.users.caregiver),
        asks(alone, alone.other_partner, alone.other_team, alone.users.other_caregiver),
    )
    assert said == ["done", "no_room"]
    assert Membership.objects.not_ended().filter(user=alone.users.other_partner).count() == 1


@pytest.mark.parametrize("_again", range(3))
def test_two_caregivers_of_one_family_ask_two_people(alone, _again):
    another = listed(alone, make_user("another", "Abe Another"), counties=[alone.alamance])
    said = at_once(
        asks(alone, alone.other_partner, alone.team, alone.users.caregiver),
        asks(alone, another, alone.team, alone.users.other_household),
    )
    assert said == ["done", "second"]
    chosen = Membership.objects.not_ended().filter(team=alone.team, kind=MemberKind.FAMILY_PARTNER)
    assert chosen.count() == 1


@pytest.mark.parametrize("_again", range(3))
def test_two_yeses_to_the_last_room(alone, _again):
    FamilyPartner.objects.filter(pk=alone.other_partner.pk).update(room=2)
    ana = alone.users.other_partner
    members = [
        ask_partner(team=team, partner=alone.other_partner, by=by)
        for team, by in ((alone.team, alone.users.caregiver), (alone.other_team, alone.users.other_caregiver))
    ]
    FamilyPartner.objects.filter(pk=alone.other_partner.pk).update(room=1)
    said = at_once(*((ana, lambda member=member: accept_place(membership=member, by=ana)) for member in members))
    assert said == ["done", "no_room"]
    assert Membership.objects.live().filter(user=ana).count() == 1
