"""The pages of the service directory: exact sets, near home first, and marks that overwrite nobody."""

import datetime as dt
import html
import json
import re

import pytest
import textstat
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from collaboratives.enums import OrganizationKind
from collaboratives.models import Organization, StaffPosition
from referrals import access
from referrals.actions.directory import Overtaken, mark_service
from referrals.actions.hsds_documents import full_document
from referrals.models import Service
from soc_portal.access.scope import forget_scope
from soc_portal.audit.models import Event
from tests import test_reading_level
from tests.directories import a_place, a_service, an_organization, load, many, uid
from tests.parts.directory import directory_of_the_world

LIST = "/directory/"
EVERYTHING = ["Evening counseling", "Weekend respite", "Parent line", "Durham mentors"]
TODAY = timezone.localdate


@pytest.fixture
def rosa(world, sign_in):
    """The caregiver's browser; her family lives in Alamance."""
    return sign_in(world.users.caregiver)


def found(client, **query):
    response = client.get(LIST, query)
    assert response.status_code == 200
    return [row["service"].name for row in response.context["rows"]]


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(response.content.decode())).split())


# --- Who sees what ---------------------------------------------------------------------------------------------------
def test_everybody_who_is_signed_in_sees_the_whole_directory_and_nobody_else(world):
    services = {world.service, world.respite, world.hotline, world.other_service}
    for slug, user in world.people.items():
        assert set(access.visible_services(user)) == services, slug
    assert set(access.visible_services(AnonymousUser())) == set()
    assert set(access.public_services()) == services


def test_who_may_mark_which_services(world):
    marks = {
        slug: {service.name for service in access.markable_services(user)}
        for slug, user in world.people.items()
        if access.markable_services(user)
    }
    riverbend = {"Evening counseling", "Weekend respite"}
    assert marks == {
        "coordinator": riverbend | {"Parent line"},  # Alamance's, and the one of the whole state
        "other_coordinator": {"Durham mentors", "Parent line"},
        "provider": riverbend,
        "receiver": riverbend,
        "other_receiver": {"Durham mentors", "Parent line"},
    }


def test_who_no_longer_works_there_marks_no_longer(world):
    receiver = world.users.receiver
    StaffPosition.objects.filter(user=receiver).update(ends_on=TODAY() - dt.timedelta(days=1))
    forget_scope(receiver)
    assert set(access.markable_services(receiver)) == set()


def test_ended_services_are_gone_from_every_page(world, rosa):
    Service.objects.filter(pk=world.service.pk).update(ended_at=timezone.now())
    assert "Evening counseling" not in found(rosa)
    assert rosa.get(f"{LIST}{world.service.pk}/").status_code == 404
    assert rosa.get(f"{LIST}{world.service.pk}/edit/").status_code == 404
    assert rosa.get(f"{LIST}99999999999999999999999/").status_code == 404


# --- The list --------------------------------------------------------------------------------------------------------
def test_ones_own_county_comes_first_then_the_whole_state(world, sign_in):
    assert found(sign_in(world.users.caregiver)) == EVERYTHING
    assert found(sign_in(world.users.coordinator)) == EVERYTHING
    durham = ["Durham mentors", "Parent line", "Evening counseling", "Weekend respite"]
    assert found(sign_in(world.users.other_caregiver)) == durham
    assert found(sign_in(world.users.other_coordinator)) == durham
    assert found(sign_in(world.users.jcpc_parent)) == [
        "Parent line", "Durham mentors", "Evening counseling", "Weekend respite",
    ]  # no home: the whole state first  # fmt: skip


def test_filters_find_exactly_what_they_ask_for(world, rosa):
    assert found(rosa, q="acompana") == found(rosa, q="ANDRÉS") == ["Durham mentors"]
    assert found(rosa, q="riverbend respite") == ["Weekend respite"]
    assert found(rosa, q="bull city") == ["Parent line", "Durham mentors"]
    assert found(rosa, q="nothing like it") == found(rosa, q="%") == []
    assert found(rosa, category="mentoring") == ["Durham mentors"]
    assert found(rosa, category="food") == []
    assert found(rosa, county="37063") == ["Durham mentors", "Parent line"]
    assert found(rosa, county="37001") == ["Evening counseling", "Weekend respite", "Parent line"]
    assert found(rosa, language="es") == ["Evening counseling", "Weekend respite", "Parent line"]
    assert found(rosa, language="vi") == []
    assert found(rosa, county="37063", language="es", q="parent") == ["Parent line"]


def test_services_that_no_longer_exist_are_not_shown_but_closed_ones_are(world, rosa):
    Service.objects.filter(pk=world.service.pk).update(status="defunct")
    Service.objects.filter(pk=world.respite.pk).update(status="temporarily closed")
    assert found(rosa) == ["Weekend respite", "Parent line", "Durham mentors"]
    assert "Closed for a while" in text_of(rosa.get(LIST))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"category": "magic"}, "We do not have this choice. Pick one from the list."),
        ({"county": "99999"}, "We do not have this choice. Pick one from the list."),
        ({"language": "xx"}, "We do not have this choice. Pick one from the list."),
        ({"q": "x" * 101}, "This is too long to look for. Write at most 100 letters."),
        ({"q": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_a_filter_that_is_not_understood_is_told_and_the_others_still_count(world, rosa, query, words):
    response = rosa.get(LIST, query | {"q": "respite"} if "q" not in query else query)
    assert response.status_code == 200
    assert words in text_of(response)


def test_the_row_says_what_a_family_asks_first(world, rosa):
    text = text_of(rosa.get(LIST))
    assert "4 services" in text
    assert "Those in Alamance County come first." in text
    assert "About 14 days of waiting 3 open places" in text
    assert "call us" in text and "No wait" in text
    assert "All of North Carolina" in text
    assert 'href="tel:3365550142"' in rosa.get(LIST).content.decode()


def test_chips_take_one_filter_away(world, rosa):
    response = rosa.get(LIST, {"q": "respite", "county": "37001"})
    chips = response.context["filter"].chips()
    assert [(chip["words"], chip["query"]) for chip in chips] == [
        ("respite", "county=37001"), ("Alamance", "q=respite"),
    ]  # fmt: skip


def test_pages_keep_the_filter_and_a_page_that_is_not_there_is_the_last(world, rosa):
    load([*directory_of_the_world(), *many(30)])
    first = rosa.get(LIST, {"q": "service"})
    assert first.context["page"].paginator.count == 30
    assert len(first.context["rows"]) == 20
    assert "?q=service&amp;page=2#found" in first.content.decode()
    assert len(rosa.get(LIST, {"q": "service", "page": "99"}).context["rows"]) == 10
    assert len(rosa.get(LIST, {"q": "service", "page": "x"}).context["rows"]) == 20


def test_nothing_found_and_nothing_there_are_told_apart(world, rosa):
    assert "We found no service like that." in text_of(rosa.get(LIST, {"q": "nothing like it"}))
    Service.objects.update(ended_at=timezone.now())
    text = text_of(rosa.get(LIST))
    assert "No services yet" in text and "0 services" not in text


def test_a_service_whose_area_nobody_knows_asks_to_ask(world, rosa):
    load([a_service("Far away", service_areas=[], service_at_locations=[])])
    assert "Ask them which counties they serve" in text_of(rosa.get(LIST, {"q": "far away"}))
    assert "Far away" not in found(rosa, county="37001")


# --- One service -----------------------------------------------------------------------------------------------------
def test_the_page_of_a_service_tells_all_that_a_family_needs(world, rosa):
    text = text_of(rosa.get(f"{LIST}{world.service.pk}/"))
    for words in (
        "Evening counseling for young people", "Riverbend Counseling", "Counseling and therapy", "Ages 8 to 17.",
        "Call us. No paper is needed.", "12 Depot Street", "Graham, NC 27253", "Second floor.",
        "Monday to Friday, 9:00 am to 5:00 pm", "Tuesday and Thursday, 5:00 pm to 8:00 pm", "Bus 3 stops in front.",
        "There is a ramp.", "336-555-0142", "intake@test.example", "Medicaid, or pay by what you earn.",
        "A first talk: free", "English, Spanish", "Thursday, October 1", "About 14 days of waiting", "3 open places",
    ):  # fmt: skip
        assert words in text, words
    assert "Change waiting time" not in text


def test_a_service_with_next_to_nothing_has_a_page_too(world, rosa):
    organization = {"id": uid("o"), "name": "O", "description": ""}
    load([{"id": uid("bare"), "name": "Bare", "status": "inactive", "organization": organization}])
    text = text_of(rosa.get(f"{LIST}{Service.objects.get(name='Bare').pk}/"))
    for words in ("Not open now", "We do not know how to reach them.", "Call or write to them.", "Call to be sure."):
        assert words in text


def test_more_of_what_a_source_may_tell(world, rosa):
    place = a_place("By phone", location_type="virtual", addresses=[], schedules=[], accessibility=[])
    service = a_service(
        "More", place=place, organization=an_organization("Other"), phones=[], url="",
        minimum_age=8, maximum_age=17, alert="Closed in July.", interpretation_services="By phone, any language.",
        required_documents=[{"id": uid("d"), "document": "A school paper"}, {"id": uid("d2")}],
    )  # fmt: skip
    load([service, a_service("Old", minimum_age=18), a_service("Young", maximum_age=5, eligibility_description="")])
    pages = {row.name: text_of(rosa.get(f"{LIST}{row.pk}/")) for row in Service.objects.all()}
    for words in ("Ages 8 to 17", "Closed in July.", "By phone, any language.", "A school paper",
                  "336-555-0110, extension 4"):  # fmt: skip
        assert words in pages["More"], words
    assert "Age 18 and older" in pages["Old"]
    assert "Up to age 5" in pages["Young"]


def test_what_a_source_wrote_is_shown_as_text(world, rosa):
    load([a_service("<b>Bold</b>", description="<script>alert(1)</script>", alert="<img src=x>")])
    page = rosa.get(f"{LIST}{Service.objects.get(name='<b>Bold</b>').pk}/").content.decode()
    assert "<script>alert" not in page and "<img" not in page and "&lt;b&gt;Bold" in page


# --- The file --------------------------------------------------------------------------------------------------------
def test_the_file_holds_the_directory_and_no_more(world, rosa):
    response = rosa.get(f"{LIST}export/")
    assert response["Content-Disposition"] == f'attachment; filename="directory-hsds-{TODAY().isoformat()}.json"'
    contents = json.loads(response.content)["contents"]
    assert {row["name"] for row in contents} == set(EVERYTHING)
    assert "Delgado" not in response.content.decode()


def test_the_file_is_not_made_over_and_over(world, rosa):
    for _time in range(20):
        assert rosa.get(f"{LIST}export/").status_code == 200
    assert rosa.get(f"{LIST}export/").status_code == 429


# --- Marking ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def marcus(world, sign_in):
    """The browser of Alamance's coordinator."""
    return sign_in(world.users.coordinator)


def edit(client, service, **typed):
    form = {
        "seen": service.updated_at.isoformat(),
        "wait_days": "30",
        "open_places": "0",
        "checked_on": TODAY().isoformat(),
    }
    return client.post(f"{LIST}{service.pk}/edit/", form | typed)


def test_a_coordinator_marks_waiting_time_and_places(world, marcus):
    assert "Change waiting time and places" in text_of(marcus.get(f"{LIST}{world.service.pk}/"))
    response = edit(marcus, world.service)
    assert response.status_code == 302
    world.service.refresh_from_db()
    assert (world.service.wait_days, world.service.open_places) == (30, 0)
    assert world.service.checked_on == TODAY()
    text = text_of(marcus.get(response["Location"]))
    assert "It is saved. Families can see it now." in text
    assert "About 30 days of waiting Full now" in text
    event = Event.objects.get(verb="service_marked")
    assert (event.actor_id, event.object_id, event.family_id) == (world.users.coordinator.pk, world.service.pk, None)
    assert event.facts == {"wait_days": 30, "open_places": 0}


def test_what_is_marked_goes_out_by_the_interface(world):
    before = full_document(world.service)
    service = mark(world, wait_days=1, open_places=7)
    after = full_document(service)
    assert (after["wait_time"], after["assured_date"]) == ("1 day", TODAY().isoformat())
    assert [row["available"] for row in after["capacities"]] == [7]
    assert after["capacities"][0]["unit"] == before["capacities"][0]["unit"]
    assert after["last_modified"] > before["last_modified"]
    service = mark(world, wait_days=None, open_places=None)
    assert not {"wait_time", "capacities"} & set(full_document(service))


def mark(world, service=None, **values):
    service = Service.objects.get(pk=(service or world.service).pk)
    values = {"wait_days": 30, "open_places": 0, "checked_on": TODAY()} | values
    return mark_service(service=service, by=world.users.coordinator, seen=service.updated_at, **values)


def test_what_was_not_changed_keeps_the_words_of_its_source(world):
    service = mark(world, world.respite, wait_days=None, open_places=3)
    assert service.hsds["wait_time"] == "call us"
    assert service.hsds["capacities"][0]["maximum"] == 20
    assert service.hsds["capacities"][0]["updated"] == "2026-10-01T12:00:00+00:00"


def test_a_service_without_capacity_or_with_several_gets_one_of_ours(world):
    load([a_service("None", capacities=[])])
    service = mark(world, Service.objects.get(name="None"), open_places=2)
    [row] = service.hsds["capacities"]
    assert (row["available"], row["unit"]["name"], row["unit_id"]) == (2, "places", row["unit"]["id"])


def test_two_who_mark_at_once_overwrite_nobody(world, marcus):
    seen = world.service
    mark(world, wait_days=5, open_places=2)
    response = edit(marcus, seen, wait_days="40")
    assert response.status_code == 409
    text = text_of(response)
    assert "Somebody else saved this first" in text and "About 5 days of waiting 2 open places" in text
    assert 'value="40"' in response.content.decode()
    world.service.refresh_from_db()
    assert world.service.wait_days == 5
    again = response.context["form"].initial["seen"]
    assert edit(marcus, world.service, seen=again, wait_days="40").status_code == 302
    world.service.refresh_from_db()
    assert world.service.wait_days == 40


@pytest.mark.parametrize("seen", ["", "yesterday", "2026-99-99T00:00:00Z", "2026-01-01T00:00:00"])
def test_a_form_that_does_not_say_what_it_showed_saves_nothing(world, marcus, seen):
    assert edit(marcus, world.service, seen=seen).status_code == 409
    assert Service.objects.get(pk=world.service.pk).wait_days == 14


def test_the_action_itself_refuses_what_was_overtaken(world):
    with pytest.raises(Overtaken) as caught:
        mark_service(
            service=world.service, by=world.users.coordinator, seen=timezone.now(), wait_days=1, open_places=1,
            checked_on=TODAY(),
        )  # fmt: skip
    assert caught.value.theirs == world.service
    assert not Event.objects.filter(verb="service_marked").exists()


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("wait_days", "two", "Write a number of days, like 14."),
        ("wait_days", "-1", "Write 0 or more days."),
        ("wait_days", "1001", "Write at most 1000 days."),
        ("wait_days", "9" * 30, "Write at most 1000 days."),
        ("open_places", "1.5", "Write a number of places, like 3."),
        ("open_places", "-1", "Write 0 or more places."),
        ("open_places", "1001", "Write at most 1000 places."),
        ("checked_on", "", "Write the day on which you checked, so families know how new this is."),
        ("checked_on", "soon", "Write a day, like October 15, 2026."),
        ("checked_on", "2999-01-01", "Check the day: it must be in the past three years, or today."),
        ("checked_on", "1999-01-01", "Check the day: it must be in the past three years, or today."),
    ],
)
def test_what_is_wrong_is_told_beside_it_and_what_was_typed_is_kept(world, marcus, field, typed, words):
    response = edit(marcus, world.service, **{field: typed})
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [words]}
    if field != "checked_on":
        assert f'value="{typed}"' in response.content.decode()
    assert Service.objects.get(pk=world.service.pk).wait_days == 14


def test_marks_stay_until_the_source_tells_of_a_later_check(world):
    mark(world, wait_days=30, open_places=0)
    told = directory_of_the_world()
    load(told)
    assert Service.objects.get(pk=world.service.pk).wait_days == 30
    told[0] |= {"fees_description": "Free", "wait_time": "3 weeks"}
    load(told)
    service = Service.objects.get(pk=world.service.pk)
    assert (service.fees, service.wait_days, service.open_places, service.checked_on) == ("Free", 30, 0, TODAY())
    told[0] |= {"assured_date": (TODAY() + dt.timedelta(days=1)).isoformat()}
    load(told)
    service = Service.objects.get(pk=world.service.pk)
    assert (service.wait_days, service.open_places, service.marked_at) == (21, 3, None)


def test_the_caregiver_may_not_mark_even_when_she_works_somewhere_else(world, sign_in):
    other = Organization.objects.create(name="A shop", kind=OrganizationKind.COMMUNITY)
    rosa = world.users.caregiver
    StaffPosition.objects.create(user=rosa, organization=other, title="Clerk", starts_on=dt.date(2020, 1, 1))
    assert edit(sign_in(rosa), world.service).status_code == 403
    assert reverse("referrals:service_edit", args=[world.service.pk]) == f"{LIST}{world.service.pk}/edit/"


# --- Words -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", test_reading_level.HARDEST)
def test_a_caregiver_can_read_the_directory(world, sign_in, language):
    get_user_model().objects.filter(pk=world.users.caregiver.pk).update(language=language)
    one = f"{LIST}{world.service.pk}/"
    pages = {"list": LIST, "none": f"{LIST}?q=nothing+like+it", "one": one, "other": f"{LIST}{world.hotline.pk}/"}
    assert test_reading_level.too_hard(sign_in(world.users.caregiver), pages, language) == {}


@pytest.fixture(autouse=True)
def english_again():
    yield
    textstat.set_lang("en_US")
