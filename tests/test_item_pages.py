"""Writing the parts of plan and record: added once, changed in place, taken away, brought back; no word is lost."""

import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from zeal import zeal_ignore

from families.enums import Section
from families.models import Strength
from soc_portal.versions.models import Revision
from teams import access
from teams.actions.grants import give_grant
from teams.actions.items import add_item, change_item, end_item
from teams.models import (
    Call,
    Decision,
    Goal,
    Help,
    Mandate,
    Need,
    Note,
    PlanPart,
    Rating,
    Step,
    Strategy,
    Topic,
    WhatIf,
    Words,
)
from tests.typed import drafts_for

RTL = "שלום, נפגשים ביום חמישי — كلنا معًا 🍇👩‍👧‍👦"


def add_url(world, kind, query=""):
    return reverse("teams:item_add", args=[world.team.pk, kind]) + query


def url(world, kind, item, name="item_edit"):
    return reverse(f"teams:{name}", args=[world.team.pk, kind, item.pk])


def plan_url(world):
    return reverse("teams:plan_detail", args=[world.team.pk])


def meeting_url(world):
    return reverse("teams:meeting_detail", args=[world.team.pk, world.meeting.pk])


def fields_of(html):
    """What a browser would send of the page's first editing form: names and values."""
    form = html[html.index('class="editing') :]
    values = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    values |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL))
    return values


def errors(response):
    assert response.status_code == 422
    return re.findall(r'<p class="err".*?</span>\s*(.*?)</span>', response.content.decode(), re.DOTALL)


# --- Adding ----------------------------------------------------------------------------------------------------------
def places(world):
    goal, need, meeting = world.items["goal"].pk, world.items["need"].pk, world.meeting.pk
    return {
        "strength": ("", Strength, {"text": "New"}, plan_url(world)),
        "need": ("", Need, {"text": "New"}, plan_url(world)),
        "goal": (f"?under={need}", Goal, {"text": "New"}, plan_url(world)),
        "part": ("?part=crisis_signs", PlanPart, {"text": "New"}, plan_url(world)),
        "call": ("", Call, {"text": "New"}, plan_url(world)),
        "mandate": ("", Mandate, {"text": "New"}, plan_url(world)),
        "idea": (f"?under={goal}", Strategy, {"text": "New"}, plan_url(world)),
        "rating": (f"?under={goal}", Rating, {"text": "New", "value": "3"}, plan_url(world)),
        "step": (f"?under={goal}", Step, {"text": "New"}, plan_url(world)),
        "step at a meeting": (f"?meeting={meeting}", Step, {"text": "New"}, meeting_url(world)),
        "topic": (f"?under={meeting}", Topic, {"text": "New"}, meeting_url(world)),
        "note": (f"?meeting={meeting}", Note, {"title": "What", "text": "New"}, meeting_url(world)),
        "decision": (f"?meeting={meeting}", Decision, {"text": "New"}, meeting_url(world)),
        "what_if": (f"?meeting={meeting}", WhatIf, {"text": "New"}, meeting_url(world)),
        "help": (f"?meeting={meeting}", Help, {"text": "New"}, meeting_url(world)),
    }


KINDS = [
    "strength",
    "part",
    "call",
    "mandate",
    "need",
    "goal",
    "idea",
    "rating",
    "step",
    "step at a meeting",
    "topic",
    "note",
    "decision",
    "what_if",
    "help",
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("persona", ["caregiver", "grandmother", "dss_worker"])
def test_whoever_reads_the_plan_adds_to_it_with_nothing_but_words(world, sign_in, kind, persona):
    query, model, data, home = places(world)[kind]
    address = add_url(world, kind.split(" ")[0], query)
    client = sign_in(world.people[persona])
    assert client.get(address).status_code == 200
    response = client.post(address, data)
    item = model.objects.get(text="New")
    assert response["Location"] == f"{home}#{kind.split(' ')[0]}-{item.pk}"
    assert item.created_by == world.people[persona]
    record = kind in ("step at a meeting", "topic", "note", "decision", "what_if", "help")
    assert item.section == ("records" if record else "plan")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_the_words_themselves_is_missed(world, sign_in, kind):
    query, model, _data, _home = places(world)[kind]
    count = model.objects.count()
    response = sign_in(world.users.caregiver).post(add_url(world, kind.split(" ")[0], query), {"text": "  "})
    assert len(errors(response)) == (2 if kind == "note" else 1)
    assert model.objects.count() == count


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_sent_twice_adds_one_and_leads_to_it(world, sign_in, kind):
    query, model, data, _home = places(world)[kind]
    client, address = sign_in(world.users.caregiver), add_url(world, kind.split(" ")[0], query)
    data |= {"once": uuid.uuid4().hex}
    first, second = client.post(address, data), client.post(address, data)
    assert first["Location"] == second["Location"]
    assert model.objects.filter(text="New").count() == 1
    client.post(address, data | {"once": uuid.uuid4().hex})
    assert model.objects.filter(text="New").count() == (1 if kind == "part" else 2)  # of a part there is one


def test_a_form_that_was_refused_can_be_sent_again(world, sign_in):
    client, once = sign_in(world.users.caregiver), uuid.uuid4().hex
    response = client.post(add_url(world, "need"), {"text": "", "once": once})
    assert fields_of(response.content.decode())["once"] == once
    client.post(add_url(world, "need"), {"text": "New", "once": once})
    assert Need.objects.filter(text="New").count() == 1


def test_what_belongs_to_something_hidden_absent_or_elsewhere_is_not_found(world, sign_in):
    items = world.items
    wrong = [
        ("goal", ""), ("goal", "?under=x"), ("goal", "?under=²"), ("goal", f"?under={'9' * 30}"),
        ("goal", f"?under={items['need_court'].pk}"), ("goal", f"?under={world.other_need.pk}"),
        ("step", ""), ("step", f"?under={items['court_goal'].pk}"), ("step", f"?meeting={world.court_meeting.pk}"),
        ("topic", ""), ("note", f"?meeting={world.court_meeting.pk}"), ("decision", "?under=999999"),
        ("nonsense", ""), ("meeting", ""),
    ]  # fmt: skip
    client = sign_in(world.users.dss_worker)
    for kind, query in wrong:
        assert client.get(add_url(world, kind, query)).status_code == 404, (kind, query)
        assert client.post(add_url(world, kind, query), {"text": "New"}).status_code == 404, (kind, query)


def test_a_goal_and_its_steps_belong_to_the_section_of_their_need(world, sign_in):
    client = sign_in(world.users.court_counselor)
    client.post(add_url(world, "goal", f"?under={world.items['need_court'].pk}"), {"text": "New"})
    goal = Goal.objects.get(text="New")
    client.post(add_url(world, "step", f"?under={goal.pk}"), {"text": "New step", "section": "plan"})
    assert (goal.section, Step.objects.get(text="New step").section) == ("court", "court")


def test_only_who_sees_more_than_plan_and_records_is_asked_for_the_section(world, sign_in):
    offered = {}
    for persona in ("grandmother", "court_counselor", "caregiver"):
        html = sign_in(world.people[persona]).get(add_url(world, "need")).content.decode()
        select = re.search(r'<select[^>]*name="section".*?</select>', html, re.DOTALL)
        offered[persona] = re.findall(r'<option value="([^"]+)"', select.group()) if select else None
    assert offered == {
        "grandmother": None, "court_counselor": ["plan", "records", "court"], "caregiver": list(Section.values)
    }  # fmt: skip


def test_nobody_puts_anything_where_they_could_not_read_it(world, sign_in):
    client = sign_in(world.users.court_counselor)
    for mischief in ("health", "nonsense", "plan' OR 1=1"):
        response = client.post(add_url(world, "need"), {"text": "New", "section": mischief})
        assert errors(response) == ["You can&#x27;t use this part of the record. Choose another one."]
        response = client.post(
            url(world, "need", world.items["need"]), {"text": "x", "version": 1, "section": mischief}
        )
        assert response.status_code == 422
    sign_in(world.users.grandmother).post(add_url(world, "need"), {"text": "Mine", "section": "court"})
    assert Need.objects.get(text="Mine").section == "plan"
    assert not Need.objects.filter(text="New").exists()
    assert Need.objects.get(pk=world.items["need"].pk).section == "plan"


def test_who_reads_no_plan_adds_to_what_they_read(world, sign_in):
    client = sign_in(world.users.provider)
    response = client.post(add_url(world, "need"), {"text": "New", "section": "mental_health"})
    assert response["Location"] == reverse("teams:team_detail", args=[world.team.pk])
    assert Need.objects.get(text="New").section == "mental_health"


def test_an_exception_lets_read_but_not_write(world, sign_in):
    give_grant(
        team=world.team, user=world.users.jcpc_chair, sections=["plan"], reason="Interpreter",
        until=timezone.now() + timezone.timedelta(days=1), by=world.users.caregiver,
    )  # fmt: skip
    client, need = sign_in(world.users.jcpc_chair), world.items["need"]
    assert client.get(url(world, "need", need, "item_history")).status_code == 200
    for name in ("item_edit", "item_end", "item_restore"):
        assert client.post(url(world, "need", need, name), {"text": "x"}).status_code == 403
    assert client.post(add_url(world, "need"), {"text": "x"}).status_code == 403
    assert "/edit/" not in client.get(plan_url(world)).content.decode()


# --- Steps and strengths ---------------------------------------------------------------------------------------------
def test_a_step_names_who_and_when(world, sign_in):
    carmen, devon = world.members["grandmother"], world.members["court_counselor"]
    data = {"text": "New", "who": [carmen.pk, devon.pk], "due_on": "2027-02-03", "due_words": "after class"}
    sign_in(world.users.caregiver).post(add_url(world, "step", f"?under={world.items['goal'].pk}"), data)
    step = Step.objects.get(text="New")
    assert step.people == [carmen, devon]
    assert (step.due_on.isoformat(), step.due_words, step.status) == ("2027-02-03", "after class", "todo")


@pytest.mark.parametrize("day", ["2027-02-31", "tomorrow", "0001-01-01", "9999-12-31", "1999-12-31", "13/45/2026"])
def test_a_day_that_is_none_is_asked_for_by_the_name_of_who_waits_for_it(world, sign_in, day):
    client, address = sign_in(world.users.caregiver), add_url(world, "step", f"?under={world.items['goal'].pk}")
    response = client.post(address, {"text": "New", "due_on": day, "who": [world.members["grandmother"].pk]})
    assert errors(response) == ["Write a day, so Carmen knows when to start. For example: 10/13/2026."]
    assert fields_of(response.content.decode())["text"] == "New"
    response = client.post(address, {"text": "New", "due_on": day})
    assert errors(response) == ["Write a day as month, day and year. For example: 10/13/2026."]


def test_a_step_is_carried_by_members_of_this_team_only(world, sign_in):
    client, address = sign_in(world.users.caregiver), add_url(world, "step", f"?under={world.items['goal'].pk}")
    for member in ("other_facilitator", "former_member", "proposed"):
        response = client.post(address, {"text": "New", "who": [world.members[member].pk]})
        assert errors(response) == ["One of these people is not on this team. Choose again."]
    assert client.post(address, {"text": "New", "who": ["x"]}).status_code == 422
    assert not Step.objects.filter(text="New").exists()


def test_a_step_keeps_somebody_who_has_left(world, sign_in):
    from teams.actions.memberships import end_membership

    carmen, step = world.members["grandmother"], world.items["step"]
    end_membership(membership=carmen, by=world.users.caregiver, reason="left")
    data = {"text": "Changed", "version": 1, "who": [carmen.pk, world.members["dss_worker"].pk]}
    assert sign_in(world.users.caregiver).post(url(world, "step", step), data).status_code == 302
    assert set(Step.objects.get(pk=step.pk).people) == {carmen, world.members["dss_worker"]}


def test_a_strength_is_of_this_family(world, sign_in):
    from families.models import Person

    client = sign_in(world.users.grandmother)
    stranger = Person.objects.get(name="Jada Walker")
    response = client.post(add_url(world, "strength"), {"text": "New", "person": stranger.pk})
    assert errors(response) == ["This person is not in the family. Choose somebody else."]
    client.post(add_url(world, "strength"), {"text": "New", "person": world.mateo.pk})
    assert Strength.objects.get(text="New").person == world.mateo
    html = client.get(plan_url(world)).content.decode()
    assert "About Mateo. Carmen Ruiz said this" in html


# --- Own words -------------------------------------------------------------------------------------------------------
def test_a_youth_writes_their_own_words_once_and_then_changes_them(world, sign_in):
    client = sign_in(world.users.youth)
    client.post(add_url(world, "words"), {"text": "I want to play soccer."})
    words = Words.objects.get(person=world.mateo)
    assert words.meeting is None
    assert client.get(add_url(world, "words"))["Location"] == url(world, "words", words)
    response = client.post(add_url(world, "words"), {"text": "And to sing."})
    assert response["Location"] == url(world, "words", words)
    assert "And to sing." in client.get(response["Location"]).content.decode()
    assert Words.objects.get(person=world.mateo).text == "I want to play soccer."


def test_the_same_words_sent_twice_are_there_once(world, sign_in):
    client = sign_in(world.users.youth)
    data = {"text": "I want to play soccer.", "once": uuid.uuid4().hex}
    first, second = client.post(add_url(world, "words"), data), client.post(add_url(world, "words"), data)
    assert first["Location"] == second["Location"]
    assert Words.objects.filter(person=world.mateo).count() == 1
    assert drafts_for(world.users.youth, url(world, "words", Words.objects.get(person=world.mateo))) == {}


def test_words_about_a_meeting_stand_beside_those_of_the_plan(world, sign_in):
    client = sign_in(world.users.youth)
    client.post(add_url(world, "words"), {"text": "One"})
    client.post(add_url(world, "words", f"?meeting={world.meeting.pk}"), {"text": "Two"})
    rows = Words.objects.filter(person=world.mateo).order_by("pk").values_list("text", "meeting_id", "section")
    assert list(rows) == [("One", None, "plan"), ("Two", world.meeting.pk, "records")]


@pytest.mark.parametrize("persona", ["grandmother", "dss_worker", "facilitator", "family_partner"])
def test_nobody_else_writes_words_as_the_familys(world, sign_in, persona):
    client, words = sign_in(world.people[persona]), world.items["words"]
    assert client.get(add_url(world, "words")).status_code == 403
    assert client.post(add_url(world, "words"), {"text": "x"}).status_code == 403
    for name in ("item_edit", "item_end", "item_restore"):
        assert client.post(url(world, "words", words, name), {"text": "x", "version": 1}).status_code == 403
    assert client.get(url(world, "words", words, "item_history")).status_code == 200


def test_the_words_of_one_parent_are_not_the_other_parents(world, sign_in):
    words = world.items["words"]
    response = sign_in(world.users.other_household).post(url(world, "words", words), {"text": "x", "version": 1})
    assert response.status_code == 403
    assert Words.objects.get(pk=words.pk).text == "I want us to eat dinner together."


def test_old_words_do_not_come_back_beside_new_ones(world, sign_in):
    client, old = sign_in(world.users.caregiver), world.items["words"]
    client.post(url(world, "words", old, "item_end"))
    client.post(add_url(world, "words"), {"text": "New"})
    response = client.post(url(world, "words", old, "item_restore"), follow=True)
    assert "You have words here already. Change those." in response.content.decode()
    live = Words.objects.live().filter(meeting=None).values_list("text", flat=True)
    assert list(live) == ["New"]


# --- What may be typed -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", [RTL, "a" * 100_000, "🍇" * 100_000, '<script>alert(1)</script> & "co"'])
def test_every_text_is_kept_letter_by_letter(world, sign_in, text):
    client = sign_in(world.users.grandmother)
    client.post(add_url(world, "need"), {"text": text})
    need = Need.objects.latest("pk")
    assert need.text == text
    assert client.get(url(world, "need", need)).status_code == 200
    assert client.get(plan_url(world)).status_code == 200
    client.post(url(world, "need", need), {"text": text + " end", "version": 1, "domain": "home"})
    assert Need.objects.get(pk=need.pk).text == text + " end"
    assert client.get(url(world, "need", need, "item_history")).status_code == 200


def test_a_form_that_changes_nothing_saves_nothing_whatever_the_browsers_line_ends(world, sign_in):
    client = sign_in(world.users.grandmother)
    client.post(add_url(world, "need"), {"text": "one\r\ntwo"})
    need = Need.objects.latest("pk")
    assert need.text == "one\ntwo"
    client.post(url(world, "need", need), {"text": "one\r\ntwo", "version": 1, "domain": "other"})
    assert Need.objects.get(pk=need.pk).version == 1


def test_a_sign_that_cannot_be_saved_and_a_text_too_long_are_said_plainly(world, sign_in):
    client = sign_in(world.users.grandmother)
    response = client.post(add_url(world, "need"), {"text": "a\x00b"})
    assert errors(response) == ["There is a sign in your text that we can&#x27;t save. Delete it or type it again."]
    response = client.post(add_url(world, "need"), {"text": "a" * 200_001})
    assert errors(response) == ["This is too long to save. Please write it in two parts."]
    goal = f"?under={world.items['goal'].pk}"
    response = client.post(add_url(world, "step", goal), {"text": "x", "due_words": "y" * 81})
    assert errors(response) == ["This is too long to save. Please write it in two parts."]


# --- In place, with htmx ---------------------------------------------------------------------------------------------
def same(html):
    """Without what differs from request to request, and without the addresses that only the fragment needs."""
    html = re.sub(r'name="(csrfmiddlewaretoken|draft_owner|once)" value="[^"]*"', "", html)
    return re.sub(r' hx-[a-z-]+="[^"]*"', "", html).strip()


@pytest.mark.parametrize("kind", ["words", "strength", "need", "goal", "step", "topic", "note", "decision"])
def test_the_fragment_is_the_same_part_of_the_full_page(world, sign_in, kind):
    client, item = sign_in(world.users.caregiver), world.items[kind]
    page = client.get(url(world, kind, item)).content.decode()
    part = client.get(url(world, kind, item), headers={"HX-Request": "true"}).content.decode()
    if kind == "step":
        assert part.startswith('<td role="cell" colspan="5" class="wide">')
        part = part.strip().removeprefix('<td role="cell" colspan="5" class="wide">').removesuffix("</td>")
    assert "<html" not in part
    assert same(part) in same(page)


@pytest.mark.parametrize("kind", ["words", "strength", "need", "goal", "step"])
def test_what_is_saved_in_place_is_the_same_as_in_the_plan(world, sign_in, kind):
    client, item = sign_in(world.users.caregiver), world.items[kind]
    data = fields_of(client.get(url(world, kind, item)).content.decode()) | {"text": "Changed in place"}
    response = client.post(url(world, kind, item), data, headers={"HX-Request": "true"})
    part = response.content.decode()
    assert response.status_code == 200
    assert f'id="{kind}-{item.pk}"' in part
    assert "Changed in place" in part
    plan = client.get(plan_url(world)).content.decode()
    assert same(part) in same(plan)
    closed = client.get(url(world, kind, item) + "?close=1", headers={"HX-Request": "true"}).content.decode()
    assert same(closed) == same(part)


def test_an_error_in_place_comes_back_into_the_items_own_place(world, sign_in):
    client, need = sign_in(world.users.caregiver), world.items["need"]
    response = client.post(url(world, "need", need), {"text": "", "version": 1}, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Reswap"]) == (422, "innerHTML")
    assert "<html" not in response.content.decode()


# --- Drafts ----------------------------------------------------------------------------------------------------------
def test_what_was_typed_comes_back_and_goes_once_it_is_saved(world, sign_in):
    client, need = sign_in(world.users.caregiver), world.items["need"]
    path = url(world, "need", need)
    client.post("/drafts/", {"path": path, "text": "Half a sen", "version": 1})
    html = client.get(path).content.decode()
    assert fields_of(html)["text"] == "Half a sen"
    assert "We kept what you typed" in html
    client.post(path, {"text": "Half a sentence", "version": 1})
    assert drafts_for(world.users.caregiver, path) == {}


def test_a_draft_for_one_goal_does_not_appear_under_another_and_is_not_lost(world, sign_in):
    client, goal = sign_in(world.users.caregiver), world.items["goal"]
    here, there = f"?under={goal.pk}", f"?under={world.items['court_goal'].pk}"
    path = add_url(world, "step")
    client.post("/drafts/", {"path": path, "text": "Half a step", "under": f"goal-{goal.pk}"})
    other = client.get(path + there).content.decode()
    assert "Half a step" not in other
    assert f'<a href="{path}{here}">' in other
    assert "data-draft=" not in other
    assert fields_of(client.get(path + here).content.decode())["text"] == "Half a step"


# --- Taking away and bringing back -----------------------------------------------------------------------------------
def test_taking_away_is_asked_first_and_can_be_undone(world, sign_in):
    client, need, goal, step = sign_in(world.users.grandmother), *(world.items[k] for k in ("need", "goal", "step"))
    page = client.get(url(world, "need", need, "item_end")).content.decode()
    assert "You can bring it back" in page
    assert "Its goals and steps are taken away with it." in page
    assert Need.objects.live().filter(pk=need.pk).exists()
    client.post(url(world, "need", need, "item_end"))
    for row in (need, goal, step):
        assert type(row).objects.get(pk=row.pk).ended_by == world.users.grandmother
    response = client.post(url(world, "goal", goal, "item_restore"), follow=True)
    assert "Bring back what this belongs to first." in response.content.decode()
    client.post(url(world, "need", need, "item_restore"))
    response = client.post(url(world, "goal", goal, "item_restore"))
    assert response["Location"] == f"{plan_url(world)}#goal-{goal.pk}"
    assert Goal.objects.live().filter(pk=goal.pk).exists()
    verbs = Revision.objects.filter(kind="teams.goal", item_id=goal.pk).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["added", "ended", "restored"]


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_who_changes_what_was_just_taken_away_is_told_and_keeps_their_words(world, sign_in, htmx):
    client, strength = sign_in(world.users.caregiver), world.items["strength"]
    end_item(team=world.team, item=strength, by=world.users.facilitator)
    path = url(world, "strength", strength)
    response = client.post(path, {"text": "My long text", "version": 1}, headers=htmx)
    html = response.content.decode()
    assert response.status_code == 410
    assert "Andrea Pruitt took this away" in html
    assert "My long text" in html
    response = client.post(url(world, "strength", strength, "item_restore"))
    assert response["Location"] == path
    assert fields_of(client.get(path).content.decode())["text"] == "My long text"
    assert client.get(path).status_code == 200


def test_an_item_of_another_team_or_a_hidden_one_is_not_found(world, sign_in):
    client = sign_in(world.users.dss_worker)
    for kind, item in [
        ("need", world.other_need), ("need", world.items["need_court"]), ("step", world.items["court_step"]),
        ("note", world.items["school_note"]), ("goal", world.items["court_goal"]),
    ]:  # fmt: skip
        for name in ("item_edit", "item_end", "item_history"):
            assert client.get(url(world, kind, item, name)).status_code == 404
            if name != "item_history":
                assert client.post(url(world, kind, item, name), {"text": "x", "version": 1}).status_code == 404
        assert client.post(url(world, kind, item, "item_restore")).status_code == 404
    assert client.get(url(world, "need", world.other_need).replace(f"/{world.team.pk}/", f"/{world.other_team.pk}/")
                      ).status_code == 404  # fmt: skip


# --- History ---------------------------------------------------------------------------------------------------------
def test_the_history_tells_who_did_what_and_marks_the_words_that_changed(world, sign_in):
    need, team = world.items["need"], world.team
    need = change_item(
        team=team, item=need, by=world.users.dss_worker, base_version=1, values={"text": "A need about calm evenings"}
    )
    end_item(team=team, item=need, by=world.users.caregiver)
    html = sign_in(world.users.grandmother).get(url(world, "need", need, "item_history")).content.decode()
    told = re.findall(r"<li class=\"stack stack-s\">\s*<p><b>(.*?)</b>", html)
    assert told == ["Rosa Delgado took away a need", "Denise Whitfield changed a need", "Rosa Delgado added a need"]
    assert re.search(r"<del>.*?plan</del>", html)
    assert re.search(r"<ins>.*?calm evenings</ins>", html)
    assert "A need about " in html
    assert html.count("Bring it back") == 1


def test_the_history_of_a_step_names_people_and_dates(world, sign_in):
    step = world.items["step"]
    change_item(
        team=world.team, item=step, by=world.users.caregiver, base_version=1,
        values={"who": [world.members["provider"]], "status": "stopped", "why": "It was too loud."},
    )  # fmt: skip
    html = sign_in(world.users.grandmother).get(url(world, "step", step, "item_history")).content.decode()
    for words in ("Priya", "Denise", "We stopped doing this", "It was too loud."):
        assert words in html


def test_a_long_history_is_shown_page_by_page_at_the_same_cost(world, sign_in, django_assert_num_queries):
    need, client = world.items["need"], sign_in(world.users.caregiver)
    address = url(world, "need", need, "item_history")
    client.get(address)
    with django_assert_num_queries(13):
        client.get(address)
    for n in range(24):
        with zeal_ignore():
            need = change_item(
                team=world.team, item=need, by=world.users.caregiver, base_version=need.version, values={"text": f"{n}"}
            )
    with django_assert_num_queries(13):
        first = client.get(address).content.decode()
    assert first.count("changed a need") == 20
    assert client.get(address + "?page=2").content.decode().count("a need</b>") == 5


def test_the_history_moves_along_when_an_item_moves_to_a_section(world, sign_in):
    need = world.items["need"]
    client = sign_in(world.users.caregiver)
    client.post(url(world, "need", need), {"text": need.text, "domain": "home", "section": "court", "version": 1})
    assert sign_in(world.users.dss_worker).get(url(world, "need", need, "item_history")).status_code == 404
    assert sign_in(world.users.court_counselor).get(url(world, "need", need, "item_history")).status_code == 200
    assert set(Goal.objects.filter(need=need).values_list("section", flat=True)) == {"court"}


def test_no_kind_is_forgotten():
    from teams.forms.items import FORMS
    from teams.views import telling

    for words in (FORMS, telling.ADD, telling.CHANGE, telling.SAVE, telling.SAVED, telling.TAKE):
        assert set(words) == set(access.ITEMS)
    assert {kind for kind, _verb in telling.DONE} == set(access.ITEMS)


def test_two_texts_are_compared_word_by_word():
    from teams.views.telling import compare

    assert compare("I want peace", "I want peace") == [("same", "I want peace")]
    assert compare("I want some peace", "I want quiet peace") == [
        ("same", "I want "), ("gone", "some "), ("new", "quiet "), ("same", "peace")
    ]  # fmt: skip
    assert compare("", "New") == [("new", "New")]
    assert compare("Old", "") == [("gone", "Old")]
    long_one, long_other = " ".join("ab" * 3000), " ".join("cd" * 3000)
    assert compare(f"x {long_one}", f"x {long_other}")[0][0] == "same"
    pieces = compare("one two one two", "two one")
    assert "".join(text for sort, text in pieces if sort != "new") == "one two one two"
    assert "".join(text for sort, text in pieces if sort != "gone") == "two one"


def test_an_item_without_its_own_place_is_added_at_the_end(world, sign_in):
    sign_in(world.users.grandmother).post(add_url(world, "need"), {"text": "Last"})
    assert add_item  # the world is built with it
    html = sign_in(world.users.grandmother).get(plan_url(world)).content.decode()
    assert html.index("A need about records") < html.index("Last")
