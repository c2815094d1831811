"""How a team comes to its end: why and when, and a last word."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teams.enums import EndingReason
from teams.forms.item_base import DayField, Text, say

LONGEST = 20_000


class EndingForm(forms.Form):
    """Why the team ends, the day that it plans to end on, and words; `seen` is what the page showed of it.

    Somebody's own words are asked for from nobody but whoever wrote them (`own_words`).
    """

    use_required_attribute = False

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    reason = forms.ChoiceField(
        label=_("Why does your team end?"), choices=EndingReason.choices, widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose why your team ends."), "invalid_choice": _("Choose one from the list."),
        },
    )  # fmt: skip
    ends_on = DayField(
        label=_("On which day do you plan to end?"),
        help_text=_("You can leave this open, and change it later."),
        required=False,
    )
    words = Text(
        label=_("In your own words"), help_text=_("Everybody on your team can read this."), longest=LONGEST,
        required=False, strip=False,
    )  # fmt: skip

    def __init__(self, *args, day=None, own_words=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.day = day
        if not own_words:
            del self.fields["words"]

    def clean_ends_on(self):
        day = self.cleaned_data["ends_on"]
        if day and day != self.day and day < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day."), code="past")
        return day


class LastWordForm(forms.Form):
    """What somebody wants to say at the end."""

    use_required_attribute = False

    text = Text(
        label=_("Last word"), help_text=_("Everybody on the team can read it. The family keeps it."),
        longest=LONGEST, strip=False, error_messages=say(_("Write something.")),
    )  # fmt: skip

    def clean_text(self):
        text = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError(_("Write something."), code="required")
        return text
