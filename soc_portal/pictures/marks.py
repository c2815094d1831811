"""So many of so many: one mark for each, the first ones filled."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from soc_portal.pictures.parts import joined, number

STEP, WIDTH, HEIGHT, TOP = 20, 13, 24, 9


def marks(part, whole, label, needed=None, css="") -> SafeString:
    """`whole` marks of which `part` are filled; with `needed` a line behind as many as there must be.

    Nothing at all where there is nothing to count: the words beside it say so.
    """
    if whole < 1:
        return SafeString("")
    width = whole * STEP - (STEP - WIDTH - 2)
    rows = joined(
        format_html(
            '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="5"/>',
            "mk-on" if i < part else "mk-off", i * STEP + 1, TOP, WIDTH, HEIGHT,
        )
        for i in range(whole)
    )  # fmt: skip
    line = ""
    if needed is not None and 0 < needed <= whole:
        x = needed * STEP - (STEP - WIDTH - 2) / 2 if needed < whole else width - 1.5
        line = format_html('<path class="mk-need" d="M{} 0v{}"/>', number(x), HEIGHT + 2 * TOP)
    return format_html(
        '<svg class="{}" width="{width}" viewBox="0 0 {width} {}" role="img" aria-label="{}">{}{}</svg>',
        f"marks {css}".rstrip(), HEIGHT + 2 * TOP, label, rows, line, width=width,
    )  # fmt: skip
