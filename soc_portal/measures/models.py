"""What a measure came to in one county in one month: its numerator and denominator, never who they are."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Rollup(models.Model):
    """One measure, one county, one month. No foreign keys: numbers outlive what they were counted from."""

    measure = models.CharField(max_length=60)
    county_id = models.BigIntegerField()
    month = models.DateField(help_text="Its first day.")
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["measure", "county_id", "month"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "county_id", "month"], name="one_rollup"),
            models.CheckConstraint(condition=Q(numerator__lte=F("denominator")), name="rollup_part_of_whole"),
        ]
        indexes = [models.Index(fields=["measure", "month"], name="rollup_measure_month")]

    def __str__(self):
        return f"{self.measure} {self.month}"
