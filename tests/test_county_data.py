"""The facts about counties: all of them, from our own files; a bad file is refused and changes nothing."""

import datetime as dt
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from collaboratives.actions import reference as actions
from collaboratives.actions.reference import BadFile
from collaboratives.enums import CountyRoleKind, DeadlineKind, OrganizationKind
from collaboratives.management.commands.load_reference_data import DATA
from collaboratives.models import Cohort, County, CountyRole, StaffPosition, TimelineRule
from soc_portal.audit.models import Event
from tests.world import make_county, make_user

CSV = (DATA / "nc_counties.csv").read_bytes()
LINES = CSV.decode().splitlines()


def load(path=None, **options):
    call_command("load_reference_data", counties=path, verbosity=0, **options)


def a_file(tmp_path, lines, encoding="utf-8"):
    path = tmp_path / "other.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def everything():
    return {
        "counties": sorted(County.objects.values_list()),
        "cohorts": sorted(Cohort.objects.values_list("code", "name", "starts_on", "source", "counties__name")),
        "rules": sorted(TimelineRule.objects.values_list("kind", "days", "source", "starts_on")),
    }


def loaded(*, counties, cohorts):
    """What the command says when it changed so many."""
    rest = "rules: 0 changed, parts of agency plans: 0 changed, kinds of group: 0 changed"
    return f"counties: {counties} changed, cohorts: {cohorts} changed, {rest}\n"


@pytest.mark.django_db
class TestOurOwnFiles:
    def test_all_100_counties_with_the_sums_of_their_source(self):
        load()
        counties = list(County.objects.all())
        assert len(counties) == 100
        assert [county.fips for county in sorted(counties, key=lambda c: c.fips)] == [
            f"37{n:03d}" for n in range(1, 200, 2)
        ]
        assert sum(county.population for county in counties) == 10_470_214
        assert sum(county.under_18 for county in counties) == 2_283_888
        plans = [county.lme_mco for county in counties]
        assert {plan: plans.count(plan) for plan in plans} == {
            "Trillium Health Resources": 46,
            "Vaya Health": 32,
            "Partners Health Management": 15,
            "Alliance Health": 7,
        }
        assert sum(county.lme_mco_verified for county in counties) == 51

    def test_the_counties_of_the_grant_of_2003(self):
        load()
        cohort = Cohort.objects.get()
        assert (cohort.code, cohort.starts_on.year) == ("soc-2003", 2003)
        assert [county.name for county in cohort.counties.order_by("name")] == ["Alamance", "Bladen", "Mecklenburg"]

    def test_every_kind_of_deadline_has_a_rule_with_a_source(self):
        load()
        rules = TimelineRule.objects.live(dt.date(2020, 1, 1))
        assert {rule.kind: rule.days for rule in rules} == {
            DeadlineKind.FIRST_MEETING: 30,
            DeadlineKind.FIRST_PLAN: 30,
            DeadlineKind.NEXT_MEETING: 45,
            DeadlineKind.MEETING_WANTED: 30,
            DeadlineKind.NOTICE: 14,
            DeadlineKind.COPIES: 7,
            DeadlineKind.REVIEW_FIRST: 60,
            DeadlineKind.REVIEW_SECOND: 90,
            DeadlineKind.REVIEW_LATER: 183,
            DeadlineKind.CONSENT: 365,
        }
        assert {rule.kind for rule in TimelineRule.objects.live(dt.date(2026, 1, 1))} == set(DeadlineKind.values)
        assert all(rule.source for rule in rules)

    def test_loading_again_changes_nothing_and_a_corrected_fact_comes_back(self, capsys):
        load()
        before = everything()
        call_command("load_reference_data")
        assert capsys.readouterr().out == loaded(counties=0, cohorts=0)
        County.objects.filter(name="Durham").update(population=1)
        Cohort.objects.get().counties.clear()
        call_command("load_reference_data")
        assert capsys.readouterr().out == loaded(counties=1, cohorts=1)
        assert everything() == before

    def test_the_second_load_costs_few_queries(self, django_assert_max_num_queries):
        load()
        with django_assert_max_num_queries(35):
            load()

    def test_the_readme_says_where_each_column_is_from(self):
        text = (DATA / "README.md").read_text()
        assert [column for column in actions.COLUMNS if f"`{column}`" not in text] == []


@pytest.mark.django_db
class TestBadFiles:
    @pytest.mark.parametrize(
        ("number", "line", "said"),
        [
            (1, "fips,name,population,under_18,court_district,lme_mco", "line 1: the column lme_mco_check is missing."),
            (3, LINES[1], "line 3: Alamance (37001) comes twice."),
            (3, LINES[2].replace("36505", "many"), "line 3: population must be a whole number, not 'many'."),
            (3, LINES[2].replace("36505", "-1"), "line 3: population must be a whole number, not '-1'."),
            (3, LINES[2].replace("7180", "٧"), "line 3: under_18 must be a whole number, not '٧'."),
            (3, LINES[2].replace("37003", "45003"), "'45003' is not the FIPS number of a county here"),
            (3, LINES[2].replace("Alexander", "Alexandria"), "there is no county Alexandria with the number 37003."),
            (3, LINES[2].replace("Alexander", ""), "line 3: name must have 1 to 40 letters."),
            (3, LINES[2].replace("unverified", "maybe"), "line 3: lme_mco_check must be read or unverified."),
            (3, LINES[2] + ",more", "line 3: this line has too many or too few columns."),
            (3, "37003,Alexander", "line 3: this line has too many or too few columns."),
            (3, LINES[2].replace("Alexander", "A" * 200_000), "line 3: this is not CSV"),
        ],
    )
    def test_a_bad_line_is_named_and_nothing_changes(self, tmp_path, number, line, said):
        load()
        before = everything()
        lines = [*LINES]
        lines[number - 1] = line
        with pytest.raises(CommandError) as stopped:
            load(a_file(tmp_path, lines))
        assert str(stopped.value).startswith("Nothing was changed. other.csv, ")
        assert said in str(stopped.value)
        assert everything() == before

    def test_fewer_than_100_counties_only_when_that_is_meant(self, tmp_path):
        path = a_file(tmp_path, [LINES[0], LINES[1].replace("171779", "5")])
        with pytest.raises(CommandError, match=r"has 100 counties, this file has 1\. Use --partial"):
            load(path)
        load()
        load(path, partial=True)
        assert County.objects.count() == 100
        assert County.objects.get(name="Alamance").population == 5

    def test_a_cohort_needs_its_counties(self, tmp_path):
        with pytest.raises(CommandError, match=r"cohorts.json, entry 1: there is no county Mecklenburg\."):
            load(a_file(tmp_path, LINES[:2]), partial=True)
        assert County.objects.count() == 0

    def test_another_encoding_is_named_with_its_line(self, tmp_path):
        lines = [*LINES[:5], LINES[5].replace(",", "ñ,", 1)]
        with pytest.raises(CommandError, match=r"other.csv, line 6: this is not UTF-8 text"):
            load(a_file(tmp_path, lines, encoding="latin-1"), partial=True)

    def test_a_byte_order_mark_is_fine(self, tmp_path):
        load(a_file(tmp_path, LINES, encoding="utf-8-sig"))
        assert County.objects.count() == 100

    def test_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(CommandError, match="could not be read: No such file or directory"):
            load(tmp_path / "nothing.csv")

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"days": "30"}, "days must be a whole number from 1 to 3660, not '30'."),
            ({"days": 0}, "days must be a whole number"),
            ({"days": True}, "days must be a whole number"),
            ({"kind": "lunch"}, "there is no deadline of the kind 'lunch'."),
            ({"starts_on": "January"}, "'January' is not a day such as 2016-01-31."),
            ({"starts_on": None}, "None is not a day"),
            ({"ends_on": "2015-12-31"}, "the rule ends before it starts."),
            ({"days": 31}, "this rule has 30 days already. Add a new rule with a later starts_on."),
        ],
    )
    def test_a_bad_rule(self, change, said):
        rule = {"kind": "first_meeting", "days": 30, "source": "A source", "starts_on": "2016-01-01"}
        actions.load_rules(content=json.dumps([rule]).encode())
        before = everything()
        with pytest.raises(BadFile) as stopped:
            actions.load_rules(content=json.dumps([rule | {"source": "Other"}, rule | change]).encode())
        assert str(stopped.value).startswith("timeline_rules.json, entry 2: ")
        assert said in str(stopped.value)
        assert everything() == before

    def test_a_rule_is_ended_and_followed_by_a_new_one(self):
        old = {"kind": "first_meeting", "days": 30, "source": "Old", "starts_on": "2016-01-01"}
        new = {"kind": "first_meeting", "days": 14, "source": "New", "starts_on": "2027-01-01"}
        assert actions.load_rules(content=json.dumps([old]).encode()) == 1
        rows = json.dumps([old | {"ends_on": "2026-12-31"}, new]).encode()
        assert actions.load_rules(content=rows) == 1
        assert TimelineRule.objects.live(dt.date(2026, 12, 31)).get().days == 30
        assert TimelineRule.objects.live(dt.date(2027, 1, 1)).get().days == 14

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"{]", "cohorts.json, line 1: this is not JSON"),
            (b"{}", "cohorts.json: this must be a list of entries."),
            (b"[1]", "cohorts.json: this must be a list of entries."),
            (b'[{"code": "x", "name": "x", "starts_on": "2003-01-01", "counties": []}]', "entry 1: source is missing."),
        ],
    )
    def test_a_bad_list_of_cohorts(self, content, said):
        with pytest.raises(BadFile) as stopped:
            actions.load_cohorts(content=content)
        assert said in str(stopped.value)


@pytest.mark.django_db
class TestOrganizations:
    def test_an_organization_serves_counties_and_somebody_works_there_under_somebody(self):
        county, boss, worker = make_county("Alamance", "37001"), make_user("boss", "Boss"), make_user("w", "Worker")
        office = actions.add_organization(name="Office", kind=OrganizationKind.HEALTH, counties=[county], by=boss)
        actions.start_position(user=worker, organization=office, title="Nurse", supervisor=boss, by=boss)
        actions.start_county_role(user=worker, county=county, role=CountyRoleKind.COORDINATOR, by=boss)
        position = StaffPosition.objects.live().get()
        assert (position.user, position.supervisor, list(office.counties.all())) == (worker, boss, [county])
        assert CountyRole.objects.live().get().user == worker
        verbs = Event.objects.order_by("pk").values_list("verb", flat=True)
        assert list(verbs) == ["organization_added", "position_started", "county_role_started"]

    def test_nobody_is_their_own_boss_and_nothing_starts_twice(self):
        county, boss = make_county("Alamance", "37001"), make_user("boss", "Boss")
        office = actions.add_organization(name="Office", kind=OrganizationKind.HEALTH, counties=[], by=boss)
        with pytest.raises(ValidationError, match="own boss"):
            actions.start_position(user=boss, organization=office, title="Boss", supervisor=boss, by=boss)
        actions.start_position(user=boss, organization=office, title="Boss", by=boss)
        actions.start_county_role(user=boss, county=county, role=CountyRoleKind.COORDINATOR, by=boss)
        with pytest.raises(ValidationError, match="works there already"):
            actions.start_position(user=boss, organization=office, title="Boss", by=boss)
        with pytest.raises(ValidationError, match="already"):
            actions.start_county_role(user=boss, county=county, role=CountyRoleKind.COORDINATOR, by=boss)
