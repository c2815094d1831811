import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse


@pytest.mark.django_db
def test_q(world, client):
    for who in [
        "caregiver",
        "facilitator",
        "family_partner",
        "provider",
        "coordinator",
        "jcpc_chair",
        "state_cochair",
        "receiver",
        "local_team_unsigned",
        "other_partner",
    ]:
        client.force_login(world.people[who], backend="django.contrib.auth.backends.ModelBackend")
        client.get(reverse("accounts:profile_edit"))
        with CaptureQueriesContext(connection) as q:
            r = client.get("/")
        print("\nHOME", who, len(q), r.status_code)
    client.force_login(world.people["jcpc_chair"], backend="django.contrib.auth.backends.ModelBackend")
    with CaptureQueriesContext(connection) as q:
        r = client.get(reverse("collaboratives:group_detail", args=[world.jcpc.pk]))
    print("GROUP", len(q))
    for x in q.captured_queries:
        print("  ", x["sql"][:300])
