"""A referral: a family asks an organization for something, sharing just what it said yes to, until it is closed.

Which team and which need it comes from is kept on the team's side (`teams.ReferralSource`).
"""

import datetime as dt

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaboratives.models import Organization
from families.enums import Section, sections
from families.models import Family, Person
from referrals.enums import (
    OPEN_STATUSES,
    Outcome,
    ReferralStatus,
    Side,
    outcomes,
    referral_statuses,
    refusal_reasons,
    sides,
)
from referrals.models.directory import Service
from soc_portal.versions.models import SharedRow

USER = settings.AUTH_USER_MODEL
LINK_SALT = "referrals.link"


class Referral(SharedRow):
    """One request to one organization. Its status moves by `enums.MOVES` alone (the ten of a FHIR R4 Task).

    `shared` is what the receiver sees, frozen at the family's yes: a list of {"what", "words"}, `what` being a key of
    `enums.Shared`; nothing else of the family's record ever reaches them. Without a live yes, and once it is closed,
    the receiver sees that there was a referral, not what it held.
    """

    versioned = (
        "title", "wants", "wants_by", "language", "section", "service", "organization", "external_system",
        "external_number",
    )  # fmt: skip

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="referrals")
    section = models.CharField(_("part of the record"), max_length=20, choices=sections, default=Section.PLAN)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="referrals", verbose_name=_("to whom")
    )
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals", verbose_name=_("service")
    )
    title = models.CharField(_("what we ask for"), max_length=160)
    wants = models.TextField(_("what the family wants, in its own words"), blank=True)
    wants_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Whose words they are."
    )
    language = models.CharField(max_length=8, default="en")
    status = models.CharField(max_length=20, choices=referral_statuses, default=ReferralStatus.DRAFT)
    shared = models.JSONField(default=list, blank=True)
    yes_at = models.DateTimeField(null=True, blank=True)
    yes_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    yes_until = models.DateField(_("share until"), null=True, blank=True)
    yes_ended_at = models.DateTimeField(null=True, blank=True)
    yes_ended_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    requested_at = models.DateTimeField(null=True, blank=True)
    answer_due_on = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    first_visit_at = models.DateTimeField(_("first visit"), null=True, blank=True)
    wait_words = models.CharField(_("how long it takes"), max_length=120, blank=True)
    refusal = models.CharField(_("why not"), max_length=30, choices=refusal_reasons, blank=True)
    outcome = models.CharField(_("did it happen"), max_length=20, choices=outcomes, default=Outcome.UNKNOWN, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    external_system = models.CharField(_("also kept in"), max_length=60, blank=True)
    external_number = models.CharField(_("its number there"), max_length=60, blank=True)

    class Meta(SharedRow.Meta):
        ordering = ["-created_at", "-pk"]
        constraints = [
            *SharedRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(yes_at=None, yes_by=None, yes_until=None)
                | Q(yes_at__isnull=False, yes_by__isnull=False, yes_until__isnull=False),
                name="referral_yes_paired",
            ),
            models.CheckConstraint(
                condition=Q(yes_ended_at=None, yes_ended_by=None)
                | Q(yes_ended_at__isnull=False, yes_ended_by__isnull=False),
                name="referral_yes_end_paired",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[ReferralStatus.DRAFT, ReferralStatus.CANCELLED, ReferralStatus.ERROR])
                | Q(yes_at__isnull=False),
                name="referral_goes_out_with_a_yes",
            ),
            models.CheckConstraint(
                condition=~Q(status=ReferralStatus.REJECTED) | ~Q(refusal=""), name="referral_refused_with_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "status", "requested_at"], name="referral_org_status"),
            models.Index(fields=["family", "status"], name="referral_family_status"),
        ]

    def __str__(self):
        return f"Referral {self.pk}"

    def is_shared(self, on: dt.date | None = None) -> bool:
        """Whether the family's yes holds on the day `on` (today when left out); its last day counts."""
        on = on or timezone.localdate()
        return bool(self.yes_at and self.yes_ended_at is None and self.yes_until and self.yes_until >= on)

    @property
    def is_open(self) -> bool:
        """Whether somebody still waits for something."""
        return self.status in OPEN_STATUSES

    @property
    def is_sent(self) -> bool:
        return self.requested_at is not None

    @property
    def shows_content(self) -> bool:
        """Whether its receiver may read what was shared: while the yes holds and it is not closed."""
        return self.is_open and self.is_shared()

    @property
    def is_late(self) -> bool:
        """Whether its answer is past its date."""
        due = self.answer_due_on
        return bool(self.status == ReferralStatus.REQUESTED and due and due < timezone.localdate())


class ReferralMove(models.Model):
    """A referral went from one status to another: who, for which side, when and why. Family and sender see it all."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="moves")
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20, choices=referral_statuses)
    side = models.CharField(max_length=10, choices=sides, default=Side.TEAM)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=160, help_text="The name, or what somebody at the link wrote of themselves.")
    at = models.DateTimeField(default=timezone.now)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.from_status} to {self.to_status}"


class ReferralLink(models.Model):
    """A way to answer one referral without an account: a signed link by e-mail that ends by itself."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="links")
    address = models.EmailField(_("e-mail address"))
    nonce = models.CharField(max_length=32)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="referral_link_ends_after_start")
        ]

    def __str__(self):
        return f"Link {self.pk}"

    def is_open(self, now: dt.datetime) -> bool:
        return self.used_at is None and self.ended_at is None and now < self.expires_at

    @property
    def token(self) -> str:
        """The signed word of the link; made whenever it is needed, kept nowhere."""
        return signing.dumps([self.pk, self.nonce], salt=LINK_SALT)

    @staticmethod
    def read_token(token: str) -> tuple[int, str] | None:
        """(link, nonce), or None for a word that we did not sign."""
        try:
            link_id, nonce = signing.loads(token, salt=LINK_SALT)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return link_id, nonce
