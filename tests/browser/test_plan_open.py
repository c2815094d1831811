"""The plan's page while it stays open: order in place, dragging, and what others change. Two browsers, real pages."""

import re
import time

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from teams.actions.items import add_item, change_item, end_item
from teams.models import Call, Need, Step

SOON = 15_000  # milliseconds: the page asks every 5 seconds


@pytest.fixture
def calls(world):
    first = [world.items["call"]]
    rosa = world.users.caregiver
    return first + [add_item(team=world.team, item=Call(text=name), by=rosa) for name in ("Tonya", "Ray")]


def order_of(world):
    return [row.text for row in Call.objects.live().filter(team=world.team).order_by("place", "pk")]


def shown(page):
    return [text.strip() for text in page.locator(".calls [data-row] b[dir]").all_inner_texts()]


def open_plan(page, world, who, sign_in):
    sign_in(page, world.people[who])
    page.goto(f"/teams/{world.team.pk}/plan/")
    return page


def test_the_buttons_move_in_place_and_keep_the_focus(open_browser, sign_in, world, calls, accessibility_faults):
    page = open_plan(open_browser(), world, "caregiver", sign_in)
    page.evaluate("window.stayed = true")
    ray = page.locator(f"#call-{calls[2].pk}")
    for wanted in (["Carmen", "Ray", "Tonya"], ["Ray", "Carmen", "Tonya"]):
        ray.get_by_role("button", name="Move up").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#news")).to_have_text("It is one place higher now.")
        expect(page.locator(".calls [data-row] b[dir]")).to_have_text(wanted)
        page.wait_for_function(f"document.activeElement.closest('#call-{calls[2].pk}')")
    assert page.evaluate("document.activeElement.value") == "0", "at the top, the focus is on the way down"
    assert order_of(world) == ["Ray", "Carmen", "Tonya"]
    assert page.evaluate("window.stayed")
    assert accessibility_faults(page) == []


def test_a_list_that_changed_meanwhile_is_shown_and_said(open_browser, sign_in, world, calls):
    page = open_plan(open_browser(), world, "caregiver", sign_in)
    end_item(team=world.team, item=calls[1], by=world.users.dss_worker)
    page.locator(f"#call-{calls[2].pk}").get_by_role("button", name="Move up").click()
    expect(page.locator("#news")).to_contain_text("Somebody changed this list just now.")
    expect(page.locator(".calls [data-row] b[dir]")).to_have_text(["Carmen", "Ray"])
    assert order_of(world) == ["Carmen", "Ray"]


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_somebody_drags_an_item_to_its_place(open_browser, sign_in, world, calls, motion):
    page = open_plan(open_browser(1280, 900, reduced_motion=motion), world, "dss_worker", sign_in)
    first, last = (page.locator(f"#call-{calls[at].pk}") for at in (0, 2))
    last.scroll_into_view_if_needed()
    grip, target = last.locator("[data-grip]").bounding_box(), first.bounding_box()
    page.mouse.move(grip["x"] + 10, grip["y"] + 10)
    page.mouse.down()
    page.mouse.move(grip["x"] + 10, target["y"] + 4, steps=12)
    page.mouse.up()
    expect(page.locator("#news")).to_have_text("The new order is saved.")
    assert order_of(world) == ["Ray", "Carmen", "Tonya"] == shown(page)


def test_escape_lets_a_dragged_item_go_back(open_browser, sign_in, world, calls):
    page = open_plan(open_browser(1280, 900), world, "dss_worker", sign_in)
    first, last = (page.locator(f"#call-{calls[at].pk}") for at in (0, 2))
    last.scroll_into_view_if_needed()
    grip, target = last.locator("[data-grip]").bounding_box(), first.bounding_box()
    page.mouse.move(grip["x"] + 10, grip["y"] + 10)
    page.mouse.down()
    page.mouse.move(grip["x"] + 10, target["y"] + 4, steps=12)
    assert shown(page) == ["Ray", "Carmen", "Tonya"]
    page.keyboard.press("Escape")
    page.mouse.up()
    assert shown(page) == order_of(world) == ["Carmen", "Tonya", "Ray"]


def test_what_one_changes_the_other_sees_within_seconds_and_an_open_form_is_left_alone(open_browser, sign_in, world):
    need, step = world.items["need"], world.items["step"]
    rosa = open_plan(open_browser(), world, "caregiver", sign_in)
    denise = open_plan(open_browser(), world, "dss_worker", sign_in)
    rosa.evaluate("window.stayed = true")
    rosa.locator(f"#need-{need.pk}").get_by_role("link", name=re.compile("^Change")).click()
    rosa.locator(f"#need-{need.pk} textarea").first.fill("Half a sentence")
    denise.locator(f"#step-{step.pk}").get_by_role("link", name=re.compile("^Change")).click()
    denise.locator(f"#step-{step.pk} textarea, #step-{step.pk} input[type=text]").first.fill("Ask about the table")
    denise.locator(f"#step-{step.pk} [type=submit]").first.click()
    began = time.monotonic()
    expect(rosa.locator(f"#step-{step.pk}")).to_contain_text("Ask about the table", timeout=SOON)
    print(f"\nseen after {time.monotonic() - began:.1f} s")
    expect(rosa.locator("#news")).to_have_text("Denise Whitfield changed a step")
    assert rosa.locator("#news a").get_attribute("href") == f"#step-{step.pk}"
    assert "is-new" in rosa.locator(f"#step-{step.pk}").get_attribute("class")
    assert rosa.locator(f"#need-{need.pk} textarea").first.input_value() == "Half a sentence"
    assert rosa.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert rosa.evaluate("window.stayed")
    # What is in her way is told when she saves, as ever: nothing is overwritten.
    change_item(
        team=world.team, item=need, by=world.users.dss_worker, base_version=need.version, values={"text": "Other words"}
    )
    expect(rosa.locator("#news")).to_have_text("Denise Whitfield changed a need", timeout=SOON)
    assert rosa.locator(f"#need-{need.pk} textarea").first.input_value() == "Half a sentence"
    rosa.locator(f"#need-{need.pk} [type=submit]").first.click()
    expect(rosa.locator(f"#need-{need.pk}")).to_contain_text("Other words")


def test_asking_whether_there_is_news_costs_a_phone_next_to_nothing(open_browser, sign_in, world):
    page = open_plan(open_browser(), world, "caregiver", sign_in)
    pulse = reverse("teams:plan_pulse", args=[world.team.pk])
    asked = f"performance.getEntriesByType('resource').filter(row => row.name.includes('{pulse}'))"
    end, rows = time.monotonic() + 60, []
    while len(rows) < 3 and time.monotonic() < end:
        page.wait_for_timeout(1000)
        rows = page.evaluate(f"{asked}.map(row => [Math.round(row.duration), row.transferSize, row.encodedBodySize])")
    print(f"\nnothing new: {', '.join(f'{ms} ms and {size} bytes' for ms, size, _body in rows)}")
    assert len(rows) >= 3
    assert max(size for _ms, size, _body in rows) < 2_000
    assert {body for _ms, _size, body in rows} == {0}


def test_new_and_gone_items_come_and_go_with_working_links(open_browser, sign_in, world, calls):
    page = open_plan(open_browser(), world, "caregiver", sign_in)
    new = add_item(team=world.team, item=Need(text="Quiet evenings"), by=world.users.dss_worker)
    end_item(team=world.team, item=calls[1], by=world.users.dss_worker)
    expect(page.locator(f"#need-{new.pk}")).to_contain_text("Quiet evenings", timeout=SOON)
    expect(page.locator(f"#call-{calls[1].pk}")).to_have_count(0)
    page.locator(f"#need-{new.pk}").get_by_role("link", name=re.compile("^Change")).click()
    expect(page.locator(f"#need-{new.pk} textarea").first).to_be_focused()


def test_the_plan_that_is_agreed_to_is_the_one_on_the_screen(open_browser, sign_in, world):
    """While an open form keeps a part as it was, the button that agrees keeps the plan as it was too."""
    need = world.items["need"]
    page = open_plan(open_browser(), world, "caregiver", sign_in)
    before = page.locator("#agree [name=seen_hash]").first.get_attribute("value")
    page.locator(f"#need-{need.pk}").get_by_role("link", name=re.compile("^Change")).click()
    page.locator(f"#need-{need.pk} textarea").first.wait_for()
    change_item(
        team=world.team, item=need, by=world.users.dss_worker, base_version=need.version, values={"text": "Other words"}
    )
    expect(page.locator("#news")).to_have_text("Denise Whitfield changed a need", timeout=SOON)
    assert page.locator("#agree [name=seen_hash]").first.get_attribute("value") == before


def test_without_scripts_nothing_asks_and_the_buttons_work(open_browser, sign_in, world, calls):
    page = open_browser(java_script_enabled=False)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/pulse/" in request.url else None)
    open_plan(page, world, "caregiver", sign_in)
    page.locator(f"#call-{calls[2].pk}").get_by_role("button", name="Move up").click()
    page.wait_for_url("**/plan/#call-*")
    assert "It is one place higher now." in page.locator("main").inner_text()
    assert order_of(world) == ["Carmen", "Ray", "Tonya"]
    assert not page.locator("[data-grip]").first.is_visible()
    page.wait_for_timeout(6000)
    assert asked == []


def test_who_is_signed_out_asks_no_more(open_browser, sign_in, world):
    page = open_plan(open_browser(), world, "dss_worker", sign_in)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/plan/pulse/?" in request.url else None)
    page.context.clear_cookies()
    page.wait_for_timeout(12_000)
    assert len([url for url in asked if "/login/" not in url]) == 1  # where it is led to is no more asking
    add_item(team=world.team, item=Step(goal=world.items["goal"], text="Later"), by=world.users.caregiver)
    assert "Later" not in page.locator("main").inner_text()
