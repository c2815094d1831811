"""A year of meetings of the demo's groups, one to come for each, and what they recommend. Told through the actions."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random

from django.db.models import Q
from django.utils import timezone

from collaboratives.access import coordinators_of, readers_of_group, runners_of_group, terms_on
from collaboratives.actions.group_meetings import (
    add_agenda_item,
    add_group_decision,
    answer_group_meeting,
    approve_minutes,
    call_group_meeting,
    cancel_group_meeting,
    change_agenda_item,
    change_minutes,
    content_of,
    hash_of,
    hold_group_meeting,
    note_group_attendance,
)
from collaboratives.actions.groups import give_office
from collaboratives.actions.recommendations import add_recommendation, answer_recommendation
from collaboratives.demo.meeting_texts import (
    AGENDA,
    DECISIONS,
    HELPS,
    MINUTES,
    MINUTES_END,
    NO_QUORUM,
    PLACES,
    RECOMMENDATIONS,
)
from collaboratives.enums import CHAIRING, Coming, OfficeKind, Presence
from collaboratives.models import AgendaItem, Collaborative, GroupDecision, GroupMeeting, Office, Recommendation, Term
from teams.demo.cast import Cast
from teams.demo.clock import Clock

#: The same dice each time, and none of anybody else's.
SEED = 846
#: Groups with a whole year of meetings; the others have the last few.
LONG = ("jcpc-Alamance", "state")
#: By kind: days from today on which it met, and when it meets next.
DAYS = {
    "jcpc": ((-330, -270, -210, -150, -90, -30), 26),
    "community": ((-200, -110, -24), 12),
    "cft-advisory": ((-160, -70), 19),
    "local-team": ((-190, -100, -12), 40),
    "state": ((-320, -230, -140, -50), 33),
}
FEW = 2
CALLED_BEFORE = 21
HOURS = {"jcpc": 12, "community": 17, "local-team": 9}
#: A council that came together without a majority, and a collaborative whose last meeting nobody wrote down yet.
TOO_FEW = ("jcpc-Durham", -90)
NOT_WRITTEN_DOWN = ("community-Durham", -8)
CALLED_OFF = ("jcpc-Wake", 8)


@dataclass
class Table:
    """One group as the story tells it: its short name, who writes for it, who approves its minutes."""

    short: str
    group: Collaborative
    dice: Random
    clock: Clock
    shift: int = 0  # groups of other counties meet some days apart

    @property
    def kind(self) -> str:
        code = self.group.kind_of.code
        return code if code in AGENDA else "community"

    @cached_property
    def writer(self):
        """Who leads it today and has an account, or the coordinator of its county; None where nobody signed."""
        runner = runners_of_group(self.group).first()
        if runner is not None or not self.group.kind_of.open_meetings:
            return runner
        county = self.group.counties.order_by("name").first()
        role = coordinators_of(county.pk).first() if county else None
        return role.user if role else None

    @property
    def approver(self):
        """A chair with an account today; the minutes of a group without one stay drafts."""
        offices = Office.objects.live().filter(group=self.group, kind__in=CHAIRING, term__user__isnull=False)
        terms = Term.objects.live().filter(seat__group=self.group)
        readers = readers_of_group(self.group)
        office = offices.filter(term__in=terms, term__user__in=readers).order_by("pk").first()
        return office.term.user if office else None


def tell_meetings(groups: Mapping[str, Collaborative], _cast: Cast, clock: Clock) -> None:
    """Meetings and recommendations of these groups by their short names (`jcpc-Alamance`, `state`, ...)."""
    dice = Random(SEED)  # noqa: S311  (a story, not a secret)
    tables = [
        Table(short, group, dice, clock, 0 if short in LONG else dice.randint(-4, 4)) for short, group in groups.items()
    ]
    clock.go(-1, 8)
    for table in tables:
        _lend_a_vice_chair(table)
    told = [table for table in tables if table.writer is not None]
    for table in told:
        _meet(table)
    for table in told:
        _recommend(table, groups.get("state"))


def _lend_a_vice_chair(table: Table) -> None:
    """A council whose chair has no account: a member of an agency is its vice chair, who can approve minutes here."""
    if table.kind != "jcpc" or table.approver is not None:
        return
    terms = Term.objects.live().filter(seat__group=table.group, user__isnull=False, offices=None)
    term = terms.order_by("seat__number").first()
    if term is not None:
        give_office(term=term, kind=OfficeKind.VICE_CHAIR, by=table.writer, starts_on=term.starts_on)


# --- Meetings --------------------------------------------------------------------------------------------------------
def _meet(table: Table) -> None:
    days, ahead = DAYS.get(table.group.kind_of.code, DAYS["community"])
    days = days if table.short in LONG else days[-FEW:]
    topics = list(AGENDA[table.kind])
    table.dice.shuffle(topics)
    waiting: list[GroupMeeting] = []
    for number, day in enumerate(days):
        if not terms_on(table.group, table.clock.day(table.clock.workday(day + table.shift))).exists():
            continue  # nobody sat there yet
        meeting = _call(table, day)
        _talk(table, meeting, [topics[(2 * number + i) % len(topics)] for i in range(min(2, len(topics)))])
        _hold(table, meeting, too_few=(table.short, day) == TOO_FEW)
        waiting = _approve(table, waiting)
        waiting.append(meeting)
    if table.short == NOT_WRITTEN_DOWN[0]:
        _call(table, NOT_WRITTEN_DOWN[1])
    if table.short == CALLED_OFF[0]:
        _call_off(table, CALLED_OFF[1])
    _invite(table, ahead, topics)


def _call(table: Table, day: int) -> GroupMeeting:
    """A meeting on that day, or on the Friday before a weekend, called three weeks before it, or today."""
    clock, hour = table.clock, HOURS.get(table.kind, 10)
    starts_at = clock.at(clock.workday(day + table.shift), hour)
    clock.to(min(starts_at - dt.timedelta(days=CALLED_BEFORE), clock.started - dt.timedelta(days=1)))
    meeting = GroupMeeting(
        starts_at=starts_at, ends_at=starts_at + dt.timedelta(minutes=90), place_words=PLACES[table.kind],
        help_words=HELPS.get(table.kind, ""),
    )  # fmt: skip
    return call_group_meeting(group=table.group, meeting=meeting, by=table.writer)


def _talk(table: Table, meeting: GroupMeeting, topics: Iterable[tuple[str, str, bool]]) -> None:
    """Each topic is put on the agenda a week before, and said at the meeting."""
    clock = table.clock
    for text, outcome, family_spoke in topics:
        clock.to(meeting.starts_at - dt.timedelta(days=7))
        item = add_agenda_item(meeting=meeting, item=AgendaItem(text=text), by=table.writer)
        clock.to(meeting.starts_at + dt.timedelta(minutes=40))
        values = {"outcome": outcome, "family_spoke": family_spoke}
        change_agenda_item(item=item, by=table.writer, base_version=item.version, values=values)


def _hold(table: Table, meeting: GroupMeeting, *, too_few: bool) -> None:
    """Who was there, the count, a decision with its votes, and the minutes a day later."""
    clock, dice = table.clock, table.dice
    clock.to(meeting.ends_at)
    terms = list(terms_on(table.group, timezone.localdate(meeting.starts_at)))
    marks = {term.pk: _presence(dice, term, 0.3 if too_few else 0.85) for term in terms}
    marks[terms[0].pk] = Presence.CAME.value
    note_group_attendance(meeting=meeting, marks=marks, by=table.writer, now=clock.moment)
    held = hold_group_meeting(meeting=meeting, by=table.writer, now=clock.moment)
    text = dice.choice(DECISIONS[table.kind])
    if held.has_quorum:
        against, abstained = (1, 1) if held.present > 6 else (0, 0)
        votes = {"votes_for": held.present - against - abstained, "votes_against": against, "abstained": abstained}
        decision = GroupDecision(text=text, **(votes if held.quorum_needed is not None else {}))
        add_group_decision(meeting=meeting, decision=decision, by=table.writer, now=clock.moment)
    clock.to(meeting.ends_at + dt.timedelta(days=1))
    said = "\n\n".join([MINUTES, *([] if held.has_quorum else [NO_QUORUM]), MINUTES_END])
    change_minutes(meeting=meeting, by=table.writer, base_version=held.version, text=said, now=clock.moment)


def _presence(dice: Random, term: Term, chance: float) -> str:
    if dice.random() > chance:
        return dice.choice([Presence.EXCUSED, Presence.AWAY]).value
    by_designee = term.seat.category.designee and dice.random() < 0.2
    return (Presence.DESIGNEE if by_designee else dice.choice([Presence.CAME] * 4 + [Presence.REMOTE])).value


def _approve(table: Table, waiting: list[GroupMeeting]) -> list[GroupMeeting]:
    """A chair who has an account approves the minutes that wait, at the next meeting. Returns those that wait on."""
    approver = table.approver
    if approver is None:
        return waiting
    for meeting in waiting:
        meeting.refresh_from_db()
        seen_hash = hash_of(content_of(meeting))
        approve_minutes(meeting=meeting, by=approver, seen_hash=seen_hash, now=table.clock.moment)
    return []


def _invite(table: Table, day: int, topics: list[tuple[str, str, bool]]) -> None:
    """The meeting to come, with one item on its agenda, and the answers of members who have an account."""
    meeting = _call(table, day)
    table.clock.go(-1, 16)
    add_agenda_item(meeting=meeting, item=AgendaItem(text=topics[-1][0]), by=table.writer)
    for user in readers_of_group(table.group):
        sits_then = terms_on(table.group, timezone.localdate(meeting.starts_at)).filter(user=user).exists()
        if sits_then and table.dice.random() < 0.8:
            coming = table.dice.choice([Coming.YES] * 4 + [Coming.NO])
            answer_group_meeting(meeting=meeting, by=user, coming=coming, now=table.clock.moment)


def _call_off(table: Table, day: int) -> None:
    meeting = _call(table, day)
    table.clock.go(-1, 9)
    cancel_group_meeting(meeting=meeting, by=table.writer)


# --- Recommendations -------------------------------------------------------------------------------------------------
def _recommend(table: Table, state: Collaborative | None) -> None:
    """What the group recommends; what goes to the state is answered by those who run the State Collaborative."""
    if table.kind == "community" and not table.short.startswith("community"):
        return
    for topic, text, to_whom, ago, days, answer in RECOMMENDATIONS[table.kind]:
        to_state = to_whom == "state"
        if to_state and state is None:
            continue
        table.clock.go(-ago, 15)
        today = timezone.localdate()
        decided = GroupMeeting.objects.filter(Q(group=table.group), starts_at__lt=table.clock.moment, status="held")
        row = add_recommendation(
            group=table.group, by=table.writer,
            row=Recommendation(
                topic=topic, text=text, addressee="" if to_state else to_whom, to_group=state if to_state else None,
                sent_on=today, due_on=today + dt.timedelta(days=days),
                meeting=decided.order_by("-starts_at").first(),
            ),
        )  # fmt: skip
        if answer is not None:
            words, took = answer
            table.clock.go(took - ago, 15)
            by = runners_of_group(state).first() if to_state and state else table.writer
            answer_recommendation(
                row=row, by=by or table.writer, base_version=row.version, answer=words,
                answered_on=timezone.localdate(),
            )  # fmt: skip
