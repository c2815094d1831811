"""Loading the facts about counties, and writing down organizations, who works where and who serves a county."""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collaboratives.enums import CountyRoleKind, DeadlineKind
from collaboratives.models import Cohort, County, CountyRole, Organization, StaffPosition, TimelineRule
from soc_portal.audit.actions import record

COUNTIES_OF_THE_STATE = 100
FIPS = re.compile(r"37\d\d[13579]")
LONGEST_RULE = 3660  # days


class BadFile(ValueError):
    """A file of reference data can't be used; the text says which file, which line and why. Nothing was changed."""


@dataclass(frozen=True)
class CountyFacts:
    """One line of `nc_counties.csv`; see `data/README.md` for the sources."""

    fips: str
    name: str
    population: int
    under_18: int
    court_district: str
    lme_mco: str
    lme_mco_verified: bool


COLUMNS = ("fips", "name", "population", "under_18", "court_district", "lme_mco", "lme_mco_check")


# --- Reading ---------------------------------------------------------------------------------------------------------
def _text(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadFile(f"{file}, line {line}: this is not UTF-8 text. Save the file as UTF-8.") from error


def read_counties(
    content: bytes, *, file: str, partial: bool = False, known: Iterable[CountyFacts] = ()
) -> list[CountyFacts]:
    """The counties of a CSV file, all 100 of them unless `partial`. `known` are the counties that there can be.

    Raises `BadFile` with the line for a missing column, a county that there is not, a FIPS number or a name that comes
    twice, text where a number belongs.
    """
    names = {facts.fips: facts.name for facts in known}
    counties: list[CountyFacts] = []
    for where, row in _lines(content, file):
        facts = _facts(row, where)
        if names and names.get(facts.fips) != facts.name:
            raise BadFile(f"{where}: there is no county {facts.name} with the number {facts.fips}.")
        if any(facts.fips == other.fips or facts.name == other.name for other in counties):
            raise BadFile(f"{where}: {facts.name} ({facts.fips}) comes twice.")
        counties.append(facts)
    if len(counties) != COUNTIES_OF_THE_STATE and not partial:
        raise BadFile(
            f"{file}: North Carolina has {COUNTIES_OF_THE_STATE} counties, this file has {len(counties)}. "
            "Use --partial if that is meant."
        )
    return counties


def _lines(content: bytes, file: str) -> list[tuple[str, dict[str, Any]]]:
    """The lines of a CSV file by column, each with the words that say where it stands."""
    reader = csv.DictReader(io.StringIO(_text(content, file), newline=""))
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
    if missing:
        raise BadFile(f"{file}, line 1: the column {missing[0]} is missing.")
    try:
        return [(f"{file}, line {reader.line_num}", row) for row in reader]
    except csv.Error as error:
        raise BadFile(f"{file}, line {reader.line_num + 1}: this is not CSV ({error}).") from error


def _facts(row: dict[str, Any], where: str) -> CountyFacts:
    if None in row or None in row.values():
        raise BadFile(f"{where}: this line has too many or too few columns.")
    values = {column: row[column].strip() for column in COLUMNS}
    for column in ("name", "court_district", "lme_mco"):
        longest = getattr(County._meta.get_field(column), "max_length", None) or 0
        if not 0 < len(values[column]) <= longest:
            raise BadFile(f"{where}: {column} must have 1 to {longest} letters.")
    if not FIPS.fullmatch(values["fips"]):
        raise BadFile(f"{where}: {values['fips']!r} is not the FIPS number of a county here, such as 37001.")
    if values["lme_mco_check"] not in ("read", "unverified"):
        raise BadFile(f"{where}: lme_mco_check must be read or unverified.")
    return CountyFacts(
        fips=values["fips"],
        name=values["name"],
        population=_number(values["population"], "population", where),
        under_18=_number(values["under_18"], "under_18", where),
        court_district=values["court_district"],
        lme_mco=values["lme_mco"],
        lme_mco_verified=values["lme_mco_check"] == "read",
    )


def _number(text: str, column: str, where: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 50_000_000:
        raise BadFile(f"{where}: {column} must be a whole number, not {text!r}.")
    return int(text)


def entries_of(content: bytes, *, file: str, keys: set[str]) -> list[tuple[str, dict[str, Any]]]:
    """The entries of a JSON list, each with the words that say where it stands."""
    try:
        rows = json.loads(_text(content, file))
    except json.JSONDecodeError as error:
        raise BadFile(f"{file}, line {error.lineno}: this is not JSON ({error.msg}).") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadFile(f"{file}: this must be a list of entries.")
    for number, row in enumerate(rows, start=1):
        if missing := sorted(keys - set(row)):
            raise BadFile(f"{file}, entry {number}: {missing[0]} is missing.")
    return [(f"{file}, entry {number}", row) for number, row in enumerate(rows, start=1)]


def day_of(text: Any, where: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise BadFile(f"{where}: {text!r} is not a day such as 2016-01-31.") from error


# --- Loading ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def load_reference_data(*, counties: list[CountyFacts], cohorts: bytes, rules: bytes) -> dict[str, int]:
    """Bring counties, cohorts and the days that rules allow up to date; returns how many rows changed, by kind.

    Facts are added and corrected, never deleted, so loading twice changes nothing. `BadFile` changes nothing. No
    person does this but whoever installs the portal, so it is not in the log of what people did.
    """
    return {
        "counties": load_counties(counties=counties),
        "cohorts": load_cohorts(content=cohorts),
        "rules": load_rules(content=rules),
    }


@transaction.atomic
def load_counties(*, counties: list[CountyFacts]) -> int:
    """Add or correct these counties. Returns how many rows were written."""
    present = {county.fips: county for county in County.objects.all()}
    changed = []
    for facts in counties:
        county = present.get(facts.fips) or County(fips=facts.fips)
        if county.pk is None or any(getattr(county, name) != value for name, value in asdict(facts).items()):
            for name, value in asdict(facts).items():
                setattr(county, name, value)
            changed.append(county)
    County.objects.bulk_create([county for county in changed if county.pk is None])
    names = [field.name for field in fields(CountyFacts) if field.name != "fips"]
    County.objects.bulk_update([county for county in changed if county.fips in present], names)
    return len(changed)


@transaction.atomic
def load_cohorts(*, content: bytes, file: str = "cohorts.json") -> int:
    """Add or correct cohorts and the counties in them. Returns how many cohorts are new or have new counties."""
    by_name = {county.name: county for county in County.objects.all()}
    changed = 0
    for where, row in entries_of(content, file=file, keys={"code", "name", "starts_on", "source", "counties"}):
        unknown = [name for name in row["counties"] if name not in by_name]
        if unknown:
            raise BadFile(f"{where}: there is no county {unknown[0]}.")
        cohort, created = Cohort.objects.update_or_create(
            code=row["code"],
            defaults={
                "name": row["name"], "source": row["source"], "starts_on": day_of(row["starts_on"], where)
            },
        )  # fmt: skip
        there = set(cohort.counties.values_list("name", flat=True))
        new = [by_name[name] for name in row["counties"] if name not in there]
        cohort.counties.add(*new)
        changed += bool(created or new)
    return changed


@transaction.atomic
def load_rules(*, content: bytes, file: str = "timeline_rules.json") -> int:
    """Add rules, and correct the source and the end of those there are. Returns how many are new.

    The days of a rule never change, since deadlines were counted by it: `BadFile` asks for a new rule instead. A kind
    that the State Collaborative has set is its own from then on: the file leaves it as it is.
    """
    added = 0
    rules = list(TimelineRule.objects.all())
    states_own = {rule.kind for rule in rules if rule.set_by_id}
    known = {(rule.kind, rule.starts_on): rule for rule in rules if rule.taken_back_at is None}
    for where, row in entries_of(content, file=file, keys={"kind", "days", "source", "starts_on"}):
        if row["kind"] not in DeadlineKind.values:
            raise BadFile(f"{where}: there is no deadline of the kind {row['kind']!r}.")
        if type(row["days"]) is not int or not 0 < row["days"] <= LONGEST_RULE:
            raise BadFile(f"{where}: days must be a whole number from 1 to {LONGEST_RULE}, not {row['days']!r}.")
        starts_on = day_of(row["starts_on"], where)
        if row["kind"] in states_own:
            continue
        rule = known.get((row["kind"], starts_on))
        if rule is None:
            values = {name: row[name] for name in ("kind", "days", "source")}
            rule = known[row["kind"], starts_on] = TimelineRule.objects.create(starts_on=starts_on, **values)
            added += 1
        if rule.days != row["days"]:
            raise BadFile(f"{where}: this rule has {rule.days} days already. Add a new rule with a later starts_on.")
        ends_on = day_of(row["ends_on"], where) if row.get("ends_on") else None
        if ends_on and ends_on < rule.starts_on:
            raise BadFile(f"{where}: the rule ends before it starts.")
        if (rule.source, rule.ends_on) != (row["source"], ends_on):
            rule.source, rule.ends_on = row["source"], ends_on
            rule.save(update_fields=["source", "ends_on"])
    return added


# --- Organizations and who works where -------------------------------------------------------------------------------
@transaction.atomic
def add_organization(*, name: str, kind: str, counties: Iterable[County], by) -> Organization:
    """Write down an agency, provider or group, with the counties that it serves (none: the whole state)."""
    organization = Organization.objects.create(name=name, kind=kind)
    organization.counties.set(counties)
    record("organization_added", by=by, thing=organization)
    return organization


@transaction.atomic
def start_position(
    *, user, organization: Organization, title: str, by, supervisor=None, starts_on: dt.date | None = None
) -> StaffPosition:
    """Somebody works for an organization from a day on (today when left out), under somebody else or nobody."""
    if supervisor is not None and supervisor.pk == user.pk:
        raise ValidationError(_("Nobody is their own boss here. Choose somebody else."), code="own_supervisor")
    if StaffPosition.objects.filter(user=user, organization=organization, ends_on=None).exists():
        raise ValidationError(_("This person works there already."), code="twice")
    position = StaffPosition.objects.create(
        user=user, organization=organization, title=title, supervisor=supervisor,
        starts_on=starts_on or timezone.localdate(),
    )  # fmt: skip
    record("position_started", by=by, thing=position)
    return position


@transaction.atomic
def start_county_role(*, user, county: County, role: str, by, starts_on: dt.date | None = None) -> CountyRole:
    """Somebody serves a whole county from a day on (today when left out)."""
    if CountyRole.objects.filter(user=user, county=county, role=role, ends_on=None).exists():
        raise ValidationError(_("This person does this for the county already."), code="twice")
    row = CountyRole.objects.create(
        user=user, county=county, role=CountyRoleKind(role), starts_on=starts_on or timezone.localdate()
    )
    record("county_role_started", by=by, thing=row)
    return row
