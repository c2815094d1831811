"""What somebody was typing: one row per person, form and field, until it is saved or thrown away."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Draft(models.Model):
    """Text that a person typed into one field of one form and has not saved yet.

    `path` is the URL path of the edit form. `base_version` is the version of the row that the person was
    looking at, so that a draft typed on an older version still goes through the side-by-side merge.
    A draft is its writer's alone: no family, no team, no audit row.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    path = models.CharField(max_length=500)
    field = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    base_version = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "path", "field"], name="draft_once_per_field")]

    def __str__(self):
        return f"draft {self.pk}"
