"""The crowd of the demo: rows laid down in bulk, in states that actions could have reached, and nobody to sign in."""

from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from collaboratives.actions.numbers import publish, roll_up
from collaboratives.models import County
from families.models import Family
from soc_portal.access.scope import read_scope
from soc_portal.measures.published import Published
from soc_portal.measures.quarters import months_back, out_by
from soc_portal.measures.registry import every_measure
from teams.demo.clock import story_time
from teams.demo.crowd import HOME, NOT_YET, TEAMS, Ways, gather_crowd
from teams.models import Deadline, Ending, Guest, Meeting, Membership, Step, Team

User = get_user_model()
CROWD = 700


@pytest.fixture(scope="module")
def crowd(django_db_setup, django_db_blocker):
    """A small crowd, counted and out; built once for this file and taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_reference_data", verbosity=0)
        with story_time() as clock:
            gather_crowd(CROWD, clock)
        now = timezone.now()
        roll_up(months=months_back(timezone.localdate(now), 28), now=now)
        publish(now=now)
        yield SimpleNamespace(now=now, today=timezone.localdate(now))
        transaction.set_rollback(True)


def test_every_county_that_has_begun_has_a_team_and_the_others_have_none(crowd):
    assert Team.objects.count() == CROWD
    with_teams = set(Family.objects.values_list("county__name", flat=True))
    assert with_teams == set(County.objects.values_list("name", flat=True)) - NOT_YET
    assert len(with_teams) == 93
    largest = Family.objects.values("county__name").annotate(n=Count("pk")).order_by("-n").first()
    assert largest["county__name"] in ("Wake", "Mecklenburg")


def test_nobody_of_the_crowd_can_sign_in_or_is_on_a_team_with_an_account(crowd):
    assert not User.objects.filter(Q(is_active=True) | Q(is_superuser=True) | Q(is_staff=True)).exists()
    assert not [user for user in User.objects.all()[:50] if user.has_usable_password()]
    assert not EmailAddress.objects.exists()
    assert not Membership.objects.exclude(user=None).exists()
    assert read_scope(User.objects.order_by("pk").last(), crowd.now).teams == {}
    assert set(User.objects.exclude(email__endswith="@demo.example")) == set()


def test_where_the_coordinator_keeps_the_worklist_the_teams_have_ended(crowd):
    home = Team.objects.filter(family__county__name=HOME)
    assert home.exists() and not home.live().exists()
    assert Team.objects.live().count() > CROWD / 3


def test_nothing_is_later_than_now_and_nothing_ends_before_it_begins(crowd):
    for model in (User, Family, Team, Membership, Meeting, Step, Deadline, Ending):
        names = [field.name for field in model._meta.get_fields() if isinstance(field, models.DateTimeField)]
        for name in set(names) - {"ends_at"}:
            assert not model._base_manager.filter(**{f"{name}__gt": crowd.now}).exists(), f"{model}.{name}"
    assert not Membership.objects.filter(Q(ended_at__lt=F("chosen_at")) | Q(accepted_at__lt=F("chosen_at"))).exists()
    assert not Meeting.objects.filter(starts_at__date__gte=crowd.today).exists()
    assert not Meeting.objects.filter(team__ended_at__lt=F("starts_at")).exists()
    assert not Step.objects.filter(done_on__gte=crowd.today).exists()
    assert not Deadline.objects.filter(met_on__gte=crowd.today).exists()
    assert not Team.objects.filter(ended_at__date__lt=F("opened_on")).exists()
    assert not Ending.objects.filter(begun_at__gt=F("closed_at")).exists()
    assert not Ending.objects.filter(begun_at__date__lt=F("team__opened_on")).exists()
    assert Ending.objects.count() == Team.objects.exclude(ended_at=None).count()


def test_dates_are_those_of_the_rules_and_open_ones_belong_to_live_teams(crowd):
    for deadline in Deadline.objects.filter(kind="first_meeting").select_related("team", "rule")[:100]:
        assert (deadline.due_on - deadline.team.opened_on).days == deadline.rule.days
    assert not Deadline.objects.open().exclude(team__ended_at=None).exists()
    assert not Deadline.objects.filter(met_on__isnull=False, ended_at__isnull=False).exists()
    first = Meeting.objects.filter(team__deadlines__kind="first_meeting", team__deadlines__met_on=None)
    assert not first.exists()


def test_there_is_something_to_count_in_every_measure_of_teams_and_a_story_to_tell(crowd):
    out = out_by(crowd.today)
    published = Published(out).with_counties(quarter=out[-1])
    for slug in ("first-meeting", "caregiver-present", "natural-supports", "chosen-by-family", "steps-in-time"):
        assert all(number.is_exact for number in published.trend(slug)[1:]), slug
    counties = published.table("natural-supports", out[-1]).counties
    assert sum(number.is_exact for number in counties.values()) >= 5
    assert sum(number.mark == "absent" for number in counties.values()) >= len(NOT_YET)
    assert len(every_measure()) >= 9


def test_the_crowd_is_the_same_in_every_demo_and_none_is_none():
    county = County(name="Wake", fips="37183", under_18=1)
    assert Ways.of(county) == Ways.of(county)
    assert Ways.of(county) != Ways.of(County(name="Dare", fips="37055", under_18=1))
    assert TEAMS > 3_000


@pytest.mark.django_db
def test_two_crowds_of_one_day_are_the_same_and_without_a_crowd_there_is_none():
    call_command("load_reference_data", verbosity=0)

    def facts():
        return (
            sorted(Family.objects.values_list("name", "county__fips")),
            sorted(Meeting.objects.values_list("starts_at", flat=True)),
            sorted(Step.objects.values_list("due_on", "done_on"), key=str),
            Guest.objects.count(),
        )

    found = []
    for number in (0, 120, 120):
        with transaction.atomic(), story_time() as clock:
            gather_crowd(number, clock)
            found.append(facts())
            transaction.set_rollback(True)
    assert found[0] == ([], [], [], 0)
    assert found[1] == found[2]
