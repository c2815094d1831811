"""Reading a mail that came back (RFC 3464): which of our notices it was, to whom, and whether it can ever arrive.

Anybody can write to the address that mail comes back to. So nothing of it is believed but its numbers, and the caller
checks that the notice went to that address.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from django.conf import settings

#: Our Message-ID, see `soc_portal.notices.emails.message_of`.
OURS = re.compile(r"<notice-([0-9]{1,18})@([a-z0-9.:\[\]-]{1,255})>", re.IGNORECASE)
STATUS = re.compile(r"\s*([245])\.([0-9]{1,3})\.([0-9]{1,3})(?![0-9.])")
#: A report with the mail that it is about; a longer one is not ours, whose mails are short.
LONGEST = 1_000_000
MOST_PARTS = 50


class NotAReport(Exception):
    """What is wrong with it, in words for whoever looks after the mail server."""


@dataclass(frozen=True)
class Bounce:
    """What a report says: the number of the notice, the addresses it names, and whether it is for ever (5.x.x)."""

    notice_id: int
    addresses: frozenset[str]
    is_for_ever: bool


def read_report(raw: bytes) -> Bounce:
    """The bounce in a mail as it came; `NotAReport` for anything else."""
    if len(raw) > LONGEST:
        raise NotAReport(f"It is longer than {LONGEST} bytes.")
    mail = message_from_bytes(raw)
    if mail.get_content_type() != "multipart/report":
        raise NotAReport("It is not a delivery report (multipart/report).")
    parts = _parts_of(mail)
    blocks = _blocks_of(parts)
    return Bounce(
        notice_id=_notice_in(parts),
        addresses=frozenset(filter(None, map(_address_in, blocks))),
        is_for_ever=all(map(_is_for_ever, blocks)),
    )


def _parts_of(mail: Message) -> list[Message]:
    parts = []
    for part in mail.walk():
        parts.append(part)
        if len(parts) > MOST_PARTS:
            raise NotAReport(f"It has more than {MOST_PARTS} parts.")
    return parts


def _blocks_of(parts: list[Message]) -> list[Message]:
    """The blocks about one recipient each; the first block of a report is about the report itself."""
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    inside = status.get_payload() if status is not None else None
    blocks = [block for block in inside if isinstance(block, Message)] if isinstance(inside, list) else []
    if not (blocks := [block for block in blocks if "Status" in block]):
        raise NotAReport("It has no message/delivery-status that gives a recipient's status.")
    return blocks


def _is_for_ever(block: Message) -> bool:
    found = STATUS.match(str(block["Status"]))
    if found is None:
        raise NotAReport("Its status is not three numbers, such as 5.1.1.")
    return found[1] == "5" and str(block["Action"] or "").strip().lower() == "failed"


def _address_in(block: Message) -> str:
    """The address that we wrote to, where the report tells it; else the one at which the mail ended up."""
    value = str(block["Original-Recipient"] or block["Final-Recipient"] or "")
    return value.partition(";")[2].strip().strip("<>").lower()


def _notice_in(parts: list[Message]) -> int:
    """The number in the Message-ID of the mail that came back: the whole mail, or its headers alone."""
    for part in parts:
        for value in _message_ids(part):
            found = OURS.search(value)
            if found and found[2].lower() == settings.PORTAL_HOST:
                return int(found[1])
    raise NotAReport("It does not hold one of our mails: no Message-ID like <notice-1@this portal>.")


def _message_ids(part: Message) -> list[str]:
    inside = part.get_payload()
    if part.get_content_type() == "text/rfc822-headers":
        headers = message_from_bytes(part.get_payload(decode=True) or b"")
    elif part.get_content_type() == "message/rfc822" and isinstance(inside, list):
        headers = inside[0]
    else:
        return []
    return [str(value) for value in headers.get_all("Message-ID", [])]
