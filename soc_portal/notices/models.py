"""The outbox: a notice is a row, written with the change that it tells of, and sent after commit."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone


class NoticeQuerySet(models.QuerySet):
    """Facts about notices."""

    def due(self, now, given_up_after: int):
        """Notices nobody has sent, whose turn has come."""
        return self.filter(sent_at=None, refused_at=None, due_at__lte=now, attempts__lt=given_up_after)

    def arrived_since(self, moment):
        """Notices that were sent after `moment`, to the same reader as the row outside, and came back to nobody."""
        to_the_same = Q(user=OuterRef("user"), user__isnull=False) | Q(user=None, address=OuterRef("address"))
        return self.filter(to_the_same, refused_at=None, sent_at__gt=moment)

    def not_arriving(self):
        """Notices that a mail server refused for ever, with none to the same reader that got through later."""
        later = Notice.objects.arrived_since(OuterRef("refused_at"))
        return self.filter(refused_at__isnull=False).exclude(Exists(later))


class Notice(models.Model):
    """One message to one person or address: what kind of thing changed and where, never what it says."""

    kind = models.CharField(max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="notices"
    )
    address = models.EmailField(blank=True, help_text="For somebody who has no account yet.")
    language = models.CharField(max_length=8, default="en")
    path = models.CharField(max_length=300, help_text="The page to open, from the site's root.")
    facts = models.JSONField(default=dict, help_text="Dates and numbers for the message; no names, no content.")
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    refused_at = models.DateTimeField(null=True, blank=True, help_text="When a mail server said: no such address.")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(address=""), name="notice_has_somebody_to_go_to"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None), name="notice_waiting"),
            # Few of many: read for each member of a team that somebody opens.
            models.Index(fields=["user", "address"], condition=Q(refused_at__isnull=False), name="notice_refused"),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"
