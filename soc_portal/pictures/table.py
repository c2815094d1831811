"""The circle of support: a family's table seen from above; and the pictures that go with it."""

from collections import Counter
from math import cos, pi, sin

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from soc_portal.pictures.parts import KINDS, UP, at, joined, number, shape, shorten

NAMES_UP_TO = 24  # above this the picture shows initials only; the names stand in the text beside it
ROOM, ROOM_NO_NAME = 92, 70  # what a seat needs along the edge of the table, with its name and without
LETTERS = 12  # of a name in the picture


class Table:
    """A table seen from above and the places round it, in units of the picture's viewBox.

    Round for up to 10 seats. For more it grows long, as a real one does, so that every name keeps its room.
    """

    WIDTH = 432
    ROUND = 158  # from the middle of the table's end to the middle of a seat
    EDGE = 84  # from there to the edge of the table
    SEAT = 30

    def __init__(self, seats):
        self.names = seats <= NAMES_UP_TO
        self.ends = 2 * pi * self.ROUND
        self.straight = max(0.0, (seats * (ROOM if self.names else ROOM_NO_NAME) - self.ends) / 2)
        self.step = (self.ends + 2 * self.straight) / max(seats, 1)
        self.x = self.WIDTH / 2
        self.y = (self.WIDTH + self.straight) / 2
        self.height = self.WIDTH + self.straight

    def seat(self, i):
        """(angle, x, y): the place of seat i and the direction in which it looks away from the table.

        The first seat is at the top; the others follow clockwise at equal steps along the edge.
        """
        quarter, half = self.ends / 4, self.straight / 2
        walk = i * self.step
        if walk <= quarter:
            return self._at_end(-half, UP + walk / self.ROUND)
        if walk <= quarter + self.straight:
            return 0.0, self.x + self.ROUND, self.y - half + walk - quarter
        if walk <= 3 * quarter + self.straight:
            return self._at_end(half, UP + (walk - self.straight) / self.ROUND)
        if walk <= 3 * quarter + 2 * self.straight:
            return pi, self.x - self.ROUND, self.y + half - (walk - 3 * quarter - self.straight)
        return self._at_end(-half, UP + (walk - 2 * self.straight) / self.ROUND)

    def _at_end(self, shift, angle):
        return (angle, *at(self.x, self.y + shift, self.ROUND, angle))

    def plate(self, css, r):
        """The table's outline with end radius `r`."""
        return format_html(
            '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>',
            css, *map(number, (self.x - r, self.y - self.straight / 2 - r, 2 * r, self.straight + 2 * r, r)),
        )  # fmt: skip


def _line(table, i, kind):
    angle, x, y = table.seat(i)
    x1, y1 = at(x, y, table.EDGE + 8 - table.ROUND, angle)
    x2, y2 = at(x, y, -table.SEAT - 3, angle)
    css = "cs-line is-open" if kind == "open" else "cs-line"
    return format_html('<path class="{}" d="M{} {}L{} {}"/>', css, *map(number, (x1, y1, x2, y2)))


def _seat(table, i, person):
    angle, x, y = table.seat(i)
    is_open = " is-open" if person.seat_kind == "open" else ""
    parts = [
        shape(person.seat_kind, x, y, table.SEAT),
        format_html(
            '<text class="cs-ini{}" x="{}" y="{}">{}</text>', is_open, number(x), number(y + 6), person.initials or "?"
        ),
    ]
    if table.names:
        label_y = y - table.SEAT - 8 if sin(angle) < -0.5 else y + table.SEAT + 18
        # On the lower bends the next seat comes closer from below: the name moves outwards, out of its way.
        label_x = x + (18 if cos(angle) > 0 else -18) * (0.15 < sin(angle) < 0.9)
        name = shorten(person.short_name, LETTERS)
        parts.append(
            format_html('<text class="cs-name" x="{}" y="{}">{}</text>', number(label_x), number(label_y), name)
        )
    return joined(parts)


def _centre(table, centre, with_names):
    long = " is-long" if len(str(centre)) > 8 else ""
    centre, with_names = shorten(centre, 13), shorten(with_names, 15)
    return format_html(
        '<text class="cs-centre{}" x="{x}" y="{}">{}</text><text class="cs-with" x="{x}" y="{}">{}</text>',
        long, number(table.y + (4 if with_names else 11)), centre, number(table.y + 30), with_names, x=number(table.x),
    )  # fmt: skip


def circle(people, centre, with_names, title, desc="", uid="circle") -> SafeString:
    """The circle of support: the child's table seen from above, everyone else at a seat of the same size.

    `people` have `seat_kind`, `initials` and `short_name`; those with kind "open" (asked, not on the team yet) are
    dashed. True for any number of people; above `NAMES_UP_TO` the seats show initials only. Without `desc` screen
    readers get `circle_words`.
    """
    people = list(people)
    table = Table(len(people))
    return format_html(
        '<svg class="{css}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{uid}-t {uid}-d">'
        '<title id="{uid}-t">{title}</title><desc id="{uid}-d">{desc}</desc>{glow}{lines}{plate}{centre}{seats}</svg>',
        css="circle circle-long" if table.straight else "circle",
        width=table.WIDTH, height=number(table.height), uid=uid, title=title, desc=desc or circle_words(people),
        glow=joined(table.plate("cs-glow", r) for r in (128, 108)),
        lines=joined(_line(table, i, p.seat_kind) for i, p in enumerate(people)),
        plate=table.plate("cs-table", 84) + table.plate("cs-rim", 76),
        centre=_centre(table, centre, with_names),
        seats=joined(_seat(table, i, p) for i, p in enumerate(people)),
    )  # fmt: skip


def circle_words(people):
    """The circle of support in sentences: everybody in it, by kind, with the full short name."""
    sentences = {
        "family": _("Family: %(names)s."),
        "community": _("Friends and community: %(names)s."),
        "pro": _("Professionals: %(names)s."),
        "open": _("Asked, no answer yet: %(names)s."),
    }
    names = {kind: [str(p.short_name) for p in people if p.seat_kind == kind] for kind in KINDS}
    said = [sentences[kind] % {"names": ", ".join(names[kind])} for kind in KINDS if names[kind]]
    return " ".join(said) or _("Nobody is at the table yet.")


def circle_keys(people):
    """[(kind, words)] for the key under the circle: how many of each kind are in the picture."""
    words = {
        "family": _("Family: %(count)s"),
        "community": _("Friends and community: %(count)s"),
        "pro": _("Professionals: %(count)s"),
        "open": _("Asked, no answer yet: %(count)s"),
    }
    counts = Counter(p.seat_kind for p in people)
    return [(kind, words[kind] % {"count": counts[kind]}) for kind in KINDS if counts[kind]]


def scale10(was, now, label) -> SafeString:
    """The line from 0 to 10 of "how are we doing": a hollow ring before (None: first time), a filled one now."""

    def x(value):
        return number(14 + value * 27.2)

    ticks = joined(format_html('<path class="sc-t" d="M{} 11v10"/>', x(v)) for v in range(11))
    numbers = joined(format_html('<text class="sc-x" x="{}" y="41">{}</text>', x(v), v) for v in (0, 5, 10))
    before = ""
    if was is not None:
        before = format_html(
            '<path class="sc-m" d="M{was} 16H{now}"/><circle class="sc-w" cx="{was}" cy="16" r="7"/>',
            was=x(was),
            now=x(now),
        )
    return format_html(
        '<svg class="scale" viewBox="0 0 300 44" role="img" aria-label="{}"><path class="sc-b" d="M14 16H286"/>{}{}'
        '<circle class="sc-n" cx="{}" cy="16" r="10"/>{}</svg>',
        label, ticks, before, x(now), numbers,
    )  # fmt: skip


def door() -> SafeString:
    """The picture on the sign-in page: the table with a plan, cups and grapes, and one open seat."""
    cx, cy = 215, 210
    kinds = ("family", "family", "community", "pro", "community", "pro", "open")
    seats = joined(shape(kind, *at(cx, cy, 167, UP + i * 2 * pi / 7), 31) for i, kind in enumerate(kinds))
    cups = format_html_join(
        "",
        '<circle class="tb-cup" cx="{0}" cy="{1}" r="17"/><circle class="tb-tea" cx="{0}" cy="{1}" r="11.5"/>',
        ((150, 158), (287, 150), (150, 262), (255, 300)),
    )
    grapes = format_html_join(
        "",
        '<circle class="tb-grape" cx="{}" cy="{}" r="6"/>',
        ((205, 114), (218, 113), (201, 125), (212, 124), (223, 124), (207, 133), (218, 133)),
    )
    return format_html(
        '<svg class="circle" viewBox="0 0 430 420" aria-hidden="true" focusable="false">'
        '<circle class="cs-glow" cx="215" cy="210" r="208"/><circle class="cs-glow" cx="215" cy="210" r="176"/>'
        '<circle class="cs-table" cx="215" cy="210" r="122"/><circle class="cs-rim" cx="215" cy="210" r="112"/>{}'
        '<g transform="rotate(-9 215 205)"><rect class="tb-paper" x="176" y="158" width="74" height="96" rx="4"/>'
        '<path class="tb-line" d="M188 176h34M188 192h50M188 206h50M188 220h42M188 236h20"/></g>'
        '<path class="tb-pen" d="M262 252l26-44"/>{}<circle class="tb-cup" cx="212" cy="121" r="24"/>{}</svg>',
        seats, cups, grapes,
    )  # fmt: skip
