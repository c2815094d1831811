"""Who may see what, by exact sets: every list is tested by equality, for every persona."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from collaboratives.access import has_worklist, visible_worklist_counties
from collaboratives.models import CountyRole
from families import access as families
from families.enums import ALL_SECTIONS, FamilyRole, Section
from families.models import HouseholdShare, Person, Strength
from soc_portal.access.grants import live_team_grants
from soc_portal.access.scope import NOBODY, forget_scope, scope_of
from soc_portal.audit.actions import record
from soc_portal.audit.enums import Look
from soc_portal.audit.models import Event
from teams import access
from teams.actions.consents import share_sections, stop_sharing
from teams.actions.grants import end_grant, give_grant
from teams.actions.items import add_item, change_item
from teams.actions.memberships import accept_place, choose_member, end_membership, end_team
from teams.enums import EndReason
from teams.models import (
    Consent,
    Decision,
    Goal,
    Help,
    Invitation,
    Meeting,
    Membership,
    Need,
    Note,
    Step,
    Team,
    Topic,
    WhatIf,
    Words,
)
from tests.world import PEOPLE

BASIC = {"plan", "records"}
#: The sections of the Delgado family that each persona reads.
SECTIONS = {
    "caregiver": ALL_SECTIONS,
    "other_household": ALL_SECTIONS,
    "youth": ALL_SECTIONS,
    "grandmother": BASIC,
    "family_partner": BASIC,
    "facilitator": BASIC,
    "dss_worker": BASIC,
    "court_counselor": BASIC | {"court"},
    "provider": {"records", "mental_health", "substance_use"},
}
OUTSIDE = set(PEOPLE) - set(SECTIONS)
BY_RIGHT = {"caregiver", "other_household", "youth"}
CAREGIVERS = {"caregiver", "other_household"}


def ids(queryset):
    return set(queryset.values_list("pk", flat=True))


def whoever(world, predicate):
    """The personas for whom the predicate holds; a 404 counts as no."""

    def holds(user):
        try:
            return predicate(user)
        except Http404:
            return False

    return {slug for slug, user in world.people.items() if holds(user)}


@pytest.mark.parametrize("slug", sorted(PEOPLE))
def test_scope_is_exactly_the_live_memberships_with_their_live_sections(world, slug):
    right = scope_of(world.people[slug]).teams.get(world.team.pk)
    assert (set(right.sections) if right else None) == (set(SECTIONS[slug]) if slug in SECTIONS else None)


@pytest.mark.parametrize("slug", sorted(PEOPLE))
def test_lists_of_every_kind_are_exact(world, slug):
    """Of all items of the team, a persona sees those whose section, and whose meeting's section, are shared."""
    user, sections = world.people[slug], SECTIONS.get(slug, set())
    for model in (Need, Goal, Step, Meeting, Topic, Note, Decision, WhatIf, Help, Words):
        wanted = {
            row.pk
            for row in model.objects.filter(team=world.team).live()
            if row.section in sections
            and (getattr(row, "meeting", None) is None or model is Step or row.meeting.section in sections)
        }
        seen = access.visible_items(user, model).filter(team=world.team)
        assert ids(seen) == wanted, model.__name__
    strengths = {row.pk for row in Strength.objects.filter(family=world.family) if row.section in sections}
    assert ids(access.visible_items(user, Strength).filter(family=world.family)) == strengths


def test_nothing_of_another_family_is_in_any_list(world):
    for slug in SECTIONS:
        user = world.people[slug]
        assert ids(access.visible_teams(user)) == {world.team.pk}
        assert ids(families.visible_families(user)) == {world.family.pk}
        for model in (Need, Goal, Step, Meeting, Topic, Note, Decision, WhatIf, Help, Words):
            assert set(access.visible_items(user, model).values_list("team_id", flat=True)) <= {world.team.pk}
    assert ids(access.visible_items(world.users.other_facilitator, Need)) == {world.other_need.pk}


def test_a_part_of_a_record_is_hidden_with_its_meeting(world):
    topic = add_item(
        team=world.team, by=world.users.caregiver,
        item=Topic(meeting=world.court_meeting, text="About school at court", section=Section.SCHOOL),
    )  # fmt: skip
    for slug, sections in [("facilitator", ["school"]), ("court_counselor", [])]:
        share_sections(membership=world.members[slug], sections=sections, until=None, by=world.users.caregiver)
        forget_scope(world.people[slug])
        assert topic.pk not in ids(access.visible_items(world.people[slug], Topic)), slug
    share_sections(
        membership=world.members["court_counselor"], sections=["school"], until=None, by=world.users.caregiver
    )
    forget_scope(world.users.court_counselor)
    assert topic.pk in ids(access.visible_items(world.users.court_counselor, Topic))


def test_what_is_taken_away_is_in_no_list(world):
    from teams.actions.items import end_item

    end_item(team=world.team, item=world.items["need"], by=world.users.caregiver)
    assert world.items["need"].pk not in ids(access.visible_items(world.users.caregiver, Need))
    assert world.items["step"].pk not in ids(access.visible_items(world.users.caregiver, Step))
    any_item = access.get_any_item_for(world.users.caregiver, world.team, "need", world.items["need"].pk)
    assert any_item.ended_at


def test_nobody_anonymous_or_closed_reaches_anything(world):
    assert scope_of(AnonymousUser()) is NOBODY
    rosa = world.users.caregiver
    rosa.is_active = False
    assert scope_of(rosa).teams == {}
    assert not Need.objects.filter(NOBODY.readable()).exists()


def test_the_scope_takes_three_queries_whatever_its_size(world, django_assert_num_queries):
    for user in (world.users.caregiver, world.users.coordinator, world.users.jcpc_chair):
        forget_scope(user)
        with django_assert_num_queries(3):
            scope_of(user)
        with django_assert_num_queries(0):
            scope_of(user)


def test_a_superuser_sees_no_family(world):
    root = world.users.superuser
    assert scope_of(root).teams == {} and not access.visible_teams(root).exists()


# --- The family's own -----------------------------------------------------------------------------------------------
def test_who_may_do_what_is_exact(world):
    team = world.team
    assert whoever(world, lambda user: access.can_view_team(user, team)) == set(SECTIONS)
    assert whoever(world, lambda user: access.right_on(user, team).by_right) == BY_RIGHT
    assert whoever(world, lambda user: access.can_choose_members(user, team)) == CAREGIVERS
    assert whoever(world, lambda user: access.can_share(user, team)) == CAREGIVERS
    assert whoever(world, lambda user: access.can_agree_for_family(user, team)) == CAREGIVERS
    assert whoever(world, lambda user: access.can_read_looks(user, team)) == BY_RIGHT
    assert whoever(world, lambda user: access.can_write_own_words(user, team)) == BY_RIGHT
    assert whoever(world, lambda user: access.can_read_plan(user, team)) == {
        slug for slug, sections in SECTIONS.items() if "plan" in sections
    }
    assert whoever(world, lambda user: access.youth_picks_left(user, team)) == {"youth"}
    assert whoever(world, lambda user: access.can_change_item(user, team, world.items["need"])) == set(SECTIONS)
    assert whoever(world, lambda user: access.can_change_item(user, team, world.items["words"])) == {"caregiver"}
    assert whoever(world, lambda user: access.can_view_meeting(user, world.court_meeting)) == {
        *BY_RIGHT,
        "court_counselor",
    }


@pytest.mark.parametrize(
    "require",
    ["require_chooser", "require_sharer", "require_agreer"],
)
def test_only_caregivers_pass_what_is_the_family_s_alone(world, require):
    function = getattr(access, require)
    for slug in SECTIONS:
        if slug in CAREGIVERS:
            assert function(world.people[slug], world.team) is None
        else:
            with pytest.raises(PermissionDenied):
                function(world.people[slug], world.team)
    for slug in OUTSIDE:
        with pytest.raises(Http404):
            function(world.people[slug], world.team)


def test_words_are_their_speaker_s_alone(world):
    words = world.items["words"]
    access.require_item_writer(world.users.caregiver, world.team, words)
    for slug in ("youth", "other_household", "facilitator"):
        with pytest.raises(PermissionDenied):
            access.require_item_writer(world.people[slug], world.team, words)


def test_a_grant_opens_its_sections_for_reading_until_it_ends(world):
    chair, rosa, team = world.users.jcpc_chair, world.users.caregiver, world.team
    until = timezone.now() + dt.timedelta(days=2)
    grant = give_grant(team=team, user=chair, sections=["records"], reason="Interpreter", until=until, by=rosa)
    forget_scope(chair)
    right = access.right_on(chair, team)
    assert (right.sections, right.may_write, right.by_right) == ({"records"}, False, False)
    assert ids(access.visible_items(chair, Note)) == {world.items["note"].pk}
    assert ids(access.visible_items(chair, Need)) == {world.items["need_records"].pk}
    for require in (access.require_writer, access.require_sharer, access.require_chooser):
        with pytest.raises(PermissionDenied):
            require(chair, team)
    with pytest.raises(PermissionDenied):
        access.get_written_team_for(chair, team.pk)
    assert not access.can_change_item(chair, team, world.items["note"])
    assert not families.may_write_on(chair, world.family)
    assert list(live_team_grants(chair, until - dt.timedelta(seconds=1)))
    assert not list(live_team_grants(chair, until))
    end_grant(grant=grant, by=rosa)
    forget_scope(chair)
    assert scope_of(chair).teams == {}


def test_a_member_keeps_a_member_s_right_beside_a_grant(world):
    """A grant from before somebody joined never takes a member's right to write."""
    marcus, rosa = world.users.coordinator, world.users.caregiver
    until = timezone.now() + dt.timedelta(days=2)
    give_grant(team=world.team, user=marcus, sections=["court"], reason="Covering", until=until, by=rosa)
    from tests.world import join

    join(world.team, marcus, kind="professional", caregiver=rosa)
    forget_scope(marcus)
    right = access.right_on(marcus, world.team)
    assert right.may_write and set(right.sections) == BASIC


# --- Effect on the next request -------------------------------------------------------------------------------------
def test_without_any_live_yes_a_membership_opens_nothing_at_all(world):
    denise = world.users.dss_worker
    stop_sharing(membership=world.members["dss_worker"], sections=BASIC, by=world.users.caregiver)
    forget_scope(denise)
    assert scope_of(denise).teams == {}
    assert not access.visible_memberships(denise).exists() and not families.visible_people(denise).exists()


def test_consent_works_from_and_until_the_next_request(world):
    denise, rosa = world.users.dss_worker, world.users.caregiver
    member = world.members["dss_worker"]
    share_sections(membership=member, sections=[Section.SCHOOL], until=None, by=rosa)
    forget_scope(denise)
    assert access.can_read_section(denise, world.team, Section.SCHOOL)
    stop_sharing(membership=member, sections=[Section.SCHOOL, Section.PLAN], by=rosa)
    forget_scope(denise)
    assert set(access.right_on(denise, world.team).sections) == {"records"}


@pytest.mark.parametrize(("days", "reads"), [(0, True), (1, False)])
def test_a_consent_holds_through_its_last_day(world, days, reads):
    denise = world.users.dss_worker
    today = timezone.localdate()
    Consent.written_by_actions.filter(membership=world.members["dss_worker"]).update(
        starts_on=today - dt.timedelta(days=30), until=today - dt.timedelta(days=days)
    )
    forget_scope(denise)
    assert (world.team.pk in scope_of(denise).teams) is reads


def test_a_membership_opens_nothing_before_its_first_day(world):
    Membership.written_by_actions.filter(pk=world.members["dss_worker"].pk).update(
        starts_on=timezone.localdate() + dt.timedelta(days=1)
    )
    forget_scope(world.users.dss_worker)
    assert scope_of(world.users.dss_worker).teams == {}


def test_chosen_is_not_yet_on_the_team(world):
    choose_member(membership=world.members["proposed"], by=world.users.caregiver)
    ray = world.users.proposed
    assert scope_of(ray).teams == {}
    assert ids(access.own_invitations(ray)) == {world.members["proposed"].pk}
    assert access.get_own_invitation_for(ray, world.members["proposed"].pk)
    accept_place(membership=world.members["proposed"], by=ray)
    assert set(scope_of(ray).teams) == {world.team.pk}
    assert not access.own_invitations(ray).exists()
    with pytest.raises(Http404):
        access.get_own_invitation_for(world.users.facilitator, world.members["proposed"].pk)


def test_a_caregiver_whose_place_in_the_family_ended_decides_nothing(world):
    Person.objects.filter(pk=world.luis.pk).update(ended_at=timezone.now(), ended_by=world.users.caregiver)
    luis = world.users.other_household
    forget_scope(luis)
    assert scope_of(luis).teams == {}


def test_a_brother_who_is_not_whom_the_team_is_for_has_no_right_of_his_own(world):
    from tests.world import join, make_user

    brother = make_user("brother", "Andres Delgado")
    person = Person.objects.create(
        family=world.family, name="Andres Delgado", user=brother, role=FamilyRole.YOUNG_PERSON
    )
    join(world.team, brother, kind="family", caregiver=world.users.caregiver, person=person)
    right = access.right_on(brother, world.team)
    assert not right.by_right and set(right.sections) == BASIC


def test_when_a_team_ends_the_family_keeps_its_record_and_nobody_writes(world):
    end_team(team=world.team, by=world.users.caregiver)
    for user in world.people.values():
        forget_scope(user)
    assert whoever(world, lambda user: access.can_view_team(user, world.team)) == BY_RIGHT
    team = access.get_team_for(world.users.caregiver, world.team.pk)
    with pytest.raises(PermissionDenied):
        access.require_writer(world.users.caregiver, team)
    assert not access.can_change_item(world.users.caregiver, team, world.items["need"])
    assert not access.can_choose_members(world.users.caregiver, team)
    assert access.youth_picks_left(world.users.youth, team) == 0


# --- Members and invitations ----------------------------------------------------------------------------------------
def test_everybody_on_the_team_sees_the_same_members_and_nobody_else_any(world):
    wanted = ids(Membership.objects.filter(team=world.team))
    for slug, user in world.people.items():
        seen = ids(access.visible_memberships(user).filter(team=world.team))
        assert seen == (wanted if slug in SECTIONS else set()), slug


def test_readers_are_those_whom_a_change_may_be_told_to(world):
    for section in Section.values:
        wanted = {world.people[slug].pk for slug, sections in SECTIONS.items() if section in sections}
        assert {member.user_id for member in access.readers(world.team, section)} == wanted, section


def test_caregivers_on_a_team_are_exact(world):
    assert access.caregivers_on(world.team) == [world.users.caregiver, world.users.other_household]


def test_members_without_any_right_are_those_whose_every_yes_ran_out(world):
    assert ids(access.without_any_right(timezone.localdate())) == {world.members["expired_consent"].pk}


def test_a_membership_of_another_team_or_an_ended_one_is_absent(world):
    rosa = world.users.caregiver
    assert access.get_membership_for(rosa, world.team, world.members["dss_worker"].pk)
    for slug in ("other_facilitator", "former_member"):
        with pytest.raises(Http404):
            access.get_membership_for(rosa, world.team, world.members[slug].pk)


def test_who_may_end_a_membership(world):
    member = access.get_membership_for(world.users.caregiver, world.team, world.members["dss_worker"].pk)
    assert whoever(world, lambda user: access.can_end_membership(user, member)) == {*CAREGIVERS, "dss_worker"}


def test_an_invitation_lets_somebody_in_once_in_time_and_only_while_the_place_waits(world):
    from teams.actions.invitations import hash_of_code, invite_on_paper, take_invitation
    from teams.actions.memberships import propose_member
    from tests.world import make_user

    rosa = world.users.caregiver
    member = propose_member(team=world.team, by=rosa, name="Mrs. Lee", kind="natural")
    choose_member(membership=member, by=rosa)
    row, code = invite_on_paper(membership=member, by=rosa)
    now = timezone.now()
    hashed = hash_of_code(f" {code.lower()} ")
    assert access.open_invitation(row.pk, row.nonce, now) == row
    assert access.open_invitation_by_code(hashed, now) == row
    assert access.open_invitation(row.pk, "x" * 32, now) is None
    assert access.open_invitation_by_code("", now) is None
    assert access.open_invitation_by_code(hash_of_code("WRONG"), now) is None
    assert access.open_invitation(row.pk, row.nonce, row.expires_at) is None
    assert access.open_invitation(row.pk, row.nonce, row.expires_at - dt.timedelta(seconds=1)) == row
    take_invitation(invitation=row, user=make_user("lee", "Mrs. Lee"))
    assert access.open_invitation(row.pk, row.nonce, now) is None
    other = propose_member(team=world.team, by=rosa, name="Pastor James", kind="natural")
    choose_member(membership=other, by=rosa)
    row, _code = invite_on_paper(membership=other, by=rosa)
    end_membership(membership=other, by=rosa, reason=EndReason.FAMILY)
    Invitation.objects.filter(pk=row.pk).update(ended_at=None)
    assert access.open_invitation(row.pk, row.nonce, now) is None


def test_youth_picks(world):
    mateo = world.users.youth
    assert access.youth_picks_left(mateo, world.team) == 2
    Membership.written_by_actions.filter(pk=world.members["proposed"].pk).update(
        picked_by_youth=True, chosen_at=timezone.now(), chosen_by=mateo
    )
    assert access.youth_picks_left(mateo, world.team) == 1
    today = timezone.localdate()
    Person.objects.filter(pk=world.mateo.pk).update(born_on=dt.date(today.year - 13, 1, 1))
    assert access.youth_picks_left(mateo, world.team) == 0
    Person.objects.filter(pk=world.mateo.pk).update(born_on=None)
    assert access.youth_picks_left(mateo, world.team) == 0
    assert access.youth_picks_left(world.users.facilitator, world.team) == 0


# --- Plan and record ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("getter", [access.get_item_for, access.get_any_item_for])
def test_an_item_is_found_under_its_own_team_and_kind_alone(world, getter):
    rosa, need = world.users.caregiver, world.items["need"]
    assert getter(rosa, world.team, "need", need.pk) == need
    assert getter(rosa, world.team, "strength", world.items["strength"].pk) == world.items["strength"]
    for kind, pk in [("goal", 999_999), ("nothing", need.pk), ("need", world.other_need.pk)]:
        with pytest.raises(Http404):
            getter(rosa, world.team, kind, pk)
    with pytest.raises(Http404):
        getter(world.users.facilitator, world.team, "need", world.items["need_court"].pk)


def test_history_follows_its_item_into_another_section(world):
    need, rosa, andrea = world.items["need"], world.users.caregiver, world.users.facilitator
    assert access.visible_revisions(andrea, world.team, need).count() == 1
    moved = change_item(team=world.team, item=need, by=rosa, base_version=1, values={"section": Section.HEALTH})
    assert access.visible_revisions(andrea, world.team, moved).count() == 0
    assert access.visible_revisions(rosa, world.team, moved).count() == 2
    kinds = set(access.visible_team_revisions(andrea, world.team).values_list("section", flat=True))
    assert kinds == BASIC
    goal = Goal.objects.get(pk=world.items["goal"].pk)
    step = Step.objects.get(pk=world.items["step"].pk)
    assert goal.section == step.section == Section.HEALTH


def test_a_frozen_plan_is_shown_without_the_parts_that_are_not_shared(world):
    from teams.actions.plans import agree_for_family, content_of, hash_of

    rosa, team = world.users.caregiver, world.team
    version = agree_for_family(team=team, by=rosa, seen_hash=hash_of(content_of(team)))
    for slug, sections in SECTIONS.items():
        content = access.readable_content(world.people[slug], team, version.content)
        assert {row["section"] for row in content["needs"]} == set(sections)
        plans = ids(access.visible_plan_versions(world.people[slug], team))
        assert plans == ({version.pk} if "plan" in sections else set())
        answers = ids(access.visible_answers(world.people[slug], team))
        assert answers == (ids(version.answers.all()) if "plan" in sections else set())
    assert access.get_plan_version_for(rosa, team, 1) == version
    with pytest.raises(Http404):
        access.get_plan_version_for(rosa, team, 2)
    assert access.readable_content(rosa, team, {"number": 3}) == {"number": 3}


def test_the_plan_is_absent_for_those_it_is_not_shared_with(world):
    assert access.get_plan_team_for(world.users.facilitator, world.team.pk) == world.team
    for slug in ("provider", *OUTSIDE):
        with pytest.raises(Http404):
            access.get_plan_team_for(world.people[slug], world.team.pk)


def test_writable_sections_are_the_readable_ones(world):
    for slug, sections in SECTIONS.items():
        assert set(access.writable_sections(world.people[slug], world.team)) == set(sections)


def test_meetings_and_guests_are_exact(world):
    for slug in PEOPLE:
        sections = SECTIONS.get(slug, set())
        user = world.people[slug]
        wanted = {m.pk for m in (world.meeting, world.court_meeting) if m.section in sections}
        assert ids(access.visible_meetings(user)) == wanted
        guests = ids(access.visible_guests(user, world.meeting))
        assert guests == (ids(world.meeting.guests.all()) if world.meeting.pk in wanted else set())
    assert access.own_guest(world.users.facilitator, world.meeting).membership.user == world.users.facilitator
    world.meeting.guests.filter(membership__user=world.users.facilitator).delete()
    with pytest.raises(PermissionDenied):
        access.get_own_guest_for(world.users.facilitator, world.meeting)
    assert access.get_own_guest_for(world.users.caregiver, world.meeting)
    with pytest.raises(Http404):
        access.get_meeting_for(world.users.facilitator, world.team, world.court_meeting.pk)


def test_own_open_steps_hold_no_step_of_a_hidden_section(world):
    assert ids(access.own_open_steps(world.users.grandmother)) == {world.items["step"].pk}
    assert ids(access.own_open_steps(world.users.court_counselor)) == {world.items["court_step"].pk}
    assert ids(access.own_open_steps(world.users.caregiver)) == set()
    Step.objects.filter(pk=world.items["step"].pk).update(status="done", done_on=timezone.localdate())
    assert ids(access.own_open_steps(world.users.grandmother)) == set()


# --- Who looked ----------------------------------------------------------------------------------------------------
def test_looks_are_those_of_others_at_this_family(world):
    for user in (world.users.facilitator, world.users.caregiver):
        record(Look.PLAN, by=user, family_id=world.family.pk, looked=True)
    record(Look.PLAN, by=world.users.facilitator, family_id=world.other_family.pk, looked=True)
    looks = access.visible_looks(world.users.caregiver, world.team)
    assert [(event.actor_id, event.family_id) for event in looks] == [(world.users.facilitator.pk, world.family.pk)]
    assert access.visible_looks(world.users.youth, world.team).count() == 2
    with pytest.raises(PermissionDenied):
        access.visible_looks(world.users.facilitator, world.team)
    assert Event.objects.filter(looked=False, verb="team_opened").count() == 2


# --- Counties ----------------------------------------------------------------------------------------------------
def test_a_county_role_shows_the_county_s_teams_and_deadlines_and_no_record(world):
    marcus = world.users.coordinator
    assert list(visible_worklist_counties(marcus)) == [world.alamance]
    assert ids(access.visible_worklist_teams(marcus)) == {world.team.pk}
    assert ids(access.visible_deadlines(marcus)) == ids(world.team.deadlines.all())
    assert not access.visible_teams(marcus).exists()
    assert whoever(world, has_worklist) == {"coordinator", "other_coordinator"}
    assert ids(access.visible_worklist_teams(world.users.other_coordinator)) == {world.other_team.pk}
    assert ids(access.visible_deadlines(world.users.facilitator)) == ids(world.team.deadlines.all())
    CountyRole.objects.filter(user=marcus).update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    forget_scope(marcus)
    assert not access.visible_worklist_teams(marcus).exists()
    assert not access.visible_deadlines(marcus).exists()
    assert Team.objects.count() == 2


# --- Families and homes ---------------------------------------------------------------------------------------------
def test_homes_are_open_to_those_who_live_there_and_those_whom_the_home_chose(world):
    wanted = {
        "caregiver": {world.home.pk},
        "youth": {world.home.pk, world.other_home.pk},
        "other_household": {world.other_home.pk},
        "grandmother": {world.home.pk},
        "other_caregiver": {world.other_family.households.get().pk},
    }
    for slug, user in world.people.items():
        assert ids(families.open_households(user)) == wanted.get(slug, set()), slug
    owned = {slug: ids(families.own_households(user)) for slug, user in world.people.items()}
    assert owned["grandmother"] == set() and owned["youth"] == wanted["youth"]


def test_who_writes_how_to_reach_somebody(world):
    wanted = {world.rosa: {"caregiver"}, world.luis: {"other_household"}}
    for person, people in wanted.items():
        assert whoever(world, lambda user, person=person: families.can_write_contact(user, person)) == people
    assert whoever(world, lambda user: families.can_write_contact(user, world.mateo)) == BY_RIGHT


def test_a_share_of_a_home_ends_with_its_day_or_its_holder_s_place(world):
    carmen = world.users.grandmother
    share = HouseholdShare.objects.get(household=world.home, user=carmen)
    HouseholdShare.objects.filter(pk=share.pk).update(until=timezone.localdate() - dt.timedelta(days=1))
    assert not families.open_households(carmen).exists()
    HouseholdShare.objects.filter(pk=share.pk).update(until=timezone.localdate())
    assert families.open_households(carmen).exists()
    end_membership(membership=world.members["grandmother"], by=world.users.caregiver, reason=EndReason.LEFT)
    forget_scope(carmen)
    assert not families.open_households(carmen).exists()


def test_homes_and_people_are_found_or_absent_or_forbidden(world):
    rosa, carmen = world.users.caregiver, world.users.grandmother
    assert families.get_own_household_for(rosa, world.family, world.home.pk) == world.home
    with pytest.raises(PermissionDenied):
        families.get_own_household_for(carmen, world.family, world.home.pk)
    for user, household in [(rosa, world.other_home), (world.users.facilitator, world.home)]:
        with pytest.raises(Http404):
            families.get_open_household_for(user, world.family, household.pk)
    assert families.get_person_for(carmen, world.family, world.luis.pk) == world.luis
    with pytest.raises(Http404):
        families.get_person_for(rosa, world.family, 999_999)
    assert families.get_family_for(carmen, world.family.pk) == world.family
    with pytest.raises(Http404):
        families.get_family_for(world.users.other_caregiver, world.family.pk)


def test_family_rights_are_exact(world):
    family = world.family
    assert whoever(world, lambda user: families.is_own_family(user, family)) == BY_RIGHT
    assert whoever(world, lambda user: families.is_caregiver_of(user, family)) == CAREGIVERS
    assert whoever(world, lambda user: families.may_write_on(user, family)) == set(SECTIONS)
    assert whoever(world, lambda user: families.can_read_what_matters(user, family)) == {
        slug for slug, sections in SECTIONS.items() if "plan" in sections
    }
    for require, allowed in [
        (families.require_own_family, BY_RIGHT),
        (families.require_caregiver, CAREGIVERS),
        (families.require_writer, set(SECTIONS)),
    ]:
        for slug, user in world.people.items():
            if slug in allowed:
                require(user, family)
            else:
                with pytest.raises(PermissionDenied):
                    require(user, family)
