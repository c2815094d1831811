"""`manage.py demo_people`: who can be signed in as, on a demo."""

from django.core.management.base import BaseCommand

from soc_portal.accounts.personas import PERSONAS


class Command(BaseCommand):
    help = "Print the people of the demo."

    def handle(self, **options):
        rows = [("Sign in as", "Name", "Who"), *((p.slug, p.name, str(p.who)) for p in PERSONAS)]
        widths = [max(len(row[column]) for row in rows) for column in range(2)]
        for slug, name, who in rows:
            self.stdout.write(f"{slug:<{widths[0]}}  {name:<{widths[1]}}  {who}")
