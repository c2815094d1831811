"""Who may see what of counties, organizations, groups, barriers and numbers."""

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from collaboratives.enums import CHAIRING, RUNNING, BarrierStatus, CountyRoleKind, DeadlineKind, GroupLevel
from collaboratives.models import (
    AgendaItem,
    Barrier,
    BarrierMove,
    Collaborative,
    County,
    CountyRole,
    GroupDecision,
    GroupMeeting,
    Office,
    Recommendation,
    Seat,
    Statement,
    Term,
    TimelineRule,
)
from collaboratives.models.seating import running, standing
from soc_portal.access.scope import GroupRight, scope_of
from soc_portal.versions.models import Revision


def visible_worklist_counties(user) -> QuerySet[County]:
    """The counties whose worklist this person keeps: those they coordinate today."""
    return County.objects.filter(pk__in=scope_of(user).county_ids)


def has_worklist(user) -> bool:
    """Whether this person coordinates a county today."""
    return bool(scope_of(user).county_ids)


def coordinators_of(county_id: int) -> QuerySet[CountyRole]:
    """Who coordinates a county today; everybody may know, so that everybody can call them."""
    roles = CountyRole.objects.live().filter(county_id=county_id, role=CountyRoleKind.COORDINATOR, user__is_active=True)
    return roles.select_related("user").order_by("user__name", "pk")


def get_county(fips: str) -> County:
    """A county by its FIPS number; its facts are open to everybody."""
    county = County.objects.filter(fips=fips).first() if fips.isascii() and fips.isdigit() else None
    if county is None:
        raise Http404
    return county


def coordinators_in(county_ids: Iterable[int]) -> QuerySet[CountyRole]:
    """Who coordinates any of these counties today, by county; everybody may know."""
    roles = CountyRole.objects.live().filter(county_id__in=county_ids, role=CountyRoleKind.COORDINATOR)
    roles = roles.filter(user__is_active=True).select_related("user", "county")
    return roles.order_by("county__name", "user__name", "pk")


# --- Groups and their seats ------------------------------------------------------------------------------------------
def visible_groups(user) -> QuerySet[Collaborative]:
    """Open groups, for everybody who is signed in; a closed one for its members who signed its statement alone.

    A closed group that came to its end has no members: those who run the group that follows it, and signed there,
    keep what it left behind.
    """
    groups = Collaborative.objects.live()
    if not user.is_authenticated:
        return groups.none()
    rights = scope_of(user).groups.values()
    keeps = [right.group_id for right in rights if right.is_closed and right.signed and right.runs_it]
    left_behind = Q(successor__in=keeps, ends_on__lt=timezone.localdate())
    return groups.filter(Q(kind_of__open_meetings=True) | Q(pk__in=scope_of(user).group_ids) | left_behind)


def get_group_for(user, group_id: int) -> Collaborative:
    """The group with its kind and counties, or the same 404 whether it is hidden or absent."""
    groups = visible_groups(user).select_related("kind_of", "parent__kind_of").prefetch_related("counties")
    group = groups.filter(pk=group_id).first()
    if group is None:
        raise Http404
    return group


def get_group_to_sign_for(user, group_id: int) -> Collaborative:
    """A closed group in which this person has a seat, before or after they signed; 404 for everybody else."""
    right = scope_of(user).groups.get(group_id)
    if right is None or not right.is_closed:
        raise Http404
    return Collaborative.objects.live().select_related("kind_of").get(pk=group_id)


def own_groups(user) -> QuerySet[Collaborative]:
    """Groups in which this person has a seat. Of those not in `scope_of(user).group_ids` they see the name alone."""
    return Collaborative.objects.live().filter(pk__in=scope_of(user).groups)


def statement_of(user, group: Collaborative) -> Statement | None:
    """What this person signed for the group, or None."""
    return Statement.objects.filter(group=group, user=user, ended_at=None).first()


def signed_user_ids(group: Collaborative) -> set[int]:
    """Who signed the statement of a closed group."""
    return set(Statement.objects.filter(group=group, ended_at=None).values_list("user_id", flat=True))


def waiting_terms(user) -> QuerySet[Term]:
    """Terms that wait for whoever has this person's address: theirs to take."""
    if not user.is_authenticated or not user.email:
        return Term.objects.none()
    waiting = Term.objects.live().filter(user=None, address=user.email.lower(), seat__group__ended_at=None)
    return waiting.select_related("seat__group").order_by("pk")


def get_waiting_term_for(user, term_id: int) -> Term:
    term = waiting_terms(user).filter(pk=term_id).first()
    if term is None:
        raise Http404
    return term


def group_right(user, group: Collaborative) -> GroupRight | None:
    """What this person may do in the group by a live term; None for somebody who holds no seat in it."""
    right = scope_of(user).groups.get(group.pk)
    return right if right and right.may_read else None


def is_group_member(user, group: Collaborative) -> bool:
    return group_right(user, group) is not None


def can_run_group(user, group: Collaborative) -> bool:
    """Chairs and those who keep the minutes run a group; so does the coordinator of one of its counties an open one.

    A subcommittee is run by its own people and by those who run the group above it. A group that came to its end
    stays as it was.
    """
    if group.ends_on and group.ends_on < timezone.localdate():
        return False
    right = group_right(user, group)
    if right and right.runs_it:
        return True
    above = scope_of(user).groups.get(group.parent_id) if group.parent_id else None
    if above and above.may_read and above.runs_it:
        return True
    county_ids = scope_of(user).county_ids
    return group.kind_of.open_meetings and bool(county_ids) and any(c.pk in county_ids for c in group.counties.all())


def require_group_runner(user, group: Collaborative) -> None:
    """Stop somebody who may see the group but does not run it: 403."""
    if not can_run_group(user, group):
        raise PermissionDenied


def get_run_group_for(user, group_id: int) -> Collaborative:
    """The group for somebody who runs it; 403 for somebody who may see it alone, 404 for everybody else."""
    group = get_group_for(user, group_id)
    require_group_runner(user, group)
    return group


def get_seat_of(group: Collaborative, seat_id: int) -> Seat:
    seat = standing(group.seats.select_related("category")).filter(pk=seat_id).first()
    if seat is None:
        raise Http404
    return seat


def get_term_of(group: Collaborative, term_id: int) -> Term:
    terms = Term.objects.filter(seat__group=group).select_related("seat__category", "user")
    term = terms.filter(pk=term_id).first()
    if term is None:
        raise Http404
    return term


def get_office_of(group: Collaborative, office_id: int) -> Office:
    office = group.offices.filter(pk=office_id, ends_on=None).select_related("term__user").first()
    if office is None:
        raise Http404
    return office


def run_state_groups(user) -> QuerySet[Collaborative]:
    """Groups of the state that this person runs, under which they may found subcommittees."""
    rights = scope_of(user).groups.values()
    run = [right.group_id for right in rights if right.is_state and right.may_read and right.runs_it]
    return Collaborative.objects.live().filter(pk__in=run, parent=None).select_related("kind_of").order_by("name")


def can_found_groups(user) -> bool:
    """Coordinators found groups of their counties; those who run a group of the state, its subcommittees."""
    return bool(scope_of(user).county_ids) or run_state_groups(user).exists()


def require_founder(user) -> None:
    """The page to found a group is not there for anybody else: 404."""
    if not can_found_groups(user):
        raise Http404


def possible_successors(user, group: Collaborative) -> QuerySet[Collaborative]:
    """Groups that may follow this one, as far as this person sees them."""
    groups = running(visible_groups(user)).filter(kind_of__level=group.kind_of.level, parent=None).exclude(pk=group.pk)
    if group.kind_of.level == GroupLevel.STATE:
        return groups
    shared = County.objects.filter(collaboratives=OuterRef("pk"), pk__in=group.counties.all())
    return groups.filter(Exists(shared))


def visible_group_revisions(user, group: Collaborative) -> QuerySet[Revision]:
    """How the group's own row came to be as it is, newest first; for those who may see the group."""
    revisions = Revision.objects.filter(kind=group.kind, group_id=group.pk, item_id=group.pk)
    return revisions if visible_groups(user).filter(pk=group.pk).exists() else revisions.none()


# --- Meetings of groups, minutes, recommendations --------------------------------------------------------------------
def open_groups() -> QuerySet[Collaborative]:
    """Groups whose meetings are open by law: anybody may read their notices, signed in or not."""
    return Collaborative.objects.live().filter(kind_of__open_meetings=True)


def visible_group_meetings(user) -> QuerySet[GroupMeeting]:
    """Meetings of the groups that this person may see: their notice and agenda."""
    return GroupMeeting.objects.live().filter(group__in=visible_groups(user))


def open_group_meetings() -> QuerySet[GroupMeeting]:
    """Meetings that the public may know of and come to."""
    return GroupMeeting.objects.live().filter(group__in=open_groups())


def own_group_meetings(user) -> QuerySet[GroupMeeting]:
    """Meetings of the groups in which this person sits; of a closed one only for those who signed its statement."""
    return GroupMeeting.objects.live().filter(group_id__in=scope_of(user).group_ids, group__ended_at=None)


def open_meetings_in(county_ids: Iterable[int]) -> QuerySet[GroupMeeting]:
    """Meetings of the open groups of these counties: anybody may come."""
    served = Collaborative.counties.through.objects.filter(county_id__in=county_ids).values("collaborative_id")
    return open_group_meetings().filter(group__in=served)


def get_calendar_meeting_for(user, meeting_id: int) -> GroupMeeting:
    """A group's meeting that this person may see, whichever group's; or 404."""
    meeting = visible_group_meetings(user).filter(pk=meeting_id).first()
    if meeting is None:
        raise Http404
    return meeting


def get_group_meeting_for(user, group_id: int, meeting_id: int) -> GroupMeeting:
    """The meeting with its group, or the same 404 whether it is hidden, absent or another group's."""
    meetings = visible_group_meetings(user).select_related("group__kind_of", "group__parent")
    meeting = meetings.filter(group_id=group_id, pk=meeting_id).first()
    if meeting is None:
        raise Http404
    return meeting


def _seen_inside(user) -> Q:
    """Groups of whose work this person sees the drafts: those in which they sit, and those that they run.

    What `is_group_member` and `can_run_group` say of one group, as a filter; it also holds for a group that is over.
    """
    scope = scope_of(user)
    run = [right.group_id for right in scope.groups.values() if right.may_read and right.runs_it]
    served = Collaborative.counties.through.objects.filter(county_id__in=scope.county_ids).values("collaborative_id")
    return Q(pk__in=scope.group_ids) | Q(parent_id__in=run) | Q(kind_of__open_meetings=True, pk__in=served)


def sees_inside(user, group: Collaborative) -> bool:
    """Whether this person reads what the group has not approved yet, and who was there."""
    return visible_groups(user).filter(_seen_inside(user), pk=group.pk).exists()


def visible_minutes(user) -> QuerySet[GroupMeeting]:
    """Meetings whose minutes this person may read: approved ones, and drafts of the groups whose work they see.

    A closed group is there for its members who signed alone, approved or not.
    """
    inside = visible_groups(user).filter(_seen_inside(user))
    return visible_group_meetings(user).filter(Q(minutes_approved_at__isnull=False) | Q(group__in=inside))


def can_read_minutes(user, meeting: GroupMeeting) -> bool:
    return visible_minutes(user).filter(pk=meeting.pk).exists()


def require_minutes(user, meeting: GroupMeeting) -> None:
    """The minutes are not there for somebody who may not read them yet: the same 404 as if nobody had written any."""
    if not can_read_minutes(user, meeting):
        raise Http404


def can_add_to_agenda(user, group: Collaborative) -> bool:
    """Any member, and those who run the group. Families bring what stands in their way as a barrier."""
    return is_group_member(user, group) or can_run_group(user, group)


def require_agenda_writer(user, group: Collaborative) -> None:
    if not can_add_to_agenda(user, group):
        raise PermissionDenied


def get_agenda_item_for(user, group_id: int, meeting_id: int, item_id: int) -> AgendaItem:
    """An item of the agenda of a meeting that this person may see, or 404."""
    return _part_of_meeting(AgendaItem, user, group_id, meeting_id, item_id)


def get_group_decision_for(user, group_id: int, meeting_id: int, decision_id: int) -> GroupDecision:
    """A decision in minutes that this person may read, or 404."""
    decision = _part_of_meeting(GroupDecision, user, group_id, meeting_id, decision_id)
    require_minutes(user, decision.meeting)
    return decision


def _part_of_meeting(model, user, group_id: int, meeting_id: int, pk: int):
    meeting = get_group_meeting_for(user, group_id, meeting_id)
    row = model.objects.live().filter(meeting=meeting, pk=pk).first()
    if row is None:
        raise Http404
    row.meeting = meeting
    return row


def can_approve_minutes(user, group: Collaborative) -> bool:
    """Somebody who chairs the group today, by a term that holds today."""
    if not is_group_member(user, group):
        return False
    terms = Term.objects.live().filter(user=user, seat__group=group)
    return Office.objects.live().filter(group=group, kind__in=CHAIRING, term__in=terms).exists()


def require_minutes_approver(user, group: Collaborative) -> None:
    if not can_approve_minutes(user, group):
        raise PermissionDenied


def terms_on(group: Collaborative, day: dt.date) -> QuerySet[Term]:
    """Who sits in the group on that day, in the order of the seats."""
    return Term.objects.live(day).filter(seat__group=group).select_related("seat__category").order_by("seat__number")


def own_terms_on(user, group: Collaborative, day: dt.date) -> QuerySet[Term]:
    """This person's own seats in the group on that day."""
    return terms_on(group, day).filter(user=user)


def office_holders(group: Collaborative) -> QuerySet[Office]:
    """Who chairs the group and keeps its minutes today. In an open group everybody may know."""
    terms = Term.objects.live().filter(seat__group=group)
    return Office.objects.live().filter(group=group, term__in=terms).select_related("term").order_by("kind", "pk")


def readers_of_group(group: Collaborative) -> QuerySet:
    """Accounts of those who sit in the group today; in a closed one, only of those who signed its statement."""
    terms = Term.objects.live().filter(seat__group=group, user__is_active=True)
    if group.kind_of.is_closed:
        terms = terms.filter(user__in=Statement.objects.filter(group=group, ended_at=None).values("user_id"))
    return get_user_model().objects.filter(pk__in=terms.values("user_id")).order_by("pk")


def runners_of_group(group: Collaborative) -> QuerySet:
    """Accounts of those who chair the group or keep its minutes, and read it."""
    return readers_of_group(group).filter(pk__in=office_holders(group).filter(kind__in=RUNNING).values("term__user_id"))


def visible_recommendations(user) -> QuerySet[Recommendation]:
    """What the groups that this person may see recommend, and what came back."""
    return Recommendation.objects.live().filter(group__in=visible_groups(user))


def open_recommendations() -> QuerySet[Recommendation]:
    """Recommendations of open groups, for anybody."""
    return Recommendation.objects.live().filter(group__in=open_groups())


def state_recommendations(user) -> QuerySet[Recommendation]:
    """Those of the state's groups, and those that county groups sent to one of them."""
    of_state = Q(group__kind_of__level=GroupLevel.STATE) | Q(to_group__kind_of__level=GroupLevel.STATE)
    return visible_recommendations(user).filter(of_state)


def get_recommendation_for(user, group_id: int, recommendation_id: int) -> Recommendation:
    """The recommendation with both groups, or the same 404 whether it is hidden, absent or another group's."""
    rows = visible_recommendations(user).select_related("group__kind_of", "group__parent", "to_group__kind_of")
    row = rows.filter(group_id=group_id, pk=recommendation_id).first()
    if row is None:
        raise Http404
    return row


def groups_to_recommend_to(user, group: Collaborative) -> QuerySet[Collaborative]:
    """Whom a group may address in the portal: other open groups. A closed group's words go to none of them."""
    groups = open_groups().exclude(pk=group.pk) if group.kind_of.open_meetings else Collaborative.objects.none()
    return groups.filter(pk__in=visible_groups(user)).order_by("name", "pk")


def can_answer_recommendation(user, row: Recommendation) -> bool:
    """Those who run the addressed group; where somebody outside is asked, those who asked note what came in."""
    return can_run_group(user, row.to_group or row.group)


def require_recommendation_answerer(user, row: Recommendation) -> None:
    if not can_answer_recommendation(user, row):
        raise PermissionDenied


def get_open_group(group_id: int) -> Collaborative:
    """A group for everybody; a closed one's number is the same 404 as one that nobody has."""
    group = open_groups().select_related("kind_of", "parent").filter(pk=group_id).first()
    if group is None:
        raise Http404
    return group


def get_open_meeting(meeting_id: int) -> GroupMeeting:
    """A meeting for everybody; a closed group's is the same 404 as one that nobody called."""
    meeting = open_group_meetings().select_related("group__kind_of").filter(pk=meeting_id).first()
    if meeting is None:
        raise Http404
    return meeting


# --- Barriers --------------------------------------------------------------------------------------------------------
def _open_county_groups(user) -> set[int]:
    """Open groups of counties in which this person has a seat today. Closed ones work on cases, not on barriers."""
    rights = scope_of(user).groups.values()
    return {right.group_id for right in rights if not right.is_closed and not right.is_state}


def has_barriers(user) -> bool:
    """Whether there is a list of barriers for this person: by a seat in an open group, or as coordinator."""
    scope = scope_of(user)
    return bool(scope.county_ids or scope.is_state_member or _open_county_groups(user))


def visible_barriers(user) -> QuerySet[Barrier]:
    """Barriers of the counties that one serves; for members of the state's group those that were passed on to it."""
    scope = scope_of(user)
    served = Collaborative.counties.through.objects.filter(collaborative_id__in=_open_county_groups(user))
    wanted = Q(county_id__in=scope.county_ids) | Q(county_id__in=served.values("county_id"))
    if scope.is_state_member:
        passed_on = BarrierMove.objects.filter(barrier_id=OuterRef("pk"), to_status=BarrierStatus.PASSED_ON)
        wanted |= Q(Exists(passed_on))
    return Barrier.objects.live().filter(wanted)


def get_barrier_for(user, barrier_id: int) -> Barrier:
    """The barrier with its county and who has it, or the same 404 whether it is hidden or absent."""
    barriers = visible_barriers(user).select_related("county", "group", "group__kind_of", "updated_by")
    barrier = barriers.filter(pk=barrier_id).first()
    if barrier is None:
        raise Http404
    return barrier


def visible_barrier_moves(user, barrier: Barrier) -> QuerySet[BarrierMove]:
    """Where a barrier that this person may see has been, first move first."""
    moves = BarrierMove.objects.filter(barrier__in=visible_barriers(user).filter(pk=barrier.pk))
    return moves.select_related("group", "by").order_by("at", "pk")


def barrier_recommendations(barrier: Barrier) -> QuerySet[Recommendation]:
    """What open groups recommended because of a barrier, newest first; a closed group's work stays with it."""
    rows = Recommendation.objects.live().filter(barrier=barrier, group__kind_of__open_meetings=True)
    return rows.select_related("group").order_by("-sent_on", "pk")


def open_groups_of(county: County) -> QuerySet[Collaborative]:
    """The groups of a county that take up barriers: open ones, meeting today."""
    groups = running(open_groups()).filter(counties=county, kind_of__level=GroupLevel.COUNTY)
    return groups.order_by("name", "pk")


def state_group() -> Collaborative | None:
    """The State Collaborative itself, to which barriers are passed on."""
    groups = Collaborative.objects.live().filter(kind_of__level=GroupLevel.STATE, parent=None)
    return groups.select_related("kind_of").order_by("pk").first()


def _runs_for(user, group: Collaborative, county_id: int) -> bool:
    """As `can_run_group`, for an open group and one of its counties, without a query."""
    rights = scope_of(user).groups
    seats = (rights.get(group.pk), rights.get(group.parent_id or 0))
    of_county = group.kind_of.level == GroupLevel.COUNTY and county_id in scope_of(user).county_ids
    return of_county or any(right and right.may_read and right.runs_it for right in seats)


def groups_to_take_up(user, barrier: Barrier) -> list[Collaborative]:
    """The groups of the barrier's county that this person runs."""
    groups = open_groups_of(barrier.county).select_related("kind_of")
    return [group for group in groups if _runs_for(user, group, barrier.county_id)]


def has_barrier(user, barrier: Barrier) -> bool:
    """Whether this person runs the group that has the barrier now, and so may pass it on, give it back or answer."""
    return barrier.group is not None and _runs_for(user, barrier.group, barrier.county_id)


def require_barrier_mover(user, barrier: Barrier) -> None:
    """Stop somebody who may see the barrier but runs none of the groups that work on it: 403."""
    runs_state = any(right.is_state and right.runs_it for right in scope_of(user).groups.values())
    if not (has_barrier(user, barrier) or runs_state or groups_to_take_up(user, barrier)):
        raise PermissionDenied


def barrier_runners(groups: QuerySet[Collaborative]) -> list:
    """Everybody with an account who runs one of these groups by an office today."""
    live = Office.objects.live().filter(group__in=groups.values("pk"), kind__in=RUNNING, term__user__is_active=True)
    terms = Term.objects.live().filter(pk__in=live.values("term_id")).select_related("user")
    return list({term.user_id: term.user for term in terms.order_by("pk")}.values())


# --- Rules -----------------------------------------------------------------------------------------------------------
def visible_rules(user) -> QuerySet[TimelineRule]:
    """How many days things may take, the newest first: public policy, for everybody who is signed in."""
    rules = TimelineRule.objects.order_by("-starts_on", "-pk")
    return rules if user.is_authenticated else rules.none()


def can_set_rules(user) -> bool:
    """Those who chair the State Collaborative itself or keep its minutes."""
    group = state_group()
    right = group_right(user, group) if group else None
    return right is not None and right.runs_it


def get_rule_kind_for(user, kind: str) -> DeadlineKind:
    """A kind of rule, for somebody who sets rules: 404 for one that there is not, 403 for everybody else."""
    if kind not in DeadlineKind.values:
        raise Http404
    if not can_set_rules(user):
        raise PermissionDenied
    return DeadlineKind(kind)


# --- Numbers ---------------------------------------------------------------------------------------------------------


def visible_number_counties(user) -> QuerySet[County]:
    """Counties whose published numbers this person may read: all of them, for everybody who is signed in.

    What is published picks nobody out (`soc_portal.measures.suppression`), and families are to see how it goes.
    """
    return County.objects.all() if user.is_authenticated else County.objects.none()


def get_number_county_for(user, fips: str) -> County:
    """A county for the page of its numbers; 404 for a number that no county has."""
    return get_object_or_404(visible_number_counties(user), fips=fips)
