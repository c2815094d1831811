"""My calendar, its files and its private address."""

LOGIN, OK = 302, "ok"

ROWS = {
    "teams:calendar": ("GET", {}, 200),
    "teams:calendar_address_make": ("POST", {}, OK),
    "teams:calendar_address_end": ("POST", {}, OK),
    # A meeting of an open group; closed ones in tests/test_calendar.py.
    "teams:calendar_group_file": ("GET", {}, 200),
}
# fmt: off
#                                         anon   strangers provider members court youth caregivers
TEAM_ROWS = {
    "teams:calendar_team_file":      ("GET",  LOGIN, 404, 200, 200, 200, 200, 200),
}
# fmt: on
PUBLIC = {"teams:calendar_feed": "a calendar program can't sign in; the signed address is the permission"}
READ_ONLY = {"teams:calendar", "teams:calendar_group_file", "teams:calendar_team_file"}
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = {
    "teams:calendar_group_file": "a group's work holds nothing of a family's record",
}
NO_PAGES = {
    "teams:calendar_address_make": "only sent to",
    "teams:calendar_address_end": "only sent to",
    "teams:calendar_group_file": "a file",
    "teams:calendar_team_file": "a file",
    "teams:calendar_feed": "a file",
}


def add_calendar(world):
    """Nothing yet: everybody makes their own address."""


def arguments(world, name):
    if name == "teams:calendar_group_file":
        return {"meeting_id": world.group_meetings["next"].pk}
    return {"meeting_id": world.meeting.pk}


def grow(world, number):
    """Its rows are the meetings that others add."""
