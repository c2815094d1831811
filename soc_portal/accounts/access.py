"""A person's own account pages show that person's own account, and nothing else."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import Http404
from django.utils.crypto import constant_time_compare

from soc_portal.accounts.models import CalendarFeed, SavedFilter


def own_filters(user, page: str):
    """The filters that `user` keeps for a page, under their names."""
    return SavedFilter.objects.filter(user_id=user.pk, page=page, ended_at=None)


def live_sessions(user, now):
    """The devices on which `user` is signed in now, newest first. A session that idled too long is over.

    Two queries, however many there are.
    """
    seen_since = now - timedelta(seconds=settings.IDLE_SECONDS + 60)  # the time is written once a minute
    rows = list(UserSession.objects.filter(user_id=user.pk, last_seen_at__gte=seen_since).order_by("-last_seen_at"))
    keys = Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=now)
    alive = set(keys.values_list("session_key", flat=True))
    return [row for row in rows if row.session_key in alive]


def own_feed(user) -> CalendarFeed | None:
    """The address under which this person's calendar programs read their meetings, if there is one."""
    return CalendarFeed.objects.filter(user_id=user.pk, ended_at=None).first()


def get_feed(token: str) -> CalendarFeed:
    """The feed behind an address, with its person; the address itself is the permission. 404 for any other address,
    for one that was ended, and for the one of a closed account."""
    feed_id, nonce = CalendarFeed.read_token(token) or (0, "")
    live = CalendarFeed.objects.select_related("user").filter(pk=feed_id, ended_at=None, user__is_active=True)
    feed = live.first()
    if feed is None or not constant_time_compare(feed.nonce, nonce):
        raise Http404
    return feed
