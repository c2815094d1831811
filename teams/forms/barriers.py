"""What somebody of a team types about what stands in the way."""

from django import forms
from django.utils.translation import gettext_lazy as _

from collaboratives.enums import BarrierCategory
from teams.actions.names import LONGEST
from teams.forms.item_base import Text, say

#: The four failings that the seed of the System of Care names, as a family says them.
PLAIN = {
    BarrierCategory.SERVICES: _("There is not enough help, or not the right kind"),
    BarrierCategory.PARTNERING: _("Families are not heard, asked or told"),
    BarrierCategory.COORDINATION: _("The agencies do not work together"),
    BarrierCategory.COMMUNITY: _("Friends, neighbors and faith groups are left out"),
}


class BarrierForm(forms.Form):
    """The words that will go out, and which of the four they are about."""

    use_required_attribute = False

    category = forms.ChoiceField(
        label=_("What is it about?"), choices=list(PLAIN.items()), widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what it is about."), "invalid_choice": _("Choose what it is about from the list."),
        },
    )  # fmt: skip
    text = Text(
        label=_("What stands in the way?"),
        help_text=_("Write no names: not yours, not your child’s, not a worker’s. No birthdays, phones or streets."),
        error_messages=say(_("Write what stands in the way.")),
        longest=LONGEST,
        rows=5,
    )

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("category", "text")}
