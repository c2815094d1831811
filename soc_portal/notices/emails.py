"""Putting a message into the outbox, and how a message of the outbox reads."""

from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from soc_portal.notices.models import Notice


def put_in_outbox(kind: str, *, path: str, user=None, address: str = "", **facts: Any) -> Notice:
    """Write a notice in the transaction of the change that it tells of; it is sent after the commit.

    `kind` names its templates `emails/<kind>_subject.txt`, `.txt` and `.html`. `facts` are dates and numbers for
    them: no names, no content of a record.
    """
    notice = Notice.objects.create(
        kind=kind,
        user=user,
        address=address if user is None else "",
        language=user.language if user is not None else "en",
        path=path,
        facts=facts,
    )
    transaction.on_commit(wake_sender, robust=True)
    return notice


def wake_sender() -> None:
    """Ask for the outbox to be emptied now. A dead broker only delays it: the beat asks again."""
    try:
        current_app.tasks["soc_portal.notices.tasks.send_notices"].delay()
    except OperationalError:
        pass
