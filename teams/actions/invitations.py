"""Letting a chosen member in who has no account yet: a link by e-mail or a short code on paper."""

import datetime as dt
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from soc_portal.access.scope import forget_scope
from soc_portal.access.wall import whole_state
from soc_portal.audit.actions import record
from teams import emails
from teams.actions import memberships
from teams.enums import EndReason
from teams.models import Invitation, Membership

#: How long an invitation lets somebody in.
GOOD_FOR = dt.timedelta(days=30)
#: Letters and digits that nobody mixes up on paper: no 0 O 1 I L 5 S 2 Z 8 B, no vowels to make words.
CODE_LETTERS = "34679CDFGHJKMNPQRTVWXY"
CODE_LENGTH = 10
SALT = "teams.invitation.code"


def _new(membership: Membership, *, by, **values) -> Invitation:
    if membership.ended_at or not membership.chosen_at:
        raise ValidationError(_("The family has to choose this person first."), code="not_chosen")
    memberships.forget_account(membership)
    if membership.user_id:
        raise ValidationError(_("This person already has an account here."), code="has_account")
    now = timezone.now()
    membership.invitations.filter(used_at=None, ended_at=None).update(ended_at=now)
    row = Invitation.objects.create(
        membership=membership, created_by=by, created_at=now, expires_at=now + GOOD_FOR,
        nonce=secrets.token_hex(16), **values,
    )  # fmt: skip
    team = membership.team
    record("member_invited", by=by, family_id=team.family_id, team_id=team.pk, thing=membership)
    return row


@transaction.atomic
def invite_by_email(*, membership: Membership, address: str, by) -> Invitation:
    """Send a link to an address. A newer invitation ends the older ones."""
    row = _new(membership, by=by, address=address.lower())
    emails.invitation(row)
    return row


@transaction.atomic
def invite_on_paper(*, membership: Membership, by) -> tuple[Invitation, str]:
    """Make a code to print, such as `K7MP-3WXC-9T`; it is shown this once and kept only as a hash."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _place in range(CODE_LENGTH))
    row = _new(membership, by=by, code_hash=hash_of_code(letters))
    return row, f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def hash_of_code(text: str) -> str:
    """The keyed hash of a code as somebody typed it: case, spaces and dashes don't count. Empty for no code."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    return salted_hmac(SALT, letters, algorithm="sha256").hexdigest() if letters else ""


@transaction.atomic
@whole_state("who comes with an invitation is not on the team yet")
def take_invitation(*, invitation: Invitation, user) -> Membership:
    """The person who came with an invitation takes their place; the invitation is used up.

    `ValidationError` when somebody else was faster, or when this account already is on the team.
    """
    membership = invitation.membership
    if Membership.objects.not_ended().filter(team=membership.team_id, user=user).exists():
        raise ValidationError(_("You are already on this team with this account."), code="twice")
    now = timezone.now()
    used = Invitation.objects.filter(pk=invitation.pk, used_at=None, ended_at=None, expires_at__gt=now)
    if not used.update(used_at=now, used_by=user):
        raise ValidationError(_("This invitation has been used or has run out. Ask for a new one."), code="used")
    Membership.written_by_actions.filter(pk=membership.pk).update(user=user)
    membership.user = user
    memberships.own_person(membership, let_in_by=invitation.created_by)
    team = membership.team
    record("invitation_taken", by=user, family_id=team.family_id, team_id=team.pk, thing=membership)
    forget_scope(user)
    return membership


@transaction.atomic
@whole_state("who says no is not on the team, and may have no account")
def decline_invitation(*, invitation: Invitation, by=None) -> None:
    """Somebody says no to an invitation, with an account (`by`) or without: then in the name of who invited them.

    The place on the team ends, unless a caregiver has noted their yes before: then only this invitation does.
    """
    now = timezone.now()
    used = Invitation.objects.filter(pk=invitation.pk, used_at=None, ended_at=None, expires_at__gt=now)
    if not used.update(ended_at=now):
        raise ValidationError(_("This invitation has been used or has run out. Ask for a new one."), code="used")
    membership = invitation.membership
    team = membership.team
    by = by or invitation.created_by
    record("invitation_declined", by=by, family_id=team.family_id, team_id=team.pk, thing=membership)
    if membership.accepted_at is None:
        memberships.end_membership(membership=membership, by=by, reason=EndReason.DECLINED)
