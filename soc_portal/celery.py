"""The Celery app. Tasks are wake-ups of a few lines: the rows that are due decide what happens."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soc_portal.settings")

app = Celery("soc_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.task(name="soc_portal.celery.clear_sessions")
def clear_sessions():
    """Delete sessions that have ended, so that the table holds only people who may still be signed in."""
    from django.core.management import call_command

    call_command("clearsessions")
