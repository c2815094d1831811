"""The circle of support is true: everybody in it, once, at a seat of the same size that nobody else covers."""

import math
import re
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest

from soc_portal import pictures
from soc_portal.icons import ICONS
from soc_portal.pictures import Table, circle, circle_keys, circle_words, icon, shape, shorten

NS = {"s": "http://www.w3.org/2000/svg"}


def someone(name, kind="family", initials=None):
    return SimpleNamespace(
        seat_kind=kind, initials=initials or name[0], short_name=name, display_name=name, role_words=""
    )


def crowd(n):
    kinds = ["family", "community", "pro", "open"]
    return [someone(f"Name{i}", kinds[i % 4], f"N{i}") for i in range(n)]


def parsed(svg):
    return ET.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def texts(svg, css):
    return [el.text for el in parsed(svg).iter() if (el.get("class") or "").split(" ")[0] == css]


def seats(svg):
    return [el for el in parsed(svg).iter() if re.match(r"is-(family|community|pro|open)$", el.get("class") or "")]


@pytest.mark.parametrize("n", [0, 1, 2, 5, 10, 11, 12, 13, 20, 21, 24])
def test_everybody_has_one_seat_with_initials_and_name(n):
    people = crowd(n)
    svg = circle(people, "Mateo", "& Rosa", "Our team")
    assert len(seats(svg)) == n
    assert texts(svg, "cs-ini") == [p.initials for p in people]
    assert texts(svg, "cs-name") == [p.short_name for p in people]


def test_a_crowd_too_large_for_names_keeps_every_seat_and_every_name_for_screen_readers():
    people = crowd(30)
    svg = circle(people, "Mateo", "", "Our team")
    assert len(seats(svg)) == 30
    assert texts(svg, "cs-name") == []
    description = parsed(svg).find("s:desc", NS).text
    assert all(p.short_name in description for p in people)


@pytest.mark.parametrize("n", [1, 2, 5, 10, 11, 12, 13, 19, 20, 23, 24, 25, 40])
def test_no_seat_covers_another_and_all_lie_inside_the_picture(n):
    table = Table(n)
    places = [table.seat(i)[1:] for i in range(n)]
    for i, (x, y) in enumerate(places):
        assert table.SEAT <= x <= table.WIDTH - table.SEAT
        assert table.SEAT <= y <= table.height - table.SEAT
        for other in places[:i]:
            assert math.dist((x, y), other) >= 2 * table.SEAT


def test_the_first_seat_is_at_the_top_and_ten_seats_sit_round_a_round_table():
    table = Table(10)
    assert table.straight == 0
    _, x, y = table.seat(0)
    assert (x, y) == (pytest.approx(table.x), pytest.approx(table.y - table.ROUND))


def test_only_people_who_were_asked_are_dashed():
    svg = circle([someone("Ana"), someone("James", "open")], "Mateo", "", "Our team")
    assert [el.get("class") for el in seats(svg)] == ["is-family", "is-open"]
    assert svg.count("cs-line is-open") == 1
    assert svg.count("cs-ini is-open") == 1


def test_a_long_name_is_cut_in_the_picture_and_whole_in_the_text():
    svg = circle([someone("Wilhelmina-Charlotte")], "Mateo", "", "Our team")
    assert texts(svg, "cs-name") == ["Wilhelmina…"]
    assert "Wilhelmina-Charlotte" in parsed(svg).find("s:desc", NS).text


def test_names_are_never_markup():
    evil = "<script>alert(1)</script>"
    svg = circle([someone(evil, initials="<b>")], evil, evil, evil, uid="x")
    assert "<script" not in svg
    assert "<b>" not in svg
    assert parsed(svg).find("s:title", NS).text == evil


def test_words_and_key_count_the_same_people():
    people = [someone("Ana"), someone("Tonya", "community"), someone("Ray", "community"), someone("Lee", "open")]
    assert circle_words(people) == "Family: Ana. Friends and community: Tonya, Ray. Asked, no answer yet: Lee."
    assert circle_keys(people) == [
        ("family", "Family: 1"),
        ("community", "Friends and community: 2"),
        ("open", "Asked, no answer yet: 1"),
    ]
    assert circle_words([]) == "Nobody is at the table yet."


def test_the_scale_shows_before_only_when_there_is_a_before():
    assert "sc-w" in pictures.scale10(3, 6, "6 of 10")
    assert "sc-w" not in pictures.scale10(None, 6, "6 of 10")


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_is_wellformed_and_hidden_from_screen_readers(name):
    svg = icon(name)
    assert parsed(svg).get("aria-hidden") == "true"


def test_an_unknown_icon_or_kind_of_seat_is_a_mistake_that_shows():
    with pytest.raises(KeyError):
        icon("sparkles")
    with pytest.raises(ValueError, match="no such kind"):
        shape("boss", 0, 0, 1)


@pytest.mark.parametrize(
    ("text", "cut"), [("abcd", "abcd"), ("abcde", "abcde"), ("abcdef", "abcd…"), ("ab  cd", "ab cd")]
)
def test_shorten_keeps_what_fits(text, cut):
    assert shorten(text, 5) == cut


def test_logo_and_door_are_wellformed():
    for svg in (pictures.mark(), pictures.door(), pictures.key_shape("open")):
        parsed(svg)
