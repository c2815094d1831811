"""What one person may reach, read once per request in three small queries.

Everything here is computed from live rows: nothing is copied, so nothing has to be kept in step. Lists filter with
the constant values below, which a database can plan well (1-2 ms, against 141-171 ms for guardian's own shortcut).
"""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import BigIntegerField, Case, Exists, F, FilteredRelation, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Cast
from django.utils import timezone

from collaboratives.enums import RUNNING, CountyRoleKind, GroupLevel
from collaboratives.models import CountyRole, Office, StaffPosition, Statement, Term
from families.enums import ALL_SECTIONS, FamilyRole
from families.models import FamilyPartner
from soc_portal.access.grants import live_team_grants
from teams.enums import MemberKind
from teams.models import Membership, Team


@dataclass(frozen=True)
class TeamRight:
    """What one person may do on one team.

    `by_right` is true for the caregivers on the team and for those the team is for: the record is theirs, so they
    see every section. Everybody else sees the `sections` that the family shares with them, today.
    """

    team_id: int
    family_id: int
    kind: str
    sections: frozenset[str]
    membership_id: int | None = None
    person_id: int | None = None
    by_right: bool = False
    is_caregiver: bool = False
    is_facilitator: bool = False
    organization: str = ""

    @property
    def may_write(self) -> bool:
        """Members write; somebody who holds only a grant reads."""
        return self.membership_id is not None


@dataclass(frozen=True)
class GroupRight:
    """What one person may do in one group of a county or of the state, by a live term on one of its seats.

    `signed` tells whether they signed the group's confidentiality statement; a closed group shows nothing without.
    """

    group_id: int
    kind_id: int
    is_state: bool = False
    is_closed: bool = False
    signed: bool = False
    runs_it: bool = False
    family_seat: bool = False

    @property
    def may_read(self) -> bool:
        return self.signed or not self.is_closed


@dataclass(frozen=True)
class Scope:
    """Everything that one person may reach today.

    `county_ids` are the counties that they coordinate, `organization_ids` where they work; `is_invited` tells whether
    a family has chosen them for a team and waits for their answer, `is_partner` whether they have a profile as a Family
    Partner.
    """

    user_id: int | None = None
    teams: dict[int, TeamRight] = field(default_factory=dict)
    county_ids: frozenset[int] = frozenset()
    groups: dict[int, GroupRight] = field(default_factory=dict)
    organization_ids: frozenset[int] = frozenset()
    is_invited: bool = False
    is_partner: bool = False

    @property
    def family_ids(self) -> frozenset[int]:
        return frozenset(right.family_id for right in self.teams.values())

    @property
    def own_family_ids(self) -> frozenset[int]:
        """Families whose record is this person's own."""
        return frozenset(right.family_id for right in self.teams.values() if right.by_right)

    @property
    def is_family(self) -> bool:
        return any(right.by_right for right in self.teams.values())

    @property
    def group_ids(self) -> frozenset[int]:
        """Groups whose inside this person may read: a live term, and a signed statement where one is needed."""
        return frozenset(right.group_id for right in self.groups.values() if right.may_read)

    @property
    def is_state_member(self) -> bool:
        return any(right.is_state for right in self.groups.values())

    def readable(self, team: str = "team_id", section: str = "section") -> Q:
        """The filter for rows of a team that belong to a section; names the two columns. Empty scope: no row."""
        by_sections: dict[frozenset[str], list[int]] = {}
        for right in self.teams.values():
            by_sections.setdefault(right.sections, []).append(right.team_id)
        wanted = Q(pk__in=[])
        for sections, team_ids in by_sections.items():
            wanted |= Q(**{f"{team}__in": team_ids, f"{section}__in": sorted(sections)})
        return wanted


NOBODY = Scope()


def scope_of(user) -> Scope:
    """The scope of this person, read once per request and kept on the user object of that request."""
    if not user.is_authenticated:
        return NOBODY
    if getattr(user, "_scope", None) is None:
        now = timezone.now()
        user._scope = read_scope(user, now, joined_by(user, now))
    return user._scope


def right_on_team(user, team_id: int) -> TeamRight | None:
    """What this person may do on one team; a membership decides before a grant does, so a member's takes one query."""
    if not user.is_authenticated:
        return None
    return joined_by(user, timezone.now()).get(team_id) or scope_of(user).teams.get(team_id)


def joined_by(user, now: dt.datetime) -> dict[int, TeamRight]:
    """The rights that memberships give, read once per request: the part of the scope that a save needs."""
    if getattr(user, "_joined", None) is None:
        user._joined = _joined(user, timezone.localdate(now)) if user.is_active else {}
    return user._joined


def forget_scope(user) -> None:
    """Read the scope anew next time; for actions and tests that change what the same user object may reach."""
    user._scope = user._joined = None


def read_scope(user, now: dt.datetime, joined: dict[int, TeamRight] | None = None) -> Scope:
    """Read memberships with their consents, if they are not at hand; grants; and what is not about a family.

    Three queries.
    """
    if not user.is_active:
        return Scope(user_id=user.pk)
    today = timezone.localdate(now)
    teams = _granted(user, now)
    teams.update(_joined(user, today) if joined is None else joined)
    posts = list(_posts(user, today))
    return Scope(
        user_id=user.pk,
        teams=teams,
        county_ids=frozenset(pk for what, pk, _kind, _flags in posts if what == COUNTY),
        groups=_groups(posts),
        organization_ids=frozenset(pk for what, pk, _kind, _flags in posts if what == WORK),
        is_invited=any(what == INVITED for what, _pk, _kind, _flags in posts),
        is_partner=any(what == PARTNER for what, _pk, _kind, _flags in posts),
    )


# What the rows of `_posts` are, and the facts of a seat as one number, so that five tables fit into one query.
COUNTY, WORK, SEAT, INVITED, PARTNER = 1, 2, 3, 4, 5
STATE, CLOSED, SIGNED, RUNS_IT, FAMILY_SEAT = 1, 2, 4, 8, 16


def _posts(user, today: dt.date):
    """(what, id, kind of group, facts) of each county, organization, seat, open invitation and profile of today."""
    counties = CountyRole.objects.live(today).filter(user=user, role=CountyRoleKind.COORDINATOR)
    work = StaffPosition.objects.live(today).filter(user=user, organization__ended_at=None)
    seats = Term.objects.live(today).filter(
        Q(seat__group__ends_on=None) | Q(seat__group__ends_on__gte=today),
        user=user, seat__group__ended_at=None, seat__group__starts_on__lte=today,
    )  # fmt: skip
    runs_it = Office.objects.live(today).filter(term_id=OuterRef("pk"), kind__in=RUNNING)
    signed = Statement.objects.filter(group_id=OuterRef("seat__group_id"), user=user, ended_at=None)
    facts = (
        _fact(STATE, seat__group__kind_of__level=GroupLevel.STATE)
        + _fact(CLOSED, seat__group__kind_of__open_meetings=False)
        + _fact(SIGNED, condition=Exists(signed))
        + _fact(RUNS_IT, condition=Exists(runs_it))
        + _fact(FAMILY_SEAT, seat__category__family_seat=True)
    )
    return (
        _post(counties, COUNTY, "county_id")
        .union(
            _post(work, WORK, "organization_id"),
            _post(seats, SEAT, "seat__group_id", "seat__group__kind_of_id", facts),
            _post(Membership.objects.waiting_for_answer().filter(user=user), INVITED, "team_id"),
            _post(FamilyPartner.objects.live().filter(user=user), PARTNER, "pk"),
            all=True,
        )
        .iterator()
    )


def _fact(bit: int, condition=None, **lookup) -> Case:
    return Case(When(condition or Q(**lookup), then=Value(bit)), default=Value(0), output_field=IntegerField())


def _post(rows, what: int, column: str, kind: str = "", facts=None):
    """The columns of `_posts`: the same four of every table."""
    kind_of = F(kind) if kind else Cast(Value(0), BigIntegerField())
    rows = rows.order_by().annotate(
        what=Value(what), which=F(column), kind_of_id=kind_of, facts=Value(0) if facts is None else facts
    )
    return rows.values_list("what", "which", "kind_of_id", "facts")


def _groups(posts) -> dict[int, GroupRight]:
    """One right a group; somebody with two seats in it has what either of them gives."""
    kinds: dict[int, int] = {}
    facts: dict[int, int] = {}
    for what, group_id, kind_id, flags in posts:
        if what == SEAT:
            kinds[group_id] = kind_id
            facts[group_id] = facts.get(group_id, 0) | flags
    return {
        group_id: GroupRight(
            group_id=group_id,
            kind_id=kinds[group_id],
            is_state=bool(flags & STATE),
            is_closed=bool(flags & CLOSED),
            signed=bool(flags & SIGNED),
            runs_it=bool(flags & RUNS_IT),
            family_seat=bool(flags & FAMILY_SEAT),
        )
        for group_id, flags in facts.items()
    }


def _joined(user, today: dt.date) -> dict[int, TeamRight]:
    is_about = Team.children.through.objects.filter(team_id=OuterRef("team_id"), person_id=OuterRef("person_id"))
    rows = (
        Membership.objects.live(today)
        .filter(user=user)
        .annotate(
            is_child=Exists(is_about),
            shared=FilteredRelation(
                "consents",
                condition=Q(
                    consents__ended_at=None, consents__starts_on__lte=today, consents__until__gte=today
                ),
            ),
        )
        .values(
            "pk", "team_id", "team__family_id", "kind", "person_id", "person__role", "person__ended_at",
            "is_child", "is_facilitator", "organization__name", "shared__section",
        )
    )  # fmt: skip
    sections: dict[int, set[str]] = {}
    members = {}
    for row in rows:
        members[row["team_id"]] = row
        sections.setdefault(row["team_id"], set()).add(row["shared__section"])
    rights = (_right(row, sections[team_id] - {None}) for team_id, row in members.items())
    # Without any live yes of the family a membership opens nothing: not even who else is on the team.
    return {right.team_id: right for right in rights if right.by_right or right.sections}


def _right(row: dict, shared: set) -> TeamRight:
    belongs = row["kind"] == MemberKind.FAMILY and row["person_id"] is not None and row["person__ended_at"] is None
    is_caregiver = belongs and row["person__role"] == FamilyRole.CAREGIVER
    by_right = is_caregiver or (belongs and row["is_child"])
    return TeamRight(
        team_id=row["team_id"],
        family_id=row["team__family_id"],
        kind=row["kind"],
        sections=ALL_SECTIONS if by_right else frozenset(shared),
        membership_id=row["pk"],
        person_id=row["person_id"],
        by_right=by_right,
        is_caregiver=is_caregiver,
        is_facilitator=row["is_facilitator"],
        organization=row["organization__name"] or "",
    )


def _granted(user, now: dt.datetime) -> dict[int, TeamRight]:
    return {
        team_id: TeamRight(team_id=team_id, family_id=family_id, kind="", sections=frozenset(sections) & ALL_SECTIONS)
        for team_id, family_id, sections in live_team_grants(user, now)
    }
