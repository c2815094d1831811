"""The family's whole record as one file: all that its owner may read, and nothing of the other home."""

import io
import json
import time
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from families.actions import change_person, look_at_homes
from families.enums import Section
from families.models import Strength
from soc_portal.access.scope import forget_scope
from soc_portal.audit.enums import Look
from soc_portal.audit.models import Event
from teams import access
from teams.actions.items import add_item, change_item, end_item
from teams.actions.plans import agree_for_family, answer_plan, content_of, hash_of
from teams.actions.talk import take_back_comment
from teams.models import Answer, Comment, Guest, LastWord, Meeting, Membership, Need, Note, Words
from teams.views import archive
from tests.test_every_page import grow

LISTS = {
    "answers", "barriers", "calls", "comments", "consents", "covers", "decisions", "endings", "goals", "grants",
    "guests", "history", "homes", "ideas", "last_words", "looks", "mandates", "meetings", "members", "needs", "notes",
    "people", "plan_parts", "plan_versions", "ratings", "referral_moves", "referrals", "steps", "strengths",
    "suggestions", "topics", "words", "what_ifs", "helps", "time_polls", "slots", "slot_answers", "feedback",
    "record_versions", "record_copies",
}  # fmt: skip


def file_of(client, world):
    response = client.post(reverse("teams:archive_file", args=[world.team.pk]))
    assert response.status_code == 200
    return response, zipfile.ZipFile(io.BytesIO(response.content))


def record_of(sign_in, world, slug):
    _response, found = file_of(sign_in(world.people[slug]), world)
    return json.loads(found.read("record.json"))


def test_the_file_has_a_neutral_name_and_is_kept_by_nobody(world, sign_in):
    response, found = file_of(sign_in(world.users.caregiver), world)
    assert response["Content-Disposition"] == 'attachment; filename="our-record.zip"'
    assert response["Content-Type"] == "application/zip" and "no-store" in response["Cache-Control"]
    assert found.namelist()[:4] == ["README.txt", "record.json", "plan-of-care.pdf", "crisis-cards.pdf"]
    read_me = found.read("README.txt").decode()
    assert "Our record" in read_me and "record.json" in read_me and "---" in read_me


def test_papers_go_along_for_the_plan_and_every_meeting_that_took_place(world, sign_in):
    Meeting.objects.filter(pk=world.meeting.pk).update(status="held")
    held = Meeting.objects.live().filter(team=world.team, status="held")
    _response, found = file_of(sign_in(world.users.caregiver), world)
    papers = [name for name in found.namelist() if name.endswith(".pdf")]
    assert len(papers) == 2 + held.count() and held.exists()
    assert all(found.read(name).startswith(b"%PDF") for name in papers)


def test_it_is_written_down_and_shown_to_the_rest_of_the_family(world, sign_in):
    file_of(sign_in(world.users.other_household), world)
    event = Event.objects.get(verb=Look.ARCHIVE)
    assert (event.actor_id, event.looked, event.team_id) == (world.users.other_household.pk, True, world.team.pk)
    html = sign_in(world.users.caregiver).get(reverse("teams:look_list", args=[world.team.pk])).content.decode()
    assert "Saved the whole record as a file" in html


def test_a_link_or_a_preview_fetches_nothing(world, sign_in):
    assert sign_in(world.users.caregiver).get(reverse("teams:archive_file", args=[world.team.pk])).status_code == 405


@pytest.mark.parametrize("slug", ["dss_worker", "grandmother", "family_partner", "provider"])
def test_those_whose_record_it_is_not_read_no_list_of_it(world, slug):
    for model in (Words, Note, Strength, Guest, Membership):
        with pytest.raises(PermissionDenied):
            access.own_record(world.people[slug], world.team, model)


def test_everything_that_the_record_holds_is_in_it(world, sign_in):
    rosa, team = world.users.caregiver, world.team
    need = add_item(team=team, by=rosa, item=Need(text="First words"))
    need = change_item(team=team, item=need, by=rosa, base_version=1, values={"text": "Second words"})
    end_item(team=team, item=need, by=rosa)
    version = agree_for_family(team=team, by=rosa, seen_hash=hash_of(content_of(team)))
    answer_plan(
        version=version, membership=world.members["dss_worker"], kind="disagrees", words="Not yet",
        by=world.users.dss_worker,
    )  # fmt: skip
    record = record_of(sign_in, world, "caregiver")
    assert (record["format"], record["version"]) == ("soc-portal-record", 1)
    assert {name for name, value in record.items() if isinstance(value, list)} == LISTS
    one = next(row for row in record["needs"] if row["id"] == need.pk)
    assert one["text"] == "Second words" and one["ended_by"] == "Rosa Delgado" and one["ended_at"]
    states = [
        row["state"]["text"] for row in record["history"] if (row["kind"], row["item_id"]) == (need.kind, need.pk)
    ]
    assert states == ["First words", "Second words", "Second words"]
    assert {row["section"] for row in record["needs"]} == set(Section.values)
    goal = next(row for row in record["goals"] if row["id"] == world.items["goal"].pk)
    assert goal["need_id"] == world.items["need"].pk
    step = next(row for row in record["steps"] if row["id"] == world.items["step"].pk)
    assert step["who"] == sorted(world.members[slug].pk for slug in ("dss_worker", "grandmother"))
    assert [row["seal"] for row in record["plan_versions"]] == [version.seal]
    assert "Not yet" in {row["words"] for row in record["answers"]}
    assert [row["text"] for row in record["comments"]] == ["Hm"]
    assert [row["text"] for row in record["suggestions"]] == ["Other"]
    assert {row["id"] for row in record["meetings"]} == {world.meeting.pk, world.court_meeting.pk}
    assert "A school secret" in {row["text"] for row in record["notes"]}
    assert record["endings"][0]["begun_by"] == "Andrea Pruitt"
    assert [row["text"] for row in record["last_words"]] == ["I am proud."]
    assert {row["id"] for row in record["referrals"]} == set(
        access.team_referrals(rosa, team).values_list("pk", flat=True)
    )
    assert {row["id"] for row in record["members"]} == set(team.memberships.values_list("pk", flat=True))
    assert "Former tutor" in {row["role_words"] for row in record["members"]}
    assert record["team"]["about"] == [world.mateo.pk]


@pytest.mark.parametrize("slug", ["caregiver", "other_household", "youth"])
def test_nothing_of_another_family_is_in_it(world, sign_in, slug):
    text = json.dumps(record_of(sign_in, world, slug))
    for theirs in ("A Walker need", "Keisha Walker", "Walker family"):
        assert theirs not in text
    for secret in ("@test.example", "nonce", "token", "code_hash"):
        assert secret not in text


HOME, OTHER_HOME = (
    {"12 Secret Lane", "336-555-0101", "336-555-7001"},
    {"99 Hidden Road", "336-555-0199", "never Monday"},
)


@pytest.mark.parametrize(
    ("slug", "finds"), [("caregiver", HOME), ("other_household", OTHER_HOME), ("youth", HOME | OTHER_HOME)]
)
def test_how_to_reach_the_other_home_is_not_in_it(world, sign_in, slug, finds):
    for person, values in ((world.rosa, {"phone": "336-555-7001"}), (world.luis, {"safe_times": "never Monday"})):
        change_person(person=person, by=person.user, base_version=person.version, values=values)
    text = json.dumps(record_of(sign_in, world, slug))
    assert {words for words in HOME | OTHER_HOME if words in text} == finds


def test_who_saw_one_home_is_told_to_that_home_alone(world, sign_in):
    look_at_homes(user=world.users.grandmother, family=world.family, homes=[world.home])
    for slug, told in (("caregiver", 1), ("youth", 1), ("other_household", 0)):
        looks = record_of(sign_in, world, slug)["looks"]
        assert sum(row["verb"] == Look.HOUSEHOLD for row in looks) == told
        assert {row["actor_name"] for row in looks} & {world.people[slug].name} == set()


def test_what_went_along_with_a_referral_to_reach_a_caregiver_is_theirs_alone(world, sign_in):
    referral = world.referrals["requested"]
    shared = [{"what": "phone", "words": "336-555-0101"}, {"what": "asks", "words": "A tutor"}]
    type(referral).objects.filter(pk=referral.pk).update(shared=shared)
    assert referral.yes_by == world.users.caregiver
    for slug, phone in (("caregiver", "336-555-0101"), ("youth", ""), ("other_household", "")):
        rows = record_of(sign_in, world, slug)["referrals"]
        found = next(row for row in rows if row["id"] == referral.pk)["shared"]
        assert found == [{"what": "phone", "words": phone}, {"what": "asks", "words": "A tutor"}]


def test_what_was_taken_back_or_replaced_is_not_shown_here_either(world):
    rosa = world.users.caregiver
    take_back_comment(team=world.team, item=world.items["need"], comment=world.comment, by=world.users.youth)
    LastWord.objects.filter(ending=world.ending).update(ended_at=timezone.now())
    for model in (Comment, LastWord, Answer):
        assert list(access.own_record(rosa, world.team, model)) == []


def test_the_same_queries_however_much_it_holds(world, sign_in, monkeypatch):
    monkeypatch.setattr(archive, "archive_papers", lambda user, team: [])  # a record on paper has queries of its own
    agree_for_family(team=world.team, by=world.users.caregiver, seen_hash=hash_of(content_of(world.team)))
    client, counts = sign_in(world.users.caregiver), []
    file_of(client, world)  # the first request of a session writes when it was
    for numbers in ([1], [2, 3]):
        grow(world, numbers)
        forget_scope(world.users.caregiver)
        with CaptureQueriesContext(connection) as queries:
            file_of(client, world)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.alone
def test_a_thousand_notes_are_one_file_in_three_seconds(world, sign_in, monkeypatch):
    monkeypatch.setattr(archive, "archive_papers", lambda user, team: [])
    client = sign_in(world.users.caregiver)
    file_of(client, world)
    Note.objects.bulk_create(
        Note(team=world.team, meeting=world.meeting, title="A title", text="Long words. " * 40) for _note in range(1000)
    )
    began = time.process_time()
    file_of(client, world)
    assert time.process_time() - began < 3
