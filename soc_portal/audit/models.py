"""What happened and who looked. Rows have no foreign keys, so that nothing can take the log with it."""

from django.db import models
from django.utils import timezone


class Event(models.Model):
    """Somebody did or read something. Holds what kind of thing and which one, never its content."""

    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=40)
    looked = models.BooleanField(default=False, help_text="A reading, print or export; else something done.")
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120)
    actor_organization = models.CharField(max_length=160, blank=True)
    family_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)
    object_kind = models.CharField(max_length=60, blank=True)
    object_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["family_id", "looked", "-at"], name="event_family_looked_at"),
            models.Index(fields=["actor_id", "-at"], name="event_actor_at"),
        ]

    def __str__(self):
        return f"{self.verb} by {self.actor_id}"
