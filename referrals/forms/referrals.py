"""What an organization types when it answers a referral, with an account or by a link."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from referrals.enums import ReferralStatus, Refusal
from soc_portal.when import ClockInput, DayInput, local_moments
from teams.forms.item_base import Text, line

S = ReferralStatus
DAY, WAIT, NO, START, FAILED = "day", "wait", "no", "start", "failed"
#: What each answer moves the referral to.
TO = {DAY: S.ACCEPTED, WAIT: S.ON_HOLD, NO: S.REJECTED, START: S.IN_PROGRESS, FAILED: S.FAILED}
#: What can be answered in each status, with the words for it.
ANSWERS = {
    S.REQUESTED: [
        (DAY, _("Yes, and we have a day"), _("Fill in the day below")),
        (WAIT, _("Yes, but there is a wait"), _("Say below how long")),
        (NO, _("No, we can’t help"), _("Say below why, and who might")),
    ],
    S.ON_HOLD: [
        (DAY, _("We have a place and a day now"), _("Fill in the day below")),
        (START, _("It has started"), ""),
        (NO, _("We can’t help after all"), _("Say below why, and who might")),
        (FAILED, _("It did not work out"), ""),
    ],
    S.ACCEPTED: [
        (DAY, _("The first visit is on another day"), _("Fill in the day below")),
        (START, _("It has started"), ""),
        (WAIT, _("There is a wait after all"), _("Say below how long")),
        (FAILED, _("It did not work out"), ""),
    ],
    S.IN_PROGRESS: [
        (WAIT, _("It has to pause"), _("Say below how long")),
        (FAILED, _("It did not work out"), ""),
    ],
}
FURTHEST = dt.timedelta(days=366)


class VisitForm(forms.Form):
    """The day and time of a first visit. `moment` is set after `is_valid`."""

    day = forms.DateField(
        label=_("Day of the first visit"), required=False, widget=DayInput,
        error_messages={"invalid": _("Write the day like this: 10/15/2026.")},
    )  # fmt: skip
    time = forms.TimeField(
        label=_("Time"),
        required=False,
        widget=ClockInput,
        error_messages={"invalid": _("Write the time like this: 5:30 pm.")},
    )
    was = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    moment: dt.datetime | None = None

    def wants_visit(self) -> bool:
        return True

    def clean(self):
        data = super().clean()
        if self.wants_visit():
            self._set_moment(data.get("day"), data.get("time"))
        return data

    def _set_moment(self, day: dt.date | None, time: dt.time | None) -> None:
        if day is None and not self.has_error("day"):
            self.add_error("day", _("Write the day of the first visit."))
        if time is None and not self.has_error("time"):
            self.add_error("time", _("Write the time of the first visit."))
        if day is None or time is None:
            return
        today = timezone.localdate()
        if not today <= day <= today + FURTHEST:
            self.add_error("day", _("Write a day to come, in the next year."))
            return
        moments = local_moments(day, time.replace(second=0, microsecond=0))
        if not moments:
            words = _("This time does not exist on that day: the clocks go forward. Write a time one hour later.")
            self.add_error("time", ValidationError(words, code="skipped"))
        elif moments[0] < timezone.now():
            self.add_error("time", _("This time has passed. Write a time to come."))
        else:
            self.moment = moments[0]


class AnswerForm(VisitForm):
    """Can you help this family? And what should it know? `status` is where the referral is now."""

    answer = forms.ChoiceField(
        label=_("Can you help this family?"), widget=forms.RadioSelect,
        error_messages={"required": _("Pick an answer."), "invalid_choice": _("Pick one of these answers.")},
    )  # fmt: skip
    wait = line(
        label=_("How long is the wait?"), help_text=_("For example: about 3 weeks"), required=False, longest=120
    )
    refusal = forms.ChoiceField(
        label=_("Why can’t you help?"), required=False,
        error_messages={"invalid_choice": _("Pick a reason from the list.")},
    )  # fmt: skip
    words = Text(
        label=_("What should the family know?"), longest=2000, rows=4,
        help_text=_("Short, plain words. The family reads them just as you write them."),
        error_messages={"required": _("Write what the family should know.")},
    )  # fmt: skip
    field_order = ("answer", "day", "time", "wait", "refusal", "words")

    def __init__(self, *args, status: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.offered = ANSWERS.get(ReferralStatus(status), [])
        self.fields["answer"].choices = [
            (value, format_html("{}<small>{}</small>", words, hint) if hint else words)
            for value, words, hint in self.offered
        ]
        if status != S.REQUESTED:
            self.fields["answer"].label = _("What is new?")
        values = {value for value, _words, _hint in self.offered}
        self.fields["refusal"].choices = [("", _("Pick a reason")), *Refusal.choices]
        for name, needed_for in (("day", DAY), ("time", DAY), ("wait", WAIT), ("refusal", NO)):
            if needed_for not in values:
                del self.fields[name]

    def wants_visit(self) -> bool:
        return self.cleaned_data.get("answer") == DAY

    def clean(self):
        data = super().clean()
        answer = data.get("answer")
        if answer == WAIT and not data.get("wait") and not self.has_error("wait"):
            self.add_error("wait", _("Write how long the wait is. A guess is fine."))
        if answer == NO and not data.get("refusal") and not self.has_error("refusal"):
            self.add_error("refusal", _("Pick why you can’t help. The family reads it."))
        return data

    def facts(self) -> dict:
        """What `answer_referral` takes."""
        data = self.cleaned_data
        answer = data["answer"]
        return {
            "to": TO[answer], "seen": data["was"], "words": data["words"], "first_visit_at": self.moment,
            "wait_words": data.get("wait", "") if answer == WAIT else "",
            "refusal": data.get("refusal", "") if answer == NO else "",
        }  # fmt: skip


class LinkAnswerForm(AnswerForm):
    """The same without an account, so with who answers."""

    name = line(label=_("Your name"), longest=80, error_messages={"required": _("Write your name.")})
    role = line(
        label=_("What you do there"), longest=70, help_text=_("For example: intake"),
        error_messages={"required": _("Write what you do there.")},
    )  # fmt: skip
    field_order = ("answer", "day", "time", "wait", "refusal", "words", "name", "role")

    def who(self) -> str:
        return f"{self.cleaned_data['name']}, {self.cleaned_data['role']}"
