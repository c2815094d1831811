"""Meetings of groups, minutes, recommendations, and the public pages of open groups."""

import datetime as dt

import time_machine
from django.utils import timezone

from collaboratives.access import terms_on
from collaboratives.actions.group_meetings import (
    add_agenda_item,
    add_group_decision,
    approve_minutes,
    call_group_meeting,
    change_agenda_item,
    change_minutes,
    content_of,
    hash_of,
    hold_group_meeting,
    note_group_attendance,
)
from collaboratives.actions.recommendations import add_recommendation
from collaboratives.enums import Presence, RecommendationTopic
from collaboratives.models import AgendaItem, GroupDecision, GroupMeeting, Recommendation
from soc_portal.access.scope import forget_scope

#: Two who run Alamance's council (its chair, the county's coordinator) and two who sit there without an office.
RUNNERS = {"jcpc_chair": 200, "coordinator": 200}
MEMBERS = {"jcpc_member": 200, "jcpc_parent": 200}
OK = "ok"
RUN_IT = dict.fromkeys(RUNNERS, OK)
SIT_THERE = dict.fromkeys(["jcpc_chair", "jcpc_member", "jcpc_parent"], OK)

ROWS = {
    # --- of an open group: everybody signed in may know of a meeting; those who run it write -----------------
    "collaboratives:group_meeting_list": ("GET", {}, 200),
    "collaboratives:group_meeting_call": ("GET", RUNNERS, 403),
    "collaboratives:group_meeting_detail": ("GET", {}, 200),
    "collaboratives:group_meeting_edit": ("GET", RUNNERS, 403),
    "collaboratives:group_meeting_cancel": ("POST", RUN_IT, 403),
    "collaboratives:group_meeting_answer": ("POST", SIT_THERE, 403),
    "collaboratives:agenda_add": ("GET", RUNNERS | MEMBERS, 403),
    "collaboratives:agenda_edit": ("GET", RUNNERS | MEMBERS, 403),
    "collaboratives:group_attendance": ("GET", RUNNERS, 403),
    "collaboratives:group_meeting_hold": ("POST", RUN_IT, 403),
    "collaboratives:group_decision_add": ("GET", RUNNERS, 403),
    # Decisions and minutes that are not approved yet are not there for anybody but the group.
    "collaboratives:group_decision_edit": ("GET", RUNNERS | dict.fromkeys(MEMBERS, 403), 404),
    "collaboratives:minutes_edit": ("GET", RUNNERS, 403),
    "collaboratives:minutes_approve": ("POST", {"jcpc_chair": OK}, 403),
    "collaboratives:minutes_print": ("GET", RUNNERS | MEMBERS, 404),
    # --- recommendations --------------------------------------------------------------------------------------
    "collaboratives:recommendation_list": ("GET", {}, 200),
    "collaboratives:recommendation_add": ("GET", RUNNERS, 403),
    "collaboratives:recommendation_edit": ("GET", RUNNERS, 403),
    "collaboratives:recommendation_answer": ("GET", {"state_cochair": 200}, 403),
    "collaboratives:state_recommendations": ("GET", {}, 200),
}
TEAM_ROWS = {}
PUBLIC = {
    "collaboratives:open_meetings": "the law opens these meetings to the public: anybody may know when and where",
    "collaboratives:open_group": "what an open group is, who leads it and what it decided is public",
    "collaboratives:open_meeting": "notice, agenda and approved minutes of an open meeting are public",
}
READ_ONLY = {
    f"collaboratives:{name}"
    for name in (
        "group_meeting_list", "group_meeting_detail", "minutes_print", "recommendation_list", "state_recommendations",
    )
}  # fmt: skip
OPENED_TOO = {"collaboratives:group_meeting_cancel"}
FAMILY_ALONE = set()
NO_LOOK = dict.fromkeys(ROWS, "a group's work holds nothing of a family's record")
NO_PAGES = {}


def add_group_meetings(world):
    """A meeting to come and one that was (held, decided, with draft minutes) of the council; one of each of the others;
    a recommendation of the council to the state, one of the state to somebody outside, one of the closed Local Team."""
    chair, now = world.users.jcpc_chair, timezone.now()
    world.group_meetings = {
        "next": call(world.jcpc, now + dt.timedelta(days=20), by=chair),
        "held": called_before(world.jcpc, now - dt.timedelta(days=30), by=chair),
        "closed_next": call(world.local_team, now + dt.timedelta(days=12), by=world.users.local_team_chair),
        "closed": approved(
            world.local_team, now - dt.timedelta(days=40), by=world.users.local_team_chair, words="Sealed words"
        ),
        "other": call(world.other_jcpc, now + dt.timedelta(days=9), by=world.users.other_jcpc_chair),
        "state": call(world.state_group, now + dt.timedelta(days=30), by=world.users.state_cochair),
    }
    held = world.group_meetings["held"]
    hold(held, by=chair)
    world.agenda_item = add_agenda_item(
        meeting=held, item=AgendaItem(text="Evening counseling"), by=world.users.jcpc_parent
    )
    change_agenda_item(
        item=world.agenda_item, by=chair, base_version=1,
        values={"outcome": "A mother said what helps.", "family_spoke": True},
    )  # fmt: skip
    world.group_decision = add_group_decision(
        meeting=held, by=chair, now=now, decision=GroupDecision(text="Ask for evening hours", votes_for=3)
    )
    change_minutes(
        meeting=held, by=chair, base_version=GroupMeeting.objects.get(pk=held.pk).version, text="Draft of the minutes",
        now=now,
    )  # fmt: skip
    held.refresh_from_db()
    world.recommendation = recommend(world.jcpc, "Pay for evening hours", by=chair, to_group=world.state_group)
    world.state_recommendation = recommend(
        world.state_group, "One report instead of five", by=world.users.state_cochair
    )
    world.closed_recommendation = recommend(world.local_team, "Sealed recommendation", by=world.users.local_team_chair)
    for user in world.people.values():
        forget_scope(user)


def call(group, starts_at, *, by, **facts):
    """A meeting of an hour in the group."""
    meeting = GroupMeeting(
        starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=1), place_words="County Annex", **facts
    )
    return call_group_meeting(group=group, meeting=meeting, by=by)


def called_before(group, starts_at, *, by):
    """A meeting that was called three weeks before it took place."""
    with time_machine.travel(starts_at - dt.timedelta(days=21), tick=False):
        return call(group, starts_at, by=by)


def hold(meeting, *, by, marks=None):
    """Note that everybody came, or the marks, and that the meeting took place; `meeting` then stands as it is."""
    now = timezone.now()
    if marks is None:
        terms = terms_on(meeting.group, timezone.localdate(meeting.starts_at))
        marks = dict.fromkeys(terms.values_list("pk", flat=True), Presence.CAME.value)
    note_group_attendance(meeting=meeting, marks=marks, by=by, now=now)
    hold_group_meeting(meeting=meeting, by=by, now=now)
    meeting.refresh_from_db()


def approved(group, starts_at, *, by, words):
    """A meeting that was, with these words as its approved minutes, on its agenda and as its decision."""
    meeting = called_before(group, starts_at, by=by)
    now = timezone.now()
    hold(meeting, by=by)
    add_agenda_item(meeting=meeting, item=AgendaItem(text=f"{words} (agenda)"), by=by)
    add_group_decision(meeting=meeting, decision=GroupDecision(text=f"{words} (decision)"), by=by, now=now)
    change_minutes(meeting=meeting, by=by, base_version=meeting.version, text=words, now=now)
    meeting.refresh_from_db()
    approve_minutes(meeting=meeting, by=by, seen_hash=hash_of(content_of(meeting)), now=now)
    meeting.refresh_from_db()
    return meeting


def recommend(group, text, *, by, to_group=None, due_on=None, sent_on=None):
    row = Recommendation(
        topic=RecommendationTopic.FUNDING, text=text, addressee="" if to_group else "County commissioners",
        to_group=to_group, due_on=due_on, sent_on=sent_on or timezone.localdate(),
    )  # fmt: skip
    return add_recommendation(group=group, row=row, by=by)


def arguments(world, name):
    return {
        "group_id": world.jcpc.pk, "item_id": world.agenda_item.pk, "decision_id": world.group_decision.pk,
        "recommendation_id": world.recommendation.pk,
        "meeting_id": world.group_meetings["next" if name in ABOUT_THE_NEXT else "held"].pk,
    }  # fmt: skip


#: Asked about the meeting to come; all others about the one that was.
ABOUT_THE_NEXT = {
    f"collaboratives:group_meeting_{act}" for act in ("answer", "edit", "cancel")
}  # fmt: skip


def grow(world, number):
    """One more of everything that the pages of this part list."""
    chair, now = world.users.jcpc_chair, timezone.now()
    call(world.jcpc, now + dt.timedelta(days=60 + number), by=chair)
    approved(world.jcpc, now - dt.timedelta(days=60 + number), by=chair, words=f"More {number}")
    held = world.group_meetings["held"]
    add_agenda_item(meeting=held, item=AgendaItem(text=f"More {number}"), by=world.users.jcpc_parent)
    add_group_decision(meeting=held, by=chair, now=now, decision=GroupDecision(text=f"More {number}"))
    recommend(world.jcpc, f"More {number}", by=chair)
    recommend(world.other_jcpc, f"More for the state {number}", by=chair, to_group=world.state_group)
    recommend(world.state_group, f"More for the council {number}", by=chair, to_group=world.jcpc)
