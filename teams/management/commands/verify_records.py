"""`manage.py verify_records`: is every approved meeting record still what was approved? Tells numbers, never names."""

from django.core.management.base import BaseCommand, CommandError

from soc_portal.access.wall import whole_state
from teams.actions.plans import hash_of
from teams.actions.records import record_seal_of
from teams.models import RecordVersion


class Command(BaseCommand):
    help = "Recompute the hash and the seal of every approved record; exit 1 and say which where one differs."

    def handle(self, *args, **options):
        count, differ = 0, []
        versions = RecordVersion.objects.filter(approved_at__isnull=False).order_by("meeting_id", "number")
        with whole_state("every approved record of every family is recomputed; only numbers are told"):
            for version in versions.iterator(chunk_size=100):
                count += 1
                if hash_of(version.content) != version.content_hash or record_seal_of(version) != version.seal:
                    differ.append(f"meeting {version.meeting_id}, version {version.number}")
        if differ:
            raise CommandError("Not what was approved: " + "; ".join(differ), returncode=1)
        self.stdout.write(f"{count} approved records, all as they were approved.")
