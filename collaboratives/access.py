"""Who may see what of counties, organizations, groups, barriers and numbers."""

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from collaboratives.enums import RUNNING, BarrierStatus, CountyRoleKind, GroupLevel
from collaboratives.models import Barrier, BarrierMove, Collaborative, County, CountyRole, Office, Recommendation, Term
from soc_portal.access.scope import GroupRight, scope_of


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


# --- Groups and their seats ------------------------------------------------------------------------------------------
def visible_groups(user) -> QuerySet[Collaborative]:
    """Open groups, for everybody who is signed in; a closed one for its members who signed its statement alone."""
    groups = Collaborative.objects.live()
    if not user.is_authenticated:
        return groups.none()
    return groups.filter(Q(kind_of__open_meetings=True) | Q(pk__in=scope_of(user).group_ids))


def get_group_for(user, group_id: int) -> Collaborative:
    """The group with its kind, or the same 404 whether it is hidden or absent."""
    group = visible_groups(user).select_related("kind_of", "parent").filter(pk=group_id).first()
    if group is None:
        raise Http404
    return group


def get_group_to_sign_for(user, group_id: int) -> Collaborative:
    """A closed group in which this person has a seat, before or after they signed; 404 for everybody else."""
    right = scope_of(user).groups.get(group_id)
    if right is None or not right.is_closed:
        raise Http404
    return Collaborative.objects.live().select_related("kind_of").get(pk=group_id)


def group_right(user, group: Collaborative) -> GroupRight | None:
    """What this person may do in the group by a live term; None for somebody who holds no seat in it."""
    right = scope_of(user).groups.get(group.pk)
    return right if right and right.may_read else None


def is_group_member(user, group: Collaborative) -> bool:
    return group_right(user, group) is not None


def can_run_group(user, group: Collaborative) -> bool:
    """Chairs and those who keep the minutes run a group; so does the coordinator of one of its counties an open one.

    A subcommittee is run by its own people and by those who run the group above it.
    """
    right = group_right(user, group)
    if right and right.runs_it:
        return True
    above = scope_of(user).groups.get(group.parent_id) if group.parent_id else None
    if above and above.may_read and above.runs_it:
        return True
    return group.kind_of.open_meetings and group.counties.filter(pk__in=scope_of(user).county_ids).exists()


def require_group_runner(user, group: Collaborative) -> None:
    """Stop somebody who may see the group but does not run it: 403."""
    if not can_run_group(user, group):
        raise PermissionDenied


# --- Meetings of groups, minutes, recommendations --------------------------------------------------------------------


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
    today = timezone.localdate()
    groups = Collaborative.objects.live().filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)
    return groups.filter(counties=county, kind_of__open_meetings=True, kind_of__level=GroupLevel.COUNTY).order_by(
        "name", "pk"
    )


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


# --- Numbers ---------------------------------------------------------------------------------------------------------
