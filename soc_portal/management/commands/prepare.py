"""Everything between "the packages are installed" and "gunicorn may start", in one process so that it takes seconds.

Whatever is in the way stops it as ImproperlyConfigured, which manage.py prints as a sentence.
"""

import hashlib
import socket

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from soc_portal.access.wall_checks import the_second_wall_stands
from soc_portal.health import redis_answers


class Command(BaseCommand):
    help = "Check the installation, bring the database, messages and static files up to date, fill the demo once."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("--no-port", action="store_true", help="Do not look whether the web port is free.")

    def handle(self, *args, no_port=False, **options):
        refuse_mistakes()
        refuse_silent_services()
        if not no_port:
            refuse_taken_port(settings.HOST, settings.PORT)
        call_command("compile_locale", verbosity=0)
        self.migrate()
        refuse_open_wall()
        call_command("load_reference_data", verbosity=0)
        self.collect_static()
        if settings.DEMO:
            call_command("demo_state", if_empty=True)
            call_command("demo_people")

    def migrate(self):
        """Apply what is missing. A role that may not change tables is told who should."""
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return
        self.stdout.write("Setting up the database ...")
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except DatabaseError as error:
            raise ImproperlyConfigured(
                "The database could not be brought up to date. If its user may not change tables, run this once as the "
                f"owner: DATABASE_URL=... .venv/bin/python manage.py migrate ({type(error).__name__})"
            ) from error

    def collect_static(self):
        """Collect, compress and name the static files, when one of them has changed since."""
        stamp = settings.STATIC_ROOT / ".collected"
        seen = fingerprint_of_static_files()
        if stamp.exists() and stamp.read_text() == seen:
            return
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(seen)


def refuse_mistakes():
    """Stop with a sentence for each system check that found an error."""
    refuse(found for found in checks.run_checks() if found.is_serious() and not found.is_silenced())


def refuse(errors):
    """Stop with the sentences of these errors, if there are any."""
    if errors := list(errors):
        raise ImproperlyConfigured(" ".join(f"{error.msg} {error.hint or ''}".strip() for error in errors))


def refuse_open_wall():
    """Stop where the second wall would protect nobody: with a superuser, or before a table that was left out."""
    refuse(the_second_wall_stands(None, databases=[DEFAULT_DB_ALIAS]))


def refuse_silent_services():
    """Stop when the database or Redis doesn't answer; what they say is left out, it can hold a password."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise ImproperlyConfigured("The database doesn't answer. Start it, or correct DATABASE_URL.") from error
    if settings.REDIS_URL and not redis_answers():
        raise ImproperlyConfigured("Redis doesn't answer. Start it, or correct REDIS_URL.")


def refuse_taken_port(host, port):
    """Stop when another program has the address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ImproperlyConfigured(
                f"The address {host}:{port} can't be used: {error.strerror}. Stop the other program, or set PORT."
            ) from error


def fingerprint_of_static_files():
    """A hash over name, size and time of every static file."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            digest.update(f"{name} {storage.size(name)} {storage.get_modified_time(name)}\n".encode())
    return digest.hexdigest()
