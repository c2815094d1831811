"""Asking for a day and two times of it, as the clocks of North Carolina show them; bad times in words."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FIRST, SECOND = "first", "second"
FURTHEST = dt.timedelta(days=2 * 366)
EARLIEST = dt.date(2000, 1, 1)


def local_moments(day: dt.date, time: dt.time) -> list[dt.datetime]:
    """Every moment (UTC) at which the clocks of North Carolina show this day and time.

    One on most days; none in the hour that is left out in spring; two in the hour that comes twice in the fall.
    """
    zone = timezone.get_default_timezone()
    wall = dt.datetime.combine(day, time)
    moments = {wall.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC) for fold in (0, 1)}
    return sorted(moment for moment in moments if moment.astimezone(zone).replace(tzinfo=None) == wall)


class DayInput(forms.DateInput):
    """The phone's own calendar; the browser sends and takes 2026-10-15 in every language."""

    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


class ClockInput(forms.TimeInput):
    """The phone's own clock."""

    input_type = "time"

    def __init__(self, **kwargs):
        super().__init__(format="%H:%M", **kwargs)


class WhenForm(forms.Form):
    """A day, a start and an end. After `is_valid`, `values` holds `starts_at` and `ends_at`."""

    day = forms.DateField(
        label=_("Day"), widget=DayInput,
        error_messages={"required": _("Write a day."), "invalid": _("Write the day like this: 10/15/2026.")},
    )  # fmt: skip
    start = forms.TimeField(
        label=_("Starts at"), widget=ClockInput,
        error_messages={
            "required": _("Write when it starts."), "invalid": _("Write the time like this: 5:30 pm."),
        },
    )  # fmt: skip
    end = forms.TimeField(
        label=_("Ends at"), widget=ClockInput,
        error_messages={"required": _("Write when it ends."), "invalid": _("Write the time like this: 5:30 pm.")},
    )  # fmt: skip
    which = forms.ChoiceField(
        label=_("The clocks go back that night. Which one do you mean?"), required=False, widget=forms.RadioSelect,
        choices=[(FIRST, _("The first time, before the clocks go back")), (SECOND, _("The second time, after it"))],
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.values: dict[str, object] = {}
        if not self._asks_which():
            self.fields["which"].widget = forms.HiddenInput()

    def _asks_which(self) -> bool:
        """Whether the day and times that were typed come twice; then, and only then, the form asks."""
        typed = {}
        for name in ("day", "start", "end"):
            try:
                typed[name] = self.fields[name].clean(self[name].value())
            except ValidationError:
                continue
        day = typed.get("day")
        if day is None or not _day_in_reach(day):
            return False
        return any(len(local_moments(day, typed[name])) > 1 for name in ("start", "end") if name in typed)

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day < EARLIEST:
            raise ValidationError(_("Look at the year. This day is too long ago."), code="range")
        if day > timezone.localdate() + FURTHEST:
            raise ValidationError(_("This day is too far away. Write a day in the next two years."), code="range")
        return day

    def clean(self):
        typed = super().clean()
        if typed.get("day") is None:
            return typed
        starts_at, ends_at = self._moment("start"), self._moment("end")
        if starts_at is None or ends_at is None:
            return typed
        if ends_at <= starts_at:
            self.add_error("end", ValidationError(_("It has to end after it starts. Look at the times."), code="order"))
        self.values = {"starts_at": starts_at, "ends_at": ends_at}
        return typed

    def _moment(self, name: str) -> dt.datetime | None:
        """The moment of one of the two times; None, with a message beside the field, where the clocks show none."""
        time = self.cleaned_data.get(name)
        if time is None:
            return None
        moments = local_moments(self.cleaned_data["day"], time.replace(second=0, microsecond=0))
        if not moments:
            words = _("This time does not exist on that day: the clocks go forward. Write a time one hour later.")
            self.add_error(name, ValidationError(words, code="skipped"))
            return None
        which = self.cleaned_data.get("which")
        if len(moments) > 1 and not which:
            if "which" not in self.errors:
                self.add_error("which", ValidationError(_("That hour comes twice. Choose one."), code="twice"))
            return None
        return moments[-1 if which == SECOND else 0]


def _day_in_reach(day: dt.date) -> bool:
    return EARLIEST <= day <= timezone.localdate() + FURTHEST


def when_typed(starts_at: dt.datetime, ends_at: dt.datetime) -> dict[str, object]:
    """A start and an end as the form shows them."""
    zone = timezone.get_default_timezone()
    start, end = (moment.astimezone(zone) for moment in (starts_at, ends_at))
    twice = [moment for moment in (start, end) if len(local_moments(moment.date(), moment.time())) > 1]
    return {
        "day": start.date(), "start": start.time(), "end": end.time(),
        "which": (SECOND if twice[0].fold else FIRST) if twice else "",
    }  # fmt: skip
