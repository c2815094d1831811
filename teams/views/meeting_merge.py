"""Two people changed the same of a meeting, or of what a team looks for a time for: both, and what to go on from."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from soc_portal.versions.actions import Conflict
from teams.models import Meeting, TimePoll


def merged_of(conflict: Conflict) -> tuple[Meeting | TimePoll, list[tuple[str, str, str]]]:
    """(the row as it may be saved next, (label, what they saved, what was written here) of each field that clashes).

    The row holds one's own words where one wrote some, and what the others saved everywhere else.
    """
    theirs = conflict.theirs
    merged = type(theirs)(**{name: getattr(theirs, name) for name in theirs.versioned})
    for name, value in conflict.mine.items():
        if name in conflict.changed:
            setattr(merged, name, value)
    return merged, [(_label(name), _shown(theirs, name), _shown(merged, name)) for name in conflict.fields]


def _label(name: str) -> str:
    return {
        "purpose": _("Why we meet"), "starts_at": _("Starts"), "ends_at": _("Ends"), "place_words": _("Where"),
        "link": _("Link"), "section": _("Part of the record"),
    }[name]  # fmt: skip


def _shown(row, name: str) -> str:
    """A value as people read it."""
    value = getattr(row, name)
    if hasattr(value, "isoformat"):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    return row.get_section_display() if name == "section" else value
