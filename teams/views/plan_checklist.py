"""What a complete plan also has. A friendly list: nothing of it is ever required."""

from django.utils.translation import gettext as _

from teams.enums import Choice, Part
from teams.models import Team
from teams.views.plan_reading import Plan


def missing_from(plan: Plan, team: Team) -> list[tuple[str, str]]:
    """(words, anchor on the plan's page) of everything that is not there yet, in the order of the page."""
    there = [
        (bool(plan.words), _("The family's vision, in its own words"), "vision"),
        (plan.mission is not None, _("What we are here for together: our team's mission"), "mission"),
        (bool(plan.strengths), _("What we are good at"), "strengths"),
        (bool(plan.needs), _("What the family needs most"), "goals"),
        (all(need.own_goals for need in plan.needs), _("A goal for each need"), "goals"),
        (all(goal.how_we_will_know for goal in plan.goals), _("How we will know, for each goal"), "goals"),
        (
            all(any(idea.choice == Choice.CHOSEN for idea in goal.own_ideas) for goal in plan.goals),
            _("Ideas for each goal, and which one we chose"), "goals",
        ),
        (
            all(idea.strength_id for idea in plan.strategies if idea.choice == Choice.CHOSEN),
            _("The strength that each chosen idea builds on"), "goals",
        ),
        (all(goal.own_steps for goal in plan.goals), _("Steps for each goal: who, what, by when"), "goals"),
        (Part.CRISIS_SIGNS in plan.part_of and Part.CRISIS_HELPS in plan.part_of,
         _("What to look out for in a crisis, and what helps"), "crisis"),
        (bool(plan.calls), _("Who to call in a crisis"), "crisis"),
        *[
            (all(row.own_covers for row in rows), _("What this agency needs: %(agency)s") % {"agency": agency},
             "agencies")
            for agency, rows in plan.agencies
        ],
        (plan.has_transition_part, _("How we will know that we no longer need a team"), "transition"),
        (team.review_on is not None, _("A day on which we look at the plan again"), "top"),
    ]  # fmt: skip
    return [(words, anchor) for is_there, words, anchor in there if not is_there]
