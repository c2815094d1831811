"""One plan for all agencies: what each needs, and which parts of the plan cover it."""

import datetime as dt

from collaboratives.enums import OrganizationKind
from collaboratives.models import PlanElement
from teams.actions.covering import set_covers

LOGIN = 302

ROWS = {}
# fmt: off
#                                         anon   strangers provider members court youth caregivers
TEAM_ROWS = {
    "teams:cover_mandate":           ("GET",  LOGIN, 404, 404, 200, 200, 200, 200),
    "teams:cover_element":           ("GET",  LOGIN, 404, 404, 200, 200, 200, 200),
}
# fmt: on
PUBLIC = {}
READ_ONLY = set()
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = {}
NO_PAGES = {}


def add_element(key, text, kind=OrganizationKind.SOCIAL_SERVICES, **fields):
    """What the plan of an agency must hold."""
    fields = {"starts_on": dt.date(2020, 1, 1), "place": 1, "source": "A law", "text_es": f"{text} (es)"} | fields
    return PlanElement.objects.create(organization_kind=kind, key=key, text=text, **fields)


def add_covers(world):
    """What social services need: one is covered by the goal, one by nothing. A health department is not on the team."""
    world.elements = {
        "safe": add_element("dss-safe", "How the child is safe"),
        "visits": add_element("dss-visits", "When they see each other", place=2),
        "elsewhere": add_element("health-checks", "Eyes and ears", OrganizationKind.HEALTH),
    }
    for asked in (world.elements["safe"], world.items["mandate"]):
        set_covers(
            team=world.team, asked=asked, add=[world.items["goal"]], remove=[], by=world.users.dss_worker
        )  # fmt: skip


def arguments(world, name):
    return {"mandate_id": world.items["mandate"].pk, "element_id": world.elements["visits"].pk}


def grow(world, number):
    """One more thing that social services need, which one more part of the plan covers."""
    element = add_element(f"dss-{number}", f"More {number}")
    for asked in (element, world.items["mandate"]):
        set_covers(
            team=world.team, asked=asked, add=[world.items["need"], world.items["step"]], remove=[],
            by=world.users.caregiver,
        )  # fmt: skip
