"""Family Partners: who holds which title, who reads what, for how many families there is room."""

import itertools

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from collaboratives.models import County
from families import access
from families.actions import add_partner, change_partner, end_naming, name_partner, unlist_partner
from families.enums import FIRSTHAND_TITLES, FamilyRole, NamingEnd, PartnerStatus, PartnerTitle
from families.models import FamilyPartner, PartnerNaming, Person
from families.views.partners import partner_home_facts
from soc_portal.access.scope import forget_scope
from soc_portal.audit.models import Event
from soc_portal.notices.models import Notice
from soc_portal.versions.actions import Conflict
from soc_portal.versions.models import Revision
from teams.actions.memberships import accept_place, choose_member, end_membership, propose_member
from teams.actions.partners import ask_partner
from teams.enums import EndReason, MemberKind
from teams.models import Membership
from tests.parts.partners import listed, profile
from tests.world import join, make_county, make_user

pytestmark = pytest.mark.django_db


def everybody(world):
    return {user.pk: user for user in world.people.values()}


def without_partner(world):
    """The Delgados as a family that has nobody to walk with it yet."""
    end_membership(membership=world.members["family_partner"], by=world.users.caregiver, reason=EndReason.FAMILY)


def ask(world, partner=None, team=None, by=None):
    return ask_partner(team=team or world.team, partner=partner or world.other_partner, by=by or world.users.caregiver)


# --- The titles ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("title", "statement"), list(itertools.product(PartnerTitle.values, ["", "I lived it."])))
def test_two_titles_are_for_people_with_firsthand_experience_alone(world, title, statement):
    """In the action, and in the database for whoever goes around it."""
    user = make_user("new", "Nia New")
    name_partner(county=world.alamance, address=user.email, by=world.users.coordinator)
    values = profile(title=title, other_title="Guide" if title == "other" else "", firsthand=statement)
    refused = title in FIRSTHAND_TITLES and not statement
    if not refused:
        partner = add_partner(by=user, values=values)
        assert (partner.firsthand_at is not None) == bool(statement)
        return
    with pytest.raises(ValidationError, match="been through it"):
        add_partner(by=user, values=values)
    with pytest.raises(IntegrityError, match="firsthand_experience"), transaction.atomic():
        FamilyPartner.objects.create(user=user, title=title)


def test_a_statement_without_a_day_is_none(world):
    user = make_user("new", "Nia New")
    with pytest.raises(IntegrityError), transaction.atomic():
        FamilyPartner.objects.create(user=user, title="family_partner", firsthand="I lived it.")


def test_another_title_has_a_name(world):
    user = make_user("new", "Nia New")
    with pytest.raises(ValidationError, match="Write the title"):
        add_partner(by=user, values=profile(title="other", other_title=""))
    with pytest.raises(IntegrityError, match="another_title"), transaction.atomic():
        FamilyPartner.objects.create(user=user, title="other")


def test_the_day_of_the_statement_follows_its_text(world):
    user, partner = world.users.family_partner, world.partner
    said = partner.firsthand_at
    same = profile(counties=[world.alamance])
    partner = change_partner(partner=partner, by=user, base_version=partner.version, values=same | {"say": "Hello."})
    assert FamilyPartner.objects.get(pk=partner.pk).firsthand_at == said
    partner = change_partner(
        partner=partner, by=user, base_version=partner.version, values=same | {"firsthand": "And a daughter."}
    )
    assert FamilyPartner.objects.get(pk=partner.pk).firsthand_at > said
    values = same | {"title": PartnerTitle.ADVOCATE, "firsthand": ""}
    partner = change_partner(partner=partner, by=user, base_version=partner.version, values=values)
    assert FamilyPartner.objects.get(pk=partner.pk).firsthand_at is None


@pytest.mark.parametrize("first", ["statement", "title"])
def test_a_title_and_its_statement_are_never_merged_from_two_windows(world, first):
    """One takes the statement away, the other takes the title that needs it: each fits alone, both together don't."""
    user = world.users.other_partner
    start = profile(title="family_advocate", firsthand="I lived it.", counties=[world.durham])
    partner = change_partner(
        partner=world.other_partner, by=user, base_version=world.other_partner.version, values=start
    )
    windows = {"statement": start | {"firsthand": ""}, "title": start | {"title": "family_partner"}}
    version = partner.version
    change_partner(partner=partner, by=user, base_version=version, values=windows.pop(first))
    ((_name, values),) = windows.items()
    with pytest.raises(Conflict) as conflict:
        change_partner(partner=partner, by=user, base_version=version, values=values)
    assert set(conflict.value.fields) == {"firsthand", "title"}


# --- Who is listed, and who reads what -------------------------------------------------------------------------------
def test_everybody_reads_the_profiles_that_a_county_lists_and_their_own(world):
    three = {world.partner, world.other_partner, world.resting}
    for user in everybody(world).values():
        assert set(access.visible_partners(user)) == three
    unlist_partner(
        partner=world.other_partner, county=world.durham, by=world.users.other_coordinator, reason=NamingEnd.MOVED
    )
    for slug in ("caregiver", "other_coordinator", "superuser"):
        assert set(access.visible_partners(world.people[slug])) == three - {world.other_partner}
    assert set(access.visible_partners(world.users.other_partner)) == three
    world.users.family_partner.is_active = False
    world.users.family_partner.save()
    assert set(access.visible_partners(world.users.caregiver)) == {world.resting}


def test_a_coordinator_keeps_the_list_of_their_own_county(world):
    here = {slug: set(access.county_partners(user)) for slug, user in world.people.items()}
    assert here.pop("coordinator") == {world.partner, world.resting}
    assert here.pop("other_coordinator") == {world.other_partner}
    assert set().union(*here.values()) == set()
    waiting = {slug: set(access.open_namings(user)) for slug, user in world.people.items()}
    assert waiting.pop("coordinator") == {world.naming}
    assert set().union(*waiting.values()) == set()


def test_a_statement_is_read_by_its_owner_and_the_coordinators_of_the_counties_that_list_them(world):
    both = listed(world, make_user("both", "Bo Both"), counties=[world.alamance, world.durham])
    readers = {}
    for partner in (world.partner, world.other_partner, both):
        found = access.get_partner_for(world.users.caregiver, partner.pk)
        readers[partner.pk] = {slug for slug, user in world.people.items() if access.can_read_firsthand(user, found)}
    assert readers == {
        world.partner.pk: {"family_partner", "coordinator"},
        world.other_partner.pk: {"other_partner", "other_coordinator"},
        both.pk: {"coordinator", "other_coordinator"},
    }


def test_only_who_was_named_may_write_and_only_for_the_counties_that_named_them(world):
    u = world.users
    assert access.counties_to_list(u.jcpc_parent, None) == [world.alamance]
    assert access.counties_to_list(u.receiver, None) == []  # the naming was taken back
    assert access.counties_to_list(u.family_partner, world.partner) == [world.alamance]
    u.family_partner.email = "another@test.example"  # a new address keeps the county
    u.family_partner.save()
    assert access.counties_to_list(u.family_partner, world.partner) == [world.alamance]
    stranger = make_user("stranger", "Una Strange")
    stranger.email = "family-partner@test.example"  # and the old one opens it to nobody else
    assert access.counties_to_list(stranger, None) == []


def test_naming_tells_nobody_whether_there_is_an_account_and_names_nobody(world):
    before = Notice.objects.count()
    known = name_partner(county=world.alamance, address="Grandmother@test.example", by=world.users.coordinator)
    unknown = name_partner(county=world.alamance, address="nobody@test.example", by=world.users.coordinator)
    first, second = Notice.objects.order_by("pk")[before:]
    assert (first.user, first.address) == (world.users.grandmother, "")
    assert (second.user, second.address) == (None, "nobody@test.example")
    assert (known.partner, unknown.partner, known.address) == (None, None, "grandmother@test.example")
    assert first.path == second.path == "/family-partners/mine/"
    assert first.facts == second.facts == {}
    with pytest.raises(ValidationError, match="already"):
        name_partner(county=world.alamance, address="NOBODY@test.example", by=world.users.coordinator)


def test_a_naming_that_was_used_is_not_taken_back_but_unlisted(world):
    naming = PartnerNaming.objects.get(partner=world.partner)
    end_naming(naming=naming, by=world.users.coordinator)
    naming.refresh_from_db()
    assert naming.ended_at is None
    unlist_partner(partner=world.partner, county=world.alamance, by=world.users.coordinator, reason=NamingEnd.OWN_WISH)
    naming.refresh_from_db()
    assert (naming.end_reason, naming.ended_by) == (NamingEnd.OWN_WISH, world.users.coordinator)
    partner = FamilyPartner.objects.get(pk=world.partner.pk)
    assert (partner.ended_at, list(partner.counties.all())) == (None, [])
    assert Notice.objects.filter(kind="partner_unlisted", user=world.users.family_partner).count() == 1
    assert Event.objects.filter(verb="partner_unlisted", family_id=None).get().facts == {
        "county": "37001", "reason": "own_wish"
    }  # fmt: skip
    name_partner(county=world.alamance, address=world.users.family_partner.email, by=world.users.coordinator)
    assert access.counties_to_list(world.users.family_partner, partner) == [world.alamance]


def test_a_form_sent_twice_makes_one_profile_and_two_different_ones_meet(world):
    user, values = world.users.jcpc_parent, profile(counties=[world.alamance])
    first = add_partner(by=user, values=dict(values))
    assert add_partner(by=user, values=dict(values)).pk == first.pk
    with pytest.raises(Conflict) as conflict:
        add_partner(by=user, values=values | {"say": "Something else."})
    assert conflict.value.fields == ["say"]


def test_every_state_of_a_profile_is_kept_outside_of_any_family(world):
    change_partner(
        partner=world.partner, by=world.users.family_partner, base_version=1,
        values=profile(languages=["en", "es"], counties=[world.alamance]),
    )  # fmt: skip
    kept = Revision.objects.filter(kind="families.familypartner", item_id=world.partner.pk).order_by("version")
    assert [(row.version, row.state["languages"], row.family_id, row.group_id) for row in kept] == [
        (1, ["en"], None, None), (2, ["en", "es"], None, None),
    ]  # fmt: skip


# --- A family asks ---------------------------------------------------------------------------------------------------
def test_the_family_chooses_the_partner_answers_and_each_of_them_can_end_it(world):
    without_partner(world)
    member = ask(world)
    assert (member.stage, member.kind, member.user) == ("chosen", "family_partner", world.users.other_partner)
    assert Notice.objects.filter(kind="member_chosen", user=world.users.other_partner).count() == 1
    accept_place(membership=member, by=world.users.other_partner)
    assert member.stage == "live"
    assert access.visible_families(world.users.other_partner).get() == world.family
    end_membership(membership=member, by=world.users.other_partner, reason=EndReason.LEFT)
    assert not access.visible_families(world.users.other_partner).exists()


def test_beside_the_name_stands_the_title_of_the_profile(world):
    """A Family Advocate is never shown as a Family Partner."""
    without_partner(world)
    with override("es"):  # where the title is explained
        assert ask(world).role_words == "Family Advocate"
    other = listed(
        world, make_user("guide", "Gil Guide"), counties=[world.durham], title="other", other_title="Bridge guide"
    )
    assert ask(world, other, world.other_team, world.users.other_caregiver).role_words == "Bridge guide"


def test_a_family_has_one_family_partner_for_a_team(world):
    with pytest.raises(ValidationError, match=r"^\['Tonya Barnes walks with you now\. To change"):
        ask(world)
    without_partner(world)
    ask(world)
    another = listed(world, make_user("another", "Abe Another"), counties=[world.alamance])
    with pytest.raises(ValidationError, match=r"^\['You have asked Ana Bright\."):
        ask(world, another)
    with pytest.raises(ValidationError, match="You have asked Ana"):
        ask(world)


@pytest.mark.parametrize("status", [PartnerStatus.PAUSING, PartnerStatus.TRAINING])
def test_nobody_asks_who_is_not_with_families_now(world, status):
    without_partner(world)
    FamilyPartner.objects.filter(pk=world.other_partner.pk).update(status=status)
    with pytest.raises(ValidationError, match="right now"):
        ask(world)


def test_nobody_asks_who_is_of_the_own_family_or_on_the_team_or_not_listed(world):
    without_partner(world)
    Person.objects.create(
        family=world.family, user=world.users.other_partner, name="Aunt Ana", role=FamilyRole.RELATIVE
    )
    with pytest.raises(ValidationError, match="of your own family"):
        ask(world)
    worker = listed(world, world.users.dss_worker, counties=[world.alamance])
    with pytest.raises(ValidationError, match="is on your team now"):
        ask(world, worker)
    unlist_partner(partner=worker, county=world.alamance, by=world.users.coordinator, reason=NamingEnd.OTHER)
    with pytest.raises(ValidationError, match="not on the list any more"):
        ask(world, worker)


def test_who_was_named_by_hand_is_chosen_where_they_were_named(world):
    without_partner(world)
    propose_member(
        team=world.team, by=world.users.facilitator, name="Ana", kind=MemberKind.FAMILY_PARTNER,
        user=world.users.other_partner,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="Someone has named Ana"):
        ask(world)


def test_asking_never_tells_whose_an_address_is(world):
    """Somebody typed the address of a Family Partner for another name: asking the partner gets the usual answer."""
    without_partner(world)
    typed = propose_member(
        team=world.team, by=world.users.facilitator, name="A friend", kind=MemberKind.NATURAL,
        address=world.users.other_partner.email,
    )  # fmt: skip
    assert typed.user == world.users.other_partner
    member = ask(world)
    assert (member.stage, member.user) == ("chosen", world.users.other_partner)
    typed = Membership.objects.get(pk=typed.pk)
    assert (typed.stage, typed.user) == ("proposed", None)


# --- Room ------------------------------------------------------------------------------------------------------------
def set_room(partner, room):
    FamilyPartner.objects.filter(pk=partner.pk).update(room=room)


def test_who_was_asked_and_who_walks_along_take_room_and_who_left_gives_it_back(world):
    set_room(world.other_partner, 1)
    without_partner(world)
    member = ask(world)
    with pytest.raises(ValidationError, match="no room right now"):
        ask(world, team=world.other_team, by=world.users.other_caregiver)
    accept_place(membership=member, by=world.users.other_partner)
    with pytest.raises(ValidationError, match="no room right now"):
        ask(world, team=world.other_team, by=world.users.other_caregiver)
    end_membership(membership=member, by=world.users.caregiver, reason=EndReason.FAMILY)
    assert ask(world, team=world.other_team, by=world.users.other_caregiver).stage == "chosen"


def test_room_is_counted_again_when_they_answer(world):
    without_partner(world)
    first = ask(world)
    second = ask(world, team=world.other_team, by=world.users.other_caregiver)
    set_room(world.other_partner, 1)
    accept_place(membership=first, by=world.users.other_partner)
    with pytest.raises(ValidationError, match="no room for one more family"):
        accept_place(membership=second, by=world.users.other_partner)
    set_room(world.other_partner, 2)
    accept_place(membership=second, by=world.users.other_partner)


def test_only_a_family_partner_s_place_asks_for_room(world):
    """Ana has no room, and still comes to another team as the neighbor that she is there."""
    set_room(world.other_partner, 0)
    join(world.team, world.users.other_partner, kind=MemberKind.NATURAL, caregiver=world.users.caregiver)
    found = FamilyPartner.objects.with_room().get(pk=world.other_partner.pk)
    assert (found.walking, found.room_left, found.may_be_asked) == (0, 0, False)


def test_a_name_that_was_only_proposed_takes_no_room(world):
    propose_member(
        team=world.other_team, by=world.users.other_facilitator, name="Ana Bright", kind=MemberKind.FAMILY_PARTNER,
        user=world.users.other_partner,
    )  # fmt: skip
    assert FamilyPartner.objects.with_room().get(pk=world.other_partner.pk).walking == 0


def test_somebody_without_a_profile_is_a_family_partner_by_the_family_s_own_words(world):
    """The family names whom it likes: no profile, no room to count."""
    without_partner(world)
    member = propose_member(
        team=world.team, by=world.users.caregiver, name="Una Strange", kind=MemberKind.FAMILY_PARTNER,
        user=make_user("una", "Una Strange"),
    )  # fmt: skip
    choose_member(membership=member, by=world.users.caregiver)
    accept_place(membership=member, by=member.user)
    assert member.stage == "live"


# --- Their own first page --------------------------------------------------------------------------------------------
def test_a_family_partner_sees_families_and_room_first_in_one_query(world, django_assert_num_queries):
    user = world.users.family_partner
    access.scope_of(user)
    with django_assert_num_queries(1):
        facts = partner_home_facts(user)
    assert (facts["partner"], facts["teams"]) == (world.partner, [world.team.pk])
    assert (facts["waiting"], facts["room_left"]) == (0, 1)
    assert partner_home_facts(world.users.facilitator) == {}
    without_partner(world)
    ask(world)
    forget_scope(world.users.other_partner)
    facts = partner_home_facts(world.users.other_partner)
    assert (facts["teams"], facts["waiting"], facts["room_left"]) == ([], 1, 2)


# --- Which counties touch --------------------------------------------------------------------------------------------
def test_every_county_has_neighbors_and_they_are_so_in_both_directions(world):
    fips = [f"37{number:03d}" for number in range(1, 200, 2)]
    next_to = {number: County(fips=number).next_to for number in fips}
    assert all(next_to.values())
    assert all(number in next_to[other] for number, others in next_to.items() for other in others)
    assert set(world.alamance.next_to) == {"37033", "37037", "37081", "37135", "37151", "37157"}
    assert make_county("Elsewhere", "45001").next_to == ()
