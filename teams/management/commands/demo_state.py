"""`manage.py demo_state`: fill the portal with a made-up state, once."""

from time import monotonic

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from families.models import Family
from soc_portal.accounts.personas import PERSONAS
from teams.demo.world import build
from teams.models import Team


class Command(BaseCommand):
    help = "Fill the portal with a made-up state: real counties, made-up people. Only on a demo, and only once."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="Do nothing where there is any family or account.")

    def handle(self, *args, if_empty=False, verbosity=1, **options):
        if not settings.DEMO:
            raise CommandError(
                "This is not a demo, so made-up families are not put here. Set DEMO=1 and leave DATABASE_URL out."
            )
        accounts = get_user_model().objects
        if accounts.filter(email__in=[persona.email for persona in PERSONAS]).exists():
            self.say("The made-up state is here already. Nothing was changed.", verbosity if not if_empty else 0)
            return
        if if_empty and (Family.objects.exists() or accounts.exists()):
            self.say("Somebody's entries are here already. Nothing was changed.", verbosity)
            return
        self.say("Making up families, teams and plans ...", verbosity)
        began = monotonic()
        call_command("load_reference_data", verbosity=0)
        build()
        self.say(f"{Team.objects.count()} teams, {accounts.count()} people, {monotonic() - began:.0f} s.", verbosity)

    def say(self, sentence, verbosity):
        if verbosity:
            self.stdout.write(sentence)
