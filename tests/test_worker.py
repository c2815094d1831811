"""A real Celery worker on a real Redis, working on the database of this test."""

import os
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from kombu.exceptions import OperationalError

from collaboratives.models import GroupMeeting
from collaboratives.tasks import remind_of_group_meetings, roll_up_county
from families.models import Family
from soc_portal.celery import app as celery_app
from soc_portal.celery import clear_sessions
from soc_portal.measures.models import Rollup
from soc_portal.notices.models import Notice
from soc_portal.notices.tasks import send_notices
from teams.models import Step, Team
from tests.world import make_county, make_user

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
PATIENCE = 30  # seconds


@pytest.fixture
def worker(settings):
    """`celery worker` as in production, in a process of its own."""
    base, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "soc_portal.settings",
        "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
        "VAR_DIR": str(settings.VAR_DIR),
    }
    arguments = [sys.executable, "-m", "celery", "-A", "soc_portal", "worker", "--concurrency=1", "--loglevel=warning"]
    process = subprocess.Popen([*arguments, "--queues=tests"], env=environment)
    celery_app.conf.task_always_eager = False
    yield process
    celery_app.conf.task_always_eager = True
    process.terminate()
    process.wait(timeout=PATIENCE)


def until(condition):
    """Wait for the worker, but not for ever."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_a_worker_takes_a_task_from_redis_and_works_on_postgresql(worker):
    day = timedelta(days=1)
    Session.objects.create(session_key="ended", session_data="", expire_date=timezone.now() - day)
    Session.objects.create(session_key="lives", session_data="", expire_date=timezone.now() + day)
    clear_sessions.apply_async(queue="tests")
    assert until(lambda: not Session.objects.filter(session_key="ended").exists())
    assert list(Session.objects.values_list("session_key", flat=True)) == ["lives"]
    assert worker.poll() is None


def test_a_worker_reminds_counts_a_county_and_empties_the_outbox(worker, world):
    now, day = timezone.now(), timedelta(days=1)
    soon = GroupMeeting.objects.filter(pk=world.group_meetings["next"].pk)
    soon.update(starts_at=now + 2 * day, ends_at=now + 2 * day + timedelta(hours=1), told_at=now - 9 * day)
    Notice.objects.filter(sent_at=None).update(sent_at=now)
    Rollup.objects.all().delete()
    reminders = Notice.objects.filter(kind="group_meeting_reminder")
    remind_of_group_meetings.apply_async(queue="tests")
    roll_up_county.apply_async([world.alamance.pk], queue="tests")
    assert until(lambda: Rollup.objects.filter(county_id=world.alamance.pk, denominator__gt=0).exists())
    assert reminders.exists()
    send_notices.apply_async(queue="tests")
    assert until(lambda: not reminders.filter(sent_at=None).exists())
    assert not Rollup.objects.exclude(county_id=world.alamance.pk).exists()
    assert worker.poll() is None


def test_a_dead_broker_is_told_at_once_and_holds_no_page_up(worker):
    started = time.monotonic()
    with celery_app.connection_for_write("redis://127.0.0.1:1/0") as dead, pytest.raises(OperationalError):
        clear_sessions.apply_async(connection=dead)
    assert time.monotonic() - started < 3


def test_a_worker_counts_a_county_behind_the_second_wall(worker):
    """In production a task is nobody: it must ask for the whole state to see any family's rows."""
    county = make_county("Alamance", "37001")
    family = Family.objects.create(name="A family", county=county)
    team = Team.objects.create(family=family, opened_by=make_user("office", "Office"))
    Step.objects.create(team=team, text="A step", due_on=timezone.localdate() - timedelta(days=1))
    roll_up_county.apply_async([county.pk], queue="tests")
    wanted = Rollup.objects.filter(measure="steps-in-time", numerator=0, denominator=1, subjects=1)
    assert until(wanted.exists)
    assert worker.poll() is None
