"""The pages of groups: what they say of each seat, and what they answer to what is typed."""

import datetime as dt
import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from collaboratives.actions.groups import change_group, found_group, give_office, note_vacancy, start_term
from collaboratives.models import Collaborative, County, Office, Seat, Statement, Term
from collaboratives.models.seating import Seating
from soc_portal.access.scope import forget_scope
from tests.typed import drafts_for
from tests.world import make_user

pytestmark = pytest.mark.django_db
ONE_DAY = dt.timedelta(days=1)


def url(name, *args):
    return reverse(f"collaboratives:{name}", args=args)


def page_of(response):
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.fixture
def chair(world, sign_in):
    """The browser of the chair of Alamance's council."""
    return sign_in(world.users.jcpc_chair)


@pytest.fixture
def seat(world):
    return world.jcpc.seats.filter(terms=None).order_by("number").last()


@pytest.fixture
def days():
    today = timezone.localdate()
    return {"starts_on": today.isoformat(), "ends_on": (today + 500 * ONE_DAY).isoformat()}


# --- Reading ---------------------------------------------------------------------------------------------------------
def test_the_page_says_how_many_seats_are_filled_who_chairs_and_what_the_law_expects(world, sign_in):
    text = page_of(sign_in(world.users.caregiver).get(url("group_detail", world.jcpc.pk)))
    assert "3 of 26 seats are filled, 23 are waiting." in text
    assert "Chair: Harriet Cole" in text
    assert "Family and youth: 1" in text and "Empty seats: 23" in text
    assert "1 of 3 filled seats are held by family members and youth" in text
    assert "more than half of the filled seats: 2 of 3" in text
    assert "G.S. 143B-846" in text and "The text of the law was not read for all of this." in text
    assert "Anyone may come and listen." in text
    assert "Change" not in text and "Perry Stone" not in text


def test_a_seat_whose_term_ran_out_is_empty_and_says_since_when(world, sign_in, seat):
    today, by = timezone.localdate(), world.users.coordinator
    last = today - 10 * ONE_DAY
    start_term(seat=seat, name="Ada Moore", by=by, starts_on=today - 700 * ONE_DAY, ends_on=last)
    client = sign_in(world.users.jcpc_parent)
    text = page_of(client.get(url("group_detail", world.jcpc.pk)))
    assert "The term ended on" in text and "Ada Moore" not in text
    assert "3 of 26 seats are filled, 23 are waiting." in text
    note_vacancy(seat=seat, by=by, reason="waiting")
    assert "Waiting to be appointed" in page_of(client.get(url("group_detail", world.jcpc.pk)))


def test_terms_that_end_soon_and_those_to_come_are_pointed_out(world, sign_in, seat):
    today, by = timezone.localdate(), world.users.coordinator
    start_term(seat=seat, name="Ada Moore", by=by, starts_on=today, ends_on=today + 20 * ONE_DAY)
    other = world.jcpc.seats.filter(terms=None)[0]
    start_term(seat=other, name="Ben Cho", by=by, starts_on=today + 5 * ONE_DAY, ends_on=today + 400 * ONE_DAY)
    text = page_of(sign_in(world.users.caregiver).get(url("group_detail", world.jcpc.pk)))
    assert "1 term ends in the next 90 days." in text and "Soon:" in text
    assert "Ben Cho comes on" in text


def test_the_rule_of_the_family_co_chair_is_said_kept_or_not(world, sign_in):
    client = sign_in(world.users.caregiver)
    assert "A family or youth member always co-chairs It is so now" in page_of(
        client.get(url("group_detail", world.state_group.pk))
    )
    Office.objects.filter(group=world.state_group).update(
        ends_on=timezone.localdate() - ONE_DAY, starts_on="2020-01-01"
    )
    text = page_of(client.get(url("group_detail", world.state_group.pk)))
    assert "A family or youth member always co-chairs Not now" in text and "Nobody chairs this group now." in text


def test_a_closed_group_that_is_over_stays_as_it_was_on_its_last_day(world, sign_in):
    client = sign_in(world.users.local_team_chair)
    text = page_of(client.get(url("group_detail", world.ccpt.pk)))
    assert "This group came to its end on Monday, June 30, 2025." in text
    assert "It is followed by: Alamance County Local Team" in text
    assert "Odell Marsh" in text and "Change" not in text
    assert "The group before this one, until Monday, June 30, 2025" in page_of(
        client.get(url("group_detail", world.local_team.pk))
    )


def test_the_chair_of_a_closed_group_sees_who_has_not_signed(world, sign_in):
    start_term(
        seat=world.local_team.seats.get(category__code="parent"), name="No Account", by=world.users.local_team_chair,
        starts_on=timezone.localdate(), ends_on=timezone.localdate() + ONE_DAY,
    )  # fmt: skip
    text = page_of(sign_in(world.users.local_team_chair).get(url("group_detail", world.local_team.pk)))
    assert text.count("Has not signed yet") == 2  # one with an account and one without look the same
    assert re.search(r"Helen Ames Chair Jun|Helen Ames Chair \w", text)


def test_a_group_of_two_counties_is_on_both_pages(world, sign_in):
    found_group(
        kind=world.kinds["community"], name="Two Counties Together", counties=[world.alamance, world.durham],
        by=world.users.coordinator,
    )  # fmt: skip
    client = sign_in(world.users.caregiver)
    for county in (world.alamance, world.durham):
        text = page_of(client.get(url("county_detail", county.fips)))
        assert "Two Counties Together" in text and "Alamance, Durham" in text
    assert "Marcus Bell" in page_of(client.get(url("county_detail", world.alamance.fips)))
    assert "June Park" not in page_of(client.get(url("county_detail", world.alamance.fips)))


def test_every_county_of_the_state_is_listed_with_its_seats(world, sign_in):
    County.objects.create(name="Avery", fips="37011", court_district="35", lme_mco="Vaya", population=1, under_18=1)
    text = page_of(sign_in(world.users.caregiver).get(url("state_groups")))
    assert "Alamance 3 of 26 1 of 2" in text and "Avery – no group – no group" in text
    assert "State Collaborative for Children and Families 2 of 2 seats are filled" in text


def test_the_list_is_narrowed_by_county_and_kind_and_takes_any_nonsense(world, sign_in):
    client = sign_in(world.users.jcpc_chair)

    def listed(query):
        response = client.get(url("group_list") + query)
        return response.status_code, [group.pk for group in response.context["page"]]

    assert listed(f"?county={world.durham.fips}") == (200, [world.other_jcpc.pk])
    assert listed(f"?county={world.durham.fips}&kind=state") == (200, [])
    assert listed("?kind=state") == (200, [world.state_group.pk])
    assert listed("?page=99")[0] == 200
    for query in ("?county=nowhere", "?kind=x", "?county=%00", "?kind=" + "9" * 40):
        assert listed(query)[0] == 422
    assert [group.pk for group in client.get(url("group_list")).context["mine"]] == [world.jcpc.pk]


# --- Founding --------------------------------------------------------------------------------------------------------
def test_a_coordinator_starts_a_group_of_their_own_county_alone(world, sign_in):
    client = sign_in(world.users.coordinator)
    data = {
        "what": f"kind-{world.kinds['community'].pk}", "name": "New Collaborative", "starts_on": "2026-01-01",
        "counties": [world.durham.pk],
    }  # fmt: skip
    response = client.post(url("group_found"), data)
    assert response.status_code == 422 and not Collaborative.objects.filter(name="New Collaborative").exists()
    assert "New Collaborative" in response.content.decode()  # what was typed is there
    group_id = int(
        client.post(url("group_found"), data | {"counties": [world.alamance.pk]})["Location"].rstrip("/").split("/")[-1]
    )
    group = Collaborative.objects.get(pk=group_id)
    assert list(group.counties.all()) == [world.alamance] and group.starts_on == dt.date(2026, 1, 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"what": ""}, "Choose what kind of group it is."),
        ({"what": "kind-0"}, "We do not have this choice."),
        ({"name": " "}, "Write what the group is called."),
        ({"name": "x" * 161}, "This is too long."),
        ({"counties": []}, "Choose at least one county."),
        ({"counties": ["9" * 30]}, "is not one of the available choices"),
        ({"starts_on": "someday"}, "Write a day like this"),
        ({"starts_on": "0026-01-01"}, "Check the year."),
        ({"starts_on": "1990-01-01"}, "On that day there is no group of this kind."),
        ({"first_name": "Dana Poole"}, "This is for closed groups alone."),
    ],
)
def test_what_does_not_fit_is_said_next_to_its_question(world, sign_in, changes, words):
    data = {
        "what": f"kind-{world.kinds['jcpc'].pk}", "name": "Council", "starts_on": "2026-01-01",
        "counties": [world.alamance.pk],
    } | changes  # fmt: skip
    before = Collaborative.objects.count()
    response = sign_in(world.users.coordinator).post(url("group_found"), data)
    assert response.status_code == 422 and words in page_of(response)
    assert Collaborative.objects.count() == before


def test_whoever_starts_a_closed_group_names_its_first_member_and_never_sees_it(world, sign_in):
    client = sign_in(world.users.other_coordinator)
    data = {
        "what": f"kind-{world.kinds['local-team'].pk}", "name": "Durham County Local Team", "starts_on": "2026-01-01",
        "counties": [world.durham.pk],
    }  # fmt: skip
    text = page_of(client.post(url("group_found"), data))
    assert "Write who takes the first seat." in text and "Write their email." in text
    made = client.post(
        url("group_found"), data | {"first_name": "Dana Poole", "first_address": "dana@test.example"}, follow=True
    )
    assert made.redirect_chain == [(url("group_list"), 302)]
    group = Collaborative.objects.get(name="Durham County Local Team")
    assert group.name not in page_of(made)
    assert client.get(url("group_detail", group.pk)).status_code == 404
    dana = make_user("dana", "Dana Poole")
    client = sign_in(dana)
    listed = client.get(url("group_list"))
    [term] = listed.context["waiting"]
    assert client.post(url("term_take", term.pk), follow=True).status_code == 200
    assert client.get(url("group_detail", group.pk)).status_code == 404
    assert group.name in page_of(client.get(url("group_list")))
    client.post(url("statement_sign", group.pk), {"agrees": "on", "name": "Dana Poole"})
    assert client.get(url("seat_add", group.pk)).status_code == 200


def test_the_co_chair_of_the_state_starts_a_subcommittee_and_no_council(world, sign_in):
    client = sign_in(world.users.state_cochair)
    form = client.get(url("group_found")).context["form"]
    assert [key for key, _words in form.fields["what"].choices] == ["", f"under-{world.state_group.pk}"]
    assert "counties" not in form.fields and "first_name" not in form.fields
    data = {"what": f"under-{world.state_group.pk}", "name": "Training", "starts_on": "2026-01-01"}
    assert client.post(url("group_found"), data).status_code == 302
    group = Collaborative.objects.get(name="Training")
    assert group.parent == world.state_group and not group.seats.exists()
    assert client.post(url("group_found"), data | {"what": f"kind-{world.kinds['jcpc'].pk}"}).status_code == 422


# --- Seats and terms -------------------------------------------------------------------------------------------------
def test_a_seat_is_filled_by_name_alone_or_by_an_address_and_nobody_learns_whether_it_has_an_account(
    world, chair, seat, days
):
    make_user("has", "Has Account")
    other = world.jcpc.seats.filter(terms=None).order_by("number").first()
    answers = []
    for place, address in ((seat, "has@test.example"), (other, "hasnot@test.example")):
        data = days | {"name": "Ada Moore", "address": address}
        response = chair.post(url("term_start", world.jcpc.pk, place.pk), data, follow=True)
        text = response.content.decode()
        row = re.search(rf'<tr role="row" id="seat-{place.number}">.*?</tr>', text, flags=re.DOTALL).group()
        said = re.findall(r'role="status">.*?</div>', text, flags=re.DOTALL)
        # The seats' own numbers and names are all that differs.
        answers.append((said, re.sub(r"\d+", "#", row.replace(place.category.name, "category"))))
    assert answers[0][0] == answers[1][0]
    shape = [re.sub(r"is-(pro|community|family)", "is-x", row) for _said, row in answers]
    assert shape[0] == shape[1]
    assert [term.user is None for term in Term.objects.filter(name="Ada Moore").order_by("pk")] == [False, True]


def test_a_seat_that_somebody_holds_is_refused_next_to_the_first_day_and_what_was_typed_stays(world, chair, days):
    seat = world.terms["jcpc_member"].seat
    response = chair.post(
        url("term_start", world.jcpc.pk, seat.pk), days | {"name": "Ada Moore", "role_words": "parent of two"}
    )
    assert response.status_code == 422
    assert "Owen Grant holds this seat until" in response.context["form"].errors["starts_on"][0]
    assert "parent of two" in response.content.decode() and seat.terms.count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": ""}, "name", "Write their name."),
        ({"name": "x" * 121}, "name", "too long"),
        ({"address": "nobody"}, "address", "Write the email like this"),
        ({"starts_on": ""}, "starts_on", "Write the first day of the term."),
        ({"starts_on": "2026-02-30"}, "starts_on", "Write a day like this"),
        ({"ends_on": "2020-01-01"}, "ends_on", "The term ends before it starts."),
        ({"ends_on": "9999-12-31"}, "ends_on", "Check the year."),
        ({"organization": "9" * 30}, "organization", "We do not have this choice."),
        ({"organization": "x"}, "organization", "We do not have this choice."),
    ],
)
def test_a_term_that_does_not_fit_is_said_next_to_its_question(world, chair, seat, days, changes, field, words):
    response = chair.post(url("term_start", world.jcpc.pk, seat.pk), days | {"name": "Ada Moore"} | changes)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert words in response.context["form"].errors[field][0]
    assert not seat.terms.exists()


def test_a_term_longer_than_the_law_says_is_kept_with_a_warning(world, chair, seat):
    today = timezone.localdate()
    data = {"name": "Ada Moore", "starts_on": today.isoformat(), "ends_on": (today + 900 * ONE_DAY).isoformat()}
    text = page_of(chair.post(url("term_start", world.jcpc.pk, seat.pk), data, follow=True))
    assert "longer than the 2 years that the law says" in text and seat.terms.exists()


def test_a_term_of_exactly_two_years_is_no_longer_than_the_law_says(world, chair, seat):
    form = chair.get(url("term_start", world.jcpc.pk, seat.pk)).context["form"]
    days = {name: form[name].initial.isoformat() for name in ("starts_on", "ends_on")}
    text = page_of(chair.post(url("term_start", world.jcpc.pk, seat.pk), days | {"name": "Ada Moore"}, follow=True))
    assert "The seat is filled." in text and "longer than" not in text


def test_only_some_seats_may_be_held_in_somebodys_place(world, chair):
    judge = world.other_jcpc.kind_of.categories.get(code="parks")
    parks = Seat.objects.get(group=world.jcpc, category=judge)
    sheriff = Seat.objects.get(group=world.jcpc, category__code="sheriff")
    assert "designee_of" not in chair.get(url("term_start", world.jcpc.pk, parks.pk)).context["form"].fields
    assert "designee_of" in chair.get(url("term_start", world.jcpc.pk, sheriff.pk)).context["form"].fields


def test_somebody_leaves_with_a_reason_and_the_seat_is_empty_from_that_day(world, chair):
    term = world.terms["jcpc_member"]
    address = url("term_end", world.jcpc.pk, term.pk)
    today = timezone.localdate()
    for data, field in [
        ({"reason": "", "left_on": today}, "reason"),
        ({"reason": "renewed", "left_on": today}, "reason"),  # the portal's own word
        ({"reason": "moved", "left_on": ""}, "left_on"),
        ({"reason": "moved", "left_on": "2001-01-01"}, "left_on"),
        ({"reason": "moved", "left_on": term.ends_on + ONE_DAY}, "left_on"),
    ]:
        response = chair.post(address, data)
        assert response.status_code == 422 and list(response.context["form"].errors) == [field]
    text = page_of(chair.post(address, {"reason": "moved", "left_on": today}, follow=True))
    assert "Moved away or changed jobs" in text and "2 of 26 seats are filled" in text
    again = chair.post(address, {"reason": "moved", "left_on": today})
    assert again.status_code == 422 and "Somebody else has ended this term." in page_of(again)


def test_a_chair_goes_on_for_another_term(world, chair):
    term = world.terms["jcpc_chair"]
    address = url("term_renew", world.jcpc.pk, term.pk)
    form = chair.get(address).context["form"]
    assert form["starts_on"].initial == term.ends_on + ONE_DAY and "keep_offices" in form.fields
    data = {name: form[name].initial.isoformat() for name in ("starts_on", "ends_on")} | {"keep_offices": "on"}
    assert chair.post(address, data).status_code == 302
    seating = Seating(world.jcpc, term.ends_on + ONE_DAY)
    assert [seat.term.name for _office, seat in seating.holders("chair")] == ["Harriet Cole"]
    assert (
        "keep_offices"
        not in chair.get(url("term_renew", world.jcpc.pk, world.terms["jcpc_member"].pk)).context["form"].fields
    )
    early = chair.post(address, data | {"starts_on": term.starts_on.isoformat()})
    assert early.status_code == 422 and list(early.context["form"].errors) == ["starts_on"]


def test_offices_are_given_to_those_with_a_live_term_and_taken_back(world, chair):
    today = timezone.localdate().isoformat()
    address = url("office_give", world.jcpc.pk, world.terms["jcpc_member"].pk)
    for data, field in [
        ({"kind": "", "starts_on": today}, "kind"),
        ({"kind": "boss", "starts_on": today}, "kind"),
        ({"kind": "chair", "starts_on": today}, "kind"),
        ({"kind": "secretary", "starts_on": "2001-01-01"}, "starts_on"),
    ]:
        response = chair.post(address, data)
        assert response.status_code == 422 and list(response.context["form"].errors) == [field]
    assert chair.post(address, {"kind": "secretary", "starts_on": today}).status_code == 302
    gone = chair.post(
        url("office_give", world.jcpc.pk, world.terms["former_jcpc"].pk), {"kind": "secretary", "starts_on": today}
    )
    assert gone.status_code == 422 and "holds no seat on that day" in page_of(gone)
    office = world.terms["jcpc_member"].offices.get()
    Office.objects.filter(pk=office.pk).update(starts_on="2026-01-01")
    assert chair.post(url("office_end", world.jcpc.pk, office.pk)).status_code == 302
    assert chair.post(url("office_end", world.jcpc.pk, office.pk)).status_code == 404
    assert Office.objects.get(pk=office.pk).ends_on == timezone.localdate() - ONE_DAY


def test_a_seat_is_added_and_why_it_is_empty_is_noted(world, sign_in):
    client = sign_in(world.users.state_cochair)
    family = world.kinds["state"].categories.get(code="family")
    assert client.post(url("seat_add", world.state_group.pk), {"category": family.pk}).status_code == 302
    judge = world.kinds["jcpc"].categories.get(code="judge")
    assert client.post(url("seat_add", world.state_group.pk), {"category": judge.pk}).status_code == 422
    seat = world.state_group.seats.order_by("number").last()
    address = url("seat_note", world.state_group.pk, seat.pk)
    for data in ({}, {"reason": "bored", "since": "2026-01-01"}, {"reason": "waiting", "since": ""},
                 {"reason": "waiting", "since": "2149-01-01"}):  # fmt: skip
        assert client.post(address, data | {"x": "y"}).status_code == 422
    client.post(address, {"reason": "waiting", "since": "2026-01-01"})
    seat.refresh_from_db()
    assert (seat.vacancy_reason, seat.vacant_since) == ("waiting", dt.date(2026, 1, 1))
    filled = world.terms["state_cochair"].seat
    response = client.post(
        url("seat_note", world.state_group.pk, filled.pk), {"reason": "waiting", "since": "2026-01-01"}
    )
    assert response.status_code == 422 and "Somebody holds this seat." in page_of(response)


def test_the_council_has_no_room_for_a_27th_seat(world, chair):
    public = world.kinds["jcpc"].categories.get(code="public")
    response = chair.post(url("seat_add", world.jcpc.pk), {"category": public.pk})
    assert response.status_code == 422 and "no more seats of this kind" in page_of(response)


# --- Words, merges, the end ------------------------------------------------------------------------------------------
def test_two_who_write_the_same_words_put_them_together(world, chair):
    address = url("group_edit", world.jcpc.pk)
    change_group(group=world.jcpc, by=world.users.coordinator, base_version=1, values={"about": "Words of Marcus"})
    data = {"name": world.jcpc.name, "about": "Words of Harriet", "meets_words": "Fridays", "version": 1}
    response = chair.post(address, data)
    assert response.status_code == 409
    text = page_of(response)
    assert "Words of Marcus" in text and "Words of Harriet" in text and "Two people wrote this" in text
    assert Collaborative.objects.get(pk=world.jcpc.pk).about == "Words of Marcus"
    assert drafts_for(world.users.jcpc_chair, address)["about"] == "Words of Harriet"
    form = response.context["form"]
    assert (form["about"].value(), form["meets_words"].value(), form["version"].value()) == (
        "Words of Harriet",
        "Fridays",
        2,
    )
    assert chair.post(address, data | {"about": "Both", "version": 2}).status_code == 302
    group = Collaborative.objects.get(pk=world.jcpc.pk)
    assert (group.about, group.meets_words, group.version) == ("Both", "Fridays", 3)
    assert drafts_for(world.users.jcpc_chair, address) == {}


def test_a_group_needs_its_name(world, chair):
    response = chair.post(url("group_edit", world.jcpc.pk), {"name": "", "about": "Still here", "version": 1})
    assert response.status_code == 422 and "Write what the group is called." in page_of(response)
    assert "Still here" in response.content.decode()


def test_a_group_ends_with_its_successor_named(world, sign_in):
    client, today = sign_in(world.users.coordinator), timezone.localdate()
    new = found_group(
        kind=world.kinds["jcpc"], name="Alamance and Durham Council", counties=[world.alamance, world.durham],
        by=world.users.coordinator,
    )  # fmt: skip
    address = url("group_end", world.jcpc.pk)
    for data, field in [
        ({"ends_on": ""}, "ends_on"),
        ({"ends_on": "1999-01-01"}, "ends_on"),
        ({"ends_on": today, "successor": world.state_group.pk}, "successor"),
        ({"ends_on": today, "successor": world.local_team.pk}, "successor"),  # closed: not told, not offered
    ]:
        response = client.post(address, data)
        assert response.status_code == 422 and list(response.context["form"].errors) == [field]
    assert client.post(address, {"ends_on": today, "successor": new.pk}).status_code == 302
    group = Collaborative.objects.get(pk=world.jcpc.pk)
    assert (group.ends_on, group.successor) == (today, new)
    assert client.post(address, {"ends_on": today}).status_code == 422


def test_who_changed_what_is_told_to_those_who_run_the_group(world, chair):
    text = page_of(chair.get(url("group_history", world.jcpc.pk)))
    assert "Perry Stone left seat 3 on" in text and "Stepped down." in text
    assert "Harriet Cole has seat" in text and "The group was written down." in text and "Marcus Bell" in text


# --- Closed groups ---------------------------------------------------------------------------------------------------
def test_a_member_reads_the_statement_and_signs_with_tick_and_name(world, sign_in):
    user = world.users.local_team_unsigned
    client, address = sign_in(user), url("statement_sign", world.local_team.pk)
    assert client.get(url("group_detail", world.local_team.pk)).status_code == 404
    text = page_of(client.get(address))
    assert "stays in this group" in text and "G.S. 7B-1413" in text and "Helen Ames" not in text
    for data, field in [({"name": "Tom Rusk"}, "agrees"), ({"agrees": "on", "name": " "}, "name")]:
        response = client.post(address, data)
        assert response.status_code == 422 and list(response.context["form"].errors) == [field]
        assert not Statement.objects.filter(user=user).exists()
    assert client.post(address, {"agrees": "on", "name": "Tom Rusk"}).status_code == 302
    signed = Statement.objects.get(user=user)
    assert (signed.name, signed.language, signed.version) == ("Tom Rusk", "en", 1)
    assert "stays in this group" in signed.text
    forget_scope(user)
    assert client.get(url("group_detail", world.local_team.pk)).status_code == 200
    assert "You signed this on" in page_of(client.get(address))
    client.post(address, {"agrees": "on", "name": "Tom Rusk"})
    assert Statement.objects.filter(user=user).count() == 1


def test_the_statement_is_signed_in_the_language_in_which_it_was_read(world, sign_in):
    user = world.users.local_team_unsigned
    type(user).objects.filter(pk=user.pk).update(language="es")
    user.refresh_from_db()
    client = sign_in(user)
    client.post(reverse("set_language"), {"language": "es", "next": "/"})
    client.post(url("statement_sign", world.local_team.pk), {"agrees": "on", "name": "Tom Rusk"})
    signed = Statement.objects.get(user=user)
    assert signed.language == "es" and "se queda en este grupo" in signed.text


def test_an_open_group_has_no_statement(world, chair):
    assert chair.get(url("statement_sign", world.jcpc.pk)).status_code == 404


def test_a_seat_that_waits_is_taken_by_its_owner_once(world, sign_in):
    client = sign_in(world.users.other_partner)
    assert "A seat waits for you: Durham County" in page_of(client.get(url("group_list")))
    assert client.post(url("term_take", world.waiting.pk)).status_code == 302
    assert client.post(url("term_take", world.waiting.pk)).status_code == 404
    assert Term.objects.get(pk=world.waiting.pk).user == world.users.other_partner
    assert "Durham County" in page_of(client.get(url("group_list"))).split("All groups")[0]


def test_names_are_never_markup(world, chair, seat, days):
    evil = "<script>alert(1)</script>"
    chair.post(url("term_start", world.jcpc.pk, seat.pk), days | {"name": evil, "role_words": evil})
    change_group(group=world.jcpc, by=world.users.coordinator, base_version=1, values={"name": evil, "about": evil})
    for name in ("group_detail", "group_history", "group_edit"):
        text = chair.get(url(name, world.jcpc.pk)).content.decode()
        assert evil not in text and "&lt;script&gt;" in text


def test_page_titles_name_nobody(world, chair):
    for name in ("group_detail", "group_history", "group_edit", "group_end", "seat_add"):
        title = re.search(r"<title>(.*?)</title>", chair.get(url(name, world.jcpc.pk)).content.decode()).group(1)
        assert "Alamance" not in title and "Harriet" not in title


def test_the_last_office_of_a_chair_can_be_shared(world, chair):
    parent = world.terms["jcpc_parent"]
    give_office(term=parent, kind="co_chair", by=world.users.coordinator)
    text = page_of(chair.get(url("group_detail", world.jcpc.pk)))
    assert "Co-chair: Wanda Pickard" in text and "A family or youth member co-chairs It is so now" in text
