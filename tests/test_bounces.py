"""A mail that can't arrive: it is not tried again, and those who run the team's meetings are told, without a name."""

import datetime as dt
import io
import os
import sys
from smtplib import SMTPRecipientsRefused, SMTPSenderRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from soc_portal.bounces import LONGEST, MOST_PARTS, NotAReport, read_report
from soc_portal.notices.actions import REPORTED_WITHIN, Noted, is_for_ever, note_refusal, send_due
from soc_portal.notices.emails import message_of, put_in_outbox
from soc_portal.notices.models import Notice
from teams.access import members_without_mail
from teams.actions.memberships import end_facilitator
from teams.emails import COMES_BACK_WITHIN
from tests.world import PEOPLE

pytestmark = pytest.mark.django_db
NOW_OR_LATER = dt.timedelta(seconds=1)


@pytest.fixture
def notice(world):
    """A mail to the grandmother, and nothing else in the outbox."""
    Notice.objects.all().delete()
    return put_in_outbox("mentioned", user=world.users.grandmother, path="/teams/1/")


def refuse(monkeypatch, error):
    def fail(self, *args, **kwargs):
        raise error

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", fail)


def no_such(code=550, words=b"5.1.1 No such user"):
    return SMTPRecipientsRefused({"a@example.org": (code, words)})


@pytest.mark.parametrize(
    ("error", "for_ever"),
    [
        (no_such(), True),
        (no_such(553, b"what?"), True),
        (no_such(450, b"4.2.1 later"), False),
        (no_such(554, b"5.7.1 Relaying denied"), False),
        (SMTPRecipientsRefused({}), False),
        (SMTPSenderRefused(550, b"5.1.0 who are you", "portal@localhost"), False),
        (SMTPServerDisconnected("gone"), False),
    ],
)
def test_only_an_address_that_the_server_does_not_know_is_given_up(notice, monkeypatch, error, for_ever):
    assert is_for_ever(error) is for_ever
    refuse(monkeypatch, error)
    now = timezone.now()
    assert send_due(now=now) == 0
    notice.refresh_from_db()
    assert (notice.refused_at == now) is for_ever
    assert (notice.due_at > now) is not for_ever
    assert notice.claimed_at is None


def test_a_refused_notice_is_not_tried_again(notice):
    now = timezone.now()
    assert note_refusal(notice, now) and not note_refusal(notice, now)
    Notice.objects.exclude(pk=notice.pk).delete()
    assert send_due(now=now + dt.timedelta(days=9)) == 0
    assert mail.outbox == []


def told():
    return sorted(row.user.name for row in Notice.objects.filter(kind="address_refused"))


def test_the_facilitator_is_told_once_until_a_mail_arrives_again(world, notice):
    now = timezone.now()
    note_refusal(notice, now)
    assert told() == [PEOPLE["facilitator"]]
    row = Notice.objects.get(kind="address_refused")
    message = message_of(row)
    assert f"/teams/{world.team.pk}/members/" in message.body
    assert not [name for name in " ".join(PEOPLE.values()).split() if name in message.subject + message.body]
    again = put_in_outbox("mentioned", user=world.users.grandmother, path="/")
    note_refusal(again, now)
    assert len(told()) == 1
    # One arrived after the first, and did not come back while it still could.
    Notice.objects.filter(pk=row.pk).update(created_at=now - COMES_BACK_WITHIN - dt.timedelta(days=2))
    arrived = put_in_outbox("mentioned", user=world.users.grandmother, path="/")
    Notice.objects.filter(pk=arrived.pk).update(sent_at=now - COMES_BACK_WITHIN - dt.timedelta(days=1))
    note_refusal(put_in_outbox("mentioned", user=world.users.grandmother, path="/"), now)
    assert len(told()) == 2


def test_where_nobody_else_runs_the_meetings_the_caregivers_are_told(world, notice):
    own = put_in_outbox("mentioned", user=world.users.facilitator, path="/")
    note_refusal(own, timezone.now())
    assert told() == sorted([PEOPLE["caregiver"], PEOPLE["other_household"]])
    end_facilitator(membership=world.members["facilitator"], by=world.users.caregiver)
    note_refusal(put_in_outbox("mentioned", user=world.users.caregiver, path="/"), timezone.now())
    assert told().count(PEOPLE["other_household"]) == 2


def test_nobody_is_told_of_somebody_on_no_team_or_no_longer_on_one(world, notice):
    for slug in ("superuser", "former_member", "proposed"):
        note_refusal(put_in_outbox("mentioned", user=world.people[slug], path="/"), timezone.now())
    note_refusal(put_in_outbox("invitation", address="nobody@example.org", path="/"), timezone.now())
    assert told() == []


def test_the_list_marks_who_gets_no_mail_for_those_who_choose_and_those_who_run_meetings(world, notice, sign_in):
    now = timezone.now()
    note_refusal(notice, now)
    mine = {world.members["grandmother"].pk}
    for slug, sees in [("caregiver", mine), ("facilitator", mine), ("dss_worker", set()), ("grandmother", set())]:
        assert members_without_mail(world.people[slug], world.team) == sees, slug
        page = sign_in(world.people[slug]).get(f"/teams/{world.team.pk}/members/")
        assert (b"did not arrive" in page.content) == bool(sees), slug
    arrived = put_in_outbox("mentioned", user=world.users.grandmother, path="/")
    Notice.objects.filter(pk=arrived.pk).update(sent_at=now + NOW_OR_LATER)
    assert members_without_mail(world.users.caregiver, world.team) == set()


# --- Mails that come back --------------------------------------------------------------------------------------------
REPORT = """\
From: MAILER-DAEMON@mail.example.gov
Subject: Undelivered
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.gov

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}

--b
Content-Type: {kind}

Message-ID: {message_id}
Subject: Somebody named you

--b--
"""


def report(address="grandmother@test.example", action="failed", status="5.1.1", kind="message/rfc822", message_id=""):
    return REPORT.format(address=address, action=action, status=status, kind=kind, message_id=message_id).encode()


def ours(notice):
    return message_of(notice).extra_headers["Message-ID"]


def run(raw, monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    call_command("read_bounce", stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def sent(notice):
    Notice.objects.filter(pk=notice.pk).update(sent_at=timezone.now())
    return notice


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_mail_that_came_back_is_noted_once_and_told(sent, monkeypatch, kind):
    raw = report(kind=kind, message_id=ours(sent))
    assert run(raw, monkeypatch) == Noted.YES.value
    assert run(raw, monkeypatch) == Noted.KNOWN.value
    sent.refresh_from_db()
    assert sent.refused_at is not None
    assert told() == [PEOPLE["facilitator"]]


def test_what_is_not_for_ever_or_not_ours_changes_nothing(sent, monkeypatch):
    mine = ours(sent)
    assert run(report(message_id=mine, status="4.4.7"), monkeypatch) == Noted.LATER.value
    assert run(report(message_id=mine, action="delayed"), monkeypatch) == Noted.LATER.value
    assert run(report(message_id=mine, address="another@example.org"), monkeypatch) == Noted.STRANGE.value
    assert run(report(message_id=mine.replace("notice-", "notice-9")), monkeypatch) == Noted.STRANGE.value
    Notice.objects.filter(pk=sent.pk).update(sent_at=timezone.now() - REPORTED_WITHIN)
    assert run(report(message_id=mine), monkeypatch) == Noted.STRANGE.value
    assert not Notice.objects.exclude(refused_at=None).exists()


HEAD = b"Content-Type: multipart/report; boundary=b\n\n"
STATUS = b"--b\nContent-Type: message/delivery-status\n\nA: b\n\nStatus: 5.1.1\nAction: failed\n\n"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "not a delivery report"),
        (b"\xff\x00\xfe" * 99, "not a delivery report"),
        (b"Content-Type: multipart/report\n\nno boundary", "no message/delivery-status"),
        (HEAD + b"--b\nContent-Type: message/delivery-status\n\n\n--b--", "no message/delivery-status"),
        (HEAD + STATUS + b"--b--", "does not hold one of our mails"),
        (report(message_id="<notice-1@elsewhere.example>"), "does not hold one of our mails"),
        (report(message_id="<notice-1'; DROP TABLE--@127.0.0.1>"), "does not hold one of our mails"),
        (report(status="five", message_id="<notice-1@127.0.0.1>"), "not three numbers"),
        (report(status="5.1.1.1", message_id="<notice-1@127.0.0.1>"), "not three numbers"),
        (HEAD + b"--b\n\nx\n" * (MOST_PARTS + 1) + b"--b--", "more than"),
        (b"x" * (LONGEST + 1), "longer than"),
    ],
)
def test_anything_else_is_refused_in_a_sentence_and_with_a_number_for_the_mail_server(raw, words, monkeypatch):
    with pytest.raises(NotAReport, match=words):
        read_report(raw)
    with pytest.raises(CommandError, match=words) as caught:
        run(raw, monkeypatch)
    assert caught.value.returncode == os.EX_DATAERR
