"""A family asks a Family Partner, whose profile it read, to walk with it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from families.models import FamilyPartner, Person
from teams.actions.memberships import choose_member, forget_account, linked_by_address, propose_member
from teams.actions.room import hold_profile
from teams.enums import MemberKind
from teams.models import Membership, Team


@transaction.atomic
def ask_partner(*, team: Team, partner: FamilyPartner, by) -> Membership:
    """The family chooses this Family Partner for this team; they get a notice and answer themselves.

    Beside the name stands the title of the profile: a Family Advocate is never shown as a Family Partner. Raises
    `ValidationError` with the reason; `refuse_to_ask` has the rules.
    """
    Team.objects.select_for_update(of=("self",)).get(pk=team.pk)  # two caregivers ask one after the other
    hold_profile(partner.user_id)
    fresh = FamilyPartner.objects.listed().with_room().select_related("user", "organization").filter(pk=partner.pk)
    partner = fresh.first() or _refuse_absent(partner)
    refuse_to_ask(team=team, partner=partner)
    if there := _place_of(team, partner):
        forget_account(there)  # found by an address that somebody typed: whose it is, nobody on the team knows
    with translation.override("en"):  # a title stays as it is in every language; what explains it does not
        title = partner.title_words
    membership = propose_member(
        team=team, by=by, name=partner.display_name, kind=MemberKind.FAMILY_PARTNER, role_words=title,
        organization=partner.organization, user=partner.user,
    )  # fmt: skip
    return choose_member(membership=membership, by=by)


def _place_of(team: Team, partner: FamilyPartner) -> Membership | None:
    places = Membership.objects.not_ended().filter(team=team, user=partner.user_id)
    return places.select_related("user", "person").first()


def _refuse_absent(partner: FamilyPartner):
    raise ValidationError(
        _("%(name)s is not on the list any more. Please choose someone else."),
        code="unlisted", params={"name": partner.display_name},
    )  # fmt: skip


def refuse_to_ask(*, team: Team, partner: FamilyPartner) -> None:
    """Say why this family can't ask this Family Partner now; nothing where it can. `partner` comes `with_room`."""
    name = {"name": partner.short_name}
    if Person.objects.live().filter(family=team.family_id, user=partner.user_id).exists():
        raise ValidationError(_("%(name)s is of your own family. Choose someone else."), code="family", params=name)
    there = _place_of(team, partner)
    if there is not None and not linked_by_address(there):
        words = (
            _("%(name)s is on your team now.")
            if there.accepted_at
            else _("You have asked %(name)s.")
            if there.chosen_at
            else _("Someone has named %(name)s. You can choose them on the list of your team.")
        )
        raise ValidationError(words, code="twice", params=name)
    _refuse_second(team)
    if not partner.works_with_families:
        raise ValidationError(
            _("%(name)s does not walk with families right now. Please choose someone else."), code="away", params=name
        )
    if not partner.room_left:
        raise ValidationError(
            _("%(name)s has no room right now. Choose someone else, or ask again later."), code="no_room", params=name
        )


def _refuse_second(team: Team) -> None:
    """A family chooses one Family Partner for a team."""
    chosen = Membership.objects.not_ended().filter(team=team, kind=MemberKind.FAMILY_PARTNER, chosen_at__isnull=False)
    other = chosen.order_by("pk").first()
    if other is None:
        return
    words = (
        _("%(name)s walks with you now. To change, first ask %(name)s to step back.")
        if other.accepted_at
        else _("You have asked %(name)s. To ask someone else, first take that back.")
    )
    raise ValidationError(words, code="second", params={"name": other.name})
