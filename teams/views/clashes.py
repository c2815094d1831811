"""Who has something else at the time of a meeting. Others learn how many, never what; what it is, the person alone."""

import datetime as dt
from dataclasses import dataclass, field

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from teams import access
from teams.enums import MeetingStatus
from teams.models import Meeting, Team


@dataclass
class Clash:
    """For one time: the accounts of others who have something else then, and one's own meetings with their pages."""

    others: set[int] = field(default_factory=set)
    own: list[tuple[dt.datetime, str]] = field(default_factory=list)

    def add(self, taken: access.Taken, *, is_own: bool) -> None:
        if not is_own:
            self.others.add(taken.account)
        elif (taken.starts_at, _page_of(taken)) not in self.own:  # somebody may hold two seats of one group
            self.own.append((taken.starts_at, _page_of(taken)))


def clashes_of(
    user, team: Team, section: str, times: list[tuple[dt.datetime, dt.datetime]], but: Meeting | None = None
) -> list[Clash]:
    """One `Clash` a time, in their order. Two queries, however many times and people; none without a time."""
    found = [Clash() for _time in times]
    if not times:
        return found
    accounts = access.accounts_asked(team, section) | {user.pk}
    since, until = min(start for start, _end in times), max(end for _start, end in times)
    for taken in access.taken_times(accounts, since, until, but):
        for clash, (start, end) in zip(found, times, strict=True):
            if taken.starts_at < end and taken.ends_at > start:
                clash.add(taken, is_own=taken.account == user.pk)
    return found


def own_clash(user, meeting: Meeting) -> list[tuple[dt.datetime, str]]:
    """One's own other meetings at this time, with their pages. One query."""
    clash = Clash()
    for taken in access.taken_times({user.pk}, meeting.starts_at, meeting.ends_at, meeting):
        clash.add(taken, is_own=True)
    return clash.own


def _page_of(taken: access.Taken) -> str:
    if taken.team_id:
        return reverse("teams:meeting_detail", args=[taken.team_id, taken.meeting_id])
    return reverse("collaboratives:group_meeting_detail", args=[taken.group_id, taken.meeting_id])


def warn_of_clashes(request, meeting: Meeting) -> None:
    """After a meeting was set or moved: nobody is booked twice without that it is said. It stays as it is."""
    if meeting.status not in (MeetingStatus.SET, MeetingStatus.ASKED) or meeting.starts_at <= timezone.now():
        return
    times = [(meeting.starts_at, meeting.ends_at)]
    (clash,) = clashes_of(request.user, meeting.team, meeting.section, times, but=meeting)
    if clash.others:
        messages.warning(request, others_words(len(clash.others)))
    if clash.own:
        messages.warning(request, _("You have another meeting yourself at that time."))


def others_words(count: int) -> str:
    return ngettext(
        "%(count)s person who is invited has another meeting then.",
        "%(count)s people who are invited have another meeting then.", count,
    ) % {"count": count}  # fmt: skip


def say_how_it_stands(request, meeting: Meeting) -> None:
    """After somebody called a meeting: it is set, or it waits for the family; and who has something else then."""
    when = date_format(timezone.localtime(meeting.starts_at), "DATETIME_FORMAT")
    if meeting.status == MeetingStatus.ASKED:
        words = _("This is soon, so the family is asked first. Everyone is invited when they say yes.")
        messages.success(request, words)
    else:
        messages.success(request, _("The meeting is set for %(when)s. Everyone invited is told.") % {"when": when})
    warn_of_clashes(request, meeting)
