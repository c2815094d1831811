"""The service directory in the shape of HSDS 3.2.3 (Open Referral); organizations are `collaboratives.Organization`.

Columns hold what people search and see; `hsds` keeps everything else that a source told (schedules, phones, attributes,
...) as HSDS names it, so that what was imported can be exported again.
"""

from collections.abc import Iterable

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaboratives.models import County, Organization
from referrals.enums import ServiceStatus, service_categories, service_statuses
from soc_portal.folding import Folded, fold

NEAR, STATEWIDE, FAR = 0, 1, 2


class DirectoryQuerySet(models.QuerySet):
    """Facts about rows of the directory."""

    def live(self):
        return self.filter(ended_at=None)


class ServiceQuerySet(DirectoryQuerySet):
    """Facts about services."""

    def open_to_families(self):
        """Those that a family can be sent to: not the ones that no longer exist."""
        return self.exclude(status=ServiceStatus.DEFUNCT)

    def with_words(self, text: str):
        """Services in whose name, description or organization each of the words stands, whatever case and accents."""
        parts = ("name", "alternate_name", "description", "eligibility", "organization__name")
        between = [part for name in parts for part in (name, Value("\n"))]
        found = self.alias(folded=Folded(Concat(*between, output_field=models.TextField())))
        for word in dict.fromkeys(fold(text).split()):
            found = found.filter(folded__contains=word)
        return found

    def serving(self, county_ids: Iterable[int]):
        """Services that tell that they serve one of these counties, or the whole state."""
        return self.filter(Q(statewide=True) | Exists(_links(county_ids)))

    def near_first(self, county_ids: Iterable[int]):
        """Those of these counties first, then those of the whole state, then the others; each by name."""
        near = Case(
            When(Exists(_links(county_ids)), then=Value(NEAR)),
            When(statewide=True, then=Value(STATEWIDE)),
            default=Value(FAR),
        )
        return self.annotate(nearness=near).order_by("nearness", "name", "pk")

    def speaking(self, code: str):
        return self.filter(Exists(ServiceLanguage.objects.filter(service_id=OuterRef("pk"), code=code)))

    def described_by(self, **term: str):
        """Services that the source describes by this term (`term_id`), or by one of this taxonomy (`taxonomy_id`)."""
        return self.filter(Exists(ServiceTerm.objects.filter(service_id=OuterRef("pk"), **term)))


def _links(county_ids: Iterable[int]):
    return Service.counties.through.objects.filter(service_id=OuterRef("pk"), county_id__in=list(county_ids))


class Service(models.Model):
    """Something that an organization offers to families."""

    hsds_id = models.CharField(max_length=100, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(_("name"), max_length=200)
    alternate_name = models.CharField(_("other name"), max_length=200, blank=True)
    description = models.TextField(_("what it is"), blank=True)
    status = models.CharField(max_length=20, choices=service_statuses, default=ServiceStatus.ACTIVE)
    category = models.CharField(_("kind of help"), max_length=30, choices=service_categories, blank=True)
    eligibility = models.TextField(_("who it is for"), blank=True)
    fees = models.TextField(_("what it costs"), blank=True)
    how_to_apply = models.TextField(_("how to start"), blank=True)
    email = models.EmailField(_("e-mail for referrals"), blank=True)
    url = models.URLField(_("web page"), max_length=500, blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    wait_days = models.PositiveSmallIntegerField(_("days of waiting, about"), null=True, blank=True)
    open_places = models.PositiveSmallIntegerField(_("open places"), null=True, blank=True)
    counties = models.ManyToManyField(County, blank=True, related_name="services")
    statewide = models.BooleanField(default=False, help_text="Neither this nor a county: where it serves is not known.")
    languages = models.JSONField(_("languages"), default=list, blank=True, help_text="ISO 639 codes.")
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    marked_at = models.DateTimeField(null=True, blank=True, help_text="When waiting and places were last told here.")
    hsds = models.JSONField(default=dict, blank=True)
    source_hash = models.CharField(max_length=64, blank=True, help_text="Of what the source told last.")
    updated_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["category", "name"], name="service_category_name")]

    def __str__(self):
        return self.name


class ServiceLanguage(models.Model):
    """A service speaks a language; the rows of `Service.languages` in a form that a database can look up."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="spoken")
    code = models.CharField(max_length=8)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "code"], name="service_language_once")]
        indexes = [models.Index(fields=["code"], name="service_language_code")]

    def __str__(self):
        return self.code


class ServiceTerm(models.Model):
    """A service is described by a term of some taxonomy; the source's attributes in a form that can be looked up."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="terms")
    term_id = models.CharField(max_length=36)
    taxonomy_id = models.CharField(max_length=36, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "term_id"], name="service_term_once")]
        indexes = [
            models.Index(fields=["term_id"], name="service_term_term"),
            models.Index(fields=["taxonomy_id"], name="service_term_taxonomy"),
        ]

    def __str__(self):
        return self.term_id


class Location(models.Model):
    """A place where services are given; without an address for those that are only by phone or online."""

    hsds_id = models.CharField(max_length=100, unique=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="locations"
    )
    name = models.CharField(max_length=200, blank=True)
    address = models.CharField(_("street"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    state = models.CharField(max_length=20, blank=True)
    postal_code = models.CharField(_("ZIP code"), max_length=12, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    transportation = models.TextField(_("how to get there"), blank=True)
    hsds = models.JSONField(default=dict, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DirectoryQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name or self.address


class ServiceAtLocation(models.Model):
    """A service is given at a place."""

    hsds_id = models.CharField(max_length=100, unique=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="at_locations")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="at_services")
    hsds = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["service", "location"], name="service_at_location_once")]

    def __str__(self):
        return self.hsds_id
