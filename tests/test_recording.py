"""Recording a meeting together: taps, forms in place, the agenda and its order, help to come, plan B."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from families.enums import Section
from families.models import Strength
from soc_portal.middleware import SEEN
from teams import access
from teams.actions import recording
from teams.actions.agenda import carry_moved_topics, is_late, move_topic
from teams.actions.items import add_item, change_item, end_item
from teams.actions.meetings import call_meeting, cancel_meeting, change_meeting
from teams.enums import Attendance, HelpKind, MeetingStatus, StepStatus, TopicOutcome
from teams.models import Decision, Guest, Help, Meeting, Note, Rating, Step, Topic, WhatIf

HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name, world, *numbers, meeting=None):
    return reverse(f"teams:{name}", args=[world.team.pk, (meeting or world.meeting).pk, *numbers])


def guest_of(world, slug):
    return Guest.objects.get(meeting=world.meeting, membership=world.members[slug])


def add(world, item, by="caregiver", **fields):
    return add_item(team=world.team, item=item, by=world.people[by], **fields)


def start_at(world, start):
    Meeting.objects.filter(pk=world.meeting.pk).update(starts_at=start, ends_at=start + dt.timedelta(hours=2))
    world.meeting.refresh_from_db()


@pytest.fixture
def started(world):
    """The meeting as it is ten minutes after it began."""
    start_at(world, timezone.now().replace(second=0, microsecond=0) - dt.timedelta(minutes=10))
    return world


def queries(client, path, data=None, **headers):
    with CaptureQueriesContext(connection) as seen:
        response = client.get(path) if data is None else client.post(path, data, **headers)
    assert response.status_code in (200, 302), response.status_code
    return len(seen)


def following(world, *, days=30, section=Section.RECORDS, by="caregiver"):
    start = timezone.now() + dt.timedelta(days=days)
    meeting = Meeting(starts_at=start, ends_at=start + dt.timedelta(hours=1), section=section)
    return call_meeting(team=world.team, by=world.people[by], meeting=meeting)


# --- Who is here ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("mark", ["came", "phone", "sent_word", "away"])
@pytest.mark.parametrize("slug", ["caregiver", "youth", "dss_worker", "provider"])
def test_everybody_who_writes_notes_who_is_here_by_one_tap(started, sign_in, mark, slug):
    guest = guest_of(started, "grandmother")
    path = url("attendance_tap", started, guest.pk)
    response = sign_in(started.people[slug]).post(path, {"mark": mark, "was": ""})
    assert response.url == url("meeting_record", started) + f"#guest-{guest.pk}"
    assert guest_of(started, "grandmother").attendance == mark
    held = MeetingStatus.HELD if mark in ("came", "phone") else MeetingStatus.SET
    assert Meeting.objects.get(pk=started.meeting.pk).status == held


def test_a_tap_in_place_answers_with_the_person_as_the_page_shows_them(started, sign_in):
    client, guest = sign_in(started.users.facilitator), guest_of(started, "grandmother")
    part = client.post(url("attendance_tap", started, guest.pk), {"mark": "came", "was": ""}, **HTMX)
    page = client.get(url("meeting_record", started)).content.decode()

    def bare(html):
        return [line for line in html.splitlines() if "csrfmiddleware" not in line]

    wanted = page[page.index(f'<li id="guest-{guest.pk}"') :]
    assert bare(part.content.decode().strip()) == bare(wanted[: wanted.index("</li>") + 5])
    assert 'aria-pressed="true"' in part.content.decode()


def test_a_stale_tap_shows_what_somebody_else_noted_and_changes_nothing(started, sign_in):
    guest = guest_of(started, "grandmother")
    path = url("attendance_tap", started, guest.pk)
    sign_in(started.users.caregiver).post(path, {"mark": "came", "was": ""})
    client = sign_in(started.users.facilitator)
    response = client.post(path, {"mark": "away", "was": ""}, **HTMX)
    assert response.status_code == 409
    assert "Somebody else just noted something else: Came" in response.content.decode()
    assert guest_of(started, "grandmother").attendance == Attendance.CAME
    page = client.post(path, {"mark": "away", "was": ""}, follow=True)
    assert "Somebody else just noted something else" in page.content.decode()
    client.post(path, {"mark": "away", "was": "came"})
    assert guest_of(started, "grandmother").attendance == Attendance.AWAY
    client.post(path, {"mark": "away", "was": "came"})  # the same answer twice is no conflict
    assert guest_of(started, "grandmother").attendance == Attendance.AWAY


@pytest.mark.parametrize("mark", ["", "here", "x" * 300])
def test_an_answer_that_there_is_not_is_refused(started, sign_in, mark):
    guest = guest_of(started, "grandmother")
    sign_in(started.users.caregiver).post(url("attendance_tap", started, guest.pk), {"mark": mark, "was": ""})
    assert guest_of(started, "grandmother").attendance == ""


def test_attendance_of_somebody_who_is_not_invited_is_not_there(started, sign_in):
    other = Guest.objects.filter(meeting=started.court_meeting).first()
    client = sign_in(started.users.caregiver)
    for number in (other.pk, 999999):
        assert client.post(url("attendance_tap", started, number), {"mark": "came"}).status_code == 404


def test_somebody_else_of_the_team_is_added_and_a_stranger_is_not(started, sign_in):
    guest_of(started, "grandmother").delete()  # as if she had joined without being invited
    client, path = sign_in(started.users.facilitator), url("guest_add", started)
    listed = client.get(url("meeting_record", started)).context["others"]
    assert [member.pk for member in listed] == [
        member.pk for member in sorted((started.members["grandmother"], started.members["expired_consent"]),
                                       key=lambda member: member.name)
    ]  # fmt: skip
    for _again in range(2):
        client.post(path, {"membership": started.members["grandmother"].pk})
    assert guest_of(started, "grandmother").attendance == Attendance.CAME
    strangers = [started.members["other_facilitator"].pk, started.members["former_member"].pk,
                 started.members["proposed"].pk, "", "x", "9" * 30, 999999]  # fmt: skip
    before = Guest.objects.count()
    for number in strangers:
        page = client.post(path, {"membership": number}, follow=True).content.decode()
        assert "Only people on the team can be added" in page
    assert Guest.objects.count() == before


def test_being_noted_opens_nothing(started):
    member = started.members["expired_consent"]
    now = timezone.now()
    recording.note_somebody_else(meeting=started.meeting, membership=member, by=started.users.caregiver, now=now)
    assert not access.can_view_meeting(started.users.expired_consent, started.meeting)


# --- When it is open --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("minutes", "opened"), [(15, True), (16, False), (-600, True)])
def test_the_page_opens_a_quarter_of_an_hour_before_the_start(world, sign_in, minutes, opened):
    start_at(world, timezone.now() + dt.timedelta(minutes=minutes) - dt.timedelta(seconds=5 if opened else -5))
    client = sign_in(world.users.grandmother)
    page = client.get(url("meeting_record", world))
    assert page.context["is_open"] is opened
    assert ("has not started yet" in page.content.decode()) is not opened
    there = client.get(url("meeting_detail", world)).content.decode()
    assert (f'href="{url("meeting_record", world)}"' in there) is opened
    guest = guest_of(world, "grandmother")
    client.post(url("attendance_tap", world, guest.pk), {"mark": "came", "was": ""})
    assert bool(guest_of(world, "grandmother").attendance) is opened


def test_a_meeting_that_was_called_off_is_not_recorded(started, sign_in):
    cancel_meeting(meeting=started.meeting, by=started.users.caregiver)
    client = sign_in(started.users.caregiver)
    assert "was called off" in client.get(url("meeting_record", started)).content.decode()
    path = url("topic_outcome", started, started.items["topic"].pk)
    client.post(path, {"outcome": "talked", "version": 1})
    assert Topic.objects.get(pk=started.items["topic"].pk).outcome == TopicOutcome.OPEN
    goal, now = started.items["goal"], timezone.now()
    with pytest.raises(ValidationError):
        recording.rate_goal(meeting=Meeting.objects.get(pk=started.meeting.pk), goal=goal, rating=None, value=3,
                            base_version=0, by=started.users.caregiver, now=now)  # fmt: skip


# --- The agenda -------------------------------------------------------------------------------------------------------
def agenda(world):
    return list(
        Topic.objects.live().filter(meeting=world.meeting).order_by("place", "pk").values_list("text", flat=True)
    )


def test_the_family_puts_the_agenda_in_order_and_others_add_to_it(world, sign_in):
    second, third = (add(world, Topic(meeting=world.meeting, text=text), "dss_worker") for text in ("Two", "Three"))
    add(world, Topic(meeting=world.court_meeting, text="Court"), "caregiver")
    sign_in(world.users.youth).post(url("topic_move", world, third.pk), {"up": "1"})
    assert agenda(world) == ["The first month", "Three", "Two"]
    sign_in(world.users.caregiver).post(url("topic_move", world, third.pk), {"up": "0"})
    assert agenda(world) == ["The first month", "Two", "Three"]
    for slug in ("dss_worker", "facilitator", "grandmother"):
        client = sign_in(world.people[slug])
        assert client.post(url("topic_move", world, second.pk), {"up": "1"}).status_code == 403
        assert "Move up" not in client.get(url("meeting_detail", world)).content.decode()
    assert "Move up" in sign_in(world.users.youth).get(url("meeting_detail", world)).content.decode()
    assert agenda(world) == ["The first month", "Two", "Three"]


def test_at_the_edge_or_taken_away_nothing_moves(world):
    first, rosa = world.items["topic"], world.users.caregiver
    last = add(world, Topic(meeting=world.meeting, text="Last"))
    move_topic(topic=first, by=rosa, up=True)
    move_topic(topic=last, by=rosa, up=False)
    end_item(team=world.team, item=last, by=rosa)
    move_topic(topic=last, by=rosa, up=True)
    assert agenda(world) == ["The first month"]


@pytest.mark.parametrize(("hours", "late"), [(49, False), (47, True), (-1, True)])
def test_what_comes_onto_the_agenda_late_is_marked_on_the_page_and_on_paper(world, sign_in, hours, late):
    start_at(world, timezone.now() + dt.timedelta(hours=hours))
    topic = add(world, Topic(meeting=world.meeting, text="By the way"))
    assert is_late(topic, world.meeting) is late
    client = sign_in(world.users.dss_worker)
    for name in ("meeting_detail", "meeting_print"):
        assert ("Added late, on" in client.get(url(name, world)).content.decode()) is late
    part = client.post(
        reverse("teams:item_edit", args=[world.team.pk, "topic", topic.pk]), {"text": "Else", "version": 1}, **HTMX
    )
    assert ("Added late, on" in part.content.decode()) is late


def test_due_steps_and_the_last_number_of_each_goal_come_by_themselves(world, sign_in):
    goal, day = world.items["goal"], timezone.localdate(world.meeting.starts_at)
    steps = {
        "that day": Step(goal=goal, text="that day", due_on=day), "open": Step(goal=goal, text="open"),
        "later": Step(goal=goal, text="later", due_on=day + dt.timedelta(days=1)),
        "done": Step(goal=goal, text="done", due_on=day, status=StepStatus.DONE),
    }  # fmt: skip
    for step in steps.values():
        add(world, step)
    add(world, Rating(goal=goal, value=7))
    record = sign_in(world.users.dss_worker).get(url("meeting_detail", world)).context["record"]
    assert [step.text for step in record.due] == ["Move the lunch table", "that day"]
    assert [(row.pk, row.last) for row in record.rated] == [(goal.pk, 7)]
    provider = sign_in(world.users.provider).get(url("meeting_detail", world)).context["record"]
    assert (provider.due, provider.rated, provider.parts.goals) == ([], [], [])
    court = sign_in(world.users.court_counselor).get(url("meeting_detail", world)).context["record"]
    assert {row.pk for row in court.parts.goals} == {goal.pk, world.items["court_goal"].pk}
    assert {row.pk for row in record.parts.goals} == {goal.pk}


def test_a_meeting_that_was_called_off_asks_for_no_steps(world, sign_in):
    cancel_meeting(meeting=world.meeting, by=world.users.caregiver)
    assert sign_in(world.users.caregiver).get(url("meeting_detail", world)).context["record"].due == []


# --- What became of a topic -------------------------------------------------------------------------------------------
def copies(world, meeting):
    rows = Topic.objects.live().filter(meeting=meeting).order_by("place")
    return [(row.text, row.section, row.created_by) for row in rows]


def test_what_waits_goes_to_the_next_meeting_whether_that_is_there_or_comes_later(started, sign_in):
    topic = started.items["topic"]
    nextone = following(started)
    client = sign_in(started.users.dss_worker)
    client.post(url("topic_outcome", started, topic.pk), {"outcome": "moved", "version": 1})
    assert copies(started, nextone) == [("The first month", "records", started.users.dss_worker)]
    client.post(url("topic_outcome", started, topic.pk), {"outcome": "talked", "version": 2})
    client.post(url("topic_outcome", started, topic.pk), {"outcome": "moved", "version": 3})
    assert len(copies(started, nextone)) == 1
    assert copies(started, following(started, days=60)) == []  # it stands on the one before


def test_a_new_meeting_begins_with_what_was_left_for_it_once(started):
    school = add(started, Topic(meeting=started.meeting, text="Tests", section=Section.SCHOOL))
    for row in (started.items["topic"], school):
        change_item(team=started.team, item=row, by=started.users.youth, base_version=1,
                    values={"outcome": TopicOutcome.MOVED})  # fmt: skip
    # The court meeting is ahead, and not everybody reads it there.
    assert copies(started, started.court_meeting) == []
    nextone = following(started, by="facilitator")
    kept = [("The first month", "records", started.users.youth), ("Tests", "school", started.users.youth)]
    assert copies(started, nextone) == kept
    end_item(team=started.team, item=Topic.objects.get(meeting=nextone, text="Tests"), by=started.users.caregiver)
    carry_moved_topics(nextone)
    assert copies(started, nextone) == kept[:1]  # what was taken away does not come back by itself


def test_a_stale_or_unknown_outcome_changes_nothing_and_says_so(started, sign_in):
    topic, client = started.items["topic"], sign_in(started.users.caregiver)
    path = url("topic_outcome", started, topic.pk)
    client.post(path, {"outcome": "moved", "version": 1})
    for data, words in [
        ({"outcome": "talked", "version": 1}, "Somebody else just changed this"),
        ({"outcome": "talked", "version": "x"}, "Somebody else just changed this"),
        ({"outcome": "gone", "version": 2}, "Choose what became of it"),
    ]:
        assert words in client.post(path, data, follow=True).content.decode()
        assert words in client.post(path, data, **HTMX).content.decode()
    assert Topic.objects.get(pk=topic.pk).outcome == TopicOutcome.MOVED
    assert client.post(url("topic_outcome", started, 999999), {}).status_code == 404


# --- How far the goals are --------------------------------------------------------------------------------------------
def test_a_goal_is_rated_by_one_tap_and_corrected_by_the_next(started, sign_in):
    goal, client = started.items["goal"], sign_in(started.users.youth)
    path = url("goal_rate", started, goal.pk)
    client.post(path, {"value": "6", "version": "0"})
    part = client.post(path, {"value": "7", "version": "1"}, **HTMX)
    assert 'aria-pressed="true">7' in part.content.decode()
    rating = Rating.objects.live().get(goal=goal, meeting=started.meeting)
    assert (rating.value, rating.version, rating.section) == (7, 2, "plan")
    stale = sign_in(started.users.facilitator).post(path, {"value": "2", "version": "1"}, **HTMX)
    assert stale.status_code == 409
    assert "Somebody else just changed this" in stale.content.decode()
    rating.refresh_from_db()
    assert rating.value == 7


@pytest.mark.parametrize("value", ["", "11", "-1", "x", "9" * 40])
def test_a_number_that_there_is_not_is_refused(started, sign_in, value):
    path = url("goal_rate", started, started.items["goal"].pk)
    page = sign_in(started.users.youth).post(path, {"value": value}, follow=True).content.decode()
    assert "Write a number from 0 to 10." in page
    assert not Rating.objects.filter(meeting=started.meeting).exists()


def test_a_goal_of_another_part_of_the_record_is_not_there(started, sign_in):
    path = url("goal_rate", started, started.items["court_goal"].pk)
    assert sign_in(started.users.dss_worker).post(path, {"value": "3"}).status_code == 404
    assert sign_in(started.users.court_counselor).post(path, {"value": "3"}).status_code == 302


# --- Forms in place ---------------------------------------------------------------------------------------------------
def add_path(world, kind, query=""):
    address = reverse("teams:item_add", args=[world.team.pk, kind])
    return f"{address}?meeting={world.meeting.pk}&record={world.meeting.pk}{query}"


@pytest.mark.parametrize(
    ("kind", "data", "model"),
    [
        ("note", {"title": "School", "text": "New"}, Note), ("decision", {"text": "New"}, Decision),
        ("what_if", {"text": "New"}, WhatIf), ("help", {"text": "New"}, Help), ("step", {"text": "New"}, Step),
        ("strength", {"text": "New"}, Strength),
    ],
)  # fmt: skip
def test_each_form_saves_in_place_and_without_scripts_leads_back(started, sign_in, kind, data, model):
    client, path = sign_in(started.users.facilitator), add_path(started, kind)
    form = client.get(path, **HTMX).content.decode()
    assert f'hx-post="{path.replace("&", "&amp;")}"' in form
    saved = client.post(path, data, **HTMX)
    assert (saved.status_code, saved["HX-Trigger"]) == (200, "recorded")
    assert model.objects.live().filter(text="New").count() == 1
    plain = client.post(path, data | {"text": "Plain"})
    item = model.objects.get(text="Plain")
    assert plain.url == url("meeting_record", started) + f"#{kind}-{item.pk}"
    page = client.get(url("meeting_record", started)).content.decode()
    assert "New" in page
    assert "Plain" in page


def test_a_mistake_in_place_keeps_what_was_typed(started, sign_in):
    path = add_path(started, "note")
    answer = sign_in(started.users.facilitator).post(path, {"title": "", "text": "Long words"}, **HTMX)
    assert (answer.status_code, answer["HX-Reswap"]) == (422, "innerHTML")
    assert "Long words" in answer.content.decode()


@pytest.mark.parametrize("record", ["x", "999999", "9" * 30, ""])
def test_a_form_that_says_it_came_from_nowhere_leads_to_the_meeting(started, sign_in, record):
    path = reverse("teams:item_add", args=[started.team.pk, "note"]) + f"?meeting={started.meeting.pk}&record={record}"
    response = sign_in(started.users.facilitator).post(path, {"title": "School", "text": "New"})
    assert response.url.startswith(url("meeting_detail", started) + "#note-")


def test_notes_stand_under_their_topic(started, sign_in):
    topic, client = started.items["topic"], sign_in(started.users.dss_worker)
    form = client.get(url("topic_note", started, topic.pk)).context["form"]
    assert str(form["topic"].value()) == str(topic.pk)
    client.post(add_path(started, "note"), {"title": "A", "text": "About it", "topic": topic.pk})
    record = client.get(url("meeting_detail", started)).context["record"]
    assert [note.title for note in record.topics[0].said] == ["A"]
    assert [note.title for note in record.beside] == ["School"]
    for name in ("meeting_detail", "meeting_print", "meeting_record"):
        assert "About it" in client.get(url(name, started)).content.decode()


def test_two_half_notes_on_two_topics_are_two_drafts(started, sign_in):
    topics = [started.items["topic"], add(started, Topic(meeting=started.meeting, text="The bus"))]
    client = sign_in(started.users.dss_worker)
    page = client.get(url("meeting_record", started)).content.decode()
    for number, topic in enumerate(topics):
        path = url("topic_note", started, topic.pk)
        assert f'hx-get="{path}?record={started.meeting.pk}"' in page
        under = f"meeting-{started.meeting.pk}"
        client.post("/drafts/", {"path": path, "text": f"Half {number}", "under": under, "topic": topic.pk})
    for number, topic in enumerate(topics):
        form = client.get(url("topic_note", started, topic.pk)).context["form"]
        assert (form["text"].value(), str(form["topic"].value())) == (f"Half {number}", str(topic.pk))
    sent = {"title": "A", "text": "Half 0 and the rest", "topic": topics[0].pk}
    client.post(url("topic_note", started, topics[0].pk) + f"?record={started.meeting.pk}", sent)
    assert client.get(url("topic_note", started, topics[0].pk)).context["kept"] is None
    assert client.get(url("topic_note", started, topics[1].pk)).context["kept"] is not None


def test_there_is_no_note_on_a_topic_of_another_meeting(started, sign_in):
    court = add(started, Topic(meeting=started.court_meeting, text="Court"))
    assert sign_in(started.users.caregiver).get(url("topic_note", started, court.pk)).status_code == 404


def test_without_scripts_a_change_leads_back_to_where_it_was_begun(started, sign_in):
    note, client = Note.objects.get(title="School"), sign_in(started.users.dss_worker)
    edit = reverse("teams:item_edit", args=[started.team.pk, "note", note.pk]) + f"?record={started.meeting.pk}"
    assert f'href="{edit}"' in client.get(url("meeting_record", started)).content.decode()
    sent = {"title": "School", "text": "Changed", "version": note.version}
    assert client.post(edit, sent).url == url("meeting_record", started) + f"#note-{note.pk}"


def test_a_note_belongs_to_a_topic_of_its_own_meeting(started, sign_in):
    court = add(started, Topic(meeting=started.court_meeting, text="Court"))
    for number in (court.pk, 999999):
        path = add_path(started, "note")
        answer = sign_in(started.users.caregiver).post(path, {"title": "A", "text": "B", "topic": number})
        assert answer.status_code == 422
        assert "not on the list of this meeting" in answer.content.decode()


def test_a_note_on_a_topic_that_its_reader_does_not_see_stays_on_it(started, sign_in):
    hidden = add(started, Topic(meeting=started.meeting, text="Hidden", section=Section.SCHOOL))
    note = add(started, Note(meeting=started.meeting, title="A", text="B", topic=hidden))
    client = sign_in(started.users.dss_worker)
    record = client.get(url("meeting_detail", started)).context["record"]
    assert [row.pk for row in record.topics] == [started.items["topic"].pk]
    assert note.pk in [row.pk for row in record.beside]
    path = reverse("teams:item_edit", args=[started.team.pk, "note", note.pk])
    assert "topic" not in client.get(path).context["form"].fields
    client.post(path, {"title": "A", "text": "C", "version": 1})
    note.refresh_from_db()
    assert (note.text, note.topic_id) == ("C", hidden.pk)
    history = client.get(reverse("teams:item_history", args=[started.team.pk, "note", note.pk])).content.decode()
    assert "Hidden" not in history


def test_a_step_goes_straight_into_the_plan(started, sign_in):
    goal, client = started.items["goal"], sign_in(started.users.dss_worker)
    client.post(add_path(started, "step"), {"text": "Straight", "goal": goal.pk})
    step = Step.objects.get(text="Straight")
    assert (step.goal_id, step.meeting_id, step.section) == (goal.pk, started.meeting.pk, "plan")
    hidden = client.post(add_path(started, "step"), {"text": "No", "goal": started.items["court_goal"].pk})
    assert hidden.status_code == 422
    edit = client.get(reverse("teams:item_edit", args=[started.team.pk, "step", step.pk]))
    assert "goal" not in edit.context["form"].fields


def test_what_was_said_in_a_narrow_part_does_not_go_into_a_wider_goal(started, sign_in):
    path = reverse("teams:item_add", args=[started.team.pk, "step"]) + f"?meeting={started.court_meeting.pk}"
    client = sign_in(started.users.court_counselor)
    assert client.post(path, {"text": "No", "goal": started.items["goal"].pk}).status_code == 422
    assert client.post(path, {"text": "Yes", "goal": started.items["court_goal"].pk}).status_code == 302


# --- Help to come and plan B ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "words"), [(HelpKind.INTERPRETER, "Write which language."), ("", "Write what would help.")]
)
def test_an_interpreter_has_a_language_and_something_else_has_words(world, sign_in, kind, words):
    client, path = sign_in(world.users.caregiver), add_path(world, "help")
    answer = client.post(path, {"kind_of": kind, "text": " "})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert client.post(path, {"kind_of": HelpKind.RIDE, "text": ""}).status_code == 302


def test_somebody_of_another_team_takes_care_of_nothing(world, sign_in):
    other = world.members["other_facilitator"].pk
    answer = sign_in(world.users.caregiver).post(add_path(world, "help"), {"text": "A", "carrier": other})
    assert answer.status_code == 422


def test_what_is_known_to_help_is_offered_and_not_added_by_itself(world, sign_in):
    person = world.members["youth"].person
    person.needs_interpreter, person.language, person.access_needs = True, "es", "A quiet room"
    person.save()
    guest, client = guest_of(world, "youth"), sign_in(world.users.facilitator)
    page = client.get(url("meeting_detail", world))
    offered = page.context["record"].suggested
    assert [words for row, words in offered if row.pk == guest.pk] == ["Interpreter needed: Spanish", "A quiet room"]
    assert "Nobody takes care of it yet" not in page.content.decode()
    path = add_path(world, "help", f"&guest={guest.pk}")
    form = client.get(path + "&interpreter=1").context["form"]
    assert (form["kind_of"].value(), form["text"].value()) == ("interpreter", "Spanish")
    assert client.get(path).context["form"]["text"].value() == "A quiet room"
    client.post(path, {"kind_of": "interpreter", "text": "Spanish", "for_whom": guest.membership_id})
    page = client.get(url("meeting_detail", world))
    left = [words for row, words in page.context["record"].suggested if row.pk == guest.pk]
    assert left == ["A quiet room"]
    assert "Nobody takes care of it yet" in page.content.decode()
    assert client.get(add_path(world, "help", "&guest=999999")).status_code == 404
    no_person = guest_of(world, "grandmother")
    assert client.get(add_path(world, "help", f"&guest={no_person.pk}")).context["form"]["text"].value() == ""


def test_help_and_plan_b_are_read_by_whoever_reads_their_part_and_go_along_with_the_meeting(world, sign_in):
    # Exactly these for everybody who reads the records.
    for slug, model, key in [("provider", Help, "help"), ("youth", WhatIf, "what_if")]:
        assert list(access.team_items(world.people[slug], world.team, model)) == [world.items[key]]
    for slug in ("other_caregiver", "expired_consent"):
        assert not access.visible_items(world.people[slug], Help).exists()
        assert not access.visible_items(world.people[slug], WhatIf).exists()
    change_meeting(
        meeting=world.meeting, by=world.users.caregiver, base_version=1, values={"section": Section.COURT.value}
    )
    for key in ("help", "what_if"):
        world.items[key].refresh_from_db()
        assert world.items[key].section == Section.COURT


def test_the_history_of_help_names_people(world, sign_in):
    item, client = world.items["help"], sign_in(world.users.caregiver)
    change_item(team=world.team, item=item, by=world.users.caregiver, base_version=1,
                values={"carrier": world.members["facilitator"], "is_arranged": True, "for_whom": None})  # fmt: skip
    page = client.get(reverse("teams:item_history", args=[world.team.pk, "help", item.pk])).content.decode()
    for words in ("Tonya Barnes", "Andrea Pruitt", "For everybody", "A ride"):
        assert words in page


def test_somebody_who_left_stays_named_in_the_help_they_took_on(world, sign_in):
    item = add(world, Help(meeting=world.meeting, text="Food", carrier=world.members["former_member"]))
    path = reverse("teams:item_edit", args=[world.team.pk, "help", item.pk])
    client = sign_in(world.users.caregiver)
    assert world.members["former_member"] in client.get(path).context["form"].fields["carrier"].queryset
    client.post(path, {"text": "Food", "carrier": item.carrier_id, "is_arranged": "on", "version": 1})
    item.refresh_from_db()
    assert (item.is_arranged, item.carrier_id) == (True, world.members["former_member"].pk)


# --- What others write comes in by itself -----------------------------------------------------------------------------
def test_the_page_asks_for_news_and_gets_them_only_if_there_are_some(started, sign_in):
    client = sign_in(started.users.grandmother)
    page = client.get(url("meeting_record", started)).context
    path = url("record_news", started)
    asked = {"seen": page["stamp"], "agenda": page["agenda"]}
    assert client.get(path, asked, **HTMX).status_code == 204
    add(started, Note(meeting=started.meeting, title="A", text="From Rosa"), "caregiver")
    add(started, Note(meeting=started.meeting, title="A", text="A new secret", section=Section.SCHOOL), "caregiver")
    news = client.get(path, asked, **HTMX)
    assert "From Rosa" in news.content.decode()
    assert "secret" not in news.content.decode()
    assert "has changed" not in news.content.decode()
    asked["seen"] = news.context["stamp"]
    assert client.get(path, asked, **HTMX).status_code == 204
    add(started, Topic(meeting=started.meeting, text="By the way"))
    assert "What we want to talk about has changed" in client.get(path, asked, **HTMX).content.decode()
    assert client.get(path, asked | {"agenda": "<script>"}, **HTMX).context["agenda"] == ""


def test_asking_for_news_keeps_no_session_alive(started, sign_in):
    client, path = sign_in(started.users.grandmother), url("record_news", started)
    client.get(url("meeting_record", started))
    session = client.session
    session[SEEN] -= 120
    session.save()
    client.get(path)
    assert client.session[SEEN] == session[SEEN]
    client.get(url("meeting_record", started))
    assert client.session[SEEN] > session[SEEN]


# --- What else ends a meeting -----------------------------------------------------------------------------------------
def test_the_next_meeting_is_called_with_the_same_place_and_time(started, sign_in):
    client = sign_in(started.users.facilitator)
    address = reverse("teams:meeting_call", args=[started.team.pk])
    form = client.get(f"{address}?after={started.meeting.pk}").context["form"]
    day = timezone.localdate(started.meeting.starts_at) + dt.timedelta(days=30)
    assert (form["day"].value(), form["place_words"].value()) == (day, "At Carmen's house")
    for number in ("", "x", "9" * 30, "999999"):
        assert not client.get(f"{address}?after={number}").context["form"]["day"].value()
    assert client.get(url("meeting_record", started)).context["following"] is None
    nextone = following(started)
    assert client.get(url("meeting_record", started)).context["following"] == nextone


def test_strengths_that_were_heard_stand_in_the_record(started, sign_in):
    add(started, Strength(text="Heard today", person=started.mateo), "facilitator")
    add(started, Strength(text="Of us all", of_team=True), "facilitator")
    client = sign_in(started.users.dss_worker)
    for name in ("meeting_detail", "meeting_print", "meeting_record"):
        page = client.get(url(name, started)).content.decode()
        assert "Heard today" in page
        assert "Our whole team" in page


# --- Queries ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", ["caregiver", "facilitator", "provider"])
def test_recording_costs_the_same_however_much_is_written(started, sign_in, slug):
    client, path = sign_in(started.people[slug]), url("meeting_record", started)
    client.get(path)
    before = queries(client, path)
    assert before <= 15
    for number in range(2):
        for item in (
            Topic(meeting=started.meeting, text=f"T{number}"), Help(meeting=started.meeting, text="A"),
            Note(meeting=started.meeting, title="A", text="B"), WhatIf(meeting=started.meeting, text="A"),
            Decision(meeting=started.meeting, text="A"), Rating(goal=started.items["goal"], value=3),
            Step(goal=started.items["goal"], meeting=started.meeting, text="A"), Strength(text="A"),
        ):  # fmt: skip
            add(started, item)
    assert queries(client, path) == before


def test_a_save_asks_the_database_few_things(started, sign_in):
    client, guest = sign_in(started.users.facilitator), guest_of(started, "grandmother")
    client.get(url("meeting_record", started))
    tap = queries(client, url("attendance_tap", started, guest.pk), {"mark": "away", "was": ""}, **HTMX)
    note = queries(client, add_path(started, "note"), {"title": "A", "text": "B"}, **HTMX)
    assert (tap, note) == (19, 18)
