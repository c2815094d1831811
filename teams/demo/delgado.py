"""The Delgados of Alamance County, told in full over a year: who they are, who is on the team, what they share.

Two homes, two languages. The texts are the project's own, from its first drawings.
"""

import datetime as dt
from types import SimpleNamespace

from families.actions import (
    add_household,
    add_person,
    change_family,
    change_household,
    change_person,
    share_household,
    stop_sharing_household,
)
from families.enums import FamilyRole, PersonLanguage, SafeContact, Section
from families.models import Household, HouseholdShare, Person
from soc_portal.access.scope import forget_scope
from soc_portal.accounts.personas import BY_SLUG
from soc_portal.audit.enums import Look
from teams.actions.consents import stop_sharing
from teams.actions.grants import give_grant
from teams.actions.invitations import invite_by_email, invite_on_paper, take_invitation
from teams.actions.memberships import ask_for_team, end_membership
from teams.demo.cast import Cast
from teams.demo.clock import Clock
from teams.demo.places import Place
from teams.demo.telling import FAMILY, NATURAL, PARTNER, PRO, Teller
from teams.enums import EndReason
from teams.models import Membership

#: Days counted from today, so that the story is always a year old and its next meeting is always ahead.
ASKED = -338
PEOPLE = {
    "rosa": "caregiver", "mateo": "youth", "carmen": "grandmother", "luis": "other-household",
    "tonya": "family-partner", "andrea": "facilitator", "denise": "dss-worker", "devon": "court-counselor",
    "kim": "expired-consent", "priya": "provider", "gail": "former-member",
}  # fmt: skip


def born_on(today: dt.date, years: int) -> dt.date:
    """A birthday for somebody who is that old today and turned it half a year ago."""
    return today - dt.timedelta(days=years * 365 + 200)


def people_of(cast: Cast) -> SimpleNamespace:
    """The accounts of everybody in the story, by first name."""
    people = {
        first: cast.account(BY_SLUG[slug].name, slug=slug, language=BY_SLUG[slug].language)
        for first, slug in PEOPLE.items()
    }
    people["andres"] = cast.account("Andrés Delgado")
    people["ray"] = cast.account("Ray Tillman")
    return SimpleNamespace(**people)


def begin(cast: Cast, clock: Clock, place: Place) -> tuple[Teller, SimpleNamespace, SimpleNamespace]:
    """Rosa asks for a team. Returns the teller, the accounts and the persons of the family."""
    u = people_of(cast)
    clock.go(ASKED, 20, 40)
    team = ask_for_team(
        by=u.rosa, family_name="Delgado family", county=place.county, caregiver_name="Rosa Delgado",
        relationship="Mom", children=[("Mateo Delgado", born_on(clock.today, 14))],
    )  # fmt: skip
    family = team.family
    story = Teller(team, u.rosa, clock)
    clock.on()
    home = family.households.get()
    home = change_household(
        household=home, by=u.rosa, base_version=home.version,
        values={"name": "Rosa's home", "address": "214 Larkspur Lane\nGraham, NC 27253", "phone": "336-555-0101"},
    )  # fmt: skip
    p = SimpleNamespace(home=home)
    p.rosa, p.mateo = Person.objects.filter(family=family).order_by("pk")
    p.rosa = change_person(
        person=p.rosa, by=u.rosa, base_version=1,
        values={"language": PersonLanguage.SPANISH, "phone": "336-555-0102", "safe_contact": SafeContact.TEXT,
                "safe_times": "After 5 on workdays. Do not call me at work.",
                "access_needs": "Meetings after 5 pm. I read English and Spanish."},
    )  # fmt: skip
    p.mateo = change_person(
        person=p.mateo, by=u.rosa, base_version=1,
        values={"relationship": "It is his team", "phone": "336-555-0103", "safe_contact": SafeContact.TEXT,
                "access_needs": "Tell me before you ask me something in front of everybody."},
    )  # fmt: skip
    p.andres = add_person(
        family=family, by=u.rosa, households=[home],
        person=Person(name="Andrés Delgado", relationship="Brother, 19", born_on=born_on(clock.today, 19)),
    )  # fmt: skip
    p.carmen = add_person(
        family=family, by=u.rosa, households=[],
        person=Person(name="Carmen Ruiz", relationship="Grandma", language=PersonLanguage.SPANISH,
                      needs_interpreter=True, access_needs="A Spanish interpreter, and a chair with arms."),
    )  # fmt: skip
    change_family(
        family=family, by=u.rosa, base_version=1,
        values={"what_matters": "Sunday dinner at Carmen's. Church. Both our languages: say it in the one it comes in."
                                " Mateo is not a problem to fix. Ask us before you ask somebody about us."},
    )  # fmt: skip
    story.members["rosa"], story.members["mateo"] = Membership.objects.filter(team=team).order_by("pk")
    return story, u, p


def gather(story: Teller, u: SimpleNamespace, p: SimpleNamespace, place: Place) -> None:
    """The first weeks: the family chooses its team. Rosa's year of sharing begins here, so it ends soon."""
    clock = story.clock
    clock.go(-336, 18)
    story.join("tonya", u.tonya, kind=PARTNER, role_words="Family Partner", organization=place.office_of("partner"))
    story.join("andrea", u.andrea, kind=PRO, role_words="Facilitator", organization=place.office_of("facilitator"))
    story.run_by("andrea")
    clock.go(-335, 12)
    story.name("carmen", "Carmen Ruiz", kind=NATURAL, role_words="Grandma", person=p.carmen)
    story.choose("carmen")
    story.join_by_mail("carmen", u.carmen)
    story.accept("carmen")
    story.name("andres", "Andrés Delgado", kind=FAMILY, role_words="Brother, 19", person=p.andres)
    story.choose("andres")
    story.join_by_mail("andres", u.andres)
    story.accept("andres")
    clock.go(-334, 9)
    story.name("denise", "Denise Whitfield", kind=PRO, role_words="Social worker", user=u.denise,
               organization=place.office_of("dss"), is_caseworker=True, by=u.andrea)  # fmt: skip
    clock.go(-334, 19)
    story.choose("denise", until=clock.day(12))
    clock.go(-333, 8, 30)
    story.accept("denise")
    clock.go(-331, 16)
    story.name("gail", "Gail Norris", kind=PRO, role_words="Tutor", user=u.gail, by=u.denise)
    story.choose("gail")
    clock.go(-330, 16)
    story.accept("gail")
    share_household(household=p.home, user=u.gail, until=clock.day(-140), by=u.rosa)
    clock.go(-325, 17)
    invitation = invite_by_email(membership=story.members["mateo"], address=u.mateo.email, by=u.rosa)
    clock.on(60)
    take_invitation(invitation=invitation, user=u.mateo)
    clock.on(10)
    share_household(household=p.home, user=u.carmen, until=clock.day(20), by=u.rosa)
    share_household(household=p.home, user=u.tonya, until=clock.day(20), by=u.rosa)
    clock.go(-324, 11)
    _want_someone(story, u)


def _want_someone(story: Teller, u: SimpleNamespace) -> None:
    """Not everybody whom somebody names is chosen, and not everybody who is chosen comes."""
    story.name("boyd", "Frank Boyd", kind=PRO, role_words="Vice principal", by=u.denise,
               address="frank.boyd@demo.example")  # fmt: skip
    story.clock.on(300)
    end_membership(membership=story.members["boyd"], by=u.rosa, reason=EndReason.NOT_CHOSEN)
    del story.members["boyd"]


def later_members(story: Teller, u: SimpleNamespace, p: SimpleNamespace, place: Place) -> list:
    """Who joins and leaves as the year goes on, as (day, hour, what happens)."""
    return [*_later_professionals(story, u, place), *_later_family_and_friends(story, u, p)]


def _later_professionals(story: Teller, u: SimpleNamespace, place: Place) -> list:
    clock = story.clock

    def kim():
        # The yes that ended yesterday: until the family says yes again, Kim sees nothing.
        story.join("kim", u.kim, kind=PRO, role_words="School counselor", organization=place.office_of("school"),
                   until=clock.day(-1))  # fmt: skip
        story.share("kim", Section.SCHOOL, until=clock.day(-1))
        story.share("andrea", Section.SCHOOL)
        story.share("tonya", Section.SCHOOL, Section.COURT, Section.MENTAL_HEALTH)

    def devon():
        story.join("devon", u.devon, kind=PRO, role_words="Juvenile court counselor",
                   organization=place.office_of("court"))  # fmt: skip
        story.share("devon", Section.COURT, until=clock.day(60))

    def priya():
        story.join("priya", u.priya, kind=PRO, role_words="Therapist", organization=place.office_of("therapist"))
        story.share("priya", Section.MENTAL_HEALTH, Section.SUBSTANCE_USE, until=clock.day(100))
        story.share("carmen", Section.MENTAL_HEALTH)

    return [(-300, 12, kim), (-262, 9, devon), (-228, 11, priya)]


def _later_family_and_friends(story: Teller, u: SimpleNamespace, p: SimpleNamespace) -> list:
    clock, rosa = story.clock, u.rosa

    def luis():
        p.luis = add_person(
            family=story.team.family, by=rosa, households=[],
            person=Person(name="Luis Delgado", role=FamilyRole.CAREGIVER, relationship="Dad"),
        )  # fmt: skip
        story.name("luis", "Luis Delgado", kind=FAMILY, role_words="Dad", person=p.luis)
        story.choose("luis")
        story.join_by_mail("luis", u.luis)
        story.accept("luis")
        p.luis.refresh_from_db()
        forget_scope(u.luis)
        p.other_home = add_household(
            household=Household(name="Luis's home", address="77 Old Mill Road, Apt 3\nElon, NC 27244",
                                phone="336-555-0150"),
            family=story.team.family, by=u.luis, lives_there=p.luis,
        )  # fmt: skip
        change_person(person=p.mateo, by=u.luis, base_version=p.mateo.version, values={}, households=[p.other_home])

    def lee():
        story.name("lee", "Mrs. Lee", kind=NATURAL, role_words="Neighbor")
        story.choose("lee")
        invite_on_paper(membership=story.members["lee"], by=rosa)
        story.accept("lee", by=rosa)  # she has no account: Rosa notes her yes

    def gail_goes():
        share = HouseholdShare.objects.get(user=u.gail, ended_at=None)
        end_membership(membership=story.members["gail"], by=u.gail, reason=EndReason.LEFT)
        stop_sharing_household(share=share, by=rosa)

    def ray():
        story.join("ray", u.ray, kind=NATURAL, role_words="Soccer coach", chosen_by=u.mateo, as_youth=True, by=u.mateo)

    def take_back():
        stop_sharing(membership=story.members["carmen"], sections=[Section.MENTAL_HEALTH], by=rosa)

    def james():
        story.name("james", "Pastor James", kind=NATURAL, role_words="Pastor", by=u.carmen,
                   address="pastor.james@demo.example")  # fmt: skip
        clock.on(120)
        story.choose("james")
        invite_by_email(membership=story.members["james"], address="pastor.james@demo.example", by=rosa)

    return [
        (-286, 19, luis), (-200, 18, lee), (-151, 15, gail_goes), (-112, 18, ray), (-70, 21, take_back),
        (-11, 13, james),
    ]  # fmt: skip


def interpreter_for_next_meeting(story: Teller, interpreter) -> None:
    """Carmen needs an interpreter: Elena may read for one meeting, and no longer."""
    story.clock.go(-3, 19)
    give_grant(
        team=story.team, user=interpreter, sections=[Section.PLAN, Section.RECORDS], by=story.home,
        reason="Interpreter for Carmen at our next meeting", until=story.clock.at(10, 23),
    )  # fmt: skip


def reading_events(story: Teller, u: SimpleNamespace) -> list:
    """Who looked, over the weeks, as (day, hour, what happens)."""
    clock = story.clock

    def opens(user, *pages, minute=20):
        def happens():
            clock.on(minute)
            story.read(user, *pages)

        return happens

    weekly = [
        (clock.workday(day), 9, opens(user, Look.TEAM, Look.PLAN))
        for user, first, every in [(u.andrea, -329, 21), (u.denise, -329, 28), (u.tonya, -330, 24), (u.devon, -255, 30),
                                   (u.priya, -220, 26)]
        for day in range(first, -7, every)
    ]  # fmt: skip
    return [
        *weekly,
        (-299, 13, opens(u.kim, Look.PLAN)),
        (-160, 15, opens(u.gail, Look.PLAN, Look.MEETINGS)),
        (-30, 8, opens(u.kim, Look.PLAN, Look.HISTORY)),
        (-11, 7, opens(u.denise, Look.RECORD, Look.RECORD_PRINT)),
        (-5, 20, opens(u.luis, Look.PLAN)),
        (-3, 11, opens(u.priya, Look.PLAN)),
        (-2, 17, opens(u.andrea, Look.TEAM, Look.RECORD)),
        (-1, 8, opens(u.carmen, Look.TEAM)),
        (-1, 16, opens(u.devon, Look.PLAN, Look.RECORD, minute=12)),
    ]
