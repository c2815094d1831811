"""What groups recommend and what comes back: a group's list, the state's list, writing one, writing down its answer."""

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collaboratives import access
from collaboratives.actions import recommendations as actions
from collaboratives.enums import Asked, GroupMeetingStatus
from collaboratives.forms.recommendations import (
    AnswerForm,
    RecommendationEditForm,
    RecommendationFilter,
    RecommendationForm,
    initial_of_answer,
    initial_of_recommendation,
)
from collaboratives.models import Collaborative, Recommendation
from collaboratives.views import saving

PER_PAGE = 20
FIRST_SHOWN = 5
MEETINGS_OFFERED = 24
LOOKS = {Asked.ANSWERED: "done", Asked.LATE: "late", Asked.WAITING: "wait"}


# --- Where one stands ------------------------------------------------------------------------------------------------
def with_state(rows, today) -> list[Recommendation]:
    """The recommendations, each with `badge`: its look and its words."""
    rows = list(rows)
    for row in rows:
        state = Asked.ANSWERED if row.is_answered else Asked.LATE if row.is_late(today) else Asked.WAITING
        row.badge = (LOOKS[state], state.label)
    return rows


def in_state(rows: QuerySet[Recommendation], state: str, today) -> QuerySet[Recommendation]:
    """Those that stand there; all of them for any other word."""
    in_time = Q(due_on=None) | Q(due_on__gte=today)
    wanted = {
        Asked.ANSWERED: Q(answered_on__isnull=False), Asked.LATE: Q(answered_on=None, due_on__lt=today),
        Asked.WAITING: Q(answered_on=None) & in_time,
    }  # fmt: skip
    return rows.filter(wanted[state]) if state in wanted else rows


# --- For the group's page --------------------------------------------------------------------------------------------
def recommendation_facts(user, group: Collaborative) -> dict:
    """What `parts/group_recommendations.html` shows: the newest few, and how many others ask of the group. One query.

    Give it a group that came through `access`.
    """
    own = access.visible_recommendations(user).filter(group=group)
    asked = access.visible_recommendations(user).filter(to_group=group, answered_on=None)
    newest = own.order_by("-sent_on", "-pk").values("pk")[:FIRST_SHOWN]
    rows = Recommendation.objects.filter(Q(pk__in=newest) | Q(pk__in=asked.values("pk")))
    rows = list(rows.select_related("to_group").order_by("-sent_on", "-pk"))
    return {
        "group": group,
        "recommendations": with_state([row for row in rows if row.group_id == group.pk], timezone.localdate()),
        "recommendations_asked": sum(row.group_id != group.pk for row in rows),
        "can_recommend": access.can_run_group(user, group),
    }


# --- Lists -----------------------------------------------------------------------------------------------------------
@require_safe
def recommendation_list(request, group_id):
    """What the group recommends, and what other groups ask of it."""
    group = access.get_group_for(request.user, group_id)
    visible = access.visible_recommendations(request.user).select_related("group", "to_group", "meeting")
    can_run = access.can_run_group(request.user, group)
    asked = with_state(visible.filter(to_group=group).order_by("answered_on", "-sent_on", "-pk")[:PER_PAGE], _today())
    for row in asked:
        row.can_answer = can_run
    context = _narrowed(request, visible.filter(group=group)) | {"group": group, "can_run": can_run, "asked": asked}
    for row in context["rows"]:
        row.can_answer = can_run and row.to_group_id is None
        row.can_edit = can_run and not row.is_answered
    return render(request, "collaboratives/recommendation_list.html", context)


@require_safe
def state_recommendations(request):
    """Those of the state's groups, and those that county groups sent to the state."""
    rows = access.state_recommendations(request.user).select_related("group", "to_group", "meeting")
    return render(request, "collaboratives/state_recommendations.html", _narrowed(request, rows))


def _today():
    return timezone.localdate()


def _narrowed(request, rows: QuerySet[Recommendation]) -> dict:
    """A page of these rows as the reader asked for them: `form`, `page`, `rows` and the question again as `query`."""
    form = RecommendationFilter(request.GET)
    form.is_valid()  # a choice that nobody offers is left out
    asked = form.cleaned_data
    if asked.get("topic"):
        rows = rows.filter(topic=asked["topic"])
    rows = in_state(rows, asked.get("state", ""), _today()).order_by("-sent_on", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    query = "".join(f"{name}={asked[name]}&" for name in ("topic", "state") if asked.get(name))
    return {"form": RecommendationFilter(asked), "page": page, "rows": with_state(page, _today()), "query": query}


# --- Writing ---------------------------------------------------------------------------------------------------------
def _list_url(group_id: int) -> str:
    return reverse("collaboratives:recommendation_list", args=[group_id])


def _page(group: Collaborative, make_form, **words) -> saving.Page:
    url = _list_url(group.pk)
    page = saving.Page(
        make_form=make_form, title=_("Recommendation"), back_url=url, done_url=url, context={"group": group}, **words
    )
    if group.kind_of.open_meetings:
        page.context["reminder"] = _("Everybody can read this, also without signing in. Write no names of families.")
    return page


@require_http_methods(["GET", "POST"])
def recommendation_add(request, group_id):
    """Those who run a group write down what it recommends."""
    group = access.get_group_for(request.user, group_id)
    access.require_group_runner(request.user, group)
    groups = access.groups_to_recommend_to(request.user, group)
    held = access.visible_group_meetings(request.user).filter(group=group, status=GroupMeetingStatus.HELD)
    newest = held.order_by("-starts_at").values_list("pk", flat=True)[:MEETINGS_OFFERED]
    meetings = held.filter(pk__in=list(newest)).order_by("-starts_at")

    def make_form(data, initial):
        return RecommendationForm(data, initial=initial, groups=groups, meetings=meetings)

    page = _page(
        group, make_form, heading=_("Add a recommendation"), act=_("Save this recommendation"),
        done_words=_("The recommendation is saved."),
    )  # fmt: skip

    def save(form):
        actions.add_recommendation(group=group, row=Recommendation(**form.cleaned_data), by=request.user)

    return saving.add(request, page, save, {"sent_on": _today()})


@require_http_methods(["GET", "POST"])
def recommendation_edit(request, group_id, recommendation_id):
    """Change a recommendation while nobody has answered."""
    row = access.get_recommendation_for(request.user, group_id, recommendation_id)
    access.require_group_runner(request.user, row.group)
    page = _page(
        row.group, lambda data, initial: RecommendationEditForm(data, initial=initial, row=row),
        heading=_("Change this recommendation"), act=_("Save this recommendation"),
        done_words=_("The recommendation is saved."),
    )  # fmt: skip

    def save(form, version):
        actions.change_recommendation(row=row, by=request.user, base_version=version, values=form.cleaned_data)

    return saving.change(request, page, row, initial_of_recommendation, save)


@require_http_methods(["GET", "POST"])
def recommendation_answer(request, group_id, recommendation_id):
    """The addressed group answers; for somebody outside, the group that asked writes down what came in."""
    row = access.get_recommendation_for(request.user, group_id, recommendation_id)
    access.require_recommendation_answerer(request.user, row)
    group = row.to_group or row.group
    page = _page(
        group, lambda data, initial: AnswerForm(data, initial=initial), heading=_("The answer"),
        act=_("Save this answer"), done_words=_("The answer is saved. Thank you."),
    )  # fmt: skip
    page.context["asked"] = row

    def save(form, version):
        actions.answer_recommendation(row=row, by=request.user, base_version=version, **form.cleaned_data)

    return saving.change(request, page, row, initial_of_answer, save)
