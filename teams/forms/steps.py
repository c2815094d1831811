"""Why a step was not done, and until when it may wait."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teams.forms.items import BAD_DAY, YEARS_AHEAD, Text


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
    due_on = forms.DateField(
        label=_("A new day, if you still want to do it"),
        help_text=_("With no new day, the step is closed as not done."),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": BAD_DAY},
    )

    def clean_due_on(self):
        day, today = self.cleaned_data["due_on"], timezone.localdate()
        if day and day < today:
            raise forms.ValidationError(_("Choose today or a later day."), code="past")
        if day and day.year > today.year + YEARS_AHEAD:
            raise forms.ValidationError(BAD_DAY, code="invalid")
        return day
