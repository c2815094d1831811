"""The plan of care: the family's words, needs, goals and steps, and the versions that were agreed.

Strengths are the family's own (`families.Strength`); every plan of the family builds on the same ones.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from families.enums import Section, sections
from families.models import Person
from soc_portal.versions.models import SharedRow
from teams.enums import OPEN_STEPS, AnswerKind, LifeDomain, StepStatus, answer_kinds, life_domains, step_statuses
from teams.models.team import Guarded, GuardedQuerySet, Membership, Team

USER = settings.AUTH_USER_MODEL


class Item(SharedRow):
    """A part of a plan or a record. It belongs to one section, and is shown to those who may see that section."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="%(class)ss")
    section = models.CharField(_("part of the record"), max_length=20, choices=sections, default=Section.PLAN)

    class Meta(SharedRow.Meta):
        abstract = True
        ordering = ["place", "pk"]

    #: How items of one kind are ordered among themselves; the family puts needs in its own order.
    place = models.PositiveIntegerField(default=0)


class Words(Item):
    """What one person of the family says, in their own words: the vision, or about one meeting.

    Only that person writes it, and nobody else ever changes it.
    """

    versioned = ("text", "section")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="words")
    meeting = models.ForeignKey("teams.Meeting", on_delete=models.PROTECT, null=True, blank=True, related_name="words")
    text = models.TextField(_("in your own words"))
    language = models.CharField(max_length=8, default="en")

    class Meta(Item.Meta):
        verbose_name_plural = "words"
        constraints = [
            *SharedRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["team", "person"], condition=Q(ended_at=None, meeting=None), name="one_vision_per_person"
            ),
            models.UniqueConstraint(
                fields=["meeting", "person"],
                condition=Q(ended_at=None, meeting__isnull=False),
                name="one_word_per_person_and_meeting",
            ),
        ]

    def __str__(self):
        return f"Words {self.pk}"


class Need(Item):
    """What the family needs, in the order of its own choosing. A need is a need, not a service."""

    versioned = ("text", "domain", "section")

    text = models.TextField(_("what we need"))
    domain = models.CharField(_("part of life"), max_length=20, choices=life_domains, default=LifeDomain.OTHER)

    def __str__(self):
        return f"Need {self.pk}"


class Goal(Item):
    """What will be different, and how we will know; it has the section of its need."""

    versioned = ("text", "how_we_will_know", "section")

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="goals")
    text = models.TextField(_("our goal"))
    how_we_will_know = models.TextField(_("how we will know"), blank=True)

    def __str__(self):
        return f"Goal {self.pk}"


class Step(Item):
    """Who does what by when; done or not, and why. With a goal it has the section of that goal."""

    versioned = ("text", "due_on", "due_words", "status", "why", "done_on", "needs_help", "section")
    versioned_many = ("who",)

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, null=True, blank=True, related_name="steps")
    meeting = models.ForeignKey("teams.Meeting", on_delete=models.PROTECT, null=True, blank=True, related_name="steps")
    text = models.TextField(_("what will happen"))
    who = models.ManyToManyField(Membership, blank=True, related_name="steps", verbose_name=_("who will do it"))
    due_on = models.DateField(_("by when"), null=True, blank=True)
    due_words = models.CharField(_("or in words"), max_length=80, blank=True)
    status = models.CharField(_("how it is going"), max_length=10, choices=step_statuses, default=StepStatus.TODO)
    why = models.TextField(_("why not, or what changed"), blank=True)
    done_on = models.DateField(null=True, blank=True)
    needs_help = models.BooleanField(_("I need help with this"), default=False)

    class Meta(Item.Meta):
        constraints = [
            *SharedRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status=StepStatus.DONE, done_on__isnull=False)
                | (~Q(status=StepStatus.DONE) & Q(done_on=None)),
                name="step_done_paired",
            ),
        ]
        indexes = [models.Index(fields=["team", "status", "due_on"], name="step_team_status_due")]

    def __str__(self):
        return f"Step {self.pk}"

    @cached_property
    def people(self) -> list[Membership]:
        """Who will do it, always in the same order; a page that has read all members already sets it."""
        return sorted(self.who.all(), key=lambda member: member.pk)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STEPS

    @property
    def is_late(self) -> bool:
        """Whether its date has passed and it is neither done nor stopped."""
        return bool(self.is_open and self.due_on and self.due_on < timezone.localdate())

    @property
    def state_name(self) -> str:
        """The badge: todo, doing, done, stop, or late."""
        return "late" if self.is_late else {"stopped": "stop"}.get(self.status, self.status)


class PlanVersion(Guarded):
    """The plan as the family agreed to it, frozen with everybody's names, the time and a hash."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="plan_versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    agreed_at = models.DateTimeField(default=timezone.now)
    agreed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    objects = GuardedQuerySet.as_manager()
    written_by_actions = models.Manager()

    class Meta:
        base_manager_name = "written_by_actions"
        default_manager_name = "objects"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["team", "number"], name="one_plan_version_per_number")]

    def __str__(self):
        return f"Plan version {self.number}"


class Answer(models.Model):
    """What one member says to one version of the plan, in their own words."""

    plan_version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="answers")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField(_("your answer"), max_length=10, choices=answer_kinds, default=AnswerKind.AGREES)
    words = models.TextField(_("in your own words"), blank=True)
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When a newer answer took its place.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan_version", "membership"], condition=Q(ended_at=None), name="one_answer_per_member"
            )
        ]

    def __str__(self):
        return f"Answer {self.pk}"
