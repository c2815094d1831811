"""How the state and a county are doing: pages, pictures and the file say what has come out, in the same words."""

import csv
import datetime as dt
import io
import re

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from collaboratives.access import visible_number_counties
from collaboratives.actions.numbers import publish_again
from collaboratives.models import County
from collaboratives.views import number_parts as parts
from soc_portal import pictures
from soc_portal.measures.enums import Mark, SocValue
from soc_portal.measures.models import Release, Rollup
from soc_portal.measures.published import Number, Table
from soc_portal.measures.quarters import Quarter
from soc_portal.measures.registry import every_measure, forget_measure, get_measure, measure
from soc_portal.measures.suppression import Shown
from tests.world import PEOPLE

pytestmark = pytest.mark.django_db
STATE = "collaboratives:state_overview"
COUNTY = "collaboratives:county_numbers"
EXPORT = "collaboratives:numbers_export"


@pytest.fixture
def client(world, sign_in):
    return sign_in(world.users.caregiver)


def page(client, name=STATE, status=200, fips=None, **query):
    response = client.get(reverse(name, kwargs={"fips": fips} if fips else {}), query)
    assert response.status_code == status
    return response.content.decode()


def text_of(html):
    """The words of a page, without its markup."""
    words = re.sub(r"<[^>]+>", " ", html[html.index("<main") : html.index("</main>")])
    return " ".join(words.replace("&lt;", "<").replace("&gt;", ">").replace("&#x27;", "'").split())


def cells(html, caption):
    """The rows of the table with this caption."""
    table = next(found for found in re.findall(r"<table.*?</table>", html, re.DOTALL) if caption in found)
    lines = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL) for line in lines]
    return [[re.sub(r"<[^>]+>", "", cell).replace("&lt;", "<").replace("&gt;", ">") for cell in row] for row in rows]


def set_counts(world, slug, fips, part, whole, subjects):
    """Other true counts in the last quarter, and what comes out of them."""
    quarter = world.quarters[-1]
    county = County.objects.get(fips=fips)
    Rollup.objects.filter(measure=slug, county_id=county.pk, month=quarter.start).update(
        numerator=part, denominator=whole, subjects=subjects
    )
    publish_again(quarter=quarter, now=timezone.now())


# --- Who -------------------------------------------------------------------------------------------------------------
def test_everybody_who_is_signed_in_reads_the_numbers_of_every_county_and_nobody_else(world):
    from django.contrib.auth.models import AnonymousUser

    every = set(County.objects.all())
    for slug in PEOPLE:
        assert set(visible_number_counties(world.people[slug])) == every
    assert set(visible_number_counties(AnonymousUser())) == set()


# --- The state's page ------------------------------------------------------------------------------------------------
class TestState:
    def test_it_tells_the_quarter_the_counties_and_the_share_of_the_state(self, client, world):
        words = text_of(page(client))
        assert f"{world.quarters[-1].words}, from 2 of 2 counties." in words
        assert "In the whole state: 19%." in words  # 54 of 280
        assert "We show “<11” when fewer than 11 families are in a number" in words

    def test_four_things_each_with_its_line_in_words_and_what_it_counts(self, client):
        html = page(client)
        cards = re.findall(r'<li class="panel stat fill">.*?</li>\s', html, re.DOTALL)
        assert len(cards) == 4
        assert "North Carolina, from 19% in" in cards[2] and 'role="img"' in cards[2]
        assert "of these, friends, neighbors, kin and community members" in cards[2]
        assert "Aim: 30%" in cards[2]
        assert "spark" not in cards[0]  # too few first meetings for a line

    def test_where_families_wait_comes_first_what_is_furthest_from_its_aim(self, client, world):
        words = text_of(page(client))
        found = words[words.index("Where families wait") : words.index("county by county")]
        # Natural supports are 11 points from 30, steps 4 points from 80; nothing else can be shown.
        assert found.index("Friends and community at the table") < found.index("Steps done in time")
        assert "19% in the state. The aim is 30%." in found and "76% in the state. The aim is 80%." in found
        assert "Durham : 15%" in found and "Alamance : 25%" in found
        assert found.index("Durham") < found.index("Alamance")

    def test_a_county_at_its_aim_is_not_named_and_a_known_bound_below_it_is(self, client, world):
        set_counts(world, "natural-supports", "37001", 60, 120, 20)
        set_counts(world, "natural-supports", "37063", 4, 400, 20)
        words = text_of(page(client))
        found = words[words.index("Where families wait") : words.index("county by county")]
        assert "Durham : under 3%" in found
        assert "Alamance : 50%" not in found

    def test_the_table_of_counties_has_links_to_each_and_the_state_on_top(self, client):
        html = page(client)
        assert cells(html, "by county")[1:] == [
            ["North Carolina", "280", "54", "19%"], ["Alamance", "120", "30", "25%"], ["Durham", "160", "24", "15%"],
        ]  # fmt: skip
        assert f'<a href="{reverse(COUNTY, kwargs={"fips": "37063"})}">Durham</a>' in html

    def test_the_map_is_squares_or_land_of_the_same_colours_and_its_links_are_for_the_mouse(self, client):
        squares, land = page(client), page(client, view="map")
        assert squares.count('<svg class="tiles"') == 3 and '<svg class="land"' not in squares
        assert land.count('<svg class="land"') == 1 and '<svg class="tiles"' not in land
        for html in (squares, land):
            assert re.search(r'tabindex="-1" class="q3"><title>Alamance: 25%</title>', html)
            assert re.search(r'tabindex="-1" class="q1"><title>Durham: 15%</title>', html)
            assert "<option value" in html

    def test_a_small_county_is_nowhere_on_the_page(self, client, world):
        """43 of 71 with 9 families: in no picture, title, sentence, table or file."""
        set_counts(world, "natural-supports", "37063", 43, 71, 9)
        for html in (page(client), page(client, view="map"), page(client, COUNTY, fips="37063")):
            words = text_of(html)
            assert not re.search(r"\b(43|71|61%)", words), words
        table = cells(page(client), "by county")
        assert table[3] == ["Durham", "<11", "<11", "<11"]
        assert table[2] == ["Alamance", "*", "*", "*"]
        assert "Durham: too few to show" in page(client)

    def test_highest_and_lowest_are_named_where_four_can_be_shown(self):
        counties = [County(name=name, fips=name) for name in "ABCDE"]
        shown = {
            name: Shown(Mark.EXACT, part, 100).packed() for name, part in zip("ABCD", (90, 70, 50, 20), strict=True)
        }
        table = Table("m", Quarter(dt.date(2026, 7, 1)), cells=shown | {"E": Shown(Mark.HIGH, whole=500).packed()})
        assert parts.extremes(table, counties) == (
            "Of the counties that can be shown, A and B are highest, at 90% and 70%. "
            "D and C are lowest, at 20% and 50%."
        )
        assert parts.extremes(table, counties[1:]) == ""

    def test_an_earlier_quarter_and_another_measure_can_be_chosen(self, client, world):
        html = page(client, quarter=world.quarters[0].code, measure="steps-in-time")
        assert "Steps done in time, county by county" in html
        assert f"{world.quarters[0].words}, from" in html
        assert f'<option value="{world.quarters[0].code}" selected>' in html
        assert cells(html, "by county")[2] == ["Alamance", "60", "40", "67%"]

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ({"quarter": "2031q1"}, "We do not have numbers for this time."),
            ({"quarter": "x" * 500}, "We do not have numbers for this time."),
            ({"measure": "iq"}, "We do not have this measure."),
            ({"view": "globe"}, "We do not have this kind of map."),
            ({"measure": "\x00'; drop"}, ""),
        ],
    )
    def test_what_is_not_known_gets_a_sentence_and_nothing_half_done(self, client, query, said):
        html = page(client, status=422, **query | ({} if "measure" in query else {"measure": "steps-in-time"}))
        assert said in html
        assert "One thing to fix" in html
        assert "Four things to watch" not in html
        assert "measure" in query or '<option value="steps-in-time" selected>' in html

    def test_before_anything_has_come_out_the_page_says_when_it_will(self, client):
        Release.objects.all().delete()
        assert "No numbers have come out yet" in page(client)
        assert "No numbers have come out yet" in page(client, COUNTY, fips="37001")
        rows = file(client)
        assert rows[1] == ["North Carolina", "–", "–", "–"]

    def test_reading_costs_the_same_with_ten_times_the_counties(self, client, django_assert_max_num_queries):
        page(client)
        with django_assert_max_num_queries(15):
            page(client)

    def test_in_spanish(self, client, world):
        world.users.caregiver.language = "es"
        world.users.caregiver.save()
        with translation.override("en"):  # gives the tests that follow their language back
            words = text_of(page(client))
            assert "Cómo le va a Carolina del Norte" in words
            assert "Dónde esperan las familias" in words
            with translation.override("es"):
                assert world.quarters[-1].words in words


# --- A county's page -------------------------------------------------------------------------------------------------
class TestCounty:
    def test_every_measure_of_the_county_beside_the_states(self, client):
        html = page(client, COUNTY, fips="37001")
        words = text_of(html)
        assert "How Alamance County is doing" in words
        for one in every_measure():
            assert str(one.title) in words
        assert "25% In the state: 19%. The aim: 30%." in words
        rows = cells(html, "Friends and community at the table, Alamance, quarter by quarter")
        assert len(rows) == 9
        assert rows[-1][1:] == ["120", "25%", "19%"]

    def test_a_number_that_cannot_be_shown_says_why(self, client):
        words = text_of(page(client, COUNTY, fips="37001"))
        assert "<11 Too few to show. In the state:" in words  # first meetings: 8 of one county, 12 of both

    @pytest.mark.parametrize("fips", ["37002", "99999", "alamance", "37001x", "３７001", "0"])
    def test_a_county_that_there_is_not_is_not_found(self, client, fips):
        page(client, COUNTY, status=404, fips=fips)


# --- The file --------------------------------------------------------------------------------------------------------
def file(client, **query):
    response = client.get(reverse(EXPORT), query)
    assert response.status_code == 200
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


class TestFile:
    def test_it_holds_the_rows_of_the_page_in_the_same_words(self, client, world):
        set_counts(world, "natural-supports", "37063", 4, 400, 20)
        shown = list(cells(page(client), "by county")[1:])
        rows = file(client)
        assert rows[1 : 1 + len(shown)] == shown
        assert rows[3] == ["Durham", "400", "<11", "under 3%"]
        assert rows[0][0] == "County"
        assert [world.quarters[-1].words] in rows

    def test_its_name_tells_what_is_in_it(self, client, world):
        code = world.quarters[1].code
        response = client.get(reverse(EXPORT), {"measure": "steps-in-time", "quarter": code})
        assert response["Content-Disposition"] == f'attachment; filename="steps-in-time-{code}.csv"'
        assert response["Content-Type"].startswith("text/csv")

    def test_a_name_that_a_spreadsheet_would_run_is_only_shown(self, client):
        County.objects.filter(fips="37063").update(name="=1+1")
        assert ["'=1+1", "160", "24", "15%"] in file(client)

    def test_what_is_not_known_leads_to_the_page_that_says_so(self, client):
        response = client.get(reverse(EXPORT), {"measure": "iq"})
        assert response.status_code == 302
        assert response["Location"] == f"{reverse(STATE)}?measure=iq"


# --- A new measure ---------------------------------------------------------------------------------------------------
@pytest.fixture
def toy(world):
    """A measure as a newcomer would add it: one function."""

    @measure(
        slug="toys", title="Toys in the room", question="Is there something to play with?",
        numerator="meetings with toys", denominator="meetings in rooms", unit="rooms", target=95,
        target_source="us", value=SocValue.CULTURE,
    )  # fmt: skip
    def toys(span):
        """Every county has forty rooms a month, and each third has toys in thirty of them."""
        for county_id in span.county_ids:
            for month in span.months:
                yield from ((county_id, month, room, int(room < 30), 1) for room in range(40))

    yield toys
    forget_measure("toys")


def test_a_new_measure_is_on_every_page_and_in_the_file_after_one_function(client, world, toy):
    from collaboratives.actions.numbers import publish, roll_up
    from soc_portal.measures.quarters import months_back

    now = timezone.now()
    roll_up(months=months_back(timezone.localdate(now), 30), now=now)
    Release.objects.all().delete()
    publish(now=now)
    html = page(client)
    assert '<option value="toys">Toys in the room</option>' in html
    words = text_of(html)
    assert "75% in the state. The aim is 95%. Is there something to play with?" in words
    assert "Toys in the room" in [row[0] for row in cells(html, "Every measure of the state")]
    assert "In the state: 75%. The aim: 95%." in text_of(page(client, COUNTY, fips="37001"))
    assert cells(page(client, measure="toys"), "by county")[2] == ["Alamance", "120", "90", "75%"]
    assert file(client, measure="toys")[2] == ["Alamance", "120", "90", "75%"]


# --- Pictures --------------------------------------------------------------------------------------------------------
def test_a_line_has_gaps_where_nothing_can_be_shown_and_a_dot_at_its_end():
    svg = pictures.spark([None, 50, 60, None, 70], "Words", 90)
    assert svg.count('class="sp-l"') == 1  # one value alone is a dot
    assert svg.count("<circle") == 1
    assert 'aria-label="Words"' in svg
    assert pictures.spark([None, None], "Nothing", None).count("<path") == 0
    assert pictures.spark([], "Nothing").startswith("<svg")
    assert "&lt;b&gt;" in pictures.spark([1, 2], "<b>")


def test_the_map_has_each_county_of_the_state_once_and_no_two_tiles_on_one_place():
    from collaboratives.actions.reference import COUNTIES_OF_THE_STATE
    from soc_portal.pictures.maps import tiles
    from soc_portal.settings import BASE_DIR

    facts = csv.DictReader((BASE_DIR / "collaboratives/data/nc_counties.csv").read_text().splitlines())
    assert set(tiles()) == {row["fips"] for row in facts}
    assert len(set(tiles().values())) == COUNTIES_OF_THE_STATE == 100
    cell = {"css": "q1", "text": "<b>", "title": "<i>", "url": "/x"}
    drawn = "".join(svg for _name, svg in pictures.tile_map(dict.fromkeys(tiles(), cell)))
    assert drawn.count("<rect") == 100 and "<b>" not in drawn and "<i>" not in drawn
    assert pictures.land_map(dict.fromkeys(tiles(), cell)).count("<path") == 100
    assert len(set(re.findall(r'class="tm-a"[^>]*>([^<]+)<', drawn))) == 100  # every short name once


@pytest.mark.parametrize(
    ("shown", "css"),
    [
        (Shown(Mark.EXACT, 16, 100), "q1"), (Shown(Mark.EXACT, 17, 100), "q2"), (Shown(Mark.EXACT, 21, 100), "q3"),
        (Shown(Mark.EXACT, 29, 100), "q4"), (Shown(Mark.EXACT, 30, 100), "q5"), (Shown(Mark.LOW, whole=100), "q1"),
        (Shown(Mark.LOW, whole=40), "qs"), (Shown(Mark.HIGH, whole=100), "q5"), (Shown(Mark.HIGH, whole=21), "q5"),
        (Shown(Mark.FEW), "qs"), (Shown(Mark.HIDDEN), "qs"), (Shown(Mark.SPLIT, whole=40), "qs"),
        (Shown(Mark.NONE, 0, 0), "qs"), (Shown(Mark.ABSENT), "qn"),
    ],
)  # fmt: skip
def test_a_county_has_the_colour_of_its_band_and_none_where_the_band_is_not_known(shown, css):
    assert parts.css_of(Number(shown), get_measure("natural-supports")) == css


def test_the_legend_names_each_band_of_the_map():
    legend = parts.legend_of(get_measure("natural-supports"))
    assert [words for _css, words in legend][:5] == [
        "under 17%", "17 to 20%", "21 to 25%", "26 to 29%", "30% or more: the aim"
    ]  # fmt: skip
    assert [css for css, _words in legend] == ["q1", "q2", "q3", "q4", "q5", "qs", "qn"]
