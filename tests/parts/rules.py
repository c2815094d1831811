"""How many days things may take: read by everybody who is signed in, set by those who run the State Collaborative."""

import datetime as dt

from django.utils import timezone

from collaboratives.actions.rules import set_rule
from collaboratives.enums import DeadlineKind
from collaboratives.models import TimelineRule

OK = "ok"

ROWS = {
    "collaboratives:rule_list": ("GET", {}, 200),
    # Its chair; a member without an office, chairs of counties and coordinators read and don't set.
    "collaboratives:rule_change": ("GET", {"state_cochair": 200}, 403),
    "collaboratives:rule_take_back": ("POST", {"state_cochair": OK}, 403),
}
TEAM_ROWS = {}
PUBLIC = {}
READ_ONLY = {"collaboratives:rule_list"}
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = dict.fromkeys(ROWS, "public policy: nothing of a family's record")
NO_PAGES = {"collaboratives:rule_take_back": "only sent to"}


def add_rules(world):
    """How long a yes lasts: the rule of today, and one that is planned."""
    now = TimelineRule.objects.create(kind=DeadlineKind.CONSENT, days=365, source="test", starts_on=dt.date(2016, 1, 1))
    world.planned_rule = set_rule(
        kind=DeadlineKind.CONSENT, days=300, source="A decision", seen_id=now.pk, by=world.users.state_cochair,
        starts_on=timezone.localdate() + dt.timedelta(days=200),
    )  # fmt: skip


def arguments(world, name):
    return {"kind": DeadlineKind.CONSENT.value}


def grow(world, number):
    """One more rule of long ago."""
    day = dt.date(1950, 1, 1) + dt.timedelta(days=number)
    TimelineRule.objects.create(kind=DeadlineKind.CONSENT, days=90, source="An old law", starts_on=day, ends_on=day)
