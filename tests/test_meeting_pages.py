"""Meetings: the list, the call, the one page that family and staff share, and changing it together."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from families.enums import Section
from soc_portal.access.scope import forget_scope
from soc_portal.audit.enums import Look
from soc_portal.audit.models import Event
from soc_portal.drafts.models import Draft
from teams.actions.consents import share_sections
from teams.actions.items import add_item
from teams.actions.meetings import call_meeting, cancel_meeting, change_meeting
from teams.actions.memberships import accept_place, choose_member, propose_member
from teams.enums import MeetingStatus
from teams.forms.meetings import initial_of
from teams.models import Meeting, Note, Step, Topic

PAGES = ("meeting_detail", "meeting_edit", "meeting_cancel", "meeting_print", "attendance_edit")


@pytest.fixture
def world(world):
    """The meetings at noon, so that no test runs over midnight."""
    for meeting in (world.meeting, world.court_meeting):
        at_noon(meeting, timezone.localtime() + dt.timedelta(days=7))
    return world


def at_noon(meeting, day):
    start = day.replace(hour=12, minute=0, second=0, microsecond=0)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=start, ends_at=start + dt.timedelta(hours=1))
    meeting.refresh_from_db()
    return meeting


def url(name, world, meeting=None):
    numbers = [world.team.pk] if meeting is None else [world.team.pk, meeting.pk]
    return reverse(f"teams:{name}", args=numbers)


def form_of(meeting, **changes):
    values = {name: value for name, value in initial_of(meeting).items() if value is not None}
    values |= {"start": values["start"].strftime("%H:%M"), "end": values["end"].strftime("%H:%M")}
    return values | {"day": values["day"].isoformat(), "version": meeting.version} | changes


def moved(meeting, *, days):
    """The meeting as if it had been set for so many days ago."""
    return at_noon(meeting, timezone.localtime() - dt.timedelta(days=days))


def links(response):
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    return set(re.findall(r'(?:href|action)="(/[^"]*)"', main))


# --- The list -------------------------------------------------------------------------------------------------------
def listed(response):
    return {meeting.pk for meeting in [*response.context["coming"], *response.context["past"]]}


@pytest.mark.parametrize(
    ("slug", "seen"),
    [
        ("caregiver", {"meeting", "court_meeting"}), ("youth", {"meeting", "court_meeting"}),
        ("other_household", {"meeting", "court_meeting"}), ("court_counselor", {"meeting", "court_meeting"}),
        ("dss_worker", {"meeting"}), ("grandmother", {"meeting"}), ("provider", {"meeting"}),
    ],
)  # fmt: skip
def test_the_list_holds_the_meetings_that_one_may_read_and_no_others(world, sign_in, slug, seen):
    response = sign_in(world.people[slug]).get(url("meeting_list", world))
    assert listed(response) == {world.items[key].pk for key in seen}
    assert ("Talk about court" in response.content.decode()) == ("court_meeting" in seen)


def test_what_is_next_comes_first_and_a_meeting_that_was_called_off_says_so(world, sign_in):
    past = moved(call(world, hours=5), days=3)
    cancel_meeting(meeting=world.court_meeting, by=world.users.caregiver)
    response = sign_in(world.users.caregiver).get(url("meeting_list", world))
    assert [row.pk for row in response.context["coming"]] == [world.meeting.pk, world.court_meeting.pk]
    assert [row.pk for row in response.context["past"]] == [past.pk]
    assert "Called off" in response.content.decode()


def call(world, by="facilitator", purpose="", **ahead):
    start = timezone.now() + dt.timedelta(**ahead)
    meeting = Meeting(starts_at=start, ends_at=start + dt.timedelta(hours=1), purpose=purpose)
    return call_meeting(team=world.team, by=world.people[by], meeting=meeting)


def test_a_team_without_meetings_is_told_that_it_decides(world, sign_in):
    response = sign_in(world.users.other_caregiver).get(reverse("teams:meeting_list", args=[world.other_team.pk]))
    page = response.content.decode()
    assert "No meetings yet." in page
    assert "You decide when the team meets." in page
    assert page.count(reverse("teams:meeting_call", args=[world.other_team.pk])) == 1


def test_the_list_says_by_when_the_team_should_meet(world, sign_in):
    page = sign_in(world.users.grandmother).get(url("meeting_list", world)).content.decode()
    assert "The first meeting should be by" in page
    world.team.deadlines.update(due_on=timezone.localdate() - dt.timedelta(days=1))
    page = sign_in(world.users.grandmother).get(url("meeting_list", world)).content.decode()
    assert "The first meeting should have been by" in page


def test_past_meetings_come_twenty_a_page(world, sign_in):
    for number in range(21):
        moved(call(world, hours=number + 1), days=number + 1)
    client = sign_in(world.users.caregiver)
    assert len(client.get(url("meeting_list", world)).context["past"]) == 20
    assert len(client.get(url("meeting_list", world) + "?page=2").context["past"]) == 1
    assert client.get(url("meeting_list", world) + "?page=x").context["past"].number == 1


# --- The shared page ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("slug", "notes"),
    [
        ("caregiver", {"note", "school_note"}), ("youth", {"note", "school_note"}),
        ("other_household", {"note", "school_note"}), ("dss_worker", {"note"}), ("grandmother", {"note"}),
        ("court_counselor", {"note"}), ("provider", {"note"}), ("facilitator", {"note"}), ("family_partner", {"note"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("page", ["meeting_detail", "meeting_print"])
def test_parts_that_are_not_shared_are_absent_and_uncounted(world, sign_in, slug, notes, page):
    response = sign_in(world.people[slug]).get(url(page, world, world.meeting))
    record = response.context["record"]
    assert {row.pk for row in record.notes} == {world.items[key].pk for key in notes}
    assert {row.pk for row in record.topics} == {world.items["topic"].pk}
    assert {row.pk for row in record.decisions} == {world.items["decision"].pk}
    assert {row.pk for row in record.words} == {world.items["meeting_words"].pk}
    assert ("A school secret" in response.content.decode()) == ("school_note" in notes)
    assert sum("note" in words for _, words in record.changes) == len(notes)


@pytest.mark.parametrize("name", PAGES)
def test_a_court_meeting_is_there_for_the_family_and_the_court_counselor_alone(world, sign_in, name):
    for slug, user in world.people.items():
        status = sign_in(user).get(url(name, world, world.court_meeting)).status_code
        sees = slug in ("caregiver", "youth", "other_household", "court_counselor")
        assert status == (200 if sees else 404), slug


@pytest.mark.parametrize("name", [*PAGES, "meeting_answer"])
def test_a_number_of_another_team_is_not_found(world, sign_in, name):
    client = sign_in(world.users.other_caregiver)
    wrong = reverse(f"teams:{name}", args=[world.other_team.pk, world.meeting.pk])
    method = client.post if name == "meeting_answer" else client.get
    assert method(wrong).status_code == 404
    assert method(url(name, world, world.meeting)).status_code == 404


def test_family_and_staff_open_the_same_page_with_the_same_rights(world, sign_in):
    moved(world.meeting, days=1)
    pages = {
        slug: links(sign_in(world.people[slug]).get(url("meeting_detail", world, world.meeting)))
        for slug in ("caregiver", "dss_worker", "facilitator", "grandmother", "family_partner")
    }
    # The order of the agenda is the family's, as its own words are.
    own = {link for link in pages["caregiver"] if "/items/words/" in link or re.search(r"/topics/\d+/move/$", link)}
    hidden = {link for link in pages["caregiver"] if f"/items/note/{world.items['school_note'].pk}/" in link}
    for slug in ("dss_worker", "facilitator", "grandmother", "family_partner"):
        shared = {link for link in pages[slug] if "/items/words/" not in link}
        assert shared == pages["caregiver"] - own - hidden, slug
    assert {link for link in own if link.endswith("/edit/")} == {
        reverse("teams:item_edit", args=[world.team.pk, "words", world.items["meeting_words"].pk])
    }


def test_both_correct_the_same_record(world, sign_in):
    for slug, words in (("dss_worker", "By staff"), ("caregiver", "By family"), ("grandmother", "By Carmen")):
        world.meeting.refresh_from_db()
        response = sign_in(world.people[slug]).post(
            url("meeting_edit", world, world.meeting), form_of(world.meeting, purpose=words)
        )
        assert response.status_code == 302
        for reader in ("caregiver", "dss_worker"):
            page = sign_in(world.people[reader]).get(url("meeting_detail", world, world.meeting)).content.decode()
            assert words in page


def test_the_family_alone_may_write_what_stands_there_as_its_words(world, sign_in):
    add = reverse("teams:item_add", args=[world.team.pk, "words"]) + f"?meeting={world.meeting.pk}"
    for slug, offered in (("youth", True), ("caregiver", False), ("dss_worker", False), ("grandmother", False)):
        found = links(sign_in(world.people[slug]).get(url("meeting_detail", world, world.meeting)))
        assert (add in found) == offered, slug  # Rosa has said hers already


def test_everybody_reads_who_can_see_the_page(world, sign_in):
    lee = propose_member(team=world.team, by=world.users.caregiver, name="Mrs. Lee", kind="natural")
    choose_member(membership=lee, by=world.users.caregiver)
    accept_place(membership=lee, by=world.users.caregiver)
    names = {"caregiver", "youth", "other_household", "grandmother", "family_partner", "facilitator", "dss_worker"}
    names |= {"court_counselor", "provider"}
    for slug in ("caregiver", "dss_worker"):
        record = sign_in(world.people[slug]).get(url("meeting_detail", world, world.meeting)).context["record"]
        assert {member.user for member in record.readers} == {world.people[name] for name in names}
        assert [member.name for member in record.not_told] == ["Mrs. Lee"]


def test_what_helps_people_take_part_stands_there_in_plain_words(world, sign_in):
    world.rosa.needs_interpreter, world.rosa.language, world.rosa.access_needs = True, "es", "A ramp at the door"
    world.rosa.save()
    page = sign_in(world.users.dss_worker).get(url("meeting_detail", world, world.meeting)).content.decode()
    assert "Interpreter needed: Spanish" in page
    assert "A ramp at the door" in page


def test_no_address_and_no_phone_number_of_a_home_is_on_these_pages(world, sign_in):
    world.rosa.phone, world.rosa.safe_times = "336-555-0142", "never after six"
    world.rosa.save()
    client = sign_in(world.users.other_household)
    found = "".join(client.get(url(name, world, world.meeting)).content.decode() for name in PAGES)
    found += client.get(url("meeting_list", world)).content.decode()
    for secret in ("12 Secret Lane", "336-555-0101", "336-555-0142", "never after six", "99 Hidden Road"):
        assert secret not in found


def test_a_page_with_substance_use_carries_the_notice_and_others_do_not(world, sign_in):
    notice = "42 CFR Part 2"
    for slug, shown in (("provider", True), ("dss_worker", False)):
        if shown:
            note = Note(meeting=world.meeting, title="Group", text="Tuesdays", section=Section.SUBSTANCE_USE)
            add_item(team=world.team, by=world.users.provider, item=note)
        for page in ("meeting_detail", "meeting_print"):
            assert (
                notice in sign_in(world.people[slug]).get(url(page, world, world.meeting)).content.decode()
            ) == shown


def test_somebody_who_stepped_back_is_not_expected_at_the_next_meeting(world, sign_in):
    from teams.actions.memberships import end_membership
    from teams.enums import EndReason

    end_membership(membership=world.members["dss_worker"], by=world.users.caregiver, reason=EndReason.FAMILY)
    record = sign_in(world.users.caregiver).get(url("meeting_detail", world, world.meeting)).context["record"]
    assert world.members["dss_worker"].pk not in {guest.membership_id for guest in record.guests}


def test_every_reading_is_written_down_with_its_reader(world, sign_in):
    client = sign_in(world.users.dss_worker)
    client.get(url("meeting_list", world))
    for name in ("meeting_detail", "meeting_print", "meeting_edit"):
        client.get(url(name, world, world.meeting))
    looks = Event.objects.filter(looked=True, actor_id=world.users.dss_worker.pk).order_by("pk")
    assert list(looks.values_list("verb", flat=True)) == [Look.MEETINGS, Look.RECORD, Look.RECORD_PRINT, Look.ITEM]
    assert set(looks.values_list("actor_organization", flat=True)) == {"Alamance Social Services"}


def test_the_printed_record_says_for_whom_and_that_it_is_private(world, sign_in):
    page = sign_in(world.users.caregiver).get(url("meeting_print", world, world.meeting)).content.decode()
    assert "Printed for Rosa Delgado on" in page
    assert "Private. Please keep this paper safe." in page
    assert "is-private" in page


def test_titles_hold_no_name(world, sign_in):
    client = sign_in(world.users.caregiver)
    for name in PAGES:
        title = client.get(url(name, world, world.meeting)).content.decode().split("<title>")[1].split("</title>")[0]
        assert "Delgado" not in title
        assert "Talk about" not in title


# --- Queries --------------------------------------------------------------------------------------------------------
def queries(client, path):
    client.get(path)  # the session's own write, once a minute
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def grow(world, meeting):
    for number in range(2):
        for item in (Topic(text=f"Topic {number}"), Note(title="Note", text=f"Note {number}")):
            item.meeting = meeting
            add_item(team=world.team, by=world.people[("dss_worker", "youth")[number]], item=item)
        step = Step(meeting=meeting, section="records", text=f"Step {number}")
        add_item(team=world.team, by=world.users.dss_worker, item=step, who=[world.members["grandmother"]])


@pytest.mark.parametrize("slug", ["caregiver", "dss_worker"])
def test_a_meeting_costs_the_same_however_long_its_record_is(world, sign_in, slug):
    client = sign_in(world.people[slug])
    before, on_paper = url("meeting_detail", world, world.meeting), url("meeting_print", world, world.meeting)
    assert (queries(client, before), queries(client, on_paper)) == (15, 12)
    grow(world, world.meeting)
    assert (queries(client, before), queries(client, on_paper)) == (15, 12)


def test_the_list_costs_the_same_for_one_meeting_and_for_three(world, sign_in):
    client, path = sign_in(world.users.dss_worker), url("meeting_list", world)
    moved(call(world, hours=9), days=2)
    assert queries(client, path) == 14
    for number in range(2):
        moved(call(world, hours=number + 1), days=number + 3)
        call(world, hours=number + 20)
    assert queries(client, path) == 14


# --- Changing -------------------------------------------------------------------------------------------------------
def test_a_form_that_changes_nothing_changes_nothing(world, sign_in):
    sign_in(world.users.caregiver).post(url("meeting_edit", world, world.meeting), form_of(world.meeting))
    assert Meeting.objects.get(pk=world.meeting.pk).version == 1


def test_a_merge_of_more_fields_than_a_draft_holds_is_a_merge_all_the_same(world, sign_in):
    path, stale = url("meeting_edit", world, world.meeting), form_of(world.meeting, purpose="From Rosa")
    change_meeting(meeting=world.meeting, by=world.users.dss_worker, base_version=1, values={"purpose": "From Denise"})
    many = {f"field{number}": "x" for number in range(60)}
    response = sign_in(world.users.caregiver).post(path, stale | many)
    assert response.status_code == 409
    assert "From Denise" in response.content.decode() and "From Rosa" in response.content.decode()


def test_two_who_change_different_things_are_merged(world, sign_in):
    stale = form_of(world.meeting, place_words="At the library")
    change_meeting(meeting=world.meeting, by=world.users.dss_worker, base_version=1, values={"purpose": "From Denise"})
    response = sign_in(world.users.caregiver).post(url("meeting_edit", world, world.meeting), stale)
    assert response.status_code == 302
    meeting = Meeting.objects.get(pk=world.meeting.pk)
    assert (meeting.purpose, meeting.place_words) == ("From Denise", "At the library")


def test_two_who_change_the_same_see_both_texts_and_lose_nothing(world, sign_in):
    path = url("meeting_edit", world, world.meeting)
    stale = form_of(world.meeting, purpose="From Rosa")
    change_meeting(
        meeting=world.meeting, by=world.users.dss_worker, base_version=1,
        values={"purpose": "From Denise", "place_words": "At the church"},
    )  # fmt: skip
    client = sign_in(world.users.caregiver)
    response = client.post(path, stale)
    page = response.content.decode()
    assert response.status_code == 409
    assert "From Denise" in page
    assert response.context["form"]["purpose"].value() == "From Rosa"
    assert response.context["form"]["place_words"].value() == "At the church"
    assert [label for label, _, _ in response.context["clashes"]] == ["Why we meet"]
    assert Draft.objects.get(path=path, field="purpose").text == "From Rosa"
    merged = form_of(Meeting.objects.get(pk=world.meeting.pk), purpose="From Denise and Rosa")
    assert client.post(path, merged).status_code == 302
    meeting = Meeting.objects.get(pk=world.meeting.pk)
    assert (meeting.purpose, meeting.place_words) == ("From Denise and Rosa", "At the church")
    assert not Draft.objects.filter(path=path).exists()


def test_a_clash_of_times_and_parts_is_shown_in_words(world, sign_in):
    share_sections(
        membership=world.members["dss_worker"], sections=[Section.SCHOOL], until=None, by=world.users.caregiver
    )
    afternoon = timezone.localtime(world.meeting.starts_at).replace(hour=15, minute=0)  # whatever time it is now
    Meeting.objects.filter(pk=world.meeting.pk).update(starts_at=afternoon, ends_at=afternoon + dt.timedelta(hours=1))
    world.meeting.refresh_from_db()
    stale = form_of(world.meeting, start="08:00", end="09:00", section="school")
    later = world.meeting.starts_at + dt.timedelta(days=1)
    values = {"starts_at": later, "ends_at": later + dt.timedelta(hours=1), "section": "court"}
    change_meeting(meeting=world.meeting, by=world.users.caregiver, base_version=1, values=values)
    response = sign_in(world.users.caregiver).post(url("meeting_edit", world, world.meeting), stale)
    assert response.status_code == 409
    assert {label for label, _, _ in response.context["clashes"]} == {"Starts", "Ends", "Part of the record"}
    assert "8:00 am" in response.content.decode()


def test_a_form_without_its_version_never_overwrites_unseen(world, sign_in):
    response = sign_in(world.users.caregiver).post(
        url("meeting_edit", world, world.meeting), form_of(world.meeting, purpose="Blind", version="")
    )
    assert response.status_code == 409
    assert Meeting.objects.get(pk=world.meeting.pk).purpose == "Talk about records"


def test_a_meeting_to_come_does_not_move_into_the_past_and_one_that_was_not_ahead(world, sign_in):
    client, path = sign_in(world.users.caregiver), url("meeting_edit", world, world.meeting)
    yesterday = (timezone.localdate() - dt.timedelta(days=1)).isoformat()
    response = client.post(path, form_of(world.meeting, day=yesterday))
    assert response.status_code == 422
    assert "This time has passed" in str(response.context["form"].errors["day"])
    moved(world.meeting, days=2)
    Meeting.objects.filter(pk=world.meeting.pk).update(status=MeetingStatus.HELD)
    response = client.post(path, form_of(world.meeting, day=(timezone.localdate() + dt.timedelta(days=5)).isoformat()))
    assert "has taken place" in str(response.context["form"].errors["day"])
    assert client.post(path, form_of(world.meeting, day=yesterday)).status_code in (302, 409)


def test_what_a_meeting_said_before_can_be_read(world, sign_in):
    change_meeting(meeting=world.meeting, by=world.users.dss_worker, base_version=1, values={"purpose": "From Denise"})
    response = sign_in(world.users.grandmother).get(url("meeting_edit", world, world.meeting))
    told = [(row["name"], row["purpose"]) for row in response.context["history"]]
    assert told == [("Denise Whitfield", "From Denise"), ("Rosa Delgado", "Talk about records")]
    assert "What this said before" in response.content.decode()


def test_a_meeting_that_was_called_off_is_not_changed_any_more(world, sign_in):
    cancel_meeting(meeting=world.meeting, by=world.users.caregiver)
    world.meeting.refresh_from_db()
    response = sign_in(world.users.caregiver).post(
        url("meeting_edit", world, world.meeting), form_of(world.meeting, purpose="Too late")
    )
    assert response.status_code == 422
    assert "This meeting was called off." in response.content.decode()


def test_calling_off_asks_first_and_happens_once(world, sign_in):
    client, path = sign_in(world.users.grandmother), url("meeting_cancel", world, world.meeting)
    assert client.get(path).status_code == 200
    assert Meeting.objects.get(pk=world.meeting.pk).status == MeetingStatus.SET
    assert client.post(path, follow=True).status_code == 200
    assert Meeting.objects.get(pk=world.meeting.pk).status == MeetingStatus.CANCELLED
    again = client.post(path, follow=True)
    assert "already taken place or was called off" in again.content.decode()
    assert Event.objects.filter(verb="meeting_cancelled").count() == 1
    page = client.get(url("meeting_detail", world, world.meeting)).content.decode()
    assert "This meeting was called off." in page
    assert "Change time or place" not in page


def test_somebody_with_a_grant_reads_and_does_not_write(world, sign_in):
    from teams.actions.grants import give_grant

    until = timezone.now() + dt.timedelta(days=1)
    give_grant(
        team=world.team, user=world.users.other_facilitator, sections=[Section.RECORDS], reason="Interpreter",
        until=until, by=world.users.caregiver,
    )  # fmt: skip
    forget_scope(world.users.other_facilitator)
    client = sign_in(world.users.other_facilitator)
    page = client.get(url("meeting_detail", world, world.meeting))
    assert page.status_code == 200
    assert not {
        link for link in links(page) if link.endswith(("/edit/", "/add/", "/call/", "/answer/", "/attendance/"))
    }
    for name in ("meeting_edit", "meeting_cancel", "attendance_edit", "meeting_answer"):
        assert client.post(url(name, world, world.meeting)).status_code == 403
    assert client.post(url("meeting_call", world)).status_code == 403
