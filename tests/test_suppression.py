"""Nobody is picked out: whoever puts a whole table together learns of a small number no more than its mark.

Two readers try. One is the portal's own (`known_of`), by bounds. The other, in here, knows nothing of it: it writes
down every table that fits what is shown, and looks what they have in common.
"""

from itertools import product

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from soc_portal.measures.enums import Mark
from soc_portal.measures.published import Number
from soc_portal.measures.suppression import (
    MOST_HIDDEN,
    SMALLEST,
    Counted,
    Shown,
    known_of,
    publish,
    told_by,
    weak_spots,
)

EXACT, FEW, LOW, HIGH, SPLIT, HIDDEN = Mark.EXACT, Mark.FEW, Mark.LOW, Mark.HIGH, Mark.SPLIT, Mark.HIDDEN


def counted(part, whole, subjects=None):
    return Counted(part, whole, whole if subjects is None else subjects)


def table(*pairs):
    """Counties a, b, c ... in the order in which they are hidden."""
    return {chr(97 + place): counted(*pair) for place, pair in enumerate(pairs)}


def marks(shown):
    return "".join({EXACT: "E", FEW: "F", LOW: "L", HIGH: "H", SPLIT: "S", HIDDEN: "*", Mark.NONE: "0"}[c.mark] for c in shown.values())  # fmt: skip  # noqa: E501


# --- One county by itself --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("count", "wanted"),
    [
        ((0, 0), Shown(Mark.NONE, 0, 0)),
        ((0, 1), Shown(FEW)),
        ((5, 10), Shown(FEW)),
        ((0, 11), Shown(EXACT, 0, 11)),  # zero may be shown
        ((11, 11), Shown(EXACT, 11, 11)),
        ((11, 22), Shown(EXACT, 11, 22)),
        ((10, 11), Shown(SPLIT, whole=11)),  # part and rest are both small
        ((10, 20), Shown(SPLIT, whole=20)),
        ((1, 12), Shown(SPLIT, whole=12)),  # "fewer than 11, and the rest is not" would be 1
        ((10, 21), Shown(LOW, whole=21)),
        ((11, 21), Shown(HIGH, whole=21)),
        ((1, 400), Shown(LOW, whole=400)),
        ((399, 400), Shown(HIGH, whole=400)),
        ((12, 40, 1), Shown(FEW)),  # forty times one family is one family
        ((12, 40, 10), Shown(FEW)),
        ((12, 40, 11), Shown(EXACT, 12, 40)),
    ],
)
def test_what_is_shown_of_a_county_for_its_own_sake(count, wanted):
    # Beside large counties that hide it, nothing more has to be hidden.
    others = table((100, 200), (100, 200), (8, 9), (3, 9), (9, 100), (91, 100), (0, 3), (6, 6), (3, 7))
    shown, _state = publish({"z": counted(*count), **others})
    assert shown["z"] == wanted


def test_shares_are_rounded_to_whole_percents_and_never_to_all_or_nothing():
    assert Shown(EXACT, 1, 3).percent == 33
    assert Shown(EXACT, 1, 8).percent == 13  # 12.5
    assert Shown(EXACT, 999, 1000).percent == 99
    assert Shown(EXACT, 1, 1000).percent == 1
    assert (Shown(EXACT, 0, 50).percent, Shown(EXACT, 50, 50).percent) == (0, 100)


@given(whole=st.integers(21, 5000), part=st.integers(1, 10))
def test_a_bound_is_true_and_tells_no_more_than_fewer_than_11(whole, part):
    low, high = Shown(LOW, whole=whole), Shown(HIGH, whole=whole)
    for small in (1, part, 10):
        assert 100 * small / whole < low.below
        assert 100 * (whole - small) / whole > high.above
    # It is made from the whole alone, so it is the same for every small part.
    assert (low.percent, high.percent) == (None, None)


# --- The whole table -------------------------------------------------------------------------------------------------
def test_one_small_county_is_not_worked_out_from_the_state():
    shown, state = publish(table((3, 7), (40, 90), (50, 100)))
    assert marks(shown) == "F*E"
    assert state == Shown(EXACT, 93, 197)


def test_the_county_to_hide_is_the_first_in_the_public_order_whatever_it_counts():
    for second, third in (((40, 90), (60, 200)), ((60, 200), (40, 90))):
        shown, _state = publish(table((3, 7), second, third))
        assert marks(shown) == "F*E"


def test_one_small_part_is_not_worked_out_from_the_state_and_its_whole_stays():
    shown, state = publish(table((3, 60), (40, 90), (50, 100)))
    assert marks(shown) == "LSE"
    assert (shown["b"].whole, shown["b"].part) == (90, None)
    assert state.mark == EXACT


def test_many_small_counties_hide_each_other():
    shown, state = publish(table(*[(2, 5)] * 6, (40, 90)))
    assert marks(shown) == "FFFFFF" + "E"
    assert state == Shown(EXACT, 52, 120)


def test_ten_small_counties_that_make_up_eleven_are_not_one_each():
    """Ten counties of "fewer than 11" and a state of 11 would leave 1 or 2 for each."""
    shown, state = publish(table((1, 2), *[(0, 1)] * 9))
    assert state == Shown(HIDDEN)
    assert marks(shown) == "F" * 10


def test_two_counties_alone_lose_the_state_before_they_lose_themselves():
    shown, state = publish(table((3, 7), (0, 11)))
    assert (marks(shown), state.mark) == ("FE", HIDDEN)


def test_where_nobody_or_everybody_has_it_the_state_may_say_so():
    shown, state = publish(table((0, 7), (0, 9), (0, 90)))
    assert state == Shown(EXACT, 0, 106) or state.mark == HIDDEN
    shown, state = publish(table(*[(0, 5)] * 6, (0, 90)))
    assert (state, marks(shown)) == (Shown(EXACT, 0, 120), "FFFFFFE")
    assert known_of(shown, state)["a"].part == (0, 0)
    assert known_of(shown, state)["a"].whole == (1, 10)


def test_a_state_with_few_families_shows_nothing_at_all():
    assert publish({"a": Counted(20, 60, 4), "b": Counted(1, 1, 1)})[1] == Shown(HIDDEN)


def test_a_small_share_of_the_state_is_hidden_and_its_whole_shown():
    shown, state = publish(table((0, 90), (4, 100)))
    assert state == Shown(SPLIT, whole=190)
    assert marks(shown) == "EL"


def test_one_family_alone_in_its_county_is_not_told_by_its_many_meetings():
    shown, state = publish({"a": Counted(30, 40, 1), "b": Counted(60, 90, 30), "c": Counted(300, 900, 200)})
    assert shown["a"] == Shown(FEW)
    assert shown["b"] == Shown(HIDDEN)
    known = known_of(shown, state, most=10**9)["a"]
    assert known.whole[0] == 1 and known.whole[1] >= 119


def test_no_county_and_an_empty_state():
    assert publish({}) == ({}, Shown(Mark.NONE, 0, 0))
    assert publish(table((0, 0), (0, 0))) == (dict.fromkeys("ab", Shown(Mark.NONE, 0, 0)), Shown(Mark.NONE, 0, 0))


def test_what_is_released_holds_nothing_that_is_hidden():
    shown, state = publish(table((3, 7), (40, 90), (50, 100), (3, 60), (57, 60), (5, 15)))
    for cell in [*shown.values(), state]:
        told = cell.packed()
        assert Shown.unpacked(told) == cell
        if cell.mark != EXACT:
            assert cell.part is None
        if cell.mark in (FEW, HIDDEN):
            assert cell.whole is None


# --- The words -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("shown", "cells"),
    [
        (Shown(EXACT, 30, 40), ("40", "30", "75%", "75")),
        (Shown(EXACT, 0, 40), ("40", "0", "0%", "0")),
        (Shown(FEW), ("<11", "<11", "<11", "<11")),
        (Shown(LOW, whole=43), ("43", "<11", "under 24%", "<24%")),
        (Shown(HIGH, whole=43), ("43", "33 or more", "over 76%", ">76%")),
        (Shown(SPLIT, whole=15), ("15", "<11", "<11", "<11")),
        (Shown(SPLIT, whole=60), ("60", "*", "*", "*")),
        (Shown(HIDDEN), ("*", "*", "*", "*")),
        (Shown(Mark.NONE, 0, 0), ("0", "0", "none", "0")),
        (Shown(Mark.ABSENT), ("–", "–", "–", "–")),
    ],
)
def test_each_mark_in_words(shown, cells):
    number = Number(shown)
    assert (number.whole, number.part, number.share, number.tile) == cells


# --- A reader who tries every table ----------------------------------------------------------------------------------
def fits(cell, cap):
    """Every (part, whole) that the mark of a county can stand for, whole up to `cap`."""
    wholes = range(cap + 1)
    if cell.mark in (EXACT, Mark.NONE):
        return {(cell.part, cell.whole)}
    if cell.mark == FEW:
        return {(part, whole) for whole in range(1, 11) for part in range(whole + 1)}
    if cell.mark == HIDDEN:
        return {(part, whole) for whole in wholes if whole >= SMALLEST for part in range(whole + 1)}
    parts = range(cell.whole + 1)
    if cell.mark == LOW:
        return {(part, cell.whole) for part in parts if 1 <= part <= 10 and cell.whole - part >= SMALLEST}
    if cell.mark == HIGH:
        return {(part, cell.whole) for part in parts if 1 <= cell.whole - part <= 10 and part >= SMALLEST}
    small = {(part, cell.whole) for part in parts if 0 < part < SMALLEST or 0 < cell.whole - part < SMALLEST}
    large = {(part, cell.whole) for part in parts if min(part, cell.whole - part) >= SMALLEST}
    return large or small


def every_table(shown, state, cap):
    """What each county can be in a table that adds up to the state; sums of the others are made step by step."""
    options = {key: fits(cell, cap) for key, cell in shown.items()}

    def sums(keys):
        found = {(0, 0)}
        for key in keys:
            found = {(p + q, w + v) for (p, w), (q, v) in product(found, options[key])}
            if state.whole is not None:
                found = {(p, w) for p, w in found if w <= state.whole and (state.part is None or p <= state.part)}
        return found

    def is_state(part, whole):
        return (state.whole is None or whole == state.whole) and (state.part is None or part == state.part)

    left = {}
    for key in shown:
        others = sums(other for other in shown if other != key)
        left[key] = {
            (part, whole)
            for part, whole in options[key]
            if state.whole is None or any(is_state(part + p, whole + w) for p, w in others)
        }
    return left


def bounds(found):
    parts, rests, wholes = zip(*((part, whole - part, whole) for part, whole in found), strict=True)
    return tuple((min(side), max(side)) for side in (parts, rests, wholes))


small_counts = st.integers(0, 34).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
quiet = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


@settings(quiet, max_examples=25)  # each tries every table there could be: a second or two
@given(st.lists(small_counts, min_size=1, max_size=4))
def test_the_reader_who_tries_every_table_finds_what_the_bounds_say_and_pins_no_hidden_number(pairs):
    counts = table(*pairs)
    shown, state = publish(counts)
    left = every_table(shown, state, cap=state.whole or 40)
    known = known_of(shown, state)
    for key, count in counts.items():
        cell = shown[key]
        assert (count.part, count.whole) in left[key]  # what is shown is true
        parts, rests, wholes = bounds(left[key])
        if cell.mark in (EXACT, Mark.NONE):
            continue
        if state.whole is not None:
            assert (parts, rests, wholes) == (known[key].part, known[key].rest, known[key].whole)
        none, every = state.mark == EXACT and state.part == 0, state.mark == EXACT and state.part == state.whole
        if cell.mark == FEW:  # no more than the mark says: from 1 to 10, and any part of it
            assert wholes == (1, 10)
            assert parts == ((0, 0) if none else (1 if every else 0, 10))
        elif cell.mark == LOW:
            assert parts == (1, 10)
        elif cell.mark == HIGH:
            assert rests == (1, 10)
        elif cell.mark == SPLIT and cell.whole <= 20:
            assert parts == (1, cell.whole - 1)
        else:
            assert none or every or len({part for part, _whole in left[key]}) > 1
            assert cell.mark == SPLIT or len({whole for _part, whole in left[key]}) > 1


@st.composite
def states(draw):
    """Tables as large as the state, with many small counties or few."""
    largest = draw(st.sampled_from([12, 30, 60, 400]))
    wholes = draw(st.lists(st.integers(0, largest), min_size=1, max_size=100))
    share = draw(st.sampled_from([0, 0.02, 0.3, 0.9, 0.99, 1]))
    times = draw(st.sampled_from([1, 1, 4]))
    rows = {}
    for place, whole in enumerate(wholes):
        part = min(whole, max(0, round(whole * share) + draw(st.integers(-2, 2))))
        rows[str(place)] = Counted(part * times, whole * times, whole)
    return rows


@settings(max_examples=300, deadline=None)
@given(states())
def test_no_small_number_of_a_whole_state_is_narrowed_down(counts):
    shown, state = publish(counts)
    most = 10 if all(count.whole <= 10 for count in counts.values() if 0 < count.subjects < SMALLEST) else 10**9
    assert weak_spots(shown, state, most=most) == {}
    known = known_of(shown, state, most=most)
    for key, cell in shown.items():
        count, told = counts[key], known[key]
        assert told.part[0] <= count.part <= told.part[1]
        assert told.whole[0] <= count.whole <= told.whole[1]
        if cell.mark in (FEW, LOW, HIGH):
            assert told.holds(told_by(cell, state))
        for number in (cell.part, cell.whole, None if cell.part is None else cell.whole - cell.part):
            assert number is None or number == 0 or number >= SMALLEST  # 1 to 10 stands nowhere
    for number in (state.part, state.whole):
        assert number is None or number == 0 or number >= SMALLEST


@settings(max_examples=200, deadline=None)
@given(states())
def test_the_sums_of_what_is_shown_are_never_subtracted_to_a_small_number(counts):
    """The plainest attack: the state less everything that is shown."""
    shown, state = publish(counts)
    assume(state.whole)
    hidden = [key for key, cell in shown.items() if cell.whole is None]
    if len(hidden) == 1:
        rest = state.whole - sum(cell.whole for cell in shown.values() if cell.whole is not None)
        assert rest >= SMALLEST
    assert len(hidden) != 1 or shown[hidden[0]].mark == HIDDEN


@settings(max_examples=100, deadline=None)
@given(states())
def test_little_is_hidden_for_the_sake_of_others(counts):
    shown, state = publish(counts)
    for_others = [c for c in shown.values() if c.mark == HIDDEN or (c.mark == SPLIT and c.whole > 20)]
    assert len(for_others) <= MOST_HIDDEN
    if state.mark == HIDDEN:
        assert not for_others


def test_a_table_that_gives_a_county_away_is_seen():
    """The reader himself: what `publish` would never let out."""
    shown = {"a": Shown(FEW), "b": Shown(EXACT, 40, 90)}
    assert weak_spots(shown, Shown(EXACT, 43, 97)) == {"a": True}
    assert known_of(shown, Shown(EXACT, 43, 97))["a"].whole == (7, 7)
    shown = {"a": Shown(LOW, whole=60), "b": Shown(EXACT, 40, 90)}
    assert weak_spots(shown, Shown(EXACT, 43, 150)) == {"a": False}
