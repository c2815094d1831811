"""Comparing two versions of the plan."""

ROWS = {}
# fmt: off
#                                         anon   strangers provider members court youth caregivers
TEAM_ROWS = {
    "teams:plan_compare":            ("GET",  302, 404, 404, 200, 200, 200, 200),
}
# fmt: on
PUBLIC = {}
READ_ONLY = {"teams:plan_compare"}
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = {}
NO_PAGES = {}


def add_comparing(world):
    """Nothing: a version comes with agreeing."""


def arguments(world, name):
    return {}


def grow(world, number):
    """Nothing of its own: whatever the plan has more of differs from the version before."""
