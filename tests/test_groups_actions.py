"""Groups, seats, terms and offices: what is refused, what is kept, and since when a seat is empty."""

import datetime as dt
import threading

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from collaboratives.actions.groups import (
    add_seat,
    change_group,
    end_group,
    end_office,
    end_term,
    found_group,
    give_office,
    note_vacancy,
    renew_term,
    sign_statement,
    start_term,
    take_term,
)
from collaboratives.actions.groups.terms import last_day_of_term
from collaboratives.enums import EndOfTerm, OfficeKind, VacancyReason
from collaboratives.models import Collaborative, Office, Seat, Statement, Term
from collaboratives.models.seating import SOON, Seating, counted, quorum_of, with_counts
from soc_portal.audit.models import Event
from soc_portal.versions.actions import Conflict
from soc_portal.versions.models import Revision
from tests.world import make_user

ONE_DAY = dt.timedelta(days=1)
MARCH = dt.date(2026, 3, 1)
pytestmark = pytest.mark.django_db


def refused(field, words):
    """A refusal next to this field; None for one on top."""

    def check(error):
        by_field = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
        return list(by_field) == [field] and words in " ".join(by_field[field])

    return pytest.raises(ValidationError, check=check)


@pytest.fixture
def by(world):
    return world.users.coordinator


@pytest.fixture
def seat(world):
    """A seat of Alamance's council that nobody ever held."""
    return world.jcpc.seats.filter(terms=None).order_by("number").last()


def sit(seat, by, first, last, name="Ada Moore", **more):
    return start_term(seat=seat, by=by, name=name, starts_on=first, ends_on=last, **more)


def now(seat, on):
    return next(row for row in Seating(seat.group, on).seats if row.seat.pk == seat.pk)


# --- Founding --------------------------------------------------------------------------------------------------------
def test_a_council_begins_with_its_26_seats_in_the_order_of_the_law(world, by):
    group = found_group(kind=world.kinds["jcpc"], name="Third council", counties=[world.durham], by=by)
    seating = Seating(group)
    assert [seat.number for seat in seating.seats] == list(range(1, 27))
    assert [seat.category.code for seat in seating.seats][:2] == ["superintendent", "police-chief"]
    assert {(seat.empty_since, seat.why_empty) for seat in seating.seats} == {
        (timezone.localdate(), VacancyReason.NEVER_FILLED)
    }
    assert Event.objects.filter(verb="group_founded", object_id=group.pk, actor_id=by.pk).exists()
    assert Revision.objects.get(kind="collaboratives.collaborative", item_id=group.pk).group_id == group.pk


def test_of_a_group_that_is_older_than_the_portal_nobody_makes_up_since_when_its_seats_are_empty(world, by):
    group = found_group(
        kind=world.kinds["jcpc"], name="Old", counties=[world.durham], by=by, starts_on=dt.date(1999, 1, 1)
    )
    assert {(seat.empty_since, seat.why_empty) for seat in Seating(group).seats} == {(None, "")}


@pytest.mark.parametrize(
    ("kind", "values", "field", "words"),
    [
        ("jcpc", {"counties": []}, "counties", "at least one county"),
        ("cft-advisory", {"counties": ["alamance", "durham"]}, "counties", "serves one county"),
        ("jcpc", {"starts_on": dt.date(1990, 1, 1)}, "starts_on", "no group of this kind"),
        ("ccpt", {"starts_on": dt.date(2025, 7, 1)}, "starts_on", "no group of this kind"),
        (
            "ccpt",
            {"starts_on": dt.date(2020, 1, 1), "ends_on": dt.date(2026, 1, 1)},
            "starts_on",
            "no group of this kind",
        ),
        ("jcpc", {"starts_on": MARCH, "ends_on": MARCH - ONE_DAY}, "ends_on", "before the first"),
    ],
)
def test_a_group_that_the_law_does_not_know_is_refused(world, by, kind, values, field, words):
    counties = [getattr(world, name) for name in values.pop("counties", ["alamance"])]
    before = Collaborative.objects.count()
    with refused(field, words):
        found_group(kind=world.kinds[kind], name="New", counties=counties, by=by, **values)
    assert Collaborative.objects.count() == before


def test_a_closed_group_begins_with_somebody_who_chairs_it_until_it_chooses(world, by):
    director = make_user("director", "Dana Poole")
    group = found_group(
        kind=world.kinds["local-team"], name="Durham County Local Team", counties=[world.durham], by=by,
        first_name="Dana Poole", first_address="Director@test.example",
    )  # fmt: skip
    office, seat = Seating(group).holders(OfficeKind.CHAIR)[0]
    assert (seat.category.code, seat.term.user, office.kind) == ("dss-director", director, "chair")


# --- Seats -----------------------------------------------------------------------------------------------------------
def test_no_more_seats_than_the_law_names(world, by):
    judge, council = world.kinds["jcpc"].categories.get(code="judge"), world.jcpc
    with refused("category", "no more seats of this kind"):
        add_seat(group=council, category=judge, by=by)
    world.kinds["jcpc"].categories.filter(code="judge").update(count=None)
    judge.refresh_from_db()
    with refused("category", "at most 26 members"):
        add_seat(group=council, category=judge, by=by)
    with refused("category", "no seats of this kind"):
        add_seat(group=world.state_group, category=judge, by=by)


def test_two_who_add_a_seat_get_two_numbers(world, by):
    family = world.kinds["state"].categories.get(code="family")
    numbers = [add_seat(group=world.state_group, category=family, by=by).number for _time in range(2)]
    assert numbers[1] == numbers[0] + 1
    assert len(set(world.state_group.seats.values_list("number", flat=True))) == world.state_group.seats.count()


# --- Terms: who holds a seat on which day ----------------------------------------------------------------------------
def test_the_last_day_of_a_term_counts_and_the_next_day_the_seat_is_empty(seat, by):
    term = sit(seat, by, MARCH + 400 * ONE_DAY, MARCH + 500 * ONE_DAY)
    assert now(seat, term.ends_on).term == term
    after = now(seat, term.ends_on + ONE_DAY)
    assert (after.term, after.ran_out, after.empty_since) == (None, True, term.ends_on + ONE_DAY)
    assert after.why_empty == VacancyReason.TERM_ENDED
    assert now(seat, term.starts_on - ONE_DAY).coming == term


def test_vacancies_are_counted_by_the_clock_alone(world, by):
    """Nothing is written on the day a term runs out: the count follows from its last day, in New York."""
    group, first = world.jcpc, timezone.localdate()
    seats = list(group.seats.filter(terms=None)[:2])
    sit(seats[0], by, first, first + 10 * ONE_DAY)
    sit(seats[1], by, first + 10 * ONE_DAY, first + 20 * ONE_DAY)
    before = len(Seating(group).filled) - 1

    def filled(day, hour):
        moment = dt.datetime.combine(first + day * ONE_DAY, dt.time(hour, 59, 59), timezone.get_current_timezone())
        with time_machine.travel(moment, tick=False):
            [row] = with_counts(Collaborative.objects.filter(pk=group.pk))
            assert row.filled_count == len(Seating(group).filled)
            return row.filled_count - before

    assert [filled(day, 23) for day in (9, 10, 11, 20, 21)] == [1, 2, 1, 1, 0]
    assert filled(11, 0) == 1


def test_a_person_who_leaves_is_gone_from_that_day_and_the_reason_stays(seat, by):
    term = sit(seat, by, MARCH, MARCH + 700 * ONE_DAY)
    end_term(term=term, by=by, reason=EndOfTerm.MOVED, left_on=MARCH + 30 * ONE_DAY)
    assert now(seat, MARCH + 29 * ONE_DAY).is_filled
    empty = now(seat, MARCH + 30 * ONE_DAY)
    assert (empty.is_filled, empty.empty_since, empty.why_empty) == (False, MARCH + 30 * ONE_DAY, "moved")
    assert not empty.ran_out


def test_ending_a_past_term_does_not_empty_the_seat_of_whoever_came_after(seat, by):
    old = sit(seat, by, MARCH, MARCH + 30 * ONE_DAY)
    new = sit(seat, by, MARCH + 40 * ONE_DAY, MARCH + 900 * ONE_DAY, name="Next")
    end_term(term=old, by=by, reason=EndOfTerm.STEPPED_DOWN, left_on=MARCH + 10 * ONE_DAY)
    seat.refresh_from_db()
    assert seat.vacant_since is None and now(seat, MARCH + 50 * ONE_DAY).term == new


def test_a_term_that_was_a_mistake_can_be_taken_back_on_its_first_day(seat, by):
    wrong = sit(seat, by, MARCH, MARCH + 30 * ONE_DAY, name="Wrong Person")
    end_term(term=wrong, by=by, reason=EndOfTerm.REMOVED, left_on=MARCH)
    right = sit(seat, by, MARCH, MARCH + 30 * ONE_DAY, name="Right Person")
    assert now(seat, MARCH).term == right
    end_term(term=right, by=by, reason=EndOfTerm.REMOVED, left_on=MARCH)
    assert sit(seat, by, MARCH - 9 * ONE_DAY, MARCH + 9 * ONE_DAY)


@pytest.mark.parametrize(
    ("first", "last", "fits"),
    [
        (-20, -1, True),
        (-20, 0, False),
        (0, 0, False),
        (50, 60, False),
        (100, 120, False),
        (101, 120, True),
        (-5, 200, False),
    ],
)
def test_nobody_takes_a_seat_on_a_day_on_which_somebody_holds_it(seat, by, first, last, fits):
    sit(seat, by, MARCH, MARCH + 100 * ONE_DAY)
    days = MARCH + first * ONE_DAY, MARCH + last * ONE_DAY
    if fits:
        assert sit(seat, by, *days, name="Next")
        return
    with refused("starts_on", "Ada Moore holds this seat until"):
        sit(seat, by, *days, name="Next")
    assert seat.terms.filter(starts_on__gte=MARCH - 20 * ONE_DAY).count() == 1


def test_days_in_the_wrong_order_are_refused_next_to_their_field(world, seat, by):
    with refused("ends_on", "ends before it starts"):
        sit(seat, by, MARCH, MARCH - ONE_DAY)
    term = sit(seat, by, MARCH, MARCH)
    with refused("left_on", "before the term began"):
        end_term(term=term, by=by, reason="moved", left_on=MARCH - ONE_DAY)
    with refused("left_on", "over by that day"):
        end_term(term=term, by=by, reason="moved", left_on=MARCH + ONE_DAY)
    with refused("starts_on", "after the old one"):
        renew_term(term=term, by=by, starts_on=MARCH, ends_on=MARCH)
    with refused("starts_on", "come to its end"):
        sit(world.ccpt.seats.last(), by, dt.date(2025, 7, 1), dt.date(2025, 8, 1))


def test_two_who_end_a_term_end_it_once(seat, by):
    term = sit(seat, by, MARCH, MARCH + 9 * ONE_DAY)
    end_term(term=term, by=by, reason="moved", left_on=MARCH + ONE_DAY)
    with refused(None, "Somebody else has ended this term"):
        end_term(term=Term.objects.get(pk=term.pk), by=by, reason="died", left_on=MARCH + 2 * ONE_DAY)
    assert Term.objects.get(pk=term.pk).left_reason == "moved"


def test_an_address_finds_its_account_and_one_without_waits_for_it(world, seat, by):
    today = timezone.localdate()
    member = make_user("ada", "Ada M.")
    term = sit(seat, by, today, today, address="ADA@test.example")
    assert (term.user, term.name, term.address) == (member, "Ada Moore", "ada@test.example")
    waiting = sit(world.jcpc.seats.filter(terms=None)[0], by, today, today + ONE_DAY, address="new@test.example")
    assert waiting.user is None
    stranger, owner = make_user("stranger", "Stranger"), make_user("new", "New Owner")
    assert not take_term(term=waiting, by=stranger)
    assert take_term(term=waiting, by=owner) and not take_term(term=waiting, by=owner)
    assert Term.objects.get(pk=waiting.pk).user == owner


def test_an_address_of_a_closed_account_finds_nobody(seat, by):
    member = make_user("ada", "Ada M.", is_active=False)
    assert sit(seat, by, MARCH, MARCH, address=member.email).user is None


# --- Renewal ---------------------------------------------------------------------------------------------------------
def test_a_new_term_follows_the_old_one_with_the_same_person(seat, by):
    old = sit(seat, by, MARCH, MARCH + 30 * ONE_DAY, role_words="pastor", designee_of="the sheriff")
    new = renew_term(term=old, by=by, starts_on=MARCH + 31 * ONE_DAY, ends_on=MARCH + 60 * ONE_DAY)
    assert (new.name, new.role_words, new.designee_of, new.seat) == ("Ada Moore", "pastor", "the sheriff", seat)
    assert Term.objects.get(pk=old.pk).left_on is None
    assert not now(seat, MARCH + 30 * ONE_DAY).ends_soon  # somebody is there for the day after


def test_a_new_term_cuts_the_old_one_short_where_it_begins_earlier(seat, by):
    old = sit(seat, by, MARCH, MARCH + 30 * ONE_DAY)
    give_office(term=old, kind=OfficeKind.CO_CHAIR, by=by, starts_on=MARCH)
    new = renew_term(term=old, by=by, starts_on=MARCH + 10 * ONE_DAY, ends_on=MARCH + 60 * ONE_DAY, keep_offices=True)
    old = Term.objects.get(pk=old.pk)
    assert (old.left_on, old.left_reason) == (new.starts_on, EndOfTerm.RENEWED)
    offices = Office.objects.filter(term__in=[old, new], kind="co_chair").order_by("pk")
    assert list(offices.values_list("starts_on", "ends_on")) == [
        (MARCH, MARCH + 9 * ONE_DAY), (MARCH + 10 * ONE_DAY, None),
    ]  # fmt: skip
    assert now(seat, MARCH + 9 * ONE_DAY).term == old and now(seat, MARCH + 10 * ONE_DAY).term == new


def test_a_renewal_that_meets_somebody_else_changes_nothing(seat, by):
    old = sit(seat, by, MARCH, MARCH + 30 * ONE_DAY)
    sit(seat, by, MARCH + 40 * ONE_DAY, MARCH + 50 * ONE_DAY, name="Next Person")
    with refused("starts_on", "Next Person holds this seat"):
        renew_term(term=old, by=by, starts_on=MARCH + 20 * ONE_DAY, ends_on=MARCH + 45 * ONE_DAY)
    assert Term.objects.get(pk=old.pk).left_on is None


@pytest.mark.parametrize(
    ("first", "years", "last"),
    [((2026, 7, 1), 2, (2028, 6, 30)), ((2024, 2, 29), 2, (2026, 2, 28)), ((2026, 1, 1), 1, (2026, 12, 31))],
)
def test_a_term_of_so_many_years_ends_the_day_before(first, years, last):
    assert last_day_of_term(dt.date(*first), years) == dt.date(*last)


# --- Offices ---------------------------------------------------------------------------------------------------------
def test_an_office_needs_a_live_term_and_one_chairs(world, seat, by):
    today = timezone.localdate()
    with refused("starts_on", "holds no seat on that day"):
        give_office(term=world.terms["former_jcpc"], kind="chair", by=by)
    coming = sit(seat, by, today + 9 * ONE_DAY, today + 99 * ONE_DAY)
    with refused("starts_on", "holds no seat on that day"):
        give_office(term=coming, kind="co_chair", by=by)
    with refused("kind", "Somebody chairs this group"):
        give_office(term=world.terms["jcpc_member"], kind="chair", by=by)
    with refused("kind", "does this for the group already"):
        give_office(term=world.terms["jcpc_chair"], kind="chair", by=by)
    give_office(term=world.terms["jcpc_member"], kind="co_chair", by=by)
    end_office(office=world.terms["jcpc_chair"].offices.get(), by=by, ends_on=today)
    assert give_office(term=world.terms["jcpc_member"], kind="chair", by=by, starts_on=today + ONE_DAY)


def test_an_office_that_begins_later_can_not_be_given_twice(world, by):
    later = timezone.localdate() + 9 * ONE_DAY
    give_office(term=world.terms["jcpc_member"], kind="co_chair", by=by, starts_on=later)
    with refused("kind", "already"):
        give_office(term=world.terms["jcpc_member"], kind="co_chair", by=by)


# --- What the table says ---------------------------------------------------------------------------------------------
def test_a_reason_may_be_noted_for_an_empty_seat_alone(world, by):
    filled, left = world.terms["jcpc_chair"].seat, world.terms["former_jcpc"].seat
    with refused(None, "Somebody holds this seat"):
        note_vacancy(seat=filled, by=by, reason="waiting")
    empty = world.jcpc.seats.filter(terms=None)[0]
    with refused("since", "has not come yet"):
        note_vacancy(seat=empty, by=by, reason="waiting", since=timezone.localdate() + ONE_DAY)
    note_vacancy(seat=empty, by=by, reason="waiting", since=MARCH)
    found = now(empty, timezone.localdate())
    assert (found.empty_since, found.why_empty) == (MARCH, "waiting")
    note_vacancy(seat=left, by=by, reason="waiting", since=MARCH)  # its term tells since when
    assert now(left, timezone.localdate()).empty_since == timezone.localdate()
    assert now(left, timezone.localdate()).why_empty == "waiting"


def test_a_note_does_not_outlive_the_next_term(world, by):
    seat, today = world.jcpc.seats.filter(terms=None)[0], timezone.localdate()
    note_vacancy(seat=seat, by=by, reason="waiting", since=MARCH)
    term = sit(seat, by, today, today + 5 * ONE_DAY)
    assert now(seat, today).is_filled
    later = now(seat, today + 9 * ONE_DAY)
    assert (later.empty_since, later.why_empty) == (term.ends_on + ONE_DAY, VacancyReason.TERM_ENDED)


def test_terms_that_end_in_90_days_are_pointed_out(seat, by):
    term = sit(seat, by, MARCH, MARCH + 400 * ONE_DAY)
    assert now(seat, term.ends_on - SOON).ends_soon
    assert not now(seat, term.ends_on - SOON - ONE_DAY).ends_soon


@pytest.mark.parametrize(("filled", "needed"), [(0, 1), (1, 1), (2, 2), (3, 2), (22, 12), (23, 12), (26, 14)])
def test_more_than_half_of_the_filled_seats_make_a_quorum(world, filled, needed):
    assert quorum_of(world.kinds["jcpc"], filled) == needed
    assert quorum_of(world.kinds["state"], filled) is None


def test_a_family_member_co_chairs_only_while_the_term_lives(world, by):
    seating = Seating(world.state_group)
    assert seating.family_co_chairs
    assert not Seating(world.state_group, world.terms["state_cochair"].ends_on + ONE_DAY).family_co_chairs
    end_office(office=world.terms["state_cochair"].offices.get(), by=by, ends_on=world.terms["state_cochair"].starts_on)
    give_office(term=world.terms["state_member"], kind="co_chair", by=by)
    assert Seating(world.state_group).family_co_chairs == Seating(world.state_group).holders("co_chair")[0][1].is_family


def test_a_group_of_two_counties_counts_once_in_each(world, by):
    both = found_group(kind=world.kinds["community"], name="Both", counties=[world.alamance, world.durham], by=by)
    seat = add_seat(group=both, category=both.kind_of.categories.get(code="family"), by=by)
    sit(seat, by, timezone.localdate(), timezone.localdate())
    rows = {row["group__counties"]: row for row in counted(Seat.objects.filter(group=both), "group__counties")}
    for county in (world.alamance, world.durham):
        found = {name: rows[county.pk][name] for name in ("seats", "filled", "family_seats", "family_filled")}
        assert found == {"seats": 1, "filled": 1, "family_seats": 1, "family_filled": 1}


# --- The end of a group ----------------------------------------------------------------------------------------------
def test_when_a_group_ends_nobody_is_carried_over_and_its_page_stays_as_it_was(world, seat, by):
    today = timezone.localdate()
    coming = sit(seat, by, today + 50 * ONE_DAY, today + 90 * ONE_DAY)
    last = today + 9 * ONE_DAY
    group = end_group(group=world.jcpc, by=by, ends_on=last, successor=world.local_team)
    assert (group.ends_on, group.successor) == (last, world.local_team)
    terms = Term.objects.filter(seat__group=group)
    assert not terms.live(last + ONE_DAY).exists() and not terms.live(today + 60 * ONE_DAY).exists()
    assert Term.objects.get(pk=coming.pk).left_reason == EndOfTerm.GROUP_ENDED
    assert terms.live(last).count() == len(Seating(group, today + 700 * ONE_DAY).filled) == 3
    assert Seating(group, today + 700 * ONE_DAY).holders("chair")
    assert Revision.objects.filter(kind="collaboratives.collaborative", item_id=group.pk).count() == 2


def test_a_group_ends_once_not_before_it_began_and_is_followed_by_one_that_can(world, by):
    today = timezone.localdate()
    with refused("ends_on", "before the group began"):
        end_group(group=world.jcpc, by=by, ends_on=today - 99999 * ONE_DAY)
    for wrong in (world.jcpc, world.other_jcpc, world.state_group):
        with refused("successor", "cannot follow"):
            end_group(group=world.jcpc, by=by, ends_on=today, successor=wrong)
    end_group(group=world.jcpc, by=by, ends_on=today)
    with refused(None, "Somebody else has ended this group"):
        end_group(group=Collaborative.objects.get(pk=world.jcpc.pk), by=by, ends_on=today)


def test_two_who_change_the_words_of_a_group_meet_in_a_conflict(world, by):
    change_group(group=world.jcpc, by=by, base_version=1, values={"about": "Mine"})
    with pytest.raises(Conflict) as conflict:
        change_group(group=world.jcpc, by=world.users.jcpc_chair, base_version=1, values={"about": "Yours"})
    assert conflict.value.fields == ["about"]
    change_group(group=world.jcpc, by=by, base_version=1, values={"meets_words": "Fridays"})
    assert Collaborative.objects.get(pk=world.jcpc.pk).about == "Mine"


def test_whoever_signs_twice_signs_once_and_the_words_are_kept(world):
    user = world.users.local_team_unsigned
    first = sign_statement(group=world.local_team, by=user, text="First words", name="Tom Rusk")
    assert sign_statement(group=world.local_team, by=user, text="Other words") == first
    kept = Statement.objects.get(user=user)
    assert (kept.text, kept.name, kept.version, kept.language) == ("First words", "Tom Rusk", 1, "en")
    assert Event.objects.filter(verb="statement_signed", actor_id=user.pk).count() == 1


# --- Two at once, on PostgreSQL --------------------------------------------------------------------------------------
@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_two_who_fill_one_seat_at_the_same_moment_fill_it_once():
    from tests.world import make_world

    world = make_world()
    seat, by = world.jcpc.seats.filter(terms=None)[0], world.users.coordinator
    start, outcomes = threading.Barrier(2), []

    def fill(name, first):
        try:
            start.wait(timeout=20)
            sit(seat, by, first, first + 30 * ONE_DAY, name=name)
            outcomes.append("filled")
        except ValidationError as error:
            outcomes.append(list(error.message_dict))
        finally:
            connection.close()

    hands = [threading.Thread(target=fill, args=(f"Hand {n}", MARCH + n * ONE_DAY)) for n in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(timeout=60)
    assert sorted(outcomes, key=str) == [["starts_on"], "filled"]
    assert seat.terms.count() == 1
