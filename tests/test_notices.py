"""The outbox: written with the change, sent after it, once, and never saying too much."""

import datetime as dt
from smtplib import SMTPServerDisconnected
from types import SimpleNamespace

import pytest
from django.core import mail
from django.utils import timezone, translation

from soc_portal.notices import actions
from soc_portal.notices.actions import CLAIM_HOLDS, GIVE_UP_AFTER, WAITS, claim, send_due
from soc_portal.notices.emails import message_of, put_in_outbox, wake_sender
from soc_portal.notices.models import Notice
from teams.actions.invitations import invite_by_email
from teams.actions.memberships import choose_member, propose_member
from teams.enums import MemberKind
from tests.world import PEOPLE, make_user

KINDS = [
    "group_meeting_called",
    "group_meeting_cancelled",
    "group_meeting_changed",
    "group_meeting_reminder",
    "invitation",
    "meeting_called",
    "meeting_cancelled",
    "meeting_changed",
    "meeting_reminder",
    "address_refused",
    "member_accepted",
    "member_chosen",
    "member_ended",
    "member_proposed",
    "plan_agreed",
    "plan_put_forward",
    "record_ready",
    "record_waits",
    "recommendation_answered",
    "recommendation_came",
    "mentioned",
    "step_needs_help",
    "steps_due",
    "suggestion_made",
    "ending_begun",
    "team_closed",
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return make_user("reader", "Rosa Delgado")


@pytest.fixture
def notice(reader):
    return put_in_outbox("member_accepted", user=reader, path="/teams/1/members/")


def test_a_notice_is_sent_once_to_its_reader(notice, reader):
    now = timezone.now()
    assert send_due(now=now) == 1
    assert send_due(now=now) == 0
    assert [message.to for message in mail.outbox] == [[reader.email]]
    notice.refresh_from_db()
    assert notice.sent_at == now and notice.attempts == 1


def test_a_change_that_is_rolled_back_sends_nothing(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        propose_member(team=world.team, by=world.users.facilitator, name="New", kind=MemberKind.NATURAL)
    assert wake_sender in callbacks
    assert mail.outbox == []


def test_a_change_sends_its_notices_after_the_commit(world, django_capture_on_commit_callbacks):
    Notice.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        propose_member(team=world.team, by=world.users.facilitator, name="New", kind=MemberKind.NATURAL)
    assert sorted(message.to[0] for message in mail.outbox) == [
        world.users.caregiver.email,
        world.users.other_household.email,
    ]


@pytest.mark.parametrize("error", [SMTPServerDisconnected("gone"), ConnectionRefusedError()])
def test_a_dead_mail_server_delays_a_notice_and_loses_none(notice, monkeypatch, error):
    def fail(self, *args, **kwargs):
        raise error

    now = timezone.now()
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.message.EmailMessage.send", fail)
        assert send_due(now=now) == 0
    notice.refresh_from_db()
    assert (notice.sent_at, notice.claimed_at, notice.due_at) == (None, None, now + WAITS[0])
    assert send_due(now=now + WAITS[0] - dt.timedelta(seconds=1)) == 0
    assert send_due(now=now + WAITS[0]) == 1


def test_the_wait_grows_and_stays_at_its_longest(notice, monkeypatch):
    monkeypatch.setattr(
        "django.core.mail.message.EmailMessage.send", lambda self: (_ for _ in ()).throw(SMTPServerDisconnected("x"))
    )
    now = timezone.now()
    for attempt in range(GIVE_UP_AFTER):
        send_due(now=now)
        notice.refresh_from_db()
        assert notice.due_at - now == WAITS[min(attempt, len(WAITS) - 1)]
        now = notice.due_at
    assert send_due(now=now) == 0
    assert notice.attempts == GIVE_UP_AFTER


def test_a_notice_is_claimed_by_one_worker_and_freed_when_that_worker_died(notice):
    now = timezone.now()
    assert claim(now) == [notice]
    assert claim(now) == []
    assert send_due(now=now + CLAIM_HOLDS) == 0
    assert send_due(now=now + CLAIM_HOLDS + dt.timedelta(seconds=1)) == 1
    assert claim(now + dt.timedelta(days=1)) == []


def test_a_wake_up_ends_in_time_and_gives_back_what_it_did_not_come_to(notice, reader, monkeypatch):
    put_in_outbox("mentioned", user=reader, path="/")
    now, clock = timezone.now(), iter([0, 0, actions.AT_MOST_SECONDS])
    monkeypatch.setattr(actions, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    assert send_due(now=now) == 1
    assert [message.to for message in mail.outbox] == [[reader.email]]
    monkeypatch.undo()
    assert send_due(now=now) == 1
    assert len(mail.outbox) == 2


def test_a_closed_account_gets_no_mail(notice, reader):
    reader.is_active = False
    reader.save()
    assert send_due(now=timezone.now()) == 0
    assert send_due(now=timezone.now() + dt.timedelta(days=30)) == 0
    assert mail.outbox == []


def test_a_dead_broker_does_not_stop_the_change(monkeypatch, notice):
    from kombu.exceptions import OperationalError

    from soc_portal.notices.tasks import send_notices

    def refuse(*args):
        raise OperationalError("no broker")

    monkeypatch.setattr(send_notices, "delay", refuse)
    wake_sender()
    notice.refresh_from_db()
    assert notice.sent_at is None


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_message_says_what_and_where_and_nothing_else(world, kind, language):
    rosa = world.users.caregiver
    rosa.language = language
    rosa.save()
    member = propose_member(team=world.team, by=rosa, name="New Person", kind=MemberKind.NATURAL)
    choose_member(membership=member, by=rosa)
    row = invite_by_email(membership=member, address="New@Example.org", by=rosa)
    if kind == "invitation":
        notice = Notice.objects.get(kind="invitation")
        assert (notice.address, notice.facts) == ("new@example.org", {"invitation_id": row.pk})
    else:
        starts_at = world.meeting.starts_at.isoformat()
        notice = put_in_outbox(kind, user=rosa, path="/teams/1/", starts_at=starts_at, number=2)
    message = message_of(notice)
    html = message.alternatives[0].content
    text = message.subject + message.body + html
    names = {word for name in PEOPLE.values() for word in name.split()} | {
        "Alamance",
        "Delgado",
        "New Person",
        "school",
    }
    assert not [name for name in names if name in text]
    assert "http://127.0.0.1" in message.body
    assert message.subject and "\n" not in message.subject
    assert ('lang="es"' in html) == (notice.language == "es")
    assert "style=" not in html
    if kind == "invitation":
        assert row.token in message.body


def test_the_message_id_is_the_same_each_time(notice):
    assert message_of(notice).message()["Message-ID"] == message_of(notice).message()["Message-ID"]


def test_an_address_without_an_account_is_written_to_in_the_language_of_the_one_who_invites(world):
    with translation.override("es"):
        notice = put_in_outbox("invitation", address="a@example.org", path="/")
    assert notice.language == "es"
