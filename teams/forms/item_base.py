"""What the forms of all items share: texts kept letter by letter, days, people, and what there is to choose from."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from families.enums import Section
from families.models import Person, Strength
from soc_portal.fields import RowsField
from teams.models import Membership

LONGEST_TEXT = 200_000
EARLIEST_YEAR = 2000
YEARS_AHEAD = 20
NUL_WORDS = _("There is a sign in your text that we can't save. Delete it or type it again.")
#: What no keyboard types and no eye sees, as copied texts bring it along; line and page breaks of Word are line ends.
UNSEEN = dict.fromkeys((*range(1, 9), *range(14, 32), *range(127, 160))) | dict.fromkeys((11, 12, 133), "\n")
#: Signs without any width: part of a word in some scripts, but no words by themselves.
ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
BAD_DAY = _("Write a day as month, day and year. For example: 10/13/2026.")


@dataclass(frozen=True)
class Offer:
    """What the form offers to choose from: only what this person may see."""

    sections: list[str] = field(default_factory=list)
    people: QuerySet | None = None
    members: QuerySet | None = None
    strengths: QuerySet | None = None
    topics: QuerySet | None = None
    goals: QuerySet | None = None


class Text(forms.CharField):
    """A text as people type it: kept letter by letter, with one kind of line end and no sign that nobody sees."""

    def __init__(self, *, longest=LONGEST_TEXT, rows=4, **kwargs):
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows, "dir": "auto"}))
        super().__init__(**kwargs)
        self.validators = [
            MaxLengthValidator(longest, _("This is too long to save. Please write it in two parts.")),
            ProhibitNullCharactersValidator(message=NUL_WORDS),
        ]

    def to_python(self, value):
        text = super().to_python(value).replace("\r\n", "\n").replace("\r", "\n").translate(UNSEEN)
        return text if text.translate(ZERO_WIDTH).strip() else self.empty_value


def line(**kwargs):
    """A short text on one line."""
    longest = kwargs.get("longest", LONGEST_TEXT)
    return Text(widget=forms.TextInput(attrs={"maxlength": longest, "dir": "auto"}), **kwargs)


def say(words: str | Promise) -> dict:
    return {"required": words}


class DayField(forms.DateField):
    """A day that can be meant: neither in another century nor far ahead."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(error_messages={"invalid": BAD_DAY}, **kwargs)

    def clean(self, value):
        day = super().clean(value)
        if day and not EARLIEST_YEAR <= day.year <= timezone.localdate().year + YEARS_AHEAD:
            raise forms.ValidationError(BAD_DAY, code="invalid")
        return day


class MembersField(RowsField):
    """Members by the name that they have on the team; None for those who are `there` already: they need no look."""

    widget = forms.CheckboxSelectMultiple
    there: Collection[int] | None = None

    def clean(self, value):
        if self.there is not None and sorted(value or ()) == sorted(str(number) for number in self.there):
            return None
        return super().clean(value)

    def label_from_instance(self, member: Membership) -> str:
        return member.name


class PersonField(forms.ModelChoiceField):
    """One of the family, by name."""

    def label_from_instance(self, person: Person) -> str:
        return person.name


class StrengthField(forms.ModelChoiceField):
    """A strength, in the words of who wrote it."""

    def label_from_instance(self, strength: Strength) -> str:
        return Truncator(strength.text).chars(80)


class TextField(forms.ModelChoiceField):
    """A part of the plan or record, by its own words."""

    def label_from_instance(self, item) -> str:
        return Truncator(item.text).chars(80)


class MemberField(forms.ModelChoiceField):
    """One member, by the name that they have on the team."""

    def label_from_instance(self, member: Membership) -> str:
        return member.name


class ItemForm(forms.Form):
    """One part of plan or record; `offer` says what there is to choose from."""

    use_required_attribute = False

    def __init__(self, *args, offer: Offer, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer = offer
        if "section" in self.fields:
            self._offer_sections(offer.sections)

    def _offer_sections(self, sections: list[str]) -> None:
        """Somebody who sees nothing but plan and meeting records is not asked."""
        if not set(sections) - {Section.PLAN, Section.RECORDS}:
            del self.fields["section"]
            return
        names = dict(Section.choices)
        self.fields["section"].choices = [(section, names[section]) for section in sections]

    def values(self) -> dict:
        """What was typed, by the names of the model's fields; a part of the record that was not asked for stays."""
        return {name: value for name, value in self.cleaned_data.items() if name != "section" or value}


def section_field() -> forms.ChoiceField:
    """The question which part of the record it belongs to; a form asks it only where there is a choice."""
    return forms.ChoiceField(
        label=_("Which part of the record is it?"),
        help_text=_("Only people with whom the family shares this part can read it."),
        required=False,
        error_messages={"invalid_choice": _("You can't use this part of the record. Choose another one.")},
    )
