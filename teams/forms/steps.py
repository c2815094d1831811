"""Why a step was not done, and until when it may wait."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teams.forms.item_base import DayField, Text


class NotDoneForm(forms.Form):
    """What got in the way, in plain words; a new day keeps the step open."""

    use_required_attribute = False

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000_000)
    why = Text(
        label=_("Why not, or what changed?"),
        help_text=_("Nobody is to blame. It helps the team to know."),
        rows=3,
        error_messages={"required": _("Write in a few words why not, or what changed.")},
    )
    due_on = DayField(
        label=_("A new day, if you still want to do it"),
        help_text=_("With no new day, the step is closed as not done."),
        required=False,
    )

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day."), code="past")
        return day
