"""What a member says to a version of the plan; where a team is; which versions to compare."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teams.enums import AnswerKind, Phase
from teams.forms.item_base import DayField, Text


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


class AgreeForm(forms.Form):
    """The family's yes; it may have been signed on paper before."""

    use_required_attribute = False

    signed_on = DayField(
        label=_("Signed on paper on"), help_text=_("Leave this empty if nothing was signed."), required=False
    )


class NoteForm(AnswerForm):
    """The answer of a member without an account, as somebody notes it; also one that was signed on paper."""

    signed_on = DayField(
        label=_("Signed on paper on"), help_text=_("Leave this empty if nothing was signed."), required=False
    )


class SettleForm(forms.Form):
    """How a disagreement was settled, in words."""

    use_required_attribute = False

    words = Text(
        label=_("How did you settle it?"),
        help_text=_("What was said before stays as it is. This stands beside it."),
        error_messages={"required": _("Write in a few words how you settled it.")},
        rows=3,
    )


class DatesForm(forms.Form):
    """Where the team is, and when it looks at its plan again."""

    use_required_attribute = False

    phase = forms.ChoiceField(
        label=_("Where are we?"), choices=Phase.choices,
        error_messages={
            "required": _("Choose where you are."), "invalid_choice": _("Choose where you are from the list."),
        },
    )  # fmt: skip
    review_on = DayField(label=_("When do we look at the plan again?"), required=False)
    out_of_home_since = DayField(
        label=_("A child lives away from home since"), required=False,
        help_text=_("Leave this empty when all children live at home. It tells when we look at it again."),
    )  # fmt: skip

    def clean_out_of_home_since(self):
        since = self.cleaned_data["out_of_home_since"]
        if since and since > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet. Write the day on which it began."))
        return since


class CompareForm(forms.Form):
    """Two versions of the plan to compare, of those that there are; `versions` is (number, words), newest first."""

    use_required_attribute = False
    #: The plan as it stands, which is no version yet.
    NOW = "now"

    def __init__(self, *args, versions: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(str(number), words) for number, words in versions]
        wrong = _("Choose a version from the list.")
        says = {"required": wrong, "invalid_choice": wrong}
        self.fields["from"] = forms.ChoiceField(label=_("Compare"), choices=choices, error_messages=says)
        now = [(self.NOW, _("The plan as it is now"))]
        self.fields["to"] = forms.ChoiceField(label=_("Compare it with"), choices=[*now, *choices], error_messages=says)

    def clean(self):
        data = super().clean()
        if data.get("from") and data.get("from") == data.get("to"):
            self.add_error("to", _("Choose two different versions."))
        return data

    @property
    def numbers(self) -> tuple[int, int | None]:
        """The older and the newer one, whichever was named first; None for the plan as it is now."""
        one, other = self.cleaned_data["from"], self.cleaned_data["to"]
        if other == self.NOW:
            return int(one), None
        return min(int(one), int(other)), max(int(one), int(other))
