"""Counties and organizations (`places`), groups with their seats and meetings (`groups`), barriers (`barriers`).

Who sits where on a day: `collaboratives.models.seating`.
"""

from collaboratives.models.barriers import Barrier, BarrierMove
from collaboratives.models.groups import (
    AgendaItem,
    Collaborative,
    GroupAttendance,
    GroupDecision,
    GroupKind,
    GroupMeeting,
    Office,
    Recommendation,
    Seat,
    SeatCategory,
    Statement,
    Term,
)
from collaboratives.models.places import (
    Cohort,
    County,
    CountyRole,
    DatedQuerySet,
    Organization,
    PlanElement,
    StaffPosition,
    TimelineRule,
)

__all__ = [
    "AgendaItem",
    "Barrier",
    "BarrierMove",
    "Cohort",
    "Collaborative",
    "County",
    "CountyRole",
    "DatedQuerySet",
    "GroupAttendance",
    "GroupDecision",
    "GroupKind",
    "GroupMeeting",
    "Office",
    "Organization",
    "PlanElement",
    "Recommendation",
    "Seat",
    "SeatCategory",
    "StaffPosition",
    "Statement",
    "Term",
    "TimelineRule",
]
