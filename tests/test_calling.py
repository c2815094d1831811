"""Finding a time: anybody asks, the facilitator or the family offers, everybody answers, the family's no counts."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from soc_portal.audit.models import Event
from soc_portal.notices.models import Notice
from soc_portal.versions.models import Revision
from teams import access
from teams.actions import calling
from teams.actions.meetings import call_meeting, waive_notice
from teams.actions.memberships import accept_place, choose_member, end_membership, propose_member
from teams.models import Meeting, Slot, SlotAnswer, TimePoll
from tests.parts.calling import make_notice_rule, noon, offer, say


def url(name, world, *numbers, poll=None):
    return reverse(f"teams:{name}", args=[world.team.pk, (poll or world.poll).pk, *numbers])


def text_of(response):
    return " ".join(response.content.decode().split())


def live_answers(world, who):
    rows = SlotAnswer.objects.filter(membership=world.members[who], ended_at=None)
    return dict(rows.values_list("slot_id", "can"))


# --- Asking ----------------------------------------------------------------------------------------------------------
def test_asking_needs_a_reason_and_keeps_the_rest(world, sign_in):
    path = reverse("teams:poll_ask", args=[world.team.pk])
    client = sign_in(world.users.provider)
    response = client.post(path, {"purpose": " ", "place_words": "At school", "link": "nowhere"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"purpose", "link"}
    assert "At school" in text_of(response)
    for _time in range(2):
        response = client.post(path, {"purpose": "Talk about sleep", "place_words": "At school", "link": ""})
    poll = TimePoll.objects.get(purpose="Talk about sleep")
    assert response.url == url("poll_detail", world, poll=poll)
    assert (poll.created_by, poll.section) == (world.users.provider, "records")


def test_why_and_where_can_be_changed_while_a_time_is_looked_for(world, sign_in):
    path, client = url("poll_edit", world), sign_in(world.users.provider)
    assert f'href="{path}"' in client.get(url("poll_detail", world)).content.decode()
    assert world.poll.purpose in text_of(client.get(path))
    response = client.post(path, {"purpose": " ", "place_words": "At school", "version": 1})
    assert (response.status_code, "At school" in text_of(response)) == (422, True)
    client.post(path, {"purpose": "Talk about sleep", "place_words": "At school", "version": 1})
    poll = TimePoll.objects.get(pk=world.poll.pk)
    assert (poll.purpose, poll.place_words, poll.version) == ("Talk about sleep", "At school", 2)
    assert Event.objects.filter(verb="time_search_changed").count() == 1
    client.post(path, {"purpose": "Talk about sleep", "place_words": "At school", "version": 2})
    assert TimePoll.objects.get(pk=poll.pk).version == 2
    calling.end_poll(poll=poll, by=world.users.caregiver)
    response = client.post(path, {"purpose": "Too late", "version": 2})
    assert "does not look for a time any more" in text_of(response)
    assert "Too late" in text_of(response)
    assert not TimePoll.objects.filter(purpose="Too late").exists()


def test_two_who_change_why_they_meet_see_both_and_lose_nothing(world, sign_in):
    path = url("poll_edit", world)
    sign_in(world.users.provider).post(path, {"purpose": "About sleep", "place_words": "At school", "version": 1})
    response = sign_in(world.users.caregiver).post(path, {"purpose": "About the bus", "place_words": "", "version": 1})
    told = text_of(response)
    assert response.status_code == 409
    assert "About sleep" in told and "About the bus" in told
    assert response.context["form"].initial["place_words"] == "At school"  # what only the other one changed stays
    sent = {"purpose": "About sleep and the bus", "place_words": "At school", "version": response.context["version"]}
    assert sign_in(world.users.caregiver).post(path, sent).status_code == 302
    assert TimePoll.objects.get(pk=world.poll.pk).purpose == "About sleep and the bus"


def test_who_reads_the_polls_of_a_team(world):
    def seen(slug):
        return set(access.visible_polls(world.people[slug]).values_list("pk", flat=True))

    both, one = {world.poll.pk, world.court_poll.pk}, {world.poll.pk}
    wanted = {"caregiver": both, "court_counselor": both, "youth": both, "dss_worker": one, "grandmother": one}
    wanted |= {slug: set() for slug in ("other_caregiver", "former_member", "expired_consent", "coordinator")}
    assert {slug: seen(slug) for slug in wanted} == wanted
    calling.end_poll(poll=world.poll, by=world.users.caregiver)
    assert seen("grandmother") == set()


def test_a_poll_of_a_hidden_part_is_absent(world, sign_in):
    client = sign_in(world.users.dss_worker)
    assert client.get(url("poll_detail", world, poll=world.court_poll)).status_code == 404
    assert "A court poll" not in text_of(client.get(reverse("teams:meeting_list", args=[world.team.pk])))


def test_one_message_for_all_that_is_offered_within_a_while(world, time_machine):
    Notice.objects.all().delete()
    offer(world, 30)
    offer(world, 31)
    told = Notice.objects.filter(kind="times_wanted")
    users = list(told.values_list("user_id", flat=True))
    assert len(users) == len(set(users))
    readers = set(access.readers(world.team, "records").values_list("user_id", flat=True))
    assert set(users) == readers - {world.users.caregiver.pk}
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=11))
    offer(world, 32)
    assert told.count() == 2 * len(users)


# --- Offering --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days", "start", "end", "field", "words"),
    [
        (-1, "12:00", "13:00", "day", "This time has passed"),
        (21, "12:30", "13:30", "start", "overlaps a time"),
        (22, "13:00", "12:00", "end", "end after it starts"),
    ],
)
def test_a_time_that_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    world, sign_in, days, start, end, field, words
):
    before, day = Slot.objects.count(), timezone.localdate() + dt.timedelta(days=days)
    client = sign_in(world.users.facilitator)
    response = client.post(url("poll_offer", world), {"day": day.isoformat(), "start": start, "end": end})
    assert response.status_code == 422
    assert set(response.context["offer"].errors) == {field}
    assert words in text_of(response)
    assert day.isoformat() in text_of(response)
    assert Slot.objects.count() == before


def test_the_same_time_twice_is_there_once_and_touching_times_do_not_overlap(world, sign_in):
    client = sign_in(world.users.youth)
    typed = {"day": (timezone.localdate() + dt.timedelta(days=21)).isoformat(), "start": "12:00", "end": "13:00"}
    assert client.post(url("poll_offer", world), typed).status_code == 302
    assert world.poll.slots.count() == 2
    assert client.post(url("poll_offer", world), typed | {"start": "13:00", "end": "14:00"}).status_code == 302
    assert world.poll.slots.get(starts_at__gt=world.early.starts_at, ends_at__lt=world.late.starts_at)


def test_an_action_refuses_an_end_before_its_start(world):
    with pytest.raises(ValidationError, match="end after it starts"):
        calling.offer_slot(
            poll=world.poll, membership=world.members["caregiver"], starts_at=noon(40), ends_at=noon(40),
            by=world.users.caregiver,
        )  # fmt: skip


def test_a_time_is_taken_back_once_and_its_answers_stay(world, sign_in):
    say(world, "dss_worker", early="yes")
    client = sign_in(world.users.facilitator)
    for _time in range(2):
        client.post(url("slot_end", world, world.early.pk))
    slot = Slot.objects.get(pk=world.early.pk)
    assert slot.ended_by == world.users.facilitator
    assert Event.objects.filter(verb="time_taken_back").count() == 1
    assert live_answers(world, "dss_worker") == {slot.pk: "yes"}
    assert list(access.slots_of(world.poll)) == [world.late]
    assert list(access.slot_answers_of(world.poll)) == []


# --- Answering -------------------------------------------------------------------------------------------------------
def test_the_newest_answer_counts_and_the_one_before_ends(world, sign_in):
    client = sign_in(world.users.dss_worker)
    early, late = f"slot-{world.early.pk}", f"slot-{world.late.pk}"
    client.post(url("poll_answer", world), {early: "yes", late: "no"})
    client.post(url("poll_answer", world), {early: "maybe", late: "no"})
    assert live_answers(world, "dss_worker") == {world.early.pk: "maybe", world.late.pk: "no"}
    rows = SlotAnswer.objects.filter(membership=world.members["dss_worker"])
    assert [(row.can, row.ended_at is None, row.noted_by) for row in rows.filter(slot=world.early)] == [
        ("yes", False, None), ("maybe", True, None)
    ]  # fmt: skip
    assert rows.filter(slot=world.late).count() == 1


@pytest.mark.parametrize(("typed", "words"), [({}, "Choose an answer"), ({"late": "perhaps"}, "Choose one of these")])
def test_an_answer_that_is_none_says_so(world, sign_in, typed, words):
    client = sign_in(world.users.dss_worker)
    response = client.post(
        url("poll_answer", world), {f"slot-{getattr(world, name).pk}": can for name, can in typed.items()}
    )
    assert response.status_code == 422
    assert words in text_of(response)
    assert live_answers(world, "dss_worker") == {}


def test_a_time_that_was_taken_back_meanwhile_takes_no_answer_and_the_others_stay_typed(world, sign_in):
    calling.end_slot(poll=world.poll, slot=world.early, by=world.users.caregiver)
    client = sign_in(world.users.dss_worker)
    response = client.post(url("poll_answer", world), {f"slot-{world.early.pk}": "yes", f"slot-{world.late.pk}": "no"})
    assert response.status_code == 422
    assert "A time was taken back" in text_of(response)
    assert response.context["answer"][f"slot-{world.late.pk}"].value() == "no"
    assert live_answers(world, "dss_worker") == {}


def uncle(world):
    member = propose_member(team=world.team, by=world.users.caregiver, name="Uncle Ben", kind="natural")
    choose_member(membership=member, by=world.users.caregiver)
    return accept_place(membership=member, by=world.users.caregiver)


def test_whoever_may_write_notes_the_answer_of_a_member_without_an_account_and_of_nobody_else(world, sign_in):
    ben = uncle(world)
    client = sign_in(world.users.grandmother)
    path = url("poll_answer_note", world, ben.pk)
    assert client.get(path).status_code == 200
    assert client.post(path, {}).status_code == 422
    assert client.post(path, {f"slot-{world.early.pk}": "maybe"}).status_code == 302
    answer = SlotAnswer.objects.get(membership=ben)
    assert (answer.can, answer.noted_by) == ("maybe", world.users.grandmother)
    path = url("poll_answer_note", world, world.members["dss_worker"].pk)
    assert client.post(path, {f"slot-{world.early.pk}": "no"}).status_code == 403
    hidden = url("poll_answer_note", world, world.members["dss_worker"].pk, poll=world.court_poll)
    assert sign_in(world.users.caregiver).get(hidden).status_code == 404


# --- The best time ---------------------------------------------------------------------------------------------------
def best(world):
    tallies = calling.tallies_of(access.slots_of(world.poll), access.slot_answers_of(world.poll))
    found = calling.best_of(tallies, access.family_on(world.team), timezone.now())
    return [tally.slot for tally in found]


def test_the_best_time_is_never_one_that_the_family_cannot_make(world):
    assert best(world) == []
    for who in ("dss_worker", "facilitator", "grandmother"):
        say(world, who, early="yes", late="maybe")
    assert best(world) == [world.early]
    for who in ("youth", "other_household", "caregiver"):
        say(world, who, early="no")
        assert best(world) == [world.late], who
        say(world, who, early="maybe")
    say(world, "grandmother", early="no")  # not one of those whose record it is
    assert best(world) == [world.early]
    say(world, "youth", early="no", late="no")
    assert best(world) == []


def test_more_yes_first_then_if_needed_then_the_earlier_and_ties_are_told(world, sign_in):
    say(world, "dss_worker", early="yes", late="yes")
    assert best(world) == [world.early, world.late]
    page = text_of(sign_in(world.users.dss_worker).get(url("poll_detail", world)))
    assert "These suit the same number of you" in page
    say(world, "grandmother", late="maybe")
    assert best(world) == [world.late]
    say(world, "facilitator", early="yes")
    assert best(world) == [world.early]


def test_the_word_of_somebody_who_left_and_a_time_that_passed_count_no_more(world, time_machine):
    say(world, "dss_worker", early="yes")
    say(world, "facilitator", late="yes")
    assert best(world) == [world.early, world.late]
    time_machine.move_to(world.early.starts_at)
    assert best(world) == [world.late]
    end_membership(membership=world.members["facilitator"], by=world.users.caregiver, reason="left")
    assert best(world) == []


def test_the_page_says_when_no_time_works_for_the_family(world, sign_in):
    say(world, "youth", early="no", late="no")
    page = text_of(sign_in(world.users.facilitator).get(url("poll_detail", world)))
    assert "No time works so far" in page
    assert page.count("The family can’t") == 2


# --- Choosing --------------------------------------------------------------------------------------------------------
def test_choosing_calls_the_meeting_with_the_words_of_the_poll_and_twice_is_once(world, sign_in):
    client = sign_in(world.users.dss_worker)
    path = url("poll_choose", world, world.early.pk)
    assert client.get(path).status_code == 200
    answers = [client.post(path) for _ in range(2)]
    poll = TimePoll.objects.get(pk=world.poll.pk)
    meeting = poll.meeting
    assert (meeting.purpose, meeting.starts_at, meeting.status) == (poll.purpose, world.early.starts_at, "set")
    assert meeting.guests.exists()
    assert answers[0].url == answers[1].url == reverse("teams:meeting_detail", args=[world.team.pk, meeting.pk])
    assert Meeting.objects.filter(purpose=poll.purpose).count() == 1
    page = text_of(client.get(url("poll_detail", world)))
    assert "Your team found a time." in page
    late = {f"slot-{world.late.pk}": "yes"}
    assert "does not look for a time any more" in text_of(client.post(url("poll_answer", world), late))
    assert "has found a time" in text_of(client.post(url("poll_end", world), follow=True))
    client = sign_in(world.users.facilitator)
    assert "does not look" in text_of(client.post(url("slot_end", world, world.late.pk), follow=True))
    assert "can’t be chosen" in text_of(client.get(url("poll_choose", world, world.late.pk)))


def test_a_time_that_was_taken_back_is_not_chosen(world, sign_in):
    say(world, "youth", late="yes")
    calling.end_slot(poll=world.poll, slot=world.early, by=world.users.caregiver)
    client = sign_in(world.users.dss_worker)
    assert "This time was taken back" in text_of(client.post(url("poll_choose", world, world.early.pk), follow=True))
    assert TimePoll.objects.get(pk=world.poll.pk).is_open


def test_only_the_family_chooses_a_time_that_the_family_cannot_make(world, sign_in):
    say(world, "youth", early="no", late="yes")
    path = url("poll_choose", world, world.early.pk)
    assert "Only the family can choose it." in text_of(sign_in(world.users.dss_worker).post(path, follow=True))
    assert TimePoll.objects.get(pk=world.poll.pk).is_open
    sign_in(world.users.caregiver).post(path)
    assert TimePoll.objects.get(pk=world.poll.pk).meeting


def test_two_searches_do_not_become_one_meeting(world):
    other = TimePoll.objects.create(team=world.team, purpose=world.poll.purpose, created_by=world.users.youth)
    slot = offer(world, 21, poll=other)
    choose = {"by": world.users.caregiver, "by_family": True}
    calling.choose_slot(poll=world.poll, slot=world.early, **choose)
    with pytest.raises(ValidationError, match="set already"):
        calling.choose_slot(poll=other, slot=slot, **choose)


def test_a_soon_time_needs_the_familys_yes(world, sign_in):
    make_notice_rule(days=60)
    client, path = sign_in(world.users.caregiver), url("poll_choose", world, world.early.pk)
    assert "It is all right for us that this is soon" in text_of(client.get(path))
    response = client.post(path)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"all_right"}
    client = sign_in(world.users.dss_worker)
    assert "The family is asked first" in text_of(client.get(path))
    client.post(path)
    meeting = TimePoll.objects.get(pk=world.poll.pk).meeting
    assert (meeting.status, meeting.guests.count()) == ("asked", 0)


def answers_to(meeting):
    return dict(meeting.guests.exclude(coming="").values_list("membership__user__name", "coming"))


def test_what_was_said_to_the_time_is_the_answer_to_the_invitation(world):
    say(world, "youth", early="yes", late="no")
    say(world, "dss_worker", early="no")
    say(world, "provider", early="maybe", late="yes")
    meeting = calling.choose_slot(poll=world.poll, slot=world.early, by=world.users.caregiver, by_family=True)
    youth, worker = world.users.youth.name, world.users.dss_worker.name
    assert answers_to(meeting) == {youth: "yes", worker: "no"}


def test_the_answers_come_along_when_the_family_says_that_soon_is_all_right(world, sign_in):
    make_notice_rule(days=60)
    say(world, "youth", early="yes")
    meeting = calling.choose_slot(poll=world.poll, slot=world.early, by=world.users.dss_worker, by_family=False)
    team_page = reverse("teams:team_detail", args=[world.team.pk])
    assert "A meeting waits for the family’s yes" in text_of(sign_in(world.users.caregiver).get(team_page))
    spanish = sign_in(world.users.caregiver)
    spanish.cookies["language"] = "es"
    told = text_of(spanish.get(team_page))
    assert "Una reunión espera el sí de la familia" in told
    assert "m.." not in told  # "9:21 a.m." ends with a dot of its own
    spanish.cookies["language"] = "en"
    waive_notice(meeting=meeting, by=world.users.caregiver)
    assert answers_to(meeting) == {world.users.youth.name: "yes"}
    assert "A meeting waits for the family’s yes" not in text_of(sign_in(world.users.caregiver).get(team_page))


def test_the_page_of_a_meeting_tells_somebody_of_their_own_other_meeting(world, sign_in):
    first = calling.choose_slot(poll=world.poll, slot=world.early, by=world.users.caregiver, by_family=True)
    twin = Meeting(purpose="Same time", starts_at=first.starts_at, ends_at=first.ends_at)
    twin = call_meeting(team=world.team, meeting=twin, by=world.users.caregiver)
    here, there = (reverse("teams:meeting_detail", args=[world.team.pk, row.pk]) for row in (first, twin))
    client = sign_in(world.users.dss_worker)
    assert "You have another meeting yourself at that time." in text_of(client.get(here))
    assert f'href="{there}"' in text_of(client.get(here))
    first.guests.filter(membership=world.members["dss_worker"]).update(coming="no")
    assert "You have another meeting yourself" not in text_of(client.get(there))


def test_a_search_ends_once_and_can_be_read_after_it(world, sign_in):
    client = sign_in(world.users.grandmother)
    for _time in range(2):
        assert client.post(url("poll_end", world)).status_code == 302
    poll = TimePoll.objects.get(pk=world.poll.pk)
    assert poll.ended_by == world.users.grandmother
    assert Revision.objects.filter(kind="teams.timepoll", item_id=poll.pk, verb="ended").count() == 1
    assert "does not look for this time any more" in text_of(client.get(url("poll_detail", world)))
    assert client.post(url("poll_offer", world), {}).status_code == 403


# --- Nobody is booked twice without that it is said -------------------------------------------------------------------
def test_others_learn_how_many_have_something_else_and_the_person_what_it_is(world, sign_in):
    own = calling.choose_slot(poll=world.poll, slot=world.early, by=world.users.caregiver, by_family=True)
    poll = calling.ask_to_meet(team=world.team, poll=TimePoll(purpose="Again"), by=world.users.caregiver)
    offer(world, 21, poll=poll, hours=3)
    offer(world, 22, poll=poll)
    busy = own.guests.filter(membership__user__isnull=False).count()
    page = sign_in(world.users.dss_worker).get(url("poll_detail", world, poll=poll))
    rows = page.context["rows"]
    assert rows[0].others == f"{busy - 1} people who are invited have another meeting then."
    mine = reverse("teams:meeting_detail", args=[world.team.pk, own.pk])
    assert [where for _when, where in rows[0].own] == [mine]
    assert (rows[1].others, rows[1].own) == ("", [])
    assert mine in text_of(page)
    own.guests.filter(membership=world.members["dss_worker"]).update(coming="no")
    assert sign_in(world.users.dss_worker).get(url("poll_detail", world, poll=poll)).context["rows"][0].own == []


def test_a_meeting_of_a_group_counts_once_for_somebody_with_a_seat(world):
    from collaboratives.models import GroupMeeting, Term

    meeting = GroupMeeting.objects.live().filter(status="set", starts_at__gt=timezone.now()).first()
    term = Term.objects.live().filter(seat__group=meeting.group, user__isnull=False).first()
    taken = access.taken_times({term.user_id}, meeting.starts_at, meeting.ends_at)
    assert (meeting.group_id, meeting.pk) in {(row.group_id, row.meeting_id) for row in taken}
    assert access.taken_times({term.user_id}, meeting.ends_at, meeting.ends_at + dt.timedelta(seconds=1)) == []


def test_calling_a_second_meeting_says_so_and_never_blocks(world, sign_in):
    day = timezone.localtime(world.meeting.starts_at)
    typed = {"day": day.date().isoformat(), "start": "00:01", "end": "23:59"}
    page = text_of(
        sign_in(world.users.dss_worker).post(reverse("teams:meeting_call", args=[world.team.pk]), typed, follow=True)
    )
    assert "invited have another meeting then." in page
    assert "You have another meeting yourself at that time." in page


@pytest.mark.parametrize("slug", ["facilitator", "caregiver"])
def test_the_page_costs_the_same_for_two_times_and_for_more(world, sign_in, slug, django_assert_max_num_queries):
    client = sign_in(world.people[slug])
    client.get(url("poll_detail", world))
    with django_assert_max_num_queries(15) as before:
        client.get(url("poll_detail", world))
    for number in range(3):
        offer(world, 50 + number)
    say(world, "dss_worker", early="yes", late="no")
    with django_assert_max_num_queries(15) as after:
        client.get(url("poll_detail", world))
    assert len(before) == len(after)
