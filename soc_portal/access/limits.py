"""How often something may be tried: counted in the cache, for a while."""

from django.core.cache import cache


def within_limit(key: str, *, most: int, seconds: int, count: int = 1) -> bool:
    """Count a try under `key` (or `count`); False once they are more than `most`, until `seconds` after the first."""
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key, count) <= most
    except ValueError:  # the time ended between the two calls
        return True
