"""A clock that can be set, so that what happened in the past is written down as of then."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from soc_portal.notices import emails

SATURDAY = 5


class Clock:
    """What time it is in the story. Days count from today: `clock.go(-30, 9)` is nine in the morning 30 days ago."""

    def __init__(self, now: dt.datetime):
        self.started = now
        self.today = timezone.localdate(now)
        self.moment = now

    def at(self, days: int, hour: int = 10, minute: int = 0) -> dt.datetime:
        """The moment at that local time of day, so many days from today; a day that changes its hour is fine."""
        day = self.today + dt.timedelta(days=days)
        return dt.datetime.combine(day, dt.time(hour, minute), timezone.get_current_timezone())

    def day(self, days: int) -> dt.date:
        return self.today + dt.timedelta(days=days)

    def workday(self, days: int) -> int:
        """The same day, or the Friday before it when it falls on a weekend."""
        return days - max(self.day(days).weekday() - SATURDAY + 1, 0)

    def go(self, days: int, hour: int = 10, minute: int = 0) -> None:
        self.to(self.at(days, hour, minute))

    def to(self, moment: dt.datetime) -> None:
        """Set the clock. Nothing in the story happens after it is told."""
        if moment > self.started:
            raise ValueError(f"{moment} is still to come.")
        self.moment = moment

    def on(self, minutes: int = 5) -> None:
        """Some minutes later."""
        self.to(self.moment + dt.timedelta(minutes=minutes))


@contextmanager
def story_time() -> Iterator[Clock]:
    """Within the block, "now" is what the clock says, and no mail is sent.

    Actions ask `timezone.now()`, and so do the defaults of model fields, which hold that very function: replacing the
    function would miss them. So the class that it asks in turn is replaced, in that one module. It holds for the whole
    process: for a command that runs alone, never for one that serves.
    """
    clock = Clock(timezone.now())

    class StoryTime(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            return clock.moment.astimezone(tz)

    real_class, real_wake = timezone.datetime, emails.wake_sender
    timezone.datetime, emails.wake_sender = StoryTime, _let_sleep
    try:
        yield clock
    finally:
        timezone.datetime, emails.wake_sender = real_class, real_wake


def _let_sleep() -> None:
    """Notices of the past are not sent now."""
