"""Every URL of the portal and what each persona gets there. This table is the policy; a URL without a row fails.

A column stands for the personas that it names, near misses included; each of them is asked. Absent and hidden look the
same (404); 403 is for somebody who may see but not do. "ok" for a POST means that it was let in: saved (302), or sent
back to be corrected (422), since most rows post nothing.
"""

import pytest
from django.db import transaction
from django.test import TestCase
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.parts import (
    after,
    agreeing,
    barriers,
    calendar,
    calling,
    comparing,
    covers,
    directory,
    during,
    ending,
    group_meetings,
    groups,
    numbers,
    order,
    papers,
    partners,
    plan_parts,
    referrals,
    rules,
    steps,
    talk,
)
from tests.world import PEOPLE, make_world

PARTS = (
    groups, group_meetings, partners, directory, referrals, barriers, numbers, plan_parts, talk, agreeing,
    steps, comparing, ending, covers, order, papers, calling, calendar, during, after, rules,
)  # fmt: skip

COLUMNS = {
    "anon": [None],
    # Other families and their people, those who left, are not chosen yet or whose yes from the family ran out, county
    # and state people, the superuser.
    "strangers": [
        "other_caregiver", "other_facilitator", "former_member", "proposed", "expired_consent", "coordinator",
        "other_coordinator", "jcpc_chair", "state_cochair", "superuser", "jcpc_member", "jcpc_parent", "former_jcpc",
        "other_jcpc_chair", "local_team_chair", "local_team_unsigned", "state_member", "receiver", "other_receiver",
        "other_partner",
    ],
    "provider": ["provider"],  # meeting records, mental health and substance use; not the plan
    "members": ["grandmother", "family_partner", "facilitator", "dss_worker"],  # plan and meeting records
    "court": ["court_counselor"],  # plan, meeting records and court
    "youth": ["youth"],
    "caregivers": ["caregiver", "other_household"],
}  # fmt: skip

LOGIN = 302
OK = "ok"

# fmt: off
#                                         anon   strangers provider members court youth caregivers
MATRIX = {
    # --- for everybody who is signed in: what each sees there is tested by exact sets ------------------------
    "teams:team_list":               ("GET",  LOGIN, 200, 200, 200, 200, 200, 200),
    "teams:team_ask":                ("GET",  LOGIN, 200, 200, 200, 200, 200, 200),
    "teams:search":                  ("GET",  LOGIN, 200, 200, 200, 200, 200, 200),
    # --- the team --------------------------------------------------------------------------------------------
    "teams:team_detail":             ("GET",  LOGIN, 404, 200, 200, 200, 200, 200),
    "teams:member_list":             ("GET",  LOGIN, 404, 200, 200, 200, 200, 200),
    "teams:member_propose":          ("GET",  LOGIN, 404, 200, 200, 200, 200, 200),
    "teams:member_choose":           ("POST", LOGIN, 404, 403, 403, 403, OK,  OK),
    "teams:member_accept":           ("POST", LOGIN, 404, 403, 403, 403, 403, OK),
    "teams:member_end":              ("POST", LOGIN, 404, 403, 403, 403, 403, OK),
    "teams:member_facilitate":       ("POST", LOGIN, 404, 403, 403, 403, 403, OK),
    "teams:member_invite":           ("POST", LOGIN, 404, 403, 403, 403, 403, OK),
    "teams:own_invitation_answer":   ("POST", LOGIN, 404, 404, 404, 404, 404, 404),
    # --- the family's alone: consent, exceptions, who looked -------------------------------------------------
    "teams:sharing_detail":          ("GET",  LOGIN, 404, 403, 403, 403, 200, 200),
    "teams:sharing_edit":            ("GET",  LOGIN, 404, 403, 403, 403, 403, 200),
    "teams:sharing_toggle":          ("POST", LOGIN, 404, 403, 403, 403, 403, OK),
    "teams:grant_give":              ("POST", LOGIN, 404, 403, 403, 403, 403, OK),
    "teams:grant_end":               ("POST", LOGIN, 404, 403, 403, 403, 403, OK),
    "teams:look_list":               ("GET",  LOGIN, 404, 403, 403, 403, 200, 200),
    # --- the plan: the same for family and staff -------------------------------------------------------------
    "teams:plan_detail":             ("GET",  LOGIN, 404, 404, 200, 200, 200, 200),
    "teams:plan_print":              ("GET",  LOGIN, 404, 404, 200, 200, 200, 200),
    "teams:plan_history":            ("GET",  LOGIN, 404, 404, 200, 200, 200, 200),
    "teams:plan_version":            ("GET",  LOGIN, 404, 404, 200, 200, 200, 200),
    "teams:plan_agree":              ("POST", LOGIN, 404, 404, 403, 403, 403, OK),
    "teams:plan_answer":             ("POST", LOGIN, 404, 404, OK,  OK,  OK,  OK),
    "teams:step_done":               ("POST", LOGIN, 404, 404, OK,  OK,  OK,  OK),
    "teams:step_help":               ("POST", LOGIN, 404, 404, OK,  OK,  OK,  OK),
    "teams:item_add":                ("POST", LOGIN, 404, OK,  OK,  OK,  OK,  OK),
    "teams:item_edit":               ("POST", LOGIN, 404, 404, OK,  OK,  OK,  OK),
    "teams:item_end":                ("POST", LOGIN, 404, 404, OK,  OK,  OK,  OK),
    "teams:item_restore":            ("POST", LOGIN, 404, 404, OK,  OK,  OK,  OK),
    "teams:item_history":            ("GET",  LOGIN, 404, 404, 200, 200, 200, 200),
    # --- meetings: the same for family and staff -------------------------------------------------------------
    "teams:meeting_list":            ("GET",  LOGIN, 404, 200, 200, 200, 200, 200),
    "teams:meeting_call":            ("GET",  LOGIN, 404, 200, 200, 200, 200, 200),
    "teams:meeting_detail":          ("GET",  LOGIN, 404, 200, 200, 200, 200, 200),
    "teams:meeting_print":           ("GET",  LOGIN, 404, 200, 200, 200, 200, 200),
    "teams:meeting_edit":            ("POST", LOGIN, 404, OK,  OK,  OK,  OK,  OK),
    "teams:meeting_cancel":          ("POST", LOGIN, 404, OK,  OK,  OK,  OK,  OK),
    "teams:meeting_answer":          ("POST", LOGIN, 404, OK,  OK,  OK,  OK,  OK),
    "teams:attendance_edit":         ("POST", LOGIN, 404, OK,  OK,  OK,  OK,  OK),
    # --- about the family ------------------------------------------------------------------------------------
    "families:family_detail":        ("GET",  LOGIN, 404, 200, 200, 200, 200, 200),
    "families:family_edit":          ("GET",  LOGIN, 404, 403, 403, 403, 200, 200),
    "families:person_add":           ("GET",  LOGIN, 404, 200, 200, 200, 200, 200),
    "families:person_edit":          ("GET",  LOGIN, 404, 200, 200, 200, 200, 200),
    "families:person_end":           ("POST", LOGIN, 404, 403, 403, 403, 403, OK),
    "families:household_add":        ("GET",  LOGIN, 404, 403, 403, 403, 200, 200),
}
#: Two homes of one family: each is open to those who live there and to those whom it chose, and to nobody else.
HOMES = {
    "families:household_edit":       ("GET",  {"caregiver": 200, "youth": 200, "grandmother": 403}),
    "families:household_sharing":    ("GET",  {"caregiver": 200, "youth": 200, "grandmother": 403}),
    "families:household_share_end":  ("POST", {"caregiver": OK, "youth": OK, "grandmother": 403}),
}
#: The county's worklist: coordinators alone.
COUNTY = {
    "teams:worklist":                ("GET",  {"coordinator": 200, "other_coordinator": 200}),
    "teams:worklist_export":         ("GET",  {"coordinator": 200, "other_coordinator": 200}),
    "teams:filter_save":             ("POST", {"coordinator": OK, "other_coordinator": OK}),
    "teams:filter_end":              ("POST", {"coordinator": OK}),
}
#: Everybody's own home; what each finds there is tested in tests/test_home.py.
HOME = {"home": ("GET", {})}
# fmt: on

for _part in PARTS:
    MATRIX |= _part.TEAM_ROWS
#: Pages of the other parts; whoever is not named gets the last status.
OTHERS = {name: row for part in PARTS for name, row in part.ROWS.items()}

#: URLs that are open to anybody, each with its reason. A test keeps the list true.
PUBLIC = {
    "healthz": "a load balancer has no account",
    "teams:invitation_code": "its reader has no account yet; the code is the permission",
    "teams:invitation_link": "its reader has no account yet; the signed link is the permission",
    "safety": "somebody in danger must be able to read it",
    "rights": "tells people what they may ask for",
    "accessibility": "must be readable by all",
    "privacy": "must be readable before an account is made",
    "about": "says what this is",
    "accounts:demo_sign_in": "the way into a demo; absent anywhere else",
    "accounts:session_stay": "asked by a page whose session may be over; it answers 401",
    "drafts:keep": "the last words of a form whose session is over; the signed owner token is the permission",
    "accounts:signed_out": "where an idle sign-out leads",
    "set_language": "the language can be chosen before signing in",
} | {name: why for part in PARTS for name, why in part.PUBLIC.items()}
#: URLs of a person's own account: signed in, and nothing of anybody else's. Tested in tests/test_accounts_*.py.
OWN = {
    "accounts:profile_edit", "accounts:security", "accounts:session_end", "usersessions_list", "mfa_index",
    "drafts:drop",
}  # fmt: skip
#: The way in: our own pages in the place of allauth's. Tested in tests/test_accounts_entry.py.
DOOR = {
    "account_login", "account_request_login_code", "account_confirm_login_code", "account_signup", "password_sign_in",
    "account_email_verification_sent", "account_confirm_password_reset_code",
}  # fmt: skip


def every_url(resolver=None, namespace="", above=frozenset()):
    """(full name, parameter names) of every URL pattern that is the portal's own; allauth's are its own."""
    for pattern in (resolver or get_resolver()).url_patterns:
        parameters = above | set(pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            if "allauth" in str(getattr(pattern, "urlconf_name", "")):
                continue
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from every_url(pattern, inner, parameters)
        elif isinstance(pattern, URLPattern) and "allauth" not in pattern.callback.__module__:
            yield f"{namespace}{pattern.name}", sorted(parameters)


def arguments(world, name):
    """The ids of the family that the matrix asks about, for this URL."""
    own = {
        "team_id": world.team.pk,
        "membership_id": world.members["expired_consent"].pk,  # nobody is asked about themselves
        "step_id": world.items["step"].pk,
        "item_id": world.items["need"].pk,
        "kind": "need",
        "section": "school",
        "meeting_id": world.meeting.pk,
        "number": 1,
        "grant_id": world.grant.pk,
        "family_id": world.family.pk,
        "person_id": world.luis.pk,
        "household_id": world.home.pk,
        "share_id": world.home.shares.order_by("pk").first().pk,
        "filter_id": world.filter.pk,
    }
    if name in ("teams:member_choose", "teams:own_invitation_answer"):
        own["membership_id"] = world.members["proposed"].pk
    if name in ("teams:member_accept", "teams:member_invite"):
        own["membership_id"] = world.neighbor.pk
    for part in PARTS:
        if name in part.ROWS or name in part.TEAM_ROWS:
            own |= part.arguments(world, name)
    parameters = dict(every_url())[name]
    return {parameter: own[parameter] for parameter in parameters}


def add_rows_for_the_matrix(world):
    """What the small world does not have: an agreed version, a grant, a saved filter."""
    import datetime as dt

    from django.utils import timezone

    from soc_portal.access.scope import forget_scope
    from soc_portal.accounts.models import SavedFilter
    from teams.actions.grants import give_grant
    from teams.actions.memberships import choose_member, propose_member
    from teams.actions.plans import agree_for_family, content_of, hash_of

    rosa = world.users.caregiver
    agree_for_family(team=world.team, by=rosa, seen_hash=hash_of(content_of(world.team)))
    world.grant = give_grant(
        team=world.team, user=world.users.jcpc_chair, sections=["records"], reason="Interpreter",
        until=timezone.now() + dt.timedelta(days=3), by=rosa,
    )  # fmt: skip
    type(world.grant).objects.filter(pk=world.grant.pk).update(until=timezone.now() + dt.timedelta(seconds=0.01))
    agreeing.disagree(world)
    after.hold_and_approve(world)
    world.neighbor = propose_member(team=world.team, by=rosa, name="Mrs. Lee", kind="natural")
    choose_member(membership=world.neighbor, by=rosa)
    world.filter = SavedFilter.objects.create(
        user=world.users.coordinator, page="worklist", name="Late", query="due=late"
    )
    for user in world.people.values():
        forget_scope(user)


class TestMatrix(TestCase):
    """One generated test a URL; see below the class."""

    @classmethod
    def setUpTestData(cls):
        cls.world = make_world()
        add_rows_for_the_matrix(cls.world)

    def status(self, name, method, persona):
        """What this persona gets; whatever a POST did is rolled back."""
        self.client.logout()
        if persona:
            self.client.force_login(self.world.people[persona], backend="django.contrib.auth.backends.ModelBackend")
        url = reverse(name, kwargs=arguments(self.world, name))
        with transaction.atomic():
            response = self.client.get(url) if method == "GET" else self.client.post(url, {"typed": "something"})
            transaction.set_rollback(True)
        if response.status_code == LOGIN and persona is None:
            assert response["Location"].startswith("/account/login/"), response["Location"]
        return response.status_code

    def check(self, name, method, wanted):
        """`wanted` maps every persona to its status."""
        got = {persona: self.status(name, method, persona) for persona in wanted}
        wrong = {
            persona: f"{got[persona]} instead of {status}"
            for persona, status in wanted.items()
            if not (got[persona] in (302, 409, 422) if status == OK else got[persona] == status)
        }
        assert not wrong, f"{method} {name}: {wrong}"


def by_persona(row):
    method, *statuses = row
    return method, {
        persona: status for column, status in zip(COLUMNS, statuses, strict=True) for persona in COLUMNS[column]
    }


def everybody_else(method, some, other):
    return method, {None: LOGIN} | dict.fromkeys(PEOPLE, other) | some


def rows():
    """(name, method, {persona: status}) of every row of the table."""
    for name, row in MATRIX.items():
        yield name, *by_persona(row)
    for name, (method, some) in HOMES.items():
        yield name, *everybody_else(method, some, 404)
    for name, (method, some) in COUNTY.items():
        yield name, *everybody_else(method, some, 404)
    for name, (method, some) in HOME.items():
        yield name, *everybody_else(method, some, 200)
    for name, (method, some, other) in OTHERS.items():
        yield name, *everybody_else(method, some, other)


def make_test(name, method, wanted):
    def test(self):
        # A page that can be opened is closed in the same way for sending.
        self.check(name, method, wanted)
        if method == "GET" and name not in READ_ONLY:
            self.check(name, "POST", {who: OK if status == 200 else status for who, status in wanted.items()})
        if method == "POST" and name in OPENED_TOO:
            self.check(name, "GET", {who: 200 if status == OK else status for who, status in wanted.items()})

    return test


#: Pages that are only read; every other GET page takes a POST by the same people.
READ_ONLY = {
    "home", "teams:team_list", "teams:search", "teams:team_detail", "teams:member_list", "teams:sharing_detail",
    "teams:look_list", "teams:plan_detail", "teams:plan_print", "teams:plan_history", "teams:plan_version",
    "teams:item_history", "teams:meeting_list", "teams:meeting_detail", "teams:meeting_print",
    "families:family_detail", "teams:worklist", "teams:worklist_export",
}.union(*(part.READ_ONLY for part in PARTS))  # fmt: skip
#: POST rows whose form is a page of its own.
OPENED_TOO = {
    "teams:member_end", "teams:member_invite", "teams:grant_give", "teams:plan_answer", "teams:item_add",
    "teams:item_edit", "teams:item_end", "teams:meeting_edit", "teams:meeting_cancel", "teams:attendance_edit",
}.union(*(part.OPENED_TOO for part in PARTS))  # fmt: skip

for _name, _method, _wanted in rows():
    setattr(TestMatrix, "test_" + _name.replace(":", "_"), make_test(_name, _method, _wanted))


def test_every_url_has_its_row():
    names = {name for name, _parameters in every_url()}
    covered = set(MATRIX) | set(HOMES) | set(COUNTY) | set(HOME) | set(OTHERS) | set(PUBLIC) | OWN | DOOR
    assert names - covered == set(), "these URLs have no row"
    assert covered - names == set(), "these rows have no URL"


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_only_the_listed_urls_are_open_to_anybody(client, name):
    parameters = dict(every_url())[name]
    url = reverse(name, kwargs=dict.fromkeys(parameters, "0"))
    for response in (client.get(url), client.post(url, {})):
        assert not response.get("Location", "").startswith("/account/login/"), f"{name} asks for a sign-in"


#: Only the family may: choose members, give and take back consent, read who looked, agree, write its own words.
FAMILY_ALONE = {
    "teams:member_choose", "teams:member_accept", "teams:member_end", "teams:member_facilitate", "teams:member_invite",
    "teams:sharing_detail", "teams:sharing_edit", "teams:sharing_toggle", "teams:grant_give", "teams:grant_end",
    "teams:look_list", "teams:plan_agree", "families:family_edit", "families:person_end", "families:household_add",
}.union(*(part.FAMILY_ALONE for part in PARTS))  # fmt: skip


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_family_and_staff_are_equal_partners(name):
    """Whatever a member may do with plan and record, the family may; the other way round save the family's own five."""
    _method, wanted = by_persona(MATRIX[name])
    if name in FAMILY_ALONE:
        assert wanted["caregiver"] in (200, OK) and wanted["facilitator"] == 403
    else:
        assert wanted["caregiver"] == wanted["facilitator"] == wanted["dss_worker"] == wanted["youth"]
