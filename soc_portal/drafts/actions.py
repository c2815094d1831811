"""Keep and drop what somebody is typing."""

import re

from django.db import transaction
from django.urls import Resolver404, resolve

from soc_portal.drafts.access import drafts_of
from soc_portal.drafts.models import Draft

MAX_FIELDS = 50
MAX_CHARS = 200_000
MAX_PATH = 500
MAX_ROWS = 500  # of one person, on all pages together; the oldest make room
KEEP_DAYS = 30
SEVERAL = "\x1f"  # parts the answers of one field that takes several; no keyboard types it
SECRET = re.compile(r"password|passcode|otp|credential|secret", re.IGNORECASE)
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "draft_owner", "draft_path", "next", "code", "action", "version"})


class TooMuch(Exception):
    """More fields, or a longer text, than a draft may hold."""


def is_own_path(path: str) -> bool:
    """True for the path of a page of this site: no host, no query, known to the URL table."""
    if (
        not path.startswith("/")
        or path.startswith("//")
        or len(path) > MAX_PATH
        or not path.isprintable()
        or "\\" in path
    ):
        return False
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def typed_fields(post) -> dict[str, str]:
    """The fields of a QueryDict that a person typed: without tokens, passwords, codes and files."""
    return {
        name: SEVERAL.join(post.getlist(name))
        for name in post
        if name not in NOT_TYPED and not SECRET.search(name) and len(name) <= 120 and "\x00" not in name
    }


def base_version_of(post) -> int | None:
    """The version of the row that the form was opened on, where the form sends one."""
    version = post.get("version", "")
    return int(version) if version.isascii() and version.isdigit() and len(version) <= 9 else None


@transaction.atomic
def keep_drafts(*, user, path, fields, now, base_version=None) -> int:
    """Keep `fields` (name to text) as what `user` was typing at `path`. Returns how many fields are kept.

    A later text of the same field replaces the earlier one. A form in which nothing was typed keeps nothing.
    Raises `TooMuch` above MAX_FIELDS fields or MAX_CHARS characters in one field.
    """
    if len(fields) > MAX_FIELDS or any(len(text) > MAX_CHARS for text in fields.values()):
        raise TooMuch
    if not any(text.strip() for text in fields.values()) and not drafts_of(user, path).exists():
        return 0
    rows = [
        # PostgreSQL refuses NUL in a text; nobody types it on purpose.
        Draft(user=user, path=path, field=name, text=text.replace("\x00", ""), base_version=base_version,
              created_at=now, updated_at=now)
        for name, text in fields.items()
    ]  # fmt: skip
    Draft.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "path", "field"],
        update_fields=["text", "base_version", "updated_at"],
    )
    _make_room(user)
    return len(rows)


def _make_room(user) -> None:
    """Drafts are no store: with any number of pages, one person keeps so many fields and no more."""
    newest = Draft.objects.filter(user_id=user.pk).order_by("-updated_at", "-pk")
    if oldest := list(newest.values_list("pk", flat=True)[MAX_ROWS:]):
        Draft.objects.filter(pk__in=oldest).delete()


def drop_drafts(*, user, path) -> None:
    """Forget what `user` was typing at `path`: it was saved, or they threw it away."""
    drafts_of(user, path).delete()


def drop_old_drafts(*, before) -> int:
    """Forget every draft that was last touched before `before`. Returns how many rows went."""
    return Draft.objects.filter(updated_at__lt=before).delete()[0]
