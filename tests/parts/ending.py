"""The end of a team."""

ROWS = {}
TEAM_ROWS = {}
PUBLIC = {}
READ_ONLY = set()
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = {}
NO_PAGES = {}


def add_ending(world):
    """Nothing yet."""


def arguments(world, name):
    return {}


def grow(world, number):
    """Nothing yet."""
