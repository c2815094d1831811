"""What a team sends beyond its own table: barriers to the county's groups, referrals to organizations."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaboratives.enums import barrier_categories
from collaboratives.models import Barrier
from referrals.models import Referral
from soc_portal.versions.models import SharedRow
from teams.models.plan import Item, Need, Step
from teams.models.team import Team

USER = settings.AUTH_USER_MODEL


class RaisedBarrier(Item):
    """A team says what stands in the way. It goes to the county's groups, without names, once a caregiver says yes.

    `barrier` is what the groups work on; several teams may say the same. Here alone is kept which team did.
    """

    versioned = ("text", "category", "section")

    category = models.CharField(_("what kind of barrier"), max_length=30, choices=barrier_categories)
    text = models.TextField(_("what stands in the way"))
    barrier = models.ForeignKey(Barrier, on_delete=models.PROTECT, null=True, blank=True, related_name="raised")
    sent_at = models.DateTimeField(null=True, blank=True)
    yes_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Item.Meta):
        constraints = [
            *SharedRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(sent_at=None, yes_by=None, barrier=None)
                | Q(sent_at__isnull=False, yes_by__isnull=False, barrier__isnull=False),
                name="raised_barrier_goes_with_a_yes",
            ),
            models.UniqueConstraint(
                fields=["team", "barrier"], condition=Q(barrier__isnull=False), name="barrier_once_per_team"
            ),
        ]

    def __str__(self):
        return f"Raised barrier {self.pk}"


class ReferralSource(models.Model):
    """Which team a referral comes from, and which need or step of its plan it is for."""

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="source")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="referral_sources")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, null=True, blank=True, related_name="referral_sources")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, null=True, blank=True, related_name="referral_sources")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(need=None) | Q(step=None), name="referral_for_a_need_or_a_step")
        ]

    def __str__(self):
        return f"Referral source {self.pk}"
