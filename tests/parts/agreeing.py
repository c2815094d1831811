"""Putting forward, agreeing, answering, settling, comparing."""

ROWS = {}
# fmt: off
#                                         anon   strangers provider members court youth caregivers
TEAM_ROWS = {
    "teams:plan_put_forward":        ("POST", 302, 404, 404, "ok", "ok", "ok", "ok"),
    "teams:plan_take_back":          ("POST", 302, 404, 404, 403, 403, 403, "ok"),
}
# fmt: on
PUBLIC = {}
READ_ONLY = set()
OPENED_TOO = set()
FAMILY_ALONE = {"teams:plan_take_back"}  # what somebody else put forward
NO_LOOK = {}
NO_PAGES = {"teams:plan_put_forward": "only sent to", "teams:plan_take_back": "only sent to"}


def add_agreeing(world):
    """Nothing yet."""


def arguments(world, name):
    return {}


def grow(world, number):
    """Nothing yet."""
