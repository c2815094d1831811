"""The made-up state: told through the actions, at every stage, never later than now, and with nobody real in it."""

import datetime as dt
import re
from random import Random
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from collaboratives.enums import DeadlineKind, OrganizationKind
from collaboratives.models import CountyRole, Organization, StaffPosition
from families.access import open_households
from families.enums import ALL_SECTIONS, Section
from families.models import Family, Household, HouseholdShare, Person
from referrals.access import received_referrals
from referrals.enums import Outcome, ReferralStatus
from referrals.models import Referral, ReferralLink
from soc_portal.access.scope import read_scope
from soc_portal.accounts.personas import PERSONAS
from soc_portal.audit.enums import Look
from soc_portal.audit.models import Event
from soc_portal.notices.models import Notice
from soc_portal.settings import BASE_DIR
from soc_portal.versions.models import Revision, SharedRow
from teams.access import can_read_section, visible_items, visible_referrals, visible_worklist_teams
from teams.demo.cast import Cast
from teams.demo.clock import story_time
from teams.demo.places import COUNTIES
from teams.demo.plots import PLOTS, STAGES
from teams.demo.world import build
from teams.enums import AnswerKind, Attendance, EndReason, LifeDomain, MeetingStatus, Phase, StepStatus
from teams.models import (
    Answer,
    Consent,
    Deadline,
    Ending,
    Guest,
    Invitation,
    Meeting,
    Membership,
    Need,
    PlanVersion,
    Step,
    Team,
    TeamUserObjectPermission,
    Words,
)

User = get_user_model()
TEXTS = models.CharField | models.TextField | models.JSONField
PHONE = re.compile(r"\b\d{3}[-. ]\d{4}\b")


@pytest.fixture(scope="module")
def state(django_db_setup, django_db_blocker):
    """The whole state, built once for this file by the command, and taken back."""
    from django.conf import settings

    with django_db_blocker.unblock(), transaction.atomic():
        settings.DEMO = True
        mail.outbox = []
        call_command("demo_state", crowd=0, verbosity=0)
        settings.DEMO = False
        yield SimpleNamespace(
            team=Team.objects.get(family__name="Delgado family"),
            users={persona.slug: User.objects.get(email=persona.email) for persona in PERSONAS},
            now=timezone.now(),
            today=timezone.localdate(),
        )
        transaction.set_rollback(True)


def counts():
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


def sees(state, slug):
    right = read_scope(state.users[slug], state.now).teams.get(state.team.pk)
    return set(right.sections) if right else set()


# --- The state -------------------------------------------------------------------------------------------------------
class TestTheState:
    def test_families_in_twelve_counties_with_agencies_of_every_kind_and_a_coordinator(self, state):
        assert len(COUNTIES) == 12
        assert set(Family.objects.values_list("county__name", flat=True)) == set(COUNTIES)
        assert Family.objects.count() == len(PLOTS) + 1
        assert {plot.stage for plot in PLOTS} == set(STAGES)
        assert set(Organization.objects.values_list("kind", flat=True)) == set(OrganizationKind.values)
        for name in COUNTIES:
            kinds = Organization.objects.filter(counties__name=name).values_list("kind", flat=True)
            assert set(kinds) == set(OrganizationKind.values) - {OrganizationKind.STATE}
            assert CountyRole.objects.live().filter(county__name=name).count() == 1
        assert StaffPosition.objects.exclude(supervisor=None).count() == 2 * len(COUNTIES)

    def test_teams_at_every_stage(self, state):
        today = state.today
        live = Team.objects.live()
        late = Deadline.objects.open().filter(due_on__lt=today)
        held = Meeting.objects.filter(status=MeetingStatus.HELD)
        ahead = Meeting.objects.filter(status=MeetingStatus.SET, starts_at__gt=state.now)
        never_met = live.exclude(pk__in=held.values("team"))
        assert never_met.filter(pk__in=late.filter(kind=DeadlineKind.FIRST_MEETING).values("team")).exists()
        assert never_met.exclude(pk__in=late.values("team")).exists()
        assert never_met.filter(pk__in=ahead.values("team")).exists()
        planning = live.filter(pk__in=Need.objects.values("team"), phase=Phase.PLANNING)
        assert planning.exclude(pk__in=PlanVersion.objects.values("team")).exists()
        assert live.filter(pk__in=late.filter(kind=DeadlineKind.FIRST_PLAN).values("team")).exists()
        not_met_for_long = late.filter(kind=DeadlineKind.NEXT_MEETING).values("team")
        assert live.filter(pk__in=not_met_for_long).exclude(pk__in=ahead.values("team")).exists()
        disagrees = Answer.objects.filter(kind=AnswerKind.DISAGREES, ended_at=None)
        assert live.filter(pk__in=disagrees.values("plan_version__team")).count() >= 3
        late_steps = Step.objects.live().filter(status__in=("todo", "doing"), due_on__lt=today)
        assert live.filter(pk__in=late_steps.values("team")).count() >= 4
        assert live.annotate(n=Count("meetings", filter=Q(meetings__status="held"))).filter(n__gte=3).count() >= 10
        assert {team.phase for team in live} == set(Phase.values)
        assert Team.objects.exclude(ended_at=None).count() == 4

    def test_two_teams_ended_as_they_planned_and_one_gets_ready(self, state):
        there = Ending.objects.filter(ended_at=None)
        closed = there.filter(closed_at__isnull=False)
        assert set(closed.values_list("ends_on", flat=True)) == {timezone.localdate(row.closed_at) for row in closed}
        assert closed.filter(had_transition=True, team__ended_at=F("closed_at")).count() == closed.count() == 2
        on_its_way = there.get(closed_at=None)
        assert on_its_way.team.is_live and on_its_way.ends_on > state.today
        assert {word.noted_by is None for word in on_its_way.last_words.all()} == {True, False}
        assert all(row.last_words.count() >= 3 for row in there)

    def test_two_families_came_back_for_a_second_team(self, state):
        back = Family.objects.annotate(n=Count("teams")).filter(n=2)
        assert back.count() == 2
        for family in back:
            first, second = family.teams.order_by("opened_on")
            assert (first.is_live, second.is_live) == (False, True)
            assert timezone.localdate(first.ended_at) < second.opened_on
        assert Team.objects.annotate(n=Count("children")).filter(n=2).count() >= 3

    def test_members_come_and_go_in_every_way(self, state):
        members = list(Membership.objects.all())
        assert {member.end_reason for member in members if member.ended_at} == set(EndReason.values)
        assert {member.stage for member in members} == {"ended", "proposed", "chosen", "live"}
        assert any(member.picked_by_youth for member in members)
        assert Invitation.objects.filter(used_at=None, ended_at=None).exclude(address="").exists()
        assert Invitation.objects.filter(used_at=None, ended_at=None, address="").exists()
        facilitated = Membership.objects.live().filter(is_facilitator=True)
        assert not facilitated.filter(is_caseworker=True).exists()
        assert set(Guest.objects.values_list("attendance", flat=True)) == set(Attendance.values)

    def test_consents_grants_and_homes_are_open_ended_and_about_to_end(self, state):
        soon = state.today + dt.timedelta(days=14)
        assert Consent.objects.live().filter(until__lte=soon).exists()
        assert Consent.objects.exclude(ended_at=None).exists()
        assert Consent.objects.filter(ended_at=None, until__lt=state.today).exists()
        grants = TeamUserObjectPermission.objects
        assert grants.filter(ended_at=None, until__gt=state.now).count() >= 3
        assert grants.exclude(ended_at=None).exists()
        assert HouseholdShare.objects.filter(ended_at=None).exists()
        assert HouseholdShare.objects.exclude(ended_at=None).exists()
        assert Family.objects.annotate(n=Count("households")).filter(n=2).count() >= 4
        assert Person.objects.filter(needs_interpreter=True).values("language").distinct().count() >= 4
        assert Person.objects.exclude(access_needs="").exists()

    def test_steps_in_every_state(self, state):
        assert set(Step.objects.values_list("status", flat=True)) == set(StepStatus.values)
        assert Step.objects.filter(needs_help=True).exists()
        assert Step.objects.exclude(why="").exists()

    def test_referrals_of_every_kind(self, state):
        found = Referral.objects.values_list("status", flat=True)
        assert set(found) == set(ReferralStatus) - {ReferralStatus.ERROR}
        assert set(Referral.objects.values_list("outcome", flat=True)) == set(Outcome)
        assert Referral.objects.exclude(refusal="").values("refusal").distinct().count() >= 2
        waiting = Referral.objects.filter(status=ReferralStatus.REQUESTED)
        assert {referral.is_late for referral in waiting} == {True, False}
        assert ReferralLink.objects.exclude(used_at=None).exclude(opened_at=None).exists()

    def test_nothing_happened_later_than_now_and_no_mail_waits(self, state):
        for model in apps.get_models():
            moments = [f.name for f in model._meta.get_fields() if isinstance(f, models.DateTimeField)]
            for name in set(moments) - {
                "starts_at",
                "ends_at",
                "expires_at",
                "until",
                "expire_date",
                "due_at",
                "first_visit_at",
            }:
                late = model._base_manager.filter(**{f"{name}__gt": state.now})
                assert list(late) == [], f"{model._meta.label}.{name}"
        assert Notice.objects.count() > 500
        assert not Notice.objects.filter(sent_at=None).exists()
        assert mail.outbox == []

    def test_history_runs_forward(self, state):
        versions: dict = {}
        for row in Revision.objects.order_by("pk"):
            before = versions.get((row.kind, row.item_id))
            assert before is None or before <= row.at
            versions[row.kind, row.item_id] = row.at
        for model in [m for m in apps.get_models() if issubclass(m, SharedRow)]:
            assert not model.objects.filter(ended_at__lt=models.F("created_at")).exists()
        assert not Membership.objects.filter(accepted_at__lt=models.F("chosen_at")).exists()
        assert not Membership.objects.filter(ended_at__lt=models.F("proposed_at")).exists()

    def test_nobody_is_real(self, state):
        """Phones are 555-01xx, addresses of mail end in demo.example, in every text of every table."""
        for model in apps.get_models():
            fields = [field.name for field in model._meta.concrete_fields if isinstance(field, TEXTS)]
            for row in model._base_manager.values_list(*fields) if fields else ():
                text = "\n".join(str(value) for value in row)
                assert all("555-01" in found for found in PHONE.findall(text)), text
                if model is not EmailAddress:
                    found = set(re.findall(r"[\w.+-]+@([\w.-]+\w)", text))
                    assert found <= {"demo.example"}, text
        assert not User.objects.exclude(email__endswith="@demo.example").exists()

    def test_everybody_signs_in_by_button_or_code_and_nobody_by_password(self, state):
        for slug, user in state.users.items():
            assert not user.has_usable_password(), slug
            assert EmailAddress.objects.filter(user=user, email=user.email, verified=True, primary=True).exists()
        assert not [user for user in User.objects.all() if user.has_usable_password()]
        assert User.objects.filter(is_superuser=True).count() == 0


# --- The Delgados ----------------------------------------------------------------------------------------------------
class TestTheDelgados:
    def test_a_year_of_meetings_and_the_next_one_in_nine_days(self, state):
        meetings = list(Meeting.objects.filter(team=state.team).order_by("starts_at"))
        assert [meeting.status for meeting in meetings] == ["held"] * 8 + ["set"]
        assert timezone.localdate(meetings[-1].starts_at) == state.today + dt.timedelta(days=9)
        assert timezone.localtime(meetings[-1].starts_at).strftime("%H:%M") == "17:30"
        for meeting in meetings[:-1]:
            assert meeting.topics.exists()
            assert meeting.notes.exists()
            assert meeting.decisions.exists()
            assert meeting.words.filter(language="es").exists()
            assert not meeting.guests.filter(attendance="").exists()
        assert "A missed day is not a crime" in meetings[-2].decisions.order_by("pk").last().differing_words
        assert meetings[-2].steps.count() == 2

    def test_three_agreed_plans_with_answers_in_their_own_words(self, state):
        versions = PlanVersion.objects.filter(team=state.team).order_by("number")
        assert [version.number for version in versions] == [1, 2, 3]
        for version in versions:
            assert version.answers.filter(membership__user=state.users["caregiver"], kind="agrees").exists()
        assert set(versions.values_list("answers__kind", flat=True)) == set(AnswerKind.values)
        assert "Sí." in " ".join(versions.values_list("answers__words", flat=True))

    def test_needs_in_the_familys_order_and_each_in_its_section(self, state):
        needs = Need.objects.live().filter(team=state.team).order_by("place", "pk")
        assert [need.section for need in needs].count("plan") == 3
        assert {need.section for need in needs} == {"plan", "school", "court", "mental_health", "substance_use"}
        assert needs[0].text.startswith("Mateo needs to feel safe at school")
        assert needs[2].domain == LifeDomain.FUN  # added last, moved up since
        writers = Revision.objects.filter(team_id=state.team.pk).values_list("by_name", flat=True)
        assert len(set(writers)) >= 10

    def test_the_family_speaks_both_its_languages(self, state):
        words = Words.objects.live().filter(team=state.team, meeting=None).order_by("pk")
        assert [(row.person.name, row.language) for row in words] == [("Rosa Delgado", "es"), ("Mateo Delgado", "en")]
        assert state.users["grandmother"].language == "es"

    def test_rosa_has_a_step_past_its_date_one_under_way_and_one_done(self, state):
        steps = Step.objects.live().filter(who__user=state.users["caregiver"], team=state.team)
        assert {"late", "doing", "done"} <= {step.state_name for step in steps}

    def test_four_referrals_of_the_delgados(self, state):
        asked = Referral.objects.filter(source__team=state.team).order_by("title")
        assert [(row.title, row.status) for row in asked] == [
            ("A break, one weekend a month", "draft"),
            ("A mentor, two afternoons a week", "rejected"),
            ("Evening counseling for Mateo", "accepted"),
            ("Help with the soccer fee", "completed"),
        ]
        counseling = asked[2]
        visit = timezone.localtime(counseling.first_visit_at)
        assert (visit.strftime("%A %H:%M"), visit > state.now) == ("Tuesday 17:30", True)
        assert (counseling.answered_at - counseling.requested_at).days in (9, 10)
        assert counseling.is_shared()
        assert (asked[1].refusal, asked[3].outcome) == ("no_room", "received")
        got = received_referrals(state.users["receiver"])
        assert counseling in got and not got.filter(organization__name="Graham Community Soccer").exists()
        assert not visible_referrals(state.users["receiver"]).exists()

    def test_the_people_are_as_the_story_says(self, state):
        mateo, rosa = (Person.objects.get(user=state.users[slug]) for slug in ("youth", "caregiver"))
        assert mateo.age() == 14
        assert sorted(home.name for home in mateo.households.all()) == ["Luis's home", "Rosa's home"]
        assert [home.name for home in rosa.households.all()] == ["Rosa's home"]
        members = Membership.objects.filter(team=state.team)
        stages = {member.name: member.stage for member in members}
        assert stages["Pastor James"] == "chosen"
        assert stages["Gail Norris"] == "ended"
        assert stages["Mrs. Lee"] == "live"
        assert members.get(name="Mrs. Lee").user is None
        assert members.get(is_facilitator=True).name == "Andrea Pruitt"
        assert [member.name for member in members.filter(is_caseworker=True)] == ["Denise Whitfield"]
        assert members.get(name="Ray Tillman").chosen_by == state.users["youth"]

    def test_who_may_read_what(self, state):
        base = {Section.PLAN, Section.RECORDS}
        assert {slug: sees(state, slug) for slug in state.users} == {
            "caregiver": ALL_SECTIONS,
            "youth": ALL_SECTIONS,
            "other-household": ALL_SECTIONS,
            "grandmother": base,
            "family-partner": base | {Section.SCHOOL, Section.COURT, Section.MENTAL_HEALTH},
            "facilitator": base | {Section.SCHOOL},
            "dss-worker": base,
            "court-counselor": base | {Section.COURT},
            "provider": base | {Section.MENTAL_HEALTH, Section.SUBSTANCE_USE},
            "receiver": set(),
            "expired-consent": set(),
            "coordinator": set(),
            "jcpc-chair": set(),
            "state-cochair": set(),
            "other-caregiver": set(),
            "other-facilitator": set(),
            "former-member": set(),
        }

    def test_one_need_is_the_providers_and_the_familys_alone(self, state):
        need = Need.objects.get(team=state.team, section=Section.SUBSTANCE_USE)
        readers = [slug for slug, user in state.users.items() if visible_items(user, Need).filter(pk=need.pk).exists()]
        assert readers == ["caregiver", "youth", "provider", "other-household"]

    def test_the_coordinator_sees_that_the_team_exists_and_no_record(self, state):
        marcus = state.users["coordinator"]
        scope = read_scope(marcus, state.now)
        assert state.team.pk not in scope.teams and len(scope.teams) == 3  # other families asked him to their table
        assert state.team in visible_worklist_teams(marcus)
        for model in (Need, Step, Meeting, Words):
            assert not visible_items(marcus, model).filter(team=state.team).exists()
        assert set(visible_worklist_teams(marcus).values_list("family__county__name", flat=True)) == {"Alamance"}

    def test_neither_home_sees_the_other(self, state):
        names = {slug: [home.name for home in open_households(user)] for slug, user in state.users.items()}
        assert names["caregiver"] == ["Rosa's home"]
        assert names["other-household"] == ["Luis's home"]
        assert names["grandmother"] == ["Rosa's home"]
        assert names["former-member"] == names["coordinator"] == []
        assert Household.objects.filter(family=state.team.family).count() == 2

    def test_looks_go_back_for_months_and_devon_looked_yesterday(self, state):
        looks = Event.objects.filter(family_id=state.team.family_id, looked=True)
        yesterday = looks.filter(actor_name="Devon Harris", at__gte=state.now - dt.timedelta(days=2))
        assert {look.verb for look in yesterday} == {Look.PLAN, Look.RECORD}
        assert {look.actor_organization for look in yesterday} == {"Juvenile Court Services, Alamance County"}
        assert timezone.localdate(yesterday.first().at) == state.today - dt.timedelta(days=1)
        assert looks.filter(at__lt=state.now - dt.timedelta(days=200)).exists()
        assert looks.filter(actor_name="Marcus Bell", verb=Look.WORKLIST).exists()

    def test_an_interpreter_may_read_for_one_meeting(self, state):
        grant = state.team.grants.get()
        assert grant.user.name == "Elena Fuentes"
        assert can_read_section(grant.user, state.team, Section.RECORDS)
        assert timezone.localdate(grant.until) == state.today + dt.timedelta(days=10)


# --- The command -----------------------------------------------------------------------------------------------------
class TestTheCommand:
    def test_a_second_run_changes_nothing(self, state, settings, capsys):
        settings.DEMO = True
        before = counts()
        call_command("demo_state")
        call_command("demo_state", if_empty=True)
        assert capsys.readouterr().out == "The made-up state is here already. Nothing was changed.\n"
        assert counts() == before


@pytest.mark.django_db
class TestRefusals:
    def test_only_a_demo_is_filled(self, settings):
        settings.DEMO = False
        with pytest.raises(CommandError, match=r"^This is not a demo, so .* Set DEMO=1 and leave"):
            call_command("demo_state")
        assert counts()["accounts.User"] == 0

    def test_what_somebody_entered_is_kept(self, settings, capsys):
        settings.DEMO = True
        User.objects.create_user("somebody@example.org", None, name="Somebody")
        before = counts()
        call_command("demo_state", if_empty=True)
        assert counts() == before
        assert "Nothing was changed." in capsys.readouterr().out

    def test_a_mistake_in_the_middle_leaves_nothing_behind(self, settings, monkeypatch):
        settings.DEMO = True
        monkeypatch.setattr("teams.demo.world.tell_delgados", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            call_command("demo_state", crowd=0, verbosity=0)
        assert (User.objects.count(), Organization.objects.count(), Event.objects.count()) == (0, 0, 0)


# --- Time ------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    "moment",
    ["2027-01-01 00:05", "2028-02-29 12:00", "2027-03-14 03:00", "2026-11-01 01:30"],
    ids=["new year", "leap day", "clocks go forward", "clocks go back"],
)
def test_the_story_holds_on_any_day(moment):
    now = dt.datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("America/New_York"))
    with time_machine.travel(now, tick=False):
        call_command("load_reference_data", verbosity=0)
        build(plots=())
        today = timezone.localdate()
        team = Team.objects.get()
        ahead = Meeting.objects.get(status=MeetingStatus.SET)
        assert timezone.localdate(ahead.starts_at) == today + dt.timedelta(days=9)
        assert team.opened_on == today - dt.timedelta(days=338)
        assert Person.objects.get(name="Mateo Delgado").age() == 14
        assert Meeting.objects.filter(status=MeetingStatus.HELD).count() == 8
        assert not Event.objects.filter(at__gt=timezone.now()).exists()
        assert Consent.objects.filter(membership__name="Kim Okafor", until=today - dt.timedelta(days=1)).count() == 3


def test_the_clock_refuses_what_is_still_to_come_and_runs_on_afterwards():
    real = timezone.now
    with story_time() as clock:
        clock.go(-10, 9, 30)
        assert timezone.localdate() == clock.day(-10)
        assert Event._meta.get_field("at").get_default() == clock.at(-10, 9, 30)
        with pytest.raises(ValueError, match="still to come"):
            clock.go(1)
    assert timezone.now is real
    assert abs(timezone.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=5)


def test_a_weekend_goes_back_to_friday():
    saturday = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
    with time_machine.travel(saturday, tick=False), story_time() as clock:
        assert [clock.workday(days) for days in (-1, 0, 1, 2)] == [-1, -1, -1, 2]


def test_the_same_dice_give_the_same_people():
    one, other = ([cast.new_name("black", "latino") for _ in range(20)] for cast in (Cast(Random(1)), Cast(Random(1))))
    assert one == other
    assert len(set(one)) == 20


# --- The page about them ---------------------------------------------------------------------------------------------
def test_the_page_of_demo_people_names_every_persona_and_nobody_else():
    text = (BASE_DIR / "docs" / "demo-people.md").read_text()
    rows = re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \|", text, flags=re.MULTILINE)
    assert rows == [(persona.slug, persona.name) for persona in PERSONAS]


def test_each_source_of_a_figure_is_named():
    text = (BASE_DIR / "docs" / "data-sources.md").read_text()
    for path in re.findall(r"`([a-z_/]+\.(?:csv|json|py|md))`", text):
        assert (BASE_DIR / path).exists(), path
