"""Putting forward, agreeing, answering, settling, comparing."""

import datetime as dt

from django.utils import timezone

from teams.actions.memberships import accept_place, choose_member, propose_member
from teams.actions.plans import answer_plan

ROWS = {}
# fmt: off
#                                         anon   strangers provider members court youth caregivers
TEAM_ROWS = {
    "teams:plan_put_forward":        ("POST", 302, 404, 404, "ok", "ok", "ok", "ok"),
    "teams:plan_take_back":          ("POST", 302, 404, 404, 403, 403, 403, "ok"),
    "teams:answer_note":             ("GET",  302, 404, 404, 200, 200, 200, 200),
    "teams:answer_settle":           ("GET",  302, 404, 404, 200, 200, 200, 200),
}
# fmt: on
PUBLIC = {}
READ_ONLY = set()
OPENED_TOO = set()
FAMILY_ALONE = {"teams:plan_take_back"}  # what somebody else put forward
NO_LOOK = {}
NO_PAGES = {"teams:plan_put_forward": "only sent to", "teams:plan_take_back": "only sent to"}


def add_agreeing(world):
    """Nothing that every test needs; see `disagree`."""


def disagree(world):
    """Somebody without an account, and what they see differently in the newest version."""
    rosa = world.users.caregiver
    world.uncle = propose_member(team=world.team, by=rosa, name="Uncle Ben", kind="natural")
    choose_member(membership=world.uncle, by=rosa)
    accept_place(membership=world.uncle, by=rosa)
    world.disagreement = answer_plan(
        version=world.team.plan_versions.first(), membership=world.uncle, kind="disagrees", words="Too many meetings",
        by=rosa, signed_on=timezone.localdate() - dt.timedelta(days=1),
    )  # fmt: skip


def arguments(world, name):
    """Where the world has no disagreement, a number that there is not."""
    if name == "teams:answer_note":
        return {"membership_id": world.uncle.pk if hasattr(world, "uncle") else 0}
    if name == "teams:answer_settle":
        return {"answer_id": world.disagreement.pk if hasattr(world, "disagreement") else 0}
    return {}


def grow(world, number):
    """Nothing that a page lists."""
