"""Signing in again leads back to the very form in which somebody was typing."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from soc_portal.drafts.access import owner_token

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "parent", "query"),
    [
        ("goal", "need", "under"),
        ("step", "goal", "under"),
        ("note", "meeting", "meeting"),
        ("topic", "meeting", "under"),
    ],
)
def test_what_was_typed_when_the_session_ended_waits_where_it_belongs(world, sign_in, kind, parent, query):
    rosa = world.users.caregiver
    row = world.meeting if parent == "meeting" else world.items[parent]
    path = reverse("teams:item_add", args=[world.team.pk, kind])
    typed = {"text": "Typed too late", "under": f"{parent}-{row.pk}", "draft_owner": owner_token(rosa)}
    late = Client().post(f"{path}?{query}={row.pk}", typed | {"draft_path": path})
    client = sign_in(rosa)
    page = client.get(parse_qs(urlsplit(late.url).query)["next"][0], follow=True)
    assert page.status_code == 200
    assert page.context["form"]["text"].value() == "Typed too late"
    assert page.context["under"] == f"{parent}-{row.pk}"


def test_a_draft_that_belongs_to_nothing_leads_nowhere(world, sign_in):
    client = sign_in(world.users.caregiver)
    path = reverse("teams:item_add", args=[world.team.pk, "goal"])
    client.post("/drafts/", {"path": path, "text": "Half a goal", "under": "http://[x"})
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        ("/teams/{team}/plan/", "/teams/{team}/plan/agree/"),
        ("/teams/{team}/", "/teams/{team}/plan/steps/{step}/done/"),
        ("/teams/{team}/sharing/", "/teams/{team}/sharing/{member}/plan/"),
        ("/worklist/?due=late", "/worklist/filters/save/"),
    ],
)
@pytest.mark.parametrize("idle", [False, True])
def test_a_button_pressed_too_late_leads_back_to_its_page(world, sign_in, settings, page, sent, idle):
    ids = {"team": world.team.pk, "step": world.items["step"].pk, "member": world.members["provider"].pk}
    page, sent = page.format(**ids), sent.format(**ids)
    client = Client()
    if idle:
        settings.IDLE_SECONDS = -1
        client = sign_in(world.users.caregiver)
        client.get("/me/")
    late = client.post(sent, {"to": "stop"}, headers={"referer": f"http://testserver{page}"})
    assert parse_qs(urlsplit(late.url).query)["next"] == [page]


@pytest.mark.parametrize(
    "referer", ["https://evil.example/teams/1/", "http://testserver/no/such/page/", "", "http://[x"]
)
def test_a_page_of_another_site_or_none_leads_to_no_other_place(world, referer):
    sent = reverse("teams:plan_agree", args=[world.team.pk])
    late = Client().post(sent, headers={"referer": referer})
    assert parse_qs(urlsplit(late.url).query)["next"] == [sent]


def test_the_address_of_a_button_is_no_blank_page(world, sign_in):
    response = sign_in(world.users.caregiver).get(reverse("teams:plan_agree", args=[world.team.pk]))
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "Go to the first page" in response.content.decode()


def test_the_reason_for_a_short_look_survives_the_session(world, sign_in):
    rosa, path = world.users.caregiver, reverse("teams:grant_give", args=[world.team.pk])
    client = sign_in(rosa)
    Client().post(path, {"reason": "Interpreter on Friday", "draft_owner": owner_token(rosa), "draft_path": path})
    assert client.get(path).context["form"]["reason"].value() == "Interpreter on Friday"
