"""Talking about a part of the plan: what is said stays letter by letter, and the other side answers suggestions."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from soc_portal.notices.models import Notice
from soc_portal.versions.models import Revision
from teams import access
from teams.actions.items import add_item, change_item, end_item
from teams.actions.talk import add_comment, suggest
from teams.models import Comment, Need, Suggestion


def url(world, name="item_talk", kind="need", item=None, **more):
    item = item or world.items[kind]
    return reverse(f"teams:{name}", kwargs={"team_id": world.team.pk, "kind": kind, "item_id": item.pk, **more})


def member(world, slug):
    return world.team.memberships.get(user=getattr(world.users, slug))


def suggested(world, slug, item, text="New words"):
    return suggest(
        team=world.team, item=item, membership=member(world, slug), base_version=item.version, text=text, why="",
        by=getattr(world.users, slug),
    )  # fmt: skip


@pytest.fixture
def need(world):
    return add_item(team=world.team, by=world.users.facilitator, item=Need(text="Old words"))


def test_a_comment_is_kept_letter_by_letter_and_tells_the_mentioned(world, sign_in, need):
    client, rosa, dss = sign_in(world.users.caregiver), member(world, "caregiver"), member(world, "dss_worker")
    long = "  x\n" + "é" * 19_000 + " "
    data = {"text": long, "mentions": [rosa.pk, dss.pk]}
    before = Notice.objects.count()
    assert client.post(url(world, item=need), data).status_code == 302
    comment = Comment.objects.get(item_id=need.pk, item_kind=need.kind)
    assert (comment.text, set(comment.mentions.all())) == (long, {rosa, dss})
    assert list(Notice.objects.order_by("pk")[before:].values_list("kind", "user")) == [
        ("mentioned", world.users.dss_worker.pk)
    ]
    assert "For " in client.get(url(world, item=need)).content.decode()
    assert client.post(url(world, "comment_end", item=need, comment_id=comment.pk)).status_code == 302
    assert "ééé" not in client.get(url(world, item=need)).content.decode()


def test_nothing_is_lost_when_the_part_was_taken_away(world, sign_in, need):
    end_item(team=world.team, item=need, by=world.users.facilitator)
    client = sign_in(world.users.caregiver)
    response = client.post(url(world, item=need), {"text": "My words"})
    assert response.status_code == 422
    assert "My words" in response.content.decode()
    response = client.post(url(world, "suggestion_add", item=need), {"text": "Mine", "base_version": 1})
    assert response.status_code == 422
    assert client.post(url(world, item=need), {"text": "x" * 20_001}).status_code == 422


def test_the_family_answers_what_others_suggest(world, sign_in, need):
    client = sign_in(world.users.dss_worker)
    data = {"text": "New words", "base_version": need.version}
    assert client.post(url(world, "suggestion_add", item=need), data).status_code == 302
    suggestion = Suggestion.objects.get(item_id=need.pk, text="New words")
    assert Notice.objects.filter(kind="suggestion_made", user=world.users.caregiver).exists()
    answer = url(world, "suggestion_answer", item=need, suggestion_id=suggestion.pk)
    assert client.post(answer, {"accept": "yes"}).status_code == 403
    client = sign_in(world.users.caregiver)
    response = client.post(answer, {"words": "Half typed"})
    assert response.status_code == 422 and response.context["failed"]
    assert "Choose yes or no." in response.content.decode() and "Half typed</textarea>" in response.content.decode()
    assert Suggestion.objects.get(pk=suggestion.pk).state == "open"
    client.post(answer, {"accept": "yes", "words": "Good"})
    need.refresh_from_db()
    assert need.text == "New words"
    assert "Good" in client.get(url(world, item=need)).content.decode()
    response = client.post(answer, {"accept": "no", "words": "Too late"})
    assert response.status_code == 422
    assert "answered already" in response.content.decode() and "Too late" in response.content.decode()
    assert Suggestion.objects.get(pk=suggestion.pk).state == "accepted"


def test_the_history_names_who_suggested_the_words_that_were_taken_over(world, sign_in, need):
    rosa, dss = world.users.caregiver, world.users.dss_worker
    suggestion = suggested(world, "dss_worker", need)
    sign_in(rosa).post(url(world, "suggestion_answer", item=need, suggestion_id=suggestion.pk), {"accept": "yes"})
    for text in ("Others", "New words"):  # the same words again, by hand: nobody suggested that save
        need.refresh_from_db()
        need = change_item(team=world.team, item=need, by=rosa, base_version=need.version, values={"text": text})
    later = timezone.now() + dt.timedelta(hours=1)
    Revision.objects.filter(kind=need.kind, item_id=need.pk, version=need.version).update(at=later)
    response = sign_in(world.users.grandmother).get(url(world, "item_history", item=need))
    assert [state["suggested_by"] for state in response.context["states"]] == ["", "", dss.name, ""]
    assert f"{dss.name} suggested these words." in response.content.decode()


def test_a_suggestion_that_is_being_typed_is_kept_on_the_version_it_began_with(world, sign_in, need):
    client = sign_in(world.users.dss_worker)
    path = url(world, "suggestion_add", item=need)
    fields = {"text": "Half a sugg", "why": "Since", "base_version": need.version}
    assert client.post(reverse("drafts:keep"), fields | {"draft_path": path}).status_code == 204
    change_item(
        team=world.team, item=need, by=world.users.facilitator, base_version=need.version, values={"text": "Third"}
    )
    assert client.get(path).url == url(world, item=need)
    response = client.get(path, follow=True)
    html = response.content.decode()
    assert "Half a sugg</textarea>" in html and "Since</textarea>" in html and "We kept what you typed" in html
    assert f'name="base_version" value="{need.version}"' in html
    assert "Half a sugg" not in sign_in(world.users.facilitator).get(url(world, item=need)).content.decode()
    assert client.post(path, fields).status_code == 302
    assert "We kept what you typed" not in client.get(url(world, item=need)).content.decode()


def test_any_writer_answers_what_the_family_suggests(world, sign_in, need):
    suggestion = suggested(world, "caregiver", need)
    answer = url(world, "suggestion_answer", item=need, suggestion_id=suggestion.pk)
    assert sign_in(world.users.caregiver).post(answer, {"accept": "yes"}).status_code == 403
    sign_in(world.users.dss_worker).post(answer, {"accept": "no"})
    assert Suggestion.objects.get(pk=suggestion.pk).state == "declined"


def test_a_text_that_changed_leaves_the_suggestion_open(world, sign_in, need):
    suggestion = suggested(world, "dss_worker", need)
    change_item(
        team=world.team, item=need, by=world.users.facilitator, base_version=need.version, values={"text": "Third"}
    )
    answer = url(world, "suggestion_answer", item=need, suggestion_id=suggestion.pk)
    response = sign_in(world.users.caregiver).post(answer, {"accept": "yes", "words": "Yes, these are better"})
    assert response.status_code == 422
    html = response.content.decode()
    assert "The text has changed" in html and "Yes, these are better</textarea>" in html
    assert Suggestion.objects.get(pk=suggestion.pk).state == "open"


def test_its_author_takes_a_suggestion_back_once(world, sign_in, need):
    suggestion = suggested(world, "dss_worker", need)
    end = url(world, "suggestion_end", item=need, suggestion_id=suggestion.pk)
    client = sign_in(world.users.dss_worker)
    for _time in range(2):
        assert client.post(end).status_code == 302
    assert Suggestion.objects.get(pk=suggestion.pk).state == "taken_back"


def test_nobody_suggests_other_words_for_somebodys_own(world, sign_in):
    client = sign_in(world.users.caregiver)
    data = {"text": "Others", "base_version": 1}
    assert client.post(url(world, "suggestion_add", kind="words"), data).status_code == 403
    assert client.get(url(world, kind="topic")).status_code == 404
    with pytest.raises(ValidationError):
        suggested(world, "caregiver", world.items["goal"], text="")


def test_what_is_said_about_a_hidden_part_is_hidden_with_it(world):
    need, rosa = world.items["need_court"], world.users.caregiver
    member = world.members["caregiver"]
    said = add_comment(team=world.team, item=need, membership=member, text="A court secret", mentions=[], by=rosa)
    other = suggest(team=world.team, item=need, membership=member, base_version=1, text="Other", why="", by=rosa)
    for persona, sees in (("caregiver", True), ("youth", True), ("court_counselor", True), ("grandmother", False)):
        user = world.people[persona]
        assert list(access.visible_comments(user, world.team, need)) == [said] * sees
        assert list(access.visible_suggestions(user, world.team, need)) == [other] * sees
