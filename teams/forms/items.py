"""What a person may type into a part of the plan or of a meeting's record. Only the words themselves are ever required.

A form's cleaned values are named as the fields of its model, so that `change_item` can compare and merge them.
"""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from families.models import Person, Strength
from teams.enums import HIGHEST_RATING, Choice, HelpKind, LifeDomain, MandateSource, StepStatus, TopicOutcome
from teams.forms.item_base import (
    DayField,
    ItemForm,
    MemberField,
    MembersField,
    PersonField,
    StrengthField,
    Text,
    TextField,
    line,
    say,
    section_field,
)
from teams.models import Goal, Membership, Topic


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
    of_team = forms.BooleanField(label=_("It is a strength of our whole team"), required=False)
    section = section_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.offer.people is not None:
            self.fields["person"].queryset = self.offer.people

    def clean(self):
        if self.cleaned_data.get("of_team") and self.cleaned_data.get("person"):
            self.add_error("of_team", _("Choose one person, or the whole team. Not both."))
        return self.cleaned_data


class PartForm(ItemForm):
    """A part of the plan of which there is one; which one, its address says."""

    text = Text(
        label=_("What do we write here?"),
        help_text=_("Short sentences that everybody on the team understands."),
        error_messages=say(_("Write something first.")),
    )


class CallForm(ItemForm):
    """Somebody to call in a crisis."""

    text = line(
        label=_("Who do we call?"), help_text=_("A name, and who they are."), longest=120,
        error_messages=say(_("Write who to call.")),
    )  # fmt: skip
    phone = line(label=_("Phone"), required=False, longest=40)
    when_words = line(
        label=_("When, and what for?"), help_text=_("For example: at night, to talk"), required=False, longest=200
    )


class MandateForm(ItemForm):
    """What the team must meet."""

    text = Text(
        label=_("What must we do?"),
        help_text=_("Say it in plain words. The paper itself stays where it is."),
        error_messages=say(_("Write what must be done.")),
        rows=2,
    )
    source = forms.ChoiceField(
        label=_("Where does it come from?"), choices=MandateSource.choices, required=False,
        error_messages={"invalid_choice": _("Choose where it comes from in the list.")},
    )  # fmt: skip
    source_words = line(label=_("Which paper? Its name or number"), required=False, longest=200)
    dated_on = DayField(label=_("Date of the paper"), required=False)
    until = DayField(label=_("In force until"), required=False)
    section = section_field()

    def clean_source(self):
        return self.cleaned_data["source"] or MandateSource.OTHER

    def clean(self):
        dated_on, until = self.cleaned_data.get("dated_on"), self.cleaned_data.get("until")
        if dated_on and until and until < dated_on:
            self.add_error("until", _("It can't end before the date of the paper."))
        return self.cleaned_data


class IdeaForm(ItemForm):
    """One of several ideas for a goal; which one the team takes comes later."""

    text = Text(
        label=_("What is the idea?"),
        help_text=_("Think of a few first. Then choose together."),
        error_messages=say(_("Write what the idea is.")),
        rows=2,
    )
    strength = StrengthField(
        label=_("Which strength does it build on?"),
        queryset=Strength.objects.none(),
        required=False,
        empty_label=_("None yet"),
        error_messages={"invalid_choice": _("This strength is not in the list any more. Choose another one.")},
    )
    friends_part = Text(label=_("What do friends and family do in it?"), required=False, rows=2)
    choice = forms.ChoiceField(
        label=_("What became of it?"), choices=Choice.choices, required=False,
        error_messages={"invalid_choice": _("Choose what became of it from the list.")},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.offer.strengths is None:
            del self.fields["strength"]
        else:
            self.fields["strength"].queryset = self.offer.strengths

    def clean_choice(self):
        return self.cleaned_data["choice"] or Choice.IDEA


class RatingForm(ItemForm):
    """How far a goal is, as the team sees it."""

    value = forms.IntegerField(
        label=_("How far are we, from 0 to 10?"),
        help_text=_("0: nothing has changed yet. 10: we are there."),
        min_value=0,
        max_value=HIGHEST_RATING,
        error_messages={
            name: _("Write a number from 0 to 10.") for name in ("required", "invalid", "min_value", "max_value")
        },
    )
    text = Text(label=_("Why this number?"), required=False, rows=2)
    rated_on = DayField(label=_("On which day?"), required=False)

    def clean_rated_on(self):
        day = self.cleaned_data["rated_on"] or timezone.localdate()
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."), code="future")
        return day


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
    due_on = DayField(label=_("By when?"), required=False)
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
    goal = TextField(
        label=_("Which goal is it for?"),
        queryset=Goal.objects.none(),
        required=False,
        empty_label=_("No goal yet"),
        error_messages={"invalid_choice": _("This goal is not in the plan any more. Choose another one.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.offer.goals is None:
            del self.fields["goal"]
        else:
            self.fields["goal"].queryset = self.offer.goals
        if self.offer.members is not None:
            self.fields["who"].queryset = self.offer.members
        self.fields["who"].there = self.initial.get("who")

    def clean_status(self):
        return self.cleaned_data["status"] or StepStatus.TODO

    def clean_who(self):
        who = self.cleaned_data["who"]
        return who if who is None else sorted(who, key=lambda member: member.pk)

    def values(self):
        """Who carries it stays as it is where nobody else was chosen."""
        values = super().values()
        return {name: value for name, value in values.items() if name != "who" or value is not None}

    def clean(self):
        """Where somebody carries the step, a day that can't be read is said for them."""
        if self.has_error("due_on", "invalid") and (who := self._carriers()):
            del self.errors["due_on"]
            words = _t("Write a day, so %(name)s knows when to start. For example: 10/13/2026.")
            self.add_error("due_on", forms.ValidationError(words % {"name": who[0].short_name}, code="day"))
        return self.cleaned_data

    def _carriers(self) -> list[Membership]:
        who = self.cleaned_data.get("who", ())
        return self.fields["who"].queryset.filter(pk__in=self.initial["who"]).order_by("pk") if who is None else who


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
    topic = TextField(
        label=_("What on our list does it belong to?"),
        queryset=Topic.objects.none(),
        required=False,
        empty_label=_("Something beside the list"),
        error_messages={"invalid_choice": _("This is not on the list of this meeting. Choose again.")},
    )
    section = section_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.offer.topics is None:
            del self.fields["topic"]
        else:
            self.fields["topic"].queryset = self.offer.topics


class DecisionForm(ItemForm):
    """What was decided, and in their own words who saw it differently."""

    text = Text(label=_("What did we decide?"), error_messages=say(_("Write what was decided.")))
    differing_words = Text(
        label=_("Does somebody see it differently?"),
        help_text=_("Write who, and why, in that person's own words."),
        required=False,
        rows=3,
    )


class WhatIfForm(ItemForm):
    """Plan B."""

    text = Text(
        label=_("What could go wrong?"),
        help_text=_("Think it through now, while it is calm."),
        error_messages=say(_("Write what could go wrong.")),
        rows=2,
    )
    then_words = Text(label=_("What do we do then?"), required=False, rows=2)


NOT_HERE = _("This person is not on the team any more. Choose somebody else.")


class HelpForm(ItemForm):
    """What helps somebody come, and who takes care of it."""

    kind_of = forms.ChoiceField(
        label=_("What would help?"), choices=HelpKind.choices, required=False,
        error_messages={"invalid_choice": _("Choose what would help from the list.")},
    )  # fmt: skip
    text = line(
        label=_("In your own words"),
        help_text=_("For an interpreter: which language? For a ride: from where?"),
        required=False,
        longest=200,
    )
    for_whom = MemberField(
        label=_("For whom?"), queryset=Membership.objects.none(), required=False, empty_label=_("For everybody"),
        error_messages={"invalid_choice": NOT_HERE},
    )  # fmt: skip
    carrier = MemberField(
        label=_("Who takes care of it?"), queryset=Membership.objects.none(), required=False,
        empty_label=_("Nobody yet"), error_messages={"invalid_choice": NOT_HERE},
    )  # fmt: skip
    is_arranged = forms.BooleanField(label=_("It is arranged"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.offer.members is not None:
            self.fields["for_whom"].queryset = self.fields["carrier"].queryset = self.offer.members

    def clean_kind_of(self):
        return self.cleaned_data["kind_of"] or HelpKind.OTHER

    def clean(self):
        """An interpreter is of a language, and something else is told in words."""
        kind, words = self.cleaned_data.get("kind_of"), self.cleaned_data.get("text", "").strip()
        if not words and not self.has_error("text"):
            if kind == HelpKind.INTERPRETER:
                self.add_error("text", _("Write which language."))
            elif kind == HelpKind.OTHER:
                self.add_error("text", _("Write what would help."))
        return self.cleaned_data


FORMS = {
    "words": WordsForm,
    "part": PartForm,
    "call": CallForm,
    "strength": StrengthForm,
    "mandate": MandateForm,
    "need": NeedForm,
    "goal": GoalForm,
    "idea": IdeaForm,
    "rating": RatingForm,
    "step": StepForm,
    "topic": TopicForm,
    "note": NoteForm,
    "decision": DecisionForm,
    "what_if": WhatIfForm,
    "help": HelpForm,
}


#: Fields that hold another row; a form knows it by its number.
LINKS = ("person", "strength", "topic", "for_whom", "carrier", "goal")


def initial_of(item, form_class: type[ItemForm]) -> dict:
    """What a form shows of an item as it stands."""
    values = {}
    for name in form_class.base_fields:
        if name == "who":
            values[name] = item.numbers_of("who")
        elif name in LINKS:
            values[name] = getattr(item, f"{name}_id", None)
        else:
            values[name] = getattr(item, name)
    return values
