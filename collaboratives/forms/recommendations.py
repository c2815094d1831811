"""What a person may type about a recommendation and its answer."""

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from collaboratives.enums import Asked, RecommendationTopic
from collaboratives.models import Collaborative, GroupMeeting, Recommendation
from soc_portal.when import DayInput
from teams.forms.item_base import BAD_DAY, Text, line


def _day(label, **kwargs):
    return forms.DateField(
        label=label, widget=DayInput, error_messages={"invalid": BAD_DAY, "required": _("Write a day.")}, **kwargs
    )


class GroupChoice(forms.ModelChoiceField):
    """A group by its name."""

    def label_from_instance(self, obj: Collaborative) -> str:
        return obj.name


class MeetingChoice(forms.ModelChoiceField):
    """A meeting by its day."""

    def label_from_instance(self, obj: GroupMeeting) -> str:
        return date_format(timezone.localdate(obj.starts_at), "SHORT_DATE_FORMAT")


class RecommendationForm(forms.Form):
    """What the group recommends, to whom, and by when it wants an answer."""

    topic = forms.ChoiceField(
        label=_("What is it about?"), widget=forms.RadioSelect, choices=RecommendationTopic.choices,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )  # fmt: skip
    text = Text(
        label=_("What does the group recommend?"), rows=4, longest=20_000,
        error_messages={"required": _("Write what the group recommends.")},
    )  # fmt: skip
    to_group = GroupChoice(
        label=_("To a group in this portal"), queryset=Collaborative.objects.none(), required=False,
        empty_label=_("No, to somebody else"), error_messages={"invalid_choice": _("Choose one of these.")},
    )  # fmt: skip
    addressee = line(
        label=_("To somebody else"), required=False, longest=160,
        help_text=_("For example: Board of county commissioners."),
    )  # fmt: skip
    sent_on = _day(_("Sent on"))
    due_on = _day(_("Answer wanted by"), required=False)
    meeting = MeetingChoice(
        label=_("Decided at the meeting of"), queryset=GroupMeeting.objects.none(), required=False,
        empty_label=_("No meeting"), error_messages={"invalid_choice": _("Choose one of these.")},
    )  # fmt: skip

    def __init__(self, *args, groups, meetings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_group"].queryset = groups
        self.fields["meeting"].queryset = meetings
        for name, offered in (("to_group", groups), ("meeting", meetings)):
            if not offered:
                del self.fields[name]

    def clean(self):
        typed = super().clean()
        if not typed.get("to_group") and not typed.get("addressee") and "to_group" not in self.errors:
            self.add_error("addressee", _("Write to whom it goes, or choose a group."))
        return typed


class RecommendationEditForm(forms.Form):
    """What can still change before there is an answer; a group that it was sent to stays the one."""

    topic = RecommendationForm.base_fields["topic"]
    text = RecommendationForm.base_fields["text"]
    addressee = line(
        label=_("To whom"), longest=160, error_messages={"required": _("Write to whom it goes.")},
    )  # fmt: skip
    due_on = RecommendationForm.base_fields["due_on"]

    def __init__(self, *args, row: Recommendation, **kwargs):
        super().__init__(*args, **kwargs)
        if row.to_group_id is not None:
            del self.fields["addressee"]


def initial_of_recommendation(row: Recommendation) -> dict[str, object]:
    return {"topic": row.topic, "text": row.text, "addressee": row.addressee, "due_on": row.due_on}


class AnswerForm(forms.Form):
    """The answer that came in, and when."""

    answer = Text(
        label=_("What is the answer?"), rows=5, longest=20_000, error_messages={"required": _("Write the answer.")}
    )
    answered_on = _day(_("On which day did it come?"))


def initial_of_answer(row: Recommendation) -> dict[str, object]:
    return {"answer": row.answer, "answered_on": row.answered_on or timezone.localdate()}


class RecommendationFilter(forms.Form):
    """What to look for in a list of recommendations; a choice that nobody offers is none."""

    topic = forms.ChoiceField(
        label=_("About"), required=False, choices=[("", _("Anything")), *RecommendationTopic.choices]
    )
    state = forms.ChoiceField(label=_("Where it stands"), required=False, choices=[("", _("Any")), *Asked.choices])
