"""What a person types to ask for a team, to name somebody for it, and to come in by an invitation."""

import datetime as dt

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaboratives.models import County, Organization
from families.models import Person, years_between
from soc_portal.fields import RowsField
from soc_portal.when import DayInput
from teams.enums import MemberKind

#: How many children one form takes; more can be added later on the page about the family.
CHILDREN = 6
#: Nobody older than this is a child or youth of a team.
OLDEST = 26
TOO_LONG = _("This is too long. Use %(limit_value)d letters at most.")
WRONG_EMAIL = _("Write the email like this: name@example.org")
WRONG_DAY = _("Write a day like this: 10/15/2026.")


def _words(label, required="", most=120, hint="", **attrs):
    """One line of text; needed when there are words for its absence."""
    return forms.CharField(
        label=label, max_length=most, required=bool(required), help_text=hint,
        error_messages={"required": required, "max_length": TOO_LONG}, widget=forms.TextInput(attrs=attrs),
    )  # fmt: skip


class _ChildrenField(RowsField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Person) -> str:
        return obj.name


class AskAgainForm(forms.Form):
    """A family that has been here asks for one more team."""

    use_required_attribute = False
    children = _ChildrenField(
        label=_("Who is the team for?"),
        help_text=_("Brothers and sisters can share one team."),
        queryset=Person.objects.none(),
        error_messages={
            "required": _("Choose at least one child or youth."),
            "invalid_choice": _("This person is not in the family. Choose somebody else."),
            "invalid_pk_value": _("This person is not in the family. Choose somebody else."),
        },
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["children"].queryset = people


class AskForm(forms.Form):
    """A family asks for its own team."""

    family_name = _words(
        _("What do you call your family?"),
        _("Write what you call your family."),
        hint=_("For example: the Delgado family. You can change it later."),
    )
    county = forms.ModelChoiceField(
        label=_("Your county"),
        queryset=County.objects.order_by("name"),
        empty_label=_("Choose your county"),
        error_messages={
            "required": _("Choose your county."),
            "invalid_choice": _("We do not know this county. Choose one from the list."),
        },
    )
    caregiver_name = _words(
        _("Your name, as you want to be called"), _("Write your name, so your team knows you."), autocomplete="name"
    )
    relationship = _words(
        _("Who are you to the child?"),
        _("Write who you are to the child."),
        most=80,
        hint=_("For example: mom, grandpa, foster parent."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(1, CHILDREN + 1):
            self.fields[f"child_{number}"] = _words(_("Name of the child or youth"), autocomplete="off")
            self.fields[f"born_{number}"] = forms.DateField(
                label=_("Birthday, if you like"),
                required=False,
                widget=DayInput(),
                error_messages={"invalid": WRONG_DAY},
            )

    def clean(self):
        data = super().clean()
        today = timezone.localdate()
        data["children"] = []
        for number in range(1, CHILDREN + 1):
            name, born_on = data.get(f"child_{number}"), data.get(f"born_{number}")
            self._check_birthday(f"born_{number}", born_on, today)
            if name:
                data["children"].append((name, born_on))
            elif born_on and not self.has_error(f"child_{number}"):
                self.add_error(f"child_{number}", _("Write the name that goes with this birthday."))
        if not data["children"] and not any(self.has_error(f"child_{n}") for n in range(1, CHILDREN + 1)):
            self.add_error("child_1", _("Write the name of at least one child or youth."))
        return data

    def _check_birthday(self, field: str, born_on: dt.date | None, today: dt.date) -> None:
        if born_on and born_on > today:
            self.add_error(field, _("This day has not come yet. Check the birthday."))
        elif born_on and years_between(born_on, today) > OLDEST:
            self.add_error(field, _("A team is for children and youth. Check the birthday."))

    def rows(self):
        """(name field, birthday field) of each child."""
        return [(self[f"child_{number}"], self[f"born_{number}"]) for number in range(1, CHILDREN + 1)]

    def first_rows(self):
        return self.rows()[:2]

    def more_rows(self):
        return self.rows()[2:]

    def has_more(self) -> bool:
        """Whether something stands in the rows that are folded away at first."""
        return any(field.value() or field.errors for row in self.more_rows() for field in row)


class ProposeForm(forms.Form):
    """Somebody on the team names somebody for it."""

    person = forms.ModelChoiceField(
        label=_("Somebody of the family who is written down here"),
        queryset=None,
        required=False,
        empty_label=_("Nobody from this list"),
        error_messages={"invalid_choice": _("Choose somebody from the list.")},
    )
    name = _words(_("Their name"), hint=_("As they want to be called."), autocomplete="off")
    kind = forms.ChoiceField(
        label=_("How do they belong to the team?"),
        choices=MemberKind.choices,
        widget=forms.RadioSelect(attrs={"class": "grid-s"}),
        error_messages={
            "required": _("Choose how they belong to the team."),
            "invalid_choice": _("Choose how they belong to the team."),
        },
    )
    role_words = _words(
        _("Who are they to you?"), hint=_("For example: grandma, soccer coach, therapist."), autocomplete="off"
    )
    organization = forms.ModelChoiceField(
        label=_("Where do they work?"),
        queryset=Organization.objects.none(),
        required=False,
        empty_label=_("Not on this list"),
        help_text=_("Only for professionals."),
        error_messages={"invalid_choice": _("Choose a place from the list.")},
    )
    is_caseworker = forms.BooleanField(label=_("They are our caseworker"), required=False)
    address = forms.EmailField(
        label=_("Their email, if you know it"),
        required=False,
        max_length=254,
        help_text=_("We write to them only when the family has chosen them."),
        error_messages={"invalid": WRONG_EMAIL, "max_length": TOO_LONG},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    choose_now = forms.BooleanField(label=_("We choose this person now"), required=False)

    def __init__(self, *args, people, county, may_choose, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people
        near = Organization.counties.through.objects.filter(organization=OuterRef("pk"))
        self.fields["organization"].queryset = Organization.objects.filter(
            Q(Exists(near.filter(county=county))) | ~Q(Exists(near)), ended_at=None
        ).order_by("name", "pk")
        if may_choose:
            self.fields["choose_now"].initial = True
        else:
            del self.fields["choose_now"]

    def clean(self):
        data = super().clean()
        person = data.get("person")
        if person is not None:
            data["name"] = person.name
            data["role_words"] = data.get("role_words") or person.relationship
            if data.get("kind") and data["kind"] != MemberKind.FAMILY:
                self.add_error("kind", _("This person is of the family. Choose “Family”."))
        elif not data.get("name") and not (self.has_error("name") or self.has_error("person")):
            self.add_error("name", _("Write their name."))
        if data.get("kind") != MemberKind.PROFESSIONAL:
            self._only_for_professionals(data)
        return data

    def _only_for_professionals(self, data) -> None:
        if data.get("organization"):
            self.add_error("organization", _("Only professionals work for a place on this list."))
        if data.get("is_caseworker"):
            self.add_error("is_caseworker", _("Only a professional can be the caseworker."))

    def facts(self) -> dict:
        """What `propose_member` takes."""
        names = ("person", "name", "kind", "role_words", "organization", "is_caseworker", "address")
        return {name: self.cleaned_data[name] for name in names}


class AcceptForm(forms.Form):
    """A caregiver notes that somebody said yes, and from when on they take part."""

    starts_on = forms.DateField(
        label=_("From which day?"),
        required=False,
        widget=DayInput(),
        help_text=_("Leave it empty for today."),
        error_messages={"invalid": WRONG_DAY},
    )

    def clean_starts_on(self):
        starts_on = self.cleaned_data["starts_on"]
        if starts_on and starts_on > timezone.localdate() + dt.timedelta(days=366):
            raise forms.ValidationError(_("This day is too far away. Write a day in the next year."))
        return starts_on


class InviteForm(forms.Form):
    """Where an invitation goes by email."""

    address = forms.EmailField(
        label=_("Their email"),
        max_length=254,
        error_messages={"required": _("Write their email."), "invalid": WRONG_EMAIL, "max_length": TOO_LONG},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class CodeForm(forms.Form):
    """The code from a paper invitation."""

    code = forms.CharField(
        label=_("Your code"),
        max_length=60,
        help_text=_("It looks like this: K7MP-3WXC-9T. Big or small letters are both fine."),
        error_messages={"required": _("Write the code from your paper."), "max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
