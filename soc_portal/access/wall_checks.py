"""Does the second wall stand? It does nothing for a superuser, and nobody would notice by looking at a page."""

from django.core.checks import Error, Tags, register
from django.db import connections

from soc_portal.access.wall import WRITE

ROLE = "SELECT rolsuper, rolbypassrls, current_setting('app.system', true) FROM pg_roles WHERE rolname = current_user"
WALLED = """
SELECT relname FROM pg_class WHERE oid = ANY (SELECT to_regclass(quote_ident(name)) FROM unnest(%s) AS name)
    AND relrowsecurity AND relforcerowsecurity
"""
HINT = "Let the portal use a role of its own: docs/how-to/postgresql-roles.md has the lines to copy."


@register(Tags.database, deploy=True)
def the_second_wall_stands(app_configs, databases=None, **kwargs):
    """On PostgreSQL: the portal's role is bound by row-level security, and each table of a family has it."""
    found = []
    for alias in databases or []:
        if connections[alias].vendor == "postgresql":
            with connections[alias].cursor() as cursor:
                found += [*_role(cursor), *_tables(cursor)]
    return found


def _role(cursor):
    cursor.execute(ROLE)
    return faults_of_role(*cursor.fetchone())


def faults_of_role(is_superuser, bypasses, system):
    """Why row-level security would not bind this role."""
    if is_superuser or bypasses:
        yield Error(
            "The database user of DATABASE_URL is above row-level security, so the second wall protects nobody.",
            hint=HINT,
            id="soc_portal.E004",
        )
    if system == "on":
        yield Error(
            "The database user of DATABASE_URL starts with app.system = on, so the second wall protects nobody.",
            hint=HINT,
            id="soc_portal.E005",
        )


def _tables(cursor):
    cursor.execute(WALLED, [list(WRITE)])
    missing = sorted(set(WRITE) - {name for (name,) in cursor.fetchall()})
    if missing:
        yield Error(
            f"Row-level security is not on for: {', '.join(missing)}.",
            hint="Run this as the owner: manage.py migrate access zero, then manage.py migrate.",
            id="soc_portal.E006",
        )
