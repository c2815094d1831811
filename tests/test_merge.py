"""Two people write the same thing at once: both keep their words, and nothing is lost."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from zeal import zeal_ignore

from soc_portal.versions.models import Revision
from teams.actions.items import change_item, move_item
from teams.models import Goal, Need, Step
from tests.test_item_pages import fields_of, plan_url, url
from tests.typed import drafts_for


def browser(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def two(world):
    """Rosa and the social worker, each with the same form open."""
    return browser(world.users.caregiver), browser(world.users.dss_worker)


def typed(client, address):
    """The fields of the open form, ready to be sent again as they are."""
    return fields_of(client.get(address).content.decode())


def test_two_editors_of_one_text_put_both_together(world, two):
    rosa, denise = two
    goal, address = world.items["goal"], url(world, "goal", world.items["goal"])
    of_rosa, of_denise = typed(rosa, address), typed(denise, address)
    assert denise.post(address, of_denise | {"text": "Denise's words"}).status_code == 302
    response = rosa.post(address, of_rosa | {"text": "Rosa's words"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "What Denise Whitfield saved" in html
    assert "Denise Whitfield saved a change here while you were writing" in html
    assert "Denise&#x27;s words" in html
    assert "Rosa&#x27;s words" in html
    again = fields_of(html)
    assert (again["text"], again["version"]) == ("Rosa&#x27;s words", "2")
    assert Goal.objects.get(pk=goal.pk).text == "Denise's words"
    rosa.post(address, again | {"text": "Denise's words and Rosa's words"})
    goal = Goal.objects.get(pk=goal.pk)
    assert (goal.text, goal.version, goal.updated_by) == ("Denise's words and Rosa's words", 3, world.users.caregiver)
    kept = Revision.objects.filter(kind="teams.goal", item_id=goal.pk).order_by("version")
    assert [row.state["text"] for row in kept][1:] == ["Denise's words", "Denise's words and Rosa's words"]


def test_what_was_not_saved_stays_as_a_draft_until_it_is(world, two):
    rosa, denise = two
    address = url(world, "goal", world.items["goal"])
    of_rosa, of_denise = typed(rosa, address), typed(denise, address)
    denise.post(address, of_denise | {"text": "Denise's words"})
    rosa.post(address, of_rosa | {"text": "Rosa's words"})
    kept = drafts_for(world.users.caregiver, address)
    assert (kept["text"], kept["version"]) == ("Rosa's words", 1)
    html = rosa.get(address).content.decode()  # she closed the page and came back: the merge waits for her
    assert fields_of(html)["text"] == "Rosa&#x27;s words"
    response = rosa.post(address, {"text": "Rosa's words", "version": fields_of(html)["version"]})
    assert response.status_code == 409
    rosa.post(address, {"text": "Both", "version": "2"})
    assert drafts_for(world.users.caregiver, address) == {}


def test_different_fields_merge_silently(world, two):
    rosa, denise = two
    address = url(world, "goal", world.items["goal"])
    of_rosa, of_denise = typed(rosa, address), typed(denise, address)
    assert denise.post(address, of_denise | {"how_we_will_know": "The school tells us"}).status_code == 302
    assert rosa.post(address, of_rosa | {"text": "Rosa's words"}).status_code == 302
    goal = Goal.objects.get(pk=world.items["goal"].pk)
    assert (goal.text, goal.how_we_will_know) == ("Rosa's words", "The school tells us")


def test_a_merge_of_one_field_brings_the_others_change_of_another_along(world, two):
    """Denise changed both; Rosa, only the text: her old "how we will know" must not come back with the merge."""
    rosa, denise = two
    address = url(world, "goal", world.items["goal"])
    of_rosa, of_denise = typed(rosa, address), typed(denise, address)
    denise.post(address, of_denise | {"text": "Denise's words", "how_we_will_know": "The school tells us"})
    html = rosa.post(address, of_rosa | {"text": "Rosa's words"}).content.decode()
    assert "The school tells us" in html
    assert re.findall(r'<div class="differ">', html) == ['<div class="differ">']
    rosa.post(address, {key: value for key, value in fields_of(html).items() if key != "text"} | {"text": "Both"})
    goal = Goal.objects.get(pk=world.items["goal"].pk)
    assert (goal.text, goal.how_we_will_know) == ("Both", "The school tells us")


def test_every_field_that_clashes_is_put_side_by_side(world, two):
    rosa, denise = two
    step, members = world.items["step"], world.members
    address = url(world, "step", step)
    base = {"text": step.text, "version": 1, "status": "todo", "due_on": step.due_on.isoformat()}
    theirs = {"text": "Denise's step", "who": [members["dss_worker"].pk], "due_words": "each Monday"}
    assert denise.post(address, base | theirs).status_code == 302
    mine = {"text": "Rosa's step", "who": [members["caregiver"].pk, members["grandmother"].pk], "needs_help": "on"}
    response = rosa.post(address, base | mine)
    html = response.content.decode()
    assert response.status_code == 409
    assert html.count('<div class="differ">') == 2  # what, and who; the others merge
    assert "Rosa Delgado, Carmen Ruiz" in html or "Carmen Ruiz, Rosa Delgado" in html
    assert '<input type="hidden" name="due_words" value="each Monday"' in html
    assert '<input type="hidden" name="needs_help" value="True"' in html
    final = {
        "text": "Both", "who": [members["dss_worker"].pk, members["caregiver"].pk], "due_words": "each Monday",
        "needs_help": "True", "status": "todo", "due_on": step.due_on.isoformat(), "why": "", "version": 2,
    }  # fmt: skip
    assert rosa.post(address, final).status_code == 302
    step = Step.objects.get(pk=step.pk)
    assert (step.text, step.due_words, step.needs_help, step.version) == ("Both", "each Monday", True, 3)
    assert step.people == sorted([members["dss_worker"], members["caregiver"]], key=lambda member: member.pk)


def test_a_third_editor_during_the_merge_leads_to_another_merge(world, two):
    rosa, denise = two
    goal, address = world.items["goal"], url(world, "goal", world.items["goal"])
    of_rosa = typed(rosa, address)
    denise.post(address, typed(denise, address) | {"text": "Denise's words"})
    again = fields_of(rosa.post(address, of_rosa | {"text": "Rosa's words"}).content.decode())
    change_item(
        team=world.team, item=Goal.objects.get(pk=goal.pk), by=world.users.grandmother, base_version=2,
        values={"text": "Carmen's words"},
    )  # fmt: skip
    response = rosa.post(address, again | {"text": "Both"})
    assert response.status_code == 409
    assert "What Carmen Ruiz saved" in response.content.decode()
    assert Goal.objects.get(pk=goal.pk).text == "Carmen's words"


def test_both_mark_a_step_as_done_on_different_days(world, two):
    rosa, _denise = two
    step = world.items["step"]
    data = {"text": step.text, "version": 1, "due_on": step.due_on.isoformat(), "status": "done"}
    data |= {"who": [member.pk for member in step.people]}
    change_item(team=world.team, item=step, by=world.users.dss_worker, base_version=1, values={"status": "done"})
    Step.objects.filter(pk=step.pk).update(done_on="2026-01-02")
    Revision.objects.filter(kind="teams.step", item_id=step.pk, version=2).delete()
    assert rosa.post(url(world, "step", step), data).status_code == 302
    assert Step.objects.get(pk=step.pk).done_on.isoformat() == "2026-01-02"


def test_the_same_change_by_both_is_no_clash(world, two):
    rosa, denise = two
    address = url(world, "goal", world.items["goal"])
    of_rosa, of_denise = typed(rosa, address), typed(denise, address)
    denise.post(address, of_denise | {"text": "The same words"})
    assert rosa.post(address, of_rosa | {"text": "The same words"}).status_code == 302
    assert Goal.objects.get(pk=world.items["goal"].pk).version == 2


def test_the_same_form_sent_twice_changes_it_once(world, two):
    rosa, _denise = two
    address = url(world, "need", world.items["need"])
    data = {"text": "Changed", "version": 1, "domain": "fun", "section": "plan"}
    assert rosa.post(address, data)["Location"] == rosa.post(address, data)["Location"]
    assert Need.objects.get(pk=world.items["need"].pk).version == 2


@pytest.mark.parametrize("version", ["", "x", "0", "999", "-1", "²"])
def test_a_form_that_does_not_say_what_it_was_built_on_overwrites_nothing(world, two, version):
    rosa, denise = two
    address = url(world, "need", world.items["need"])
    denise.post(address, {"text": "Denise's words", "version": 1, "domain": "home"})
    response = rosa.post(address, {"text": "Rosa's words", "version": version, "domain": "home"})
    assert response.status_code == 409
    assert Need.objects.get(pk=world.items["need"].pk).text == "Denise's words"


def test_a_need_that_moved_meanwhile_is_changed_all_the_same(world, two):
    rosa, _denise = two
    need = world.items["need"]
    rows = Need.objects.live().filter(team=world.team).order_by("place", "pk")
    seen = list(rows.values_list("pk", flat=True))
    move_item(team=world.team, rows=rows, item=need, seen=seen, by=world.users.dss_worker, up=False)
    place = Need.objects.get(pk=need.pk).place
    response = rosa.post(url(world, "need", need), {"text": "Changed", "version": 1, "domain": "home"})
    assert response.status_code == 302
    need = Need.objects.get(pk=need.pk)
    assert (need.text, need.place) == ("Changed", place)


def test_in_place_the_merge_comes_into_the_items_own_place(world, two):
    rosa, denise = two
    need, htmx = world.items["need"], {"HX-Request": "true"}
    address = url(world, "need", need)
    denise.post(address, {"text": "Denise's words", "version": 1, "domain": "home"})
    response = rosa.post(address, {"text": "Rosa's words", "version": 1, "domain": "home"}, headers=htmx)
    html = response.content.decode()
    assert (response.status_code, response["HX-Reswap"]) == (409, "innerHTML")
    assert "<html" not in html
    response = rosa.post(address, fields_of(html) | {"text": "Both", "domain": "home"}, headers=htmx)
    assert response.status_code == 200
    assert f'<header id="need-{need.pk}">' in response.content.decode()
    assert "Both" in rosa.get(plan_url(world)).content.decode()


def test_long_texts_in_other_scripts_merge_too(world, two):
    rosa, denise = two
    address = reverse("teams:item_edit", args=[world.team.pk, "need", world.items["need"].pk])
    long, rtl = "א" * 100_000, "שלום 🍇"
    denise.post(address, {"text": long, "version": 1, "domain": "home"})
    html = rosa.post(address, {"text": rtl, "version": 1, "domain": "home"}).content.decode()
    assert long in html
    assert fields_of(html)["text"] == rtl
    rosa.post(address, fields_of(html) | {"text": long + rtl, "domain": "home"})
    assert Need.objects.get(pk=world.items["need"].pk).text == long + rtl


def test_a_step_that_was_opened_again_meanwhile_stays_open(world, two):
    rosa, denise = two
    step, address = world.items["step"], url(world, "step", world.items["step"])
    change_item(
        team=world.team, item=step, by=world.users.caregiver, base_version=step.version, values={"status": "done"}
    )
    Step.objects.filter(pk=step.pk).update(done_on="2020-01-01")
    Revision.objects.filter(kind="teams.step", item_id=step.pk, version=2).update(
        state=Step.objects.get(pk=step.pk).state()
    )
    of_rosa, of_denise = typed(rosa, address), typed(denise, address)
    assert denise.post(address, of_denise | {"status": "doing", "why": "Not yet"}).status_code == 302
    with zeal_ignore():  # it is read again for the second try
        assert rosa.post(address, of_rosa | {"status": "done", "text": "Rosa's words"}).status_code == 302
    step = Step.objects.get(pk=step.pk)
    assert (step.text, step.status, step.why, step.done_on) == ("Rosa's words", "doing", "Not yet", None)
