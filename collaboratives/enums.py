"""Words that the database stores for counties and organizations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganizationKind(models.TextChoices):
    """The agencies and partners that sit on teams and in groups."""

    SOCIAL_SERVICES = "dss", _("Social services")
    JUVENILE_COURT = "juvenile_court", _("Juvenile court")
    SCHOOL = "school", _("School")
    LME_MCO = "lme_mco", _("Mental health plan (LME/MCO)")
    HEALTH = "health", _("Health department")
    PROVIDER = "provider", _("Service provider")
    FAMILY_ORGANIZATION = "family_organization", _("Family organization")
    COMMUNITY = "community", _("Community or faith group")
    STATE = "state", _("State agency")


class CountyRoleKind(models.TextChoices):
    """What a person does for a whole county."""

    COORDINATOR = "coordinator", _("System of Care Coordinator")


class DeadlineKind(models.TextChoices):
    """What a team has a date for; the number of days comes from a `TimelineRule`."""

    FIRST_MEETING = "first_meeting", _("First team meeting")
    FIRST_PLAN = "first_plan", _("First plan agreed")
    NEXT_MEETING = "next_meeting", _("Next team meeting")


def organization_kinds():
    return OrganizationKind.choices


def county_role_kinds():
    return CountyRoleKind.choices


def deadline_kinds():
    return DeadlineKind.choices
