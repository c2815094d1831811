"""Agreeing to a plan: the family's yes freezes a version, and every member answers to it."""

import hashlib
import json

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaboratives.enums import DeadlineKind
from families.models import Strength
from soc_portal.audit.actions import record
from teams import emails
from teams.actions.deadlines import meet_deadline
from teams.enums import AnswerKind
from teams.models import Answer, Goal, Membership, Need, PlanVersion, Step, Team, Words


def content_of(team: Team) -> dict:
    """The plan as it stands, every part with its section: what a version freezes. Six queries."""
    return content_from(
        words=Words.objects.live().filter(team=team, meeting=None).select_related("person"),
        strengths=Strength.objects.live().filter(family=team.family_id).select_related("person"),
        needs=Need.objects.live().filter(team=team),
        goals=Goal.objects.live().filter(team=team),
        steps=Step.objects.live().filter(team=team, goal__isnull=False).prefetch_related("who"),
    )


def content_from(*, words, strengths, needs, goals, steps) -> dict:
    """The same of rows that were read already, each kind in its own order; no query."""
    return {
        "words": [
            {"name": row.person.name, "text": row.text, "language": row.language, "section": row.section}
            for row in words
        ],
        "strengths": [
            {"about": row.person.name if row.person else "", "text": row.text, "section": row.section}
            for row in strengths
        ],
        "needs": [{"id": row.pk, "text": row.text, "domain": row.domain, "section": row.section} for row in needs],
        "goals": [
            {"id": row.pk, "need": row.need_id, "text": row.text, "know": row.how_we_will_know, "section": row.section}
            for row in goals
        ],
        "steps": [
            {
                "goal": row.goal_id, "text": row.text, "who": [member.name for member in row.people],
                "due_on": row.due_on.isoformat() if row.due_on else None, "due_words": row.due_words,
                "status": row.status, "why": row.why, "section": row.section,
            }
            for row in steps
        ],
    }  # fmt: skip


def hash_of(content: dict) -> str:
    """SHA-256 of the content as JSON with sorted keys: the same content always has the same hash."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def agree_for_family(*, team: Team, by, seen_hash: str) -> PlanVersion:
    """A caregiver agrees for the family to the plan that they saw; it is frozen as a version of its own.

    `seen_hash` is the hash of what the page showed. `ValidationError` when the plan has changed since, when it is
    empty, or when this very plan is agreed already.
    """
    locked = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    content = content_of(locked)
    current = hash_of(content)
    if current != seen_hash:
        raise ValidationError(_("The plan has changed since you opened it. Read it again, then agree."), code="stale")
    if not content["needs"] and not content["words"]:
        raise ValidationError(_("The plan is still empty. Write what you need first."), code="empty")
    last = PlanVersion.objects.filter(team=team).first()
    if last is not None and last.content_hash == current:
        raise ValidationError(_("The family has agreed to this plan already."), code="twice")
    version = PlanVersion(
        team=team, number=last.number + 1 if last else 1, content=content, content_hash=current,
        agreed_by=by, agreed_at=timezone.now(),
    )  # fmt: skip
    PlanVersion.written_by_actions.bulk_create([version])
    meet_deadline(team, DeadlineKind.FIRST_PLAN, on=timezone.localdate())
    record("plan_agreed", by=by, family_id=team.family_id, team_id=team.pk, thing=version)
    own = Membership.objects.live().filter(team=team, user=by).first()
    if own is not None:
        Answer.objects.create(plan_version=version, membership=own, kind=AnswerKind.AGREES)
    emails.plan_agreed(version, by)
    return version


@transaction.atomic
def answer_plan(*, version: PlanVersion, membership: Membership, kind: str, words: str, by) -> Answer:
    """A member says what they think of a version; a new answer takes the place of the old one, which is kept."""
    newest = PlanVersion.objects.filter(team=version.team_id).first()
    if newest is None or newest.pk != version.pk:
        raise ValidationError(_("There is a newer plan now. Read it, then answer."), code="stale")
    if kind != AnswerKind.AGREES and not words.strip():
        raise ValidationError(_("Write in a few words what you see differently."), code="words")
    Answer.objects.filter(plan_version=version, membership=membership, ended_at=None).update(ended_at=timezone.now())
    answer = Answer.objects.create(plan_version=version, membership=membership, kind=kind, words=words)
    team = version.team
    record("plan_answered", by=by, family_id=team.family_id, team_id=team.pk, thing=version)
    return answer
