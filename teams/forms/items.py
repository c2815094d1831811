"""What a person may type into a part of the plan or of a meeting's record. Only the words themselves are ever required.

A form's cleaned values are named as the fields of its model, so that `change_item` can compare and merge them.
"""

from dataclasses import dataclass, field

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from families.enums import Section
from families.models import Person
from soc_portal.fields import RowsField
from teams.enums import LifeDomain, StepStatus, TopicOutcome
from teams.models import Membership

LONGEST_TEXT = 200_000
EARLIEST_YEAR = 2000
YEARS_AHEAD = 20
NUL_WORDS = _("There is a sign in your text that we can't save. Delete it or type it again.")
BAD_DAY = _("Write a day as month, day and year. For example: 10/13/2026.")


@dataclass(frozen=True)
class Offer:
    """What the form offers to choose from: only what this person may see."""

    sections: list[str] = field(default_factory=list)
    people: QuerySet | None = None
    members: QuerySet | None = None


class Text(forms.CharField):
    """A text as people type it: kept letter by letter, with one kind of line end."""

    def __init__(self, *, longest=LONGEST_TEXT, rows=4, **kwargs):
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows, "dir": "auto"}))
        super().__init__(**kwargs)
        self.validators = [
            MaxLengthValidator(longest, _("This is too long to save. Please write it in two parts.")),
            ProhibitNullCharactersValidator(message=NUL_WORDS),
        ]

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


def line(**kwargs):
    """A short text on one line."""
    longest = kwargs.get("longest", LONGEST_TEXT)
    return Text(widget=forms.TextInput(attrs={"maxlength": longest, "dir": "auto"}), **kwargs)


def say(words: str | Promise) -> dict:
    return {"required": words}


class MembersField(RowsField):
    """Members by the name that they have on the team."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, member: Membership) -> str:
        return member.name


class PersonField(forms.ModelChoiceField):
    """One of the family, by name."""

    def label_from_instance(self, person: Person) -> str:
        return person.name


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


class WordsForm(ItemForm):
    """The family's own words: of the plan, or said at a meeting."""

    text = Text(
        label=_("In your own words"),
        help_text=_("Only you can write here. Say it the way you would say it out loud."),
        error_messages=say(_("Write something first.")),
        rows=5,
    )


class StrengthForm(ItemForm):
    """What somebody or the whole family is good at."""

    text = Text(
        label=_("What is the strength?"),
        help_text=_("Something that a person, or the whole family, is good at or can count on."),
        error_messages=say(_("Write what the strength is.")),
    )
    person = PersonField(
        label=_("Whose strength is it?"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("The whole family's"),
        error_messages={"invalid_choice": _("This person is not in the family. Choose somebody else.")},
    )
    section = section_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.offer.people is not None:
            self.fields["person"].queryset = self.offer.people


class NeedForm(ItemForm):
    """Why there is a plan."""

    text = Text(
        label=_("What do you need?"),
        help_text=_("A need is not a service. “Mateo needs to feel safe at school” is a need."),
        error_messages=say(_("Write what you need.")),
    )
    domain = forms.ChoiceField(
        label=_("What part of life is it about?"), choices=LifeDomain.choices, required=False,
        error_messages={"invalid_choice": _("Choose a part of life from the list.")},
    )  # fmt: skip
    section = section_field()

    def clean_domain(self):
        return self.cleaned_data["domain"] or LifeDomain.OTHER


class GoalForm(ItemForm):
    """What will be different when a need is met."""

    text = Text(
        label=_("What is the goal?"),
        help_text=_("What will be different when this goes well?"),
        error_messages=say(_("Write what will be different.")),
    )
    how_we_will_know = Text(
        label=_("How will we know?"), help_text=_("For example: at school 4 days a week."), required=False, rows=2
    )


class StepForm(ItemForm):
    """Who does what until when."""

    text = Text(
        label=_("What will happen?"),
        help_text=_("Start with a doing word: drive, call, ask, meet."),
        error_messages=say(_("Write what will happen.")),
        rows=2,
    )
    who = MembersField(
        label=_("Who will do it?"),
        queryset=Membership.objects.none(),
        required=False,
        error_messages={
            "invalid_choice": _("One of these people is not on this team. Choose again."),
            "invalid_pk_value": _("One of these people is not on this team. Choose again."),
        },
    )
    due_on = forms.DateField(
        label=_("By when?"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": BAD_DAY},
    )
    due_words = line(
        label=_("Or say it in words"), help_text=_("For example: each Tuesday"), required=False, longest=80
    )
    status = forms.ChoiceField(
        label=_("How is it going?"), choices=StepStatus.choices, required=False,
        error_messages={"invalid_choice": _("Choose how it is going from the list.")},
    )  # fmt: skip
    why = Text(
        label=_("Why not, or what changed?"),
        help_text=_("If we stopped doing this, or it went another way, say why."),
        required=False,
        rows=2,
    )
    needs_help = forms.BooleanField(label=_("Somebody needs help with this"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.offer.members is not None:
            self.fields["who"].queryset = self.offer.members

    def clean_status(self):
        return self.cleaned_data["status"] or StepStatus.TODO

    def clean_who(self):
        return sorted(self.cleaned_data["who"], key=lambda member: member.pk)

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day and not EARLIEST_YEAR <= day.year <= timezone.localdate().year + YEARS_AHEAD:
            raise forms.ValidationError(BAD_DAY, code="invalid")
        return day

    def clean(self):
        """Where somebody carries the step, a day that can't be read is said for them."""
        who = self.cleaned_data.get("who")
        if who and self.has_error("due_on", "invalid"):
            del self.errors["due_on"]
            words = _t("Write a day, so %(name)s knows when to start. For example: 10/13/2026.")
            self.add_error("due_on", forms.ValidationError(words % {"name": who[0].short_name}, code="day"))
        return self.cleaned_data


class TopicForm(ItemForm):
    """What somebody wants to talk about at a meeting, and what became of it."""

    text = Text(
        label=_("What do you want to talk about?"),
        help_text=_("Anyone on the team can add. Say it the way you would say it out loud."),
        error_messages=say(_("Write what you want to talk about.")),
        rows=2,
    )
    outcome = forms.ChoiceField(
        label=_("What became of it?"), choices=TopicOutcome.choices, required=False,
        error_messages={"invalid_choice": _("Choose what became of it from the list.")},
    )  # fmt: skip

    def clean_outcome(self):
        return self.cleaned_data["outcome"] or TopicOutcome.OPEN


class NoteForm(ItemForm):
    """What was said at a meeting."""

    title = line(
        label=_("What was it about?"), longest=200, error_messages=say(_("Write in a few words what it was about."))
    )
    text = Text(label=_("What did we say?"), error_messages=say(_("Write what was said.")), rows=6)
    section = section_field()


class DecisionForm(ItemForm):
    """What was decided, and in their own words who saw it differently."""

    text = Text(label=_("What did we decide?"), error_messages=say(_("Write what was decided.")))
    differing_words = Text(
        label=_("Does somebody see it differently?"),
        help_text=_("Write who, and why, in that person's own words."),
        required=False,
        rows=3,
    )


FORMS = {
    "words": WordsForm,
    "strength": StrengthForm,
    "need": NeedForm,
    "goal": GoalForm,
    "step": StepForm,
    "topic": TopicForm,
    "note": NoteForm,
    "decision": DecisionForm,
}


def initial_of(item, form_class: type[ItemForm]) -> dict:
    """What a form shows of an item as it stands."""
    values = {}
    for name in form_class.base_fields:
        if name == "who":
            values[name] = [member.pk for member in item.people]
        elif name == "person":
            values[name] = item.person_id
        else:
            values[name] = getattr(item, name)
    return values
