"""How gunicorn serves the portal. It finds this file by itself; what can be set is read in soc_portal/settings.py."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured

try:
    from soc_portal import settings as portal
except ImproperlyConfigured as error:
    sys.exit(f"The portal can't start. {error}")

bind = f"[{portal.HOST}]:{portal.PORT}" if ":" in portal.HOST else f"{portal.HOST}:{portal.PORT}"
workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
preload_app = True
# Behind a reverse proxy each request arrives whole, and plain workers are fastest. Without one a browser keeps spare
# connections open that say nothing; each would hold a plain worker, so there a worker has threads.
worker_class = "sync" if portal.HTTPS else "gthread"
threads = 1 if portal.HTTPS else 4
timeout = 60
accesslog = None  # soc_portal.logging.RequestLog writes one line a request, without paths
loglevel = "warning"
logconfig_dict = {
    **portal.LOGGING,
    "loggers": {
        **portal.LOGGING["loggers"],
        "gunicorn.error": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
control_socket_disable = True  # signals are enough, and a second way in is one too many


def when_ready(server):
    """Say where the portal is."""
    print(f"\nThe portal is ready: {portal.PORTAL_URL}\nControl-C stops it.\n", flush=True)


def post_worker_init(worker):
    """Without Redis the web processes also keep the time."""
    from soc_portal import ticker

    ticker.start()
