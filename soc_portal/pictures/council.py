"""A group's table seen from above: a seat for every place that the law names, numbered, the empty ones dashed."""

from collections import Counter
from math import pi

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from soc_portal.pictures.parts import KINDS, joined, number, shape
from soc_portal.pictures.table import Table

ROOM = 43  # what a seat needs along the edge of the table
#: Up to 26 seats the table grows long, as a team's does; for more it grows in both directions and stays this shape.
LONGEST = 0.55


class CouncilTable(Table):
    """A table with smaller seats than a family's: for any number of them."""

    SEAT = 18
    AROUND = 48  # from the middle of a seat to the edge of the picture
    PLATE = 38  # from there to the edge of the table
    SMALLEST = 152

    def __init__(self, seats):
        self.names = False
        need = seats * ROOM
        self.ROUND = max(self.SMALLEST, need / (2 * pi + 2 * LONGEST))
        self.ends = 2 * pi * self.ROUND
        self.straight = max(0.0, (need - self.ends) / 2)
        self.step = (self.ends + 2 * self.straight) / max(seats, 1)
        self.WIDTH = 2 * (self.ROUND + self.AROUND)
        self.x = self.WIDTH / 2
        self.y = (self.WIDTH + self.straight) / 2
        self.height = self.WIDTH + self.straight

    def seat(self, i):
        """(angle, x, y) of seat i; the first one sits to the right of the top, the others follow clockwise."""
        return super().seat(i + 0.5)


def _seat(table, i, place):
    _angle, x, y = table.seat(i)
    is_open = " is-open" if place.seat_kind == "open" else ""
    return shape(place.seat_kind, x, y, table.SEAT) + format_html(
        '<text class="cs-num{}" x="{}" y="{}">{}</text>', is_open, number(x), number(y + 5), place.number
    )


def council(places, title, desc, big, small=("", ""), uid="council") -> SafeString:
    """The table with its seats. `places` have `seat_kind` ("open" for an empty one) and `number`.

    `big` and the two lines of `small` stand on the table, such as "22 of 26", "seats are filled", "4 are waiting".
    """
    places = list(places)
    table = CouncilTable(len(places))
    edge = table.ROUND - table.PLATE
    words = joined(
        format_html('<text class="{}" x="{}" y="{}">{}</text>', css, number(table.x), number(table.y + down), text)
        for css, down, text in [("cs-centre", 2, big), ("cs-with", 30, small[0]), ("cs-with", 53, small[1])]
        if text
    )
    return format_html(
        '<svg class="council" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{uid}-t {uid}-d">'
        '<title id="{uid}-t">{title}</title><desc id="{uid}-d">{desc}</desc>{glow}{plate}{rim}{words}{seats}</svg>',
        width=number(table.WIDTH), height=number(table.height), uid=uid, title=title, desc=desc,
        glow=table.plate("cs-glow", edge + 14), plate=table.plate("cs-table", edge),
        rim=table.plate("cs-rim", edge - 8), words=words,
        seats=joined(_seat(table, i, place) for i, place in enumerate(places)),
    )  # fmt: skip


def council_keys(places):
    """[(kind, words)] for the key under the table: how many seats of each kind there are."""
    words = {
        "family": _("Family and youth: %(count)s"),
        "community": _("Community: %(count)s"),
        "pro": _("Agencies and courts: %(count)s"),
        "open": _("Empty seats: %(count)s"),
    }
    counts = Counter(place.seat_kind for place in places)
    return [(kind, words[kind] % {"count": counts[kind]}) for kind in KINDS if counts[kind]]
