"""Tells one made-up family from its plot: asking, gathering, meeting, planning, ending."""

import datetime as dt
from random import Random

from families.actions import add_person, change_family, change_household, change_person
from families.enums import FamilyRole, PersonLanguage, SafeContact, Section
from families.models import Person
from soc_portal.accounts.personas import PERSONAS
from soc_portal.audit.enums import Look
from teams.actions.invitations import invite_by_email, take_invitation
from teams.actions.items import ask_for_help
from teams.actions.memberships import ask_for_team, open_team
from teams.actions.phases import move_to_phase
from teams.demo import plots, texts
from teams.demo.cast import Cast
from teams.demo.clock import Clock
from teams.demo.delgado import born_on
from teams.demo.endings import end_as_planned, end_at_once
from teams.demo.places import Place
from teams.demo.plots import Plot
from teams.demo.telling import FAMILY, NATURAL, PARTNER, PRO, YES, Teller
from teams.demo.twists import EARLY, LATE
from teams.enums import AnswerKind, Phase, Source
from teams.models import Membership, Step

#: What a post is shown beside plan and meeting records.
SECTIONS = {
    "school": (Section.SCHOOL,), "therapist": (Section.MENTAL_HEALTH, Section.SUBSTANCE_USE), "court": (Section.COURT,),
    "nurse": (Section.HEALTH,), "plan": (Section.HEALTH,),
}  # fmt: skip
KINDS = {"partner": PARTNER, "friend": NATURAL}
#: Kin who are written down as people of the family; the others are friends and community.
OF_THE_FAMILY = ("Brother", "Sister", "Stepmom", "Great-aunt")
BETWEEN_MEETINGS = 39
SOURCES = (Source.SOCIAL_SERVICES, Source.SCHOOL)


def tell(plot: Plot, place: Place, cast: Cast, clock: Clock, interpreters: dict) -> "Tale":
    """Tell one family, with both of its teams where it has two. Returns its tale, for what is told beside it."""
    tale = Tale(plot, place, cast, clock, interpreters)
    asked = -plot.days
    if plot.stage == plots.SECOND:
        tale.ask(asked - 260)
        tale.go_on(asked - 260, until=asked - 130, ends=True)
        tale.ask_again(asked)
        tale.go_on(asked, until=-5)
        return tale
    tale.ask(asked)
    if plot.stage == plots.ASKED:
        return tale
    until = {plots.OVERDUE: -52, plots.ENDED: -48}.get(plot.stage, -5)
    tale.go_on(asked, until=until, ends=plot.stage == plots.ENDED)
    return tale


class Tale:
    """One family as it goes along. `story` tells of its present team."""

    story: Teller

    def __init__(self, plot: Plot, place: Place, cast: Cast, clock: Clock, interpreters: dict):
        self.plot, self.place, self.cast, self.clock = plot, place, cast, clock
        self.interpreter = interpreters.get(plot.speaks or plot.language)
        self.dice = Random(f"{plot.county} {plot.family}")  # noqa: S311  (the same family in every demo)
        slug = next((persona.slug for persona in PERSONAS if persona.name == plot.caregiver), "")
        clock.go(-plot.days - 280, 9)
        self.home = cast.account(plot.caregiver, slug=slug, language=plot.language)
        self.child = plot.children[0][0].split(" ")[0]

    def say(self, text: str) -> str:
        worker = self.place.staff["dss"].name.split(" ")[0]
        return text.format(child=self.child, caregiver=self.plot.caregiver.split(" ")[0], worker=worker)

    def pick(self, of) -> str:
        return self.say(self.dice.choice(of[self.plot.language] if isinstance(of, dict) else of))

    def phone(self) -> str:
        return f"{self.place.area}-555-01{self.dice.randint(0, 99):02d}"

    # --- Asking ------------------------------------------------------------------------------------------------------
    def ask(self, day: int) -> None:
        plot, clock = self.plot, self.clock
        clock.go(day, self.dice.randint(8, 20), self.dice.randint(0, 59))
        team = ask_for_team(
            by=self.home, family_name=plot.family, county=self.place.county, caregiver_name=plot.caregiver,
            relationship=plot.relation,
            children=[(name, born_on(clock.today, age)) for name, age in plot.children],
        )  # fmt: skip
        self.story = Teller(team, self.home, clock)
        self.family = team.family
        clock.on()
        home = self.family.households.get()
        street = self.dice.choice(["Dogwood Street", "Mill Pond Road", "Pine Needle Lane", "Old Depot Road"])
        address = f"{self.dice.randint(100, 999)} {street}\n{self.dice.choice(self.place.towns)}, NC"
        change_household(
            household=home, by=self.home, base_version=1, values={"address": address, "phone": self.phone()}
        )
        self._describe()
        self._seat_family()

    def _describe(self) -> None:
        """What matters to the family, and what the caregiver needs to take part."""
        matters = self._matters()
        if matters:
            change_family(family=self.family, by=self.home, base_version=1, values={"what_matters": matters})
        self.person = Person.objects.get(family=self.family, user=self.home)
        self.person = change_person(
            person=self.person, by=self.home, base_version=1,
            values={
                "phone": self.phone(),
                "language": self.plot.speaks or self.plot.language,
                "needs_interpreter": bool(self.plot.speaks),
                "safe_contact": self.dice.choice([SafeContact.CALL, SafeContact.TEXT, SafeContact.EMAIL]),
                "access_needs": self.dice.choice(
                    ["Child care for the little ones", "A ride", "Meetings after 6 pm", "Large print", "", ""]
                ),
            },
        )  # fmt: skip

    def _matters(self) -> str:
        if self.plot.county == "Robeson":
            return texts.MATTERS["en"][1]
        if self.plot.speaks == PersonLanguage.ARABIC:
            return texts.MATTERS["en"][3]
        return self.pick({"en": texts.MATTERS["en"][2:3] + texts.MATTERS["en"][4:], "es": texts.MATTERS["es"]})

    def _seat_family(self) -> None:
        first, *children = Membership.objects.filter(team=self.story.team).order_by("pk")
        self.story.members["home"] = first
        for number, child in enumerate(children):
            self.story.members["youth" if number == 0 else f"child{number}"] = child

    def ask_again(self, day: int) -> None:
        """Some time after its first team the family has another one."""
        self.clock.go(day, 11)
        children = list(Person.objects.filter(family=self.family, role=FamilyRole.YOUNG_PERSON).order_by("pk"))
        team = open_team(
            family=self.family, children=children, caregiver=self.person, source=self.dice.choice(SOURCES), by=self.home
        )
        self.story = Teller(team, self.home, self.clock)
        self._seat_family()

    # --- Gathering ---------------------------------------------------------------------------------------------------
    def go_on(self, day: int, *, until: int, ends: bool = False) -> None:
        """Everything after asking; meetings take place up to the day `until`."""
        self.gather(day)
        if self.plot.stage == plots.ENGAGED:
            self.set_next(3)
            return
        meetings = self.meet(day, until)
        self.read(day + 8, until)
        if ends:
            end = end_as_planned if self.plot.stage == plots.ENDED else end_at_once
            end(self, until + 15)
            return
        for twist in self.plot.twists.split():
            if twist in LATE:
                LATE[twist](self)
        if "helps" in self.plot.twists.split():
            self.clock.go(-3, 9)
            self._ask_for_help()
        if self.plot.stage != plots.OVERDUE:
            self.set_next(2 + len(meetings) % 3 + self.dice.randint(1, 12))

    def gather(self, day: int) -> None:
        """Within a week the family chooses its team."""
        self.clock.go(self.clock.workday(day + 2), 9)
        for post in self.plot.team.split():
            until = self.clock.day(6) if (post, "expiring") == ("facilitator", self._expiring()) else None
            self._add(post, until=until)
        for number, (name, words) in enumerate(self.plot.kin):
            self._add_kin(f"kin{number}", name, words)
        if "youth" in self.plot.twists.split():
            self._bring_youth()
        for twist in self.plot.twists.split():
            if twist in EARLY:
                EARLY[twist](self)

    def _expiring(self) -> str:
        return "expiring" if "expiring" in self.plot.twists.split() else ""

    def _add(self, post: str, *, until: dt.date | None) -> None:
        place = self.place
        self.story.join(
            post, place.staff[post], kind=KINDS.get(post, PRO), role_words=place.title_of(post),
            organization=place.office_of(post), is_caseworker=post == "dss", until=until,
        )  # fmt: skip
        if post == "facilitator":
            self.story.run_by(post)
        if post in SECTIONS:
            self.story.share(post, *SECTIONS[post])

    def _add_kin(self, key: str, name: str, words: str) -> None:
        person = None
        if words.startswith(OF_THE_FAMILY):
            person = Person.objects.filter(family=self.family, name=name).first() or add_person(
                family=self.family, by=self.home, households=[], person=Person(name=name, relationship=words)
            )
        self.story.name(key, name, kind=FAMILY if person else NATURAL, role_words=words, person=person)
        self.story.choose(key)
        self.story.accept(key, by=self.home)

    def _bring_youth(self) -> None:
        member = self.story.members["youth"]
        user = self.cast.account(member.name)
        invitation = invite_by_email(membership=member, address=user.email, by=self.home)
        self.clock.on(45)
        take_invitation(invitation=invitation, user=user)

    # --- Meeting and planning ----------------------------------------------------------------------------------------
    def meet(self, day: int, until: int) -> list[int]:
        """Every meeting that took place, with what came of it. Returns their days."""
        first = min(day + self.dice.randint(16, 21), until)
        days = [self.clock.workday(d) for d in range(first, until + 1, BETWEEN_MEETINGS)]
        if self.plot.stage == plots.PLANNING:
            days = days[:1]
        goals = {}
        for number, meeting_day in enumerate(days):
            self.hold(meeting_day, number, last=number == len(days) - 1)
            if number == 0:
                goals = self.plan(meeting_day)
            for place, wish in enumerate(goals):
                if number == place * (len(days) - 1) // max(len(goals) - 1, 1):
                    self.steps(goals[wish], wish, meeting_day)
            if self.plot.stage != plots.PLANNING and number in (0, len(days) - 1):
                self.agree(meeting_day + 2, again=number > 0)
        if self.plot.stage in (plots.TRANSITION, plots.ENDED):
            self.clock.on(60)
            move_to_phase(team=self.story.team, phase=Phase.TRANSITION, by=self.home)
        return days

    def hold(self, day: int, number: int, *, last: bool) -> None:
        story, clock, staff = self.story, self.clock, self.place.staff
        facilitator = staff["facilitator"]
        start = clock.at(day, self.dice.choice([12, 16, 17, 18]), self.dice.choice([0, 30]))
        clock.go(day - 7, 10)
        meeting = story.call(start, by=facilitator, purpose=self.pick(texts.TOPICS), place=self.pick(texts.PLACES))
        topics = [story.topic(meeting, self.pick(texts.TOPICS), by) for by in (self.home, facilitator)]
        guests = story.guests(meeting)
        pros = [key for key in self.plot.team.split() if story.members[key].pk in guests]
        story.reply(meeting, dict.fromkeys(["home", *pros[:1]], YES))
        clock.to(start + dt.timedelta(minutes=65))
        absent = [key for key in pros[1:] if self.dice.random() < 0.25]
        story.attend(meeting, facilitator, phone=absent[:1], away=absent[1:])
        for topic in topics[: 1 + number % 2]:
            story.change(topic, facilitator, outcome="talked")
        title, text = self.dice.choice(texts.NOTES)
        story.note(meeting, title, self.say(text), facilitator)
        differs = last and self.plot.stage == plots.DIFFERS
        story.decide(meeting, self.pick(texts.DECISIONS), facilitator, self.say(texts.DIFFERING) if differs else "")
        clock.on(120)
        story.own_words(meeting, self.person, self.pick(texts.AFTERWARDS), self.home, self.plot.language)
        if not (last and self.plot.stage == plots.LATE):
            story.approve_record(meeting, facilitator)

    def plan(self, day: int) -> dict:
        """What the family wants and needs, written down the day after the first meeting. Goals by wish."""
        story = self.story
        self.clock.go(day + 1, 9)
        story.vision(self.person, self.pick(texts.WORDS), self.home, self.plot.language)
        by = self.place.staff["facilitator"]
        for text in self.dice.sample(texts.STRENGTHS[self.plot.language], 2):
            story.strength(self.say(text), self.dice.choice([self.home, by]))
        goals = {}
        for name in self.plot.wishes.split():
            wish = texts.WISHES[name]
            need = story.need(self.say(wish.need), wish.domain, self.home, wish.section)
            goals[name] = story.goal(need, self.say(wish.goal), self.home, wish.know and self.say(wish.know))
        move_to_phase(team=story.team, phase=Phase.PLANNING, by=self.home)
        return goals

    def steps(self, goal, name: str, day: int) -> None:
        """The steps of one wish; those whose day has come are done, save where the family is late."""
        story = self.story
        for number, (text, post) in enumerate(texts.WISHES[name].steps):
            self.clock.go(day + 1, 14 + number)
            key = post if post in story.members else ("kin0" if post == "friend" and self.plot.kin else "home")
            due = self.clock.workday(day + 9 + 11 * number)
            by = story.members[key].user or self.home
            step = story.step(goal, self.say(text), self.home, [key], due=due)
            self._go_on_with(step, by, due, number)

    def _go_on_with(self, step: Step, by, due: int, number: int) -> None:
        late = self.plot.stage == plots.LATE and number > 0
        if due < -1 and not late:
            self.clock.go(due - 1, 15, number)
            if self.plot.stage == plots.DIFFERS and number == 1:
                self.story.stop(step, by, "It did not fit the way we live. We try something else.")
            else:
                self.story.finish(step, by)
        elif number < 2:
            self.clock.on(600)
            self.story.begin(step, by)

    def agree(self, day: int, *, again: bool) -> None:
        story = self.story
        self.clock.go(min(day, -2), 17)
        version = story.agree()
        if not again:
            move_to_phase(team=story.team, phase=Phase.IMPLEMENTATION, by=self.home)
        pros = [key for key in self.plot.team.split() if story.members[key].user]
        for number, key in enumerate(pros[:3]):
            differs = self.plot.stage == plots.DIFFERS and number == 1
            if differs:
                words = "I think we need a step about school first. I said so, and I will say it again next time."
                story.answer(version, key, AnswerKind.DISAGREES, words)
            else:
                story.answer(version, key)

    def _ask_for_help(self) -> None:
        late = Step.objects.live().filter(team=self.story.team, status__in=("todo", "doing")).order_by("pk").first()
        if late is not None:
            ask_for_help(team=self.story.team, step=late, by=self.home)

    def set_next(self, days: int) -> None:
        """A meeting that is ahead."""
        self.clock.go(-2, 16)
        start = self.clock.at(days, self.dice.choice([16, 17, 18]))
        by = self.place.staff["facilitator"]
        meeting = self.story.call(start, by=by, purpose=self.pick(texts.TOPICS), place=self.pick(texts.PLACES))
        self.story.topic(meeting, self.pick(texts.TOPICS), self.home)

    def read(self, first: int, last: int) -> None:
        """Those on the team look at plan and records now and then."""
        for post in self.plot.team.split():
            for _time in range(self.dice.randint(1, 3)):
                self.clock.go(self.dice.randint(first, max(first, last)), self.dice.randint(8, 17))
                self.story.read(self.place.staff[post], Look.TEAM, self.dice.choice([Look.PLAN, Look.MEETINGS]))
