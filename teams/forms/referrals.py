"""What a team types about a referral: the draft, the family's yes, and how it went."""

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from collaboratives.models import Organization
from referrals.access import public_services
from referrals.enums import MOVES, Outcome, ReferralStatus, Shared
from referrals.forms.referrals import VisitForm
from referrals.models import Service
from soc_portal.when import DayInput
from teams.actions.consents import last_day
from teams.forms.item_base import ItemForm, Offer, Text, line, say, section_field

S = ReferralStatus


class OrganizationField(forms.ModelChoiceField):
    """Somebody whom a family can ask, by name."""

    def label_from_instance(self, organization: Organization) -> str:
        return organization.name


class DraftForm(ItemForm):
    """What is asked for, and of whom. `wants` is there only for those whose words it is."""

    title = line(
        label=_("What do you ask for?"), longest=160,
        help_text=_("In a few words. They read this. For example: counseling after 5 pm."),
        error_messages=say(_("Write what you ask for.")),
    )  # fmt: skip
    organization = OrganizationField(
        label=_("Whom do you ask?"), queryset=Organization.objects.none(), empty_label=_("Choose who"),
        error_messages={
            "required": _("Choose whom you ask."),
            "invalid_choice": _("Choose somebody from the list."),
        },
    )  # fmt: skip
    wants = Text(
        label=_("What do you want, in your own words?"), required=False, rows=3,
        help_text=_("Only you can write here. You choose later if they may read it."),
    )  # fmt: skip
    section = section_field()
    service = forms.ModelChoiceField(queryset=Service.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, organizations, may_speak: bool, asks_section: bool, offer: Offer, **kwargs):
        super().__init__(*args, offer=offer, **kwargs)
        self.fields["organization"].queryset = organizations
        self.fields["service"].queryset = public_services().select_related("organization")
        if not may_speak:
            del self.fields["wants"]
        if not asks_section:
            self.fields.pop("section", None)

    def clean(self):
        """A service goes with its organization: whoever asks another one does not ask for that service."""
        data = super().clean()
        service, organization = data.get("service"), data.get("organization")
        if service is not None and organization is not None and service.organization_id != organization.pk:
            data["service"] = None
        return data


class SendForm(forms.Form):
    """The family's yes: what is shared, and until when. `offers` is everything that could be."""

    share = forms.MultipleChoiceField(
        label=_("What do you share?"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("They see only what you mark. What you ask for always goes along."),
        error_messages={"invalid_choice": _("Mark only what is on this list.")},
    )  # fmt: skip
    until = forms.DateField(
        label=_("Until when?"), widget=DayInput,
        error_messages={
            "required": _("Write until when you share this."), "invalid": _("Write a day, like October 15, 2026."),
        },
    )  # fmt: skip
    address = forms.EmailField(
        label=_("Email of somebody there who has no account"), required=False, max_length=254,
        help_text=_("They get a link. It works for 14 days and takes one answer. You can leave this empty."),
        error_messages={"invalid": _("Write the email like this: name@example.org")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    sure = forms.BooleanField(
        label=_("Yes, they may read what is about alcohol and drugs."), required=False,
        help_text=_("A federal law (42 CFR Part 2) keeps this private. They may not pass it on without your yes."),
        error_messages={"required": _("Say yes here too, or do not send it.")},
    )  # fmt: skip
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    was = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args, offers, asks_twice: bool, asks_address: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["share"].choices = [
            (one["what"], format_html('{}<small dir="auto">{}</small>', Shared(one["what"]).label, one["shown"]))
            for one in offers
            if one["what"] != Shared.ASKS
        ]
        today = timezone.localdate()
        latest = last_day(today)
        self.fields["until"].widget.attrs |= {"min": today.isoformat(), "max": latest.isoformat()}
        words = _t("At the latest: %(day)s. You can stop on any day.")
        self.fields["until"].help_text = words % {"day": date_format(latest)}
        self.fields["sure"].required = asks_twice
        if not asks_twice:
            del self.fields["sure"]
        if not asks_address:
            del self.fields["address"]


#: How a side says what happened, by the status that it moves the referral to.
MOVE_WORDS = {
    S.IN_PROGRESS: _("It has started"),
    S.COMPLETED: _("It is done. We can close it"),
    S.FAILED: _("It did not work out"),
    S.CANCELLED: _("We do not need it any more. Call it off"),
    S.ERROR: _("It was a mistake"),
}


class MoveForm(forms.Form):
    """What happened with a referral, by those who asked for it."""

    to = forms.ChoiceField(
        label=_("What happened?"), widget=forms.RadioSelect,
        error_messages={
            "required": _("Pick what happened."),
            "invalid_choice": _("This can’t be done with it now. Pick something from the list."),
        },
    )  # fmt: skip
    outcome = forms.ChoiceField(
        label=_("Did you go? Was it what you asked for?"), required=False, widget=forms.RadioSelect,
        choices=[choice for choice in Outcome.choices if choice[0]],
        error_messages={"invalid_choice": _("Pick one of these.")},
    )  # fmt: skip
    words = Text(label=_("Say more, if you like"), required=False, longest=2000, rows=3)
    was = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args, status: str, side: str, **kwargs):
        super().__init__(*args, **kwargs)
        moves = MOVES.get(status, {})
        allowed = [to for to in MOVE_WORDS if side in moves.get(to, ())]
        self.fields["to"].choices = [(to.value, MOVE_WORDS[to]) for to in allowed]
        if S.COMPLETED not in allowed:
            del self.fields["outcome"]

    @property
    def has_choices(self) -> bool:
        return bool(self.fields["to"].choices)

    def clean(self):
        data = super().clean()
        if data.get("to") == S.COMPLETED and not data.get("outcome") and not self.has_error("outcome"):
            self.add_error("outcome", _("Pick what became of it. It is not done before the family says so."))
        if data.get("to") == S.FAILED and not data.get("words") and not self.has_error("words"):
            self.add_error("words", _("Write why it did not work out."))
        return data


class TeamVisitForm(VisitForm):
    """The team notes the day of a first visit that somebody told it."""

    words = Text(label=_("Say more, if you like"), required=False, longest=2000, rows=2)
    field_order = ("day", "time", "words")
