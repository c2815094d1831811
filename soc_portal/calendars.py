"""Meetings as calendar programs read them (RFC 5545): day, time, a link and the word "Meeting", and nothing else.

Such a file is read on lock screens, at work and in shared calendars, so it names nobody, no place and no purpose.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone
from icalendar.prop import vCalAddress, vUri

PRODUCT = "-//System of Care portal//Meetings//EN"
#: What a feed asks programs for; most look less often, whatever they are asked.
LOOK_AGAIN = dt.timedelta(hours=1)
CONFIRMED, CANCELLED = "CONFIRMED", "CANCELLED"
#: A file that tells of an event, and one that takes it back. Not REQUEST: that shows buttons to accept, whose answers
#: go to a mailbox that nobody reads. Programs know an event by its UID, and the newest of it by its SEQUENCE.
PUBLISH, CANCEL = "PUBLISH", "CANCEL"
#: The clocks of North Carolina, as its law has set them since 2007: two rules, instead of a line for every year.
CLOCKS = Timezone.from_ical("""\
BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
TZNAME:EDT
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
TZNAME:EST
END:STANDARD
END:VTIMEZONE
""").to_ical()


@dataclass(frozen=True)
class Entry:
    """One meeting in a calendar. `kind` and `number` say which row it is, `sequence` which version of that row."""

    kind: str
    number: int
    sequence: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    path: str
    changed_at: dt.datetime
    is_cancelled: bool = False

    @property
    def uid(self) -> str:
        """The same for as long as the portal lives: programs know the meeting again by it."""
        return f"{self.kind}-{self.number}@{settings.PORTAL_HOST}"

    @property
    def method(self) -> str:
        return CANCEL if self.is_cancelled else PUBLISH


def file_of(entry: Entry) -> bytes:
    """A file with one meeting, for a mail or to take along; in the language that is active."""
    return _bytes_of(_calendar([entry], entry.method))


def feed_of(entries: Iterable[Entry]) -> bytes:
    """A calendar to follow: the same bytes for the same meetings."""
    calendar = _calendar(entries, PUBLISH)
    calendar.add("x-wr-calname", _("Meetings"))
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    return _bytes_of(calendar)


def _calendar(entries: Iterable[Entry], method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    for entry in entries:
        calendar.add_component(_event(entry))
    return calendar


def _bytes_of(calendar: Calendar) -> bytes:
    """With the clocks before the first event. They are written out once: ten thousand mails may go in a minute."""
    body = calendar.to_ical()
    at = body.find(b"BEGIN:VEVENT")
    at = at if at >= 0 else body.rindex(b"END:VCALENDAR")
    return body[:at] + CLOCKS + body[at:]


def _on_the_wall(moment: dt.datetime) -> dt.datetime:
    """The day and time that the clocks of North Carolina show, with their zone.

    In the hour that comes twice in the fall a file can only say the first of the two, so the second is given as UTC.
    """
    local = moment.astimezone(ZoneInfo(settings.TIME_ZONE))
    return moment.astimezone(dt.UTC) if local.fold else local


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.astimezone(dt.UTC))
    event.add("last-modified", entry.changed_at.astimezone(dt.UTC))
    event.add("dtstart", _on_the_wall(entry.starts_at))
    event.add("dtend", _on_the_wall(entry.ends_at))
    event.add("summary", _("Meeting"))
    event.add("status", CANCELLED if entry.is_cancelled else CONFIRMED)
    event["url"] = vUri(settings.PORTAL_URL + entry.path)
    event["organizer"] = vCalAddress("mailto:" + parseaddr(settings.DEFAULT_FROM_EMAIL)[1])  # CANCEL needs one
    event.add("class", "PRIVATE")  # who shares a calendar shares the hour at most
    return event
