"""The sun of 1,000 seeds: one seed a Family Partner."""

from math import cos, pi, sin, sqrt

from django.utils.html import format_html
from django.utils.safestring import SafeString

from families.enums import FAMILY_PARTNERS_WANTED

MIDDLE = 500
#: From one seed to the next, as in a sunflower: no two lie in one line, and all are as far apart.
TURN = pi * (3 - sqrt(5))
#: How far apart, so that the last of 1,000 seeds lies within the picture.
STEP = 15.4


def seeds(count: int) -> list[tuple[int, int]]:
    """The places of so many seeds from the middle outwards, in a picture of 1000 by 1000."""
    places = ((STEP * sqrt(number + 0.5), number * TURN) for number in range(count))
    return [(round(MIDDLE + far * cos(turn)), round(MIDDLE + far * sin(turn))) for far, turn in places]


def sun(there: int, training: int, label: str, *, wanted: int = FAMILY_PARTNERS_WANTED) -> SafeString:
    """Full seeds for those who are with families, rings for those in training, empty ones for those still to find.

    Never more than `wanted` seeds: from there on the sun is full, and `label` and table tell the number.
    """
    places = seeds(wanted)
    full, rings, open_ones = places[:there], places[there : there + training], places[there + training :]
    return format_html(
        '<svg class="sun" viewBox="0 0 1000 1000" role="img" aria-label="{}">'
        '<defs><path id="sun-o" d="{}"/><path id="sun-t" d="{}"/></defs>'
        '<use class="su-o" href="#sun-o"/><use class="su-o2" href="#sun-o"/>'
        '<use class="su-t" href="#sun-t"/><use class="su-t2" href="#sun-t"/><path class="su-a" d="{}"/></svg>',
        label, _dots(open_ones), _dots(rings), _dots(full),
    )  # fmt: skip


def _dots(places: list[tuple[int, int]]) -> str:
    """A line of no length at each place: a round end makes a dot of it."""
    return "".join(f"M{x} {y}h0" for x, y in places)
