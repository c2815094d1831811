"""`manage.py demo_state`: fill the portal with a made-up state, once."""

from time import monotonic

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from collaboratives.actions.numbers import publish, roll_up
from families.models import Family
from soc_portal.accounts.personas import PERSONAS
from soc_portal.measures.quarters import months_back
from teams.demo.crowd import TEAMS
from teams.demo.world import build
from teams.models import Team

#: So many months are counted, so that every quarter that is shown is.
MONTHS = 28


class Command(BaseCommand):
    help = "Fill the portal with a made-up state: real counties, made-up people. Only on a demo, and only once."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="Do nothing where there is any family or account.")
        parser.add_argument(
            "--crowd",
            type=int,
            default=TEAMS,
            help=f"How many teams stand behind the counties' numbers; {TEAMS} if left out.",
        )

    def handle(self, *args, if_empty=False, crowd=TEAMS, verbosity=1, **options):
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
        build(crowd=crowd)
        now = timezone.now()
        roll_up(months=months_back(timezone.localdate(now), MONTHS), now=now)
        publish(now=now)
        self.say(f"{Team.objects.count()} teams, {accounts.count()} people, {monotonic() - began:.0f} s.", verbosity)

    def say(self, sentence, verbosity):
        if verbosity:
            self.stdout.write(sentence)
