"""The made-up meetings: every state a meeting and a recommendation can be in, never later than now."""

import datetime as dt
from random import Random

import pytest

from collaboratives.actions.group_meetings import content_of, hash_of
from collaboratives.actions.groups import (
    add_seat,
    found_group,
    give_office,
    load_group_kinds,
    sign_statement,
    start_term,
)
from collaboratives.actions.reference import start_county_role
from collaboratives.demo.meeting_texts import AGENDA, DECISIONS, PLACES, RECOMMENDATIONS
from collaboratives.demo.meetings import tell_meetings
from collaboratives.enums import CountyRoleKind, OfficeKind
from collaboratives.management.commands.load_reference_data import DATA
from collaboratives.measures import family_voice
from collaboratives.models import AgendaItem, GroupAttendance, GroupKind, GroupMeeting, Recommendation, Seat
from soc_portal.notices.models import Notice
from soc_portal.versions.models import Revision
from teams.demo.cast import Cast
from teams.demo.clock import story_time
from tests.world import make_county

pytestmark = pytest.mark.django_db
YEARS = dt.timedelta(days=800)


@pytest.fixture
def story():
    """Two councils, a collaborative, a closed Local Team and the state's group, and a year of their meetings."""
    load_group_kinds(content=(DATA / "group_kinds.json").read_bytes())
    kinds = {kind.code: kind for kind in GroupKind.objects.all()}
    with story_time() as clock:
        cast = Cast(Random(1))
        clock.go(-390, 9)
        chief = cast.account("Ivy Sampson")
        counties = {name: make_county(name, fips) for name, fips in (("Alamance", "37001"), ("Durham", "37063"))}
        for name, county in counties.items():
            start_county_role(
                user=cast.account(f"Coordinator {name}"), county=county, role=CountyRoleKind.COORDINATOR, by=chief
            )
        groups = {}
        for short, kind, county, chair in (
            ("jcpc-Alamance", "jcpc", "Alamance", OfficeKind.CHAIR),
            ("jcpc-Durham", "jcpc", "Durham", None),
            ("community-Durham", "community", "Durham", OfficeKind.CHAIR),
            ("local-team-Alamance", "local-team", "Alamance", OfficeKind.CHAIR),
            ("state", "state", None, OfficeKind.CO_CHAIR),
        ):
            group = found_group(
                kind=kinds[kind], name=short, counties=[counties[county]] if county else [], by=chief,
                starts_on=dt.date(2025, 7, 1) if kind == "local-team" else dt.date(2015, 1, 1),
            )  # fmt: skip
            groups[short] = group
            for number in range(8):
                seat = Seat.objects.filter(group=group, terms=None).order_by("number").first()
                if seat is None:
                    category = group.kind_of.categories.filter(count=None).order_by("place").first()
                    seat = add_seat(group=group, category=category, by=chief)
                user = cast.account(f"{short} member {number}") if number < 2 else None
                term = start_term(
                    seat=seat, user=user, name=f"Member {number}", by=chief, starts_on=clock.day(-390),
                    ends_on=clock.day(300),
                )  # fmt: skip
                if number == 0 and chair:
                    give_office(term=term, kind=chair, by=chief)
                    if kind == "local-team":
                        sign_statement(group=group, by=user, text="I keep it to myself.")
        tell_meetings(groups, cast, clock)
        yield groups, clock


def test_each_group_met_and_meets_again(story):
    groups, clock = story
    for short, group in groups.items():
        meetings = GroupMeeting.objects.filter(group=group)
        assert meetings.filter(status="held").count() >= 2, short
        assert meetings.filter(status="set", starts_at__gt=clock.started).count() == 1, short
    assert GroupMeeting.objects.filter(group=groups["jcpc-Alamance"], status="held").count() == 6
    waiting = GroupMeeting.objects.filter(status="set", ends_at__lt=clock.started)
    assert [meeting.group.name for meeting in waiting] == ["community-Durham"]


def test_a_council_without_a_majority_decided_nothing_and_the_others_voted(story):
    held = GroupMeeting.objects.filter(status="held", quorum_needed__isnull=False)
    for meeting in held:
        assert meeting.decisions.exists() == meeting.has_quorum
        assert all(decision.votes == meeting.present for decision in meeting.decisions.all())
    assert {meeting.has_quorum for meeting in held} == {True, False}


def test_approved_minutes_are_as_they_were_and_the_newest_are_drafts(story):
    approved = GroupMeeting.objects.exclude(minutes_hash="")
    assert approved.count() >= 8
    for meeting in approved:
        assert meeting.minutes_hash == hash_of(content_of(meeting))
    assert GroupMeeting.objects.filter(status="held", minutes_hash="").exclude(minutes="").count() == len(story[0])


def test_the_family_voice_is_heard_and_not_always(story):
    groups, clock = story
    spoke, items = family_voice(groups["jcpc-Alamance"], clock.day(-183))
    assert 0 < spoke < items
    assert AgendaItem.objects.filter(meeting__status="set").exists()
    assert set(GroupAttendance.objects.values_list("coming", flat=True)) >= {"", "yes"}


def test_recommendations_wait_are_late_and_are_answered(story):
    groups, clock = story
    rows = list(Recommendation.objects.all())
    assert {row.is_answered for row in rows} == {True, False}
    assert {row.is_late(clock.today) for row in rows} == {True, False}
    assert {row.to_group for row in rows} == {None, groups["state"]}
    assert not [row for row in rows if row.to_group and row.group.kind_of.is_closed]


def test_nothing_happened_later_than_now(story):
    _groups, clock = story
    for moment in Revision.objects.values_list("at", flat=True):
        assert moment <= clock.started
    assert not Notice.objects.filter(created_at__gt=clock.started).exists()


def test_every_kind_has_its_words():
    assert set(AGENDA) == set(DECISIONS) == set(PLACES) == set(RECOMMENDATIONS)
