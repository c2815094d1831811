"""System checks: mistakes of an installation that must stop it, each with a sentence that says what to do."""

from importlib.util import find_spec

from django.conf import settings
from django.core.checks import Error, register
from django.db import connection

from soc_portal.environment import is_loopback


@register()
def demo_only_on_this_machine(app_configs, **kwargs):
    """Demo sign-in asks for no password: only on SQLite, and only where no other machine can reach it."""
    if not settings.DEMO:
        return []
    found = []
    if connection.vendor != "sqlite":
        found.append(
            Error(
                "Demo sign-in is on, but the database is not SQLite.",
                hint="Set DEMO=0. Demo people belong to the embedded database only.",
                id="soc_portal.E001",
            )
        )
    if not is_loopback(settings.HOST) or not is_loopback(settings.PORTAL_HOST):
        found.append(
            Error(
                "Demo sign-in is on, but other machines can reach this portal.",
                hint="Set DEMO=0, or leave HOST and PORTAL_URL unset so that only this machine reaches it.",
                id="soc_portal.E002",
            )
        )
    return found


@register()
def one_postgresql_driver(app_configs, **kwargs):
    """Django takes psycopg 3 without a word where it finds it; the portal is measured and tested with psycopg2."""
    if find_spec("psycopg") is None:
        return []
    return [
        Error(
            "The package psycopg (version 3) is installed; Django would use it in place of psycopg2.",
            hint="Run: pip uninstall psycopg psycopg-binary",
            id="soc_portal.E003",
        )
    ]
