"""Finding a time, links to answer, and the family's yes to a meeting that is soon."""

import datetime as dt

from django.utils import timezone

from collaboratives.enums import DeadlineKind
from collaboratives.models import TimelineRule
from teams.actions.calling import answer_slots, ask_to_meet, offer_slot
from teams.models import TimePoll

# fmt: off
#: Only the facilitator and those whose record it is offer times and take them back.
_OFFERERS = dict.fromkeys(("facilitator", "caregiver", "other_household", "youth"), "ok")
_READERS = dict.fromkeys(("grandmother", "family_partner", "dss_worker", "court_counselor", "provider"), 403)
ROWS = {
    "teams:poll_offer":              ("POST", _OFFERERS | _READERS, 404),
    "teams:slot_end":                ("POST", _OFFERERS | _READERS, 404),
}
#                                         anon   strangers provider members court youth caregivers
TEAM_ROWS = {
    "teams:poll_ask":                ("GET",  302, 404, 200, 200, 200, 200, 200),
    "teams:poll_detail":             ("GET",  302, 404, 200, 200, 200, 200, 200),
    "teams:poll_edit":               ("GET",  302, 404, 200, 200, 200, 200, 200),
    "teams:poll_answer":             ("POST", 302, 404, "ok", "ok", "ok", "ok", "ok"),
    "teams:poll_answer_note":        ("GET",  302, 404, 200, 200, 200, 200, 200),
    "teams:poll_choose":             ("GET",  302, 404, 200, 200, 200, 200, 200),
    "teams:poll_end":                ("POST", 302, 404, "ok", "ok", "ok", "ok", "ok"),
    "teams:poll_link":               ("GET",  302, 404, 200, 200, 200, 200, 200),
    "teams:meeting_link":            ("GET",  302, 404, 200, 200, 200, 200, 200),
    "teams:meeting_waive":           ("POST", 302, 404, 403, 403, 403, 403, "ok"),
}
# fmt: on
PUBLIC = {"teams:answer_link": "whoever answers may have no account; the signed link is the permission"}
READ_ONLY = {"teams:poll_detail"}
OPENED_TOO = set()
FAMILY_ALONE = {"teams:meeting_waive"}  # saying yes to a day that is soon is agreeing for the family
NO_LOOK = {"teams:poll_ask": "an empty form"}
NO_PAGES = {
    "teams:poll_offer": "only sent to",
    "teams:slot_end": "only sent to",
    "teams:poll_answer": "only sent to",
    "teams:poll_end": "only sent to",
    "teams:meeting_waive": "only sent to",
}


def noon(days):
    """The middle of the day, so many days from today: times of different days never overlap."""
    day = timezone.localdate() + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(12), timezone.get_current_timezone())


def offer(world, days, *, poll=None, by="caregiver", hours=1):
    """A time that many days ahead."""
    start = noon(days)
    return offer_slot(
        poll=poll or world.poll, membership=world.members[by], starts_at=start, by=world.people[by],
        ends_at=start + dt.timedelta(hours=hours),
    )  # fmt: skip


def say(world, who, **answers):
    """What somebody with an account says to `early` and `late`."""
    slots = {"early": world.early, "late": world.late}
    answer_slots(
        poll=world.poll, membership=world.members[who], by=world.people[who],
        answers={slots[name].pk: can for name, can in answers.items()},
    )  # fmt: skip


def make_notice_rule(days=14):
    """The small world has no rule of notice, so that its meetings may be any day."""
    return TimelineRule.objects.create(
        kind=DeadlineKind.NOTICE, days=days, source="test", starts_on=dt.date(2016, 1, 1)
    )


def add_calling(world):
    """The grandmother wants to meet, Rosa and Andrea offered a time each; one poll about court."""
    u = world.users
    world.poll = ask_to_meet(team=world.team, poll=TimePoll(purpose="Talk about the summer"), by=u.grandmother)
    world.early, world.late = offer(world, 21), offer(world, 28, by="facilitator")
    world.court_poll = ask_to_meet(team=world.team, poll=TimePoll(purpose="A court poll", section="court"), by=u.youth)


def arguments(world, name):
    """The member without an account whom the matrix has; where there is none, a number that there is not."""
    return {
        "poll_id": world.poll.pk, "slot_id": world.early.pk,
        "membership_id": world.uncle.pk if hasattr(world, "uncle") else 0,
    }  # fmt: skip


def grow(world, number):
    """One more time with an answer, and one more search for a time."""
    slot = offer(world, 40 + number)
    answer_slots(
        poll=world.poll, membership=world.members["facilitator"], by=world.users.facilitator, answers={slot.pk: "yes"}
    )
    ask_to_meet(team=world.team, poll=TimePoll(purpose=f"More {number}"), by=world.users.caregiver)
