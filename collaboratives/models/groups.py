"""Groups of a county and of the state: what the law expects of them, who sits where, when they meet, what they ask for.

A kind of group is data with a start and an end (`data/group_kinds.json`), so a law that replaces one group by another
needs no code. Nothing here belongs to a family; a group never sees a family's record.
"""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from collaboratives.enums import (
    Coming,
    GroupLevel,
    GroupMeetingStatus,
    Presence,
    Quorum,
    SeatKind,
    coming,
    end_of_term_reasons,
    group_levels,
    group_meeting_statuses,
    offices,
    presences,
    quorums,
    recommendation_topics,
    seat_kinds,
    vacancy_reasons,
)
from collaboratives.models.places import County, DatedQuerySet, Organization
from soc_portal.versions.models import SharedRow

USER = settings.AUTH_USER_MODEL


class Named(models.Model):
    """Something that reference data names in English and in Spanish."""

    name = models.CharField(max_length=160)
    name_es = models.CharField(max_length=160, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    @property
    def name_here(self) -> str:
        """The name in the reader's language; English where there is no other."""
        return self.name_es if self.name_es and (get_language() or "").startswith("es") else self.name


class GroupKind(Named):
    """A kind of group and its rules, from a day to a day. Loaded from `data/group_kinds.json`."""

    code = models.SlugField(max_length=40, unique=True)
    level = models.CharField(max_length=10, choices=group_levels, default=GroupLevel.COUNTY)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    succeeded_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces")
    open_meetings = models.BooleanField(default=True)
    needs_statement = models.BooleanField(
        default=False, help_text="Members sign a confidentiality statement before they see anything."
    )
    multi_county = models.BooleanField(default=False)
    family_co_chair = models.BooleanField(default=False, help_text="A family or youth member always co-chairs.")
    max_members = models.PositiveSmallIntegerField(null=True, blank=True)
    meetings_per_year = models.PositiveSmallIntegerField(null=True, blank=True)
    quorum = models.CharField(max_length=20, choices=quorums, default=Quorum.NONE, blank=True)
    term_years = models.PositiveSmallIntegerField(null=True, blank=True)
    appointed_by = models.CharField(max_length=160, blank=True)
    appointed_by_es = models.CharField(max_length=160, blank=True)
    source = models.CharField(max_length=300)
    is_verified = models.BooleanField(default=False, help_text="Whether the source text was read.")

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="group_kind_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(open_meetings=True, needs_statement=False) | Q(open_meetings=False),
                name="open_groups_need_no_statement",
            ),
        ]

    @property
    def is_closed(self) -> bool:
        return not self.open_meetings

    @property
    def appointed_by_here(self) -> str:
        """Who fills the seats, in the reader's language; English where there is no other."""
        spanish = self.appointed_by_es and (get_language() or "").startswith("es")
        return self.appointed_by_es if spanish else self.appointed_by


class SeatCategory(Named):
    """A seat that the law, or the group's own charter, names; `count` is empty where any number may sit there."""

    kind = models.ForeignKey(GroupKind, on_delete=models.PROTECT, related_name="categories")
    code = models.SlugField(max_length=40)
    place = models.PositiveSmallIntegerField(default=0, help_text="The order in the law.")
    count = models.PositiveSmallIntegerField(null=True, blank=True)
    family_seat = models.BooleanField(default=False, help_text="For a family member or a youth.")
    designee = models.BooleanField(default=False, help_text="The holder may send somebody in their place.")
    seat_kind = models.CharField(
        max_length=12, choices=seat_kinds, default=SeatKind.PRO, help_text="Which shape stands for whoever sits there."
    )

    class Meta:
        ordering = ["kind", "place", "pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="seat_category_once")]


class Collaborative(SharedRow):
    """A group: one kind, for the state or for one or several counties; a subcommittee hangs under its group."""

    versioned = ("name", "about", "meets_words", "ends_on", "successor")

    kind_of = models.ForeignKey(GroupKind, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(_("name"), max_length=160)
    counties = models.ManyToManyField(County, blank=True, related_name="collaboratives")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="subcommittees")
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors")
    about = models.TextField(_("what this group is for"), blank=True)
    meets_words = models.CharField(_("when and where it meets, in words"), max_length=200, blank=True)
    starts_on = models.DateField(_("since"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta(SharedRow.Meta):
        ordering = ["name", "pk"]
        constraints = [
            *SharedRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="group_ends_after_start"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def group_id(self) -> int:
        """Under which group the history keeps this row."""
        return self.pk

    def is_live(self, on: dt.date | None = None) -> bool:
        on = on or timezone.localdate()
        return self.ended_at is None and self.starts_on <= on and (self.ends_on is None or self.ends_on >= on)


class GroupRow(SharedRow):
    """A row of one group that several of its people write; its history is kept under `group_id`."""

    group = models.ForeignKey(Collaborative, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta(SharedRow.Meta):
        abstract = True


class Seat(models.Model):
    """One place at a group's table. Filled while a term on it is live; else vacant, with since when and why."""

    group = models.ForeignKey(Collaborative, on_delete=models.PROTECT, related_name="seats")
    category = models.ForeignKey(SeatCategory, on_delete=models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField(help_text="Its place at the table, from 1, in the order of the law.")
    vacant_since = models.DateField(_("empty since"), null=True, blank=True)
    vacancy_reason = models.CharField(_("why it is empty"), max_length=20, choices=vacancy_reasons, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["group", "number"]
        constraints = [models.UniqueConstraint(fields=["group", "number"], name="seat_number_once")]

    def __str__(self):
        return f"Seat {self.number}"


class TermQuerySet(models.QuerySet):
    """Facts about terms."""

    def live(self, on: dt.date | None = None):
        """Terms that hold on the day `on` (today when left out). Nobody stays on after the last day of a term."""
        on = on or timezone.localdate()
        return self.filter(starts_on__lte=on, ends_on__gte=on).filter(Q(left_on=None) | Q(left_on__gt=on))


class Term(models.Model):
    """Somebody holds a seat from a day to a day. `left_on` is the first day without them, if they went earlier.

    One term a seat at a time: the action refuses days that overlap, the constraint a second open term.
    """

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="terms")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="terms")
    name = models.CharField(_("name"), max_length=120)
    address = models.EmailField(
        _("email"), blank=True, help_text="Whose account takes the seat; kept where there was none on the first day."
    )
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    role_words = models.CharField(_("who they are"), max_length=120, blank=True)
    designee_of = models.CharField(_("sent in the place of"), max_length=120, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    left_on = models.DateField(null=True, blank=True)
    left_reason = models.CharField(_("why they left"), max_length=20, choices=end_of_term_reasons, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["seat", "-starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="term_ends_after_start"),
            models.CheckConstraint(
                condition=Q(left_on=None, left_reason="", ended_by=None)
                | (Q(left_on__isnull=False, ended_by__isnull=False) & ~Q(left_reason="")),
                name="term_left_paired",
            ),
            # A term that ended before its first day was a mistake: another one may begin on that day.
            models.UniqueConstraint(
                fields=["seat", "starts_on"],
                condition=Q(left_on=None) | Q(left_on__gt=F("starts_on")),
                name="one_term_per_seat_and_day",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "ends_on"], name="term_user_end"),
            models.Index(fields=["address"], condition=Q(user=None) & ~Q(address=""), name="term_waits_for"),
        ]

    def __str__(self):
        return f"Term {self.pk}"

    @property
    def last_day(self) -> dt.date:
        """The last day on which they hold the seat; before the first one for a term that never began."""
        if self.left_on is None:
            return self.ends_on
        return min(self.ends_on, self.left_on - dt.timedelta(days=1))

    def is_live(self, on: dt.date | None = None) -> bool:
        return self.starts_on <= (on or timezone.localdate()) <= self.last_day


class Office(models.Model):
    """A member chairs, co-chairs or keeps the minutes, from a day to a day."""

    group = models.ForeignKey(Collaborative, on_delete=models.PROTECT, related_name="offices")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="offices")
    kind = models.CharField(max_length=20, choices=offices)
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["group", "kind", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="office_ends_after_start"
            ),
            models.UniqueConstraint(fields=["term", "kind"], condition=Q(ends_on=None), name="office_once"),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"


class Statement(models.Model):
    """A member of a closed group signed its confidentiality statement; without one nothing of the group is shown."""

    group = models.ForeignKey(Collaborative, on_delete=models.PROTECT, related_name="statements")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="statements")
    name = models.CharField(_("your name"), max_length=120, blank=True, help_text="As it was typed to sign.")
    text = models.TextField(help_text="The words that were signed.")
    version = models.PositiveSmallIntegerField(default=1, help_text="Of the portal's words; see enums.STATEMENTS.")
    language = models.CharField(max_length=8, default="en")
    signed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "user"], condition=Q(ended_at=None), name="one_statement")
        ]

    def __str__(self):
        return f"Statement {self.pk}"


class GroupMeeting(GroupRow):
    """A meeting of a group: notice, attendance, quorum, minutes. Approved minutes are frozen with their hash.

    `filled`, `quorum_needed` and `present` are counted when the meeting is written down as held, and stay as counted
    whatever happens to seats and terms later.
    """

    versioned = (
        "starts_at", "ends_at", "place_words", "link", "link_is_public", "help_words", "status", "minutes",
    )  # fmt: skip

    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place_words = models.CharField(_("where"), max_length=200, blank=True)
    link = models.URLField(_("link for video or phone"), blank=True)
    link_is_public = models.BooleanField(
        _("the link is shown to everybody"), default=False, help_text="Whether visitors of the open page see the link."
    )
    help_words = models.CharField(_("what helps people come"), max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=group_meeting_statuses, default=GroupMeetingStatus.SET)
    minutes = models.TextField(_("minutes"), blank=True)
    filled = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Filled seats on that day.")
    quorum_needed = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty where no number is set.")
    present = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Members who were there.")
    minutes_approved_at = models.DateTimeField(null=True, blank=True)
    minutes_approved_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    minutes_hash = models.CharField(max_length=64, blank=True)
    told_at = models.DateTimeField(default=timezone.now, help_text="When members were last told of its day and time.")
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="When the reminder was claimed.")

    class Meta(GroupRow.Meta):
        ordering = ["-starts_at", "-pk"]
        constraints = [
            *SharedRow.Meta.constraints,
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="group_meeting_ends_after_start"),
            models.CheckConstraint(
                condition=Q(minutes_approved_at=None, minutes_approved_by=None, minutes_hash="")
                | (Q(minutes_approved_at__isnull=False, minutes_approved_by__isnull=False) & ~Q(minutes_hash="")),
                name="minutes_approved_paired",
            ),
            models.CheckConstraint(
                condition=Q(filled=None, present=None, quorum_needed=None)
                | Q(filled__isnull=False, present__isnull=False, present__lte=F("filled")),
                name="group_meeting_counted_together",
            ),
            models.CheckConstraint(
                condition=Q(quorum_needed=None) | Q(filled=0) | Q(quorum_needed__lte=F("filled")),
                name="quorum_never_above_the_seats",
            ),
            models.CheckConstraint(
                condition=Q(filled=None) | Q(status=GroupMeetingStatus.HELD), name="group_meeting_counted_when_held"
            ),
        ]
        indexes = [
            models.Index(fields=["group", "starts_at"], name="group_meeting_start"),
            models.Index(fields=["starts_at", "status"], name="group_meeting_when"),
        ]

    def __str__(self):
        return f"Group meeting {self.pk}"

    @property
    def is_counted(self) -> bool:
        return self.filled is not None

    @property
    def has_quorum(self) -> bool:
        """Whether enough members were there to vote; where no number is set, whoever came is enough."""
        return self.is_counted and (self.quorum_needed is None or self.present >= self.quorum_needed)

    @property
    def is_approved(self) -> bool:
        return self.minutes_approved_at is not None


class GroupAttendance(models.Model):
    """A member's answer to the notice of a meeting, and whether they were there."""

    meeting = models.ForeignKey(GroupMeeting, on_delete=models.PROTECT, related_name="attendances")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="attendances")
    coming = models.CharField(max_length=5, choices=coming, default=Coming.NO_ANSWER, blank=True)
    presence = models.CharField(max_length=10, choices=presences, default=Presence.UNKNOWN, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "term"], name="attendance_once")]

    def __str__(self):
        return f"Attendance {self.pk}"


class AgendaItem(GroupRow):
    """A thing to talk about; `family_spoke` notes that a family member or youth had the floor on it."""

    versioned = ("text", "outcome", "family_spoke")

    meeting = models.ForeignKey(GroupMeeting, on_delete=models.PROTECT, related_name="agenda")
    text = models.TextField(_("what to talk about"))
    outcome = models.TextField(_("what was said"), blank=True)
    family_spoke = models.BooleanField(_("a family member or youth spoke on this"), default=False)
    barrier = models.ForeignKey(
        "collaboratives.Barrier", on_delete=models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )

    class Meta(GroupRow.Meta):
        ordering = ["pk"]

    def __str__(self):
        return f"Agenda item {self.pk}"


class GroupDecision(GroupRow):
    """What a group decided, with the votes where it voted."""

    versioned = ("text", "votes_for", "votes_against", "abstained")

    meeting = models.ForeignKey(GroupMeeting, on_delete=models.PROTECT, related_name="decisions")
    text = models.TextField(_("what we decided"))
    votes_for = models.PositiveSmallIntegerField(_("for"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("against"), null=True, blank=True)
    abstained = models.PositiveSmallIntegerField(_("did not vote"), null=True, blank=True)

    class Meta(GroupRow.Meta):
        ordering = ["pk"]

    def __str__(self):
        return f"Group decision {self.pk}"

    @property
    def has_votes(self) -> bool:
        return self.votes_for is not None or self.votes_against is not None or self.abstained is not None

    @property
    def votes(self) -> int:
        """How many members stood up for one of the three answers."""
        return (self.votes_for or 0) + (self.votes_against or 0) + (self.abstained or 0)


class Recommendation(GroupRow):
    """What a group asks somebody to do, on one of the four topics of the seed, by when, and what they answered."""

    versioned = ("topic", "text", "addressee", "due_on", "answer", "answered_on")

    meeting = models.ForeignKey(
        GroupMeeting, on_delete=models.PROTECT, null=True, blank=True, related_name="recommendations"
    )
    barrier = models.ForeignKey(
        "collaboratives.Barrier", on_delete=models.PROTECT, null=True, blank=True, related_name="recommendations"
    )
    topic = models.CharField(_("what it is about"), max_length=20, choices=recommendation_topics)
    text = models.TextField(_("what we recommend"))
    addressee = models.CharField(_("to whom"), max_length=160)
    to_group = models.ForeignKey(
        Collaborative, on_delete=models.PROTECT, null=True, blank=True, related_name="recommendations_received"
    )
    sent_on = models.DateField(_("sent on"), default=timezone.localdate)
    due_on = models.DateField(_("answer by"), null=True, blank=True)
    answer = models.TextField(_("the answer"), blank=True)
    answered_on = models.DateField(null=True, blank=True)

    class Meta(GroupRow.Meta):
        ordering = ["-sent_on", "-pk"]
        constraints = [
            *SharedRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(answered_on=None, answer="") | (Q(answered_on__isnull=False) & ~Q(answer="")),
                name="recommendation_answer_paired",
            ),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=F("sent_on")), name="recommendation_due_after_sent"
            ),
        ]

    def __str__(self):
        return f"Recommendation {self.pk}"

    @property
    def is_answered(self) -> bool:
        return self.answered_on is not None

    def is_late(self, today: dt.date) -> bool:
        """Whether its day has passed without an answer; the day itself is still in time."""
        return not self.is_answered and self.due_on is not None and self.due_on < today
