"""What a person may type after a meeting: why its record is opened again, copies on paper, and how it was."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teams.enums import CopyWay, Felt
from teams.forms.item_base import DayField, Text
from teams.models import Membership

CHOOSE = {"invalid_choice": _("Choose one of these.")}


class OpenAgainForm(forms.Form):
    """Why an approved record is opened for corrections."""

    use_required_attribute = False

    reason = Text(
        label=_("What is to be corrected?"), longest=2000, rows=3,
        help_text=_("Everyone who can read this meeting can read your reason."),
        error_messages={"required": _("Write in a few words what is to be corrected.")},
    )  # fmt: skip


class PaperCopyForm(forms.Form):
    """The day on which a member got a copy on paper."""

    use_required_attribute = False

    given_on = DayField(label=_("On which day did they get it?"), required=False)

    def day(self):
        """The day that was typed; today for none."""
        return self.cleaned_data["given_on"] or timezone.localdate()


class CopyWayForm(forms.Form):
    """How a member wants their copies. Without an account there is only paper."""

    use_required_attribute = False

    way = forms.ChoiceField(
        label=_("How do you want your copy of what a meeting recorded?"), widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of these.")} | CHOOSE,
    )  # fmt: skip

    def __init__(self, *args, membership: Membership, **kwargs):
        super().__init__(*args, **kwargs)
        has_account = membership.user_id is not None
        self.fields["way"].choices = CopyWay.choices if has_account else [(CopyWay.PAPER, CopyWay.PAPER.label)]
        if not has_account:
            self.fields["way"].label = _("How do they want their copy of what a meeting recorded?")


def _tap(label, choices=Felt.choices):
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, required=False, error_messages=CHOOSE
    )


class FeedbackForm(forms.Form):
    """Four taps and, for whoever likes, words. Only the family is asked whether the team may read it."""

    use_required_attribute = False

    heard = _tap(_("Was I heard?"))
    useful = _tap(_("Was it useful?"))
    strengths = _tap(_("Did we use our strengths?"))
    wants_change = _tap(_("Is there something to change?"), [("yes", _("Yes")), ("no", _("No"))])
    words = Text(label=_("In your own words, if you like"), required=False, rows=3)
    is_shown = forms.BooleanField(
        label=_("My team may read this"), required=False,
        help_text=_("If you leave this empty, nobody on your team sees your answer. It still counts in the numbers."),
    )  # fmt: skip

    def __init__(self, *args, is_family: bool, for_whom: Membership | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_family:
            del self.fields["is_shown"]
        elif for_whom is not None:
            self.fields["is_shown"].label = _("They say that their team may read this")
            self.fields["is_shown"].help_text = _("Leave this empty if they did not say so. It counts all the same.")

    def values(self) -> dict[str, object]:
        """What was answered, by the names of the model's fields."""
        typed = self.cleaned_data
        change = {"yes": True, "no": False}.get(typed["wants_change"])
        return {name: typed[name] for name in ("heard", "useful", "strengths", "words")} | {"wants_change": change}


def initial_of_feedback(row) -> dict[str, object]:
    """An answer as its form shows it."""
    fields = ("heard", "useful", "strengths", "words", "is_shown")
    change = {True: "yes", False: "no", None: ""}[row.wants_change]
    return {name: getattr(row, name) for name in fields} | {"wants_change": change}
