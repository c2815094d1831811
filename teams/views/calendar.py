"""My calendar: one's teams' meetings with one's groups' and the county's open ones; as a page, as files, as a feed."""

import datetime as dt
import re
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collaboratives.access import (
    get_calendar_meeting_for,
    open_meetings_in,
    own_group_meetings,
)
from collaboratives.emails import GROUP_MEETING
from collaboratives.enums import GroupMeetingStatus
from soc_portal.access.wall import acting_as
from soc_portal.accounts.access import get_feed, own_feed
from soc_portal.accounts.actions import end_feed, make_feed, note_feed_read
from soc_portal.audit.enums import Look
from soc_portal.calendars import Entry, feed_of, file_of
from teams import access
from teams.actions.looks import look, look_at_many
from teams.emails import TEAM_MEETING
from teams.enums import MeetingStatus

#: What a feed holds: this long ago, and this far ahead.
FEED_BACK, FEED_AHEAD = dt.timedelta(days=60), dt.timedelta(days=366)
CALENDAR_TYPE = "text/calendar; charset=utf-8"
MONTH = re.compile("(20[0-9]{2})-(0[1-9]|1[0-2])")


# --- The page --------------------------------------------------------------------------------------------------------
@dataclass
class Row:
    """One meeting of the page: whose it is, its pages, and whether another one is at the same time."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    words: str
    url: str
    file_url: str
    is_cancelled: bool = False
    is_open: bool = False
    at_once: bool = False

    @property
    def is_to_come(self) -> bool:
        """Whether it is worth a place in a phone."""
        return not self.is_cancelled and self.ends_at > timezone.now()


@require_safe
def calendar_page(request):
    """One month of everything that one may come to, day after day. `?month=2026-10`, `?open=1` with the county's."""
    month = _month_of(request.GET.get("month", ""))
    start, end = _midnight(month), _midnight(_next(month))
    with_open = request.GET.get("open") == "1"
    rows = [*_team_rows(request.user, start, end), *_group_rows(request.user, start, end, with_open)]
    rows.sort(key=lambda row: (row.starts_at, row.ends_at, row.url))
    mark_same_time(rows)
    feed = own_feed(request.user)
    address = settings.PORTAL_URL + _path_of_feed(feed) if feed else ""
    context = {
        "rows": rows, "month": month, "with_open": with_open, "feed": feed, "address": address,
        "webcal": "webcal://" + address.partition("://")[2], "before": _before(month), "after": _next(month),
    }  # fmt: skip
    return render(request, "teams/calendar.html", context)


def _month_of(text: str) -> dt.date:
    """The first day of the month in an address; of this month for none, and for nonsense."""
    found = MONTH.fullmatch(text)
    return dt.date(int(found[1]), int(found[2]), 1) if found else timezone.localdate().replace(day=1)


def _next(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=31)).replace(day=1)


def _before(month: dt.date) -> dt.date:
    return (month - dt.timedelta(days=1)).replace(day=1)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), timezone.get_default_timezone())


def _team_rows(user, start, end):
    meetings = access.calendar_meetings(user).filter(starts_at__gte=start, starts_at__lt=end)
    meetings = list(meetings.select_related("team__family").prefetch_related("team__children"))
    look_at_many(user, Look.CALENDAR, {meeting.team_id: meeting.team for meeting in meetings}.values())
    for meeting in meetings:
        yield Row(
            meeting.starts_at, meeting.ends_at, meeting.team.title, _path_of_team_meeting(meeting),
            reverse("teams:calendar_team_file", args=[meeting.pk]), meeting.status == MeetingStatus.CANCELLED,
        )  # fmt: skip


def _group_rows(user, start, end, with_open):
    meetings = own_group_meetings(user)
    if with_open:
        meetings = meetings | open_meetings_in(access.own_county_ids(user))
    mine = access.scope_of(user).group_ids
    for meeting in meetings.filter(starts_at__gte=start, starts_at__lt=end).select_related("group"):
        yield Row(
            meeting.starts_at, meeting.ends_at, meeting.group.name, _path_of_group_meeting(meeting),
            reverse("teams:calendar_group_file", args=[meeting.pk]),
            meeting.status == GroupMeetingStatus.CANCELLED, meeting.group_id not in mine,
        )  # fmt: skip


def mark_same_time(rows: list[Row]) -> None:
    """Mark the meetings that take place while another one does. Give them in the order of their starts."""
    going_on: list[Row] = []
    for row in (row for row in rows if not row.is_cancelled):
        going_on = [other for other in going_on if other.ends_at > row.starts_at]
        for other in going_on:
            other.at_once = row.at_once = True
        going_on.append(row)


# --- The address for calendar programs -------------------------------------------------------------------------------
@require_POST
def calendar_address_make(request):
    """Make the address, or a new one in the place of one that somebody else may know."""
    make_feed(user=request.user, now=timezone.now())
    messages.success(request, _("Your calendar has an address now. An old one no longer works."))
    return redirect("teams:calendar")


@require_POST
def calendar_address_end(request):
    """End it. To press twice does no harm."""
    end_feed(user=request.user, now=timezone.now())
    messages.success(request, _("The address no longer works."))
    return redirect("teams:calendar")


def _path_of_feed(feed) -> str:
    return reverse("teams:calendar_feed", args=[feed.token])


@login_not_required  # a calendar program can't sign in; the signed address, which its owner can end, is the permission
@require_safe
def calendar_feed(request, token):
    """When a person's meetings are, for their calendar program: no names, no places, no words."""
    feed = get_feed(token)
    now = timezone.now()
    window = {"starts_at__gte": now - FEED_BACK, "starts_at__lt": now + FEED_AHEAD}
    with acting_as(feed.user_id), translation.override(feed.user.language):
        meetings = list(access.calendar_meetings(feed.user).filter(**window).select_related("team"))
        groups = list(own_group_meetings(feed.user).filter(**window))
        entries = [_team_entry(meeting) for meeting in meetings] + [_group_entry(meeting) for meeting in groups]
        is_first_today = feed.read_at is None or timezone.localdate(feed.read_at) < timezone.localdate(now)
        if note_feed_read(feed=feed, now=now) and is_first_today:  # programs ask all day: once is told to the family
            look_at_many(feed.user, Look.CALENDAR, {row.team_id: row.team for row in meetings}.values())
        body = feed_of(sorted(entries, key=lambda entry: (entry.starts_at, entry.uid)))
    return _file(body)


# --- Files -----------------------------------------------------------------------------------------------------------
@require_safe
def calendar_team_file(request, meeting_id):
    """One meeting of a team, to put into a calendar program."""
    meeting = access.get_calendar_meeting_for(request.user, meeting_id)
    look(request.user, Look.CALENDAR, meeting.team, meeting)
    return _file(file_of(_team_entry(meeting)), "meeting.ics")


@require_safe
def calendar_group_file(request, meeting_id):
    """One meeting of a group, to put into a calendar program."""
    return _file(file_of(_group_entry(get_calendar_meeting_for(request.user, meeting_id))), "meeting.ics")


def _file(body: bytes, name: str = "") -> HttpResponse:
    response = HttpResponse(body, content_type=CALENDAR_TYPE)
    response["Cache-Control"] = "private, no-store"
    if name:
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _path_of_team_meeting(meeting) -> str:
    return reverse("teams:meeting_detail", kwargs={"team_id": meeting.team_id, "meeting_id": meeting.pk})


def _path_of_group_meeting(meeting) -> str:
    return reverse("collaboratives:group_meeting_detail", args=[meeting.group_id, meeting.pk])


def _team_entry(meeting) -> Entry:
    is_cancelled = meeting.status == MeetingStatus.CANCELLED
    return _entry(TEAM_MEETING, meeting, _path_of_team_meeting(meeting), is_cancelled)


def _group_entry(meeting) -> Entry:
    is_cancelled = meeting.status == GroupMeetingStatus.CANCELLED
    return _entry(GROUP_MEETING, meeting, _path_of_group_meeting(meeting), is_cancelled)


def _entry(kind: str, meeting, path: str, is_cancelled: bool) -> Entry:
    return Entry(
        kind=kind, number=meeting.pk, sequence=meeting.version, starts_at=meeting.starts_at, ends_at=meeting.ends_at,
        path=path, changed_at=meeting.updated_at, is_cancelled=is_cancelled,
    )  # fmt: skip
