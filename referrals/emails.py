"""Messages to those who receive referrals: one function a message. No names, and nothing of what was shared."""

from django.urls import reverse

from referrals.access import receivers_of
from referrals.models import Referral, ReferralLink
from soc_portal.access.wall import whole_state
from soc_portal.notices.emails import PATHS, put_in_outbox
from soc_portal.notices.models import Notice


def referral_sent(referral: Referral) -> None:
    """To everybody who takes referrals there: a family asks you for help."""
    _tell_receivers("referral_sent", referral)


def referral_changed(referral: Referral, but=None) -> None:
    """To everybody who takes referrals there: the family or its team changed something."""
    _tell_receivers("referral_changed", referral, but=but)


def referral_stopped(referral: Referral) -> None:
    """To everybody who could read it, with an account or by a link: the family has stopped sharing."""
    _tell_receivers("referral_stopped", referral)
    link = referral.links.order_by("-pk").first()
    if link is not None:
        put_in_outbox("referral_stopped", address=link.address, path=reverse("home"), link_id=link.pk)


def _tell_receivers(kind: str, referral: Referral, but=None) -> None:
    path = reverse("referrals:referral_detail", args=[referral.pk])
    for position in receivers_of(referral.organization_id):
        if but is None or position.user_id != but.pk:
            put_in_outbox(kind, user=position.user, path=path)


def referral_link(link: ReferralLink) -> None:
    """To an address without an account: the link that opens one referral, made when the message is sent."""
    put_in_outbox("referral_link", address=link.address, path=reverse("home"), link_id=link.pk)


def _link_path(notice: Notice) -> str:
    if "link_id" not in notice.facts:
        return notice.path
    with whole_state("a link is made when its message is sent, by nobody's request"):
        link = ReferralLink.objects.get(pk=notice.facts["link_id"])
    return reverse("referrals:referral_link", args=[link.token])


PATHS["referral_link"] = _link_path
PATHS["referral_stopped"] = _link_path
