"""`GET /healthz`: may this server be sent people? Says what answers, never why something does not."""

from contextlib import suppress

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


def database_answers():
    """True when the database answers a question."""
    with suppress(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)
    return False


def redis_answers():
    """True when Redis answers within two seconds."""
    with suppress(redis.RedisError), redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as client:
        return bool(client.ping())
    return False


# Public: the load balancer that asks has no account.
@login_not_required
@never_cache
@require_safe
def healthz(request):
    """200 when the database and, where configured, Redis answer; else 503."""
    parts = {"database": "ok" if database_answers() else "down"}
    if settings.REDIS_URL:
        parts["redis"] = "ok" if redis_answers() else "down"
    else:
        parts["redis"] = "not used"
    well = "down" not in parts.values()
    return JsonResponse({"status": "ok" if well else "down", **parts}, status=200 if well else 503)
