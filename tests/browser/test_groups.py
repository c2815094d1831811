"""The pages of groups for other people than the first who may open them, and what they answer to mistakes."""

import time

import pytest
from django.urls import reverse

from collaboratives.actions.groups import change_group
from tests.browser import test_every_page as every

everything, open_as = every.everything, every.open_as  # fixtures
pytestmark = pytest.mark.browser


def page_of(name, who, *args, query="", status=200, first=None):
    address = reverse(f"collaboratives:{name}", args=args) + query
    return every.Page(f"collaboratives:{name}", who, address, status, first)


def pages(world):
    council, closed = world.jcpc.pk, world.local_team.pk
    empty = world.jcpc.seats.filter(terms=None).order_by("number").first().pk
    yield page_of("group_detail", "jcpc_chair", council)
    yield page_of("group_detail", "local_team_chair", closed)
    yield page_of("group_detail", "local_team_chair", world.ccpt.pk)
    yield page_of("group_detail", "state_cochair", world.state_group.pk)
    yield page_of("group_list", "local_team_unsigned")
    yield page_of("group_list", "other_partner")
    yield page_of("group_list", "jcpc_chair", query="?kind=ccpt")
    yield page_of("group_list", "jcpc_chair", query="?kind=nothing", status=422)
    yield page_of("county_detail", "caregiver", world.durham.fips)
    yield page_of("statement_sign", "local_team_unsigned", closed)
    yield page_of("statement_sign", "local_team_unsigned", closed, first=every.send_nothing)
    yield page_of("group_found", "coordinator", first=every.send_nothing)
    yield page_of("term_start", "coordinator", council, empty, first=every.send_nothing)
    yield page_of("group_edit", "coordinator", council, first=edit_what_changed)


def edit_what_changed(page, world):
    group, words = world.jcpc, f"Somebody else's words {time.monotonic_ns()}"
    group.refresh_from_db()
    change_group(group=group, by=world.users.coordinator, base_version=group.version, values={"about": words})
    page.locator("main [name=about]").fill("My own words")
    with page.expect_response(lambda response: response.status == 409):
        every.send(page)
    page.get_by_text(words).first.wait_for()


@pytest.mark.parametrize("language", ["en", "es"])
def test_pages_of_groups_are_accessible_for_everybody_and_never_scroll_sideways(
    chromium,
    everything,
    open_as,
    language,
):
    page = chromium.new_page(locale=language)
    said, faults = every.listen(page, language), {}
    for one in pages(everything):
        status = open_as(page, one, everything, language)
        found = [] if status == one.status else [f"status {status}"]
        found += [*every.faults_in(page), *said]
        said.clear()
        if found:
            faults[f"{one} {one.url}"] = found
    page.close()
    assert faults == {}
