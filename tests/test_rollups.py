"""True counts by county and month, what comes out of them, when, and that it then stays."""

import ast
import datetime as dt
import itertools
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaboratives import tasks
from collaboratives.actions.numbers import publish, publish_again, roll_up
from collaboratives.models import County
from soc_portal.celery import BEAT
from soc_portal.measures.enums import Mark
from soc_portal.measures.models import Release, Rollup
from soc_portal.measures.published import Published
from soc_portal.measures.quarters import Quarter, month_after, months_back, out_by
from soc_portal.measures.registry import every_measure, get_measure
from soc_portal.measures.rollups import count, span_of
from teams.enums import StepStatus
from teams.models import Step
from tests.test_measures import State

pytestmark = pytest.mark.django_db
D = dt.date
FEBRUARY = D(2026, 2, 10)
Q1 = Quarter(D(2026, 1, 1))
TOP = Path(__file__).parent.parent


def at(year, month, day, hour=12):
    return dt.datetime(year, month, day, hour, tzinfo=ZoneInfo("America/New_York"))


@pytest.fixture
def state(db):
    return State()


def steps(state, number, *, done, due=FEBRUARY, county=None):
    """As many steps, each of another family; so many of them are done in time."""
    for place in range(number):
        team = state.team(state.family(county))
        is_done = place < done
        Step.objects.create(
            team=team, text="A step", due_on=due, done_on=due if is_done else None,
            status=StepStatus.DONE if is_done else StepStatus.TODO,
        )  # fmt: skip


def rows(slug="steps-in-time", **wanted):
    found = Rollup.objects.filter(measure=slug, denominator__gt=0, **wanted).order_by("county_id", "month")
    return [(row.county_id, row.month, row.numerator, row.denominator, row.subjects) for row in found]


# --- Counting --------------------------------------------------------------------------------------------------------
class TestRollUp:
    def test_every_county_month_and_measure_has_a_row_also_where_there_is_nothing(self, state):
        steps(state, 3, done=2)
        months = months_back(D(2026, 5, 20), 15)
        assert months[0] == D(2025, 3, 1) and months[-1] == D(2026, 5, 1)
        written = roll_up(months=months, now=at(2026, 5, 20))
        # From the beginning of the first month's quarter.
        assert written == Rollup.objects.count() == len(every_measure()) * 2 * 17
        assert rows() == [(state.county.pk, D(2026, 2, 1), 2, 3, 3)]

    def test_the_last_15_months_of_all_counties_are_what_is_counted_when_nothing_is_said(self, state):
        steps(state, 1, done=1)
        steps(state, 1, done=1, due=D(2024, 12, 31))
        roll_up(now=at(2026, 5, 20))
        assert rows() == [(state.county.pk, D(2026, 2, 1), 1, 1, 1)]

    def test_counting_again_changes_nothing_and_what_fell_to_zero_is_zero(self, state):
        steps(state, 2, done=1)
        for _twice in range(2):
            roll_up(now=at(2026, 5, 20))
            assert rows() == [(state.county.pk, D(2026, 2, 1), 1, 2, 2)]
        number = Rollup.objects.count()
        Step.objects.update(due_on=D(2026, 3, 10))
        roll_up(now=at(2026, 5, 21))
        assert rows() == [(state.county.pk, D(2026, 3, 1), 1, 2, 2)]
        assert Rollup.objects.count() == number
        assert set(Rollup.objects.values_list("computed_at", flat=True)) == {at(2026, 5, 21)}

    def test_one_county_leaves_the_others_as_they_are(self, state):
        steps(state, 1, done=1)
        steps(state, 1, done=1, county=state.other)
        roll_up(county_ids=[state.other.pk], now=at(2026, 5, 20))
        assert rows() == [(state.other.pk, D(2026, 2, 1), 1, 1, 1)]

    def test_a_family_stands_behind_a_quarter_once(self, state):
        team = state.team()
        for month in (1, 2, 2, 3, 4):
            Step.objects.create(team=team, text="A step", due_on=D(2026, month, 10))
        span = span_of([state.county.pk], [D(2026, 2, 1), D(2026, 4, 1)], D(2026, 6, 1))
        counted = {
            row.month.month: (row.denominator, row.subjects) for row in count(get_measure("steps-in-time"), span)
        }
        assert counted == {1: (1, 1), 2: (2, 0), 3: (1, 0), 4: (1, 1)}

    def test_the_whole_state_costs_no_more_queries_than_one_county(self, state):
        found = []
        for ids in ([state.county.pk], None):
            with CaptureQueriesContext(connection) as queries:
                roll_up(county_ids=ids, now=at(2026, 5, 20))
            found.append(sum(query["sql"].startswith("SELECT") for query in queries))
        assert found[1] <= found[0] + 1  # the list of counties
        assert found[0] <= 2 * len(every_measure()) + 1


# --- Coming out ------------------------------------------------------------------------------------------------------
class TestPublish:
    def counts(self, state):
        steps(state, 40, done=29)
        steps(state, 60, done=25, county=state.other)

    def test_a_quarter_comes_out_thirty_days_after_its_end_and_no_day_before(self, state):
        self.counts(state)
        for now, out in ((at(2026, 4, 29), 0), (at(2026, 4, 30), 1)):
            roll_up(now=now)
            publish(now=now)
            assert Release.objects.filter(quarter=Q1.start, measure="steps-in-time").count() == out
        table = Published([Q1]).with_counties(quarter=Q1).table("steps-in-time", Q1)
        assert (table.state.share, table.of("37001").share, table.of("37063").share) == ("54%", "73%", "42%")
        assert table.reporting == 2

    def test_it_waits_until_every_county_was_counted_after_that_day(self, state):
        self.counts(state)
        roll_up(now=at(2026, 4, 29))  # too early: records had not settled
        roll_up(county_ids=[state.county.pk], now=at(2026, 4, 30, 2))
        publish(now=at(2026, 4, 30, 4))
        assert not Release.objects.filter(quarter=Q1.start).exists()
        roll_up(county_ids=[state.other.pk], now=at(2026, 4, 30, 5))
        publish(now=at(2026, 4, 30, 6))
        assert Release.objects.filter(quarter=Q1.start).count() == len(every_measure())

    def test_what_is_out_stays_so_that_two_versions_cannot_be_subtracted(self, state):
        self.counts(state)
        roll_up(now=at(2026, 4, 30))
        publish(now=at(2026, 4, 30))
        before = list(Release.objects.values())
        steps(state, 1, done=1)
        roll_up(now=at(2026, 5, 1))
        assert publish(now=at(2026, 5, 1)) == 0
        assert list(Release.objects.values()) == before
        assert publish_again(quarter=Q1, now=at(2026, 5, 2)) == len(every_measure())
        assert Published([Q1]).with_counties(quarter=Q1).table("steps-in-time", Q1).of("37001").whole == "41"

    def test_a_new_measure_comes_out_for_the_quarters_that_it_was_counted_for(self, state):
        self.counts(state)
        roll_up(now=at(2026, 4, 30))
        publish(now=at(2026, 4, 30))
        Release.objects.filter(measure="steps-in-time").delete()
        assert publish(now=at(2026, 5, 1)) == Release.objects.filter(measure="steps-in-time").count() == 5

    def test_a_county_without_any_count_is_not_reporting_and_a_small_one_is_hidden(self, state):
        steps(state, 40, done=30)
        steps(state, 4, done=1, county=state.other)
        County.objects.create(name="Hyde", fips="37095", court_district="2", lme_mco="L", population=9, under_18=2)
        roll_up(now=at(2026, 4, 30))
        publish(now=at(2026, 4, 30))
        release = Release.objects.get(measure="steps-in-time", quarter=Q1.start)
        assert release.counties["37095"] == ["absent", None, None]
        assert release.counties["37063"] == ["few", None, None]
        assert release.counties["37001"] == ["hidden", None, None]  # else 44 less 40
        assert release.state == ["exact", 31, 44]
        other = Release.objects.get(measure="first-meeting", quarter=Q1.start)
        assert other.counties["37001"] == ["none", 0, 0]  # it reports, and there was nothing to count

    def test_one_number_is_the_same_wherever_it_is_read(self, state):
        """A county's cell that is hidden in the table of its quarter is hidden in the county's own row of quarters."""
        steps(state, 40, done=30)
        steps(state, 4, done=1, county=state.other)
        roll_up(now=at(2026, 4, 30))
        publish(now=at(2026, 4, 30))
        out = Published(out_by(D(2026, 5, 1)))
        with pytest.raises(LookupError):
            out.trend("steps-in-time", "37063")  # not read is not "not reporting"
        whole, own = out.with_counties(quarter=Q1, measure="steps-in-time"), Published(out_by(D(2026, 5, 1)), "37063")
        assert own.trend("steps-in-time", "37063") == whole.trend("steps-in-time", "37063")
        assert own.trend("steps-in-time", "37063")[-1].mark == Mark.FEW
        assert own.table("steps-in-time", Q1).of("37001").mark == Mark.ABSENT  # was not even read


def test_quarters_never_overlap_and_each_is_three_whole_months():
    quarters = out_by(D(2026, 11, 25), 12)
    months = [month for quarter in quarters for month in quarter.months]
    assert len(set(months)) == 36
    assert all(later == month_after(earlier) for earlier, later in itertools.pairwise(months))
    assert quarters[-1].code == "2026q3"
    assert out_by(D(2026, 10, 29))[-1].code == "2026q2"
    assert out_by(D(2026, 10, 30))[-1].code == "2026q3"


# --- Tasks and the command -------------------------------------------------------------------------------------------
def test_the_state_is_counted_county_by_county_in_process_without_redis(state, time_machine):
    time_machine.move_to(at(2026, 4, 30))
    steps(state, 40, done=30)
    assert tasks.roll_up_state() == 2
    assert rows() == [(state.county.pk, D(2026, 2, 1), 30, 40, 40)]
    assert tasks.publish_numbers() > 0
    assert tasks.publish_numbers() == 0


def test_one_county_that_fails_leaves_the_others_counted(state, monkeypatch):
    called = []
    monkeypatch.setattr(tasks.roll_up_county, "delay", called.append)
    tasks.roll_up_state()
    assert called == sorted(County.objects.values_list("pk", flat=True))


def test_both_tasks_are_woken_each_night():
    wanted = {"collaboratives.tasks.roll_up_state", "collaboratives.tasks.publish_numbers"}
    assert wanted <= {entry["task"] for entry in BEAT.values()}


def test_the_command_counts_and_lets_out(state, time_machine, capsys):
    time_machine.move_to(at(2026, 4, 30))
    steps(state, 40, done=30)
    call_command("roll_up", months=6)
    assert "tables came out" in capsys.readouterr().out
    assert Release.objects.filter(quarter=Q1.start).exists()
    steps(state, 40, done=30)
    call_command("roll_up", months=6, again="2026q1")
    assert Published([Q1]).with_counties(quarter=Q1).table("steps-in-time", Q1).of("37001").whole == "80"


@pytest.mark.parametrize(
    ("options", "said"), [({"months": 0}, "must be 1 to 120"), ({"again": "2026-3"}, "There is no quarter 2026-3")]
)
def test_the_command_refuses_what_it_cannot_count(options, said):
    with pytest.raises(CommandError, match=said):
        call_command("roll_up", **options)


# --- Kept so ---------------------------------------------------------------------------------------------------------
def test_true_counts_are_read_in_one_place_alone():
    """Pages, pictures and files know what has come out, and nothing else: no view can show a count by mistake."""
    readers = set()
    for app in ("collaboratives", "families", "referrals", "soc_portal", "teams"):
        for path in (TOP / app).rglob("*.py"):
            names = {n.id for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Name)}
            names |= {
                a.name for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ImportFrom) for a in n.names
            }
            if {"Rollup", "Counted"} & names and "migrations" not in path.parts:
                readers.add(str(path.relative_to(TOP)))
    assert readers == {"soc_portal/measures/rollups.py", "soc_portal/measures/suppression.py"}


def test_pages_read_no_more_of_numbers_than_what_has_come_out():
    allowed = {"enums", "published", "quarters", "registry"}
    for path in [*(TOP / "collaboratives/views").glob("*.py"), *(TOP / "collaboratives/forms").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("soc_portal.measures"):
                assert node.module.rpartition(".")[2] in allowed, f"{path.name}: {node.module}"


def test_the_clock_of_the_portal_decides_and_not_utc(state):
    """Counted at 10 pm on April 29 in North Carolina, which is April 30 in UTC: the quarter had not settled."""
    steps(state, 40, done=30)
    roll_up(now=at(2026, 4, 29, 22))
    publish(now=at(2026, 4, 30, 4))
    assert not Release.objects.filter(quarter=Q1.start).exists()
    assert timezone.localdate(at(2026, 4, 29, 22)) == D(2026, 4, 29)
