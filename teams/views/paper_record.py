"""The record of one meeting for paper: the same as its page for print, as far as its reader may see it."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from families.enums import Section
from soc_portal import days
from teams.forms.meetings import ATTENDANCE_WORDS
from teams.models import Meeting
from teams.views.meeting_record import Record
from teams.views.paper_words import (
    NEEDS_CARE,
    Pieces,
    Say,
    heading,
    names,
    quote,
    row,
    rows,
    section_of,
    signature,
    step_row,
    text,
    typed,
)

USUAL = Section.RECORDS


def record_heading(meeting: Meeting) -> str:
    return _t("Team meeting, %(day)s") % {"day": date_format(timezone.localtime(meeting.starts_at), "MONTH_DAY_FORMAT")}


def when_and_where(say: Say, meeting: Meeting) -> list[Pieces]:
    """When the meeting is and where, a line each."""
    lines = [say(lambda: span_of(meeting))]
    if meeting.place_words:
        lines.append(say(lambda: _t("Where: %(place)s") % {"place": meeting.place_words}))
    return lines


def span_of(meeting: Meeting) -> str:
    """From when to when: "Monday, December 7, from 5:30 to 6:30 pm"."""
    start, end = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
    return _t("%(day)s, from %(start)s to %(end)s") % {
        "day": days.long_day(start), "start": days.start_time(start, end), "end": date_format(end, "TIME_FORMAT"),
    }  # fmt: skip


def record_parts(say: Say, record: Record) -> list[dict]:
    """Everything of a meeting's record that its reader may read."""
    meeting = record.meeting
    parts: list[dict] = [{"is": "notice", "text": say(NEEDS_CARE)}] if record.holds_substance_use else []
    if meeting.purpose:
        parts += [heading(say(_("Why we meet"))), text(typed(meeting.purpose))]
    if record.words:
        parts.append(heading(say(_("In our own words"))))
        parts += [quote(words, signature(words.person)) for words in record.words]
    parts += _under(say, _("Who was there"), "list", _attendance(say, record))
    parts += _under(say, _("What helps people come"), "list", [_help(say, item) for item in record.parts.helps])
    parts += _under(say, _("What we came to talk about"), "list", [
        row(typed(item.text), [*_by(say, item), say(item.get_outcome_display), *section_of(say, item, USUAL)])
        for item in record.topics
    ])  # fmt: skip
    parts += _notes(say, record)
    parts += _under(say, _("What we decided"), "list", [row(typed(item.text), _differing(say, item))
                                                         for item in record.decisions])  # fmt: skip
    parts += _under(say, _("Plan B: what could go wrong?"), "list", [_what_if(say, item)
                                                                       for item in record.parts.what_ifs])  # fmt: skip
    return parts + _under(say, _("New steps"), "steps", [step_row(say, step, Section.PLAN) for step in record.steps])


def _under(say: Say, title, kind: str, found: list[dict]) -> list[dict]:
    return [heading(say(title)), *rows(kind, found)] if found else []


def _attendance(say: Say, record: Record) -> list[dict]:
    """What each answer is called in every language, with those who have it."""
    by_value: dict[str, list] = {}
    for guest in record.guests:
        by_value.setdefault(guest.attendance, []).append(guest.membership)
    if not record.is_noted:
        return []
    return [row(say(words), [names(by_value[value])]) for value, words in ATTENDANCE_WORDS if value in by_value]


def _help(say: Say, item) -> dict:
    """What helps, for whom, and who takes care of it."""
    facts = [typed(item.text)] if item.text else []
    facts += [typed(item.for_whom.name)] if item.for_whom else []
    if item.carrier:
        facts.append(say(lambda: _t("%(name)s takes care of it") % {"name": item.carrier.name}))
    else:
        facts.append(say(_("Nobody takes care of it yet")))
    return row(say(item.get_kind_of_display), [*facts, *section_of(say, item, USUAL)])


def _what_if(say: Say, item) -> dict:
    facts = section_of(say, item, USUAL)
    return row(typed(item.text), [typed(item.then_words), *facts] if item.then_words else facts)


def _by(say: Say, item) -> list[Pieces]:
    return [say(lambda: _t("From %(name)s") % {"name": item.created_by.name})]


def _notes(say: Say, record: Record) -> list[dict]:
    parts = [heading(say(_("What we said")))] if record.notes else []
    for note in record.notes:
        facts = [say(lambda note=note: _t("Written by %(name)s") % {"name": note.created_by.name})]
        facts += section_of(say, note, USUAL)
        parts += [heading(typed(note.title), 3), text(typed(note.text), facts=facts)]
    return parts


def _differing(say: Say, item) -> list[Pieces]:
    facts = section_of(say, item, USUAL)
    if item.differing_words:
        facts.append(say(lambda: _t("We see this differently: %(words)s") % {"words": item.differing_words}))
    return facts
