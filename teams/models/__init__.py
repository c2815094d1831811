"""Everything that a team is and has, split by noun: `team`, `plan`, `meeting`, and `outreach` for what it sends out."""

from teams.models.meeting import Decision, Guest, Meeting, Note, RecordItem, Topic
from teams.models.outreach import RaisedBarrier, ReferralSource
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
    "RaisedBarrier",
    "RecordItem",
    "ReferralSource",
    "Step",
    "Team",
    "TeamUserObjectPermission",
    "Topic",
    "Words",
    "WriteOnlyThroughActions",
]
