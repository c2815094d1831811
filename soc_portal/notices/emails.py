"""Putting a message into the outbox, and how a message of the outbox reads."""

import datetime as dt
from collections.abc import Callable, Iterable
from email.mime.text import MIMEText
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from kombu.exceptions import OperationalError

from soc_portal.calendars import Entry, file_of
from soc_portal.notices.models import Notice

#: Kinds of notice whose link must not lie in the database: what makes the path, when the message is sent.
PATHS: dict[str, Callable[[Notice], str]] = {}
#: What else happens when a mail server says that there is no such address; in the transaction that notes it.
REFUSED: list[Callable[[Notice], None]] = []


def put_in_outbox(
    kind: str, *, path: str, user=None, address: str = "", due_at: dt.datetime | None = None, **facts: Any
) -> Notice:
    """Write a notice in the transaction of the change that it tells of; it is sent after the commit, or at `due_at`.

    `kind` names its templates `emails/<kind>_subject.txt`, `.txt` and `.html`. `facts` are dates and numbers for
    them: no names, no content of a record. With `starts_at`, `ends_at` and `calendar` (see `about`) the mail brings a
    calendar file along.
    """
    notice = notice_of(kind, path=path, user=user, address=address, due_at=due_at, **facts)
    notice.save()
    transaction.on_commit(wake_sender, robust=True)
    return notice


def put_all_in_outbox(notices: Iterable[Notice]) -> None:
    """The same for many notices of `notice_of`, with one wake-up."""
    Notice.objects.bulk_create(notices, batch_size=500)
    transaction.on_commit(wake_sender, robust=True)


def notice_of(
    kind: str, *, path: str, user=None, address: str = "", due_at: dt.datetime | None = None, **facts: Any
) -> Notice:
    """A notice that is not in the outbox yet."""
    return Notice(
        kind=kind,
        user=user,
        address=address if user is None else "",
        language=user.language if user is not None else translation.get_language() or settings.LANGUAGE_CODE,
        path=path,
        facts=facts,
        due_at=due_at or timezone.now(),
    )


def about(kind: str, meeting, *, is_cancelled: bool = False) -> dict[str, Any]:
    """The facts of a notice about a meeting, of a team or of a group: when it is, and which version of which row.

    A mail that comes late changes nothing in a calendar that has seen a later version.
    """
    return {
        "starts_at": meeting.starts_at.isoformat(), "ends_at": meeting.ends_at.isoformat(),
        "calendar": {
            "kind": kind, "number": meeting.pk, "sequence": meeting.version, "is_cancelled": is_cancelled,
        },
    }  # fmt: skip


def wake_sender() -> None:
    """Ask for the outbox to be emptied now. A dead broker only delays it: the beat asks again."""
    try:
        current_app.tasks["soc_portal.notices.tasks.send_notices"].delay()
    except OperationalError:
        pass


def message_of(notice: Notice) -> EmailMultiAlternatives:
    """The mail for a notice, in its reader's language; always the same Message-ID, so a copy is known as one."""
    path = PATHS[notice.kind](notice) if notice.kind in PATHS else notice.path
    starts_at = parse_datetime(notice.facts.get("starts_at", ""))
    context = notice.facts | {"link": settings.PORTAL_URL + path, "starts_at": starts_at}
    with translation.override(notice.language):
        subject = render_to_string(f"emails/{notice.kind}_subject.txt", context)
        text = render_to_string(f"emails/{notice.kind}.txt", context)
        html = render_to_string(f"emails/{notice.kind}.html", context)
        calendar = _calendar_file(notice, path)
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text.strip() + "\n",
        to=[notice.user.email if notice.user else notice.address],
        headers={"Message-ID": f"<notice-{notice.pk}@{settings.PORTAL_HOST}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(html, "text/html")
    if calendar is not None:
        mail.attach(calendar)
    return mail


def _calendar_file(notice: Notice, path: str) -> MIMEText | None:
    """The calendar file of a notice about a meeting. Its method stands in the header too: some programs look there."""
    facts = notice.facts
    if "calendar" not in facts:
        return None
    starts_at, ends_at = (dt.datetime.fromisoformat(facts[name]) for name in ("starts_at", "ends_at"))
    entry = Entry(starts_at=starts_at, ends_at=ends_at, path=path, changed_at=notice.created_at, **facts["calendar"])
    part = MIMEText(file_of(entry).decode(), "calendar", "utf-8")
    part.set_param("method", entry.method)
    part.add_header("Content-Disposition", "attachment", filename="meeting.ics")
    return part
