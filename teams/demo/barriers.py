"""What teams of the demo say stands in the way, and what the groups made of it; all made up."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import translation

from collaboratives.access import barrier_runners
from collaboratives.actions.barriers import answer_barrier, give_back_barrier, pass_on_barrier, take_up_barrier
from collaboratives.enums import BarrierCategory
from collaboratives.models import Barrier, Collaborative
from teams.access import caregivers_on
from teams.actions.barriers import join_barrier, raise_barrier, send_raised
from teams.demo.clock import Clock
from teams.demo.places import Place
from teams.models import Team

SERVICES, PARTNERING = BarrierCategory.SERVICES, BarrierCategory.PARTNERING
COORDINATION, COMMUNITY = BarrierCategory.COORDINATION, BarrierCategory.COMMUNITY


@dataclass(frozen=True)
class Said:
    """One barrier: where, how many days ago, the words; how many other teams joined; how far it came.

    `taken`, `passed`, `back` and `answered` are days after it was said; 0: it did not come so far.
    """

    county: str
    days: int
    category: str
    text: str
    others: int = 0
    taken: int = 0
    passed: int = 0
    back: int = 0
    answered: int = 0
    why: str = ""
    answer: str = ""
    language: str = "en"
    is_sent: bool = True


SAID = (
    Said("Alamance", 118, SERVICES, "No counseling after 5 pm anywhere in the county.", others=5, taken=21),
    Said("Alamance", 110, COMMUNITY, "The bus stops at 6 pm, so youth miss programs.", others=3, taken=26, answered=58,
         answer="We asked Parks and Recreation to run a van until 8 pm. It runs now, Monday to Friday, at no cost."),
    Said("Alamance", 124, PARTNERING, "Court letters come only in English.", others=1),
    Said("Alamance", 104, PARTNERING, "No one told us what the council decided.", others=4, taken=12, answered=41,
         answer="We post a short summary after each meeting, in English and in Spanish, and bring it to teams."),
    Said("Alamance", 96, SERVICES, "We wait 4 months for school testing.", others=2, taken=30, passed=52,
         why="The number of testers is set by the state. Other counties wait as long."),
    Said("Alamance", 12, COORDINATION, "Two agencies asked us the same forty questions in one week.", others=1),
    Said("Alamance", 4, PARTNERING, "Meetings about school are set during work hours, so parents lose pay.",
         is_sent=False),
    Said("Bladen", 84, SERVICES, "The nearest child therapist is 50 miles away.", others=1, taken=18, passed=39,
         why="No provider wants to open an office here. We need telehealth that families can use without a computer."),
    Said("Buncombe", 77, COMMUNITY, "After the storm our church kitchen fed us. No agency has asked it to help again.",
         taken=20, answered=60, answer="The kitchen now has a seat at our table and gets the list of needs each week."),
    Said("Cumberland", 63, COORDINATION, "Each move to a new base means a new waiting list.", taken=25),
    Said("Durham", 70, PARTNERING, "Las reuniones se hacen sin intérprete y mi hija tiene que traducir.", others=1,
         taken=15, answered=50, language="es",
         answer="Every agency now calls the interpreter line before a meeting. Children are not asked to translate."),
    Said("Guilford", 58, COMMUNITY, "The youth center closed for the summer when we needed it most.", taken=22),
    Said("Halifax", 90, COORDINATION, "We tell our story again to every new worker.", taken=14, passed=33, back=55,
         answered=75, why="One form for all agencies can be tried in one county first.",
         answer="Four agencies here use one shared form. You fill it in once and say who may read it."),
    Said("Mecklenburg", 66, SERVICES, "No hay terapia en español después de las clases.", others=2, taken=19,
         language="es"),
    Said("Mecklenburg", 9, PARTNERING, "We got the plan to sign and nobody had read it with us."),
    Said("New Hanover", 49, SERVICES, "Respite care has a waiting list of six months.", taken=28),
    Said("Robeson", 88, SERVICES, "There is no ride to the clinic on days when the health van is full.", others=2,
         taken=17, passed=37, why="The rides are paid for by the health plan, in many counties."),
    Said("Wake", 55, COORDINATION, "The school did not know about the plan, so it made another one.", others=2,
         taken=16, answered=45, answer="With the family’s yes, one person now brings the plan to the school."),
    Said("Watauga", 20, COMMUNITY, "Nobody tells families about the free music program."),
)  # fmt: skip


def tell_barriers(places: Mapping[str, Place], groups: Mapping[str, Collaborative], clock: Clock) -> None:
    """Tell every barrier of these places. `groups` are the demo's by their short names (`jcpc-Alamance`, `state`).

    A county without a council only says what stands in the way.
    """
    for number, said in enumerate(SAID):
        if said.county in places:
            _tell(said, number, places[said.county], groups, clock)


def _tell(said: Said, number: int, place: Place, groups: Mapping[str, Collaborative], clock: Clock) -> None:
    clock.go(-said.days, 15)
    teams = _teams_of(place, clock)
    if not teams:
        return
    start = number % len(teams) if said.is_sent else 0  # each time another team begins
    first, *others = teams[start:] + teams[:start]
    barrier = _raise(said, place, first, clock)
    if barrier is None:
        return
    for later, team in enumerate(others[: said.others], start=2):
        clock.go(-said.days + later, 19)
        join_barrier(team=team, barrier=barrier, by=caregivers_on(team)[0])
    if f"jcpc-{said.county}" in groups:
        _work_on(said, barrier, place, groups, clock)


def _teams_of(place: Place, clock: Clock) -> list[Team]:
    """Teams of the county that were there then and have a caregiver with an account, the oldest first."""
    then = clock.moment.date()
    teams = Team.objects.live().filter(family__county=place.county, opened_on__lt=then).order_by("opened_on", "pk")
    return [team for team in teams.select_related("family__county") if caregivers_on(team)]


def _raise(said: Said, place: Place, team: Team, clock: Clock) -> Barrier | None:
    """The facilitator or a caregiver writes it down; the family says yes the same evening, or not yet."""
    caregiver = caregivers_on(team)[0]
    with translation.override(said.language):
        by = caregiver if said.is_sent else place.staff["facilitator"]
        raised = raise_barrier(team=team, by=by, category=said.category, text=said.text)
        if not said.is_sent:
            return None
        clock.on(190)
        return send_raised(raised=raised, by=caregiver, seen_version=1).barrier


def _work_on(said: Said, barrier: Barrier, place: Place, groups: Mapping[str, Collaborative], clock: Clock) -> None:
    council = groups[f"jcpc-{said.county}"]
    if said.taken:
        clock.go(-said.days + said.taken, 13)
        take_up_barrier(barrier=barrier, group=council, by=_runner(council, place))
    if said.passed and "state" in groups:
        clock.go(-said.days + said.passed, 14)
        why = "The county can’t change this alone." if said.back else said.why
        pass_on_barrier(barrier=barrier, by=_runner(council, place), words=why)
    if said.back and "state" in groups:
        clock.go(-said.days + said.back, 11)
        give_back_barrier(barrier=barrier, by=_runner(groups["state"], place), words=said.why)
    if said.answered:
        clock.go(-said.days + said.answered, 13)
        answer_barrier(barrier=barrier, by=_runner(council, place), text=said.answer, base_version=barrier.version)


def _runner(group: Collaborative, place: Place):
    """Who runs the group and has an account; in a county else the coordinator."""
    runners = barrier_runners(Collaborative.objects.filter(pk=group.pk))
    return runners[0] if runners else place.staff["coordinator"]
