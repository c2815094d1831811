"""The portal's settings for a server of its own, beside a test: as in production, but with static files as they lie in
the tree, and with wake-ups that nobody waits for: the rows stay due."""

from soc_portal.settings import *  # noqa: F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_BROKER_URL = "memory://"
