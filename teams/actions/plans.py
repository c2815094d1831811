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
from teams.actions.plan_rows import content_from, read_rows
from teams.enums import AnswerKind
from teams.models import Answer, Membership, PlanVersion, Team


def content_of(team: Team) -> dict:
    """The plan as it stands, every part with its section: what a version freezes. Seven queries."""
    team = Team.objects.select_related("family").get(pk=team.pk)

    def live(model):
        rows = model.objects.live()
        return rows.filter(family=team.family_id) if model is Strength else rows.filter(team=team)

    members = {member.pk: member for member in Membership.objects.filter(team=team)}
    return content_from(team, read_rows(team, live, members))


def hash_of(content: dict) -> str:
    """SHA-256 of the content as JSON with sorted keys: the same content always has the same hash."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def seal_of(version: PlanVersion) -> str:
    """SHA-256 over everything that an agreed version holds: content, names, times. One letter makes another seal."""
    return hash_of(
        {
            "team": version.team_id, "number": version.number, "content_hash": version.content_hash,
            "people": version.people, "put_forward_at": version.put_forward_at.isoformat(),
            "put_forward_name": version.put_forward_name,
            "agreed_at": version.agreed_at.isoformat() if version.agreed_at else None,
            "agreed_name": version.agreed_name,
            "signed_on": version.signed_on.isoformat() if version.signed_on else None,
        }
    )  # fmt: skip


@transaction.atomic
def agree_for_family(*, team: Team, by, seen_hash: str) -> PlanVersion:
    """A caregiver agrees for the family to the plan that they saw; it is frozen as a version of its own.

    `seen_hash` is the hash of what the page showed. `ValidationError` when the plan has changed since, when it is
    empty, or when this very plan is agreed already.
    """
    Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    content = content_of(team)
    current = hash_of(content)
    if current != seen_hash:
        raise ValidationError(_("The plan has changed since you opened it. Read it again, then agree."), code="stale")
    if not content["needs"] and not content["words"]:
        raise ValidationError(_("The plan is still empty. Write what you need first."), code="empty")
    last = PlanVersion.objects.filter(team=team).first()
    if last is not None and last.is_agreed and last.content_hash == current:
        raise ValidationError(_("The family has agreed to this plan already."), code="twice")
    now = timezone.now()
    people = Membership.objects.live().filter(team=team).in_order()
    version = PlanVersion(
        team=team, number=last.number + 1 if last else 1, content=content, content_hash=current, put_forward_by=by,
        put_forward_at=now, put_forward_name=str(by), agreed_by=by, agreed_at=now, agreed_name=str(by),
        people=[{"name": member.name, "role": member.role_words, "kind": member.kind} for member in people],
    )  # fmt: skip
    version.seal = seal_of(version)
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
