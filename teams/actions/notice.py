"""How long before its day a team is told of a meeting: a rule of its time, and its waiver, which is the family's."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import ngettext

from collaboratives.enums import DeadlineKind
from collaboratives.models import TimelineRule
from teams.access import caregivers_on
from teams.enums import MeetingStatus
from teams.models import Team


@dataclass(frozen=True)
class Told:
    """The rule under which a team is told of a day, whether that is too soon for it, and whose yes it has."""

    rule: TimelineRule | None
    is_asked: bool = False
    waived_by: object = None

    @property
    def status(self) -> MeetingStatus:
        return MeetingStatus.ASKED if self.is_asked else MeetingStatus.SET

    def columns(self, now: dt.datetime) -> dict[str, object]:
        """The columns of a meeting that was called so."""
        return {
            "notice_rule": self.rule, "waived_by": self.waived_by, "waived_at": now if self.waived_by else None,
        }  # fmt: skip


def rule_of_notice(on: dt.date) -> TimelineRule | None:
    """The rule of notice that holds on this day; without one there is no limit."""
    return TimelineRule.objects.holding(DeadlineKind.NOTICE, on)


def is_soon(rule: TimelineRule | None, starts_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a meeting is fewer days away than the rule says, counted in days of the calendar."""
    return rule is not None and (timezone.localdate(starts_at) - timezone.localdate(now)).days < rule.days


def tell_of(team: Team, starts_at: dt.datetime, *, by, all_right: bool, now: dt.datetime) -> Told:
    """How a meeting stands that `by` sets for this moment.

    A caregiver who sets one sooner than the rule says has to say that this is all right: `ValidationError` with code
    "soon" until they do. Set by anybody else it waits for the family's yes.
    """
    rule = rule_of_notice(timezone.localdate(now))
    if rule is None or not is_soon(rule, starts_at, now):
        return Told(rule)
    if by.pk not in {user.pk for user in caregivers_on(team)}:
        return Told(rule, is_asked=True)
    if not all_right:
        words = ngettext(
            "This is less than %(days)s day away. Is that all right for your family?",
            "This is less than %(days)s days away. Is that all right for your family?", rule.days,
        )  # fmt: skip
        raise ValidationError(words, code="soon", params={"days": rule.days})
    return Told(rule, waived_by=by)
