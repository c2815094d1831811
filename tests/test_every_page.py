"""What holds for every page: readings are written down, and the number of queries never grows."""

import datetime as dt

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from families.models import Strength
from soc_portal.access.scope import forget_scope
from soc_portal.audit.models import Event
from teams.actions.items import add_item
from teams.actions.looks import look
from teams.actions.meetings import call_meeting
from teams.enums import MemberKind
from teams.models import Decision, Goal, Meeting, Need, Note, Step, Topic
from tests.test_access_matrix import (
    COUNTY,
    HOMES,
    MATRIX,
    OTHERS,
    PARTS,
    READ_ONLY,
    add_rows_for_the_matrix,
    arguments,
    by_persona,
)
from tests.world import join, make_user, make_world

#: At most this many queries a page, with session, person, scope and the reading that is written down.
BUDGET = 15
GETS = {name: by_persona(row) for name, row in MATRIX.items() if row[0] == "GET"}
#: Pages that show nothing of a family's record, so that opening them is no reading of it.
NOT_A_READING = {
    "teams:team_list": "titles of one's own teams",
    "teams:team_ask": "an empty form",
    "teams:search": "nothing was asked for; what is found is written down",
    "teams:member_propose": "an empty form",
    "teams:meeting_call": "an empty form",
    "families:person_add": "an empty form",
} | {name: why for part in PARTS for name, why in part.NO_LOOK.items()}
#: Who opens pages here: the family, those around it, and people of groups and organizations.
READERS = (
    "caregiver", "youth", "facilitator", "court_counselor", "coordinator", "jcpc_chair", "state_cochair", "receiver",
    "family_partner",
)  # fmt: skip


def grow(world, numbers):
    """One more of everything that a page lists, for each of the numbers."""
    rosa, team = world.users.caregiver, world.team
    for number in numbers:
        member = join(
            team, make_user(f"more{number}", f"More Person {number}"), kind=MemberKind.NATURAL, caregiver=rosa
        )
        need = add_item(team=team, by=rosa, item=Need(text=f"More {number}"))
        goal = add_item(team=team, by=rosa, item=Goal(need=need, text=f"More {number}"))
        for item in (
            Goal(need=world.items["need"], text="More"), Strength(text="More", person=world.rosa),
            Step(goal=world.items["goal"], text="More"), Topic(meeting=world.meeting, text="More"),
            Note(meeting=world.meeting, title="More", text="More"), Decision(meeting=world.meeting, text="More"),
        ):  # fmt: skip
            add_item(team=team, by=rosa, item=item)
        add_item(team=team, by=rosa, item=Step(goal=goal, text="More"), who=[member, world.members["facilitator"]])
        add_item(team=team, by=rosa, item=Step(goal=goal, text="More"), who=[world.members["caregiver"]])
        start = timezone.now() + dt.timedelta(days=20 + number)
        call_meeting(team=team, by=rosa, meeting=Meeting(starts_at=start, ends_at=start + dt.timedelta(hours=1)))
        look(world.users.facilitator, "plan_read", team)
        for part in PARTS:
            part.grow(world, number)
    for user in world.people.values():
        forget_scope(user)


#: Pages that are a reading on some days: what they show depends on the day of the month.
BY_THE_DAY = {
    "teams:calendar": "a month may hold no meeting of a team; its readings are tested in tests/test_calendar.py"
}


class TestEveryPage(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.world = make_world()
        add_rows_for_the_matrix(cls.world)

    def open(self, name):
        response = self.client.get(reverse(name, kwargs=arguments(self.world, name)))
        assert response.status_code == 200, f"{name}: {response.status_code}"
        return response

    def sign_in(self, slug):
        self.client.logout()
        self.client.force_login(self.world.people[slug], backend="django.contrib.auth.backends.ModelBackend")
        self.client.get(reverse("accounts:profile_edit"))  # the first request of a session writes when it was

    def pages_of(self, slug):
        yield from (name for name, (_method, wanted) in GETS.items() if wanted[slug] == 200)
        yield from (name for name, (method, some) in HOMES.items() if method == "GET" and some.get(slug) == 200)
        yield from (name for name, (method, some) in COUNTY.items() if method == "GET" and some.get(slug) == 200)
        others = ((name, method, some.get(slug, other)) for name, (method, some, other) in OTHERS.items())
        yield from (name for name, method, status in others if method == "GET" and status == 200)

    def test_every_reading_is_written_down(self):
        for slug in ("facilitator", "caregiver", "coordinator"):
            self.sign_in(slug)
            reader = self.world.people[slug].pk
            for name in self.pages_of(slug):
                Event.objects.all().delete()
                self.open(name)
                looks = Event.objects.filter(looked=True, actor_id=reader, family_id=self.world.family.pk).count()
                if name in BY_THE_DAY:
                    continue
                if name in NOT_A_READING:
                    assert not looks, f"{name} shows nothing of a record"
                elif name in READ_ONLY or slug == "facilitator":
                    assert looks, f"{slug} read {name} and nobody will know"

    def counts(self):
        found = {}
        for slug in READERS:
            self.sign_in(slug)
            for name in ["home", *self.pages_of(slug)]:
                url = reverse(name, kwargs=arguments(self.world, name))
                with CaptureQueriesContext(connection) as queries:
                    self.client.get(url)
                found[slug, name] = len(queries)
        return found

    def test_no_page_takes_more_queries_when_there_is_more_to_show(self):
        grow(self.world, [1])
        before = self.counts()
        assert not {page: count for page, count in before.items() if count > BUDGET}
        grow(self.world, [2, 3])
        after = self.counts()
        assert {page: (before[page], count) for page, count in after.items() if count != before[page]} == {}
