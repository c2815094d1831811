"""What a group asks somebody to do, and the answer that comes back."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaboratives import emails
from collaboratives.models import Collaborative, Recommendation
from soc_portal.audit.actions import record
from soc_portal.versions.actions import add_row, change_row


@transaction.atomic
def add_recommendation(*, group: Collaborative, row: Recommendation, by) -> Recommendation:
    """A group recommends something to somebody outside, or to another open group, whose runners are told.

    The same recommendation from the same person is one. `ValidationError` for a day that can't be, for a meeting of
    another group, and where a closed group's words would go into another group's list.
    """
    row.group = group
    _refuse_wrong_days(row.sent_on, row.due_on)
    if row.meeting is not None and row.meeting.group_id != group.pk:
        raise ValidationError({"meeting": _("That was another group's meeting.")})
    if row.to_group is not None:
        _refuse_groups(row, row.to_group)
        row.addressee = row.to_group.name
    if not row.addressee.strip():
        raise ValidationError({"addressee": _("Write to whom it goes, or choose a group.")})
    Collaborative.objects.select_for_update(of=("self",)).get(pk=group.pk)  # the second of two forms waits
    same = {name: getattr(row, name) for name in ("topic", "text", "addressee", "to_group", "sent_on", "due_on")}
    if there := Recommendation.objects.live().filter(group=group, created_by=by, **same).order_by("pk").first():
        return there
    add_row(row, by=by, family_id=None)
    record("recommendation_added", by=by, thing=row)
    emails.recommendation_came(row, by)
    return row


def _refuse_groups(row: Recommendation, to_group: Collaborative) -> None:
    if row.group.kind_of.is_closed or to_group.kind_of.is_closed:
        words = _("Closed groups don't exchange recommendations here. Write to whom it goes instead.")
        raise ValidationError({"to_group": words})
    if to_group.pk == row.group_id:
        raise ValidationError({"to_group": _("A group can't recommend something to itself.")})


def _refuse_wrong_days(sent_on: dt.date, due_on: dt.date | None) -> None:
    if sent_on > timezone.localdate():
        raise ValidationError({"sent_on": _("This day is still to come. Write the day it was sent.")})
    if due_on is not None and due_on < sent_on:
        raise ValidationError({"due_on": _("The answer can't be due before it is sent.")})


@transaction.atomic
def change_recommendation(
    *, row: Recommendation, by, base_version: int, values: dict[str, Any]
) -> Recommendation:  # fmt: skip
    """Change topic, words, addressee or day while nobody has answered; every state is kept."""
    row = _locked(row)
    if row.is_answered:
        raise ValidationError(_("This recommendation has an answer. It stays as it was sent."), code="answered")
    if row.to_group_id is not None:
        values = {name: value for name, value in values.items() if name != "addressee"}
    _refuse_wrong_days(row.sent_on, values.get("due_on", row.due_on))
    fresh = change_row(row, by=by, family_id=None, base_version=base_version, values=values)
    if fresh.version != row.version:
        record("recommendation_changed", by=by, thing=fresh)
    return fresh


@transaction.atomic
def answer_recommendation(
    *, row: Recommendation, by, base_version: int, answer: str, answered_on: dt.date
) -> Recommendation:  # fmt: skip
    """Write down the answer and the day it came. An answer can be made better, never taken away."""
    row = _locked(row)
    if not answer.strip():
        raise ValidationError({"answer": _("Write the answer.")})
    if not row.sent_on <= answered_on <= timezone.localdate():
        raise ValidationError({"answered_on": _("Write a day between the day it was sent and today.")})
    values = {"answer": answer, "answered_on": answered_on}
    fresh = change_row(row, by=by, family_id=None, base_version=base_version, values=values)
    if fresh.version != row.version:
        record("recommendation_answered", by=by, thing=fresh)
        if not row.is_answered:
            emails.recommendation_answered(fresh, by)
    return fresh


def _locked(row: Recommendation) -> Recommendation:
    rows = Recommendation.objects.select_for_update(of=("self",)).select_related("group__kind_of", "to_group__kind_of")
    return rows.get(pk=row.pk)
