"""What people type about a family, its people and its homes."""

import datetime as dt
import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from families.enums import FamilyRole
from families.models import Family, Household, Person
from soc_portal.fields import RowsField
from teams.actions.consents import last_day

#: Digits with the usual marks between them, and an extension at the end.
PHONE = re.compile(r"^\+?[\d\s().\-/]+((ext\.?|x|#)\s*\d{1,6})?$", re.IGNORECASE)
FEWEST_DIGITS, MOST_DIGITS = 10, 15
OLDEST = dt.timedelta(days=130 * 365)


def check_phone(number: str) -> None:
    """A phone number has 10 to 15 digits; anything that people write between them is fine."""
    digits = sum(letter.isdigit() for letter in re.split(r"ext|x|#", number, flags=re.IGNORECASE)[0])
    if not PHONE.match(number) or not FEWEST_DIGITS <= digits <= MOST_DIGITS:
        raise ValidationError(_t("Write the phone number with its area code, like 336-555-0142."), code="phone")


class SharedForm(forms.ModelForm):
    """A form of a shared row: carries the version that it was opened on; lines end as the database keeps them."""

    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.setdefault("version", self.instance.version)
        else:
            del self.fields["version"]

    def clean(self):
        cleaned = super().clean()
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = value.replace("\r\n", "\n")
        return cleaned

    @property
    def values(self) -> dict:
        """The fields of the row, as they were typed."""
        return {name: self.cleaned_data[name] for name in self._meta.fields if name in self.cleaned_data}

    @property
    def base_version(self) -> int:
        """The version that the form was opened on; 0 when it did not say, so that every difference is a clash."""
        return self.cleaned_data.get("version") or 0


class FamilyForm(SharedForm):
    """What the family calls itself, and what matters to it."""

    class Meta:
        model = Family
        fields = ("name", "what_matters")
        labels = {"name": _("What do you call your family?"), "what_matters": _("What matters to you?")}
        help_texts = {
            "name": _("For example: the Delgado family"),
            "what_matters": _(
                "In your own words: your culture, your language, your faith, what you do together, what people "
                "should know. Nobody else can change this."
            ),
        }
        widgets = {"what_matters": forms.Textarea(attrs={"rows": 6})}


class PersonForm(SharedForm):
    """Somebody of the family; only the questions that the writer may answer are asked.

    `decides`: whether the writer decides for the family (place in the family, birthday). `contact`: whether they may
    write how to reach this person. `homes`: the homes they may move this person into or out of, or None.
    """

    class Meta:
        model = Person
        fields = (
            "name", "relationship", "role", "born_on", "language", "needs_interpreter", "access_needs", "phone",
            "safe_contact", "safe_times",
        )  # fmt: skip
        labels = {
            "name": _("Name, as they want to be called"),
            "relationship": _("Who are they to the child?"),
            "role": _("Place in the family"),
            "born_on": _("Birthday"),
            "language": _("Language they speak best"),
            "needs_interpreter": _("Needs an interpreter at meetings"),
            "access_needs": _("What helps them take part?"),
            "phone": _("Phone"),
            "safe_contact": _("How is it safe to reach them?"),
            "safe_times": _("When is it safe? What should people be careful about?"),
        }
        help_texts = {
            "relationship": _("For example: Mom, Grandpa, big sister"),
            "role": _("A parent or caregiver decides for the family. Choose this with care."),
            "born_on": _("Only your family sees this."),
            "access_needs": _("For example: a ride, child care, large print, evening meetings"),
            "phone": _("Only people in this home, and people they choose, see this."),
        }
        widgets = {
            "born_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "access_needs": forms.Textarea(attrs={"rows": 3}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        }
        error_messages = {"born_on": {"invalid": _("Write a day, like October 15, 2011.")}}

    def __init__(self, *args, decides, contact, homes=None, **kwargs):
        super().__init__(*args, **kwargs)
        dropped = [] if decides else ["role", "born_on"]
        dropped += [] if contact else ["phone", "safe_contact", "safe_times"]
        for name in dropped:
            del self.fields[name]
        if contact and homes:
            self.fields["homes"] = RowsField(
                label=_("Lives in"), queryset=homes, required=False, widget=forms.CheckboxSelectMultiple
            )
            if self.instance.pk:
                self.initial.setdefault("homes", list(homes.filter(people=self.instance)))

    def clean_phone(self):
        if self.cleaned_data["phone"]:
            check_phone(self.cleaned_data["phone"])
        return self.cleaned_data["phone"]

    def clean_born_on(self):
        born_on, today = self.cleaned_data["born_on"], timezone.localdate()
        if born_on and not today - OLDEST < born_on <= today:
            raise ValidationError(_t("Check the birthday: it must be a day in the past."), code="born_on")
        return born_on

    def clean_role(self):
        """Without an answer somebody is a relative: the place that decides nothing."""
        return self.cleaned_data["role"] or FamilyRole.RELATIVE


class HouseholdForm(SharedForm):
    """One home: its name, address and phone."""

    class Meta:
        model = Household
        fields = ("name", "address", "phone")
        labels = {"name": _("What do you call this home?"), "address": _("Address"), "phone": _("Phone")}
        help_texts = {
            "name": _("For example: Mom's home"),
            "address": _("Only people who live here, and people they choose, see this."),
        }
        widgets = {
            "address": forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        }

    def clean_phone(self):
        if self.cleaned_data["phone"]:
            check_phone(self.cleaned_data["phone"])
        return self.cleaned_data["phone"]


class HouseholdShareForm(forms.Form):
    """Who may know where a home is, and until when."""

    who = forms.ChoiceField(label=_("Who may know?"))
    until = forms.DateField(
        label=_("Until when?"),
        error_messages={"invalid": _("Write a day, like October 15, 2026.")},
    )  # fmt: skip

    def __init__(self, *args, team, other_home, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        latest = last_day(today)
        self.fields["until"].help_text = _t("At the latest: %(day)s") % {"day": date_format(latest)}
        self.fields["until"].initial = latest
        self.fields["until"].widget = forms.DateInput(
            attrs={"type": "date", "min": today.isoformat(), "max": latest.isoformat()}, format="%Y-%m-%d"
        )
        groups = [(_t("People on our team"), team), (_t("Family who do not live here"), other_home)]
        self.fields["who"].choices = [("", _t("Choose a person")), *(group for group in groups if group[1])]
