"""Who is on the team: naming, choosing, inviting, stepping back."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collaboratives.models import Organization
from families.models import Person
from soc_portal.notices.models import Notice
from teams.actions.memberships import accept_place, choose_member, end_membership, end_team, propose_member
from teams.enums import EndReason, MemberKind
from teams.models import Consent, Invitation, Membership
from tests.typed import drafts_for
from tests.world import make_user

LEE = {"name": "Mrs. Lee", "kind": "natural", "role_words": "Neighbor", "address": ""}


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def url(world):
    def url(name, member=None, team=None):
        kwargs = {"team_id": (team or world.team).pk} | ({"membership_id": member.pk} if member else {})
        return reverse(f"teams:member_{name}", kwargs=kwargs)

    return url


def named(world, name="Mrs. Lee", by=None, **fields):
    by = by or world.users.caregiver
    return propose_member(team=world.team, by=by, name=name, kind=fields.pop("kind", MemberKind.NATURAL), **fields)


def fresh(member):
    return Membership.objects.get(pk=member.pk)


# --- The list -------------------------------------------------------------------------------------------------------
def test_the_list_tells_everybody_who_is_was_and_may_come(world, sign_in, url):
    chosen = named(world)
    choose_member(membership=chosen, by=world.users.caregiver)
    for slug in ("caregiver", "youth", "grandmother", "dss_worker", "provider"):
        context = sign_in(world.people[slug]).get(url("list")).context
        assert {member.name for member in context["members"]} == {
            "Rosa Delgado", "Mateo Delgado", "Luis Delgado", "Carmen Ruiz", "Tonya Barnes", "Andrea Pruitt",
            "Denise Whitfield", "Devon Harris", "Priya Nair", "Kim Okafor",
        }  # fmt: skip
        assert [member.name for member in context["chosen"]] == ["Mrs. Lee"]
        assert [member.name for member in context["proposed"]] == ["Ray Tillman"]
        assert [member.name for member in context["former"]] == ["Gail Norris"]


def test_only_the_caregivers_are_offered_to_choose(world, sign_in, url):
    choose = url("choose", world.members["proposed"])
    for slug, offered in [
        ("caregiver", True),
        ("other_household", True),
        ("grandmother", False),
        ("dss_worker", False),
    ]:
        page = text_of(sign_in(world.people[slug]).get(url("list")))
        assert (choose in page) is offered
        assert (url("facilitate", world.members["facilitator"]) in page) is offered
        assert "Andrea Pruitt named this person" in page


def test_a_member_is_offered_to_step_back_and_nobody_elses_place(world, sign_in, url):
    page = text_of(sign_in(world.users.grandmother).get(url("list")))
    ends = [member for member in world.members.values() if member.team_id == world.team.pk]
    assert [m.name for m in ends if url("end", m) in page] == ["Carmen Ruiz"]


def test_an_address_for_a_named_person_is_shown_to_those_who_choose_alone(world, sign_in, url):
    named(world, address="lee@test.example", by=world.users.dss_worker)
    assert "lee@test.example" in text_of(sign_in(world.users.caregiver).get(url("list")))
    for slug in ("youth", "grandmother", "dss_worker"):
        assert "lee@test.example" not in text_of(sign_in(world.people[slug]).get(url("list")))


def test_no_page_shows_the_address_that_somebody_signs_in_with(world, sign_in, url):
    world.users.facilitator.name = ""
    world.users.facilitator.save()
    for slug in ("caregiver", "dss_worker"):
        page = text_of(sign_in(world.people[slug]).get(url("list")))
        assert "@test.example" not in page


def test_the_list_costs_the_same_with_one_and_with_three(world, sign_in, url):
    for slug, cost in [("caregiver", 10), ("youth", 11)]:
        client = sign_in(world.people[slug])
        client.get(reverse("accounts:profile_edit"))  # the clock of the session is written once a minute
        for number in range(2):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url("list")).status_code == 200
            assert len(queries) == cost
            for word in ("a", "b"):
                named(world, name=f"{word}{number}{slug}", by=world.users.dss_worker, address=f"{word}@test.example")


# --- Naming ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", ["youth", "grandmother", "dss_worker", "provider", "facilitator"])
def test_anybody_on_the_team_names_somebody_and_does_not_choose_them(world, sign_in, url, slug):
    client = sign_in(world.people[slug])
    assert "choose_now" not in client.get(url("propose")).context["form"].fields
    response = client.post(url("propose"), LEE | {"choose_now": "on"})
    assert response.url == url("list")
    member = Membership.objects.get(name="Mrs. Lee")
    assert (member.stage, member.proposed_by) == ("proposed", world.people[slug])
    assert "The family chooses who is on the team." in text_of(client.get(response.url))


def test_a_caregiver_names_and_chooses_with_one_form(world, sign_in, url):
    client = sign_in(world.users.caregiver)
    assert client.get(url("propose")).context["form"]["choose_now"].value() is True
    response = client.post(url("propose"), LEE | {"choose_now": "on"})
    member = Membership.objects.get(name="Mrs. Lee")
    assert response.url == url("invite", member)
    assert member.chosen_by == world.users.caregiver
    assert set(member.consents.values_list("section", flat=True)) == {"plan", "records"}


def test_a_form_sent_twice_names_one_person_and_says_so(world, sign_in, url):
    client = sign_in(world.users.dss_worker)
    client.post(url("propose"), LEE)
    response = client.post(url("propose"), LEE | {"name": "mrs. lee"})
    assert response.status_code == 422
    words = "Somebody already named this person. The family can choose them now."
    assert response.context["form"].errors == {"name": [words]}
    assert Membership.objects.filter(name__iexact="mrs. lee").count() == 1
    response = client.post(url("propose"), LEE | {"name": "Carmen Ruiz"})
    assert response.context["form"].errors == {"name": ["This person is already on the team."]}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": ""}, "name", "Write their name."),
        ({"name": " \t"}, "name", "Write their name."),
        ({"name": "W" * 121}, "name", "This is too long. Use 120 letters at most."),
        ({"role_words": "é" * 121}, "role_words", "This is too long. Use 120 letters at most."),
        ({"kind": ""}, "kind", "Choose how they belong to the team."),
        ({"kind": "boss"}, "kind", "Choose how they belong to the team."),
        ({"address": "not an address"}, "address", "Write the email like this: name@example.org"),
        ({"organization": "99999"}, "organization", "Choose a place from the list."),
        ({"person": "99999"}, "person", "Choose somebody from the list."),
        ({"is_caseworker": "on"}, "is_caseworker", "Only a professional can be the caseworker."),
    ],
)
def test_a_mistake_is_said_and_nothing_typed_is_lost(world, sign_in, url, changes, field, words):
    response = sign_in(world.users.dss_worker).post(url("propose"), LEE | changes)
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [words]}
    assert response.context["form"]["role_words"].value() == (LEE | changes)["role_words"]
    assert not Membership.objects.filter(name="Mrs. Lee").exists()


@pytest.mark.parametrize("name", ["مريم عبد الرحمن", "👩‍👧‍👦 Ana 🎈", "N" * 120, "O'Neil <b>"])
def test_a_name_of_any_script_is_kept_as_it_was_typed(world, sign_in, url, name):
    sign_in(world.users.dss_worker).post(url("propose"), LEE | {"name": name})
    assert Membership.objects.filter(name=name).count() == 1


def test_somebody_of_the_family_comes_with_their_own_name(world, sign_in, url):
    ana = Person.objects.create(family=world.family, name="Ana Delgado", relationship="Sister")
    client = sign_in(world.users.caregiver)
    assert [person.name for person in client.get(url("propose")).context["form"].fields["person"].queryset] == [
        ana.name
    ]
    client.post(url("propose"), {"person": ana.pk, "kind": "family"})
    member = Membership.objects.get(person=ana)
    assert (member.name, member.role_words, member.kind) == ("Ana Delgado", "Sister", "family")
    response = client.post(url("propose"), {"person": world.rosa.pk, "kind": "family"})
    assert response.context["form"].errors == {"person": ["Choose somebody from the list."]}


def test_the_person_of_another_family_is_not_on_the_list(world, sign_in, url):
    stranger = Person.objects.get(family=world.other_family, name="Keisha Walker")
    response = sign_in(world.users.caregiver).post(url("propose"), {"person": stranger.pk, "kind": "family"})
    assert response.status_code == 422
    assert "Keisha" not in text_of(response)


def test_places_to_work_are_those_of_the_county_and_those_of_the_whole_state(world, sign_in, url):
    far = Organization.objects.create(name="Far away", kind="school")
    far.counties.add(world.durham)
    near = Organization.objects.create(name="Near", kind="school")
    near.counties.add(world.alamance)
    Organization.objects.create(name="Closed", kind="school", ended_at=timezone.now())
    form = sign_in(world.users.caregiver).get(url("propose")).context["form"]
    names = [organization.name for organization in form.fields["organization"].queryset]
    assert names == [
        "Alamance Social Services", "Cedar Middle School", "District 17 Juvenile Court", "Near", "Riverbend Counseling",
    ]  # fmt: skip


def test_nobody_learns_whether_an_address_has_an_account(world, sign_in, url):
    client = sign_in(world.users.caregiver)
    known = make_user("known", "Somebody Else")
    pages = []
    for name, address in [("Person one", known.email.upper()), ("Person one", "nobody@test.example")]:
        response = client.post(url("propose"), LEE | {"name": name, "address": address, "choose_now": "on"})
        member = Membership.objects.get(name=name, ended_at=None)
        page = text_of(client.get(response.url)).replace(member.address, "ADDRESS").replace(f"/{member.pk}/", "/N/")
        page = page.replace(f"from-{member.pk}", "from-N").replace(f'member-{member.pk}"', 'member-N"')
        pages.append((response.url, page.split('<main id="main">')[1].split("Not on our team any more")[0]))
        assert member.user == (known if "known" in member.address else None)
        invite = client.get(url("invite", member))
        pages[-1] += (invite.status_code,)
        end_membership(membership=member, by=world.users.caregiver, reason=EndReason.FAMILY)
    without_token = [
        (where, [part for part in page.split(" ") if not part.startswith('value="')], status)
        for where, page, status in pages
    ]
    assert without_token[0] == without_token[1]
    assert "Somebody Else" not in pages[0][1]


def test_a_chosen_person_is_written_to_in_the_way_that_reaches_them(world, sign_in, url):
    known = make_user("known", "Known")
    client = sign_in(world.users.caregiver)
    for name, address in [("One", known.email), ("Two", "two@test.example")]:
        client.post(url("propose"), LEE | {"name": name, "address": address, "choose_now": "on"})
    assert set(Notice.objects.filter(user=known).values_list("kind", flat=True)) == {"member_chosen"}
    assert set(Notice.objects.filter(address="two@test.example").values_list("kind", flat=True)) == {"invitation"}


def test_the_address_of_somebody_already_on_the_team_is_not_given_away(world, sign_in, url):
    response = sign_in(world.users.dss_worker).post(url("propose"), LEE | {"address": world.users.grandmother.email})
    assert response.status_code == 302
    assert Membership.objects.get(name="Mrs. Lee").user is None


def test_an_invitation_in_another_way_lets_go_of_the_account_that_was_found(world, sign_in, url):
    known = make_user("known", "Known")
    client = sign_in(world.users.caregiver)
    for how in ("paper", "email", "accept"):
        member = named(world, name=how, address=known.email)
        choose_member(membership=member, by=world.users.caregiver)
        if how == "accept":
            client.post(url("accept", member))
        else:
            client.post(url("invite", member), {"how": how, "address": "new@test.example"})
        assert fresh(member).user is None
        assert (fresh(member).accepted_at is None) is (how != "accept")


def test_what_was_typed_about_somebody_is_kept_and_dropped_when_saved(world, sign_in, url):
    user = world.users.dss_worker
    client = sign_in(user)
    client.post(reverse("drafts:keep"), {"path": url("propose"), "name": "Half a na"})
    assert client.get(url("propose")).context["form"]["name"].value() == "Half a na"
    client.post(url("propose"), LEE)
    assert drafts_for(user, url("propose")) == {}


# --- Choosing -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", ["grandmother", "facilitator", "dss_worker", "family_partner", "provider"])
@pytest.mark.parametrize("name", ["choose", "accept", "facilitate", "invite", "end"])
def test_who_may_see_but_not_decide_is_refused(world, sign_in, url, slug, name):
    member = world.members["proposed"]
    assert sign_in(world.people[slug]).post(url(name, member), {"how": "paper"}).status_code == 403
    assert fresh(member).stage == "proposed"


@pytest.mark.parametrize("slug", ["other_caregiver", "former_member", "proposed", "coordinator", "superuser"])
@pytest.mark.parametrize("name", ["choose", "accept", "facilitate", "invite", "end"])
def test_a_family_that_is_not_ones_own_is_not_there(world, sign_in, url, slug, name):
    member = world.members["proposed"]
    client = sign_in(world.people[slug])
    assert client.post(url(name, member), {"how": "paper"}).status_code == 404
    assert fresh(member).stage == "proposed"


@pytest.mark.parametrize("name", ["choose", "accept", "facilitate", "invite", "end"])
def test_a_member_of_another_team_is_not_there_under_ones_own(world, sign_in, url, name):
    stranger = world.members["other_facilitator"]
    assert sign_in(world.users.caregiver).post(url(name, stranger)).status_code == 404
    assert sign_in(world.users.caregiver).post(url(name, world.members["former_member"])).status_code == 404


def test_choosing_twice_changes_nothing(world, sign_in, url):
    client = sign_in(world.users.caregiver)
    member = world.members["proposed"]
    client.post(url("choose", member))
    first = fresh(member).chosen_at
    client.post(url("choose", member))
    assert fresh(member).chosen_at == first
    assert Consent.objects.filter(membership=member).count() == 2


def test_a_youth_of_fourteen_picks_two_people_and_no_third(world, sign_in, url):
    client = sign_in(world.users.youth)
    people = [world.members["proposed"], named(world, "Coach Ray", by=world.users.dss_worker), named(world, "Third")]
    assert "You can pick 2 people for your team." in text_of(client.get(url("list")))
    answers = [client.post(url("choose", member)).status_code for member in people]
    assert answers == [302, 302, 403]
    assert [fresh(member).picked_by_youth for member in people] == [True, True, False]


def test_a_youth_picks_nobody_who_would_decide_for_the_family(world, sign_in, url):
    uncle = Person.objects.create(family=world.family, name="Uncle", role="caregiver")
    member = named(world, "Uncle", kind=MemberKind.FAMILY, person=uncle)
    client = sign_in(world.users.youth)
    assert url("choose", member) not in text_of(client.get(url("list")))
    assert client.post(url("choose", member)).status_code == 403


def test_a_child_of_thirteen_picks_nobody(world, sign_in, url):
    Person.objects.filter(pk=world.mateo.pk).update(born_on=timezone.localdate() - dt.timedelta(days=365 * 13))
    assert sign_in(world.users.youth).post(url("choose", world.members["proposed"])).status_code == 403


# --- Saying yes -----------------------------------------------------------------------------------------------------
def test_a_caregiver_notes_the_yes_of_somebody_without_an_account(world, sign_in, url):
    member = named(world)
    choose_member(membership=member, by=world.users.caregiver)
    day = timezone.localdate() + dt.timedelta(days=5)
    sign_in(world.users.caregiver).post(url("accept", member), {"starts_on": day.isoformat()})
    assert (fresh(member).starts_on, fresh(member).accepted_by) == (day, world.users.caregiver)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2001-01-01", "This day is before the team began."),
        ("2999-01-01", "This day is too far away. Write a day in the next year."),
        ("yesterday", "Write a day like this: 10/15/2026."),
    ],
)
def test_a_day_that_does_not_fit_is_refused_in_words(world, sign_in, url, day, words):
    member = named(world)
    choose_member(membership=member, by=world.users.caregiver)
    response = sign_in(world.users.caregiver).post(url("accept", member), {"starts_on": day})
    assert response.status_code == 422
    assert words in text_of(response)
    assert fresh(member).accepted_at is None


def test_nobody_says_yes_before_the_family_does(world, sign_in, url):
    member = named(world)
    response = sign_in(world.users.caregiver).post(url("accept", member))
    assert response.status_code == 422
    assert "The family has to choose this person first." in text_of(response)


def test_whoever_has_an_account_says_yes_themselves(world, sign_in, url):
    member = world.members["proposed"]
    choose_member(membership=member, by=world.users.caregiver)
    assert sign_in(world.users.caregiver).post(url("accept", member)).status_code == 403


# --- Who runs the meetings ------------------------------------------------------------------------------------------
def test_a_second_facilitator_is_refused_until_the_first_one_is_changed(world, sign_in, url):
    client = sign_in(world.users.caregiver)
    partner = world.members["family_partner"]
    response = client.post(url("facilitate", partner), {"facilitator": "yes"})
    assert response.status_code == 422
    assert "Andrea Pruitt already runs your meetings." in text_of(response)
    client.post(url("facilitate", world.members["facilitator"]), {"facilitator": "no"})
    assert client.post(url("facilitate", partner), {"facilitator": "yes"}).status_code == 302
    assert fresh(partner).is_facilitator


def test_a_caseworker_never_runs_the_meetings(world, sign_in, url):
    client = sign_in(world.users.caregiver)
    client.post(url("facilitate", world.members["facilitator"]), {"facilitator": "no"})
    response = client.post(url("facilitate", world.members["dss_worker"]), {"facilitator": "yes"})
    assert response.status_code == 422
    assert "A caseworker cannot run the meetings." in text_of(response)


# --- Stepping back --------------------------------------------------------------------------------------------------
def test_stepping_back_says_first_what_it_means_and_then_closes_the_door(world, sign_in, url):
    client = sign_in(world.users.grandmother)
    member = world.members["grandmother"]
    assert "You will not see this team" in text_of(client.get(url("end", member)))
    assert fresh(member).ended_at is None
    assert client.post(url("end", member)).url == "/"
    assert (fresh(member).end_reason, fresh(member).ended_by) == (EndReason.LEFT, world.users.grandmother)
    assert client.get(reverse("teams:team_detail", args=[world.team.pk])).status_code == 404


def test_a_caregiver_asks_somebody_to_step_back(world, sign_in, url):
    member = world.members["dss_worker"]
    client = sign_in(world.users.caregiver)
    client.post(url("end", member))
    assert (fresh(member).end_reason, fresh(member).ended_by) == (EndReason.FAMILY, world.users.caregiver)
    page = text_of(client.get(url("list")))
    assert "the family asked them to step back. Noted by Rosa Delgado." in page


def test_not_now_is_its_own_reason(world, sign_in, url):
    member = world.members["proposed"]
    sign_in(world.users.caregiver).post(url("end", member))
    assert fresh(member).end_reason == EndReason.NOT_CHOSEN


def test_the_last_caregiver_stays(world, sign_in, url):
    end_membership(membership=world.members["other_household"], by=world.users.caregiver, reason=EndReason.FAMILY)
    response = sign_in(world.users.caregiver).post(url("end", world.members["caregiver"]))
    assert response.status_code == 422
    assert "A team needs one parent or caregiver." in text_of(response)


def test_nothing_changes_on_a_team_that_has_ended(world, sign_in, url):
    end_team(team=world.team, by=world.users.caregiver)
    client = sign_in(world.users.caregiver)
    assert client.get(url("list")).status_code == 200
    assert client.get(url("propose")).status_code == 403
    assert client.post(url("facilitate", world.members["youth"])).status_code == 403


# --- Inviting -------------------------------------------------------------------------------------------------------
def test_a_paper_invitation_is_shown_once_without_a_name_of_the_family(world, sign_in, url):
    member = named(world)
    choose_member(membership=member, by=world.users.caregiver)
    client = sign_in(world.users.caregiver)
    response = client.post(url("invite", member), {"how": "paper"})
    assert (response.status_code, response.url) == (302, url("invite", member))
    shown = client.get(url("invite", member))
    code = shown.context["paper"]["code"]
    card = text_of(shown).split('aria-labelledby="card"')[1].split("</section>")[0]
    assert code in card
    assert "http://testserver/invitation/" in card
    for name in ("Mateo", "Delgado", "Rosa", "Lee"):
        assert name not in card
    assert code not in text_of(client.get(url("invite", member)))
    assert code.replace("-", "") not in str(list(Invitation.objects.values()))


def test_the_code_of_one_person_is_not_shown_on_the_page_of_another(world, sign_in, url):
    members = [named(world, name) for name in ("One", "Two")]
    for member in members:
        choose_member(membership=member, by=world.users.caregiver)
    client = sign_in(world.users.caregiver)
    client.post(url("invite", members[0]), {"how": "paper"})
    assert "paper" not in client.get(url("invite", members[1])).context


def test_an_invitation_goes_to_an_address_and_a_new_one_ends_the_old(world, sign_in, url):
    member = named(world)
    choose_member(membership=member, by=world.users.caregiver)
    client = sign_in(world.users.caregiver)
    for _time in range(2):
        response = client.post(url("invite", member), {"how": "email", "address": "Lee@Test.example"})
        assert response.url == url("list")
    assert [row.ended_at is None for row in member.invitations.order_by("pk")] == [False, True]
    assert member.invitations.last().address == "lee@test.example"


def test_a_wrong_address_or_a_member_with_an_account_is_answered_in_words(world, sign_in, url):
    member = named(world)
    client = sign_in(world.users.caregiver)
    early = client.post(url("invite", member), {"how": "paper"})
    assert early.status_code == 422
    assert "The family has to choose this person first." in text_of(early)
    choose_member(membership=member, by=world.users.caregiver)
    wrong = client.post(url("invite", member), {"how": "email", "address": "nope"})
    assert wrong.status_code == 422
    assert 'value="nope"' in text_of(wrong)
    there = client.post(url("invite", world.members["grandmother"]), {"how": "paper"})
    assert there.status_code == 422
    assert "This person already has an account here." in text_of(there)


def test_somebody_whose_yes_was_noted_can_still_be_let_in(world, sign_in, url):
    member = named(world)
    choose_member(membership=member, by=world.users.caregiver)
    accept_place(membership=member, by=world.users.caregiver)
    client = sign_in(world.users.caregiver)
    assert url("invite", member) in text_of(client.get(url("list")))
    assert client.post(url("invite", member), {"how": "paper"}).status_code == 302
