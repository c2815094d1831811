"""Talking about one part of a plan."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from soc_portal.audit.enums import Look
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from teams import access
from teams.actions import talk
from teams.actions.looks import look
from teams.enums import SuggestionState
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
    """Everything that is said about a part; `answer` is a suggestion with the form of an answer that was refused."""
    right = access.right_on(request.user, team)
    refused = {answer[0].pk: answer[1]} if answer else {}
    members = access.members_to_mention(team, item.section)
    may_suggest = access.can_suggest(request.user, team, item) and not item.ended_at
    suggest_kept = (
        kept_for(request.user, _suggest_path(team, kind, item)) if may_suggest and not suggestion_form else None
    )
    failed = bool(refused or (form and form.errors) or (suggestion_form and suggestion_form.errors))
    context = {
        "team": team, "kind": kind, "item": item, "kept": kept, "suggest_kept": suggest_kept, "failed": failed,
        "rows": _suggestions(request, team, item, refused),
        "comments": access.visible_comments(request.user, team, item).prefetch_related("mentions"),
        "own_id": right.membership_id, "may_write": right.may_write and team.is_live, "may_suggest": may_suggest,
        "form": form or CommentForm(members=members),
        "suggestion_form": suggestion_form or _suggestion_form(item, suggest_kept),
    }  # fmt: skip
    return render(request, "teams/item_talk.html", context, status=422 if failed else 200)


def _suggestions(request, team, item, refused) -> list[dict]:
    """Other words with the form by which this person answers them, if they do; what they typed stays in it."""
    right = access.right_on(request.user, team)
    owners = set(access.owners_of_record(team).values_list("pk", flat=True))
    rows = []
    for row in access.visible_suggestions(request.user, team, item):
        may_answer = row.state == SuggestionState.OPEN and access.can_answer_suggestion(request.user, team, row, owners)
        form = refused.get(row.pk) or (SuggestionAnswerForm(auto_id=f"answer-{row.pk}-%s") if may_answer else None)
        mine = row.membership_id == right.membership_id
        rows.append({"row": row, "pieces": compare(item.text, row.text), "mine": mine, "form": form})
    return rows


def _suggestion_form(item, kept) -> SuggestionForm:
    """The words as they stand, to be changed; or what this person was typing, on the version that they began with."""
    initial = {"base_version": item.version, "text": item.text} | (kept.fields if kept else {})
    return SuggestionForm(initial=initial, auto_id="suggest-%s")


def _suggest_path(team, kind, item) -> str:
    return reverse("teams:suggestion_add", args=[team.pk, kind, item.pk])


@require_POST
def comment_end(request, team_id, kind, item_id, comment_id):
    """Its writer takes a comment back."""
    team, item = _fetch(request, team_id, kind, item_id)
    access.require_writer(request.user, team)
    comment = access.get_comment_for(request.user, team, item, comment_id)
    talk.take_back_comment(team=team, item=item, comment=comment, by=request.user)
    messages.success(request, _("You took it back."))
    return redirect("teams:item_talk", team.pk, kind, item.pk)


@require_http_methods(["GET", "POST"])
def suggestion_add(request, team_id, kind, item_id):
    """Suggest other words for a part. Who comes back to what they were typing is led to the page that has the form."""
    team, item = _fetch(request, team_id, kind, item_id)
    access.require_suggester(request.user, team, item)
    if request.method == "GET":
        return redirect("teams:item_talk", team.pk, kind, item.pk)
    form = SuggestionForm(request.POST, auto_id="suggest-%s")
    if form.is_valid():
        try:
            talk.suggest(team=team, item=item, membership=_own(request, team), by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("text", error)
        else:
            drafts.drop_drafts(user=request.user, path=request.path)
            messages.success(request, _("Your words are on their way to the others."))
            return redirect("teams:item_talk", team.pk, kind, item.pk)
    return _page(request, team, kind, item, suggestion_form=form)


@require_POST
def suggestion_answer(request, team_id, kind, item_id, suggestion_id):
    """The other side says yes or no to other words."""
    team, item = _fetch(request, team_id, kind, item_id)
    suggestion = access.get_suggestion_for(request.user, team, item, suggestion_id)
    access.require_suggestion_answerer(request.user, team, suggestion)
    form = SuggestionAnswerForm(request.POST, auto_id=f"answer-{suggestion.pk}-%s")
    if form.is_valid():
        try:
            talk.answer_suggestion(
                team=team, item=item, suggestion=suggestion, accept=form.cleaned_data["accept"] == "yes",
                words=form.cleaned_data["words"], by=request.user,
            )  # fmt: skip
        except ValidationError as error:
            form.add_error("words", error)
        else:
            messages.success(request, _("Your answer is saved."))
            return redirect("teams:item_talk", team.pk, kind, item.pk)
    return _page(request, team, kind, item, answer=(suggestion, form))


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
