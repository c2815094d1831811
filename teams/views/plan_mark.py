"""The mark of a plan: a short word that changes whenever something changes that this reader sees of it.

The page carries the mark of what it shows; while it is open it asks whether that is still the mark. What the reader may
not see is no part of it, so that a change there is not even told by the mark.
"""

import hashlib
from functools import partial

from teams import access
from teams.actions.plan_rows import facts_of, read_facts
from teams.models import Team
from teams.views.plan_reading import Plan


def mark_of(team: Team, plan: Plan) -> str:
    """The mark of a plan that has been read. No query; reads `team.family`."""
    versions = {("version", row.number, int(row.is_agreed), 0) for row in (plan.version, plan.waiting) if row}
    answers = {
        ("answer", row.answer_pk, int(row.answer_settled_at is not None), 0) for row in plan.members if row.answer_pk
    }
    return _mark(team, facts_of(plan) | versions | answers)


def read_mark(user, team: Team) -> str:
    """The mark of the plan as it stands for this person, in one query. Reads `team.family`."""
    versions = access.visible_plan_versions(user, team).filter(ended_at=None)
    facts = read_facts(team, partial(access.team_items, user, team), versions, access.visible_answers(user, team))
    return _mark(team, facts)


def _mark(team: Team, facts: set[tuple]) -> str:
    dates = (team.phase, str(team.review_on), team.family.what_matters, str(team.ended_at))
    return hashlib.sha256(repr((dates, sorted(facts))).encode()).hexdigest()[:16]
