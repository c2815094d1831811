"""A plan as large as plans get, written straight into the tables in about a second.

30 needs with two goals each, 150 steps, ideas and ratings for every goal, 600 comments, 40 versions that the family
agreed to, and everybody on the team with an answer. The words are drawn by a fixed dice, so that they pack no better
than what people write.
"""

import datetime as dt
import random

from django.utils import timezone

from families.models import Strength
from soc_portal.versions.models import Revision
from teams.actions.plans import content_of, hash_of, seal_of
from teams.enums import Choice, LifeDomain, MandateSource, MemberKind, Part, StepStatus
from teams.models import (
    Answer,
    Call,
    Comment,
    Goal,
    Mandate,
    Membership,
    Need,
    PlanPart,
    PlanVersion,
    Rating,
    Step,
    Strategy,
)
from tests.world import join, make_user

NEEDS, GOALS, STEPS, IDEAS, RATINGS, COMMENTS, VERSIONS, MEMBERS = 30, 60, 150, 90, 60, 600, 40, 12
WORDS = """
after again aunt ball bed before bike bills book breakfast brother bus calls calm car card care church class clinic
coach cook cousin court dad dance day dinner doctor door draw drive early evening every family farm field first friend
game garage garden glad go grandma guitar gym hear help home homework hour house job judge keep kind kitchen know late
laugh learn library listen lunch make medicine meet mentor mom money month morning move music neighbor new night nurse
office often paint park pastor pay phone play pool practice quiet read ready rent rest ride room safe Saturday school
share shop sing sister sleep slow soccer sports store summer Sunday talk teacher team tell therapist time today together
town trip truck trust try Tuesday uncle visit wait wake walk want week weekend with work worker worry write year yard
""".split()


def make_large_plan(world):
    """Everything above on the team of the small world, which has its own few parts already. Ends in no agreed state:
    the last version is the plan as it stands."""
    dice, team, by = random.Random(7), world.team, world.users.caregiver
    for n in range(MEMBERS - Membership.objects.live().filter(team=team).count()):
        join(team, make_user(f"large-{n}", f"Avery Large {n}"), kind=MemberKind.NATURAL, caregiver=by)
    _parts(team, by, dice)
    goals = _goals(team, by, dice)
    _steps(team, by, dice, goals)
    _comments(team, dice)
    _versions(team, by)


def say(dice, least, most):
    """One sentence of so many words, with a number now and then."""
    words = [dice.choice(WORDS) for _ in range(dice.randint(least, most))]
    return f"{' '.join(words).capitalize()} {dice.randint(2, 400)}."


def _saved(model, rows, by):
    """These rows, each with the first state of its history."""
    for row in rows:
        row.created_by = row.updated_by = by
    made = model.objects.bulk_create(rows)
    family_id = world_family(made[0])
    Revision.objects.bulk_create(
        Revision(
            kind=row.kind, item_id=row.pk, version=1, family_id=family_id, team_id=getattr(row, "team_id", None),
            section=row.section, verb="added", state={"text": row.text}, by_id=by.pk, by_name=str(by),
        )
        for row in made
    )  # fmt: skip
    return made


def world_family(row):
    return row.family_id if isinstance(row, Strength) else row.team.family_id


def _parts(team, by, dice):
    _saved(Strength, [Strength(family_id=team.family_id, text=say(dice, 6, 12)) for _ in range(20)], by)
    there = set(PlanPart.objects.live().filter(team=team).values_list("part", flat=True))
    missing = [part for part in Part.values if part not in there]
    _saved(PlanPart, [PlanPart(team=team, part=part, text=say(dice, 20, 40)) for part in missing], by)
    _saved(Call, [Call(team=team, text=say(dice, 2, 3), phone="336-555-0123", place=n + 9) for n in range(5)], by)
    sources = MandateSource.values
    mandates = [Mandate(team=team, text=say(dice, 9, 16), source=dice.choice(sources), place=n + 9) for n in range(6)]
    _saved(Mandate, mandates, by)


def _goals(team, by, dice):
    needs = [
        Need(team=team, text=say(dice, 9, 18), domain=dice.choice(LifeDomain.values), place=n + 100)
        for n in range(NEEDS)
    ]
    needs = _saved(Need, needs, by)
    goals = [
        Goal(
            team=team, need=needs[n % NEEDS], text=say(dice, 8, 14), how_we_will_know=say(dice, 5, 10), place=n + 100
        )
        for n in range(GOALS)
    ]  # fmt: skip
    return _saved(Goal, goals, by)


def _steps(team, by, dice, goals):
    today, strengths = timezone.localdate(), list(Strength.objects.filter(family=team.family_id).order_by("pk"))
    steps = []
    for n in range(STEPS):
        status = dice.choice([StepStatus.TODO, StepStatus.DOING, StepStatus.DONE])
        steps.append(
            Step(
                team=team, goal=goals[n % GOALS], text=say(dice, 5, 12), place=n + 100, status=status,
                due_on=today + dt.timedelta(days=dice.randint(-60, 90)),
                done_on=today if status == StepStatus.DONE else None,
            )
        )  # fmt: skip
    steps = _saved(Step, steps, by)
    members = list(Membership.objects.live().filter(team=team).order_by("pk"))
    links = [
        Step.who.through(step_id=step.pk, membership_id=member.pk)
        for step in steps
        for member in dice.sample(members, dice.randint(1, 2))
    ]
    Step.who.through.objects.bulk_create(links)
    ideas = [
        Strategy(
            team=team, goal=goals[n % GOALS], text=say(dice, 6, 12), place=n + 100, choice=dice.choice(Choice.values),
            strength=dice.choice(strengths),
        )
        for n in range(IDEAS)
    ]  # fmt: skip
    _saved(Strategy, ideas, by)
    ratings = [
        Rating(team=team, goal=goals[n % GOALS], value=dice.randint(0, 10), text=say(dice, 4, 8))
        for n in range(RATINGS)
    ]
    _saved(Rating, ratings, by)


def _comments(team, dice):
    members = list(Membership.objects.live().filter(team=team).order_by("pk"))
    items = [row for model in (Need, Goal, Step, Strategy) for row in model.objects.filter(team=team).order_by("pk")]
    Comment.objects.bulk_create(
        Comment(team=team, item_kind=item.kind, item_id=item.pk, membership=dice.choice(members), text=say(dice, 5, 40))
        for item in (dice.choice(items) for _ in range(COMMENTS))
    )


def _versions(team, by):
    content, now = content_of(team), timezone.now()
    versions = []
    for number in range(1, VERSIONS + 1):
        frozen = content if number == VERSIONS else content | {"needs": content["needs"][:number]}
        version = PlanVersion(
            team=team, number=number, content=frozen, content_hash=hash_of(frozen), put_forward_by=by,
            put_forward_at=now, put_forward_name=str(by), agreed_by=by, agreed_at=now, agreed_name=str(by),
        )  # fmt: skip
        version.seal = seal_of(version)
        versions.append(version)
    versions = PlanVersion.written_by_actions.bulk_create(versions)
    members = Membership.objects.live().filter(team=team).order_by("pk")
    Answer.objects.bulk_create(
        Answer(plan_version=versions[-1], membership=member, kind="agrees" if n % 3 else "partly", words=f"Words {n}")
        for n, member in enumerate(members)
    )
