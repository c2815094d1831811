"""What the pages of one meeting show to one reader: their own part of the record, and nothing of the rest.

Five queries, however long the record is: guests with their people, own words, what everybody wrote (see
`record_rows`), steps with who does them, and who may read.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from families.enums import Section
from teams import access
from teams.enums import OPEN_STEPS, Attendance, Coming, HelpKind, MeetingStatus
from teams.forms.meetings import ATTENDANCE_WORDS
from teams.models import Decision, Goal, Guest, Help, Meeting, Membership, Note, Step, Topic, WhatIf, Words
from teams.views.record_rows import Parts, read_parts

CHANGES_SHOWN = 8
HISTORY_SHOWN = 20
#: What a page shows of somebody who does a step.
FACE = ("pk", "name", "kind", "role_words", "accepted_at")


@dataclass
class Record:
    """One meeting as one person may read it."""

    meeting: Meeting
    guests: list[Guest]
    words: list[Words]
    parts: Parts
    steps: list[Step]
    #: Open steps of the plan that are due by the day of the meeting.
    due: list[Step]
    readers: list
    own_guest: Guest | None = None
    own_person_id: int | None = None
    now: dt.datetime = field(default_factory=timezone.now)

    @property
    def topics(self) -> list[Topic]:
        """The agenda, each with `said` (the notes on it) and `is_late`."""
        return self.parts.topics

    @property
    def notes(self) -> list[Note]:
        return self.parts.notes

    @property
    def beside(self) -> list[Note]:
        """Notes on nothing that this reader sees on the agenda."""
        topics = {topic.pk for topic in self.parts.topics}
        return [note for note in self.parts.notes if note.topic_id not in topics]

    @property
    def decisions(self) -> list[Decision]:
        return self.parts.decisions

    @property
    def rated(self) -> list[Goal]:
        """Goals of the plan of which somebody said how far they are."""
        return [goal for goal in self.parts.goals if goal.last is not None]

    @property
    def written(self) -> list:
        """Everything that belongs to this meeting alone."""
        parts = self.parts
        return [
            *self.words, *parts.topics, *parts.notes, *parts.decisions, *parts.what_ifs, *parts.helps, *self.steps,
        ]  # fmt: skip

    @property
    def query(self) -> str:
        """What an added part of the record belongs to, in the address of its form."""
        return f"?meeting={self.meeting.pk}"

    @property
    def own_words(self) -> Words | None:
        """What this person has said about the meeting already."""
        return next((row for row in self.words if row.person_id == self.own_person_id), None)

    @property
    def has_started(self) -> bool:
        return self.meeting.starts_at <= self.now

    @property
    def is_over(self) -> bool:
        """Whether the page is a record by now and no longer an invitation."""
        return self.meeting.status == MeetingStatus.HELD or self.meeting.ends_at <= self.now

    @property
    def can_answer(self) -> bool:
        return self.own_guest is not None and self.meeting.status == MeetingStatus.SET and not self.is_over

    @property
    def holds_substance_use(self) -> bool:
        """Whether the notice of 42 CFR Part 2 belongs on the page, on screen and on paper."""
        rows = [self.meeting, *self.written, *self.due, *self.parts.strengths, *self.parts.goals]
        return any(row.section == Section.SUBSTANCE_USE for row in rows)

    @property
    def attendance(self) -> list[tuple[str, list]]:
        """(words, members) for each answer that somebody has, in the order of the form."""
        rows = [
            (words, [g.membership for g in self.guests if g.attendance == value]) for value, words in ATTENDANCE_WORDS
        ]
        return [(words, members) for words, members in rows if members]

    @property
    def is_noted(self) -> bool:
        return any(guest.attendance != Attendance.UNKNOWN for guest in self.guests)

    @property
    def answers(self) -> list[tuple[str, list]]:
        """(words, members) by what they answered to the invitation."""
        order = [(Coming.YES, _("Coming")), (Coming.NO, _("Cannot come")), (Coming.NO_ANSWER, _("No answer yet"))]
        by_answer: dict[str, list] = {}
        for guest in self.guests:
            by_answer.setdefault(guest.coming, []).append(guest.membership)
        return [(words, by_answer[value]) for value, words in order if value in by_answer]

    @property
    def helps(self) -> list[tuple[object, list[str]]]:
        """(member, what helps them take part) for everybody who said something and is not staying away."""
        rows = [(guest.membership, _helps(guest)) for guest in self.guests if guest.coming != Coming.NO]
        return [(member, words) for member, words in rows if words]

    @property
    def suggested(self) -> list[tuple[Guest, str]]:
        """(guest, what would help) for everybody of whom it is known and for whom it is not on the list yet."""
        there = {(row.for_whom_id, row.kind_of == HelpKind.INTERPRETER) for row in self.parts.helps}
        rows = [
            (guest, words, is_interpreter)
            for guest in self.guests if guest.coming != Coming.NO
            for words, is_interpreter in _known_helps(guest)
        ]  # fmt: skip
        return [(guest, words) for guest, words, kind in rows if (guest.membership_id, kind) not in there]

    @property
    def not_told(self) -> list:
        """Guests who can't open this page: somebody has to tell them."""
        told = {member.pk for member in self.readers}
        return [guest.membership for guest in self.guests if guest.membership_id not in told]

    @property
    def state(self) -> tuple[str, str]:
        """The badge of the meeting: its look and its words."""
        return state_of(self.meeting, self.now)

    @property
    def changes(self) -> list[tuple[dt.datetime, str]]:
        """(when, words) of the last changes in what this person may read, newest first."""
        rows = [self.meeting, *self.written]
        rows.sort(key=lambda row: (row.updated_at, row.pk), reverse=True)
        return [(row.updated_at, change_words(row)) for row in rows[:CHANGES_SHOWN]]


def _helps(guest: Guest) -> list[str]:
    return [words for words, _is_interpreter in _known_helps(guest)]


def _known_helps(guest: Guest) -> list[tuple[str, bool]]:
    """(words, whether it is an interpreter) of what is known to help somebody."""
    person, words = guest.membership.person, []
    if person is not None and person.needs_interpreter:
        told = _("Interpreter needed: %(language)s") % {"language": person.get_language_display()}
        words.append((told, True))
    if person is not None and person.access_needs:
        words.append((person.access_needs, False))
    return [*words, (guest.needs, False)] if guest.needs else words


def state_of(meeting: Meeting, now: dt.datetime) -> tuple[str, str]:
    """The badge of a meeting: its look and its words."""
    if meeting.status == MeetingStatus.CANCELLED:
        return "stop", _("Called off")
    if meeting.status == MeetingStatus.HELD:
        return "done", _("Took place")
    if meeting.status == MeetingStatus.ASKED:
        return "wait", str(MeetingStatus.ASKED.label)
    if meeting.starts_at > now:
        return "todo", _("Coming up")
    if meeting.ends_at > now:
        return "doing", _("Under way now")
    return "wait", _("Say who was there")


def change_words(row) -> str:
    """What somebody did last to a part of the record, as a whole sentence without its content."""
    who = {"name": str(row.updated_by or "")}
    added = row.version == 1
    sentences = {
        Meeting: (_("%(name)s called this meeting"), _("%(name)s changed this meeting")),
        Words: (_("%(name)s wrote their own words"), _("%(name)s changed their own words")),
        Topic: (_("%(name)s added something to talk about"), _("%(name)s changed something to talk about")),
        Note: (_("%(name)s added a note"), _("%(name)s changed a note")),
        Decision: (_("%(name)s added a decision"), _("%(name)s changed a decision")),
        WhatIf: (_("%(name)s added a plan B"), _("%(name)s changed a plan B")),
        Help: (_("%(name)s added what would help"), _("%(name)s changed what would help")),
        Step: (_("%(name)s added a step"), _("%(name)s changed a step")),
    }
    return sentences[type(row)][0 if added else 1] % who


def history_of(user, meeting: Meeting) -> list[dict]:
    """What was said about when, where and why before, newest first. One query."""
    revisions = access.visible_revisions(user, meeting.team, meeting)[:HISTORY_SHOWN]
    return [
        {
            "at": row.at,
            "name": row.by_name,
            "starts_at": dt.datetime.fromisoformat(row.state["starts_at"]),
            "place": row.state["place_words"],
            "purpose": row.state["purpose"],
        }
        for row in revisions
    ]


def record_of(user, meeting: Meeting, now: dt.datetime | None = None) -> Record:
    """The meeting with every part of its record that this person may read."""
    now = now or timezone.now()
    guests = list(access.visible_guests(user, meeting).select_related("membership__person"))
    guests = [guest for guest in guests if _still_invited(guest, meeting)]
    steps = _steps(user, meeting)
    record = Record(
        meeting=meeting, guests=guests, now=now, words=_words(user, meeting), parts=read_parts(user, meeting),
        steps=[step for step in steps if step.meeting_id == meeting.pk],
        due=[step for step in steps if step.meeting_id != meeting.pk],
        readers=list(access.readers(meeting.team, meeting.section)),
    )  # fmt: skip
    right = access.right_on(user, meeting.team)
    record.own_person_id = right.person_id
    record.own_guest = next((guest for guest in guests if guest.membership_id == right.membership_id), None)
    return record


def _still_invited(guest: Guest, meeting: Meeting) -> bool:
    """Somebody who stepped back before the meeting is not expected there any more."""
    ended = guest.membership.ended_at
    return ended is None or ended >= meeting.starts_at or guest.attendance != Attendance.UNKNOWN


def _words(user, meeting: Meeting) -> list[Words]:
    words = access.team_items(user, meeting.team, Words).filter(meeting=meeting)
    rows = list(words.select_related("created_by", "updated_by", "person"))
    for row in rows:
        row.meeting = meeting
    return rows


def _steps(user, meeting: Meeting) -> list[Step]:
    """Steps made at this meeting, and those of the plan that are due by then, for whoever reads the plan.

    With who does them, in one query: a row for each pair of step and member.
    """
    wanted = Q(meeting=meeting)
    if access.can_read_plan(user, meeting.team) and meeting.status != MeetingStatus.CANCELLED:
        day = timezone.localdate(meeting.starts_at)
        wanted |= Q(goal__isnull=False, status__in=OPEN_STEPS, due_on__lte=day)
    rows = access.team_items(user, meeting.team, Step).filter(wanted).select_related("updated_by")
    rows = rows.annotate(**{f"who_{name}": F(f"who__{name}") for name in FACE}).order_by("place", "pk", "who__pk")
    steps: dict[int, Step] = {}
    for row in rows:
        step = steps.setdefault(row.pk, row)
        members = step.__dict__.setdefault("people", [])
        if row.who_pk is not None:
            members.append(Membership(**{name: getattr(row, f"who_{name}") for name in FACE}))
    return list(steps.values())
