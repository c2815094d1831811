"""How it was: four taps after a meeting, from whoever came."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from soc_portal.audit.enums import Look
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from teams import access
from teams.actions.feedback import give_feedback
from teams.actions.looks import look
from teams.forms.records import FeedbackForm, initial_of_feedback
from teams.views.records import record_url


@require_http_methods(["GET", "POST"])
def feedback_edit(request, team_id, meeting_id):
    """Say how it was; a newer answer takes the place of the old one."""
    meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
    guest = access.get_feedback_guest_for(request.user, meeting)
    return _feedback_page(request, meeting, guest, heading=_("How was the meeting?"))


@require_http_methods(["GET", "POST"])
def feedback_note(request, team_id, meeting_id, guest_id):
    """Note how it was for somebody who came and has no account, in their words."""
    meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
    guest = access.get_guest_to_note_for(request.user, meeting, guest_id)
    heading = _("How was the meeting for %(name)s?") % {"name": guest.membership.short_name}
    return _feedback_page(request, meeting, guest, heading=heading, for_whom=guest.membership)


def _feedback_page(request, meeting, guest, *, heading, for_whom=None):
    is_family = guest.membership.is_of_family
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    there = access.visible_feedback(request.user, meeting).filter(membership=guest.membership_id).first()
    initial = (initial_of_feedback(there) if there else {}) | (kept.fields if kept else {})
    typed = request.POST if request.method == "POST" else None
    form = FeedbackForm(typed, initial=initial, is_family=is_family, for_whom=for_whom)
    if request.method == "POST" and form.is_valid():
        is_shown = form.cleaned_data.get("is_shown", False)
        try:
            give_feedback(guest=guest, by=request.user, values=form.values(), is_shown=is_shown)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            drafts.drop_drafts(user=request.user, path=request.path)
            thanks = _("It is noted. Thank you.") if for_whom else _("Thank you for saying how it was.")
            messages.success(request, thanks)
            return HttpResponseRedirect(record_url(meeting))
    look(request.user, Look.ITEM, meeting.team, meeting)
    context = {
        "team": meeting.team, "meeting": meeting, "form": form, "kept": kept, "is_family": is_family,
        "for_whom": for_whom, "heading": heading, "back_url": record_url(meeting),
    }  # fmt: skip
    return render(request, "teams/feedback_form.html", context, status=422 if form.errors else 200)
