"""Agreeing to a plan: the family's yes freezes a version, and every member answers to it."""

import datetime as dt
import hashlib
import json

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaboratives.enums import DeadlineKind
from families.models import Strength
from soc_portal.audit.actions import record
from teams import access, emails
from teams.actions.deadlines import meet_deadline
from teams.actions.plan_rows import content_from, read_rows
from teams.enums import AnswerKind
from teams.models import Answer, Membership, PlanVersion, Team

#: What the family's yes adds to a version that waited.
AGREED_FIELDS = ["people", "agreed_by", "agreed_at", "agreed_name", "signed_on", "seal"]


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


def _content_to_freeze(team: Team, seen_hash: str, reader=None) -> dict:
    """The plan as it stands, with the team locked; `ValidationError` when it can't be put forward or agreed to.

    Given a reader, it is enough that what they may read of it is what they saw.
    """
    Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    content = content_of(team)
    current = hash_of(content)
    shown = content if reader is None else access.readable_content(reader, team, content)
    if seen_hash not in (current, hash_of(shown)):
        raise ValidationError(_("The plan has changed since you opened it. Read it again, then agree."), code="stale")
    if not content["needs"] and not content["words"]:
        raise ValidationError(_("The plan is still empty. Write what you need first."), code="empty")
    agreed = PlanVersion.objects.agreed().filter(team=team).first()
    if agreed is not None and agreed.content_hash == current:
        raise ValidationError(_("The family has agreed to this plan already."), code="twice")
    return content


def _end(version: PlanVersion, by) -> None:
    PlanVersion.written_by_actions.filter(pk=version.pk).update(ended_at=timezone.now(), ended_by=by)


def _next_version(team: Team, content: dict, by) -> PlanVersion:
    last = PlanVersion.objects.filter(team=team).first()
    return PlanVersion(
        team=team, number=last.number + 1 if last else 1, content=content, content_hash=hash_of(content),
        put_forward_by=by, put_forward_at=timezone.now(), put_forward_name=str(by),
    )  # fmt: skip


def _check_signed_on(signed_on: dt.date | None) -> None:
    if signed_on is not None and signed_on > timezone.localdate():
        raise ValidationError(_("This day is still to come. Write the day of the signature."), code="signed_on")


@transaction.atomic
def put_forward(*, team: Team, by, seen_hash: str) -> PlanVersion:
    """Somebody on the team puts the plan that they saw forward: it is frozen, and everybody is asked what they say.

    What waited before is replaced. `ValidationError` as in `agree_for_family`, or when this very plan waits already.
    """
    content = _content_to_freeze(team, seen_hash, reader=by)
    waiting = PlanVersion.objects.waiting().filter(team=team).first()
    if waiting is not None and waiting.content_hash == hash_of(content):
        raise ValidationError(_("This plan has been put forward already."), code="twice")
    if waiting is not None:
        _end(waiting, by)
    version = _next_version(team, content, by)
    PlanVersion.written_by_actions.bulk_create([version])
    record("plan_put_forward", by=by, family_id=team.family_id, team_id=team.pk, thing=version)
    emails.plan_put_forward(version, by)
    return version


@transaction.atomic
def take_back(*, version: PlanVersion, by) -> None:
    """A version that waits is taken back. `ValidationError` when it does not wait any more."""
    Team.objects.select_for_update(of=("self",)).get(pk=version.team_id)
    if not PlanVersion.objects.waiting().filter(pk=version.pk).exists():
        raise ValidationError(_("This version does not wait any more."), code="stale")
    _end(version, by)
    record("plan_taken_back", by=by, family_id=version.team.family_id, team_id=version.team_id, thing=version)


@transaction.atomic
def agree_for_family(*, team: Team, by, seen_hash: str, signed_on: dt.date | None = None) -> PlanVersion:
    """A caregiver agrees for the family to the plan that they saw: to the version that waits with it, or to a new one.

    `seen_hash` is the hash of what the page showed. `ValidationError` when the plan has changed since, when it is
    empty, when this very plan is agreed already, or when it was signed on a day to come.
    """
    _check_signed_on(signed_on)
    content = _content_to_freeze(team, seen_hash)
    version = PlanVersion.objects.waiting().filter(team=team).first()
    if version is not None and version.content_hash != seen_hash:
        _end(version, by)
        version = None
    version = version or _next_version(team, content, by)
    people = Membership.objects.live().filter(team=team).in_order()
    version.people = [{"name": member.name, "role": member.role_words, "kind": member.kind} for member in people]
    version.agreed_by, version.agreed_at, version.agreed_name = by, timezone.now(), str(by)
    version.signed_on = signed_on
    version.seal = seal_of(version)
    if version.pk is None:
        PlanVersion.written_by_actions.bulk_create([version])
    else:
        PlanVersion.written_by_actions.bulk_update([version], AGREED_FIELDS)
    meet_deadline(team, DeadlineKind.FIRST_PLAN, on=timezone.localdate())
    record("plan_agreed", by=by, family_id=team.family_id, team_id=team.pk, thing=version)
    own = Membership.objects.live().filter(team=team, user=by).first()
    if own is not None:
        _replace_answer(version, own, kind=AnswerKind.AGREES)
    emails.plan_agreed(version, by)
    return version


def _replace_answer(version: PlanVersion, membership: Membership, **values) -> Answer:
    """A new answer in the place of the old one, which is kept."""
    Answer.objects.filter(plan_version=version, membership=membership, ended_at=None).update(ended_at=timezone.now())
    return Answer.objects.create(plan_version=version, membership=membership, **values)


@transaction.atomic
def answer_plan(
    *, version: PlanVersion, membership: Membership, kind: str, words: str, by, signed_on: dt.date | None = None
) -> Answer:
    """A member says what they think of the version that is agreed or waits; the old answer is kept.

    `by` is somebody else for a member without an account: then it is said who noted it.
    """
    newest = PlanVersion.objects.filter(team=version.team_id, ended_at=None).first()
    if newest is None or newest.pk != version.pk:
        raise ValidationError(_("There is a newer plan now. Read it, then answer."), code="stale")
    if kind != AnswerKind.AGREES and not words.strip():
        raise ValidationError(_("Write in a few words what you see differently."), code="words")
    _check_signed_on(signed_on)
    noted_by = None if membership.user_id == by.pk else by
    if noted_by is not None and membership.user_id is not None:
        raise ValidationError(_("Somebody with an account answers for themselves."), code="account")
    answer = _replace_answer(version, membership, kind=kind, words=words, noted_by=noted_by, signed_on=signed_on)
    team = version.team
    record("plan_answered", by=by, family_id=team.family_id, team_id=team.pk, thing=version)
    return answer


@transaction.atomic
def settle_answer(*, answer: Answer, by, words: str) -> Answer:
    """What somebody saw differently is settled, in words. `ValidationError` when it is settled or replaced already."""
    answer = Answer.objects.select_for_update(of=("self",)).select_related("plan_version__team").get(pk=answer.pk)
    if not answer.is_open:
        raise ValidationError(_("This is settled already."), code="settled")
    if not words.strip():
        raise ValidationError(_("Write in a few words how you settled it."), code="words")
    answer.settled_at, answer.settled_by, answer.settled_words = timezone.now(), by, words
    answer.save(update_fields=["settled_at", "settled_by", "settled_words"])
    team = answer.plan_version.team
    record("answer_settled", by=by, family_id=team.family_id, team_id=team.pk, thing=answer.plan_version)
    return answer
