"""What the State Collaborative sets: how many days something may take. What has its day already keeps it."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaboratives.models import TimelineRule
from soc_portal.audit.actions import record

ONE_DAY = dt.timedelta(days=1)
MOST_DAYS = 730


@transaction.atomic
def set_rule(*, kind: str, days: int, source: str, starts_on: dt.date, seen_id: int | None, by) -> TimelineRule:
    """From a day to come on, something may take so many days. It ends the rule of now on the day before.

    One change at a time is planned: a rule that has not begun makes room, and stays in the history. Sending the same
    twice gives the rule that is there. `seen_id` is the newest rule that the form showed (None: there was none);
    `ValidationError` ("changed") where somebody set another one since, and for days and a day that can't be.
    """
    rules = _locked(kind)
    newest = rules[0] if rules else None
    if newest and (newest.days, newest.source, newest.starts_on) == (days, source, starts_on):
        return newest
    _refuse_if_changed(newest, seen_id)
    today = timezone.localdate()
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError(_("Write a number of days from 1 to %(most)s.") % {"most": MOST_DAYS}, code="days")
    if starts_on <= today:
        raise ValidationError(_("A rule starts tomorrow at the earliest. What was counted before stays."), code="past")
    TimelineRule.objects.filter(pk__in=[rule.pk for rule in rules if rule.starts_on > today]).update(
        taken_back_at=timezone.now()
    )
    held = next((rule for rule in rules if rule.starts_on <= today), None)
    if held and (held.ends_on is None or held.ends_on >= today):
        TimelineRule.objects.filter(pk=held.pk).update(ends_on=starts_on - ONE_DAY)
    rule = TimelineRule.objects.create(kind=kind, days=days, source=source, starts_on=starts_on, set_by=by)
    record("rule_set", by=by, thing=rule, kind=kind, days=days, starts_on=starts_on.isoformat())
    return rule


@transaction.atomic
def take_back_rule(*, kind: str, seen_id: int | None, by) -> TimelineRule:
    """A rule that has not begun never begins; the rule of now goes on. `ValidationError` for one that has begun."""
    rules = _locked(kind)
    newest = rules[0] if rules else None
    _refuse_if_changed(newest, seen_id)
    today = timezone.localdate()
    if newest is None or newest.starts_on <= today:
        raise ValidationError(_("This rule holds already. Nothing was changed."), code="begun")
    newest.taken_back_at = timezone.now()
    newest.save(update_fields=["taken_back_at"])
    TimelineRule.objects.filter(pk__in=[rule.pk for rule in rules[1:]], ends_on=newest.starts_on - ONE_DAY).update(
        ends_on=None
    )
    record("rule_taken_back", by=by, thing=newest, kind=kind)
    return newest


def _locked(kind: str) -> list[TimelineRule]:
    """The rules of a kind that were not taken back, the newest first; whoever sets one meanwhile waits."""
    rules = TimelineRule.objects.select_for_update(of=("self",)).filter(kind=kind, taken_back_at=None)
    return list(rules.order_by("-starts_on"))


def _refuse_if_changed(newest: TimelineRule | None, seen_id: int | None) -> None:
    if (newest.pk if newest else None) != seen_id:
        words = _("Somebody changed this rule while you had the page open. Look at what holds now.")
        raise ValidationError(words, code="changed")
