"""How a team comes to its end: nothing is required, everybody has a last word, and the family keeps its record."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from soc_portal.access.scope import forget_scope
from soc_portal.drafts.actions import keep_drafts
from soc_portal.notices.models import Notice
from teams import access
from teams.actions import ending as actions
from teams.actions.grants import give_grant
from teams.actions.items import add_item
from teams.actions.memberships import end_membership
from teams.enums import EndReason, Part
from teams.models import Ending, LastWord, Membership, PlanPart
from tests.parts.ending import add_friend

GOALS = {"reason": "goals", "ends_on": None}


def url(world, name="ending_detail", **more):
    return reverse(f"teams:{name}", kwargs={"team_id": world.team.pk, **more})


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user__email", flat=True))


def member(world, slug):
    return Membership.objects.get(team=world.team, user=world.people[slug], ended_at=None)


def give_up(world):
    actions.give_up_ending(ending=world.ending, by=world.users.youth)


def close(world):
    actions.close_team(ending=world.ending, by=world.users.caregiver)
    world.team.refresh_from_db()
    for user in world.people.values():
        forget_scope(user)


# --- Begin, change, go on --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", ["provider", "dss_worker", "youth", "caregiver"])
def test_anybody_on_the_team_begins_and_everybody_is_told(world, sign_in, slug):
    give_up(world)
    Notice.objects.all().delete()
    client = sign_in(world.people[slug])
    assert "Get ready to end" in client.get(url(world)).content.decode()
    day = timezone.localdate() + dt.timedelta(days=30)
    data = {"seen": "", "reason": "ready", "ends_on": day.isoformat(), "words": " It is\ntime. "}
    assert client.post(url(world, "ending_begin"), data).url == url(world)
    ending = Ending.objects.get(team=world.team, ended_at=None)
    assert (ending.reason, ending.ends_on, ending.words) == ("ready", day, " It is\ntime. ")
    assert ending.begun_by == world.people[slug]
    on_it = {"caregiver", "youth", "other_household", "grandmother", "family_partner", "facilitator", "dss_worker",
             "court_counselor", "provider"}  # fmt: skip
    assert told("ending_begun") == {world.people[one].email for one in on_it - {slug}}
    assert "It is" in client.get(url(world)).content.decode()


def test_a_bad_form_keeps_what_was_typed(world, sign_in):
    give_up(world)
    client = sign_in(world.users.dss_worker)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    for data in (
        {"words": "Typed words"}, {"reason": "nonsense", "words": "Typed words"},
        {"reason": "goals", "ends_on": yesterday.isoformat(), "words": "Typed words"},
        {"reason": "goals", "ends_on": "soon", "words": "Typed words"},
        {"reason": "goals", "words": "Typed words" + "x" * 20_000}, {"reason": "goals", "words": "Typed words\0"},
    ):  # fmt: skip
        response = client.post(url(world, "ending_begin"), data)
        assert response.status_code == 422 and "Typed words" in response.content.decode(), data
    assert not Ending.objects.filter(team=world.team, ended_at=None).exists()


def test_two_who_begin_at_once_lose_nothing(world, sign_in):
    client = sign_in(world.users.dss_worker)
    data = {"seen": "", "reason": "moved", "words": "My words"}
    for _time in range(2):
        response = client.post(url(world, "ending_begin"), data)
        assert response.status_code == 422
        html = response.content.decode()
        assert "My words" in html and "We made it." in html and "began this just now" in html
    world.ending.refresh_from_db()
    assert (world.ending.reason, world.ending.words) == ("goals", "We made it.")


def test_anybody_changes_why_and_when_but_the_words_are_their_writers(world, sign_in):
    day = timezone.localdate()
    data = {"seen": actions.seen_of(world.ending), "reason": "moved", "ends_on": day.isoformat(), "words": "Mine now"}
    client = sign_in(world.users.grandmother)
    assert 'name="words"' not in client.get(url(world, "ending_begin")).content.decode()
    assert client.post(url(world, "ending_begin"), data).status_code == 302
    world.ending.refresh_from_db()
    assert (world.ending.reason, world.ending.ends_on, world.ending.words) == ("moved", day, "We made it.")
    client = sign_in(world.users.facilitator)
    data["seen"] = actions.seen_of(world.ending)
    assert client.post(url(world, "ending_begin"), data).status_code == 302
    world.ending.refresh_from_db()
    assert world.ending.words == "Mine now"


def test_a_change_on_an_old_page_is_refused_and_can_be_sent_again(world, sign_in):
    old = actions.seen_of(world.ending)
    actions.change_ending(ending=world.ending, by=world.users.youth, seen=old, reason="moved", ends_on=None)
    client = sign_in(world.users.facilitator)
    data = {"seen": old, "reason": "other", "words": "Typed"}
    response = client.post(url(world, "ending_begin"), data)
    assert response.status_code == 422 and "Typed" in response.content.decode()
    world.ending.refresh_from_db()
    assert world.ending.reason == "moved"
    seen = response.context["seen"]
    assert client.post(url(world, "ending_begin"), data | {"seen": seen}).status_code == 302


def test_a_past_day_that_was_set_before_may_stay_and_the_same_values_change_nothing(world, sign_in):
    past = timezone.localdate() - dt.timedelta(days=3)
    Ending.objects.filter(pk=world.ending.pk).update(ends_on=past)
    world.ending.refresh_from_db()
    data = {"seen": actions.seen_of(world.ending), "reason": "goals", "ends_on": past.isoformat()}
    assert sign_in(world.users.youth).post(url(world, "ending_begin"), data).status_code == 302
    same = actions.change_ending(
        ending=world.ending, by=world.users.youth, seen=data["seen"], reason="goals", ends_on=past
    )
    assert actions.seen_of(same) == data["seen"]


def test_the_team_goes_on_after_all(world, sign_in):
    client = sign_in(world.users.grandmother)
    seen = client.get(url(world, "ending_give_up")).context["seen"]
    assert client.post(url(world, "ending_give_up"), {"seen": seen}).status_code == 302
    world.ending.refresh_from_db()
    assert world.ending.ended_by == world.users.grandmother
    assert "I am proud" not in client.get(url(world)).content.decode()
    assert LastWord.objects.get(ending=world.ending).ended_at is None
    with pytest.raises(ValidationError, match="given up"):
        give_up(world)


@pytest.mark.parametrize("name", ["ending_give_up", "ending_close"])
def test_a_page_that_is_out_of_date_changes_nothing(world, sign_in, name):
    client = sign_in(world.users.caregiver)
    for data in ({}, {"seen": "0" * 16}):
        response = client.post(url(world, name), data, follow=True)
        assert "changed in the meantime" in response.content.decode()
    seen = actions.seen_of(world.ending)
    give_up(world)
    for method, data in ((client.get, {}), (client.post, {"seen": seen})):
        assert "changed in the meantime" in method(url(world, name), data, follow=True).content.decode()
    world.team.refresh_from_db()
    assert world.team.is_live


def test_the_action_itself_refuses_what_came_too_late(world, sign_in, monkeypatch):
    """Between the look of the page and the lock somebody else was faster."""
    client, seen = sign_in(world.users.caregiver), actions.seen_of(world.ending)
    monkeypatch.setattr(access, "present_ending", lambda user, team: world.ending)
    give_up(world)
    for name in ("ending_give_up", "ending_close"):
        client.post(url(world, name), {"seen": seen})
    assert client.post(url(world, "ending_word"), {"text": "Kept words"}).status_code == 422
    world.team.refresh_from_db()
    assert world.team.is_live


def test_a_change_of_what_was_given_up_keeps_the_words(world, sign_in):
    seen = actions.seen_of(world.ending)
    give_up(world)
    response = sign_in(world.users.facilitator).post(
        url(world, "ending_begin"), {"seen": seen, "reason": "goals", "words": "Typed"}
    )
    assert response.status_code == 422 and "Typed" in response.content.decode()
    assert response.context["seen"] == ""


# --- What the page shows ---------------------------------------------------------------------------------------------
def test_who_may_not_read_the_plan_sees_no_part_of_it(world, sign_in):
    add_item(team=world.team, by=world.users.caregiver, item=PlanPart(part=Part.TRANSITION_WHO, text="Carmen stays"))
    html = sign_in(world.users.provider).get(url(world)).content.decode()
    assert "I am proud." in html
    for secret in ("Carmen stays", "Move the lunch table", "A court step", "Who stays with us"):
        assert secret not in html
    html = sign_in(world.users.facilitator).get(url(world)).content.decode()
    assert "Carmen stays" in html and "Move the lunch table" in html and "A court step" not in html
    assert "?part=transition_if" in html and "?part=transition_who" not in html
    assert "A court step" in sign_in(world.users.court_counselor).get(url(world)).content.decode()


def test_a_grant_opens_no_ending(world, sign_in):
    chair, until = world.users.jcpc_chair, timezone.now() + dt.timedelta(days=2)
    give_grant(team=world.team, user=chair, sections=["plan"], reason="Covers", until=until, by=world.users.caregiver)
    forget_scope(chair)
    assert list(access.visible_endings(chair, world.team)) == []
    assert sign_in(chair).get(url(world)).status_code == 404


def test_endings_and_last_words_are_those_of_the_team(world):
    other = actions.begin_ending(team=world.other_team, by=world.users.other_caregiver, reason="moved")
    actions.say_last_word(
        ending=other, membership=world.other_team.memberships.get(user=world.users.other_caregiver), text="Bye",
        by=world.users.other_caregiver,
    )  # fmt: skip
    for slug in ("caregiver", "provider", "dss_worker"):
        user = world.people[slug]
        assert list(access.visible_endings(user, world.team)) == [world.ending]
        assert [word.text for word in access.visible_last_words(user, world.team, world.ending)] == ["I am proud."]
        assert list(access.visible_last_words(user, world.team, other)) == []


# --- Last words ------------------------------------------------------------------------------------------------------
def test_a_newer_word_takes_the_place_of_the_old_one(world, sign_in):
    client = sign_in(world.users.dss_worker)
    for text in (" First\n", "Second", "Second"):
        assert client.post(url(world, "ending_word"), {"text": text}).url == url(world)
    words = LastWord.objects.filter(membership=member(world, "dss_worker")).order_by("pk")
    assert [(word.text, word.ended_at is None, word.noted_by) for word in words] == [
        (" First\n", False, None), ("Second", True, None)
    ]  # fmt: skip
    assert "Second" in client.get(url(world, "ending_word")).content.decode()
    html = sign_in(world.users.youth).get(url(world)).content.decode()
    assert "Second" in html and "First" not in html
    assert client.post(url(world, "ending_word"), {"text": " \n"}).status_code == 422


def test_a_draft_of_a_last_word_comes_back(world, sign_in):
    user = world.users.youth
    keep_drafts(user=user, path=url(world, "ending_word"), fields={"text": "Half a wo"}, now=timezone.now())
    assert "Half a wo" in sign_in(user).get(url(world, "ending_word")).content.decode()


def test_whoever_writes_notes_the_word_of_a_member_without_an_account(world, sign_in):
    friend = add_friend(world, 1)
    client = sign_in(world.users.dss_worker)
    assert "Note it for them" in client.get(url(world)).content.decode()
    assert client.post(url(world, "ending_word_note", membership_id=friend.pk), {"text": "Bye"}).status_code == 302
    assert LastWord.objects.get(membership=friend).noted_by == world.users.dss_worker
    assert "Noted by Denise Whitfield" in client.get(url(world)).content.decode()
    other = url(world, "ending_word_note", membership_id=member(world, "youth").pk)
    assert client.post(other, {"text": "Bye"}).status_code == 403
    with pytest.raises(ValidationError, match="themselves"):
        actions.say_last_word(
            ending=world.ending, membership=member(world, "youth"), text="Bye", by=world.users.dss_worker
        )


def test_who_stepped_back_says_no_last_word(world):
    gone = member(world, "dss_worker")
    end_membership(membership=gone, by=world.users.caregiver, reason=EndReason.FAMILY)
    with pytest.raises(ValidationError, match="not on the team"):
        actions.say_last_word(ending=world.ending, membership=gone, text="Bye", by=world.users.dss_worker)


def test_a_word_for_an_ending_that_was_given_up_stays_on_the_page(world, sign_in):
    client = sign_in(world.users.youth)
    give_up(world)
    assert client.get(url(world, "ending_word")).status_code == 302
    response = client.post(url(world, "ending_word"), {"text": "My words"})
    assert response.status_code == 422
    assert "My words" in response.content.decode() and "given up" in response.content.decode()


# --- Closing, and afterwards -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("part", [None, Part.MISSION, Part.TRANSITION_IF])
def test_a_caregiver_closes_the_team_with_and_without_a_transition_plan(world, sign_in, part):
    if part:
        existing = PlanPart.objects.filter(team=world.team, part=part)
        if not existing.exists():
            add_item(team=world.team, by=world.users.caregiver, item=PlanPart(part=part, text="We call Tonya"))
    client = sign_in(world.users.caregiver)
    page = client.get(url(world, "ending_close"))
    assert "You can close the team without it" in page.content.decode()
    response = client.post(url(world, "ending_close"), {"seen": page.context["seen"]}, follow=True)
    assert "Your team has come to its end." in response.content.decode()
    world.ending.refresh_from_db()
    world.team.refresh_from_db()
    assert world.ending.closed_by == world.team.ended_by == world.users.caregiver
    assert world.ending.had_transition is (part == Part.TRANSITION_IF)
    assert not Notice.objects.filter(kind="member_ended", user=world.users.dss_worker).exists()
    paths = dict(Notice.objects.filter(kind="team_closed").values_list("user__email", "path"))
    assert paths[world.users.youth.email] == paths[world.users.other_household.email] == url(world)
    assert paths[world.users.dss_worker.email] == paths[world.users.provider.email] == reverse("home")
    assert world.users.caregiver.email not in paths and len(paths) == 8


def test_a_team_is_closed_once(world, sign_in):
    seen = actions.seen_of(world.ending)
    close(world)
    with pytest.raises(ValidationError, match="come to its end"):
        actions.close_team(ending=world.ending, by=world.users.other_household)
    with pytest.raises(ValidationError, match="come to its end"):
        actions.begin_ending(team=world.team, by=world.users.caregiver, reason="goals")
    client = sign_in(world.users.other_household)
    uncle = world.members["caregiver"].pk
    for name, more in (
        ("ending_close", {}), ("ending_give_up", {}), ("ending_begin", {}), ("ending_word", {}),
        ("ending_word_note", {"membership_id": uncle}),
    ):  # fmt: skip
        response = client.post(url(world, name, **more), {"seen": seen, "text": "Late", "reason": "moved"}, follow=True)
        assert "Nothing was changed" in response.content.decode(), name
    world.ending.refresh_from_db()
    assert world.ending.closed_by == world.users.caregiver and world.ending.reason == "goals"
    assert not LastWord.objects.filter(text="Late").exists()


@pytest.mark.parametrize("slug", ["caregiver", "other_household", "youth"])
def test_after_the_end_the_family_reads_everything_and_writes_nothing(world, sign_in, slug):
    close(world)
    client = sign_in(world.people[slug])
    for name, more in (
        ("team_detail", {}), ("plan_detail", {}), ("meeting_list", {}), ("look_list", {}), ("member_list", {}),
        ("meeting_detail", {"meeting_id": world.meeting.pk}), ("sharing_detail", {}), ("archive_detail", {}),
        ("plan_history", {}), ("referral_list", {}), ("barrier_list", {}),
    ):  # fmt: skip
        assert client.get(url(world, name, **more)).status_code == 200, name
    html = client.get(url(world)).content.decode()
    assert "I am proud." in html and "closed the team on" in html and "Say my last word" not in html
    assert client.post(url(world, "item_add", kind="need"), {"text": "Late"}).status_code == 403
    assert client.post(url(world, "archive_file")).status_code == 200


@pytest.mark.parametrize(
    "slug", ["dss_worker", "facilitator", "provider", "grandmother", "family_partner", "court_counselor"]
)
def test_after_the_end_everybody_else_finds_nothing(world, sign_in, slug):
    close(world)
    client = sign_in(world.people[slug])
    for name in ("team_detail", "plan_detail", "meeting_list", "ending_detail", "archive_detail"):
        assert client.get(url(world, name)).status_code == 404
    assert client.post(url(world, "archive_file")).status_code == 404


@pytest.mark.parametrize("slug", ["youth", "dss_worker", "provider"])
def test_only_a_caregiver_closes(world, sign_in, slug):
    with pytest.raises(PermissionDenied):
        access.require_closer(world.people[slug], world.team)
    client = sign_in(world.people[slug])
    assert "Close our team" not in client.get(url(world)).content.decode()
    assert client.post(url(world, "ending_close"), {"seen": actions.seen_of(world.ending)}).status_code == 403
    world.team.refresh_from_db()
    assert world.team.is_live
