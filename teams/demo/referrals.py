"""Referrals of the demo: the Delgados' in full, and some of the other families in every state that there is."""

import datetime as dt
from random import Random
from types import SimpleNamespace

from collaboratives.enums import OrganizationKind
from families.models import Person
from referrals.actions.referrals import answer_by_link, answer_referral, look_at_received, look_by_link
from referrals.enums import Outcome, ReferralStatus, Refusal, Shared, Side
from referrals.models import Referral
from teams.actions.referrals import (
    change_draft,
    draft_referral,
    hash_of,
    move_for_team,
    send_referral,
    shareable,
    usual_end,
)
from teams.demo import plots
from teams.demo.clock import Clock
from teams.demo.places import Place
from teams.demo.telling import Teller
from teams.models import Need

S = ReferralStatus
TUESDAY = 1


class Asking:
    """One referral as it goes along: written down, said yes to, read, answered, closed."""

    def __init__(self, story: Teller, title: str, organization, *, by, side: str = Side.TEAM, need: Need | None = None):
        self.story, self.clock = story, story.clock
        referral = Referral(title=title, organization=organization)
        self.referral = draft_referral(team=story.team, referral=referral, by=by, side=side, need=need)

    def in_own_words(self, person: Person, text: str, by, language: str = "en") -> None:
        self.referral = change_draft(
            team=self.story.team, referral=self.referral, by=by, base_version=self.referral.version,
            values={"wants": text, "wants_by": person, "language": language},
        )  # fmt: skip

    def say_yes(self, person: Person, by, *share: str, until: dt.date | None = None, address: str = "") -> None:
        self._read()
        offers = shareable(team=self.story.team, referral=self.referral, person=person)
        send_referral(
            team=self.story.team, referral=self.referral, person=person, share=share, by=by, address=address,
            until=until or usual_end(self.clock.moment.date()),
            seen_hash=hash_of(offers, self.referral.organization_id),
        )  # fmt: skip

    def opened_by(self, user) -> None:
        self._read()
        look_at_received(user, self.referral)
        self.clock.on(9)

    def answered_by(self, user, to: str, words: str, **facts) -> None:
        self._read()
        answer_referral(referral=self.referral, to=to, by=user, seen=self.referral.status, words=words, **facts)

    def answered_by_link(self, name: str, to: str, words: str, **facts) -> None:
        link = self.referral.links.select_related("referral", "referral__organization").get()
        look_by_link(link=link)
        self.clock.on(12)
        answer_by_link(link=link, name=name, to=to, seen=S.REQUESTED, words=words, **facts)

    def told(self, to: str, by, words: str = "", *, side: str = Side.FAMILY, outcome: str = "") -> None:
        self._read()
        move_for_team(
            referral=self.referral, to=to, side=side, by=by, seen=self.referral.status, words=words, outcome=outcome
        )

    def _read(self) -> None:
        """As it stands now: another step may have been taken since."""
        self.referral = Referral.objects.select_related("organization", "source").get(pk=self.referral.pk)


# --- The Delgados ----------------------------------------------------------------------------------------------------
def referral_events(story: Teller, u: SimpleNamespace, p: SimpleNamespace, place: Place) -> list:
    """What the Delgados ask others for, as (day, hour, what happens)."""
    return [*_soccer_fee(story, u, p, place), *_counseling(story, u, p, place), *_others(story, u, p, place)]


def _soccer_fee(story: Teller, u, p, place: Place) -> list:
    """Closed by Rosa: they got what they asked for."""
    it: dict[str, Asking] = {}

    def fee():
        it["fee"] = Asking(story, "Help with the soccer fee", place.office_of("partner"), by=u.tonya)
        story.clock.on(30)
        it["fee"].say_yes(p.rosa, u.rosa, Shared.NAMES, Shared.PHONE)

    def answer():
        words = "Yes. We send the money to the club. It takes about a week."
        it["fee"].answered_by(place.staff["partner"], S.ON_HOLD, words, wait_words="about a week")

    def started():
        it["fee"].told(S.IN_PROGRESS, u.andrea, "The club has the money.", side=Side.TEAM)

    def closed():
        it["fee"].told(S.COMPLETED, u.rosa, "He plays. Thank you.", outcome=Outcome.RECEIVED)

    return [(-96, 11, fee), (-91, 10, answer), (-84, 9, started), (-76, 20, closed)]


def _counseling(story: Teller, u, p, place: Place) -> list:
    """Accepted after ten days, with a first visit ahead."""
    it: dict[str, Asking] = {}
    clock, sam = story.clock, place.staff["intake"]

    def evenings():
        need = Need.objects.get(team=story.team, text__startswith="Our evenings")
        it["it"] = Asking(story, "Evening counseling for Mateo", place.office_of("therapist"), by=u.andrea, need=need)

    def yes():
        words = "A time after 5 pm, and someone who talks with Mateo and not about him. Spanish for me, please."
        it["it"].in_own_words(p.rosa, words, u.rosa)
        clock.on(4)
        share = (Shared.NAMES, Shared.PHONE, Shared.LANGUAGES, Shared.NEED, Shared.WANTS, Shared.CONTACT)
        it["it"].say_yes(p.rosa, u.rosa, *share, until=clock.day(36))

    def answer():
        words = "Tuesdays at 5:30 pm, in person. Spanish: yes."
        it["it"].answered_by(sam, S.ACCEPTED, words, first_visit_at=next_tuesday(clock))

    return [(-66, 16, evenings), (-66, 20, yes), (-63, 9, lambda: it["it"].opened_by(sam)), (-56, 14, answer)]


def _others(story: Teller, u, p, place: Place) -> list:
    """A mentor whom they do not get, with the reason; and a weekend that waits for Rosa's yes."""
    it: dict[str, Asking] = {}
    soccer, together = place.office_of("friend"), place.office_of("partner")

    def mentor():
        it["mentor"] = Asking(story, "A mentor, two afternoons a week", soccer, by=u.mateo, side=Side.FAMILY)
        it["mentor"].in_own_words(p.mateo, "Somebody who likes soccer and does not ask about court.", u.mateo)

    def yes():
        it["mentor"].say_yes(p.rosa, u.rosa, Shared.NAMES, Shared.WANTS)

    def no():
        words = "All of our mentors are taken until spring. Alamance Families Together keeps a list of others."
        it["mentor"].answered_by(place.staff["friend"], S.REJECTED, words, refusal=Refusal.NO_ROOM)

    def weekend():
        Asking(story, "A break, one weekend a month", together, by=u.carmen)

    return [(-44, 17, mentor), (-43, 19, yes), (story.clock.workday(-36), 10, no), (-6, 12, weekend)]


def next_tuesday(clock: Clock) -> dt.datetime:
    """The Tuesday after the next few days, at half past five in the afternoon."""
    ahead = (TUESDAY - clock.day(3).weekday()) % 7 + 3
    return clock.at(ahead, 17, 30)


# --- The other families ----------------------------------------------------------------------------------------------
#: What families ask for: the words, who gives it, and who answers there.
ASKS = (
    ("Counseling after school hours", OrganizationKind.PROVIDER, "intake"),
    ("Somebody to talk with about worry and sleep", OrganizationKind.PROVIDER, "therapist"),
    ("A check of asthma and medicine", OrganizationKind.HEALTH, "nurse"),
    ("A mentor in the afternoons", OrganizationKind.COMMUNITY, "friend"),
    ("A break for a weekend", OrganizationKind.FAMILY_ORGANIZATION, "partner"),
    ("Rides to meetings", OrganizationKind.COMMUNITY, "friend"),
)
WANTS = {
    "en": "Somebody kind, who does not make us tell our story again.",
    "es": "Alguien amable, que no nos haga contar todo otra vez.",
}
NO = {
    Refusal.NO_ROOM: "We have no place before spring. Ask us again then.",
    Refusal.NOT_OFFERED: "We do not do this here. The health department may know who does.",
    Refusal.LANGUAGE: "Nobody here speaks your language, and we want you to be understood.",
    Refusal.COST: "Your insurance does not pay for this with us. Your care manager can find who takes it.",
    Refusal.AREA: "We can’t drive that far. There is a group nearer to you.",
}
#: How a referral ends, one after the other, so that each way is there.
WAYS = (
    "received",
    "waits",
    "no",
    "partly",
    "wait",
    "late",
    "link",
    "received",
    "called_off",
    "failed",
    "day",
    "not",
    "started",
)
TELL = {plots.PLANNING, plots.AGREED, plots.DIFFERS, plots.LATE, plots.OVERDUE, plots.TRANSITION, plots.SECOND}


def ask_others(tale, number: int) -> None:
    """What one of the other families asked for, and how far that is. `number` counts the families."""
    if tale.plot.stage not in TELL:
        return
    dice = Random(f"referrals {tale.plot.county} {tale.plot.family}")  # noqa: S311  (a story, not a secret)
    first = 40 if tale.plot.days > 60 else tale.plot.days - 12
    for turn in range(2 if tale.plot.days > 100 else 1):
        way = WAYS[(number + 5 * turn) % len(WAYS)]
        _ask(tale, dice, way, ASKS[(number + turn) % len(ASKS)], day=-first + 6 * turn)


def _ask(tale, dice: Random, way: str, ask: tuple, *, day: int) -> None:
    title, kind, post = ask
    clock, home, staff = tale.clock, tale.home, tale.place.staff
    clock.go(-9 if way == "waits" else -15 if way == "late" else day, dice.randint(9, 18))
    by = staff["facilitator"] if "facilitator" in tale.story.members else home
    side = Side.FAMILY if by == home else Side.TEAM
    asking = Asking(tale.story, title, tale.place.organizations[kind], by=by, side=side)
    clock.on(20)
    asking.in_own_words(tale.person, WANTS[tale.plot.language], home, tale.plot.language)
    clock.on(20)
    address = f"intake.{tale.place.county.name.lower().replace(' ', '')}@demo.example" if way == "link" else ""
    asking.say_yes(tale.person, home, Shared.NAMES, Shared.PHONE, Shared.WANTS, address=address)
    clock.on(60 * 20)
    if way not in ("waits", "late", "called_off", "link"):
        asking.opened_by(staff[post])
        clock.on(60 * 24 * dice.randint(1, 5))
    _answer(asking, dice, way, staff[post], home)


def _answer(asking: Asking, dice: Random, way: str, there, home) -> None:
    clock = asking.clock
    visit = clock.moment + dt.timedelta(days=6)
    if way == "no":
        refusal = dice.choice(list(NO))
        asking.answered_by(there, S.REJECTED, NO[refusal], refusal=refusal)
    elif way == "wait":
        asking.answered_by(there, S.ON_HOLD, "Yes. You are on our list.", wait_words="about six weeks")
    elif way == "called_off":
        asking.told(S.CANCELLED, home, "A cousin does it now.")
    elif way == "link":
        asking.answered_by_link("Jo Teague, intake", S.ACCEPTED, "Yes, come in.", first_visit_at=clock.at(5, 16))
    elif way == "day":
        asking.answered_by(there, S.ACCEPTED, "Yes. Bring whoever you like.", first_visit_at=clock.at(8, 15))
    elif way in ("received", "partly", "failed", "not", "started"):
        asking.answered_by(there, S.ACCEPTED, "Yes. Come as you are.", first_visit_at=visit)
        clock.on(60 * 24 * 7)
        if way == "failed":
            asking.told(S.FAILED, home, "The times never fit with work.")
            return
        asking.answered_by(there, S.IN_PROGRESS, "We met. It went well from our side.")
        if way == "started":
            return
        clock.on(60 * 24 * 2)
        outcome = {"received": Outcome.RECEIVED, "partly": Outcome.PARTLY, "not": Outcome.NOT_RECEIVED}[way]
        asking.told(S.COMPLETED, home, outcome=outcome)
