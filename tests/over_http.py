"""The portal as it is served, with gunicorn's workers on the database of a test, and browsers that ask it by HTTP."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client

PATIENCE = 60  # seconds
CSRF = "c" * 32


@contextmanager
def served(var_dir: Path, log: Path) -> Iterator[int]:
    """The port of gunicorn on the database of this test."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.served",
        "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
        "VAR_DIR": str(var_dir),
        "PORT": str(port),
        "PORTAL_URL": f"http://127.0.0.1:{port}",
    }
    with log.open("wb") as out:
        arguments = [sys.executable, "-m", "gunicorn", "soc_portal.wsgi"]
        process = subprocess.Popen(arguments, env=environment, stdout=out, stderr=out)
    end = time.monotonic() + PATIENCE
    while b"The portal is ready" not in log.read_bytes():
        assert process.poll() is None and time.monotonic() < end, log.read_text()
        time.sleep(0.1)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


class Browser:
    """One signed-in person's browser."""

    def __init__(self, user, port: int):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.session, self.port = client.cookies[settings.SESSION_COOKIE_NAME].value, port

    def ask(self, method: str, path: str, data=None, **more: str) -> tuple[int, str, str]:
        """(status, page, where it leads to). `more` are headers."""
        headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        } | more
        body = None
        if data is not None:
            body = urlencode(data | {"csrfmiddlewaretoken": CSRF}, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        browser = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            browser.request(method, path, body, headers)
            response = browser.getresponse()
            return response.status, response.read().decode(), response.headers.get("Location", "")
        finally:
            browser.close()
