"""What a person meets before signing in: works on a phone, in both languages and colour schemes, without scripts."""

import pytest


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [375, 1280])
def test_the_sign_in_page_is_accessible(open_browser, accessibility_faults, width, language, scheme):
    page = open_browser(width, color_scheme=scheme, locale=language)
    page.goto("/account/login/")
    assert page.locator("html").get_attribute("lang") == language
    assert accessibility_faults(page) == []


def test_no_sideways_scrolling_at_320_pixels(open_browser):
    page = open_browser(320)
    page.goto("/account/login/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_sign_in_page_works_without_scripts(open_browser):
    page = open_browser(java_script_enabled=False)
    page.goto("/account/login/")
    assert page.locator("form").first.is_visible()
