"""Ticking which parts of the plan cover what an agency asks for."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CoversForm(forms.Form):
    """`choices` are the parts of the plan that its reader reads, in groups; `ticked` those that stand now.

    A form comes back with the ticks that it showed (`was`), so that what somebody else ticked meanwhile stays.
    """

    use_required_attribute = False

    parts = forms.MultipleChoiceField(
        label=_("Which parts of our plan cover it?"),
        help_text=_("Tick as many as you like. Everybody on the team can change the ticks."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("A part that you ticked is not in the plan any more. Look at the ticks, then save.")
        },
    )

    def __init__(self, data=None, *, choices, ticked: list[str]):
        super().__init__(data, initial={"parts": ticked})
        self.fields["parts"].choices = choices
        offered = {key for _group, options in choices for key, _label in options}
        was = data.getlist("was") if data is not None else ticked
        self.was_keys = [key for key in was if key in offered]

    @property
    def added(self) -> set[str]:
        return set(self.cleaned_data["parts"]) - set(self.was_keys)

    @property
    def removed(self) -> set[str]:
        return set(self.was_keys) - set(self.cleaned_data["parts"])
