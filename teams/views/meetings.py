"""Meetings: the list, the call, and one page that is an invitation before and the shared record after."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, Q, When
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collaboratives.enums import DeadlineKind
from soc_portal.audit.enums import Look
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from soc_portal.drafts.views import keep_typed
from soc_portal.redirects import next_of
from soc_portal.versions.actions import Conflict
from teams import access
from teams.actions import meetings as actions
from teams.actions.deadlines import day_to_aim_for
from teams.actions.looks import look
from teams.enums import MeetingStatus
from teams.forms.meetings import AnswerForm, AttendanceForm, MeetingForm, initial_of
from teams.models import Meeting
from teams.views.clashes import own_clash, say_how_it_stands, warn_of_clashes
from teams.views.meeting_merge import merged_of
from teams.views.meeting_record import history_of, record_of, state_of
from teams.views.record_parts import after_of
from teams.views.recording import next_suggested

PER_PAGE = 20
SOON_SHOWN = 50
MEETING_DEADLINES = (DeadlineKind.FIRST_MEETING, DeadlineKind.NEXT_MEETING)
COPIES = DeadlineKind.COPIES


@require_safe
def meeting_list(request, team_id):
    """What is to come first, then what was, newest first."""
    team = access.get_team_for(request.user, team_id)
    look(request.user, Look.MEETINGS, team)
    now = timezone.now()
    meetings = access.visible_meetings(request.user).filter(team=team)
    is_past = Q(ends_at__lte=now) | Q(status=MeetingStatus.HELD)
    called_off = Case(When(status=MeetingStatus.CANCELLED, then=1), default=0)  # what takes place comes first
    coming = list(meetings.exclude(is_past).order_by(called_off, "starts_at", "pk")[:SOON_SHOWN])
    past = Paginator(meetings.filter(is_past).order_by("-starts_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    for meeting in [*coming, *past]:
        meeting.badge = state_of(meeting, now)
    open_ones = access.visible_deadlines(request.user).filter(team=team, kind__in=[*MEETING_DEADLINES, COPIES])
    deadlines = list(open_ones.order_by("due_on", "pk"))
    context = {
        "team": team, "coming": coming, "past": past,
        "deadline": next((row for row in deadlines if row.kind != COPIES), None),
        "copies_due": next((row for row in deadlines if row.kind == COPIES), None),
        "today": timezone.localdate(now), "aim": day_to_aim_for(team), "can_call": _may_write(request.user, team),
        "polls": access.visible_polls(request.user).filter(team=team),
    }  # fmt: skip
    return render(request, "teams/meeting_list.html", context)


def _may_write(user, team) -> bool:
    return team.is_live and access.right_on(user, team).may_write


@require_http_methods(["GET", "POST"])
def meeting_call(request, team_id):
    """Anybody on the team calls a meeting."""
    team = access.get_written_team_for(request.user, team_id)
    kept = kept_for(request.user, request.path)
    form = MeetingForm(
        request.POST if request.method == "POST" else None,
        initial=kept.fields if kept else next_suggested(request, team) or _suggested(team),
        sections=access.writable_sections(request.user, team),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            meeting = actions.call_meeting(
                team=team, meeting=Meeting(**form.values), by=request.user, all_right=form.all_right_typed
            )
        except ValidationError as error:
            _say_beside(form, error)
        else:
            drafts.drop_drafts(user=request.user, path=request.path)
            say_how_it_stands(request, meeting)
            return _to_meeting(request.user, meeting)
    context = {"team": team, "form": form, "kept": kept if request.method == "GET" else None}
    return render(request, "teams/meeting_call.html", context, status=422 if form.errors else 200)


def _say_beside(form: MeetingForm, error: ValidationError) -> None:
    """A refusal of the action beside the field that it is about."""
    if error.code == "soon":
        form.ask_all_right(error)
    else:
        form.add_error("day" if error.code in ("past", "held") else None, error)


def _suggested(team) -> dict:
    """The day on which the team wishes to meet again, while it is to come."""
    day = day_to_aim_for(team)
    return {"day": day} if day and day > timezone.localdate() else {}


def _to_meeting(user, meeting: Meeting):
    """The page of the meeting; the list for somebody with whom the family does not share that part."""
    if access.can_view_meeting(user, meeting):
        return redirect("teams:meeting_detail", team_id=meeting.team_id, meeting_id=meeting.pk)
    return redirect("teams:meeting_list", team_id=meeting.team_id)


@require_safe
def meeting_detail(request, team_id, meeting_id):
    """The invitation before the meeting and its record after, the same page for family and staff."""
    meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
    look(request.user, Look.RECORD, meeting.team, meeting)
    return _detail(request, meeting)


def _detail(request, meeting: Meeting, answer: AnswerForm | None = None):
    record = record_of(request.user, meeting)
    own = record.own_guest
    kept = None
    if answer is None and own is not None:
        kept = kept_for(request.user, request.path) if record.can_answer else None
        answer = AnswerForm(initial={"coming": own.coming, "needs": own.needs} | (kept.fields if kept else {}))
    after = after_of(request.user, meeting)
    context = {
        "team": meeting.team, "meeting": meeting, "record": record, "answer": answer, "kept": kept, "after": after,
        "once": uuid.uuid4().hex,
        "may_write": _may_write(request.user, meeting.team) and not after.is_approved,
        "can_speak": access.can_write_own_words(request.user, meeting.team) and not after.is_approved,
        "own_person_id": None if after.is_approved else access.right_on(request.user, meeting.team).person_id,
        "can_share": access.can_share(request.user, meeting.team),
        "can_read_plan": access.can_read_plan(request.user, meeting.team),
        "can_order": access.can_order_agenda(request.user, meeting.team),
        "can_record": not after.is_approved and access.can_record(request.user, meeting, record.now),
    }  # fmt: skip
    if record.can_answer and not record.has_started:
        context["own_clash"] = own_clash(request.user, meeting)
    if meeting.status == MeetingStatus.ASKED:
        context["can_waive"] = access.can_waive_notice(request.user, meeting.team)
    return render(request, "teams/meeting_detail.html", context, status=422 if answer and answer.errors else 200)


@require_safe
def meeting_print(request, team_id, meeting_id):
    """The record on paper, as far as this reader may see it."""
    meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
    look(request.user, Look.RECORD_PRINT, meeting.team, meeting)
    record = record_of(request.user, meeting)
    return render(request, "teams/meeting_print.html", {"team": meeting.team, "meeting": meeting, "record": record})


@require_http_methods(["GET", "POST"])
def meeting_edit(request, team_id, meeting_id):
    """Change why, when and where; nobody's change is lost."""
    meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
    access.require_writer(request.user, meeting.team)
    kept = kept_for(request.user, request.path)
    typed = kept.fields if kept else {}
    form = MeetingForm(
        request.POST if request.method == "POST" else None, initial=initial_of(meeting) | typed, meeting=meeting,
        sections=access.writable_sections(request.user, meeting.team),
    )  # fmt: skip
    version = typed.get("version", meeting.version)
    if request.method == "POST":
        version = drafts.base_version_of(request.POST) or 0
        if form.is_valid():
            try:
                fresh = actions.change_meeting(
                    meeting=meeting, by=request.user, base_version=version, values=form.values,
                    all_right=form.all_right_typed,
                )  # fmt: skip
            except ValidationError as error:
                _say_beside(form, error)
            except Conflict as conflict:
                look(request.user, Look.ITEM, meeting.team, meeting)
                return _merge(request, meeting, version, conflict)
            else:
                drafts.drop_drafts(user=request.user, path=request.path)
                messages.success(request, _("The meeting is changed."))
                warn_of_clashes(request, fresh)
                return _to_meeting(request.user, meeting)
    look(request.user, Look.ITEM, meeting.team, meeting)  # also after a mistake: the page shows what was said before
    context = {"team": meeting.team, "meeting": meeting, "form": form, "version": version}
    context["kept"] = kept if request.method == "GET" else None
    context["history"] = history_of(request.user, meeting)
    return render(request, "teams/meeting_edit.html", context, status=422 if form.errors else 200)


def _merge(request, meeting: Meeting, base_version: int, conflict: Conflict):
    """Both texts side by side; the form holds one's own where they clash, and what the others saved elsewhere."""
    keep_typed(request, base_version or None)
    merged, clashes = merged_of(conflict)
    theirs = conflict.theirs
    form = MeetingForm(
        initial=initial_of(merged), sections=access.writable_sections(request.user, meeting.team), meeting=theirs
    )
    context = {
        "team": meeting.team, "meeting": theirs, "form": form, "version": theirs.version, "clashes": clashes,
        "who": str(theirs.updated_by), "kept": None,
        "history": [],
    }  # fmt: skip
    return render(request, "teams/meeting_edit.html", context, status=409)


@require_http_methods(["GET", "POST"])
def meeting_cancel(request, team_id, meeting_id):
    """Ask once, then call the meeting off."""
    meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
    access.require_writer(request.user, meeting.team)
    if request.method == "GET":
        look(request.user, Look.ITEM, meeting.team, meeting)
        return render(request, "teams/meeting_cancel.html", {"team": meeting.team, "meeting": meeting})
    try:
        actions.cancel_meeting(meeting=meeting, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    except Conflict:
        messages.error(request, _("Somebody just changed this meeting. Look at it again first."))
    else:
        messages.success(request, _("The meeting is called off. Everyone invited is told."))
    return redirect("teams:meeting_detail", team_id=meeting.team_id, meeting_id=meeting.pk)


@require_POST
def meeting_answer(request, team_id, meeting_id):
    """Say whether one is coming and what would help."""
    meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
    access.require_writer(request.user, meeting.team)
    guest = access.get_own_guest_for(request.user, meeting)
    guest.meeting = meeting
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            actions.answer_invitation(guest=guest, by=request.user, **form.answer_to(guest))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            drafts.drop_drafts(user=request.user, path=meeting_url(meeting))
            messages.success(request, _("Thank you. Your team can see your answer."))
            return redirect(next_of(request, meeting_url(meeting)))
    look(request.user, Look.RECORD, meeting.team, meeting)
    return _detail(request, meeting, form)


def meeting_url(meeting: Meeting) -> str:
    return reverse("teams:meeting_detail", kwargs={"team_id": meeting.team_id, "meeting_id": meeting.pk})


@require_http_methods(["GET", "POST"])
def attendance_edit(request, team_id, meeting_id):
    """Note who was there; two people can note at once."""
    meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
    access.require_writer(request.user, meeting.team)
    guests = list(access.visible_guests(request.user, meeting).order_by("pk"))
    form = AttendanceForm(request.POST if request.method == "POST" else None, guests=guests)
    now = timezone.now()
    if request.method == "POST" and form.is_valid():
        try:
            actions.note_attendance(meeting=meeting, marks=form.marks(), by=request.user, now=now)
        except ValidationError as error:
            form.add_error(None, error)
        except Conflict:
            form.add_error(None, _("Somebody just changed this meeting. Please send it again."))
        else:
            messages.success(request, _("It is noted who was there. Thank you."))
            return redirect(meeting_url(meeting))
    look(request.user, Look.ITEM, meeting.team, meeting)
    context = {"team": meeting.team, "meeting": meeting, "form": form}
    context["is_closed"] = meeting.status == MeetingStatus.CANCELLED
    context["is_early"] = meeting.starts_at > now
    return render(request, "teams/attendance_edit.html", context, status=422 if form.errors else 200)
