"""Whose draft it is.

A person reads and drops only their own drafts: every query here starts from `user`.

The owner token
---------------
A form can be sent after its session is gone: the 20 minutes ran out, the person signed out in another tab,
the server forgot the session. What was typed must not be lost then, so each edit form carries a hidden
`draft_owner`: the person's number, signed with the site's key and dated.

What somebody who got hold of a token can do with it: write a draft that only its owner will see, marked
"We kept what you typed", and that the owner can throw away. It reads nothing, changes no record, signs
nobody in, and shows nothing of the owner to whoever sends it. It works for 24 hours, for at most
`WRITES_PER_WINDOW` writes in ten minutes, and each write is limited in size (`soc_portal.drafts.actions`).
"""

from django.contrib.auth import get_user_model
from django.core import signing

from soc_portal.access.limits import within_limit
from soc_portal.drafts.models import Draft

SALT = "soc_portal.drafts.owner"
TOKEN_SECONDS = 24 * 60 * 60
WINDOW_SECONDS = 10 * 60
WRITES_PER_WINDOW = 60


def drafts_of(user, path):
    """The drafts that `user` keeps for the form at `path`; nobody else's."""
    return Draft.objects.filter(user_id=user.pk, path=path)


def owner_token(user) -> str:
    """A dated, signed token that lets a form keep its text for `user`; empty for a visitor."""
    return signing.dumps(user.pk, salt=SALT) if user.is_authenticated else ""


def owner_from(token):
    """The active person whose token this is, or None when it is forged, too old or used too often."""
    try:
        pk = signing.loads(token or "", salt=SALT, max_age=TOKEN_SECONDS)
    except signing.BadSignature:
        return None
    if not within_limit(f"draft-owner:{pk}", most=WRITES_PER_WINDOW, seconds=WINDOW_SECONDS):
        return None
    return get_user_model().objects.filter(pk=pk, is_active=True).first()
