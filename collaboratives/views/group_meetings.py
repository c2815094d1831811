"""Meetings of a group: the list, the call, one page that is a notice before and the record after, one's answer."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import F, OuterRef, Q, Subquery
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collaboratives import access
from collaboratives.actions import group_meetings as actions
from collaboratives.enums import Coming, GroupMeetingStatus
from collaboratives.forms.group_meetings import AnswerForm, GroupMeetingForm, initial_of_meeting
from collaboratives.models import Collaborative, GroupAttendance, GroupMeeting
from collaboratives.models.seating import Seating
from collaboratives.views import saving
from collaboratives.views.group_meeting_record import record_of, state_of
from soc_portal.redirects import next_of
from soc_portal.versions.actions import Conflict

PER_PAGE = 20
SOON_SHOWN = 50


# --- The next meeting, for the group's page --------------------------------------------------------------------------
@dataclass(frozen=True)
class Expected:
    """Who sits in the group on the day of a meeting, how many said that they come, and how many a vote needs."""

    filled: int
    coming: int
    needed: int | None

    @property
    def is_enough(self) -> bool:
        return self.needed is None or self.coming >= self.needed


def next_meeting_facts(user, group: Collaborative, seating: Seating) -> dict:
    """What `parts/group_next_meeting.html` shows: `next_meeting` (None when none is set), who comes, one's own part.

    One query: the meeting comes once for each answer to it. Give it a group that came through `access`.
    """
    coming = access.visible_group_meetings(user).filter(
        group=group, status=GroupMeetingStatus.SET, ends_at__gt=timezone.now()
    )
    first = coming.order_by("starts_at", "pk").values("pk")[:1]
    rows = coming.filter(pk__in=first).annotate(of_term=F("attendances__term_id"), said=F("attendances__coming"))
    rows = list(rows.order_by("pk"))
    facts = {"group": group, "next_meeting": None, "is_member": access.is_group_member(user, group)}
    if not rows:
        return facts
    meeting, said = rows[0], {row.of_term: row.said for row in rows}
    meeting.group = group
    terms = seating.terms_on(timezone.localdate(meeting.starts_at))
    answers = [(term.user_id, said.get(term.pk)) for term in terms]
    return facts | {"next_meeting": meeting} | _answers(user, group, answers)


def answers_to(user, meeting: GroupMeeting) -> dict:
    """`expected`, and one's own answer: `own_coming`, None for somebody without a seat on that day. One query."""
    said = GroupAttendance.objects.filter(meeting=meeting, term=OuterRef("pk")).values("coming")[:1]
    terms = access.terms_on(meeting.group, timezone.localdate(meeting.starts_at)).annotate(said=Subquery(said))
    return _answers(user, meeting.group, list(terms.values_list("user_id", "said")))


def _answers(user, group: Collaborative, answers: list[tuple[int | None, str | None]]) -> dict:
    """The same from (account, answer) of everybody who sits there that day."""
    filled, coming = len(answers), sum(answer == Coming.YES for _user_id, answer in answers)
    own = [answer or "" for user_id, answer in answers if user_id is not None and user_id == user.pk]
    needed = actions.needed_of(filled, group.kind_of.quorum)
    return {"expected": Expected(filled, coming, needed), "own_coming": own[0] if own else None}


# --- The list --------------------------------------------------------------------------------------------------------
@require_safe
def group_meeting_list(request, group_id):
    """What is to come first, then what was, newest first."""
    group = access.get_group_for(request.user, group_id)
    now = timezone.now()
    meetings = access.visible_group_meetings(request.user).filter(group=group)
    is_past = Q(ends_at__lte=now) | Q(status=GroupMeetingStatus.HELD)
    # "set" stands before "cancelled": what takes place comes first
    coming = list(meetings.exclude(is_past).order_by("-status", "starts_at", "pk")[:SOON_SHOWN])
    past = Paginator(meetings.filter(is_past).order_by("-starts_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    for meeting in [*coming, *past]:
        meeting.badge = state_of(meeting, now)
    context = {
        "group": group, "coming": coming, "past": past, "can_run": access.can_run_group(request.user, group),
    }  # fmt: skip
    return render(request, "collaboratives/group_meeting_list.html", context)


# --- Calling, changing, calling off ----------------------------------------------------------------------------------
def meeting_url(meeting: GroupMeeting) -> str:
    return reverse("collaboratives:group_meeting_detail", args=[meeting.group_id, meeting.pk])


def _meeting_page(group: Collaborative, **words) -> saving.Page:
    def make_form(data, initial):
        return GroupMeetingForm(data, initial=initial, is_open=group.kind_of.open_meetings)

    return saving.Page(make_form=make_form, problems={"past": "day", "ended": "day"}, context={"group": group}, **words)


@require_http_methods(["GET", "POST"])
def group_meeting_call(request, group_id):
    """Those who run the group set a meeting."""
    group = access.get_group_for(request.user, group_id)
    access.require_group_runner(request.user, group)
    list_url = reverse("collaboratives:group_meeting_list", args=[group.pk])
    page = _meeting_page(
        group, title=_("Set a meeting"), heading=_("Set a meeting"), act=_("Set this meeting"), back_url=list_url,
        done_url=list_url, done_words=_("The meeting is set. The members are told."),
    )  # fmt: skip

    def save(form):
        meeting = actions.call_group_meeting(group=group, meeting=GroupMeeting(**form.values), by=request.user)
        page.done_url = meeting_url(meeting)

    return saving.add(request, page, save)


@require_http_methods(["GET", "POST"])
def group_meeting_edit(request, group_id, meeting_id):
    """Change when, where and what helps people come."""
    meeting = access.get_group_meeting_for(request.user, group_id, meeting_id)
    access.require_group_runner(request.user, meeting.group)
    page = _meeting_page(
        meeting.group, title=_("Meeting"), heading=_("Change this meeting"), act=_("Save this meeting"),
        back_url=meeting_url(meeting), done_url=meeting_url(meeting), done_words=_("The meeting is changed."),
    )  # fmt: skip
    page.context["meeting"] = meeting

    def save(form, version):
        actions.change_group_meeting(meeting=meeting, by=request.user, base_version=version, values=form.values)

    return saving.change(request, page, meeting, initial_of_meeting, save)


@require_http_methods(["GET", "POST"])
def group_meeting_cancel(request, group_id, meeting_id):
    """Ask once, then call the meeting off."""
    meeting = access.get_group_meeting_for(request.user, group_id, meeting_id)
    access.require_group_runner(request.user, meeting.group)
    if request.method == "GET":
        context = {"group": meeting.group, "meeting": meeting}
        return render(request, "collaboratives/group_meeting_cancel.html", context)
    try:
        actions.cancel_group_meeting(meeting=meeting, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    except Conflict:
        messages.error(request, _("Somebody just changed this meeting. Look at it again first."))
    else:
        messages.success(request, _("The meeting is called off. The members are told."))
    return redirect(meeting_url(meeting))


# --- One meeting -----------------------------------------------------------------------------------------------------
@require_safe
def group_meeting_detail(request, group_id, meeting_id):
    """The notice before the meeting and its record after; those who only may know of it see notice and agenda."""
    meeting = access.get_group_meeting_for(request.user, group_id, meeting_id)
    record = record_of(request.user, meeting, timezone.now())
    rows = access.visible_recommendations(request.user).filter(meeting=meeting).order_by("pk")
    context = {"group": meeting.group, "meeting": meeting, "record": record, "recommendations": list(rows)}
    if record.is_ahead:
        context |= answers_to(request.user, meeting)
    return render(request, "collaboratives/group_meeting_detail.html", context)


@require_POST
def group_meeting_answer(request, group_id, meeting_id):
    """A member says whether they will be there."""
    meeting = access.get_group_meeting_for(request.user, group_id, meeting_id)
    if not access.is_group_member(request.user, meeting.group):
        raise PermissionDenied
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["coming"][0])
        return redirect(next_of(request, meeting_url(meeting)))
    try:
        actions.answer_group_meeting(
            meeting=meeting, by=request.user, coming=form.cleaned_data["coming"], now=timezone.now()
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Thank you. Your answer is noted."))
    return redirect(next_of(request, meeting_url(meeting)))
