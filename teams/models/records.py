"""After a meeting: its record as it was approved, who has a copy, and how people felt about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from teams.enums import CopyWay, copy_ways, felts
from teams.models.meeting import Meeting
from teams.models.team import Guarded, GuardedQuerySet, Membership

USER = settings.AUTH_USER_MODEL


class RecordVersionQuerySet(GuardedQuerySet):
    """Facts about frozen records."""

    def approved(self):
        """Those that a caregiver and the other side approved and that nobody opened again."""
        return self.filter(approved_at__isnull=False, ended_at=None)


class RecordVersion(Guarded):
    """The record of a meeting as it was read and approved, frozen, with its hash.

    A caregiver approves for the family, the facilitator for the others. It holds from the second of the two on. Whoever
    changes the record before that ends what the first one read; after that it is opened again, and approved anew.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="versions_kept")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    family_at = models.DateTimeField(null=True, blank=True)
    family_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    family_name = models.CharField(max_length=120, blank=True, help_text="Their name on that day; names may change.")
    others_at = models.DateTimeField(null=True, blank=True)
    others_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    others_name = models.CharField(max_length=120, blank=True, help_text="Their name on that day; names may change.")
    approved_at = models.DateTimeField(null=True, blank=True, help_text="When the second of the two approved.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When the record was changed or opened again.")
    ended_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    seal = models.CharField(max_length=64, blank=True, help_text="Over content, names and times.")

    objects = RecordVersionQuerySet.as_manager()
    written_by_actions = models.Manager()

    class Meta:
        base_manager_name = "written_by_actions"
        default_manager_name = "objects"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="one_record_version_per_number"),
            models.UniqueConstraint(fields=["meeting"], condition=Q(ended_at=None), name="one_record_version_holds"),
            models.CheckConstraint(
                condition=Q(approved_at=None, seal="")
                | (Q(approved_at__isnull=False, family_at__isnull=False, others_at__isnull=False) & ~Q(seal="")),
                name="record_version_approved_by_both",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="record_version_end_paired",
            ),
        ]

    def __str__(self):
        return f"Record version {self.number}"


class RecordCopy(models.Model):
    """A member has a copy of an approved record: in which way, since when, and who noted it for paper."""

    record_version = models.ForeignKey(RecordVersion, on_delete=models.PROTECT, related_name="copies")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="copies")
    way = models.CharField(max_length=10, choices=copy_ways, default=CopyWay.PORTAL)
    given_on = models.DateField(default=timezone.localdate)
    noted_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["record_version", "membership"], name="one_copy_a_member")]

    def __str__(self):
        return f"Copy {self.pk}"


class Feedback(models.Model):
    """How one person who came felt about a meeting: four taps, words if they like. The newest one counts.

    What the family says is shown to the team only if it wants that; what others say, the whole team reads.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="feedback")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="feedback")
    heard = models.CharField(_("was I heard?"), max_length=6, choices=felts, blank=True)
    useful = models.CharField(_("was it useful?"), max_length=6, choices=felts, blank=True)
    strengths = models.CharField(_("did we use our strengths?"), max_length=6, choices=felts, blank=True)
    wants_change = models.BooleanField(_("is there something to change?"), null=True, blank=True)
    words = models.TextField(_("in your own words"), blank=True)
    is_shown = models.BooleanField(_("my team may read this"), default=False)
    noted_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Who noted it for somebody without an account.",
    )  # fmt: skip
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "membership"], condition=Q(ended_at=None), name="one_feedback_a_member"
            )
        ]

    def __str__(self):
        return f"Feedback {self.pk}"
