"""What somebody of a group types about a barrier: which ones to show, who takes it up, why it goes on, the answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from collaboratives.enums import BarrierCategory, BarrierStatus
from teams.actions.names import LONGEST
from teams.forms.item_base import Text, say

NO_NAMES = _("Teams read this. Write no names of families, children or workers.")


class FilterForm(forms.Form):
    """Which barriers to show; what can't be read is as if it were not asked."""

    category = forms.ChoiceField(label=_("What it is about"), required=False)
    status = forms.ChoiceField(label=_("Where it stands"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("Everything")), *BarrierCategory.choices]
        self.fields["status"].choices = [("", _("All without an answer")), *BarrierStatus.choices, ("all", _("All"))]

    @property
    def asked(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if value} if self.is_bound else {}


class TakeUpForm(forms.Form):
    """Which of one's groups works on it."""

    group = forms.ChoiceField(
        label=_("Which group works on it?"), widget=forms.RadioSelect,
        error_messages={"required": _("Choose a group."), "invalid_choice": _("Choose a group from the list.")},
    )  # fmt: skip
    use_required_attribute = False

    def __init__(self, *args, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.groups = {str(group.pk): group for group in groups}
        self.fields["group"].choices = [(pk, group.name) for pk, group in self.groups.items()]
        if len(self.groups) == 1:
            self.fields["group"].initial = next(iter(self.groups))

    def clean_group(self):
        return self.groups[self.cleaned_data["group"]]


class WhyForm(forms.Form):
    """Why a barrier goes on or back."""

    use_required_attribute = False

    words = Text(
        label=_("Why?"), help_text=NO_NAMES, longest=LONGEST, rows=4,
        error_messages=say(_("Write why, so that the others and the teams understand.")),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """The answer that the teams read."""

    use_required_attribute = False

    answer = Text(
        label=_("Your answer to the teams"),
        help_text=_("Plain words: what will happen, by when, which agency does it. Write no names of people."),
        longest=LONGEST, rows=6, error_messages=say(_("Write the answer.")),
    )  # fmt: skip
