"""The plan of care: the family's words, needs, goals, ideas and steps, what must be met, the crisis plan and the rest.

Strengths are the family's own (`families.Strength`); every plan of the family builds on the same ones.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from collaboratives.models import PlanElement
from families.enums import Section, sections
from families.models import Person, Strength
from soc_portal.versions.models import SharedRow
from teams.enums import (
    HIGHEST_RATING,
    OPEN_STEPS,
    Choice,
    LifeDomain,
    MandateSource,
    StepStatus,
    choices_made,
    life_domains,
    mandate_sources,
    parts,
    step_statuses,
)
from teams.models.team import Membership, Team


class Item(SharedRow):
    """A part of a plan or a record. It belongs to one section, and is shown to those who may see that section."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="%(class)ss")
    section = models.CharField(_("part of the record"), max_length=20, choices=sections, default=Section.PLAN)

    class Meta(SharedRow.Meta):
        abstract = True
        ordering = ["place", "pk"]

    #: How items of one kind are ordered among themselves; the family puts needs in its own order.
    place = models.PositiveIntegerField(default=0)

    @property
    def was_corrected(self) -> bool:
        """Whether somebody changed this part of a meeting's record after the day of the meeting. Reads `meeting`."""
        meeting = getattr(self, "meeting", None)
        if meeting is None or self.version == 1:
            return False
        return timezone.localdate(self.updated_at) > timezone.localdate(meeting.starts_at)


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


class PlanPart(Item):
    """A part of the plan of which there is one: the team's mission, a part of the crisis plan or of the transition."""

    versioned = ("text", "section")

    part = models.CharField(_("which part of the plan"), max_length=20, choices=parts)
    text = models.TextField(_("what we wrote"))

    class Meta(Item.Meta):
        constraints = [
            *SharedRow.Meta.constraints,
            models.UniqueConstraint(fields=["team", "part"], condition=Q(ended_at=None), name="one_plan_part_a_team"),
        ]

    def __str__(self):
        return f"Plan part {self.pk}"


class Call(Item):
    """Somebody to call in a crisis, in the order in which to call."""

    versioned = ("text", "phone", "when_words", "section")

    text = models.CharField(_("who to call"), max_length=120)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    when_words = models.CharField(_("when, and what for"), max_length=200, blank=True)

    def __str__(self):
        return f"Call {self.pk}"


class Mandate(Item):
    """What the team must meet: a court order, an agreement with social services, an IEP; with its source and date."""

    versioned = ("text", "source", "source_words", "dated_on", "until", "section")

    text = models.TextField(_("what must be met"))
    source = models.CharField(
        _("where it comes from"), max_length=20, choices=mandate_sources, default=MandateSource.OTHER
    )
    source_words = models.CharField(_("which paper, and its number"), max_length=200, blank=True)
    dated_on = models.DateField(_("date of the paper"), null=True, blank=True)
    until = models.DateField(_("in force until"), null=True, blank=True)

    def __str__(self):
        return f"Mandate {self.pk}"


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


class Strategy(Item):
    """An idea for a goal. Several come first, then the team chooses; each may build on a strength."""

    versioned = ("text", "choice", "strength", "friends_part", "section")

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="strategies")
    text = models.TextField(_("our idea"))
    choice = models.CharField(_("what became of it"), max_length=10, choices=choices_made, default=Choice.IDEA)
    strength = models.ForeignKey(
        Strength, on_delete=models.PROTECT, null=True, blank=True, related_name="strategies",
        verbose_name=_("the strength that it builds on"),
    )  # fmt: skip
    friends_part = models.TextField(_("what friends and family do in it"), blank=True)

    class Meta(Item.Meta):
        verbose_name_plural = "strategies"

    def __str__(self):
        return f"Strategy {self.pk}"


class Rating(Item):
    """How far a goal is, from 0 to 10, as the team saw it on one day or at one meeting."""

    versioned = ("value", "text", "rated_on", "section")

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="ratings")
    meeting = models.ForeignKey(
        "teams.Meeting", on_delete=models.PROTECT, null=True, blank=True, related_name="ratings"
    )
    value = models.PositiveSmallIntegerField(_("how far we are"))
    text = models.TextField(_("why"), blank=True)
    rated_on = models.DateField(_("on which day"), default=timezone.localdate)

    class Meta(Item.Meta):
        ordering = ["rated_on", "pk"]
        constraints = [
            *SharedRow.Meta.constraints,
            models.CheckConstraint(condition=Q(value__lte=HIGHEST_RATING), name="rating_from_0_to_10"),
            models.UniqueConstraint(
                fields=["goal", "meeting"],
                condition=Q(ended_at=None, meeting__isnull=False),
                name="one_rating_per_goal_and_meeting",
            ),
        ]

    def __str__(self):
        return f"Rating {self.pk}"


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
    reminded_of = models.DateField(
        null=True, blank=True, editable=False, help_text="The due day of which its people were reminded."
    )

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
        return "late" if self.is_late else {"stopped": "stop", "not_done": "stop"}.get(self.status, self.status)


class Cover(models.Model):
    """A part of the plan answers a mandate, or something that an agency's own plan must hold: nothing is written twice.

    Which part is told by its kind and number, as the history does; `teams.actions.covering` checks that it is there.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="covers")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="covers")
    element = models.ForeignKey(PlanElement, on_delete=models.PROTECT, null=True, blank=True, related_name="covers")
    item_kind = models.CharField(max_length=60)
    item_id = models.BigIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mandate__isnull=False, element=None) | Q(mandate=None, element__isnull=False),
                name="cover_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="cover_end_paired",
            ),
            models.UniqueConstraint(
                fields=["mandate", "item_kind", "item_id"],
                condition=Q(ended_at=None, mandate__isnull=False),
                name="covered_once_by_mandate",
            ),
            models.UniqueConstraint(
                fields=["team", "element", "item_kind", "item_id"],
                condition=Q(ended_at=None, element__isnull=False),
                name="covered_once_by_element",
            ),
        ]

    def __str__(self):
        return f"Cover {self.pk}"

    @property
    def element_key(self) -> str:
        """What it answers of an agency's plan, whatever the wording of the day; "" for a mandate."""
        return self.element.key if self.element else ""
