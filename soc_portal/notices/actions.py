"""Emptying the outbox: due, claimed, sent. A dead worker or mail server delays a notice and loses none."""

import datetime as dt
from smtplib import SMTPException

from django.core.mail import get_connection
from django.db.models import F, Q
from structlog import get_logger

from soc_portal.notices.emails import message_of
from soc_portal.notices.models import Notice

log = get_logger(__name__)

#: A claim that has not led to a mail by then belonged to a worker that died.
CLAIM_HOLDS = dt.timedelta(minutes=10)
#: Wait before the next try after try 1, 2, ...; the last one counts for all later tries.
WAITS = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720)]
GIVE_UP_AFTER = 12
AT_ONCE = 500


def send_due(*, now: dt.datetime) -> int:
    """Claim and send every notice that is due at `now`; returns how many were sent."""
    due = Notice.objects.due(now, GIVE_UP_AFTER).filter(_free(now)).order_by("due_at", "pk")
    waiting = list(due.values_list("pk", flat=True)[:AT_ONCE])
    if not waiting:
        return 0
    connection = get_connection()
    return sum(_send(pk, connection, now) for pk in waiting)


def _free(now: dt.datetime) -> Q:
    return Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_HOLDS)


def claim(pk: int, now: dt.datetime) -> bool:
    """Take a notice for sending; false when another worker has it or has sent it."""
    rows = Notice.objects.filter(_free(now), pk=pk, sent_at=None)
    return rows.update(claimed_at=now, attempts=F("attempts") + 1) == 1


def _send(pk: int, connection, now: dt.datetime) -> bool:
    if not claim(pk, now):
        return False
    notice = Notice.objects.select_related("user").get(pk=pk)
    if notice.user and not notice.user.is_active:
        Notice.objects.filter(pk=pk).update(attempts=GIVE_UP_AFTER, claimed_at=None)
        return False
    mail = message_of(notice)
    mail.connection = connection
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        wait = WAITS[min(notice.attempts, len(WAITS)) - 1]
        Notice.objects.filter(pk=pk).update(claimed_at=None, due_at=now + wait)
        log.warning("notice_delayed", notice=pk, attempt=notice.attempts, error=type(error).__name__)
        return False
    Notice.objects.filter(pk=pk).update(sent_at=now, claimed_at=None)
    return True
