"""What the team must meet, what each agency's plan must hold, and what covers it."""

ROWS = {}
TEAM_ROWS = {}
PUBLIC = {}
READ_ONLY = set()
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = {}
NO_PAGES = {}


def add_mandates(world):
    """Nothing yet."""


def arguments(world, name):
    return {}


def grow(world, number):
    """Nothing yet."""
