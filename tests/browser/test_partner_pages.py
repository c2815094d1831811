"""Family Partners in every state that the list of all pages does not open: as accessible and narrow as the rest."""

import pytest
from django.urls import reverse

from tests.browser.test_every_page import Page, everything, faults_in, listen, open_as, send_nothing  # noqa: F401
from tests.test_access_matrix import arguments

LIST = "/family-partners/"


def pages(world):
    one = f"{LIST}{world.partner.pk}/"
    yield from (Page("list", who, LIST) for who in ("caregiver", "facilitator", "coordinator"))
    yield Page("list", "caregiver", f"{LIST}?near=all&through=crisis")
    yield Page("nobody fits", "caregiver", f"{LIST}?near=all&speaks=ru")
    yield Page("wrong choice", "caregiver", f"{LIST}?near=zz&speaks=zz")
    yield Page("county list", "coordinator", f"{LIST}?mine=county")
    yield from (Page("profile", who, one) for who in ("caregiver", "family_partner", "coordinator"))
    yield Page("resting", "caregiver", f"{LIST}{world.resting.pk}/")
    yield Page("own", "family_partner", f"{LIST}mine/")
    yield Page("first", "jcpc_parent", f"{LIST}mine/")
    yield Page("wrong profile", "jcpc_parent", f"{LIST}mine/", 200, send_nothing)
    yield Page("wrong address", "coordinator", f"{LIST}name/", 200, send_nothing)
    yield Page("become", "caregiver", f"{LIST}become/")
    yield Page(
        "unlist",
        "other_coordinator",
        reverse("families:partner_unlist", kwargs=arguments(world, "families:partner_unlist")),
    )
    ask = reverse("teams:partner_ask", kwargs=arguments(world, "teams:partner_ask"))
    yield Page("ask in vain", "caregiver", ask)
    yield Page(
        "ask", "other_caregiver", reverse("teams:partner_ask", args=[world.other_team.pk, world.other_partner.pk])
    )


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_state_is_accessible_and_never_scrolls_sideways(chromium, everything, open_as, language):  # noqa: F811
    page = chromium.new_page(locale=language)
    said, faults = listen(page, language), {}
    for one in pages(everything):
        status = open_as(page, one, everything, language)
        found = [] if status == one.status else [f"status {status}"]
        if page.locator("h1:visible").count() != 1:
            found.append("not one heading")
        found += [*faults_in(page), *said]
        said.clear()
        if found:
            faults[f"{one} {one.url}"] = found
    page.close()
    assert faults == {}
