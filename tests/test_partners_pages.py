"""The pages about Family Partners: finding one, asking, one's own profile, a county's list."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from families.actions import change_partner, name_partner, unlist_partner
from families.enums import PartnerStatus
from families.models import FamilyPartner, PartnerNaming
from families.views.partners import partner_home_facts
from soc_portal.notices.emails import message_of
from soc_portal.notices.models import Notice
from teams.actions.memberships import end_membership, open_team
from teams.actions.partners import ask_partner
from teams.enums import EndReason, Source
from teams.models import Membership
from tests.parts.partners import grow, listed, profile
from tests.test_reading_level import HARDEST, english_again, too_hard  # noqa: F401  (a fixture for every test)
from tests.typed import drafts_for
from tests.world import make_county, make_user

pytestmark = pytest.mark.django_db
LIST = "/family-partners/"
MINE = "/family-partners/mine/"


@pytest.fixture(autouse=True)
def own_language():
    """The language of the last page does not stay with the next test."""
    yield
    translation.deactivate()


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def without_partner(world):
    end_membership(membership=world.members["family_partner"], by=world.users.caregiver, reason=EndReason.FAMILY)


def ask_url(world, partner=None, team=None):
    return reverse("teams:partner_ask", args=[(team or world.team).pk, (partner or world.other_partner).pk])


def found(client, query=""):
    return [partner.display_name for partner in client.get(LIST + query).context["page"]]


def posted(**changes):
    """A profile as a browser sends it."""
    data = profile(**changes) | {"organization": ""}
    data["counties"] = [getattr(county, "pk", county) for county in data["counties"]]
    return {name: value for name, value in data.items() if value is not None}


# --- The list --------------------------------------------------------------------------------------------------------
class TestTheList:
    @pytest.fixture
    def people(self, world):
        """Beside Tonya (Alamance, full) and Ana (Durham, room): Cora next door, and Bo without room."""
        chatham, self.far = make_county("Chatham", "37037"), make_county("Dare", "37055")
        self.cora = listed(world, make_user("cora", "Cora Chatham"), counties=[chatham], languages=["en", "es"],
                           been_through=["crisis"])  # fmt: skip
        self.bo = listed(world, make_user("bo", "Bo Both"), counties=[world.alamance, world.durham], room=0)
        FamilyPartner.objects.filter(pk=world.partner.pk).update(room=1)
        return world

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("", ["Cora Chatham", "Bo Both", "Tonya Barnes"]),  # the Delgados live in Alamance
            ("?near=next-37001", ["Cora Chatham", "Bo Both", "Tonya Barnes"]),
            ("?near=37001", ["Bo Both", "Tonya Barnes"]),
            ("?near=37063", ["Ana Bright", "Bo Both"]),
            ("?near=37055", []),
            ("?near=all", ["Ana Bright", "Cora Chatham", "Bo Both", "Tonya Barnes"]),
            ("?near=all&speaks=es", ["Ana Bright", "Cora Chatham"]),
            ("?near=all&speaks=ar", []),
            ("?near=all&through=crisis", ["Ana Bright", "Cora Chatham"]),
            ("?near=all&through=school&speaks=en", ["Bo Both", "Tonya Barnes"]),
            ("?speaks=es", ["Cora Chatham"]),
        ],
    )
    def test_exactly_those_who_fit_people_with_room_first(self, people, sign_in, query, names):
        assert found(sign_in(people.users.caregiver), query) == names

    def test_training_and_a_break_are_not_in_the_list(self, people, sign_in):
        client = sign_in(people.users.caregiver)
        for status in (PartnerStatus.TRAINING, PartnerStatus.PAUSING):
            FamilyPartner.objects.filter(pk=self.cora.pk).update(status=status)
            assert "Cora Chatham" not in found(client, "?near=all")
            assert client.get(f"{LIST}{self.cora.pk}/").status_code == 200

    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ("", "3 people near you"), ("?speaks=es", "1 person near you speaks Spanish"),
            ("?near=37063", "2 people in Durham County"),
            ("?near=all&speaks=ar", "0 people in North Carolina speak Arabic"),
        ],
    )  # fmt: skip
    def test_the_sentence_says_what_was_found(self, people, sign_in, query, words):
        assert f'<h2 id="found">{words}</h2>' in sign_in(people.users.caregiver).get(LIST + query).content.decode()

    @pytest.mark.parametrize(
        "query",
        ["?near=nowhere", "?speaks=xx", "?through=%22", "?near=next-99999", "?page=zzz", "?near=%00", "?speaks=%27"],
    )
    def test_a_wrong_choice_is_said_and_narrows_nothing_else(self, people, sign_in, query):
        response = sign_in(people.users.caregiver).get(LIST + query)
        assert response.status_code == 200
        assert ("Pick one from the list." in response.content.decode()) == ("page" not in query)

    def test_somebody_without_a_county_here_looks_in_the_whole_state(self, people, sign_in):
        assert len(found(sign_in(people.users.jcpc_member))) == 4
        assert found(sign_in(people.users.other_coordinator)) == ["Ana Bright", "Cora Chatham", "Bo Both"]

    def test_what_a_caregiver_may_do_stands_beside_each(self, people, sign_in):
        page = sign_in(people.users.caregiver).get(LIST).content.decode()
        assert "Tonya Barnes walks with you now." in page
        assert ask_url(people, self.cora) in page
        assert ask_url(people, self.bo) not in page  # no room
        assert ask_url(people, people.partner) not in page  # walks with them
        for slug in ("facilitator", "youth", "grandmother", "family_partner"):
            page = sign_in(people.people[slug]).get(LIST).content.decode()
            assert "walks with you now" not in page
            assert "/ask/" not in page

    def test_one_page_holds_twelve_and_its_queries_stay_the_same(self, people, sign_in):
        client = sign_in(people.users.caregiver)
        client.get(LIST)
        counts = []
        for numbers in ((1,), range(2, 17)):
            for number in numbers:
                user = make_user(f"also{number}", f"Also {number:02d}")
                listed(people, user, counties=[people.alamance])
            with CaptureQueriesContext(connection) as queries:
                page = client.get(LIST).context["page"]
            counts.append(len(queries))
        assert (len(page), page.paginator.count) == (12, 19)
        assert counts[0] == counts[1] <= 15
        assert len(found(client, "?near=next-37001&page=2")) == 7


def test_a_family_with_two_teams_says_for_which_one_it_asks(world, sign_in):
    without_partner(world)
    child = world.family.people.create(name="Sofia Delgado", role="young_person")
    second = open_team(
        family=world.family, children=[child], caregiver=world.rosa, source=Source.FAMILY, by=world.users.caregiver
    )
    client = sign_in(world.users.caregiver)
    assert "/ask/" not in client.get(f"{LIST}?near=all").content.decode()
    page = client.get(f"{LIST}{world.other_partner.pk}/").content.decode()
    assert ask_url(world) in page and ask_url(world, team=second) in page
    assert "Ask Ana for Sofia&#x27;s Child and Family Team" in page


# --- Asking ----------------------------------------------------------------------------------------------------------
def test_a_caregiver_asks_and_the_partner_finds_it_at_home(world, sign_in):
    without_partner(world)
    client = sign_in(world.users.caregiver)
    page = client.get(ask_url(world))
    assert page.status_code == 200
    assert "Yes, ask Ana" in page.content.decode()
    response = client.post(ask_url(world))
    assert response.status_code == 302
    assert said(response) == ["You have asked them. We are writing to them now. They answer here."]
    assert "You have asked Ana Bright." in client.get(LIST).content.decode()
    home = sign_in(world.users.other_partner).get("/").content.decode()
    assert "A family asks you to join its team" in home
    assert "Delgado" not in home
    member = Membership.objects.get(user=world.users.other_partner)
    answer = reverse("teams:own_invitation_answer", args=[member.pk])
    assert sign_in(world.users.other_partner).post(answer, {"answer": "yes"}).status_code == 302
    assert "Ana Bright walks with you now." in sign_in(world.users.caregiver).get(LIST).content.decode()


def test_without_room_the_partner_reads_why_and_what_to_do(world, sign_in):
    without_partner(world)
    member = ask_partner(team=world.team, partner=world.other_partner, by=world.users.caregiver)
    FamilyPartner.objects.filter(pk=world.other_partner.pk).update(room=0)
    answer = reverse("teams:own_invitation_answer", args=[member.pk])
    response = sign_in(world.users.other_partner).post(answer, {"answer": "yes"})
    assert said(response) == ["Your profile has no room for one more family. Make room there first, or say no."]
    assert Membership.objects.get(pk=member.pk).stage == "chosen"


def test_a_refusal_says_how_to_change_and_nothing_is_written(world, sign_in):
    client = sign_in(world.users.caregiver)
    for response, status in ((client.get(ask_url(world)), 200), (client.post(ask_url(world)), 422)):
        page = response.content.decode()
        assert response.status_code == status
        assert "Tonya Barnes walks with you now. To change, first ask Tonya Barnes to step back." in page
        assert reverse("teams:member_end", args=[world.team.pk, world.members["family_partner"].pk]) in page
        assert "Yes, ask" not in page
    assert not Membership.objects.filter(user=world.users.other_partner).exists()


def test_the_family_alone_asks_and_only_for_its_own_live_team(world, sign_in):
    for slug, status in [("facilitator", 403), ("family_partner", 403), ("youth", 403), ("other_caregiver", 404)]:
        assert sign_in(world.people[slug]).post(ask_url(world)).status_code == status
    client = sign_in(world.users.caregiver)
    assert client.post(reverse("teams:partner_ask", args=[world.team.pk, 99999])).status_code == 404
    assert client.post(ask_url(world, team=world.other_team)).status_code == 404
    unlist_partner(partner=world.other_partner, county=world.durham, by=world.users.other_coordinator, reason="moved")
    assert client.post(ask_url(world)).status_code == 404
    assert not Membership.objects.filter(user=world.users.other_partner).exists()


# --- One profile -----------------------------------------------------------------------------------------------------
def test_the_statement_is_on_the_page_of_its_readers_and_on_no_other(world, sign_in):
    url = f"{LIST}{world.partner.pk}/"
    seen = {
        slug for slug, user in world.people.items()
        if "I raised a son who had a court counselor." in sign_in(user).get(url).content.decode()
    }  # fmt: skip
    assert seen == {"family_partner", "coordinator"}
    for slug in ("caregiver", "coordinator", "other_coordinator", "superuser"):
        client = sign_in(world.people[slug])
        assert "a court counselor." not in client.get(f"{LIST}?near=all").content.decode()
    county = sign_in(world.users.coordinator).get(f"{LIST}?mine=county").content.decode()
    assert "Tonya Barnes" in county
    assert "a court counselor." not in county


def test_a_profile_shows_its_own_title(world, sign_in):
    page = sign_in(world.users.caregiver).get(f"{LIST}{world.other_partner.pk}/").content.decode()
    assert "Family Advocate. Durham County" in page
    assert "<small>Family Partner</small>" not in page


# --- One's own profile -----------------------------------------------------------------------------------------------
class TestOwnProfile:
    @pytest.fixture
    def wanda(self, world, sign_in):
        self.world = world
        return sign_in(world.users.jcpc_parent)

    def send(self, client, **changes):
        return client.post(MINE, posted(counties=[self.world.alamance], **changes))

    def test_whoever_was_named_writes_it_and_is_listed(self, wanda):
        assert wanda.get(MINE).context["form"].initial["counties"] == [self.world.alamance.pk]
        response = self.send(wanda, languages=["es", "en"])
        partner = FamilyPartner.objects.get(user=self.world.users.jcpc_parent)
        assert response["Location"] == f"{LIST}{partner.pk}/"
        assert (partner.languages, partner.created_by) == (["en", "es"], self.world.users.jcpc_parent)
        assert PartnerNaming.objects.get(pk=self.world.naming.pk).partner == partner

    @pytest.mark.parametrize("title", ["family_partner", "family_partner_coordinator"])
    def test_the_two_titles_without_a_statement_get_a_sentence_with_the_others(self, wanda, title):
        response = self.send(wanda, title=title, firsthand="   ", say="Kept words")
        page = response.content.decode()
        assert response.status_code == 422
        (error,) = response.context["form"].errors["title"]
        assert "Family Advocate, Family Support Partner or another title" in error
        assert "Kept words" in page
        assert not FamilyPartner.objects.filter(user=self.world.users.jcpc_parent).exists()

    @pytest.mark.parametrize(
        ("changes", "field", "words"),
        [
            ({"title": ""}, "title", "Choose your title."),
            ({"title": "Boss"}, "title", "Pick one from the list."),
            ({"title": "other", "other_title": ""}, "other_title", "Write the title that your organization gives you."),
            ({"other_title": "x" * 81}, "other_title", "Use 80 letters at most."),
            ({"say": "x" * 401}, "say", "Use 400 letters at most."),
            ({"firsthand": "x" * 4001}, "firsthand", "Use 4000 letters at most."),
            ({"when_words": "x" * 121}, "when_words", "Use 120 letters at most."),
            ({"languages": []}, "languages", "Choose at least one language."),
            ({"languages": ["xx"]}, "languages", "Pick one from the list."),
            ({"been_through": ["xx"]}, "been_through", "Pick one from the list."),
            ({"status": ""}, "status", "Choose how you work with families now."),
            ({"organization": "99999"}, "organization", "Pick one from the list."),
            *[({"room": room}, "room", "Write a number from 0 to 20.") for room in
              ("", "-1", "21", "2.5", "many", "9" * 40)],
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said_beside_it_and_everything_typed_is_kept(self, wanda, changes, field, words):
        data = posted(counties=[self.world.alamance], firsthand="My own words") | changes
        response = wanda.post(MINE, data)
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {field}
        assert words in response.context["form"].errors[field][0]
        assert response.context["form"]["when_words"].value() == data["when_words"]
        assert response.context["form"]["room"].value() == str(data["room"])

    @pytest.mark.parametrize("counties", [[], ["99999"], ["zz"], ["9" * 40]])
    def test_a_county_that_did_not_name_them_does_not_list_them(self, wanda, counties):
        wrong = [[self.world.durham.pk], counties]
        for chosen in wrong:
            response = wanda.post(MINE, posted() | {"counties": chosen})
            assert response.status_code == 422
            assert set(response.context["form"].errors) == {"counties"}

    def test_a_title_of_an_organization_goes_with_its_choice_alone(self, wanda):
        self.send(wanda, title="family_advocate", other_title="Guide", firsthand="")
        assert FamilyPartner.objects.get(user=self.world.users.jcpc_parent).other_title == ""

    def test_what_was_typed_waits_as_a_draft(self, wanda):
        keep = {"draft_path": MINE, "draft_owner": "", "say": "Half a sen", "languages": ["en", "es"]}
        wanda.post(reverse("drafts:keep"), keep | {"draft_owner": self._owner(wanda)})
        assert drafts_for(self.world.users.jcpc_parent, MINE)["say"] == "Half a sen"
        form = wanda.get(MINE).context["form"]
        assert (form["say"].value(), form["languages"].value()) == ("Half a sen", ["en", "es"])
        self.send(wanda)
        assert drafts_for(self.world.users.jcpc_parent, MINE) == {}

    def _owner(self, client):
        return client.get(MINE).content.decode().partition('name="draft_owner" value="')[2].partition('"')[0]

    def test_two_windows_meet_side_by_side(self, world, sign_in):
        client, partner = sign_in(world.users.family_partner), world.partner
        mine = posted(counties=[world.alamance], say="From this window", languages=["en", "ar"]) | {"version": 1}
        change_partner(
            partner=partner, by=world.users.family_partner, base_version=1,
            values=profile(counties=[world.alamance], say="From that window", languages=["en", "es"], room=5),
        )  # fmt: skip
        response = client.post(MINE, mine)
        page = response.content.decode()
        assert response.status_code == 409
        for words in ("From this window", "From that window", "English, Arabic", "English, Spanish"):
            assert words in page
        form = response.context["form"]
        assert (form["say"].value(), form["room"].value()) == ("From this window", 5)
        again = mine | {"version": form["version"].value(), "room": 5}
        assert client.post(MINE, again).status_code == 302
        partner = FamilyPartner.objects.get(pk=partner.pk)
        assert (partner.say, partner.languages, partner.room) == ("From this window", ["en", "ar"], 5)

    def test_who_is_on_no_list_any_more_still_writes_and_reads_why(self, world, sign_in):
        unlist_partner(partner=world.partner, county=world.alamance, by=world.users.coordinator, reason="moved")
        client = sign_in(world.users.family_partner)
        page = client.get(MINE)
        assert "No county lists you now" in page.content.decode()
        assert "counties" not in page.context["form"].fields
        data = posted(say="Still here") | {"version": page.context["form"]["version"].value()}
        assert client.post(MINE, data).status_code == 302
        partner = FamilyPartner.objects.get(pk=world.partner.pk)
        assert (partner.say, partner.counties.count()) == ("Still here", 0)
        assert "No county lists you now" in client.get(f"{LIST}{partner.pk}/").content.decode()

    def test_an_organization_from_the_own_counties_or_of_the_whole_state(self, world, sign_in):
        world.offices["provider"].counties.set([world.durham])
        world.offices["dss_worker"].counties.set([world.alamance])
        form = sign_in(world.users.family_partner).get(MINE).context["form"]
        names = {row.name for row in form.fields["organization"].queryset}
        assert names == {"Alamance Social Services", "District 17 Juvenile Court", "Cedar Middle School"}


# --- A county's list -------------------------------------------------------------------------------------------------
class TestTheCountysList:
    def test_it_is_for_coordinators_and_shows_their_own_county(self, world, sign_in):
        for slug, user in world.people.items():
            status = 200 if slug in ("coordinator", "other_coordinator") else 404
            assert sign_in(user).get(f"{LIST}?mine=county").status_code == status
        page = sign_in(world.users.coordinator).get(f"{LIST}?mine=county")
        assert list(page.context["page"]) == [world.partner, world.resting]
        assert list(page.context["namings"]) == [world.naming]
        for words in ("1 of 2 taken", "Taking a break", "jcpc-parent@test.example"):
            assert words in page.content.decode()

    def test_its_queries_stay_the_same(self, world, sign_in):
        client, counts = sign_in(world.users.coordinator), []
        client.get(f"{LIST}?mine=county")
        for number in (1, 2, 3):
            grow(world, number)
            with CaptureQueriesContext(connection) as queries:
                client.get(f"{LIST}?mine=county")
            counts.append(len(queries))
        assert counts[0] == counts[2] <= 15

    def test_adding_somebody_gets_the_same_answer_with_and_without_an_account(self, world, sign_in):
        client = sign_in(world.users.coordinator)
        answers = []
        for address in ("grandmother@test.example", "nobody@test.example"):
            response = client.post("/family-partners/name/", {"county": world.alamance.pk, "address": address})
            answers.append((response.status_code, response["Location"], said(response)[-1]))
        assert answers[0] == answers[1]
        response = client.post(
            "/family-partners/name/", {"county": world.alamance.pk, "address": "nobody@test.example"}
        )
        assert response.status_code == 422
        assert response.context["form"].errors == {"address": ["Your county has named this person already."]}

    @pytest.mark.parametrize("address", ["", "nobody", "a@b", "x" * 250 + "@test.example"])
    def test_a_wrong_address_is_said_beside_it(self, world, sign_in, address):
        data = {"county": world.alamance.pk, "address": address}
        response = sign_in(world.users.coordinator).post("/family-partners/name/", data)
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"address"}

    @pytest.mark.parametrize("county", ["durham", 99999, "zz", ""])
    def test_nobody_names_for_another_county(self, world, sign_in, county):
        county = world.durham.pk if county == "durham" else county
        data = {"county": county, "address": "nobody@test.example"}
        assert sign_in(world.users.coordinator).post("/family-partners/name/", data).status_code == 422
        assert not PartnerNaming.objects.filter(address="nobody@test.example").exists()

    def test_taking_back_ends_the_way_in(self, world, sign_in):
        wanda = sign_in(world.users.jcpc_parent)
        assert wanda.get(MINE).status_code == 200
        client = sign_in(world.users.coordinator)
        url = reverse("families:naming_end", args=[world.naming.pk])
        assert client.post(url)["Location"] == f"{LIST}?mine=county"
        assert client.post(url).status_code == 404
        assert sign_in(world.users.jcpc_parent).get(MINE).status_code == 404

    def test_taking_somebody_off_asks_why_and_keeps_the_other_counties_and_families(self, world, sign_in):
        both = listed(world, make_user("both", "Bo Both"), counties=[world.alamance, world.durham])
        url = reverse("families:partner_unlist", args=[both.pk])
        client = sign_in(world.users.coordinator)
        for data in (
            {},
            {"county": world.alamance.pk, "reason": "mistake"},
            {"county": world.durham.pk, "reason": "moved"},
        ):
            assert client.post(url, data).status_code == 422
        assert client.post(url, {"county": world.alamance.pk, "reason": "moved"}).status_code == 302
        assert list(both.counties.all()) == [world.durham]
        assert client.get(url).status_code == 403  # only Durham lists them now

    def test_a_coordinator_of_two_counties_says_which(self, world, sign_in):
        from collaboratives.actions.reference import start_county_role

        start_county_role(
            user=world.users.coordinator, county=world.durham, role="coordinator", by=world.users.coordinator
        )
        client = sign_in(world.users.coordinator)
        assert client.post("/family-partners/name/", {"address": "nobody@test.example"}).status_code == 422
        data = {"county": world.durham.pk, "address": "nobody@test.example"}
        assert client.post("/family-partners/name/", data).status_code == 302
        assert PartnerNaming.objects.get(address="nobody@test.example").county == world.durham


# --- Becoming one ----------------------------------------------------------------------------------------------------
def test_the_way_to_become_one_names_the_coordinators_at_home(world, sign_in):
    page = sign_in(world.users.caregiver).get("/family-partners/become/").content.decode()
    assert "Marcus Bell" in page and "June Park" not in page
    assert MINE not in page
    page = sign_in(world.users.jcpc_parent).get("/family-partners/become/").content.decode()
    assert MINE in page and "Marcus Bell" not in page


# --- What others show and send ---------------------------------------------------------------------------------------
def test_the_part_for_a_first_page_tells_families_room_and_what_waits(world):
    without_partner(world)
    ask_partner(team=world.team, partner=world.other_partner, by=world.users.caregiver)
    part = "families/parts/partner_home.html"
    page = render_to_string(part, partner_home_facts(world.users.other_partner))
    for words in ("I walk with 0 families now", "Room for 2 more families", "1 family waits for my answer"):
        assert words in page
    assert "Family Advocate: Volunteering" in page and MINE in page
    assert render_to_string(part, partner_home_facts(world.users.facilitator)).strip() == ""


@pytest.mark.parametrize("language", ["en", "es"])
def test_messages_say_what_happened_and_name_nobody(world, language):
    get_user_model().objects.update(language=language)
    name_partner(county=world.alamance, address=world.users.grandmother.email, by=world.users.coordinator)
    unlist_partner(partner=world.partner, county=world.alamance, by=world.users.coordinator, reason="moved")
    for notice in Notice.objects.filter(kind__in=["partner_named", "partner_unlisted"]).select_related("user"):
        mail = message_of(notice)
        text = mail.subject + mail.body + mail.alternatives[0][0]
        assert "/family-partners/mine/" in text
        for words in ("Alamance", "Marcus", "Tonya", "Carmen", "moved"):
            assert words not in text


# --- In their own words, in two languages ----------------------------------------------------------------------------
@pytest.mark.parametrize("language", HARDEST)
def test_a_family_can_read_every_page(world, sign_in, language):
    """Also as a family that has nobody yet, and as somebody who writes their own profile."""
    for slug in ("caregiver", "other_caregiver", "family_partner", "jcpc_parent"):
        get_user_model().objects.filter(pk=world.people[slug].pk).update(language=language)
    same = {"list": LIST, "nobody": f"{LIST}?near=all&speaks=ru", "become": "/family-partners/become/"}
    same |= {"one": f"{LIST}{world.other_partner.pk}/", "resting": f"{LIST}{world.resting.pk}/"}
    for slug, more in {
        "caregiver": {"has one": ask_url(world)},
        "other_caregiver": {"ask": ask_url(world, team=world.other_team)},
        "family_partner": {"profile": MINE, "own": f"{LIST}{world.partner.pk}/"},
        "jcpc_parent": {"profile": MINE},
    }.items():
        client = sign_in(get_user_model().objects.get(pk=world.people[slug].pk))
        assert too_hard(client, same | more, language) == {}, slug


def test_the_pages_speak_spanish(world, sign_in):
    get_user_model().objects.filter(pk=world.users.caregiver.pk).update(language="es")
    world.users.caregiver.refresh_from_db()
    page = sign_in(world.users.caregiver).get(LIST).content.decode()
    assert "Tonya Barnes camina con usted ahora." in page
    assert "1 persona cerca de usted" in page
