"""Lists of the plan are put in order by buttons or at once; a list that changed meanwhile is never overwritten."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from soc_portal.audit.models import Event
from teams import access
from teams.actions.items import add_item, end_item, move_item, order_items
from teams.actions.talk import add_comment, suggest
from teams.models import Call, Goal, Mandate, Need, Step, Strategy

STALE = "Somebody changed this list just now."


def plan(world):
    return reverse("teams:plan_detail", args=[world.team.pk])


def move_url(world, kind, item):
    return reverse("teams:item_move", args=[world.team.pk, kind, item.pk])


def order_url(world, kind):
    return reverse("teams:items_order", args=[world.team.pk, kind])


def seen_on(html, kind, parent=0):
    """The order that the page shows, as the form of the list holds it."""
    form = html[html.index(f'id="order-{kind}-{parent}"') :].split("</form>")[0]
    return re.search(r'name="seen" value="([\d,]+)"', form)[1]


def pks(rows):
    return ",".join(str(row.pk) for row in rows)


def needs_of(world):
    return list(Need.objects.live().filter(team=world.team).order_by("place", "pk"))


@pytest.fixture
def denise(world, sign_in):
    return sign_in(world.users.dss_worker)


@pytest.fixture
def lists(world):
    """kind -> (number of what the list belongs to, three items in order)."""
    rosa, need, goal = world.users.caregiver, world.items["need"], world.items["goal"]

    def add(*items):
        return [add_item(team=world.team, item=item, by=rosa) for item in items]

    first = {"call": world.items["call"], "mandate": world.items["mandate"], "idea": world.items["idea"]}
    return {
        "call": (0, [first["call"], *add(Call(text="Tonya"), Call(text="Ray"))]),
        "mandate": (0, [first["mandate"], *add(Mandate(text="Two"), Mandate(text="Three"))]),
        "goal": (need.pk, [goal, *add(Goal(need=need, text="Two"), Goal(need=need, text="Three"))]),
        "idea": (goal.pk, [first["idea"], *add(Strategy(goal=goal, text="Two"), Strategy(goal=goal, text="Three"))]),
        "step": (goal.pk, [world.items["step"], *add(Step(goal=goal, text="Two"), Step(goal=goal, text="Three"))]),
    }


# --- Buttons ---
@pytest.mark.parametrize("kind", ["call", "mandate", "goal", "idea", "step"])
def test_every_list_is_put_in_order_by_buttons(world, denise, lists, kind):
    parent, (one, two, three) = lists[kind]
    html = denise.get(plan(world)).content.decode()
    assert seen_on(html, kind, parent) == pks([one, two, three])
    up = f'formaction="{move_url(world, kind, one)}" name="up" value="1"'
    down = f'formaction="{move_url(world, kind, three)}" name="up" value="0"'
    assert up not in html, "the first can't go up"
    assert down not in html, "the last can't go down"
    assert html.count(f'form="order-{kind}-{parent}"') == 4
    response = denise.post(move_url(world, kind, three), {"up": "1", "seen": pks([one, two, three])}, follow=True)
    assert response.redirect_chain[-1][0].endswith(f"/plan/#{kind}-{three.pk}")
    html = response.content.decode()
    assert "It is one place higher now." in html
    assert seen_on(html, kind, parent) == pks([one, three, two])
    html = denise.post(
        move_url(world, kind, one), {"up": "0", "seen": pks([one, three, two])}, follow=True
    ).content.decode()
    assert "It is one place lower now." in html
    assert seen_on(html, kind, parent) == pks([three, one, two])


def test_a_list_of_one_has_no_buttons(world, denise):
    html = denise.get(plan(world)).content.decode()
    assert 'form="order-call-0"' not in html
    assert 'id="order-call-0"' not in html


def test_needs_move_past_those_that_the_mover_does_not_see_and_these_keep_their_places(world, denise):
    before = needs_of(world)
    seen = [row for row in before if row.section in ("plan", "records")]
    assert len(seen) < len(before), "some are hidden"
    html = denise.get(plan(world)).content.decode()
    assert seen_on(html, "need") == pks(seen)
    denise.post(move_url(world, "need", seen[-1]), {"up": "1", "seen": pks(seen)})
    left = iter([*seen[:-2], seen[-1], seen[-2]])
    assert needs_of(world) == [next(left) if row in seen else row for row in before]


def test_somebody_at_the_edge_stays_there(world, denise):
    before = needs_of(world)
    seen = [row for row in before if row.section in ("plan", "records")]
    for item, up in ((seen[0], "1"), (seen[-1], "0")):
        response = denise.post(move_url(world, "need", item), {"up": up, "seen": pks(seen)}, follow=True)
        assert "It stands there already." in response.content.decode()
    assert needs_of(world) == before
    assert not Event.objects.filter(verb="need_moved").exists()


# --- Somebody else was faster ---
@pytest.mark.parametrize("meanwhile", ["added", "ended", "moved"])
def test_a_list_that_changed_meanwhile_is_shown_and_nothing_is_changed(world, denise, lists, meanwhile):
    _parent, (one, two, three) = lists["call"]
    rosa, rows = world.users.caregiver, Call.objects.live().filter(team=world.team).order_by("place", "pk")
    if meanwhile == "added":
        add_item(team=world.team, item=Call(text="New"), by=rosa)
    elif meanwhile == "ended":
        end_item(team=world.team, item=two, by=rosa)
    else:
        order_items(
            team=world.team, rows=rows, seen=[one.pk, two.pk, three.pk], wanted=[two.pk, one.pk, three.pk], by=rosa
        )
    now = list(rows)
    for url, more in (
        (move_url(world, "call", three), {"up": "1"}),
        (order_url(world, "call"), {"wanted": pks([three, two, one])}),
    ):
        html = denise.post(url, {"seen": pks([one, two, three])} | more, follow=True).content.decode()
        assert STALE in html
        assert seen_on(html, "call") == pks(now)
        assert list(rows) == now


@pytest.mark.parametrize("seen", ["", "x", "1,,²,99999999999999999999", ",".join(["7"] * 2000), "-4"])
def test_an_order_that_nobody_saw_changes_nothing(world, denise, lists, seen):
    _parent, (one, two, three) = lists["call"]
    for url in (move_url(world, "call", two), order_url(world, "call")):
        data = {"seen": seen, "up": "1", "wanted": seen, "parent": seen}
        assert STALE in denise.post(url, data, follow=True).content.decode()
    assert list(Call.objects.live().filter(team=world.team).order_by("place", "pk")) == [one, two, three]


# --- A whole list at once ---
def test_a_dragged_step_is_saved_with_the_whole_order(world, denise, lists):
    goal, (one, two, three) = lists["step"]
    data = {"parent": goal, "seen": pks([one, two, three]), "wanted": pks([three, one, two])}
    html = denise.post(order_url(world, "step"), data, follow=True).content.decode()
    assert "The new order is saved." in html
    assert seen_on(html, "step", goal) == pks([three, one, two])
    event = Event.objects.get(verb="step_moved")
    assert (event.actor_id, event.team_id, event.object_id) == (world.users.dss_worker.pk, world.team.pk, three.pk)


def test_an_order_that_is_not_whole_changes_nothing(world, denise, lists):
    _parent, (one, two, three) = lists["call"]
    for wanted in ([one, two], [one, two, two], [one, two, three, three]):
        data = {"seen": pks([one, two, three]), "wanted": pks(wanted)}
        html = denise.post(order_url(world, "call"), data, follow=True).content.decode()
        assert "The list was not sent in full. Nothing has changed." in html
        assert seen_on(html, "call") == pks([one, two, three])


# --- Who may ---
def test_what_is_hidden_or_of_another_team_or_in_no_order_does_not_move(world, denise, lists):
    goal = world.items["court_goal"]
    meeting_step = add_item(team=world.team, by=world.users.caregiver, item=Step(meeting=world.meeting, text="Bus"))
    for kind, item in (
        ("need", world.items["need_court"]), ("need", world.other_need), ("strength", world.items["strength"]),
        ("part", world.items["part"]), ("step", meeting_step), ("nothing", world.items["need"]),
    ):  # fmt: skip
        assert denise.post(move_url(world, kind, item), {"up": "1"}).status_code == 404, kind
    assert denise.post(order_url(world, "step"), {"parent": goal.pk}).status_code == 404
    assert denise.post(order_url(world, "step")).status_code == 404
    assert denise.post(order_url(world, "strength")).status_code == 404
    assert denise.get(move_url(world, "need", world.items["need"])).status_code == 405


def test_after_the_end_of_a_team_nothing_moves(world, sign_in):
    team = world.team
    team.ended_at, team.ended_by = timezone.now(), world.users.caregiver
    team.save()
    rosa = sign_in(world.users.caregiver)
    assert rosa.post(move_url(world, "need", world.items["need"]), {"up": "1"}).status_code == 403
    assert rosa.post(order_url(world, "need")).status_code == 403
    assert "data-order" not in rosa.get(plan(world)).content.decode()


def test_one_reads_exactly_ones_own_part_of_a_list(world):
    def listed(slug, kind, parent):
        return set(access.ordered_items(world.people[slug], world.team, kind, parent))

    everything = set(needs_of(world))
    assert listed("caregiver", "need", 0) == everything
    assert listed("dss_worker", "need", 0) == {row for row in everything if row.section in ("plan", "records")}
    goal = world.items["court_goal"]
    assert listed("court_counselor", "goal", goal.need_id) == {goal}
    assert listed("other_caregiver", "need", 0) == set()


def test_the_action_itself_refuses_an_item_that_was_not_seen(world):
    rows = Need.objects.live().filter(team=world.team).order_by("place", "pk")
    with pytest.raises(ValidationError) as error:
        move_item(team=world.team, rows=rows, item=rows[0], seen=[], by=world.users.caregiver, up=True)
    assert error.value.code == "stale"


# --- In place ---
def test_an_item_that_was_changed_in_place_keeps_its_buttons(world, denise, lists):
    htmx = {"HX-Request": "true"}
    page = denise.get(plan(world)).content.decode()
    for kind in ("call", "mandate", "goal", "idea", "step"):
        item = lists[kind][1][1]
        url = reverse("teams:item_edit", args=[world.team.pk, kind, item.pk]) + "?close=1"
        html = denise.get(url, headers=htmx).content.decode().strip()
        assert html.count(move_url(world, kind, item)) == 2, kind
        assert html in page, kind


# --- What is said about an item ---
def test_each_item_tells_how_much_is_said_about_it(world, denise):
    need = add_item(team=world.team, by=world.users.caregiver, item=Need(text="Rides"))
    member = world.members["grandmother"]

    def said():
        html = denise.get(plan(world)).content.decode()
        return re.findall(
            r"\d open suggestions?|\d comments?", html[html.index(f'id="need-{need.pk}"') :].split("</header>")[0]
        )

    assert said() == []
    for _number in range(2):
        add_comment(team=world.team, item=need, membership=member, text="Hm", mentions=[], by=member.user)
    suggest(team=world.team, item=need, membership=member, base_version=1, text="Bus", why="", by=member.user)
    assert said() == ["2 comments", "1 open suggestion"]
    url = reverse("teams:item_edit", args=[world.team.pk, "need", need.pk]) + "?close=1"
    part = denise.get(url, headers={"HX-Request": "true"}).content.decode()
    assert part.strip() in denise.get(plan(world)).content.decode()
