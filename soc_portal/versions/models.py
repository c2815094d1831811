"""Rows that several people write, and every state that such a row has had."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Numbers(models.Aggregate):
    """All values of a column of numbers as one list."""

    function = "JSONB_AGG"
    output_field = models.JSONField()

    def as_sqlite(self, compiler, connection, **extra_context):
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **extra_context)


class SharedRowQuerySet(models.QuerySet):
    """Facts about shared rows: a row ends, it is never deleted."""

    def live(self):
        return self.filter(ended_at=None)

    def with_numbers(self):
        """Each row with its many-to-many values in the same query, for a save that reads nothing twice."""
        found = self
        for name in self.model.versioned_many:
            field = self.model._meta.get_field(name)
            ours, theirs = field.m2m_field_name(), field.m2m_reverse_field_name()
            through = getattr(self.model, name).through.objects.filter(**{ours: models.OuterRef("pk")})
            numbers = through.order_by().values(ours).annotate(numbers=Numbers(theirs)).values("numbers")
            found = found.annotate(**{f"{name}_numbers": models.Subquery(numbers)})
        return found


class SharedRow(models.Model):
    """A row that several people write; `version` counts its saves, from 1.

    After its first save it is written by `soc_portal.versions.actions` alone, which never lets a second save
    overwrite a first one unseen, and keeps every state as a `Revision`.
    """

    #: The fields whose every state is kept and merged; a subclass names its own.
    versioned: ClassVar[tuple[str, ...]] = ()
    #: Many-to-many fields, kept as sorted lists of numbers.
    versioned_many: ClassVar[tuple[str, ...]] = ()
    #: Fields that only fit together: where two people changed some of them, all of them clash.
    versioned_together: ClassVar[tuple[frozenset[str], ...]] = ()
    #: Whether the row is a family itself, so that its history is its own.
    is_family: ClassVar[bool] = False

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = SharedRowQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="%(app_label)s_%(class)s_end_paired",
            )
        ]

    @property
    def kind(self) -> str:
        """The name under which the history keeps this row, such as `teams.need`."""
        return self._meta.label_lower

    def state(self) -> dict:
        """The versioned fields as plain JSON values; a foreign key is its number."""
        values = {}
        for name in self.versioned:
            field = self._meta.get_field(name)
            value = getattr(self, field.attname)
            values[name] = value.isoformat() if hasattr(value, "isoformat") else value
        for name in self.versioned_many:
            values[name] = self.numbers_of(name)
        return values

    def numbers_of(self, name: str) -> list[int]:
        """The sorted numbers of a many-to-many field; those read along with the row (`with_numbers`), or asked for."""
        if f"{name}_numbers" in self.__dict__:
            return sorted(self.__dict__[f"{name}_numbers"] or ())
        return sorted(row.pk for row in getattr(self, name).all())


class Verb(models.TextChoices):
    """What a revision did to its row."""

    ADDED = "added", _("added")
    CHANGED = "changed", _("changed")
    ENDED = "ended", _("took away")
    RESTORED = "restored", _("brought back")


class Revision(models.Model):
    """One state of one shared row. No foreign keys: history outlives what it tells of."""

    kind = models.CharField(max_length=60)
    item_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    family_id = models.BigIntegerField(null=True, help_text="Whose record the row is part of; or else:")
    group_id = models.BigIntegerField(null=True, help_text="The county or state group whose row it is.")
    team_id = models.BigIntegerField(null=True)
    section = models.CharField(max_length=20)
    verb = models.CharField(max_length=10, choices=Verb.choices)
    state = models.JSONField()
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "item_id", "version"], name="one_revision_per_version"),
            models.CheckConstraint(
                condition=Q(family_id=None) | Q(group_id=None, family_id__isnull=False),
                name="revision_of_a_family_or_a_group",
            ),
        ]
        indexes = [
            models.Index(fields=["family_id", "-at"], name="revision_family_at"),
            models.Index(fields=["team_id", "-at"], name="revision_team_at"),
            models.Index(fields=["group_id", "-at"], name="revision_group_at"),
        ]

    def __str__(self):
        return f"{self.kind} {self.item_id} v{self.version}"
