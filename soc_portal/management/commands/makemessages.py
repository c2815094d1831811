"""Django's own command that also reads `_t`, the project's short name for `gettext` beside a lazy `_`."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_t"]
