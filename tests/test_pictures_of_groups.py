"""A group's table and the marks are true for any number: every seat once, none covered, the count as it is."""

import math
from types import SimpleNamespace

import pytest

from soc_portal.pictures import CouncilTable, council, council_keys, marks
from tests.test_pictures import NS, parsed, seats, texts


def places(n, empty=()):
    kinds = ["family", "community", "pro"]
    return [SimpleNamespace(seat_kind="open" if i in empty else kinds[i % 3], number=i + 1) for i in range(n)]


@pytest.mark.parametrize("n", [0, 1, 2, 7, 13, 22, 23, 26, 27, 40, 60, 120])
def test_every_seat_is_drawn_once_with_its_number(n):
    svg = council(places(n), "Table", "All of it", f"{n} of {n}", ("seats are filled", ""))
    assert len(seats(svg)) == n
    assert texts(svg, "cs-num") == [str(i + 1) for i in range(n)]


@pytest.mark.parametrize("n", [1, 2, 7, 13, 22, 23, 26, 27, 40, 60, 120])
def test_no_seat_covers_another_or_the_table_and_all_lie_inside_the_picture(n):
    table = CouncilTable(n)
    spots = [table.seat(i)[1:] for i in range(n)]
    widest = 1.1 * table.SEAT  # a hexagon
    for i, (x, y) in enumerate(spots):
        assert widest <= x <= table.WIDTH - widest
        assert widest <= y <= table.height - widest
        for other in spots[:i]:
            assert math.dist((x, y), other) >= 2 * widest
    assert widest <= table.PLATE - 14  # the glow ends before the seats begin


def test_a_table_of_26_has_the_shape_of_a_long_one_and_a_larger_one_keeps_it():
    long, larger = CouncilTable(26), CouncilTable(80)
    assert 0.5 < long.straight / long.ROUND < 0.56
    assert larger.straight / larger.ROUND == pytest.approx(0.55, abs=0.001)
    assert CouncilTable(10).straight == 0


def test_empty_seats_alone_are_dashed():
    svg = council(places(5, empty={1, 4}), "Table", "Empty: 2, 5.", "3 of 5", ("seats are filled", "2 are waiting"))
    assert [el.get("class") == "is-open" for el in seats(svg)] == [False, True, False, False, True]
    assert svg.count("cs-num is-open") == 2
    assert texts(svg, "cs-centre") == ["3 of 5"]
    assert texts(svg, "cs-with") == ["seats are filled", "2 are waiting"]
    assert parsed(svg).find("s:desc", NS).text == "Empty: 2, 5."


def test_words_on_the_table_are_never_markup():
    svg = council(places(1), "<b>", "<i>", "<script>", ("<u>", "<s>"), uid="x")
    assert "<script" not in svg and "<b>" not in svg and "<u>" not in svg
    assert parsed(svg).find("s:title", NS).text == "<b>"


def test_the_key_counts_the_same_seats():
    assert council_keys(places(7, empty={0})) == [
        ("family", "Family and youth: 2"),
        ("community", "Community: 2"),
        ("pro", "Agencies and courts: 2"),
        ("open", "Empty seats: 1"),
    ]


# --- Marks -----------------------------------------------------------------------------------------------------------
def filled(svg):
    return [el.get("class") for el in parsed(svg).iter() if (el.get("class") or "").startswith("mk-o")]


@pytest.mark.parametrize(("part", "whole"), [(0, 1), (1, 1), (4, 22), (22, 22), (0, 60)])
def test_so_many_of_so_many_are_filled(part, whole):
    svg = marks(part, whole, f"{part} of {whole}")
    assert filled(svg) == ["mk-on"] * part + ["mk-off"] * (whole - part)
    root = parsed(svg)
    assert root.get("aria-label") == f"{part} of {whole}"
    width = float(root.get("width"))
    for el in root.iter():
        if (el.get("class") or "").startswith("mk-o"):
            assert float(el.get("x")) >= 0 and float(el.get("x")) + float(el.get("width")) <= width


def test_the_line_of_what_is_needed_stands_behind_so_many_marks():
    def line(needed, whole):
        path = [el for el in parsed(marks(1, whole, "x", needed=needed)).iter() if el.get("class") == "mk-need"]
        return float(path[0].get("d")[1:].split()[0]) if path else None

    assert 11 * 20 + 14 <= line(12, 22) <= 12 * 20 + 1
    assert line(22, 22) < 22 * 20
    assert line(None, 22) is line(0, 22) is line(23, 22) is None


def test_nothing_to_count_draws_nothing():
    assert marks(0, 0, "0 of 0") == ""
