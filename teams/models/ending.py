"""How a team comes to its end: what the family and its team go through together, and everybody's last word."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teams.enums import EndingReason, ending_reasons
from teams.models.team import Membership, Team

USER = settings.AUTH_USER_MODEL


class Ending(models.Model):
    """The way to a team's end: begun by anybody on the team, closed by a caregiver, or given up again."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="endings")
    reason = models.CharField(_("why the team ends"), max_length=20, choices=ending_reasons, default=EndingReason.GOALS)
    ends_on = models.DateField(_("the day we plan to end on"), null=True, blank=True)
    words = models.TextField(_("in your own words"), blank=True)
    begun_at = models.DateTimeField(default=timezone.now)
    begun_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    had_transition = models.BooleanField(default=False, help_text="Whether the plan held a transition plan at its end.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When the team gave the ending up and went on.")
    ended_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["team"], condition=Q(ended_at=None), name="one_ending_a_team"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="ending_closed_paired",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="ending_ended_paired",
            ),
        ]

    def __str__(self):
        return f"Ending {self.pk}"


class LastWord(models.Model):
    """What one member says at the end, in their own words."""

    ending = models.ForeignKey(Ending, on_delete=models.PROTECT, related_name="last_words")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="last_words")
    text = models.TextField(_("your last word"))
    at = models.DateTimeField(default=timezone.now)
    noted_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When a newer word took its place.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ending", "membership"], condition=Q(ended_at=None), name="one_last_word_a_member"
            )
        ]

    def __str__(self):
        return f"Last word {self.pk}"
