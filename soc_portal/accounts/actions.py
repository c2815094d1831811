"""What happens to an account: its name and language, its sessions."""

import datetime as dt
import secrets

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q

from soc_portal.accounts.access import live_sessions
from soc_portal.accounts.models import CalendarFeed, User


def change_profile(*, user, name, language, remind_of_steps) -> None:
    """The person's own name and language, and whether they want reminders; nobody else changes them."""
    user.name = name
    user.language = language
    user.remind_of_steps = remind_of_steps
    user.save(update_fields=["name", "language", "remind_of_steps"])


def end_session(*, user, session_id) -> bool:
    """Sign `user` out on one of their devices. False when it is not theirs, or is over already."""
    session = UserSession.objects.filter(user_id=user.pk, pk=session_id).first()
    if session is None:
        return False
    session.end()
    return True


def end_other_sessions(*, user, session_key, now) -> int:
    """Sign `user` out everywhere but here. Returns on how many devices they were still signed in."""
    live = len([s for s in live_sessions(user, now) if s.session_key != session_key])
    for session in UserSession.objects.filter(user_id=user.pk).exclude(session_key=session_key):
        session.end()
    return live


#: How often a feed writes down that it was read; programs ask every few minutes.
READ_NOTED_EVERY = dt.timedelta(hours=1)


@transaction.atomic
def make_feed(*, user, now: dt.datetime) -> CalendarFeed:
    """Give the person an address for their calendar programs; the one that they had before ends."""
    User.objects.select_for_update().get(pk=user.pk)  # the second of two forms waits: one live address a person
    end_feed(user=user, now=now)
    return CalendarFeed.objects.create(user_id=user.pk, nonce=secrets.token_urlsafe(16))


def end_feed(*, user, now: dt.datetime) -> bool:
    """End the person's address: nobody reads anything under it any more. False when there was none."""
    return CalendarFeed.objects.filter(user_id=user.pk, ended_at=None).update(ended_at=now) == 1


def note_feed_read(*, feed: CalendarFeed, now: dt.datetime) -> bool:
    """Write down, at most once an hour, that a program read the feed; whether this is the first time in that hour."""
    stale = Q(read_at=None) | Q(read_at__lte=now - READ_NOTED_EVERY)
    return CalendarFeed.objects.filter(stale, pk=feed.pk).update(read_at=now) == 1
