"""What happens to a referral: it moves from status to status, is answered, gets a day, can be answered by a link.

Both sides move it through `move_referral`; nobody else writes its status. What touches the team that it comes from is
in `teams.actions.referrals`.
"""

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referrals import access, emails
from referrals.enums import CLOSED_STATUSES, MOVES, Outcome, ReferralStatus, Refusal, Side
from referrals.models import Referral, ReferralLink, ReferralMove
from soc_portal.access.wall import whole_state
from soc_portal.audit.actions import record, record_looks
from soc_portal.audit.enums import Look
from teams import emails as team_emails

#: How long a link opens its referral.
LINK_GOOD_FOR = dt.timedelta(days=14)


class Outdated(ValidationError):
    """Somebody moved the referral since the page was opened; nothing was changed."""

    def __init__(self) -> None:
        words = _("Somebody changed this while your page was open. Nothing of yours is saved. Look at it again first.")
        super().__init__(words, code="outdated")


@dataclass(frozen=True)
class LinkReader:
    """Whoever holds a link: for the log they are the organization that it was sent to."""

    name: str
    pk: None = None

    def __str__(self) -> str:
        return self.name


@transaction.atomic
def move_referral(
    *, referral: Referral, to: str, side: str, by, seen: str, words: str = "", name: str = "", **facts: Any
) -> Referral:
    """Move a referral from the status that its mover has `seen` to another one, if `MOVES` lets their side do so.

    `by` is None for somebody without an account, who has a `name`. `facts` are further columns to write with it.
    Raises `Outdated`, or `ValidationError` for a move that is not allowed, a refusal without a reason, a closing
    without the family's word, and a failure without words; then nothing is changed.
    """
    now = timezone.now()
    if referral.status != seen:
        raise Outdated
    if side not in MOVES.get(seen, {}).get(to, ()):
        raise ValidationError(_("This can’t be done with it now. Nothing was changed."), code="not_allowed")
    _require_reasons(to, words, facts)
    if side == Side.RECEIVER and referral.answered_at is None:
        facts["answered_at"] = now
    if to in CLOSED_STATUSES:
        facts["closed_at"] = now
    _write(referral, seen, status=to, **facts)
    _keep_move(referral, seen, to, side=side, by=by, words=words, name=name)
    return referral


def _require_reasons(to: str, words: str, facts: dict[str, Any]) -> None:
    if to == ReferralStatus.REJECTED and facts.get("refusal") not in Refusal.values:
        raise ValidationError(_("Pick why you can’t help. The family reads it."), code="no_reason")
    if to == ReferralStatus.COMPLETED and facts.get("outcome") not in set(Outcome.values) - {Outcome.UNKNOWN}:
        raise ValidationError(_("Pick what became of it. It is not done before the family says so."), code="no_outcome")
    if to in (ReferralStatus.REJECTED, ReferralStatus.FAILED) and not words.strip():
        raise ValidationError(_("Write why, in plain words. The family reads it."), code="no_words")


def _write(referral: Referral, seen: str, **values: Any) -> None:
    """Write columns if the referral still is as it was seen; and into the row at hand."""
    values["updated_at"] = timezone.now()
    if not Referral.objects.filter(pk=referral.pk, status=seen, updated_at=referral.updated_at).update(**values):
        raise Outdated
    for name, value in values.items():
        setattr(referral, name, value)


def _keep_move(referral: Referral, seen: str, to: str, *, side: str, by, words: str, name: str) -> None:
    ReferralMove.objects.create(
        referral=referral, from_status=seen, to_status=to, side=side, by=by, by_name=name or str(by), words=words,
        at=referral.updated_at,
    )  # fmt: skip
    actor = by or LinkReader(referral.organization.name)
    record("referral_moved", by=actor, family_id=referral.family_id, thing=referral, from_status=seen, to_status=to)


# --- The receiver ----------------------------------------------------------------------------------------------------
@transaction.atomic
def answer_referral(
    *, referral: Referral, to: str, by, seen: str, words: str, name: str = "",
    first_visit_at: dt.datetime | None = None, wait_words: str = "", refusal: str = "",
) -> Referral:  # fmt: skip
    """The organization answers, or tells how it goes on; the family reads `words`. The team is told.

    Saying another day for a first visit that is agreed already keeps the status. `ValidationError` once the family's
    yes has ended.
    """
    if not access.can_answer(referral):
        raise ValidationError(_("This is no longer shared with you, so it can’t be answered."), code="not_shared")
    if not words.strip():
        raise ValidationError(_("Write what the family should know."), code="no_words")
    facts: dict[str, Any] = {}
    if to == ReferralStatus.ACCEPTED:
        facts = {"first_visit_at": first_visit_at, "wait_words": ""}
    elif to == ReferralStatus.ON_HOLD:
        facts = {"first_visit_at": None, "wait_words": wait_words}
    elif to == ReferralStatus.REJECTED:
        facts = {"refusal": refusal}
    if to == seen == ReferralStatus.ACCEPTED:
        set_first_visit(referral=referral, at=first_visit_at, side=Side.RECEIVER, by=by, seen=seen, words=words)
    else:
        move_referral(referral=referral, to=to, side=Side.RECEIVER, by=by, seen=seen, words=words, name=name, **facts)
        team_emails.referral_changed(referral, by)
    return referral


@transaction.atomic
def set_first_visit(
    *, referral: Referral, at: dt.datetime | None, side: str, by, seen: str, words: str = ""
) -> Referral:
    """Say on which day the first visit is, for a referral that was accepted; the other side is told."""
    if referral.status != seen:
        raise Outdated
    if seen != ReferralStatus.ACCEPTED:
        raise ValidationError(_("There is no first visit to set a day for."), code="not_allowed")
    _write(referral, seen, first_visit_at=at)
    _keep_move(referral, seen, seen, side=side, by=by, words=words, name="")
    team_emails.referral_changed(referral, by)
    if side != Side.RECEIVER and referral.shows_content:
        emails.referral_changed(referral, by)
    return referral


def look_at_list(user, referrals: Iterable[Referral]) -> None:
    """Write down for each family that somebody it sent referrals to saw them in a list. One query, none for none."""
    shown = list(referrals)
    if shown:
        names = sorted({referral.organization.name for referral in shown})
        families = dict.fromkeys((referral.family_id, None) for referral in shown)
        record_looks(Look.REFERRALS_GOT, by=user, families=families, organization=", ".join(names)[:160])


def look_at_received(user, referral: Referral) -> None:
    """Write down that somebody the family sent a referral to opened it. One query."""
    name = referral.organization.name
    record(Look.REFERRAL_GOT, by=user, family_id=referral.family_id, thing=referral, organization=name, looked=True)


# --- Links -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def make_link(*, referral: Referral, address: str, by) -> ReferralLink:
    """Mail a link by which one answer can be given without an account. A newer link ends the older ones."""
    if referral.status != ReferralStatus.REQUESTED or not referral.is_shared():
        raise ValidationError(_("There is nothing to answer any more, so no link was sent."), code="not_open")
    now = timezone.now()
    referral.links.filter(used_at=None, ended_at=None).update(ended_at=now)
    link = ReferralLink.objects.create(
        referral=referral, address=address.lower(), nonce=secrets.token_hex(16), created_at=now, created_by=by,
        expires_at=now + LINK_GOOD_FOR,
    )  # fmt: skip
    record("referral_link_sent", by=by, family_id=referral.family_id, thing=referral)
    emails.referral_link(link)
    return link


@transaction.atomic
def end_links(*, referral: Referral, by) -> bool:
    """No link to this referral opens anything any more. Tells whether one did."""
    ended = referral.links.filter(used_at=None, ended_at=None).update(ended_at=timezone.now())
    if ended:
        record("referral_link_ended", by=by, family_id=referral.family_id, thing=referral)
    return bool(ended)


@transaction.atomic
@whole_state("who comes with a link has no account")
def look_by_link(*, link: ReferralLink) -> None:
    """Write down that the holder of a link read what was shared, and when they first did."""
    ReferralLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=timezone.now())
    referral = link.referral
    name = referral.organization.name
    record(
        Look.REFERRAL_GOT, by=LinkReader(name), family_id=referral.family_id, thing=referral, looked=True, by_link=True
    )


@transaction.atomic
@whole_state("who comes with a link has no account")
def answer_by_link(*, link: ReferralLink, name: str, **answer: Any) -> None:
    """One answer without an account uses the link up; `answer` is what `answer_referral` takes.

    `Outdated` when the link was used, ended or ran out meanwhile; then nothing is changed.
    """
    now = timezone.now()
    used = ReferralLink.objects.filter(pk=link.pk, used_at=None, ended_at=None, expires_at__gt=now)
    if not used.update(used_at=now):
        raise Outdated
    answer_referral(referral=link.referral, by=None, name=name, **answer)
