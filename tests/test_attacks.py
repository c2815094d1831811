"""What somebody with a valid sign-in, or none, may try; and what it must not get them."""

import datetime as dt
import json

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from families.models import Person
from soc_portal.audit.models import Event
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.models import Draft
from soc_portal.versions.models import Revision
from teams.actions.invitations import invite_by_email
from teams.actions.memberships import accept_place, choose_member, end_membership, propose_member
from teams.enums import EndReason, MemberKind
from teams.models import Decision, Invitation, Membership, Note, Step, Topic, Words
from tests.test_accounts_entry import CONFIRM, LOGIN, code_in, person
from tests.world import make_user

HUGE = "9" * 40
ADDRESS = {"home": "12 Secret Lane", "other_home": "99 Hidden Road"}


def values_of(form):
    """What a browser sends of a form that nobody touched."""
    return {name: "" if form[name].value() is None else form[name].value() for name in form.fields}


# --- What is left behind ---------------------------------------------------------------------------------------------
def test_no_cookie_tells_a_name_or_what_is_shared(world, sign_in):
    url = reverse("teams:sharing_toggle", args=[world.team.pk, world.members["provider"].pk, "health"])
    response = sign_in(world.users.caregiver).post(url, {"to": "share"})
    assert set(response.cookies) == {settings.SESSION_COOKIE_NAME}


@pytest.mark.parametrize(
    ("url", "data"),
    [
        ("note", {"title": "x", "text": "y", "version": "0"}),
        ("meeting", {"purpose": "x", "day": "2031-01-02", "start": "10:00", "end": "11:00", "version": "0"}),
        ("meeting", {"day": ""}),
        ("attendance", {}),
    ],
)
def test_a_form_sent_wrong_to_see_the_record_is_a_reading_that_the_family_sees(world, sign_in, url, data):
    urls = {
        "note": reverse("teams:item_edit", args=[world.team.pk, "note", world.items["note"].pk]),
        "meeting": reverse("teams:meeting_edit", args=[world.team.pk, world.meeting.pk]),
        "attendance": reverse("teams:attendance_edit", args=[world.team.pk, world.meeting.pk]),
    }
    response = sign_in(world.users.facilitator).post(urls[url], data)
    assert response.status_code in (409, 422)
    assert (
        Event.objects.filter(looked=True, actor_id=world.users.facilitator.pk, family_id=world.family.pk).count() == 1
    )


# --- A meeting that is closed to some --------------------------------------------------------------------------------
def narrow(world, client, section):
    url = reverse("teams:meeting_edit", args=[world.team.pk, world.meeting.pk])
    data = values_of(client.get(url).context["form"]) | {"version": world.meeting.version, "section": section}
    assert client.post(url, data).status_code == 302


def test_what_was_said_at_a_meeting_is_closed_with_it_and_so_is_its_history(world, sign_in):
    client = sign_in(world.users.caregiver)
    add = reverse("teams:item_add", args=[world.team.pk, "step"]) + f"?meeting={world.meeting.pk}"
    client.post(add, {"text": "A step said there", "once": "1"})
    narrow(world, client, "mental_health")
    kinds = {}
    for model in (Topic, Note, Decision, Words, Step):
        rows = model.objects.filter(meeting=world.meeting)
        kinds[model.__name__] = sorted(rows.values_list("section", flat=True))
        states = Revision.objects.filter(kind=model._meta.label_lower, item_id__in=rows.values("pk"))
        assert sorted(set(states.values_list("section", flat=True))) == sorted(set(kinds[model.__name__]))
    closed = ["mental_health"]
    assert kinds == {
        "Topic": closed, "Note": ["mental_health", "school"], "Decision": closed, "Words": closed, "Step": closed
    }  # fmt: skip
    client = sign_in(world.users.facilitator)
    for name in ("plan_history", "plan_detail", "team_detail", "meeting_list"):
        text = client.get(reverse(f"teams:{name}", args=[world.team.pk])).content.decode()
        assert "Nobody read to us from a paper" not in text, name
        assert "A step said there" not in text, name


def test_a_meeting_that_is_opened_opens_nothing_that_was_said_there(world, sign_in):
    client = sign_in(world.users.caregiver)
    narrow(world, client, "mental_health")
    world.meeting.refresh_from_db()
    narrow(world, client, "records")
    assert set(Topic.objects.filter(meeting=world.meeting).values_list("section", flat=True)) == {"mental_health"}


def test_one_note_of_a_closed_meeting_cannot_be_opened_beyond_it(world, sign_in):
    client = sign_in(world.users.caregiver)
    narrow(world, client, "mental_health")
    note = Note.objects.get(pk=world.items["note"].pk)
    url = reverse("teams:item_edit", args=[world.team.pk, "note", note.pk])
    assert (
        client.post(url, {"title": "x", "text": "y", "section": "records", "version": note.version}).status_code == 302
    )
    assert Note.objects.get(pk=note.pk).section == "mental_health"


# --- The other home --------------------------------------------------------------------------------------------------
@pytest.fixture
def young(world):
    """Mateo lives in both homes and has no account yet."""
    Membership.written_by_actions.filter(pk=world.members["youth"].pk).update(user=None)
    Person.objects.filter(pk=world.mateo.pk).update(user=None)
    return Membership.objects.get(pk=world.members["youth"].pk)


def homes_seen(client, world):
    text = client.get(reverse("families:family_detail", args=[world.family.pk])).content.decode()
    return {home for home, address in ADDRESS.items() if address in text}


@pytest.mark.parametrize("inviter", ["caregiver", "other_household"])
def test_nobody_finds_the_other_home_by_inviting_their_own_second_account_as_the_child(world, young, sign_in, inviter):
    invite_by_email(membership=young, address="spy@test.example", by=world.people[inviter])
    client = sign_in(make_user("spy", "Spy"))
    link = reverse("teams:invitation_link", args=[Invitation.objects.latest("pk").token])
    assert client.post(link, {"answer": "yes"}).status_code == 302
    assert homes_seen(client, world) == set()
    assert Person.objects.get(pk=world.mateo.pk).user_id is None


def test_nor_by_naming_its_address(world, sign_in):
    cousin = Person.objects.create(
        family=world.family, name="Ana Delgado", role="young_person", created_by=world.users.caregiver,
        updated_by=world.users.caregiver,
    )  # fmt: skip
    cousin.households.add(world.home)
    spy, luis = make_user("spy", "Spy"), world.users.other_household
    member = propose_member(
        team=world.team, by=luis, name="Ana", kind=MemberKind.FAMILY, person=cousin, address=spy.email
    )
    choose_member(membership=member, by=luis)
    accept_place(membership=member, by=spy)
    assert homes_seen(sign_in(spy), world) == set()


def test_who_knows_every_home_lets_the_child_in_to_them(world, young, sign_in):
    world.mateo.households.remove(world.other_home)
    invite_by_email(membership=young, address="mateo@test.example", by=world.users.caregiver)
    client = sign_in(make_user("mateo", "Mateo"))
    client.post(reverse("teams:invitation_link", args=[Invitation.objects.latest("pk").token]), {"answer": "yes"})
    assert homes_seen(client, world) == {"home"}


# --- Side doors of the sign-in ---------------------------------------------------------------------------------------
def test_a_code_by_mail_does_not_step_around_the_app_code(client, db):
    from allauth.mfa.totp.internal.auth import TOTP

    rosa = person()
    TOTP.activate(rosa, "JBSWY3DPEHPK3PXP")
    client.post(LOGIN, {"email": rosa.email})
    response = client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    assert response.url.startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session
    assert client.get(reverse("accounts:profile_edit")).status_code == 302


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_choosing_a_language_never_leads_off_this_site(client, db, target):
    response = client.post(reverse("set_language"), {"language": "es", "next": target}, headers={"referer": target})
    assert response.url == "/"


def test_a_code_that_is_tried_too_often_without_a_code_is_answered(client, db):
    url = reverse("teams:invitation_code")
    answers = [client.post(url, json.dumps({}), content_type="application/json").status_code for _try in range(12)]
    assert answers == [422] * 10 + [429] * 2


# --- Numbers and texts that no page sends ----------------------------------------------------------------------------
def test_a_number_that_no_row_can_have_is_an_unknown_choice(world, sign_in):
    client = sign_in(world.users.caregiver)
    step = reverse("teams:item_edit", args=[world.team.pk, "step", world.items["step"].pk])
    assert client.post(step, {"text": "x", "who": [HUGE], "version": 1}).status_code == 422
    somebody = reverse("families:person_add", args=[world.family.pk])
    data = {"name": "Ana", "language": "en", "role": "relative", "safe_contact": "ask", "homes": [HUGE]}
    assert client.post(somebody, data).status_code == 422


def test_words_too_long_to_keep_do_not_break_the_page(world, sign_in):
    client = sign_in(world.users.caregiver)
    words = reverse("teams:item_add", args=[world.team.pk, "words"])
    assert client.post(words, {"text": "x" * (drafts.MAX_CHARS + 1)}).status_code == 302
    family = reverse("families:family_edit", args=[world.family.pk])
    data = {"name": "Another name", "what_matters": "x" * (drafts.MAX_CHARS + 1), "version": ""}
    assert client.post(family, data).status_code == 409


def test_drafts_are_no_store(world, sign_in, monkeypatch):
    monkeypatch.setattr(drafts, "MAX_ROWS", 5)
    user, now = world.users.caregiver, timezone.now()
    drafts.keep_drafts(user=world.users.youth, path="/me/", fields={"name": "Mateo"}, now=now)
    for minute in range(8):
        later = now + dt.timedelta(minutes=minute)
        drafts.keep_drafts(user=user, path=f"/teams/{minute}/plan/", fields={"text": "x"}, now=later)
    kept = Draft.objects.filter(user=user).values_list("path", flat=True)
    assert set(kept) == {f"/teams/{minute}/plan/" for minute in range(3, 8)}
    assert Draft.objects.filter(user=world.users.youth).count() == 1


# --- Two at once -----------------------------------------------------------------------------------------------------
def test_two_who_choose_or_end_at_once_do_it_once(world):
    """Each holds the row as it was before the other wrote."""
    pk, rosa, luis = world.members["proposed"].pk, world.users.caregiver, world.users.other_household

    def rows():
        return [Membership.objects.select_related("team", "user", "person").get(pk=pk) for _hand in range(3)]

    for member, by in zip(rows(), (rosa, luis, rosa), strict=True):
        choose_member(membership=member, by=by)
    late = rows()[0]
    for member, by in zip(rows(), (rosa, luis, rosa), strict=True):
        end_membership(membership=member, by=by, reason=EndReason.FAMILY)
    choose_member(membership=late, by=luis)
    accept_place(membership=late, by=world.users.proposed)
    told = Event.objects.filter(object_id=pk, verb__in=("member_chosen", "member_accepted", "member_ended"))
    assert sorted(told.values_list("verb", flat=True)) == ["member_chosen", "member_ended"]
    assert Membership.objects.get(pk=pk).accepted_at is None
