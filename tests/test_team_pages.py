"""The team at its table, the list of teams, and asking for one."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from families.models import Family, Person
from soc_portal.audit.enums import Look
from soc_portal.audit.models import Event
from soc_portal.pictures import circle_words
from teams.actions.consents import stop_sharing
from teams.actions.grants import give_grant
from teams.actions.items import add_item
from teams.actions.looks import look
from teams.actions.memberships import choose_member, end_membership, end_team, propose_member
from teams.actions.plans import agree_for_family, content_of, hash_of
from teams.enums import EndReason, MemberKind, StepStatus
from teams.models import Deadline, Membership, Need, Step, Team
from tests.typed import drafts_for

ASK = {
    "family_name": "Reed family", "caregiver_name": "Ana Reed", "relationship": "Mom", "child_1": "Ben Reed",
    "born_1": "2015-03-09",
}  # fmt: skip


@pytest.fixture
def path(world):
    return reverse("teams:team_detail", kwargs={"team_id": world.team.pk})


def text_of(response):
    return " ".join(response.content.decode().split())


def ask(client, world, **changes):
    return client.post(reverse("teams:team_ask"), ASK | {"county": world.alamance.pk} | changes)


# --- The table -------------------------------------------------------------------------------------------------------
def test_the_circle_has_one_seat_for_everybody_but_those_in_its_middle(world, sign_in, path):
    response = sign_in(world.users.caregiver).get(path)
    circle = response.context["circle"]
    assert sorted((seat.name, seat.seat_kind) for seat in circle["seats"]) == [
        ("Andrea Pruitt", "pro"), ("Carmen Ruiz", "community"), ("Denise Whitfield", "pro"), ("Devon Harris", "pro"),
        ("Kim Okafor", "pro"), ("Priya Nair", "pro"), ("Ray Tillman", "open"), ("Tonya Barnes", "community"),
    ]  # fmt: skip
    assert (circle["centre"], circle["with"]) == ("Mateo", "& Rosa, Luis")


def test_the_words_of_the_circle_say_everything_that_it_shows_in_both_languages(world, sign_in, path):
    response = sign_in(world.users.caregiver).get(path)
    seats = response.context["circle"]["seats"]
    said = response.context["circle"]["desc"]
    assert said == f"In the middle: Mateo, Rosa, Luis. {circle_words(seats)}"
    assert f'<desc id="circle-d">{said}</desc>' in response.content.decode()
    world.users.caregiver.language = "es"
    world.users.caregiver.save()
    said = sign_in(world.users.caregiver).get(path).context["circle"]["desc"]
    assert {"Mateo", "Rosa", "Luis"} <= set(said.replace(",", " ").replace(".", " ").split())
    with translation.override("es"):
        assert circle_words(seats) in said


def test_a_chosen_member_who_has_not_answered_keeps_an_open_seat_and_one_who_left_has_none(world, sign_in, path):
    choose_member(membership=world.members["proposed"], by=world.users.caregiver)
    end_membership(membership=world.members["provider"], by=world.users.caregiver, reason=EndReason.FAMILY)
    kinds = {m.name: m.seat_kind for m in sign_in(world.users.youth).get(path).context["circle"]["seats"]}
    assert kinds["Ray Tillman"] == "open"
    assert "Priya Nair" not in kinds
    assert "Gail Norris" not in kinds


def test_family_and_staff_open_the_same_page(world, sign_in, path):
    for slug in ("caregiver", "youth", "other_household", "grandmother", "facilitator", "dss_worker"):
        response = sign_in(world.people[slug]).get(path)
        assert response.templates[0].name == "teams/team_detail.html"
        assert response.context["needs"][0]["need"] == world.items["need"]
        assert response.context["meeting"] == world.meeting
        assert "Call a meeting" in text_of(response)


def test_each_reader_sees_the_needs_of_the_sections_shared_with_them(world, sign_in, path):
    def needs(slug):
        context = sign_in(world.people[slug]).get(path).context
        return [row["need"].section for row in context["needs"]], context["more_needs"]

    assert needs("dss_worker") == (["plan", "records"], 0)
    assert needs("court_counselor") == (["plan", "records", "court"], 0)
    assert needs("caregiver") == (["plan", "records", "health", "mental_health", "substance_use"], 3)


def test_somebody_without_the_plan_sees_no_part_of_it_and_no_number(world, sign_in, path):
    agree_for_family(team=world.team, by=world.users.caregiver, seen_hash=hash_of(content_of(world.team)))
    response = sign_in(world.users.provider).get(path)
    page = text_of(response)
    assert response.context["reads_plan"] is False
    assert response.context["own_steps"] == []
    for hidden in ("needs", "agreed", "agree", "vision", "shared", "looks"):
        assert hidden not in response.context
    for hidden in ("at a glance", "A need about", "eat dinner", "agree with", "Who looked", "Move the lunch"):
        assert hidden not in page


def test_somebody_without_the_meeting_records_sees_no_meeting(world, sign_in, path):
    rosa = world.users.caregiver
    stop_sharing(membership=world.members["grandmother"], sections=["records"], by=rosa)
    response = sign_in(world.users.grandmother).get(path)
    assert response.context["meeting"] is None
    assert "At Carmen's house" not in text_of(response)
    assert "No meeting is set" not in text_of(response)


def test_a_professional_reads_what_the_family_shares_with_them_and_until_when(world, sign_in, path):
    response = sign_in(world.users.court_counselor).get(path)
    assert response.context["own_sections"] == {
        "words": "Plan, Meeting records, Court", "until": timezone.localdate() + dt.timedelta(days=90),
    }  # fmt: skip
    others = [m for m in response.context["members"] if m.pk != world.members["court_counselor"].pk]
    assert all(member.sections == [] for member in others)


def test_the_family_sees_what_it_shares_with_whom(world, sign_in, path):
    stop_sharing(membership=world.members["grandmother"], sections=["plan", "records"], by=world.users.caregiver)
    shared = sign_in(world.users.caregiver).get(path).context["shared"]
    assert [(member.name, member.section_words) for member in shared] == [
        ("Carmen Ruiz", ""), ("Tonya Barnes", "Plan, Meeting records"), ("Andrea Pruitt", "Plan, Meeting records"),
    ]  # fmt: skip


def test_only_those_whose_record_it_is_see_who_looked(world, sign_in, path):
    for slug, sees in [("youth", True), ("grandmother", False), ("facilitator", False)]:
        response = sign_in(world.people[slug]).get(path)
        assert ("Who looked at our record" in text_of(response)) is sees
    look(world.users.court_counselor, Look.PLAN, world.team)
    look(world.users.court_counselor, Look.PLAN, world.team)
    look(world.users.caregiver, Look.PLAN, world.team)
    looks = sign_in(world.users.caregiver).get(path).context["looks"]
    assert ("Devon Harris", "Opened the plan") in [(row["name"], row["what"]) for row in looks]
    assert len(looks) == 3
    assert "Rosa Delgado" not in [row["name"] for row in looks]


def test_opening_the_team_is_written_down(world, sign_in, path):
    sign_in(world.users.dss_worker).get(path)
    event = Event.objects.filter(verb=Look.TEAM, actor_id=world.users.dss_worker.pk).latest("pk")
    assert (event.team_id, event.actor_organization) == (world.team.pk, "Alamance Social Services")


def test_own_steps_open_and_lately_done_stand_under_things_i_said_i_would_do(world, sign_in, path):
    today = timezone.localdate()
    me = world.members["grandmother"]
    for text, days in [("Done lately", 3), ("Done long ago", 60)]:
        step = add_item(team=world.team, by=world.users.caregiver, who=[me], item=Step(text=text))
        Step.objects.filter(pk=step.pk).update(status=StepStatus.DONE, done_on=today - dt.timedelta(days=days))
    response = sign_in(world.users.grandmother).get(path)
    assert [step.text for step in response.context["own_steps"]] == ["Move the lunch table", "Done lately"]
    done = reverse("teams:step_done", kwargs={"team_id": world.team.pk, "step_id": world.items["step"].pk})
    assert f'action="{done}"' in text_of(response)
    assert f'name="next" value="{path}"' in text_of(response)


def test_steps_are_counted_without_those_that_were_stopped(world, sign_in, path):
    for status in (StepStatus.STOPPED, StepStatus.DOING):
        step = Step(goal=world.items["goal"], text="x", status=status)
        add_item(team=world.team, by=world.users.caregiver, item=step)
    row = sign_in(world.users.caregiver).get(path).context["needs"][0]
    assert (row["done"], row["all"], sorted(row["dots"])) == (0, 2, ["doing", "late"])


def test_how_many_agree_is_counted_among_those_who_take_part(world, sign_in, path):
    agree_for_family(team=world.team, by=world.users.caregiver, seen_hash=hash_of(content_of(world.team)))
    context = sign_in(world.users.dss_worker).get(path).context
    assert (context["agreed"], context["agree"], context["live"]) == (1, 1, 10)


def test_the_holder_of_a_grant_reads_and_is_offered_nothing_to_write(world, sign_in, path):
    give_grant(
        team=world.team, user=world.users.state_cochair, sections=["plan"], reason="Covers for a week",
        until=timezone.now() + dt.timedelta(days=2), by=world.users.caregiver,
    )  # fmt: skip
    response = sign_in(world.users.state_cochair).get(path)
    assert response.context["own_sections"]["words"] == "Plan"
    page = text_of(response)
    for offer in ("Call a meeting", "Are you coming?", "Name someone", reverse("teams:member_propose", args=[1])):
        assert offer not in page


def test_a_team_that_has_ended_can_be_read_by_its_family_and_changed_by_nobody(world, sign_in, path):
    end_team(team=world.team, by=world.users.caregiver)
    response = sign_in(world.users.caregiver).get(path)
    page = text_of(response)
    assert "This team came to its end" in page
    assert "Call a meeting" not in page
    assert 'name="coming"' not in page
    assert sign_in(world.users.dss_worker).get(path).status_code == 404


@pytest.mark.parametrize("slug", ["other_caregiver", "expired_consent", "former_member", "proposed", "coordinator"])
def test_the_team_of_others_is_not_there(world, sign_in, path, slug):
    client = sign_in(world.people[slug])
    absent = client.get(reverse("teams:team_detail", kwargs={"team_id": 99999}))
    assert client.get(path).status_code == absent.status_code == 404


def test_names_of_any_script_and_length_are_shown_in_full_and_safely(world, sign_in, path):
    names = ["<b>Bo</b> & Co", "مريم عبد الرحمن", "👩‍👧 Ana", "W" * 120, "\u202eevil"]
    for name in names:
        propose_member(team=world.team, by=world.users.caregiver, name=name, kind=MemberKind.NATURAL)
    response = sign_in(world.users.caregiver).get(path)
    page = response.content.decode()
    assert "<b>Bo</b> & Co" not in page
    assert {member.name for member in response.context["members"]} >= set(names)
    assert all(name in page for name in names[1:])


def test_the_page_costs_the_same_with_one_and_with_three_of_everything(world, sign_in, path):
    client = sign_in(world.users.caregiver)
    client.get(reverse("accounts:profile_edit"))  # the clock of the session is written once a minute

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    assert count() == 15
    for number in range(3):
        member = propose_member(team=world.team, by=world.users.caregiver, name=f"N {number}", kind=MemberKind.NATURAL)
        choose_member(membership=member, by=world.users.caregiver)
        add_item(team=world.team, by=world.users.caregiver, item=Need(text="More"))
        add_item(team=world.team, by=world.users.caregiver, item=Step(text="x", goal=world.items["goal"]))
        look(world.users.dss_worker, Look.PLAN, world.team)
    assert count() == 15


# --- My teams -----------------------------------------------------------------------------------------------------
def test_the_list_holds_exactly_my_teams(world, sign_in):
    def teams(slug):
        return list(sign_in(world.people[slug]).get(reverse("teams:team_list")).context["page"])

    for slug in ("caregiver", "youth", "grandmother", "dss_worker", "provider"):
        assert teams(slug) == [world.team]
    for slug in ("other_caregiver", "other_facilitator"):
        assert teams(slug) == [world.other_team]
    for slug in ("expired_consent", "former_member", "proposed", "coordinator", "superuser"):
        assert teams(slug) == []


def test_the_list_has_pages_of_twenty_and_costs_the_same(world, sign_in):
    user = world.users.caregiver
    client = sign_in(user)
    client.get(reverse("accounts:profile_edit"))

    def count(page):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(reverse("teams:team_list"), {"page": page})
        return len(queries), len(response.context["page"])

    assert count(1) == (9, 1)
    for _number in range(20):
        copy = Team.objects.create(family=world.family, opened_by=user)
        copy.children.add(world.mateo)
        rosa = {"person": world.rosa, "user": user, "name": "Rosa", "kind": MemberKind.FAMILY}
        stamps = {f"{word}_{end}": value for word in ("proposed", "chosen", "accepted")
                  for end, value in (("by", user), ("at", timezone.now()))}  # fmt: skip
        row = Membership(team=copy, starts_on=timezone.localdate(), **rosa, **stamps)
        Membership.written_by_actions.bulk_create([row])
    assert count(1) == (9, 20)
    assert count(2) == (9, 1)
    assert count("x") == (9, 20)


# --- Asking for a team --------------------------------------------------------------------------------------------
def test_anybody_asks_for_a_team_and_sits_at_its_table(world, sign_in):
    user = world.users.jcpc_chair
    client = sign_in(user)
    assert client.get(reverse("teams:team_ask")).context["form"]["caregiver_name"].value() == "Harriet Cole"
    response = ask(client, world, child_2="Cruz Reed")
    team = Team.objects.get(family__name="Reed family")
    assert response.url == reverse("teams:team_detail", kwargs={"team_id": team.pk})
    assert sorted(team.children.values_list("name", "born_on")) == [
        ("Ben Reed", dt.date(2015, 3, 9)), ("Cruz Reed", None),
    ]  # fmt: skip
    assert Person.objects.get(family=team.family, user=user).name == "Ana Reed"
    assert Deadline.objects.filter(team=team).count() == 2
    assert client.get(response.url).status_code == 200
    assert client.get("/").context["team"] == team


def test_a_form_sent_twice_makes_one_family(world, sign_in):
    client = sign_in(world.users.jcpc_chair)
    first, second = ask(client, world), ask(client, world)
    assert first.url == second.url
    assert Family.objects.filter(name="Reed family").count() == 1


def test_another_family_of_the_same_person_is_another_one(world, sign_in):
    client = sign_in(world.users.jcpc_chair)
    assert ask(client, world).url != ask(client, world, family_name="Cole family").url


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"child_1": "", "born_1": ""}, "child_1", "Write the name of at least one child or youth."),
        ({"child_1": "   ", "born_1": ""}, "child_1", "Write the name of at least one child or youth."),
        ({"child_1": "", "child_2": "Ana"}, "child_1", "Write the name that goes with this birthday."),
        ({"born_1": "2999-01-01"}, "born_1", "This day has not come yet. Check the birthday."),
        ({"born_1": "1970-01-01"}, "born_1", "A team is for children and youth. Check the birthday."),
        ({"born_1": "2015-02-30"}, "born_1", "Write a day like this: 10/15/2026."),
        ({"county": "99999"}, "county", "We do not know this county. Choose one from the list."),
        ({"county": "Atlantis"}, "county", "We do not know this county. Choose one from the list."),
        ({"county": ""}, "county", "Choose your county."),
        ({"family_name": ""}, "family_name", "Write what you call your family."),
        ({"family_name": "x" * 121}, "family_name", "This is too long. Use 120 letters at most."),
        ({"caregiver_name": ""}, "caregiver_name", "Write your name, so your team knows you."),
        ({"relationship": "x" * 81}, "relationship", "This is too long. Use 80 letters at most."),
        ({"child_6": "y" * 121}, "child_6", "This is too long. Use 120 letters at most."),
        ({"child_1": "a\x00b"}, "child_1", "Null characters are not allowed."),
    ],
)
def test_a_mistake_is_said_beside_its_question_and_nothing_typed_is_lost(world, sign_in, changes, field, words):
    client = sign_in(world.users.jcpc_chair)
    response = ask(client, world, **changes)
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [words]}
    assert 'value="Ana Reed"' in text_of(response) or "caregiver_name" in changes
    assert not Family.objects.filter(name="Reed family").exists()


def test_somebody_of_twenty_six_may_still_have_a_team(world, sign_in):
    year = timezone.localdate().year
    client = sign_in(world.users.jcpc_chair)
    assert ask(client, world, born_1=f"{year - 28}-12-31").status_code == 422
    assert ask(client, world, born_1=f"{year - 26}-01-01").status_code == 302


def test_what_was_typed_is_kept_when_the_session_is_gone_and_dropped_when_it_is_saved(world, sign_in):
    user, path = world.users.jcpc_chair, reverse("teams:team_ask")
    client = sign_in(user)
    client.post(reverse("drafts:keep"), {"path": path, "family_name": "Half a na", "child_5": "Zoe"})
    response = client.get(path)
    assert response.context["form"]["family_name"].value() == "Half a na"
    assert '<details class="fold" open>' in response.content.decode()
    ask(client, world)
    assert drafts_for(user, path) == {}


def test_a_visitor_is_asked_to_sign_in_and_comes_back(client, db):
    path = reverse("teams:team_ask")
    assert client.get(path).url == f"{reverse('account_login')}?next={path}"
