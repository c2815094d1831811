"""My calendar: one's own meetings and nobody else's, in the page, in the files and under the private address."""

import datetime as dt
import subprocess
import sys

import pytest
import vobject
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collaboratives.models import GroupMeeting
from soc_portal.accounts.actions import end_feed, make_feed
from soc_portal.accounts.models import CalendarFeed
from soc_portal.audit.models import Event
from soc_portal.calendars import Entry, feed_of, file_of
from soc_portal.notices.emails import message_of
from soc_portal.notices.models import Notice
from teams.actions.meetings import call_meeting, cancel_meeting, change_meeting
from teams.enums import MeetingStatus
from teams.models import Meeting
from teams.views.calendar import Row, mark_same_time
from tests.world import PEOPLE

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
PAGE = "/calendar/"


def entry(starts_at, **fields):
    known = {"kind": "team-meeting", "number": 7, "sequence": 3, "path": "/teams/1/", "changed_at": starts_at}
    return Entry(starts_at=starts_at, ends_at=starts_at + HOUR, **known | fields)


def events(body):
    """What a program that we did not write finds in a calendar, by UID."""
    return {event.uid.value: event for event in vobject.readOne(body.decode()).contents.get("vevent", [])}


# --- Files -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "moment",
    [
        dt.datetime(2027, 3, 13, 17, tzinfo=dt.UTC),  # noon on the day before the clocks go forward
        dt.datetime(2027, 3, 14, 6, 30, tzinfo=dt.UTC),  # half past one, in the night in which they do
        dt.datetime(2027, 3, 14, 7, 30, tzinfo=dt.UTC),  # an hour later it is half past three
        dt.datetime(2027, 3, 14, 16, tzinfo=dt.UTC),
        dt.datetime(2026, 10, 31, 16, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC),  # the first half past one
        dt.datetime(2026, 11, 1, 6, 30, tzinfo=dt.UTC),  # the second
        dt.datetime(2026, 11, 1, 17, tzinfo=dt.UTC),
    ],
)
def test_another_program_reads_the_very_moment_also_when_the_clocks_change(moment):
    [event] = events(file_of(entry(moment))).values()
    assert event.dtstart.value.astimezone(dt.UTC) == moment
    assert event.dtend.value.astimezone(dt.UTC) == moment + HOUR


def test_a_file_says_when_and_where_to_look_and_nothing_else(settings):
    body = file_of(entry(dt.datetime(2027, 3, 1, 17, tzinfo=dt.UTC))).decode()
    assert "METHOD:PUBLISH" in body and "BEGIN:VTIMEZONE" in body and "TZID=America/New_York:20270301T120000" in body
    [event] = vobject.readOne(body).contents["vevent"]
    said = {name: line[0].value for name, line in event.contents.items() if name not in ("dtstart", "dtend")}
    assert said.pop("dtstamp") == said.pop("last-modified") == dt.datetime(2027, 3, 1, 17, tzinfo=dt.UTC)
    assert said == {
        "uid": f"team-meeting-7@{settings.PORTAL_HOST}", "sequence": "3", "summary": "Meeting", "status": "CONFIRMED",
        "url": f"{settings.PORTAL_URL}/teams/1/", "organizer": "mailto:portal@localhost", "class": "PRIVATE",
    }  # fmt: skip
    assert "METHOD:CANCEL" in file_of(entry(timezone.now(), is_cancelled=True)).decode()
    assert "STATUS:CANCELLED" in file_of(entry(timezone.now(), is_cancelled=True)).decode()
    assert "BEGIN:VEVENT" not in feed_of([]).decode()


def calendar_of(notice):
    [part] = [part for part in message_of(notice).message().walk() if part.get_content_type() == "text/calendar"]
    assert part.get_filename() == "meeting.ics"
    [event] = events(part.get_payload(decode=True)).values()
    return part.get_param("method"), event


def test_a_change_and_a_cancellation_replace_what_the_first_mail_brought(world):
    start = timezone.now().replace(second=0, microsecond=0) + dt.timedelta(days=20)
    meeting = call_meeting(
        team=world.team, by=world.users.facilitator,
        meeting=Meeting(starts_at=start, ends_at=start + HOUR, purpose="About Mateo", place_words="At home"),
    )  # fmt: skip
    values = {"starts_at": start + HOUR, "ends_at": start + 2 * HOUR}
    meeting = change_meeting(meeting=meeting, by=world.users.facilitator, base_version=1, values=values)
    cancel_meeting(meeting=meeting, by=world.users.facilitator)
    found = {}
    for kind in ("meeting_called", "meeting_changed", "meeting_cancelled"):
        mine = Notice.objects.filter(kind=kind, facts__calendar__number=meeting.pk, user=world.users.caregiver)
        method, event = calendar_of(mine.get())
        found[kind] = (method, event.uid.value, int(event.sequence.value), event.dtstart.value)
        assert event.summary.value == "Meeting" and "Mateo" not in event.serialize() + message_of(mine.get()).body
    uid = found["meeting_called"][1]
    assert found == {
        "meeting_called": ("PUBLISH", uid, 1, start),
        "meeting_changed": ("PUBLISH", uid, 2, start + HOUR),
        "meeting_cancelled": ("CANCEL", uid, 3, start + HOUR),
    }


def test_a_group_s_mail_brings_its_file_and_an_old_notice_brings_none(world):
    notice = Notice.objects.filter(kind="group_meeting_called").first()
    assert calendar_of(notice)[1].uid.value.startswith("group-meeting-")
    del notice.facts["calendar"]
    assert message_of(notice).attachments == []


# --- khal: a calendar program that people use -------------------------------------------------------------------------
KHAL = """
[calendars]
[[home]]
path = {folder}/home
[sqlite]
path = {folder}/khal.db
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = America/New_York
default_timezone = America/New_York
"""


@pytest.fixture
def khal(tmp_path):
    """A function that takes a file in as its owner would, and tells what the program shows from a day on."""
    (tmp_path / "home").mkdir()
    (tmp_path / "config").write_text(KHAL.format(folder=tmp_path))

    def run(*arguments):
        command = [sys.executable, "-m", "khal", "--config", str(tmp_path / "config"), *arguments]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def take_in(body, since):
        (tmp_path / "meeting.ics").write_bytes(body)
        run("import", "--batch", str(tmp_path / "meeting.ics"))
        shown = "{start-long}|{end-long}|{title}|{status}"
        lines = run("list", "--once", "--day-format", "", "--format", shown, since, "30d").splitlines()
        return [line.split("|") for line in lines if line.strip()]

    return take_in


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (dt.datetime(2027, 3, 13, 17, tzinfo=dt.UTC), "2027-03-13 12:00"),
        (dt.datetime(2027, 3, 14, 16, tzinfo=dt.UTC), "2027-03-14 12:00"),  # the clocks went forward in the night
        (dt.datetime(2026, 10, 31, 16, tzinfo=dt.UTC), "2026-10-31 12:00"),
        (dt.datetime(2026, 11, 1, 17, tzinfo=dt.UTC), "2026-11-01 12:00"),  # and back
    ],
)
def test_a_calendar_program_takes_the_file_in_and_shows_the_right_hour(khal, moment, shown):
    [row] = khal(file_of(entry(moment)), shown[:10])
    assert row == [shown, shown[:11] + "13:00", "Meeting", row[3]]


def test_a_calendar_program_moves_what_changed_and_marks_what_was_called_off(khal):
    start = dt.datetime(2027, 5, 3, 17, tzinfo=dt.UTC)
    [row] = khal(file_of(entry(start, sequence=1)), "2027-05-01")
    assert row[0] == "2027-05-03 13:00"
    [row] = khal(file_of(entry(start + 3 * HOUR, sequence=2)), "2027-05-01")
    assert row[0] == "2027-05-03 16:00"
    [row] = khal(file_of(entry(start + 3 * HOUR, sequence=3, is_cancelled=True)), "2027-05-01")
    assert "CANCELLED" in row[3]


def test_a_calendar_program_takes_the_feed_in(khal):
    start = dt.datetime(2027, 5, 3, 17, tzinfo=dt.UTC)
    rows = khal(feed_of([entry(start + n * 24 * HOUR, number=n) for n in range(3)]), "2027-05-01")
    assert [row[0][:10] for row in rows] == ["2027-05-03", "2027-05-04", "2027-05-05"]


def test_a_file_is_for_those_who_may_read_the_meeting(world, sign_in):
    court = reverse("teams:calendar_team_file", args=[world.court_meeting.pk])
    assert sign_in(world.users.grandmother).get(court).status_code == 404
    response = sign_in(world.users.court_counselor).get(court)
    assert response.status_code == 200 and response["Cache-Control"] == "private, no-store"
    closed = reverse("teams:calendar_group_file", args=[world.group_meetings["closed_next"].pk])
    assert sign_in(world.users.local_team_chair).get(closed).status_code == 200
    for slug in ("local_team_unsigned", "coordinator", "caregiver"):
        assert sign_in(world.people[slug]).get(closed).status_code == 404
    Meeting.objects.filter(pk=world.meeting.pk).update(status=MeetingStatus.ASKED)
    asked = reverse("teams:calendar_team_file", args=[world.meeting.pk])
    assert sign_in(world.users.caregiver).get(asked).status_code == 404


# --- The private address ---------------------------------------------------------------------------------------------
def feed_url(user):
    return reverse("teams:calendar_feed", args=[make_feed(user=user, now=timezone.now()).token])


def uids(response):
    assert response.status_code == 200
    return {uid.partition("@")[0] for uid in events(response.content)}


def wanted(meetings, groups=()):
    return {f"team-meeting-{row.pk}" for row in meetings} | {f"group-meeting-{row.pk}" for row in groups}


def test_the_feed_holds_exactly_one_s_own_meetings(world, client):
    near = Meeting.objects.filter(team=world.team, starts_at__gt=timezone.now() - dt.timedelta(days=60))
    everything, groups = list(near), world.group_meetings
    assert world.court_meeting in everything
    assert uids(client.get(feed_url(world.users.caregiver))) == wanted(everything)
    open_parts = [row for row in everything if row.section == "records"]
    assert uids(client.get(feed_url(world.users.grandmother))) == wanted(open_parts)
    mine = [groups["next"], groups["held"]]
    assert uids(client.get(feed_url(world.users.jcpc_member))) == wanted([], mine)
    closed = [groups["closed_next"], groups["closed"]]
    assert uids(client.get(feed_url(world.users.local_team_chair))) == wanted([], closed)
    for slug in ("local_team_unsigned", "former_jcpc", "former_member", "expired_consent", "proposed", "superuser"):
        assert uids(client.get(feed_url(world.people[slug]))) == set(), slug


def test_the_feed_says_no_name_and_tells_programs_what_was_called_off(world, client):
    Meeting.objects.filter(pk=world.meeting.pk).update(
        status=MeetingStatus.CANCELLED, starts_at=timezone.now(), ends_at=timezone.now() + HOUR
    )
    asked = Meeting.objects.exclude(pk=world.meeting.pk).filter(team=world.team)
    asked.update(status=MeetingStatus.ASKED)
    response = client.get(feed_url(world.users.caregiver))
    [event] = events(response.content).values()
    assert event.status.value == "CANCELLED"
    assert response["Cache-Control"] == "private, no-store"
    names = {word for name in PEOPLE.values() for word in name.split()} | {"Delgado", "Alamance", "Team", "Council"}
    assert not [name for name in names if name in response.content.decode()]
    get_user_model().objects.filter(pk=world.users.caregiver.pk).update(language="es")
    assert "SUMMARY:Reuni" in client.get(feed_url(world.users.caregiver)).content.decode()


def test_an_address_that_was_ended_replaced_or_invented_opens_nothing(world, client):
    rosa = world.users.caregiver
    old, new = feed_url(rosa), feed_url(rosa)
    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)
    assert CalendarFeed.objects.filter(user=rosa, ended_at=None).count() == 1
    assert end_feed(user=rosa, now=timezone.now()) and not end_feed(user=rosa, now=timezone.now())
    assert client.get(new).status_code == 404
    live = CalendarFeed.objects.get(pk=make_feed(user=rosa, now=timezone.now()).pk)
    good = live.token
    live.nonce = "guessed"
    for token in ("0", "x:y:z", good + "x", live.token):
        assert client.get(reverse("teams:calendar_feed", args=[token])).status_code == 404
    rosa.is_active = False
    rosa.save()
    assert client.get(reverse("teams:calendar_feed", args=[good])).status_code == 404


def test_the_feed_costs_the_same_with_one_meeting_and_with_four_and_is_told_once_a_day(world, client):
    url, rosa = feed_url(world.users.caregiver), world.users.caregiver
    client.get(url)
    counted = []
    for number in range(3):
        start = timezone.now() + dt.timedelta(days=number + 3)
        call_meeting(team=world.team, by=rosa, meeting=Meeting(starts_at=start, ends_at=start + HOUR))
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counted.append(len(queries))
    assert len(set(counted)) == 1 and counted[0] <= 8
    looks = Event.objects.filter(verb="calendar_read", actor_id=rosa.pk)
    assert looks.count() == 1
    assert CalendarFeed.objects.get(user=rosa).read_at is not None


# --- The page --------------------------------------------------------------------------------------------------------
def month(day):
    return {"month": f"{timezone.localtime(day):%Y-%m}"}


def shown(response):
    assert response.status_code == 200
    return {row.url for row in response.context["rows"]}


def test_the_page_shows_teams_and_groups_in_one_month_and_the_county_s_open_ones_if_asked(world, sign_in):
    day = world.group_meetings["next"].starts_at
    Meeting.objects.filter(pk=world.meeting.pk).update(starts_at=day, ends_at=day + HOUR, status=MeetingStatus.SET)
    Meeting.objects.filter(team=world.team).exclude(pk=world.meeting.pk).update(starts_at=day - 90 * 24 * HOUR)
    in_month = GroupMeeting.objects.filter(group=world.jcpc, starts_at__month=timezone.localtime(day).month)
    team_url = reverse("teams:meeting_detail", args=[world.team.pk, world.meeting.pk])
    group_urls = {reverse("collaboratives:group_meeting_detail", args=[world.jcpc.pk, row.pk]) for row in in_month}
    client = sign_in(world.users.caregiver)
    response = client.get(PAGE, month(day))
    assert shown(response) == {team_url}
    response = client.get(PAGE, month(day) | {"open": "1"})
    assert shown(response) == {team_url} | group_urls
    assert {row.at_once for row in response.context["rows"] if row.starts_at == day} == {True}
    assert b"At the same time as another" in response.content
    assert Event.objects.filter(verb="calendar_read", team_id=world.team.pk).exists()
    assert shown(sign_in(world.users.jcpc_member).get(PAGE, month(day))) == group_urls
    assert shown(sign_in(world.users.local_team_unsigned).get(PAGE, month(day))) == set()


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "0000-01", "9999-12", "٢٠٢٦-01", "x-y", "2026-1"])
def test_a_month_that_does_not_exist_is_this_one(world, sign_in, text):
    response = sign_in(world.users.caregiver).get(PAGE, {"month": text})
    assert response.context["month"] == timezone.localdate().replace(day=1)


def test_the_page_makes_replaces_and_ends_the_address(world, sign_in):
    client = sign_in(world.users.caregiver)
    assert b"webcal" not in client.get(PAGE).content
    for _again in range(2):
        client.post(reverse("teams:calendar_address_make"))
    page = client.get(PAGE)
    assert page.context["address"].encode() in page.content and b"webcal://" in page.content
    assert Client().get(page.context["address"]).status_code == 200
    for _again in range(2):
        assert client.post(reverse("teams:calendar_address_end")).status_code == 302
    assert client.get(PAGE).context["feed"] is None
    assert Client().get(page.context["address"]).status_code == 404


def test_meetings_one_after_the_other_are_not_at_the_same_time():
    start = timezone.now()
    rows = [
        Row(start, start + HOUR, "a", "a", ""),
        Row(start + HOUR, start + 2 * HOUR, "b", "b", ""),
        Row(start + HOUR, start + HOUR * 3, "off", "c", "", is_cancelled=True),
        Row(start + 2 * HOUR, start + 5 * HOUR, "long", "d", ""),
        Row(start + 3 * HOUR, start + 4 * HOUR, "inside", "e", ""),
    ]
    mark_same_time(rows)
    assert [row.words for row in rows if row.at_once] == ["long", "inside"]


# --- On the pages of the meetings ------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["team", "group"])
def test_the_page_of_a_meeting_to_come_has_its_file_and_that_of_an_old_one_has_none(world, sign_in, kind):
    meeting = world.meeting if kind == "team" else world.group_meetings["next"]
    user = world.users.caregiver if kind == "team" else world.users.jcpc_chair
    page = reverse("teams:meeting_detail", args=[world.team.pk, meeting.pk])
    if kind == "group":
        page = reverse("collaboratives:group_meeting_detail", args=[meeting.group_id, meeting.pk])
    file = reverse(f"teams:calendar_{kind}_file", args=[meeting.pk])
    soon = timezone.now() + HOUR
    same = type(meeting).objects.filter(pk=meeting.pk)
    same.update(starts_at=soon, ends_at=soon + HOUR, status="set")
    client = sign_in(user)
    assert f'href="{file}"' in client.get(page).content.decode()
    assert client.get(file).status_code == 200
    same.update(starts_at=soon - 9 * HOUR, ends_at=soon - 8 * HOUR)
    assert file not in client.get(page).content.decode()
