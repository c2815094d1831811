"""People who may read for a short time: given and ended by a caregiver, seen by the family, for a month at most."""

import datetime as dt

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from soc_portal.access.scope import forget_scope, scope_of
from teams.access import visible_grants
from teams.actions.grants import LOOK_UPS, give_grant
from teams.models import TeamUserObjectPermission

pytestmark = pytest.mark.django_db


def url(world):
    return reverse("teams:grant_give", args=[world.team.pk])


def answers(world, **changes):
    return {
        "email": world.users.jcpc_chair.email, "reason": "Interpreter on Friday", "sections": ["records"],
        "until": (timezone.localdate() + dt.timedelta(days=3)).isoformat(),
    } | changes  # fmt: skip


def grant(world, **changes):
    values = {
        "team": world.team, "user": world.users.jcpc_chair, "sections": ["records"], "reason": "Interpreter",
        "until": timezone.now() + dt.timedelta(days=3), "by": world.users.caregiver,
    } | changes  # fmt: skip
    return give_grant(**values)


def rights(user, world):
    forget_scope(user)
    right = scope_of(user).teams.get(world.team.pk)
    return right and set(right.sections)


def test_a_caregiver_lets_somebody_read_some_parts_until_the_end_of_a_day(world, sign_in):
    response = sign_in(world.users.caregiver).post(url(world), answers(world))
    assert response.status_code == 302
    assert [str(m) for m in get_messages(response.wsgi_request)] == ["Harriet Cole can read this for a short time now."]
    assert rights(world.users.jcpc_chair, world) == {"records"}
    last = timezone.localdate() + dt.timedelta(days=3)
    given = TeamUserObjectPermission.objects.get()
    assert timezone.localtime(given.until).date() == last
    with time_machine.travel(given.until + dt.timedelta(seconds=1), tick=False):
        assert rights(world.users.jcpc_chair, world) is None


def test_the_whole_family_sees_who_why_what_and_until_and_only_caregivers_end_it(world, sign_in):
    given = grant(world)
    sharing = reverse("teams:sharing_detail", args=[world.team.pk])
    for slug in ("caregiver", "other_household", "youth"):
        text = sign_in(world.people[slug]).get(sharing).content.decode()
        assert "Harriet Cole" in text and "Interpreter" in text
        assert ("End this" in text) == (slug != "youth")
    end = reverse("teams:grant_end", args=[world.team.pk, given.pk])
    for slug, status in [("youth", 403), ("grandmother", 403), ("jcpc_chair", 403), ("other_caregiver", 404)]:
        assert sign_in(world.people[slug]).post(end).status_code == status
    assert rights(world.users.jcpc_chair, world) == {"records"}
    client = sign_in(world.users.caregiver)
    for _twice in range(2):
        assert client.post(end).status_code == 302
    assert rights(world.users.jcpc_chair, world) is None
    assert list(visible_grants(world.users.caregiver, world.team)) == []


def test_a_grant_of_another_team_is_not_found(world, sign_in):
    other = grant(world, team=world.other_team, by=world.users.other_caregiver)
    client = sign_in(world.users.caregiver)
    assert client.post(reverse("teams:grant_end", args=[world.team.pk, other.pk])).status_code == 404
    assert client.post(reverse("teams:grant_end", args=[world.other_team.pk, other.pk])).status_code == 404
    other.refresh_from_db()
    assert other.ended_at is None


def test_the_holder_of_a_grant_reads_and_shares_nothing_on(world, sign_in):
    grant(world)
    client = sign_in(world.users.jcpc_chair)
    assert client.get(reverse("teams:sharing_detail", args=[world.team.pk])).status_code == 403
    assert client.post(url(world), answers(world)).status_code == 403
    assert client.get(reverse("families:person_add", args=[world.family.pk])).status_code == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("until", "2020-01-01"), ("until", "soon"), ("until", ""), ("until", "9999-12-31"), ("reason", ""),
        ("reason", "   "), ("reason", "x" * 201), ("sections", []), ("sections", ["everything"]), ("email", "no"),
        ("email", ""), ("email", "nobody@test.example"), ("email", "dss-worker@test.example"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_named_and_gives_nothing(world, sign_in, field, value):
    response = sign_in(world.users.caregiver).post(url(world), answers(world, **{field: value}))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert response.context["form"]["sections"].value() == (value if field == "sections" else ["records"])
    assert not TeamUserObjectPermission.objects.exists()


@pytest.mark.parametrize(("days", "status"), [(-1, 422), (0, 302), (30, 302), (31, 422)])
def test_a_grant_lasts_from_today_to_a_month_at_most(world, sign_in, days, status):
    until = (timezone.localdate() + dt.timedelta(days=days)).isoformat()
    response = sign_in(world.users.caregiver).post(url(world), answers(world, until=until))
    assert response.status_code == status


def test_alcohol_and_drugs_need_a_second_yes_here_too(world, sign_in):
    client = sign_in(world.users.caregiver)
    response = client.post(url(world), answers(world, sections=["substance_use"]))
    assert set(response.context["form"].errors) == {"sure"}
    assert client.post(url(world), answers(world, sections=["substance_use"], sure="on")).status_code == 302
    assert rights(world.users.jcpc_chair, world) == {"substance_use"}


def test_an_account_that_is_closed_is_not_found(world, sign_in):
    world.users.jcpc_chair.is_active = False
    world.users.jcpc_chair.save()
    response = sign_in(world.users.caregiver).post(url(world), answers(world))
    assert response.context["form"].errors["email"] == [
        "We did not find an account with this address. Ask them to make one first."
    ]


def test_nobody_collects_addresses_here(world, sign_in):
    client = sign_in(world.users.caregiver)
    for number in range(LOOK_UPS):
        client.post(url(world), answers(world, email=f"guess{number}@test.example"))
    response = client.post(url(world), answers(world))
    assert response.context["form"].errors["email"] == [
        "You asked for many people in a short time. Try again in one hour."
    ]
    assert not TeamUserObjectPermission.objects.exists()


def test_the_window_of_questions_may_close_between_two_calls(world, sign_in, monkeypatch):
    from soc_portal.access import limits

    monkeypatch.setattr(limits.cache, "incr", lambda key, delta=1: (_ for _ in ()).throw(ValueError))
    assert sign_in(world.users.caregiver).post(url(world), answers(world)).status_code == 302


def test_the_same_form_twice_leaves_one_grant(world, sign_in):
    client = sign_in(world.users.caregiver)
    for _twice in range(2):
        client.post(url(world), answers(world))
    assert TeamUserObjectPermission.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize("slug", ["youth", "grandmother", "facilitator", "dss_worker"])
def test_only_caregivers_give(world, sign_in, slug):
    client = sign_in(world.people[slug])
    assert client.get(url(world)).status_code == 403
    assert client.post(url(world), answers(world)).status_code == 403


def test_a_team_that_came_to_its_end_gives_nothing(world, sign_in):
    from teams.actions.memberships import end_team

    end_team(team=world.team, by=world.users.caregiver)
    assert sign_in(world.users.caregiver).post(url(world), answers(world)).status_code == 403
