"""Talking about a part of the plan: comments, and suggestions that the other side answers."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from soc_portal.audit.actions import record
from soc_portal.versions.actions import Conflict
from teams import emails
from teams.access import ITEMS, owners_of_record
from teams.actions.items import change_item
from teams.enums import SuggestionState
from teams.models import Comment, Membership, Suggestion, Team

ENDED = gettext_lazy("This part was taken away. Bring it back first, then say it.")


def _require_live(item) -> None:
    if not type(item).objects.filter(pk=item.pk, ended_at=None).exists():
        raise ValidationError(ENDED, code="ended")


def _path(team: Team, item) -> str:
    kind = next(word for word, model in ITEMS.items() if isinstance(item, model))
    return reverse("teams:item_talk", args=[team.pk, kind, item.pk])


@transaction.atomic
def add_comment(*, team: Team, item, membership: Membership, text: str, mentions, by) -> Comment:
    """Say something about a part; those named in it are told. `item` was read for this: it is not read again."""
    if item.ended_at:
        raise ValidationError(ENDED, code="ended")
    comment = Comment.objects.create(
        team=team, item_kind=item.kind, item_id=item.pk, membership=membership, text=text
    )  # fmt: skip
    if mentions:
        comment.mentions.add(*mentions)
    record("comment_added", by=by, family_id=team.family_id, team_id=team.pk, thing=item)
    emails.mentioned(team, mentions, by, path=_path(team, item))
    return comment


@transaction.atomic
def take_back_comment(*, team: Team, item, comment: Comment, by) -> None:
    """Its writer takes a comment back; the row stays."""
    Comment.objects.filter(pk=comment.pk, ended_at=None).update(ended_at=timezone.now())
    record("comment_taken_back", by=by, family_id=team.family_id, team_id=team.pk, thing=item)


@transaction.atomic
def suggest(*, team: Team, item, membership: Membership, base_version: int, text: str, why: str, by) -> Suggestion:
    """Suggest other words for a part; the other side is told."""
    _require_live(item)
    type(item)._meta.get_field("text").clean(text, item)  # words that could not be taken are refused now
    suggestion = Suggestion.objects.create(
        team=team, item_kind=item.kind, item_id=item.pk, membership=membership, base_version=base_version,
        text=text, why=why,
    )  # fmt: skip
    record("suggestion_made", by=by, family_id=team.family_id, team_id=team.pk, thing=item)
    owners = set(owners_of_record(team).values_list("pk", flat=True))
    emails.suggestion_made(team, item.section, owners, membership, by, path=_path(team, item))
    return suggestion


@transaction.atomic
def answer_suggestion(*, team: Team, item, suggestion: Suggestion, accept: bool, words: str, by) -> Suggestion:
    """Accept other words, which then stand in the plan, or turn them down. It stays open when the text has changed."""
    state = SuggestionState.ACCEPTED if accept else SuggestionState.DECLINED
    fresh = _close(suggestion, state, words, by)
    if accept:
        _require_live(item)
        try:
            change_item(
                team=team, item=item, by=by, base_version=suggestion.base_version, values={"text": suggestion.text}
            )
        except Conflict as conflict:
            message = _("The text has changed since this was suggested. Read both, then change the text yourself.")
            raise ValidationError(message, code="changed") from conflict
    record("suggestion_answered", by=by, family_id=team.family_id, team_id=team.pk, thing=item)
    return fresh


@transaction.atomic
def take_back_suggestion(*, team: Team, item, suggestion: Suggestion, by) -> Suggestion:
    """Its author takes a suggestion back."""
    fresh = _close(suggestion, SuggestionState.TAKEN_BACK, "", by)
    record("suggestion_taken_back", by=by, family_id=team.family_id, team_id=team.pk, thing=item)
    return fresh


def _close(suggestion: Suggestion, state: str, words: str, by) -> Suggestion:
    fresh = Suggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
    if fresh.state != SuggestionState.OPEN:
        raise ValidationError(_("This was answered already."), code="answered")
    fresh.state, fresh.answered_at, fresh.answered_by, fresh.answer_words = state, timezone.now(), by, words
    fresh.save(update_fields=["state", "answered_at", "answered_by", "answer_words"])
    return fresh
