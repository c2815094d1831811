"""What a team says stands in the way: written by anybody, sent by the family, never led back to it."""

import datetime as dt
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from collaboratives.enums import BarrierCategory
from collaboratives.models import Barrier, BarrierMove
from soc_portal.access.scope import forget_scope
from soc_portal.access.wall import acting_as
from soc_portal.audit.models import Event
from soc_portal.drafts.models import Draft
from soc_portal.notices.emails import message_of
from soc_portal.notices.models import Notice
from soc_portal.versions.models import Revision
from teams import access
from teams.actions.barriers import change_raised, end_raised, join_barrier, raise_barrier, send_raised
from teams.actions.names import NamesFound
from teams.models import RaisedBarrier

TEXT = "There is no ride to the clinic."


def url(world, name, **kwargs):
    return reverse(f"teams:barrier_{name}", kwargs={"team_id": world.team.pk, **kwargs})


def typed(text=TEXT, category="services", **more):
    return {"category": category, "text": text} | more


# --- Who sees and does what ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("slug", "sees"),
    [("caregiver", True), ("youth", True), ("other_household", True), ("grandmother", True), ("dss_worker", True),
     ("court_counselor", True), ("provider", False), ("expired_consent", False), ("former_member", False),
     ("coordinator", False), ("jcpc_chair", False), ("state_cochair", False), ("superuser", False)],
)  # fmt: skip
def test_what_a_team_raised_is_seen_by_those_who_read_its_plan(world, slug, sees):
    ours = {world.raised[key].pk for key in ("draft", "raised", "taken_up", "passed_on", "answered")}
    assert {row.pk for row in access.visible_raised(world.people[slug])} == (ours if sees else set())


def test_another_family_sees_its_own_alone(world):
    assert set(access.visible_raised(world.users.other_caregiver)) == {world.raised["other_county"]}


def test_a_team_reads_what_others_of_its_county_said_and_not_its_own_again(world):
    others = access.barriers_of_others(world.users.youth, world.team)
    assert [row.pk for row in others] == [world.barriers["of_another_team"].pk]
    assert list(access.barriers_of_others(world.users.other_caregiver, world.other_team)) == []


def test_staff_writes_and_the_family_alone_sends(sign_in, world):
    client = sign_in(world.users.dss_worker)
    assert client.post(url(world, "raise"), typed()).status_code == 302
    raised = RaisedBarrier.objects.get(text=TEXT)
    assert raised.barrier is None and raised.created_by == world.users.dss_worker
    assert client.post(url(world, "send", raised_id=raised.pk), {"version": 1}).status_code == 403
    client = sign_in(world.users.other_household)
    assert client.post(url(world, "send", raised_id=raised.pk), {"version": 1}).status_code == 302
    raised.refresh_from_db()
    assert (raised.barrier.text, raised.barrier.county, raised.yes_by) == (
        TEXT, world.alamance, world.users.other_household,
    )  # fmt: skip


def test_the_page_of_the_yes_shows_the_very_words_and_who_will_read_them(sign_in, world):
    page = sign_in(world.users.caregiver).get(url(world, "send", raised_id=world.raised["draft"].pk)).content.decode()
    for words in (world.raised["draft"].text, world.jcpc.name, "Other teams in the county", "people may guess"):
        assert words in page
    assert world.local_team.name not in page


# --- Nothing sent that was not read ----------------------------------------------------------------------------------
def test_words_that_changed_since_the_page_was_opened_are_not_sent(sign_in, world):
    raised = world.raised["draft"]
    change_raised(raised=raised, by=world.users.dss_worker, base_version=1, values={"text": "There is no bus at all."})
    response = sign_in(world.users.caregiver).post(url(world, "send", raised_id=raised.pk), {"version": 1})
    assert response.status_code == 422
    assert "changed just now" in response.content.decode()
    assert RaisedBarrier.objects.get(pk=raised.pk).barrier is None


def test_two_yeses_send_once(world):
    raised = world.raised["draft"]
    send_raised(raised=raised, by=world.users.caregiver, seen_version=1)
    before = Barrier.objects.count()
    with pytest.raises(ValidationError, match="gone to the county"):
        send_raised(raised=raised, by=world.users.other_household, seen_version=1)
    assert Barrier.objects.count() == before


def test_what_is_out_can_neither_be_changed_nor_taken_back(sign_in, world):
    raised = world.raised["raised"]
    with pytest.raises(ValidationError, match="gone to the county"):
        change_raised(raised=raised, by=world.users.caregiver, base_version=1, values={"text": "Other."})
    with pytest.raises(ValidationError, match="gone to the county"):
        end_raised(raised=raised, by=world.users.caregiver)
    client = sign_in(world.users.caregiver)
    for name in ("edit", "send", "end"):
        assert client.get(url(world, name, raised_id=raised.pk)).status_code == 302
        response = client.post(url(world, name, raised_id=raised.pk), typed("Something I typed."), follow=True)
        assert "gone to the county" in response.content.decode()
    assert Draft.objects.filter(user=world.users.caregiver, text="Something I typed.").exists(), "typed words are lost"
    raised.refresh_from_db()
    assert raised.text == "The bus stops at 6 pm, so youth miss the evening programs." and not raised.ended_at


def test_what_was_taken_back_is_not_sent(world):
    end_raised(raised=world.raised["draft"], by=world.users.facilitator)
    with pytest.raises(ValidationError, match="took this back"):
        send_raised(raised=world.raised["draft"], by=world.users.caregiver, seen_version=1)


def test_two_who_change_the_words_merge_them(sign_in, world):
    raised = world.raised["draft"]
    change_raised(raised=raised, by=world.users.dss_worker, base_version=1, values={"text": "Theirs."})
    client = sign_in(world.users.caregiver)
    response = client.post(url(world, "edit", raised_id=raised.pk), typed("Mine.", version=1))
    page = response.content.decode()
    assert response.status_code == 409 and "Theirs." in page and "Mine." in page
    assert client.post(url(world, "edit", raised_id=raised.pk), typed("Both.", version=2)).status_code == 302
    assert RaisedBarrier.objects.get(pk=raised.pk).text == "Both."


# --- Names -----------------------------------------------------------------------------------------------------------
def test_a_name_stops_the_text_shows_where_and_keeps_all_that_was_typed(sign_in, world):
    text = "The bus leaves before Mateo is out of school. Call 336-555-0101."
    response = sign_in(world.users.caregiver).post(url(world, "raise"), typed(text))
    page = response.content.decode()
    assert response.status_code == 422
    assert "<mark>Mateo</mark>" in page and "<mark>336-555-0101</mark>" in page
    assert "looks like a name" in page and "looks like a phone number" in page
    assert text in page.replace("&#x27;", "'")
    assert Draft.objects.filter(user=world.users.caregiver, text=text).exists()
    assert not RaisedBarrier.objects.filter(text=text).exists()


def test_names_that_came_after_the_words_are_found_when_they_are_to_go_out(sign_in, world):
    from families.models import Person

    raised = raise_barrier(
        team=world.team, by=world.users.caregiver, category="services", text="Zelda waits at the bus stop."
    )
    Person.objects.create(family=world.other_family, name="Zelda Quin")  # of another county: not asked for
    Person.objects.create(family=world.family, name="Zelda Delgado")
    response = sign_in(world.users.caregiver).post(url(world, "send", raised_id=raised.pk), {"version": 1})
    assert response.status_code == 422 and "<mark>Zelda</mark>" in response.content.decode()
    raised.refresh_from_db()
    assert raised.barrier is None


def test_a_name_stops_a_change_too(world):
    with pytest.raises(NamesFound):
        change_raised(
            raised=world.raised["draft"], by=world.users.dss_worker, base_version=1, values={"text": "We asked Rosa."}
        )


def test_a_stop_is_in_the_family_s_log_without_words(sign_in, world):
    Event.objects.all().delete()
    sign_in(world.users.dss_worker).post(url(world, "raise"), typed("We asked Rosa."))
    event = Event.objects.get(verb="text_stopped")
    assert (event.team_id, event.family_id, event.facts, event.object_id) == (world.team.pk, world.family.pk, {}, None)


# --- We see this too -------------------------------------------------------------------------------------------------
def test_one_more_team_is_counted_once(sign_in, world):
    barrier = world.barriers["of_another_team"]
    client = sign_in(world.users.caregiver)
    for _time in range(2):
        assert client.post(url(world, "join", barrier_id=barrier.pk)).status_code == 302
    barrier.refresh_from_db()
    assert barrier.teams == 2
    assert RaisedBarrier.objects.get(team=world.team, barrier=barrier).yes_by == world.users.caregiver


def test_a_barrier_of_another_county_or_with_its_answer_can_t_be_joined(sign_in, world):
    client = sign_in(world.users.caregiver)
    for key in ("other_county", "answered"):
        assert client.post(url(world, "join", barrier_id=world.barriers[key].pk)).status_code == 404
    with pytest.raises(ValidationError):
        join_barrier(team=world.other_team, barrier=world.barriers["raised"], by=world.users.other_caregiver)


# --- Nothing leads back ----------------------------------------------------------------------------------------------
def test_the_barrier_its_move_its_history_and_the_log_name_nobody_and_tell_no_day(world, time_machine):
    time_machine.move_to("2026-05-20T15:30:00-04:00")
    Event.objects.all().delete()
    raised = raise_barrier(team=world.team, by=world.users.caregiver, category=BarrierCategory.SERVICES, text=TEXT)
    raised = send_raised(raised=raised, by=world.users.caregiver, seen_version=1)
    barrier = Barrier.objects.get(pk=raised.barrier_id)
    assert barrier.created_by is barrier.updated_by is None
    assert str(barrier.raised_on) == "2026-05-01" and str(barrier.answer_due_on) == "2026-07-31"
    move = BarrierMove.objects.get(barrier=barrier)
    assert move.by is None
    for moment in (barrier.created_at, barrier.updated_at, move.at):
        assert moment.isoformat() == "2026-05-01T04:00:00+00:00", "midnight of the first"
    assert not Revision.objects.filter(kind="collaboratives.barrier", item_id=barrier.pk).exists()
    told = Event.objects.filter(family_id=None) | Event.objects.filter(object_kind="collaboratives.barrier")
    assert list(told) == []
    for event in Event.objects.all():
        assert event.facts == {} and event.object_kind == "teams.raisedbarrier"


def test_joining_leaves_no_trace_on_the_barrier_but_the_number(world):
    barrier = world.barriers["of_another_team"]
    before = Barrier.objects.values().get(pk=barrier.pk)
    join_barrier(team=world.team, barrier=barrier, by=world.users.caregiver)
    assert Barrier.objects.values().get(pk=barrier.pk) == before | {"teams": 2}
    assert BarrierMove.objects.filter(barrier=barrier).count() == 1


@pytest.mark.services
def test_behind_the_second_wall_a_group_sees_no_row_of_who_raised_what(world):
    for slug in ("jcpc_chair", "jcpc_member", "coordinator", "state_cochair", "other_caregiver"):
        with acting_as(world.people[slug].pk):
            seen = set(RaisedBarrier.objects.values_list("pk", flat=True))
        assert seen == ({world.raised["other_county"].pk} if slug == "other_caregiver" else set())
    with acting_as(world.users.caregiver.pk):
        assert RaisedBarrier.objects.count() == 5


# --- Notices ---------------------------------------------------------------------------------------------------------
def test_caregivers_are_told_that_something_waits_for_their_yes(world):
    Notice.objects.all().delete()
    raise_barrier(team=world.team, by=world.users.caregiver, category="services", text=TEXT)
    notices = Notice.objects.filter(kind="barrier_written")
    assert {notice.user for notice in notices} == {world.users.other_household}
    assert {notice.path for notice in notices} == {url(world, "list")}


def test_those_who_run_the_county_s_open_groups_are_told_once_the_next_morning(world, time_machine):
    late = timezone.localdate() + dt.timedelta(days=10)
    time_machine.move_to(dt.datetime.combine(late, dt.time(22, 15), timezone.get_current_timezone()))
    Notice.objects.all().delete()
    for text in (TEXT, "There is no dentist."):
        raised = raise_barrier(team=world.team, by=world.users.caregiver, category="services", text=text)
        send_raised(raised=raised, by=world.users.caregiver, seen_version=1)
    notices = Notice.objects.filter(kind="barriers_wait")
    assert sorted(notice.user.name for notice in notices) == ["Harriet Cole", "Marcus Bell"]
    morning = dt.datetime.combine(late + dt.timedelta(days=1), dt.time(8), timezone.get_current_timezone())
    assert {notice.due_at for notice in notices} == {morning}
    assert {notice.path for notice in notices} == {reverse("collaboratives:barrier_list")}


def test_no_mail_holds_a_word_or_a_name(sign_in, world):
    Notice.objects.all().delete()
    sign_in(world.users.caregiver).post(url(world, "raise"), typed("The clinic is an hour away by bus."))
    chair, raised = sign_in(world.users.jcpc_chair), world.barriers["raised"].pk
    for name, pk, fields in [
        ("answer", world.barriers["taken_up"].pk, {"answer": "Two languages from now on.", "version": 1}),
        ("take_up", raised, {"group": world.jcpc.pk}),
        ("pass_on", raised, {"words": "The state pays buses."}),
    ]:
        assert chair.post(reverse(f"collaboratives:barrier_{name}", args=[pk]), fields).status_code == 302
    messages = [message_of(notice) for notice in Notice.objects.select_related("user")]
    told = {(message.to[0], message.subject) for message in messages}
    assert ("other-household@test.example", "Something waits for your yes") in told
    assert ("state-cochair@test.example", "A county passed a barrier on") in told
    readers = {to for to, subject in told if subject == "There is an answer for your team"}
    assert readers == {
        f"{slug}@test.example" for slug in ("caregiver", "other-household", "youth", "grandmother", "family-partner",
                                            "facilitator", "dss-worker", "court-counselor")
    }  # fmt: skip
    words = "clinic|hour|Two languages|letters|English|Delgado|Mateo|Alamance|bus|pays"
    for message in messages:
        text = message.subject + message.body.split("http")[0]
        assert not re.search(words, text), text


# --- The page --------------------------------------------------------------------------------------------------------
def test_the_team_reads_where_each_stands_and_the_answer(sign_in, world):
    page = sign_in(world.users.grandmother).get(url(world, "list")).content.decode()
    assert world.barriers["answered"].answer in page
    for words in (
        "It waits for the family’s yes",
        "The county passed it on to the state’s group",
        "They work on it: Alamance",
    ):
        assert words in page
    assert "Read it and say yes" not in page and "We see this too" not in page
    assert page.count("Fewer than 11 teams") == 5


def test_a_family_s_page_is_the_same_for_staff(sign_in, world):
    def main(slug):
        forget_scope(world.people[slug])
        return re.search(
            r"<main.*</main>", sign_in(world.people[slug]).get(url(world, "list")).content.decode(), re.DOTALL
        )[0]

    assert main("facilitator") == main("dss_worker") == main("youth")


def test_the_barrier_on_the_other_side_has_no_foreign_key_to_a_team():
    fields = [field for field in (*Barrier._meta.get_fields(), *BarrierMove._meta.get_fields()) if field.concrete]
    leading = {field.related_model._meta.label for field in fields if field.is_relation and field.related_model}
    assert leading == {
        "accounts.User", "collaboratives.County", "collaboratives.Collaborative", "collaboratives.Barrier"
    }  # fmt: skip


def test_every_kind_has_its_plain_words():
    from teams.forms.barriers import PLAIN

    assert set(PLAIN) == set(BarrierCategory)
