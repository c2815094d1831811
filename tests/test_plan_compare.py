"""Two versions of the plan side by side: what differs, who changed it, who agreed; only what the reader may read."""

import re
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from families.enums import Section
from soc_portal.audit.models import Event
from teams.actions.items import add_item, change_item, end_item, move_item
from teams.actions.plans import agree_for_family, answer_plan, content_of, hash_of, put_forward, take_back
from teams.enums import Part, StepStatus
from teams.models import Goal, Need, PlanPart, Step
from teams.views.plan_difference import differences, not_held

EMPTY = {
    "about": [], "words": [], "parts": [], "calls": [], "strengths": [], "mandates": [], "needs": [], "goals": [],
    "strategies": [], "ratings": [], "steps": [],
}  # fmt: skip


def url(world, query=""):
    return reverse("teams:plan_compare", args=[world.team.pk]) + query


def agreed(world):
    return agree_for_family(team=world.team, by=world.users.caregiver, seen_hash=hash_of(content_of(world.team)))


def change(world, item, **values):
    item.refresh_from_db()
    by = world.users.facilitator
    return change_item(team=world.team, item=item, by=by, base_version=item.version, values=values)


def told(sections):
    """(sort, kind, fields' pieces, places) of every part that differs."""
    return [
        (row.sort, row.kind, [change["pieces"] for change in row.fields], row.places)
        for _heading, rows in sections
        for row in rows
    ]


def shown(response):
    return [row for _heading, rows in response.context["sections"] for row in rows]


def plain(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", response.content.decode()))


# --- The comparison itself -------------------------------------------------------------------------------------------
def need(pk, text="We need", section="plan", domain="home"):
    return {"id": pk, "text": text, "domain": domain, "section": section}


def step(pk, **more):
    return {
        "id": pk, "goal": 1, "text": "Call", "who": ["Rosa"], "due_on": None, "due_words": "", "status": "todo",
        "why": "", "section": "plan",
    } | more  # fmt: skip


def test_added_taken_out_and_changed_word_by_word():
    before = EMPTY | {"needs": [need(1, "We need a ride home"), need(2, "Sleep")]}
    after = EMPTY | {"needs": [need(1, "We need a bus home"), need(3, "Rest")]}
    assert told(differences(before, after)) == [
        ("changed", "need", [[("same", "We need a "), ("gone", "ride "), ("new", "bus "), ("same", "home")]], None),
        ("new", "need", [[("new", "Rest")], [("new", "Home")]], None),
        ("gone", "need", [[("gone", "Sleep")], [("gone", "Home")]], None),
    ]
    assert differences(after, after) == []


def test_what_is_chosen_is_told_as_a_whole_with_its_words():
    goal = {"id": 1, "need": 9, "text": "At school", "know": "", "section": "plan"}
    before = EMPTY | {"goals": [goal], "steps": [step(4)]}
    after = EMPTY | {"goals": [goal], "steps": [step(4, status="done", who=["Rosa", "Ana"], due_on="2026-03-01")]}
    [(heading, [row])] = differences(before, after)
    assert (heading, row.sort, row.text, row.under) == ("Our steps", "changed", "Call", "At school")
    assert [(field["label"], field["pieces"]) for field in row.fields] == [
        ("Who will do it?", [("gone", "Rosa"), ("new", "Rosa, Ana")]),
        ("By when?", [("new", "Sunday, March 1, 2026")]),
        ("How is it going?", [("gone", "Not started"), ("new", "Done")]),
    ]


@pytest.mark.parametrize(
    ("order", "moved"),
    [
        ([1, 2, 3, 4], {}),
        ([4, 1, 2, 3], {4: (4, 1)}),
        ([2, 3, 4, 1], {1: (1, 4)}),
        ([2, 1, 3, 4], {2: (2, 1)}),
        ([5, 2, 6, 1, 4], {2: (2, 1)}),  # two came and one went: neither moved the others
    ],
)
def test_as_few_parts_as_can_be_are_told_as_moved(order, moved):
    before = EMPTY | {"needs": [need(pk, str(pk)) for pk in (1, 2, 3, 4)]}
    after = EMPTY | {"needs": [need(pk, str(pk)) for pk in order]}
    found = {row.item_id: row.places for _heading, rows in differences(before, after) for row in rows if row.places}
    if 2 in moved:  # of two that changed places either one may be told
        assert len(found) == 1 and set(found) <= {1, 2}
    else:
        assert found == moved


def test_a_strength_that_the_reader_does_not_see_is_not_told_of():
    idea = {"id": 1, "goal": 1, "text": "Lunch", "choice": "idea", "strength": None, "friends": "", "section": "plan"}
    before = EMPTY | {"strategies": [idea | {"strength": 77}]}
    assert differences(before, EMPTY | {"strategies": [idea]}) == []


def test_plans_from_before_there_were_numbers_are_compared_by_whose_they_are_or_by_their_words():
    old = {
        "words": [{"name": "Rosa", "text": "Dinner", "language": "en", "section": "plan"}],
        "strengths": [{"about": "", "text": "Kind", "section": "plan"}],
        "needs": [], "goals": [], "steps": [],
    }  # fmt: skip
    new = EMPTY | {
        "words": [{"id": 1, "name": "Rosa", "text": "Dinner together", "language": "en", "section": "plan"}],
        "strengths": [{"id": 2, "about": "", "text": "Kind", "section": "plan"}],
    }
    assert [row[:2] for row in told(differences(old, new))] == [("changed", "words")]
    assert not_held(old, new)[:1] == ["Where we are"]


def large(word):
    """A plan of 30 needs, 60 goals and 150 steps, in which every text holds the word."""
    text = " ".join(f"{word} {number}" for number in range(15))
    return EMPTY | {
        "needs": [need(pk, f"{text} {pk}") for pk in range(30)],
        "goals": [
            {"id": pk, "need": pk // 2, "text": f"{pk} {text}", "know": text, "section": "plan"} for pk in range(60)
        ],
        "steps": [step(pk, goal=pk % 60, text=f"{text} {pk}", why=text) for pk in range(150)],
    }


@pytest.mark.alone
def test_a_large_plan_is_compared_in_less_than_a_tenth_of_a_second():
    before, after = large("old"), large("new")
    assert sum(len(rows) for _heading, rows in differences(before, after)) == 240
    took = []
    for _round in range(5):
        start = time.process_time()
        differences(before, after)
        took.append(time.process_time() - start)
    print(f"A large plan is compared in {min(took) * 1000:.0f} ms")
    assert min(took) < 0.1, took


# --- The page --------------------------------------------------------------------------------------------------------
def test_since_the_last_agreed_version_it_says_who_changed_what_and_when(world, sign_in):
    version = agreed(world)
    change(world, world.items["step"], status=StepStatus.DONE)
    added = add_item(team=world.team, item=Need(text="A place for the bike"), by=world.users.caregiver)
    end_item(team=world.team, item=world.items["goal"], by=world.users.dss_worker)
    add_item(team=world.team, item=PlanPart(part=Part.CRISIS_HELPS, text="A walk"), by=world.users.caregiver)
    response = sign_in(world.users.grandmother).get(url(world))
    assert response.context["first"] == version and response.context["second"] is None
    rows = {(row.sort, row.kind): row for row in shown(response)}
    assert rows["new", "need"].item_id == added.pk and rows["gone", "goal"].item_id == world.items["goal"].pk
    assert [change["words"] for change in rows["new", "need"].told] == ["Rosa Delgado added a need"]
    assert rows["gone", "goal"].told[0]["words"].endswith("took away a goal")
    html = response.content.decode()
    assert "<ins><span" in html and "[new:]" in html and "<del><span" in html and "[taken out:]" in html
    assert "A place for the bike" in html and "What helps" in html


def test_between_two_versions_only_what_came_between_them_whichever_is_named_first(world, sign_in):
    first = agreed(world)
    change(world, world.items["need"], text="A second text")
    second = agreed(world)
    change(world, world.items["need"], text="A third text")
    client = sign_in(world.users.caregiver)
    for query in (f"?from={first.number}&to={second.number}", f"?from={second.number}&to={first.number}"):
        response = client.get(url(world, query))
        assert (response.context["first"], response.context["second"]) == (first, second)
        [row] = shown(response)
        assert "second" in plain(response) and "third" not in plain(response)
        assert len(row.told) == 1 and row.told[0]["at"] <= second.put_forward_at


def test_a_need_that_was_moved_is_told_once(world, sign_in):
    agreed(world)
    rows = Need.objects.live().filter(team=world.team).order_by("place", "pk")
    seen = list(rows.values_list("pk", flat=True))
    move_item(team=world.team, rows=rows, item=rows.last(), seen=seen, by=world.users.caregiver, up=True)
    response = sign_in(world.users.caregiver).get(url(world))
    [row] = shown(response)
    assert row.sort == "moved" and abs(row.places[0] - row.places[1]) == 1
    assert "Now it is number" in plain(response) and row.text in plain(response)


def test_each_reads_only_the_parts_that_are_shared_with_them(world, sign_in):
    agreed(world)
    for section in Section.values:
        change(world, world.items[f"need_{section}"], text=f"Other words about {section}")
    for persona, hidden in (
        ("caregiver", set()), ("youth", set()), ("grandmother", set(Section.values) - {"plan", "records"}),
        ("court_counselor", set(Section.values) - {"plan", "records", "court"}),
    ):  # fmt: skip
        response = sign_in(world.people[persona]).get(url(world))
        seen = {section for section in Section.values if f"words about {section}" in plain(response)}
        assert seen == set(Section.values) - hidden, persona
        assert len(shown(response)) == len(seen)
        assert response.context["has_substance_use"] is ("substance_use" in seen)


def test_who_agreed_and_what_everybody_said_to_each(world, sign_in):
    first = agreed(world)
    member = world.members["grandmother"]
    answer_plan(version=first, membership=member, kind="partly", words="Less", by=world.users.grandmother)
    change(world, world.items["need"], text="Another")
    second = put_forward(team=world.team, by=world.users.facilitator, seen_hash=hash_of(content_of(world.team)))
    client = sign_in(world.users.dss_worker)
    response = client.get(url(world, f"?from={first.number}&to={second.number}"))
    sides = response.context["sides"]
    assert [side["version"] for side in sides] == [first, second]
    assert {row.pk for row in sides[0]["answers"]} == {member.pk, world.members["caregiver"].pk}
    assert "It waits for the family" in plain(response) and "agreed on" in plain(response)
    take_back(version=second, by=world.users.facilitator)
    assert "taken back or replaced" in plain(client.get(url(world)))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        *((f"?from={text}&to=now", "from") for text in ("99", "99999999", "now", "x", "")),
        *((f"?from=1&to={text}", "to") for text in ("99", "1", "%00", "")),
    ],
)
def test_a_version_that_there_is_not_is_told_at_its_field(world, sign_in, query, field):
    agreed(world)
    response = sign_in(world.users.caregiver).get(url(world, query))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert "sections" not in response.context and "Error:" in response.content.decode()


def test_before_anything_was_put_forward_there_is_nothing_to_compare(world, sign_in):
    client = sign_in(world.users.caregiver)
    response = client.get(url(world))
    assert response.status_code == 200 and "no version to compare" in plain(response)
    assert client.get(url(world, "?from=1&to=now")).status_code == 422


def test_nothing_that_differs_is_said(world, sign_in):
    agreed(world)
    assert "Nothing is different" in plain(sign_in(world.users.caregiver).get(url(world)))


def test_without_an_agreed_version_the_last_one_that_was_put_forward_is_compared(world, sign_in):
    version = put_forward(team=world.team, by=world.users.facilitator, seen_hash=hash_of(content_of(world.team)))
    response = sign_in(world.users.caregiver).get(url(world))
    assert response.context["first"] == version
    assert ", waits" in plain(response)


def test_the_reading_is_written_down_for_the_family(world, sign_in):
    first = agreed(world)
    change(world, world.items["need"], text="Another")
    second = agreed(world)
    client = sign_in(world.users.dss_worker)
    Event.objects.all().delete()
    client.get(url(world, f"?from={first.number}&to={second.number}"))
    looks = Event.objects.filter(looked=True, family_id=world.family.pk).values_list("verb", "object_id")
    assert list(looks) == [("versions_compared", second.pk)]
    assert "Compared a version of the plan" in plain(
        sign_in(world.users.caregiver).get(reverse("teams:look_list", args=[world.team.pk]))
    )


def test_the_number_of_queries_does_not_grow(world, sign_in):
    agreed(world)
    client = sign_in(world.users.grandmother)
    client.get(url(world))

    def counted(query=""):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(world, query)).status_code == 200
        return len(queries)

    change(world, world.items["need"], text="Text 1")
    one = counted()
    for number in (2, 3):
        agreed(world)
        change(world, world.items["need"], text=f"Text {number}")
        new = add_item(team=world.team, item=Goal(need=world.items["need"], text="More"), by=world.users.caregiver)
        for _more in range(3):
            add_item(team=world.team, item=Step(goal=new, text="More"), by=world.users.caregiver)
    assert counted("?from=1&to=now") == one
    assert one <= 15, one
    assert counted("?from=1&to=3") <= one


def test_the_pages_around_it_lead_there(world, sign_in):
    first = agreed(world)
    change(world, world.items["need"], text="Another")
    client = sign_in(world.users.grandmother)
    assert url(world) in client.get(reverse("teams:plan_detail", args=[world.team.pk])).content.decode()
    second = put_forward(team=world.team, by=world.users.facilitator, seen_hash=hash_of(content_of(world.team)))
    page = client.get(reverse("teams:plan_detail", args=[world.team.pk])).content.decode()
    assert f"{url(world)}?from={first.number}&amp;to={second.number}" in page
    assert url(world) in client.get(reverse("teams:plan_history", args=[world.team.pk])).content.decode()
    page = client.get(reverse("teams:plan_version", args=[world.team.pk, first.number])).content.decode()
    assert f"{url(world)}?from={first.number}&amp;to=now" in page


@pytest.mark.parametrize(
    ("after", "words"),
    [("agreed", "Agreed plan"), ("waits", "Plan that waits for a yes"), ("ended", "Plan that was taken back")],
)
def test_a_version_is_called_what_it_is(world, sign_in, after, words):
    version = put_forward(team=world.team, by=world.users.facilitator, seen_hash=hash_of(content_of(world.team)))
    if after == "agreed":
        agreed(world)
    if after == "ended":
        take_back(version=version, by=world.users.facilitator)
    page = sign_in(world.users.grandmother).get(reverse("teams:plan_version", args=[world.team.pk, version.number]))
    assert f"<title>{words}" in page.content.decode()
