"""What happens to a referral on the team's pages: the family's yes and its end, and how it went."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from families.enums import Section
from referrals.actions.referrals import Outdated, end_links, set_first_visit
from referrals.enums import ReferralStatus, Shared
from referrals.views.shared import words_of
from soc_portal.audit.enums import Look
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from teams import access
from teams.actions import referrals as actions
from teams.actions.looks import look
from teams.forms.referrals import MoveForm, SendForm, TeamVisitForm
from teams.views.referral_parts import found, url_of


# --- The family's yes ------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def referral_send(request, team_id, referral_id):
    """A caregiver picks what is shared and until when. A draft goes out; for one that was sent it is a new yes."""
    team, referral = found(request, team_id, referral_id)
    access.require_sharer(request.user, team)
    look(request.user, Look.ITEM, team, referral)
    if not access.can_share_referral(request.user, team, referral):
        messages.error(request, _("This is closed, so there is nothing to share any more."))
        return redirect(url_of(referral))
    if request.POST.get("was") == ReferralStatus.DRAFT != referral.status:  # pressed twice, or by two at once
        messages.info(request, _("It is sent already. You can still change what is shared."))
        return redirect(url_of(referral))
    person = access.own_person_on(request.user, team)
    offers = actions.shareable(team=team, referral=referral, person=person)
    form = _send_form(request, referral, offers)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            chosen = form.cleaned_data
            try:
                actions.send_referral(
                    team=team, referral=referral, person=person, share=chosen["share"], until=chosen["until"],
                    seen_hash=chosen["seen"], address=chosen.get("address", ""), by=request.user,
                )  # fmt: skip
            except Outdated as error:
                form = _send_form(request, referral, offers, seen_anew=True)
                form.is_valid()
                form.add_error(None, error)
                status = 409
            except ValidationError as error:
                form.add_error("address" if error.code in ("nobody", "not_open") else "until", error)
            else:
                messages.success(request, _("Saved. They see what you marked, and nothing else."))
                return redirect(url_of(referral))
    context = {"team": team, "referral": referral, "form": form, "asks": offers[0]["words"]}
    return render(request, "teams/referral_send.html", context, status=status)


def _send_form(request, referral, offers, *, seen_anew=False):
    seen = actions.hash_of(offers, referral.organization_id)
    is_draft = referral.status == ReferralStatus.DRAFT
    data = request.POST.copy() if request.method == "POST" else None
    if seen_anew:
        data["seen"] = seen
    service = referral.service
    shared = [entry["what"] for entry in referral.shared]
    return SendForm(
        data,
        initial={
            "share": shared or [Shared.NAMES], "until": _until(referral), "seen": seen, "was": referral.status,
            "address": (service.email if service else "") or referral.organization.email if is_draft else "",
        },
        offers=[offer | {"shown": words_of(offer)} for offer in offers],
        asks_twice=referral.section == Section.SUBSTANCE_USE,
        asks_address=referral.status in (ReferralStatus.DRAFT, ReferralStatus.REQUESTED),
    )  # fmt: skip


def _until(referral):
    return referral.yes_until if referral.is_shared() else actions.usual_end(timezone.localdate())


@require_http_methods(["GET", "POST"])
def referral_stop(request, team_id, referral_id):
    """Ask once, then take the family's yes back: they read nothing more from their next click on."""
    team, referral = found(request, team_id, referral_id)
    access.require_sharer(request.user, team)
    if request.method == "POST":
        if actions.stop_sharing_referral(team=team, referral=referral, by=request.user):
            messages.success(request, _("You stopped sharing. They can’t read it any more, and they are told today."))
        else:
            messages.info(request, _("Nothing is shared with this."))
        return redirect(url_of(referral))
    look(request.user, Look.ITEM, team, referral)
    context = {"team": team, "referral": referral, "may_stop": referral.yes_at and not referral.yes_ended_at}
    return render(request, "teams/referral_stop.html", context)


# --- How it goes on --------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def referral_move(request, team_id, referral_id):
    """Say what happened: it started, it is done, it did not work out, it is not needed any more."""
    team, referral = found(request, team_id, referral_id)
    side = access.require_referral_mover(request.user, team, referral)
    look(request.user, Look.ITEM, team, referral)
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    asked = {"to": request.GET.get("to", "")} if request.method == "GET" else {}
    form = _move_form(request.POST if request.method == "POST" else None, referral, side, asked, kept)
    status = 200
    if request.method == "POST":
        if request.POST.get("was", referral.status) != referral.status:  # posted from a page that is out of date
            status, form = 409, _outdated(request, referral, lambda data: _move_form(data, referral, side))
        elif form.is_valid():
            chosen = form.cleaned_data
            try:
                actions.move_for_team(
                    referral=referral, to=chosen["to"], side=side, by=request.user, seen=referral.status,
                    words=chosen["words"], outcome=chosen.get("outcome", ""),
                )  # fmt: skip
            except ValidationError as error:
                form.add_error(None, error)
            else:
                drafts.drop_drafts(user=request.user, path=request.path)
                messages.success(request, _("Thank you. Everyone who can read this is told."))
                return redirect(url_of(referral))
        status = 422 if status == 200 else status
    context = {"team": team, "referral": referral, "form": form, "kept": kept, "side": side}
    return render(request, "teams/referral_move.html", context, status=status)


def _move_form(data, referral, side, asked=None, kept=None):
    initial = {"was": referral.status} | (asked or {}) | (kept.fields if kept else {}) | {"was": referral.status}
    return MoveForm(data, initial=initial, status=referral.status, side=side)


def _outdated(request, referral, make):
    """The form as it is to be now, with what was typed, and a sentence that says that the page was out of date."""
    data = request.POST.copy()
    data["was"] = referral.status
    form = make(data)
    form.is_valid()
    form.add_error(None, Outdated())
    return form


@require_http_methods(["GET", "POST"])
def referral_visit(request, team_id, referral_id):
    """Note the day of the first visit, as somebody told the team."""
    team, referral = found(request, team_id, referral_id)
    side = access.require_referral_mover(request.user, team, referral)
    look(request.user, Look.ITEM, team, referral)
    visit = timezone.localtime(referral.first_visit_at) if referral.first_visit_at else None
    initial = {"day": visit.date(), "time": visit.time()} if visit else {}
    initial["was"] = referral.status
    form = TeamVisitForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                set_first_visit(
                    referral=referral, at=form.moment, side=side, by=request.user,
                    seen=form.cleaned_data["was"] or referral.status, words=form.cleaned_data["words"],
                )  # fmt: skip
            except Outdated as error:
                form.add_error(None, error)
                status = 409
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("The day is noted. Everyone who can read this is told."))
                return redirect(url_of(referral))
    context = {"team": team, "referral": referral, "form": form}
    return render(request, "teams/referral_visit.html", context, status=status)


@require_POST
def referral_link_send(request, team_id, referral_id):
    """Send the link anew, to the same address; the one before stops working."""
    team, referral = found(request, team_id, referral_id)
    access.require_writer(request.user, team)
    try:
        actions.send_link_anew(referral=referral, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("A new link is on its way. It works for 14 days."))
    return redirect(url_of(referral))


@require_POST
def referral_link_end(request, team_id, referral_id):
    """End the link, so that it opens nothing any more."""
    team, referral = found(request, team_id, referral_id)
    access.require_writer(request.user, team)
    if end_links(referral=referral, by=request.user):
        messages.success(request, _("The link does not work any more."))
    else:
        messages.info(request, _("There is no link that works."))
    return redirect(url_of(referral))
