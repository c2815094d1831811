"""What the pages around an approved record show: the frozen content in words, and where the record stands."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from families.enums import Section
from teams import access
from teams.enums import CopyWay, HelpKind, MeetingStatus, TopicOutcome
from teams.forms.meetings import ATTENDANCE_WORDS
from teams.models import Meeting, Membership, RecordCopy, RecordVersion

OUTCOME_STATES = {TopicOutcome.TALKED: "done", TopicOutcome.MOVED: "wait", TopicOutcome.OPEN: "todo"}


@dataclass
class After:
    """Where the record of a meeting stands, for one reader."""

    meeting: Meeting
    versions: list[RecordVersion] = field(default_factory=list)
    side: str = ""

    @property
    def holding(self) -> RecordVersion | None:
        """The version that is approved or waits for the second yes."""
        return next((row for row in self.versions if row.ended_at is None), None)

    @property
    def is_approved(self) -> bool:
        return self.holding is not None and self.holding.approved_at is not None

    @property
    def is_held(self) -> bool:
        return self.meeting.status == MeetingStatus.HELD

    @property
    def may_approve(self) -> bool:
        """Whether this reader's own yes is still missing."""
        said = self.holding is not None and getattr(self.holding, f"{self.side}_at", None)
        return self.is_held and bool(self.side) and not self.is_approved and not said

    @property
    def state(self) -> tuple[str, str]:
        """The badge of the record: its look and its words."""
        if self.is_approved:
            return "done", _("Approved")
        if self.holding is None:
            return "todo", _("Not approved yet")
        missing = _("Waits for the facilitator's yes") if self.holding.family_at else _("Waits for the family's yes")
        return "wait", missing


def after_of(user, meeting: Meeting, *, with_side: bool = False) -> After:
    """The versions of a record without their content, the newest first. One query, and one more for some sides."""
    versions = access.visible_record_versions(user, meeting).filter(Q(ended_at=None) | Q(approved_at__isnull=False))
    found = list(versions.select_related("ended_by").defer("content").order_by("-number"))
    side = access.record_side(user, meeting.team, meeting) if with_side else ""
    return After(meeting=meeting, versions=found, side=side)


def copies_of(user, meeting: Meeting, version: RecordVersion) -> list[dict]:
    """Everybody who is owed a copy or has one, in the order of the team: how, since when, and what is still to do."""
    copies = {copy.membership_id: copy for copy in access.visible_copies(user, meeting)}
    version.meeting = meeting
    owed = list(access.copies_owed_to(version).in_order())
    there = {member.pk for member in owed}
    former = [copy.membership for copy in copies.values() if copy.membership_id not in there]
    return [_copy_row(member, copies.get(member.pk)) for member in [*owed, *former]]


def _copy_row(member: Membership, copy: RecordCopy | None) -> dict:
    way = CopyWay(copy.way) if copy else CopyWay(member.way_of_copies)
    return {"member": member, "copy": copy, "way": WAY_WORDS[way](), "to_give": copy is None and way == CopyWay.PAPER}


WAY_WORDS = {
    CopyWay.PORTAL: lambda: _("reads it here"),
    CopyWay.MAIL: lambda: _("told by e-mail that it is here"),
    CopyWay.PAPER: lambda: _("on paper"),
}


def in_words(content: dict) -> dict:
    """A frozen record with the words of its choices and its days as days."""
    attendance = {value.value if hasattr(value, "value") else value: words for value, words in ATTENDANCE_WORDS}
    about = next(iter(content["about"]), {})
    by_attendance = [
        (words, [row["name"] for row in content["guests"] if row["attendance"] == value])
        for value, words in attendance.items()
    ]
    return content | {
        "about": about,
        "starts_at": parse_datetime(about.get("starts_at", "")),
        "ends_at": parse_datetime(about.get("ends_at", "")),
        "attendance": [(words, names) for words, names in by_attendance if names],
        "helps": [row | {"kind_name": HelpKind(row["kind"]).label} for row in content["helps"]],
        "topics": [
            row | {"state": OUTCOME_STATES[TopicOutcome(row["outcome"])], "outcome": TopicOutcome(row["outcome"]).label}
            for row in content["topics"]
        ],
        "steps": [
            row | {"due_on": dt.date.fromisoformat(row["due_on"]) if row["due_on"] else None}
            for row in content["steps"]
        ],
        "has_substance_use": any(row["section"] == Section.SUBSTANCE_USE for rows in content.values() for row in rows),
    }  # fmt: skip
