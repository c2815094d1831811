"""The plan: read, printed, agreed to and answered. The same page for family and staff."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from soc_portal.audit.enums import Look
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from soc_portal.redirects import next_of
from soc_portal.versions.actions import Conflict
from teams import access
from teams.actions.items import ask_for_help, finish_step
from teams.actions.looks import look
from teams.actions.phases import move_to_phase, set_out_of_home, set_review
from teams.actions.plans import agree_for_family, answer_plan, put_forward, take_back
from teams.enums import YOUTH_ASKED_FROM_AGE, MeetingStatus, Part
from teams.forms.plan import AgreeForm, AnswerForm, DatesForm
from teams.views import telling
from teams.views.item_parts import page_number
from teams.views.plan_checklist import missing_from
from teams.views.plan_mark import mark_of
from teams.views.plan_reading import read_plan

LAST_CHANGES = 5
HISTORY_ROWS = 25
#: Why a yes was refused that can be said again on the same page, with the day of the signature still in it.
STILL_TO_AGREE = ("signed_on", "stale")


@require_safe
def plan_detail(request, team_id):
    """The whole plan with who agrees and what changed last."""
    return plan_page(request, access.get_plan_team_for(request.user, team_id))


def plan_page(request, team, agree_form=None, **more):
    """The page of the plan as it stands now, for somebody who may read it.

    With the form of a yes that was refused, for the day in it to be corrected.
    """
    look(request.user, Look.PLAN, team)
    plan = read_plan(request.user, team)
    right = access.right_on(request.user, team)
    revisions = access.visible_team_revisions(request.user, team).filter(kind__in=telling.PLAN_KINDS)
    context = {
        "team": team,
        "plan": plan,
        "mark": mark_of(team, plan),
        "missing": missing_from(plan, team),
        "mission_part": Part.MISSION,
        "may_write": right.may_write and team.is_live,
        "own_person_id": right.person_id,
        "may_speak": access.can_write_own_words(request.user, team)
        and right.person_id not in {words.person_id for words in plan.words},
        "speakers": [member.short_name for member in plan.live_members if member.kind == "family"],
        "may_agree": access.can_agree_for_family(request.user, team) and not plan.is_current and not plan.is_empty,
        "agree_form": agree_form or AgreeForm(),
        "may_put_forward": right.may_write
        and team.is_live
        and not plan.is_empty
        and not plan.is_current
        and not (plan.waiting and plan.content == access.readable_content(request.user, team, plan.waiting.content)),
        "asked_too": [
            child.name for child in team.children.all() if plan.waiting and (child.age() or 0) >= YOUTH_ASKED_FROM_AGE
        ],
        "may_take_back": plan.waiting and access.can_take_back(request.user, team, plan.waiting),
        "own": next((row for row in plan.live_members if row.pk == right.membership_id), None),
        "changes": _told(revisions[:LAST_CHANGES], {row.user_id: row for row in plan.members if row.user_id}),
    }
    return render(request, "teams/plan_detail.html", context | more, status=422 if agree_form else 200)


def _told(revisions, members) -> list[dict]:
    """What changed, in plain words, with the seat of who did it and the way to compare."""
    return [
        {
            "told": telling.told(row, telling.PLAN_KINDS[row.kind]), "at": row.at, "name": row.by_name,
            "text": row.state.get("text", ""), "by": members.get(row.by_id), "kind": telling.PLAN_KINDS[row.kind],
            "item_id": row.item_id, "by_id": row.by_id, "pk": row.pk,
        }
        for row in revisions
    ]  # fmt: skip


@require_safe
def plan_print(request, team_id):
    """The plan for paper: everything open, boxes to tick, for whom and when."""
    team = access.get_plan_team_for(request.user, team_id)
    look(request.user, Look.PLAN_PRINT, team)
    meetings = access.visible_meetings(request.user).filter(team=team, status=MeetingStatus.SET)
    context = {
        "team": team,
        "plan": read_plan(request.user, team),
        "now": timezone.now(),
        "next_meeting": meetings.filter(starts_at__gte=timezone.now()).order_by("starts_at").first(),
    }
    return render(request, "teams/plan_print.html", context)


@require_POST
def plan_agree(request, team_id):
    """A caregiver agrees for the family to the plan that the page showed."""
    team = access.get_plan_team_for(request.user, team_id)
    access.require_agreer(request.user, team)
    form = AgreeForm(request.POST)
    if not form.is_valid():
        return plan_page(request, team, form)
    try:
        agree_for_family(
            team=team, by=request.user, seen_hash=request.POST.get("seen_hash", ""),
            signed_on=form.cleaned_data["signed_on"],
        )  # fmt: skip
    except ValidationError as error:
        if error.code in STILL_TO_AGREE:
            form.add_error("signed_on" if error.code == "signed_on" else None, error)
            return plan_page(request, team, form)
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("You agreed for the family. Everyone on the team can see it."))
    return HttpResponseRedirect(reverse("teams:plan_detail", args=[team.pk]) + "#agree")


@require_POST
def plan_put_forward(request, team_id):
    """Somebody on the team puts the plan that the page showed forward, for everybody to answer."""
    team = access.get_plan_team_for(request.user, team_id)
    access.require_writer(request.user, team)
    seen = request.POST.get("seen_hash", "")
    try:
        put_forward(team=team, by=request.user, seen_hash=seen)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("You put the plan forward. Everyone on the team is asked."))
    return HttpResponseRedirect(reverse("teams:plan_detail", args=[team.pk]) + "#agree")


@require_POST
def plan_take_back(request, team_id, number):
    """Whoever put a version forward, or a caregiver, takes it back."""
    team = access.get_plan_team_for(request.user, team_id)
    version = access.get_plan_version_for(request.user, team, number)
    access.require_taker_back(request.user, team, version)
    try:
        take_back(version=version, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("It is taken back. Nobody is asked any more."))
    return HttpResponseRedirect(reverse("teams:plan_detail", args=[team.pk]) + "#agree")


@require_http_methods(["GET", "POST"])
def plan_answer(request, team_id):
    """A member says what they think of the last agreed version, in their own words."""
    team = access.get_plan_team_for(request.user, team_id)
    access.require_writer(request.user, team)
    if request.method == "GET":
        look(request.user, Look.PLAN, team)
        if "close" in request.GET and request.htmx:
            return HttpResponse()
    version = access.visible_plan_versions(request.user, team).filter(ended_at=None).first()
    if version is None:
        messages.error(request, _("The family has not agreed to a plan yet. There is nothing to answer."))
        return redirect("teams:plan_detail", team.pk)
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    initial = (kept.fields if kept else {}) | {"number": version.number}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _answered(request, team, form):
        drafts.drop_drafts(user=request.user, path=request.path)
        messages.success(request, _("Thank you. Your answer is saved."))
        return HttpResponseRedirect(reverse("teams:plan_detail", args=[team.pk]) + "#agree")
    context = {"team": team, "form": form, "kept": kept, "number": version.number, "inline": bool(request.htmx)}
    template = "teams/parts/plan_answer_form.html" if request.htmx else "teams/plan_answer.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _answered(request, team, form) -> bool:
    """Save the answer; False, with the reason in the form, when it can't be."""
    right = access.right_on(request.user, team)
    membership = access.get_membership_for(request.user, team, right.membership_id)
    version = access.get_plan_version_for(request.user, team, form.cleaned_data["number"])
    try:
        answer_plan(
            version=version, membership=membership, kind=form.cleaned_data["kind"],
            words=form.cleaned_data["words"], by=request.user,
        )  # fmt: skip
    except ValidationError as error:
        form.add_error("words" if error.code == "words" else None, error)
        return False
    return True


@require_safe
def plan_history(request, team_id):
    """What changed in the plan, newest first, and every version that the family agreed to."""
    team = access.get_plan_team_for(request.user, team_id)
    look(request.user, Look.HISTORY, team)
    page = page_number(request)
    revisions = access.visible_team_revisions(request.user, team).filter(kind__in=telling.PLAN_KINDS)
    rows = list(revisions[(page - 1) * HISTORY_ROWS : page * HISTORY_ROWS + 1])
    members = access.visible_memberships(request.user).filter(team=team, user__isnull=False).order_by("pk")
    versions = (
        access.visible_plan_versions(request.user, team).select_related("agreed_by", "put_forward_by").defer("content")
    )
    context = {
        "team": team,
        "changes": _told(rows[:HISTORY_ROWS], {row.user_id: row for row in members}),
        "versions": versions if page == 1 else [],
        "page": page,
        "older": page + 1 if len(rows) > HISTORY_ROWS else None,
    }
    return render(request, "teams/plan_history.html", context)


@require_http_methods(["GET", "POST"])
def plan_dates(request, team_id):
    """Where the team is on its way, and the day on which it looks at the plan again."""
    team = access.get_plan_team_for(request.user, team_id)
    access.require_writer(request.user, team)
    initial = {name: getattr(team, name) for name in ("phase", "review_on", "out_of_home_since")}
    form = DatesForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        move_to_phase(team=team, phase=form.cleaned_data["phase"], by=request.user)
        set_review(team=team, on=form.cleaned_data["review_on"], by=request.user)
        set_out_of_home(team=team, since=form.cleaned_data["out_of_home_since"], by=request.user)
        messages.success(request, _("It is saved."))
        return redirect("teams:plan_detail", team.pk)
    if request.method == "GET":
        look(request.user, Look.PLAN, team)
    return render(request, "teams/plan_dates.html", {"team": team, "form": form}, status=422 if form.errors else 200)


@require_POST
def step_done(request, team_id, step_id):
    """Mark a step as done."""
    return _change_step(request, team_id, step_id, finish_step, _("Done. Thank you."))


@require_POST
def step_help(request, team_id, step_id):
    """Ask the team for help with a step."""
    return _change_step(request, team_id, step_id, ask_for_help, _("We told the team that you need help."))


def _change_step(request, team_id, step_id, action, words):
    team = access.get_team_for(request.user, team_id)
    step = access.get_item_for(request.user, team, "step", step_id)
    access.require_item_writer(request.user, team, step)
    try:
        action(team=team, step=step, by=request.user)
    except Conflict:
        messages.error(request, _("Somebody changed this step just now. Look at it again."))
    else:
        messages.success(request, words)
    return HttpResponseRedirect(next_of(request, _place(request, team, f"#step-{step.pk}")))


def _place(request, team, anchor) -> str:
    """The plan, or the team for who does not read the plan."""
    name = "teams:plan_detail" if access.can_read_plan(request.user, team) else "teams:team_detail"
    return reverse(name, args=[team.pk]) + anchor
