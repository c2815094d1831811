"""What somebody sees first."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collaboratives.actions.groups import add_seat, give_office, start_term
from collaboratives.enums import CountyRoleKind
from collaboratives.models import CountyRole, Seat, StaffPosition
from referrals.access import received_referrals, waiting_in_county
from referrals.enums import ReferralStatus
from soc_portal.audit.models import Event
from teams.actions.items import add_item
from teams.actions.meetings import call_meeting
from teams.actions.memberships import ask_for_team, choose_member, end_team, propose_member
from teams.enums import MemberKind
from teams.models import Meeting, Membership, Step
from tests.world import join


def another_team(world, family="Reed family", child="Ana Reed"):
    return ask_for_team(
        by=world.users.other_caregiver, family_name=family, county=world.durham, caregiver_name="Keisha",
        relationship="Mom", children=[(child, None)],
    )  # fmt: skip


def text_of(response):
    return " ".join(response.content.decode().split())


def test_without_signing_in_the_first_page_is_the_way_in(client, db):
    response = client.get("/")
    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next=/"


def test_a_family_with_one_team_lands_at_its_own_table(world, sign_in):
    for slug in ("caregiver", "youth", "other_household"):
        response = sign_in(world.people[slug]).get("/")
        assert response.status_code == 200
        assert response.templates[0].name == "teams/team_detail.html"
        assert response.context["team"] == world.team


def test_a_family_with_several_teams_chooses_one(world, sign_in):
    second = another_team(world)
    response = sign_in(world.users.other_caregiver).get("/")
    assert response.templates[0].name == "teams/team_list.html"
    assert list(response.context["page"]) == [second, world.other_team]


def test_a_family_whose_team_has_ended_finds_it_in_the_list(world, sign_in):
    end_team(team=world.other_team, by=world.users.other_caregiver)
    page = text_of(sign_in(world.users.other_caregiver).get("/"))
    assert "Came to its end" in page
    assert reverse("teams:team_ask") in page


def test_a_coordinator_finds_the_county_with_what_waits_in_it(world, sign_in):
    response = sign_in(world.users.coordinator).get("/")
    context, page = response.context, text_of(response)
    assert [county.name for county in context["counties"]] == ["Alamance"]
    assert list(context["county_groups"]) == [world.jcpc]
    assert context["referrals_waiting"] == len(list(waiting_in_county(world.users.coordinator)))
    assert context["barriers"]["open"] > 0
    for name in ("teams:worklist", "referrals:referral_list", "collaboratives:barrier_list", "families:partner_list"):
        assert f'href="{reverse(name)}' in page
    assert "Delgado" not in page and "Mateo" not in page


def test_a_chair_finds_the_groups_with_seats_and_next_meeting(world, sign_in):
    response = sign_in(world.users.jcpc_chair).get("/")
    assert [(group, group.filled_count, group.seat_count) for group in response.context["groups"]] == [
        (world.jcpc, 3, world.jcpc.seats.count())
    ]
    assert response.context["groups"][0].next_id == world.group_meetings["next"].pk
    assert "See what teams asked us to fix" in text_of(response)


def test_who_has_not_signed_finds_the_statement_and_nothing_of_the_group(world, sign_in):
    page = text_of(sign_in(world.users.local_team_unsigned).get("/"))
    assert reverse("collaboratives:statement_sign", args=[world.local_team.pk]) in page
    assert world.local_team.name not in page


def test_a_member_of_the_state_finds_where_families_wait(world, sign_in):
    response = sign_in(world.users.state_cochair).get("/")
    page = text_of(response)
    assert response.context["waits"], "the small world publishes numbers that are behind their aim"
    for wait in response.context["waits"]:
        assert str(wait.measure.title) in page and wait.state.share in page
    assert reverse("collaboratives:state_overview") in page
    assert "waits" not in sign_in(world.users.jcpc_chair).get("/").context


def test_a_receiver_finds_how_many_families_wait_for_an_answer(world, sign_in):
    response = sign_in(world.users.receiver).get("/")
    received = received_referrals(world.users.receiver)
    assert response.context["referrals"]["waiting"] == received.filter(status=ReferralStatus.REQUESTED).count() > 0
    assert reverse("referrals:referral_list") in text_of(response)
    other = world.users.other_receiver
    waiting = received_referrals(other).filter(status=ReferralStatus.REQUESTED)
    assert sign_in(other).get("/").context["referrals"]["waiting"] == waiting.count()


def test_a_family_partner_finds_whom_they_walk_with(world, sign_in):
    response = sign_in(world.users.family_partner).get("/")
    assert set(response.context["teams"]) == {world.team.pk}
    assert "I walk with 1 family now" in text_of(response)
    assert "I walk with" not in text_of(sign_in(world.users.facilitator).get("/"))


def test_somebody_who_is_everything_has_one_page_of_few_queries(world, sign_in):
    """On a team, a coordinator, running a council, a member of the state and at work where referrals go."""
    user, today = world.users.family_partner, timezone.localdate()
    CountyRole.objects.create(
        user=user, county=world.alamance, role=CountyRoleKind.COORDINATOR, starts_on=dt.date(2020, 1, 1)
    )
    StaffPosition.objects.create(
        user=user, organization=world.offices["provider"], title="Intake", starts_on=dt.date(2020, 1, 1)
    )
    for group in (world.jcpc, world.state_group):
        seat = Seat.objects.filter(group=group, terms=None).first() or add_seat(
            group=group, category=group.kind_of.categories.first(), by=world.users.coordinator
        )
        term = start_term(
            seat=seat, user=user, starts_on=today, ends_on=today + dt.timedelta(days=9), by=world.users.coordinator
        )
        give_office(term=term, kind="secretary", by=world.users.coordinator)
    client = sign_in(user)
    client.get(reverse("accounts:profile_edit"))
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/")
    assert len(queries) <= 15
    assert response.status_code == 200


def test_a_coordinator_on_a_team_finds_the_worklist_first(world, sign_in):
    CountyRole.objects.create(
        user=world.users.facilitator, county=world.alamance, role=CountyRoleKind.COORDINATOR,
        starts_on=dt.date(2020, 1, 1),
    )  # fmt: skip
    page = text_of(sign_in(world.users.facilitator).get("/"))
    assert page.index(reverse("teams:worklist")) < page.index("My teams</h2>")


def test_a_professional_finds_own_teams_and_steps_and_nothing_else(world, sign_in):
    response = sign_in(world.users.dss_worker).get("/")
    assert response.templates[0].name == "teams/home.html"
    assert [row["team"] for row in response.context["rows"]] == [world.team]
    assert response.context["rows"][0]["meeting"] == world.meeting
    assert response.context["rows"][0]["late"] == 1
    assert response.context["steps"] == [world.items["step"]]
    assert "A court step" not in text_of(response)


def test_steps_of_a_section_that_is_not_shared_are_neither_shown_nor_counted(world, sign_in):
    Step.objects.filter(pk=world.items["court_step"].pk).update(due_on=timezone.localdate() - dt.timedelta(days=9))
    response = sign_in(world.users.grandmother).get("/")
    assert response.context["steps"] == [world.items["step"]]
    assert response.context["rows"][0]["late"] == 1
    response = sign_in(world.users.court_counselor).get("/")
    assert response.context["steps"] == [world.items["court_step"]]
    assert response.context["rows"][0]["late"] == 2


def test_somebody_who_sees_no_plan_finds_no_step_and_no_number(world, sign_in):
    response = sign_in(world.users.provider).get("/")
    assert response.context["steps"] == []
    assert response.context["rows"][0]["late"] == 0


def test_the_family_sees_that_its_team_was_on_somebodys_first_page(world, sign_in):
    client = sign_in(world.users.dss_worker)
    before = Event.objects.filter(family_id=world.family.pk, looked=True).count()
    client.get("/")
    assert Event.objects.filter(family_id=world.family.pk, looked=True).count() == before + 1


@pytest.mark.parametrize("slug", ["proposed", "former_member", "former_jcpc", "superuser"])
def test_somebody_without_a_team_reads_how_it_can_start(world, sign_in, slug):
    page = text_of(sign_in(world.people[slug]).get("/"))
    assert reverse("teams:team_ask") in page
    assert "A family may choose you" in page
    assert "Mateo" not in page


@pytest.mark.parametrize("slug", ["proposed", "coordinator", "other_caregiver", "other_facilitator"])
def test_an_invitation_stands_first_wherever_one_lands_and_says_nothing_of_the_family(world, sign_in, slug):
    user = world.people[slug]
    member = world.members.get(slug) if slug == "proposed" else None
    member = member or propose_member(
        team=world.team, by=world.users.caregiver, name=user.name, kind=MemberKind.NATURAL, user=user
    )
    client = sign_in(user)
    path = reverse("teams:own_invitation_answer", kwargs={"membership_id": member.pk})
    assert path not in text_of(client.get("/", follow=False))
    choose_member(membership=member, by=world.users.caregiver)
    for url in ("/", reverse("teams:team_list")):
        page = text_of(client.get(url))
        assert page.index("A family asks you to join its team") < page.index("<h1")
        assert path in page
        assert "Mateo" not in page
        assert "Delgado" not in page


def test_the_first_page_costs_the_same_with_one_team_and_with_three(world, sign_in):
    user = world.users.facilitator
    client = sign_in(user)
    client.get(reverse("accounts:profile_edit"))  # the clock of the session is written once a minute

    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/").status_code == 200
        return len(queries)

    member = Membership.objects.get(team=world.team, user=user)
    add_item(team=world.team, by=user, item=Step(text="One", due_on=timezone.localdate()), who=[member])
    assert count() == 14
    for number in range(2):
        team = another_team(world, family=f"Family {number}", child=f"Child{number} Reed")
        member = join(team, user, kind=MemberKind.PROFESSIONAL, caregiver=world.users.other_caregiver)
        add_item(team=team, by=user, item=Step(text="Two", due_on=timezone.localdate()), who=[member])
        start = timezone.now() + dt.timedelta(days=3)
        call_meeting(
            team=team, by=user, meeting=Meeting(purpose="x", starts_at=start, ends_at=start + dt.timedelta(hours=1))
        )
    assert count() == 14


def test_the_familys_first_page_costs_at_most_fifteen(world, sign_in):
    client = sign_in(world.users.caregiver)
    client.get(reverse("accounts:profile_edit"))
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert len(queries) == 15
