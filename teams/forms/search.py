"""What somebody looks for."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from soc_portal.folding import fold

#: Letters that a search needs at least: one letter finds everything.
FEWEST = 2
MOST = 100


class SearchForm(forms.Form):
    """Words to look for: each of them must be in what is found, whatever its case and accents."""

    q = forms.CharField(
        label=_("What are you looking for?"),
        help_text=_("A name, or words from a plan or a meeting. Two letters or more."),
        min_length=FEWEST,
        max_length=MOST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        error_messages={
            "required": _("Write what you are looking for."),
            "min_length": _("Write at least 2 letters."),
            "max_length": _("This is too long to look for. Write at most 100 letters."),
        },
    )

    def clean_q(self):
        """Accents alone are no letters to look for."""
        if len("".join(fold(self.cleaned_data["q"]).split())) < FEWEST:
            raise ValidationError(self.fields["q"].error_messages["min_length"], code="min_length")
        return self.cleaned_data["q"]

    @property
    def words(self) -> list[str]:
        """The words to look for, folded, each once."""
        return list(dict.fromkeys(fold(self.cleaned_data["q"]).split()))
