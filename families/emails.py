"""Messages to Family Partners: one function a message. They name nobody."""

from django.contrib.auth import get_user_model
from django.urls import reverse

from families.models import FamilyPartner, PartnerNaming
from soc_portal.notices.emails import put_in_outbox


def partner_named(naming: PartnerNaming) -> None:
    """To an address, with an account or without: a county would list you; you write your own profile."""
    user = get_user_model().objects.filter(email=naming.address, is_active=True).first()
    put_in_outbox("partner_named", user=user, address=naming.address, path=reverse("families:partner_profile"))


def partner_unlisted(partner: FamilyPartner) -> None:
    """To a Family Partner: a county does not list you any more."""
    put_in_outbox("partner_unlisted", user=partner.user, path=reverse("families:partner_profile"))
