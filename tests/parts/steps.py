"""My steps, and steps that were not done."""

from django.utils import timezone

from teams.actions.items import add_item
from teams.models import Step

LOGIN = 302

ROWS = {"teams:step_list": ("GET", {}, 200)}
# fmt: off
#                                         anon   strangers provider members court youth caregivers
TEAM_ROWS = {
    "teams:step_not_done":           ("GET",  LOGIN, 404, 404, 200, 200, 200, 200),
}
# fmt: on
PUBLIC = {}
READ_ONLY = {"teams:step_list"}
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = {
    "teams:step_list": "whoever opens it there carries no step; readings of steps are tested in tests/test_my_steps.py"
}
NO_PAGES = {}


def add_steps(world):
    """Nothing yet."""


def arguments(world, name):
    return {"step_id": world.items["step"].pk} if name == "teams:step_not_done" else {}


def grow(world, number):
    """One more step of everybody on the team."""
    goal = world.items["step"].goal
    step = Step(goal=goal, text=f"Call {number}", due_on=timezone.localdate())
    add_item(team=world.team, item=step, by=world.users.caregiver, who=list(world.team.memberships.all()))
