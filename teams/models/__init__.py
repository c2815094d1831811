"""Everything that a team is and has, split by noun: `team`, `plan`, `agreeing`, `talk`, `meeting`, `calling`,
`records`, `ending`, and `outreach` for what it sends out."""

from teams.models.agreeing import Answer, PlanVersion
from teams.models.calling import AnswerLink, Slot, SlotAnswer, TimePoll
from teams.models.ending import Ending, LastWord
from teams.models.meeting import Decision, Guest, Help, Meeting, Note, RecordItem, Topic, WhatIf
from teams.models.outreach import RaisedBarrier, ReferralSource
from teams.models.plan import Call, Cover, Goal, Item, Mandate, Need, PlanPart, Rating, Step, Strategy, Words
from teams.models.records import Feedback, RecordCopy, RecordVersion
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
    "AnswerLink",
    "Call",
    "Comment",
    "Consent",
    "Cover",
    "Deadline",
    "Decision",
    "Ending",
    "Feedback",
    "Goal",
    "Guest",
    "Help",
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
    "RecordCopy",
    "RecordItem",
    "RecordVersion",
    "ReferralSource",
    "Slot",
    "SlotAnswer",
    "Step",
    "Strategy",
    "Suggestion",
    "Team",
    "TeamUserObjectPermission",
    "TimePoll",
    "Topic",
    "WhatIf",
    "Words",
    "WriteOnlyThroughActions",
]
