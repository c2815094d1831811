"""Kinds of group (`kinds`), groups with their seats (`founding`), who sits there and runs it (`terms`)."""

from collaboratives.actions.groups.founding import add_seat, change_group, end_group, found_group, note_vacancy
from collaboratives.actions.groups.kinds import load_group_kinds
from collaboratives.actions.groups.terms import (
    end_office,
    end_term,
    give_office,
    renew_term,
    sign_statement,
    start_term,
    take_term,
)

__all__ = [
    "add_seat",
    "change_group",
    "end_group",
    "end_office",
    "end_term",
    "found_group",
    "give_office",
    "load_group_kinds",
    "note_vacancy",
    "renew_term",
    "sign_statement",
    "start_term",
    "take_term",
]
