"""Barriers: what stands in the way of families, told without names, carried up until somebody answers.

Which team raised a barrier is kept on the team's side alone (`teams.RaisedBarrier`), behind the second wall: whoever
works on it here sees how many teams say so, never which.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from collaboratives.enums import FEWEST_TO_COUNT, BarrierStatus, barrier_categories, barrier_statuses
from collaboratives.models.places import County
from soc_portal.versions.models import SharedRow


class Barrier(SharedRow):
    """One barrier of one county. It stays open until it has an answer that the teams can read.

    Nothing here leads back to a team: nobody made it (`created_by` is empty), its first state is in no history, and
    `raised_on` is the first day of the month in which it came; the day itself is kept with the team.
    """

    versioned = ("text", "category", "answer", "answered_on")

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="barriers")
    category = models.CharField(_("what kind of barrier"), max_length=30, choices=barrier_categories)
    text = models.TextField(_("what stands in the way"))
    language = models.CharField(max_length=8, default="en")
    raised_on = models.DateField(default=timezone.localdate)
    teams = models.PositiveIntegerField(default=0, help_text="How many teams say so; which ones is kept with them.")
    answer_due_on = models.DateField(null=True, blank=True, help_text="By the rule of the day it was raised.")
    status = models.CharField(max_length=20, choices=barrier_statuses, default=BarrierStatus.RAISED)
    group = models.ForeignKey(
        "collaboratives.Collaborative", on_delete=models.PROTECT, null=True, blank=True, related_name="barriers",
        help_text="Who has it now: the county group that took it up, or the state's.",
    )  # fmt: skip
    answer = models.TextField(_("the answer"), blank=True)
    answered_on = models.DateField(null=True, blank=True)

    class Meta(SharedRow.Meta):
        ordering = ["-raised_on", "-pk"]
        constraints = [
            *SharedRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(answered_on=None, answer="") | (Q(answered_on__isnull=False) & ~Q(answer="")),
                name="barrier_answer_paired",
            ),
            models.CheckConstraint(
                condition=Q(status=BarrierStatus.RAISED, group=None)
                | (~Q(status=BarrierStatus.RAISED) & Q(group__isnull=False)),
                name="barrier_taken_up_by_a_group",
            ),
        ]
        indexes = [models.Index(fields=["county", "status", "raised_on"], name="barrier_county_status")]

    def __str__(self):
        return f"Barrier {self.pk}"

    @property
    def is_late(self) -> bool:
        """Past the day by which the teams wanted an answer."""
        is_open = self.status != BarrierStatus.ANSWERED
        return is_open and self.answer_due_on is not None and self.answer_due_on < timezone.localdate()

    @property
    def months_open(self) -> int:
        """Months from the one in which it came to this one, or to that of the answer."""
        until = self.answered_on or timezone.localdate()
        return max((until.year - self.raised_on.year) * 12 + until.month - self.raised_on.month, 0)

    @property
    def from_words(self) -> str:
        """How many teams say so: a number only from 11 on."""
        if self.teams < FEWEST_TO_COUNT:
            return _t("Fewer than %(count)s teams") % {"count": FEWEST_TO_COUNT}
        return _t("%(count)s teams") % {"count": self.teams}


class BarrierMove(models.Model):
    """A barrier went on: from where to where, by whom, when and why."""

    barrier = models.ForeignKey(Barrier, on_delete=models.PROTECT, related_name="moves")
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20, choices=barrier_statuses)
    group = models.ForeignKey(
        "collaboratives.Collaborative", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Empty for the first move: a team is never named.",
    )  # fmt: skip
    at = models.DateTimeField(default=timezone.now)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.from_status} to {self.to_status}"
