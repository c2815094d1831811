"""Coming in with a code, a link, or an account."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from soc_portal.audit.models import Event
from teams.actions.invitations import invite_by_email, invite_on_paper
from teams.actions.memberships import accept_place, choose_member, end_membership, propose_member
from teams.enums import EndReason, MemberKind
from teams.models import Invitation, Membership
from tests.world import make_user

CODE = "/invitation/"


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def chosen(world):
    member = propose_member(team=world.team, by=world.users.caregiver, name="Mrs. Lee", kind=MemberKind.NATURAL)
    return choose_member(membership=member, by=world.users.caregiver)


@pytest.fixture
def paper(world, chosen):
    return invite_on_paper(membership=chosen, by=world.users.caregiver)


@pytest.fixture
def link(world, chosen):
    row = invite_by_email(membership=chosen, address="lee@test.example", by=world.users.caregiver)
    return reverse("teams:invitation_link", kwargs={"token": row.token})


@pytest.fixture
def lee(db):
    return make_user("lee", "Mrs. Lee")


def now_of(member):
    return Membership.objects.get(pk=member.pk)


# --- The code -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("change", [str, str.lower, lambda code: f" {code.replace('-', ' ')} "])
def test_the_code_from_paper_opens_the_invitation_however_it_is_typed(client, paper, change):
    row, code = paper
    response = client.post(CODE, {"code": change(code)})
    assert response.url == reverse("teams:invitation_link", kwargs={"token": row.token})
    assert client.get(response.url).status_code == 200


def spoil(how, row, world, lee):
    if how == "old":
        past = timezone.now() - dt.timedelta(days=40)
        Invitation.objects.filter(pk=row.pk).update(created_at=past, expires_at=past + dt.timedelta(days=30))
    if how == "used":
        Invitation.objects.filter(pk=row.pk).update(used_at=timezone.now(), used_by=lee)
    if how == "replaced":
        invite_on_paper(membership=row.membership, by=world.users.caregiver)
    if how == "ended":
        end_membership(membership=row.membership, by=world.users.caregiver, reason=EndReason.FAMILY)
    if how == "taken":
        Membership.written_by_actions.filter(pk=row.membership_id).update(user=lee)


BAD = ["old", "used", "replaced", "ended", "taken"]


@pytest.mark.parametrize("how", [*BAD, "wrong"])
def test_a_code_that_does_not_work_gets_one_answer_that_does_not_say_why(client, world, paper, lee, how):
    row, code = paper
    spoil(how, row, world, lee)
    response = client.post(CODE, {"code": "AAAA-AAAA-AA" if how == "wrong" else code})
    assert response.status_code == 422
    assert response.context["form"].errors == {"code": ["This code does not work. Check it, or ask for a new one."]}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", "Write the code from your paper."),
        ("---", "This code does not work. Check it, or ask for a new one."),
        ("x" * 61, "This is too long. Use 60 letters at most."),
    ],
)
def test_no_code_or_no_letters_are_answered_in_words(client, db, code, words):
    response = client.post(CODE, {"code": code})
    assert response.status_code == 422
    assert response.context["form"].errors == {"code": [words]}


def test_after_ten_tries_even_the_right_code_has_to_wait(client, paper):
    _row, code = paper
    for _time in range(10):
        assert client.post(CODE, {"code": "wrong"}).status_code == 422
    response = client.post(CODE, {"code": code})
    assert response.status_code == 429
    assert "Too many tries. Please wait 10 minutes." in text_of(response)
    assert client.post(CODE, {"code": code}, REMOTE_ADDR="10.9.8.7").status_code == 302


# --- The link -------------------------------------------------------------------------------------------------------
def test_the_link_says_nothing_of_the_family_and_asks_to_sign_in_first(client, world, link):
    response = client.get(link)
    page = text_of(response)
    for name in ("Mateo", "Delgado", "Rosa", "Lee", "lee@test.example", "Alamance"):
        assert name not in page
    for name in ("account_signup", "account_login"):
        assert f"{reverse(name)}?next=" in page
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]


def test_somebody_new_makes_an_account_and_comes_back_to_the_invitation(client, world, link, chosen):
    page = client.get(link)
    client.post(page.context["signup_url"], {"name": "Mrs. Lee", "email": "new@test.example", "next": link})
    code = re.search(r"\b\d{6}\b", mail.outbox[-1].body).group()
    response = client.post(reverse("account_email_verification_sent"), {"code": code, "next": link}, follow=True)
    assert response.redirect_chain[-1][0] == link
    assert client.post(link, {"answer": "yes"}).status_code == 302
    assert now_of(chosen).user.email == "new@test.example"


def test_a_visitor_cannot_say_yes(client, link, chosen):
    assert client.post(link, {"answer": "yes"}).status_code == 422
    assert now_of(chosen).stage == "chosen"


def test_yes_with_an_account_takes_the_place_once(world, sign_in, link, chosen, lee):
    client = sign_in(lee)
    assert "Yes, I will join" in text_of(client.get(link))
    response = client.post(link, {"answer": "yes"})
    assert response.url == reverse("teams:team_detail", kwargs={"team_id": world.team.pk})
    assert (now_of(chosen).user, now_of(chosen).stage) == (lee, "live")
    assert client.get(response.url).status_code == 200
    again = client.post(link, {"answer": "yes"})
    assert again.status_code == 404
    assert "This invitation has been used or has run out." in text_of(again)


def test_somebody_who_is_on_the_team_already_is_told_so(world, sign_in, link, chosen):
    response = sign_in(world.users.grandmother).post(link, {"answer": "yes"})
    assert response.status_code == 422
    assert "You are already on this team with this account." in text_of(response)
    assert now_of(chosen).user is None


@pytest.mark.parametrize("has_account", [True, False])
def test_no_ends_the_place_and_is_written_down(client, world, link, chosen, lee, has_account):
    if has_account:
        client.force_login(lee, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post(link, {"answer": "no"}, follow=True)
    assert "The family will see that you said no." in text_of(response)
    by = lee if has_account else world.users.caregiver
    assert (now_of(chosen).end_reason, now_of(chosen).ended_by) == (EndReason.DECLINED, by)
    assert Event.objects.filter(verb="invitation_declined", team_id=world.team.pk).count() == 1
    assert client.post(link, {"answer": "no"}).status_code == 404


def test_no_to_a_link_leaves_the_place_of_somebody_whose_yes_was_noted(client, world, link, chosen):
    accept_place(membership=chosen, by=world.users.caregiver)
    client.post(link, {"answer": "no"})
    assert now_of(chosen).stage == "live"
    assert client.get(link).status_code == 404


def test_a_place_that_begins_later_lets_in_and_waits(world, sign_in, link, chosen, lee):
    accept_place(membership=chosen, by=world.users.caregiver, starts_on=timezone.localdate() + dt.timedelta(days=3))
    assert sign_in(lee).post(link, {"answer": "yes"}).url == "/"
    assert now_of(chosen).user == lee


def test_an_answer_that_is_none_changes_nothing(world, sign_in, link, chosen, lee):
    assert sign_in(lee).post(link, {"answer": "perhaps"}).status_code == 422
    assert now_of(chosen).stage == "chosen"


@pytest.mark.parametrize("how", BAD)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_does_not_work_gets_one_page_that_does_not_say_why(client, world, paper, lee, how, method):
    row, _code = paper
    path = reverse("teams:invitation_link", kwargs={"token": row.token})
    spoil(how, row, world, lee)
    response = getattr(client, method)(path)
    forged = getattr(client, method)(reverse("teams:invitation_link", kwargs={"token": "forged"}))
    assert response.status_code == forged.status_code == 404
    assert "This invitation has been used or has run out." in text_of(response)


def test_a_link_of_one_invitation_does_not_open_another(client, world, paper):
    row, _code = paper
    token = row.token
    path = reverse("teams:invitation_link", kwargs={"token": token[:-1] + ("A" if token[-1] != "A" else "B")})
    assert client.get(path).status_code == 404


# --- With the account that somebody has -----------------------------------------------------------------------------
@pytest.fixture
def asked(world):
    return choose_member(membership=world.members["proposed"], by=world.users.caregiver)


def answer_path(member):
    return reverse("teams:own_invitation_answer", kwargs={"membership_id": member.pk})


def test_the_chosen_person_says_yes_and_sits_at_the_table(world, sign_in, asked):
    response = sign_in(world.users.proposed).post(answer_path(asked), {"answer": "yes"})
    assert response.url == reverse("teams:team_detail", kwargs={"team_id": world.team.pk})
    assert now_of(asked).accepted_by == world.users.proposed


def test_the_chosen_person_says_no_and_sees_nothing(world, sign_in, asked):
    client = sign_in(world.users.proposed)
    assert client.post(answer_path(asked), {"answer": "no"}).url == "/"
    assert now_of(asked).end_reason == EndReason.DECLINED
    assert client.get(reverse("teams:team_detail", kwargs={"team_id": world.team.pk})).status_code == 404
    assert client.post(answer_path(asked), {"answer": "yes"}).status_code == 404


def test_no_answer_changes_nothing(world, sign_in, asked):
    sign_in(world.users.proposed).post(answer_path(asked), {})
    assert now_of(asked).stage == "chosen"


@pytest.mark.parametrize("slug", ["caregiver", "dss_worker", "other_caregiver", "coordinator", "superuser"])
def test_nobody_answers_for_somebody_else(world, sign_in, asked, slug):
    assert sign_in(world.people[slug]).post(answer_path(asked), {"answer": "yes"}).status_code == 404
    assert now_of(asked).stage == "chosen"


def test_nobody_answers_before_the_family_has_chosen(world, sign_in):
    member = world.members["proposed"]
    assert sign_in(world.users.proposed).post(answer_path(member), {"answer": "yes"}).status_code == 404
