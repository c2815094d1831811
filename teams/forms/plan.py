"""What a member says to a version of the plan."""

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.enums import AnswerKind
from teams.forms.items import Text


class AnswerForm(forms.Form):
    """Every answer counts the same; who sees it differently says so in their own words."""

    use_required_attribute = False

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)
    kind = forms.ChoiceField(
        label=_("What do you say to this plan?"),
        choices=AnswerKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose your answer."), "invalid_choice": _("Choose your answer from the list.")},
    )
    words = Text(
        label=_("In your own words"),
        help_text=_("What do you see differently? Nobody changes what you write here."),
        required=False,
        rows=3,
    )
