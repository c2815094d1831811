"""Where somebody lives and how to reach them: never to be found by anybody whom that home did not choose.

Two homes of one family; one must not know of the other. Every page that a persona can open is opened, whatever it is
called, and searched for what that persona may not find there.
"""

import datetime as dt
from itertools import product

import pytest
from django.core import mail
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from families.access import (
    can_write_contact,
    open_households,
    own_households,
)
from families.actions import change_person, share_household
from families.models import HouseholdShare, Person
from soc_portal.access.scope import forget_scope
from soc_portal.audit.enums import Look
from teams.access import team_items, visible_items, visible_looks
from teams.actions.consents import share_sections, stop_sharing
from teams.actions.grants import give_grant
from teams.models import Need, Note
from tests.parts.referrals import draft, send
from tests.world import PEOPLE

pytestmark = pytest.mark.django_db

HOME = {"12 Secret Lane", "336-555-0101", "336-555-7001", "only after eight"}
OTHER_HOME = {"99 Hidden Road", "336-555-0199", "336-555-7002", "never on Mondays"}
CHILD = {"336-555-7003"}  # lives in both
#: Who may find which of them; everybody else finds none.
MAY_FIND = {
    "caregiver": HOME | CHILD,
    "youth": HOME | OTHER_HOME | CHILD,
    "grandmother": HOME | CHILD,
    "other_household": OTHER_HOME | CHILD,
    # Rosa shared her own phone and safe times with the place where they work, in one referral.
    "receiver": {"336-555-7001", "only after eight"},
    "provider": {"336-555-7001", "only after eight"},
}


@pytest.fixture
def homes(world):
    """The world with a phone and a safe time for people of each home, and shares of each kind that must not work."""
    for person, phone, times in [
        (world.rosa, "336-555-7001", "only after eight"), (world.luis, "336-555-7002", "never on Mondays"),
        (world.mateo, "336-555-7003", ""),
    ]:  # fmt: skip
        by = person.user
        change_person(person=person, by=by, base_version=person.version, values={"phone": phone, "safe_times": times})
    rosa, today = world.users.caregiver, timezone.localdate()
    for slug in ("dss_worker", "coordinator", "other_caregiver", "proposed", "expired_consent", "superuser"):
        share_household(household=world.home, user=world.people[slug], until=today, by=rosa)
    shares = HouseholdShare.objects.filter(household=world.home)
    shares.filter(user=world.users.dss_worker).update(until=today - dt.timedelta(days=1))  # it ran out yesterday
    share_household(household=world.home, user=world.users.facilitator, until=today, by=rosa)
    shares.filter(user=world.users.facilitator).update(ended_at=timezone.now(), ended_by=rosa)  # taken back
    world.referrals["reach us"] = send(
        world, draft(world, "Call us"), "phone", "contact", person=Person.objects.get(pk=world.rosa.pk)
    )
    for user in world.people.values():
        forget_scope(user)
    return world


def everything(resolver=None, namespace="", outer=()):
    """(name, parameters) of every address of the portal's own."""
    for pattern in (resolver or get_resolver()).url_patterns:
        parameters = (*outer, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            if "allauth" not in str(getattr(pattern, "urlconf_name", "")):
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from everything(pattern, inner, parameters)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{namespace}{pattern.name}", parameters


def addresses(world):
    """Every address, with the numbers of both homes, every person and a row of each kind."""
    known = {
        "team_id": [world.team.pk],
        "family_id": [world.family.pk],
        "membership_id": [world.members["dss_worker"].pk],
        "person_id": [world.rosa.pk, world.luis.pk, world.mateo.pk],
        "household_id": [world.home.pk, world.other_home.pk],
        "share_id": list(HouseholdShare.objects.values_list("pk", flat=True))[:1],
        "meeting_id": [world.meeting.pk],
        "need_id": [world.items["need"].pk],
        "step_id": [world.items["step"].pk],
        "kind": ["need", "strength", "words"],
        "item_id": [1],
        "section": ["plan"],
        "number": [1],
        "grant_id": [1],
        "filter_id": [1],
        "session_id": [1],
        "token": ["x"],
        "referral_id": [row.pk for row in world.referrals.values()],
    }
    for name, parameters in everything():
        if name in PUBLIC or name == "accounts:signed_out":  # the same for everybody; and the way out
            continue
        for values in product(*(known[parameter] for parameter in parameters)):
            yield reverse(name, kwargs=dict(zip(parameters, values, strict=True)))


PUBLIC = {
    "healthz",
    "set_language",
    "pages:safety",
    "pages:rights",
    "pages:accessibility",
    "pages:privacy",
    "pages:about",
}
SEARCHES = ["Secret", "Hidden", "336-555", "3365550101", "Mondays", "eight", "Delgado", "lane"]


def found(client, world):
    """Which of the secrets stand in any page, list, print, search or file that this browser can open."""
    seen = {}
    urls = [*addresses(world), *(f"{reverse('teams:search')}?q={words}" for words in SEARCHES)]
    for url in urls:
        response = client.get(url)
        body = b"".join(response) if response.streaming else response.content
        for secret in HOME | OTHER_HOME | CHILD:
            if secret.encode() in body:
                seen.setdefault(secret, url)
    assert "_auth_user_id" in client.session, "a page signed us out, and the rest was searched for nobody"
    return seen


@pytest.mark.parametrize("slug", sorted(PEOPLE))
def test_no_page_shows_where_somebody_lives_to_anybody_whom_they_did_not_choose(homes, sign_in, slug):
    seen = found(sign_in(homes.people[slug]), homes)
    allowed = MAY_FIND.get(slug, set())
    assert {secret: url for secret, url in seen.items() if secret not in allowed} == {}
    assert set(seen) == allowed, "those who may know find it, so that this test can fail"


def test_nothing_of_it_is_in_any_mail(homes, sign_in):
    share_household(
        household=homes.home, user=homes.users.provider, until=timezone.localdate(), by=homes.users.caregiver
    )
    texts = [message.subject + message.body for message in mail.outbox]
    assert [secret for secret in HOME | OTHER_HOME | CHILD for text in texts if secret in text] == []


# --- Exact sets -------------------------------------------------------------------------------------------------------
def test_open_and_own_homes_exactly(homes):
    opened = {slug: set(open_households(user)) for slug, user in homes.people.items()}
    assert {slug: rows for slug, rows in opened.items() if rows} == {
        "caregiver": {homes.home}, "youth": {homes.home, homes.other_home}, "grandmother": {homes.home},
        "other_household": {homes.other_home},
        "other_caregiver": set(own_households(homes.users.other_caregiver)),
    }  # fmt: skip
    own = {slug: set(own_households(user)) for slug, user in homes.people.items()}
    assert {slug: rows for slug, rows in own.items() if homes.home in rows or homes.other_home in rows} == {
        "caregiver": {homes.home}, "youth": {homes.home, homes.other_home}, "other_household": {homes.other_home},
    }  # fmt: skip


def test_who_may_write_how_to_reach_somebody_exactly(homes):
    people = {"rosa": homes.rosa, "luis": homes.luis, "mateo": homes.mateo}
    may = {
        slug: {key for key, person in people.items() if can_write_contact(user, person)}
        for slug, user in homes.people.items()
    }
    assert {slug: keys for slug, keys in may.items() if keys} == {
        "caregiver": {"rosa", "mateo"}, "youth": {"mateo"}, "other_household": {"luis", "mateo"},
    }  # fmt: skip


def test_a_share_stops_with_the_team_the_day_or_the_home(homes):
    carmen = homes.users.grandmother
    assert set(open_households(carmen)) == {homes.home}
    stop_sharing(membership=homes.members["grandmother"], sections=["plan", "records"], by=homes.users.caregiver)
    forget_scope(carmen)
    assert set(open_households(carmen)) == set(), "with whom nothing is shared knows no home either"
    share_sections(membership=homes.members["grandmother"], sections=["plan"], until=None, by=homes.users.caregiver)
    forget_scope(carmen)
    assert set(open_households(carmen)) == {homes.home}
    HouseholdShare.objects.filter(user=carmen).update(until=timezone.localdate() - dt.timedelta(days=1))
    assert set(open_households(carmen)) == set()


def test_the_holder_of_a_grant_finds_no_home(homes, sign_in):
    give_grant(
        team=homes.team, user=homes.users.jcpc_chair, sections=["plan", "records", "documents"], reason="Interpreter",
        until=timezone.now() + dt.timedelta(days=2), by=homes.users.caregiver,
    )  # fmt: skip
    assert found(sign_in(homes.users.jcpc_chair), homes) == {}


def test_one_home_cannot_be_reached_by_writing_oneself_or_the_child_into_it(homes, sign_in):
    """The other household's caregiver tries every form that writes homes."""
    client = sign_in(homes.users.other_household)
    for person in (homes.luis, homes.mateo, homes.rosa):
        url = reverse("families:person_edit", args=[homes.family.pk, person.pk])
        page = client.get(url)
        data = {"version": page.context["form"]["version"].value(), "name": person.name, "language": "en"}
        data |= {"role": person.role, "safe_contact": "ask", "homes": [homes.home.pk, homes.other_home.pk]}
        client.post(url, data)
    new = {"name": "Spy", "language": "en", "role": "relative", "safe_contact": "ask", "homes": [homes.home.pk]}
    client.post(reverse("families:person_add", args=[homes.family.pk]), new)
    assert set(Person.objects.filter(households=homes.home)) == {homes.rosa, homes.mateo}
    share = HouseholdShare.objects.filter(household=homes.home).first()
    for name, pk in [("household_edit", homes.home.pk), ("household_sharing", homes.home.pk)]:
        data = {"name": "x", "who": homes.users.other_household.pk, "until": timezone.localdate()}
        assert client.post(reverse(f"families:{name}", args=[homes.family.pk, pk]), data).status_code == 404
    assert client.post(reverse("families:household_share_end", args=[homes.family.pk, share.pk])).status_code == 404
    forget_scope(homes.users.other_household)
    assert set(open_households(homes.users.other_household)) == {homes.other_home}


def test_who_read_one_address_is_no_news_for_the_other_home(homes, sign_in):
    sign_in(homes.users.grandmother).get(reverse("families:family_detail", args=[homes.family.pk]))
    seen = {
        slug: set(visible_looks(homes.people[slug], homes.team).filter(verb=Look.HOUSEHOLD).values_list("object_id"))
        for slug in ("caregiver", "other_household")
    }
    assert seen == {"caregiver": {(homes.home.pk,)}, "other_household": set()}


# --- What is shared, on the next request -----------------------------------------------------------------------------
def test_a_section_comes_and_goes_with_the_next_request_everywhere(world, sign_in):
    """School is shared with the social worker, and stopped again: in lists, pages, search and record alike."""
    dss, rosa = world.users.dss_worker, world.users.caregiver
    member = world.members["dss_worker"]
    secrets = ["A need about school", "A school secret"]
    pages = [
        reverse("teams:plan_detail", args=[world.team.pk]), reverse("teams:plan_print", args=[world.team.pk]),
        reverse("teams:meeting_detail", args=[world.team.pk, world.meeting.pk]),
        reverse("teams:meeting_print", args=[world.team.pk, world.meeting.pk]),
        reverse("teams:plan_history", args=[world.team.pk]), reverse("home"),
        reverse("teams:search") + "?q=school",
    ]  # fmt: skip

    def seen():
        client = sign_in(dss)
        bodies = [client.get(page).content.decode() for page in pages]
        return {secret for secret in secrets for body in bodies if secret in body}

    def rows():
        forget_scope(dss)
        return {*visible_items(dss, Need).filter(section="school"), *team_items(dss, world.team, Note)}

    before = rows()
    assert seen() == set()
    share_sections(membership=member, sections=["school"], until=None, by=rosa)
    assert rows() == before | {world.items["need_school"], world.items["school_note"]}
    assert seen() == set(secrets), "the pages show it while it is shared"
    stop_sharing(membership=member, sections=["school"], by=rosa)
    assert rows() == before
    assert seen() == set()
