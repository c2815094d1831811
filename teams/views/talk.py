"""Talking about one part of a plan."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from soc_portal.audit.enums import Look
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from teams import access
from teams.actions import talk
from teams.actions.looks import look
from teams.forms.talk import CommentForm, SuggestionAnswerForm, SuggestionForm
from teams.views.telling import compare


def _fetch(request, team_id, kind, item_id):
    return access.get_talk_item_with_team_for(request.user, team_id, kind, item_id)


def _own(request, team):
    right = access.right_on(request.user, team)
    return access.get_membership_for(request.user, team, right.membership_id)


@require_http_methods(["GET", "POST"])
def item_talk(request, team_id, kind, item_id):
    """What is said about a part; whoever writes on the team says something too."""
    team, item = _fetch(request, team_id, kind, item_id)
    kept = None
    if request.method == "GET":
        look(request.user, Look.ITEM, team, item)
        kept = kept_for(request.user, request.path)
    else:
        access.require_writer(request.user, team)
    members = access.members_to_mention(team, item.section).select_related("user")
    data = request.POST if request.method == "POST" else None
    form = CommentForm(data, initial=kept.fields if kept else None, members=members)
    if request.method == "POST" and form.is_valid():
        try:
            talk.add_comment(
                team=team, item=item, membership=access.own_place_on(request.user, team),
                text=form.cleaned_data["text"], mentions=form.cleaned_data["mentions"], by=request.user,
            )  # fmt: skip
        except ValidationError as error:
            form.add_error("text", error)
        else:
            drafts.drop_drafts(user=request.user, path=request.path)
            messages.success(request, _("It is saved."))
            return redirect("teams:item_talk", team.pk, kind, item.pk)
    return _page(request, team, kind, item, form=form, kept=kept)


def _page(request, team, kind, item, *, form=None, kept=None, suggestion_form=None, answer=None):
    """The page; `answer` is the suggestion that could not be answered, with the form that says why."""
    right = access.right_on(request.user, team)
    owners = set(access.owners_of_record(team).values_list("pk", flat=True))
    rows = [
        {
            "row": row, "pieces": compare(item.text, row.text), "mine": row.membership_id == right.membership_id,
            "may_answer": access.can_answer_suggestion(request.user, team, row, owners),
            "form": answer[1] if answer and answer[0].pk == row.pk else _answer_form(row),
        }
        for row in access.visible_suggestions(request.user, team, item)
    ]  # fmt: skip
    members = access.members_to_mention(team, item.section)
    failed = bool(answer or (form and form.errors) or (suggestion_form and suggestion_form.errors))
    context = {
        "team": team, "kind": kind, "item": item, "kept": kept, "failed": failed, "rows": rows,
        "comments": access.visible_comments(request.user, team, item).prefetch_related("mentions"),
        "own_id": right.membership_id, "may_write": right.may_write and team.is_live,
        "may_suggest": access.can_suggest(request.user, team, item) and not item.ended_at,
        "form": form or CommentForm(members=members),
        "suggestion_form": suggestion_form
        or SuggestionForm(initial={"base_version": item.version, "text": item.text}, auto_id="suggest-%s"),
    }  # fmt: skip
    return render(request, "teams/item_talk.html", context, status=422 if failed else 200)


@require_POST
def comment_end(request, team_id, kind, item_id, comment_id):
    """Its writer takes a comment back."""
    team, item = _fetch(request, team_id, kind, item_id)
    access.require_writer(request.user, team)
    comment = access.get_comment_for(request.user, team, item, comment_id)
    talk.take_back_comment(team=team, item=item, comment=comment, by=request.user)
    messages.success(request, _("You took it back."))
    return redirect("teams:item_talk", team.pk, kind, item.pk)


@require_POST
def suggestion_add(request, team_id, kind, item_id):
    """Suggest other words for a part."""
    team, item = _fetch(request, team_id, kind, item_id)
    access.require_suggester(request.user, team, item)
    form = SuggestionForm(request.POST, auto_id="suggest-%s")
    if form.is_valid():
        try:
            talk.suggest(team=team, item=item, membership=_own(request, team), by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("text", error)
        else:
            messages.success(request, _("Your words are on their way to the others."))
            return redirect("teams:item_talk", team.pk, kind, item.pk)
    return _page(request, team, kind, item, suggestion_form=form)


@require_POST
def suggestion_answer(request, team_id, kind, item_id, suggestion_id):
    """The other side says yes or no to other words."""
    team, item = _fetch(request, team_id, kind, item_id)
    suggestion = access.get_suggestion_for(request.user, team, item, suggestion_id)
    access.require_suggestion_answerer(request.user, team, suggestion)
    form = _answer_form(suggestion, request.POST)
    if form.is_valid():
        try:
            talk.answer_suggestion(
                team=team, item=item, suggestion=suggestion, accept=form.cleaned_data["accept"] == "yes",
                words=form.cleaned_data["words"], by=request.user,
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Your answer is saved."))
            return redirect("teams:item_talk", team.pk, kind, item.pk)
    return _page(request, team, kind, item, answer=(suggestion, form))


def _answer_form(suggestion, data=None):
    return SuggestionAnswerForm(data, auto_id=f"answer-{suggestion.pk}-%s")


@require_POST
def suggestion_end(request, team_id, kind, item_id, suggestion_id):
    """Its author takes a suggestion back."""
    team, item = _fetch(request, team_id, kind, item_id)
    access.require_writer(request.user, team)
    suggestion = access.get_suggestion_for(request.user, team, item, suggestion_id)
    access.require_suggestion_author(request.user, team, suggestion)
    try:
        talk.take_back_suggestion(team=team, item=item, suggestion=suggestion, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("You took it back."))
    return redirect("teams:item_talk", team.pk, kind, item.pk)
