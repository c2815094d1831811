"""What every picture is made of: numbers, words cut short, icons, and the shapes of people."""

from math import cos, pi, sin

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from soc_portal.icons import ICONS

KINDS = ("family", "community", "pro", "open")
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
    drawing = mark_safe(ICONS[name])  # noqa: S308  # our own drawings, not what people write
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        f"i {css}".rstrip(),
        drawing,
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
    return format_html(
        '<svg class="keyshape" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{}</svg>', drawing
    )


def mark() -> SafeString:
    """The logo: the table with its seats, one of them open."""
    round_the_table = ("family", "community", "pro", "family", "community", "open")
    seats = joined(shape(kind, *at(20, 20, 15, UP + i * pi / 3), 3.4) for i, kind in enumerate(round_the_table))
    return format_html(
        '<svg class="mark" viewBox="0 0 40 40" aria-hidden="true" focusable="false">'
        '<circle class="mk-t" cx="20" cy="20" r="8.5"/>{}</svg>',
        seats,
    )


def at(cx, cy, radius, angle):
    return cx + radius * cos(angle), cy + radius * sin(angle)


def joined(parts):
    return format_html_join("", "{}", ((part,) for part in parts))
