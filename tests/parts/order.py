"""The order of the plan's lists, and the page that notices what others change."""

LOGIN, OK = 302, "ok"

ROWS = {}
# fmt: off
#                                         anon   strangers provider members court youth caregivers
TEAM_ROWS = {
    "teams:item_move":               ("POST", LOGIN, 404, 404, OK,  OK,  OK,  OK),
    "teams:items_order":             ("POST", LOGIN, 404, 404, OK,  OK,  OK,  OK),
    "teams:plan_pulse":              ("GET",  LOGIN, 404, 404, 200, 200, 200, 200),
}
# fmt: on
PUBLIC = {}
READ_ONLY = {"teams:plan_pulse"}
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = {}
NO_PAGES = {
    "teams:item_move": "only sent to", "teams:items_order": "only sent to",
    "teams:plan_pulse": "the plan's own page again, for its script",
}  # fmt: skip


def add_order(world):
    """Nothing of its own: lists are made of what the other parts have."""


def arguments(world, name):
    return {}


def grow(world, number):
    """Nothing: the plan's lists grow with the other parts."""
