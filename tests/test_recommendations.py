"""Recommendations go out, wait, and come back with an answer; a closed group's stay inside."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from collaboratives import access
from collaboratives.actions.recommendations import (
    add_recommendation,
    answer_recommendation,
    change_recommendation,
)
from collaboratives.enums import Asked
from collaboratives.models import Collaborative, Recommendation
from collaboratives.views.recommendations import in_state, recommendation_facts, with_state
from soc_portal.notices.models import Notice
from soc_portal.versions.actions import Conflict
from tests.parts.group_meetings import recommend

DAY = dt.timedelta(days=1)


def url(name, *numbers):
    return reverse(f"collaboratives:{name}", args=numbers)


def typed(**changes):
    values = {
        "topic": "training", "text": "Train all schools", "addressee": "School board",
        "sent_on": timezone.localdate().isoformat(), "due_on": "", "to_group": "", "meeting": "",
    }  # fmt: skip
    return values | changes


def told(kind):
    return sorted(notice.user.name for notice in Notice.objects.filter(kind=kind))


# --- Who sees which: exact sets --------------------------------------------------------------------------------------
def test_everybody_sees_those_of_open_groups_and_a_closed_ones_only_its_members_who_signed(world):
    is_open = {world.recommendation, world.state_recommendation}
    for slug, user in world.people.items():
        wanted = is_open | {world.closed_recommendation} if slug == "local_team_chair" else is_open
        assert set(access.visible_recommendations(user)) == wanted, slug
    assert set(access.open_recommendations()) == is_open


def test_the_states_list_holds_its_own_and_what_was_sent_up(world):
    council_only = recommend(world.jcpc, "To the commissioners", by=world.users.jcpc_chair)
    to_council = recommend(world.state_group, "To the council", by=world.users.state_cochair, to_group=world.jcpc)
    found = set(access.state_recommendations(world.users.local_team_chair))
    assert found == {world.recommendation, world.state_recommendation, to_council}
    assert council_only not in found


def test_whom_a_group_may_address_is_exact(world):
    user = world.users.local_team_chair
    assert set(access.groups_to_recommend_to(user, world.jcpc)) == {world.other_jcpc, world.state_group}
    assert set(access.groups_to_recommend_to(user, world.local_team)) == set()


# --- Adding ----------------------------------------------------------------------------------------------------------
def test_the_runners_of_the_addressed_group_are_told(world):
    Notice.objects.all().delete()
    row = recommend(world.jcpc, "One form for all", by=world.users.jcpc_chair, to_group=world.state_group)
    assert told("recommendation_came") == ["Lorraine Battle"]
    assert row.addressee == "State Collaborative for Children and Families"
    assert Notice.objects.get().path == url("recommendation_list", world.state_group.pk)


def test_nothing_passes_between_a_closed_group_and_another(world):
    for group, to_group in ((world.local_team, world.jcpc), (world.jcpc, world.local_team)):
        with pytest.raises(ValidationError, match="Closed groups don't exchange"):
            recommend(group, "x", by=world.users.local_team_chair, to_group=to_group)
    with pytest.raises(ValidationError, match="to itself"):
        recommend(world.jcpc, "x", by=world.users.jcpc_chair, to_group=world.jcpc)


def test_a_meeting_of_another_group_is_refused(world):
    row = Recommendation(topic="funding", text="x", addressee="y", meeting=world.group_meetings["closed"])
    with pytest.raises(ValidationError, match="another group's meeting"):
        add_recommendation(group=world.jcpc, row=row, by=world.users.jcpc_chair)


def test_the_form_sent_twice_adds_one(world, sign_in):
    client, path = sign_in(world.users.jcpc_chair), url("recommendation_add", world.jcpc.pk)
    for _time in range(2):
        assert client.post(path, typed()).status_code == 302
    assert Recommendation.objects.filter(text="Train all schools").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"topic": "other"}, "topic", "Choose one."),
        ({"text": ""}, "text", "Write what the group recommends."),
        ({"addressee": ""}, "addressee", "Write to whom it goes, or choose a group."),
        ({"to_group": "closed"}, "to_group", "Choose one of these."),
        ({"to_group": "999999"}, "to_group", "Choose one of these."),
        ({"sent_on": "tomorrow"}, "sent_on", "Write a day as month"),
        ({"sent_on": (timezone.localdate() + 2 * DAY).isoformat()}, "sent_on", "This day is still to come."),
        ({"due_on": (timezone.localdate() - 2 * DAY).isoformat()}, "due_on", "be due before it is sent"),
        ({"meeting": "closed"}, "meeting", "Choose one of these."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_everything_typed_stays(world, sign_in, wrong, field, words):
    closed = {"to_group": world.local_team.pk, "meeting": world.group_meetings["closed"].pk}
    wrong = {name: closed[name] if value == "closed" else value for name, value in wrong.items()}
    response = sign_in(world.users.jcpc_chair).post(url("recommendation_add", world.jcpc.pk), typed(**wrong))
    assert response.status_code == 422
    assert words in str(response.context["form"].errors[field])
    if "text" not in wrong:
        assert "Train all schools" in response.content.decode()


def test_a_closed_group_is_offered_nobody_to_send_it_to(world, sign_in):
    client = sign_in(world.users.local_team_chair)
    form = client.get(url("recommendation_add", world.local_team.pk)).context["form"]
    assert "to_group" not in form.fields
    assert client.post(url("recommendation_add", world.local_team.pk), typed()).status_code == 302


# --- Changing --------------------------------------------------------------------------------------------------------
def test_it_changes_while_nobody_has_answered(world, sign_in):
    row, client = world.recommendation, sign_in(world.users.jcpc_chair)
    path = url("recommendation_edit", world.jcpc.pk, row.pk)
    assert "addressee" not in client.get(path).context["form"].fields  # the group it went to stays the one
    client.post(path, {"topic": "funding", "text": "Pay for evenings", "due_on": "", "version": 1})
    row.refresh_from_db()
    assert (row.text, row.version, row.to_group) == ("Pay for evenings", 2, world.state_group)
    answer_recommendation(
        row=row, by=world.users.state_cochair, base_version=2, answer="Yes", answered_on=timezone.localdate()
    )
    response = client.post(path, {"topic": "funding", "text": "Too late", "due_on": "", "version": 3})
    assert response.status_code == 422 and "Too late" in response.content.decode()
    with pytest.raises(ValidationError, match="stays as it was sent"):
        change_recommendation(row=row, by=world.users.jcpc_chair, base_version=3, values={"text": "x"})


# --- Answers ---------------------------------------------------------------------------------------------------------
def test_who_answers_is_exact(world):
    def answerers(row):
        return {slug for slug, user in world.people.items() if access.can_answer_recommendation(user, row)}

    assert answerers(world.recommendation) == {"state_cochair"}  # addressed to the state's group
    outside = recommend(world.jcpc, "To the commissioners", by=world.users.jcpc_chair)
    assert answerers(outside) == {"jcpc_chair", "coordinator"}  # those who asked note what came in
    assert answerers(world.closed_recommendation) == {"local_team_chair"}


def test_an_answer_comes_back_to_those_who_asked(world, sign_in):
    Notice.objects.all().delete()
    client = sign_in(world.users.state_cochair)
    path = url("recommendation_answer", world.jcpc.pk, world.recommendation.pk)
    assert "Pay for evening hours" in client.get(path).content.decode()
    response = client.post(path, {"answer": "Yes, from May", "answered_on": timezone.localdate(), "version": 1})
    assert response.url == url("recommendation_list", world.state_group.pk)
    assert told("recommendation_answered") == ["Harriet Cole"]
    page = sign_in(world.users.caregiver).get(url("recommendation_list", world.jcpc.pk)).content.decode()
    assert "Yes, from May" in page and "Waiting for an answer" not in page.split("</form>")[-1]
    client = sign_in(world.users.state_cochair)
    client.post(path, {"answer": "Yes, from April", "answered_on": timezone.localdate(), "version": 2})
    assert told("recommendation_answered") == ["Harriet Cole"]  # told once
    response = client.post(path, {"answer": "", "answered_on": timezone.localdate(), "version": 3})
    assert response.status_code == 422  # made better, never taken away


@pytest.mark.parametrize(("days", "is_right"), [(-3, False), (-2, True), (0, True), (1, False)])
def test_an_answer_comes_between_the_day_it_was_sent_and_today(world, days, is_right):
    today = timezone.localdate()
    row = recommend(world.jcpc, "x", by=world.users.jcpc_chair, sent_on=today - 2 * DAY)
    act = {"row": row, "by": world.users.jcpc_chair, "base_version": 1, "answer": "No"}
    if is_right:
        assert answer_recommendation(**act, answered_on=today + days * DAY).is_answered
    else:
        with pytest.raises(ValidationError, match="between the day it was sent and today"):
            answer_recommendation(**act, answered_on=today + days * DAY)


def test_two_who_write_the_answer_meet(world):
    row, by, today = world.state_recommendation, world.users.state_cochair, timezone.localdate()
    answer_recommendation(row=row, by=by, base_version=1, answer="One", answered_on=today)
    with pytest.raises(Conflict):
        answer_recommendation(row=row, by=world.users.state_member, base_version=1, answer="Two", answered_on=today)


# --- Where it stands -------------------------------------------------------------------------------------------------
def test_the_day_itself_is_still_in_time_and_the_next_is_late(world):
    today = timezone.localdate()
    by = world.users.jcpc_chair
    rows = {
        "no day": recommend(world.jcpc, "no day", by=by, sent_on=today - 9 * DAY),
        "today": recommend(world.jcpc, "today", by=by, sent_on=today - 9 * DAY, due_on=today),
        "late": recommend(world.jcpc, "late", by=by, sent_on=today - 9 * DAY, due_on=today - DAY),
        "answered": recommend(world.jcpc, "answered", by=by, sent_on=today - 9 * DAY, due_on=today - DAY),
    }
    answer_recommendation(row=rows["answered"], by=by, base_version=1, answer="Yes", answered_on=today)
    ours = Recommendation.objects.filter(pk__in=[row.pk for row in rows.values()])
    looks = {row.text: row.badge[0] for row in with_state(ours, today)}
    assert looks == {"no day": "wait", "today": "wait", "late": "late", "answered": "done"}
    for state, wanted in (
        (Asked.WAITING, {"no day", "today"}), (Asked.LATE, {"late"}), (Asked.ANSWERED, {"answered"}),
        ("", set(rows)), ("junk", set(rows)),
    ):  # fmt: skip
        assert {row.text for row in in_state(ours, state, today)} == wanted


def test_the_list_is_narrowed_by_topic_and_state_and_ignores_junk(world, sign_in):
    client, path = sign_in(world.users.caregiver), url("state_recommendations")
    assert len(client.get(path).context["rows"]) == 2
    assert len(client.get(path, {"topic": "funding", "state": "waiting"}).context["rows"]) == 2
    assert client.get(path, {"topic": "training"}).context["rows"] == []
    assert "No recommendation fits." in client.get(path, {"state": "answered"}).content.decode()
    assert len(client.get(path, {"topic": "'junk", "state": "x", "page": "zz"}).context["rows"]) == 2


def test_the_facts_for_the_groups_page(world, django_assert_max_num_queries, rf):
    from django.template.loader import render_to_string

    group = Collaborative.objects.select_related("kind_of").get(pk=world.state_group.pk)
    user = world.users.state_cochair
    recommendation_facts(user, group)
    with django_assert_max_num_queries(4):
        facts = recommendation_facts(user, group)
    assert facts["recommendations"] == [world.state_recommendation]
    assert (facts["recommendations_asked"], facts["can_recommend"]) == (1, True)
    request = rf.get("/")
    request.user = user
    html = render_to_string("collaboratives/parts/group_recommendations.html", facts, request=request)
    assert "One report instead of five" in html and "waits for your answer" in html
    closed = Collaborative.objects.select_related("kind_of").get(pk=world.local_team.pk)
    assert recommendation_facts(user, closed)["recommendations"] == []
