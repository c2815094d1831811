"""Explicit exceptions: one person may read one team's record for a while, for a reason that the family sees."""

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from soc_portal.access.grants import read_permission
from soc_portal.access.limits import within_limit
from soc_portal.audit.actions import record
from teams.models import Membership, Team, TeamUserObjectPermission

#: An exception is short; whoever is needed for longer becomes a member.
LONGEST = dt.timedelta(days=31)
#: So often may one person ask for accounts by their address; enough for a family, too little to collect addresses.
LOOK_UPS = 10
LOOK_UP_SECONDS = 60 * 60


def find_account(*, address: str, by):
    """The account with this address; `ValidationError` where there is none, or when `by` asked too often."""
    if not within_limit(f"grant-look-up:{by.pk}", most=LOOK_UPS, seconds=LOOK_UP_SECONDS):
        raise ValidationError(_("You asked for many people in a short time. Try again in one hour."), code="too_often")
    user = get_user_model().objects.filter(email=address.strip().lower(), is_active=True).first()
    if user is None:
        raise ValidationError(
            _("We did not find an account with this address. Ask them to make one first."), code="no_account"
        )
    return user


@transaction.atomic
def give_grant(
    *, team: Team, user, sections: Iterable[str], reason: str, until: dt.datetime, by
) -> TeamUserObjectPermission:
    """The family lets somebody who is not on the team read some sections, for at most a month."""
    now = timezone.now()
    if not now < until <= now + LONGEST:
        raise ValidationError(_("Write a day to come, one month away at most."), code="until")
    if not reason.strip():
        raise ValidationError(_("Write why this person needs to read it."), code="reason")
    if Membership.objects.not_ended().filter(team=team, user=user).exists():
        raise ValidationError(_("This person is already on the team."), code="member")
    TeamUserObjectPermission.objects.filter(content_object=team, user=user, ended_at=None).update(
        ended_at=now, ended_by=by
    )
    grant = TeamUserObjectPermission.objects.create(
        content_object=team, user=user, permission=read_permission(), sections=sorted(set(sections)),
        reason=reason.strip(), given_by=by, given_at=now, until=until,
    )  # fmt: skip
    record("grant_given", by=by, family_id=team.family_id, team_id=team.pk, thing=grant, until=until.isoformat())
    return grant


@transaction.atomic
def end_grant(*, grant: TeamUserObjectPermission, by) -> None:
    """Take an exception back, with effect on the next request."""
    ended = TeamUserObjectPermission.objects.filter(pk=grant.pk, ended_at=None).update(
        ended_at=timezone.now(), ended_by=by
    )
    if ended:
        team = grant.content_object
        record("grant_ended", by=by, family_id=team.family_id, team_id=team.pk, thing=grant)
