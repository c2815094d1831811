"""Twenty people edit one plan at once, through HTTP, on PostgreSQL: no word that was accepted is lost or overwritten.

A real gunicorn, as in production, behind the second wall. Each person opens forms, saves, puts texts together, adds,
talks, suggests, takes away and brings back, moves, agrees; as fast as they can for `PORTAL_WRITERS_SECONDS`.
"""

import os
import random
import re
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from django.urls import reverse

from soc_portal.drafts.models import Draft
from soc_portal.versions.models import Revision
from teams.actions.items import add_item
from teams.enums import MemberKind
from teams.models import Answer, Call, Comment, Goal, Need, PlanPart, Step, Suggestion, Words
from tests.over_http import Browser
from tests.test_item_pages import fields_of
from tests.world import join, make_user

pytestmark = [pytest.mark.services, pytest.mark.alone, pytest.mark.django_db(transaction=True)]

WRITERS = 20
SECONDS = float(os.environ.get("PORTAL_WRITERS_SECONDS", "6"))
AT_LEAST = 12  # acts of each person, however slow the machine is
KIND_OF = {"need": Need, "goal": Goal, "step": Step, "part": PlanPart, "call": Call, "words": Words}


class Writer:
    """One person with a browser of their own, who remembers what was accepted of them and what still waits."""

    def __init__(self, number, user, port, place):
        self.browser = Browser(user, port)
        self.user, self.place = user, place
        self.dice = random.Random(number)
        self.name, self.count = f"writer{number:02}", 0
        self.accepted = []  # texts that the portal said are saved
        self.saves = []  # (kind, item, version that it was built on, text)
        self.waiting = {}  # address of a form: what was typed there and waits as a draft
        self.broken = []  # answers that nobody should get

    def ask(self, method, path, data=None):
        status, html, location = self.browser.ask(method, path, data)
        if status >= 500 or (status in (302, 303) and "login" in location):
            self.broken.append((status, method, path))
        return status, html

    def words(self):
        """Words that nobody else ever writes."""
        self.count += 1
        return f"{self.name}.{self.count:04}.{self.dice.getrandbits(32):08x}"

    def url(self, name, kind, pk, **more):
        return reverse(f"teams:{name}", kwargs={"team_id": self.place.team.pk, "kind": kind, "item_id": pk, **more})

    def one(self):
        return self.dice.choice(self.place.items)

    # --- What a person does -------------------------------------------------------------------------------------------
    def edit(self, kind=None, pk=None):
        if kind is None:
            kind, pk = self.one()
        path = self.url("item_edit", kind, pk)
        status, html = self.ask("GET", path)
        if status == 200:
            self.save(path, kind, pk, html, f"{self.words()} {self.waiting.get(path, '')}".strip())

    def save(self, path, kind, pk, html, text, tries=3):
        """Send the form. Where somebody else wrote the same, put both together, or leave it for another day."""
        fields = {name: unescape(value) for name, value in fields_of(html).items()}
        data = fields | {"text": text}
        if kind == "step":
            data |= {"status": "todo", "who": re.findall(r'name="who" value="(\d+)"[^>]*checked', html)}
        status, html = self.ask("POST", path, data)
        if status == 302:
            self.accepted.append(text)
            self.saves.append((kind, pk, int(fields["version"]), text))
            self.waiting.pop(path, None)
        elif status in (409, 410):
            self.waiting[path] = text
            if status == 409 and tries and self.dice.random() < 0.7:
                self.save(path, kind, pk, html, text, tries - 1)
        else:
            self.broken.append((status, "POST", path))

    def add(self):
        kind, query = self.dice.choice(self.place.parents)
        path, text = reverse("teams:item_add", args=[self.place.team.pk, kind]) + query, self.words()
        data = {"text": text, "once": uuid.uuid4().hex}
        again = self.dice.random() < 0.2  # a second tap on the button
        for _time in range(1 + again):
            status, _html = self.ask("POST", path, data)
        self.take(status, text, (302, 404), path)  # 404: what it would hang on was taken away

    def comment(self):
        path, text = self.url("item_talk", *self.one()), self.words()
        self.take(self.ask("POST", path, {"text": text})[0], text, (302, 422), path)

    def suggest(self):
        kind, pk = self.one()
        if kind == "words":
            return
        _status, html = self.ask("GET", self.url("item_talk", kind, pk))
        base = re.search(r'name="base_version" value="(\d+)"', html)
        if base:
            path, text = self.url("suggestion_add", kind, pk), self.words()
            data = {"text": text, "base_version": base[1]}
            self.take(self.ask("POST", path, data)[0], text, (302, 422), path)

    def answer(self):
        kind, pk = self.one()
        _status, html = self.ask("GET", self.url("item_talk", kind, pk))
        forms = re.findall(r'action="([^"]+/suggest/\d+/answer/)"', html)
        if forms:
            self.ask("POST", self.dice.choice(forms), {"accept": self.dice.choice(["yes", "no"]), "words": ""})

    def take(self, status, text, allowed, path):
        if status == 302:
            self.accepted.append(text)
        elif status not in allowed:
            self.broken.append((status, "POST", path))

    def take_away(self):
        kind, pk = self.dice.choice(self.place.coming_and_going)
        self.ask("POST", self.url("item_end", kind, pk), {})

    def bring_back(self):
        kind, pk = self.dice.choice(self.place.coming_and_going)
        self.ask("POST", self.url("item_restore", kind, pk), {})

    def move(self):
        _status, html = self.ask("GET", reverse("teams:plan_detail", args=[self.place.team.pk]))
        found = re.search(r'<form id="order-need-0"[^>]*>(.*?)</form>', html, re.DOTALL)
        if found:
            fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', found[1]))
            path = self.url("item_move", "need", int(self.dice.choice(fields["seen"].split(","))))
            self.ask("POST", path, fields | {"up": self.dice.choice(["0", "1"])})

    def agree(self):
        path = reverse("teams:plan_detail", args=[self.place.team.pk])
        _status, html = self.ask("GET", path)
        for action, seen in re.findall(r'action="([^"]+)">.{0,120}name="seen_hash" value="(\w+)"', html, re.DOTALL):
            self.ask("POST", action, {"seen_hash": seen})
        number = re.search(r'name="number" value="(\d+)"', html)
        if number:
            path, text = reverse("teams:plan_answer", args=[self.place.team.pk]), self.words()
            data = {"number": number[1], "kind": "partly", "words": text}
            self.take(self.ask("POST", path, data)[0], text, (302, 422), path)

    def live(self, start):
        """Act until the time is over."""
        acts = [self.edit] * 10 + [self.add, self.comment, self.suggest, self.answer] * 2
        acts += [self.take_away, self.bring_back, self.bring_back, self.move, self.agree]
        start.wait()
        end, done = time.monotonic() + SECONDS, 0
        while time.monotonic() < end or done < AT_LEAST:
            self.dice.choice(acts)()
            done += 1
        return done


class Place:
    """The plan that all of them write in: a dozen parts, so that they meet often."""

    def __init__(self, world):
        self.team, by = world.team, world.users.caregiver
        self.items, self.coming_and_going, self.parents = [], [], [("need", ""), ("call", ""), ("strength", "")]
        for n in range(4):
            need = add_item(team=self.team, by=by, item=Need(text=f"Need {n}"))
            goal = add_item(team=self.team, by=by, item=Goal(need=need, text=f"Goal {n}"))
            step = add_item(team=self.team, by=by, item=Step(goal=goal, text=f"Step {n}"))
            rows = [("need", need.pk), ("goal", goal.pk), ("step", step.pk)]
            self.items += rows
            if n == 3:
                self.coming_and_going += rows
            self.parents.append(("goal", f"?under={need.pk}"))
            self.parents += [("idea", f"?under={goal.pk}"), ("step", f"?under={goal.pk}")]


def people(world):
    """Two caregivers and eighteen others: neighbors and professionals."""
    users = [world.users.caregiver, world.users.other_household]
    for n in range(WRITERS - len(users)):
        user = make_user(f"writer-{n}", f"Writer {n}")
        kind = MemberKind.NATURAL if n % 2 else MemberKind.PROFESSIONAL
        join(world.team, user, kind=kind, caregiver=world.users.caregiver)
        users.append(user)
    return users


def everything_kept():
    """All texts of the plan, of its history and of what waits for somebody, in one string."""
    texts = [str(state) for state in Revision.objects.values_list("state", flat=True)]
    for model, field in ((Comment, "text"), (Suggestion, "text"), (Answer, "words"), (Draft, "text")):
        texts += model.objects.values_list(field, flat=True)
    return "\n".join(texts)


def histories(team):
    """{(kind, number): {version: text}} of every part of this plan."""
    found = {}
    rows = Revision.objects.filter(team_id=team.pk).values_list("kind", "item_id", "version", "state")
    for kind, pk, version, state in rows.order_by("version"):
        found.setdefault((kind, pk), {})[version] = state.get("text")
    return found


def overwritten(saves, told):
    """Saves that were built on a text which somebody else had already replaced."""
    wrong = []
    for kind, pk, base, text in saves:
        states = told[KIND_OF[kind]._meta.label_lower, pk]
        saved_as = next(version for version, words in states.items() if version > base and words == text)
        before = {states[version] for version in range(base, saved_as)}
        if before != {states[base]}:
            wrong.append((kind, pk, base, saved_as))
    return wrong


def test_twenty_people_who_write_at_once_lose_no_word(world, server):
    place = Place(world)
    writers = [Writer(n, user, server, place) for n, user in enumerate(people(world))]
    start = threading.Barrier(WRITERS)
    with ThreadPoolExecutor(WRITERS) as pool:
        acts = sum(pool.map(lambda writer: writer.live(start), writers))
    assert [broken for writer in writers for broken in writer.broken] == []
    accepted = [text for writer in writers for text in writer.accepted]
    waiting = [text for writer in writers for text in writer.waiting.values()]
    kept = everything_kept()
    print(f"{acts} acts, {len(accepted)} texts accepted, {len(waiting)} merges wait")
    assert all(writer.accepted for writer in writers)
    assert [text for text in accepted + waiting if text not in kept] == []
    told = histories(world.team)
    assert [key for key, states in told.items() if list(states) != list(range(1, len(states) + 1))] == []
    assert overwritten([save for writer in writers for save in writer.saves], told) == []
