"""Saying something about a part of the plan, and suggesting other words for it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.forms.item_base import MembersField, Text, say
from teams.models import Membership

LONGEST = 20_000


class CommentForm(forms.Form):
    """What somebody says, and who should read it."""

    use_required_attribute = False

    text = Text(
        label=_("What do you want to say?"), longest=LONGEST, strip=False, error_messages=say(_("Write something."))
    )
    mentions = MembersField(
        label=_("Who should read it?"), queryset=Membership.objects.none(), required=False,
        error_messages={"invalid_choice": _("Choose people from the list.")},
    )  # fmt: skip

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mentions"].queryset = members


class SuggestionForm(forms.Form):
    """Other words, and why; `base_version` is the version that they are built on."""

    use_required_attribute = False

    base_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)
    text = Text(label=_("Your words for it"), error_messages=say(_("Write your words for it.")))
    why = Text(label=_("Why?"), required=False, rows=2)


class SuggestionAnswerForm(forms.Form):
    """Yes or no to other words, and what there is to say about it."""

    use_required_attribute = False

    accept = forms.ChoiceField(
        choices=[("yes", ""), ("no", "")],
        error_messages={name: _("Choose yes or no.") for name in ("required", "invalid_choice")},
    )
    words = Text(label=_("What you want to say about it"), required=False, rows=2)
