"""What anybody may read of open groups, without signing in: meetings, groups, approved minutes, recommendations.

Nothing here asks who reads. Every row comes through the `open_...` functions of `access`, so a closed group, its
meetings and its recommendations are not there for anybody.
"""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from collaboratives import access
from collaboratives.enums import RUNNING, GroupLevel, GroupMeetingStatus
from collaboratives.models import County
from collaboratives.views.group_meeting_record import agenda_of, decisions_of, state_of
from collaboratives.views.recommendations import with_state

PER_PAGE = 20
GROUPS_SHOWN = 50
STATE = "state"


@login_not_required  # the law opens these meetings to the public: anybody may know when and where
@require_safe
def open_meetings(request):
    """Meetings of all open groups, to come or past, of one county or of the state's groups if asked."""
    counties = list(County.objects.order_by("name"))
    county = next((county for county in counties if county.fips == request.GET.get("county")), None)
    is_state = request.GET.get("county") == STATE
    is_past = request.GET.get("when") == "past"
    now = timezone.now()
    meetings = _in_time(access.open_group_meetings(), is_past, now)
    if county or is_state:
        meetings = meetings.filter(group__in=_groups_of(county))
    meetings = meetings.select_related("group__kind_of").prefetch_related("group__counties")
    page = Paginator(meetings, PER_PAGE).get_page(request.GET.get("page"))
    for meeting in page:
        meeting.badge = state_of(meeting, now)
    groups = _groups_of(county).select_related("kind_of").order_by("name", "pk")[:GROUPS_SHOWN]
    context = {
        "page": page, "counties": counties, "county": county, "is_state": is_state, "is_past": is_past,
        "groups": list(groups) if county or is_state else [],
        "asked": f"county={county.fips if county else STATE}&" if county or is_state else "",
    }  # fmt: skip
    return render(request, "collaboratives/open_meetings.html", context)


def _in_time(meetings, is_past: bool, now):
    """Those to come, the nearest first and those called off where they would have been; or those past, newest first."""
    past = Q(ends_at__lte=now) | Q(status=GroupMeetingStatus.HELD)
    if is_past:
        return meetings.filter(past).order_by("-starts_at", "-pk")
    return meetings.exclude(past).order_by("starts_at", "pk")


def _groups_of(county: County | None):
    """Open groups of a county; without one, those of the state."""
    groups = access.open_groups()
    if county is None:
        return groups.filter(kind_of__level=GroupLevel.STATE)
    return groups.filter(pk__in=county.collaboratives.values("pk"))


@login_not_required  # what an open group is, who leads it and what it decided is public
@require_safe
def open_group(request, group_id):
    """What it is, when it meets next, who leads it, its approved minutes, what it recommends and what came back."""
    group = access.get_open_group(group_id)
    now = timezone.now()
    meetings = access.open_group_meetings().filter(group=group)
    coming = meetings.filter(status=GroupMeetingStatus.SET, ends_at__gt=now).order_by("starts_at", "pk")
    approved = meetings.filter(minutes_approved_at__isnull=False).order_by("-starts_at", "-pk")
    rows = access.open_recommendations().filter(group=group).select_related("to_group").order_by("-sent_on", "-pk")
    asked = Paginator(rows, PER_PAGE).get_page(request.GET.get("asked"))
    context = {
        "group": group, "counties": list(group.counties.all()), "next_meeting": coming.first(),
        "leaders": list(access.office_holders(group).filter(kind__in=RUNNING)),
        "minutes": Paginator(approved, PER_PAGE).get_page(request.GET.get("page")),
        "asked": asked, "recommendations": with_state(asked, timezone.localdate(now)),
    }  # fmt: skip
    return render(request, "collaboratives/open_group.html", context)


@login_not_required  # notice, agenda and approved minutes of an open meeting are public
@require_safe
def open_meeting(request, meeting_id):
    """Notice and agenda; once the minutes are approved, what was said and decided, with votes and counts, no names."""
    meeting = access.get_open_meeting(meeting_id)
    now = timezone.now()
    is_approved = meeting.is_approved
    is_ahead = meeting.status == GroupMeetingStatus.SET and meeting.ends_at > now
    context = {
        "group": meeting.group, "meeting": meeting, "badge": state_of(meeting, now), "agenda": agenda_of(meeting),
        "decisions": decisions_of(meeting) if is_approved else [], "can_read": is_approved, "is_ahead": is_ahead,
        "shows_link": is_ahead and meeting.link and meeting.link_is_public,
    }  # fmt: skip
    return render(request, "collaboratives/open_meeting.html", context)
