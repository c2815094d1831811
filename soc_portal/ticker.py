"""The clock of a portal without Redis: it wakes the tasks of `soc_portal.celery.BEAT` inside a web process.

With Redis there is `celery beat` instead. A task is a wake-up that may come twice or late, so a tick can do no harm.
"""

import fcntl
import threading

from celery.beat import ScheduleEntry
from django.conf import settings
from django.db import connections

from soc_portal.celery import BEAT, app

SECONDS = 20


def start():
    """Start the clock of this web process. Only one process of the machine ticks at a time: who holds the lock."""
    if settings.REDIS_URL:
        return None
    clock = threading.Thread(target=run, name="ticker", daemon=True)
    clock.start()
    return clock


def run():
    """Wait for the lock, then tick for as long as the process lives; its end frees the lock for another process."""
    app.autodiscover_tasks(force=True)
    with open(settings.VAR_DIR / "ticker.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        entries = entries_of_schedule()
        while True:
            tick(entries)
            threading.Event().wait(SECONDS)


def entries_of_schedule():
    """The schedule, each entry counted from now."""
    return {name: ScheduleEntry(name=name, app=app, **entry) for name, entry in BEAT.items()}


def tick(entries):
    """Run what is due, one after the other. A task that fails is logged by Celery and comes again at its next time."""
    for name, entry in entries.items():
        if entry.is_due().is_due:
            entries[name] = next(entry)
            app.tasks[entry.task].apply(args=entry.args, kwargs=entry.kwargs, throw=False)
    connections.close_all()
