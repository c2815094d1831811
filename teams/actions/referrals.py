"""What a team does with referrals: it drafts them, the family says yes to what is shared, the team tells how it went.

A referral goes out with a caregiver's yes alone. What it shares is frozen then: a list of {"what", "words"}, exactly
what was ticked. It holds the caregiver's own phone and safe ways, never those of anybody else or of another home.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from collaboratives.enums import DeadlineKind
from collaboratives.models import TimelineRule
from families.models import Person
from referrals import emails as receiver_emails
from referrals.access import receivers_of
from referrals.actions.referrals import Outdated, end_links, make_link, move_referral
from referrals.enums import OPEN_STATUSES, ReferralStatus, Shared, Side
from referrals.models import Referral, ReferralLink, ReferralMove
from soc_portal.audit.actions import record
from soc_portal.versions.actions import add_row, change_row, move_rows
from teams import emails
from teams.actions.consents import last_day, refuse_too_long
from teams.models import Need, ReferralSource, Step, Team

#: How long a yes to a referral holds when the caregiver names no other day; at most as long as any consent.
USUAL = dt.timedelta(days=90)


# --- Drafting --------------------------------------------------------------------------------------------------------
@transaction.atomic
def draft_referral(
    *, team: Team, referral: Referral, by, side: str, need: Need | None = None, step: Step | None = None
) -> Referral:
    """Write down a referral that has not gone out. It belongs to the section of the need or step that it is for.

    The caregivers are told: it waits for their yes.
    """
    item = need or step
    referral.family, referral.status = team.family, ReferralStatus.DRAFT
    if item is not None:
        referral.section = item.section
    add_row(referral, by=by, family_id=team.family_id)
    ReferralSource.objects.create(referral=referral, team=team, need=need, step=step)
    ReferralMove.objects.create(
        referral=referral, to_status=ReferralStatus.DRAFT, side=side, by=by, by_name=str(by), at=referral.created_at
    )
    record("referral_drafted", by=by, family_id=team.family_id, team_id=team.pk, thing=referral)
    emails.referral_drafted(team, referral, by)
    return referral


@transaction.atomic
def change_draft(*, team: Team, referral: Referral, by, base_version: int, values: dict[str, Any]) -> Referral:
    """Save new values of a draft, built on the version that the form showed. Raises `Conflict`; see `change_row`.

    `Outdated` once it has been sent or called off: what went out is not written over.
    """
    if not Referral.objects.filter(pk=referral.pk, status=ReferralStatus.DRAFT).exists():
        raise Outdated
    return change_row(referral, by=by, family_id=team.family_id, base_version=base_version, values=values)


# --- The family's yes ------------------------------------------------------------------------------------------------
def shareable(*, team: Team, referral: Referral, person: Person) -> list[dict[str, Any]]:
    """Everything that this caregiver may share with this referral, each as it would be kept; the request itself first.

    Reads `team.children` and the referral's `source`. Nothing of another home is in it, so the other caregiver's phone
    can't be shared by mistake.
    """
    children = [child for child in team.children.all() if child.ended_at is None]
    people = [*children, *([] if person in children else [person])]
    named = "\n".join(f"{one.name} ({one.relationship})" if one.relationship else one.name for one in people)
    source = referral.source
    item = source.need or source.step
    offers: list[dict[str, Any]] = [
        {"what": Shared.ASKS.value, "words": referral.title},
        {"what": Shared.NAMES.value, "words": named},
        {"what": Shared.PHONE.value, "words": person.phone},
        {
            "what": Shared.LANGUAGES.value, "words": "",
            "languages": [[one.language, one.needs_interpreter] for one in people],
        },
        {"what": Shared.NEED.value, "words": item.text if item is not None and item.ended_at is None else ""},
        {"what": Shared.WANTS.value, "words": referral.wants, "language": referral.language},
        {"what": Shared.CONTACT.value, "words": person.safe_times, "way": person.safe_contact},
    ]  # fmt: skip
    return [offer for offer in offers if offer["words"] or "languages" in offer or "way" in offer]


def hash_of(offers: list[dict[str, Any]], organization_id: int) -> str:
    """What a caregiver saw before saying yes, and to whom, as one word for a hidden field."""
    seen = json.dumps([organization_id, offers], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(seen.encode()).hexdigest()


def usual_end(today: dt.date) -> dt.date:
    """Until when a yes to a referral holds, unless the caregiver says otherwise."""
    return today + USUAL


@transaction.atomic
def send_referral(
    *, team: Team, referral: Referral, person: Person, share: Iterable[str], until: dt.date, seen_hash: str, by,
    address: str = "",
) -> Referral:  # fmt: skip
    """A caregiver says yes: exactly what was ticked is shared until a day. A draft goes out with it.

    With an open referral that was sent before it is a new yes in place of the old one. An `address` gets a link that
    takes one answer without an account. `Outdated` when anything differs from what the caregiver saw.
    `ValidationError` for a day that has passed or is too far away, and where nobody could ever read it.
    """
    if referral.status not in OPEN_STATUSES:
        raise Outdated
    offers = shareable(team=team, referral=referral, person=person)
    if seen_hash != hash_of(offers, referral.organization_id):
        raise Outdated
    _require_day(until)
    is_first = referral.status == ReferralStatus.DRAFT
    if is_first and not address and not receivers_of(referral.organization_id).exists():
        words = _("Nobody there has an account here yet. Write an email address, so that they get a link.")
        raise ValidationError(words, code="nobody")
    chosen = {Shared.ASKS.value, *share}
    shared = [offer for offer in offers if offer["what"] in chosen]
    _say_yes(referral, by=by, shared=shared, until=until)
    if is_first:
        _go_out(referral, by=by)
    else:
        receiver_emails.referral_changed(referral, by)
    if address:
        make_link(referral=referral, address=address, by=by)
    keys = [offer["what"] for offer in shared]
    record(
        "referral_shared", by=by, family_id=team.family_id, team_id=team.pk, thing=referral, what=keys,
        until=until.isoformat(),
    )  # fmt: skip
    return referral


def _require_day(until: dt.date) -> None:
    today = timezone.localdate()
    if until < today:
        raise ValidationError(_("This day has passed. Write a day to come."), code="past")
    refuse_too_long(until, last_day(today))


def _say_yes(referral: Referral, *, by, shared: list, until: dt.date) -> None:
    now = timezone.now()
    values = {
        "shared": shared, "yes_at": now, "yes_by": by, "yes_until": until, "yes_ended_at": None, "yes_ended_by": None,
        "updated_at": now,
    }  # fmt: skip
    rows = Referral.objects.filter(pk=referral.pk, status=referral.status, version=referral.version)
    # The version goes up, so that a change of the draft that comes at the same moment is not sent along unseen.
    if not rows.filter(updated_at=referral.updated_at).update(version=F("version") + 1, **values):
        raise Outdated
    for name, value in values.items():
        setattr(referral, name, value)
    referral.version += 1


def _go_out(referral: Referral, *, by) -> None:
    today = timezone.localdate()
    rule = TimelineRule.objects.holding(DeadlineKind.REFERRAL_ANSWER, today)
    due = today + dt.timedelta(days=rule.days) if rule else None
    move_referral(
        referral=referral, to=ReferralStatus.REQUESTED, side=Side.FAMILY, by=by, seen=ReferralStatus.DRAFT,
        requested_at=timezone.now(), answer_due_on=due,
    )  # fmt: skip
    receiver_emails.referral_sent(referral)
    emails.referral_changed(referral, by)


@transaction.atomic
def stop_sharing_referral(*, team: Team, referral: Referral, by) -> bool:
    """A caregiver takes the yes back: the receiver is told today and reads nothing more, from their next request on.

    A referral that nobody has answered yet is called off with it, since nobody could answer what they can't read.
    Tells whether there was a yes to take back.
    """
    now = timezone.now()
    rows = Referral.objects.filter(pk=referral.pk, yes_at__isnull=False, yes_ended_at=None)
    if not rows.update(yes_ended_at=now, yes_ended_by=by, updated_at=now):
        return False
    referral.refresh_from_db()
    end_links(referral=referral, by=by)
    if referral.status == ReferralStatus.REQUESTED:
        move_referral(
            referral=referral, to=ReferralStatus.CANCELLED, side=Side.FAMILY, by=by, seen=ReferralStatus.REQUESTED
        )
    record("referral_sharing_ended", by=by, family_id=team.family_id, team_id=team.pk, thing=referral)
    receiver_emails.referral_stopped(referral)
    emails.referral_changed(referral, by)
    return True


# --- How it goes on --------------------------------------------------------------------------------------------------
@transaction.atomic
def move_for_team(
    *, referral: Referral, to: str, side: str, by, seen: str, words: str = "", outcome: str = ""
) -> Referral:
    """The family or its team moves a referral: called off, sent by mistake, started, did not work out, closed.

    It is closed with the family's word on what became of it alone. Both sides are told; the receiver only that
    something changed.
    """
    facts = {"outcome": outcome} if to == ReferralStatus.COMPLETED else {}
    readable = referral.shows_content
    move_referral(referral=referral, to=to, side=side, by=by, seen=seen, words=words, **facts)
    if not referral.is_open:
        end_links(referral=referral, by=by)
    emails.referral_changed(referral, by)
    if readable:
        receiver_emails.referral_changed(referral, by)
    return referral


@transaction.atomic
def send_link_anew(*, referral: Referral, by) -> ReferralLink:
    """The same address gets a new link; the older ones end. Another address takes a caregiver's yes."""
    last = referral.links.order_by("-pk").first()
    if last is None:
        raise ValidationError(_("No link was ever sent for this."), code="no_link")
    return make_link(referral=referral, address=last.address, by=by)


@transaction.atomic
def move_referrals_of_need(*, need: Need) -> None:
    """A referral belongs to the section of what it is for, so it goes along when a need changes its section."""
    ours = ReferralSource.objects.filter(Q(need=need) | Q(step__goal__need=need)).values("referral_id")
    move_rows(Referral.objects.filter(pk__in=ours), section=need.section)
