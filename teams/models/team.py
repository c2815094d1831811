"""A Child and Family Team: who is on it, what the family shares with whom, and what is due."""

import datetime as dt

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from collaboratives.enums import deadline_kinds
from collaboratives.models import Organization, TimelineRule
from families.enums import sections
from families.models import Family, Person
from soc_portal.names import initials_of, short_name_of
from teams.enums import (
    SEATS,
    CopyWay,
    MemberKind,
    Phase,
    Source,
    copy_ways,
    end_reasons,
    member_kinds,
    phases,
    sources,
)

USER = settings.AUTH_USER_MODEL
INVITATION_SALT = "teams.invitation"


class WriteOnlyThroughActions(TypeError):
    """Somebody tried to write a membership or a consent around the actions."""


class GuardedQuerySet(models.QuerySet):
    """A queryset that reads; writing goes through the manager `written_by_actions`."""

    def _refuse(self, *args, **kwargs):
        raise WriteOnlyThroughActions(f"{self.model.__name__} is written by teams.actions alone.")

    create = get_or_create = update_or_create = bulk_create = bulk_update = update = delete = _refuse


class Guarded(models.Model):
    """A row that only `teams.actions` may write, through the manager `written_by_actions`."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        raise WriteOnlyThroughActions(f"{type(self).__name__} is written by teams.actions alone.")

    def delete(self, *args, **kwargs):
        raise WriteOnlyThroughActions(f"{type(self).__name__} ends; it is never deleted.")


class TeamQuerySet(models.QuerySet):
    """Facts about teams."""

    def live(self):
        return self.filter(ended_at=None)


class Team(models.Model):
    """The people around one family, for one stretch of time. Avoid: case, group."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="teams")
    children = models.ManyToManyField(Person, related_name="teams_about", verbose_name=_("who the team is for"))
    source = models.CharField(max_length=20, choices=sources, default=Source.FAMILY)
    phase = models.CharField(max_length=20, choices=phases, default=Phase.ENGAGEMENT)
    review_on = models.DateField(_("we look at the plan again on"), null=True, blank=True)
    out_of_home_since = models.DateField(_("a child lives away from home since"), null=True, blank=True)
    opened_on = models.DateField(default=timezone.localdate)
    opened_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="team_end_paired",
            )
        ]

    def __str__(self):
        return f"Team {self.pk}"

    @property
    def is_live(self) -> bool:
        return self.ended_at is None

    @property
    def title(self) -> str:
        """The team as people say it: "Mateo's Child and Family Team". Reads `children`; prefetch it for lists."""
        return _t("%(names)s's Child and Family Team") % {"names": self.children_names}

    @property
    def children_names(self) -> str:
        """First names of those the team is for: "Mateo", "Caleb and Ruth", "Ana, Ben and Cruz"."""
        names = [child.short_name for child in self.children.all()]
        if len(names) < 2:
            return "".join(names)
        return _t("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


class MembershipQuerySet(GuardedQuerySet):
    """Facts about memberships, never about who asks."""

    def not_ended(self):
        return self.filter(ended_at=None)

    def waiting_for_answer(self):
        """Those whom the family chose and who have not said yes yet."""
        return self.filter(ended_at=None, chosen_at__isnull=False, accepted_at=None)

    def live(self, on: dt.date | None = None):
        """Members who take part on the day `on`: chosen, accepted, begun and not ended."""
        return self.filter(
            ended_at=None,
            chosen_at__isnull=False,
            accepted_at__isnull=False,
            starts_on__lte=on or timezone.localdate(),
        )

    def in_order(self):
        """Family first, then friends and community, then professionals; in each by when they came."""
        order = models.Case(
            *[models.When(kind=kind, then=place) for place, kind in enumerate(MemberKind.values)],
            output_field=models.IntegerField(),
        )
        return self.order_by(order, "pk")


class Membership(Guarded):
    """Somebody's place on a team: proposed, chosen by the family, accepted, takes part, ends.

    Somebody without an account is a member too; a caregiver notes their yes for them.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("how they belong to the team"), max_length=20, choices=member_kinds)
    role_words = models.CharField(_("who they are to you"), max_length=120, blank=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    address = models.EmailField(_("e-mail address, to invite them"), blank=True)
    is_facilitator = models.BooleanField(default=False)
    is_caseworker = models.BooleanField(default=False)
    picked_by_youth = models.BooleanField(default=False)
    copy_way = models.CharField(
        _("how you want your copy of what a meeting recorded"), max_length=10, choices=copy_ways, default=CopyWay.PORTAL
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(null=True, blank=True)
    chosen_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField(_("takes part from"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField(max_length=20, choices=end_reasons, blank=True)

    objects = MembershipQuerySet.as_manager()
    written_by_actions = models.Manager()

    class Meta:
        base_manager_name = "written_by_actions"
        default_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["team", "user"], condition=Q(ended_at=None, user__isnull=False), name="one_membership_per_user"
            ),
            models.UniqueConstraint(
                fields=["team", "person"],
                condition=Q(ended_at=None, person__isnull=False),
                name="one_membership_per_person",
            ),
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(ended_at=None, is_facilitator=True, chosen_at__isnull=False),
                name="one_facilitator_per_team",
            ),
            models.CheckConstraint(
                condition=~Q(is_facilitator=True, is_caseworker=True), name="facilitator_is_not_caseworker"
            ),
            models.CheckConstraint(
                condition=Q(chosen_at=None, chosen_by=None) | Q(chosen_at__isnull=False, chosen_by__isnull=False),
                name="membership_chosen_paired",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None, starts_on=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, starts_on__isnull=False),
                name="membership_accepted_paired",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(chosen_at__isnull=False), name="membership_chosen_before_accepted"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, end_reason="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")),
                name="membership_end_paired",
            ),
        ]

    def __str__(self):
        return f"Membership {self.pk}"

    @property
    def stage(self) -> str:
        """Where the membership is: ended, proposed, chosen, later or live."""
        if self.ended_at:
            return "ended"
        if not self.chosen_at:
            return "proposed"
        if not self.accepted_at:
            return "chosen"
        return "live" if self.starts_on <= timezone.localdate() else "later"

    @property
    def is_of_family(self) -> bool:
        """Whether they sit at the table as family, with an account or without."""
        return self.kind == MemberKind.FAMILY

    @property
    def seat_kind(self) -> str:
        """The shape of the seat; an open seat until the person has said yes."""
        return SEATS[MemberKind(self.kind)] if self.accepted_at else "open"

    @property
    def way_of_copies(self) -> str:
        """How they get a copy of a record: as they chose, and on paper without an account. Reads `user`."""
        return self.copy_way if self.user is not None and self.user.is_active else CopyWay.PAPER

    @property
    def display_name(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        return short_name_of(self.name)

    @property
    def initials(self) -> str:
        """One letter for family, two for the others: "R", "DH"."""
        return initials_of(self.name, SEATS[MemberKind(self.kind)])


class ConsentQuerySet(GuardedQuerySet):
    """Facts about consents."""

    def live(self, on: dt.date | None = None):
        """Consents that hold on the day `on`; the last day counts."""
        on = on or timezone.localdate()
        return self.filter(ended_at=None, starts_on__lte=on, until__gte=on)


class Consent(Guarded):
    """The family lets one member see one section of its record until a day.

    At most a year (10A NCAC 69 .0401); taken back at any time, with effect on the next request.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="consents")
    section = models.CharField(max_length=20, choices=sections)
    starts_on = models.DateField(default=timezone.localdate)
    until = models.DateField(_("until"))
    given_at = models.DateTimeField(default=timezone.now)
    given_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ConsentQuerySet.as_manager()
    written_by_actions = models.Manager()

    class Meta:
        base_manager_name = "written_by_actions"
        default_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "section"], condition=Q(ended_at=None), name="one_consent_per_section"
            ),
            models.CheckConstraint(condition=Q(until__gte=F("starts_on")), name="consent_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="consent_end_paired",
            ),
        ]

    def __str__(self):
        return f"Consent {self.pk}"


class Invitation(models.Model):
    """A way in for a chosen member: a link by e-mail or a short code on paper; works once, for a while.

    The link is signed from `pk` and `nonce`; the code is kept only as a keyed hash.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="invitations")
    address = models.EmailField(_("e-mail address"), blank=True)
    nonce = models.CharField(max_length=32)
    code_hash = models.CharField(max_length=64, blank=True, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None, used_by=None) | Q(used_at__isnull=False, used_by__isnull=False),
                name="invitation_use_paired",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="invitation_ends_after_start"),
        ]

    def __str__(self):
        return f"Invitation {self.pk}"

    def is_open(self, now: dt.datetime) -> bool:
        """Whether it still lets somebody in at `now`."""
        return self.used_at is None and self.ended_at is None and now < self.expires_at

    @property
    def token(self) -> str:
        """The signed word of its link; made whenever it is needed, kept nowhere."""
        return signing.dumps([self.pk, self.nonce], salt=INVITATION_SALT)

    @staticmethod
    def read_token(token: str) -> tuple[int, str] | None:
        """(invitation, nonce) of a link, or None for one that we did not sign."""
        try:
            invitation_id, nonce = signing.loads(token, salt=INVITATION_SALT)
        except signing.BadSignature:
            return None
        return invitation_id, nonce


class TeamUserObjectPermission(UserObjectPermissionBase):
    """An explicit exception: one person may read one team for a while, and everybody knows why.

    Guardian's direct-foreign-key table, with who gave it, the reason, the sections and the end. Written by
    `teams.actions.grants`, read by `soc_portal.access.grants`.
    """

    content_object = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="grants")
    sections = models.JSONField(default=list)
    reason = models.CharField(_("why"), max_length=200)
    given_at = models.DateTimeField(default=timezone.now)
    given_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "permission", "content_object"], condition=Q(ended_at=None), name="one_live_team_grant"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("given_at")), name="team_grant_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="team_grant_end_paired",
            ),
        ]


class DeadlineQuerySet(models.QuerySet):
    """Facts about deadlines."""

    def open(self):
        return self.filter(met_on=None, ended_at=None)


class Deadline(models.Model):
    """A day by which a team has something to do, under the rule of its time; a fact of process, not of the record."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="deadlines")
    kind = models.CharField(max_length=20, choices=deadline_kinds)
    rule = models.ForeignKey(TimelineRule, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    met_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "kind"], condition=Q(met_on=None, ended_at=None), name="one_open_deadline_per_kind"
            )
        ]
        indexes = [
            models.Index(fields=["team", "due_on"], condition=Q(met_on=None, ended_at=None), name="deadline_open_due")
        ]

    def __str__(self):
        return f"{self.kind} {self.due_on}"

    @property
    def counted_from(self) -> dt.date:
        """The day from which its rule counts. Reads `rule`."""
        return self.due_on - dt.timedelta(days=self.rule.days)
