"""Emptying the outbox: due, claimed, sent. A dead worker or mail server delays a notice and loses none."""

import datetime as dt
import re
import time
from collections import deque
from contextlib import suppress
from enum import Enum
from smtplib import SMTPException, SMTPRecipientsRefused

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F, Q
from structlog import get_logger

from soc_portal.bounces import Bounce
from soc_portal.notices.emails import REFUSED, message_of
from soc_portal.notices.models import Notice

log = get_logger(__name__)

#: A claim that has not led to a mail by then belonged to a worker that died.
CLAIM_HOLDS = dt.timedelta(minutes=10)
#: Wait before the next try after try 1, 2, ...; the last one counts for all later tries.
WAITS = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720)]
GIVE_UP_AFTER = 12
#: Notices that are claimed at once. A wake-up goes on until none is due, or until this many seconds are over: well
#: before its claims run out and its time as a task. The next wake-up goes on where it stopped.
AT_ONCE = 50
AT_MOST_SECONDS = 240


def send_due(*, now: dt.datetime) -> int:
    """Claim and send every notice that is due at `now`; returns how many were sent."""
    connection, sent, ends = None, 0, time.monotonic() + AT_MOST_SECONDS
    claimed: deque[Notice] = deque()
    try:
        while time.monotonic() < ends:
            if not claimed:
                claimed.extend(claim(now))
            if not claimed:
                break
            connection = connection or get_connection()
            sent += _send(claimed.popleft(), connection, now)
    finally:
        _give_back(claimed)
        if connection is not None:
            _hang_up(connection)
    return sent


def _hang_up(connection) -> None:
    """Close it; a mail server that is gone needs no goodbye."""
    with suppress(SMTPException, OSError):
        connection.close()


@transaction.atomic
def claim(now: dt.datetime) -> list[Notice]:
    """Take the next notices for sending. Workers that ask in the same moment pass over each other's rows (on SQLite
    the one that writes first is alone), so each gets others.

    A claim is no attempt, so no notice is given up because workers die.
    """
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_HOLDS)
    due = Notice.objects.due(now, GIVE_UP_AFTER).filter(free).select_related("user").order_by("due_at", "pk")
    taken = list(due.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    Notice.objects.filter(pk__in=[notice.pk for notice in taken]).update(claimed_at=now)
    return taken


def _give_back(claimed: deque[Notice]) -> None:
    """What a worker has claimed and did not come to is free for the next one at once."""
    if claimed:
        Notice.objects.filter(pk__in=[notice.pk for notice in claimed], sent_at=None).update(claimed_at=None)


def _send(notice: Notice, connection, now: dt.datetime) -> bool:
    """One notice over a connection that stays open for the next one; an error closes it, so that none inherits it.

    What was sent is committed mail by mail: a worker that dies doubles at most the one that it was just sending.
    """
    if notice.user and not notice.user.is_active:
        Notice.objects.filter(pk=notice.pk).update(attempts=GIVE_UP_AFTER, claimed_at=None)
        return False
    mail = message_of(notice)
    mail.connection = connection
    try:
        connection.open()  # otherwise Django opens and closes it for each mail
        mail.send()
    except (SMTPException, OSError) as error:
        _hang_up(connection)
        if is_for_ever(error):
            note_refusal(notice, now)
        else:
            _delay(notice, now, error)
        return False
    Notice.objects.filter(pk=notice.pk).update(sent_at=now, claimed_at=None, attempts=F("attempts") + 1)
    return True


def _delay(notice: Notice, now: dt.datetime, error: Exception) -> None:
    attempt = notice.attempts + 1
    wait = WAITS[min(attempt, len(WAITS)) - 1]
    Notice.objects.filter(pk=notice.pk).update(claimed_at=None, due_at=now + wait, attempts=attempt)
    log.warning("notice_delayed", notice=notice.pk, attempt=attempt, error=type(error).__name__)


# --- Addresses that do not exist -------------------------------------------------------------------------------------
#: RFC 5321: 5yz is for ever. RFC 3463: 5.7 is not about the address but about us ("relaying denied"), to be mended.
ABOUT_US = re.compile(rb"\s*5\.7\.")


def is_for_ever(error: Exception) -> bool:
    """Whether the mail server said that there is no such address: another try would bring the same answer."""
    if not isinstance(error, SMTPRecipientsRefused):
        return False
    answers = error.recipients.values()
    return bool(answers) and all(500 <= code < 600 and not ABOUT_US.match(words) for code, words in answers)


@transaction.atomic
def note_refusal(notice: Notice, now: dt.datetime) -> bool:
    """Write down that a notice can't arrive; it is not tried again. Whoever should know is told in the same moment.

    False when that is known already.
    """
    if not Notice.objects.filter(pk=notice.pk, refused_at=None).update(refused_at=now, claimed_at=None):
        return False
    log.warning("notice_refused", notice=notice.pk)
    for tell in REFUSED:
        tell(notice)
    return True


class Noted(Enum):
    """What became of a mail that came back; words for whoever looks after the mail server."""

    YES = "Noted: this address does not work."
    KNOWN = "Known already."
    LATER = "Nothing to do: the mail server goes on trying."
    STRANGE = "Nothing to do: none of our mails went to that address in the last month."


#: A mail server gives up after some days; a report that comes later is somebody's trick.
REPORTED_WITHIN = dt.timedelta(days=30)


def note_bounce(bounce: Bounce, *, now: dt.datetime) -> Noted:
    """Write down that a notice came back, if it went to the address that the report names.

    Who knows neither number nor address of a mail can't make the portal believe that somebody's address is dead.
    """
    if not bounce.is_for_ever:
        return Noted.LATER
    sent = Notice.objects.select_related("user").filter(pk=bounce.notice_id, sent_at__gt=now - REPORTED_WITHIN)
    notice = sent.first()
    if notice is None or (notice.user.email if notice.user else notice.address).lower() not in bounce.addresses:
        return Noted.STRANGE
    return Noted.YES if note_refusal(notice, now) else Noted.KNOWN
