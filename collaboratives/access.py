"""Who may see what of counties, organizations, groups, barriers and numbers."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from collaboratives.enums import CountyRoleKind
from collaboratives.models import Collaborative, County, CountyRole
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


# --- Numbers ---------------------------------------------------------------------------------------------------------
