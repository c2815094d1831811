"""Every move of a referral, allowed and refused, for each side that could try it."""

import datetime as dt
import itertools

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from collaboratives.models import TimelineRule
from referrals.actions.referrals import Outdated, answer_referral, move_referral, set_first_visit
from referrals.enums import CLOSED_STATUSES, MOVES, OPEN_STATUSES, Outcome, ReferralStatus, Refusal, Side
from referrals.models import Referral, ReferralMove
from soc_portal.audit.models import Event
from teams.actions.referrals import change_draft, move_for_team, stop_sharing_referral
from tests.parts.referrals import draft, send

S = ReferralStatus
ENOUGH = {S.REJECTED: {"refusal": Refusal.NO_ROOM}, S.COMPLETED: {"outcome": Outcome.RECEIVED}}


def put_into(referral, status):
    """A referral as it is in this status, without the way there."""
    refusal = Refusal.OTHER if status == S.REJECTED else ""
    Referral.objects.filter(pk=referral.pk).update(status=status, refusal=refusal)
    return Referral.objects.select_related("organization").get(pk=referral.pk)


def test_each_status_is_open_or_closed_and_nothing_follows_a_closed_one():
    assert set(OPEN_STATUSES) | set(CLOSED_STATUSES) == set(S) == set(MOVES)
    assert {status for status, moves in MOVES.items() if not moves} == set(CLOSED_STATUSES)


@pytest.mark.parametrize(("status", "side"), list(itertools.product(S, Side)))
def test_what_may_follow_and_who_may_do_it(world, status, side):
    by = world.users.receiver if side == Side.RECEIVER else world.users.caregiver
    referral = put_into(world.referrals["requested"], status)
    for to in S:
        before = Referral.objects.filter(pk=referral.pk).values().get()
        moves = ReferralMove.objects.count()
        with transaction.atomic():
            row = Referral.objects.select_related("organization").get(pk=referral.pk)
            facts = {"to": to, "side": side, "by": by, "seen": status, "words": "Because.", **ENOUGH.get(to, {})}
            if side in MOVES[status].get(to, ()):
                move_referral(referral=row, **facts)
                fresh = Referral.objects.get(pk=referral.pk)
                assert (fresh.status, bool(fresh.closed_at)) == (to, to in CLOSED_STATUSES)
                assert bool(fresh.answered_at) == (side == Side.RECEIVER)
                move = ReferralMove.objects.latest("pk")
                assert (move.from_status, move.to_status, move.side, move.words) == (status, to, side, "Because.")
                assert (move.by, move.by_name) == (by, str(by))
            else:
                with pytest.raises(ValidationError, match="can’t be done with it now"):
                    move_referral(referral=row, **facts)
                assert Referral.objects.filter(pk=referral.pk).values().get() == before
                assert ReferralMove.objects.count() == moves
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("to", "facts", "words"),
    [
        (S.REJECTED, {"words": "No."}, "Pick why you can’t help"),
        (S.REJECTED, {"words": "No.", "refusal": "because"}, "Pick why you can’t help"),
        (S.REJECTED, {"words": " ", "refusal": Refusal.AREA}, "Write why"),
    ],
)
def test_a_refusal_carries_a_reason_and_words(world, to, facts, words):
    with pytest.raises(ValidationError, match=words):
        move_referral(
            referral=world.referrals["requested"], to=to, side=Side.RECEIVER, by=world.users.receiver,
            seen=S.REQUESTED, **facts,
        )  # fmt: skip


def test_the_database_itself_refuses_what_goes_out_without_a_yes_or_is_refused_without_a_reason(world):
    pk = world.referrals["draft"].pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=pk).update(status=S.REQUESTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=world.referrals["requested"].pk).update(status=S.REJECTED)


@pytest.mark.parametrize("outcome", ["", "done", None])
def test_nothing_is_closed_without_what_became_of_it(world, outcome):
    with pytest.raises(ValidationError, match="not done before the family says so"):
        move_for_team(
            referral=world.referrals["accepted"], to=S.COMPLETED, side=Side.FAMILY, by=world.users.caregiver,
            seen=S.ACCEPTED, outcome=outcome,
        )  # fmt: skip


def test_an_organization_never_closes_a_referral():
    sides = {side for moves in MOVES.values() for to, who in moves.items() if to == S.COMPLETED for side in who}
    assert sides == {Side.FAMILY, Side.TEAM}


def test_two_tabs_the_second_move_gets_a_clear_sentence_and_changes_nothing(world):
    first = Referral.objects.get(pk=world.referrals["requested"].pk)
    second = Referral.objects.select_related("organization").get(pk=first.pk)
    move_for_team(referral=first, to=S.CANCELLED, side=Side.FAMILY, by=world.users.caregiver, seen=S.REQUESTED)
    with pytest.raises(Outdated, match="Somebody changed this while your page was open"):
        answer_referral(
            referral=second, to=S.ACCEPTED, by=world.users.receiver, seen=S.REQUESTED, words="Yes.",
            first_visit_at=timezone.now(),
        )  # fmt: skip
    assert Referral.objects.get(pk=first.pk).status == S.CANCELLED
    assert Referral.objects.get(pk=first.pk).answered_at is None


def test_a_yes_that_was_taken_back_a_moment_ago_stops_an_answer_that_is_on_its_way(world):
    on_its_way = Referral.objects.select_related("organization").get(pk=world.referrals["accepted"].pk)
    stop_sharing_referral(team=world.team, referral=world.referrals["accepted"], by=world.users.caregiver)
    with pytest.raises(Outdated):
        answer_referral(
            referral=on_its_way, to=S.IN_PROGRESS, by=world.users.receiver, seen=S.ACCEPTED, words="It began."
        )
    with pytest.raises(ValidationError, match="no longer shared with you"):
        answer_referral(
            referral=Referral.objects.get(pk=on_its_way.pk), to=S.IN_PROGRESS, by=world.users.receiver,
            seen=S.ACCEPTED, words="It began.",
        )  # fmt: skip


def test_a_change_that_comes_after_the_sending_is_not_sent_along(world):
    referral = world.referrals["draft"]
    send(world, referral, "names")
    with pytest.raises(Outdated):
        change_draft(
            team=world.team, referral=referral, by=world.users.facilitator, base_version=1, values={"title": "Else"}
        )
    assert Referral.objects.get(pk=referral.pk).title == "A summer camp"


def test_a_first_visit_can_be_set_only_for_what_was_accepted(world):
    at = timezone.now() + dt.timedelta(days=3)
    requested, accepted = world.referrals["requested"], Referral.objects.get(pk=world.referrals["accepted"].pk)
    with pytest.raises(ValidationError, match="no first visit"):
        set_first_visit(referral=requested, at=at, side=Side.TEAM, by=world.users.facilitator, seen=S.REQUESTED)
    set_first_visit(referral=accepted, at=at, side=Side.TEAM, by=world.users.facilitator, seen=S.ACCEPTED)
    assert Referral.objects.get(pk=accepted.pk).first_visit_at == at
    with pytest.raises(Outdated):
        set_first_visit(referral=accepted, at=at, side=Side.TEAM, by=world.users.facilitator, seen=S.REQUESTED)


def test_the_answer_is_due_by_the_rule_of_the_day(world):
    today = timezone.localdate()
    assert world.referrals["requested"].answer_due_on == today + dt.timedelta(days=10)
    TimelineRule.objects.create(kind="referral_answer", days=5, source="test", starts_on=today)
    assert send(world, draft(world, "One more"), "names").answer_due_on == today + dt.timedelta(days=5)
    TimelineRule.objects.filter(kind="referral_answer").delete()
    assert send(world, draft(world, "And one more"), "names").answer_due_on is None


@pytest.mark.parametrize(("days", "late"), [(9, False), (10, False), (11, True)])
def test_an_answer_is_late_from_the_day_after_its_date(world, time_machine, days, late):
    referral = world.referrals["requested"]
    time_machine.move_to(timezone.now() + dt.timedelta(days=days))
    assert referral.is_late is late


def test_every_move_is_in_the_log_without_a_word_of_it(world):
    Event.objects.all().delete()
    referral = Referral.objects.select_related("organization").get(pk=world.referrals["accepted"].pk)
    move_for_team(
        referral=referral, to=S.COMPLETED, side=Side.FAMILY, by=world.users.caregiver, seen=S.ACCEPTED,
        words="A secret", outcome=Outcome.PARTLY,
    )  # fmt: skip
    event = Event.objects.get(verb="referral_moved")
    assert (event.family_id, event.object_id) == (world.family.pk, referral.pk)
    assert event.facts == {"from_status": "accepted", "to_status": "completed"}
