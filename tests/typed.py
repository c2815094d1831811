"""What somebody was typing, as a test reads it."""

from soc_portal.drafts.forms import kept_for


def drafts_for(user, path) -> dict[str, object]:
    """Field to text of the drafts that `user` keeps for the form at `path`; empty when there are none."""
    kept = kept_for(user, path)
    return kept.fields if kept else {}
