"""What a person may type about a group's meeting: when and where, agenda, who was there, decisions, minutes."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from collaboratives.enums import Presence
from collaboratives.models import AgendaItem, GroupDecision, GroupMeeting, Term
from soc_portal.when import WhenForm, when_typed
from teams.forms.item_base import Text, line

OPEN_TO_ALL = _("Everybody can read this, also without signing in.")
MOST_VOTES = 999


class GroupMeetingForm(WhenForm):
    """When and where the group meets. Only the day and the times are needed.

    After `is_valid`, `values` holds the fields of `GroupMeeting`.
    """

    place_words = line(label=_("Where?"), required=False, longest=200)
    help_words = line(
        label=_("What helps people come?"), required=False, longest=200,
        help_text=_("Food, child care, money for the ride, an interpreter, joining by phone…"),
    )  # fmt: skip
    link = forms.CharField(
        label=_("Link for video or phone"), help_text=_("Starts with https://"), required=False, max_length=200,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    link_is_public = forms.BooleanField(
        label=_("Show the link to everybody"), required=False,
        help_text=_("Without this, only members see the link."),
    )  # fmt: skip

    def __init__(self, *args, is_open: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if is_open:
            self.fields["place_words"].help_text = OPEN_TO_ALL
        else:
            del self.fields["link_is_public"]

    def clean_link(self):
        link = self.cleaned_data["link"]
        if link:
            URLValidator(schemes=["https", "http"], message=_("Write a link that starts with https://"))(link)
        return link

    def clean(self):
        typed = super().clean()
        if self.values:
            names = ("place_words", "help_words", "link", "link_is_public")
            self.values |= {name: typed.get(name) for name in names if name in self.fields}
        return typed


def initial_of_meeting(meeting: GroupMeeting) -> dict[str, object]:
    """A group's meeting as its form shows it."""
    return when_typed(meeting.starts_at, meeting.ends_at) | {
        "place_words": meeting.place_words, "help_words": meeting.help_words, "link": meeting.link,
        "link_is_public": meeting.link_is_public,
    }  # fmt: skip


class AnswerForm(forms.Form):
    """Whether a member will be there."""

    coming = forms.ChoiceField(
        choices=[("yes", _("I will be there")), ("no", _("I can't come"))],
        error_messages={"required": _("Choose yes or no."), "invalid_choice": _("Choose yes or no.")},
    )


class AgendaForm(forms.Form):
    """Something to talk about."""

    text = Text(
        label=_("What do you want to talk about?"), rows=2, longest=2000,
        error_messages={"required": _("Write what you want to talk about.")},
    )  # fmt: skip


class AgendaItemForm(AgendaForm):
    """An item with what was said on it."""

    outcome = Text(label=_("What was said?"), required=False, rows=4, longest=20_000)
    family_spoke = forms.BooleanField(label=_("A family member or youth spoke on this"), required=False)


def initial_of_item(item: AgendaItem) -> dict[str, object]:
    return {"text": item.text, "outcome": item.outcome, "family_spoke": item.family_spoke}


class GroupAttendanceForm(forms.Form):
    """One question a seat. Only answers that this form changed are noted, so two people can note at once."""

    def __init__(self, *args, terms: list[Term], noted: dict[int, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.terms = {term.pk: term for term in terms}
        self.noted = noted
        for term in terms:
            self.fields[f"term-{term.pk}"] = forms.ChoiceField(
                label=term.name, help_text=term.seat.category.name_here, required=False,
                choices=_presences(term), initial=noted.get(term.pk, ""),
                error_messages={"invalid_choice": _("Choose one of these.")},
            )  # fmt: skip

    def seen(self) -> list[tuple[str, str]]:
        """Hidden fields: what the page showed for each seat when it was made."""
        return [(f"was-{pk}", self.noted.get(pk, "")) for pk in self.terms]

    def clean(self):
        typed = super().clean()
        for pk in self.terms:
            name, there = f"term-{pk}", self.noted.get(pk, "")
            mark, was = typed.get(name), self._was(pk)
            if mark is not None and name in self.data and was not in (mark, there) and mark != there:
                words = _("Somebody else just noted something else: %(noted)s. Which one is right?")
                params = {"noted": Presence(there).label}
                self.add_error(name, ValidationError(words, code="conflict", params=params))
        return typed

    def _was(self, pk: int) -> str:
        return self.data.get(f"was-{pk}", self.noted.get(pk, ""))

    def marks(self) -> dict[int, str]:
        """The answers that this form changed, by term."""
        typed = {pk: self.cleaned_data.get(f"term-{pk}") for pk in self.terms if f"term-{pk}" in self.data}
        return {pk: mark for pk, mark in typed.items() if mark is not None and mark != self._was(pk)}


def _presences(term: Term) -> list[tuple[str, object]]:
    """Not noted first; somebody in the member's place only where the seat allows it."""
    order = [Presence.UNKNOWN, Presence.CAME, Presence.REMOTE, Presence.DESIGNEE, Presence.EXCUSED, Presence.AWAY]
    return [
        (mark.value, mark.label) for mark in order if mark != Presence.DESIGNEE or term.seat.category.designee
    ]  # fmt: skip


def _count(label):
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=MOST_VOTES,
        error_messages={
            "invalid": _("Write a number, such as 12."), "min_value": _("Write a number, such as 12."),
            "max_value": _("Write a number, such as 12."),
        },
    )  # fmt: skip


class GroupDecisionForm(forms.Form):
    """A decision, with the votes where the group voted: a blank beside a number is nobody."""

    text = Text(
        label=_("What did the group decide?"), rows=3, longest=20_000,
        error_messages={"required": _("Write what the group decided.")},
    )  # fmt: skip
    votes_for = _count(_("Votes for it"))
    votes_against = _count(_("Votes against it"))
    abstained = _count(_("Did not vote"))

    VOTES = ("votes_for", "votes_against", "abstained")

    def clean(self):
        typed = super().clean()
        if any(typed.get(name) is not None for name in self.VOTES):
            typed |= {name: typed.get(name) or 0 for name in self.VOTES}
        return typed


def initial_of_decision(decision: GroupDecision) -> dict[str, object]:
    return {name: getattr(decision, name) for name in ("text", *GroupDecisionForm.VOTES)}


class MinutesForm(forms.Form):
    """The minutes as one long text."""

    minutes = Text(
        label=_("Minutes"), rows=18, required=False,
        help_text=_("Who said what matters less than what was said and decided. Others can write here too."),
    )  # fmt: skip


def initial_of_minutes(meeting: GroupMeeting) -> dict[str, object]:
    return {"minutes": meeting.minutes}
