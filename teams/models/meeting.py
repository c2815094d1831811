"""A meeting of a team and its record: who was there, what was said, what was decided."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaboratives.models import TimelineRule
from families.enums import Section, sections
from soc_portal.versions.models import SharedRow
from teams.enums import (
    Attendance,
    Coming,
    HelpKind,
    MeetingStatus,
    TopicOutcome,
    attendances,
    coming,
    help_kinds,
    meeting_statuses,
    topic_outcomes,
)
from teams.models.plan import Item
from teams.models.team import Membership


class Meeting(Item):
    """When and where the team meets, and why. Its parts may belong to other sections than it does.

    `notice_rule` is the rule of notice that held when the team was told of its day; where that is sooner than the rule
    says, `waived_at` tells when the family said that this is all right. Another day needs another yes.
    """

    versioned = ("purpose", "starts_at", "ends_at", "place_words", "link", "status", "section")

    section = models.CharField(_("part of the record"), max_length=20, choices=sections, default=Section.RECORDS)
    purpose = models.TextField(_("why we meet"), blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place_words = models.CharField(_("where"), max_length=200, blank=True)
    link = models.URLField(_("link for video or phone"), blank=True)
    status = models.CharField(max_length=10, choices=meeting_statuses, default=MeetingStatus.SET)
    told_at = models.DateTimeField(default=timezone.now, help_text="When the team was last told of its day and time.")
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="When the reminder was claimed.")
    notice_rule = models.ForeignKey(TimelineRule, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    waived_at = models.DateTimeField(null=True, blank=True)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    copies_due_on = models.DateField(
        null=True, blank=True, help_text="When every member has a copy of its record; under the rule of its time."
    )

    class Meta(Item.Meta):
        ordering = ["-starts_at", "-pk"]
        constraints = [
            *SharedRow.Meta.constraints,
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_start"),
            models.CheckConstraint(
                condition=Q(waived_at=None, waived_by=None) | Q(waived_at__isnull=False, waived_by__isnull=False),
                name="meeting_waived_paired",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "status", "starts_at"], name="meeting_team_status_start"),
            models.Index(
                fields=["starts_at"], condition=Q(reminded_at=None, status="set"), name="meeting_to_remind_of"
            ),
        ]

    def __str__(self):
        return f"Meeting {self.pk}"


class Guest(models.Model):
    """Somebody invited to a meeting: whether they mean to come, what would help, whether they were there."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="guests")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="invited_to")
    coming = models.CharField(_("are you coming?"), max_length=5, choices=coming, default=Coming.NO_ANSWER, blank=True)
    needs = models.CharField(_("what would help you come"), max_length=200, blank=True)
    attendance = models.CharField(
        _("was there"), max_length=10, choices=attendances, default=Attendance.UNKNOWN, blank=True
    )

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "membership"], name="invited_once")]

    def __str__(self):
        return f"Guest {self.pk}"


class RecordItem(Item):
    """A part of a meeting's record."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="%(class)ss")
    section = models.CharField(_("part of the record"), max_length=20, choices=sections, default=Section.RECORDS)

    class Meta(Item.Meta):
        abstract = True


class Topic(RecordItem):
    """A thing to talk about; every member can add one."""

    versioned = ("text", "outcome", "section")

    text = models.TextField(_("what to talk about"))
    outcome = models.CharField(_("what became of it"), max_length=10, choices=topic_outcomes, default=TopicOutcome.OPEN)

    def __str__(self):
        return f"Topic {self.pk}"


class Note(RecordItem):
    """What was said about a topic of the agenda, or beside it."""

    versioned = ("title", "text", "topic", "section")

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, null=True, blank=True, related_name="notes")
    title = models.CharField(_("what it was about"), max_length=200)
    text = models.TextField(_("what we said"))

    def __str__(self):
        return f"Note {self.pk}"


class Decision(RecordItem):
    """What the team decided; a disagreement stands beside it in the person's own words."""

    versioned = ("text", "differing_words", "section")

    text = models.TextField(_("what we decided"))
    differing_words = models.TextField(_("who sees it differently, and why"), blank=True)

    def __str__(self):
        return f"Decision {self.pk}"


class WhatIf(RecordItem):
    """Plan B: what could go wrong with what was decided, and what the team does then."""

    versioned = ("text", "then_words", "section")

    text = models.TextField(_("what could go wrong"))
    then_words = models.TextField(_("what we do then"), blank=True)

    def __str__(self):
        return f"What if {self.pk}"


class Help(RecordItem):
    """What helps somebody come to a meeting, and who on the team takes care of it."""

    versioned = ("kind_of", "text", "for_whom", "carrier", "is_arranged", "section")

    kind_of = models.CharField(_("what helps"), max_length=12, choices=help_kinds, default=HelpKind.OTHER)
    text = models.CharField(_("in your own words"), max_length=200, blank=True, help_text="Such as which language.")
    for_whom = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty: for everybody."
    )
    carrier = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="helps")
    is_arranged = models.BooleanField(_("it is arranged"), default=False)

    def __str__(self):
        return f"Help {self.pk}"
