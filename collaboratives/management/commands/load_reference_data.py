"""`manage.py load_reference_data`: counties, cohorts, days that rules allow, what agencies ask, kinds of group."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from collaboratives.actions.elements import load_elements
from collaboratives.actions.groups import load_group_kinds
from collaboratives.actions.reference import BadFile, load_reference_data, read_counties

DATA = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = "Load or correct counties, cohorts, the days that rules allow, what agencies ask of a plan, kinds of group."

    def add_arguments(self, parser):
        parser.add_argument("--counties", type=Path, help="Another CSV file with the columns of nc_counties.csv.")
        parser.add_argument("--partial", action="store_true", help="The file need not hold all 100 counties.")

    def handle(self, *args, counties=None, partial=False, verbosity=1, **options):
        try:
            with transaction.atomic():
                changed = load_reference_data(
                    counties=self.read(counties, partial=partial),
                    cohorts=(DATA / "cohorts.json").read_bytes(),
                    rules=(DATA / "timeline_rules.json").read_bytes(),
                )
                changed["parts of agency plans"] = load_elements(content=(DATA / "plan_elements.json").read_bytes())
                changed["kinds of group"] = load_group_kinds(content=(DATA / "group_kinds.json").read_bytes())
        except BadFile as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        if verbosity:
            self.stdout.write(", ".join(f"{kind}: {count} changed" for kind, count in changed.items()))

    def read(self, path, *, partial):
        """Our own counties, or those of another file, which may only name ours."""
        ours = read_counties((DATA / "nc_counties.csv").read_bytes(), file="nc_counties.csv")
        if path is None:
            return ours
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"Nothing was changed. {path} could not be read: {error.strerror}.") from error
        return read_counties(content, file=path.name, partial=partial, known=ours)
