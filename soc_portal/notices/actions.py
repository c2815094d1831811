"""Emptying the outbox."""

import datetime as dt


def send_due(*, now: dt.datetime) -> int:
    """Claim and send every notice that is due at `now`."""
    return 0
