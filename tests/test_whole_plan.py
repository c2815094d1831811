"""The rest of the plan: mission, crisis and transition plan, who to call, what must be done, ideas, ratings, dates."""

import datetime as dt
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from families.enums import Section
from families.models import Strength
from soc_portal.audit.models import Event
from teams.actions.items import add_item, end_item, restore_item
from teams.actions.phases import set_review
from teams.actions.plans import agree_for_family, content_of, hash_of
from teams.enums import Choice, Part, Phase
from teams.models import Call, Goal, Mandate, PlanPart, PlanVersion, Rating, Strategy, Team

pytestmark = pytest.mark.django_db


def add_url(world, kind, query=""):
    return reverse("teams:item_add", args=[world.team.pk, kind]) + query


def edit_url(world, kind, item):
    return reverse("teams:item_edit", args=[world.team.pk, kind, item.pk])


def plan_url(world, name="plan_detail", *rest):
    return reverse(f"teams:{name}", args=[world.team.pk, *rest])


def errors(response):
    assert response.status_code == 422
    return re.findall(r'<p class="err".*?</span>\s*(.*?)</span>', response.content.decode(), re.DOTALL)


# --- Single parts ----------------------------------------------------------------------------------------------------
def test_a_part_is_written_once_and_whoever_writes_it_again_changes_the_one_that_is_there(world, sign_in):
    client = sign_in(world.users.grandmother)
    address = add_url(world, "part", "?part=crisis_signs")
    assert "Early signs" in client.get(address).content.decode()
    client.post(address, {"text": "He stops answering."})
    row = PlanPart.objects.get(part=Part.CRISIS_SIGNS)
    again = sign_in(world.users.dss_worker).post(address, {"text": "He paces."})
    assert again["Location"] == edit_url(world, "part", row)
    assert PlanPart.objects.filter(part=Part.CRISIS_SIGNS).count() == 1
    assert "He paces." in sign_in(world.users.dss_worker).get(again["Location"]).content.decode()


@pytest.mark.parametrize("query", ["", "?part=", "?part=vision", "?part=mission%00"])
def test_there_is_no_other_part(world, sign_in, query):
    assert sign_in(world.users.caregiver).get(add_url(world, "part", query)).status_code == 404


@pytest.mark.parametrize("kind", ["part", "call"])
def test_who_does_not_read_the_plan_does_not_write_it(world, sign_in, kind):
    client = sign_in(world.users.provider)
    assert client.get(add_url(world, kind, "?part=crisis_signs")).status_code == 404
    assert client.post(add_url(world, kind, "?part=crisis_signs"), {"text": "x"}).status_code == 404


def test_two_who_write_a_part_at_once_or_bring_it_back_make_no_second_one(world):
    team, rosa = world.team, world.users.caregiver
    old = end_item(team=team, item=world.items["part"], by=rosa)
    add_item(team=team, item=PlanPart(part=Part.MISSION, text="New"), by=rosa)
    with pytest.raises(ValidationError, match="Somebody wrote this part just now"):
        add_item(team=team, item=PlanPart(part=Part.MISSION, text="Second"), by=rosa)
    with pytest.raises(ValidationError, match="Somebody wrote this part just now"):
        restore_item(team=team, item=old, by=rosa)


def test_a_goal_has_one_number_from_a_meeting_and_as_many_as_it_likes_without_one(world):
    team, rosa, goal = world.team, world.users.caregiver, world.items["goal"]
    add_item(team=team, item=Rating(goal=goal, value=5), by=rosa)
    add_item(team=team, item=Rating(goal=goal, meeting=world.meeting, value=5), by=rosa)
    with pytest.raises(ValidationError, match="has a number from this meeting already"):
        add_item(team=team, item=Rating(goal=goal, meeting=world.meeting, value=6), by=rosa)


# --- Ideas and numbers -----------------------------------------------------------------------------------------------
def test_an_idea_builds_on_a_strength_and_names_what_friends_do(world, sign_in):
    client = sign_in(world.users.youth)
    strength, goal = world.items["strength"], world.items["goal"]
    client.post(
        add_url(world, "idea", f"?under={goal.pk}"),
        {"text": "Walk together", "strength": strength.pk, "friends_part": "Andrés walks along", "choice": "chosen"},
    )
    idea = Strategy.objects.get(text="Walk together")
    assert (idea.strength, idea.friends_part, idea.choice) == (strength, "Andrés walks along", Choice.CHOSEN)
    html = client.get(plan_url(world)).content.decode()
    assert "Builds on: Mateo keeps going." in html and "Andrés walks along" in html
    assert (
        "Mateo keeps going."
        in client.get(reverse("teams:item_history", args=[world.team.pk, "idea", idea.pk])).content.decode()
    )


def test_a_strength_of_a_hidden_part_is_not_shown_with_the_idea_and_not_lost_when_it_is_changed(world, sign_in):
    team, rosa = world.team, world.users.caregiver
    hidden = add_item(team=team, item=Strength(text="Sober for a year", section=Section.SUBSTANCE_USE), by=rosa)
    idea = add_item(team=team, item=Strategy(goal=world.items["goal"], text="Evenings", strength=hidden), by=rosa)
    client = sign_in(world.users.grandmother)
    assert "Sober" not in client.get(plan_url(world)).content.decode()
    address = edit_url(world, "idea", idea)
    assert "Sober" not in client.get(address).content.decode()
    answer = client.post(address, {"text": "Evenings out", "version": "1"}, headers={"HX-Request": "true"})
    assert "Sober" not in answer.content.decode()
    idea.refresh_from_db()
    assert (idea.text, idea.strength) == ("Evenings out", hidden)
    assert "Sober" in sign_in(rosa).get(plan_url(world)).content.decode()


@pytest.mark.parametrize("value", ["", "-1", "11", "ten", "3.5", "9" * 30])
def test_a_number_is_from_0_to_10(world, sign_in, value):
    address = add_url(world, "rating", f"?under={world.items['goal'].pk}")
    response = sign_in(world.users.caregiver).post(address, {"value": value, "text": "Keep these words"})
    assert errors(response) == ["Write a number from 0 to 10."]
    assert "Keep these words" in response.content.decode()


def test_a_number_is_of_today_when_no_day_is_named_and_never_of_a_day_to_come(world, sign_in):
    client = sign_in(world.users.caregiver)
    address = add_url(world, "rating", f"?under={world.items['goal'].pk}")
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert errors(client.post(address, {"value": "0", "rated_on": tomorrow})) == ["This day has not come yet."]
    client.post(address, {"value": "0"})
    assert Rating.objects.get(value=0).rated_on == timezone.localdate()


def test_a_strength_is_one_persons_or_the_whole_teams(world, sign_in):
    client = sign_in(world.users.caregiver)
    data = {"text": "We all show up", "of_team": "on", "person": world.mateo.pk}
    assert errors(client.post(add_url(world, "strength"), data)) == ["Choose one person, or the whole team. Not both."]
    client.post(add_url(world, "strength"), data | {"person": ""})
    assert Strength.objects.get(text="We all show up").of_team
    assert "Our whole team. Rosa Delgado said this" in client.get(plan_url(world)).content.decode()


def test_what_must_be_done_has_its_source_and_dates_and_does_not_end_before_it_begins(world, sign_in):
    client = sign_in(world.users.dss_worker)
    data = {"text": "Visits each week", "source": "dss", "source_words": "Agreement", "dated_on": "2026-05-02"}
    response = client.post(add_url(world, "mandate"), data | {"until": "2026-05-01"})
    assert errors(response) == ["It can&#x27;t end before the date of the paper."]
    client.post(add_url(world, "mandate"), data | {"until": "2027-05-01"})
    html = sign_in(world.users.youth).get(plan_url(world)).content.decode()
    assert "Agreement with social services" in html
    assert re.search(r"of [^<]*May 2, 2026", html) and re.search(r"in force until [^<]*May 1, 2027", html)
    assert Mandate.objects.get(text="Visits each week").created_by == world.users.dss_worker


# --- What hangs on a need --------------------------------------------------------------------------------------------
def test_ideas_and_numbers_have_the_section_of_their_need_and_end_and_come_back_with_it(world):
    team, rosa, goal = world.team, world.users.caregiver, world.items["court_goal"]
    idea = add_item(team=team, item=Strategy(goal=goal, text="Idea"), by=rosa)
    rating = add_item(team=team, item=Rating(goal=goal, value=1), by=rosa)
    assert (idea.section, rating.section) == (Section.COURT, Section.COURT)
    need = end_item(team=team, item=world.items["need_court"], by=rosa)
    assert not Strategy.objects.live().filter(pk=idea.pk).exists()
    restore_item(team=team, item=need, by=rosa)
    assert Strategy.objects.live().filter(pk=idea.pk).exists() and Rating.objects.live().filter(pk=rating.pk).exists()
    end_item(team=team, item=Goal.objects.get(pk=goal.pk), by=rosa)
    assert not Rating.objects.live().filter(pk=rating.pk).exists()
    assert Goal.objects.get(pk=goal.pk).ended_at


# --- Dates and the checklist -----------------------------------------------------------------------------------------
def test_anybody_on_the_team_says_where_it_is_and_when_it_looks_again(world, sign_in):
    client = sign_in(world.users.youth)
    day = timezone.localdate() + dt.timedelta(days=30)
    client.post(plan_url(world, "plan_dates"), {"phase": "planning", "review_on": day.isoformat()})
    team = Team.objects.get(pk=world.team.pk)
    assert (team.phase, team.review_on) == (Phase.PLANNING, day)
    assert "We look at the plan again on" in client.get(plan_url(world)).content.decode()
    for _again in range(2):  # the same day, here none, changes nothing
        client.post(plan_url(world, "plan_dates"), {"phase": "planning", "review_on": ""})
    assert Event.objects.filter(verb="review_set").count() == 2
    assert Team.objects.get(pk=world.team.pk).review_on is None
    assert errors(client.post(plan_url(world, "plan_dates"), {"phase": "done", "review_on": "soon"})) == [
        "Choose where you are from the list.", "Write a day as month, day and year. For example: 10/13/2026.",
    ]  # fmt: skip


def test_a_team_that_has_ended_sets_no_day(world):
    world.team.ended_at = timezone.now()
    with pytest.raises(ValidationError, match="come to its end"):
        set_review(team=world.team, on=timezone.localdate(), by=world.users.caregiver)


def test_what_is_missing_is_a_friendly_list_and_nothing_of_it_is_required(world, sign_in):
    client = sign_in(world.users.caregiver)
    html = client.get(plan_url(world)).content.decode()
    assert "What a complete plan also has" in html
    for missing in ("How we will know, for each goal", "What to look out for in a crisis, and what helps"):
        assert missing in html
    for there in ("The family&#x27;s vision", "our team&#x27;s mission", "Who to call in a crisis"):
        assert there not in html.split("What a complete plan also has")[1].split("</ul>")[0]


# --- What is frozen --------------------------------------------------------------------------------------------------
def test_an_agreed_version_holds_every_part_and_shows_each_reader_what_they_may_read(world, sign_in):
    team, rosa = world.team, world.users.caregiver
    for item in (
        PlanPart(part=Part.CRISIS_HELPS, text="Twenty minutes alone"),
        PlanPart(part=Part.TRANSITION_WHO, text="Carmen stays"),
        Mandate(text="A court secret", section=Section.COURT),
    ):
        add_item(team=team, item=item, by=rosa)
    agree_for_family(team=team, by=rosa, seen_hash=hash_of(content_of(team)))
    version = PlanVersion.objects.get(team=team)
    assert {"about", "parts", "calls", "mandates", "strategies", "ratings"} <= set(version.content)
    for persona, secret in (("grandmother", False), ("court_counselor", True), ("youth", True)):
        html = sign_in(world.people[persona]).get(plan_url(world, "plan_version", 1)).content.decode()
        for text in (
            "Mateo is at school and the house is calm.", "Twenty minutes alone", "Carmen stays", "336-555-0150",
            "School each day", "A quiet lunch table", "4/10",
        ):  # fmt: skip
            assert text in html, text
        assert ("A court secret" in html) is secret
        assert (
            "It has changed" not in sign_in(world.people[persona]).get(plan_url(world, "plan_print")).content.decode()
        )


def test_a_version_of_before_the_other_parts_is_still_read(world, sign_in):
    team, rosa = world.team, world.users.caregiver
    agree_for_family(team=team, by=rosa, seen_hash=hash_of(content_of(team)))
    version = PlanVersion.objects.get(team=team)
    for part in ("about", "parts", "calls", "mandates", "strategies", "ratings", "covers"):
        del version.content[part]
    for part in ("words", "strengths", "steps"):
        for row in version.content[part]:
            del row["id"]
    PlanVersion.written_by_actions.filter(pk=version.pk).update(content=version.content)
    assert "dinner together" in sign_in(rosa).get(plan_url(world, "plan_version", 1)).content.decode()


def test_paper_has_the_crisis_plan_and_the_ideas_that_were_chosen(world, sign_in):
    html = sign_in(world.users.grandmother).get(plan_url(world, "plan_print")).content.decode()
    for text in ("336-555-0150", "A quiet lunch table", "School each day", "the house is calm", "4/10"):
        assert text in html, text


def test_whom_to_call_is_a_link_that_calls(world, sign_in):
    add_item(team=world.team, item=Call(text="Tonya", phone="336-555-0117"), by=world.users.caregiver)
    assert 'href="tel:336-555-0117"' in sign_in(world.users.grandmother).get(plan_url(world)).content.decode()
