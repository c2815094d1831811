"""North Carolina's 100 counties as a picture: equal tiles, or the land itself. Colours come from classes alone."""

import json
from functools import cache

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from soc_portal.pictures.parts import joined, number

FILE = settings.BASE_DIR / "collaboratives" / "data" / "nc_counties_map.json"
TILE, GAP = 44, 3
#: The three panels of the tile map: beside each other on a desk, below each other on a phone.
PANELS = ((_("West"), 1, 8), (_("Center"), 8, 15), (_("East"), 15, 22))


@cache
def _file() -> dict:
    return json.loads(FILE.read_text())


def tiles() -> dict[str, tuple[int, int]]:
    """Column and row of each county's tile, by FIPS number."""
    return {fips: tuple(county["tile"]) for fips, county in _file()["counties"].items()}


def tile_map(cells) -> list[tuple[str, SafeString]]:
    """[(name of the panel, picture)]. `cells` are by FIPS number: `css` q1..q5, qs or qn; `text`; `title`; `url`.

    Hidden from screen readers, and its links from the keyboard: the table beside it has the same words and links.
    """
    return [(name, _panel(cells, first, end)) for name, first, end in PANELS]


def _panel(cells, first, end):
    here = {fips: at for fips, at in tiles().items() if first <= at[0] < end and fips in cells}
    width = (end - first) * (TILE + GAP) - GAP
    height = (1 + max((row for _column, row in here.values()), default=0)) * (TILE + GAP) - GAP
    drawn = joined(
        _tile(cells[fips], _file()["counties"][fips]["short"], (column - first) * (TILE + GAP), row * (TILE + GAP))
        for fips, (column, row) in sorted(here.items())
    )
    return format_html(
        '<svg class="tiles" viewBox="-1 -1 {} {}" aria-hidden="true" focusable="false">{}</svg>',
        width + 2, height + 2, drawn,
    )  # fmt: skip


def _tile(cell, short, x, y):
    return format_html(
        '<a href="{}" tabindex="-1" class="{}"><title>{}</title><rect x="{x}" y="{y}" width="{t}" height="{t}" rx="7"/>'
        '<text class="tm-a" x="{mid}" y="{}">{}</text><text class="tm-v{}" x="{mid}" y="{}">{}</text></a>',
        cell["url"], cell["css"], cell["title"], y + 18, short, " is-long" if len(cell["text"]) > 3 else "", y + 35,
        cell["text"], x=x, y=y, t=TILE, mid=number(x + TILE / 2),
    )  # fmt: skip


def land_map(cells) -> SafeString:
    """The land as it is, of the same cells: for neighbors and distances. Hidden from screen readers as well."""
    file = _file()
    drawn = joined(
        format_html(
            '<a href="{}" tabindex="-1" class="{}"><title>{}</title><path d="{}"/></a>',
            cells[fips]["url"], cells[fips]["css"], cells[fips]["title"], county["d"],
        )
        for fips, county in file["counties"].items()
        if fips in cells
    )  # fmt: skip
    return format_html(
        '<svg class="land" viewBox="-2 -2 {} {}" aria-hidden="true" focusable="false">{}</svg>',
        file["width"] + 4, file["height"] + 4, drawn,
    )  # fmt: skip
