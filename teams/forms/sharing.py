"""What the family types when it decides who may see what, and the filter of who looked."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from families.enums import Section
from soc_portal.audit.enums import Look
from teams.actions import consents, grants

#: What is in each part of the record, in one sentence.
SECTION_WORDS = {
    Section.PLAN: _("What we want, what we are good at, what we need, and who does what."),
    Section.RECORDS: _("When we meet, what we talked about and what we decided."),
    Section.HEALTH: _("Doctors, medicine, illness and disability."),
    Section.MENTAL_HEALTH: _("Feelings, counseling and mental health care."),
    Section.SUBSTANCE_USE: _("Alcohol and drugs, and care for that. A federal law gives extra protection."),
    Section.SCHOOL: _("Classes, grades, tests and help at school."),
    Section.COURT: _("Court dates, orders and probation."),
    Section.DOCUMENTS: _("Letters, reports and other papers."),
}


def section_choices():
    """The parts of the record as choices, each with the sentence that says what is in it."""
    return [
        (section.value, format_html("{}<small>{}</small>", section.label, SECTION_WORDS[section]))
        for section in Section
    ]


def _day(**attrs):
    return forms.DateInput(attrs={"type": "date", **attrs}, format="%Y-%m-%d")


class SectionsField(forms.MultipleChoiceField):
    """Any of the eight parts of the record."""

    def __init__(self, **kwargs):
        super().__init__(
            choices=section_choices, widget=forms.CheckboxSelectMultiple, error_messages={
                "invalid_choice": _("We do not know this part of the record."),
            }, **kwargs,
        )  # fmt: skip


class SharingForm(forms.Form):
    """Exactly what one member may see, and until when.

    `seen` is what was shared when the form was opened, so that a stale form never brings back what was just stopped.
    """

    sections = SectionsField(label=_("What may they see?"), required=False)
    until = forms.DateField(
        label=_("Until when?"), required=False,
        error_messages={"invalid": _("Write a day, like October 15, 2026.")},
    )  # fmt: skip
    sure = forms.BooleanField(
        label=_("Yes, this person may see what is about alcohol and drugs."),
        required=False,
        help_text=_(
            "A federal law (42 CFR Part 2) keeps this private. They may not pass it on without your yes. "
            "You can stop at any time. What they have already seen stays seen."
        ),
    )
    seen = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args, held, **kwargs):
        super().__init__(*args, **kwargs)
        self.held = frozenset(held)
        if Section.SUBSTANCE_USE in self.held:
            del self.fields["sure"]  # they said it before
        today = timezone.localdate()
        latest = consents.last_day(today)
        self.fields["until"].widget = _day(min=today.isoformat(), max=latest.isoformat())
        words = _t("At the latest: %(day)s. Then we ask you again.")
        self.fields["until"].help_text = words % {"day": date_format(latest)}

    def clean(self):
        sections = set(self.cleaned_data.get("sections") or ())
        new = Section.SUBSTANCE_USE in sections - self.held
        if new and not self.cleaned_data.get("sure"):
            self.add_error("sure", _t("Say yes here too, or take the mark off “Substance use”."))
        return self.cleaned_data

    @property
    def is_stale(self) -> bool:
        """Whether what is shared has changed since this form was opened."""
        return self.data.get("seen", "") != seen_words(self.held)


def seen_words(sections) -> str:
    """The parts that are shared, as one word for a hidden field."""
    return ",".join(sorted(sections)) or "none"


class GrantForm(forms.Form):
    """Somebody who is not on the team reads some parts of the record for a short time."""

    email = forms.EmailField(
        label=_("Their email address"), max_length=254, help_text=_("They need an account here."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why do they need to read it?"), max_length=200,
        help_text=_("For example: She is our interpreter on Friday."),
    )  # fmt: skip
    sections = SectionsField(label=_("What may they see?"))
    until = forms.DateField(
        label=_("Until when?"), help_text=_("One month at most."),
        error_messages={"invalid": _("Write a day, like October 15, 2026.")},
    )  # fmt: skip
    sure = forms.BooleanField(
        label=_("Yes, this person may see what is about alcohol and drugs."), required=False,
        help_text=_("Only needed when you choose “Substance use”. They may not pass it on without your yes."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        latest = today + grants.LONGEST - dt.timedelta(days=1)
        self.fields["until"].widget = _day(min=today.isoformat(), max=latest.isoformat())

    def clean_until(self):
        """The last minute of the day that was written."""
        until, today = self.cleaned_data["until"], timezone.localdate()
        if not today <= until < today + grants.LONGEST:
            raise forms.ValidationError(_t("Write a day to come, one month away at most."))
        return timezone.make_aware(dt.datetime.combine(until, dt.time(23, 59, 59)))

    def clean(self):
        if Section.SUBSTANCE_USE in self.cleaned_data.get("sections", ()) and not self.cleaned_data.get("sure"):
            self.add_error("sure", _t("Say yes here too, or take the mark off “Substance use”."))
        return self.cleaned_data


class LookFilterForm(forms.Form):
    """Who looked, and at what."""

    who = forms.ChoiceField(label=_("Who"), required=False)
    what = forms.ChoiceField(label=_("What they did"), required=False)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [("", _t("Everybody")), *people]
        self.fields["what"].choices = [("", _t("Everything")), *Look.choices]
