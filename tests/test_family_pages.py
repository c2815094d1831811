"""About us: what matters, people, strengths, homes; written by those whose words they are."""

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from families.actions import add_person, change_family, change_person, end_person
from families.enums import FamilyRole
from families.forms import check_phone
from families.models import Family, Household, HouseholdShare, Person, Strength
from soc_portal.access.scope import forget_scope
from soc_portal.audit.enums import Look
from soc_portal.audit.models import Event
from soc_portal.drafts.models import Draft
from soc_portal.versions.models import Revision
from teams.actions.consents import stop_sharing
from teams.actions.items import add_item

pytestmark = pytest.mark.django_db


def url(world, name, **kwargs):
    return reverse(f"families:{name}", kwargs={"family_id": world.family.pk} | kwargs)


def edit(world, person):
    return url(world, "person_edit", person_id=person.pk)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def fields(response):
    return set(response.context["form"].fields)


def answers(form, **changes):
    """What a browser would send back from this form, with some answers changed."""
    data = {}
    for field in form:
        value = field.value()
        if value not in (None, False):
            data[field.name] = [getattr(row, "pk", row) for row in value] if isinstance(value, list) else value
    return data | changes


# --- The page --------------------------------------------------------------------------------------------------------
def test_ages_are_for_the_family_and_names_for_the_team(world, sign_in):
    own = sign_in(world.users.caregiver).get(url(world, "family_detail")).content.decode()
    theirs = sign_in(world.users.dss_worker).get(url(world, "family_detail")).content.decode()
    for text in (own, theirs):
        assert "Mateo Delgado" in text and "Luis Delgado" in text and "Mateo keeps going." in text
    assert "15 years old" in own
    assert "years old" not in theirs
    assert Event.objects.filter(verb=Look.FAMILY, family_id=world.family.pk).count() == 2


def test_what_matters_and_strengths_follow_the_plan_section(world, sign_in):
    change_family(family=world.family, by=world.users.caregiver, base_version=1, values={"what_matters": "Sundays"})
    add_item(
        team=world.team,
        by=world.users.caregiver,
        item=Strength(text="A court strength", section="court", person=world.mateo),
    )
    seen = {}
    for slug in ("caregiver", "dss_worker", "court_counselor", "provider"):
        text = sign_in(world.people[slug]).get(url(world, "family_detail")).content.decode()
        seen[slug] = {words for words in ("Sundays", "Mateo keeps going.", "A court strength") if words in text}
    assert seen == {
        "caregiver": {"Sundays", "Mateo keeps going.", "A court strength"},
        "dss_worker": {"Sundays", "Mateo keeps going."},
        "court_counselor": {"Sundays", "Mateo keeps going.", "A court strength"},
        "provider": set(),
    }
    stop_sharing(membership=world.members["dss_worker"], sections=["plan"], by=world.users.caregiver)
    assert "Sundays" not in sign_in(world.users.dss_worker).get(url(world, "family_detail")).content.decode()


def test_a_phone_of_somebody_without_a_home_is_shown_to_themselves(world, sign_in):
    Person.objects.filter(pk=world.luis.pk).update(phone="336-555-0177")
    world.luis.households.clear()
    assert "336-555-0177" in sign_in(world.users.other_household).get(url(world, "family_detail")).content.decode()
    assert "336-555-0177" not in sign_in(world.users.caregiver).get(url(world, "family_detail")).content.decode()


def test_the_page_costs_the_same_for_one_and_for_many(world, sign_in, django_assert_num_queries):
    client = sign_in(world.users.grandmother)
    client.get(url(world, "family_detail"))
    with django_assert_num_queries(14):
        client.get(url(world, "family_detail"))
    for number in range(4):
        person = Person(name=f"Cousin {number}", phone="336-555-0000")
        add_person(family=world.family, person=person, by=world.users.caregiver, households=[world.home])
        add_item(team=world.team, by=world.users.caregiver, item=Strength(text=f"Sings {number}", person=person))
    with django_assert_num_queries(14):
        client.get(url(world, "family_detail"))


# --- What matters, in the family's own words -------------------------------------------------------------------------
def test_the_family_writes_its_own_words_and_nobody_else_does(world, sign_in):
    for slug, status in [("grandmother", 403), ("facilitator", 403), ("other_caregiver", 404), ("superuser", 404)]:
        client = sign_in(world.people[slug])
        assert client.get(url(world, "family_edit")).status_code == status
        assert client.post(url(world, "family_edit"), {"name": "X", "version": 1}).status_code == status
    client = sign_in(world.users.youth)
    form = client.get(url(world, "family_edit")).context["form"]
    response = client.post(url(world, "family_edit"), answers(form, what_matters="Soccer\r\nand church"))
    assert response.status_code == 302
    family = Family.objects.get(pk=world.family.pk)
    assert (family.what_matters, family.version) == ("Soccer\nand church", 2)


@pytest.mark.parametrize("text", ["x" * 100_000, "مرحبا 🌻 " * 500, "<script>alert(1)</script>", "\u202eright to left"])
def test_any_text_is_kept_as_it_is(world, sign_in, text):
    client = sign_in(world.users.caregiver)
    form = client.get(url(world, "family_edit")).context["form"]
    assert client.post(url(world, "family_edit"), answers(form, what_matters=text)).status_code == 302
    assert Family.objects.get(pk=world.family.pk).what_matters == text.strip()
    assert "<script>alert" not in client.get(url(world, "family_detail")).content.decode()


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("name", "x" * 121), ("what_matters", "a\x00b"), ("version", "x")]
)
def test_a_wrong_answer_is_named_and_the_rest_is_kept(world, sign_in, field, value):
    client = sign_in(world.users.caregiver)
    data = {"name": "Delgado", "what_matters": "Dinner", "version": 1} | {field: value}
    response = client.post(url(world, "family_edit"), data)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert response.context["form"]["name"].value() == data["name"]
    assert Family.objects.get(pk=world.family.pk).version == 1


def test_two_at_once_both_keep_their_words_and_merge(world, sign_in):
    rosa = sign_in(world.users.caregiver)
    form = rosa.get(url(world, "family_edit")).context["form"]
    change_family(
        family=world.family, by=world.users.other_household, base_version=1,
        values={"what_matters": "Luis: fishing"},
    )  # fmt: skip
    mine = answers(form, what_matters="Rosa: church", name="The Delgados")
    response = rosa.post(url(world, "family_edit"), mine)
    assert response.status_code == 409
    text = response.content.decode()
    assert "Luis: fishing" in text and "Rosa: church" in text
    merge = response.context["form"]
    assert merge["what_matters"].value() == "Rosa: church"
    assert merge["name"].value() == "The Delgados"
    now = Family.objects.get(pk=world.family.pk)
    assert (now.name, now.what_matters) == ("Delgado family", "Luis: fishing"), "nothing is saved yet"
    assert Draft.objects.get(user=world.users.caregiver, field="what_matters").text == "Rosa: church"
    done = rosa.post(url(world, "family_edit"), answers(merge, what_matters="church and fishing"))
    assert done.status_code == 302
    assert Family.objects.get(pk=world.family.pk).what_matters == "church and fishing"
    assert not Draft.objects.filter(user=world.users.caregiver).exists()
    states = Revision.objects.filter(kind="families.family", item_id=world.family.pk).values_list("state", flat=True)
    assert [(state["name"], state["what_matters"]) for state in states] == [
        ("The Delgados", "church and fishing"), ("Delgado family", "Luis: fishing"), ("Delgado family", ""),
    ]  # fmt: skip


def test_what_only_the_other_changed_is_not_undone_by_the_merge(world, sign_in):
    client = sign_in(world.users.caregiver)
    form = client.get(url(world, "family_edit")).context["form"]
    change_family(
        family=world.family, by=world.users.other_household, base_version=1,
        values={"what_matters": "Fishing", "name": "Delgado and Ruiz"},
    )  # fmt: skip
    merge = client.post(url(world, "family_edit"), answers(form, what_matters="Church")).context["form"]
    assert merge["name"].value() == "Delgado and Ruiz"


def test_a_merge_that_was_left_is_a_merge_again(world, sign_in):
    client = sign_in(world.users.caregiver)
    mine = answers(client.get(url(world, "family_edit")).context["form"], what_matters="Church")
    change_family(
        family=world.family, by=world.users.other_household, base_version=1, values={"what_matters": "Fishing"}
    )
    assert client.post(url(world, "family_edit"), mine).status_code == 409
    back = client.get(url(world, "family_edit")).context["form"]
    assert back["what_matters"].value() == "Church"
    assert client.post(url(world, "family_edit"), answers(back)).status_code == 409
    assert Family.objects.get(pk=world.family.pk).what_matters == "Fishing"


def test_a_form_without_its_version_overwrites_nothing(world, sign_in):
    change_family(family=world.family, by=world.users.caregiver, base_version=1, values={"what_matters": "Ours"})
    response = sign_in(world.users.caregiver).post(
        url(world, "family_edit"), {"name": world.family.name, "what_matters": "Blank"}
    )
    assert response.status_code == 409
    assert Family.objects.get(pk=world.family.pk).what_matters == "Ours"


def test_what_was_typed_before_comes_back(world, sign_in):
    client = sign_in(world.users.caregiver)
    path = url(world, "family_edit")
    client.post(reverse("drafts:keep"), {"path": path, "what_matters": "Half a sent", "version": "1"})
    page = client.get(path)
    assert page.context["form"]["what_matters"].value() == "Half a sent"
    assert "We kept what you typed" in page.content.decode()


# --- People ----------------------------------------------------------------------------------------------------------
BASIC = {"name", "relationship", "language", "needs_interpreter", "access_needs"}
DECIDES = {"role", "born_on"}
CONTACT = {"phone", "safe_contact", "safe_times"}


def test_each_writer_is_asked_only_what_they_may_answer(world, sign_in):
    uncle = add_person(
        family=world.family, by=world.users.caregiver, person=Person(name="Tito"), households=[world.home]
    )
    people = {"rosa": world.rosa, "luis": world.luis, "mateo": world.mateo, "tito": uncle}
    asked = {
        slug: {
            key: fields(sign_in(world.people[slug]).get(edit(world, person))) - {"version"} - BASIC
            for key, person in people.items()
        }
        for slug in ("caregiver", "other_household", "youth", "dss_worker", "grandmother")
    }
    home = {"homes"}
    assert asked == {
        "caregiver": {
            "rosa": DECIDES | CONTACT | home, "luis": set(), "mateo": DECIDES | CONTACT | home,
            "tito": DECIDES | CONTACT | home,
        },
        "other_household": {
            "rosa": set(), "luis": DECIDES | CONTACT | home, "mateo": DECIDES | CONTACT | home, "tito": DECIDES,
        },
        "youth": {"rosa": set(), "luis": set(), "mateo": CONTACT | home, "tito": CONTACT | home},
        "dss_worker": {"rosa": set(), "luis": set(), "mateo": set(), "tito": set()},
        "grandmother": {"rosa": set(), "luis": set(), "mateo": set(), "tito": set()},
    }  # fmt: skip


def test_fields_that_were_not_asked_are_not_saved(world, sign_in):
    client = sign_in(world.users.dss_worker)
    form = client.get(edit(world, world.mateo)).context["form"]
    more = {"role": "caregiver", "born_on": "2000-01-01", "phone": "336-555-0142", "homes": [world.home.pk]}
    assert client.post(edit(world, world.mateo), answers(form, relationship="Son", **more)).status_code == 302
    mateo = Person.objects.get(pk=world.mateo.pk)
    assert (mateo.relationship, mateo.role, mateo.phone) == ("Son", FamilyRole.YOUNG_PERSON, "")
    assert mateo.born_on == world.mateo.born_on
    assert set(mateo.households.all()) == {world.home, world.other_home}


def test_staff_add_somebody_as_a_relative_without_any_contact(world, sign_in):
    client = sign_in(world.users.facilitator)
    data = {
        "name": "Aunt Ana",
        "language": "es",
        "needs_interpreter": "on",
        "role": "caregiver",
        "phone": "336-555-0142",
    }
    assert client.post(url(world, "person_add"), data).status_code == 302
    ana = Person.objects.get(name="Aunt Ana")
    assert (ana.role, ana.phone, ana.needs_interpreter) == (FamilyRole.RELATIVE, "", True)
    assert not ana.households.exists()


def test_a_caregiver_adds_somebody_to_their_own_home_alone(world, sign_in):
    client = sign_in(world.users.caregiver)
    data = {"name": "Andrés", "language": "en", "role": "young_person", "born_on": "2007-05-01", "safe_contact": "ask"}
    refused = client.post(url(world, "person_add"), data | {"homes": [world.other_home.pk]})
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"homes"}
    assert client.post(url(world, "person_add"), data | {"homes": [world.home.pk]}).status_code == 302
    assert list(Person.objects.get(name="Andrés").households.all()) == [world.home]


def test_moving_a_child_out_of_ones_home_leaves_the_other_home_alone(world, sign_in):
    client = sign_in(world.users.caregiver)
    form = client.get(edit(world, world.mateo)).context["form"]
    assert "Dad&#x27;s home" not in str(form)
    assert client.post(edit(world, world.mateo), answers(form, homes=[])).status_code == 302
    assert set(Person.objects.get(pk=world.mateo.pk).households.all()) == {world.other_home}


def test_no_home_is_left_without_anybody(world, sign_in):
    client = sign_in(world.users.other_household)
    world.mateo.households.remove(world.other_home)
    form = client.get(edit(world, world.luis)).context["form"]
    response = client.post(edit(world, world.luis), answers(form, homes=[], phone="336-555-0142"))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"homes"}
    assert set(world.luis.households.all()) == {world.other_home}
    assert Person.objects.get(pk=world.luis.pk).phone == "", "all of it or nothing"


def test_one_parent_takes_no_rights_from_the_other(world, sign_in):
    client = sign_in(world.users.caregiver)
    form = client.get(edit(world, world.luis)).context["form"]
    client.get(client.post(edit(world, world.luis), answers(form, role="relative")).url)
    assert Person.objects.get(pk=world.luis.pk).role == FamilyRole.CAREGIVER
    response = client.post(url(world, "person_end", person_id=world.luis.pk))
    assert said(response) == ["Luis Delgado is on your team. Ask them to step back from the team first."]
    assert Person.objects.get(pk=world.luis.pk).ended_at is None


def test_the_last_caregiver_stays_one(world, sign_in):
    Person.objects.filter(pk=world.luis.pk).update(role=FamilyRole.RELATIVE)
    client = sign_in(world.users.caregiver)
    form = client.get(edit(world, world.rosa)).context["form"]
    response = client.post(edit(world, world.rosa), answers(form, role="relative"))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"role"}
    assert said(client.post(url(world, "person_end", person_id=world.rosa.pk))) == [
        "A family needs one parent or caregiver here."
    ]
    with pytest.raises(ValidationError):
        end_person(person=world.rosa, by=world.users.caregiver)


def test_a_caregiver_takes_somebody_off_the_list(world, sign_in):
    uncle = add_person(family=world.family, by=world.users.caregiver, person=Person(name="Tito"), households=[])
    end = url(world, "person_end", person_id=uncle.pk)
    for slug, status in [("youth", 403), ("dss_worker", 403), ("other_caregiver", 404)]:
        assert sign_in(world.people[slug]).post(end).status_code == status
    client = sign_in(world.users.caregiver)
    assert client.post(end).status_code == 302
    assert Person.objects.get(pk=uncle.pk).ended_at is not None
    assert client.post(end).status_code == 404
    assert "Tito" not in client.get(url(world, "family_detail")).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "x" * 121), ("language", "xx"), ("role", "boss"), ("born_on", "2999-01-01"),
        ("born_on", "1700-01-01"), ("born_on", "tomorrow"), ("phone", "call me"), ("phone", "555-0142"),
        ("safe_contact", "pigeon"), ("safe_times", "x" * 201), ("homes", ["999999"]), ("homes", ["x"]),
    ],
)  # fmt: skip
def test_a_wrong_answer_about_a_person_is_named(world, sign_in, field, value):
    client = sign_in(world.users.caregiver)
    form = client.get(edit(world, world.mateo)).context["form"]
    response = client.post(edit(world, world.mateo), answers(form, **{field: value}))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert Person.objects.get(pk=world.mateo.pk).version == world.mateo.version


def test_two_at_once_about_a_person_merge_and_the_homes_are_kept(world, sign_in):
    client = sign_in(world.users.caregiver)
    form = client.get(edit(world, world.mateo)).context["form"]
    change_person(
        person=world.mateo, by=world.users.facilitator, base_version=world.mateo.version,
        values={"access_needs": "Large print", "language": "es"},
    )  # fmt: skip
    response = client.post(edit(world, world.mateo), answers(form, access_needs="A ride", language="fr", homes=[]))
    assert response.status_code == 409
    assert [clash["theirs"] for clash in response.context["clashes"]] == ["Large print", "Spanish"]
    merge = response.context["form"]
    done = client.post(edit(world, world.mateo), answers(merge, access_needs="A ride. Large print.", language="es"))
    assert done.status_code == 302
    mateo = Person.objects.get(pk=world.mateo.pk)
    assert (mateo.access_needs, mateo.language) == ("A ride. Large print.", "es")
    assert set(mateo.households.all()) == {world.other_home}


def test_people_of_other_families_and_the_holder_of_a_grant_are_refused(world, sign_in):
    jada = Person.objects.get(name="Jada Walker")
    client = sign_in(world.users.caregiver)
    assert client.get(edit(world, jada)).status_code == 404
    assert client.get(reverse("families:person_edit", args=[world.other_family.pk, jada.pk])).status_code == 404


@pytest.mark.parametrize(
    "number", ["336-555-0142", "(336) 555 0142", "+1 336.555.0142", "3365550142 ext. 12", "336-555-0142 x5"]
)
def test_a_phone_number_is_taken_as_people_write_it(number):
    check_phone(number)


@pytest.mark.parametrize(
    "number", ["555-0142", "336-555-014a", "1234567890123456", "call 336-555-0142", "-" * 12, "ext 5"]
)
def test_what_is_no_phone_number_is_refused(number):
    with pytest.raises(ValidationError):
        check_phone(number)


# --- Homes -----------------------------------------------------------------------------------------------------------
def test_somebody_of_the_family_writes_down_a_home_and_lives_there(world, sign_in):
    assert sign_in(world.users.grandmother).get(url(world, "household_add")).status_code == 403
    client = sign_in(world.users.other_household)
    data = {"name": "Cabin", "address": "7 Pine Way\r\nElon", "phone": ""}
    assert client.post(url(world, "household_add"), data).status_code == 302
    cabin = Household.objects.get(name="Cabin")
    assert cabin.address == "7 Pine Way\nElon"
    assert list(cabin.people.all()) == [world.luis]


def test_a_home_is_changed_by_those_who_live_there(world, sign_in):
    path = url(world, "household_edit", household_id=world.home.pk)
    client = sign_in(world.users.caregiver)
    form = client.get(path).context["form"]
    refused = client.post(path, answers(form, phone="12"))
    assert refused.status_code == 422
    assert client.post(path, answers(form, address="5 New Street", phone="336-555-0142")).status_code == 302
    fresh = Household.objects.get(pk=world.home.pk)
    assert (fresh.address, fresh.phone) == ("5 New Street", "336-555-0142")
    stale = client.post(path, answers(form, address="Old form"))
    assert stale.status_code == 409
    assert Household.objects.get(pk=world.home.pk).address == "5 New Street"
    assert sign_in(world.users.grandmother).get(path).status_code == 403
    for slug in ("other_household", "dss_worker", "other_caregiver"):
        assert sign_in(world.people[slug]).get(path).status_code == 404


def sharing(world, home=None):
    return url(world, "household_sharing", household_id=(home or world.home).pk)


def test_those_who_live_there_choose_among_the_team(world, sign_in):
    form = sign_in(world.users.caregiver).get(sharing(world)).context["form"]
    groups = {label: {name for _pk, name in rows} for label, rows in form.fields["who"].choices[1:]}
    assert groups == {
        "People on our team": {
            "Carmen Ruiz", "Tonya Barnes", "Andrea Pruitt", "Denise Whitfield", "Devon Harris", "Priya Nair",
            "Kim Okafor",
        },
        "Family who do not live here": {"Luis Delgado"},
    }  # fmt: skip


def test_one_more_person_may_know_until_a_day_and_no_longer_than_wished(world, sign_in):
    client = sign_in(world.users.caregiver)
    dss = world.users.dss_worker
    data = {"who": dss.pk, "until": timezone.localdate() + dt.timedelta(days=20)}
    assert client.post(sharing(world), data).status_code == 302
    reader = sign_in(dss)
    assert "12 Secret Lane" in reader.get(url(world, "family_detail")).content.decode()
    look = Event.objects.get(verb=Look.HOUSEHOLD, actor_id=dss.pk)
    assert (look.object_kind, look.object_id, look.actor_organization) == (
        "families.household", world.home.pk, "Alamance Social Services",
    )  # fmt: skip
    share = HouseholdShare.objects.get(user=dss, ended_at=None)
    end = url(world, "household_share_end", share_id=share.pk)
    for slug, status in [("dss_worker", 403), ("grandmother", 403), ("other_household", 404), ("facilitator", 404)]:
        assert sign_in(world.people[slug]).post(end).status_code == status
    client = sign_in(world.users.youth)
    for _twice in range(2):
        assert client.post(end).status_code == 302
    assert "12 Secret Lane" not in sign_in(dss).get(url(world, "family_detail")).content.decode()


@pytest.mark.parametrize("until", ["2020-01-01", "soon", "", "9999-12-31"])
def test_a_wrong_day_shares_no_home(world, sign_in, until):
    data = {"who": world.users.dss_worker.pk, "until": until}
    response = sign_in(world.users.caregiver).post(sharing(world), data)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"until"}
    assert not HouseholdShare.objects.filter(user=world.users.dss_worker).exists()


@pytest.mark.parametrize(
    "slug", ["other_caregiver", "former_member", "coordinator", "proposed", "caregiver", "superuser"]
)
def test_nobody_outside_the_team_is_chosen_even_by_hand(world, sign_in, slug):
    data = {"who": world.people[slug].pk, "until": timezone.localdate()}
    response = sign_in(world.users.caregiver).post(sharing(world), data)
    assert set(response.context["form"].errors) == {"who"}


def test_who_left_the_team_is_listed_as_seeing_nothing(world, sign_in):
    text = sign_in(world.users.caregiver).get(sharing(world)).content.decode()
    assert "Gail Norris" in text and "Not on our team now, so they see nothing." in text


def test_sharing_a_home_costs_the_same_for_one_and_for_many(world, sign_in, django_assert_num_queries):
    client = sign_in(world.users.caregiver)
    HouseholdShare.objects.exclude(user=world.users.grandmother).delete()
    client.get(sharing(world))
    with django_assert_num_queries(13):
        client.get(sharing(world))
    for slug in ("dss_worker", "facilitator", "provider"):
        client.post(sharing(world), {"who": world.people[slug].pk, "until": timezone.localdate()})
    client.get(sharing(world))
    with django_assert_num_queries(13):
        client.get(sharing(world))
    forget_scope(world.users.caregiver)


def test_my_own_page_leads_to_the_page_about_us(world, sign_in):
    link = url(world, "family_detail")
    assert link in sign_in(world.users.caregiver).get(reverse("accounts:profile_edit")).content.decode()
    assert "/families/" not in sign_in(world.users.dss_worker).get(reverse("accounts:profile_edit")).content.decode()
