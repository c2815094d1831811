"""Do we have enough people to vote? One mark a filled seat, those who come filled, and a line where it is enough."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from soc_portal.pictures.parts import joined, number

GAP, WIDTH, HEIGHT, ROOM = 5, 15, 26, 8
#: Above so many marks nobody counts them any more; the words beside the picture say the numbers.
MOST = 60


def quorum(coming: int, filled: int, needed: int | None) -> SafeString:
    """`coming` of `filled` seats, with a line after the seat with which `needed` is reached.

    Hidden from screen readers: the sentence beside it says the same. Nothing to draw without seats, or with too many.
    """
    if not 0 < filled <= MOST:
        return SafeString("")
    width = filled * (WIDTH + GAP) - GAP
    marks = joined(
        format_html(
            '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="5"/>',
            "mk-on" if i < coming else "mk-off", i * (WIDTH + GAP) + 1, ROOM + 1, WIDTH - 2, HEIGHT - 2,
        )
        for i in range(filled)
    )  # fmt: skip
    line = ""
    if needed is not None and needed <= filled:
        x = min(needed * (WIDTH + GAP) - GAP / 2, width - 1.5)
        line = format_html('<path class="mk-need" d="M{} 0v{}"/>', number(x), HEIGHT + 2 * ROOM)
    return format_html(
        '<svg class="marks" width="{}" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}{}</svg>',
        width, width, HEIGHT + 2 * ROOM, marks, line,
    )  # fmt: skip
