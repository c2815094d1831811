"""The groups of the demo: a council and a collaborative in each county, closed groups in some, and the state's own."""

import datetime as dt
from collections.abc import Mapping

from collaboratives.actions.groups import (
    add_seat,
    end_group,
    end_term,
    found_group,
    give_office,
    note_vacancy,
    sign_statement,
    start_term,
)
from collaboratives.actions.groups.terms import last_day_of_term
from collaboratives.enums import STATEMENT_VERSION, STATEMENTS, EndOfTerm, OfficeKind, VacancyReason
from collaboratives.models import Collaborative, GroupKind, Seat, Term
from soc_portal.accounts.personas import BY_SLUG
from teams.demo.cast import Cast
from teams.demo.clock import Clock
from teams.demo.places import Place

#: When the portal got to know the groups, in days from today.
WRITTEN_DOWN = -390
#: Who of the agencies sits on a council, by seat: the post, and whom they stand in for.
COUNCIL_POSTS = {
    "court-counselor": ("court_boss", ""),
    "dss": ("dss_boss", "the director of social services"),
    "lme-mco": ("plan", "the director of the LME/MCO"),
    "health": ("nurse", "the local health director"),
    "superintendent": ("school", "the school superintendent"),
    "nonprofit": ("friend", ""),
}
#: Who the others are, in a few words, by seat.
COUNCIL_WORDS = {
    "police-chief": "chief of police", "sheriff": "sheriff’s deputy",
    "district-attorney": "assistant district attorney",
    "county-manager": "assistant county manager", "substance-abuse": "recovery counselor", "faith": "pastor",
    "commissioner": "county commissioner", "youth": "parent", "defense-attorney": "juvenile defender",
    "judge": "district court judge", "business": "owns a barber shop", "parks": "runs the recreation center",
    "public": "neighbor",
}  # fmt: skip
PUBLIC_WORDS = (
    "parent of two",
    "grandparent",
    "retired teacher",
    "soccer coach",
    "parent of three",
    "youth mentor",
    "nurse",
)
OFFICES_OF_A_COUNCIL = {
    "judge": OfficeKind.CHAIR, "youth": OfficeKind.CO_CHAIR, "court-counselor": OfficeKind.SECRETARY
}  # fmt: skip
#: Counties with a closed Local Team, the first three with the Community Child Protection Team that it followed.
CLOSED = ("Alamance", "Durham", "Mecklenburg", "Wake")
ADVISORY = ("Alamance", "Guilford", "Robeson")
TOGETHER = ("Bladen", "Robeson")  # one Community Collaborative for both
LAST_CCPT_DAY, FIRST_LOCAL_DAY = dt.date(2025, 6, 30), dt.date(2025, 7, 1)


class Hall:
    """Where groups are made: everybody's names, the kinds, and from when to when terms run here."""

    def __init__(self, cast: Cast, clock: Clock, places: Mapping[str, Place]):
        self.cast, self.clock, self.places = cast, clock, places
        self.kinds = {kind.code: kind for kind in GroupKind.objects.all()}
        self.chief = cast.account("Ivy Sampson")
        first = dt.date(clock.today.year, 7, 1)
        self.july = first if first <= clock.today else dt.date(first.year - 1, 7, 1)

    def sit(self, seat: Seat, *, by, name: str = "", user=None, words: str = "", began: int = 0, **more) -> Term:
        """A two-year term that began in the July of this year or, with `began` 1, of the year before."""
        starts_on = more.pop("starts_on", None) or self.july.replace(year=self.july.year - began)
        ends_on = more.pop("ends_on", None) or last_day_of_term(starts_on, 2)
        return start_term(
            seat=seat, by=by, user=user, name=name, role_words=words, starts_on=starts_on, ends_on=ends_on, **more
        )

    def seats(self, group: Collaborative) -> dict[str, list[Seat]]:
        found: dict[str, list[Seat]] = {}
        for seat in group.seats.select_related("category").order_by("number"):
            found.setdefault(seat.category.code, []).append(seat)
        return found

    def more(self, group: Collaborative, code: str, count: int, by) -> list[Seat]:
        category = group.kind_of.categories.get(code=code)
        return [add_seat(group=group, category=category, by=by) for _number in range(count)]


def settle_groups(cast: Cast, clock: Clock, places: Mapping[str, Place]) -> dict[str, Collaborative]:
    """Every group of the demo, by a short name: `jcpc-Alamance`, `community-Durham`, `local-team-Wake`, `state`."""
    clock.go(WRITTEN_DOWN, 9)
    hall, groups = Hall(cast, clock, places), {}
    for name, place in places.items():
        groups[f"jcpc-{name}"] = _council(hall, place)
        if name not in TOGETHER:
            groups[f"community-{name}"] = _community(hall, [place])
        if name in ADVISORY:
            groups[f"cft-advisory-{name}"] = _advisory(hall, place)
        if name in CLOSED:
            groups[f"local-team-{name}"] = _local_team(hall, place)
    together = [places[name] for name in TOGETHER if name in places]
    if together:
        groups["community-" + "-".join(place.county.name for place in together)] = _community(hall, together)
    groups["state"] = _state(hall)
    return groups


# --- Counties --------------------------------------------------------------------------------------------------------
def _council(hall: Hall, place: Place) -> Collaborative:
    """A council with most of its 26 seats filled, and every way for a seat to be empty."""
    by, county = place.staff["coordinator"], place.county
    group = found_group(
        kind=hall.kinds["jcpc"], name=f"{county.name} County Juvenile Crime Prevention Council", by=by,
        counties=[county], starts_on=dt.date(1999, 1, 1),
        meets_words=f"Fourth Friday of every other month, noon, {place.towns[0]}",
        about="We look at what young people in our county need, and say which programs the county should pay for.",
    )  # fmt: skip
    seats = hall.seats(group)
    chair = BY_SLUG["jcpc-chair"] if county.name == "Alamance" else None
    empty = {seats["youth"][1], seats["substance-abuse"][0], seats["public"][5], seats["public"][6]}
    for seat in (seat for row in seats.values() for seat in row if seat not in empty):
        code, began = seat.category.code, seat.number % 2
        post, instead = COUNCIL_POSTS.get(code, ("", ""))
        if code == "judge" and chair:
            user = hall.cast.account(chair.name, slug=chair.slug)
            term = hall.sit(seat, by=by, user=user, words=COUNCIL_WORDS[code], began=began)
        elif post:
            term = hall.sit(
                seat, by=by, user=place.staff[post], words=place.title_of(post).lower(), began=began,
                organization=place.office_of(post), designee_of=instead,
            )  # fmt: skip
        else:
            words = PUBLIC_WORDS[seats["public"].index(seat)] if code == "public" else COUNCIL_WORDS[code]
            soon = {"starts_on": hall.clock.day(-671), "ends_on": hall.clock.day(59)} if code == "business" else {}
            name = hall.cast.new_name(*place.communities)
            term = hall.sit(seat, by=by, name=name, words=words, began=began, **soon)
        if code in OFFICES_OF_A_COUNCIL:
            give_office(term=term, kind=OFFICES_OF_A_COUNCIL[code], by=by, starts_on=max(term.starts_on, hall.july))
    _leave_empty(hall, place, seats, by)
    return group


def _leave_empty(hall: Hall, place: Place, seats: dict[str, list[Seat]], by) -> None:
    """One seat never filled, one whose term ran out, one whose holder moved, one that waits for the commissioners."""
    clock, today = hall.clock, hall.clock.today
    hall.sit(
        seats["substance-abuse"][0], by=by, name=hall.cast.new_name(*place.communities), words="recovery counselor",
        starts_on=today - dt.timedelta(days=770), ends_on=today - dt.timedelta(days=41),
    )  # fmt: skip
    moved = hall.sit(
        seats["public"][5], by=by, name=hall.cast.new_name(*place.communities), words="neighbor",
        starts_on=today - dt.timedelta(days=500), ends_on=today + dt.timedelta(days=229),
    )  # fmt: skip
    clock.go(-75, 10)
    end_term(term=moved, by=by, reason=EndOfTerm.MOVED, left_on=clock.day(-75))
    note_vacancy(seat=seats["youth"][1], by=by, reason=VacancyReason.NEVER_FILLED, since=clock.day(-300))
    note_vacancy(seat=seats["public"][6], by=by, reason=VacancyReason.WAITING, since=clock.day(-120))
    clock.go(WRITTEN_DOWN, 9)


def _community(hall: Hall, places: list[Place]) -> Collaborative:
    """A Community Collaborative of one county or of two: open, with families at the table."""
    by, names = places[0].staff["coordinator"], " and ".join(place.county.name for place in places)
    group = found_group(
        kind=hall.kinds["community"], name=f"{names} Community Collaborative", by=by,
        counties=[place.county for place in places], starts_on=dt.date(2004, 9, 1),
        meets_words=f"First Tuesday of the month, 5:30 pm, {places[0].towns[1]}. Supper and child care.",
        about="Families, agencies and neighbors who make the System of Care work here.",
    )  # fmt: skip
    families = hall.more(group, "family", 2 + len(places), by)
    for number, seat in enumerate(families[:-1]):
        place = places[number % len(places)]
        term = hall.sit(
            seat, by=by, name=hall.cast.new_name(*place.communities), words=PUBLIC_WORDS[number], began=number % 2
        )
        if not number:
            give_office(term=term, kind=OfficeKind.CO_CHAIR, by=by, starts_on=hall.july)
    for place in places:
        for code, post in (("agency", "dss"), ("school", "school"), ("provider", "therapist"), ("community", "friend")):
            [seat] = hall.more(group, code, 1, by)
            term = hall.sit(
                seat,
                by=by,
                user=place.staff[post],
                words=place.title_of(post).lower(),
                organization=place.office_of(post),
            )
            if code == "agency" and place is places[0]:
                give_office(term=term, kind=OfficeKind.CHAIR, by=by, starts_on=hall.july)
    return group


def _advisory(hall: Hall, place: Place) -> Collaborative:
    by, county = place.staff["coordinator"], place.county
    group = found_group(
        kind=hall.kinds["cft-advisory"], name=f"{county.name} County CFT Advisory Committee", counties=[county], by=by,
        starts_on=dt.date(2006, 1, 1), about="We look at how Child and Family Teams work in our county.",
    )  # fmt: skip
    seats = hall.seats(group)
    for code, post in (
        ("dss", "dss_boss"),
        ("court-counselor", "court_boss"),
        ("lme-mco", "plan"),
        ("health", "nurse"),
    ):
        instead = COUNCIL_POSTS[code][1]
        hall.sit(
            seats[code][0], by=by, user=place.staff[post], words=place.title_of(post).lower(),
            organization=place.office_of(post), designee_of=instead,
        )  # fmt: skip
    term = hall.sit(seats["family"][0], by=by, name=hall.cast.new_name(*place.communities), words="parent")
    give_office(term=term, kind=OfficeKind.CHAIR, by=by, starts_on=hall.july)
    return group


# --- Closed groups ---------------------------------------------------------------------------------------------------
def _local_team(hall: Hall, place: Place) -> Collaborative:
    """A Local Team, whose chair and minutes-keeper signed; and in most the team of old that it followed."""
    by, county = place.staff["dss_boss"], place.county
    group = found_group(
        kind=hall.kinds["local-team"], name=f"{county.name} County Local Team", counties=[county], by=by,
        starts_on=FIRST_LOCAL_DAY, about="We look at what the county can do so that children are safe.",
    )  # fmt: skip
    seats = hall.seats(group)
    office = place.office_of("dss")
    for code, post in (("dss-director", "dss_boss"), ("dss-staff", "dss"), ("mental-health", "plan"),
                       ("public-health", "nurse"), ("provider", "therapist")):  # fmt: skip
        term = hall.sit(
            seats[code][0], by=by, user=place.staff[post], words=place.title_of(post).lower(),
            organization=place.office_of(post), starts_on=FIRST_LOCAL_DAY, ends_on=last_day_of_term(hall.july, 2),
        )  # fmt: skip
        if post in ("dss_boss", "dss"):
            kind = OfficeKind.CHAIR if post == "dss_boss" else OfficeKind.SECRETARY
            give_office(term=term, kind=kind, by=by, starts_on=max(FIRST_LOCAL_DAY, term.starts_on))
        if post != "therapist":
            user = place.staff[post]
            text = STATEMENTS[STATEMENT_VERSION]["en"]
            sign_statement(group=group, by=user, text=text, name=user.name)
    for code, words in (
        ("law-enforcement", "detective"),
        ("ems", "paramedic"),
        ("parent", "parent"),
        ("judge", "judge"),
    ):
        hall.sit(
            seats[code][0], by=by, name=hall.cast.new_name(*place.communities), words=words,
            starts_on=FIRST_LOCAL_DAY, ends_on=last_day_of_term(hall.july, 2),
        )  # fmt: skip
    if county.name != CLOSED[-1]:
        _team_of_old(hall, place, group, by, office)
    return group


def _team_of_old(hall: Hall, place: Place, successor: Collaborative, by, office) -> None:
    """The Community Child Protection Team, which the law ended on June 30, 2025."""
    group = found_group(
        kind=hall.kinds["ccpt"], name=f"{place.county.name} County Community Child Protection Team",
        counties=[place.county], by=by, starts_on=dt.date(1994, 1, 1),
    )  # fmt: skip
    seats = hall.seats(group)
    for code, words in (("dss-director", "director of social services"), ("law-enforcement", "detective"),
                        ("public-health", "health director"), ("gal", "guardian ad litem")):  # fmt: skip
        hall.sit(
            seats[code][0], by=by, name=hall.cast.new_name(*place.communities), words=words,
            organization=office if code == "dss-director" else None,
            starts_on=dt.date(2024, 1, 1), ends_on=dt.date(2025, 12, 31),
        )  # fmt: skip
    end_group(group=group, by=by, ends_on=LAST_CCPT_DAY, successor=successor)


# --- The state -------------------------------------------------------------------------------------------------------
def _state(hall: Hall) -> Collaborative:
    """The State Collaborative with a family co-chair, and two subcommittees."""
    by, kind = hall.chief, hall.kinds["state"]
    group = found_group(
        kind=kind, name="State Collaborative for Children and Families", counties=[], by=by,
        starts_on=dt.date(2000, 1, 1), meets_words="Second Friday of the month, 9:30 am, Raleigh and by video",
        about="A neutral table for families, agencies, providers and advocates. We recommend; others decide.",
    )  # fmt: skip
    battle = BY_SLUG["state-cochair"]
    lorraine = hall.cast.account(battle.name, slug=battle.slug)
    everywhere = ("black", "white", "latino", "lumbee")
    families = hall.more(group, "family", 5, by)
    chair = hall.sit(families[0], by=by, user=lorraine, words="mom of a grown son", began=1)
    give_office(term=chair, kind=OfficeKind.CO_CHAIR, by=by, starts_on=hall.july)
    for seat, words in zip(families[1:4], ("foster parent", "19, youth leader", "grandparent"), strict=True):
        hall.sit(seat, by=by, name=hall.cast.new_name(*everywhere), words=words, began=seat.number % 2)
    rest = [("state-agency", 4, "state office"), ("local-agency", 3, "county agency"), ("provider", 2, "provider"),
            ("advocate", 2, "advocate"), ("community", 1, "pastor"), ("university", 1, "professor")]  # fmt: skip
    for code, count, words in rest:
        for place, seat in enumerate(hall.more(group, code, count, by)):
            if code == "state-agency" and not place:
                term = hall.sit(seat, by=by, user=hall.chief, words="System of Care lead", began=1)
                give_office(term=term, kind=OfficeKind.CO_CHAIR, by=by, starts_on=hall.july)
            elif (code, place) != ("local-agency", 2):
                hall.sit(seat, by=by, name=hall.cast.new_name(*everywhere), words=words, began=seat.number % 2)
    for name, leads in (("Training and Workforce", False), ("Family and Youth Voice", True)):
        _subcommittee(hall, group, name, lorraine if leads else None, everywhere)
    return group


def _subcommittee(hall: Hall, parent: Collaborative, name: str, leader, communities) -> None:
    by = hall.chief
    group = found_group(
        kind=parent.kind_of, name=name, counties=[], by=by, parent=parent, starts_on=dt.date(2010, 1, 1)
    )
    for code, words in (("family", "parent"), ("family", "youth"), ("provider", "trainer"), ("university", "lecturer")):
        [seat] = hall.more(group, code, 1, by)
        user = leader if words == "parent" else None
        term = hall.sit(seat, by=by, user=user, name="" if user else hall.cast.new_name(*communities), words=words)
        if words == "parent":
            give_office(term=term, kind=OfficeKind.CHAIR, by=by, starts_on=hall.july)
