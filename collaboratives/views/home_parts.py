"""What groups, counties and the state show on somebody's first page. Few queries each; none for whom it is not."""

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from collaboratives import access
from collaboratives.enums import GroupMeetingStatus
from collaboratives.models import Collaborative, GroupMeeting
from collaboratives.models.seating import running, with_counts
from collaboratives.views.barriers import open_barriers_facts
from collaboratives.views.number_parts import waits_of
from soc_portal.access.scope import scope_of
from soc_portal.measures.published import Published
from soc_portal.measures.quarters import out_by

#: How many groups the first page shows; the list behind it shows all.
MOST = 6


def home_groups(user) -> dict:
    """The groups in which one sits, with seats and next meeting; those whose statement waits. One query."""
    rights = scope_of(user).groups.values()
    to_sign = [right.group_id for right in rights if not right.may_read]
    rows = []
    if readable := scope_of(user).group_ids:
        groups = with_next_meeting(with_counts(running(access.visible_groups(user).filter(pk__in=readable))))
        rows = list(groups.select_related("kind_of").order_by("name", "pk")[: MOST + 1])
    return {"groups": rows[:MOST], "more_groups": len(rows) > MOST, "groups_to_sign": to_sign}


def with_next_meeting(groups):
    """The groups with `next_id` and `next_starts_at` of their next meeting."""
    coming = GroupMeeting.objects.live().filter(
        group=OuterRef("pk"), status=GroupMeetingStatus.SET, ends_at__gt=timezone.now()
    )
    first = coming.order_by("starts_at", "pk")
    return groups.annotate(
        next_id=Subquery(first.values("pk")[:1]), next_starts_at=Subquery(first.values("starts_at")[:1])
    )


def home_county(user) -> dict:
    """The open groups of one's counties with their empty seats, and the barriers that wait. Two queries."""
    groups = running(access.open_groups()).filter(counties__in=scope_of(user).county_ids, parent=None)
    rows = list(with_counts(Collaborative.objects.filter(pk__in=groups.values("pk"))).order_by("name", "pk")[:MOST])
    return {"county_groups": rows, "barriers": open_barriers_facts(user)}


def home_state(user) -> dict:
    """What is furthest from its aim in the newest quarter that has come out. Three queries."""
    published = Published(out_by(timezone.localdate())).last_out()
    quarter = published.quarters[-1]
    if not published.has(quarter):
        return {"waits": [], "quarter": None}
    counties = list(access.visible_number_counties(user))
    return {"waits": waits_of(published.with_counties(quarter=quarter), quarter, counties), "quarter": quarter}
