"""Days and times as people say them: a day of this year needs no year. The formats are in soc_portal/formats."""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format


def _in(value: dt.date, this_year: str, other: str) -> str:
    if not value:
        return ""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, this_year if value.year == timezone.localdate().year else other)


def short_day(value: dt.date) -> str:
    """For badges, tables and small print: "Tue, Nov 17", or "Nov 17, 2025"."""
    return _in(value, "SHORT_DAY_FORMAT", "SHORT_DATE_FORMAT")


def long_day(value: dt.date) -> str:
    """For sentences: "Tuesday, November 17", or with its year."""
    return _in(value, "LONG_DAY_FORMAT", "DATE_FORMAT")


def short_moment(value: dt.datetime) -> str:
    """For small print: "Tue, Nov 17, 5:30 pm", or "Nov 17, 2025, 5:30 pm"."""
    return _in(value, "SHORT_MOMENT_FORMAT", "SHORT_DATETIME_FORMAT")


def long_moment(value: dt.datetime) -> str:
    """For sentences: "Tuesday, November 17, 5:30 pm", or with its year."""
    return _in(value, "LONG_MOMENT_FORMAT", "DATETIME_FORMAT")


def start_time(start: dt.datetime, end: dt.datetime) -> str:
    """When something begins that `end`s in the same half of the day: "5:30" of "5:30 to 6:30 pm"; else "11:30 am"."""
    same = start.date() == end.date() and (start.hour < 12) == (end.hour < 12)
    return date_format(start, "START_TIME_FORMAT" if same else "TIME_FORMAT")
