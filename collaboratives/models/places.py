"""Counties, the organizations in them, who works where, and the days that rules allow."""

import csv
import datetime as dt
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from collaboratives.enums import county_role_kinds, deadline_kinds, organization_kinds

NEIGHBORS = Path(__file__).parent.parent / "data" / "nc_county_neighbors.csv"


class Cohort(models.Model):
    """Counties that started something together, such as the System of Care grant of 2003."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    starts_on = models.DateField()
    source = models.CharField(max_length=200)

    def __str__(self):
        return self.name


class County(models.Model):
    """One of North Carolina's 100 counties. Loaded by `manage.py load_reference_data`; `docs/data-sources.md`."""

    fips = models.CharField(max_length=5, unique=True)
    name = models.CharField(max_length=40, unique=True)
    court_district = models.CharField(_("district court district"), max_length=8)
    lme_mco = models.CharField(_("mental health plan (LME/MCO)"), max_length=80)
    lme_mco_verified = models.BooleanField(default=False)
    population = models.PositiveIntegerField()
    under_18 = models.PositiveIntegerField(_("people under 18"))
    cohorts = models.ManyToManyField(Cohort, blank=True, related_name="counties")

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def next_to(self) -> tuple[str, ...]:
        """The FIPS numbers of the counties that touch this one; none for a county that is not North Carolina's."""
        return _neighbors().get(self.fips, ())


@cache
def _neighbors() -> dict[str, tuple[str, ...]]:
    """Which counties touch, by FIPS number: `data/README.md`. Borders don't move, so no table holds them."""
    with NEIGHBORS.open(encoding="utf-8") as file:
        return {row["fips"]: tuple(row["neighbors"].split()) for row in csv.DictReader(file)}


class Organization(models.Model):
    """An agency, provider or group that people work or volunteer for.

    The service directory lists the same rows, so `hsds_id` and `hsds` hold what HSDS 3.2.3 tells beside the columns.
    """

    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=30, choices=organization_kinds)
    counties = models.ManyToManyField(County, blank=True, related_name="organizations")
    description = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField(blank=True)
    hsds_id = models.CharField(max_length=100, unique=True, null=True, blank=True)
    hsds = models.JSONField(default=dict, blank=True, help_text="What the directory's source tells beside the columns.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name


class DatedQuerySet(models.QuerySet):
    """Rows that hold from a day to a day."""

    def live(self, on: dt.date | None = None):
        """Rows that hold on the day `on` (today when left out); the last day counts."""
        on = on or timezone.localdate()
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)


class StaffPosition(models.Model):
    """A person works or volunteers for an organization, under somebody."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="positions")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="positions")
    title = models.CharField(max_length=120)
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="supervises"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")), name="position_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["user", "organization"], condition=Q(ends_on=None), name="position_once_per_organization"
            ),
        ]

    def __str__(self):
        return f"{self.title}, {self.organization}"


class CountyRole(models.Model):
    """A person serves a whole county. The role alone never opens a family's record."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="county_roles")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=20, choices=county_role_kinds)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")), name="county_role_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["user", "county", "role"], condition=Q(ends_on=None), name="county_role_once"
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()}, {self.county}"


class RuleQuerySet(DatedQuerySet):
    """Facts about rules. A rule that was taken back before its first day never held."""

    def live(self, on: dt.date | None = None):
        return super().live(on).filter(taken_back_at=None)

    def holding(self, kind: str, on: dt.date) -> "TimelineRule | None":
        """The rule of a kind on a day, or None where there is none."""
        return self.live(on).filter(kind=kind).order_by("-starts_on").first()


class TimelineRule(models.Model):
    """How many days a step of the work may take, from when on, and who says so.

    A deadline keeps the rule that it was made under, so a new rule never rewrites the past. `set_by` is whoever set it
    for the State Collaborative; empty for a rule from `data/timeline_rules.json`.
    """

    kind = models.CharField(max_length=20, choices=deadline_kinds)
    days = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True, help_text="Before its first day: it never held.")

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")), name="rule_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["kind", "starts_on"], condition=Q(taken_back_at=None), name="one_rule_per_kind_and_day"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.days}"


class PlanElement(models.Model):
    """Something that the plan of one kind of agency must hold, from when on, and who says so.

    A team with somebody from such an agency sees whether its own plan holds it, so that nothing is written twice.
    """

    organization_kind = models.CharField(max_length=20, choices=organization_kinds)
    key = models.SlugField(max_length=40, help_text="The same through all its dated wordings.")
    text = models.CharField(max_length=200)
    text_es = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    place = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["organization_kind", "place", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")), name="element_ends_after_start"
            ),
            models.UniqueConstraint(fields=["key", "starts_on"], name="one_element_per_key_and_day"),
        ]

    def __str__(self):
        return self.key

    @property
    def words(self) -> str:
        """The element in the reader's language."""
        return self.text_es if (get_language() or "").startswith("es") else self.text
