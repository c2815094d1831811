"""A line over time, small: where it goes, not what it is. The numbers stand beside it."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from soc_portal.pictures.parts import joined, number

WIDTH, HEIGHT, EDGE = 160, 48, 5


def spark(values, label, reference=None, low=0, high=100) -> SafeString:
    """The values from `low` to `high`, oldest first; None leaves a gap. `reference` is dotted across.

    Every line of a page has the same `low` and `high`. `label` says the point of the picture to screen readers.
    """
    values = list(values)
    step = (WIDTH - 2 * EDGE) / max(len(values) - 1, 1)

    def y(value):
        return number(HEIGHT - EDGE - (value - low) / (high - low) * (HEIGHT - 2 * EDGE))

    points = [None if value is None else (number(EDGE + place * step), y(value)) for place, value in enumerate(values)]
    runs = _runs(points)
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}</svg>',
        WIDTH, HEIGHT, label,
        joined(_area(run) for run in runs if len(run) > 1),
        _across(y(reference)) if reference is not None else "",
        joined(format_html('<path class="sp-l" d="{}"/>', _path(run)) for run in runs if len(run) > 1),
        joined(_dot(run[-1]) for run in runs if len(run) == 1 or run[-1] == points[-1]),
    )  # fmt: skip


def _runs(points):
    """The points that follow each other without a gap."""
    runs = [[]]
    for point in points:
        if point is not None:
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _path(run):
    return "M" + "L".join(f"{x} {y}" for x, y in run)


def _area(run):
    return format_html(
        '<path class="sp-a" d="M{} {}L{}L{} {}z"/>', run[0][0], HEIGHT, _path(run)[1:], run[-1][0], HEIGHT
    )


def _across(y):
    return format_html('<path class="sp-r" d="M{} {}H{}"/>', EDGE, y, WIDTH - EDGE)


def _dot(point):
    return format_html('<circle class="sp-d" cx="{}" cy="{}" r="4"/>', *point)
