"""For the mail server: `manage.py read_bounce < mail`. See docs/how-to/mail-and-calendars.md."""

import os
import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from soc_portal.bounces import LONGEST, NotAReport, read_report
from soc_portal.notices.actions import note_bounce


class Command(BaseCommand):
    help = "Read one mail that came back (RFC 3464) on standard input, and note that its address does not work."

    def handle(self, *args, **options):
        try:
            bounce = read_report(sys.stdin.buffer.read(LONGEST + 1))
        except NotAReport as error:
            raise CommandError(f"This mail was not taken. {error}", returncode=os.EX_DATAERR) from error
        self.stdout.write(note_bounce(bounce, now=timezone.now()).value)
