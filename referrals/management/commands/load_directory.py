"""`manage.py load_directory PATH`: bring a service directory in the shape of HSDS 3.2.3 in, or its changes."""

from pathlib import Path
from time import monotonic

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from referrals.actions.directory import load_directory
from referrals.actions.hsds_check import BadDirectory
from referrals.actions.hsds_files import read_package

MOST_NOTES = 20


class Command(BaseCommand):
    help = "Load or update the service directory: an HSDS 3.2.3 JSON file, a folder of CSV files, or a zip of them."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="The file or folder.")
        parser.add_argument("--dry-run", action="store_true", help="Check everything and say what would change.")
        parser.add_argument(
            "--complete", action="store_true", help="This is the whole directory: services that are not in it end."
        )

    def handle(self, *args, path, dry_run=False, complete=False, verbosity=1, **options):
        began = monotonic()
        try:
            package = read_package(path)
            with transaction.atomic():
                result = load_directory(package=package, complete=complete)
                transaction.set_rollback(dry_run)
        except BadDirectory as error:
            raise CommandError(f"Nothing was changed. What to correct:\n{error}") from error
        if verbosity:
            self.tell(result, dry_run, monotonic() - began)

    def tell(self, result, dry_run, seconds):
        for note in result.notes[:MOST_NOTES]:
            self.stdout.write(note)
        if len(result.notes) > MOST_NOTES:
            self.stdout.write(f"and {len(result.notes) - MOST_NOTES} more notes.")
        self.stdout.write(
            f"Services: {result.new} new, {result.changed} changed, {result.unchanged} unchanged, "
            f"{result.ended} ended. "
            f"Organizations: {result.organizations} new or changed. Places: {result.locations} new or changed. "
            f"{seconds:.1f} s."
        )
        if dry_run:
            self.stdout.write("This was a dry run: nothing was changed.")
