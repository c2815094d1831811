"""What stands in a family's way, said to the county's groups without names; where it stands, and what they answered."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collaboratives.access import open_groups_of
from collaboratives.enums import BarrierStatus
from soc_portal.audit.enums import Look
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from soc_portal.drafts.views import keep_typed
from soc_portal.versions.actions import Conflict
from teams import access
from teams.actions import barriers as actions
from teams.actions.looks import look
from teams.actions.names import NamesFound
from teams.forms.barriers import PLAIN, BarrierForm
from teams.models import RaisedBarrier
from teams.views.item_parts import page_number

OTHERS_ON_A_PAGE = 20


def list_url(team) -> str:
    return reverse("teams:barrier_list", args=[team.pk])


@require_safe
def barrier_list(request, team_id):
    """What we said and where each stands, with the answers; and what other teams of the county said."""
    team = access.get_plan_team_for(request.user, team_id)
    look(request.user, Look.BARRIERS, team)
    raised = access.visible_raised(request.user).filter(team=team)
    raised = raised.select_related("barrier", "barrier__group", "created_by", "yes_by").order_by("-pk")
    page = page_number(request)
    others = access.barriers_of_others(request.user, team)
    others = list(others[(page - 1) * OTHERS_ON_A_PAGE : page * OTHERS_ON_A_PAGE + 1])
    right = access.right_on(request.user, team)
    context = {
        "team": team,
        "ours": [_told(row) for row in raised],
        "others": [
            {"barrier": row, "about": PLAIN[row.category], "where": where_of(row)} for row in others[:OTHERS_ON_A_PAGE]
        ],
        "page": page,
        "more": page + 1 if len(others) > OTHERS_ON_A_PAGE else None,
        "may_write": right.may_write and team.is_live,
        "may_send": access.can_agree_for_family(request.user, team),
    }
    return render(request, "teams/barrier_list.html", context)


def _told(row: RaisedBarrier) -> dict:
    return {"row": row, "barrier": row.barrier, "about": PLAIN[row.category], "steps": steps_of(row)}


def where_of(barrier) -> tuple[str, str]:
    """Where a barrier is, as a badge and in plain words."""
    if barrier.status == BarrierStatus.ANSWERED:
        return "done", _("Answered")
    if barrier.status == BarrierStatus.PASSED_ON:
        return "wait", _("With the state’s group")
    if barrier.status == BarrierStatus.TAKEN_UP:
        return "doing", _("The county’s group works on it")
    return "todo", _("Waits for the county’s group")


def steps_of(row: RaisedBarrier) -> list[dict]:
    """The way there and back: (look, icon, words, more words, whether it is now)."""
    barrier = row.barrier
    if barrier is None:
        return [
            _step("wait", _("It waits for the family’s yes"), is_now=True),
            _step("todo", _("The county’s group picks it up")),
            _step("todo", _("The answer comes back to us")),
        ]
    sent = _("Sent on %(day)s, without names") % {"day": date_format(row.sent_at, "DATE_FORMAT")}
    steps = [_step("done", sent)]
    if barrier.status == BarrierStatus.RAISED:
        steps.append(_step("wait", _("The county’s group picks it up"), _asked_by(barrier), is_now=True))
    else:
        steps.append(_step("done", _("The county’s group picked it up")))
    if barrier.status == BarrierStatus.TAKEN_UP:
        words = _("They work on it: %(group)s") % {"group": barrier.group}
        steps.append(_step("doing", words, _asked_by(barrier), is_now=True))
    if barrier.status == BarrierStatus.PASSED_ON:
        steps.append(_step("wait", _("The county passed it on to the state’s group"), _asked_by(barrier), is_now=True))
    if barrier.status == BarrierStatus.ANSWERED:
        day = date_format(barrier.answered_on, "DATE_FORMAT")
        steps.append(_step("done", _("The answer came on %(day)s") % {"day": day}, str(barrier.group)))
    else:
        steps.append(_step("todo", _("The answer comes back to us")))
    return steps


def _asked_by(barrier) -> str:
    if barrier.answer_due_on is None:
        return ""
    day = date_format(barrier.answer_due_on, "DATE_FORMAT")
    if barrier.is_late:
        return _("It should have had an answer by %(day)s. It stays on their list until it has one.") % {"day": day}
    return _("It should have an answer by %(day)s.") % {"day": day}


def _step(state: str, words: str, more: str = "", *, is_now: bool = False) -> dict:
    return {"state": state, "words": words, "more": more, "is_now": is_now}


# --- Writing it ------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def barrier_raise(request, team_id):
    """Anybody who may write says what stands in the way; it waits for the family's yes."""
    team = access.get_plan_team_for(request.user, team_id)
    access.require_writer(request.user, team)
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    form = BarrierForm(request.POST if request.method == "POST" else None, initial=kept.fields if kept else {})
    context = {"team": team, "kept": kept, "pieces": []}
    if request.method == "POST" and form.is_valid():
        try:
            actions.raise_barrier(team=team, by=request.user, **form.values())
        except ValidationError as error:
            _say(request, form, error, context)
        else:
            drafts.drop_drafts(user=request.user, path=request.path)
            messages.success(request, _("It is saved. It goes out when the family says yes."))
            return redirect(list_url(team))
    return render(request, "teams/barrier_raise.html", context | {"form": form}, status=422 if form.errors else 200)


def _say(request, form, error: ValidationError, context: dict, base_version: int | None = None) -> None:
    """Say beside the text what was found, mark it in a copy, and keep all that was typed."""
    form.add_error("text", error)
    context["pieces"] = error.pieces if isinstance(error, NamesFound) else []
    keep_typed(request, base_version)


@require_http_methods(["GET", "POST"])
def barrier_edit(request, team_id, raised_id):
    """Change the words until they go out. Where two changed the same, a person merges it."""
    team = access.get_plan_team_for(request.user, team_id)
    raised = access.get_raised_for(request.user, team, raised_id)
    access.require_writer(request.user, team)
    if raised.sent_at or raised.ended_at:
        return _too_late(request, team, raised)
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    initial = {"category": raised.category, "text": raised.text} | (kept.fields if kept else {})
    form = BarrierForm(request.POST if request.method == "POST" else None, initial=initial)
    version = (kept.fields.get("version") if kept else None) or raised.version
    context = {"team": team, "raised": raised, "kept": kept, "pieces": [], "clashes": []}
    if request.method == "POST":
        version = drafts.base_version_of(request.POST) or 0
        if form.is_valid():
            try:
                actions.change_raised(raised=raised, by=request.user, base_version=version, values=form.values())
            except Conflict as conflict:
                return _merge(request, team, version, conflict)
            except ValidationError as error:
                raised = access.get_raised_for(request.user, team, raised_id)
                if raised.sent_at or raised.ended_at:
                    return _too_late(request, team, raised)
                _say(request, form, error, context, version)
            else:
                drafts.drop_drafts(user=request.user, path=request.path)
                messages.success(request, _("Your words are saved."))
                return redirect(list_url(team))
    look(request.user, Look.ITEM, team, raised)
    context |= {"form": form, "version": version}
    return render(request, "teams/barrier_edit.html", context, status=422 if form.errors else 200)


def _merge(request, team, base_version, conflict: Conflict):
    """Both texts side by side; the form holds one's own where they clash, and theirs elsewhere."""
    theirs = conflict.theirs
    look(request.user, Look.ITEM, team, theirs)
    keep_typed(request, base_version or None)
    values = {name: conflict.mine[name] if name in conflict.changed else getattr(theirs, name)
              for name in ("category", "text")}  # fmt: skip
    shown = {"category": lambda value: PLAIN[value], "text": str}
    clashes = [
        {"label": BarrierForm.base_fields[name].label, "theirs": shown[name](getattr(theirs, name)),
         "mine": shown[name](conflict.mine[name])}
        for name in conflict.fields
    ]  # fmt: skip
    context = {
        "team": team, "raised": theirs, "kept": None, "pieces": [], "clashes": clashes,
        "form": BarrierForm(initial=values), "version": theirs.version,
    }  # fmt: skip
    return render(request, "teams/barrier_edit.html", context, status=409)


def _too_late(request, team, raised):
    """It went out or was taken back meanwhile: say so. What was typed is kept as something new to say."""
    words = _("This has gone to the county. It can't be changed any more.")
    if raised.ended_at:
        words = _("Somebody on the team took this back.")
    messages.error(request, words)
    if request.POST.get("text", "").strip():
        url = reverse("teams:barrier_raise", args=[team.pk])
        keep_typed(request, None, path=url)
        return redirect(url)
    return redirect(list_url(team))


@require_http_methods(["GET", "POST"])
def barrier_end(request, team_id, raised_id):
    """Ask, then take it back; only before it goes out."""
    team = access.get_plan_team_for(request.user, team_id)
    raised = access.get_raised_for(request.user, team, raised_id)
    access.require_writer(request.user, team)
    if raised.sent_at or raised.ended_at:
        return _too_late(request, team, raised)
    if request.method == "POST":
        try:
            actions.end_raised(raised=raised, by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            messages.success(request, _("It is taken back. Nobody outside the team saw it."))
        return redirect(list_url(team))
    look(request.user, Look.ITEM, team, raised)
    return render(request, "teams/barrier_end.html", {"team": team, "raised": raised})


# --- The family's yes ------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def barrier_send(request, team_id, raised_id):
    """A caregiver reads the very words once more, and who will read them, and says yes."""
    team = access.get_plan_team_for(request.user, team_id)
    raised = access.get_raised_for(request.user, team, raised_id)
    access.require_agreer(request.user, team)
    if raised.sent_at or raised.ended_at:
        return _too_late(request, team, raised)
    pieces, wrong = [], []
    if request.method == "POST":
        seen = drafts.base_version_of(request.POST) or 0
        try:
            actions.send_raised(raised=raised, by=request.user, seen_version=seen)
        except ValidationError as error:
            pieces, wrong = getattr(error, "pieces", []), error.messages
            raised = access.get_raised_for(request.user, team, raised_id)
            if raised.sent_at or raised.ended_at:
                return _too_late(request, team, raised)
        else:
            messages.success(request, _("Sent. The answer will show here."))
            return redirect(list_url(team))
    look(request.user, Look.ITEM, team, raised)
    context = {
        "team": team, "raised": raised, "about": PLAIN[raised.category], "pieces": pieces, "wrong": wrong,
        "groups": open_groups_of(team.family.county),
    }  # fmt: skip
    return render(request, "teams/barrier_send.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
def barrier_join(request, team_id, barrier_id):
    """A caregiver says: we see this too."""
    team = access.get_plan_team_for(request.user, team_id)
    barrier = access.get_barrier_to_join_for(request.user, team, barrier_id)
    access.require_agreer(request.user, team)
    if request.method == "POST":
        try:
            actions.join_barrier(team=team, barrier=barrier, by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            messages.success(request, _("You are counted. The answer will show here."))
        return redirect(list_url(team))
    context = {
        "team": team, "barrier": barrier, "about": PLAIN[barrier.category],
        "groups": open_groups_of(team.family.county),
    }  # fmt: skip
    return render(request, "teams/barrier_join.html", context)
