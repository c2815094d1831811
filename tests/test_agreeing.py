"""Agreeing: only the family's yes makes a version; every answer counts the same; what was agreed stays as it was."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from families.enums import Section
from soc_portal.audit.enums import Look
from soc_portal.audit.models import Event
from teams.actions.items import add_item, change_item
from teams.actions.plans import agree_for_family, content_of, hash_of, seal_of
from teams.models import Answer, Need, PlanVersion
from tests.test_plan_pages import body, url
from tests.typed import drafts_for


def agree(world):
    return agree_for_family(team=world.team, by=world.users.caregiver, seen_hash=hash_of(content_of(world.team)))


def seen_hash(client, world):
    return hash_in(body(client.get(url(world))))


def hash_in(html):
    return re.search(r'name="seen_hash" value="([0-9a-f]{64})"', html).group(1)


def test_a_caregiver_agrees_to_the_very_plan_that_the_page_showed(world, sign_in):
    client = sign_in(world.users.caregiver)
    seen = seen_hash(client, world)
    assert seen == hash_of(content_of(world.team))
    response = client.post(url(world, "plan_agree"), {"seen_hash": seen})
    assert response["Location"] == url(world) + "#agree"
    version = PlanVersion.objects.get(team=world.team)
    assert (version.number, version.agreed_by, version.content_hash) == (1, world.users.caregiver, seen)
    html = body(client.get(url(world)))
    assert "Who agrees with version 1" in html
    assert "1 of 10 people agree" in html
    assert "seen_hash" not in html
    assert "Changed since the family agreed" not in html


def test_what_somebody_changed_meanwhile_is_not_agreed_to_unseen(world, sign_in):
    client = sign_in(world.users.caregiver)
    seen = seen_hash(client, world)
    add_item(team=world.team, by=world.users.dss_worker, item=Need(text="Slipped in"))
    response = client.post(url(world, "plan_agree"), {"seen_hash": seen, "signed_on": "2026-01-05"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "The plan has changed since you opened it. Read it again, then agree." in html
    assert "Slipped in" in html
    assert 'name="signed_on" value="2026-01-05"' in html
    assert not PlanVersion.objects.exists()
    client.post(url(world, "plan_agree"), {"seen_hash": hash_in(html), "signed_on": "2026-01-05"})
    assert str(PlanVersion.objects.get().signed_on) == "2026-01-05"


@pytest.mark.parametrize("seen", ["", "x", "0" * 64])
def test_a_yes_to_nothing_that_was_shown_is_none(world, sign_in, seen):
    sign_in(world.users.caregiver).post(url(world, "plan_agree"), {"seen_hash": seen} if seen else {})
    assert not PlanVersion.objects.exists()


def test_the_same_yes_sent_twice_makes_one_version(world, sign_in):
    client = sign_in(world.users.caregiver)
    data = {"seen_hash": seen_hash(client, world)}
    for _time in range(2):
        client.post(url(world, "plan_agree"), data)
    assert PlanVersion.objects.count() == 1


@pytest.mark.parametrize("persona", ["youth", "grandmother", "dss_worker", "facilitator", "court_counselor"])
def test_nobody_else_agrees_for_the_family(world, sign_in, persona):
    client = sign_in(world.people[persona])
    assert f'action="{url(world, "plan_agree")}"' not in body(client.get(url(world)))
    data = {"seen_hash": hash_of(content_of(world.team))}
    assert client.post(url(world, "plan_agree"), data).status_code == 403
    assert not PlanVersion.objects.exists()


def test_the_other_parent_may_agree_too(world, sign_in):
    client = sign_in(world.users.other_household)
    client.post(url(world, "plan_agree"), {"seen_hash": seen_hash(client, world)})
    assert PlanVersion.objects.get().agreed_by == world.users.other_household


def test_a_change_is_said_to_whoever_may_read_it_and_to_nobody_else(world, sign_in):
    agree(world)
    said = "Changed since the family agreed"
    change_item(
        team=world.team, item=world.items["need_court"], by=world.users.caregiver, base_version=1,
        values={"text": "Another court need"},
    )  # fmt: skip
    for persona, told in [("caregiver", True), ("court_counselor", True), ("grandmother", False)]:
        assert (said in body(sign_in(world.people[persona]).get(url(world)))) is told, persona
    change_item(
        team=world.team, item=world.items["need"], by=world.users.caregiver, base_version=1, values={"text": "New"}
    )
    assert said in body(sign_in(world.users.grandmother).get(url(world)))
    assert "seen_hash" in body(sign_in(world.users.caregiver).get(url(world)))


def test_moving_back_to_what_was_agreed_is_no_change(world, sign_in):
    agree(world)
    need = world.items["need"]
    text = need.text
    need = change_item(team=world.team, item=need, by=world.users.caregiver, base_version=1, values={"text": "Other"})
    change_item(team=world.team, item=need, by=world.users.caregiver, base_version=2, values={"text": text})
    assert "Changed since the family agreed" not in body(sign_in(world.users.caregiver).get(url(world)))


# --- Answers ---------------------------------------------------------------------------------------------------------
def test_members_answer_in_their_own_words_and_everybody_reads_it(world, sign_in):
    agree(world)
    client = sign_in(world.users.court_counselor)
    answer_url = url(world, "plan_answer")
    assert "My answer to version 1" in body(client.get(answer_url))
    words = "Who signs the service hours? 🍇"
    response = client.post(answer_url, {"number": 1, "kind": "partly", "words": words})
    assert response["Location"] == url(world) + "#agree"
    for persona in ("caregiver", "grandmother", "court_counselor"):
        html = body(sign_in(world.people[persona]).get(url(world)))
        assert "Agrees with part of it" in html
        assert words in html
        assert html.count("No answer yet") == 8


def test_one_tap_agrees(world, sign_in):
    agree(world)
    client = sign_in(world.users.grandmother)
    html = body(client.get(url(world)))
    assert '<input type="hidden" name="kind" value="agrees">' in html
    client.post(url(world, "plan_answer"), {"number": 1, "kind": "agrees"})
    html = body(client.get(url(world)))
    assert "2 of 10 people agree" in html
    assert '<input type="hidden" name="kind" value="agrees">' not in html


def test_a_new_answer_takes_the_place_of_the_old_one_which_is_kept(world, sign_in):
    agree(world)
    client = sign_in(world.users.grandmother)
    client.post(url(world, "plan_answer"), {"number": 1, "kind": "disagrees", "words": "Too soon."})
    client.post(url(world, "plan_answer"), {"number": 1, "kind": "agrees"})
    answers = Answer.objects.filter(membership=world.members["grandmother"]).order_by("pk")
    assert [(row.kind, row.ended_at is None) for row in answers] == [("disagrees", False), ("agrees", True)]
    assert "Too soon." not in body(client.get(url(world)))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"number": 1, "kind": "disagrees", "words": " "}, "Write in a few words what you see differently."),
        ({"number": 1}, "Choose your answer."),
        ({"number": 1, "kind": "nonsense"}, "Choose your answer from the list."),
        ({"number": 1, "kind": "partly", "words": "a\x00b"}, "There is a sign in your text"),
    ],
)
def test_an_answer_that_is_none_is_asked_for_again(world, sign_in, data, words):
    agree(world)
    response = sign_in(world.users.grandmother).post(url(world, "plan_answer"), data)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert Answer.objects.count() == 1


def test_an_answer_to_an_older_version_is_not_counted_for_the_new_one_and_not_lost(world, sign_in):
    agree(world)
    change_item(
        team=world.team, item=world.items["need"], by=world.users.caregiver, base_version=1, values={"text": "New"}
    )
    agree(world)
    data = {"number": 1, "kind": "partly", "words": "Who signs?"}
    response = sign_in(world.users.grandmother).post(url(world, "plan_answer"), data)
    html = response.content.decode()
    assert response.status_code == 422
    assert "There is a newer plan now. Read it, then answer." in html
    assert "Who signs?" in html
    assert not Answer.objects.filter(membership=world.members["grandmother"]).exists()


def test_before_a_version_there_is_nothing_to_answer(world, sign_in):
    client = sign_in(world.users.grandmother)
    response = client.post(url(world, "plan_answer"), {"number": 1, "kind": "agrees"}, follow=True)
    assert "There is nothing to answer." in response.content.decode()
    assert client.get(url(world, "plan_answer")).status_code == 302


def test_an_answer_is_kept_while_it_is_typed(world, sign_in):
    agree(world)
    client, path = sign_in(world.users.grandmother), url(world, "plan_answer")
    client.post("/drafts/", {"path": path, "words": "Half a sen", "kind": "partly"})
    assert "Half a sen" in body(client.get(path))
    client.post(path, {"number": 1, "kind": "partly", "words": "Half a sentence"})
    assert drafts_for(world.users.grandmother, path) == {}


def test_the_answer_form_opens_in_place(world, sign_in):
    agree(world)
    client, path = sign_in(world.users.grandmother), url(world, "plan_answer")
    clean = lambda html: re.sub(r' hx-[a-z-]+="[^"]*"|name="(csrfmiddlewaretoken|draft_owner)" value="[^"]*"', "", html)  # noqa: E731
    part = body(client.get(path, headers={"HX-Request": "true"}))
    assert clean(part).strip() in clean(body(client.get(path)))


# --- Versions --------------------------------------------------------------------------------------------------------
def test_a_version_stays_as_it_was(world, sign_in):
    version = agree(world)
    change_item(
        team=world.team, item=world.items["need"], by=world.users.caregiver, base_version=1, values={"text": "New"}
    )
    html = body(sign_in(world.users.grandmother).get(url(world, "plan_version", number=1)))
    assert "A need about plan" in html
    assert "Rosa Delgado agreed to it for the family on" in html
    assert "Move the lunch table" in html
    assert "Denise Whitfield" in html
    assert version.content_hash in html
    looks = Event.objects.filter(looked=True, actor_id=world.users.grandmother.pk)
    assert [row.verb for row in looks] == [Look.VERSION]


def test_of_a_version_each_reads_what_is_shared_with_them_today(world, sign_in):
    agree(world)
    wanted = {"caregiver": set(Section.values), "grandmother": {"plan", "records"},
              "court_counselor": {"plan", "records", "court"}}  # fmt: skip
    for persona, sections in wanted.items():
        html = body(sign_in(world.people[persona]).get(url(world, "plan_version", number=1)))
        assert set(re.findall(r"A need about (\w+)", html)) == sections
        assert ("42 CFR Part 2" in html) == ("substance_use" in sections)
        assert ("A court step" in html) == ("court" in sections)


def test_versions_of_others_and_such_as_are_none_are_not_found(world, sign_in):
    agree(world)
    client = sign_in(world.users.grandmother)
    assert client.get(url(world, "plan_version", number=2)).status_code == 404
    other = reverse("teams:plan_version", args=[world.other_team.pk, 1])
    assert client.get(other).status_code == 404
    assert sign_in(world.users.provider).get(url(world, "plan_version", number=1)).status_code == 404


def test_the_history_lists_every_version(world, sign_in):
    agree(world)
    change_item(
        team=world.team, item=world.items["need"], by=world.users.caregiver, base_version=1, values={"text": "New"}
    )
    agree(world)
    html = body(sign_in(world.users.grandmother).get(url(world, "plan_history")))
    assert re.findall(r"/plan/versions/(\d+)/", html) == ["2", "1"]


def test_a_version_costs_the_same_few_queries(world, sign_in, django_assert_num_queries):
    from tests.test_plan_pages import fill

    agree(world)
    client = sign_in(world.users.grandmother)
    client.get(url(world, "plan_version", number=1))
    with django_assert_num_queries(10):
        client.get(url(world, "plan_version", number=1))
    fill(world, 3)
    agree(world)
    with django_assert_num_queries(10):
        client.get(url(world, "plan_version", number=2))


# --- Signed on paper -------------------------------------------------------------------------------------------------
def test_a_caregiver_may_say_on_which_day_they_signed_on_paper(world, sign_in):
    client = sign_in(world.users.caregiver)
    day = timezone.localdate() - dt.timedelta(days=3)
    data = {"seen_hash": seen_hash(client, world), "signed_on": day.isoformat()}
    assert client.post(url(world, "plan_agree"), data).status_code == 302
    version = PlanVersion.objects.get(team=world.team)
    assert version.signed_on == day and version.seal == seal_of(version)
    for name, more in (("plan_detail", {}), ("plan_version", {"number": 1})):
        assert "Signed on paper: " in body(sign_in(world.users.grandmother).get(url(world, name, **more)))


@pytest.mark.parametrize("typed", ["yesterday", "1999-01-01", "ahead"])
def test_a_day_that_cannot_be_is_told_at_its_field_and_nothing_is_agreed(world, sign_in, typed):
    client = sign_in(world.users.caregiver)
    typed = (timezone.localdate() + dt.timedelta(days=1)).isoformat() if typed == "ahead" else typed
    data = {"seen_hash": seen_hash(client, world), "signed_on": typed}
    response = client.post(url(world, "plan_agree"), data)
    html = response.content.decode()
    assert response.status_code == 422 and set(response.context["agree_form"].errors) == {"signed_on"}
    assert f'value="{typed}"' in html and "<details open>" in html and "<title>Error:" in html
    assert not PlanVersion.objects.filter(team=world.team).exists()
