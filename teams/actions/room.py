"""The room of a Family Partner: for how many families at a time, as they themselves wrote it down."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from families.models import FamilyPartner
from teams.enums import MemberKind
from teams.models import Membership


def hold_profile(user_id: int | None) -> FamilyPartner | None:
    """The profile of this account, kept from changing until the end of the transaction; None where there is none.

    Two families that ask, or two yeses, at the same moment are counted one after the other.
    """
    if user_id is None:
        return None
    return FamilyPartner.objects.live().select_for_update(of=("self",)).filter(user_id=user_id).first()


def refuse_without_room(membership: Membership) -> None:
    """Somebody whose profile has no room left can't begin with one more family; they can make room first."""
    if membership.kind != MemberKind.FAMILY_PARTNER:
        return
    profile = hold_profile(membership.user_id)
    if profile is None:
        return
    walking = Membership.objects.not_ended().filter(
        user=membership.user_id, kind=MemberKind.FAMILY_PARTNER, accepted_at__isnull=False
    )
    if walking.exclude(pk=membership.pk).count() >= profile.room:
        raise ValidationError(
            _("Your profile has no room for one more family. Make room there first, or say no."), code="no_room"
        )
