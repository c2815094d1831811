"""Watching a plan while others write, and its order."""

ROWS = {}
TEAM_ROWS = {}
PUBLIC = {}
READ_ONLY = set()
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = {}
NO_PAGES = {}


def add_plan_live(world):
    """Nothing yet."""


def arguments(world, name):
    return {}


def grow(world, number):
    """Nothing yet."""
