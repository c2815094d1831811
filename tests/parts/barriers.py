"""Barriers: raised by a team, worked on by groups."""

import datetime as dt

from collaboratives.actions.barriers import (
    answer_barrier,
    open_barrier,
    pass_on_barrier,
    take_up_barrier,
)
from collaboratives.enums import BarrierCategory, DeadlineKind
from collaboratives.models import Barrier, Recommendation, TimelineRule
from soc_portal.versions.actions import add_row
from teams.actions.barriers import raise_barrier, send_raised

LOGIN, OK = 302, "ok"

COUNTY_READERS = {"jcpc_chair": 200, "jcpc_member": 200, "jcpc_parent": 200, "coordinator": 200}
STATE_READERS = {"state_cochair": 200, "state_member": 200}
#: Who runs a group of Alamance County; those who only sit there see and can't move.
COUNTY_MOVERS = {"jcpc_chair": OK, "coordinator": OK, "jcpc_member": 403, "jcpc_parent": 403}

ROWS = {
    "collaboratives:barrier_list": (
        "GET", COUNTY_READERS | STATE_READERS | {"other_jcpc_chair": 200, "other_coordinator": 200}, 404,
    ),
    # Passed on to the state. Chairs of another county, former members and the closed group see nothing of it.
    "collaboratives:barrier_detail": ("GET", COUNTY_READERS | STATE_READERS, 404),
    "collaboratives:barrier_give_back": (
        "POST",
        # Who runs the county's group is told that it is with the state now, and nothing is done.
        {"state_cochair": OK, "state_member": 403, "jcpc_chair": 302, "coordinator": 302, "jcpc_member": 403,
         "jcpc_parent": 403},
        404,
    ),
    # In the county, so not for the state.
    "collaboratives:barrier_take_up": ("POST", COUNTY_MOVERS, 404),
    "collaboratives:barrier_pass_on": ("POST", COUNTY_MOVERS, 404),
    "collaboratives:barrier_answer": ("POST", COUNTY_MOVERS, 404),
}  # fmt: skip
# fmt: off
TEAM_ROWS = {
    #                                         anon   strangers provider members court youth caregivers
    "teams:barrier_list":            ("GET",  LOGIN, 404, 404, 200, 200, 200, 200),
    "teams:barrier_raise":           ("GET",  LOGIN, 404, 404, 200, 200, 200, 200),
    "teams:barrier_edit":            ("GET",  LOGIN, 404, 404, 200, 200, 200, 200),
    "teams:barrier_end":             ("POST", LOGIN, 404, 404, OK,  OK,  OK,  OK),
    "teams:barrier_send":            ("POST", LOGIN, 404, 404, 403, 403, 403, OK),
    "teams:barrier_join":            ("POST", LOGIN, 404, 404, 403, 403, 403, OK),
}
# fmt: on
PUBLIC = {}
READ_ONLY = {"teams:barrier_list", "collaboratives:barrier_list", "collaboratives:barrier_detail"}
OPENED_TOO = {
    "teams:barrier_end", "teams:barrier_send", "teams:barrier_join", "collaboratives:barrier_take_up",
    "collaboratives:barrier_pass_on", "collaboratives:barrier_give_back", "collaboratives:barrier_answer",
}  # fmt: skip
FAMILY_ALONE = {"teams:barrier_send", "teams:barrier_join"}
NO_LOOK = {
    "teams:barrier_raise": "an empty form",
    "collaboratives:barrier_list": "words without names: nobody can tell whose they are",
    "collaboratives:barrier_detail": "words without names: nobody can tell whose they are",
}
NO_PAGES = {}

WORDS = {
    "draft": (BarrierCategory.SERVICES, "There is no counseling after 5 pm."),
    "raised": (BarrierCategory.COMMUNITY, "The bus stops at 6 pm, so youth miss the evening programs."),
    "taken_up": (BarrierCategory.PARTNERING, "Court letters come only in English."),
    "passed_on": (BarrierCategory.COORDINATION, "We wait 4 months for school testing."),
    "answered": (BarrierCategory.PARTNERING, "Nobody told us what the council decided."),
}


def add_barriers(world):
    """Of the Delgados' team: one not sent, one sent, one taken up, one passed on, one answered. And of other teams."""
    TimelineRule.objects.create(kind=DeadlineKind.BARRIER_ANSWER, days=60, source="test", starts_on=dt.date(2016, 1, 1))
    rosa, chair = world.users.caregiver, world.users.jcpc_chair
    world.raised, world.barriers = {}, {}
    for key, (category, text) in WORDS.items():
        by = world.users.facilitator if key == "draft" else rosa
        raised = raise_barrier(team=world.team, by=by, category=category, text=text)
        if key != "draft":
            raised = send_raised(raised=raised, by=rosa, seen_version=1)
            world.barriers[key] = raised.barrier
        world.raised[key] = raised
    for key in ("taken_up", "passed_on", "answered"):
        take_up_barrier(barrier=world.barriers[key], group=world.jcpc, by=chair)
    pass_on_barrier(barrier=world.barriers["passed_on"], by=chair, words="Testing is paid for by the state.")
    world.barriers["answered"] = answer_barrier(
        barrier=world.barriers["answered"], by=chair, text="We send a short note after each meeting.", base_version=1
    )
    world.barriers["of_another_team"] = _of_another_team(world, "There is no place to go after school.")
    raised = raise_barrier(
        team=world.other_team, by=world.users.other_caregiver, category=BarrierCategory.SERVICES,
        text="There is no dentist who sees children.",
    )  # fmt: skip
    raised = send_raised(raised=raised, by=world.users.other_caregiver, seen_version=1)
    world.raised["other_county"], world.barriers["other_county"] = raised, raised.barrier


def _of_another_team(world, text):
    """A barrier of this county that another of its teams raised."""
    return open_barrier(county=world.alamance, category=BarrierCategory.COMMUNITY, text=text, language="en")


def arguments(world, name):
    action = name.removeprefix("collaboratives:barrier_")
    of = {"detail": "passed_on", "give_back": "passed_on", "take_up": "raised", "pass_on": "taken_up",
          "answer": "taken_up", "teams:barrier_join": "of_another_team"}  # fmt: skip
    return {"raised_id": world.raised["draft"].pk, "barrier_id": world.barriers[of.get(action, "raised")].pk}


def grow(world, number):
    """One more of everything that the pages of this part list."""
    rosa, chair = world.users.caregiver, world.users.jcpc_chair
    text = f"There is too little of this: {number}."
    raise_barrier(team=world.team, by=rosa, category=BarrierCategory.SERVICES, text=text)
    raised = raise_barrier(team=world.team, by=rosa, category=BarrierCategory.SERVICES, text=text)
    raised = send_raised(raised=raised, by=rosa, seen_version=1)
    take_up_barrier(barrier=raised.barrier, group=world.jcpc, by=chair)
    pass_on_barrier(barrier=raised.barrier, by=chair, words="It is too big for us.")
    passed_on = Barrier.objects.get(pk=world.barriers["passed_on"].pk)
    passed_on.moves.create(from_status="passed_on", to_status="passed_on", group=world.state_group, by=chair)
    add_row(
        Recommendation(group=world.jcpc, barrier=passed_on, topic="funding", text="Pay for it.", addressee="The state"),
        by=chair, family_id=None,
    )  # fmt: skip
    _of_another_team(world, text)
