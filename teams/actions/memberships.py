"""How somebody comes to a team and leaves it. The only writer of memberships."""

import datetime as dt

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaboratives.models import County, Organization, StaffPosition
from families.access import knows_every_home_of
from families.enums import DEFAULT_SECTIONS, FamilyRole
from families.models import Family, Household, Person
from soc_portal.access.scope import forget_scope
from soc_portal.access.wall import whole_state
from soc_portal.audit.actions import record
from soc_portal.versions.actions import add_row
from teams import access, emails
from teams.actions.consents import end_consents, share_sections
from teams.actions.copies import recount_copies
from teams.actions.deadlines import open_first_deadlines
from teams.actions.meetings import invite_to_next_meetings
from teams.actions.room import refuse_without_room
from teams.enums import EndReason, MemberKind, Source
from teams.models import Membership, Team

#: The same wish for a team twice within this time is one form sent twice.
SENT_TWICE = dt.timedelta(minutes=1)


def _write(membership: Membership, **values) -> Membership:
    for name, value in values.items():
        setattr(membership, name, value)
    Membership.written_by_actions.filter(pk=membership.pk).update(**values)
    return membership


def _write_once(membership: Membership, unset: str, **values) -> bool:
    """Write `values` where `unset` is empty and the place has not ended; False when somebody else was faster."""
    waiting = Membership.written_by_actions.filter(pk=membership.pk, **{"ended_at": None, unset: None})
    if not waiting.update(**values):
        return False
    for name, value in values.items():
        setattr(membership, name, value)
    return True


def _add(**values) -> Membership:
    membership = Membership(**values)
    Membership.written_by_actions.bulk_create([membership])
    return membership


# --- Teams ---------------------------------------------------------------------------------------------------------
@transaction.atomic
@whole_state("nobody is on the team of a new family yet")
def ask_for_team(
    *,
    by,
    family_name: str,
    county: County,
    caregiver_name: str,
    relationship: str,
    children: list[tuple[str, dt.date | None]],
) -> Team:
    """A caregiver asks for a team for their own family: makes the family, a home, its people and the team.

    `children` are (name, birthday or None) pairs, at least one; else `ValidationError`. A form sent twice gets the
    team that the first one made.
    """
    if not children:
        raise ValidationError(_("Write the name of at least one child or youth."), code="no_child")
    get_user_model().objects.select_for_update(of=("self",)).get(pk=by.pk)  # the second of two forms waits here
    if same := _asked_just_now(by, family_name):
        return same
    family = add_row(Family(name=family_name, county=county), by=by, family_id=None)
    home = add_row(Household(family=family, name=_("Our home")), by=by, family_id=family.pk)
    caregiver = Person(
        family=family, user=by, name=caregiver_name, role=FamilyRole.CAREGIVER, relationship=relationship,
        language=by.language,
    )  # fmt: skip
    people = [caregiver] + [
        Person(family=family, name=name, role=FamilyRole.YOUNG_PERSON, born_on=born_on) for name, born_on in children
    ]
    for person in people:
        add_row(person, by=by, family_id=family.pk)
        person.households.add(home)
    return open_team(family=family, children=people[1:], caregiver=caregiver, source=Source.FAMILY, by=by)


def _asked_just_now(by, family_name: str) -> Team | None:
    since = timezone.now() - SENT_TWICE
    asked = Team.objects.live().filter(opened_by=by, source=Source.FAMILY, family__name=family_name)
    return asked.filter(family__created_by=by, family__created_at__gt=since).order_by("pk").first()


@transaction.atomic
@whole_state("a child's other team may be one that this caregiver is not on")
def ask_for_another_team(*, by, family: Family, children: list[Person]) -> Team:
    """A caregiver asks for one more team for the same family. A child or youth is on one live team at a time.

    A form sent twice gets the team that the first one made.
    """
    if not children:
        raise ValidationError(_("Choose at least one child or youth."), code="no_child")
    caregiver = Person.objects.live().get(family=family, user=by, role=FamilyRole.CAREGIVER)
    Family.objects.select_for_update(of=("self",)).get(pk=family.pk)  # the second of two forms waits here
    if now_on := Team.objects.live().filter(children__in=children).order_by("pk").first():
        asked_today = now_on.opened_by_id == by.pk and now_on.opened_on == timezone.localdate()
        if asked_today and set(now_on.children.all()) == set(children):
            return now_on
        raise ValidationError(_("This child has a team now: %(team)s."), code="has_team", params={"team": now_on.title})
    return open_team(family=family, children=children, caregiver=caregiver, source=Source.FAMILY, by=by)


@transaction.atomic
@whole_state("nobody is on a new team yet")
def open_team(
    *, family: Family, children: list[Person], caregiver: Person, source: str, by, on: dt.date | None = None
) -> Team:
    """Open a team for children of one family, with one caregiver and the children on it from the first day."""
    on = on or timezone.localdate()
    team = Team.objects.create(family=family, source=source, opened_on=on, opened_by=by)
    team.children.set(children)
    for person in [caregiver, *children]:
        _join_family_person(team, person, by=by, on=on)
    open_first_deadlines(team)
    record("team_opened", by=by, family_id=family.pk, team_id=team.pk, thing=team)
    forget_scope(by)
    return team


def _join_family_person(team: Team, person: Person, *, by, on: dt.date) -> Membership:
    now = timezone.now()
    return _add(
        team=team, person=person, user=person.user, name=person.name, kind=MemberKind.FAMILY,
        role_words=person.relationship, proposed_by=by, proposed_at=now, chosen_by=by, chosen_at=now,
        accepted_by=by, accepted_at=now, starts_on=on,
    )  # fmt: skip


@transaction.atomic
def end_team(*, team: Team, by) -> None:
    """Close a team: everybody but the family steps back; the family keeps its whole record. All of them are told.

    People close one on the way that `teams.actions.ending` leads.
    """
    Team.objects.filter(pk=team.pk, ended_at=None).update(ended_at=timezone.now(), ended_by=by)
    team.refresh_from_db()
    emails.team_closed(team, by)
    for membership in Membership.objects.not_ended().filter(team=team).select_related("person", "team", "user"):
        if not _is_by_right(membership):
            _end(membership, by=by, reason=EndReason.TEAM_ENDED)
    team.deadlines.open().update(ended_at=timezone.now())
    record("team_ended", by=by, family_id=team.family_id, team_id=team.pk, thing=team)


def _is_by_right(membership: Membership) -> bool:
    person = membership.person
    if membership.kind != MemberKind.FAMILY or person is None:
        return False
    return person.is_caregiver or membership.team.children.filter(pk=person.pk).exists()


# --- Coming ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def propose_member(
    *,
    team: Team,
    by,
    name: str,
    kind: str,
    role_words: str = "",
    organization: Organization | None = None,
    user=None,
    person: Person | None = None,
    address: str = "",
    is_caseworker: bool = False,
) -> Membership:
    """Anybody on the team names somebody for it; the family chooses. `ValidationError` if they are on it already.

    Where `address` is that of an account, its owner will find the invitation when they sign in. Whoever typed the
    address is never told whether there is one.
    """
    user = user or (person.user if person else None)
    _refuse_second_place(team, user=user, person=person, name=name)
    membership = _add(
        team=team, user=user or _account_at(address, team), person=person, name=name, kind=kind,
        role_words=role_words, organization=organization, address=address.lower(), is_caseworker=is_caseworker,
        proposed_by=by, proposed_at=timezone.now(),
    )  # fmt: skip
    record("member_proposed", by=by, family_id=team.family_id, team_id=team.pk, thing=membership)
    emails.member_proposed(membership, by)
    return membership


def _account_at(address: str, team: Team):
    """The account behind an address. None where it is on this team already: a refusal would tell whose it is."""
    user = get_user_model().objects.filter(email=address.lower(), is_active=True).first() if address else None
    if user is None or Membership.objects.not_ended().filter(team=team, user=user).exists():
        return None
    return user


def linked_by_address(membership: Membership) -> bool:
    """Whether the account was found by the address alone and has not answered: nobody on the team knows of it."""
    if membership.user is None or membership.accepted_at or not membership.address:
        return False
    known = membership.person is not None and membership.person.user_id is not None
    return not known and membership.user.email == membership.address


def forget_account(membership: Membership) -> None:
    """The family asks in another way: an account that was found by its address alone is let go, and nobody is told."""
    if linked_by_address(membership):
        _write(membership, user=None)


def _refuse_second_place(team: Team, *, user, person: Person | None, name: str) -> None:
    there = Membership.objects.not_ended().filter(team=team)
    same = there.filter(name__iexact=name.strip())
    if user is not None:
        same = same | there.filter(user=user)
    if person is not None:
        same = same | there.filter(person=person)
    first = same.first()
    if first is None:
        return
    if first.stage == "proposed":
        raise ValidationError(_("Somebody already named this person. The family can choose them now."), code="twice")
    raise ValidationError(_("This person is already on the team."), code="twice")


@transaction.atomic
def choose_member(*, membership: Membership, by, until: dt.date | None = None, as_youth: bool = False) -> Membership:
    """The family chooses somebody who was named: they see plan and meeting records, for a year or `until`.

    `as_youth` marks one of the people whom a youth of 14 or more picks. Choosing twice changes nothing.
    """
    chosen = {"chosen_at": timezone.now(), "chosen_by": by, "picked_by_youth": as_youth}
    if membership.chosen_at or not _write_once(membership, "chosen_at", **chosen):
        return membership
    if not _is_by_right(membership):
        share_sections(membership=membership, sections=DEFAULT_SECTIONS, until=until, by=by)
    record("member_chosen", by=by, family_id=membership.team.family_id, team_id=membership.team_id, thing=membership)
    if membership.user:
        emails.member_chosen(membership)
    return membership


@transaction.atomic
@whole_state("who takes their place is not on the team yet, and may come on a later day")
def accept_place(*, membership: Membership, by, starts_on: dt.date | None = None) -> Membership:
    """A chosen person says yes and takes part from a day; a caregiver notes it for somebody without an account."""
    if membership.ended_at or not membership.chosen_at:
        raise ValidationError(_("The family has to choose this person first."), code="not_chosen")
    if membership.accepted_at:
        return membership
    today = timezone.localdate()
    starts_on = starts_on or today
    if starts_on < membership.team.opened_on:
        raise ValidationError(_("This day is before the team began."), code="too_early")
    if membership.user_id != by.pk:
        forget_account(membership)
    _refuse_worker_of_facilitator(membership)
    refuse_without_room(membership)
    by_address = linked_by_address(membership)
    accepted = {"accepted_at": timezone.now(), "accepted_by": by, "starts_on": starts_on}
    if not _write_once(membership, "accepted_at", **accepted):
        return membership
    if by_address:
        own_person(membership, let_in_by=membership.chosen_by)
    invite_to_next_meetings(membership=membership)
    record("member_accepted", by=by, family_id=membership.team.family_id, team_id=membership.team_id, thing=membership)
    emails.member_accepted(membership, by)
    forget_scope(by)
    return membership


def _refuse_worker_of_facilitator(membership: Membership) -> None:
    """Whoever runs the meetings stays neutral: a caseworker whose boss runs them has to wait until that has changed."""
    if not membership.is_caseworker or membership.user_id is None:
        return
    bosses = StaffPosition.objects.live().filter(user_id=membership.user_id, supervisor__isnull=False)
    runs = Membership.objects.not_ended().filter(team=membership.team_id, is_facilitator=True)
    if runs.filter(user__in=bosses.values("supervisor_id")).exists():
        raise ValidationError(
            _("Your boss runs the meetings of this team. The family has to change that first."), code="supervisor"
        )


def own_person(membership: Membership, *, let_in_by) -> None:
    """A person of the family who takes their place with an account is that account from then on.

    Only where whoever named the account may see every home of that person: nobody learns where the other home is by
    naming their own second account for a child who lives in both.
    """
    person = membership.person
    if person is None or membership.user_id is None or person.user_id is not None:
        return
    if not knows_every_home_of(let_in_by, person):
        return
    if not Person.objects.live().filter(family_id=person.family_id, user_id=membership.user_id).exists():
        person.user_id = membership.user_id
        person.save(update_fields=["user"])


# --- Roles -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def make_facilitator(*, membership: Membership, by) -> Membership:
    """The family names who runs its meetings: one person, not the caseworker, not a caseworker's supervisor."""
    team = membership.team
    others = Membership.objects.not_ended().filter(team=team, is_facilitator=True).exclude(pk=membership.pk)
    if other := others.first():
        raise ValidationError(
            _("%(name)s already runs your meetings. A team has one facilitator. Change that first."),
            code="second_facilitator",
            params={"name": other.name},
        )
    if membership.is_caseworker:
        raise ValidationError(_("A caseworker cannot run the meetings. Choose somebody neutral."), code="caseworker")
    if membership.user_id and _supervises_caseworker(membership):
        raise ValidationError(
            _("The boss of a caseworker on your team cannot run the meetings. Choose somebody neutral."),
            code="supervisor",
        )
    if not membership.chosen_at:
        raise ValidationError(_("The family has to choose this person first."), code="not_chosen")
    _write(membership, is_facilitator=True)
    record("facilitator_named", by=by, family_id=team.family_id, team_id=team.pk, thing=membership)
    return membership


def _supervises_caseworker(membership: Membership) -> bool:
    caseworkers = Membership.objects.not_ended().filter(team=membership.team, is_caseworker=True, user__isnull=False)
    under = StaffPosition.objects.live().filter(supervisor_id=membership.user_id)
    return under.filter(user__in=caseworkers.values("user_id")).exists()


@transaction.atomic
def end_facilitator(*, membership: Membership, by) -> Membership:
    """Somebody no longer runs the meetings; they stay on the team."""
    _write(membership, is_facilitator=False)
    team = membership.team
    record("facilitator_ended", by=by, family_id=team.family_id, team_id=team.pk, thing=membership)
    return membership


# --- Going -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def end_membership(*, membership: Membership, by, reason: str) -> Membership:
    """Somebody is no longer on the team, from this moment. The last caregiver can't leave: the team is theirs."""
    if membership.ended_at:
        return membership
    if _is_last_caregiver(membership):
        raise ValidationError(_("A team needs one parent or caregiver. Add another one first."), code="last_caregiver")
    return _end(membership, by=by, reason=reason)


def _is_last_caregiver(membership: Membership) -> bool:
    if not (membership.kind == MemberKind.FAMILY and membership.person and membership.person.is_caregiver):
        return False
    others = Membership.objects.live().filter(team=membership.team, person__role=FamilyRole.CAREGIVER)
    return membership.accepted_at is not None and not others.exclude(pk=membership.pk).exists()


def _end(membership: Membership, *, by, reason: str) -> Membership:
    ended = {"ended_at": timezone.now(), "ended_by": by, "end_reason": reason, "is_facilitator": False}
    if not _write_once(membership, "ended_at", **ended):
        return membership
    end_consents(membership=membership, by=by)
    recount_copies(membership.team)
    membership.invitations.filter(used_at=None, ended_at=None).update(ended_at=timezone.now())
    team = membership.team
    record("member_ended", by=by, family_id=team.family_id, team_id=team.pk, thing=membership, reason=reason)
    if membership.user and membership.user_id != by.pk and reason != EndReason.TEAM_ENDED:
        emails.member_ended(membership)
    forget_scope(by)
    return membership


@transaction.atomic
@whole_state("the portal itself goes through the teams of all families")
def end_run_out_memberships(*, now: dt.datetime) -> int:
    """End memberships that the family shares nothing with any more, since every consent ran out. Returns how many.

    Ended in the name of whoever gave the last consent: it was they who set its end.
    """
    today = timezone.localdate(now)
    ended = 0
    for membership in access.without_any_right(today).select_related("team", "person", "user"):
        last = membership.consents.order_by("-until", "-pk").select_related("given_by").first()
        if last is not None and last.ended_at is None and last.until < today:
            _end(membership, by=last.given_by, reason=EndReason.CONSENT)
            ended += 1
    return ended
