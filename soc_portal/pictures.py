"""Pictures drawn on the server: inline SVG with classes only, so that a strict content policy holds.

Every function returns safe markup. Text that people wrote goes through `format_html`; everything else is numbers.
"""

from collections import Counter
from math import cos, pi, sin

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from soc_portal.icons import ICONS

KINDS = ("family", "community", "pro", "open")
ONE_RING = 12  # up to this many seats stand in one ring; more stand in two, staggered
NAMES_UP_TO = 24  # above this the picture shows initials only; the names stand in the text beside it
UP = -pi / 2


def number(value):
    """A coordinate with at most one decimal: 12, 12.5."""
    return f"{value:.1f}".removesuffix(".0")


def shorten(text, most):
    """`text` cut to `most` characters with an ellipsis. For pictures only: the full name stands in the text."""
    text = " ".join(str(text).split())
    return text if len(text) <= most else text[: most - 1].rstrip(" ,.-&") + "…"


def icon(name, css="") -> SafeString:
    """One of `ICONS`, hidden from screen readers: the words beside it say the same. Unknown names raise KeyError."""
    drawing = mark_safe(ICONS[name])
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', f"i {css}".rstrip(), drawing
    )


def shape(kind, x, y, r) -> SafeString:
    """The shape of a kind of person: circle family, hexagon friends and community, square professional."""
    if kind not in KINDS:
        raise ValueError(f"no such kind of seat: {kind!r}")
    if kind in ("family", "open"):
        return format_html('<circle class="is-{}" cx="{}" cy="{}" r="{}"/>', kind, number(x), number(y), number(r))
    if kind == "community":
        corners = ((x + 1.1 * r * cos(pi / 3 * i), y + 1.1 * r * sin(pi / 3 * i)) for i in range(6))
        points = " ".join(f"{number(a)},{number(b)}" for a, b in corners)
        return format_html('<polygon class="is-community" points="{}"/>', points)
    s = 0.92 * r
    return format_html(
        '<rect class="is-pro" x="{}" y="{}" width="{}" height="{}" rx="{}"/>',
        *map(number, (x - s, y - s, 2 * s, 2 * s, 0.3 * r)),
    )


def key_shape(kind) -> SafeString:
    """The small shape in a key."""
    drawing = shape(kind, 10, 10, 8)
    return format_html('<svg class="keyshape" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{}</svg>', drawing)


def mark() -> SafeString:
    """The logo: the table with its seats, one of them open."""
    round_the_table = ("family", "community", "pro", "family", "community", "open")
    seats = _joined(shape(kind, *_at(20, 20, 15, UP + i * pi / 3), 3.4) for i, kind in enumerate(round_the_table))
    return format_html(
        '<svg class="mark" viewBox="0 0 40 40" aria-hidden="true" focusable="false">'
        '<circle class="mk-t" cx="20" cy="20" r="8.5"/>{}</svg>',
        seats,
    )


def _at(cx, cy, radius, angle):
    return cx + radius * cos(angle), cy + radius * sin(angle)


def _joined(parts):
    return mark_safe("".join(parts))


class Ring:
    """Where seats stand round the table, and how large they are. Units are those of the picture's viewBox."""

    def __init__(self, people):
        self.wide = people > ONE_RING
        self.size = 560 if self.wide else 432
        self.middle = self.size / 2
        self.table = 72 if self.wide else 84
        self.names = people <= NAMES_UP_TO
        self.people = people
        self.radii = (150, 226) if self.wide else (158, 158)
        # the room between two neighbours on the tighter ring, less the line of a name under each seat
        nearest = 2 * self.radii[0] * sin(pi / max(people / 2 if self.wide else people, 2))
        under = 24 if self.names else 6
        self.r = max(12, min(27 if self.wide else 30, (nearest - under) / 2))
        self.letters = (8 if people <= 20 else 7) if self.wide else 12
        self.font = 20 if self.wide else 16

    def seat(self, i):
        """(angle, x, y) of seat i, the first at the top, clockwise."""
        angle = UP + 2 * pi * i / self.people
        return (angle, *_at(self.middle, self.middle, self.radii[i % 2], angle))


def _line(ring, angle, radius, kind):
    x1, y1 = _at(ring.middle, ring.middle, ring.table + 8, angle)
    x2, y2 = _at(ring.middle, ring.middle, radius - ring.r - 3, angle)
    return format_html(
        '<path class="cs-line{}" d="M{} {}L{} {}"/>',
        " is-open" if kind == "open" else "",
        *map(number, (x1, y1, x2, y2)),
    )


def _seat(ring, i, person):
    angle, x, y = ring.seat(i)
    is_open = " is-open" if person.seat_kind == "open" else ""
    parts = [
        shape(person.seat_kind, x, y, ring.r),
        format_html('<text class="cs-ini{}" x="{}" y="{}">{}</text>', is_open, number(x), number(y + 6), person.initials or "?"),
    ]
    if ring.names:
        above = sin(angle) < -0.5
        label_y = y - ring.r - 8 if above else y + ring.r + ring.font + 2
        name = shorten(person.short_name, ring.letters)
        parts.append(format_html('<text class="cs-name" x="{}" y="{}">{}</text>', number(x), number(label_y), name))
    return _joined(parts)


def _table(ring, centre, with_names):
    m, r = number(ring.middle), ring.table
    long = " is-long" if len(str(centre)) > 8 else ""
    centre, with_names = shorten(centre, 13), shorten(with_names, 15)
    return format_html(
        '<circle class="cs-table" cx="{m}" cy="{m}" r="{r}"/><circle class="cs-rim" cx="{m}" cy="{m}" r="{rim}"/>'
        '<text class="cs-centre{long}" x="{m}" y="{y}">{centre}</text>'
        '<text class="cs-with" x="{m}" y="{y2}">{with_names}</text>',
        m=m, r=r, rim=r - 8, long=long, centre=centre, with_names=with_names,
        y=number(ring.middle + (4 if with_names else 11)), y2=number(ring.middle + 30),
    )  # fmt: skip


def circle(people, centre, with_names, title, desc="", uid="circle") -> SafeString:
    """The circle of support: the child's table seen from above, everyone else at a seat of the same size.

    `people` have `seat_kind`, `initials` and `short_name`; those with kind "open" (asked, not on the team yet) are
    dashed. True for any number of people: one ring up to 12, two staggered rings above, initials only above 24.
    """
    people = list(people)
    ring = Ring(len(people))
    m, t = number(ring.middle), ring.table
    lines = _joined(_line(ring, ring.seat(i)[0], ring.radii[i % 2], p.seat_kind) for i, p in enumerate(people))
    return format_html(
        '<svg class="{css}" viewBox="0 0 {size} {size}" role="img" aria-labelledby="{uid}-t {uid}-d">'
        '<title id="{uid}-t">{title}</title><desc id="{uid}-d">{desc}</desc>'
        '<circle class="cs-glow" cx="{m}" cy="{m}" r="{g1}"/><circle class="cs-glow" cx="{m}" cy="{m}" r="{g2}"/>'
        "{lines}{table}{seats}</svg>",
        css="circle circle-wide" if ring.wide else "circle",
        size=ring.size, uid=uid, title=title, desc=desc or circle_words(people), m=m, g1=t + 44, g2=t + 24, lines=lines,
        table=_table(ring, centre, with_names), seats=_joined(_seat(ring, i, p) for i, p in enumerate(people)),
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

    ticks = _joined(format_html('<path class="sc-t" d="M{} 11v10"/>', x(v)) for v in range(11))
    numbers = _joined(format_html('<text class="sc-x" x="{}" y="41">{}</text>', x(v), v) for v in (0, 5, 10))
    before = ""
    if was is not None:
        before = format_html(
            '<path class="sc-m" d="M{was} 16H{now}"/><circle class="sc-w" cx="{was}" cy="16" r="7"/>', was=x(was), now=x(now)
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
    seats = _joined(shape(kind, *_at(cx, cy, 167, UP + i * 2 * pi / 7), 31) for i, kind in enumerate(kinds))
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
