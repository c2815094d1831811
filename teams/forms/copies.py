"""What kind of copy somebody takes along, in which language and letters."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from families.enums import Section

NORMAL, LARGE = "0", "1"


class CopyForm(forms.Form):
    """Letters and language of a copy. Nothing is required: what is left out is as the reader reads the page."""

    use_required_attribute = False

    language = forms.ChoiceField(
        label=_("In which language?"), help_text=_("What people wrote stays in their own words."), required=False,
        widget=forms.RadioSelect, error_messages={"invalid_choice": _("Choose a language from the list.")},
    )  # fmt: skip
    large = forms.ChoiceField(
        label=_("How large should the letters be?"), required=False, widget=forms.RadioSelect,
        choices=[(NORMAL, _("As in a book")), (LARGE, _("Large print"))],
        error_messages={"invalid_choice": _("Choose a size from the list.")},
    )  # fmt: skip

    def __init__(self, *args, two_languages: bool, **kwargs):
        super().__init__(*args, **kwargs)
        both = [("both", _("English and Spanish side by side"))] if two_languages else []
        self.fields["language"].choices = [*settings.LANGUAGES, *both]

    only = None

    @property
    def is_large(self) -> bool:
        return self.cleaned_data["large"] == LARGE


class PlanCopyForm(CopyForm):
    """The same for a copy of the plan: all of it, or one of the two short papers."""

    field_order = ("kind", "language", "large", "narrow")

    kind = forms.ChoiceField(
        label=_("Which paper?"), widget=forms.RadioSelect,
        choices=[
            ("plan", _("The whole plan")), ("fridge", _("One page for the refrigerator")),
            ("crisis", _("The crisis plan on cards for a pocket")),
        ],
        error_messages={
            "required": _("Choose a paper."), "invalid_choice": _("Choose a paper from the list."),
        },
    )  # fmt: skip
    narrow = forms.BooleanField(
        label=_("Leave out what only some people on the team may read"), required=False,
        help_text=_("For example what is about health, court or school. Good where visitors can see the paper."),
    )  # fmt: skip

    @property
    def only(self) -> str | None:
        """The one part of the record that the paper is about, or None for everything."""
        return Section.PLAN if self.cleaned_data["narrow"] else None
