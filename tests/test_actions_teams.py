"""What happens when a family chooses, shares and lets go: rules, refusals and what is kept."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from collaboratives.enums import DeadlineKind
from collaboratives.models import County, StaffPosition, TimelineRule
from families.enums import FamilyRole
from families.models import Person
from soc_portal.audit.models import Event
from soc_portal.celery import BEAT
from soc_portal.notices.models import Notice
from teams.actions import consents, deadlines, grants, invitations, memberships
from teams.enums import EndReason, MemberKind, Source
from teams.models import Consent, Deadline, Invitation, Membership, Team, WriteOnlyThroughActions
from teams.tasks import end_memberships
from tests.world import make_county, make_rules, make_user

pytestmark = pytest.mark.django_db


def refused(code):
    return pytest.raises(ValidationError, check=lambda error: error.code == code)


def live_sections(membership):
    return set(Consent.objects.live().filter(membership=membership).values_list("section", flat=True))


def propose(world, **values):
    values = {
        "team": world.team,
        "by": world.users.facilitator,
        "name": "Ada Moore",
        "kind": MemberKind.NATURAL,
    } | values
    return memberships.propose_member(**values)


# --- Asking for a team ----------------------------------------------------------------------------------------------
def test_a_caregiver_who_asks_has_a_family_a_home_a_team_and_dates():
    make_rules()
    county = make_county("Wake", "37183")
    kim = make_user("kim", "Kim Chavis", language="es")
    team = memberships.ask_for_team(
        by=kim, family_name="Chavis family", county=county, caregiver_name="Kim Chavis", relationship="Mom",
        children=[("Ana Chavis", dt.date(2012, 5, 1)), ("Ben Chavis", None)],
    )  # fmt: skip
    family = team.family
    assert (family.name, family.county, team.source) == ("Chavis family", county, Source.FAMILY)
    people = {person.name: person for person in family.people.all()}
    assert people["Kim Chavis"].is_caregiver and people["Kim Chavis"].language == "es"
    assert people["Ana Chavis"].role == FamilyRole.YOUNG_PERSON and people["Ben Chavis"].born_on is None
    assert set(family.households.get().people.all()) == set(people.values())
    assert {child.name for child in team.children.all()} == {"Ana Chavis", "Ben Chavis"}
    assert {member.name: member.stage for member in team.memberships.all()} == dict.fromkeys(people, "live")
    due = {deadline.kind: deadline.due_on - team.opened_on for deadline in team.deadlines.all()}
    assert due == {"first_meeting": dt.timedelta(days=30), "first_plan": dt.timedelta(days=30)}


def test_a_team_is_for_somebody():
    with refused("no_child"):
        memberships.ask_for_team(
            by=make_user("kim", "Kim"), family_name="F", county=County(), caregiver_name="Kim", relationship="",
            children=[],
        )  # fmt: skip


def test_one_family_has_several_teams_over_the_years(world):
    second = memberships.open_team(
        family=world.family,
        children=[world.mateo],
        caregiver=world.rosa,
        source=Source.SCHOOL,
        by=world.users.caregiver,
    )
    assert set(world.family.teams.all()) == {world.team, second}
    assert second.title == "Mateo's Child and Family Team"


# --- Coming ----------------------------------------------------------------------------------------------------
def test_somebody_is_proposed_chosen_accepts_and_takes_part(world):
    ada = make_user("ada", "Ada Moore")
    member = propose(world, user=ada)
    assert (member.stage, member.seat_kind) == ("proposed", "open")
    memberships.choose_member(membership=member, by=world.users.caregiver)
    assert member.stage == "chosen" and live_sections(member) == {"plan", "records"}
    memberships.accept_place(membership=member, by=ada)
    member.refresh_from_db()
    assert (member.stage, member.seat_kind, member.accepted_by) == ("live", "community", ada)
    verbs = Event.objects.filter(object_kind="teams.membership", object_id=member.pk).order_by("pk")
    assert [event.verb for event in verbs] == [
        "member_proposed",
        "consent_given",
        "member_chosen",
        "member_accepted",
    ]


def test_choosing_and_accepting_twice_changes_nothing(world):
    member = propose(world)
    rosa = world.users.caregiver
    memberships.choose_member(membership=member, by=rosa)
    first = member.chosen_at
    memberships.choose_member(membership=member, by=world.users.other_household)
    assert (member.chosen_at, member.chosen_by) == (first, rosa)
    memberships.accept_place(membership=member, by=rosa)
    accepted = member.accepted_at
    memberships.accept_place(membership=member, by=world.users.other_household)
    assert (member.accepted_at, member.accepted_by) == (accepted, rosa)


def test_a_family_may_share_for_a_shorter_time_when_it_chooses(world):
    member = propose(world)
    until = timezone.localdate() + dt.timedelta(days=10)
    memberships.choose_member(membership=member, by=world.users.caregiver, until=until)
    assert set(member.consents.values_list("until", flat=True)) == {until}


def test_a_caregiver_who_joins_sees_by_right_and_needs_no_consent(world):
    aunt = Person.objects.create(family=world.family, name="Inez Ruiz", role=FamilyRole.CAREGIVER)
    member = propose(world, name="Inez Ruiz", kind=MemberKind.FAMILY, person=aunt)
    memberships.choose_member(membership=member, by=world.users.caregiver)
    assert live_sections(member) == set()


def test_a_youth_s_pick_is_marked(world):
    member = propose(world)
    memberships.choose_member(membership=member, by=world.users.youth, as_youth=True)
    assert member.picked_by_youth and member.chosen_by == world.users.youth


@pytest.mark.parametrize("same", ["user", "person", "name", "proposed"])
def test_nobody_is_named_twice(world, same):
    values = {
        "user": {"user": world.users.dss_worker},
        "person": {"person": world.luis},
        "name": {"name": " denise whitfield "},
        "proposed": {"name": "Ray Tillman"},
    }[same]
    with refused("twice"):
        propose(world, **values)


def test_somebody_who_left_can_be_named_again(world):
    again = propose(world, name="Gail Norris", user=world.users.former_member)
    assert again.stage == "proposed"


def test_an_unchosen_person_cannot_accept_and_nobody_starts_before_the_team(world):
    member = propose(world)
    with refused("not_chosen"):
        memberships.accept_place(membership=member, by=world.users.caregiver)
    memberships.choose_member(membership=member, by=world.users.caregiver)
    with refused("too_early"):
        memberships.accept_place(
            membership=member, by=world.users.caregiver, starts_on=world.team.opened_on - dt.timedelta(days=1)
        )
    later = timezone.localdate() + dt.timedelta(days=3)
    memberships.accept_place(membership=member, by=world.users.caregiver, starts_on=later)
    assert member.stage == "later"


def test_an_ended_place_cannot_be_accepted(world):
    member = propose(world)
    memberships.choose_member(membership=member, by=world.users.caregiver)
    memberships.end_membership(membership=member, by=world.users.caregiver, reason=EndReason.FAMILY)
    with refused("not_chosen"):
        memberships.accept_place(membership=member, by=world.users.caregiver)


# --- Facilitator ----------------------------------------------------------------------------------------------------
def test_a_team_has_one_facilitator(world):
    with refused("second_facilitator"):
        memberships.make_facilitator(membership=world.members["provider"], by=world.users.caregiver)
    memberships.end_facilitator(membership=world.members["facilitator"], by=world.users.caregiver)
    memberships.make_facilitator(membership=world.members["provider"], by=world.users.caregiver)
    assert Membership.objects.get(team=world.team, is_facilitator=True).user == world.users.provider


def test_the_facilitator_is_neutral_and_chosen(world):
    rosa = world.users.caregiver
    memberships.end_facilitator(membership=world.members["facilitator"], by=rosa)
    with refused("caseworker"):
        memberships.make_facilitator(membership=world.members["dss_worker"], by=rosa)
    position = StaffPosition.objects.get(user=world.users.dss_worker)
    position.supervisor = world.users.facilitator
    position.save()
    with refused("supervisor"):
        memberships.make_facilitator(membership=world.members["facilitator"], by=rosa)
    with refused("not_chosen"):
        memberships.make_facilitator(membership=propose(world), by=rosa)
    lee = propose(world, name="Mrs. Lee")
    memberships.choose_member(membership=lee, by=rosa)
    memberships.make_facilitator(membership=lee, by=rosa)
    assert lee.is_facilitator


def test_the_database_itself_refuses_a_second_facilitator_and_a_caseworker_as_one(world):
    row = Membership.written_by_actions.filter(pk=world.members["provider"].pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(is_facilitator=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.written_by_actions.filter(pk=world.members["dss_worker"].pk).update(is_facilitator=True)


# --- Going ----------------------------------------------------------------------------------------------------
def test_leaving_ends_consents_and_invitations_and_tells_who_and_why(world):
    rosa = world.users.caregiver
    member = world.members["dss_worker"]
    memberships.end_membership(membership=member, by=rosa, reason=EndReason.FAMILY)
    member.refresh_from_db()
    assert (member.stage, member.ended_by, member.end_reason) == ("ended", rosa, "family")
    assert live_sections(member) == set()
    assert set(member.consents.values_list("ended_by", flat=True)) == {rosa.pk}
    assert Notice.objects.filter(kind="member_ended", user=world.users.dss_worker).count() == 1
    ended_at = member.ended_at
    memberships.end_membership(membership=member, by=world.users.other_household, reason=EndReason.LEFT)
    assert member.ended_at == ended_at


def test_nobody_is_told_of_their_own_leaving(world):
    denise = world.users.dss_worker
    memberships.end_membership(membership=world.members["dss_worker"], by=denise, reason=EndReason.LEFT)
    assert not Notice.objects.filter(kind="member_ended", user=denise).exists()


def test_the_last_caregiver_stays(world):
    rosa, luis = world.members["caregiver"], world.members["other_household"]
    memberships.end_membership(membership=luis, by=world.users.other_household, reason=EndReason.LEFT)
    with refused("last_caregiver"):
        memberships.end_membership(membership=rosa, by=world.users.caregiver, reason=EndReason.LEFT)


def test_a_caregiver_who_never_accepted_can_be_taken_off(world):
    aunt = Person.objects.create(family=world.family, name="Inez Ruiz", role=FamilyRole.CAREGIVER)
    member = propose(world, name="Inez Ruiz", kind=MemberKind.FAMILY, person=aunt)
    memberships.end_membership(membership=member, by=world.users.caregiver, reason=EndReason.NOT_CHOSEN)
    assert member.end_reason == "not_chosen"


def test_a_membership_ends_when_every_yes_has_run_out(world):
    now = timezone.now()
    assert memberships.end_run_out_memberships(now=now) == 1
    kim = world.members["expired_consent"]
    kim.refresh_from_db()
    assert (kim.end_reason, kim.ended_by) == ("consent", world.users.caregiver)
    assert memberships.end_run_out_memberships(now=now) == 0


def test_the_nightly_task_ends_what_has_run_out(world):
    assert end_memberships.delay().get() == 1
    assert end_memberships() == 0
    assert BEAT["end-memberships"]["task"] == end_memberships.name


def test_a_yes_that_was_taken_back_does_not_end_a_membership(world):
    consents.stop_sharing(
        membership=world.members["facilitator"], sections=["plan", "records"], by=world.users.caregiver
    )
    memberships.end_run_out_memberships(now=timezone.now())
    assert Membership.objects.get(pk=world.members["facilitator"].pk).stage == "live"


def test_a_member_with_whom_nothing_was_ever_shared_stays(world):
    Consent.written_by_actions.filter(membership=world.members["facilitator"]).delete()
    memberships.end_run_out_memberships(now=timezone.now())
    assert Membership.objects.get(pk=world.members["facilitator"].pk).stage == "live"


def test_when_a_team_ends_everybody_but_the_family_steps_back(world):
    memberships.end_team(team=world.team, by=world.users.caregiver)
    stages = {member.name: member.stage for member in Membership.objects.filter(team=world.team)}
    assert {name for name, stage in stages.items() if stage == "live"} == {
        "Rosa Delgado",
        "Mateo Delgado",
        "Luis Delgado",
    }
    assert not Deadline.objects.open().filter(team=world.team).exists()
    assert not world.team.is_live


# --- Consent ----------------------------------------------------------------------------------------------------
def test_a_new_yes_replaces_an_old_one_and_both_are_kept(world):
    member, rosa = world.members["dss_worker"], world.users.caregiver
    until = timezone.localdate() + dt.timedelta(days=30)
    consents.share_sections(membership=member, sections=["plan"], until=until, by=rosa)
    rows = member.consents.filter(section="plan").order_by("pk")
    assert [row.ended_at is None for row in rows] == [False, True]
    consents.share_sections(membership=member, sections=["plan"], until=until, by=rosa)
    assert member.consents.filter(section="plan").count() == 2


def test_sharing_exactly_these_sections(world):
    member, rosa = world.members["dss_worker"], world.users.caregiver
    consents.set_sharing(membership=member, sections=["records", "school"], until=None, by=rosa)
    assert live_sections(member) == {"records", "school"}
    consents.set_sharing(membership=member, sections=[], until=None, by=rosa)
    assert live_sections(member) == set()
    events = Event.objects.filter(verb="consent_ended", object_id=member.pk).count()
    consents.stop_sharing(membership=member, sections=["school"], by=rosa)
    assert Event.objects.filter(verb="consent_ended", object_id=member.pk).count() == events


@pytest.mark.parametrize(("days", "code"), [(-1, "past"), (0, None), (365, None), (366, "too_long")])
def test_a_consent_ends_today_at_the_earliest_and_in_a_year_at_the_latest(world, days, code):
    until = timezone.localdate() + dt.timedelta(days=days)
    values = {"membership": world.members["dss_worker"], "sections": ["school"], "by": world.users.caregiver}
    if code:
        with refused(code):
            consents.share_sections(until=until, **values)
    else:
        consents.share_sections(until=until, **values)
        assert "school" in live_sections(world.members["dss_worker"])


def test_nothing_is_shared_with_somebody_who_left(world):
    gone = Membership.objects.get(pk=world.members["former_member"].pk)
    with refused("ended"):
        consents.share_sections(membership=gone, sections=["plan"], until=None, by=world.users.caregiver)


def test_a_page_opened_before_somebody_left_shares_nothing_with_them(world):
    stale = Membership.objects.get(pk=world.members["dss_worker"].pk)
    memberships.end_membership(membership=world.members["dss_worker"], by=world.users.caregiver, reason=EndReason.LEFT)
    with refused("ended"):
        consents.share_sections(membership=stale, sections=["school"], until=None, by=world.users.caregiver)
    assert live_sections(stale) == set()


@pytest.mark.parametrize("model", [Membership, Consent])
def test_memberships_and_consents_are_written_by_actions_alone(world, model):
    row = model.objects.first()
    for write in (
        row.save,
        row.delete,
        lambda: model.objects.create(),
        lambda: model.objects.update(ended_at=None),
        lambda: model.objects.filter(pk=row.pk).delete(),
        lambda: model.objects.bulk_create([]),
        lambda: world.team.memberships.create(),
    ):
        with pytest.raises(WriteOnlyThroughActions):
            write()


# --- Grants ----------------------------------------------------------------------------------------------------
def test_a_grant_is_short_reasoned_and_for_somebody_who_is_not_on_the_team(world):
    soon = timezone.now() + dt.timedelta(days=1)
    values = {
        "team": world.team, "user": world.users.jcpc_chair, "sections": ["plan", "plan"], "reason": "Covers for Denise",
        "until": soon, "by": world.users.caregiver,
    }  # fmt: skip
    for code, change in [
        ("until", {"until": timezone.now() - dt.timedelta(seconds=1)}),
        ("until", {"until": timezone.now() + dt.timedelta(days=32)}),
        ("reason", {"reason": "  "}),
        ("member", {"user": world.users.dss_worker}),
    ]:
        with refused(code):
            grants.give_grant(**values | change)
    first = grants.give_grant(**values)
    assert first.sections == ["plan"]
    second = grants.give_grant(**values)
    first.refresh_from_db()
    assert first.ended_at and not second.ended_at
    grants.end_grant(grant=second, by=world.users.caregiver)
    grants.end_grant(grant=second, by=world.users.caregiver)
    assert Event.objects.filter(verb="grant_ended").count() == 1


# --- Invitations ----------------------------------------------------------------------------------------------------
@pytest.fixture
def lee(world):
    """A chosen neighbor without an account."""
    member = propose(world, name="Mrs. Lee")
    return memberships.choose_member(membership=member, by=world.users.caregiver)


def test_a_printed_code_has_no_letter_that_is_mixed_up_and_is_kept_as_a_hash(world, lee):
    row, code = invitations.invite_on_paper(membership=lee, by=world.users.caregiver)
    letters = code.replace("-", "")
    assert len(letters) == 10 and set(letters) <= set(invitations.CODE_LETTERS)
    assert letters not in row.code_hash and row.code_hash == invitations.hash_of_code(code.lower())


def test_a_newer_invitation_ends_the_older_one(world, lee):
    first = invitations.invite_by_email(membership=lee, address="Lee@Example.org", by=world.users.caregiver)
    assert first.address == "lee@example.org"
    invitations.invite_on_paper(membership=lee, by=world.users.caregiver)
    first.refresh_from_db()
    assert first.ended_at


def test_only_chosen_people_without_an_account_are_invited(world):
    rosa = world.users.caregiver
    with refused("not_chosen"):
        invitations.invite_on_paper(membership=propose(world), by=rosa)
    with refused("has_account"):
        invitations.invite_on_paper(membership=world.members["dss_worker"], by=rosa)


def test_a_signed_link_is_ours_alone(world, lee):
    row = invitations.invite_by_email(membership=lee, address="lee@example.org", by=world.users.caregiver)
    assert Invitation.read_token(row.token) == (row.pk, row.nonce)
    assert Invitation.read_token(row.token + "x") is None
    assert Invitation.read_token("") is None


def test_an_invitation_is_taken_once(world, lee):
    row, _code = invitations.invite_on_paper(membership=lee, by=world.users.caregiver)
    user = make_user("lee", "Mrs. Lee")
    member = invitations.take_invitation(invitation=row, user=user)
    assert Membership.objects.get(pk=lee.pk).user == user == member.user
    with refused("used"):
        invitations.take_invitation(invitation=row, user=make_user("thief", "Thief"))


def test_an_invitation_is_declined_once_and_not_after_it_was_taken(world, lee):
    row, _code = invitations.invite_on_paper(membership=lee, by=world.users.caregiver)
    invitations.take_invitation(invitation=row, user=make_user("lee", "Mrs. Lee"))
    with refused("used"):
        invitations.decline_invitation(invitation=row)
    assert Membership.objects.get(pk=lee.pk).ended_at is None


def test_an_account_that_is_somebody_of_the_family_already_is_nobody_else_of_it(world):
    person = Person.objects.create(family=world.family, name="Inez Ruiz")
    member = propose(world, name="Inez Ruiz", kind=MemberKind.FAMILY, person=person)
    memberships.choose_member(membership=member, by=world.users.caregiver)
    aunt = make_user("aunt", "Inez Ruiz")
    Person.objects.create(family=world.family, name="Tía Inez", user=aunt)
    row, _code = invitations.invite_on_paper(membership=member, by=world.users.caregiver)
    member = invitations.take_invitation(invitation=row, user=aunt)
    memberships.accept_place(membership=member, by=aunt)
    person.refresh_from_db()
    assert person.user is None


def test_an_invitation_ends_after_thirty_days(world, lee):
    row, _code = invitations.invite_on_paper(membership=lee, by=world.users.caregiver)
    with time_machine.travel(row.expires_at, tick=False), refused("used"):
        invitations.take_invitation(invitation=row, user=make_user("lee", "Mrs. Lee"))


def test_somebody_on_the_team_does_not_take_a_second_place(world, lee):
    row, _code = invitations.invite_on_paper(membership=lee, by=world.users.caregiver)
    with refused("twice"):
        invitations.take_invitation(invitation=row, user=world.users.facilitator)


def test_a_family_person_who_takes_an_invitation_is_that_person(world):
    person = Person.objects.create(family=world.family, name="Andres Delgado")
    member = propose(world, name="Andres Delgado", kind=MemberKind.FAMILY, person=person)
    memberships.choose_member(membership=member, by=world.users.caregiver)
    row, _code = invitations.invite_on_paper(membership=member, by=world.users.caregiver)
    andres = make_user("andres", "Andres Delgado")
    invitations.take_invitation(invitation=row, user=andres)
    person.refresh_from_db()
    assert person.user == andres


# --- Deadlines ----------------------------------------------------------------------------------------------------
def test_a_deadline_keeps_the_rule_of_its_time(world):
    old = Deadline.objects.get(team=world.team, kind=DeadlineKind.FIRST_MEETING)
    today = timezone.localdate()
    TimelineRule.objects.filter(kind=DeadlineKind.FIRST_MEETING).update(ends_on=today)
    TimelineRule.objects.create(
        kind=DeadlineKind.FIRST_MEETING, days=10, source="new law", starts_on=today + dt.timedelta(days=1)
    )
    old.refresh_from_db()
    assert old.due_on == world.team.opened_on + dt.timedelta(days=30)
    later = deadlines.set_deadline(
        world.other_team, DeadlineKind.FIRST_MEETING, counted_from=today + dt.timedelta(days=1)
    )
    later.refresh_from_db()
    assert (later.rule.days, later.due_on) == (10, today + dt.timedelta(days=11))


def test_without_a_rule_nothing_is_due():
    team = Team(pk=1)
    assert deadlines.set_deadline(team, DeadlineKind.NEXT_MEETING, counted_from=timezone.localdate()) is None


def test_a_meeting_meets_what_was_due_and_sets_the_next(world):
    on = timezone.localdate()
    deadlines.meeting_was_held(world.team, on=on)
    deadlines.meeting_was_held(world.team, on=on + dt.timedelta(days=20))
    rows = {(row.kind, row.met_on, row.due_on) for row in world.team.deadlines.exclude(kind="first_plan")}
    first_due = world.team.opened_on + dt.timedelta(days=30)
    assert rows == {
        ("first_meeting", on, first_due),
        ("next_meeting", on + dt.timedelta(days=20), on + dt.timedelta(days=45)),
        ("next_meeting", None, on + dt.timedelta(days=65)),
    }
