"""Answering without an account: a link asks one thing of one member, once, and ends by itself."""

import datetime as dt
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referrals.actions.referrals import LinkReader
from soc_portal.access.wall import whole_state
from soc_portal.audit.actions import record
from teams import emails
from teams.access import answer_link_works
from teams.actions.calling import save_answers
from teams.enums import MeetingStatus
from teams.models import AnswerLink, Guest, Meeting, Membership, TimePoll

#: How long a link takes an answer, if the first of its times does not come before.
LINK_GOOD_FOR = dt.timedelta(days=7)


class Gone(ValidationError):
    """A link takes no answer any more: used, ended or too old, or what it asks about is over."""

    def __init__(self) -> None:
        super().__init__(_("This link does not take an answer any more. Nothing was changed."), code="gone")


@transaction.atomic
def make_answer_link(
    *, membership: Membership, poll: TimePoll | None = None, meeting: Meeting | None = None, address: str = "", by
) -> AnswerLink:
    """A link for one member and one thing; mailed where there is an address. A newer one ends the older ones.

    `ValidationError` where there is nothing to answer.
    """
    now = timezone.now()
    until = _latest(poll, meeting, now)
    if until is None:
        raise ValidationError(_("There is no time to answer to yet, so no link was made."), code="nothing")
    asks = {"poll": poll, "meeting": meeting}
    membership.answer_links.filter(**asks, used_at=None, ended_at=None).update(ended_at=now)
    link = AnswerLink.objects.create(
        membership=membership, **asks, address=address.lower(), nonce=secrets.token_hex(16), created_at=now,
        created_by=by, expires_at=min(now + LINK_GOOD_FOR, until),
    )  # fmt: skip
    team = membership.team
    record("answer_link_made", by=by, family_id=team.family_id, team_id=team.pk, thing=membership)
    if address:
        emails.answer_link(link)
    return link


def _latest(poll: TimePoll | None, meeting: Meeting | None, now: dt.datetime) -> dt.datetime | None:
    """When there is nothing to answer any more: at the first of the times; None where that is so already."""
    if poll is not None:
        first = poll.slots.filter(ended_at=None, starts_at__gt=now).order_by("starts_at").first()
        return first.starts_at if poll.is_open and first else None
    is_ahead = meeting is not None and meeting.status == MeetingStatus.SET and meeting.starts_at > now
    return meeting.starts_at if meeting is not None and is_ahead else None


def _use_up(link: AnswerLink, now: dt.datetime) -> None:
    """Nobody else uses this link; `Gone` when it was used, ended or ran out meanwhile."""
    unused = AnswerLink.objects.filter(pk=link.pk, used_at=None, ended_at=None, expires_at__gt=now)
    if not unused.update(used_at=now):
        raise Gone
    if not answer_link_works(link, now):
        raise Gone


def _told(link: AnswerLink, verb: str) -> None:
    team = link.membership.team
    reader = LinkReader(link.membership.name)
    record(verb, by=reader, family_id=team.family_id, team_id=team.pk, thing=link.thing, by_link=True)
    emails.link_answered(link)


@transaction.atomic
@whole_state("who answers with a link has no account")
def answer_times_by_link(*, link: AnswerLink, answers: dict[int, str]) -> None:
    """One answer to the offered times uses the link up. `Gone` or `ValidationError` change nothing."""
    poll = TimePoll.objects.select_for_update(of=("self",)).select_related("team").get(links=link)
    link.poll = poll
    _use_up(link, timezone.now())
    save_answers(poll=poll, membership=link.membership, answers=answers, noted_by=None)
    _told(link, "times_answered")


@transaction.atomic
@whole_state("who answers with a link has no account")
def answer_meeting_by_link(*, link: AnswerLink, coming: str, needs: str) -> None:
    """One answer to an invitation uses the link up. `Gone` changes nothing."""
    link.meeting = Meeting.objects.select_related("team").get(links=link)
    _use_up(link, timezone.now())
    guests = Guest.objects.filter(meeting=link.meeting, membership=link.membership)
    if not guests.update(coming=coming, needs=needs):
        raise Gone
    _told(link, "meeting_answered")


@transaction.atomic
@whole_state("who answers with a link has no account")
def tell_of_failure(*, link: AnswerLink) -> None:
    """Somebody came with a link that takes no answer: whoever made it and the facilitator are told, once a link."""
    emails.link_failed(link)
