"""Make the pictures of docs/tour.md anew from the demo: `./portal pictures` (needs Chromium).

Fills a demo of its own in a temporary folder, serves it, signs in as each person of the tour and photographs what they
see first. Nothing of `var/` is read or changed.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

TOP = Path(__file__).parents[2]
PICTURES = TOP / "docs" / "images" / "tour"
PHONE, DESK = (375, 812), (1280, 900)
PATIENCE = 120  # seconds until the demo is filled and served


@dataclass(frozen=True)
class Stop:
    """One picture: who looks, where they begin, which links they follow (CSS selectors), and on what screen."""

    name: str
    persona: str
    path: str = "/"
    clicks: tuple[str, ...] = ()
    screen: tuple[int, int] = DESK


STOPS = (
    Stop("caregiver", "caregiver", screen=PHONE),
    Stop("plan", "caregiver", "/", ("a[href$='/plan/']",), PHONE),
    Stop("compare", "caregiver", "/", ("a[href$='/plan/']", "a[href*='/plan/compare/']")),
    Stop("copies", "caregiver", "/", ("a[href$='/plan/']", "a[href$='/plan/copies/']"), PHONE),
    Stop("times", "caregiver", "/", ("a[href$='/meetings/']", "main a[href*='/times/']:not([href$='/ask/'])")),
    Stop(
        "meeting",
        "caregiver",
        "/",
        ("a[href$='/meetings/']", "main a[href*='/meetings/']:not([href*='/times/']):has-text(', ')"),
        PHONE,
    ),
    Stop("calendar", "caregiver", "/calendar/", screen=PHONE),
    Stop("family-partners", "caregiver", "/family-partners/", screen=PHONE),
    Stop("referral", "caregiver", "/", ("a[href$='/referrals/']", "main .lines a[href*='/referrals/']"), PHONE),
    Stop("team-barriers", "caregiver", "/", ("a[href$='/barriers/']",), PHONE),
    Stop("receiver", "receiver"),
    Stop("family-partner", "family-partner"),
    Stop("coordinator", "coordinator"),
    Stop("worklist", "coordinator", "/worklist/"),
    Stop("barriers", "coordinator", "/barriers/"),
    Stop("chair", "jcpc-chair"),
    Stop(
        "group", "jcpc-chair", "/groups/", ("main a[href^='/groups/']:has-text('Juvenile Crime Prevention Council')",)
    ),
    Stop("county", "jcpc-chair", "/counties/37001/"),
    Stop("state-cochair", "state-cochair"),
    Stop("state", "state-cochair", "/state/"),
    Stop("state-map", "state-cochair", "/state/?view=map"),
    Stop("directory", "coordinator", "/directory/"),
    Stop("open-meetings", "", "/open/"),
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(folder: str, port: int) -> subprocess.Popen:
    """The portal with a demo of its own."""
    environment = {**os.environ, "VAR_DIR": folder, "PORT": str(port)}
    for name in ("DATABASE_URL", "REDIS_URL"):
        environment.pop(name, None)
    subprocess.run([sys.executable, "manage.py", "prepare"], cwd=TOP, env=environment, check=True)
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", "soc_portal.wsgi"], cwd=TOP, env=environment)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.2)
    server.terminate()
    sys.exit("The portal did not start.")


def open_as(browser: Browser, base: str, stop: Stop) -> Page:
    context = browser.new_context(
        base_url=base,
        locale="en-US",
        viewport={"width": stop.screen[0], "height": stop.screen[1]},
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    if stop.persona:
        page.goto("/account/login/")
        page.click(f"button[name=persona][value={stop.persona}]")
    page.goto(stop.path)
    for link in stop.clicks:
        page.locator(link).first.click()
    return page


def photograph(browser: Browser, base: str, stop: Stop) -> None:
    page = open_as(browser, base, stop)
    answer = page.evaluate("document.querySelector('h1') && document.querySelector('h1').innerText")
    if not answer:
        sys.exit(f"{stop.name}: this page has no heading.")
    page.screenshot(path=PICTURES / f"{stop.name}.png")
    page.context.close()


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, str(TOP))
    from tests.services import CHROMIUM

    if not CHROMIUM:
        sys.exit("Chromium was not found. On Debian: apt install chromium")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="portal-tour-") as folder:
        server = serve(folder, port)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
                for stop in STOPS:
                    photograph(browser, f"http://127.0.0.1:{port}", stop)
                browser.close()
        finally:
            server.terminate()
            server.wait(timeout=30)


if __name__ == "__main__":
    main()
