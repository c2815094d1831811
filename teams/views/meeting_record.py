"""What the pages of one meeting show to one reader: their own part of the record, and nothing of the rest.

Seven queries, however long the record is: guests with their people, own words, topics, notes, decisions, steps with who
does them, and who may read.
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from families.enums import Section
from teams import access
from teams.enums import Attendance, Coming, MeetingStatus
from teams.forms.meetings import ATTENDANCE_WORDS
from teams.models import Decision, Guest, Meeting, Membership, Note, Step, Topic, Words

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
    topics: list[Topic]
    notes: list[Note]
    decisions: list[Decision]
    steps: list[Step]
    readers: list
    own_guest: Guest | None = None
    own_person_id: int | None = None
    now: dt.datetime = field(default_factory=timezone.now)

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
        rows = [self.meeting, *self.words, *self.topics, *self.notes, *self.decisions, *self.steps]
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
        rows = [self.meeting, *self.words, *self.topics, *self.notes, *self.decisions, *self.steps]
        rows.sort(key=lambda row: (row.updated_at, row.pk), reverse=True)
        return [(row.updated_at, change_words(row)) for row in rows[:CHANGES_SHOWN]]


def _helps(guest: Guest) -> list[str]:
    person, words = guest.membership.person, []
    if person is not None and person.needs_interpreter:
        words.append(_("Interpreter needed: %(language)s") % {"language": person.get_language_display()})
    if person is not None and person.access_needs:
        words.append(person.access_needs)
    return [*words, guest.needs] if guest.needs else words


def state_of(meeting: Meeting, now: dt.datetime) -> tuple[str, str]:
    """The badge of a meeting: its look and its words."""
    if meeting.status == MeetingStatus.CANCELLED:
        return "stop", _("Called off")
    if meeting.status == MeetingStatus.HELD:
        return "done", _("Took place")
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
    record = Record(
        meeting=meeting, guests=guests, now=now,
        words=_parts(user, meeting, Words, "person"), topics=_parts(user, meeting, Topic),
        notes=_parts(user, meeting, Note), decisions=_parts(user, meeting, Decision),
        steps=_steps(user, meeting), readers=list(access.readers(meeting.team, meeting.section)),
    )  # fmt: skip
    right = access.right_on(user, meeting.team)
    record.own_person_id = right.person_id
    record.own_guest = next((guest for guest in guests if guest.membership_id == right.membership_id), None)
    return record


def _still_invited(guest: Guest, meeting: Meeting) -> bool:
    """Somebody who stepped back before the meeting is not expected there any more."""
    ended = guest.membership.ended_at
    return ended is None or ended >= meeting.starts_at or guest.attendance != Attendance.UNKNOWN


def _parts(user, meeting: Meeting, model, *related) -> list:
    parts = access.team_items(user, meeting.team, model).filter(meeting=meeting)
    rows = list(parts.select_related("created_by", "updated_by", *related))
    for row in rows:
        row.meeting = meeting
    return rows


def _steps(user, meeting: Meeting) -> list[Step]:
    """Steps with who does them, in one query: a row for each pair of step and member."""
    rows = access.team_items(user, meeting.team, Step).filter(meeting=meeting).select_related("updated_by")
    rows = rows.annotate(**{f"who_{name}": F(f"who__{name}") for name in FACE}).order_by("place", "pk", "who__pk")
    steps: dict[int, Step] = {}
    for row in rows:
        step = steps.setdefault(row.pk, row)
        members = step.__dict__.setdefault("people", [])
        if row.who_pk is not None:
            members.append(Membership(**{name: getattr(row, f"who_{name}") for name in FACE}))
    return list(steps.values())
