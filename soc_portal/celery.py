"""The Celery app and the table of what it wakes when.

Tasks are wake-ups of a few lines: the rows that are due decide what happens. With Redis `celery beat` reads the table
and workers run the tasks; without it a web process does both (`soc_portal.ticker`).
"""

import os
import sys
from pathlib import Path

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soc_portal.settings")

if "celery" in Path(sys.argv[0]).parts[-2:]:  # a worker or beat: say in a sentence what is wrong, as the others do
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        settings.DEBUG  # noqa: B018  # reads the settings
    except ImproperlyConfigured as error:
        sys.exit(f"The portal can't start. {error}")

#: Name: the task and its time, in America/New_York. A task may come twice or late and does no harm.
BEAT = {
    "send-notices": {"task": "soc_portal.notices.tasks.send_notices", "schedule": crontab()},
    "end-memberships": {"task": "teams.tasks.end_memberships", "schedule": crontab(hour=0, minute=5)},
    "remind-of-group-meetings": {
        "task": "collaboratives.tasks.remind_of_group_meetings",
        "schedule": crontab(minute="*/10"),
    },
    "remind-of-steps": {"task": "teams.tasks.remind_of_steps", "schedule": crontab(minute=20)},
    "remind-of-team-meetings": {"task": "teams.tasks.remind_of_team_meetings", "schedule": crontab(minute="*/10")},
    "roll-up-state": {"task": "collaboratives.tasks.roll_up_state", "schedule": crontab(hour=1, minute=40)},
    "clear-sessions": {"task": "soc_portal.celery.clear_sessions", "schedule": crontab(hour=3, minute=10)},
    "purge-drafts": {"task": "soc_portal.drafts.tasks.purge_drafts", "schedule": crontab(hour=3, minute=20)},
    "publish-numbers": {"task": "collaboratives.tasks.publish_numbers", "schedule": crontab(hour=4, minute=40)},
}

app = Celery("soc_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = BEAT
app.autodiscover_tasks()


@app.task(name="soc_portal.celery.clear_sessions")
def clear_sessions():
    """Delete sessions that have ended, so that the table holds only people who may still be signed in."""
    from django.core.management import call_command

    call_command("clearsessions")
