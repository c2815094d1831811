"""Agreeing: the plan as it was put forward and agreed, frozen, and what every member says to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teams.enums import AnswerKind, answer_kinds
from teams.models.team import Guarded, GuardedQuerySet, Membership, Team

USER = settings.AUTH_USER_MODEL


class PlanVersionQuerySet(GuardedQuerySet):
    """Facts about versions of plans."""

    def agreed(self):
        """Those that a caregiver agreed to for the family; they stay for good."""
        return self.filter(agreed_at__isnull=False)

    def waiting(self):
        """Put forward, and neither agreed nor taken back nor replaced."""
        return self.filter(agreed_at=None, ended_at=None)


class PlanVersion(Guarded):
    """The plan as somebody put it forward, frozen; *the agreed plan* once a caregiver agrees for the family.

    What is agreed holds the content, the names of everybody on the team, the time and a seal over all of it.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="plan_versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    put_forward_at = models.DateTimeField(default=timezone.now)
    put_forward_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    put_forward_name = models.CharField(max_length=120, help_text="Their name on that day; names may change.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it was taken back, or another one came.")
    ended_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agreed_name = models.CharField(max_length=120, blank=True)
    signed_on = models.DateField(
        _("signed on paper on"), null=True, blank=True, help_text="The day on which the family signed on paper."
    )
    people = models.JSONField(default=list, help_text="Everybody on the team when it was agreed: name and place.")
    seal = models.CharField(max_length=64, blank=True)

    objects = PlanVersionQuerySet.as_manager()
    written_by_actions = models.Manager()

    class Meta:
        base_manager_name = "written_by_actions"
        default_manager_name = "objects"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["team", "number"], name="one_plan_version_per_number"),
            models.UniqueConstraint(
                fields=["team"], condition=Q(agreed_at=None, ended_at=None), name="one_plan_version_waits"
            ),
            models.CheckConstraint(
                condition=Q(agreed_at=None, agreed_by=None, seal="")
                | (Q(agreed_at__isnull=False, agreed_by__isnull=False, ended_at=None) & ~Q(seal="")),
                name="plan_version_agreed_paired",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="plan_version_end_paired",
            ),
        ]

    def __str__(self):
        return f"Plan version {self.number}"

    @property
    def is_agreed(self) -> bool:
        return self.agreed_at is not None

    @property
    def is_waiting(self) -> bool:
        return self.agreed_at is None and self.ended_at is None


class Answer(models.Model):
    """What one member says to one version of the plan, in their own words.

    For a member without an account, or one who signed on paper, somebody notes it: `noted_by`. What somebody sees
    differently stays open until it is settled.
    """

    plan_version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="answers")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField(_("your answer"), max_length=10, choices=answer_kinds, default=AnswerKind.AGREES)
    words = models.TextField(_("in your own words"), blank=True)
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When a newer answer took its place.")
    noted_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Who wrote it down for them; empty for who answered themselves.",
    )  # fmt: skip
    signed_on = models.DateField(_("signed on paper on"), null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_words = models.TextField(_("how we settled it"), blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan_version", "membership"], condition=Q(ended_at=None), name="one_answer_per_member"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="answer_settled_paired",
            ),
        ]

    def __str__(self):
        return f"Answer {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether somebody sees it differently and it is not settled."""
        return self.kind != AnswerKind.AGREES and self.settled_at is None and self.ended_at is None
