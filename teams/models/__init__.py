"""Everything that a team is and has, split by noun: `team`, `plan`, `agreeing`, `talk`, `meeting`, `ending`,
and `outreach` for what it sends out."""

from teams.models.agreeing import Answer, PlanVersion
from teams.models.ending import Ending, LastWord
from teams.models.meeting import Decision, Guest, Meeting, Note, RecordItem, Topic
from teams.models.outreach import RaisedBarrier, ReferralSource
from teams.models.plan import Call, Cover, Goal, Item, Mandate, Need, PlanPart, Rating, Step, Strategy, Words
from teams.models.talk import Comment, Suggestion
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
    "Call",
    "Comment",
    "Consent",
    "Cover",
    "Deadline",
    "Decision",
    "Ending",
    "Goal",
    "Guest",
    "Invitation",
    "Item",
    "LastWord",
    "Mandate",
    "Meeting",
    "Membership",
    "Need",
    "Note",
    "PlanPart",
    "PlanVersion",
    "RaisedBarrier",
    "Rating",
    "RecordItem",
    "ReferralSource",
    "Step",
    "Strategy",
    "Suggestion",
    "Team",
    "TeamUserObjectPermission",
    "Topic",
    "Words",
    "WriteOnlyThroughActions",
]
