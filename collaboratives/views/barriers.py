"""What teams asked a county's groups to fix: read, taken up, passed on to the state, given back, answered.

Nothing on these pages tells which team or family it is: no name, no day, no exact number below 11.
"""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, Value, When
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from collaboratives import access
from collaboratives.actions import barriers as actions
from collaboratives.enums import BarrierStatus, GroupLevel
from collaboratives.forms.barriers import AnswerForm, FilterForm, TakeUpForm, WhyForm
from collaboratives.models import Barrier, BarrierMove
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from soc_portal.drafts.views import keep_typed
from soc_portal.versions.actions import Conflict
from teams.actions.names import NamesFound

ON_A_PAGE = 25
ON_A_GROUP_S_PAGE = 10


# --- Reading ---------------------------------------------------------------------------------------------------------
@require_safe
def barrier_list(request):
    """Every barrier that this person's groups work on or may take up; those without an answer first."""
    if not access.has_barriers(request.user):
        raise Http404
    form = FilterForm(request.GET or None)
    form.is_valid()
    asked = form.asked
    barriers = _in_order(_filtered(access.visible_barriers(request.user), asked))
    page = Paginator(barriers.select_related("county", "group"), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form, "rows": [row_of(barrier) for barrier in page], "page": page, "asked": bool(asked),
        "query": urlencode(asked), "several_counties": len({barrier.county_id for barrier in page}) > 1,
    }  # fmt: skip
    return render(request, "collaboratives/barrier_list.html", context)


def _filtered(barriers, asked: dict):
    if category := asked.get("category"):
        barriers = barriers.filter(category=category)
    status = asked.get("status", "")
    if status in BarrierStatus.values:
        return barriers.filter(status=status)
    return barriers if status == "all" else barriers.exclude(status=BarrierStatus.ANSWERED)


def _in_order(barriers):
    """Without an answer first, those asked longest ago at the top; within a month in no order that tells a day."""
    answered = Case(When(status=BarrierStatus.ANSWERED, then=Value(1)), default=Value(0), output_field=IntegerField())
    return barriers.annotate(has_answer=answered).order_by("has_answer", "raised_on", "category", "pk")


def row_of(barrier: Barrier, *, with_link: bool = True) -> dict:
    """One line of the table: the barrier, what it is about, the answer, where it stands."""
    state, where = where_of(barrier)
    url = reverse("collaboratives:barrier_detail", args=[barrier.pk]) if with_link else ""
    return {"barrier": barrier, "state": state, "where": where, "url": url, "is_late": barrier.is_late}


def where_of(barrier: Barrier) -> tuple[str, str]:
    """The badge of a barrier: one of the seven statuses, and words."""
    if barrier.status == BarrierStatus.ANSWERED:
        return "done", _("Answered on %(day)s") % {"day": date_format(barrier.answered_on, "SHORT_DATE_FORMAT")}
    if barrier.is_late:
        months = barrier.months_open
        late = ngettext("No answer after %(count)s month", "No answer after %(count)s months", months)
        at_state = [_("With the State Collaborative")] if barrier.status == BarrierStatus.PASSED_ON else []
        return "late", ". ".join([*at_state, late % {"count": months}])
    if barrier.status == BarrierStatus.PASSED_ON:
        return "wait", _("With the State Collaborative")
    if barrier.status == BarrierStatus.TAKEN_UP:
        return "doing", _("Taken up: %(group)s") % {"group": barrier.group}
    return "todo", _("Waits to be taken up")


@require_safe
def barrier_detail(request, barrier_id):
    """One barrier: its words, where it has been, the answer, and what this person may do with it."""
    barrier = access.get_barrier_for(request.user, barrier_id)
    return _page(request, "detail", barrier, {
        "moves": _moves(request.user, barrier),
        "recommendations": access.barrier_recommendations(barrier),
        "acts": _acts(request.user, barrier),
    })  # fmt: skip


def _moves(user, barrier: Barrier) -> list[dict]:
    """Where it has been, as a loop that ends with the answer; the month alone of the first step."""
    steps = []
    for move in access.visible_barrier_moves(user, barrier):
        day = date_format(timezone.localdate(move.at), "DATE_FORMAT")
        if move.to_status == BarrierStatus.RAISED:
            month = date_format(barrier.raised_on, "YEAR_MONTH_FORMAT")
            steps.append({"words": _("Raised by a team in %(month)s") % {"month": month}, "more": "", "why": ""})
            continue
        words = {
            BarrierStatus.TAKEN_UP: _("Taken up: %(group)s"),
            BarrierStatus.PASSED_ON: _("Passed on to: %(group)s"),
            BarrierStatus.ANSWERED: _("Answered by: %(group)s"),
        }[BarrierStatus(move.to_status)]
        if move.from_status == BarrierStatus.PASSED_ON and move.to_status == BarrierStatus.TAKEN_UP:
            words = _("Given back to: %(group)s")
        who = _("%(name)s, %(day)s") % {"name": move.by, "day": day}
        steps.append({"words": words % {"group": move.group}, "more": who, "why": move.words})
    return steps


def _acts(user, barrier: Barrier) -> list[tuple[str, str, str]]:
    """What this person may do with it now: (address, words, look of the button)."""

    def act(name, words, look="btn"):
        return reverse(f"collaboratives:barrier_{name}", args=[barrier.pk]), words, look

    if barrier.status == BarrierStatus.RAISED:
        return [act("take_up", _("Take it up"), "btn btn-go")] if access.groups_to_take_up(user, barrier) else []
    if not access.has_barrier(user, barrier):
        return []
    if barrier.status == BarrierStatus.ANSWERED:
        return [act("answer", _("Make the answer better"))]
    answer = act("answer", _("Answer the teams"), "btn btn-go")
    if barrier.status == BarrierStatus.PASSED_ON:
        return [answer, act("give_back", _("Give it back to the county"))]
    return [answer, act("pass_on", _("Pass it on to the State Collaborative"))]


def _page(request, name: str, barrier: Barrier, context: dict, *, status: int = 200):
    state, where = where_of(barrier)
    context |= {"barrier": barrier, "state": state, "where": where}
    return render(request, f"collaboratives/barrier_{name}.html", context, status=status)


# --- Moving ----------------------------------------------------------------------------------------------------------
def _to_move(request, barrier_id: int, *statuses: str) -> tuple[Barrier, str]:
    """The barrier for somebody who runs a group that works on it, else 404 or 403; and why it can't be moved now."""
    barrier = access.get_barrier_for(request.user, barrier_id)
    access.require_barrier_mover(request.user, barrier)
    if barrier.status not in statuses:
        return barrier, _("This barrier has moved on. Nothing was done. Please look where it stands.")
    if barrier.group is not None and not access.has_barrier(request.user, barrier):
        words = _("This barrier is with another group now: %(group)s. Nothing was done.")
        return barrier, words % {"group": barrier.group}
    return barrier, ""


def _too_late(request, barrier: Barrier, words: str):
    """Say it on the barrier's page. What was typed is kept, and is there when the form can be opened again."""
    if request.method == "POST":
        keep_typed(request, drafts.base_version_of(request.POST))
    messages.error(request, words)
    return _to(barrier)


def _to(barrier: Barrier):
    return redirect("collaboratives:barrier_detail", barrier_id=barrier.pk)


@require_http_methods(["GET", "POST"])
def barrier_take_up(request, barrier_id):
    """Somebody who runs a group of the county takes the barrier up for it."""
    barrier, refusal = _to_move(request, barrier_id, BarrierStatus.RAISED)
    groups = access.groups_to_take_up(request.user, barrier)
    if refusal or not groups:
        words = refusal or _("Only a group of the county can take this up. Nothing was done.")
        return _too_late(request, barrier, words)
    form = TakeUpForm(request.POST if request.method == "POST" else None, groups=groups)
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_up_barrier(barrier=barrier, group=form.cleaned_data["group"], by=request.user)
        except ValidationError as error:
            return _too_late(request, barrier, error.messages[0])
        messages.success(request, _("Your group has taken it up. The teams can see that."))
        return _to(barrier)
    return _page(request, "take_up", barrier, {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def barrier_pass_on(request, barrier_id):
    """The county's group passes the barrier on to the state's, with why."""
    barrier, refusal = _to_move(request, barrier_id, BarrierStatus.TAKEN_UP)
    return _why(
        request, barrier, refusal, actions.pass_on_barrier, "pass_on", _("It is passed on to the State Collaborative.")
    )


@require_http_methods(["GET", "POST"])
def barrier_give_back(request, barrier_id):
    """The state's group gives the barrier back to the county's, with why."""
    barrier, refusal = _to_move(request, barrier_id, BarrierStatus.PASSED_ON)
    return _why(
        request, barrier, refusal, actions.give_back_barrier, "give_back", _("It is given back to the county’s group.")
    )


def _why(request, barrier: Barrier, refusal: str, action, name: str, done: str):
    if refusal:
        return _too_late(request, barrier, refusal)
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    form = WhyForm(request.POST if request.method == "POST" else None, initial=kept.fields if kept else {})
    context = {"form": form, "kept": kept, "pieces": []}
    if request.method == "POST" and form.is_valid():
        try:
            action(barrier=barrier, by=request.user, words=form.cleaned_data["words"])
        except ValidationError as error:
            if getattr(error, "code", "") in ("move", "moved"):
                return _too_late(request, barrier, error.messages[0])
            _say(request, form, "words", error, context)
        else:
            drafts.drop_drafts(user=request.user, path=request.path)
            messages.success(request, done)
            return _to(barrier)
    return _page(request, name, barrier, context, status=422 if form.errors else 200)


def _say(request, form, field: str, error: ValidationError, context: dict, base_version: int | None = None) -> None:
    """Say beside the text what was found, mark it in a copy, and keep all that was typed."""
    form.add_error(field, ValidationError(error.messages))
    context["pieces"] = error.pieces if isinstance(error, NamesFound) else []
    keep_typed(request, base_version)


@require_http_methods(["GET", "POST"])
def barrier_answer(request, barrier_id):
    """The group that has the barrier answers the teams, or makes its answer better; nobody's words are lost."""
    can_be_answered = (BarrierStatus.TAKEN_UP, BarrierStatus.PASSED_ON, BarrierStatus.ANSWERED)
    barrier, refusal = _to_move(request, barrier_id, *can_be_answered)
    if refusal:
        return _too_late(request, barrier, refusal)
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    initial = {"answer": barrier.answer} | (kept.fields if kept else {})
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    version = (kept.fields.get("version") if kept else None) or barrier.version
    context = {"form": form, "kept": kept, "pieces": [], "theirs": None}
    if request.method == "POST":
        version = drafts.base_version_of(request.POST) or 0
        if form.is_valid():
            try:
                actions.answer_barrier(
                    barrier=barrier, by=request.user, text=form.cleaned_data["answer"], base_version=version
                )
            except Conflict as conflict:
                return _merge(request, barrier, form, version, conflict)
            except ValidationError as error:
                _say(request, form, "answer", error, context, version)
            else:
                drafts.drop_drafts(user=request.user, path=request.path)
                messages.success(request, _("The answer is saved. The teams can read it, and are told."))
                return _to(barrier)
    return _page(request, "answer", barrier, context | {"version": version}, status=422 if form.errors else 200)


def _merge(request, barrier: Barrier, form, base_version: int, conflict: Conflict):
    """Both answers side by side, with one's own to put together from."""
    keep_typed(request, base_version or None)
    theirs = access.get_barrier_for(request.user, barrier.pk)
    context = {
        "form": AnswerForm(initial={"answer": form.cleaned_data["answer"]}), "kept": None, "pieces": [],
        "theirs": theirs.answer, "mine": form.cleaned_data["answer"], "version": conflict.theirs.version,
    }  # fmt: skip
    return _page(request, "answer", theirs, context, status=409)


# --- For other pages --------------------------------------------------------------------------------------------------
def barrier_facts(user, group) -> dict | None:
    """What teams asked a group to fix, for its own page; None for somebody who may not read that.

    A county's group: what waits in its counties, and what it has or had. The state's: what was passed on to it. For
    `collaboratives/parts/group_barriers.html`, as `barriers`.
    """
    if not access.has_barriers(user) or group.kind_of.is_closed:
        return None
    barriers = access.visible_barriers(user)
    if group.kind_of.level == GroupLevel.STATE:
        passed_on = BarrierMove.objects.filter(to_status=BarrierStatus.PASSED_ON)
        barriers = barriers.filter(pk__in=passed_on.values("barrier_id"))
    else:
        waiting = Q(status=BarrierStatus.RAISED, county__in=group.counties.order_by().values("pk"))
        ours = Q(pk__in=BarrierMove.objects.filter(group=group).values("barrier_id"))
        barriers = barriers.filter(waiting | ours)
    rows = list(_in_order(barriers).select_related("county", "group")[: ON_A_GROUP_S_PAGE + 1])
    return {
        "rows": [row_of(barrier) for barrier in rows[:ON_A_GROUP_S_PAGE]],
        "more": len(rows) > ON_A_GROUP_S_PAGE,
        "by_county": group.kind_of.level == GroupLevel.STATE,
    }


def open_barriers_facts(user) -> dict | None:
    """What waits for somebody who works on barriers, for their home: numbers and the address; None for others.

    `to_take_up`: nobody works on it yet; `late`: past the day of its answer; `open`: without an answer, all together.
    """
    if not access.has_barriers(user):
        return None
    open_ones = access.visible_barriers(user).exclude(status=BarrierStatus.ANSWERED)
    rows = list(open_ones.order_by("pk").values_list("status", "answer_due_on"))
    today = timezone.localdate()
    return {
        "open": len(rows),
        "to_take_up": sum(status == BarrierStatus.RAISED for status, _due in rows),
        "late": sum(due is not None and due < today for _status, due in rows),
        "url": reverse("collaboratives:barrier_list"),
    }
