"""Whoever saves what is there already, comes second or comes from nowhere changes nothing, and learns it in words."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from collaboratives import access as collaboratives_access
from collaboratives.actions import group_meetings, recommendations
from collaboratives.actions.barriers import pass_on_barrier
from collaboratives.actions.groups import end_group, end_office, found_group
from collaboratives.enums import RecommendationTopic
from collaboratives.models import Collaborative, Office, Recommendation
from families.access import visible_partners
from referrals.actions.referrals import Outdated, answer_by_link, answer_referral, make_link
from referrals.models import Referral, ReferralLink
from soc_portal.audit.models import Event
from soc_portal.notices.models import Notice
from teams.access import own_person_on
from teams.actions import barriers as team_barriers
from teams.actions import referrals as team_referrals
from teams.actions.room import hold_profile
from tests.parts.referrals import draft, send

NOBODY = AnonymousUser()


@pytest.fixture
def quiet(world):
    """Fails a test in which anything was written into the log or the outbox."""
    before = Event.objects.filter(looked=False).count(), Notice.objects.count()
    yield world
    assert (Event.objects.filter(looked=False).count(), Notice.objects.count()) == before


# --- The same again --------------------------------------------------------------------------------------------------
def test_the_same_meeting_agenda_decision_and_minutes_are_no_change(quiet):
    by, now = quiet.users.jcpc_chair, timezone.now()
    coming, held = quiet.group_meetings["next"], quiet.group_meetings["held"]
    for row in (coming, held, quiet.agenda_item, quiet.group_decision):
        row.refresh_from_db()
    same = {
        group_meetings.change_group_meeting: (
            coming, {"meeting": coming, "values": {"place_words": coming.place_words}}
        ),
        group_meetings.change_agenda_item: (
            quiet.agenda_item, {"item": quiet.agenda_item, "values": {"text": quiet.agenda_item.text}}
        ),
        group_meetings.change_group_decision: (
            quiet.group_decision, {"decision": quiet.group_decision, "values": {"text": quiet.group_decision.text}}
        ),
        group_meetings.change_minutes: (held, {"meeting": held, "text": held.minutes, "now": now}),
    }  # fmt: skip
    for change, (row, given) in same.items():
        assert change(by=by, base_version=row.version, **given).version == row.version


def test_a_decision_written_down_twice_is_one(quiet):
    there = quiet.group_decision
    twin = type(there)(**{name: getattr(there, name) for name in type(there).versioned})
    found = group_meetings.add_group_decision(
        meeting=there.meeting, decision=twin, by=there.created_by, now=timezone.now()
    )
    assert found == there


def test_the_same_recommendation_and_the_same_answer_are_no_change(world):
    row, chair = world.recommendation, world.users.jcpc_chair
    same = recommendations.change_recommendation(
        row=row, by=chair, base_version=row.version, values={"text": row.text, "addressee": "Somebody else"}
    )
    assert (same.version, same.addressee) == (row.version, row.addressee)
    outside = world.state_recommendation
    moved = recommendations.change_recommendation(
        row=outside, by=world.users.state_cochair, base_version=outside.version, values={"addressee": "The board"}
    )
    assert (moved.version, moved.addressee) == (outside.version + 1, "The board")
    answer = {"by": world.users.state_cochair, "answer": "We will.", "answered_on": timezone.localdate()}
    answered = recommendations.answer_recommendation(row=row, base_version=row.version, **answer)
    told = Notice.objects.count()
    again = recommendations.answer_recommendation(row=answered, base_version=answered.version, **answer)
    assert again.version == answered.version
    better = answer | {"answer": "We will, in May."}
    assert recommendations.answer_recommendation(row=again, base_version=again.version, **better).answer.endswith(
        "May."
    )
    assert Notice.objects.count() == told


def test_an_office_that_has_ended_ends_once(world):
    office, by = Office.objects.get(term=world.terms["jcpc_chair"]), world.users.coordinator
    end_office(office=office, by=by)
    ended = Office.objects.get(pk=office.pk).ends_on
    events = Event.objects.count()
    end_office(office=office, by=by, ends_on=timezone.localdate() + dt.timedelta(days=9))
    assert (Office.objects.get(pk=office.pk).ends_on, Event.objects.count()) == (ended, events)


# --- What can't be ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"due_on": dt.date(2020, 1, 1)}, "due_on"),
        ({"sent_on": dt.date(2100, 1, 1)}, "sent_on"),
        ({"addressee": " "}, "addressee"),
        ({"meeting": "other"}, "meeting"),
        ({"to_group": "jcpc"}, "to_group"),
        ({"to_group": "local_team"}, "to_group"),
    ],
)
def test_a_recommendation_that_can_t_be_is_told_at_its_field(quiet, given, field):
    values = {"topic": RecommendationTopic.FUNDING, "text": "More", "addressee": "The county"} | given
    if values.get("meeting"):
        values["meeting"] = quiet.group_meetings["other"]
    if values.get("to_group"):
        values["to_group"] = getattr(quiet, values["to_group"])
    with pytest.raises(ValidationError) as refused:
        recommendations.add_recommendation(group=quiet.jcpc, row=Recommendation(**values), by=quiet.users.jcpc_chair)
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("answer", "day", "field"), [(" ", 0, "answer"), ("Yes", 1, "answered_on"), ("Yes", -4000, "answered_on")]
)
def test_an_answer_has_words_and_a_day_that_was(quiet, answer, day, field):
    row = quiet.recommendation
    with pytest.raises(ValidationError) as refused:
        recommendations.answer_recommendation(
            row=row, by=quiet.users.state_cochair, base_version=row.version, answer=answer,
            answered_on=timezone.localdate() + dt.timedelta(days=day),
        )  # fmt: skip
    assert list(refused.value.message_dict) == [field]


def test_an_answered_recommendation_stays_as_it_was_sent(world):
    row = recommendations.answer_recommendation(
        row=world.recommendation, by=world.users.state_cochair, base_version=world.recommendation.version,
        answer="Yes", answered_on=timezone.localdate(),
    )  # fmt: skip
    with pytest.raises(ValidationError, match="It stays as it was sent"):
        recommendations.change_recommendation(
            row=row, by=world.users.jcpc_chair, base_version=row.version, values={"text": "Other words"}
        )


def test_a_barrier_is_not_passed_on_where_there_is_no_group_of_the_state(quiet):
    Collaborative.objects.filter(pk=quiet.state_group.pk).update(
        ended_at=timezone.now(), ended_by=quiet.users.superuser
    )
    with pytest.raises(ValidationError, match="no State Collaborative"):
        pass_on_barrier(barrier=quiet.barriers["taken_up"], by=quiet.users.jcpc_chair, words="The state pays.")


def test_a_group_of_the_state_is_followed_by_one_of_the_state(world):
    by, today = world.users.state_cochair, timezone.localdate()
    with pytest.raises(ValidationError):
        end_group(group=world.state_group, by=by, ends_on=today, successor=world.jcpc)
    next_one = found_group(kind=world.kinds["state"], name="State Collaborative, anew", counties=[], by=by)
    assert end_group(group=world.state_group, by=by, ends_on=today, successor=next_one).successor == next_one


# --- Coming second ---------------------------------------------------------------------------------------------------
def test_the_second_of_two_yeses_to_a_barrier_is_told_that_it_has_gone(quiet):
    sent = quiet.raised["raised"]
    with pytest.raises(ValidationError, match="gone to the county"):
        team_barriers._say_yes(sent, sent.barrier, quiet.users.caregiver)


def test_a_referral_that_is_closed_or_changed_meanwhile_is_not_sent(world):
    row = draft(world, "A ride")
    Referral.objects.filter(pk=row.pk).update(status="cancelled")
    with pytest.raises(Outdated):
        send(world, row, "wants")
    changed = draft(world, "A tutor")
    Referral.objects.filter(pk=changed.pk).update(version=7)
    with pytest.raises(Outdated):
        team_referrals._say_yes(changed, by=world.users.caregiver, shared=[], until=timezone.localdate())


def test_no_link_for_what_has_gone_to_nobody_and_no_answer_by_one_that_ended(quiet):
    with pytest.raises(ValidationError, match="no link was sent"):
        make_link(referral=quiet.referrals["draft"], address="a@test.example", by=quiet.users.caregiver)
    link = quiet.referral_link
    ReferralLink.objects.filter(pk=link.pk).update(ended_at=timezone.now())
    with pytest.raises(Outdated):
        answer_by_link(link=link, name="Sam", to="accepted", seen="requested", words="Yes")


def test_an_organization_answers_with_words_or_not_at_all(quiet):
    row = Referral.objects.select_related("organization").get(pk=quiet.referrals["requested"].pk)
    with pytest.raises(ValidationError, match="Write what the family should know"):
        answer_referral(referral=row, to="accepted", seen="requested", words=" ", by=quiet.users.receiver)


def test_who_reads_no_more_is_not_told_of_a_move_either(world):
    row = Referral.objects.select_related("organization").get(pk=world.referrals["accepted"].pk)
    team_referrals.stop_sharing_referral(team=world.team, referral=row, by=world.users.caregiver)
    row.refresh_from_db()
    told = set(Notice.objects.filter(user=world.users.receiver).values_list("pk", flat=True))
    moved = team_referrals.move_for_team(
        referral=row, to="cancelled", side="family", by=world.users.caregiver, seen=row.status, words="Not now."
    )
    assert moved.status == "cancelled"
    assert set(Notice.objects.filter(user=world.users.receiver).values_list("pk", flat=True)) == told


# --- Coming from nowhere ---------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_without_an_account_there_are_no_groups_seats_or_partners():
    assert not collaboratives_access.visible_groups(NOBODY).exists()
    assert not collaboratives_access.waiting_terms(NOBODY).exists()
    assert not visible_partners(NOBODY).exists()
    assert hold_profile(None) is None


def test_staff_have_no_place_of_their_own_in_a_family(quiet):
    with pytest.raises(PermissionDenied):
        own_person_on(quiet.users.facilitator, quiet.team)
