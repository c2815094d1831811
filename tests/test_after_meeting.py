"""After a meeting: corrections are shown, two approve the record, all get a copy, and whoever came says how it was."""

import datetime as dt
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collaboratives.enums import DeadlineKind
from collaboratives.models import TimelineRule
from families.enums import FamilyRole, Section
from families.models import Person
from soc_portal.access.scope import forget_scope
from soc_portal.notices.models import Notice
from teams import access
from teams.actions.consents import share_sections, stop_sharing
from teams.actions.copies import choose_copy_way, copies_fall_due, note_paper_copy, recount_copies
from teams.actions.feedback import give_feedback
from teams.actions.items import add_item, change_item, end_item, restore_item
from teams.actions.meetings import change_meeting, note_attendance
from teams.actions.memberships import accept_place, choose_member, end_membership, propose_member
from teams.actions.record_content import content_of_meeting
from teams.actions.records import approve_record, open_again, record_seal_of
from teams.enums import Attendance, CopyWay, HelpKind, MemberKind
from teams.models import (
    Deadline,
    Decision,
    Feedback,
    Guest,
    Help,
    Meeting,
    Membership,
    Note,
    Rating,
    RecordCopy,
    RecordVersion,
    Step,
    Topic,
    WhatIf,
    Words,
)
from tests.parts.after import approve, hold, hold_and_approve, seen_hash
from tests.world import join, make_user

pytestmark = pytest.mark.django_db
NOTHING = {"heard": "", "useful": "", "strengths": "", "wants_change": None, "words": ""}


@pytest.fixture
def held(world):
    """A meeting that took place under a rule of copies, with a record."""
    TimelineRule.objects.create(kind=DeadlineKind.COPIES, days=7, source="test", starts_on=dt.date(2016, 1, 1))
    world.held = hold(world)
    return world.held


def refused(code):
    return pytest.raises(ValidationError, check=lambda error: error.code == code)


def both(world, meeting):
    approve(world.users.caregiver, meeting, "family")
    return approve(world.users.facilitator, meeting, "others")


def url(name, meeting, *more):
    return reverse(f"teams:{name}", args=[meeting.team_id, meeting.pk, *more])


def text(response):
    return " ".join(response.content.decode().split())


def on_paper(world, name="Uncle Ben"):
    """A live member without an account."""
    member = propose_member(team=world.team, by=world.users.caregiver, name=name, kind="natural")
    choose_member(membership=member, by=world.users.caregiver)
    accept_place(membership=member, by=world.users.caregiver)
    return Membership.objects.get(pk=member.pk)


def note_of(meeting):
    return Note.objects.get(meeting=meeting, title="Nights")


def copies_deadline(world):
    return Deadline.objects.filter(team=world.team, kind=DeadlineKind.COPIES).order_by("-pk").first()


# --- The content -----------------------------------------------------------------------------------------------------
def test_the_content_holds_every_part_and_takes_three_queries(world, held):
    rosa, team = world.users.caregiver, world.team
    topic = add_item(team=team, by=rosa, item=Topic(meeting=held, text="Sleep"))
    add_item(team=team, by=rosa, item=Note(meeting=held, topic=topic, title="School", text="Secret", section="school"))
    add_item(team=team, by=rosa, item=WhatIf(meeting=held, text="It rains", then_words="Inside"))
    uncle = world.members["grandmother"]
    add_item(
        team=team, by=rosa,
        item=Help(meeting=held, kind_of=HelpKind.RIDE, for_whom=uncle, carrier=uncle, is_arranged=True, text="Van"),
    )  # fmt: skip
    add_item(team=team, by=rosa, item=Words(meeting=held, person=world.rosa, text="Good", section="records"))
    goal = world.items["goal"]
    add_item(team=team, by=rosa, item=Rating(goal=goal, meeting=held, value=6, rated_on=timezone.localdate()))
    step = Step(meeting=held, goal=goal, text="Call", due_on=dt.date(2030, 1, 2))
    add_item(team=team, by=rosa, item=step, who=[world.members["caregiver"], uncle])
    add_item(team=team, by=rosa, item=Step(meeting=held, text="Write"))
    gone = add_item(team=team, by=rosa, item=Decision(meeting=held, text="Gone"))
    end_item(team=team, item=gone, by=rosa)
    with CaptureQueriesContext(connection) as queries:
        content = content_of_meeting(held)
    assert len(queries) == 3
    assert {name: len(rows) for name, rows in content.items()} == {
        "about": 1, "guests": 9, "words": 1, "topics": 1, "notes": 2, "decisions": 1, "whatifs": 1, "helps": 1,
        "ratings": 1, "steps": 2,
    }  # fmt: skip
    assert content["helps"][0] | {"id": 0} == {
        "id": 0, "kind": "ride", "text": "Van", "for": uncle.name, "carrier": uncle.name, "arranged": "yes",
        "section": "records",
    }  # fmt: skip
    assert content["steps"][0]["who"] == [world.members["caregiver"].name, uncle.name]
    assert content["steps"][0]["due_on"] == "2030-01-02"
    assert content["steps"][1]["who"] == []
    assert content["ratings"][0]["value"] == "6"
    came = [row["name"] for row in content["guests"] if row["attendance"] == "came"]
    assert sorted(came) == ["Andrea Pruitt", "Carmen Ruiz", "Rosa Delgado"]


def test_who_left_before_the_meeting_and_was_not_noted_is_not_in_the_record(world, held):
    before = len(content_of_meeting(held)["guests"])
    member = Membership.written_by_actions.filter(pk=world.members["dss_worker"].pk)
    member.update(ended_at=held.starts_at - dt.timedelta(days=1), ended_by=world.users.caregiver, end_reason="left")
    assert len(content_of_meeting(held)["guests"]) == before - 1


# --- Approving -------------------------------------------------------------------------------------------------------
def test_the_first_yes_freezes_and_the_second_approves(world, held):
    first = approve(world.users.caregiver, held, "family")
    assert (first.number, first.approved_at, first.seal, first.family_name) == (1, None, "", "Rosa Delgado")
    second = approve(world.users.facilitator, held, "others")
    assert second.pk == first.pk
    fresh = RecordVersion.objects.get()
    assert fresh.approved_at and fresh.seal == record_seal_of(fresh)


@pytest.mark.parametrize(("who", "side"), [("caregiver", "family"), ("facilitator", "others")])
def test_nobody_approves_twice(world, held, who, side):
    user = getattr(world.users, who)
    approve(user, held, side)
    with refused("twice"):
        approve(user, held, side)
    both_sides = {"family": ("facilitator", "others"), "others": ("caregiver", "family")}[side]
    approve(getattr(world.users, both_sides[0]), held, both_sides[1])
    with refused("twice"):
        approve(user, held, side)


def test_a_record_that_just_changed_is_not_approved(world, held):
    seen = seen_hash(world.users.caregiver, held)
    add_item(team=world.team, by=world.users.facilitator, item=Decision(meeting=held, text="One more"))
    with refused("stale"):
        approve_record(meeting=held, by=world.users.caregiver, side="family", seen_hash=seen)
    assert not RecordVersion.objects.exists()


def test_a_meeting_that_did_not_take_place_has_no_record_to_approve(world):
    with refused("early"):
        approve(world.users.caregiver, world.meeting, "family")


def change_a_note(world, held):
    change_item(
        team=world.team, item=note_of(held), by=world.users.facilitator, base_version=1, values={"text": "Worse."}
    )


def end_a_note(world, held):
    end_item(team=world.team, item=note_of(held), by=world.users.facilitator)


def add_a_note(world, held):
    add_item(team=world.team, by=world.users.facilitator, item=Note(meeting=held, title="New", text="New"))


def change_who_came(world, held):
    guest = Guest.objects.get(meeting=held, membership=world.members["dss_worker"])
    marks = {guest.pk: Attendance.AWAY}
    note_attendance(meeting=held, marks=marks, by=world.users.facilitator, now=timezone.now())


def change_the_place(world, held):
    change_meeting(meeting=held, by=world.users.facilitator, base_version=held.version, values={"place_words": "Here"})


CHANGES = [change_a_note, end_a_note, add_a_note, change_who_came, change_the_place]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_before_the_second_yes_ends_the_first_one(world, held, change):
    first = approve(world.users.caregiver, held, "family")
    held.refresh_from_db()
    change(world, held)
    first.refresh_from_db()
    assert first.ended_at and first.ended_by == world.users.facilitator
    held.refresh_from_db()
    assert approve(world.users.facilitator, held, "others").number == 2


@pytest.mark.parametrize("change", CHANGES)
def test_an_approved_record_is_closed_to_writing(world, held, change):
    both(world, held)
    held.refresh_from_db()
    with refused("approved"):
        change(world, held)
    assert note_of(held).version == 1


def test_what_was_taken_away_does_not_come_back_into_an_approved_record(world, held):
    note = end_item(team=world.team, item=note_of(held), by=world.users.caregiver)
    both(world, held)
    with refused("approved"):
        restore_item(team=world.team, item=note, by=world.users.caregiver)


def test_saving_the_same_again_ends_no_yes(world, held):
    first = approve(world.users.caregiver, held, "family")
    note = note_of(held)
    change_item(team=world.team, item=note, by=world.users.caregiver, base_version=1, values={"text": note.text})
    first.refresh_from_db()
    assert first.ended_at is None


def test_a_change_that_came_around_the_record_ends_the_first_yes_at_the_second(world, held):
    first = approve(world.users.caregiver, held, "family")
    Note.objects.filter(meeting=held).update(text="Changed by the database")
    second = approve(world.users.facilitator, held, "others")
    first.refresh_from_db()
    assert first.ended_at and second.number == 2 and second.approved_at is None


def test_a_step_made_at_the_meeting_goes_on_after_the_record_is_approved(world, held):
    step = add_item(team=world.team, by=world.users.caregiver, item=Step(meeting=held, text="Call"))
    version = both(world, held)
    values = {"status": "done"}
    change_item(team=world.team, item=step, by=world.users.caregiver, base_version=1, values=values)
    version.refresh_from_db()
    assert version.ended_at is None
    with refused("approved"):
        add_item(team=world.team, by=world.users.caregiver, item=Step(meeting=held, text="Another"))


def test_opened_again_with_a_reason_and_approved_anew(world, held):
    with refused("stale"):
        open_again(meeting=held, by=world.users.caregiver, reason="Wrong name")
    first = both(world, held)
    with refused("reason"):
        open_again(meeting=held, by=world.users.caregiver, reason="  ")
    open_again(meeting=held, by=world.users.caregiver, reason="Wrong name")
    first.refresh_from_db()
    assert first.ended_at and first.approved_at
    assert list(Note.objects.filter(meeting=held, text="Wrong name").values_list("section")) == [("records",)]
    change_a_note(world, held)
    assert both(world, held).number == 2


def test_verify_records_tells_which_one_is_not_what_was_approved(world, held):
    version = both(world, held)
    out = StringIO()
    call_command("verify_records", stdout=out)
    assert out.getvalue().startswith("1 approved records")
    RecordVersion.written_by_actions.filter(pk=version.pk).update(family_name="Somebody else")
    with pytest.raises(CommandError, match=f"meeting {held.pk}, version 1"):
        call_command("verify_records")
    content = version.content | {"notes": []}
    RecordVersion.written_by_actions.filter(pk=version.pk).update(content=content, family_name=version.family_name)
    with pytest.raises(CommandError):
        call_command("verify_records")


# --- Who approves ----------------------------------------------------------------------------------------------------
def sides(world, meeting):
    found = {}
    for slug in ("caregiver", "other_household", "youth", "grandmother", "facilitator", "dss_worker", "provider"):
        user = getattr(world.users, slug)
        forget_scope(user)
        if side := access.record_side(user, world.team, meeting):
            found[slug] = side
    return found


def test_a_caregiver_approves_for_the_family_and_the_facilitator_for_the_others(world, held):
    assert sides(world, held) == {"caregiver": "family", "other_household": "family", "facilitator": "others"}


def test_without_a_facilitator_somebody_who_came_and_is_not_of_the_family_approves(world, held):
    Membership.written_by_actions.filter(pk=world.members["facilitator"].pk).update(is_facilitator=False)
    family = {"caregiver": "family", "other_household": "family"}
    assert sides(world, held) == family | {"facilitator": "others", "grandmother": "others"}


def test_only_the_two_sides_open_the_page_that_asks_for_a_yes(world, held, sign_in):
    assert sign_in(world.users.grandmother).get(url("record_approve", held)).status_code == 403


def test_nobody_approves_on_a_team_that_ended(world, held):
    world.team.ended_at = timezone.now()
    assert sides(world, held) == {}


# --- What is read ----------------------------------------------------------------------------------------------------
def secret(world, held, section="school"):
    note = Note(meeting=held, title="Tests", text="Tell no", section=section)
    return add_item(team=world.team, by=world.users.caregiver, item=note)


@pytest.mark.parametrize("page", ["record_approve", "record_version"])
def test_a_facilitator_reads_and_approves_what_is_shared_with_them(world, held, sign_in, page):
    secret(world, held)
    both(world, held)
    if page == "record_approve":
        open_again(meeting=held, by=world.users.caregiver, reason="Look again")
    address = url(page, held, *([1] if page == "record_version" else []))
    theirs = text(sign_in(world.users.facilitator).get(address))
    assert "We sleep better." in theirs and "Tell no" not in theirs
    assert "Tell no" in text(sign_in(world.users.caregiver).get(address))
    assert "Tell no" in [row["text"] for row in RecordVersion.objects.get(number=1).content["notes"]]


def test_what_the_family_moved_to_another_part_is_hidden_in_older_versions_too(world, held, sign_in):
    both(world, held)
    address = url("record_version", held, 1)
    assert "We sleep better." in text(sign_in(world.users.facilitator).get(address))
    open_again(meeting=held, by=world.users.caregiver, reason="This is about health")
    values = {"section": Section.HEALTH}
    change_item(team=world.team, item=note_of(held), by=world.users.caregiver, base_version=1, values=values)
    assert "We sleep better." not in text(sign_in(world.users.facilitator).get(address))
    assert "We sleep better." in text(sign_in(world.users.caregiver).get(address))


def test_the_page_says_that_somebody_changed_the_record(world, held, sign_in):
    client = sign_in(world.users.caregiver)
    seen = client.get(url("record_approve", held)).context["seen_hash"]
    change_a_note(world, held)
    response = client.post(url("record_approve", held), {"seen_hash": seen})
    assert response.status_code == 422
    assert "Somebody changed the record since you opened it. Please read it again." in text(response)
    assert "Worse." in text(response)


def test_two_approve_on_the_pages(world, held, sign_in):
    for slug, words in (("facilitator", "when the other side says yes too"), ("caregiver", "Everyone gets their copy")):
        client = sign_in(getattr(world.users, slug))
        assert "Read it and approve it" in text(client.get(url("record_detail", held)))
        seen = client.get(url("record_approve", held)).context["seen_hash"]
        assert words in text(client.post(url("record_approve", held), {"seen_hash": seen}, follow=True))
    assert "Your side approved it already" in text(client.get(url("record_approve", held)))
    page = text(client.get(url("meeting_detail", held)))
    assert "This record is approved" in page and "Add a note" not in page and "Change time or place" not in page


def test_before_the_meeting_there_is_nothing_to_approve(world, sign_in):
    client = sign_in(world.users.caregiver)
    for page in ("record_detail", "record_approve"):
        assert "Note who was there first" in text(client.get(url(page, world.meeting)))


def test_a_form_opened_before_the_approval_keeps_what_was_typed(world, held, sign_in):
    note = note_of(held)
    both(world, held)
    client = sign_in(world.users.facilitator)
    address = reverse("teams:item_edit", args=[world.team.pk, "note", note.pk])
    response = client.post(address, {"title": "Nights", "text": "My long words", "base": 1})
    assert response.status_code == 422
    assert "This record is approved and stays as it is." in text(response) and "My long words" in text(response)
    address = reverse("teams:item_add", args=[world.team.pk, "note"]) + f"?meeting={held.pk}"
    response = client.post(address, {"title": "New", "text": "My new words", "once": "1"})
    assert response.status_code == 422 and "My new words" in text(response)
    address = reverse("teams:item_end", args=[world.team.pk, "note", note.pk])
    assert "This record is approved" in text(client.post(address, follow=True))
    response = client.post(url("attendance_edit", held), {f"guest-{held.guests.first().pk}": "away"})
    assert response.status_code == 422
    assert Note.objects.filter(meeting=held).count() == 1


def test_opening_again_on_the_page(world, held, sign_in):
    both(world, held)
    client = sign_in(world.users.facilitator)
    assert client.post(url("record_open", held), {"reason": ""}).status_code == 422
    page = text(client.post(url("record_open", held), {"reason": "A wrong day"}, follow=True))
    assert "Andrea Pruitt opened it again on" in page
    response = client.post(url("record_open", held), {"reason": "Keep this"})
    assert response.status_code == 422 and "This record is open already." in text(response)
    assert "Keep this" in text(response)


def test_corrections_after_the_day_are_shown_with_their_history(world, held, sign_in):
    client = sign_in(world.users.caregiver)
    assert "Corrected" not in text(client.get(url("meeting_detail", held)))
    change_a_note(world, held)
    page = text(client.get(url("meeting_detail", held)))
    assert "Changed by Andrea Pruitt on" in page
    assert reverse("teams:item_history", args=[world.team.pk, "note", note_of(held).pk]) in page


def test_a_change_on_the_day_itself_is_no_correction(world, held):
    note = note_of(held)
    note.version, note.updated_at = 2, held.starts_at
    assert not note.was_corrected
    assert not world.items["need"].was_corrected


# --- Copies ----------------------------------------------------------------------------------------------------------
def test_everybody_gets_a_copy_in_their_own_way(world, held):
    uncle = on_paper(world)
    choose_copy_way(membership=world.members["grandmother"], way=CopyWay.MAIL, by=world.users.grandmother)
    choose_copy_way(membership=world.members["dss_worker"], way=CopyWay.PAPER, by=world.users.dss_worker)
    version = both(world, held)
    ways = dict(RecordCopy.objects.filter(record_version=version).values_list("membership__name", "way"))
    assert ways == {
        "Rosa Delgado": "portal", "Mateo Delgado": "portal", "Luis Delgado": "portal", "Carmen Ruiz": "mail",
        "Tonya Barnes": "portal", "Andrea Pruitt": "portal", "Devon Harris": "portal", "Priya Nair": "portal",
    }  # fmt: skip
    notice = Notice.objects.get(kind="record_ready")
    assert notice.user == world.users.grandmother and notice.facts == {}
    assert copies_deadline(world).met_on is None
    for member in (uncle, Membership.objects.get(pk=world.members["dss_worker"].pk)):
        note_paper_copy(version=version, membership=member, given_on=timezone.localdate(), by=world.users.caregiver)
    assert copies_deadline(world).met_on == timezone.localdate()


def test_copies_are_due_by_the_rule_of_the_meetings_day(world, held):
    day = timezone.localdate(held.starts_at)
    assert held.copies_due_on == copies_deadline(world).due_on == day + dt.timedelta(days=7)
    values = {"starts_at": held.starts_at - dt.timedelta(days=1), "ends_at": held.ends_at - dt.timedelta(days=1)}
    change_meeting(meeting=held, by=world.users.caregiver, base_version=held.version, values=values)
    held.refresh_from_db()
    assert held.copies_due_on == copies_deadline(world).due_on == day + dt.timedelta(days=6)


def test_without_a_rule_no_copy_is_due(world):
    assert hold(world).copies_due_on is None
    assert copies_deadline(world) is None


def test_the_deadline_goes_on_to_the_next_oldest_meeting(world, held):
    later = hold(world)
    day_later = {name: getattr(later, name) + dt.timedelta(days=1) for name in ("starts_at", "ends_at")}
    Meeting.objects.filter(pk=later.pk).update(**day_later)
    copies_fall_due(Meeting.objects.get(pk=later.pk))
    day = timezone.localdate(held.starts_at)
    assert copies_deadline(world).due_on == day + dt.timedelta(days=7)
    both(world, held)
    assert copies_deadline(world).due_on == day + dt.timedelta(days=8)
    later.refresh_from_db()
    both(world, later)
    assert copies_deadline(world).met_on == timezone.localdate()
    open_again(meeting=held, by=world.users.caregiver, reason="Wrong")
    assert copies_deadline(world).met_on is None


def test_who_leaves_or_joins_later_or_is_not_shared_with_is_owed_nothing(world, held):
    uncle, aunt = on_paper(world), on_paper(world, "Aunt Bea")
    version = both(world, held)
    assert copies_deadline(world).met_on is None
    end_membership(membership=uncle, by=world.users.caregiver, reason="left")
    assert copies_deadline(world).met_on is None
    stop_sharing(membership=aunt, sections=[Section.RECORDS], by=world.users.caregiver)
    assert copies_deadline(world).met_on
    later = on_paper(world, "Cousin Al")
    Membership.written_by_actions.filter(pk=later.pk).update(starts_on=timezone.localdate() + dt.timedelta(days=1))
    recount_copies(world.team)
    assert copies_deadline(world).met_on
    version.meeting = held
    assert {uncle.pk, aunt.pk, later.pk}.isdisjoint(access.copies_owed_to(version).values_list("pk", flat=True))


@pytest.mark.parametrize(("years", "is_owed"), [(14, True), (13, False), (None, False)])
def test_a_child_without_an_account_gets_papers_from_the_year_in_which_they_turn_14(world, held, years, is_owed):
    this_year = timezone.localdate().year
    world.mateo.born_on = years and dt.date(this_year - years, 12, 31)
    world.mateo.save(update_fields=["born_on"])
    Membership.written_by_actions.filter(pk=world.members["youth"].pk).update(user=None)
    both(world, held)
    assert (copies_deadline(world).met_on is None) == is_owed


def test_a_team_that_ended_owes_no_copies(world, held):
    deadline = copies_deadline(world)
    world.team.ended_at = timezone.now()
    both(world, held)
    recount_copies(world.team)
    deadline.refresh_from_db()
    assert deadline.due_on


@pytest.mark.parametrize("days", [1, -1])
def test_a_copy_is_not_given_before_the_approval_or_ahead(world, held, days):
    uncle, version = on_paper(world), both(world, held)
    day = timezone.localdate() + dt.timedelta(days=days)
    with refused("given_on"):
        note_paper_copy(version=version, membership=uncle, given_on=day, by=world.users.caregiver)


def test_a_copy_is_noted_once_and_only_of_what_is_approved(world, held):
    uncle, today = on_paper(world), timezone.localdate()
    version = both(world, held)
    note_paper_copy(version=version, membership=uncle, given_on=today, by=world.users.caregiver)
    with refused("twice"):
        note_paper_copy(version=version, membership=uncle, given_on=today, by=world.users.caregiver)
    open_again(meeting=held, by=world.users.caregiver, reason="Wrong")
    with refused("stale"):
        note_paper_copy(version=version, membership=uncle, given_on=today, by=world.users.caregiver)


def test_noting_a_copy_on_the_page(world, held, sign_in):
    uncle = on_paper(world)
    client = sign_in(world.users.dss_worker)
    address = url("copy_note", held, uncle.pk)
    assert "There is nothing to give yet" in text(client.get(address, follow=True))
    both(world, held)
    page = client.get(url("record_detail", held))
    assert [row["member"].name for row in page.context["copies"] if row["to_give"]] == ["Uncle Ben"]
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    response = client.post(address, {"given_on": tomorrow.isoformat()})
    assert response.status_code == 422 and response.context["form"].errors["given_on"]
    assert "It is noted" in text(client.post(address, {"given_on": ""}, follow=True))
    assert RecordCopy.objects.get(membership=uncle).noted_by == world.users.dss_worker
    assert client.get(url("copy_note", held, world.members["former_member"].pk)).status_code == 404
    end_membership(membership=uncle, by=world.users.caregiver, reason="left")
    shown = {row["member"].name for row in client.get(url("record_detail", held)).context["copies"]}
    assert shown == {
        "Rosa Delgado", "Mateo Delgado", "Luis Delgado", "Carmen Ruiz", "Tonya Barnes", "Andrea Pruitt",
        "Devon Harris", "Priya Nair", "Denise Whitfield", "Uncle Ben",
    }  # fmt: skip


def test_a_member_chooses_how_they_get_their_copy(world, sign_in):
    own, uncle = world.members["grandmother"], on_paper(world)
    client = sign_in(world.users.grandmother)
    address = reverse("teams:copy_way_edit", args=[world.team.pk, own.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"way": "pigeon"}).status_code == 422
    client.post(address, {"way": "paper"})
    assert Membership.objects.get(pk=own.pk).copy_way == CopyWay.PAPER
    other = reverse("teams:copy_way_edit", args=[world.team.pk, world.members["facilitator"].pk])
    assert client.get(other).status_code == 403
    for_uncle = reverse("teams:copy_way_edit", args=[world.team.pk, uncle.pk])
    assert client.post(for_uncle, {"way": "mail"}).status_code == 422
    assert client.post(for_uncle, {"way": "paper"}).status_code == 302
    with refused("way"):
        choose_copy_way(membership=uncle, way=CopyWay.MAIL, by=world.users.grandmother)
    choose_copy_way(membership=uncle, way=CopyWay.PAPER, by=world.users.grandmother)  # the same again changes nothing


def test_the_list_of_meetings_says_by_when_copies_are_due(world, held, sign_in):
    client = sign_in(world.users.facilitator)
    address = reverse("teams:meeting_list", args=[world.team.pk])
    assert "Everyone gets a copy of the record by" in text(client.get(address))
    Deadline.objects.filter(kind=DeadlineKind.COPIES).update(due_on=timezone.localdate() - dt.timedelta(days=1))
    assert "Everyone should have had a copy of the record by" in text(client.get(address))


def test_the_worklist_finds_teams_that_owe_copies(world, held, sign_in):
    client = sign_in(world.users.coordinator)
    found = [row.team.pk for row in client.get(reverse("teams:worklist"), {"kind": "copies"}).context["rows"]]
    assert found == [world.team.pk]
    both(world, held)
    assert client.get(reverse("teams:worklist"), {"kind": "copies"}).context["rows"] == []


# --- How it was ------------------------------------------------------------------------------------------------------
def say(world, held, slug, *, is_shown=False, **values):
    user = getattr(world.users, slug)
    guest = Guest.objects.get(meeting=held, membership=world.members[slug])
    return give_feedback(guest=guest, by=user, values=NOTHING | values, is_shown=is_shown)


def names(world, held, slug):
    user = getattr(world.users, slug)
    forget_scope(user)
    return [row.membership.name for row in access.visible_feedback(user, held)]


def test_what_the_family_says_is_shown_only_if_it_wants_that(world, held):
    say(world, held, "caregiver", heard="no")
    say(world, held, "facilitator", heard="yes")
    assert names(world, held, "facilitator") == ["Andrea Pruitt"]
    assert names(world, held, "caregiver") == ["Rosa Delgado", "Andrea Pruitt"]
    assert names(world, held, "other_household") == ["Andrea Pruitt"]
    say(world, held, "caregiver", heard="partly", is_shown=True)
    assert names(world, held, "provider") == ["Andrea Pruitt", "Rosa Delgado"]
    assert Feedback.objects.filter(ended_at__isnull=False).count() == 1


def test_the_first_page_of_somebody_with_teams_asks_too(world, held, sign_in):
    asked = reverse("teams:feedback_edit", args=[world.team.pk, held.pk])
    client = sign_in(world.users.facilitator)
    assert f'href="{asked}"' in client.get(reverse("home")).content.decode()
    say(world, held, "facilitator", heard="yes")
    assert f'href="{asked}"' not in client.get(reverse("home")).content.decode()


def test_the_other_side_is_told_of_the_first_yes(world, held):
    def told():
        return set(Notice.objects.filter(kind="record_waits").values_list("user", flat=True))

    approve(world.users.facilitator, held, "others")
    assert told() == {world.users.caregiver.pk, world.users.other_household.pk}
    Notice.objects.all().delete()
    change_item(
        team=world.team, item=note_of(held), by=world.users.caregiver, base_version=1, values={"text": "Better nights"}
    )
    approve(world.users.caregiver, held, "family")
    assert told() == {world.users.facilitator.pk}
    Notice.objects.all().delete()
    approve(world.users.facilitator, held, "others")
    assert told() == set()


def test_where_nobody_facilitates_the_others_who_came_are_told(world, held):
    Membership.written_by_actions.filter(team=world.team).update(is_facilitator=False)
    approve(world.users.caregiver, held, "family")
    told = Notice.objects.filter(kind="record_waits").values_list("user__name", flat=True)
    came = Guest.objects.filter(meeting=held, attendance="came", membership__user__isnull=False)
    assert set(told) == set(came.exclude(membership__kind="family").values_list("membership__user__name", flat=True))


def test_an_empty_answer_is_no_answer(world, held):
    with refused("empty"):
        say(world, held, "caregiver")
    say(world, held, "caregiver", wants_change=False)


def test_saying_how_it_was_on_the_page(world, held, sign_in):
    client = sign_in(world.users.caregiver)
    address = url("feedback_edit", held)
    assert "My team may read this" in text(client.get(address))
    response = client.post(address, {"heard": "", "words": ""})
    assert response.status_code == 422
    response = client.post(address, {"heard": "yes", "wants_change": "no", "words": "Gracias"}, follow=True)
    assert "Only you can read this" in text(response)
    row = Feedback.objects.get()
    assert (row.heard, row.wants_change, row.words, row.is_shown) == ("yes", False, "Gracias", False)
    assert client.get(address).context["form"].initial["heard"] == "yes"
    staff = sign_in(world.users.facilitator)
    assert "My team may read this" not in text(staff.get(address))
    staff.post(address, {"useful": "partly"})
    assert Feedback.objects.get(useful="partly").is_shown
    assert "Gracias" not in text(staff.get(url("record_detail", held)))


def test_who_came_is_asked_on_the_teams_page_for_14_days_until_they_say(world, held, sign_in):
    page = reverse("teams:team_detail", args=[world.team.pk])
    assert sign_in(world.users.dss_worker).get(page).context["to_tell_of"] is None
    client = sign_in(world.users.grandmother)
    assert "How was the meeting of" in text(client.get(page))
    say(world, held, "grandmother", useful="yes")
    assert client.get(page).context["to_tell_of"] is None
    client = sign_in(world.users.caregiver)
    assert client.get(page).context["to_tell_of"] == held
    long_ago = timezone.now() - dt.timedelta(days=15)
    Meeting.objects.filter(pk=held.pk).update(starts_at=long_ago, ends_at=long_ago + dt.timedelta(hours=1))
    assert client.get(page).context["to_tell_of"] is None
    world.team.ended_at = timezone.now()
    assert not access.meetings_to_tell_of(world.users.caregiver, [world.team])


def test_only_who_came_says_how_it_was(world, held, sign_in):
    assert sign_in(world.users.dss_worker).get(url("feedback_edit", held)).status_code == 403
    assert sign_in(world.users.jcpc_chair).get(url("feedback_edit", held)).status_code == 404
    assert "Say how it was" not in text(sign_in(world.users.dss_worker).get(url("meeting_detail", held)))
    assert "Say how it was" in text(sign_in(world.users.grandmother).get(url("meeting_detail", held)))


@pytest.fixture
def with_uncle(world):
    """Somebody without an account came too."""
    world.uncle = on_paper(world)
    return Guest.objects.get(meeting=hold(world), membership=world.uncle)


def test_what_somebody_without_an_account_says_is_noted_for_them(world, with_uncle, sign_in):
    meeting, client = with_uncle.meeting, sign_in(world.users.dss_worker)
    page, address = url("record_detail", meeting), url("feedback_note", meeting, with_uncle.pk)
    assert list(access.guests_to_ask(world.users.dss_worker, meeting)) == [with_uncle]
    assert f'href="{address}"' in client.get(page).content.decode()
    shown = text(client.get(address))
    assert "How was the meeting for Ben?" in shown or "How was the meeting for Uncle" in shown
    assert "their team may read this" not in shown  # a friend of the family is not asked: what they say, the team reads
    assert client.post(address, {}).status_code == 422
    client.post(address, {"heard": "yes", "words": "Good coffee"})
    row = Feedback.objects.get(membership=world.uncle)
    assert (row.noted_by, row.heard, row.is_shown) == (world.users.dss_worker, "yes", True)
    assert list(access.guests_to_ask(world.users.dss_worker, meeting)) == []
    told = text(sign_in(world.users.provider).get(page))
    assert "Good coffee" in told
    assert "Noted by" in told


def test_the_family_decides_also_without_an_account_whether_the_team_reads_it(world, with_uncle, sign_in):
    lena = Person.objects.create(family=world.family, name="Lena Delgado", role=FamilyRole.RELATIVE)
    Membership.written_by_actions.filter(pk=world.uncle.pk).update(kind=MemberKind.FAMILY, person=lena)
    address, client = url("feedback_note", with_uncle.meeting, with_uncle.pk), sign_in(world.users.facilitator)
    assert "They say that their team may read this" in text(client.get(address))
    client.post(address, {"heard": "no"})
    assert not Feedback.objects.get().is_shown
    assert names(world, with_uncle.meeting, "facilitator") == []
    client.post(address, {"heard": "partly", "is_shown": "on"})
    assert names(world, with_uncle.meeting, "facilitator") == [world.uncle.name]


def test_whoever_sits_there_as_family_is_asked_whether_the_team_reads_it(world, held, sign_in):
    """Not only the caregivers and those whom the team is about: also an aunt who has an account."""
    lena = make_user("lena", "Lena Delgado")
    person = Person.objects.create(family=world.family, name="Lena Delgado", role=FamilyRole.RELATIVE, user=lena)
    member = join(world.team, lena, kind=MemberKind.FAMILY, caregiver=world.users.caregiver, person=person)
    share_sections(membership=member, sections=[Section.RECORDS], until=None, by=world.users.caregiver)
    Guest.objects.get_or_create(meeting=held, membership=member)
    Guest.objects.filter(meeting=held, membership=member).update(attendance=Attendance.CAME)
    client, address = sign_in(lena), url("feedback_edit", held)
    assert "My team may read this" in text(client.get(address))
    client.post(address, {"heard": "no"})
    assert not Feedback.objects.get(membership=member).is_shown


def test_for_somebody_who_left_nothing_is_noted_any_more(world, with_uncle, sign_in):
    end_membership(membership=world.uncle, by=world.users.caregiver, reason="left")
    assert not access.guests_to_ask(world.users.facilitator, with_uncle.meeting)
    page = url("feedback_note", with_uncle.meeting, with_uncle.pk)
    assert sign_in(world.users.facilitator).get(page).status_code == 404


def test_only_for_somebody_without_an_account_who_came_something_is_noted(world, with_uncle, sign_in):
    meeting, client = with_uncle.meeting, sign_in(world.users.facilitator)
    for guest in Guest.objects.filter(meeting=meeting).exclude(pk=with_uncle.pk):
        assert client.get(url("feedback_note", meeting, guest.pk)).status_code == 404
    Guest.objects.filter(pk=with_uncle.pk).update(attendance="absent")
    assert client.get(url("feedback_note", meeting, with_uncle.pk)).status_code == 404
    Guest.objects.filter(pk=with_uncle.pk).update(attendance="phone")
    assert client.get(url("feedback_note", meeting, with_uncle.pk)).status_code == 200
    assert sign_in(world.users.jcpc_chair).get(url("feedback_note", meeting, with_uncle.pk)).status_code == 404


# --- How much it costs -----------------------------------------------------------------------------------------------
def test_the_pages_take_as_many_queries_with_more_to_show(world, held, sign_in):
    client = sign_in(world.users.facilitator)
    client.get(url("record_detail", held))

    def counts(number):
        open_pages = [url("record_approve", held)]
        found = [_count(client, address) for address in open_pages]
        both(world, held)
        for page, *more in (("record_detail",), ("record_version", number), ("meeting_detail",), ("feedback_edit",)):
            found.append(_count(client, url(page, held, *more)))
        open_again(meeting=held, by=world.users.caregiver, reason="More")
        return found

    on_paper(world)
    say(world, held, "caregiver", heard="yes", is_shown=True)
    few = counts(1)
    for number in range(3):
        on_paper(world, f"Friend {number}")
        add_item(team=world.team, by=world.users.caregiver, item=Note(meeting=held, title="More", text="More"))
    say(world, held, "facilitator", heard="yes")
    assert counts(2) == few
    assert max(few) <= 15, few


def _count(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_whole_world_after_a_meeting(world):
    hold_and_approve(world)
    assert world.record_version.approved_at
