"""Talking about a part of the plan: comments, and suggestions that the other side answers.

Which part is told by its kind and number, as the history does. Whoever may read the part may read what is said about
it, so neither has a section of its own that could differ.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teams.enums import SuggestionState, suggestion_states
from teams.models.team import Membership, Team

USER = settings.AUTH_USER_MODEL


class Comment(models.Model):
    """What somebody on the team says about one part of the plan; `mentions` are those who should read it."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="comments")
    item_kind = models.CharField(max_length=60)
    item_id = models.BigIntegerField()
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField(_("what you want to say"))
    mentions = models.ManyToManyField(Membership, blank=True, related_name="mentioned_in")
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When its writer took it back.")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["team", "item_kind", "item_id"], name="comment_of_item")]

    def __str__(self):
        return f"Comment {self.pk}"


class Suggestion(models.Model):
    """Other words for one part of the plan, built on `base_version` of it. The other side accepts or turns it down."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="suggestions")
    item_kind = models.CharField(max_length=60)
    item_id = models.BigIntegerField()
    base_version = models.PositiveIntegerField()
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="suggestions")
    text = models.TextField(_("your words for it"))
    why = models.TextField(_("why"), blank=True)
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=suggestion_states, default=SuggestionState.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer_words = models.TextField(_("what you want to say about it"), blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=SuggestionState.OPEN, answered_at=None, answered_by=None)
                | (~Q(state=SuggestionState.OPEN) & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="suggestion_answer_paired",
            )
        ]
        indexes = [models.Index(fields=["team", "item_kind", "item_id"], name="suggestion_of_item")]

    def __str__(self):
        return f"Suggestion {self.pk}"
