"""What a measure came to in a county in a month, and what is published of it: counts, never who they are."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Rollup(models.Model):
    """One measure, one county, one month: the true count. No foreign keys: numbers outlive what they were counted from.

    Read by `soc_portal.measures.rollups` alone: pages show a `Release`.
    """

    measure = models.CharField(max_length=60)
    county_id = models.BigIntegerField()
    month = models.DateField(help_text="Its first day.")
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()
    subjects = models.PositiveIntegerField(
        help_text="How many families (or what else it counts) stand behind it, each in its first month of the quarter "
        "alone: the three months of a quarter add up."
    )
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["measure", "county_id", "month"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "county_id", "month"], name="one_rollup"),
            models.CheckConstraint(condition=Q(numerator__lte=F("denominator")), name="rollup_part_of_whole"),
            models.CheckConstraint(condition=Q(subjects__lte=F("denominator")), name="rollup_subjects_counted"),
        ]
        indexes = [models.Index(fields=["measure", "month"], name="rollup_measure_month")]

    def __str__(self):
        return f"{self.measure} {self.month}"


class Release(models.Model):
    """One measure in one quarter as it came out: what is shown of every county and of the state, and nothing else.

    What may not be shown is not in here. It stays as it came out, so that two versions can't be subtracted.
    """

    measure = models.CharField(max_length=60)
    quarter = models.DateField(help_text="Its first day.")
    counties = models.JSONField(help_text="By FIPS number: mark, part, whole.")
    state = models.JSONField(help_text="The same for the state.")
    counted_at = models.DateTimeField()
    released_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["quarter", "measure"]
        constraints = [models.UniqueConstraint(fields=["measure", "quarter"], name="one_release")]

    def __str__(self):
        return f"{self.measure} {self.quarter}"
