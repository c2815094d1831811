"""What a person may type to find a time: why to meet, a time to offer, what they can make, where a link goes."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from soc_portal.days import long_day, start_time
from teams.enums import Can
from teams.forms.item_base import say
from teams.forms.meetings import AnswerForm, WhyForm
from teams.models import Slot


class PollForm(WhyForm):
    """Why somebody wants to meet; the time is still to be found."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        purpose = self.fields["purpose"]
        purpose.required, purpose.label = True, _("Why do you want to meet?")
        purpose.help_text = _("A few words are enough.")
        purpose.error_messages |= say(_("Write why you want to meet. A few words are enough."))


def words_of(slot: Slot) -> str:
    """A time in words: the day, from when to when."""
    start, end = timezone.localtime(slot.starts_at), timezone.localtime(slot.ends_at)
    return gettext("%(day)s, %(start)s to %(end)s") % {
        "day": capfirst(long_day(start)), "start": start_time(start, end), "end": date_format(end, "TIME_FORMAT"),
    }  # fmt: skip


class SlotsForm(forms.Form):
    """One question a time. `said` is what this member said before, by slot number."""

    def __init__(self, *args, slots: list[Slot], said: dict[int, str] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        for slot in slots:
            self.fields[f"slot-{slot.pk}"] = forms.ChoiceField(
                label=words_of(slot), required=False, choices=Can.choices, widget=forms.RadioSelect,
                initial=(said or {}).get(slot.pk), error_messages={"invalid_choice": _("Choose one of these.")},
            )  # fmt: skip

    def clean(self):
        typed = super().clean()
        if not self.errors and not self.answers():
            raise ValidationError(_("Choose an answer to one time or more."), code="empty")
        return typed

    def answers(self) -> dict[int, str]:
        """The answers by slot number; also to times that the page does not know any more."""
        names = [name for name in self.data if name.startswith("slot-") and name[5:].isascii() and name[5:].isdigit()]
        typed = {int(name[5:]): self.data[name] for name in names if len(name) < 20}
        return {pk: can for pk, can in typed.items() if can in Can.values}


class ComingForm(AnswerForm):
    """The same as for members with an account, and here an answer is needed: the link takes only one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["coming"].required = True
        self.fields["coming"].error_messages |= say(_("Choose yes or no."))


class LinkForm(forms.Form):
    """How a link to answer goes out: by e-mail, or shown once to be passed on.

    `to_account` for a member with an account: the link goes to its own address and nowhere else.
    """

    MAIL, HERE = "mail", "here"

    how = forms.ChoiceField(
        label=_("How does the link get there?"), widget=forms.RadioSelect,
        choices=[(MAIL, _("By email")), (HERE, _("Show it here, I pass it on"))],
        error_messages=say(_("Choose one of these.")) | {"invalid_choice": _("Choose one of these.")},
    )  # fmt: skip
    address = forms.EmailField(
        label=_("Email address"), required=False, max_length=254,
        error_messages={"invalid": _("Write an email address like this: name@example.org.")},
    )  # fmt: skip

    def __init__(self, *args, to_account: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if to_account:
            del self.fields["how"], self.fields["address"]

    def clean(self):
        typed = super().clean()
        if typed.get("how") == self.MAIL and not typed.get("address") and "address" not in self.errors:
            self.add_error("address", ValidationError(_("Write the email address."), code="required"))
        return typed

    def where(self) -> str:
        """The address that was typed; empty where the link is to be shown."""
        return self.cleaned_data["address"] if self.cleaned_data["how"] == self.MAIL else ""
