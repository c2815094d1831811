"""The way to a team's end: what is there of the transition plan, everybody's last word, and closing."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from soc_portal.audit.enums import Look
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from teams import access
from teams.actions.ending import begin_ending, change_ending, close_team, give_up_ending, say_last_word, seen_of
from teams.actions.looks import look
from teams.enums import OPEN_STEPS, TRANSITION_PARTS
from teams.forms.ending import EndingForm, LastWordForm
from teams.models import PlanPart, Step

#: So many open steps are shown; the plan has them all.
STEPS = 20


@require_safe
def ending_detail(request, team_id):
    """Where the team is on its way: what it wrote for afterwards, what is left to do, who said a last word, the day."""
    team = access.get_ending_team_for(request.user, team_id)
    look(request.user, Look.ENDING, team)
    user, right = request.user, access.right_on(request.user, team)
    ending = access.present_ending(user, team)
    words = list(access.visible_last_words(user, team, ending)) if ending else []
    steps = access.team_items(user, team, Step).filter(status__in=OPEN_STEPS)
    steps = list(steps.order_by(F("due_on").asc(nulls_last=True), "pk")[: STEPS + 1])
    context = {
        "team": team, "right": right, "ending": ending, "may_write": team.is_live,
        "reads_plan": access.can_read_plan(user, team), "transition": _transition(user, team),
        "steps": steps[:STEPS], "more_steps": len(steps) > STEPS, "words": words,
        "silent": _silent(user, team, words) if ending and team.is_live else [],
        "own": next((word for word in words if word.membership_id == right.membership_id), None),
        "may_close": team.is_live and right.is_caregiver,
    }  # fmt: skip
    return render(request, "teams/ending_detail.html", context)


def _transition(user, team) -> list[tuple]:
    """Every part of the transition plan, with what is written there or None."""
    found = {part.part: part for part in access.team_items(user, team, PlanPart).filter(part__in=TRANSITION_PARTS)}
    return [(part, found.get(part)) for part in TRANSITION_PARTS]


def _silent(user, team, words) -> list:
    """Members who have not said a last word, each with whether this person may note one for them."""
    said = {word.membership_id for word in words}
    members = access.visible_memberships(user).live().filter(team=team).exclude(pk__in=said).in_order()
    rows = list(members.select_related("team"))
    for member in rows:
        member.may_note = access.can_speak_for(user, team, member)
    return rows


def _over(request, team):
    """Back to the page, with a plain message, for somebody who writes on a team that has come to its end."""
    messages.error(request, _("This team has come to its end. Nothing was changed."))
    return redirect("teams:ending_detail", team.pk)


def _meanwhile(request, team):
    messages.error(request, _("This has changed in the meantime. Nothing was saved. Look at it again."))
    return redirect("teams:ending_detail", team.pk)


@require_http_methods(["GET", "POST"])
def ending_begin(request, team_id):
    """Say that the team gets ready to end, and why; where somebody has said so, change it."""
    team = access.get_ending_team_for(request.user, team_id)
    if not team.is_live:
        return _over(request, team)
    user, ending = request.user, access.present_ending(request.user, team)
    mine = ending is None or ending.begun_by_id == user.pk
    is_post = request.method == "POST"
    kept = None if is_post else kept_for(user, request.path)
    if not is_post:
        look(user, Look.ENDING, team)
    now = {"reason": ending.reason, "ends_on": ending.ends_on, "words": ending.words} if ending else {}
    initial = now | (kept.fields if kept else {}) | {"seen": seen_of(ending)}
    # A form that was opened before somebody else began may hold words: they are shown again, whoever wrote the others.
    own_words = mine or (is_post and not request.POST.get("seen"))
    form = EndingForm(
        request.POST if is_post else None, initial=initial, day=ending.ends_on if ending else None, own_words=own_words
    )
    if is_post and form.is_valid():
        try:
            _save(user, team, ending, dict(form.cleaned_data))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            drafts.drop_drafts(user=user, path=request.path)
            messages.success(request, _("It is saved."))
            return redirect("teams:ending_detail", team.pk)
    # Whoever began at the same time as somebody else reads that one's words first; what they typed stays on the page.
    seen = "" if is_post and not request.POST.get("seen") else seen_of(ending)
    context = {"team": team, "form": form, "kept": kept, "ending": ending, "seen": seen}
    return render(request, "teams/ending_begin.html", context, status=422 if form.errors else 200)


def _save(user, team, ending, values) -> None:
    """Begin an ending, or change the one that the form showed."""
    seen = values.pop("seen")
    if ending is not None and seen:
        change_ending(ending=ending, by=user, seen=seen, **values)
    elif seen:
        raise ValidationError(_("Your team goes on. This ending was given up in the meantime."), code="gone")
    else:
        begin_ending(team=team, by=user, **values)


@require_http_methods(["GET", "POST"])
def ending_give_up(request, team_id):
    """The team goes on after all."""
    team = access.get_ending_team_for(request.user, team_id)
    return _confirm(request, team, "teams/ending_give_up.html", give_up_ending, _("Your team goes on."))


@require_http_methods(["GET", "POST"])
def ending_close(request, team_id):
    """A caregiver closes the team: the page says what happens and what stays."""
    team = access.get_ending_team_for(request.user, team_id)
    access.require_closer(request.user, team)
    return _confirm(request, team, "teams/ending_close.html", close_team, _("Your team has come to its end."))


def _confirm(request, team, template, act, done):
    """Ask once more, then do it to the ending that the page showed; a page that is out of date changes nothing."""
    if not team.is_live:
        return _over(request, team)
    ending = access.present_ending(request.user, team)
    if ending is None:
        return _meanwhile(request, team)
    if request.method == "GET":
        look(request.user, Look.ENDING, team)
        parts = _transition(request.user, team)
        missing = [part for part, item in parts if not item]
        return render(request, template, {"team": team, "ending": ending, "seen": seen_of(ending), "missing": missing})
    if request.POST.get("seen") != seen_of(ending):
        return _meanwhile(request, team)
    try:
        act(ending=ending, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done)
    return redirect("teams:ending_detail", team.pk)


# --- Last words ------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def ending_word(request, team_id):
    """One's own last word."""
    team = access.get_ending_team_for(request.user, team_id)
    if not team.is_live:
        return _over(request, team)
    own = access.get_membership_for(request.user, team, access.right_on(request.user, team).membership_id)
    return _word_page(request, team, own, _("Your last word"))


@require_http_methods(["GET", "POST"])
def ending_word_note(request, team_id, membership_id):
    """Note the last word of a member without an account."""
    team = access.get_ending_team_for(request.user, team_id)
    if not team.is_live:
        return _over(request, team)
    member = access.get_membership_for(request.user, team, membership_id)
    access.require_speaker(request.user, team, member)
    return _word_page(request, team, member, _("The last word of %(name)s") % {"name": member.short_name})


def _word_page(request, team, member, heading):
    user, is_post = request.user, request.method == "POST"
    ending = access.present_ending(user, team)
    if ending is None and not is_post:
        return _meanwhile(request, team)
    kept = None if is_post else kept_for(user, request.path)
    form = LastWordForm(request.POST if is_post else None, initial=_word_so_far(user, team, ending, member, kept))
    if not is_post:
        look(user, Look.ENDING, team)
    elif form.is_valid():
        try:
            if ending is None:
                raise ValidationError(_("Your team goes on. This ending was given up in the meantime."), code="gone")
            say_last_word(ending=ending, membership=member, text=form.cleaned_data["text"], by=user)
        except ValidationError as error:
            form.add_error("text", error)
        else:
            drafts.drop_drafts(user=user, path=request.path)
            messages.success(request, _("It is saved."))
            return redirect("teams:ending_detail", team.pk)
    context = {"team": team, "form": form, "kept": kept, "heading": heading}
    return render(request, "teams/ending_word.html", context, status=422 if form.errors else 200)


def _word_so_far(user, team, ending, member, kept) -> dict:
    if kept:
        return kept.fields
    word = access.visible_last_words(user, team, ending).filter(membership=member).first() if ending else None
    return {"text": word.text} if word else {}
