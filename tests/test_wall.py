"""The second wall: on PostgreSQL a query without any filter shows only what the signed-in person's families own."""

import ast
import json
import logging
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from families.models import Family, Person
from referrals.models import Referral, ReferralLink, ReferralMove
from soc_portal.access import wall, wall_checks
from soc_portal.access.wall import acting_as, whole_state
from soc_portal.audit.models import Event
from soc_portal.management.commands import prepare
from soc_portal.notices.emails import put_in_outbox
from soc_portal.urls import urlpatterns as portal_urls
from teams.actions.plans import agree_for_family, answer_plan, content_of, hash_of
from teams.models import (
    AnswerLink,
    Comment,
    Cover,
    Feedback,
    Help,
    Meeting,
    Membership,
    RecordCopy,
    RecordVersion,
    Slot,
    SlotAnswer,
    Suggestion,
    Team,
    TimePoll,
    WhatIf,
)
from tests.world import make_user

pytestmark = pytest.mark.services
TOP = Path(__file__).parent.parent

#: Every use of `whole_state`, by file and function. What stands here is seen past the second wall.
USES = {
    ("referrals/access.py", "open_link"),
    ("referrals/actions/referrals.py", "answer_by_link"),
    ("referrals/actions/referrals.py", "look_by_link"),
    ("referrals/emails.py", "_link_path"),
    ("teams/emails.py", "referral_changed"),
    ("collaboratives/actions/numbers.py", "roll_up"),
    ("teams/access.py", "answer_link"),
    ("teams/access.py", "answer_link_works"),
    ("teams/access.py", "get_own_invitation_for"),
    ("teams/access.py", "link_slots"),
    ("teams/access.py", "taken_times"),
    ("teams/actions/answer_links.py", "answer_meeting_by_link"),
    ("teams/actions/answer_links.py", "answer_times_by_link"),
    ("teams/actions/answer_links.py", "tell_of_failure"),
    ("teams/actions/invitations.py", "decline_invitation"),
    ("teams/actions/invitations.py", "take_invitation"),
    ("teams/actions/memberships.py", "accept_place"),
    ("teams/actions/memberships.py", "ask_for_another_team"),
    ("teams/actions/memberships.py", "ask_for_team"),
    ("teams/actions/memberships.py", "end_run_out_memberships"),
    ("teams/actions/memberships.py", "open_team"),
    ("teams/actions/names.py", "_recorded"),
    ("teams/emails.py", "_answer_link_path"),
    ("teams/emails.py", "barrier_answered"),
    ("teams/emails.py", "address_refused"),
    ("teams/reminders/meetings.py", "_remind_of_some"),
    ("teams/reminders/steps.py", "_remind"),
    ("teams/management/commands/verify_plans.py", "handle"),
    ("teams/management/commands/verify_records.py", "handle"),
}


def rows(table):
    """Everything of a family that a query without any filter finds.

    The history of groups, barriers and Family Partners stands in the same table as families'; it is of no family.
    """
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT to_jsonb(t) FROM "{table}" t')
        found = [json.loads(value) for (value,) in cursor.fetchall()]
    return [row for row in found if row["family_id"]] if table == "versions_revision" else found


def counts():
    return {table: len(rows(table)) for table in wall.WRITE}


@pytest.fixture
def full_world(world):
    """The small world with a row in every table behind the wall."""
    team, rosa = world.team, world.users.caregiver
    version = agree_for_family(team=team, by=rosa, seen_hash=hash_of(content_of(team)))
    member = world.members["facilitator"]
    answer_plan(version=version, membership=member, kind="agrees", words="", by=world.users.facilitator)
    need = {"team": team, "item_kind": "teams.need", "item_id": world.items["need"].pk}
    Cover.objects.create(**need, mandate=world.items["mandate"], made_by=rosa)
    Comment.objects.create(**need, membership=member, text="So do I").mentions.add(member)
    Suggestion.objects.create(**need, membership=member, text="Other words", base_version=1)
    _add_meeting_cycle(world, member)
    assert all(counts().values())
    return world


def _add_meeting_cycle(world, member):
    team, rosa, meeting = world.team, world.users.caregiver, world.meeting
    WhatIf.objects.create(team=team, meeting=meeting, text="It rains")
    Help.objects.create(team=team, meeting=meeting, kind_of="ride", carrier=member)
    poll = TimePoll.objects.create(team=team, purpose="To talk")
    times = {"starts_at": meeting.starts_at, "ends_at": meeting.ends_at}
    SlotAnswer.objects.create(slot=Slot.objects.create(poll=poll, membership=member, **times), membership=member)
    AnswerLink.objects.create(
        membership=member, poll=poll, nonce="n", created_by=rosa, expires_at=timezone.now() + timezone.timedelta(days=1)
    )
    frozen = RecordVersion(meeting=meeting, number=1, content={}, content_hash="h")
    [version] = RecordVersion.written_by_actions.bulk_create([frozen])
    RecordCopy.objects.create(record_version=version, membership=member)
    Feedback.objects.create(meeting=meeting, membership=member, heard="yes")


# --- What is behind it -----------------------------------------------------------------------------------------------
def family_scoped_tables():
    """Every table from which a way leads to a family: by foreign keys, or by a plain number of a family."""
    every = apps.get_models(include_auto_created=True)
    scoped = {Family}
    while True:
        more = {model for model in every if model not in scoped and _leads_to(scoped, model)}
        if not more:
            return {model._meta.db_table for model in scoped}
        scoped |= more


def _leads_to(scoped, model):
    fields = model._meta.local_fields
    return any(field.is_relation and field.related_model in scoped for field in fields) or any(
        field.name == "family_id" and isinstance(field, models.BigIntegerField) for field in fields
    )


def test_every_table_that_leads_to_a_family_is_behind_the_wall_or_named_with_its_reason():
    assert family_scoped_tables() == set(wall.WRITE) | set(wall.BEFORE_THE_WALL)
    assert not set(wall.WRITE) & set(wall.BEFORE_THE_WALL)


@pytest.mark.django_db
def test_the_database_has_the_wall_before_exactly_these_tables_and_their_owner_is_bound_too():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        assert {name for (name,) in cursor.fetchall()} == set(wall.WRITE)
        cursor.execute("SELECT tablename, array_agg(cmd ORDER BY cmd) FROM pg_policies GROUP BY tablename")
        assert dict(cursor.fetchall()) == {table: sorted(wall.COMMANDS) for table in wall.WRITE}


@pytest.mark.django_db
def test_the_tests_run_as_a_role_that_the_wall_binds():
    assert [error.id for error in wall_checks.the_second_wall_stands(None, ["default"])] == ["soc_portal.E005"]
    with connection.cursor() as cursor:  # E005: the harness alone begins as the portal itself, see behind_the_wall.py
        cursor.execute("SELECT set_config('app.system', '', true)")
    assert wall_checks.the_second_wall_stands(None, ["default"]) == []


@pytest.mark.django_db
def test_the_portal_does_not_start_where_the_wall_protects_nobody():
    with pytest.raises(ImproperlyConfigured, match=r"app.system = on.* docs/how-to/postgresql-roles.md"):
        prepare.refuse_open_wall()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.system', '', true)")
        prepare.refuse_open_wall()
        cursor.execute("ALTER TABLE teams_note NO FORCE ROW LEVEL SECURITY")
        with pytest.raises(ImproperlyConfigured, match=r"^Row-level security is not on for: teams_note\."):
            prepare.refuse_open_wall()
    found = wall_checks.faults_of_role(is_superuser=True, bypasses=True, system="")
    assert [error.id for error in found] == ["soc_portal.E004"]


# --- Who sees what ---------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    "slug",
    ["caregiver", "youth", "other_household", "grandmother", "family_partner", "facilitator", "dss_worker",
     "court_counselor", "provider", "expired_consent"],
)  # fmt: skip
def test_a_member_s_query_without_a_filter_shows_the_rows_of_their_team_and_no_other(full_world, slug):
    ours = {table: [row for row in rows(table) if belongs(full_world.team, table, row)] for table in wall.WRITE}
    user = full_world.people[slug]
    with acting_as(user.pk):
        seen = {table: rows(table) for table in wall.WRITE}
    for table in wall.WRITE:
        assert by_number(seen[table]) == by_number(ours[table]), table
        assert seen[table], table


def belongs(team, table, row):
    """Whether a row is the team's or its family's, found out another way than the policies do."""
    if table in ("families_family", "teams_team"):
        return row["id"] == (team.family_id if table == "families_family" else team.pk)
    if "family_id" in row:
        return row["family_id"] == team.family_id
    if "team_id" in row:
        return row["team_id"] == team.pk
    if "referral_id" in row:
        return row["referral_id"] in set(team.family.referrals.values_list("pk", flat=True))
    if "membership_id" not in row and "meeting_id" in row:
        return row["meeting_id"] in set(team.meetings.values_list("pk", flat=True))
    if "household_id" in row:
        return row["household_id"] in set(team.family.households.values_list("pk", flat=True))
    return row["membership_id"] in set(team.memberships.values_list("pk", flat=True))


def by_number(found):
    return sorted(row["id"] for row in found)


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["former_member", "proposed", "superuser", "jcpc_chair", "stranger", "nobody"])
def test_who_is_on_no_team_sees_nothing_anywhere(full_world, slug):
    people = full_world.people | {"stranger": make_user("stranger", "Una Strange")}
    with acting_as(people[slug].pk if slug in people else None):
        seen = counts()
    assert seen == dict.fromkeys(wall.WRITE, 0)


@pytest.mark.django_db
def test_a_chosen_person_sees_nothing_until_they_have_said_yes_and_the_day_has_come(full_world):
    tomorrow = timezone.localdate() + timezone.timedelta(days=1)
    member = Membership.written_by_actions.filter(pk=full_world.members["facilitator"].pk)
    user = full_world.users.facilitator
    for change in ({"accepted_at": None, "accepted_by": None, "starts_on": None}, {"starts_on": tomorrow}):
        with transaction.atomic():
            member.update(**change)
            with acting_as(user.pk):
                assert set(counts().values()) == {0}
            transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_grant_opens_one_team_while_it_lasts(full_world, time_machine):
    from teams.actions.grants import give_grant

    user, until = full_world.users.jcpc_chair, timezone.now() + timezone.timedelta(days=2)
    give_grant(team=full_world.team, user=user, sections=["plan"], reason="Interpreter", until=until,
               by=full_world.users.caregiver)  # fmt: skip
    with acting_as(user.pk):
        assert list(Team.objects.all()) == [full_world.team]
    time_machine.move_to(until)
    with acting_as(user.pk):
        assert set(counts().values()) == {0}


@pytest.mark.django_db
def test_a_coordinator_sees_that_a_family_asked_and_what_is_due_and_nothing_else(full_world):
    with acting_as(full_world.users.coordinator.pk):
        seen = {table: by_number(rows(table)) for table in wall.WRITE}
    assert {table for table, numbers in seen.items() if numbers} == {
        "families_family", "teams_team", "teams_deadline", "referrals_referral", "teams_referralsource",
    }  # fmt: skip
    sent = full_world.family.referrals.filter(requested_at__isnull=False).values_list("pk", flat=True)
    assert seen["referrals_referral"] == sorted(sent)
    assert (seen["families_family"], seen["teams_team"]) == ([full_world.family.pk], [full_world.team.pk])
    assert seen["teams_deadline"] == sorted(full_world.team.deadlines.values_list("pk", flat=True))
    with acting_as(full_world.users.coordinator.pk):
        assert Family.objects.update(name="Mine") == Team.objects.update(phase="ended") == 0
        assert (
            Referral.objects.update(title="Mine") == ReferralMove.objects.count() == ReferralLink.objects.count() == 0
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "titles"),
    [("receiver", ["requested", "accepted", "mental_health"]), ("other_receiver", ["other_office", "other_family"])],
)
def test_who_receives_referrals_sees_those_that_were_sent_there_with_their_moves_and_nothing_else(
    full_world, slug, titles
):
    wanted = {full_world.referrals[title].pk for title in titles}
    with acting_as(full_world.people[slug].pk):
        seen = {table: rows(table) for table in wall.WRITE}
    assert {table for table, found in seen.items() if found} == {"referrals_referral", "referrals_referralmove"}
    assert {row["id"] for row in seen["referrals_referral"]} == wanted
    assert {row["referral_id"] for row in seen["referrals_referralmove"]} == wanted


@pytest.mark.django_db
def test_who_receives_a_referral_can_move_it_but_not_make_one_or_send_it_elsewhere(full_world):
    mine, other = full_world.referrals["requested"], full_world.referrals["other_office"]
    with acting_as(full_world.users.receiver.pk):
        assert Referral.objects.filter(pk=mine.pk).update(wait_words="A week") == 1
        assert Referral.objects.filter(pk=other.pk).update(wait_words="A week") == 0
        for change in ({"organization": full_world.other_office}, {"requested_at": None}):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                Referral.objects.filter(pk=mine.pk).update(**change)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            ReferralMove.objects.create(referral=other, to_status="accepted", by_name="Sam")
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            ReferralLink.objects.create(
                referral=mine, address="sam@test.example", nonce="x", created_by=full_world.users.receiver,
                expires_at=timezone.now() + timezone.timedelta(days=1),
            )  # fmt: skip


# --- Writing ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_nobody_changes_deletes_or_adds_rows_of_another_family(full_world):
    other = full_world.other_need
    with acting_as(full_world.users.caregiver.pk):
        assert type(other).objects.filter(pk=other.pk).update(text="Changed") == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Person.objects.create(family=full_world.other_family, name="Mallory")
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Meeting.objects.filter(pk=full_world.meeting.pk).update(team=full_world.other_team)


@pytest.mark.django_db
def test_what_is_written_down_is_not_deleted_and_the_log_is_not_written_over(full_world):
    with acting_as(full_world.users.caregiver.pk):
        for table in sorted(set(wall.WRITE) - wall.DELETED):
            with connection.cursor() as cursor:
                cursor.execute(f'DELETE FROM "{table}"')
                assert cursor.rowcount == 0, table
        assert Event.objects.exists()
        assert Event.objects.update(actor_name="Somebody else") == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Event.objects.create(verb="plan_read", actor_id=full_world.users.facilitator.pk, actor_name="Forged",
                                 family_id=full_world.family.pk)  # fmt: skip


# --- Context ---------------------------------------------------------------------------------------------------------
def state():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.user_id', true), current_setting('app.system', true)")
        return tuple(value or "" for value in cursor.fetchone())


@pytest.mark.django_db
def test_contexts_nest_and_each_gives_back_what_was_before():
    assert state() == ("", "on")
    with acting_as(7):
        assert state() == ("7", "")
        with whole_state("test"):
            assert state() == ("", "on")
        assert state() == ("7", "")
        with pytest.raises(ZeroDivisionError), acting_as(8):
            _ = 1 / 0
        with pytest.raises(DatabaseError), acting_as(9), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        with acting_as(10):
            transaction.set_rollback(True)
        assert state() == ("7", "")
    assert state() == ("", "on")


@pytest.fixture
def as_in_production(transactional_db):
    """A connection that begins as nobody, committing for real."""

    def begin(system):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.system', %s, false)", [system])

    begin("")
    yield
    begin("on")


@pytest.mark.django_db(transaction=True)
def test_a_connection_without_a_context_and_one_after_a_context_belong_to_nobody(as_in_production):
    assert state() == ("", "")
    for context in (acting_as(7), whole_state("test")):
        with context:
            pass
        assert state() == ("", "")
    with pytest.raises(ZeroDivisionError), acting_as(7):
        _ = 1 / 0
    assert state() == ("", "")


@pytest.mark.django_db
def test_a_function_that_looks_past_a_policy_gives_its_right_back(full_world):
    with acting_as(full_world.users.facilitator.pk):
        assert Family.objects.count() == 1
        assert state() == (str(full_world.users.facilitator.pk), "")


# --- Requests --------------------------------------------------------------------------------------------------------
seen_by_page = []


def note_state(request):
    seen_by_page.append((state(), Team.objects.count()))
    return HttpResponse("<p>ok</p>")


def break_after_a_change(request):
    put_in_outbox("member_ended", user=request.user, path="/")
    raise ZeroDivisionError


def break_in_a_hook(request):
    transaction.on_commit(lambda: seen_by_page.append((state(), connection.in_atomic_block)))
    return HttpResponse("<p>ok</p>")


urlpatterns = [
    *portal_urls,
    path("test/state/", note_state),
    path("test/public/", login_not_required(note_state)),
    path("test/breaks/", break_after_a_change),
    path("test/hook/", break_in_a_hook),
]


@pytest.fixture
def pages(settings):
    settings.ROOT_URLCONF = __name__
    seen_by_page.clear()
    return seen_by_page


@pytest.mark.django_db(transaction=True)
def test_a_request_is_its_person_s_and_the_next_on_the_same_connection_is_nobody_s(pages, world):
    rosa, una = Client(), Client()
    rosa.force_login(world.users.caregiver, backend="django.contrib.auth.backends.ModelBackend")
    una.force_login(make_user("una", "Una Strange"), backend="django.contrib.auth.backends.ModelBackend")
    rosa.get("/test/state/")
    Client().get("/test/public/")
    una.get("/test/state/")
    assert [(user, system, count) for (user, system), count in pages] == [
        (str(world.users.caregiver.pk), "", 1),
        ("", "", 0),
        (str(una.session["_auth_user_id"]), "", 0),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_page_that_fails_leaves_nothing_half_done(pages, world, caplog):
    from soc_portal.notices.models import Notice

    before = Notice.objects.count()
    client = Client(raise_request_exception=False)
    client.force_login(world.users.caregiver, backend="django.contrib.auth.backends.ModelBackend")
    with caplog.at_level(logging.CRITICAL):
        assert client.get("/test/breaks/").status_code == 500
    assert Notice.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_what_runs_after_the_commit_is_outside_and_belongs_to_nobody(pages, world):
    client = Client()
    client.force_login(world.users.caregiver, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/test/hook/")
    assert pages == [(("", ""), False)]


@pytest.mark.django_db(transaction=True)
def test_notices_of_a_page_are_sent_after_it_by_a_task_that_is_nobody(world, mailoutbox):
    client = Client()
    client.force_login(world.users.facilitator, backend="django.contrib.auth.backends.ModelBackend")
    mailoutbox.clear()
    step = world.items["step"]
    url = reverse("teams:step_help", kwargs={"team_id": world.team.pk, "step_id": step.pk})
    assert client.post(url).status_code == 302
    assert mailoutbox
    assert all(mail.subject for mail in mailoutbox)


@pytest.mark.django_db(transaction=True)
def test_the_wall_costs_a_request_its_transaction_and_one_setting(pages, world):
    from django.test.utils import CaptureQueriesContext

    from tests.behind_the_wall import all_captured

    client = Client()
    client.force_login(world.users.caregiver, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/test/hook/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/test/hook/")
    statements = [query["sql"].split()[0] for query in all_captured(captured)]
    assert [word for word in statements if word != "SELECT"] == ["BEGIN", "COMMIT"]
    assert sum("set_config" in query["sql"] for query in all_captured(captured)) == 1


# --- Migrations, and other databases ---------------------------------------------------------------------------------
def walled_tables():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity OR relforcerowsecurity")
        tables = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT DISTINCT tablename FROM pg_policies")
        assert {name for (name,) in cursor.fetchall()} == tables
        return tables


@pytest.mark.django_db
def test_the_wall_can_be_taken_down_and_put_up_again_also_where_a_table_is_not_there_yet(monkeypatch):
    with connection.schema_editor() as editor:
        wall.take_down(None, editor)
        assert walled_tables() == set()
        monkeypatch.setitem(wall.WRITE, "teams_crisisplan_to_come", wall.OF_TEAM)
        for _twice in range(2):
            wall.put_up(None, editor)
            assert walled_tables() == set(wall.WRITE) - {"teams_crisisplan_to_come"}


@pytest.mark.django_db
def test_a_migration_sees_all_rows_once_it_has_asked(full_world):
    with acting_as(None):
        assert Team.objects.count() == 0
        with connection.schema_editor() as editor:
            wall.show_all_rows(None, editor)
        assert Team.objects.count() == 2


def test_on_another_database_nothing_happens_at_all(monkeypatch):
    other = SimpleNamespace(vendor="sqlite")  # whoever asks it for anything else fails
    monkeypatch.setattr(wall, "connection", other)
    monkeypatch.setattr(wall_checks, "connections", {"default": other})
    with acting_as(1), whole_state("test"):
        wall.undo_if_failed(HttpResponse(status=500))
    for operation in (wall.put_up, wall.take_down, wall.show_all_rows):
        operation(None, SimpleNamespace(connection=other))
    assert wall_checks.the_second_wall_stands(None, ["default"]) == []
    assert wall_checks.the_second_wall_stands(None) == []


# --- Kept so ---------------------------------------------------------------------------------------------------------
def test_the_whole_state_is_seen_only_where_this_list_says_so():
    found = set()
    for app in ("collaboratives", "families", "referrals", "soc_portal", "teams"):
        for file in sorted((TOP / app).rglob("*.py")):
            if file.name != "wall.py":
                found |= {(str(file.relative_to(TOP)), name) for name in functions_with(file, "whole_state")}
    assert found == USES


def functions_with(file, name):
    """The functions of a file, in or over which this name stands."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef):
            inside = [*node.decorator_list, *node.body]
            if any(isinstance(part, ast.Name) and part.id == name for child in inside for part in ast.walk(child)):
                yield node.name


def test_a_migration_that_changes_rows_first_asks_to_see_them():
    ours = {"collaboratives", "families", "teams", "referrals", "audit", "versions"}
    loader = MigrationLoader(None, ignore_no_migrations=True)
    for (app, name), migration in loader.disk_migrations.items():
        codes = [getattr(operation, "code", None) for operation in migration.operations]
        changes = [code for code in codes if code not in (None, wall.put_up, wall.show_all_rows)]
        if app in ours and changes:
            assert codes[0] is wall.show_all_rows, f"{app}.{name}"
