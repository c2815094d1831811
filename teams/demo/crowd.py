"""The crowd: some thousand made-up teams all over the state, so that a county's numbers are numbers.

The families of `plots.py` are told through the actions, step by step; that would take an hour for thousands. So this is
the one place where rows are laid down in bulk: only what the measures count, with names that no page of the demo opens.
Nobody of the crowd can sign in, and nobody's record is theirs to read.
"""

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from django.contrib.auth import get_user_model

from collaboratives.enums import DeadlineKind
from collaboratives.models import County, TimelineRule
from families.enums import FamilyRole
from families.models import Family, Person
from soc_portal.pictures.maps import tiles
from teams.demo.cast import LAST
from teams.demo.clock import Clock
from teams.enums import Attendance, EndingReason, EndReason, MeetingStatus, MemberKind, Phase, Source, StepStatus
from teams.models import Deadline, Ending, Guest, Meeting, Membership, Step, Team

SEED = 2008
TEAMS = 3_400
#: The story goes back so many days.
DAYS = 880
#: Counties that have not begun to use the portal yet.
NOT_YET = {"Avery", "Camden", "Caswell", "Greene", "Pamlico", "Polk", "Warren"}
#: Where the demo's coordinator keeps the worklist: teams of the crowd have come to their end there.
HOME = "Alamance"
#: Small counties have somewhat more teams than their share, as the first ones to begin do.
EVENNESS = 0.6
BATCH = 1_000


@dataclass(frozen=True)
class Ways:
    """How things go in one county: shares from 0 to 1, and how much better they have become since the story began."""

    in_time: float
    caregiver: float
    friends: float
    chosen: float
    done: float
    better: float
    planned: float

    @classmethod
    def of(cls, county: County) -> "Ways":
        """The same in every demo. Far from the middle of the state meetings take longer and friends are nearer: a
        made-up pattern, so that the map has something to tell."""
        dice = Random(f"{county.fips} {SEED}")  # noqa: S311  (a story, not a secret)
        far = abs(tiles()[county.fips][0] - 11) / 11
        return cls(
            in_time=_share(0.86 - 0.26 * far + dice.uniform(-0.16, 0.1)),
            caregiver=_share(0.93 + dice.uniform(-0.12, 0.06)),
            friends=_share(0.16 + 0.16 * far + dice.uniform(-0.07, 0.07)),
            chosen=_share(0.9 + dice.uniform(-0.2, 0.09)),
            done=_share(0.74 + dice.uniform(-0.16, 0.14)),
            better=dice.uniform(-0.03, 0.14),
            planned=_share(0.68 + dice.uniform(-0.2, 0.2)),
        )

    def now(self, share: float, days_ago: int) -> float:
        return _share(share - self.better * days_ago / DAYS)


def _share(value: float) -> float:
    return min(max(value, 0.03), 0.985)


@dataclass
class Rows:
    """Everything that is laid down, in the order in which it can be."""

    users: list = field(default_factory=list)
    families: list = field(default_factory=list)
    people: list = field(default_factory=list)
    teams: list = field(default_factory=list)
    children: list = field(default_factory=list)
    members: list = field(default_factory=list)
    deadlines: list = field(default_factory=list)
    meetings: list = field(default_factory=list)
    guests: list = field(default_factory=list)
    steps: list = field(default_factory=list)
    endings: list = field(default_factory=list)

    def lay_down(self) -> None:
        for manager, rows in (
            (get_user_model().objects, self.users), (Family.objects, self.families), (Person.objects, self.people),
            (Team.objects, self.teams), (Team.children.through.objects, self.children),
            (Membership.written_by_actions, self.members), (Deadline.objects, self.deadlines),
            (Meeting.objects, self.meetings), (Guest.objects, self.guests), (Step.objects, self.steps),
            (Ending.objects, self.endings),
        ):  # fmt: skip
            manager.bulk_create(rows, batch_size=BATCH)


def gather_crowd(teams: int, clock: Clock) -> None:
    """Lay down so many teams over the counties that have begun, by their people under 18."""
    if not teams:
        return
    dice, rows = Random(SEED), Rows()  # noqa: S311  (a story, not a secret)
    rules = {
        kind: TimelineRule.objects.live(clock.today).filter(kind=kind).first()
        for kind in (DeadlineKind.FIRST_MEETING, DeadlineKind.FIRST_PLAN, DeadlineKind.NEXT_MEETING)
    }
    office = get_user_model()(email="crowd-office@demo.example", name="Made-up office", is_active=False)
    office.set_unusable_password()
    rows.users.append(office)
    for number, county in enumerate(_counties(teams, dice)):
        Tale(number, county, dice, rows, clock, office, rules).tell()
    rows.lay_down()


def _counties(teams: int, dice: Random) -> list[County]:
    """The county of each team: every county that has begun has one, the others follow the people under 18."""
    begun = [county for county in County.objects.order_by("fips") if county.name not in NOT_YET]
    weights = [county.under_18**EVENNESS for county in begun]
    return [*begun[:teams], *dice.choices(begun, weights, k=max(teams - len(begun), 0))]


class Tale:
    """One family of the crowd, in as few rows as its county's numbers need."""

    def __init__(self, number: int, county: County, dice: Random, rows: Rows, clock: Clock, office, rules: dict):
        self.number, self.county, self.dice, self.rows = number, county, dice, rows
        self.clock, self.office, self.rules = clock, office, rules
        self.ways = Ways.of(county)
        # More families ask from month to month.
        self.opened = -DAYS + int((DAYS - 12) * dice.random() ** 0.85)
        self.ends = self.opened + dice.randint(240, 560)
        if county.name == HOME:
            self.ends = min(self.ends, -3 - dice.randint(0, 5))
        self.is_over = self.ends < -2

    def happens(self, share: str, day: int) -> bool:
        return self.dice.random() < self.ways.now(getattr(self.ways, share), -day)

    def tell(self) -> None:
        self.begin()
        first = self.first_meeting()
        days = [] if first is None else list(range(first, min(self.ends, 0), self.dice.randint(38, 56)))
        for day in days:
            self.meet(day)
        self.promise(days)
        self.owe(first, days[-1] if days else None)
        if self.is_over:
            self.end()

    def begin(self) -> None:
        at = self.clock.at(self.opened, self.dice.randint(8, 18))
        name = self.dice.choice(LAST[self.dice.choice(list(LAST))].split())
        home = get_user_model()(email=f"crowd-{self.number}@demo.example", is_active=False, date_joined=at)
        home.password = self.office.password
        family = Family(name=f"{name} family", county=self.county, created_at=at, updated_at=at)
        self.team = Team(
            family=family, opened_on=self.clock.day(self.opened), opened_by=home,
            source=self.dice.choice(Source.values),
            phase=Phase.TRANSITION if self.is_over else Phase.IMPLEMENTATION,
        )  # fmt: skip
        if self.is_over:
            self.team.ended_at, self.team.ended_by = self.clock.at(self.ends, 16), home
        self.home = home
        people = [
            Person(family=family, user=user, name=f"{first} {name}", role=role, created_at=at, updated_at=at)
            for first, role, user in (("A.", FamilyRole.CAREGIVER, home), ("B.", FamilyRole.YOUNG_PERSON, None))
        ]
        self.rows.users.append(home)
        self.rows.families.append(family)
        self.rows.teams.append(self.team)
        self.rows.people += people
        self.rows.children.append(Team.children.through(team=self.team, person=people[1]))
        self.caregiver, _child = (self.seat(MemberKind.FAMILY, person=person) for person in people)
        kinds = [MemberKind.PROFESSIONAL] * self.dice.randint(2, 3)
        kinds += [MemberKind.FAMILY_PARTNER] * (self.dice.random() < 0.3)
        kinds += [MemberKind.NATURAL] * sum(self.dice.random() < 2 * self.ways.friends for _friend in range(3))
        self.others = [self.seat(kind) for kind in kinds]

    def seat(self, kind: str, person: Person | None = None) -> Membership:
        days = 0 if person else self.dice.randint(1, min(9, self.ends - self.opened - 1))
        at = self.clock.at(self.opened + days, 12)
        by = self.home if person or self.happens("chosen", self.opened) else self.office
        member = Membership(
            team=self.team, person=person, name="Somebody", kind=kind, proposed_by=by, proposed_at=at, chosen_by=by,
            chosen_at=at, accepted_by=by, accepted_at=at, starts_on=self.clock.day(self.opened),
        )  # fmt: skip
        if self.is_over and not person:
            member.ended_at, member.ended_by, member.end_reason = self.team.ended_at, self.home, EndReason.TEAM_ENDED
        self.rows.members.append(member)
        return member

    def first_meeting(self) -> int | None:
        """The day of the first meeting, if it has come."""
        wait = self.dice.randint(9, 29) if self.happens("in_time", self.opened) else self.dice.randint(32, 70)
        day = self.opened + wait
        return day if day < min(self.ends, 0) else None

    def meet(self, day: int) -> None:
        start = self.clock.at(day, self.dice.choice([12, 16, 17, 18]))
        meeting = Meeting(
            team=self.team, status=MeetingStatus.HELD, starts_at=start, ends_at=start + dt.timedelta(hours=1),
            created_at=start - dt.timedelta(days=7), updated_at=start,
        )  # fmt: skip
        self.rows.meetings.append(meeting)
        came = [member for member in self.others if self.dice.random() < 0.8]
        came += [self.caregiver] if self.happens("caregiver", day) else []
        self.rows.guests += [
            Guest(meeting=meeting, membership=member, attendance=self.dice.choice((Attendance.CAME, Attendance.PHONE)))
            for member in came
        ]

    def promise(self, days: list[int]) -> None:
        """One or two steps from each meeting; those whose day has passed are done, or not, or late."""
        for day in days:
            for _step in range(self.dice.randint(1, 2)):
                due = day + self.dice.randint(8, 30)
                done = due - self.dice.randint(0, 5) if self.happens("done", day) else due + self.dice.randint(1, 20)
                if done < 0 and done < max(self.ends, day + 9):
                    self._step(day, due, done)
                else:
                    self._step(day, due, None)

    def _step(self, day: int, due: int, done: int | None) -> None:
        how = {} if done is None else {"status": StepStatus.DONE, "done_on": self.clock.day(done)}
        step = Step(
            team=self.team, text="A step", due_on=self.clock.day(due), created_at=self.clock.at(day, 19),
            updated_at=self.clock.at(day if done is None else done, 20), **how,
        )  # fmt: skip
        self.rows.steps.append(step)

    def owe(self, first: int | None, last: int | None) -> None:
        """What the team had a date for: as the actions would have opened and met it."""
        self._owe(DeadlineKind.FIRST_MEETING, self.opened, met=first)
        planned = None if first is None else first + 5
        self._owe(DeadlineKind.FIRST_PLAN, self.opened, met=planned if planned is not None and planned < 0 else None)
        if last is not None:
            self._owe(DeadlineKind.NEXT_MEETING, last, met=None)

    def _owe(self, kind: str, counted_from: int, *, met: int | None) -> None:
        rule = self.rules[kind]
        if rule is None:
            return
        self.rows.deadlines.append(
            Deadline(
                team=self.team, kind=kind, rule=rule, due_on=self.clock.day(counted_from + rule.days),
                met_on=None if met is None else self.clock.day(met),
                ended_at=self.team.ended_at if met is None else None,
            )
        )  # fmt: skip

    def end(self) -> None:
        """Some end as they planned, others because they move away or do not want a team now."""
        dice = Random(f"{self.number} {SEED}")  # noqa: S311  (its own dice: the other rows stay as they were)
        planned = dice.random() < self.ways.now(self.ways.planned, -self.ends)
        reasons = (EndingReason.GOALS, EndingReason.READY) if planned else (EndingReason.MOVED, EndingReason.FAMILY)
        self.rows.endings.append(
            Ending(
                team=self.team, reason=dice.choice(reasons), ends_on=self.clock.day(self.ends) if planned else None,
                begun_by=self.home, begun_at=self.clock.at(max(self.opened + 1, self.ends - dice.randint(5, 30)), 12),
                closed_by=self.home, closed_at=self.team.ended_at, had_transition=planned,
            )
        )  # fmt: skip
