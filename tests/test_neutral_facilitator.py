"""Who runs the meetings is neither the caseworker nor a caseworker's boss, whoever of the two comes first."""

import pytest
from django.core.exceptions import ValidationError

from collaboratives.models import StaffPosition
from teams.actions import memberships
from teams.enums import MemberKind
from teams.models import Membership
from tests.world import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def second_caseworker(world):
    """Chosen by the family and asked, under whoever runs the meetings."""
    ida = make_user("ida", "Ida Price")
    place = StaffPosition.objects.get(user=world.users.dss_worker)
    StaffPosition.objects.create(
        user=ida, organization=place.organization, supervisor=world.users.facilitator, starts_on=place.starts_on
    )
    member = memberships.propose_member(
        team=world.team, by=world.users.dss_worker, name=ida.name, kind=MemberKind.PROFESSIONAL, user=ida,
        is_caseworker=True,
    )  # fmt: skip
    return memberships.choose_member(membership=member, by=world.users.caregiver)


def test_a_caseworker_cannot_come_while_their_boss_runs_the_meetings(world, second_caseworker, sign_in):
    client = sign_in(second_caseworker.user)
    response = client.post(f"/invited/{second_caseworker.pk}/", {"answer": "yes"}, follow=True)
    assert "Your boss runs the meetings of this team." in response.content.decode()
    assert Membership.objects.get(pk=second_caseworker.pk).stage == "chosen"


def test_they_come_once_the_family_has_changed_that(world, second_caseworker):
    memberships.end_facilitator(membership=world.members["facilitator"], by=world.users.caregiver)
    memberships.accept_place(membership=second_caseworker, by=second_caseworker.user)
    assert second_caseworker.stage == "live"
    with pytest.raises(ValidationError, match="The boss of a caseworker"):
        memberships.make_facilitator(membership=world.members["facilitator"], by=world.users.caregiver)


def test_a_caseworker_without_an_account_has_no_boss_here(world):
    member = memberships.propose_member(
        team=world.team, by=world.users.caregiver, name="Ida Price", kind=MemberKind.PROFESSIONAL, is_caseworker=True
    )
    memberships.choose_member(membership=member, by=world.users.caregiver)
    memberships.accept_place(membership=member, by=world.users.caregiver)
    assert member.stage == "live"
