"""Groups of a county and of the state: kinds, seats, meetings, recommendations."""

ROWS = {}
TEAM_ROWS = {}
PUBLIC = {}
READ_ONLY = set()
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = {}
NO_PAGES = {}


def add_groups(world):
    """Nothing yet."""


def arguments(world, name):
    return {}


def grow(world, number):
    """One more of everything that the pages of this part list."""
