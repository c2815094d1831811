"""`manage.py verify_plans`: is every agreed plan still what was agreed to? Tells numbers, never names."""

from django.core.management.base import BaseCommand, CommandError

from soc_portal.access.wall import whole_state
from teams.actions.plans import hash_of, seal_of
from teams.models import PlanVersion


class Command(BaseCommand):
    help = "Recompute the hash and the seal of every agreed version; exit 1 and say which where one differs."

    def handle(self, *args, **options):
        count, differ = 0, []
        with whole_state("every agreed plan of every family is recomputed; only numbers are told"):
            for version in PlanVersion.objects.agreed().order_by("team_id", "number").iterator(chunk_size=100):
                count += 1
                if hash_of(version.content) != version.content_hash or seal_of(version) != version.seal:
                    differ.append(f"team {version.team_id}, version {version.number}")
        if differ:
            raise CommandError("Not what was agreed to: " + "; ".join(differ), returncode=1)
        self.stdout.write(f"{count} agreed versions, all as they were agreed to.")
