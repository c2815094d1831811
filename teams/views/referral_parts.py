"""What one reader on the team sees of a referral: the loop from the yes to the end, and the rows of a list."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from referrals.enums import OPEN_STATUSES, Outcome, ReferralStatus, Shared, Side
from referrals.models import Referral
from referrals.views.shared import badge_of
from soc_portal.days import long_day, long_moment
from teams import access

S = ReferralStatus
ROWS_SHOWN = 5


@dataclass
class LoopStep:
    """One step of the loop. `state` is done, stop, wait or todo; the one that is on now is `now`."""

    state: str
    heading: str
    lines: list[str] = field(default_factory=list)
    words: str = ""
    when: dt.datetime | None = None
    now: bool = False


def url_of(referral: Referral) -> str:
    return reverse("teams:referral_detail", args=[referral.source.team_id, referral.pk])


def found(request, team_id: int, referral_id: int):
    """The team and one of its referrals, as far as this reader may see them; else 404."""
    team = access.get_team_for(request.user, team_id)
    return team, access.get_referral_for(request.user, team, referral_id)


def referral_rows(user, team, *, only_open: bool = True, most: int = ROWS_SHOWN) -> list[Referral]:
    """The newest referrals of a team, each with its `badge`, for `teams/parts/referral_rows.html`: one query."""
    rows = access.team_referrals(user, team).select_related("organization")
    if only_open:
        rows = rows.filter(status__in=OPEN_STATUSES)
    return with_badges(list(rows[:most]))


def with_badges(rows: list[Referral]) -> list[Referral]:
    for row in rows:
        row.badge = badge_of(row)
    return rows


def loop_of(team, referral: Referral) -> list[LoopStep]:
    """Everything that happened, what is on now, and what is still to come. Two queries."""
    steps: list[LoopStep] = []
    opened = access.opened_at(team, referral) if referral.is_sent else None
    name = referral.organization.name
    for move in referral.moves.all():
        if opened and move.side == Side.RECEIVER:
            steps.append(_opened(name, opened))
            opened = None
        steps += _told(referral, move)
    if opened:
        steps.append(_opened(name, opened))
    return [*steps, *_to_come(referral)]


def _opened(name: str, when: dt.datetime) -> LoopStep:
    return LoopStep("done", _("Opened by %(name)s") % {"name": name}, when=when)


def _told(referral: Referral, move) -> list[LoopStep]:
    """One move as people tell it; the sending as two steps, since the family's yes comes first."""
    by = _("By %(name)s.") % {"name": move.by_name}
    name = {"name": referral.organization.name}
    if move.to_status == S.REQUESTED:
        return [
            LoopStep("done", _("The family said yes"), [by], when=move.at),
            LoopStep("done", _("Sent to %(name)s") % name, when=move.at),
        ]
    if move.from_status == move.to_status:
        return [LoopStep("done", _("The first visit has a new day"), [by], move.words, move.at)]
    headings = {
        S.DRAFT: _("Written down"), S.ACCEPTED: _("%(name)s said yes") % name,
        S.ON_HOLD: _("There is a wait"), S.REJECTED: _("%(name)s can’t help") % name,
        S.IN_PROGRESS: _("It has started"),
        S.CANCELLED: _("Called off"), S.FAILED: _("It did not work out"), S.COMPLETED: _("Closed"),
        S.ERROR: _("Sent by mistake"),
    }  # fmt: skip
    lines = [by]
    if move.side == Side.RECEIVER and move.from_status == S.REQUESTED:
        lines.append(_after(referral, move))
    if move.to_status == S.REJECTED:
        lines.append(_("Why: %(why)s") % {"why": referral.get_refusal_display()})
    if move.to_status == S.COMPLETED:
        lines.append(str(Outcome(referral.outcome).label))
    state = "stop" if move.to_status in (S.REJECTED, S.CANCELLED, S.FAILED, S.ERROR) else "done"
    return [LoopStep(state, headings[ReferralStatus(move.to_status)], lines, move.words, move.at)]


def _after(referral: Referral, move) -> str:
    days = (timezone.localdate(move.at) - timezone.localdate(referral.requested_at)).days
    if days < 2:
        return _("The same day.") if days == 0 else _("After one day.")
    return _("After %(days)s days.") % {"days": days}


def _to_come(referral: Referral) -> list[LoopStep]:
    if not referral.is_open:
        return []
    tells = LoopStep(
        "todo", _("The family tells us if it happened"), [_("We ask: did you go? Was it what you asked for?")]
    )
    closed = LoopStep("todo", _("Closed"), [_("Only when the family has said so.")])
    if referral.status == S.DRAFT:
        waits = LoopStep("wait", _("The family says yes"), [_("A caregiver picks what to share.")], now=True)
        return [waits, LoopStep("todo", _("Sent")), LoopStep("todo", _("They answer")), tells, closed]
    return [_now(referral), tells, closed]


def _now(referral: Referral) -> LoopStep:
    """What everybody waits for."""
    if referral.status == S.REQUESTED:
        due = referral.answer_due_on
        lines = [_("We want to hear by %(day)s.") % {"day": long_day(due)}] if due else []
        return LoopStep("wait", _("They answer"), lines, now=True)
    if referral.status == S.ON_HOLD:
        return LoopStep(
            "wait", _("We wait for a place"), [referral.wait_words] if referral.wait_words else [], now=True
        )
    if referral.status == S.IN_PROGRESS:
        return LoopStep("wait", _("It is going on"), now=True)
    if referral.first_visit_at is None:
        return LoopStep("wait", _("The first visit"), [_("There is no day for it yet.")], now=True)
    when = long_moment(referral.first_visit_at)
    return LoopStep("wait", _("First visit: %(when)s") % {"when": when}, now=True)


def asks_how_it_went(referral: Referral, side: str) -> bool:
    """Whether it is time to ask the family: its first visit was, or it has started."""
    visit = referral.first_visit_at
    was = referral.status == S.ACCEPTED and visit is not None and visit < timezone.now()
    return side == Side.FAMILY and (was or referral.status == S.IN_PROGRESS)


#: What a referral never shares, in the words of the page.
def never_shared() -> list[str]:
    return [
        _("Where you live"), _("Your other home"), _("School and court records"), _("Health records"),
        _("What was said at meetings"),
    ]  # fmt: skip


def not_shared(referral: Referral) -> list[Any]:
    """What could have been shared and was not, and what never is."""
    shared = {entry["what"] for entry in referral.shared}
    return [one.label for one in Shared if one.value not in shared] + never_shared()
