"""Without Redis a web process wakes the tasks."""

from datetime import timedelta

import pytest
from celery.schedules import crontab

from soc_portal import ticker
from soc_portal.celery import BEAT, app


@pytest.fixture
def runs(monkeypatch):
    """The times that two tasks ran: one that works and one that fails."""
    happened = []

    @app.task(name="tests.works")
    def works():
        happened.append("works")

    @app.task(name="tests.fails")
    def fails():
        happened.append("fails")
        raise ValueError("on purpose")

    table = {
        "a": {"task": "tests.fails", "schedule": crontab(minute="*/5")},
        "b": {"task": "tests.works", "schedule": crontab(minute="*/5")},
    }
    monkeypatch.setattr(ticker, "BEAT", table)
    monkeypatch.setattr(ticker.connections, "close_all", lambda: None)
    yield happened
    for name in ("tests.works", "tests.fails"):
        app.tasks.pop(name)


def test_a_task_runs_once_when_it_is_due_and_a_failing_one_stops_nothing(runs, time_machine):
    time_machine.move_to("2026-10-15 17:31:00-04:00", tick=False)
    entries = ticker.entries_of_schedule()
    ticker.tick(entries)
    assert runs == []
    time_machine.shift(timedelta(minutes=3, seconds=59))
    ticker.tick(entries)
    assert runs == []
    time_machine.shift(timedelta(seconds=1))
    ticker.tick(entries)
    assert runs == ["fails", "works"]
    ticker.tick(entries)
    assert runs == ["fails", "works"]
    time_machine.shift(timedelta(minutes=5))
    ticker.tick(entries)
    assert runs == ["fails", "works"] * 2


def test_with_redis_the_web_processes_leave_the_clock_to_beat(settings):
    settings.REDIS_URL = "redis://127.0.0.1:6379/15"
    assert ticker.start() is None


def test_every_task_of_the_table_exists_and_beat_reads_it():
    app.autodiscover_tasks(force=True)
    assert app.conf.beat_schedule == BEAT
    assert {entry["task"] for entry in BEAT.values()} - set(app.tasks) == set()
