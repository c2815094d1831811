"""A worker may be killed at any point, and many may run at once: no notice is lost, and none is doubled without need.

The sender is a real process, the mail server a real one on this machine, the kill a real SIGKILL.
"""

import datetime as dt
import logging
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.db import connection
from django.utils import timezone

from soc_portal.notices.actions import CLAIM_HOLDS, send_due
from soc_portal.notices.emails import put_in_outbox
from soc_portal.notices.models import Notice
from teams.actions.memberships import ask_for_team
from teams.models import Meeting
from tests.world import make_county, make_user

KILLS = 50
NOTICES = 120
DUE, SECONDS = 10_000, 60


def wait_out_claims():
    """As if the ten minutes for which a claim holds had passed."""
    Notice.objects.filter(sent_at=None).exclude(claimed_at=None).update(
        claimed_at=timezone.now() - CLAIM_HOLDS - dt.timedelta(seconds=1)
    )


# --- Without services: a worker that dies in the middle of the mail --------------------------------------------------
class Killed(BaseException):
    """Nothing catches this, as nothing catches SIGKILL."""


@pytest.mark.django_db
@pytest.mark.parametrize(("after_the_yes", "copies"), [(False, 1), (True, 2)])
def test_a_worker_that_dies_loses_nothing_and_doubles_only_what_the_server_had_taken(
    monkeypatch, after_the_yes, copies
):
    rosa = make_user("rosa", "Rosa")
    for _number in range(3):
        put_in_outbox("mentioned", user=rosa, path="/")
    real_send = mail.EmailMessage.send

    def dies(self, *args):
        if after_the_yes:
            real_send(self, *args)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(mail.EmailMessage, "send", dies)
        for _again in range(20):  # more often than a notice is tried
            wait_out_claims()
            with pytest.raises(Killed):
                send_due(now=timezone.now())
            mail.outbox[:] = mail.outbox[-1:]
    wait_out_claims()
    assert send_due(now=timezone.now()) == 3
    seen = Counter(message.extra_headers["Message-ID"] for message in mail.outbox)
    assert sorted(seen.values()) == [1, 1, copies]


# --- With real processes ---------------------------------------------------------------------------------------------
class Sink:
    """A mail server that keeps what it took, and calls `at(stage)` on the way."""

    def __init__(self):
        self.taken = Counter()
        self.at = lambda stage: None

    async def handle_RCPT(  # noqa: N802  # aiosmtpd calls it so
        self, server, session, envelope, address, options
    ):
        self.at("RCPT")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.at("DATA")
        self.taken[re.search(rb"^Message-ID: (\S+)", envelope.content, re.MULTILINE)[1].decode()] += 1
        self.at("YES")
        return "250 OK"


@pytest.fixture
def sink():
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # it writes each line of each mail
    sink = Sink()
    with socket.create_server(("127.0.0.1", 0)) as free:
        sink.port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    yield sink
    controller.stop()


@pytest.fixture
def sender(sink, settings):
    """A function that starts a process which forks senders."""
    base = os.environ["DATABASE_URL"].rpartition("/")[0]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "soc_portal.settings",
        "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "DEFAULT_FROM_EMAIL": "portal@test.example",
        "VAR_DIR": str(settings.VAR_DIR),
    }
    started = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.senders"], env=environment, text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        process.stdin.close()
        process.wait(timeout=30)
        process.stdout.close()


def ask(process, what):
    """Start a child; its number."""
    process.stdin.write(what + "\n")
    return int(process.stdout.readline())


def over(process):
    return process.stdout.readline().strip()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_fifty_kills_lose_no_notice_and_double_only_what_the_server_had_taken(sink, sender):
    dice, process = random.Random(50), sender()
    rosa = make_user("rosa", "Rosa")
    notices = [put_in_outbox("mentioned", user=rosa, path="/") for _number in range(NOTICES)]
    wanted = {message_id_of(notice.pk) for notice in notices}
    Notice.objects.update(sent_at=None, claimed_at=None, attempts=0)
    hit, in_doubt = Counter(), Counter()
    for number in range(KILLS):
        stage = ("RCPT", "DATA", "YES", "later")[number % 4]
        delay = dice.uniform(0, 0.004) if stage == "later" else 0
        mails_first, taken_before = dice.randrange(3), Counter(sink.taken)
        kill_at(sink, stage, mails_first, delay, hit)
        sink.child = ask(process, "send")
        sink.ready.set()
        assert over(process) == "over"
        sink.at = lambda stage: None
        unsent = {message_id_of(pk) for pk in Notice.objects.filter(sent_at=None).values_list("pk", flat=True)}
        # What the server said yes to, and the portal does not know it: at most the one mail that was on its way.
        lost_yes = set(sink.taken - taken_before) & unsent
        assert len(lost_yes) <= (stage in ("YES", "later"))
        in_doubt.update(lost_yes)
        wait_out_claims()
    assert sum(hit.values()) == KILLS
    ask(process, "send")
    assert over(process) == "over"
    assert not Notice.objects.filter(sent_at=None).exists()
    assert set(sink.taken) == wanted
    doubled = sink.taken - Counter(wanted)
    print(f"{KILLS} kills ({dict(hit)}), {len(wanted)} notices, {doubled.total()} sent again")
    assert doubled.total() >= hit["YES"]
    assert doubled <= in_doubt


def message_id_of(pk):
    return f"<notice-{pk}@127.0.0.1>"


def kill_at(sink, stage, mails_first, delay, hit):
    """Kill the child of `sink.child` when it has come to this stage for the (mails_first + 1)th time."""
    sink.ready = threading.Event()
    left = [mails_first]

    def kill():
        time.sleep(delay)
        os.kill(sink.child, signal.SIGKILL)

    def at(now_at):
        if now_at != ("YES" if stage == "later" else stage):
            return
        left[0] -= 1
        if left[0] == -1:
            sink.ready.wait(10)
            hit[stage] += 1
            if stage == "later":
                threading.Thread(target=kill).start()
            else:
                kill()
            if stage == "DATA":
                raise ConnectionAbortedError("the client is gone before the server has the mail")

    sink.at = at


@pytest.mark.services
@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_reminders_reach_the_mail_server_in_a_minute_by_two_workers_each_once(sink, sender):
    rosa, now = make_user("rosa", "Rosa"), timezone.now()
    team = ask_for_team(
        by=rosa, family_name="A family", county=make_county("Alamance", "37001"), caregiver_name="Rosa",
        relationship="Mom", children=[("Mateo", None)],
    )  # fmt: skip
    Notice.objects.update(sent_at=now)
    start = now + dt.timedelta(days=1)
    fields = {"team": team, "starts_at": start, "ends_at": start + dt.timedelta(hours=1), "created_by": rosa}
    fields |= {"updated_by": rosa, "told_at": now - dt.timedelta(days=30)}
    Meeting.objects.bulk_create([Meeting(**fields) for _number in range(DUE)], batch_size=1000)
    workers = [sender(), sender()]
    for worker in workers:  # both have started when the clock does
        ask(worker, "send")
        assert over(worker) == "over"
    begun = time.monotonic()
    for worker in workers:
        ask(worker, "remind")
    assert [over(worker) for worker in workers] == ["over", "over"]
    seconds = time.monotonic() - begun
    print(f"{DUE} reminders in {seconds:.1f} s")
    assert not Meeting.objects.filter(reminded_at=None).exists()
    assert len(sink.taken) == DUE and set(sink.taken.values()) == {1}
    assert seconds < SECONDS
