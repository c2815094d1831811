"""The plan as PDF, the crisis card and the family's archive."""

ROWS = {}
TEAM_ROWS = {}
PUBLIC = {}
READ_ONLY = set()
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = {}
NO_PAGES = {}


def add_copies(world):
    """Nothing yet."""


def arguments(world, name):
    return {}


def grow(world, number):
    """Nothing yet."""
