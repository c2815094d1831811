"""Are PostgreSQL, Redis and Chromium here for `./portal test-all`? `--export` prints the addresses for a shell."""

import os
import shutil
import sys
from contextlib import closing
from urllib.parse import urlsplit

import psycopg2
import redis

DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
TEST_ROLE = "portal_tests"
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def missing():
    """One sentence for each service that does not answer."""
    try:
        psycopg2.connect(DATABASE_URL, connect_timeout=5).close()
    except psycopg2.OperationalError:
        yield "PostgreSQL does not answer at 127.0.0.1:5432 for the user postgres. Start it, or set TEST_DATABASE_URL."
    try:
        redis.Redis.from_url(REDIS_URL, socket_timeout=5).ping()
    except redis.RedisError:
        yield "Redis does not answer at 127.0.0.1:6379. Start it, or set TEST_REDIS_URL."
    if not CHROMIUM:
        yield "Chromium was not found. On Debian: apt install chromium"


def bound_database_url():
    """The address of a role that row-level security binds: the tests would prove nothing as a superuser.

    It is made where there is none. It makes and owns its test databases, and owners are bound too.
    """
    with closing(psycopg2.connect(DATABASE_URL)) as database, database, database.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            return DATABASE_URL
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [TEST_ROLE])
        if not cursor.rowcount:
            cursor.execute(f"CREATE ROLE {TEST_ROLE} LOGIN PASSWORD '{TEST_ROLE}' CREATEDB NOSUPERUSER NOBYPASSRLS")
    place = urlsplit(DATABASE_URL).netloc.rpartition("@")[2]
    return f"postgres://{TEST_ROLE}:{TEST_ROLE}@{place}/{TEST_ROLE}"


if __name__ == "__main__":
    if "--export" in sys.argv:
        sys.stdout.write(f"export DATABASE_URL='{bound_database_url()}' REDIS_URL='{REDIS_URL}'\n")
    elif problems := list(missing()):
        sys.exit("\n".join(problems))
