"""The page on which a team records its meeting together while it goes on: a tap a person, a form in place for the rest.

Every button works without scripts too. What others write comes in by itself: the page asks for it every few seconds, is
answered only if there is something new, and no form that somebody types in is touched. Asking does not keep a session
alive (see `soc_portal.middleware.IdleLock`).
"""

import datetime as dt
import hashlib

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from collaboratives.enums import DeadlineKind
from collaboratives.models import TimelineRule
from soc_portal.audit.enums import Look
from soc_portal.middleware import no_sign_of_life
from soc_portal.redirects import next_of
from soc_portal.versions.actions import Conflict
from teams import access
from teams.actions import recording as actions
from teams.actions.agenda import move_topic
from teams.actions.items import change_item
from teams.actions.looks import look
from teams.enums import HIGHEST_RATING, OPENS_BEFORE, Attendance, TopicOutcome
from teams.forms.meetings import ATTENDANCE_WORDS, initial_of
from teams.models import Meeting, Membership
from teams.views.item_parts import recorded
from teams.views.meeting_record import Record, record_of

#: Where no rule of the county says when teams should meet again.
NEXT_IN_DAYS = 30
TAPS = [(mark, words) for mark, words in ATTENDANCE_WORDS if mark != Attendance.UNKNOWN]
RATINGS = range(HIGHEST_RATING + 1)


@require_safe
def meeting_record(request, team_id, meeting_id):
    """The meeting as it is recorded: everybody who may write on the team writes here, several at once."""
    meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
    access.require_writer(request.user, meeting.team)
    if access.visible_record_versions(request.user, meeting).approved().exists():
        messages.info(request, _("This record is approved and stays as it is. It can be opened again here."))
        return redirect(_url("record_detail", meeting))
    look(request.user, Look.RECORD, meeting.team, meeting)
    return render(request, "teams/meeting_recording.html", _context(request, meeting))


def _context(request, meeting: Meeting) -> dict:
    now = timezone.now()
    record = record_of(request.user, meeting, now)
    agenda_now = _agenda(record)
    return {
        "team": meeting.team, "meeting": meeting, "record": record, "may_write": True,
        "is_open": access.can_record(request.user, meeting, now),
        "is_early": meeting.starts_at - OPENS_BEFORE > now,
        "can_speak": access.can_write_own_words(request.user, meeting.team),
        "can_order": access.can_order_agenda(request.user, meeting.team),
        "can_read_plan": access.can_read_plan(request.user, meeting.team),
        "own_person_id": record.own_person_id, "taps": TAPS, "ratings": RATINGS,
        "others": access.members_not_invited(request.user, meeting),
        "following": access.following_meeting(request.user, meeting), "stamp": _stamp(record),
        "agenda_now": agenda_now, "agenda": agenda_now, "oob": False, "problem": "",
        "query": f"{record.query}&record={meeting.pk}", "plain_query": f"?record={meeting.pk}",
    }  # fmt: skip


def _stamp(record: Record) -> str:
    """A short word that is another one as soon as anything on the page is."""
    rows = [*record.written, *record.parts.strengths]
    told = [f"{row.kind}:{row.pk}:{row.version}:{getattr(row, 'place', 0)}" for row in rows]
    told += [f"{guest.pk}:{guest.attendance}" for guest in record.guests]
    told += [f"{goal.pk}:{goal.here.pk}:{goal.here.version}" for goal in record.parts.goals if goal.here]
    return hashlib.sha256(" ".join(told).encode()).hexdigest()[:16]


def _agenda(record: Record) -> str:
    """The same for what is on the agenda and in which order: a page can't grow a new topic by itself."""
    return hashlib.sha256(" ".join(f"{row.pk}:{row.text}" for row in record.topics).encode()).hexdigest()[:16]


@require_safe
@no_sign_of_life
def record_news(request, team_id, meeting_id):
    """The lists of the page as they stand, if they are not as the page has them (204)."""
    meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
    access.require_writer(request.user, meeting.team)
    context = _context(request, meeting)
    if request.GET.get("seen") == context["stamp"]:
        return HttpResponse(status=204)
    look(request.user, Look.RECORD, meeting.team, meeting)
    return render(
        request, "teams/meeting_news.html", context | {"oob": True, "agenda": _word(request.GET.get("agenda"))}
    )


def _word(text: str | None) -> str:
    return text if text and text.isalnum() and len(text) <= 16 else ""


@require_POST
def attendance_tap(request, team_id, meeting_id, guest_id):
    """One person came, sent word, was on the phone or did not come: one tap."""
    meeting = _written_meeting(request, team_id, meeting_id)
    guest = access.get_guest_for(request.user, meeting, guest_id)
    mark, was = request.POST.get("mark", ""), request.POST.get("was", "")

    def tap():
        actions.tap_attendance(meeting=meeting, guest=guest, mark=mark, was=was, by=request.user, now=timezone.now())

    problem = _problem_of(tap)
    if not request.htmx:
        return _back(request, meeting, problem, f"#guest-{guest.pk}")
    fresh = access.get_guest_for(request.user, meeting, guest_id)
    context = {"guest": fresh, "team": meeting.team, "meeting": meeting, "taps": TAPS, "problem": problem, "oob": False}
    return render(request, "teams/parts/guest_taps.html", context, status=409 if problem else 200)


@require_POST
def guest_add(request, team_id, meeting_id):
    """Somebody of the team who was not on the list is here."""
    meeting = _written_meeting(request, team_id, meeting_id)
    number = request.POST.get("membership", "")
    known = access.visible_memberships(request.user).filter(team=meeting.team)
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    member = known.select_related("team").filter(pk=number).first() if is_number else None

    def add():
        actions.note_somebody_else(
            meeting=meeting, membership=member or Membership(), by=request.user, now=timezone.now()
        )

    return _back(request, meeting, _problem_of(add), "#here")


@require_POST
def goal_rate(request, team_id, meeting_id, goal_id):
    """How far a goal is, from 0 to 10: one tap. The same goal again corrects the number of this meeting."""
    meeting = _written_meeting(request, team_id, meeting_id)
    goal = access.get_item_for(request.user, meeting.team, "goal", goal_id)
    text, version = request.POST.get("value", ""), request.POST.get("version", "")
    if text not in map(str, RATINGS):
        return _back(request, meeting, _("Write a number from 0 to 10."), f"#rate-{goal.pk}")
    base = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0

    def rate():
        there = goal.ratings.live().filter(meeting=meeting).first()
        actions.rate_goal(
            meeting=meeting, goal=goal, rating=there, value=int(text), base_version=base, by=request.user,
            now=timezone.now(),
        )  # fmt: skip

    problem = _problem_of(rate)
    if not request.htmx:
        return _back(request, meeting, problem, f"#rate-{goal.pk}")
    found = [row for row in record_of(request.user, meeting).parts.goals if row.pk == goal.pk]
    context = {
        "team": meeting.team,
        "meeting": meeting,
        "ratings": RATINGS,
        "problem": problem,
        "goal": found[0],
        "oob": False,
    }
    return render(request, "teams/parts/goal_taps.html", context, status=409 if problem else 200)


@require_POST
def topic_move(request, team_id, meeting_id, topic_id):
    """Put something on the agenda one place up or down: the family's own."""
    meeting = _written_meeting(request, team_id, meeting_id)
    topic = access.get_topic_for(request.user, meeting, topic_id)
    access.require_agenda_owner(request.user, meeting.team)
    topic.meeting = meeting
    if problem := _problem_of(lambda: move_topic(topic=topic, by=request.user, up=request.POST.get("up") == "1")):
        messages.error(request, problem)
    return HttpResponseRedirect(next_of(request, _url("meeting_detail", meeting)) + f"#topic-{topic.pk}")


@require_POST
def topic_outcome(request, team_id, meeting_id, topic_id):
    """What became of something on the agenda: one tap."""
    meeting = _written_meeting(request, team_id, meeting_id)
    topic = access.get_topic_for(request.user, meeting, topic_id)
    outcome, version = request.POST.get("outcome", ""), request.POST.get("version", "")
    base = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0

    def change():
        if outcome not in TopicOutcome.values:
            raise ValidationError(_("Choose what became of it from the list."))
        topic.meeting, topic.team = meeting, meeting.team
        actions.require_open(meeting, timezone.now())
        change_item(
            team=meeting.team, item=topic, by=request.user, base_version=base, values={"outcome": outcome}
        )  # fmt: skip

    problem = _problem_of(change)
    if request.htmx:
        return recorded(request, problem or _("The topic is saved."))
    return _back(request, meeting, problem, f"#topic-{topic.pk}")


def _written_meeting(request, team_id, meeting_id) -> Meeting:
    meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
    access.require_writer(request.user, meeting.team)
    return meeting


def _problem_of(change) -> str:
    """Do it; why it was not done, in plain words, or nothing."""
    try:
        change()
    except ValidationError as error:
        return error.messages[0]
    except Conflict:
        return _("Somebody else just changed this. Look at it again.")
    return ""


def _back(request, meeting: Meeting, problem: str, anchor: str):
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, _("It is saved."))
    return redirect(_url("meeting_record", meeting) + anchor)


def _url(name: str, meeting: Meeting) -> str:
    return reverse(f"teams:{name}", args=[meeting.team_id, meeting.pk])


def next_suggested(request, team) -> dict[str, object]:
    """For a meeting that is called from the page of another one: its place and time, on the day to aim for."""
    number = request.GET.get("after", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return {}
    meeting = access.visible_meetings(request.user).filter(team=team, pk=number).first()
    if meeting is None:
        return {}
    day = timezone.localdate(meeting.starts_at)
    rule = TimelineRule.objects.holding(DeadlineKind.MEETING_WANTED, day)
    wanted = day + dt.timedelta(days=rule.days if rule else NEXT_IN_DAYS)
    return initial_of(meeting) | {"day": max(wanted, timezone.localdate()), "purpose": ""}
