"""Compile the message catalogues with no gettext program on the machine."""

import os
from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


def compile_if_older(po):
    """Write the .mo beside this .po when it is missing or older; True when it was written.

    A phrase that is marked fuzzy stays out: a guess is worse than English.
    """
    mo = po.with_suffix(".mo")
    if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
        return False
    draft = mo.with_suffix(f".{os.getpid()}")
    polib.pofile(str(po)).save_as_mofile(str(draft))
    draft.replace(mo)  # never half a catalogue, even when two processes start at once
    return True


class Command(BaseCommand):
    help = "Compile each locale/*/LC_MESSAGES/*.po that is newer than its .mo."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options):
        for folder in settings.LOCALE_PATHS:
            for po in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                if compile_if_older(po) and options["verbosity"]:
                    self.stdout.write(f"Compiled {po.relative_to(settings.BASE_DIR)}")
