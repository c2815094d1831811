"""What happens on a team, in short verbs: joining, meeting, writing, reading. Everything goes through the actions."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from families.enums import Section
from families.models import Strength
from soc_portal.access.scope import forget_scope
from teams import access
from teams.actions.consents import share_sections
from teams.actions.copies import note_paper_copy
from teams.actions.feedback import give_feedback
from teams.actions.invitations import invite_by_email, take_invitation
from teams.actions.items import add_item, change_item, finish_step, move_item
from teams.actions.looks import look
from teams.actions.meetings import answer_invitation, call_meeting, change_meeting, note_attendance, waive_notice
from teams.actions.memberships import accept_place, choose_member, make_facilitator, propose_member
from teams.actions.plans import agree_for_family, answer_plan, content_of, hash_of
from teams.actions.record_content import content_of_meeting
from teams.actions.records import approve_record
from teams.demo.clock import Clock
from teams.enums import AnswerKind, Attendance, Coming, CopyWay, MeetingStatus, MemberKind, StepStatus
from teams.models import Decision, Goal, Meeting, Membership, Need, Note, PlanVersion, Step, Team, Topic, Words


class Teller:
    """Tells what happens on one team. `members` are memberships by a short key, `home` is the caregiver's account."""

    def __init__(self, team: Team, home, clock: Clock):
        self.team, self.home, self.clock = team, home, clock
        self.members: dict[str, Membership] = {}

    # --- People ------------------------------------------------------------------------------------------------------
    def name(self, key: str, name: str, *, kind: str, by=None, **fields) -> Membership:
        """Somebody on the team names somebody else for it."""
        self.members[key] = propose_member(team=self.team, by=by or self.home, name=name, kind=kind, **fields)
        self.clock.on(15)
        return self.members[key]

    def choose(self, key: str, *, until: dt.date | None = None, by=None, as_youth: bool = False) -> Membership:
        """The family chooses somebody who was named."""
        choose_member(membership=self.members[key], by=by or self.home, until=until, as_youth=as_youth)
        self.clock.on(10)
        return self.members[key]

    def accept(self, key: str, *, by=None) -> Membership:
        """Somebody says yes; `by` a caregiver for somebody without an account."""
        member = self.members[key]
        accept_place(membership=member, by=by or member.user)
        self.clock.on(5)
        return member

    def join(self, key: str, user, *, until=None, chosen_by=None, as_youth: bool = False, **fields) -> Membership:
        """Named, chosen and there, within a day."""
        fields.setdefault("name", user.name)
        self.name(key, user=user, **fields)
        self.choose(key, until=until, by=chosen_by, as_youth=as_youth)
        return self.accept(key)

    def join_by_mail(self, key: str, user, *, chosen: bool = True) -> Membership:
        """Somebody who had no account when the family invited them."""
        member = self.members[key]
        invitation = invite_by_email(membership=member, address=user.email, by=self.home)
        self.clock.on(90)
        take_invitation(invitation=invitation, user=user)
        return member

    def run_by(self, key: str) -> None:
        make_facilitator(membership=self.members[key], by=self.home)

    def share(self, key: str, *sections: str, until: dt.date | None = None) -> None:
        share_sections(membership=self.members[key], sections=sections, until=until, by=self.home)
        self.clock.on(2)

    def read(self, user, *verbs: str) -> None:
        """Somebody opens pages; each reading is written down as the pages do it."""
        forget_scope(user)
        for verb in verbs:
            look(user, verb, self.team)
            self.clock.on(1)

    # --- Plan --------------------------------------------------------------------------------------------------------
    def write(self, item, by, who: Iterable[str] = ()):
        """Somebody adds a part of the plan or record; `who` are the keys of those who carry a step."""
        row = add_item(team=self.team, item=item, by=by, who=[self.members[key] for key in who])
        self.clock.on(4)
        return row

    def change(self, item, by, **values):
        """Somebody changes what stands there now."""
        fresh = type(item).objects.get(pk=item.pk)
        row = change_item(team=self.team, item=fresh, by=by, base_version=fresh.version, values=values)
        self.clock.on(3)
        return row

    def move_up(self, need: Need, places: int, by) -> None:
        """Somebody puts a need some places higher among all needs, a place at a time."""
        rows = Need.objects.live().filter(team=self.team).order_by("place", "pk")
        for _place in range(places):
            seen = list(rows.values_list("pk", flat=True))
            move_item(team=self.team, rows=rows, item=need, seen=seen, by=by, up=True)

    def vision(self, person, text: str, by, language: str = "en") -> Words:
        return self.write(Words(person=person, text=text, language=language), by)

    def own_words(self, meeting: Meeting, person, text: str, by, language: str = "en") -> Words:
        return self.write(
            Words(person=person, meeting=meeting, text=text, language=language, section=Section.RECORDS), by
        )

    def strength(self, text: str, by, person=None) -> Strength:
        return self.write(Strength(text=text, person=person), by)

    def need(self, text: str, domain: str, by, section: str = Section.PLAN) -> Need:
        return self.write(Need(text=text, domain=domain, section=section), by)

    def goal(self, need: Need, text: str, by, know: str = "") -> Goal:
        return self.write(Goal(need=need, text=text, how_we_will_know=know), by)

    def step(
        self, goal: Goal, text: str, by, who: Iterable[str], *, due: int | None = None, words: str = "", meeting=None
    ) -> Step:
        """A step with the day it is due, counted from today, or with its time in words."""
        due_on = None if due is None else self.clock.day(due)
        return self.write(Step(goal=goal, text=text, due_on=due_on, due_words=words, meeting=meeting), by, who)

    def begin(self, step: Step, by) -> Step:
        return self.change(step, by, status=StepStatus.DOING)

    def finish(self, step: Step, by) -> Step:
        return finish_step(team=self.team, step=Step.objects.get(pk=step.pk), by=by)

    def stop(self, step: Step, by, why: str) -> Step:
        return self.change(step, by, status=StepStatus.STOPPED, why=why)

    def agree(self) -> PlanVersion:
        """The caregiver reads the plan as it stands and agrees for the family."""
        version = agree_for_family(team=self.team, by=self.home, seen_hash=hash_of(content_of(self.team)))
        self.clock.on(10)
        return version

    def answer(self, version: PlanVersion, key: str, kind: str = AnswerKind.AGREES, words: str = "") -> None:
        member = self.members[key]
        answer_plan(version=version, membership=member, kind=kind, words=words, by=member.user)
        self.clock.on(30)

    # --- Meetings ----------------------------------------------------------------------------------------------------
    def call(self, start: dt.datetime, *, by, purpose: str, place: str, minutes: int = 60, **fields) -> Meeting:
        """Somebody calls a meeting that starts at `start`; it is told as of now, and the family says yes to the day."""
        meeting = Meeting(
            purpose=purpose, place_words=place, starts_at=start, ends_at=start + dt.timedelta(minutes=minutes), **fields
        )
        meeting = call_meeting(team=self.team, meeting=meeting, by=by, all_right=True)
        if meeting.status == MeetingStatus.ASKED:
            meeting = waive_notice(meeting=meeting, by=self.home)
        self.clock.on(10)
        return meeting

    def change_meeting(self, meeting: Meeting, by, **values) -> Meeting:
        """Somebody changes the time or place; everybody is told."""
        fresh = Meeting.objects.select_related("team").get(pk=meeting.pk)
        row = change_meeting(meeting=fresh, by=by, base_version=fresh.version, values=values)
        self.clock.on(5)
        return row

    def guests(self, meeting: Meeting) -> dict:
        """The guests of a meeting by the number of their membership."""
        guests = meeting.guests.select_related("membership__user", "meeting__team").order_by("pk")
        return {guest.membership_id: guest for guest in guests}

    def reply(self, meeting: Meeting, answers: dict[str, str], needs: dict[str, str] | None = None) -> None:
        """Those with an account say whether they are coming, and what would help."""
        guests = self.guests(meeting)
        for key, coming in answers.items():
            member = self.members[key]
            answer_invitation(
                guest=guests[member.pk], coming=coming, needs=(needs or {}).get(key, ""), by=member.user or self.home
            )
            self.clock.on(7)

    def attend(self, meeting: Meeting, by, *, phone=(), sent_word=(), away=()) -> None:
        """Everybody invited came, save those who are named."""
        others = {Attendance.PHONE: phone, Attendance.SENT_WORD: sent_word, Attendance.AWAY: away}
        mark_of = {self.members[key].pk: mark for mark, keys in others.items() for key in keys}
        marks = {guest.pk: mark_of.get(member, Attendance.CAME) for member, guest in self.guests(meeting).items()}
        fresh = Meeting.objects.select_related("team").get(pk=meeting.pk)
        note_attendance(meeting=fresh, marks=marks, by=by, now=self.clock.moment)
        self.clock.on(5)

    def topic(self, meeting: Meeting, text: str, by) -> Topic:
        return self.write(Topic(meeting=meeting, text=text), by)

    def note(self, meeting: Meeting, title: str, text: str, by, section: str = Section.RECORDS, topic=None) -> Note:
        return self.write(Note(meeting=meeting, title=title, text=text, section=section, topic=topic), by)

    def decide(self, meeting: Meeting, text: str, by, differing: str = "") -> Decision:
        return self.write(Decision(meeting=meeting, text=text, differing_words=differing), by)

    def approve_record(self, meeting: Meeting, facilitator) -> None:
        """The facilitator and the caregiver read the record and approve it; who has no account gets it on paper."""
        meeting = Meeting.objects.select_related("team").get(pk=meeting.pk)
        for user, side in ((facilitator, access.OTHER_SIDE), (self.home, access.FAMILY_SIDE)):
            forget_scope(user)
            seen = hash_of(access.readable_content(user, self.team, content_of_meeting(meeting)))
            version = approve_record(meeting=meeting, by=user, side=side, seen_hash=seen)
            self.clock.on(20)
        for member in access.copies_owed_to(version):
            if member.way_of_copies == CopyWay.PAPER:
                note_paper_copy(version=version, membership=member, given_on=timezone.localdate(), by=facilitator)

    def felt(self, meeting: Meeting, key: str, *, is_shown: bool = False, **values) -> None:
        """Somebody who came says how it was."""
        member = self.members[key]
        forget_scope(member.user)
        said = {"heard": "", "useful": "", "strengths": "", "wants_change": None, "words": ""} | values
        give_feedback(guest=self.guests(meeting)[member.pk], by=member.user, values=said, is_shown=is_shown)
        self.clock.on(3)


YES, NO = Coming.YES, Coming.NO
FAMILY, NATURAL, PARTNER, PRO = (
    MemberKind.FAMILY, MemberKind.NATURAL, MemberKind.FAMILY_PARTNER, MemberKind.PROFESSIONAL
)  # fmt: skip
