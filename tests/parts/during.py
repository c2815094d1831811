"""The page on which a meeting is recorded, what helps people come, and plan B."""

from teams.actions.items import add_item
from teams.enums import HelpKind
from teams.models import Guest, Help, WhatIf

ROWS = {}
# fmt: off
#                                         anon   strangers provider members court youth caregivers
TEAM_ROWS = {
    "teams:meeting_record":          ("GET",  302, 404, 200, 200, 200, 200, 200),
    "teams:record_news":             ("GET",  302, 404, 200, 200, 200, 200, 200),
    "teams:guest_add":               ("POST", 302, 404, "ok", "ok", "ok", "ok", "ok"),
    "teams:attendance_tap":          ("POST", 302, 404, "ok", "ok", "ok", "ok", "ok"),
    "teams:goal_rate":               ("POST", 302, 404, 404, "ok", "ok", "ok", "ok"),
    "teams:topic_move":              ("POST", 302, 404, 403, 403, 403, "ok", "ok"),
    "teams:topic_note":              ("GET",  302, 404, 200, 200, 200, 200, 200),
    "teams:topic_outcome":           ("POST", 302, 404, "ok", "ok", "ok", "ok", "ok"),
}
# fmt: on
PUBLIC = {}
READ_ONLY = {"teams:meeting_record", "teams:record_news"}
OPENED_TOO = set()
FAMILY_ALONE = {"teams:topic_move"}  # the order of the agenda
NO_LOOK = {}
NO_PAGES = {
    "teams:record_news": "a part of a page", "teams:guest_add": "only sent to", "teams:attendance_tap": "only sent to",
    "teams:goal_rate": "only sent to", "teams:topic_move": "only sent to", "teams:topic_outcome": "only sent to",
}  # fmt: skip


def add_during(world):
    """Help for one person, and a plan B."""
    world.items["help"] = add_item(
        team=world.team, by=world.users.facilitator,
        item=Help(meeting=world.meeting, kind_of=HelpKind.RIDE, text="From Graham",
                  for_whom=world.members["grandmother"], carrier=world.members["family_partner"]),
    )  # fmt: skip
    world.items["what_if"] = add_item(
        team=world.team, by=world.users.caregiver,
        item=WhatIf(meeting=world.meeting, text="The bus is late", then_words="Carmen drives"),
    )  # fmt: skip


def arguments(world, name):
    guest = Guest.objects.get(meeting=world.meeting, membership=world.members["grandmother"])
    return {"guest_id": guest.pk, "goal_id": world.items["goal"].pk, "topic_id": world.items["topic"].pk}


def grow(world, number):
    """One more of everything that the page of a meeting lists."""
    rosa = world.users.caregiver
    for item in (
        Help(meeting=world.meeting, text=f"Help {number}"), WhatIf(meeting=world.meeting, text=f"What if {number}"),
    ):  # fmt: skip
        add_item(team=world.team, item=item, by=rosa)
