"""Meetings of groups: who is told, who may vote, what is frozen. The rules, without pages."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from collaboratives import access
from collaboratives.actions.group_meetings import (
    add_agenda_item,
    add_group_decision,
    answer_group_meeting,
    approve_minutes,
    call_group_meeting,
    cancel_group_meeting,
    change_agenda_item,
    change_group_decision,
    change_group_meeting,
    change_minutes,
    content_of,
    hash_of,
    hold_group_meeting,
    needed_of,
    note_group_attendance,
)
from collaboratives.actions.groups import end_term, found_group, give_office, sign_statement, start_term
from collaboratives.enums import EndOfTerm, GroupMeetingStatus, OfficeKind, Presence
from collaboratives.measures import family_voice
from collaboratives.models import (
    AgendaItem,
    GroupAttendance,
    GroupDecision,
    GroupMeeting,
    Seat,
    Term,
)
from soc_portal.access.scope import forget_scope
from soc_portal.notices.models import Notice
from soc_portal.versions.actions import Conflict
from tests.parts.group_meetings import approved, call, called_before, hold
from tests.world import PEOPLE, make_user

DAY = dt.timedelta(days=1)


def told(kind):
    """Whose outbox holds a notice of this kind: by the slug of the address."""
    return {notice.user.email.split("@")[0].replace("-", "_") for notice in Notice.objects.filter(kind=kind)}


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def council(world, filled):
    """A new council with so many filled seats, its chair first; the other seats stay empty."""
    by, today = world.users.coordinator, timezone.localdate()
    group = found_group(kind=world.kinds["jcpc"], name="Test council", counties=[world.durham], by=by)
    seats = list(Seat.objects.filter(group=group).order_by("number")[:filled])
    assert len(seats) == filled < Seat.objects.filter(group=group).count()
    terms = [
        start_term(
            seat=seat, user=None, name=f"Member {seat.number}", starts_on=today - 400 * DAY, ends_on=today + 300 * DAY,
            by=by,
        )
        for seat in seats
    ]  # fmt: skip
    return group, terms


def came(terms, number):
    return {term.pk: Presence.CAME.value for term in terms[:number]} | {
        term.pk: Presence.AWAY.value for term in terms[number:]
    }


# --- Who sees which meetings: exact sets -----------------------------------------------------------------------------
def test_everybody_signed_in_sees_the_meetings_of_open_groups_and_members_who_signed_those_of_a_closed_one(world):
    meetings = world.group_meetings
    is_open = {meetings[name] for name in ("next", "held", "other", "state")}
    closed = {meetings["closed"], meetings["closed_next"]}
    for slug, user in world.people.items():
        wanted = is_open | closed if slug == "local_team_chair" else is_open
        assert set(access.visible_group_meetings(user)) == wanted, slug


def test_drafts_of_minutes_are_read_by_the_group_alone(world):
    meetings = world.group_meetings
    readers = {"jcpc_chair", "jcpc_member", "jcpc_parent", "coordinator"}
    for slug, user in world.people.items():
        found = set(access.visible_minutes(user))
        assert (meetings["held"] in found) == (slug in readers), slug
        assert (meetings["closed"] in found) == (slug == "local_team_chair"), slug
        assert meetings["closed"] not in set(access.open_group_meetings())


def test_once_approved_everybody_signed_in_reads_the_minutes_of_an_open_group(world):
    meeting = approved(world.jcpc, timezone.now() - 50 * DAY, by=world.users.jcpc_chair, words="Open words")
    for slug, user in world.people.items():
        assert access.can_read_minutes(user, meeting), slug


def test_a_superuser_and_a_coordinator_are_nobody_to_a_closed_group(world):
    for slug in ("superuser", "coordinator", "local_team_unsigned"):
        assert not access.visible_group_meetings(world.people[slug]).filter(group=world.local_team).exists()


def test_readers_and_runners_of_groups_are_exact(world):
    def slugs(users):
        return {slug for slug, user in world.people.items() if user in set(users)}

    assert slugs(access.readers_of_group(world.jcpc)) == {"jcpc_chair", "jcpc_member", "jcpc_parent"}
    assert slugs(access.runners_of_group(world.jcpc)) == {"jcpc_chair"}
    assert slugs(access.readers_of_group(world.local_team)) == {"local_team_chair"}
    assert slugs(access.runners_of_group(world.state_group)) == {"state_cochair"}


# --- Calling ---------------------------------------------------------------------------------------------------------
def test_members_are_told_and_nobody_else(world):
    Notice.objects.all().delete()
    call(world.jcpc, timezone.now() + 40 * DAY, by=world.users.jcpc_chair)
    assert told("group_meeting_called") == {"jcpc_member", "jcpc_parent"}


def test_in_a_closed_group_only_those_who_signed_are_told(world):
    Notice.objects.all().delete()
    call(world.local_team, timezone.now() + 40 * DAY, by=world.users.local_team_chair)
    assert told("group_meeting_called") == set()  # the chair called it, the other has not signed
    sign_statement(group=world.local_team, by=world.users.local_team_unsigned, text="I keep it to myself.")
    call(world.local_team, timezone.now() + 41 * DAY, by=world.users.local_team_chair)
    assert told("group_meeting_called") == {"local_team_unsigned"}


def test_a_notice_holds_a_date_and_an_address_and_nothing_of_the_content(world):
    Notice.objects.all().delete()
    call(world.local_team, timezone.now() + 40 * DAY, by=world.users.jcpc_chair, help_words="Sealed help")
    notice = Notice.objects.get(kind="group_meeting_called")
    assert set(notice.facts) == {"starts_at", "ends_at", "calendar"}
    assert set(notice.facts["calendar"]) == {"kind", "number", "sequence", "is_cancelled"}
    assert notice.path.startswith(f"/groups/{world.local_team.pk}/meetings/")


def test_a_meeting_is_called_for_a_time_to_come(world):
    with pytest.raises(ValidationError, match="This time has passed"):
        call(world.jcpc, timezone.now(), by=world.users.jcpc_chair)


def test_a_group_that_ends_calls_no_meeting_after_its_last_day(world):
    world.jcpc.ends_on = timezone.localdate() + 10 * DAY
    world.jcpc.save()
    with pytest.raises(ValidationError, match="This group ends before that day"):
        call(world.jcpc, timezone.now() + 12 * DAY, by=world.users.jcpc_chair)


def test_a_form_that_is_sent_twice_sets_one_meeting(world):
    starts_at = timezone.now() + 44 * DAY
    one, two = (call(world.jcpc, starts_at, by=world.users.jcpc_chair) for _time in range(2))
    assert one == two


def test_another_time_is_told_and_another_word_of_help_is_not(world):
    Notice.objects.all().delete()
    meeting, chair = world.group_meetings["next"], world.users.jcpc_chair
    change_group_meeting(meeting=meeting, by=chair, base_version=1, values={"help_words": "Lunch"})
    assert told("group_meeting_changed") == set()
    later = meeting.starts_at + DAY
    values = {"starts_at": later, "ends_at": later + dt.timedelta(hours=2)}
    change_group_meeting(meeting=meeting, by=chair, base_version=2, values=values)
    assert told("group_meeting_changed") == {"jcpc_member", "jcpc_parent"}
    assert fresh(meeting).starts_at == later


def test_two_who_change_different_things_lose_neither(world):
    meeting = world.group_meetings["next"]
    change_group_meeting(meeting=meeting, by=world.users.jcpc_chair, base_version=1, values={"help_words": "Lunch"})
    change_group_meeting(meeting=meeting, by=world.users.coordinator, base_version=1, values={"place_words": "Library"})
    assert (fresh(meeting).help_words, fresh(meeting).place_words) == ("Lunch", "Library")
    with pytest.raises(Conflict):
        change_group_meeting(
            meeting=meeting, by=world.users.coordinator, base_version=1, values={"help_words": "Dinner"}
        )


def test_a_meeting_that_was_called_off_takes_nothing_more(world):
    meeting, chair = world.group_meetings["next"], world.users.jcpc_chair
    cancel_group_meeting(meeting=meeting, by=chair)
    assert told("group_meeting_cancelled") == {"jcpc_member", "jcpc_parent"}
    now = timezone.now() + 21 * DAY
    for act in (
        lambda: cancel_group_meeting(meeting=meeting, by=chair),
        lambda: change_group_meeting(meeting=meeting, by=chair, base_version=2, values={"help_words": "x"}),
        lambda: add_agenda_item(meeting=meeting, item=AgendaItem(text="x"), by=chair),
        lambda: answer_group_meeting(meeting=meeting, by=chair, coming="yes", now=timezone.now()),
        lambda: note_group_attendance(meeting=meeting, marks={}, by=chair, now=now),
        lambda: change_minutes(meeting=meeting, by=chair, base_version=2, text="x", now=now),
    ):
        with pytest.raises(ValidationError, match="called off"):
            act()


# --- Answers ---------------------------------------------------------------------------------------------------------
def test_the_last_answer_counts_and_stands_once(world):
    meeting, member = world.group_meetings["next"], world.users.jcpc_member
    for coming in ("yes", "no", "yes"):
        answer_group_meeting(meeting=meeting, by=member, coming=coming, now=timezone.now())
    assert list(GroupAttendance.objects.filter(meeting=meeting).values_list("term_id", "coming")) == [
        (world.terms["jcpc_member"].pk, "yes")
    ]


def test_somebody_whose_term_ends_before_the_day_does_not_answer(world):
    meeting = world.group_meetings["next"]
    day_before = timezone.localdate(meeting.starts_at) - DAY
    Term.objects.filter(pk=world.terms["jcpc_member"].pk).update(ends_on=day_before)
    with pytest.raises(ValidationError, match="Your term does not reach"):
        answer_group_meeting(meeting=meeting, by=world.users.jcpc_member, coming="yes", now=timezone.now())
    Term.objects.filter(pk=world.terms["jcpc_member"].pk).update(ends_on=day_before + DAY)
    answer_group_meeting(meeting=meeting, by=world.users.jcpc_member, coming="yes", now=timezone.now())


def test_an_answer_changes_nothing_of_who_was_there(world):
    meeting = world.group_meetings["next"]
    answer_group_meeting(meeting=meeting, by=world.users.jcpc_member, coming="yes", now=timezone.now())
    note_group_attendance(
        meeting=meeting, marks={world.terms["jcpc_member"].pk: "away"}, by=world.users.jcpc_chair,
        now=meeting.starts_at,
    )  # fmt: skip
    row = GroupAttendance.objects.get(meeting=meeting)
    assert (row.coming, row.presence) == ("yes", "away")


# --- Quorum ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("filled", "needed"), [(0, 1), (1, 1), (2, 2), (3, 2), (22, 12), (23, 12), (26, 14)])
def test_a_majority_is_more_than_half_of_the_filled_seats(filled, needed):
    assert needed_of(filled, "majority") == needed
    assert needed_of(filled, "") is None


@pytest.mark.parametrize(("present", "is_enough"), [(3, False), (4, True), (6, True)])
def test_exactly_half_is_not_enough_and_one_more_is(world, present, is_enough):
    group, terms = council(world, 6)
    meeting = called_before(group, timezone.now() - 20 * DAY, by=world.users.other_jcpc_chair)
    hold(meeting, by=world.users.other_jcpc_chair, marks=came(terms, present))
    assert (meeting.filled, meeting.quorum_needed, meeting.present) == (6, 4, present)
    assert meeting.has_quorum is is_enough


def test_who_came_by_phone_or_sent_somebody_counts_and_who_sent_word_does_not(world):
    group, terms = council(world, 5)
    meeting = called_before(group, timezone.now() - 20 * DAY, by=world.users.other_jcpc_chair)
    marks = dict(zip([t.pk for t in terms], ["came", "remote", "designee", "excused", ""], strict=True))
    hold(meeting, by=world.users.other_jcpc_chair, marks=marks)
    assert (meeting.quorum_needed, meeting.present) == (3, 3)
    assert meeting.has_quorum


def test_a_seat_that_allows_nobody_in_its_place_refuses_one(world):
    meeting = world.group_meetings["held"]
    term = world.terms["jcpc_parent"]  # a seat for families: the law names no designee
    with pytest.raises(ValidationError, match="Wanda Pickard can't send somebody"):
        note_group_attendance(
            meeting=meeting, marks={term.pk: "designee"}, by=world.users.jcpc_chair, now=timezone.now()
        )


def test_a_term_that_ended_the_day_before_is_neither_filled_nor_present(world):
    group, terms = council(world, 5)
    meeting = called_before(group, timezone.now() - 20 * DAY, by=world.users.other_jcpc_chair)
    day = timezone.localdate(meeting.starts_at)
    Term.objects.filter(pk=terms[0].pk).update(ends_on=day - DAY)
    Term.objects.filter(pk=terms[1].pk).update(ends_on=day)  # the last day counts
    with pytest.raises(ValidationError, match="had no seat"):
        note_group_attendance(
            meeting=meeting, marks={terms[0].pk: "came"}, by=world.users.other_jcpc_chair, now=timezone.now()
        )
    hold(meeting, by=world.users.other_jcpc_chair, marks=came(terms[1:], 3))
    assert (meeting.filled, meeting.quorum_needed, meeting.present) == (4, 3, 3)


def test_somebody_who_left_on_the_very_day_does_not_count(world):
    group, terms = council(world, 3)
    meeting = called_before(group, timezone.now() - 20 * DAY, by=world.users.other_jcpc_chair)
    end_term(
        term=terms[0], by=world.users.coordinator, reason=EndOfTerm.MOVED, left_on=timezone.localdate(meeting.starts_at)
    )
    hold(meeting, by=world.users.other_jcpc_chair, marks=came(terms[1:], 2))
    assert (meeting.filled, meeting.quorum_needed, meeting.present) == (2, 2, 2)


def test_what_was_counted_stays_whatever_happens_to_seats_later(world):
    group, terms = council(world, 4)
    meeting = called_before(group, timezone.now() - 20 * DAY, by=world.users.other_jcpc_chair)
    hold(meeting, by=world.users.other_jcpc_chair, marks=came(terms, 3))
    Term.objects.filter(pk=terms[0].pk).update(ends_on=timezone.localdate(meeting.starts_at) - DAY)
    assert (fresh(meeting).filled, fresh(meeting).present) == (4, 3)


def test_where_no_number_is_set_whoever_came_may_vote(world):
    meeting = called_before(world.state_group, timezone.now() - 20 * DAY, by=world.users.state_cochair)
    terms = [world.terms["state_cochair"], world.terms["state_member"]]
    hold(meeting, by=world.users.state_cochair, marks=came(terms, 1))
    assert (meeting.quorum_needed, meeting.has_quorum) == (None, True)


def test_a_meeting_is_held_once_it_has_started_and_somebody_was_there(world):
    meeting, chair = world.group_meetings["next"], world.users.jcpc_chair
    with pytest.raises(ValidationError, match="has not started"):
        hold_group_meeting(meeting=meeting, by=chair, now=meeting.starts_at - dt.timedelta(seconds=1))
    with pytest.raises(ValidationError, match="Note first who was there"):
        hold_group_meeting(meeting=meeting, by=chair, now=meeting.starts_at)
    marks = {world.terms["jcpc_chair"].pk: "came"}
    note_group_attendance(meeting=meeting, marks=marks, by=chair, now=meeting.starts_at)
    hold_group_meeting(meeting=meeting, by=chair, now=meeting.starts_at)
    with pytest.raises(ValidationError, match="already taken place"):
        hold_group_meeting(meeting=meeting, by=chair, now=meeting.starts_at)


def test_a_correction_after_the_count_counts_anew(world):
    group, terms = council(world, 4)
    meeting, by = (
        called_before(group, timezone.now() - 20 * DAY, by=world.users.other_jcpc_chair),
        world.users.superuser,
    )
    hold(meeting, by=by, marks=came(terms, 2))
    assert not meeting.has_quorum
    note_group_attendance(meeting=meeting, marks={terms[2].pk: "remote"}, by=by, now=timezone.now())
    assert fresh(meeting).has_quorum


def test_a_correction_that_would_undo_a_vote_is_refused_and_changes_nothing(world):
    group, terms = council(world, 4)
    meeting, by = (
        called_before(group, timezone.now() - 20 * DAY, by=world.users.other_jcpc_chair),
        world.users.superuser,
    )
    hold(meeting, by=by, marks=came(terms, 3))
    add_group_decision(meeting=meeting, by=by, now=timezone.now(), decision=GroupDecision(text="Yes", votes_for=3))
    with pytest.raises(ValidationError, match="this vote does not count"):
        note_group_attendance(meeting=meeting, marks={terms[0].pk: "away"}, by=by, now=timezone.now())
    assert fresh(meeting).present == 3
    assert GroupAttendance.objects.get(meeting=meeting, term=terms[0]).presence == "came"


def test_the_database_keeps_counts_together_and_below_the_seats(world):
    meeting = GroupMeeting.objects.filter(pk=world.group_meetings["held"].pk)
    for wrong in ({"present": None}, {"present": 99}, {"quorum_needed": 99}, {"status": "set"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            meeting.update(**wrong)


# --- Decisions -------------------------------------------------------------------------------------------------------
def decide(world, meeting, **votes):
    decision = GroupDecision(text="Fund the van", **votes)
    return add_group_decision(meeting=meeting, by=world.users.jcpc_chair, now=timezone.now(), decision=decision)


def test_without_enough_members_a_vote_is_refused_and_a_decision_without_one_is_not(world):
    group, terms = council(world, 4)
    meeting = called_before(group, timezone.now() - 20 * DAY, by=world.users.other_jcpc_chair)
    hold(meeting, by=world.users.other_jcpc_chair, marks=came(terms, 2))
    with pytest.raises(ValidationError, match=r"Members who were there: 2\. Needed to vote: 3"):
        decide(world, meeting, votes_for=2)
    with pytest.raises(ValidationError, match="Needed to vote: 3"):
        decide(world, meeting, votes_for=0)  # a vote of nobody is a vote
    assert decide(world, meeting).has_votes is False


@pytest.mark.parametrize(("votes", "is_right"), [((3, 1, 0), True), ((2, 1, 1), True), ((3, 1, 1), False)])
def test_there_are_never_more_votes_than_members_who_were_there(world, votes, is_right):
    meeting = world.group_meetings["held"]
    assert meeting.present == 4  # one of them has left since
    votes = dict(zip(("votes_for", "votes_against", "abstained"), votes, strict=True))
    if is_right:
        assert decide(world, meeting, **votes).votes == 4
    else:
        with pytest.raises(ValidationError, match=r"Votes: 5\. Members who were there: 4"):
            decide(world, meeting, **votes)


def test_before_it_is_written_down_that_the_meeting_took_place_no_vote_counts(world):
    meeting = called_before(world.jcpc, timezone.now() - 2 * DAY, by=world.users.jcpc_chair)
    with pytest.raises(ValidationError, match="Write down first who was there"):
        decide(world, meeting, votes_for=1)


def test_what_comes_of_a_merge_keeps_the_rule_of_the_votes(world):
    decision = decide(world, world.group_meetings["held"], votes_for=1, votes_against=0, abstained=0)
    chair, coordinator = world.users.jcpc_chair, world.users.coordinator
    change_group_decision(decision=decision, by=chair, base_version=1, values={"votes_for": 4})
    with pytest.raises(ValidationError, match="Votes: 5"):
        change_group_decision(decision=decision, by=coordinator, base_version=1, values={"votes_against": 1})
    assert (fresh(decision).votes_for, fresh(decision).votes_against) == (4, 0)


# --- Agenda ----------------------------------------------------------------------------------------------------------
def test_the_agenda_stands_in_the_order_in_which_it_grew_and_the_same_words_once(world):
    meeting, parent = world.group_meetings["next"], world.users.jcpc_parent
    for text in ("Second bus", "A van", "Second bus"):
        add_agenda_item(meeting=meeting, item=AgendaItem(text=text), by=parent)
    assert [item.text for item in AgendaItem.objects.filter(meeting=meeting).order_by("pk")] == ["Second bus", "A van"]


def test_two_who_write_what_was_said_meet(world):
    item = world.agenda_item
    change_agenda_item(item=item, by=world.users.jcpc_member, base_version=2, values={"outcome": "One"})
    with pytest.raises(Conflict):
        change_agenda_item(item=item, by=world.users.jcpc_parent, base_version=2, values={"outcome": "Two"})
    change_agenda_item(item=item, by=world.users.jcpc_parent, base_version=2, values={"family_spoke": False})
    assert (fresh(item).outcome, fresh(item).family_spoke) == ("One", False)


def test_the_family_voice_is_counted_in_meetings_that_were_held_since(world):
    today = timezone.localdate()
    assert family_voice(world.jcpc, today - 31 * DAY) == (1, 1)
    add_agenda_item(meeting=world.group_meetings["held"], item=AgendaItem(text="Money"), by=world.users.jcpc_chair)
    add_agenda_item(meeting=world.group_meetings["next"], item=AgendaItem(text="Later"), by=world.users.jcpc_chair)
    assert family_voice(world.jcpc, today - 31 * DAY) == (1, 2)
    day = timezone.localdate(world.group_meetings["held"].starts_at)
    assert family_voice(world.jcpc, day) == (1, 2)
    assert family_voice(world.jcpc, day + DAY) == (0, 0)
    assert family_voice(world.other_jcpc, today - 365 * DAY) == (0, 0)


# --- Minutes ---------------------------------------------------------------------------------------------------------
def approve(world, meeting, by=None, now=None, seen=None):
    return approve_minutes(
        meeting=meeting, by=by or world.users.jcpc_chair, now=now or timezone.now(),
        seen_hash=seen or hash_of(content_of(fresh(meeting))),
    )  # fmt: skip


def test_two_writers_of_the_minutes_never_overwrite_each_other(world):
    meeting, now = fresh(world.group_meetings["held"]), timezone.now()
    version = meeting.version
    change_minutes(meeting=meeting, by=world.users.jcpc_chair, base_version=version, text="Hers", now=now)
    with pytest.raises(Conflict) as conflict:
        change_minutes(meeting=meeting, by=world.users.coordinator, base_version=version, text="His", now=now)
    assert (conflict.value.theirs.minutes, conflict.value.mine) == ("Hers", {"minutes": "His"})
    assert fresh(meeting).minutes == "Hers"


def test_approved_minutes_are_frozen_with_everything_that_belongs_to_them(world):
    meeting, chair, now = world.group_meetings["held"], world.users.jcpc_chair, timezone.now()
    done = approve(world, meeting)
    assert done.minutes_hash == hash_of(content_of(fresh(meeting)))
    before = content_of(fresh(meeting))
    term = world.terms["jcpc_member"].pk
    for act in (
        lambda: change_minutes(meeting=meeting, by=chair, base_version=done.version, text="Other", now=now),
        lambda: add_agenda_item(meeting=meeting, item=AgendaItem(text="x"), by=chair),
        lambda: change_agenda_item(item=world.agenda_item, by=chair, base_version=2, values={"outcome": "x"}),
        lambda: decide(world, meeting),
        lambda: change_group_decision(decision=world.group_decision, by=chair, base_version=1, values={"votes_for": 1}),
        lambda: note_group_attendance(meeting=meeting, marks={term: "away"}, by=chair, now=now),
        lambda: approve(world, meeting),
    ):
        with pytest.raises(ValidationError, match="Put a correction on the agenda of the next meeting"):
            act()
    assert content_of(fresh(meeting)) == before


def test_minutes_that_changed_since_they_were_read_are_not_approved(world):
    meeting = fresh(world.group_meetings["held"])
    seen = hash_of(content_of(meeting))
    change_agenda_item(item=world.agenda_item, by=world.users.jcpc_member, base_version=2, values={"outcome": "More"})
    with pytest.raises(ValidationError, match="Please read them again"):
        approve(world, meeting, seen=seen)
    assert not fresh(meeting).is_approved


def test_minutes_are_approved_on_a_later_day_and_only_where_there_are_some(world):
    meeting, chair = world.group_meetings["held"], world.users.jcpc_chair
    evening = timezone.localtime(meeting.starts_at).replace(hour=23, minute=59, second=59)
    with pytest.raises(ValidationError, match="on a later day"):
        approve(world, meeting, now=evening)
    change_minutes(meeting=meeting, by=chair, base_version=fresh(meeting).version, text="", now=timezone.now())
    with pytest.raises(ValidationError, match="There are no minutes yet"):
        approve(world, meeting)
    change_minutes(meeting=meeting, by=chair, base_version=fresh(meeting).version, text="Some", now=timezone.now())
    approve(world, meeting, now=evening + dt.timedelta(seconds=1))
    with pytest.raises(ValidationError, match="took place"):
        approve(world, world.group_meetings["next"])


def test_who_approves_minutes_is_exact(world):
    def approvers(group):
        return {slug for slug in PEOPLE if access.can_approve_minutes(world.people[slug], group)}

    assert approvers(world.jcpc) == {"jcpc_chair"}
    assert approvers(world.local_team) == {"local_team_chair"}
    assert approvers(world.state_group) == {"state_cochair"}
    for kind, wanted in ((OfficeKind.SECRETARY, False), (OfficeKind.VICE_CHAIR, True)):
        give_office(term=world.terms["jcpc_member"], kind=kind, by=world.users.coordinator)
        assert access.can_approve_minutes(world.users.jcpc_member, world.jcpc) is wanted


def test_a_chair_whose_term_is_over_approves_nothing(world):
    Term.objects.filter(pk=world.terms["jcpc_chair"].pk).update(ends_on=timezone.localdate() - DAY)
    forget_scope(world.users.jcpc_chair)
    assert not access.can_approve_minutes(world.users.jcpc_chair, world.jcpc)
    assert not access.can_read_minutes(world.users.jcpc_chair, world.group_meetings["held"])


def test_what_a_new_member_may_read_begins_and_ends_with_the_term(world):
    user, today = make_user("newcomer", "New Comer"), timezone.localdate()
    seat = Seat.objects.filter(group=world.jcpc, terms=None).order_by("number").first()
    meeting = world.group_meetings["held"]
    term = start_term(seat=seat, user=user, starts_on=today, ends_on=today, by=world.users.coordinator)
    assert access.can_read_minutes(user, meeting)
    end_term(term=term, by=world.users.coordinator, reason=EndOfTerm.MOVED)
    assert not access.can_read_minutes(user, meeting)


def test_a_state_groups_meeting_is_told_to_its_members_and_a_subcommittee_is_its_own(world):
    chair = world.users.state_cochair
    below = found_group(
        kind=world.kinds["state"], name="Training subcommittee", counties=[], by=chair, parent=world.state_group
    )
    Notice.objects.all().delete()
    meeting = call_group_meeting(
        group=below, by=chair,
        meeting=GroupMeeting(starts_at=timezone.now() + DAY, ends_at=timezone.now() + DAY + dt.timedelta(hours=1)),
    )  # fmt: skip
    assert told("group_meeting_called") == set()
    assert access.can_run_group(chair, below) and access.can_read_minutes(chair, meeting)
    assert not access.can_read_minutes(world.users.state_member, meeting)


def test_everything_of_a_past_day_is_told_as_of_that_day(world):
    with time_machine.travel(timezone.now() - 3 * DAY, tick=False):
        meeting = called_before(world.jcpc, timezone.now() - DAY, by=world.users.jcpc_chair)
    assert meeting.status == GroupMeetingStatus.SET
    assert meeting.told_at < meeting.starts_at
