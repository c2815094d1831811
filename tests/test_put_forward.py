"""Putting forward: everybody is asked before the family agrees; what somebody sees differently stays until settled."""

import datetime as dt
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils import timezone

from soc_portal.notices.models import Notice
from teams.actions.items import add_item
from teams.actions.memberships import accept_place, choose_member, propose_member
from teams.actions.plans import (
    agree_for_family,
    answer_plan,
    content_of,
    hash_of,
    put_forward,
    settle_answer,
    take_back,
)
from teams.models import Answer, Membership, Need, PlanVersion
from tests.parts import agreeing
from tests.test_plan_pages import body, url

pytestmark = pytest.mark.django_db


def refused(code):
    return pytest.raises(ValidationError, check=lambda error: error.code == code)


def now_hash(world):
    return hash_of(content_of(world.team))


def forward(world, by=None):
    return put_forward(team=world.team, by=by or world.users.facilitator, seen_hash=now_hash(world))


def agree(world, **more):
    return agree_for_family(team=world.team, by=world.users.caregiver, seen_hash=now_hash(world), **more)


def add_need(world, text="More rides"):
    return add_item(team=world.team, by=world.users.caregiver, item=Need(text=text))


def own(world, name="facilitator"):
    return Membership.objects.get(team=world.team, user=getattr(world.users, name))


def on_paper(world):
    """A live member without an account."""
    row = Membership(
        team=world.team, name="Coach Lou", kind="community", proposed_by=world.users.caregiver,
        chosen_at=timezone.now(), chosen_by=world.users.caregiver, accepted_at=timezone.now(),
        accepted_by=world.users.caregiver, starts_on=timezone.localdate(),
    )  # fmt: skip
    return Membership.written_by_actions.bulk_create([row])[0]


def test_a_plan_put_forward_waits_and_its_readers_are_told_but_for_who_did_it(world):
    version = forward(world)
    assert version.is_waiting and version.number == 1
    told = set(Notice.objects.filter(kind="plan_put_forward").values_list("user", flat=True))
    assert world.users.caregiver.pk in told and world.users.facilitator.pk not in told


def test_another_one_takes_the_place_of_what_waited(world):
    first = forward(world)
    with refused("twice"):
        forward(world)
    add_need(world)
    second = forward(world)
    first.refresh_from_db()
    assert first.ended_by == world.users.facilitator and second.number == 2
    with refused("stale"):
        put_forward(team=world.team, by=world.users.facilitator, seen_hash="x")


def test_the_yes_to_what_waits_is_a_yes_to_that_very_version_and_keeps_what_was_answered(world):
    waiting = forward(world)
    answer_plan(version=waiting, membership=own(world), kind="agrees", words="", by=world.users.facilitator)
    version = agree(world, signed_on=timezone.localdate())
    version.refresh_from_db()
    assert version.pk == waiting.pk and version.is_agreed and version.people and version.seal
    assert version.signed_on == timezone.localdate()
    assert Answer.objects.filter(plan_version=version, ended_at=None).count() == 2
    with refused("twice"):
        agree(world)
    with refused("twice"):
        forward(world)


def test_the_yes_to_a_changed_plan_ends_what_waited(world):
    waiting = forward(world)
    seen = now_hash(world)
    add_need(world)
    with refused("stale"):
        agree_for_family(team=world.team, by=world.users.caregiver, seen_hash=seen)
    version = agree(world)
    waiting.refresh_from_db()
    assert waiting.ended_at and version.number == 2
    with refused("stale"):
        answer_plan(version=waiting, membership=own(world), kind="agrees", words="", by=world.users.facilitator)


def test_nobody_signs_on_a_day_to_come(world):
    with refused("signed_on"):
        agree(world, signed_on=timezone.localdate() + dt.timedelta(days=1))


def test_what_waits_is_taken_back_once(world):
    version = forward(world)
    take_back(version=version, by=world.users.facilitator)
    with refused("stale"):
        take_back(version=version, by=world.users.caregiver)
    assert forward(world).number == 2


def test_the_answer_of_a_member_without_account_is_noted_with_who_noted_it(world):
    version, member = forward(world), on_paper(world)
    answer = answer_plan(
        version=version, membership=member, kind="partly", words="Later", by=world.users.facilitator,
        signed_on=timezone.localdate(),
    )  # fmt: skip
    assert answer.noted_by == world.users.facilitator
    with refused("account"):
        answer_plan(version=version, membership=own(world), kind="agrees", words="", by=world.users.caregiver)


def test_what_somebody_sees_differently_is_open_until_it_is_settled_once_and_in_words(world):
    version = forward(world)
    answer = answer_plan(
        version=version, membership=own(world), kind="disagrees", words="Too much", by=world.users.facilitator
    )
    with refused("words"):
        settle_answer(answer=answer, by=world.users.facilitator, words=" ")
    settled = settle_answer(answer=answer, by=world.users.facilitator, words="We do less")
    assert not settled.is_open and settled.settled_by == world.users.facilitator
    with refused("settled"):
        settle_answer(answer=answer, by=world.users.facilitator, words="Again")


def test_somebody_puts_forward_and_takes_back_on_the_page(world, sign_in):
    client = sign_in(world.users.facilitator)
    assert "Put this plan forward" in body(client.get(url(world)))
    seen = client.get(url(world)).context["plan"].seen_hash
    client.post(url(world, "plan_put_forward"), {"seen_hash": seen})
    version = PlanVersion.objects.get()
    html = body(client.get(url(world)))
    assert version.is_waiting and "waits for the family" in html and "Put this plan forward" not in html
    assert "put it forward on" in body(client.get(url(world, "plan_history")))
    back = reverse("teams:plan_take_back", args=[world.team.pk, 1])
    assert "put it forward on" in body(client.get(reverse("teams:plan_version", args=[world.team.pk, 1])))
    client.post(back)
    version.refresh_from_db()
    assert version.ended_by == world.users.facilitator
    again = client.post(back, follow=True)
    assert "does not wait any more" in again.content.decode()
    again = client.post(url(world, "plan_put_forward"), {"seen_hash": "x"}, follow=True)
    assert "The plan has changed since" in again.content.decode()
    assert "taken back or replaced" in body(client.get(reverse("teams:plan_version", args=[world.team.pk, 1])))


def test_nobody_agrees_for_a_family_that_is_not_theirs(world, sign_in):
    forward(world)
    seen = {"seen_hash": now_hash(world)}
    assert sign_in(world.users.other_caregiver).post(url(world, "plan_agree"), seen).status_code == 404
    assert not PlanVersion.objects.agreed().exists()


def test_agreed_plans_are_verified_by_number_and_without_names(world):
    version, out = agree(world), StringIO()
    call_command("verify_plans", stdout=out)
    assert out.getvalue() == "1 agreed versions, all as they were agreed to.\n"
    PlanVersion.written_by_actions.filter(pk=version.pk).update(agreed_name="Somebody Else")
    with pytest.raises(CommandError, match=f"team {world.team.pk}, version 1") as told:
        call_command("verify_plans", stdout=out)
    assert told.value.returncode == 1 and "Somebody" not in str(told.value)


# --- Noting for others, and settling ---------------------------------------------------------------------------------
@pytest.fixture
def differing(world):
    put_forward(team=world.team, by=world.users.facilitator, seen_hash=hash_of(content_of(world.team)))
    agreeing.disagree(world)
    return world


def page(world, name, *rest):
    return reverse(f"teams:{name}", args=[world.team.pk, *rest])


def test_what_a_member_without_an_account_says_is_noted_with_who_noted_it_and_when_it_was_signed(differing, sign_in):
    world, client = differing, sign_in(differing.users.grandmother)
    address = page(world, "answer_note", world.uncle.pk)
    html = client.get(address).content.decode()
    assert "What does Uncle say to the plan?" in html or "What does Uncle Ben say to the plan?" in html
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    refused = client.post(address, {"number": 1, "kind": "partly", "words": "Keep me", "signed_on": tomorrow})
    assert refused.status_code == 422 and "Keep me" in refused.content.decode()
    assert "This day is still to come" in str(refused.context["form"].errors["signed_on"])
    stale = client.post(address, {"number": 1, "kind": "partly", "words": " "})
    assert "what you see differently" in str(stale.context["form"].errors["words"])
    client.post(address, {"number": 1, "kind": "agrees", "words": "", "signed_on": timezone.localdate()})
    answer = Answer.objects.get(membership=world.uncle, ended_at=None)
    assert (answer.kind, answer.noted_by, answer.signed_on) == (
        "agrees", world.users.grandmother, timezone.localdate()
    )  # fmt: skip
    assert "Signed on paper:" in client.get(page(world, "plan_detail")).content.decode()


def test_a_disagreement_stays_open_in_plain_sight_until_it_is_settled(differing, sign_in):
    world, client = differing, sign_in(differing.users.dss_worker)
    html = client.get(page(world, "plan_detail")).content.decode()
    assert "Too many meetings" in html and "Still open. We go on talking about it." in html
    address = page(world, "answer_settle", world.disagreement.pk)
    assert "Too many meetings" in client.get(address).content.decode()
    empty = client.post(address, {"words": ""})
    assert "how you settled it" in str(empty.context["form"].errors["words"])
    client.post(address, {"words": "We meet every six weeks."})
    html = client.get(page(world, "plan_detail")).content.decode()
    assert "Settled: We meet every six weeks." in html and "Still open" not in html
    again = client.post(address, {"words": "Twice"}, follow=True)
    assert "This is settled already." in again.content.decode()
    world.disagreement.refresh_from_db()
    assert (world.disagreement.settled_words, world.disagreement.words) == (
        "We meet every six weeks.", "Too many meetings"
    )  # fmt: skip


def test_nobody_answers_or_settles_for_somebody_who_can_do_it_themselves(differing, sign_in):
    world = differing
    version = world.team.plan_versions.first()
    own = answer_plan(
        version=version, membership=world.members["grandmother"], kind="partly", words="Sundays",
        by=world.users.grandmother,
    )  # fmt: skip
    settle = page(world, "answer_settle", own.pk)
    for persona, status in (("caregiver", 403), ("dss_worker", 403), ("grandmother", 200), ("other_caregiver", 404)):
        assert sign_in(world.people[persona]).get(settle).status_code == status
    member = world.members["grandmother"]
    assert sign_in(world.users.caregiver).get(page(world, "answer_note", member.pk)).status_code == 403
    waiting = propose_member(team=world.team, by=world.users.caregiver, name="Mr. Hope", kind="natural")
    assert sign_in(world.users.caregiver).get(page(world, "answer_note", waiting.pk)).status_code == 403


def test_before_a_version_there_is_nothing_to_note(world, sign_in):
    member = propose_member(team=world.team, by=world.users.caregiver, name="Uncle Ben", kind="natural")
    choose_member(membership=member, by=world.users.caregiver)
    accept_place(membership=member, by=world.users.caregiver)
    response = sign_in(world.users.caregiver).get(page(world, "answer_note", member.pk))
    assert response["Location"] == page(world, "plan_detail")
