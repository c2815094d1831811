"""Everything that a team is and has: split by noun into `team`, `plan` and `meeting`."""

from teams.models.meeting import Decision, Guest, Meeting, Note, RecordItem, Topic
from teams.models.plan import Answer, Goal, Item, Need, PlanVersion, Step, Words
from teams.models.team import (
    Consent,
    Deadline,
    Invitation,
    Membership,
    Team,
    TeamUserObjectPermission,
    WriteOnlyThroughActions,
)

__all__ = [
    "Answer",
    "Consent",
    "Deadline",
    "Decision",
    "Goal",
    "Guest",
    "Invitation",
    "Item",
    "Meeting",
    "Membership",
    "Need",
    "Note",
    "PlanVersion",
    "RecordItem",
    "Step",
    "Team",
    "TeamUserObjectPermission",
    "Topic",
    "Words",
    "WriteOnlyThroughActions",
]
