"""Who may see and do what on teams, plans, meetings and their records. The only file that asks.

The rules in one paragraph: a live membership opens a team; within it a member sees the sections that the family shares
with them today, and may write whatever they may see. The record is the family's own, so caregivers on the team and
those the team is for see everything. Five things are the family's alone: choosing members, consent, who looked,
agreeing for the family, and its own words. A grant opens a team for reading only. Absent and hidden look the same: 404.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.http import Http404
from django.utils import timezone

from collaboratives.access import visible_worklist_counties
from collaboratives.enums import REVIEWS, BarrierStatus, GroupMeetingStatus
from collaboratives.models import Barrier, County, PlanElement, Term
from families.access import own_households, visible_strengths
from families.enums import FamilyRole, Section
from families.models import Family, Person, Strength
from referrals.enums import Side
from referrals.models import Referral, ReferralLink
from soc_portal.access.scope import Scope, TeamRight, right_on_team, scope_of
from soc_portal.access.wall import whole_state
from soc_portal.audit.enums import Look
from soc_portal.audit.models import Event
from soc_portal.notices.models import Notice
from soc_portal.versions.models import Revision
from teams.enums import (
    OPEN_STEPS,
    OPENS_BEFORE,
    YOUTH_PICKS,
    YOUTH_PICKS_FROM_AGE,
    Attendance,
    Coming,
    MeetingStatus,
    MemberKind,
    StepStatus,
)
from teams.models import (
    Answer,
    AnswerLink,
    Call,
    Comment,
    Consent,
    Cover,
    Deadline,
    Decision,
    Ending,
    Feedback,
    Goal,
    Guest,
    Help,
    Invitation,
    LastWord,
    Mandate,
    Meeting,
    Membership,
    Need,
    Note,
    PlanPart,
    PlanVersion,
    RaisedBarrier,
    Rating,
    RecordCopy,
    RecordItem,
    RecordVersion,
    Slot,
    SlotAnswer,
    Step,
    Strategy,
    Suggestion,
    Team,
    TeamUserObjectPermission,
    TimePoll,
    Topic,
    WhatIf,
    Words,
)
from teams.models.agreeing import PlanVersionQuerySet
from teams.models.records import RecordVersionQuerySet
from teams.models.team import MembershipQuerySet, TeamQuerySet

#: The parts of plan and record that share one way of writing, by the word in their address.
ITEMS = {
    "words": Words,
    "part": PlanPart,
    "call": Call,
    "strength": Strength,
    "mandate": Mandate,
    "need": Need,
    "goal": Goal,
    "idea": Strategy,
    "rating": Rating,
    "step": Step,
    "topic": Topic,
    "note": Note,
    "decision": Decision,
    "what_if": WhatIf,
    "help": Help,
}


def _found(row):
    if row is None:
        raise Http404
    return row


# --- Teams ---------------------------------------------------------------------------------------------------------
def visible_teams(user) -> TeamQuerySet:
    """Teams that this person is a live member of, or holds a live grant on."""
    return Team.objects.filter(pk__in=scope_of(user).teams)


def can_view_team(user, team: Team) -> bool:
    return team.pk in scope_of(user).teams


def get_team_for(user, team_id: int) -> Team:
    """The team with its family and children, or 404."""
    teams = visible_teams(user).select_related("family", "family__county").prefetch_related("children")
    return _found(teams.filter(pk=team_id).first())


def get_written_team_for(user, team_id: int) -> Team:
    """A team that this person may write on: 404 when they may not see it, 403 when they may only read."""
    team = get_team_for(user, team_id)
    require_writer(user, team)
    return team


def right_on(user, team: Team) -> TeamRight:
    """What this person may do on a team that they may see; 404 on any other."""
    return _found(right_on_team(user, team.pk))


def require_writer(user, team: Team) -> None:
    """Stop the holder of a grant, and everybody once the team has come to its end: 403."""
    if not right_on(user, team).may_write or not team.is_live:
        raise PermissionDenied


def visible_worklist_teams(user) -> QuerySet[Team]:
    """Live teams of the counties that this person coordinates: that they exist and what is due, never the record."""
    return Team.objects.live().filter(family__county_id__in=scope_of(user).county_ids)


def visible_deadlines(user) -> QuerySet[Deadline]:
    """Open deadlines of one's own teams and of the teams on one's county worklist.

    That a child lives away from home stands in the plan: reviews of it are for those who may read that plan.
    """
    scope = scope_of(user)
    deadlines = Deadline.objects.open().filter(
        Q(team_id__in=scope.teams) | Q(team__family__county_id__in=scope.county_ids, team__ended_at=None)
    )
    return deadlines.filter(~Q(kind__in=REVIEWS) | Q(team_id__in=open_team_ids(user, Section.PLAN)))


# --- Members -------------------------------------------------------------------------------------------------------
def visible_memberships(user) -> MembershipQuerySet:
    """Everybody who is, was or may become a member of a team that this person may see."""
    return Membership.objects.filter(team_id__in=scope_of(user).teams)


def team_memberships(user, team: Team) -> MembershipQuerySet:
    """The same for one team that this person may see; 404 on any other."""
    return Membership.objects.filter(team_id=right_on(user, team).team_id)


def caregivers_on(team: Team) -> list:
    """The accounts of the caregivers who take part in a team: those who choose, share and agree."""
    members = Membership.objects.live().filter(team=team, kind=MemberKind.FAMILY, user__isnull=False)
    members = members.filter(person__role=FamilyRole.CAREGIVER, person__ended_at=None)
    return [member.user for member in members.select_related("user").order_by("pk")]


def _by_right() -> Q:
    """Memberships of those whose record it is: caregivers on the team, and those the team is for."""
    is_about = Team.children.through.objects.filter(team_id=OuterRef("team_id"), person_id=OuterRef("person_id"))
    return Q(kind=MemberKind.FAMILY, person__ended_at=None) & (
        Q(person__role=FamilyRole.CAREGIVER) | Q(Exists(is_about))
    )


def members_who_share(team: Team, section: str) -> QuerySet[Membership]:
    """Members, with an account or without, with whom this section is shared today, or whose record it is.

    Those who accepted and begin on a later day count: they are invited to what comes.
    """
    shared = Consent.objects.live().filter(section=section, membership__team=team)
    members = Membership.objects.not_ended().filter(team=team, accepted_at__isnull=False)
    return members.filter(_by_right() | Q(pk__in=shared.values("membership_id"))).order_by("pk")


def readers(team: Team, section: str) -> QuerySet[Membership]:
    """Members with an account who may read this section of this team's record today: those to tell of a change."""
    members = members_who_share(team, section).filter(starts_on__lte=timezone.localdate())
    return members.filter(user__isnull=False, user__is_active=True).select_related("user")


def readers_of(team_ids: list[int], section: str) -> QuerySet[Membership]:
    """The same for live teams, whatever their number, in one query."""
    shared = Consent.objects.live().filter(section=section, membership__team_id__in=team_ids)
    members = Membership.objects.live().filter(team_id__in=team_ids, team__ended_at=None, user__is_active=True)
    return members.filter(_by_right() | Q(pk__in=shared.values("membership_id"))).select_related("user").order_by("pk")


def without_any_right(on: dt.date) -> QuerySet[Membership]:
    """Live memberships with which nothing is shared on this day, of people whose record it is not."""
    shared = Consent.objects.live(on).values("membership_id")
    return Membership.objects.live(on).exclude(_by_right()).exclude(pk__in=shared)


def facilitators_to_tell(membership: Membership) -> list:
    """Accounts of those who run this team's meetings, without the member's own; where nobody does, its caregivers'."""
    others = Membership.objects.live().filter(team=membership.team_id, user__isnull=False, user__is_active=True)
    others = others.exclude(pk=membership.pk).select_related("user").order_by("pk")
    found = [member.user for member in others.filter(is_facilitator=True)]
    return found or [user for user in caregivers_on(membership.team) if user.pk != membership.user_id]


def members_without_mail(user, team: Team) -> set[int]:
    """Numbers of the members whom our mail does not reach; empty for who neither chooses members nor runs meetings.

    An invitation counts that the family sent to an address, and every mail to the account of a member.
    """
    if not (can_choose_members(user, team) or right_on(user, team).is_facilitator):
        return set()
    refused = Notice.objects.not_arriving()
    to_account = refused.filter(user=OuterRef("user"))
    to_address = refused.filter(user=None, address=OuterRef("address"))
    unreached = visible_memberships(user).not_ended().filter(team=team).filter(
        Q(Exists(to_account), user__isnull=False) | Q(Exists(to_address), ~Q(address=""), user=None)
    )  # fmt: skip
    return set(unreached.values_list("pk", flat=True))


def get_membership_for(user, team: Team, membership_id: int) -> Membership:
    """A membership on this team that has not ended, or 404."""
    members = visible_memberships(user).not_ended().filter(team=team)
    return _found(members.select_related("team", "user", "person", "organization").filter(pk=membership_id).first())


def own_invitations(user) -> QuerySet[Membership]:
    """Memberships that wait for this person's own yes."""
    return Membership.objects.waiting_for_answer().filter(user=user)


def get_own_invitation_for(user, membership_id: int) -> Membership:
    """A membership that waits for this person's own yes, or 404."""
    waiting = own_invitations(user).select_related("team", "person")
    with whole_state("who is asked to a team is not on it yet"):
        return _found(waiting.filter(pk=membership_id).first())


def open_invitation(invitation_id: int, nonce: str, now: dt.datetime) -> Invitation | None:
    """The invitation behind a link, if it still lets somebody in; the link itself is the permission."""
    invitation = Invitation.objects.select_related("membership").filter(pk=invitation_id, nonce=nonce).first()
    return invitation if invitation and _lets_in(invitation, now) else None


def open_invitation_by_code(code_hash: str, now: dt.datetime) -> Invitation | None:
    """The invitation behind a printed code, if it still lets somebody in."""
    invitation = Invitation.objects.select_related("membership").filter(code_hash=code_hash).first()
    return invitation if invitation and code_hash and _lets_in(invitation, now) else None


def _lets_in(invitation: Invitation, now: dt.datetime) -> bool:
    membership = invitation.membership
    return invitation.is_open(now) and membership.ended_at is None and membership.user_id is None


def can_choose_members(user, team: Team) -> bool:
    """Choosing who is on the team is the caregivers' own."""
    return team.is_live and right_on(user, team).is_caregiver


def require_chooser(user, team: Team) -> None:
    """Stop somebody who may see the team but does not choose its members: 403."""
    if not can_choose_members(user, team):
        raise PermissionDenied


def youth_picks_left(user, team: Team) -> int:
    """How many people this youth may still pick: two from the age of 14 on, else none (10A NCAC 70G .0504)."""
    right = right_on(user, team)
    if not right.by_right or right.is_caregiver or not team.is_live:
        return 0
    age = Person.objects.get(memberships=right.membership_id).age()
    if age is None or age < YOUTH_PICKS_FROM_AGE:
        return 0
    picked = Membership.objects.not_ended().filter(team=team, picked_by_youth=True, chosen_by=user).count()
    return max(YOUTH_PICKS - picked, 0)


def can_end_membership(user, membership: Membership) -> bool:
    """A caregiver may ask anybody to step back; anybody may step back themselves."""
    team = membership.team
    return can_choose_members(user, team) or (membership.user_id == user.pk and can_view_team(user, team))


def teams_to_choose_for(user) -> list[Team]:
    """Live teams whose members this person chooses, oldest first, with those they are for."""
    mine = [right.team_id for right in scope_of(user).teams.values() if right.is_caregiver]
    teams = visible_teams(user).live().filter(pk__in=mine) if mine else Team.objects.none()
    return list(teams.prefetch_related("children").order_by("opened_on", "pk"))


def chosen_partners(user, teams: list[Team]) -> list[Membership]:
    """The Family Partners whom these teams chose: those who walk with them and those who have not answered yet."""
    if not teams:
        return []
    chosen = visible_memberships(user).not_ended().filter(team__in=teams, chosen_at__isnull=False)
    return list(chosen.filter(kind=MemberKind.FAMILY_PARTNER).order_by("pk"))


def teams_walked_with(user) -> list[int]:
    """The teams on which this person is the Family Partner today."""
    rights = scope_of(user).teams.values()
    return sorted(right.team_id for right in rights if right.kind == MemberKind.FAMILY_PARTNER)


# --- Consent and who looked: the family's own ------------------------------------------------------------------------
def can_share(user, team: Team) -> bool:
    """Consent is given and taken back by the caregivers on the team."""
    return right_on(user, team).is_caregiver


def require_sharer(user, team: Team) -> None:
    """Stop somebody who may see the team but does not decide what it shares: 403."""
    if not can_share(user, team):
        raise PermissionDenied


def can_read_looks(user, team: Team) -> bool:
    """Who looked at the record is shown to those whose record it is."""
    return right_on(user, team).by_right


def visible_looks(user, team: Team) -> QuerySet[Event]:
    """Every reading of this family's record by somebody else; 403 for those whose record it is not."""
    require_record_owner(user, team)
    looks = Event.objects.filter(family_id=team.family_id, looked=True).exclude(actor_id=user.pk)
    # A family may live in two homes: who saw one address is told to those who live there, and to nobody else.
    return looks.filter(~Q(verb=Look.HOUSEHOLD) | Q(object_id__in=own_households(user).values("pk")))


def require_record_owner(user, team: Team) -> None:
    """Stop somebody who may see the team but whose record it is not: 403."""
    if not can_read_looks(user, team):
        raise PermissionDenied


def sharing_members(user, team: Team) -> QuerySet[Membership]:
    """Chosen members whose own record it is not, each with `given`: every yes that has not been taken back."""
    require_record_owner(user, team)
    given = Prefetch("consents", Consent.objects.filter(ended_at=None), to_attr="given")
    members = Membership.objects.not_ended().filter(team=team, chosen_at__isnull=False).exclude(_by_right())
    return members.select_related("team", "organization").prefetch_related(given).in_order()


def get_sharing_member_for(user, team: Team, membership_id: int) -> Membership:
    """A member for whom this person decides what is shared: 403 for somebody who may not, 404 for anybody else."""
    require_sharer(user, team)
    return _found(sharing_members(user, team).filter(pk=membership_id).first())


def past_consents(user, team: Team) -> QuerySet[Consent]:
    """What the family shared before and took back, newest first."""
    require_record_owner(user, team)
    ended = Consent.objects.filter(membership__team=team, ended_at__isnull=False)
    return ended.select_related("membership", "ended_by").order_by("-ended_at", "-pk")


def visible_grants(user, team: Team) -> QuerySet[TeamUserObjectPermission]:
    """Who may read this team for a short time without being on it."""
    require_record_owner(user, team)
    live = TeamUserObjectPermission.objects.filter(content_object=team, ended_at=None, until__gt=timezone.now())
    return live.select_related("user", "given_by").order_by("until", "pk")


def get_grant_for(user, team: Team, grant_id: int) -> TeamUserObjectPermission:
    """A grant on this team that this person may end: 403 for somebody who may not, 404 for any other."""
    require_sharer(user, team)
    grants = TeamUserObjectPermission.objects.filter(content_object=team)
    return _found(grants.select_related("content_object", "user").filter(pk=grant_id).first())


def require_grant_giver(user, team: Team) -> None:
    """Stop somebody who does not decide for the family, and everybody once the team has come to its end: 403."""
    if not (team.is_live and can_share(user, team)):
        raise PermissionDenied


def members_with_account(user, family: Family) -> QuerySet[Membership]:
    """Everybody who takes part in a live team of this family and has an account, by name."""
    members = Membership.objects.live().filter(team__in=visible_teams(user).live().filter(family=family))
    return members.filter(user__is_active=True).select_related("user", "person").order_by("name", "pk")


def newest_team(user, family: Family) -> Team | None:
    """The newest team of this family that this person may see."""
    return visible_teams(user).filter(family=family).order_by("-opened_on", "-pk").first()


# --- Plan and record -------------------------------------------------------------------------------------------------
def visible_items(user, model) -> QuerySet:
    """Live items of one kind, in the teams and sections that this person may read.

    A part of a meeting's record needs the meeting itself to be readable too.
    """
    if model is Strength:
        return visible_strengths(user)
    return model.objects.live().filter(_readable(scope_of(user), model))


def _readable(scope: Scope, model) -> Q:
    wanted = scope.readable()
    if issubclass(model, RecordItem):
        wanted &= scope.readable("meeting__team_id", "meeting__section")
    if model is Words:
        wanted &= Q(meeting=None) | scope.readable("meeting__team_id", "meeting__section")
    return wanted


def get_item_for(user, team: Team, kind: str, item_id: int):
    """A live part of this team's plan or record, or 404. `kind` is a key of `ITEMS`."""
    model = ITEMS.get(kind)
    if model is None:
        raise Http404
    return _found(_of_team(visible_items(user, model), team).filter(pk=item_id).first())


def get_any_item_for(user, team: Team, kind: str, item_id: int):
    """The same for an item that may have ended, so that its history can be read and it can be brought back."""
    model = ITEMS.get(kind)
    if model is None:
        raise Http404
    if model is Strength:
        sections = right_on(user, team).sections
        ended = Strength.objects.filter(family_id=team.family_id, section__in=sections)
        return _found(ended.filter(pk=item_id).first())
    found: QuerySet = model.objects.filter(_readable(scope_of(user), model))
    return _found(found.filter(team=team, pk=item_id).first())


def get_any_item_with_team_for(user, team_id: int, kind: str, item_id: int):
    """(team, item) of an item that may have ended, or 404; for somebody on the team in as few queries as can be."""
    right, model = right_on_team(user, team_id), ITEMS.get(kind)
    if right is None or not right.may_write or model is None or model is Strength:
        team = get_team_for(user, team_id)
        return team, get_any_item_for(user, team, kind, item_id)
    found: QuerySet = model.objects.with_numbers().filter(_readable(Scope(teams={team_id: right}), model))
    item = _found(found.select_related("team__family__county").filter(team_id=team_id, pk=item_id).first())
    return item.team, item


def _of_team(items: QuerySet, team: Team) -> QuerySet:
    return items.filter(family_id=team.family_id) if items.model is Strength else items.filter(team=team)


def team_items(user, team: Team, model) -> QuerySet:
    """Live items of one kind of this team that this person may read."""
    return _of_team(visible_items(user, model), team)


#: Lists of the plan that stand in an order of the family's own: the kind of their items, and what each list belongs to.
ORDERED = {"need": "", "call": "", "mandate": "", "goal": "need", "idea": "goal", "step": "goal"}


def ordered_items(user, team: Team, kind: str, parent_id: int) -> QuerySet:
    """One list of the plan in its order, as far as this person reads it; 404 for what stands in no order of its own.

    `parent_id` is the number of the need or goal that the list belongs to, 0 where it belongs to the plan itself.
    """
    if kind not in ORDERED:
        raise Http404
    items = team_items(user, team, ITEMS[kind]).order_by("place", "pk")
    parent = ORDERED[kind]
    return items.filter(**{parent: get_item_for(user, team, parent, parent_id)}) if parent else items


def list_of(user, team: Team, kind: str, item) -> QuerySet:
    """The list in which this item stands; 404 for a step of a meeting, which stands in none."""
    parent = ORDERED.get(kind)
    return ordered_items(user, team, kind, getattr(item, f"{parent}_id") or 0 if parent else 0)


def can_read_section(user, team: Team, section: str) -> bool:
    return section in right_on(user, team).sections


def writable_sections(user, team: Team) -> list[str]:
    """Sections that somebody may put an item into: those they may read."""
    right = right_on(user, team)
    return [section for section in Section.values if section in right.sections]


def can_change_item(user, team: Team, item) -> bool:
    """Whoever may read an item may change it, save the family's own words: those are their speaker's alone."""
    right = right_on(user, team)
    if not right.may_write or not team.is_live:
        return False
    if isinstance(item, Words):
        return right.by_right and item.person_id == right.person_id
    return True


def require_item_writer(user, team: Team, item) -> None:
    """Stop somebody who may read an item but not change it: 403."""
    if not can_change_item(user, team, item):
        raise PermissionDenied


def can_write_own_words(user, team: Team) -> bool:
    """Those whose record it is write what stands there as the family's own words."""
    return team.is_live and right_on(user, team).by_right


def visible_revisions(user, team: Team, item) -> QuerySet[Revision]:
    """Every state of an item that this person may read, newest first."""
    sections = right_on(user, team).sections
    return Revision.objects.filter(kind=item.kind, item_id=item.pk, family_id=team.family_id, section__in=sections)


def visible_team_revisions(user, team: Team) -> QuerySet[Revision]:
    """What changed in this family's plan and records, newest first, as far as this person may read it."""
    sections = right_on(user, team).sections
    of_team = Q(team_id=team.pk) | Q(team_id=None, family_id=team.family_id, kind=Strength._meta.label_lower)
    return Revision.objects.filter(of_team, section__in=sections)


# --- Agreeing --------------------------------------------------------------------------------------------------------
def can_read_plan(user, team: Team) -> bool:
    return can_read_section(user, team, Section.PLAN)


def get_plan_team_for(user, team_id: int) -> Team:
    """A team whose plan this person may read, or 404."""
    team = get_team_for(user, team_id)
    return _found(team if can_read_plan(user, team) else None)


def can_agree_for_family(user, team: Team) -> bool:
    """Only a caregiver agrees for the family."""
    return team.is_live and right_on(user, team).is_caregiver


def require_agreer(user, team: Team) -> None:
    """Stop somebody who may read the plan but does not decide for the family: 403."""
    if not can_agree_for_family(user, team):
        raise PermissionDenied


def visible_plan_versions(user, team: Team) -> PlanVersionQuerySet:
    """Versions of this team's plan, put forward and agreed; what of each is shown depends on `readable_content`."""
    if not can_read_plan(user, team):
        return PlanVersion.objects.none()
    return PlanVersion.objects.filter(team=team)


def visible_answers(user, team: Team) -> QuerySet[Answer]:
    """What members say to the agreed versions, as it stands: read by whoever reads the plan."""
    if not can_read_plan(user, team):
        return Answer.objects.none()
    return Answer.objects.filter(plan_version__team=team, ended_at=None)


def get_plan_version_for(user, team: Team, number: int) -> PlanVersion:
    return _found(visible_plan_versions(user, team).select_related("agreed_by").filter(number=number).first())


def can_take_back(user, team: Team, version: PlanVersion) -> bool:
    """A version that waits is taken back by whoever put it forward, or by a caregiver."""
    own = right_on(user, team).may_write and version.put_forward_by_id == user.pk
    return team.is_live and (own or can_agree_for_family(user, team))


def require_taker_back(user, team: Team, version: PlanVersion) -> None:
    """Stop somebody who may read a version that waits but not take it back: 403."""
    if not can_take_back(user, team, version):
        raise PermissionDenied


def get_answer_for(user, team: Team, answer_id: int) -> Answer:
    """What a member says to the version that is asked about, or 404."""
    return _found(visible_answers(user, team).select_related("membership").filter(pk=answer_id).first())


def can_speak_for(user, team: Team, membership: Membership) -> bool:
    """Everybody answers for themselves; for a member without an account, whoever may write on the team notes it.

    Somebody who has not said yes to the team yet says nothing to its plan.
    """
    if membership.stage != "live":
        return False
    right = right_on(user, team)
    return right.may_write and team.is_live and (membership.pk == right.membership_id or membership.user_id is None)


def require_speaker(user, team: Team, membership: Membership) -> None:
    """Stop somebody who may read an answer that is not theirs to give or to settle: 403."""
    if not can_speak_for(user, team, membership):
        raise PermissionDenied


def readable_content(user, team: Team, content: dict) -> dict:
    """A frozen plan without the parts that this person may not read: every part carries its section."""
    sections = right_on(user, team).sections
    shown = {
        part: [row for row in rows if _may_read_row(row, sections)] if isinstance(rows, list) else rows
        for part, rows in content.items()
    }
    return {part: rows for part, rows in shown.items() if rows or part not in ONLY_WHEN_THERE}


#: Parts of a frozen plan that are left out when there is nothing in them: a plan of before there were any is the same.
ONLY_WHEN_THERE = {"covers"}


def _may_read_row(row: dict, sections) -> bool:
    """What says something about two parts has the section of each, and is for those who read both."""
    return row.get("section") in sections and row.get("other_section", row["section"]) in sections


# --- One plan for all agencies ----------------------------------------------------------------------------------------
def team_elements(team: Team) -> QuerySet[PlanElement]:
    """What must stand, as of today, in the own plans of the agencies that have somebody on this team."""
    members = Membership.objects.live().filter(team=team, organization__isnull=False)
    return PlanElement.objects.live().filter(organization_kind__in=members.values("organization__kind"))


def get_element_for(user, team: Team, element_id: int) -> PlanElement:
    """What an agency on this team needs in its plan today, or 404."""
    right_on(user, team)
    return _found(team_elements(team).filter(pk=element_id).first())


def covers_ever(user, team: Team, asked: Mandate | PlanElement, shown: Collection[tuple[str, int]]) -> list[Cover]:
    """Every tick that this ever had, ended ones too, with who made and ended it; of parts that its reader reads.

    `shown` holds (kind, number) of the parts of the plan as the reader sees it: a tick tells that its part is there.
    """
    right_on(user, team)
    of = {"mandate": asked} if isinstance(asked, Mandate) else {"element__key": asked.key}
    covers = Cover.objects.filter(team=team, **of).select_related("made_by", "ended_by").order_by("pk")
    return [cover for cover in covers if (cover.item_kind, cover.item_id) in shown]


# --- Talking about a part of the plan ---------------------------------------------------------------------------------
def visible_comments(user, team: Team, item) -> QuerySet[Comment]:
    """What is said about one part, oldest first: for whoever may read the part today, live or ended."""
    return _about(user, team, Comment, item).filter(ended_at=None).select_related("membership").order_by("pk")


def visible_suggestions(user, team: Team, item) -> QuerySet[Suggestion]:
    """Other words that were suggested for one part, oldest first: for whoever may read the part today."""
    return _about(user, team, Suggestion, item).select_related("membership", "answered_by").order_by("pk")


def _about(user, team: Team, model, item) -> QuerySet:
    section_is_read = item.section in right_on(user, team).sections
    if not section_is_read:
        return model.objects.none()
    return model.objects.filter(team=team, item_kind=item.kind, item_id=item.pk)


#: Parts of a plan that people talk about, by the word in their address.
TALKED_ABOUT = ("words", "part", "call", "strength", "mandate", "need", "goal", "idea", "rating", "step")


def get_talk_item_with_team_for(user, team_id: int, kind: str, item_id: int):
    """(team, item) of a part of the plan that is talked about, live or ended, or 404; see above for its cost."""
    return get_any_item_with_team_for(user, team_id, kind if kind in TALKED_ABOUT else "", item_id)


def own_place_on(user, team: Team) -> Membership:
    """This person's own membership with its number alone, for a row that is theirs; 403 for who is not on the team."""
    right = right_on(user, team)
    if not right.may_write:
        raise PermissionDenied
    return Membership(pk=right.membership_id, team=team, user=user, kind=right.kind)


def members_to_mention(team: Team, section: str) -> QuerySet[Membership]:
    """Live members who may read this section today: those whose name may stand on a comment."""
    return members_who_share(team, section).filter(starts_on__lte=timezone.localdate())


def get_comment_for(user, team: Team, item, comment_id: int) -> Comment:
    """A comment of one's own that has not been taken back; 404 for one not there, 403 for somebody else's."""
    comment = _found(visible_comments(user, team, item).filter(pk=comment_id).first())
    if comment.membership_id != right_on(user, team).membership_id:
        raise PermissionDenied
    return comment


def can_suggest(user, team: Team, item) -> bool:
    """Nobody suggests other words for what stands there as somebody's own words."""
    return team.is_live and right_on(user, team).may_write and not isinstance(item, Words)


def require_suggester(user, team: Team, item) -> None:
    """Stop somebody who may read an item but not suggest other words for it: 403."""
    if not can_suggest(user, team, item):
        raise PermissionDenied


def get_suggestion_for(user, team: Team, item, suggestion_id: int) -> Suggestion:
    """A suggestion for a part that this person may read, or 404."""
    return _found(visible_suggestions(user, team, item).filter(pk=suggestion_id).first())


def owners_of_record(team: Team) -> QuerySet[Membership]:
    """Memberships, ended ones too, of those whose record it is."""
    return Membership.objects.filter(_by_right(), team=team)


def can_answer_suggestion(user, team: Team, suggestion: Suggestion, owners: set[int]) -> bool:
    """The other side answers: the family what others suggest, any writer but its author what the family suggests."""
    right = right_on(user, team)
    if not right.may_write or not team.is_live or suggestion.membership_id == right.membership_id:
        return False
    return right.by_right or suggestion.membership_id in owners


def require_suggestion_answerer(user, team: Team, suggestion: Suggestion) -> None:
    """Stop somebody who may read a suggestion but is not the one to answer it: 403."""
    owners = set(owners_of_record(team).values_list("pk", flat=True))
    if not can_answer_suggestion(user, team, suggestion, owners):
        raise PermissionDenied


def require_suggestion_author(user, team: Team, suggestion: Suggestion) -> None:
    """Stop somebody who did not make this suggestion: 403."""
    if suggestion.membership_id != right_on(user, team).membership_id:
        raise PermissionDenied


# --- Meetings --------------------------------------------------------------------------------------------------------
def visible_meetings(user) -> QuerySet[Meeting]:
    """Meetings of one's teams, in the sections that one may read."""
    return Meeting.objects.live().filter(scope_of(user).readable())


def calendar_meetings(user) -> QuerySet[Meeting]:
    """Meetings of one's teams that are, or were, on a day. One that waits for the family's yes is in no calendar."""
    return visible_meetings(user).exclude(status=MeetingStatus.ASKED)


def get_calendar_meeting_for(user, meeting_id: int) -> Meeting:
    """A meeting for the calendar of somebody who may read it, whichever team's; or 404."""
    return _found(calendar_meetings(user).select_related("team").filter(pk=meeting_id).first())


def own_county_ids(user) -> set[int]:
    """Counties of one's families, and those that one coordinates: whose open meetings are near."""
    scope = scope_of(user)
    homes = Family.objects.filter(pk__in=scope.family_ids).values_list("county_id", flat=True)
    return set(homes) | scope.county_ids


def can_view_meeting(user, meeting: Meeting) -> bool:
    return visible_meetings(user).filter(pk=meeting.pk).exists()


def get_meeting_for(user, team: Team, meeting_id: int) -> Meeting:
    """A meeting of this team, or 404."""
    return _found(visible_meetings(user).filter(team=team, pk=meeting_id).first())


def get_whole_meeting_for(user, team_id: int, meeting_id: int) -> Meeting:
    """The same with its team, its family and who wrote it, in one query; for the pages of one meeting."""
    meetings = visible_meetings(user).select_related("team", "team__family", "created_by", "updated_by")
    return _found(meetings.filter(team_id=team_id, pk=meeting_id).first())


def visible_guests(user, meeting: Meeting) -> QuerySet[Guest]:
    """Who is invited to a meeting that this person may read."""
    return Guest.objects.filter(meeting__in=visible_meetings(user).filter(pk=meeting.pk)).select_related(
        "membership", "membership__organization"
    )


def own_guest(user, meeting: Meeting) -> Guest | None:
    """This person's own invitation to the meeting."""
    return visible_guests(user, meeting).filter(membership__user=user, membership__ended_at=None).first()


def get_own_guest_for(user, meeting: Meeting) -> Guest:
    """This person's own invitation, or 403: they may read the meeting but were not invited to it."""
    guest = own_guest(user, meeting)
    if guest is None:
        raise PermissionDenied
    return guest


def get_guest_for(user, meeting: Meeting, guest_id: int) -> Guest:
    """Somebody who is invited to a meeting that this person may read, or 404."""
    return _found(visible_guests(user, meeting).filter(pk=guest_id).first())


def get_topic_for(user, meeting: Meeting, topic_id: int) -> Topic:
    """Something on the agenda of this meeting, or 404."""
    return _found(team_items(user, meeting.team, Topic).filter(meeting=meeting, pk=topic_id).first())


def can_order_agenda(user, team: Team) -> bool:
    """What is talked about first is the family's to say; everybody adds to the list."""
    right = right_on(user, team)
    return team.is_live and right.may_write and right.by_right


def require_agenda_owner(user, team: Team) -> None:
    """Stop somebody who may add to an agenda but not put it in order: 403."""
    if not can_order_agenda(user, team):
        raise PermissionDenied


def can_record(user, meeting: Meeting, now: dt.datetime) -> bool:
    """Whoever may write on the team records a meeting with the others, from shortly before its start on."""
    is_open = meeting.status != MeetingStatus.CANCELLED and meeting.starts_at - OPENS_BEFORE <= now
    return is_open and meeting.team.is_live and right_on(user, meeting.team).may_write


def members_not_invited(user, meeting: Meeting) -> QuerySet[Membership]:
    """Live members of the team who are not on the list of a meeting: somebody else who may turn out to be there."""
    members = visible_memberships(user).live().filter(team=meeting.team)
    return members.exclude(invited_to__meeting=meeting).order_by("name", "pk")


def following_meeting(user, meeting: Meeting) -> Meeting | None:
    """The next meeting of the team that is set or asked for, as far as this person may read it."""
    ahead = visible_meetings(user).filter(team=meeting.team, starts_at__gt=meeting.starts_at)
    ahead = ahead.filter(status__in=(MeetingStatus.SET, MeetingStatus.ASKED), starts_at__gt=timezone.now())
    return ahead.order_by("starts_at", "pk").first()


def own_open_steps(user) -> QuerySet[Step]:
    """Steps that this person said they would do and that are still open, across teams."""
    mine = Step.who.through.objects.filter(membership__user=user, membership__ended_at=None)
    steps = visible_items(user, Step).filter(pk__in=mine.values("step_id"))
    return steps.filter(status__in=OPEN_STEPS, team__ended_at=None)


def own_closed_steps(user, since: dt.date) -> QuerySet[Step]:
    """Steps that this person carried, and that were done or not done on this day or later, across live teams.

    A step that was not done is counted from the save that closed it last; what is written in it later changes nothing.
    """
    mine = Step.who.through.objects.filter(membership__user=user, membership__ended_at=None)
    steps = visible_items(user, Step).filter(pk__in=mine.values("step_id"), team__ended_at=None)
    saves = Revision.objects.filter(kind=Step._meta.label_lower, item_id=OuterRef("pk")).order_by("version")
    last_open = saves.exclude(state__status=StepStatus.NOT_DONE).order_by("-version").values("version")[:1]
    steps = steps.annotate(last_open=Coalesce(Subquery(last_open), 0))
    closing = saves.filter(version__gt=OuterRef("last_open")).values("at")[:1]
    return steps.annotate(closed_at=Coalesce(Subquery(closing), F("updated_at"))).filter(
        Q(status=StepStatus.DONE, done_on__gte=since) | Q(status=StepStatus.NOT_DONE, closed_at__date__gte=since)
    )


# --- Finding a time, and the notice of a meeting ---------------------------------------------------------------------
def visible_polls(user) -> QuerySet[TimePoll]:
    """What one's teams look for a time for, in the sections that one may read; not what has found it or ended."""
    return TimePoll.objects.live().filter(scope_of(user).readable(), meeting=None)


def get_poll_for(user, team_id: int, poll_id: int) -> TimePoll:
    """A poll of this team, still open or not, with its team, its family and who asked; or 404."""
    polls = TimePoll.objects.filter(scope_of(user).readable(), team_id=team_id, pk=poll_id)
    return _found(polls.select_related("team", "team__family", "created_by", "meeting").first())


def slots_of(poll: TimePoll) -> QuerySet[Slot]:
    """The times that are offered and were not taken back, earliest first."""
    return poll.slots.filter(ended_at=None).select_related("membership").order_by("starts_at", "pk")


def slot_answers_of(poll: TimePoll) -> QuerySet[SlotAnswer]:
    """What members say to these times; the word of somebody who has left counts no more."""
    answers = SlotAnswer.objects.filter(slot__poll=poll, slot__ended_at=None, ended_at=None)
    return answers.filter(membership__ended_at=None).order_by("pk")


def get_slot_for(poll: TimePoll, slot_id: int) -> Slot:
    """A time of a poll that was fetched for somebody, taken back or not, or 404."""
    return _found(poll.slots.filter(pk=slot_id).first())


def get_poll_member_for(team: Team, section: str, membership_id: int) -> Membership:
    """A member of a team with whom this part is shared, with who they are: one who can be asked; or 404."""
    members = members_who_share(team, section).filter(starts_on__lte=timezone.localdate())
    return _found(members.select_related("team", "user", "person").filter(pk=membership_id).first())


def family_on(team: Team) -> set[int]:
    """Memberships of those whose record it is and who take part today: no best time is one that they can't make."""
    return set(owners_of_record(team).filter(ended_at=None, accepted_at__isnull=False).values_list("pk", flat=True))


def can_offer_times(user, team: Team) -> bool:
    """The facilitator offers times, or those whose record it is; whoever offers may take them back."""
    right = right_on(user, team)
    return team.is_live and (right.is_facilitator or right.by_right)


def require_offerer(user, team: Team) -> None:
    """Stop somebody who may read a poll but not offer times: 403."""
    if not can_offer_times(user, team):
        raise PermissionDenied


def can_waive_notice(user, team: Team) -> bool:
    """That a meeting is soon is for the caregivers to say yes to; where none has an account, any writer notes it."""
    right = right_on(user, team)
    return team.is_live and (right.is_caregiver or (right.may_write and not caregivers_on(team)))


def require_waiver(user, team: Team) -> None:
    """Stop somebody who may read a meeting that waits but not say the family's yes: 403."""
    if not can_waive_notice(user, team):
        raise PermissionDenied


def accounts_asked(team: Team, section: str) -> set[int]:
    """Accounts of those who are invited to what is set in this part of the record."""
    members = members_who_share(team, section).filter(user__isnull=False)
    return {user_id for user_id in members.values_list("user_id", flat=True) if user_id}


@dataclass(frozen=True)
class Taken:
    """Somebody is invited to a meeting, of a team or of a group, at that time."""

    account: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    meeting_id: int
    team_id: int | None = None
    group_id: int | None = None


def taken_times(accounts: set[int], since: dt.datetime, until: dt.datetime, but: Meeting | None = None) -> list[Taken]:
    """Everything that these people are invited to in this span, of any team or group, by its time. One query.

    Only how many have something else is told to others; what it is, to the person themself alone.
    """
    in_span = {"starts_at__lt": until, "ends_at__gt": since, "ended_at": None}
    no_number = Cast(Value(None), BigIntegerField())
    guests = Guest.objects.filter(
        membership__user__in=accounts, membership__ended_at=None, meeting__status=MeetingStatus.SET,
        **{f"meeting__{name}": value for name, value in in_span.items()},
    ).exclude(coming=Coming.NO).exclude(meeting=but)  # fmt: skip
    teams = guests.order_by().values_list(
        "membership__user_id", "meeting__starts_at", "meeting__ends_at", "meeting_id", "meeting__team_id", no_number
    )
    seats = Term.objects.live().filter(
        user__in=accounts, seat__group__groupmeetings__status=GroupMeetingStatus.SET,
        **{f"seat__group__groupmeetings__{name}": value for name, value in in_span.items()},
    )  # fmt: skip
    groups = seats.order_by().values_list(
        "user_id", "seat__group__groupmeetings__starts_at", "seat__group__groupmeetings__ends_at",
        "seat__group__groupmeetings", no_number, "seat__group_id",
    )  # fmt: skip
    with whole_state("that somebody has another meeting is told, of whatever team; what it is to them alone"):
        rows = [Taken(*row) for row in teams.union(groups, all=True)]
    return sorted(rows, key=lambda row: (row.starts_at, row.team_id is None, row.meeting_id))


def answer_link(link_id: int, nonce: str) -> AnswerLink | None:
    """The link that was signed so, in whatever state, with what it asks; the link itself is the permission."""
    with whole_state("who holds a link to answer has no account"):
        links = AnswerLink.objects.select_related(
            "membership", "membership__team", "created_by", "poll", "poll__team", "meeting", "meeting__team"
        )
        return links.filter(pk=link_id, nonce=nonce).first()


def answer_link_works(link: AnswerLink, now: dt.datetime) -> bool:
    """Whether a link still takes its answer.

    Not used, ended or too old; the team still looks for a time, or the meeting is still set and ahead; and the part of
    the record that it belongs to is still shared with whom it was sent to.
    """
    thing = link.thing
    is_ahead = isinstance(thing, Meeting) and thing.status == MeetingStatus.SET and thing.starts_at > now
    waits = is_ahead or (isinstance(thing, TimePoll) and thing.is_open)
    if not (link.is_open(now) and waits and thing.team.is_live and thing.ended_at is None):
        return False
    with whole_state("who holds a link to answer has no account"):
        return members_who_share(thing.team, thing.section).filter(pk=link.membership_id).exists()


def link_slots(link: AnswerLink, *, every: bool = False) -> list[Slot]:
    """The times that a link asks about: days and times alone, of those to come; or `every` one there ever was."""
    slots = Slot.objects.filter(poll=link.poll_id).order_by("starts_at", "pk")
    with whole_state("who holds a link to answer has no account"):
        return list(slots if every else slots.filter(ended_at=None, starts_at__gt=timezone.now()))


# --- The record of a meeting that took place: approving it, copies, feedback -----------------------------------------
WAS_THERE = (Attendance.CAME, Attendance.PHONE)
FAMILY_SIDE, OTHER_SIDE = "family", "others"


def record_side(user, team: Team, meeting: Meeting) -> str:
    """For which side this person approves a meeting's record, and opens it again; "" for neither.

    A caregiver for the family, the facilitator for the others. Where no facilitator with an account may read it, any
    other member who came and is not of the family.
    """
    right = right_on(user, team)
    if not right.may_write or not team.is_live:
        return ""
    if right.is_caregiver:
        return FAMILY_SIDE
    if right.is_facilitator:
        return OTHER_SIDE
    if right.kind == MemberKind.FAMILY or readers(team, meeting.section).filter(is_facilitator=True).exists():
        return ""
    came = _others_who_came(meeting).values_list("pk", flat=True)
    return OTHER_SIDE if right.membership_id in came else ""


def _others_who_came(meeting: Meeting) -> QuerySet[Membership]:
    came = Guest.objects.filter(meeting=meeting, attendance__in=WAS_THERE)
    return Membership.objects.filter(pk__in=came.values("membership")).exclude(kind=MemberKind.FAMILY)


def accounts_to_approve(meeting: Meeting, side: str) -> set[int]:
    """The accounts of those who can say this side's yes to the record, as `record_side` has it."""
    if side == FAMILY_SIDE:
        return {user.pk for user in caregivers_on(meeting.team)}
    there = readers(meeting.team, meeting.section)
    members = there.filter(is_facilitator=True) or there.filter(pk__in=_others_who_came(meeting))
    return {member.user_id for member in members if member.user_id}


def require_record_side(user, team: Team, meeting: Meeting) -> str:
    """The side that somebody approves a record for; 403 for somebody who may read it but approves for neither."""
    side = record_side(user, team, meeting)
    if not side:
        raise PermissionDenied
    return side


def visible_record_versions(user, meeting: Meeting) -> RecordVersionQuerySet:
    """Frozen versions of the record of a meeting that this person may read; of each, what `readable_record` leaves."""
    return RecordVersion.objects.filter(meeting__in=visible_meetings(user).filter(pk=meeting.pk))


def get_record_version_for(user, meeting: Meeting, number: int) -> RecordVersion:
    return _found(visible_record_versions(user, meeting).filter(number=number).first())


#: The parts of a frozen record whose own history tells to which section they belong today.
FROZEN_PARTS = {
    "words": Words, "topics": Topic, "notes": Note, "decisions": Decision, "whatifs": WhatIf, "helps": Help,
    "ratings": Rating, "steps": Step,
}  # fmt: skip


def readable_record(user, team: Team, content: dict) -> dict:
    """A frozen record without what this person may not read: by the section of then, and by that of today."""
    content = readable_content(user, team, content)
    kinds = {name: model._meta.label_lower for name, model in FROZEN_PARTS.items()}
    ids = {row["id"] for name in kinds for row in content.get(name, ())}
    hidden = Revision.objects.filter(team_id=team.pk, kind__in=kinds.values(), item_id__in=ids)
    hidden = hidden.exclude(section__in=right_on(user, team).sections).order_by()
    closed = set(hidden.values_list("kind", "item_id"))
    return {
        name: [row for row in rows if (kinds.get(name), row.get("id")) not in closed] for name, rows in content.items()
    }


def members_with_copies(team: Team, section: str) -> QuerySet[Membership]:
    """Members who get copies of the records in a section: whoever may read it today.

    A child without an account is not given papers before the year in which they turn 14; their caregivers have them.
    """
    youngest = timezone.localdate().year - YOUTH_PICKS_FROM_AGE
    is_child = Q(user=None, person__role=FamilyRole.YOUNG_PERSON)
    old_enough = Q(person__born_on__year__lte=youngest)
    members = members_who_share(team, section).filter(~is_child | old_enough)
    return members.select_related("user", "organization", "person")


def copies_owed_to(version: RecordVersion) -> QuerySet[Membership]:
    """Those of them who were on the team when the record was approved."""
    meeting = version.meeting
    members = members_with_copies(meeting.team, meeting.section)
    return members.filter(starts_on__lte=timezone.localdate(version.approved_at))


def visible_copies(user, meeting: Meeting) -> QuerySet[RecordCopy]:
    """Who has a copy of the record as it is approved now: for whoever may read the meeting."""
    versions = visible_record_versions(user, meeting).approved()
    copies = RecordCopy.objects.filter(record_version__in=versions.values("pk"))
    return copies.select_related("membership", "noted_by").order_by("pk")


def get_copy_member_for(user, team: Team, version: RecordVersion, membership_id: int) -> Membership:
    """A member who is owed a copy of this version, or 404."""
    require_writer(user, team)
    return _found(copies_owed_to(version).filter(pk=membership_id).first())


def visible_feedback(user, meeting: Meeting) -> QuerySet[Feedback]:
    """How people felt about a meeting: what they let the team read, and one's own."""
    own = Q(membership=right_on(user, meeting.team).membership_id)
    found = Feedback.objects.filter(meeting__in=visible_meetings(user).filter(pk=meeting.pk), ended_at=None)
    return found.filter(Q(is_shown=True) | own).select_related("membership", "noted_by").order_by("pk")


#: So long after a meeting somebody who came is asked how it was.
ASKED_FOR = dt.timedelta(days=14)


def meetings_to_tell_of(user, teams: Iterable[Team]) -> QuerySet[Meeting]:
    """Meetings of the last 14 days to which this person came and of which they have not said how it was; last first."""
    own = [right.membership_id for team in teams if team.is_live and (right := right_on(user, team)).may_write]
    if not own:
        return Meeting.objects.none()
    came = Guest.objects.filter(meeting=OuterRef("pk"), membership__in=own, attendance__in=WAS_THERE)
    told = Feedback.objects.filter(meeting=OuterRef("pk"), membership__in=own, ended_at=None)
    held = visible_meetings(user).filter(status=MeetingStatus.HELD, ends_at__gte=timezone.now() - ASKED_FOR)
    return held.filter(Exists(came), ~Exists(told)).order_by("-starts_at", "-pk")


def get_feedback_guest_for(user, meeting: Meeting) -> Guest:
    """The invitation of somebody who was there: they say how it was; 403 for everybody else who may read it."""
    guest = get_own_guest_for(user, meeting)
    if guest.attendance not in WAS_THERE:
        raise PermissionDenied
    require_writer(user, meeting.team)
    return guest


def guests_to_ask(user, meeting: Meeting) -> QuerySet[Guest]:
    """Who was there, has no account and has not said how it was: somebody on the team can ask them and note it."""
    told = Feedback.objects.filter(meeting=meeting, membership=OuterRef("membership"), ended_at=None)
    return _asked_by_others(user, meeting).exclude(Exists(told)).order_by("pk")


def _asked_by_others(user, meeting: Meeting) -> QuerySet[Guest]:
    here = Membership.objects.live().filter(team=meeting.team_id, user=None)
    return visible_guests(user, meeting).filter(attendance__in=WAS_THERE, membership__in=here)


def get_guest_to_note_for(user, meeting: Meeting, guest_id: int) -> Guest:
    """Somebody without an account who was there, or 404; 403 for who may read it but not speak for them."""
    guest = _found(_asked_by_others(user, meeting).filter(pk=guest_id).first())
    require_speaker(user, meeting.team, guest.membership)
    return guest


# --- Referrals: the side of the family and its team -------------------------------------------------------------------
def visible_referrals(user) -> QuerySet[Referral]:
    """Referrals of one's teams, drafts too, in the sections that one may read."""
    return Referral.objects.live().filter(scope_of(user).readable("source__team_id", "section"))


def team_referrals(user, team: Team) -> QuerySet[Referral]:
    """Referrals of this team that this person may read."""
    return visible_referrals(user).filter(source__team=team)


def get_referral_for(user, team: Team, referral_id: int) -> Referral:
    """A referral of this team with what its pages show, or 404."""
    referrals = team_referrals(user, team).select_related(
        "organization", "service", "source", "source__need", "source__step", "wants_by", "yes_by", "yes_ended_by"
    )
    return _found(referrals.filter(pk=referral_id).first())


def referral_side(user, team: Team, referral: Referral) -> str:
    """For which side this person moves a referral on the team's pages; "" for nobody's.

    Those whose record it is speak for the family, also after the team has ended: the loop closes with their word.
    Whoever works where a referral was sent to answers there, and does not close it for the team.
    """
    right = right_on(user, team)
    if right.by_right:
        return Side.FAMILY
    if not right.may_write or not team.is_live:
        return ""
    if referral.is_sent and referral.organization_id in scope_of(user).organization_ids:
        return ""
    return Side.TEAM


def require_referral_mover(user, team: Team, referral: Referral) -> str:
    """The side that somebody moves a referral for; 403 for somebody who may read it but not move it."""
    side = referral_side(user, team, referral)
    if not side:
        raise PermissionDenied
    return side


def can_write_wants(user, team: Team, referral: Referral | None = None) -> bool:
    """What the family wants is written by those whose record it is, and once written by its speaker alone."""
    right = right_on(user, team)
    written_by = referral.wants_by_id if referral else None
    return team.is_live and right.by_right and written_by in (None, right.person_id)


def can_share_referral(user, team: Team, referral: Referral) -> bool:
    """Saying yes to what a referral shares is the caregivers' own; a new one goes out from a live team."""
    return referral.is_open and team.is_live and can_share(user, team)


def can_read_shared_contact(user, referral: Referral) -> bool:
    """How to reach the caregiver who said yes is theirs: who else on the team knows it is for their home to say."""
    return referral.yes_by_id == user.pk


def own_person_on(user, team: Team) -> Person:
    """This person's own place in the family of a team whose record is theirs; 403 for everybody else."""
    right = right_on(user, team)
    if not right.by_right:
        raise PermissionDenied
    return Person.objects.get(memberships=right.membership_id)


def visible_referral_links(user, team: Team, referral: Referral) -> QuerySet[ReferralLink]:
    """The links by which one referral of this team can be answered without an account, newest first."""
    return ReferralLink.objects.filter(referral__in=team_referrals(user, team).filter(pk=referral.pk)).order_by("-pk")


def referral_looks(user, team: Team, referral: Referral) -> QuerySet[Event]:
    """Every reading of one referral by somebody else; 403 for those whose record it is not."""
    looks = visible_looks(user, team)
    return looks.filter(object_kind=referral.kind, object_id=referral.pk)


def opened_at(team: Team, referral: Referral) -> dt.datetime | None:
    """When its receiver first opened a referral. That they did is told to the whole team; who it was, to the family."""
    looks = Event.objects.filter(family_id=team.family_id, looked=True, verb=Look.REFERRAL_GOT)
    looks = looks.filter(object_kind=referral.kind, object_id=referral.pk)
    return looks.order_by("at").values_list("at", flat=True).first()


# --- Barriers --------------------------------------------------------------------------------------------------------
def visible_raised(user) -> QuerySet[RaisedBarrier]:
    """What one's teams said stands in the way, in the sections that one may read."""
    return RaisedBarrier.objects.live().filter(scope_of(user).readable())


def get_raised_for(user, team: Team, raised_id: int) -> RaisedBarrier:
    """What this team wrote, sent, taken back or neither, or 404."""
    rows = RaisedBarrier.objects.filter(scope_of(user).readable(), team=team)
    rows = rows.select_related("team__family__county", "updated_by")
    return _found(rows.filter(pk=raised_id).first())


def barriers_of_others(user, team: Team) -> QuerySet[Barrier]:
    """What other teams of the family's county raised: their words without names, the newest month first."""
    right_on(user, team)
    ours = RaisedBarrier.objects.filter(team=team, barrier__isnull=False)
    others = Barrier.objects.live().filter(county_id=team.family.county_id).exclude(pk__in=ours.values("barrier_id"))
    return others.select_related("group").order_by("-raised_on", "category", "pk")


def get_barrier_to_join_for(user, team: Team, barrier_id: int) -> Barrier:
    """A barrier of this county that waits for its answer, ours or not, or 404."""
    right_on(user, team)
    waiting = Barrier.objects.live().filter(county_id=team.family.county_id)
    return _found(waiting.exclude(status=BarrierStatus.ANSWERED).filter(pk=barrier_id).first())


# --- The end of a team, and the record that the family keeps ----------------------------------------------------------
def get_ending_team_for(user, team_id: int) -> Team:
    """A team that this person is on, or 404: how it ends is said between its members, whatever is shared with each."""
    team = get_team_for(user, team_id)
    return _found(team if right_on(user, team).may_write else None)


def visible_endings(user, team: Team) -> QuerySet[Ending]:
    """How this team comes or came to its end, given up or not: for its members, and for the family afterwards."""
    if not right_on(user, team).may_write:
        return Ending.objects.none()
    return Ending.objects.filter(team=team).select_related("begun_by", "closed_by")


def present_ending(user, team: Team) -> Ending | None:
    """The ending that was begun or closed, and not given up."""
    return visible_endings(user, team).filter(ended_at=None).first()


def visible_last_words(user, team: Team, ending: Ending) -> QuerySet[LastWord]:
    """Everybody's last word as it stands: all on the team read all of them, and the family keeps them."""
    words = LastWord.objects.filter(ending__in=visible_endings(user, team).filter(pk=ending.pk), ended_at=None)
    return words.select_related("membership", "noted_by").order_by("pk")


def require_closer(user, team: Team) -> None:
    """Stop somebody who is on the team but does not decide for the family: 403."""
    if not right_on(user, team).is_caregiver:
        raise PermissionDenied


def members_to_tell(team: Team) -> QuerySet[Membership]:
    """Live members with an account whom the team is open to today, whatever is shared with them."""
    shared = Consent.objects.live().filter(membership__team=team).values("membership_id")
    members = Membership.objects.live().filter(team=team, user__isnull=False, user__is_active=True)
    return members.filter(_by_right() | Q(pk__in=shared)).select_related("user").order_by("pk")


def get_own_record_team_for(user, team_id: int) -> Team:
    """A team whose record is this person's own, live or ended: 404 where they may not see it, 403 for its others."""
    team = get_team_for(user, team_id)
    require_record_owner(user, team)
    return team


#: The way from a row of the record to its team, where it is not `team` itself.
WAY_TO_TEAM = {
    Answer: "plan_version__team",
    Consent: "membership__team",
    Guest: "meeting__team",
    LastWord: "ending__team",
    RecordCopy: "record_version__meeting__team",
    RecordVersion: "meeting__team",
    Slot: "poll__team",
    SlotAnswer: "slot__poll__team",
    Referral: "source__team",
    TeamUserObjectPermission: "content_object",
}
#: What ends when something newer takes its place, or when its writer takes it back: only what stands is shown anywhere.
ONLY_AS_IT_STANDS = (Answer, Comment, LastWord, Referral, SlotAnswer)


def own_record(user, team: Team, model) -> QuerySet:
    """Every row of one kind in the record of this team, ended ones too; 403 for those whose record it is not."""
    require_record_owner(user, team)
    sections = right_on(user, team).sections
    way = {"family_id": team.family_id} if model is Strength else {WAY_TO_TEAM.get(model, "team"): team}
    rows = model.objects.filter(**way)
    if model in ONLY_AS_IT_STANDS:
        rows = rows.filter(ended_at=None)
    if any(field.name == "section" for field in model._meta.fields):
        rows = rows.filter(section__in=sections)
    return rows.order_by("pk")


def own_feedback(user, team: Team) -> QuerySet[Feedback]:
    """How people felt about the meetings of this team: what the team may read and one's own; 403 as above."""
    require_record_owner(user, team)
    own = Q(membership=right_on(user, team).membership_id)
    found = Feedback.objects.filter(meeting__in=visible_meetings(user).filter(team=team), ended_at=None)
    return found.filter(Q(is_shown=True) | own).order_by("pk")


# --- The county worklist and the search ------------------------------------------------------------------------------
def get_worklist_counties_for(user) -> list[County]:
    """The counties whose worklist this person keeps, by name; 404 for everybody who coordinates none."""
    return list(visible_worklist_counties(user).order_by("name")) or _found(None)


def open_team_ids(user, section: str = "") -> list[int]:
    """Teams whose family has said yes to this person; with a section, yes to that section."""
    return [right.team_id for right in scope_of(user).teams.values() if not section or section in right.sections]


def agreed_versions(user) -> QuerySet[PlanVersion]:
    """Agreed versions of every plan that this person may read."""
    return PlanVersion.objects.agreed().filter(team_id__in=open_team_ids(user, Section.PLAN))


def families_with_open_plan(user) -> QuerySet[Family]:
    """Families whose plan, and with it what matters to them, this person may read."""
    plans = [right.family_id for right in scope_of(user).teams.values() if Section.PLAN in right.sections]
    return Family.objects.live().filter(pk__in=plans)
