"""During and after a group's meeting: agenda, who was there, decisions, minutes and their approval."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collaboratives import access
from collaboratives.actions import group_meetings as actions
from collaboratives.enums import GroupMeetingStatus
from collaboratives.forms.group_meetings import (
    OPEN_TO_ALL,
    AgendaForm,
    AgendaItemForm,
    GroupAttendanceForm,
    GroupDecisionForm,
    MinutesForm,
    initial_of_decision,
    initial_of_item,
    initial_of_minutes,
)
from collaboratives.models import AgendaItem, GroupAttendance, GroupDecision, GroupMeeting
from collaboratives.views import saving
from collaboratives.views.group_meeting_record import record_of
from collaboratives.views.group_meetings import meeting_url
from soc_portal.versions.actions import Conflict
from soc_portal.versions.models import Revision

HISTORY_SHOWN = 20


def _page(meeting: GroupMeeting, make_form, anchor="", **words) -> saving.Page:
    """A page with a form that belongs to a meeting and leads back to it."""
    context = {"group": meeting.group, "meeting": meeting}
    back = meeting_url(meeting)
    return saving.Page(make_form=make_form, back_url=back, done_url=back + anchor, context=context, **words)


def _warn(page: saving.Page, meeting: GroupMeeting, words: str) -> None:
    """What writers of an open group are reminded of, beside the form."""
    if meeting.group.kind_of.open_meetings:
        page.context["reminder"] = words


# --- Agenda ----------------------------------------------------------------------------------------------------------
def _no_names() -> str:
    return _("%(open)s Write no names of families or children.") % {"open": OPEN_TO_ALL}


@require_http_methods(["GET", "POST"])
def agenda_add(request, group_id, meeting_id):
    """Any member puts something on the agenda."""
    meeting = access.get_group_meeting_for(request.user, group_id, meeting_id)
    access.require_agenda_writer(request.user, meeting.group)
    page = _page(
        meeting, lambda data, initial: AgendaForm(data, initial=initial), "#agenda", title=_("Agenda"),
        heading=_("Add to the agenda"), act=_("Add it"), done_words=_("It is on the agenda."),
    )  # fmt: skip
    _warn(page, meeting, _no_names())

    def save(form):
        actions.add_agenda_item(meeting=meeting, item=AgendaItem(text=form.cleaned_data["text"]), by=request.user)

    return saving.add(request, page, save)


@require_http_methods(["GET", "POST"])
def agenda_edit(request, group_id, meeting_id, item_id):
    """Change an item, write what was said, note that a family member spoke."""
    item = access.get_agenda_item_for(request.user, group_id, meeting_id, item_id)
    access.require_agenda_writer(request.user, item.meeting.group)
    page = _page(
        item.meeting, lambda data, initial: AgendaItemForm(data, initial=initial), "#agenda", title=_("Agenda"),
        heading=_("Change this item"), act=_("Save this item"), done_words=_("The item is saved."),
    )  # fmt: skip
    _warn(page, item.meeting, _no_names())

    def save(form, version):
        actions.change_agenda_item(item=item, by=request.user, base_version=version, values=form.cleaned_data)

    return saving.change(request, page, item, initial_of_item, save)


# --- Who was there ---------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def group_attendance(request, group_id, meeting_id):
    """Note for each seat who was there; two people can note at once."""
    meeting = access.get_group_meeting_for(request.user, group_id, meeting_id)
    access.require_group_runner(request.user, meeting.group)
    terms = list(access.terms_on(meeting.group, timezone.localdate(meeting.starts_at)))
    noted = dict(GroupAttendance.objects.filter(meeting=meeting).values_list("term_id", "presence"))
    form = GroupAttendanceForm(request.POST if request.method == "POST" else None, terms=terms, noted=noted)
    now = timezone.now()
    if request.method == "POST" and form.is_valid():
        try:
            actions.note_group_attendance(meeting=meeting, marks=form.marks(), by=request.user, now=now)
        except ValidationError as error:
            for words in error.messages:
                form.add_error(None, words)
        else:
            messages.success(request, _("It is noted who was there. Thank you."))
            return redirect(meeting_url(meeting) + "#people")
    context = {"group": meeting.group, "meeting": meeting, "form": form, "is_early": meeting.starts_at > now}
    context["is_shut"] = meeting.is_approved or meeting.status == GroupMeetingStatus.CANCELLED
    return render(request, "collaboratives/group_attendance.html", context, status=422 if form.errors else 200)


@require_POST
def group_meeting_hold(request, group_id, meeting_id):
    """Write down that the meeting took place; the quorum is counted."""
    meeting = access.get_group_meeting_for(request.user, group_id, meeting_id)
    access.require_group_runner(request.user, meeting.group)
    try:
        held = actions.hold_group_meeting(meeting=meeting, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    except Conflict:
        messages.error(request, _("Somebody just changed this meeting. Look at it again first."))
    else:
        words = _("It is written down that the meeting took place.")
        more = _("There were enough members to vote.") if held.has_quorum else _("There were too few members to vote.")
        messages.success(request, f"{words} {more}" if held.quorum_needed is not None else words)
    return redirect(meeting_url(meeting) + "#people")


# --- What was decided ------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def group_decision_add(request, group_id, meeting_id):
    """Write down what the group decided, with its votes."""
    meeting = access.get_group_meeting_for(request.user, group_id, meeting_id)
    access.require_group_runner(request.user, meeting.group)
    page = _page(
        meeting, lambda data, initial: GroupDecisionForm(data, initial=initial), "#decisions", title=_("Decision"),
        heading=_("Add a decision"), act=_("Save this decision"), done_words=_("The decision is saved."),
    )  # fmt: skip

    def save(form):
        decision = GroupDecision(**form.cleaned_data)
        actions.add_group_decision(meeting=meeting, decision=decision, by=request.user, now=timezone.now())

    return saving.add(request, page, save)


@require_http_methods(["GET", "POST"])
def group_decision_edit(request, group_id, meeting_id, decision_id):
    """Change a decision or its votes."""
    decision = access.get_group_decision_for(request.user, group_id, meeting_id, decision_id)
    access.require_group_runner(request.user, decision.meeting.group)
    page = _page(
        decision.meeting, lambda data, initial: GroupDecisionForm(data, initial=initial), "#decisions",
        title=_("Decision"), heading=_("Change this decision"), act=_("Save this decision"),
        done_words=_("The decision is saved."),
    )  # fmt: skip

    def save(form, version):
        actions.change_group_decision(
            decision=decision, by=request.user, base_version=version, values=form.cleaned_data
        )

    return saving.change(request, page, decision, initial_of_decision, save)


# --- Minutes ---------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def minutes_edit(request, group_id, meeting_id):
    """Write the minutes; several people can."""
    meeting = access.get_group_meeting_for(request.user, group_id, meeting_id)
    access.require_group_runner(request.user, meeting.group)
    page = _page(
        meeting, lambda data, initial: MinutesForm(data, initial=initial), "#minutes", title=_("Minutes"),
        heading=_("Write the minutes"), act=_("Save the minutes"), done_words=_("The minutes are saved."),
    )  # fmt: skip
    words = _("When they are approved, everybody can read these minutes. Write no names of families or children.")
    _warn(page, meeting, words)
    page.context["history"] = _history_of(meeting)

    def save(form, version):
        actions.change_minutes(
            meeting=meeting, by=request.user, base_version=version, text=form.cleaned_data["minutes"],
            now=timezone.now(),
        )  # fmt: skip

    return saving.change(request, page, meeting, initial_of_minutes, save)


def _history_of(meeting: GroupMeeting) -> list[dict]:
    """The texts that these minutes had before the one that stands, newest first."""
    rows = Revision.objects.filter(kind=meeting.kind, item_id=meeting.pk).order_by("-version")[:HISTORY_SHOWN]
    found, last = [], meeting.minutes
    for row in rows:
        text = row.state.get("minutes", "")
        if text and text != last:
            found.append({"text": text, "at": row.at, "name": row.by_name})
        last = text
    return found


@require_POST
def minutes_approve(request, group_id, meeting_id):
    """A chair writes down that the group approved these minutes; they are frozen, and public in an open group."""
    meeting = access.get_group_meeting_for(request.user, group_id, meeting_id)
    access.require_minutes_approver(request.user, meeting.group)
    try:
        seen = request.POST.get("seen_hash", "")
        actions.approve_minutes(meeting=meeting, by=request.user, seen_hash=seen, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        words = _("The minutes are approved. Nobody can change them now.")
        public = _("Everybody can read them.") if meeting.group.kind_of.open_meetings else ""
        messages.success(request, f"{words} {public}".strip())
    return redirect(meeting_url(meeting) + "#minutes")


@require_safe
def minutes_print(request, group_id, meeting_id):
    """The whole record on paper, for those who may read the minutes."""
    meeting = access.get_group_meeting_for(request.user, group_id, meeting_id)
    access.require_minutes(request.user, meeting)
    record = record_of(request.user, meeting, timezone.now())
    back_url = reverse("collaboratives:group_meeting_detail", args=[meeting.group_id, meeting.pk])
    context = {"group": meeting.group, "meeting": meeting, "record": record, "back_url": back_url}
    return render(request, "collaboratives/minutes_print.html", context)
