"""Pages for everybody: open without signing in, in plain words, in both languages."""

import re
from html import unescape

import pytest
import textstat
from django.urls import reverse

from soc_portal import pages

#: On PostgreSQL every request tells the second wall who is there, also a visitor's.
pytestmark = pytest.mark.django_db


def words_of(html):
    """The text of a page's main part, one sentence a line."""
    main = re.search(r'<main id="main">(.*?)</main>', html, re.DOTALL)[1]
    main = re.sub(r"<[^>]* hidden>.*?</p></div></div>|<svg.*?</svg>", " ", main, flags=re.DOTALL)
    text = unescape(re.sub(r"<[^>]+>", "\n", main))
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line if line[-1] in ".?!:" else f"{line}." for line in lines if line)


@pytest.mark.parametrize("name", pages.NAMES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_visitor_reads_it_in_both_languages(client, name, language):
    response = client.get(reverse(name), headers={"accept-language": language})
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.content.decode()


@pytest.mark.parametrize("name", pages.NAMES)
def test_it_is_written_for_sixth_graders(client, name):
    text = words_of(client.get(reverse(name)).content.decode())
    assert len(text.split()) > 80
    assert textstat.flesch_kincaid_grade(text) <= 6


@pytest.mark.parametrize("name", pages.NAMES)
def test_it_takes_no_posts(client, name):
    assert client.post(reverse(name)).status_code == 405


def test_every_page_leads_to_all_of_them_and_to_help(client):
    html = client.get(reverse("safety")).content.decode()
    assert all(f'href="{reverse(name)}"' in html for name in pages.NAMES)
    assert 'href="tel:988"' in html


def test_a_visitor_chooses_a_language_and_stays_on_the_page(client):
    answer = client.post(reverse("set_language"), {"language": "es", "next": "/safety/"})
    assert (answer.status_code, answer.url) == (302, "/safety/")
    assert '<html lang="es">' in client.get("/safety/").content.decode()


def test_the_language_switch_leads_to_no_other_site(client):
    answer = client.post(reverse("set_language"), {"language": "es", "next": "https://evil.example/"})
    assert answer.url == "/"


def test_an_unknown_address_gets_the_same_plain_page_as_a_hidden_one(client):
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert "not here, or it is not shared with you" in response.content.decode()
