"""After a meeting: its record approved, copies, and how it was."""

import datetime as dt

from django.utils import timezone

from soc_portal.access.scope import forget_scope
from teams import access
from teams.actions.items import add_item
from teams.actions.meetings import call_meeting, note_attendance
from teams.actions.plans import hash_of
from teams.actions.record_content import content_of_meeting
from teams.actions.records import approve_record
from teams.enums import Attendance
from teams.models import Decision, Guest, Meeting, Note

#: Who stands on the team and may read its meetings, each with what they get where only some may act.
TEAM = (
    "caregiver", "other_household", "youth", "grandmother", "family_partner", "facilitator", "dss_worker",
    "court_counselor", "provider",
)  # fmt: skip
APPROVERS = {"caregiver": 200, "other_household": 200, "facilitator": 200}
CAME = {"caregiver": 200, "facilitator": 200, "grandmother": 200}

# fmt: off
ROWS = {
    "teams:record_approve":          ("GET",  dict.fromkeys(TEAM, 403) | APPROVERS, 404),
    "teams:record_open":             ("GET",  dict.fromkeys(TEAM, 403) | APPROVERS, 404),
    "teams:feedback_edit":           ("GET",  dict.fromkeys(TEAM, 403) | CAME, 404),
}
#                                         anon   strangers provider members court youth caregivers
TEAM_ROWS = {
    "teams:record_detail":           ("GET",  302, 404, 200, 200, 200, 200, 200),
    "teams:record_version":          ("GET",  302, 404, 200, 200, 200, 200, 200),
    "teams:copy_note":               ("GET",  302, 404, 200, 200, 200, 200, 200),
    "teams:copy_way_edit":           ("GET",  302, 404, 200, 200, 200, 200, 200),
    "teams:feedback_note":           ("GET",  302, 404, 200, 200, 200, 200, 200),
}
# fmt: on
PUBLIC = {}
READ_ONLY = {"teams:record_detail", "teams:record_version"}
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = {}
NO_PAGES = {}


def add_after(world):
    """Nothing that every test needs; see `hold`."""


def hold(world, *, section="records"):
    """A meeting that took place three days ago, to which the caregiver, her mother and the facilitator came."""
    rosa = world.users.caregiver
    start = timezone.now() + dt.timedelta(days=1)
    meeting = Meeting(purpose="Look back", starts_at=start, ends_at=start + dt.timedelta(hours=1), section=section)
    meeting = call_meeting(team=world.team, by=rosa, meeting=meeting)
    earlier = timezone.now() - dt.timedelta(days=3)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=earlier, ends_at=earlier + dt.timedelta(hours=1))
    meeting = Meeting.objects.select_related("team", "team__family").get(pk=meeting.pk)
    came = [world.members[slug].pk for slug in CAME]
    if hasattr(world, "uncle"):  # who has no account
        came.append(world.uncle.pk)
    marks = {guest.pk: Attendance.CAME for guest in meeting.guests.order_by("pk") if guest.membership_id in came}
    note_attendance(meeting=meeting, marks=marks, by=rosa, now=timezone.now())
    add_item(team=world.team, by=rosa, item=Note(meeting=meeting, title="Nights", text="We sleep better."))
    add_item(team=world.team, by=rosa, item=Decision(meeting=meeting, text="We keep the Sunday dinner"))
    return Meeting.objects.select_related("team", "team__family").get(pk=meeting.pk)


def seen_hash(user, meeting):
    """What the page that asks for this person's yes holds."""
    forget_scope(user)
    return hash_of(access.readable_content(user, meeting.team, content_of_meeting(meeting)))


def approve(user, meeting, side):
    return approve_record(meeting=meeting, by=user, side=side, seen_hash=seen_hash(user, meeting))


def hold_and_approve(world):
    """The same with an approved record."""
    world.held = hold(world)
    approve(world.users.facilitator, world.held, "others")
    world.record_version = approve(world.users.caregiver, world.held, "family")


def arguments(world, name):
    """The meeting that took place; where the world has none, the one ahead."""
    own = {"meeting_id": getattr(world, "held", world.meeting).pk}
    if name == "teams:record_version":
        own["number"] = 1
    if name == "teams:copy_note":
        own["membership_id"] = world.members["grandmother"].pk
    if name == "teams:copy_way_edit":
        own["membership_id"] = world.uncle.pk if hasattr(world, "uncle") else 0
    if name == "teams:feedback_note":
        guest = Guest.objects.filter(meeting_id=own["meeting_id"], membership__user=None).first()
        own["guest_id"] = guest.pk if guest else 0
    return own


def grow(world, number):
    """One more note of the record that is approved is refused; one more copy comes with one more member."""
