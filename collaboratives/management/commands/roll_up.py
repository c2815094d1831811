"""`manage.py roll_up`: count the measures of all counties, and let out what has settled."""

from time import monotonic

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from collaboratives.actions.numbers import MONTHS, publish, publish_again, roll_up
from soc_portal.measures.quarters import Quarter, months_back


class Command(BaseCommand):
    help = "Count the measures of all counties, and let out the numbers of quarters that have settled."

    def add_arguments(self, parser):
        parser.add_argument("--months", type=int, default=MONTHS, help=f"How many months back; {MONTHS} if left out.")
        parser.add_argument(
            "--again",
            metavar="QUARTER",
            help="Let a quarter out anew, such as 2026q3, after a mistake. Who kept the old numbers can subtract them.",
        )

    def handle(self, *args, months, again, **options):
        now, began = timezone.now(), monotonic()
        if not 1 <= months <= 120:
            raise CommandError("--months must be 1 to 120.")
        quarter = Quarter.from_code(again) if again else None
        if again and quarter is None:
            raise CommandError(f"There is no quarter {again}. Write it like 2026q3.")
        counted = roll_up(months=months_back(timezone.localdate(now), months), now=now)
        made = publish_again(quarter=quarter, now=now) if quarter else publish(now=now)
        self.stdout.write(f"{counted} counts, {made} tables came out, {monotonic() - began:.1f} s.")
