"""Links to answer without an account: made by whoever may write, opened by whoever holds one, used once."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from soc_portal.access.limits import within_limit
from soc_portal.audit.enums import Look
from teams import access
from teams.actions.answer_links import (
    Gone,
    answer_meeting_by_link,
    answer_times_by_link,
    make_answer_link,
    tell_of_failure,
)
from teams.actions.looks import look
from teams.enums import Can
from teams.forms.calling import ComingForm, LinkForm, SlotsForm, words_of
from teams.models import AnswerLink

#: How often one internet address may open links in this many seconds.
TRIES, WINDOW_SECONDS = 60, 10 * 60


# --- Making one ------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def poll_link(request, team_id, poll_id, membership_id):
    """A link by which a member says which of the times they can make."""
    poll = access.get_poll_for(request.user, team_id, poll_id)
    back = reverse("teams:poll_detail", args=[team_id, poll_id])
    return _make(request, poll, membership_id, back, poll=poll)


@require_http_methods(["GET", "POST"])
def meeting_link(request, team_id, meeting_id, membership_id):
    """A link by which a member says whether they come to a meeting that is set."""
    meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
    back = reverse("teams:meeting_detail", args=[team_id, meeting_id])
    return _make(request, meeting, membership_id, back, meeting=meeting)


def _make(request, thing, membership_id, back, **asks):
    """Mail the link, or show it this once. Whoever has an account gets it at its own address and nowhere else."""
    team = thing.team
    access.require_writer(request.user, team)
    member = access.get_poll_member_for(team, thing.section, membership_id)
    form = LinkForm(
        request.POST if request.method == "POST" else None, to_account=member.user is not None,
        initial={"address": member.address},
    )  # fmt: skip
    shown = None
    if request.method == "POST" and form.is_valid():
        address = member.user.email if member.user else form.where()
        try:
            link = make_answer_link(membership=member, address=address, by=request.user, **asks)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if address:
                messages.success(request, _("The link is sent. It takes one answer."))
                return redirect(back)
            shown = link
    look(request.user, Look.RECORD, team, thing)
    context = {"team": team, "member": member, "form": form, "back": back, "shown": shown}
    if shown:
        context["address"] = settings.PORTAL_URL + reverse("teams:answer_link", args=[shown.token])
    return render(request, "teams/answer_link_make.html", context, status=422 if form.errors else 200)


# --- Opening one -----------------------------------------------------------------------------------------------------
@login_not_required  # whoever answers may have no account; the signed link is the permission
@require_http_methods(["GET", "POST"])
def answer_link(request, token):
    """Days and times, and one answer. A forged link is absent (404); one that is over says so (410)."""
    who = get_adapter(request).get_client_ip(request)
    if not within_limit(f"answer-link:{who}", most=TRIES, seconds=WINDOW_SECONDS):
        return render(request, "429.html", status=429)
    found = AnswerLink.read_token(token)
    link = access.answer_link(*found) if found else None
    if link is None:
        return _gone(request, "unknown", 404)
    if not access.answer_link_works(link, timezone.now()):
        return _over(request, link)
    form = _form(request, link)
    if request.method == "POST" and form.is_valid():
        try:
            _save(link, form)
        except Gone:
            return _over(request, link)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return render(request, "teams/answer_link_done.html")
    context = {"form": form, "link": link, "meeting": link.meeting}
    return render(request, "teams/answer_link.html", context, status=422 if form.errors else 200)


def _form(request, link: AnswerLink):
    typed = request.POST if request.method == "POST" else None
    return SlotsForm(typed, slots=access.link_slots(link)) if link.poll else ComingForm(typed)


def _save(link: AnswerLink, form) -> None:
    if link.poll:
        answer_times_by_link(link=link, answers=form.answers())
    else:
        typed = form.cleaned_data
        answer_meeting_by_link(link=link, coming=typed["coming"], needs=typed["needs"])


def _over(request, link: AnswerLink):
    """What happened and how to reach the team; what was typed is shown again. The facilitator is told."""
    is_used = link.used_at is not None
    if request.method == "POST" or not is_used:  # opening a used link again is no try to answer
        tell_of_failure(link=link)
    return _gone(request, "used" if is_used else "over", 410, _typed(request, link))


def _typed(request, link: AnswerLink) -> list[str]:
    """What somebody just sent, in words, so that they can tell it to the team."""
    if request.method != "POST":
        return []
    if link.poll is None:
        coming = {"yes": _("Yes, I am coming"), "no": _("No, I cannot come")}.get(request.POST.get("coming", ""))
        return [words for words in (coming, request.POST.get("needs", "")[:200]) if words]
    answers = SlotsForm(request.POST, slots=[]).answers()
    cans = dict(Can.choices)
    return [
        f"{words_of(slot)}: {cans[answers[slot.pk]]}"
        for slot in access.link_slots(link, every=True)
        if slot.pk in answers
    ]


def _gone(request, why: str, status: int, typed: list[str] | None = None):
    return render(request, "teams/answer_link_gone.html", {"why": why, "typed": typed or []}, status=status)
