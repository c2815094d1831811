"""How a team comes to its end: begun, changed, given up again, everybody's last word, and closed by a caregiver.

All of it takes turns at the team's row, so that nothing is written to a team that somebody closes at that moment.
"""

import datetime as dt
import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from soc_portal.audit.actions import record
from teams import emails
from teams.actions.memberships import end_team
from teams.enums import TRANSITION_PARTS, EndingReason
from teams.models import Ending, LastWord, Membership, PlanPart, Team


def seen_of(ending: Ending | None) -> str:
    """A short word for what a page showed of an ending; "" where there was none."""
    if ending is None:
        return ""
    shown = f"{ending.pk}|{ending.reason}|{ending.ends_on}|{ending.words}"
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def _lock(team_id: int) -> Team:
    """The team, held until this is saved; `ValidationError` when it has come to its end."""
    team = Team.objects.select_for_update(of=("self",)).get(pk=team_id)
    if not team.is_live:
        raise ValidationError(_("This team has come to its end."), code="ended")
    return team


def _still_there(ending: Ending) -> Ending:
    """The ending as it stands; `ValidationError` when the team gave it up, or has come to its end."""
    _lock(ending.team_id)
    found = Ending.objects.select_related("team").filter(pk=ending.pk, ended_at=None).first()
    if found is None:
        raise ValidationError(_("Your team goes on. This ending was given up in the meantime."), code="gone")
    return found


@transaction.atomic
def begin_ending(*, team: Team, by, reason: str, ends_on: dt.date | None = None, words: str = "") -> Ending:
    """Anybody on the team says that it gets ready to end; everybody on it is told. One ending at a time."""
    _lock(team.pk)
    if Ending.objects.filter(team=team, ended_at=None).exists():
        words_of_it = _("Somebody on your team began this just now. What you typed can be your last word.")
        raise ValidationError(words_of_it, code="twice")
    ending = Ending.objects.create(
        team=team, reason=EndingReason(reason).value, ends_on=ends_on, words=words, begun_by=by
    )
    record("ending_begun", by=by, family_id=team.family_id, team_id=team.pk, thing=ending)
    emails.ending_begun(team, by)
    return ending


@transaction.atomic
def change_ending(
    *, ending: Ending, by, seen: str, reason: str, ends_on: dt.date | None, words: str | None = None
) -> Ending:
    """Another reason or day, by anybody on the team; the words are changed by who wrote them alone (else None).

    `seen` is the word of what the page showed: `ValidationError` when somebody else changed it since.
    """
    current = _still_there(ending)
    if seen_of(current) != seen:
        raise ValidationError(_("Somebody changed this just now. Look at it again, then save."), code="changed")
    values = {"reason": EndingReason(reason).value, "ends_on": ends_on}
    if words is not None and current.begun_by_id == by.pk:
        values["words"] = words
    if all(getattr(current, name) == value for name, value in values.items()):
        return current
    for name, value in values.items():
        setattr(current, name, value)
    current.save(update_fields=list(values))
    record("ending_changed", by=by, family_id=current.team.family_id, team_id=current.team_id, thing=current)
    return current


@transaction.atomic
def give_up_ending(*, ending: Ending, by) -> None:
    """The team goes on; what was said stays in the record."""
    current = _still_there(ending)
    Ending.objects.filter(pk=current.pk).update(ended_at=timezone.now(), ended_by=by)
    record("ending_given_up", by=by, family_id=current.team.family_id, team_id=current.team_id, thing=current)


@transaction.atomic
def say_last_word(*, ending: Ending, membership: Membership, text: str, by) -> LastWord:
    """A member says something at the end; a newer word takes the place of the old one, which is kept.

    `by` is somebody else for a member without an account: then it is said who noted it. The same words change nothing.
    """
    current = _still_there(ending)
    member = Membership.objects.live().filter(pk=membership.pk, team=current.team_id).first()
    if member is None:
        raise ValidationError(_("This person is not on the team any more."), code="member")
    noted_by = None if member.user_id == by.pk else by
    if noted_by is not None and member.user_id is not None:
        raise ValidationError(_("Somebody with an account says it themselves."), code="account")
    old = LastWord.objects.filter(ending=current, membership=member, ended_at=None)
    if same := old.filter(text=text, noted_by=noted_by).first():
        return same
    old.update(ended_at=timezone.now())
    word = LastWord.objects.create(ending=current, membership=member, text=text, noted_by=noted_by)
    record("last_word_said", by=by, family_id=current.team.family_id, team_id=current.team_id, thing=word)
    return word


@transaction.atomic
def close_team(*, ending: Ending, by) -> Ending:
    """A caregiver closes the team: everybody but the family steps back, and the family keeps its whole record.

    Whether the plan held a part of the transition plan is kept with the ending; nothing of it is required.
    """
    current = _still_there(ending)
    current.closed_at, current.closed_by = timezone.now(), by
    current.had_transition = PlanPart.objects.live().filter(team=current.team, part__in=TRANSITION_PARTS).exists()
    current.save(update_fields=["closed_at", "closed_by", "had_transition"])
    end_team(team=current.team, by=by)
    return current
