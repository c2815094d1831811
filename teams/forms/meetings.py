"""What a person may type about a meeting: when and where it is, an answer to it, and who was there."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from families.enums import Section
from soc_portal.when import WhenForm, when_typed
from teams.enums import Attendance, Coming
from teams.forms.item_base import Text, line
from teams.models import Guest, Meeting

#: Who was there, in the order of the page; an empty answer stays possible.
ATTENDANCE_WORDS = [
    (Attendance.CAME.value, _("In the room")),
    (Attendance.PHONE.value, _("By phone or video")),
    (Attendance.SENT_WORD.value, _("Sent word")),
    (Attendance.AWAY.value, _("Could not come")),
    (Attendance.UNKNOWN.value, _("Not noted yet")),
]


class WhyForm(forms.Form):
    """Why and where the team meets. `meeting` is the one to change, if there is one."""

    purpose = Text(
        label=_("Why do we meet?"), required=False, rows=3,
        help_text=_("Say it the way you would say it out loud. You can leave this empty."),
    )  # fmt: skip
    place_words = line(
        label=_("Where?"), required=False, longest=200,
        help_text=_("Everyone who can read this meeting sees this. Write an address only if that is safe."),
    )  # fmt: skip
    link = forms.CharField(
        label=_("Link for video or phone"), help_text=_("Starts with https://"), required=False, max_length=200,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    section = forms.ChoiceField(
        label=_("Which part of the record is it?"),
        help_text=_("Only people who may see this part see the meeting."),
        required=False,
    )

    def __init__(self, *args, sections, meeting: Meeting | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self._offer_sections(sections)

    def _offer_sections(self, sections) -> None:
        """A meeting is part of the meeting records, or of one narrower part that this person may write in."""
        now = self.meeting.section if self.meeting else Section.RECORDS.value
        wanted = {now, Section.RECORDS.value, *sections} - ({Section.PLAN.value} - {now})
        choices = [(value, words) for value, words in Section.choices if value in wanted]
        self.fields["section"].choices = choices
        self.fields["section"].initial = now
        if len(choices) < 2:
            del self.fields["section"]

    def clean_link(self):
        link = self.cleaned_data["link"]
        if link:
            URLValidator(schemes=["https", "http"], message=_("Write a link that starts with https://"))(link)
        return link

    def why(self) -> dict[str, object]:
        """What was typed beside the day and the times, as the columns of a meeting."""
        typed = self.cleaned_data
        words = {name: typed.get(name) for name in ("purpose", "place_words", "link")}
        if "section" in self.fields:
            words["section"] = typed.get("section") or self.fields["section"].initial
        return words


class SoonForm(forms.Form):
    """The family's yes to a day that is sooner than the rule of notice says; asked for only where it is so."""

    all_right = forms.BooleanField(label=_("It is all right for us that this is soon"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.asks_all_right = bool(self.data.get("all_right"))

    def ask_all_right(self, error: ValidationError) -> None:
        """The day is too soon: say so beside the very box that lets it be."""
        self.asks_all_right = True
        self.add_error("all_right", error)

    @property
    def all_right_typed(self) -> bool:
        return bool(self.cleaned_data.get("all_right"))


class MeetingForm(WhyForm, SoonForm, WhenForm):
    """Why, when and where the team meets. Only the day and the times are needed.

    After `is_valid`, `values` holds the fields of `Meeting`.
    """

    field_order = ("purpose", "day", "start", "end", "which", "all_right", "place_words", "link", "section")

    def clean(self):
        typed = super().clean()
        if self.values:
            self.values |= self.why()
        return typed


def initial_of(meeting: Meeting) -> dict[str, object]:
    """A meeting as its form shows it."""
    return when_typed(meeting.starts_at, meeting.ends_at) | {
        "purpose": meeting.purpose, "place_words": meeting.place_words, "link": meeting.link,
        "section": meeting.section,
    }  # fmt: skip


class AnswerForm(forms.Form):
    """Whether somebody is coming, and what would help them come."""

    coming = forms.ChoiceField(
        label=_("Are you coming?"), required=False, widget=forms.RadioSelect,
        choices=[(Coming.YES.value, _("Yes, I am coming")), (Coming.NO.value, _("No, I cannot come"))],
        error_messages={"invalid_choice": _("Choose yes or no.")},
    )  # fmt: skip
    needs = line(
        label=_("What would help you come?"), required=False, longest=200,
        help_text=_("A ride, child care, an interpreter, food, joining by phone… Everyone invited can read this."),
    )  # fmt: skip

    def answer_to(self, guest: Guest) -> dict[str, str]:
        """The new answer; what the form did not ask stays as it was (the home page has only yes and no)."""
        return {
            "coming": self.cleaned_data["coming"] or guest.coming,
            "needs": self.cleaned_data["needs"] if "needs" in self.data else guest.needs,
        }


class AttendanceForm(forms.Form):
    """One question a guest. Only answers that this form changed are noted, so two people can note at once."""

    def __init__(self, *args, guests: list[Guest], **kwargs):
        super().__init__(*args, **kwargs)
        self.guests = {guest.pk: guest for guest in guests}
        for guest in guests:
            self.fields[f"guest-{guest.pk}"] = forms.ChoiceField(
                label=guest.membership.name, help_text=guest.membership.role_words, required=False,
                choices=ATTENDANCE_WORDS, widget=forms.RadioSelect, initial=guest.attendance,
                error_messages={"invalid_choice": _("Choose one of these.")},
            )  # fmt: skip

    def seen(self) -> list[tuple[str, str]]:
        """Hidden fields: what the page showed for each guest when it was made."""
        return [(f"was-{pk}", guest.attendance) for pk, guest in self.guests.items()]

    def clean(self):
        typed = super().clean()
        for pk, guest in self.guests.items():
            new, name = typed.get(f"guest-{pk}"), f"guest-{pk}"
            changed_here, changed_there = new != self._was(guest), guest.attendance != self._was(guest)
            if new is not None and name in self.data and changed_here and changed_there and new != guest.attendance:
                words = _("Somebody else just noted something else: %(noted)s. Which one is right?")
                noted = dict(ATTENDANCE_WORDS)[guest.attendance]
                self.add_error(name, ValidationError(words, code="conflict", params={"noted": noted}))
        return typed

    def _was(self, guest: Guest) -> str:
        return self.data.get(f"was-{guest.pk}", guest.attendance)

    def marks(self) -> dict[int, str]:
        """The answers that this form changed, by guest; also for guests whom the page does not know."""
        names = [name for name in self.data if name.startswith("guest-") and name[6:].isascii() and name[6:].isdigit()]
        marks = {int(name[6:]): self.data[name] for name in names if len(name) < 20}
        return {
            pk: mark for pk, mark in marks.items()
            if pk not in self.guests or mark != self._was(self.guests[pk])
        }  # fmt: skip
