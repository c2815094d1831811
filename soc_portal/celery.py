"""The Celery app. Tasks are wake-ups of a few lines: the rows that are due decide what happens."""

import os
import sys
from pathlib import Path

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soc_portal.settings")

if "celery" in Path(sys.argv[0]).parts[-2:]:  # a worker or beat: say in a sentence what is wrong, as the others do
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        settings.DEBUG  # noqa: B018  # reads the settings
    except ImproperlyConfigured as error:
        sys.exit(f"The portal can't start. {error}")

app = Celery("soc_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.task(name="soc_portal.celery.clear_sessions")
def clear_sessions():
    """Delete sessions that have ended, so that the table holds only people who may still be signed in."""
    from django.core.management import call_command

    call_command("clearsessions")
