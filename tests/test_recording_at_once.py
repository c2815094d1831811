"""Ten people write on the page of one meeting at the same moment: no word is lost, and nobody waits long."""

import datetime as dt
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from teams.enums import Attendance, MeetingStatus, MemberKind
from teams.models import Guest, Meeting, Note
from tests.world import join, make_user

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

WRITERS = (
    "caregiver", "youth", "other_household", "grandmother", "family_partner", "facilitator", "dss_worker",
    "court_counselor", "provider",
)  # fmt: skip
#: The goal is one second. Here all ten share one process, and a shared machine may be busy: this is where it fails.
SECONDS = 2.0
NOTES_EACH = 3
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def room(world):
    """A meeting under way, with ten people of the team around it who are signed in."""
    tenth = make_user("tenth", "Tenth Person")
    join(world.team, tenth, kind=MemberKind.NATURAL, caregiver=world.users.caregiver)
    start = timezone.now().replace(second=0, microsecond=0) - dt.timedelta(minutes=10)
    Meeting.objects.filter(pk=world.meeting.pk).update(starts_at=start, ends_at=start + dt.timedelta(hours=2))
    clients = []
    for user in [*(world.people[slug] for slug in WRITERS), tenth]:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        client.get(reverse("teams:meeting_record", args=[world.team.pk, world.meeting.pk]))
        clients.append(client)
    return world, clients


def test_ten_write_at_once_and_no_word_is_lost(room):
    world, clients = room
    guests = list(Guest.objects.filter(meeting=world.meeting).order_by("pk").values_list("pk", flat=True))
    note = reverse("teams:item_add", args=[world.team.pk, "note"])
    note += f"?meeting={world.meeting.pk}&record={world.meeting.pk}"
    start, seconds = threading.Barrier(len(clients)), []

    def timed(client, path, data):
        begin = time.monotonic()
        response = client.post(path, data, **HTMX)
        seconds.append(time.monotonic() - begin)
        return response.status_code

    def write(number):
        client = clients[number]
        guest = guests[number % len(guests)]
        tap = reverse("teams:attendance_tap", args=[world.team.pk, world.meeting.pk, guest])
        try:
            start.wait()
            notes = [{"title": f"Of {number}", "text": f"Words {number}-{turn}"} for turn in range(NOTES_EACH)]
            return [timed(client, tap, {"mark": "came", "was": ""}), *(timed(client, note, data) for data in notes)]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        said = list(pool.map(write, range(len(clients))))
    assert said == [[200] * (1 + NOTES_EACH)] * len(clients)
    written = set(Note.objects.filter(meeting=world.meeting).values_list("text", flat=True))
    assert {f"Words {n}-{turn}" for n in range(len(clients)) for turn in range(NOTES_EACH)} <= written
    noted = Guest.objects.filter(pk__in=guests[: len(clients)]).values_list("attendance", flat=True)
    assert set(noted) == {Attendance.CAME}
    assert Meeting.objects.get(pk=world.meeting.pk).status == MeetingStatus.HELD
    seconds.sort()
    most = seconds[int(len(seconds) * 0.95) - 1]
    print(f"\n{len(seconds)} saves of {len(clients)} at once: 95 % within {most:.2f} s, all within {seconds[-1]:.2f} s")
    assert most <= SECONDS
