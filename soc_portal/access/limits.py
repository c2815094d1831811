"""How often something may be tried: counted in the cache, for a while."""

from django.core.cache import cache


def within_limit(key: str, *, most: int, seconds: int) -> bool:
    """Count one more try under `key`; False from the one after `most` on, until `seconds` after the first."""
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) <= most
    except ValueError:  # the time ended between the two calls
        return True
