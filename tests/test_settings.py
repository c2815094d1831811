"""Settings: a wrong or half-set variable stops the start with a sentence that says what to do."""

import os
import runpy
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from soc_portal import checks

FILE = Path(__file__).parent.parent / "soc_portal" / "settings.py"
READ = "DATABASE_URL REDIS_URL EMAIL_URL DEFAULT_FROM_EMAIL HOST PORT PORTAL_URL DEBUG DEMO SECRET_KEY VAR_DIR".split()
PRODUCTION = {
    "DATABASE_URL": "postgres://portal:hunter2@db.internal:5432/portal",
    "REDIS_URL": "redis://cache.internal:6379/0",
    "EMAIL_URL": "smtp+tls://portal:hunter2@mail.internal:587",
    "DEFAULT_FROM_EMAIL": "portal@county.example",
    "PORTAL_URL": "https://portal.county.example",
    "SECRET_KEY": "k" * 50,
}


@pytest.fixture
def start(monkeypatch, tmp_path):
    """Read the settings as a fresh process would, with these variables and no others."""

    def read(**variables):
        for name in READ:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(FILE))

    return read


def without(*names, **changes):
    return {name: value for name, value in PRODUCTION.items() if name not in names} | changes


def test_with_no_variable_at_all_it_is_the_embedded_demo_on_this_machine(start, tmp_path):
    found = start()
    database = found["DATABASES"]["default"]
    assert (found["DEMO"], found["DEBUG"], found["HTTPS"], found["HOST"], found["PORT"]) == (
        True,
        False,
        False,
        "127.0.0.1",
        8000,
    )
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["NAME"] == tmp_path / "var" / "portal.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "ATOMIC_REQUESTS" not in database
    assert found["CELERY_TASK_ALWAYS_EAGER"] is True
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"


def test_the_secret_key_is_made_once_and_only_its_owner_can_read_it(start, tmp_path):
    first = start()["SECRET_KEY"]
    path = tmp_path / "var" / "secret_key"
    assert len(first) >= 50
    assert start()["SECRET_KEY"] == first
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(path.parent).st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir() if "secret" in entry.name] == ["secret_key"]


def test_production_is_closed_and_says_so_in_every_header(start):
    found = start(**PRODUCTION)
    assert found["DEMO"] is False
    assert found["ALLOWED_HOSTS"] == ["portal.county.example", "127.0.0.1", "localhost", "[::1]"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://portal.county.example"]
    assert all(found[name] for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"))
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000
    assert found["SESSION_COOKIE_NAME"] == "__Host-session"
    assert found["DATABASES"]["default"]["ENGINE"] == "django.db.backends.postgresql"
    assert found["DATABASES"]["default"]["CONN_MAX_AGE"] == 60
    assert found["CACHES"]["default"]["LOCATION"] == "redis://cache.internal:6379/0"
    assert found["CELERY_TASK_ALWAYS_EAGER"] is False
    assert (found["EMAIL_HOST"], found["EMAIL_USE_TLS"]) == ("mail.internal", True)
    assert found["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"] is False


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (without("SECRET_KEY"), "SECRET_KEY is needed too"),
        (without("PORTAL_URL"), "PORTAL_URL is needed too"),
        (without("EMAIL_URL"), "EMAIL_URL is not set"),
        (without("DEFAULT_FROM_EMAIL"), "DEFAULT_FROM_EMAIL is needed too"),
        (without("DATABASE_URL"), "REDIS_URL is set but DATABASE_URL is not"),
        (without(DEMO="1"), "can't be used with DATABASE_URL"),
        (without(DEBUG="1"), "DEBUG=1 shows records to strangers"),
        (without(SECRET_KEY="short"), "SECRET_KEY is too short"),
        (without(PORTAL_URL="http://portal.county.example"), "PORTAL_URL must start with https://"),
        (without(PORTAL_URL="portal.county.example"), "PORTAL_URL is not understood"),
        (without(DATABASE_URL="mysql://db.internal/portal"), "DATABASE_URL is not understood"),
        (without(DATABASE_URL="postgres:portal"), "DATABASE_URL is not understood"),
        (without(DATABASE_URL="postgres://u:hunter2@db:port/portal"), "DATABASE_URL is not understood"),
        (without(REDIS_URL="cache.internal:6379"), "REDIS_URL is not understood"),
        (without(EMAIL_URL="mail.internal"), "EMAIL_URL is not understood"),
        ({"PORT": "eighty"}, "PORT must be a number"),
        ({"PORT": "0"}, "PORT must be a number"),
        ({"PORT": "65536"}, "PORT must be a number"),
        ({"PORT": "٨٠"}, "PORT must be a number"),
        ({"DEMO": "maybe"}, "DEMO must be 1 or 0"),
        ({"DEBUG": "maybe"}, "DEBUG must be 1 or 0"),
        ({"HOST": "0.0.0.0"}, "PORTAL_URL is needed"),
        ({"VAR_DIR": "/proc/nowhere/var"}, "Set VAR_DIR"),
    ],
)
def test_a_wrong_or_half_set_variable_stops_the_start_with_one_sentence(start, variables, sentence):
    with pytest.raises(ImproperlyConfigured) as stopped:
        start(**variables)
    assert sentence in str(stopped.value)
    assert "hunter2" not in str(stopped.value)
    assert "\n" not in str(stopped.value)


def test_a_worker_says_it_in_one_sentence_too(tmp_path):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "soc_portal.settings",
        "DEMO": "maybe",
        "VAR_DIR": str(tmp_path),
    }
    command = [sys.executable, "-m", "celery", "-A", "soc_portal", "report"]
    done = subprocess.run(
        command, env=environment, cwd=FILE.parent.parent, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (1, "The portal can't start. DEMO must be 1 or 0, not something else.\n")


@pytest.mark.parametrize("word", ["0", "false", "No", " OFF "])
def test_the_demo_can_be_turned_off(start, word):
    assert start(DEMO=word)["DEMO"] is False


def test_an_empty_variable_counts_as_not_set(start):
    assert start(DATABASE_URL="", DEMO="", PORT="", HOST="")["DEMO"] is True


def test_the_demo_is_off_by_itself_where_others_can_reach_the_portal(start):
    assert start(**without("DATABASE_URL", "REDIS_URL", HOST="0.0.0.0"))["DEMO"] is False


class Postgres:
    vendor = "postgresql"


class Sqlite:
    vendor = "sqlite"


@pytest.mark.parametrize(
    ("demo", "database", "host", "portal_host", "refused"),
    [
        (True, Sqlite, "127.0.0.1", "127.0.0.1", []),
        (True, Sqlite, "::1", "localhost", []),
        (True, Sqlite, "127.8.8.8", "localhost", []),
        (True, Postgres, "127.0.0.1", "127.0.0.1", ["soc_portal.E001"]),
        (True, Sqlite, "0.0.0.0", "127.0.0.1", ["soc_portal.E002"]),
        (True, Sqlite, "::", "127.0.0.1", ["soc_portal.E002"]),
        (True, Sqlite, "10.0.0.5", "127.0.0.1", ["soc_portal.E002"]),
        (True, Sqlite, "127.0.0.1", "portal.county.example", ["soc_portal.E002"]),
        (True, Sqlite, "127.0.0.1.example", "127.0.0.1", ["soc_portal.E002"]),
        (True, Postgres, "0.0.0.0", "127.0.0.1", ["soc_portal.E001", "soc_portal.E002"]),
        (False, Postgres, "0.0.0.0", "portal.county.example", []),
    ],
)
def test_demo_sign_in_is_refused_anywhere_but_on_sqlite_at_a_loopback_address(
    settings, monkeypatch, demo, database, host, portal_host, refused
):
    settings.DEMO, settings.HOST, settings.PORTAL_HOST = demo, host, portal_host
    monkeypatch.setattr(checks, "connection", database)
    assert [error.id for error in checks.demo_only_on_this_machine(None)] == refused


def test_psycopg_3_is_refused_and_is_not_here(monkeypatch):
    assert checks.one_postgresql_driver(None) == []
    monkeypatch.setattr(checks, "find_spec", lambda name: object())
    assert [error.id for error in checks.one_postgresql_driver(None)] == ["soc_portal.E003"]
