"""The portal's settings, made strict and quick for tests. Run on SQLite, or on what DATABASE_URL and REDIS_URL name."""

import os
import tempfile

# Before the settings read it: tests never touch the files or the demo of the machine they run on.
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="portal-tests-")
os.environ["DEMO"] = "0"
os.environ.setdefault("SECRET_KEY", "only-for-tests-" * 4)
os.environ.setdefault("PORTAL_URL", "http://127.0.0.1:8000")

from soc_portal.settings import *  # noqa: F403
from soc_portal.settings import CACHES, INSTALLED_APPS, MIDDLEWARE, REDIS_URL, VAR_DIR

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if not REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CACHES["default"]["KEY_FUNCTION"] = "tests.strict.cache_key"

# A task runs where it is called, and its errors are seen; tests/test_worker.py has a real worker.
CELERY_TASK_ALWAYS_EAGER = CELERY_TASK_EAGER_PROPAGATES = True

# Static files as they lie in the tree; nothing has to be collected first.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
(VAR_DIR / "static").mkdir(exist_ok=True)

# A page that asks the database once per row fails, and so does one with inline code (see tests/strict.py).
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
ZEAL_NPLUSONE_THRESHOLD = 2
# allauth looks addresses and sessions up one by one while somebody signs in: few rows, and not our query.
ZEAL_ALLOWLIST = [{"model": f"{app}.*"} for app in ("account", "mfa", "usersessions", "sessions")]
ZEAL_ALLOWLIST.append({"model": "accounts.User", "field": "get()"})
gzip = MIDDLEWARE.index("django.middleware.gzip.GZipMiddleware")
MIDDLEWARE = [
    *MIDDLEWARE[: gzip + 1],
    "tests.strict.strict_pages",
    "tests.behind_the_wall.requests_start_as_nobody",
    "zeal.middleware.zeal_middleware",
    *MIDDLEWARE[gzip + 1 :],
]
