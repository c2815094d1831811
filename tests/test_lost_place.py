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
    client.post("/drafts/", {"path": path, "text": "Half a goal", "under": "nonsense"})
    assert client.get(path).status_code == 404
