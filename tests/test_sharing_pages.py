"""What the family shares, with whom and until when: two taps, from the next request on."""

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from families.enums import Section
from soc_portal.access.scope import forget_scope, scope_of
from teams import access
from teams.actions.consents import share_sections, stop_sharing
from teams.actions.memberships import choose_member, propose_member
from teams.enums import MemberKind
from teams.models import Consent, Need
from tests.world import join

pytestmark = pytest.mark.django_db


def page(world):
    return reverse("teams:sharing_detail", args=[world.team.pk])


def edit(world, slug):
    return reverse("teams:sharing_edit", args=[world.team.pk, world.members[slug].pk])


def toggle(client, world, slug, section, to):
    url = reverse("teams:sharing_toggle", args=[world.team.pk, world.members[slug].pk, section])
    return client.post(url, {"to": to} if to else {})


def shared(world, slug):
    """The sections that are shared with this member today."""
    return set(Consent.objects.live().filter(membership=world.members[slug]).values_list("section", flat=True))


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def panels(response):
    """{name: (parts shared, parts that ran out)} as the page shows them."""
    return {
        panel["member"].name: tuple({row["section"].value for row in panel[kind]} for kind in ("shared", "over"))
        for panel in response.context["panels"]
    }


# --- The page --------------------------------------------------------------------------------------------------------
def test_the_page_shows_each_member_once_with_exactly_what_is_shared(world, sign_in):
    response = sign_in(world.users.caregiver).get(page(world))
    basic = {"plan", "records"}
    assert panels(response) == {
        "Carmen Ruiz": (basic, set()),
        "Tonya Barnes": (basic, set()),
        "Andrea Pruitt": (basic, set()),
        "Denise Whitfield": (basic, set()),
        "Devon Harris": (basic | {"court"}, set()),
        "Priya Nair": ({"records", "mental_health", "substance_use"}, set()),
        "Kim Okafor": (set(), basic),
    }
    text = response.content.decode()
    assert "Stop sharing" in text and "Say yes again" in text and "Gail Norris" in text
    assert "What we shared before" in text


def test_members_without_an_account_and_family_without_a_place_in_it_have_a_panel_too(world, sign_in):
    for name, kind in [("Mrs. Lee", MemberKind.NATURAL), ("Uncle Tito", MemberKind.FAMILY)]:
        member = propose_member(team=world.team, by=world.users.caregiver, name=name, kind=kind)
        choose_member(membership=member, by=world.users.caregiver)
    response = sign_in(world.users.caregiver).get(page(world))
    assert {"Mrs. Lee", "Uncle Tito"} <= set(panels(response))
    assert response.content.decode().count("Has not said yes yet") == 2
    assert "Ray Tillman" not in panels(response), "whom nobody chose sees nothing"


def test_the_youth_sees_the_page_and_no_button(world, sign_in):
    text = sign_in(world.users.youth).get(page(world)).content.decode()
    assert "Priya Nair" in text
    for button in ("Stop sharing:", "formaction", "Share more", "End this", "Let someone read"):
        assert button not in text


@pytest.mark.parametrize("slug", ["grandmother", "dss_worker", "facilitator"])
def test_members_see_a_sentence_instead_and_strangers_nothing(world, sign_in, slug):
    assert sign_in(world.people[slug]).get(page(world)).status_code == 403
    for stranger in ("other_caregiver", "coordinator", "former_member", "expired_consent", "superuser"):
        assert sign_in(world.people[stranger]).get(page(world)).status_code == 404


def test_the_page_costs_the_same_at_three_times_the_members(world, sign_in, django_assert_num_queries):
    client = sign_in(world.users.caregiver)
    client.get(page(world))
    with django_assert_num_queries(14):
        client.get(page(world))
    for number in range(14):
        member = propose_member(
            team=world.team, by=world.users.caregiver, name=f"Friend {number}", kind=MemberKind.NATURAL
        )
        choose_member(membership=member, by=world.users.caregiver)
        stop_sharing(membership=member, sections=["plan"], by=world.users.caregiver)
    with django_assert_num_queries(14):
        client.get(page(world))


# --- Two taps --------------------------------------------------------------------------------------------------------
def test_stopping_works_on_the_next_request_and_is_undone_with_one_tap(world, sign_in):
    dss = world.users.dss_worker
    until = Consent.objects.get(membership=world.members["dss_worker"], section="plan", ended_at=None).until
    forget_scope(dss)
    assert set(access.visible_items(dss, Need)) == {world.items["need_plan"], world.items["need_records"]}
    client = sign_in(world.users.caregiver)
    response = toggle(client, world, "dss_worker", "plan", "stop")
    assert said(response) == ["Denise Whitfield cannot see this any more: Plan."]
    forget_scope(dss)
    assert set(access.visible_items(dss, Need)) == {world.items["need_records"]}
    assert list(access.readers(world.team, "plan").filter(user=dss)) == []
    after = client.get(response.url).content.decode()
    assert "Undo: share Plan with Denise Whitfield again" in after
    toggle(client, world, "dss_worker", "plan", "share")
    assert shared(world, "dss_worker") == {"plan", "records"}
    again = Consent.objects.get(membership=world.members["dss_worker"], section="plan", ended_at=None)
    assert again.until == until, "undo brings back the same last day"


@pytest.mark.parametrize("to", ["stop", "share"])
def test_the_same_tap_twice_changes_nothing_more(world, sign_in, to):
    client = sign_in(world.users.caregiver)
    for _time in range(2):
        assert toggle(client, world, "grandmother", "school", to).status_code == 302
    assert shared(world, "grandmother") == {"plan", "records"} | ({"school"} if to == "share" else set())
    live = Consent.objects.filter(membership=world.members["grandmother"], section="school", ended_at=None)
    assert live.count() == (1 if to == "share" else 0)


def test_sharing_school_with_one_tap_holds_as_long_as_the_rest(world, sign_in):
    until = timezone.localdate() + dt.timedelta(days=50)
    share_sections(
        membership=world.members["grandmother"], sections=["plan", "records"], until=until, by=world.users.caregiver
    )
    toggle(sign_in(world.users.caregiver), world, "grandmother", "school", "share")
    assert Consent.objects.live().get(membership=world.members["grandmother"], section="school").until == until


def test_saying_yes_again_makes_it_a_year(world, sign_in):
    client = sign_in(world.users.caregiver)
    toggle(client, world, "expired_consent", "plan", "renew")
    assert shared(world, "expired_consent") == {"plan"}
    live = Consent.objects.live().get(membership=world.members["expired_consent"], section="plan")
    assert live.until == timezone.localdate() + dt.timedelta(days=365)


@pytest.mark.parametrize(("days", "state"), [(0, "soon"), (30, "soon"), (31, "on"), (-1, "over")])
def test_a_yes_that_ends_within_thirty_days_is_marked(world, sign_in, days, state):
    until = timezone.localdate() + dt.timedelta(days=days)
    Consent.written_by_actions.filter(membership=world.members["grandmother"], section="plan").update(
        starts_on=timezone.localdate() - dt.timedelta(days=9), until=until
    )
    response = sign_in(world.users.caregiver).get(page(world))
    panel = next(row for row in response.context["panels"] if row["member"].name == "Carmen Ruiz")
    states = {row["section"]: row["state"] for row in panel["shared"] + panel["over"]}
    assert states["plan"] == state


@pytest.mark.parametrize("to", ["share", "renew"])
def test_alcohol_and_drugs_are_never_shared_with_one_tap(world, sign_in, to):
    client = sign_in(world.users.caregiver)
    response = toggle(client, world, "grandmother", "substance_use", to)
    assert response.url == edit(world, "grandmother") + "?also=substance_use"
    assert shared(world, "grandmother") == {"plan", "records"}
    form = client.get(response.url).context["form"]
    assert set(form["sections"].value()) == {"plan", "records", "substance_use"}
    toggle(client, world, "provider", "substance_use", "stop")
    assert shared(world, "provider") == {"records", "mental_health"}


@pytest.mark.parametrize("undo", ["", "x", "1-", "99999999-plan", "-", "1-nonsense", "<script>-plan"])
def test_a_made_up_undo_shows_nothing(world, sign_in, undo):
    response = sign_in(world.users.caregiver).get(page(world), {"undo": undo})
    assert response.context["undo"] is None


# --- All of it on one page -------------------------------------------------------------------------------------------
def ask(client, world, slug, **data):
    """Send the page of one member as it was opened now, with these answers."""
    seen = client.get(edit(world, slug)).context["form"]["seen"].value()
    return client.post(edit(world, slug), {"seen": seen} | data)


def test_saving_shares_exactly_what_is_marked(world, sign_in):
    until = timezone.localdate() + dt.timedelta(days=10)
    response = ask(sign_in(world.users.caregiver), world, "grandmother", sections=["records", "school"], until=until)
    assert response.status_code == 302
    live = Consent.objects.live().filter(membership=world.members["grandmother"])
    assert set(live.values_list("section", "until")) == {("records", until), ("school", until)}


def test_nothing_marked_shares_nothing(world, sign_in):
    assert ask(sign_in(world.users.caregiver), world, "grandmother").status_code == 302
    assert shared(world, "grandmother") == set()
    forget_scope(world.users.grandmother)
    assert scope_of(world.users.grandmother).teams == {}


def test_alcohol_and_drugs_need_a_second_yes(world, sign_in):
    client = sign_in(world.users.caregiver)
    assert "42 CFR Part 2" in client.get(edit(world, "grandmother")).content.decode()
    data = {"sections": ["plan", "substance_use"], "until": timezone.localdate()}
    refused = ask(client, world, "grandmother", **data)
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"sure"}
    assert shared(world, "grandmother") == {"plan", "records"}
    assert ask(client, world, "grandmother", sure="on", **data).status_code == 302
    assert shared(world, "grandmother") == {"plan", "substance_use"}
    assert "sure" not in client.get(edit(world, "grandmother")).context["form"].fields, "they said it before"


@pytest.mark.parametrize("until", ["2020-01-01", "yesterday", "2026-02-31", "9999-12-31", "0000-00-00", "١٢", "' OR 1"])
def test_a_day_that_is_over_too_far_or_no_day_is_refused_and_nothing_is_lost(world, sign_in, until):
    response = ask(sign_in(world.users.caregiver), world, "grandmother", sections=["school"], until=until)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"until"}
    assert response.context["form"]["until"].value() == until
    assert shared(world, "grandmother") == {"plan", "records"}


@pytest.mark.parametrize(("days", "status"), [(-1, 422), (0, 302), (365, 302), (366, 422)])
def test_the_last_day_is_today_at_the_earliest_and_one_year_away_at_most(world, sign_in, days, status):
    until = timezone.localdate() + dt.timedelta(days=days)
    response = ask(sign_in(world.users.caregiver), world, "grandmother", sections=["school"], until=until)
    assert response.status_code == status


def test_a_part_that_does_not_exist_is_refused(world, sign_in):
    client = sign_in(world.users.caregiver)
    response = ask(client, world, "grandmother", sections=["everything"], until=timezone.localdate())
    assert set(response.context["form"].errors) == {"sections"}
    assert toggle(client, world, "grandmother", "everything", "share").status_code == 404
    assert shared(world, "grandmother") == {"plan", "records"}


def test_a_stale_form_never_brings_back_what_was_just_stopped(world, sign_in):
    client = sign_in(world.users.caregiver)
    seen = client.get(edit(world, "grandmother")).context["form"]["seen"].value()
    stop_sharing(membership=world.members["grandmother"], sections=["plan"], by=world.users.other_household)
    data = {"seen": seen, "sections": ["plan", "records", "school"], "until": timezone.localdate()}
    response = client.post(edit(world, "grandmother"), data)
    assert response.status_code == 409
    assert shared(world, "grandmother") == {"records"}
    form = response.context["form"]
    assert set(form["sections"].value()) == {"plan", "records", "school"}, "their own choice is still there"
    again = client.post(edit(world, "grandmother"), data | {"seen": form["seen"].value()})
    assert again.status_code == 302
    assert shared(world, "grandmother") == {"plan", "records", "school"}


@pytest.mark.parametrize("to", ["", "more", "<b>"])
def test_a_tap_without_a_known_answer_changes_nothing_and_says_so(world, sign_in, to):
    response = toggle(sign_in(world.users.caregiver), world, "grandmother", "school", to)
    assert said(response) == ["Press one of the buttons: share, or stop sharing."]
    assert shared(world, "grandmother") == {"plan", "records"}


def test_what_a_family_shares_is_decided_for_its_own_members_alone(world, sign_in):
    """Members of another team, people by right, those not chosen and those who left: all the same 404."""
    client = sign_in(world.users.caregiver)
    for slug in ("other_facilitator", "youth", "caregiver", "other_household", "proposed", "former_member"):
        assert client.get(edit(world, slug)).status_code == 404
        assert toggle(client, world, slug, "plan", "stop").status_code == 404
    stranger = sign_in(world.users.other_caregiver)
    assert toggle(stranger, world, "grandmother", "plan", "stop").status_code == 404
    assert shared(world, "grandmother") == {"plan", "records"}


@pytest.mark.parametrize("slug", ["youth", "grandmother", "facilitator", "dss_worker"])
def test_nobody_but_a_caregiver_shares(world, sign_in, slug):
    client = sign_in(world.people[slug])
    assert client.get(edit(world, "provider")).status_code == 403
    assert toggle(client, world, "provider", "plan", "share").status_code == 403
    assert shared(world, "provider") == {"records", "mental_health", "substance_use"}


def test_what_we_shared_before_tells_who_what_and_who_ended_it(world, sign_in):
    client = sign_in(world.users.caregiver)
    toggle(client, world, "court_counselor", "court", "stop")
    rows = [(row.membership.name, row.section, str(row.ended_by)) for row in client.get(page(world)).context["past"]]
    assert rows[0] == ("Devon Harris", "court", "Rosa Delgado")
    assert set(rows) == {
        ("Devon Harris", "court", "Rosa Delgado"),
        ("Priya Nair", "plan", "Rosa Delgado"),
        ("Gail Norris", "plan", "Rosa Delgado"),
        ("Gail Norris", "records", "Rosa Delgado"),
    }
    for number in range(20):
        toggle(client, world, "court_counselor", "school", "share" if number % 2 == 0 else "stop")
    assert client.get(page(world), {"page": "999"}).status_code == 200


def test_each_section_has_a_sentence_that_says_what_is_in_it(world, sign_in):
    from teams.forms.sharing import SECTION_WORDS

    assert set(SECTION_WORDS) == set(Section)
    text = sign_in(world.users.caregiver).get(edit(world, "provider")).content.decode()
    assert [words for words in SECTION_WORDS.values() if f"<small>{words}</small>" not in text] == []


def test_a_new_member_has_the_plan_and_the_meeting_records_for_a_year(world, sign_in, django_user_model):
    user = django_user_model.objects.create_user("lee@test.example", name="Mrs. Lee")
    join(world.team, user, kind=MemberKind.NATURAL, caregiver=world.users.caregiver)
    response = sign_in(world.users.caregiver).get(page(world))
    assert panels(response)["Mrs. Lee"] == ({"plan", "records"}, set())
