"""Kinds of group come from a file: what it says is loaded, corrected, and refused by its entry, all or nothing."""

import copy
import json

import pytest

from collaboratives.actions.groups import load_group_kinds
from collaboratives.actions.reference import BadFile
from collaboratives.management.commands.load_reference_data import DATA
from collaboratives.models import GroupKind, SeatCategory

pytestmark = pytest.mark.django_db
OURS = (DATA / "group_kinds.json").read_bytes()
KIND = {
    "code": "panel", "name": "Panel", "name_es": "Panel", "level": "county", "starts_on": "2026-01-01", "ends_on": None,
    "open_meetings": True, "quorum": "majority", "source": "test",
    "seats": [{"code": "judge", "name": "Judge", "name_es": "Juez", "count": 1}],
}  # fmt: skip


def load(*kinds):
    return load_group_kinds(content=json.dumps(kinds).encode())


def kind(**changes):
    return copy.deepcopy(KIND) | changes


def seat(**changes):
    return kind(seats=[KIND["seats"][0] | changes])


def test_our_own_file_loads_once_with_the_26_seats_of_the_council_and_a_successor():
    assert load_group_kinds(content=OURS) == GroupKind.objects.count() == 6
    assert load_group_kinds(content=OURS) == 0
    council = GroupKind.objects.get(code="jcpc")
    assert sum(category.count for category in council.categories.all()) == council.max_members == 26
    assert GroupKind.objects.get(code="ccpt").succeeded_by.code == "local-team"
    closed = set(GroupKind.objects.filter(open_meetings=False).values_list("code", "needs_statement"))
    assert closed == {("ccpt", True), ("local-team", True)}
    assert all(category.name_es for category in SeatCategory.objects.all())


def test_families_sit_on_round_seats_and_the_community_on_hexagons():
    load_group_kinds(content=OURS)
    for category in SeatCategory.objects.all():
        assert (category.seat_kind == "family") == category.family_seat
    jcpc = SeatCategory.objects.filter(kind__code="jcpc")
    assert set(jcpc.filter(seat_kind="community").values_list("code", flat=True)) == {
        "faith", "business", "nonprofit", "public",
    }  # fmt: skip


def test_a_correction_changes_the_row_and_takes_nothing_away():
    load(kind())
    assert load(kind(name="Board", meetings_per_year=4, seats=[*KIND["seats"], KIND["seats"][0] | {"code": "da"}])) == 1
    panel = GroupKind.objects.get()
    assert (panel.name, panel.meetings_per_year, panel.categories.count()) == ("Board", 4, 2)
    load(kind(seats=[]))
    assert panel.categories.count() == 2


BAD = [
    ([kind(), kind()], "entry 2: 'panel' comes twice"),
    ([{k: v for k, v in KIND.items() if k != "source"}], "entry 1: source is missing"),
    ([kind(quorom="x")], "entry 1: there is nothing called 'quorom'"),
    ([kind(code="Not A Code")], "entry 1: code must be"),
    ([kind(code="x" * 41)], "entry 1: code must be"),
    ([kind(code=["a"])], "entry 1: code must be"),
    ([kind(level="city")], "entry 1: level must be county or state"),
    ([kind(level=[])], "entry 1: level must be county or state"),
    ([kind(quorum="half")], "entry 1: there is no quorum 'half'"),
    ([kind(starts_on="soon")], "entry 1: 'soon' is not a day"),
    ([kind(ends_on="2025-12-31")], "entry 1: this kind of group ends before it starts"),
    ([kind(open_meetings="yes")], "entry 1: open_meetings must be true or false"),
    ([kind(needs_statement=True)], "entry 1: an open group asks nobody"),
    ([kind(max_members=0)], "entry 1: max_members must be a whole number"),
    ([kind(term_years=2.5)], "entry 1: term_years must be a whole number"),
    ([kind(meetings_per_year=True)], "entry 1: meetings_per_year must be a whole number"),
    ([kind(name="")], "entry 1: name must be a text of 1 to 160"),
    ([kind(source="x" * 301)], "entry 1: source must be a text of 1 to 300"),
    ([kind(succeeded_by="nobody")], "entry 1: there is no kind of group 'nobody'"),
    ([kind(succeeded_by=["panel"])], "entry 1: there is no kind of group"),
    ([kind(seats={"judge": 1})], "entry 1: seats must be a list"),
    ([kind(seats=["judge"])], "entry 1: seats must be a list"),
    ([kind(seats=[{"code": "judge"}])], "entry 1, seat 1: count is missing"),
    ([seat(count=0)], "entry 1, seat 1: count must be a whole number from 1 to 50"),
    ([seat(count="2")], "entry 1, seat 1: count must be a whole number"),
    ([seat(family_seat="no")], "entry 1, seat 1: family_seat must be true or false"),
    ([seat(seat_kind="family")], "entry 1, seat 1: seat_kind must be"),
    ([seat(seat_kind="pro", family_seat=True)], "entry 1, seat 1: seat_kind must be"),
    ([kind(seats=KIND["seats"] * 2)], "entry 1, seat 2: 'judge' comes twice"),
    ([kind(max_members=2, seats=[KIND["seats"][0] | {"count": 3}])], "the seats are 3 together, and max_members is 2"),
]


@pytest.mark.parametrize(("rows", "words"), BAD, ids=[words for _rows, words in BAD])
def test_a_bad_file_is_refused_by_its_entry_and_changes_nothing(rows, words):
    with pytest.raises(BadFile) as refusal:
        load(kind(code="fine"), *rows)
    assert words.replace("entry 1", "entry 2").replace("entry 2: 'panel'", "entry 3: 'panel'") in str(refusal.value)
    assert not GroupKind.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[", "line 1: this is not JSON"),
        (b'{"code": 1}', "must be a list"),
        (b"\xff", "not UTF-8"),
        (b"[1]", "a list"),
    ],
)
def test_what_is_no_list_of_entries_is_refused(content, words):
    with pytest.raises(BadFile, match=words):
        load_group_kinds(content=content)
