"""What a phone has to fetch for the family's home, from the portal as it is really served: gunicorn, files on disk.

Counted is what goes over the network, headers included: pages, styles, scripts and icons, compressed as they are sent.
"""

import json
import os
import socket
import subprocess
import sys
import urllib.request

import pytest
from django.conf import settings

FIRST_VISIT, NEXT_VISIT = 60_000, 15_000

#: Fills the database of the served portal: the small world with a full table and a long plan. Prints a session.
FILL = """
import json
from django.test import Client
from tests.world import add_item, join, make_user, make_world
from teams.enums import MemberKind
from teams.models import Step, Topic
world = make_world()
rosa = world.users.caregiver
for number in range(8):
    user = make_user(f"friend-{number}", f"Friend Number{number}")
    join(world.team, user, kind=MemberKind.NATURAL, caregiver=rosa, role_words="Neighbor and friend")
me = world.members["caregiver"]
for number in range(12):
    step = Step(goal=world.items["goal"], text=f"Call school number {number} and ask about the bus in the morning")
    add_item(team=world.team, by=rosa, who=[me], item=step)
    add_item(team=world.team, by=rosa, item=Topic(meeting=world.meeting, text=f"Something to talk about {number}"))
client = Client()
client.force_login(rosa, backend="django.contrib.auth.backends.ModelBackend")
print(json.dumps({"session": client.session.session_key, "team": world.team.pk}))
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """(address, session, team) of a portal that runs as `./portal run` starts it, without the demo's forty families."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    ours = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PORTAL_URL", "DJANGO_SETTINGS_MODULE", "HOST"}
    own = {"VAR_DIR": str(tmp_path_factory.mktemp("var")), "PORT": port, "DEMO": "0"}
    environment = {name: value for name, value in os.environ.items() if name not in ours} | own

    def run(*arguments):
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=settings.BASE_DIR, env=environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    run("migrate", "--verbosity", "0")  # not `prepare`, which brings the real counties: the small world has its own
    run("collectstatic", "--no-input", "--verbosity", "0")
    made = json.loads(run("shell", "--verbosity", "0", "-c", FILL).splitlines()[-1])
    command = [sys.executable, "-m", "gunicorn", "soc_portal.wsgi"]
    server = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        while "is ready" not in (line := server.stdout.readline()):
            assert line or server.poll() is None, "gunicorn did not start"
        yield f"http://127.0.0.1:{port}", made["session"], made["team"]
    finally:
        server.terminate()
        server.wait(20)
        server.stdout.close()


@pytest.fixture
def phone(chromium, served):
    """A new phone on which the caregiver is signed in."""
    address, session, _team = served
    context = chromium.new_context(base_url=address, viewport={"width": 375, "height": 800})
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
    yield context
    context.close()


def fetched(context, path):
    """{address: bytes over the network} of one visit in a new tab."""
    page = context.new_page()
    network = context.new_cdp_session(page)
    names, sizes = {}, {}
    network.on("Network.requestWillBeSent", lambda event: names.setdefault(event["requestId"], event["request"]["url"]))
    network.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    network.send("Network.enable")
    page.goto(path, wait_until="networkidle")
    assert page.locator("h1").is_visible()
    page.close()
    assert sizes.keys() == names.keys(), "something was not loaded to its end"
    return {names[number]: size for number, size in sizes.items()}


@pytest.mark.parametrize("path", ["/", "/teams/{team}/plan/"], ids=["home", "plan"])
def test_a_phone_fetches_little(phone, served, path):
    path = path.format(team=served[2])
    first, again = fetched(phone, path), fetched(phone, path)
    print(f"\n{path}: {sum(first.values())} bytes at first, {sum(again.values())} bytes again")
    assert len(first) >= 4, "page, styles, scripts"
    assert sum(first.values()) <= FIRST_VISIT, first
    assert sum(again.values()) <= NEXT_VISIT, again


def test_pages_are_compressed_and_files_are_kept(served):
    address, session, _team = served
    cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
    request = urllib.request.Request(f"{address}/", headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as page:
        assert page.headers["Content-Encoding"] == "gzip"
        assert page.headers["Cache-Control"] == "no-store, private"
    with urllib.request.urlopen(f"{address}/account/login/") as page:
        sheet = page.read().decode().partition('rel="stylesheet" href="')[2].partition('"')[0]
    request = urllib.request.Request(address + sheet, headers={"Accept-Encoding": "br, gzip"})
    with urllib.request.urlopen(request) as style:
        assert style.headers["Content-Encoding"] == "br"
        assert "immutable" in style.headers["Cache-Control"]
