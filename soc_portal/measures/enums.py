"""Words of measures: the six values of the System of Care, and what a published number can be."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SocValue(models.TextChoices):
    """The six values that every measure serves one of, in the order of the founding text."""

    PARTNERSHIP = "partnership", _("Child and family partnership")
    COLLABORATION = "collaboration", _("Agencies working together")
    INDIVIDUALIZED = "individualized", _("Care that fits, built on strengths")
    CULTURE = "culture", _("Respect for culture and language")
    COMMUNITY = "community", _("Supports from the community")
    RESULTS = "results", _("Answering for results")


class Mark(models.TextChoices):
    """What is published of one number: a part, the rest, and the whole that they add up to."""

    EXACT = "exact"  # shown as it is
    NONE = "none"  # zero: nothing to count
    FEW = "few"  # the whole is too small to show
    LOW = "low"  # the part is too small to show
    HIGH = "high"  # the rest is too small to show
    SPLIT = "split"  # only the whole is shown
    HIDDEN = "hidden"  # nothing is shown, for the sake of small numbers elsewhere
    ABSENT = "absent"  # not reporting yet
