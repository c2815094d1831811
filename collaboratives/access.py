"""Who may see what of counties, organizations, groups, barriers and numbers."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from collaboratives.enums import CountyRoleKind, GroupLevel
from collaboratives.models import Collaborative, County, CountyRole, Office, Seat, Statement, Term
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


def open_groups() -> QuerySet[Collaborative]:
    """Groups whose seats and numbers are open to everybody."""
    return Collaborative.objects.live().filter(kind_of__open_meetings=True)


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


def groups_to_sign(user) -> QuerySet[Collaborative]:
    """Closed groups in which this person has a seat and has not signed: all they see of each is its name."""
    rights = scope_of(user).groups.values()
    return Collaborative.objects.filter(pk__in=[right.group_id for right in rights if not right.may_read])


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


# --- Barriers --------------------------------------------------------------------------------------------------------


# --- Numbers ---------------------------------------------------------------------------------------------------------
