"""Finding a time for a meeting: the times that are offered, and what everybody says to them, account or not."""

import datetime as dt
from typing import cast

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from families.enums import Section, sections
from soc_portal.versions.models import SharedRow
from teams.enums import Can, cans
from teams.models.meeting import Meeting
from teams.models.plan import Item
from teams.models.team import Membership

USER = settings.AUTH_USER_MODEL
ANSWER_SALT = "teams.meeting-answer"


class TimePoll(Item):
    """Somebody on the team wants to meet and says why; the team finds the time. It ends with a meeting, or without."""

    versioned = ("purpose", "place_words", "link", "section")

    section = models.CharField(_("part of the record"), max_length=20, choices=sections, default=Section.RECORDS)
    purpose = models.TextField(_("why we meet"), blank=True)
    place_words = models.CharField(_("where"), max_length=200, blank=True)
    link = models.URLField(_("link for video or phone"), blank=True)
    meeting = models.OneToOneField(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="poll", help_text="What it became."
    )

    class Meta(Item.Meta):
        ordering = ["pk"]
        constraints = [*SharedRow.Meta.constraints]

    def __str__(self):
        return f"Time poll {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.meeting_id is None and self.ended_at is None


class Slot(models.Model):
    """A time that somebody on the team offers for a meeting."""

    poll = models.ForeignKey(TimePoll, on_delete=models.PROTECT, related_name="slots")
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="slots_offered", help_text="Who offers it."
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="slot_end_paired",
            ),
            models.UniqueConstraint(
                fields=["poll", "starts_at", "ends_at"], condition=Q(ended_at=None), name="slot_offered_once"
            ),
        ]

    def __str__(self):
        return f"Slot {self.pk}"


class SlotAnswer(models.Model):
    """Whether one member can come at one of the times. The newest one counts, the earlier ones end."""

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="answers")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="slot_answers")
    can = models.CharField(max_length=5, choices=cans, default=Can.YES)
    at = models.DateTimeField(default=timezone.now)
    noted_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who noted it for them."
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "membership"], condition=Q(ended_at=None), name="one_answer_a_member_and_slot"
            )
        ]

    def __str__(self):
        return f"Slot answer {self.pk}"


class AnswerLink(models.Model):
    """A way to answer, once and nothing else, without an account: a signed link that ends by itself.

    It asks which of the offered times somebody can make, or whether they come to a meeting that is set.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="answer_links")
    poll = models.ForeignKey(TimePoll, on_delete=models.PROTECT, null=True, blank=True, related_name="links")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="links")
    address = models.EmailField(_("e-mail address"), blank=True)
    nonce = models.CharField(max_length=32)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="answer_link_ends_after_start"),
            models.CheckConstraint(
                condition=Q(poll__isnull=False, meeting=None) | Q(poll=None, meeting__isnull=False),
                name="answer_link_asks_one_thing",
            ),
        ]

    def __str__(self):
        return f"Answer link {self.pk}"

    @property
    def thing(self) -> TimePoll | Meeting:
        """What it asks about; the constraint says that there is exactly one."""
        return cast("TimePoll | Meeting", self.poll or self.meeting)

    def is_open(self, now: dt.datetime) -> bool:
        return self.used_at is None and self.ended_at is None and now < self.expires_at

    @property
    def token(self) -> str:
        """The signed word of the link; made whenever it is needed, kept nowhere."""
        return signing.dumps([self.pk, self.nonce], salt=ANSWER_SALT)

    @staticmethod
    def read_token(token: str) -> tuple[int, str] | None:
        """(link, nonce), or None for a word that we did not sign."""
        try:
            link_id, nonce = signing.loads(token, salt=ANSWER_SALT)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return link_id, nonce
