"""Referrals as those who receive them see them, and what a county's coordinator sees of them."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from collaboratives.models import StaffPosition
from families.actions import change_person
from referrals import access
from referrals.enums import MOVES, Outcome, ReferralStatus, Side
from referrals.forms.referrals import ANSWERS, TO
from referrals.models import Referral
from referrals.views.referrals import groups_of, in_order
from soc_portal.access.scope import forget_scope
from soc_portal.audit.models import Event
from soc_portal.drafts.models import Draft
from soc_portal.notices.actions import send_due
from soc_portal.notices.models import Notice
from teams.actions.consents import share_sections
from tests.parts.referrals import WANTS, draft, send
from tests.test_referrals_link import text_of
from tests.world import PEOPLE, join

S = ReferralStatus
RIVERBEND = {"requested", "accepted", "mental_health"}
GOT = {"receiver": RIVERBEND, "provider": RIVERBEND, "other_receiver": {"other_office", "other_family"}}
LIST = "/referrals/"


def keys_of(world, found):
    keys = {referral.pk: key for key, referral in world.referrals.items()}
    return {keys[getattr(row, "pk", None) or row["pk"]] for row in found}


def url(name, world, key="requested"):
    return reverse(f"referrals:referral_{name}", args=[world.referrals[key].pk])


def fresh(world, key="requested"):
    return Referral.objects.get(pk=world.referrals[key].pk)


# --- Who sees what ---------------------------------------------------------------------------------------------------
def test_each_person_gets_exactly_what_was_sent_to_where_they_work_and_never_a_draft(world):
    got = {slug: keys_of(world, access.received_referrals(user)) for slug, user in world.people.items()}
    assert got == {slug: GOT.get(slug, set()) for slug in PEOPLE}


@pytest.mark.parametrize("slug", ["receiver", "provider", "other_receiver"])
def test_the_list_shows_the_same_and_the_number_of_each_page_is_there(sign_in, world, slug):
    page = sign_in(world.people[slug]).get(LIST)
    assert keys_of(world, page.context["page"].object_list) == GOT[slug]
    assert page.context["county"] is None


@pytest.mark.parametrize("status", [S.CANCELLED, S.ERROR])
def test_a_draft_that_was_called_off_was_never_sent(world, status):
    Referral.objects.filter(pk=world.referrals["draft"].pk).update(status=status)
    assert "draft" not in keys_of(world, access.received_referrals(world.users.receiver))


@pytest.mark.parametrize("end", ["position", "organization", "account"])
def test_who_does_not_work_there_any_more_gets_nothing_and_is_told_nothing(sign_in, world, end):
    sam, office = world.users.receiver, world.offices["provider"]
    if end == "position":
        StaffPosition.objects.filter(user=sam).update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    if end == "organization":
        type(office).objects.filter(pk=office.pk).update(ended_at=timezone.now())
    if end == "account":
        type(sam).objects.filter(pk=sam.pk).update(is_active=False)
        sam.refresh_from_db()
    forget_scope(sam)
    assert not access.received_referrals(sam).exists()
    if end != "account":
        assert sign_in(sam).get(url("detail", world)).status_code == 404
    if end != "organization":
        assert world.users.receiver.pk not in access.receivers_of(office.pk).values_list("user_id", flat=True)


def test_what_waits_for_an_answer_comes_first_by_its_day_then_open_ones_then_closed_ones(world):
    send(world, draft(world, "Later"), "names")
    later = Referral.objects.get(title="Later")
    Referral.objects.filter(pk=later.pk).update(answer_due_on=timezone.localdate() + dt.timedelta(days=30))
    Referral.objects.filter(pk=world.referrals["mental_health"].pk).update(status=S.COMPLETED)
    found = list(in_order(access.received_referrals(world.users.receiver)))
    assert [row.title for row in found] == ["Evening counseling", "Later", "A mentor", "A doctor for sleep"]
    assert [(words, len(rows)) for words, rows in groups_of(found)] == [
        ("Waiting for your answer", 2), ("You said yes, or there is a wait", 1), ("Closed", 1),
    ]  # fmt: skip


def test_a_receiver_reads_what_was_shared_and_nothing_else_of_the_family(sign_in, world):
    page = text_of(sign_in(world.users.receiver).get(url("detail", world)))
    for words in ("Evening counseling", WANTS, "Mateo Delgado", "Rosa Delgado (Mom)"):
        assert words in page
    for words in (
        "A need about plan",
        "Secret Lane",
        "336-555-0101",
        "Alamance",
        "Grandma",
        "Andrea",
        "Delgado family",
    ):
        assert words not in page


def test_the_other_parent_who_works_there_does_not_read_how_to_reach_the_one_who_asked(sign_in, world):
    rosa, luis = world.rosa, world.users.other_household
    change_person(person=rosa, by=rosa.user, base_version=rosa.version, values={"phone": "336-555-7001"})
    StaffPosition.objects.create(
        user=luis, organization=world.offices["provider"], title="Driver", starts_on=dt.date(2020, 1, 1)
    )
    asked = send(world, draft(world, "Call us"), "phone", person=type(rosa).objects.get(pk=rosa.pk))
    page = reverse("referrals:referral_detail", args=[asked.pk])
    assert "336-555-7001" in text_of(sign_in(world.users.receiver).get(page))
    assert "336-555-7001" not in text_of(sign_in(luis).get(page))
    team_page = reverse("teams:referral_detail", args=[world.team.pk, asked.pk])
    for slug, sees in (("caregiver", True), ("other_household", False), ("facilitator", False), ("youth", False)):
        assert ("336-555-7001" in text_of(sign_in(world.people[slug]).get(team_page))) is sees


@pytest.mark.parametrize("how", ["stopped", "ran out", *[status for status in S if not MOVES[status]]])
def test_after_the_yes_and_after_the_end_a_receiver_reads_that_there_was_one_and_their_own_words(sign_in, world, how):
    rows = Referral.objects.filter(pk=world.referrals["accepted"].pk)
    world.referrals["accepted"].moves.create(
        from_status="accepted", to_status="accepted", side="family", by=world.users.caregiver, by_name="Rosa Delgado",
        words="The family's secret",
    )  # fmt: skip
    if how == "stopped":
        rows.update(yes_ended_at=timezone.now(), yes_ended_by=world.users.caregiver)
    elif how == "ran out":
        rows.update(yes_until=timezone.localdate() - dt.timedelta(days=1))
    else:
        rows.update(status=how, refusal="other" if how == S.REJECTED else "")
    client = sign_in(world.users.receiver)
    for page in (text_of(client.get(url("detail", world, "accepted"))), text_of(client.get(LIST))):
        for words in ("A mentor", "Rosa", "The family's secret"):
            assert words not in page
    page = text_of(client.get(url("detail", world, "accepted")))
    assert "Bring a friend." in page and "The family or its team" in page


def test_on_its_last_day_a_yes_still_holds(sign_in, world, time_machine):
    eastern = ZoneInfo("America/New_York")
    last = dt.datetime.combine(fresh(world).yes_until, dt.time(23, 58), eastern)
    time_machine.move_to(last, tick=False)
    client = sign_in(world.users.receiver)
    assert WANTS in text_of(client.get(url("detail", world)))
    time_machine.move_to(last + dt.timedelta(minutes=2), tick=False)
    assert WANTS not in text_of(client.get(url("detail", world)))


def test_every_reading_is_written_down_for_the_family_with_where_the_reader_works(sign_in, world):
    client = sign_in(world.users.receiver)
    for address, verb in (
        (LIST, "referrals_received"), (url("detail", world), "referral_received"),
        (url("answer", world), "referral_received"),
    ):  # fmt: skip
        Event.objects.all().delete()
        assert client.get(address).status_code == 200
        look = Event.objects.get(looked=True)
        assert (look.verb, look.family_id, look.actor_id) == (verb, world.family.pk, world.users.receiver.pk)
        assert look.actor_organization == "Riverbend Counseling"


def test_a_list_in_which_nothing_is_shared_any_more_is_no_reading(sign_in, world):
    Referral.objects.filter(yes_at__isnull=False).update(yes_until=timezone.localdate() - dt.timedelta(days=1))
    Event.objects.all().delete()
    sign_in(world.users.receiver).get(LIST)
    assert not Event.objects.filter(looked=True).exists()


# --- Answering -------------------------------------------------------------------------------------------------------
def answer(**changes):
    day = timezone.localdate() + dt.timedelta(days=20)
    return {
        "was": "requested", "answer": "day", "day": day.isoformat(), "time": "17:30",
        "words": "Tuesdays. Spanish: yes.",
    } | changes  # fmt: skip


def test_every_answer_that_is_offered_is_a_move_that_the_organization_may_make():
    offered = {status: {TO[value] for value, _words, _hint in answers} for status, answers in ANSWERS.items()}
    allowed = {status: {to for to, sides in moves.items() if Side.RECEIVER in sides} for status, moves in MOVES.items()}
    assert offered[S.ACCEPTED] - {S.ACCEPTED} == allowed[S.ACCEPTED]  # the day of a first visit may change
    for status in (S.REQUESTED, S.ON_HOLD, S.IN_PROGRESS):
        assert offered[status] == allowed[status]
    assert not any(allowed[status] for status in set(S) - set(ANSWERS))


def test_yes_with_a_day(sign_in, world):
    Notice.objects.all().delete()
    assert sign_in(world.users.receiver).post(url("answer", world), answer()).status_code == 302
    referral = fresh(world)
    visit = timezone.localtime(referral.first_visit_at)
    assert (referral.status, visit.hour, visit.minute) == (S.ACCEPTED, 17, 30)
    assert referral.answered_at and not referral.closed_at
    told = set(Notice.objects.values_list("kind", "user__email"))
    readers = {"caregiver", "youth", "other-household", "grandmother", "family-partner", "facilitator", "dss-worker",
               "court-counselor"}  # fmt: skip
    assert told == {("referral_changed", f"{slug}@test.example") for slug in readers}


def test_no_with_a_reason_that_family_and_sender_read(sign_in, world):
    form = answer(answer="no", refusal="no_room", words="Ask Eno River.", day="", time="")
    assert sign_in(world.users.receiver).post(url("answer", world), form).status_code == 302
    for slug in ("caregiver", "youth", "facilitator", "grandmother"):
        page = text_of(sign_in(world.people[slug]).get(
            reverse("teams:referral_detail", args=[world.team.pk, world.referrals["requested"].pk])
        ))  # fmt: skip
        assert "We have no room now" in page and "Ask Eno River." in page


def test_from_the_wait_to_the_start(sign_in, world):
    client, page = sign_in(world.users.receiver), url("answer", world)
    steps = [
        (answer(answer="wait", wait="3 weeks"), S.ON_HOLD),
        (answer(was="on-hold"), S.ACCEPTED),
        (answer(was="accepted", time="18:00"), S.ACCEPTED),
        (answer(was="accepted", answer="start"), S.IN_PROGRESS),
        (answer(was="in-progress", answer="wait", wait="The holidays"), S.ON_HOLD),
        (answer(was="on-hold", answer="failed", words="They did not come."), S.FAILED),
    ]
    answered = None
    for form, status in steps:
        assert client.post(page, form).status_code == 302
        assert fresh(world).status == status
        answered = answered or fresh(world).answered_at
    referral = fresh(world)
    assert (referral.answered_at, bool(referral.closed_at)) == (answered, True)
    assert referral.outcome == Outcome.UNKNOWN  # that is for the family to say
    assert [move.to_status for move in referral.moves.all()][2:] == [status for _form, status in steps]


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"answer": "", "words": ""}, {"answer": "Pick an answer.", "words": "Write what the family should know."}),
        ({"day": "", "time": ""}, {"day": "Write the day of the first visit.", "time": "Write the time of the first"}),
        ({"day": "soon"}, {"day": "Write the day like this"}),
        ({"time": "noon-ish"}, {"time": "Write the time like this"}),
        ({"day": "2020-01-01"}, {"day": "Write a day to come, in the next year."}),
        ({"day": "2199-01-01"}, {"day": "Write a day to come, in the next year."}),
        ({"answer": "wait"}, {"wait": "Write how long the wait is."}),
        ({"answer": "wait", "wait": "x" * 121}, {"wait": "This is too long"}),
        ({"answer": "no"}, {"refusal": "Pick why you can’t help."}),
        ({"answer": "no", "refusal": "because"}, {"refusal": "Pick a reason from the list."}),
        ({"answer": "start"}, {"answer": "Pick one of these answers."}),
        ({"words": " \n "}, {"words": "Write what the family should know."}),
    ],
)
def test_a_bad_answer_says_what_to_fix_and_changes_nothing(sign_in, world, changes, errors):
    before = Referral.objects.filter(pk=fresh(world).pk).values().get()
    response = sign_in(world.users.receiver).post(url("answer", world), answer(**changes))
    assert response.status_code == 422
    found = response.context["form"].errors
    assert set(found) == set(errors)
    for field, words in errors.items():
        assert found[field][0].startswith(words)
    assert Referral.objects.filter(pk=fresh(world).pk).values().get() == before


def test_a_time_that_the_clocks_leave_out_is_told(sign_in, world, time_machine):
    time_machine.move_to(dt.datetime(2027, 3, 10, 12, tzinfo=dt.UTC), tick=False)
    Referral.objects.filter(yes_at__isnull=False).update(yes_until=dt.date(2027, 4, 1))
    response = sign_in(world.users.receiver).post(url("answer", world), answer(day="2027-03-14", time="02:30"))
    assert "the clocks go forward" in response.context["form"].errors["time"][0]


def test_a_page_that_is_out_of_date_gets_a_clear_sentence_and_keeps_what_was_typed(sign_in, world):
    sign_in(world.users.provider).post(url("answer", world), answer(answer="wait", wait="3 weeks"))
    page = sign_in(world.users.receiver).post(url("answer", world), answer(words="Keep this"))
    assert page.status_code == 409
    assert "Somebody changed this while your page was open." in text_of(page) and "Keep this" in text_of(page)
    assert fresh(world).status == S.ON_HOLD


@pytest.mark.parametrize("slug", ["other_receiver", "other_caregiver", "caregiver", "facilitator", "coordinator"])
def test_nobody_else_answers(sign_in, world, slug):
    assert sign_in(world.people[slug]).post(url("answer", world), answer()).status_code == 404
    assert fresh(world).status == S.REQUESTED


def test_what_is_typed_is_kept_as_a_draft_and_forgotten_once_it_is_sent(sign_in, world):
    client, page = sign_in(world.users.receiver), url("answer", world)
    client.post(reverse("drafts:keep"), {"path": page, "words": "Half an answer", "answer": "wait"})
    assert "Half an answer" in text_of(client.get(page))
    client.post(page, answer())
    assert not Draft.objects.filter(user=world.users.receiver).exists()


def test_no_notice_of_a_referral_holds_a_name_or_a_word_of_it(sign_in, world, mailoutbox):
    sign_in(world.users.receiver).post(url("answer", world), answer(words="See you Tuesday"))
    sign_in(world.users.caregiver).post(
        reverse("teams:referral_stop", args=[world.team.pk, world.referrals["requested"].pk])
    )
    Notice.objects.exclude(kind__startswith="referral").delete()
    kinds = set(Notice.objects.values_list("kind", flat=True))
    assert kinds == {"referral_sent", "referral_link", "referral_changed", "referral_stopped", "referral_drafted"}
    mailoutbox.clear()
    assert send_due(now=timezone.now()) == len(mailoutbox) == Notice.objects.count()
    for message in mailoutbox:
        texts = message.subject + message.body + message.alternatives[0][0]
        for word in ("Rosa", "Mateo", "Delgado", "Walker", "Riverbend", "counseling", "mentor", "Tuesday", "Alamance"):
            assert word not in texts


# --- The county ------------------------------------------------------------------------------------------------------
def test_each_coordinator_sees_exactly_what_waits_in_their_county(world):
    seen = {slug: keys_of(world, access.waiting_in_county(user)) for slug, user in world.people.items()}
    assert seen == {slug: set() for slug in PEOPLE} | {
        "coordinator": RIVERBEND | {"other_office"}, "other_coordinator": {"other_family"},
    }  # fmt: skip


def test_the_county_s_list_says_that_somebody_waits_and_not_who_or_for_what(sign_in, world):
    Referral.objects.filter(pk=world.referrals["requested"].pk).update(
        answer_due_on=timezone.localdate() - dt.timedelta(days=1)
    )
    page = sign_in(world.users.coordinator).get(LIST)
    rows = page.context["county"].object_list
    assert [row.county for row in rows] == ["Alamance"] * 4
    assert [str(row.badge[1]) for row in rows][:1] == ["Past its date"]
    text = text_of(page)
    for referral in world.referrals.values():
        assert referral.title not in text
    for words in ("Rosa", "Mateo", "Delgado", "Riverbend", "Eno River", WANTS):
        assert words not in text
    for name in ("detail", "answer"):
        assert sign_in(world.users.coordinator).get(url(name, world)).status_code == 404


def test_only_what_still_waits_is_in_the_county_s_list(world):
    for key, status in (("requested", S.IN_PROGRESS), ("mental_health", S.COMPLETED), ("other_office", S.ON_HOLD)):
        Referral.objects.filter(pk=world.referrals[key].pk).update(status=status)
    assert keys_of(world, access.waiting_in_county(world.users.coordinator)) == {"accepted", "other_office"}


def test_where_the_family_chose_the_coordinator_they_read_what_it_shares_with_them(sign_in, world):
    marcus = world.users.coordinator
    member = join(world.team, marcus, kind="professional", caregiver=world.users.caregiver)
    share_sections(membership=member, sections=["plan"], until=None, by=world.users.caregiver)
    forget_scope(marcus)
    page = sign_in(marcus).get(LIST)
    mine = {row.mine.pk for row in page.context["county"].object_list if row.mine}
    assert Event.objects.filter(verb="referrals_read", actor_id=marcus.pk, team_id=world.team.pk).exists()
    assert mine == {world.referrals[key].pk for key in ("requested", "accepted", "other_office")}
    assert "A doctor for sleep" not in text_of(page)
