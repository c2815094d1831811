"""The service directory in the shape of HSDS 3.2.3 (Open Referral); organizations are `collaboratives.Organization`.

Columns hold what people search and see; `hsds` keeps everything else that a source told (schedules, phones, attributes,
...) as HSDS names it, so that what was imported can be exported again.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaboratives.models import County, Organization
from referrals.enums import ServiceStatus, service_categories, service_statuses


class DirectoryQuerySet(models.QuerySet):
    """Facts about rows of the directory."""

    def live(self):
        return self.filter(ended_at=None)


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
    counties = models.ManyToManyField(County, blank=True, related_name="services", help_text="None: the whole state.")
    languages = models.JSONField(_("languages"), default=list, blank=True, help_text="ISO 639 codes.")
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    hsds = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DirectoryQuerySet.as_manager()

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
