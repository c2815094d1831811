"""Copies on paper: PDFs of the plan, of its short papers and of a meeting's record."""

ROWS = {}
# fmt: off
#                                         anon   strangers provider members court youth caregivers
TEAM_ROWS = {
    "teams:plan_copies":             ("GET",  302, 404, 404, 200, 200, 200, 200),
    "teams:plan_copy":               ("GET",  302, 404, 404, 200, 200, 200, 200),
    "teams:meeting_copy":            ("GET",  302, 404, 200, 200, 200, 200, 200),
}
# fmt: on
PUBLIC = {}
READ_ONLY = {"teams:plan_copies", "teams:plan_copy", "teams:meeting_copy"}
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = {
    "teams:plan_copies": "choices alone; the file that follows is written down",
    "teams:meeting_copy": "choices alone; the file that follows is written down",
}
NO_PAGES = {"teams:plan_copy": "a PDF"}


def add_papers(world):
    """Nothing more than the plan and the meeting that the world has."""


def arguments(world, name):
    return {"kind": "plan"} if name == "teams:plan_copy" else {}


def grow(world, number):
    """Nothing that a page lists."""
