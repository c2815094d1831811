"""Django's own command that also reads `_t`, the project's short name for `gettext` beside a lazy `_`.

It leaves the catalogue in one form: texts in the order of the files that have them, nothing wrapped, no date. So a
second run changes nothing, and a program that saves it with polib writes the same lines.
"""

from pathlib import Path

import polib
from django.core.management.commands import makemessages

UNWRAPPED = 100_000


def in_one_form(path) -> str:
    """The text of this catalogue as it is kept: each text and each list of files on one line, whenever it was made."""
    catalogue = polib.pofile(str(path), wrapwidth=UNWRAPPED)
    catalogue.metadata.pop("POT-Creation-Date", None)
    return str(catalogue)


class Command(makemessages.Command):
    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_t"]

    def write_po_file(self, potfile, locale):
        super().write_po_file(potfile, locale)
        path = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        path.write_text(in_one_form(path), encoding="utf-8")
