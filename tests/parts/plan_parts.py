"""The rest of the plan: its single parts, who to call, ideas and ratings."""

from teams.actions.items import add_item
from teams.enums import Choice, MandateSource, Part
from teams.models import Call, Mandate, PlanPart, Rating, Strategy

LOGIN = 302

ROWS = {}
# fmt: off
#                                         anon   strangers provider members court youth caregivers
TEAM_ROWS = {
    "teams:plan_dates":              ("GET",  LOGIN, 404, 404, 200, 200, 200, 200),
}
# fmt: on
PUBLIC = {}
READ_ONLY = set()
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = {}
NO_PAGES = {}


def add_plan_parts(world):
    """One of each kind that the rest of the plan is made of."""
    goal, rosa = world.items["goal"], world.users.caregiver
    for key, item in {
        "part": PlanPart(part=Part.MISSION, text="Mateo is at school and the house is calm."),
        "call": Call(text="Carmen", phone="336-555-0150", when_words="Any time"),
        "mandate": Mandate(text="School each day", source=MandateSource.COURT, source_words="26 JB 12"),
        "idea": Strategy(goal=goal, text="A quiet lunch table", choice=Choice.CHOSEN, strength=world.items["strength"]),
        "rating": Rating(goal=goal, value=4, text="He goes, but he is afraid."),
    }.items():
        world.items[key] = add_item(team=world.team, item=item, by=rosa)


def arguments(world, name):
    return {}


def grow(world, number):
    """One more of everything that a plan may have several of."""
    goal, rosa = world.items["goal"], world.users.caregiver
    for item in (
        Call(text=f"Neighbor {number}"), Mandate(text=f"Order {number}"), Rating(goal=goal, value=5),
        Strategy(goal=goal, text=f"Idea {number}", strength=world.items["strength"]),
    ):  # fmt: skip
        add_item(team=world.team, item=item, by=rosa)
