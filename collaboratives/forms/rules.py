"""What the state types about a rule: how many days, by whose word, from when on."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from collaboratives.actions.rules import MOST_DAYS
from soc_portal.when import FURTHEST, DayInput
from teams.forms.item_base import line, say

WRONG_DAYS = _("Write a number of days from 1 to 730.")


class RuleForm(forms.Form):
    """A new rule. `seen` is the newest one that the page showed."""

    use_required_attribute = False

    days = forms.IntegerField(
        label=_("How many days?"), min_value=1, max_value=MOST_DAYS,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), WRONG_DAYS),
    )  # fmt: skip
    source = line(
        label=_("By whose word?"), longest=200, help_text=_("A law, a policy or a decision. Everybody can read this."),
        error_messages=say(_("Write the law, policy or decision that says so.")),
    )  # fmt: skip
    starts_on = forms.DateField(
        label=_("From which day?"), widget=DayInput, help_text=_("Tomorrow at the earliest."),
        error_messages={"required": _("Write a day."), "invalid": _("Write the day like this: 10/15/2026.")},
    )  # fmt: skip
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_starts_on(self):
        day, today = self.cleaned_data["starts_on"], timezone.localdate()
        if day <= today:
            raise forms.ValidationError(_t("A rule starts tomorrow at the earliest. What was counted before stays."))
        if day > today + FURTHEST:
            raise forms.ValidationError(_t("This day is too far away. Write a day in the next two years."))
        return day

    def has_seen(self, rule_id: int | None) -> None:
        """What the page shows now, after somebody else changed it: the next time it is sent, that is known."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = "" if rule_id is None else str(rule_id)


class TakeBackForm(forms.Form):
    """Which planned rule the page showed."""

    seen = forms.IntegerField(required=False)


def tomorrow() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=1)
