"""One family has several teams over the years: its caregiver asks for the next one."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from families.enums import FamilyRole
from families.models import Family, Person
from soc_portal.access.scope import forget_scope
from soc_portal.versions.actions import add_row
from teams.actions.memberships import ask_for_another_team, end_team
from teams.models import Deadline, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(world):
    end_team(team=world.team, by=world.users.caregiver)
    forget_scope(world.users.caregiver)


@pytest.fixture
def page(world):
    return f"{reverse('teams:team_ask')}?family={world.family.pk}"


def test_after_a_team_has_ended_the_family_asks_for_the_next(world, sign_in, ended, page):
    client = sign_in(world.users.caregiver)
    assert page in client.get(reverse("teams:team_ask")).content.decode()
    assert world.mateo.name in client.get(page).content.decode()
    response = client.post(page, {"children": [world.mateo.pk]})
    team = Team.objects.live().get(family=world.family)
    assert response.url == reverse("teams:team_detail", args=[team.pk])
    assert set(world.family.teams.all()) == {world.team, team}
    assert {member.person for member in team.memberships.all()} == {world.rosa, world.mateo}
    assert Deadline.objects.filter(team=team).count() == 2
    assert Family.objects.filter(name=world.family.name).count() == 1
    assert client.get(response.url).status_code == 200
    assert client.post(page, {"children": [world.mateo.pk]}).url == response.url  # the form, sent twice


def test_a_child_is_on_one_team_at_a_time(world, sign_in, page):
    Team.objects.filter(pk=world.team.pk).update(opened_on=world.team.opened_on - dt.timedelta(days=1))
    response = sign_in(world.users.caregiver).post(page, {"children": [world.mateo.pk]})
    assert response.status_code == 422
    assert response.context["form"].errors == {
        "children": ["This child has a team now: Mateo's Child and Family Team."]
    }
    assert list(response.context["form"]["children"].value()) == [str(world.mateo.pk)]


def test_a_brother_may_have_a_team_of_his_own(world, page):
    rosa = world.users.caregiver
    leo = add_row(
        Person(family=world.family, name="Leo", role=FamilyRole.YOUNG_PERSON), by=rosa, family_id=world.family.pk
    )
    team = ask_for_another_team(by=rosa, family=world.family, children=[leo])
    assert set(Team.objects.live().filter(family=world.family)) == {world.team, team}


@pytest.mark.parametrize("children", [[], ["999999"], ["x"]])
def test_a_team_is_for_children_of_this_family(world, sign_in, page, children):
    response = sign_in(world.users.caregiver).post(page, {"children": children})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["children"])


def test_an_empty_list_of_children_is_refused_by_the_action_too(world):
    with pytest.raises(ValidationError, match="Choose at least one"):
        ask_for_another_team(by=world.users.caregiver, family=world.family, children=[])


@pytest.mark.parametrize("slug", ["youth", "facilitator", "other_caregiver", "former_member"])
def test_only_a_caregiver_of_the_family_asks_for_it(world, sign_in, page, slug):
    client = sign_in(getattr(world.users, slug))
    assert client.get(page).templates[0].name == "teams/team_ask.html"
    assert page not in client.get(reverse("teams:team_ask")).content.decode()
    client.post(page, {"children": [world.mateo.pk]})
    assert list(Team.objects.filter(family=world.family)) == [world.team]
