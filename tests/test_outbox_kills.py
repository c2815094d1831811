"""A worker may be killed at any point: no notice is lost, and none is doubled but what the server had taken."""

import datetime as dt
from collections import Counter

import pytest
from django.core import mail
from django.utils import timezone

from soc_portal.notices.actions import CLAIM_HOLDS, send_due
from soc_portal.notices.emails import put_in_outbox
from soc_portal.notices.models import Notice
from tests.world import make_user


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
