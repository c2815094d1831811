"""After a meeting: its record is read, approved by two, frozen and opened again; who has a copy, and in which way."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from soc_portal.audit.enums import Look
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from teams import access
from teams.actions.copies import choose_copy_way, note_paper_copy
from teams.actions.looks import look
from teams.actions.plans import hash_of
from teams.actions.record_content import content_of_meeting
from teams.actions.records import approve_record, open_again
from teams.forms.records import CopyWayForm, OpenAgainForm, PaperCopyForm
from teams.models import Meeting
from teams.views.record_parts import after_of, copies_of, in_words


def record_url(meeting: Meeting) -> str:
    return reverse("teams:record_detail", args=[meeting.team_id, meeting.pk])


@require_safe
def record_detail(request, team_id, meeting_id):
    """Where the record stands: who approved it, every version, who has a copy, and how people felt."""
    meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
    look(request.user, Look.RECORD, meeting.team, meeting)
    after = after_of(request.user, meeting, with_side=True)
    right = access.right_on(request.user, meeting.team)
    may_write = right.may_write and meeting.team.is_live
    context = {
        "team": meeting.team, "meeting": meeting, "after": after, "today": timezone.localdate(),
        "copies": copies_of(request.user, meeting, after.holding) if after.is_approved else [],
        "feedback": access.visible_feedback(request.user, meeting), "own_id": right.membership_id,
        "to_ask": access.guests_to_ask(request.user, meeting) if may_write else [], "may_write": may_write,
    }  # fmt: skip
    return render(request, "teams/record_detail.html", context)


@require_http_methods(["GET", "POST"])
def record_approve(request, team_id, meeting_id):
    """Read the record as it is frozen, then approve it for one's side."""
    meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
    side = access.require_record_side(request.user, meeting.team, meeting)
    problem = ""
    if request.method == "POST":
        try:
            version = approve_record(
                meeting=meeting, by=request.user, side=side, seen_hash=request.POST.get("seen_hash", "")
            )
        except ValidationError as error:
            problem = " ".join(error.messages)
            meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
        else:
            messages.success(request, _approved_words(version))
            return HttpResponseRedirect(record_url(meeting))
    look(request.user, Look.RECORD, meeting.team, meeting)
    content = access.readable_content(request.user, meeting.team, content_of_meeting(meeting))
    after = after_of(request.user, meeting)
    after.side = side
    context = {
        "team": meeting.team, "meeting": meeting, "record": in_words(content), "seen_hash": hash_of(content),
        "problem": problem, "after": after,
    }  # fmt: skip
    return render(request, "teams/record_approve.html", context, status=422 if problem else 200)


def _approved_words(version) -> str:
    if version.approved_at:
        return _("The record is approved. Everyone gets their copy.")
    return _("Thank you. The record is approved when the other side says yes too.")


@require_http_methods(["GET", "POST"])
def record_open(request, team_id, meeting_id):
    """Open an approved record for corrections, with a reason."""
    meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
    access.require_record_side(request.user, meeting.team, meeting)

    def save(form):
        open_again(meeting=meeting, by=request.user, reason=form.cleaned_data["reason"])

    heading, act = _("Open the record again"), _("Open it again")
    return _form_page(
        request, meeting, OpenAgainForm, save, heading, act,
        lede=_("What was approved stays. The team can correct the record, and then you both approve it again."),
        done=_("The record is open. You can correct it now."),
    )  # fmt: skip


@require_safe
def record_version(request, team_id, meeting_id, number):
    """A record as it was approved, frozen: what this person may read of it."""
    meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
    version = access.get_record_version_for(request.user, meeting, number)
    look(request.user, Look.RECORD_VERSION, meeting.team, version)
    content = access.readable_record(request.user, meeting.team, version.content)
    context = {"team": meeting.team, "meeting": meeting, "version": version, "record": in_words(content)}
    return render(request, "teams/record_version.html", context)


@require_http_methods(["GET", "POST"])
def copy_note(request, team_id, meeting_id, membership_id):
    """Note that a member has the record on paper."""
    meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
    access.require_writer(request.user, meeting.team)
    version = after_of(request.user, meeting).holding
    if version is None or not version.approved_at:
        messages.error(request, _("This record is not approved. There is nothing to give yet."))
        return HttpResponseRedirect(record_url(meeting))
    version.meeting = meeting
    member = access.get_copy_member_for(request.user, meeting.team, version, membership_id)

    def save(form):
        note_paper_copy(version=version, membership=member, given_on=form.day(), by=request.user)

    heading = _("A copy for %(name)s") % {"name": member.short_name}
    return _form_page(
        request, meeting, PaperCopyForm, save, heading, _("Given on paper"), done=_("It is noted. Thank you."),
        lede=_("Print the record, give it to them, and note the day here."),
        print_url=reverse("teams:record_version", args=[meeting.team_id, meeting.pk, version.number]),
        initial={"given_on": timezone.localdate()},
    )  # fmt: skip


def _form_page(request, meeting, form_class, save, heading, act, *, done, initial=None, **more):
    """Show a form about a meeting's record, or save what was typed and go back to where the record stands."""
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    initial = (initial or {}) | (kept.fields if kept else {})
    form = form_class(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            save(form)
        except ValidationError as error:
            form.add_error(error.code if error.code in form.fields else None, error)
        else:
            drafts.drop_drafts(user=request.user, path=request.path)
            messages.success(request, done)
            return HttpResponseRedirect(record_url(meeting))
    look(request.user, Look.ITEM, meeting.team, meeting)
    context = {
        "team": meeting.team, "meeting": meeting, "form": form, "kept": kept, "heading": heading, "act": act,
        "back_url": record_url(meeting), **more,
    }  # fmt: skip
    return render(request, "teams/record_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def copy_way_edit(request, team_id, membership_id):
    """How one wants one's copies; for a member without an account anybody on the team notes it."""
    team = access.get_written_team_for(request.user, team_id)
    member = access.get_membership_for(request.user, team, membership_id)
    access.require_speaker(request.user, team, member)
    initial = {"way": member.way_of_copies}
    form = CopyWayForm(request.POST if request.method == "POST" else None, membership=member, initial=initial)
    if request.method == "POST" and form.is_valid():
        choose_copy_way(membership=member, way=form.cleaned_data["way"], by=request.user)
        messages.success(request, _("It is saved."))
        return redirect("teams:member_list", team.pk)
    look(request.user, Look.MEMBERS, team)
    context = {
        "team": team, "form": form, "kept": None, "heading": _("Copies for %(name)s") % {"name": member.short_name},
        "act": _("Save"), "back_url": reverse("teams:member_list", args=[team.pk]),
        "lede": _("Everyone gets a copy of what a meeting recorded when it is approved."),
    }  # fmt: skip
    return render(request, "teams/record_form.html", context, status=422 if form.errors else 200)
