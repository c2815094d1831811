"""One plan for all agencies: what each needs, what of the plan covers it, and who reads which of it."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from collaboratives.enums import OrganizationKind
from families.enums import Section
from families.models import Strength
from soc_portal.audit.models import Event
from teams import access
from teams.actions.covering import covers_of, set_covers
from teams.actions.items import add_item, end_item
from teams.actions.plans import agree_for_family, content_of, hash_of
from teams.models import Cover, Goal, Mandate, Need
from tests.parts.covers import add_element

pytestmark = pytest.mark.django_db


def plan_page(world, sign_in, slug, name="plan_detail", *rest):
    response = sign_in(world.people[slug]).get(reverse(f"teams:{name}", args=[world.team.pk, *rest]))
    assert response.status_code == 200
    return response.content.decode()


def agencies_on(html):
    return html.partition('<section id="agencies"')[2].partition("</section>")[0]


def address(world, asked):
    kind = "mandate" if isinstance(asked, Mandate) else "element"
    return reverse(f"teams:cover_{kind}", args=[world.team.pk, asked.pk])


def ticks(world, asked):
    return {(row.item_kind, row.item_id) for row in covers_of(world.team, asked)}


def hidden_court(world):
    """A need and an order that only those who read the court's part read."""
    rosa, team = world.users.caregiver, world.team
    order = add_item(team=team, by=rosa, item=Mandate(text="A court secret", section=Section.COURT))
    return world.items["need_court"], order


# --- What is shown ---------------------------------------------------------------------------------------------------
def test_what_agencies_with_somebody_on_the_team_need_today_is_shown_and_nothing_else(world, sign_in):
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    add_element("dss-old", "An old wording", ends_on=yesterday)
    add_element("dss-new", "A later wording", starts_on=yesterday + timezone.timedelta(days=2))
    assert set(access.team_elements(world.team)) == {world.elements["safe"], world.elements["visits"]}
    assert not access.team_elements(world.other_team).exists()
    for slug in ("caregiver", "youth", "grandmother", "dss_worker"):
        part = agencies_on(plan_page(world, sign_in, slug))
        assert re.findall(r"<b>(.*?)</b>", part) == [
            "School each day",
            "How the child is safe",
            "When they see each other",
        ]
        assert re.findall(r'href="#([a-z]+-\d+)"', part) == [f"goal-{world.items['goal'].pk}"] * 2
        assert part.count("Not in the plan yet") == 1


def test_spanish_readers_read_the_element_in_spanish(world, sign_in):
    world.users.grandmother.language = "es"
    world.users.grandmother.save()
    assert "How the child is safe (es)" in plan_page(world, sign_in, "grandmother")


def test_the_plan_says_what_a_goal_covers_and_what_an_agency_still_needs(world, sign_in):
    for name in ("plan_detail", "plan_print"):
        html = plan_page(world, sign_in, "facilitator", name)
        assert "Covers:" in html and "When they see each other" in html
    assert "What this agency needs: Social services" in plan_page(world, sign_in, "facilitator")
    visits, need = world.elements["visits"], world.items["need"]
    set_covers(team=world.team, asked=visits, add=[need], remove=[], by=world.users.youth)
    assert "What this agency needs: Social services" not in plan_page(world, sign_in, "facilitator")


def test_a_cover_is_read_by_those_who_read_both_its_ends(world, sign_in):
    need, order = hidden_court(world)
    rosa, team, visits = world.users.caregiver, world.team, world.elements["visits"]
    set_covers(team=team, asked=visits, add=[need], remove=[], by=rosa)
    set_covers(team=team, asked=order, add=[world.items["goal"]], remove=[], by=rosa)
    agree_for_family(team=team, by=rosa, seen_hash=hash_of(content_of(team)))
    for slug, reads in (("grandmother", False), ("court_counselor", True), ("youth", True)):
        part = agencies_on(plan_page(world, sign_in, slug))
        assert ("A need about court" in part, "A court secret" in part) == (reads, reads)
        assert ("Not in the plan yet" in part) is not reads
        frozen = plan_page(world, sign_in, slug, "plan_version", 1)
        assert "What each agency needs" in frozen
        assert ("A need about court" in frozen, "A court secret" in frozen) == (reads, reads)
        assert ("When they see each other" in frozen) is reads
        assert "Changed since the family agreed" not in plan_page(world, sign_in, slug)


# --- Frozen ----------------------------------------------------------------------------------------------------------
def test_a_plan_of_before_there_were_covers_is_still_the_same(world, sign_in):
    for cover in Cover.objects.all():
        Cover.objects.filter(pk=cover.pk).update(ended_at=timezone.now(), ended_by=world.users.caregiver)
    content = content_of(world.team)
    assert "covers" not in content
    agree_for_family(team=world.team, by=world.users.caregiver, seen_hash=hash_of(content))
    call_command("verify_plans")
    assert "Changed since the family agreed" not in plan_page(world, sign_in, "caregiver")
    assert "What each agency needs" not in plan_page(world, sign_in, "caregiver", "plan_version", 1)
    set_covers(
        team=world.team, asked=world.elements["safe"], add=[world.items["goal"]], remove=[], by=world.users.youth
    )
    assert "Changed since the family agreed" in plan_page(world, sign_in, "caregiver")


def test_somebody_who_reads_no_cover_sees_a_plan_that_has_not_changed(world, sign_in):
    need, _order = hidden_court(world)
    rosa, team, goal = world.users.caregiver, world.team, world.items["goal"]
    set_covers(team=team, asked=world.items["mandate"], add=[], remove=[goal], by=rosa)
    set_covers(team=team, asked=world.elements["safe"], add=[need], remove=[goal], by=rosa)
    agree_for_family(team=team, by=rosa, seen_hash=hash_of(content_of(team)))
    for slug in ("grandmother", "court_counselor"):
        assert "Changed since the family agreed" not in plan_page(world, sign_in, slug)


# --- Ticking ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", ["caregiver", "youth", "grandmother", "dss_worker", "facilitator"])
def test_whoever_writes_ticks_and_takes_ticks_off(world, sign_in, slug):
    client, safe = sign_in(world.people[slug]), world.elements["safe"]
    goal, step = world.items["goal"], world.items["step"]
    html = client.get(address(world, safe)).content.decode()
    assert re.findall(r'name="was" value="(.*?)"', html) == [f"goal-{goal.pk}"]
    assert re.findall(r'value="([a-z]+-\d+)" id="\w+" checked', html) == [f"goal-{goal.pk}"] or "checked" in html
    answer = client.post(address(world, safe), {"was": f"goal-{goal.pk}", "parts": [f"step-{step.pk}"]})
    assert answer["Location"].endswith("/plan/#agencies")
    assert ticks(world, safe) == {("teams.step", step.pk)}
    event = Event.objects.filter(verb="covers_changed").order_by("-pk").first()
    assert (event.actor_id, event.facts) == (world.people[slug].pk, {"ticked": 1, "taken_off": 1})
    assert Cover.objects.filter(ended_by=world.people[slug]).count() == 1


def test_the_page_says_who_ticked_and_who_took_away_as_far_as_its_reader_reads_the_part(world, sign_in):
    safe, goal, court = world.elements["safe"], world.items["goal"], world.items["court_goal"]
    rosa = sign_in(world.users.caregiver)
    rosa.post(address(world, safe), {"was": f"goal-{goal.pk}", "parts": [f"goal-{court.pk}"]})

    def told(client):
        rows = client.get(address(world, safe)).context["changes"]
        return [(row["name"], row["text"], row["is_gone"]) for row in rows]

    name = world.users.caregiver.name
    assert sorted(told(rosa)[:2]) == sorted([(name, goal.text, True), (name, court.text, False)])
    assert "took this tick away:" in rosa.get(address(world, safe)).content.decode()
    assert {text for _name, text, _gone in told(sign_in(world.users.grandmother))} == {goal.text}


def test_only_what_the_form_changed_is_saved(world, sign_in):
    """What somebody else ticked meanwhile stays, and so does what is hidden from who saves."""
    order, team, goal = world.items["mandate"], world.team, world.items["goal"]
    set_covers(team=team, asked=order, add=[world.items["need_court"]], remove=[], by=world.users.caregiver)
    client = sign_in(world.users.grandmother)
    html = client.get(address(world, order)).content.decode()
    assert "A need about court" not in html
    set_covers(team=team, asked=order, add=[world.items["step"]], remove=[], by=world.users.youth)
    client.post(address(world, order), {"was": f"goal-{goal.pk}"})
    assert ticks(world, order) == {
        ("teams.need", world.items["need_court"].pk), ("teams.step", world.items["step"].pk)
    }  # fmt: skip


@pytest.mark.parametrize("part", ["need-0", "rating-1", "x", "", "need-" + "9" * 40, "court"])
def test_what_is_not_offered_can_not_be_ticked_and_other_ticks_are_kept(world, sign_in, part):
    part = f"need-{world.items['need_court'].pk}" if part == "court" else part
    order, step = world.items["mandate"], world.items["step"]
    before = ticks(world, order)
    answer = sign_in(world.users.grandmother).post(address(world, order), {"parts": [part, f"step-{step.pk}"]})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "is not in the plan any more" in html
    assert re.search(rf'value="step-{step.pk}"[^>]*checked', html)
    assert ticks(world, order) == before


def test_what_is_taken_away_meanwhile_is_told_and_nothing_is_changed(world, sign_in, monkeypatch):
    team, rosa, safe = world.team, world.users.caregiver, world.elements["safe"]
    need = add_item(team=team, by=rosa, item=Need(text="Short-lived"))
    before = ticks(world, safe)
    real = set_covers

    def too_late(**kwargs):
        end_item(team=team, item=need, by=rosa)
        return real(**kwargs)

    monkeypatch.setattr("teams.views.covers.set_covers", too_late)
    answer = sign_in(rosa).post(address(world, safe), {"parts": [f"need-{need.pk}"]})
    assert answer.status_code == 422
    assert "was taken away just now" in answer.content.decode()
    assert ticks(world, safe) == before


def test_a_mandate_that_was_taken_away_and_a_part_of_another_team_are_refused(world):
    team, rosa, order = world.team, world.users.caregiver, world.items["mandate"]
    with pytest.raises(ValidationError):
        set_covers(team=team, asked=order, add=[world.other_need], remove=[], by=rosa)
    strange = add_item(team=world.other_team, by=world.users.other_caregiver, item=Strength(text="Theirs"))
    with pytest.raises(ValidationError):
        set_covers(team=team, asked=order, add=[strange], remove=[], by=rosa)
    set_covers(team=team, asked=order, add=[world.items["strength"]], remove=[], by=rosa)
    end_item(team=team, item=order, by=rosa)
    with pytest.raises(ValidationError, match="Nothing is saved"):
        set_covers(team=team, asked=order, add=[], remove=[world.items["goal"]], by=rosa)


def test_ticking_twice_changes_nothing_and_is_not_written_down(world):
    count = Event.objects.count()
    for _time in range(2):
        set_covers(
            team=world.team, asked=world.elements["safe"], add=[world.items["goal"]], remove=[world.items["step"]],
            by=world.users.youth,
        )  # fmt: skip
    assert Event.objects.count() == count
    assert len(ticks(world, world.elements["safe"])) == 1


def test_a_new_wording_keeps_its_ticks_and_an_ended_part_covers_nothing(world, sign_in):
    safe, goal = world.elements["safe"], world.items["goal"]
    today = timezone.localdate()
    type(safe).objects.filter(pk=safe.pk).update(ends_on=today - timezone.timedelta(days=1))
    fresh = add_element("dss-safe", "How we keep the child safe", starts_on=today)
    assert ticks(world, fresh) == {("teams.goal", goal.pk)}
    part = agencies_on(plan_page(world, sign_in, "caregiver"))
    assert part.count(f'href="#goal-{goal.pk}"') == 2 and "How the child is safe" not in part
    end_item(team=world.team, item=Goal.objects.get(pk=goal.pk), by=world.users.caregiver)
    assert agencies_on(plan_page(world, sign_in, "caregiver")).count("Not in the plan yet") == 3


# --- Who may ---------------------------------------------------------------------------------------------------------
def test_what_is_hidden_or_asked_by_nobody_on_the_team_is_absent(world, sign_in):
    _need, order = hidden_court(world)
    assert sign_in(world.users.grandmother).get(address(world, order)).status_code == 404
    assert sign_in(world.users.court_counselor).get(address(world, order)).status_code == 200
    for slug in ("caregiver", "dss_worker"):
        assert sign_in(world.people[slug]).get(address(world, world.elements["elsewhere"])).status_code == 404
    with pytest.raises(Http404):
        access.get_element_for(world.users.caregiver, world.team, 0)
    with pytest.raises(Http404):
        access.get_element_for(world.users.other_caregiver, world.team, world.elements["safe"].pk)


def test_an_agency_that_left_asks_for_nothing_and_what_was_ticked_is_kept(world, sign_in):
    add_element("prov-1", "What a provider needs", OrganizationKind.PROVIDER)
    assert "What a provider needs" in agencies_on(plan_page(world, sign_in, "caregiver"))
    type(world.team).objects.filter(pk=world.team.pk)
    world.members["provider"].__class__.written_by_actions.filter(organization__kind__in=["provider", "dss"]).update(
        ended_at=timezone.now(), ended_by=world.users.caregiver, end_reason="left"
    )
    part = agencies_on(plan_page(world, sign_in, "caregiver"))
    assert "What a provider needs" not in part and "How the child is safe" not in part
    assert len(content_of(world.team)["covers"]) == 2


def test_the_page_costs_the_same_few_queries(world, sign_in, django_assert_max_num_queries):
    client = sign_in(world.users.dss_worker)
    client.get(address(world, world.elements["safe"]))
    with django_assert_max_num_queries(15):
        client.get(address(world, world.elements["safe"]))
