"""What the family lets each member see, and until when. The only writer of consents."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collaboratives.enums import DeadlineKind
from collaboratives.models import TimelineRule
from soc_portal.audit.actions import record
from teams.actions.copies import recount_copies
from teams.models import Consent, Membership

#: The longest that a consent may hold (10A NCAC 69 .0401), where no rule is loaded.
LONGEST = dt.timedelta(days=365)


def last_day(today: dt.date) -> dt.date:
    """The last day that a consent given today may name, by the rule of today."""
    rule = TimelineRule.objects.holding(DeadlineKind.CONSENT, today)
    return today + (dt.timedelta(days=rule.days) if rule else LONGEST)


def _checked(until: dt.date | None, today: dt.date) -> dt.date:
    latest = last_day(today)
    until = until or latest
    if until < today:
        raise ValidationError(_("This day has passed. Write a day to come."), code="past")
    refuse_too_long(until, latest)
    return until


def refuse_too_long(until: dt.date, latest: dt.date) -> None:
    """A yes ends on the last day that the rule allows, or before."""
    if until > latest:
        words = _("A yes can last until %(day)s at most. Write an earlier day.")
        raise ValidationError(words % {"day": date_format(latest)}, code="too_long")


@transaction.atomic
def share_sections(*, membership: Membership, sections: Iterable[str], until: dt.date | None, by) -> None:
    """The family shares these sections with a member until a day; a new yes replaces an old one.

    Without `until` it is the last day that the rule allows. `ValidationError` for a day that has passed or is too far
    away, or for a member who is no longer on the team.
    """
    locked = Membership.written_by_actions.select_for_update(of=("self",)).get(pk=membership.pk)
    if locked.ended_at:  # two yeses take turns, and a page opened before somebody left shares nothing
        raise ValidationError(_("This person is no longer on the team."), code="ended")
    today = timezone.localdate()
    until = _checked(until, today)
    wanted = sorted(set(sections))
    now = timezone.now()
    live = Consent.written_by_actions.filter(membership=membership, ended_at=None, section__in=wanted)
    kept = set(live.filter(until=until).values_list("section", flat=True))
    live.exclude(until=until).update(ended_at=now, ended_by=by)
    Consent.written_by_actions.bulk_create(
        Consent(membership=membership, section=section, starts_on=today, until=until, given_by=by, given_at=now)
        for section in wanted
        if section not in kept
    )
    _record("consent_given", membership, wanted, by=by, until=until)


@transaction.atomic
def stop_sharing(*, membership: Membership, sections: Iterable[str], by) -> None:
    """The family takes a yes back; it has effect on the member's next request."""
    wanted = sorted(set(sections))
    live = Consent.written_by_actions.filter(membership=membership, ended_at=None, section__in=wanted)
    if live.update(ended_at=timezone.now(), ended_by=by):
        _record("consent_ended", membership, wanted, by=by)
        recount_copies(membership.team)


@transaction.atomic
def set_sharing(*, membership: Membership, sections: Iterable[str], until: dt.date | None, by) -> None:
    """Share exactly these sections with a member, until a day; every other yes is taken back."""
    wanted = set(sections)
    live = Consent.objects.filter(membership=membership, ended_at=None).values_list("section", flat=True)
    stop_sharing(membership=membership, sections=set(live) - wanted, by=by)
    if wanted:
        share_sections(membership=membership, sections=wanted, until=until, by=by)


def end_consents(*, membership: Membership, by) -> None:
    """Nothing is shared any more with somebody who left the team."""
    Consent.written_by_actions.filter(membership=membership, ended_at=None).update(ended_at=timezone.now(), ended_by=by)


def _record(verb: str, membership: Membership, sections: list[str], *, by, until: dt.date | None = None) -> None:
    team = membership.team
    facts: dict[str, Any] = {"sections": sections} | ({"until": until.isoformat()} if until else {})
    record(verb, by=by, family_id=team.family_id, team_id=team.pk, thing=membership, **facts)
