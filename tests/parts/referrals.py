"""Referrals: the team's side, the receiver's side, and the link."""

import datetime as dt

from django.utils import timezone

from collaboratives.enums import DeadlineKind, OrganizationKind
from collaboratives.models import Organization, StaffPosition, TimelineRule
from families.enums import Section
from referrals.actions.referrals import answer_referral
from referrals.enums import ReferralStatus, Shared, Side
from referrals.models import Referral
from teams.actions.referrals import draft_referral, hash_of, send_referral, shareable

LOGIN, OK = 302, "ok"

# fmt: off
#: Whoever works where a referral was sent to: here the counselor, who is on the team too, and the one at intake.
ROWS = {
    "referrals:referral_list":    ("GET",  {}, 200),
    "referrals:referral_detail":  ("GET",  {"receiver": 200, "provider": 200}, 404),
    "referrals:referral_answer":  ("GET",  {"receiver": 200, "provider": 200}, 404),
}
#                                         anon   strangers provider members court youth caregivers
TEAM_ROWS = {
    "teams:referral_list":           ("GET",  LOGIN, 404, 200, 200, 200, 200, 200),
    "teams:referral_add":            ("GET",  LOGIN, 404, 200, 200, 200, 200, 200),
    "teams:referral_detail":         ("GET",  LOGIN, 404, 404, 200, 200, 200, 200),
    "teams:referral_edit":           ("GET",  LOGIN, 404, 404, 200, 200, 200, 200),
    "teams:referral_send":           ("GET",  LOGIN, 404, 404, 403, 403, 403, 200),
    "teams:referral_stop":           ("GET",  LOGIN, 404, 404, 403, 403, 403, 200),
    "teams:referral_move":           ("GET",  LOGIN, 404, 404, 200, 200, 200, 200),
    "teams:referral_visit":          ("GET",  LOGIN, 404, 404, 200, 200, 200, 200),
    "teams:referral_link_send":      ("POST", LOGIN, 404, 404, OK,  OK,  OK,  OK),
    "teams:referral_link_end":       ("POST", LOGIN, 404, 404, OK,  OK,  OK,  OK),
}
# fmt: on
PUBLIC = {"referrals:referral_link": "its reader has no account; the signed link is the permission"}
READ_ONLY = {"teams:referral_list", "teams:referral_detail", "referrals:referral_list", "referrals:referral_detail"}
OPENED_TOO = set()
FAMILY_ALONE = {"teams:referral_send", "teams:referral_stop"}
NO_LOOK = {
    "teams:referral_add": "an empty form",
    "referrals:referral_list": "shows a county that somebody waits, not who; what its receivers read is written down",
}
NO_PAGES = {"teams:referral_link_send": "only sent to", "teams:referral_link_end": "only sent to"}

ADDRESS = "intake@riverbend.example.org"
WANTS = "A time after 5, and somebody who talks with Mateo and not about him."


def draft(world, title, *, team=None, by=None, need=None, step=None, organization=None, **fields):
    """A referral that has not gone out; by Rosa to Riverbend unless it says otherwise."""
    referral = Referral(title=title, organization=organization or world.offices["provider"], **fields)
    return draft_referral(
        team=team or world.team, referral=referral, by=by or world.users.caregiver, need=need, step=step,
        side=Side.FAMILY if by is None else Side.TEAM,
    )  # fmt: skip


def send(world, referral, *share, until=None, address="", team=None, by=None, person=None):
    """A caregiver's yes to exactly these parts."""
    team, person = team or world.team, person or world.rosa
    referral = Referral.objects.select_related("organization", "source").get(pk=referral.pk)
    offers = shareable(team=team, referral=referral, person=person)
    return send_referral(
        team=team, referral=referral, person=person, share=share, by=by or world.users.caregiver, address=address,
        until=until or timezone.localdate() + dt.timedelta(days=60),
        seen_hash=hash_of(offers, referral.organization_id),
    )  # fmt: skip


def work_at(world):
    """Sam takes referrals where the counselor works, Nell does so in another county."""
    today = dt.date(2020, 1, 1)
    world.other_office, _made = Organization.objects.get_or_create(
        name="Eno River Therapy", defaults={"kind": OrganizationKind.PROVIDER}
    )
    world.other_office.counties.add(world.durham)
    for slug, office in (("receiver", world.offices["provider"]), ("other_receiver", world.other_office)):
        if not StaffPosition.objects.filter(user=world.people[slug], organization=office).exists():
            StaffPosition.objects.create(user=world.people[slug], organization=office, title="Intake", starts_on=today)


def add_referrals(world):
    """A draft, one that waits and has a link, one that was accepted, one about mental health; one of another family."""
    TimelineRule.objects.get_or_create(
        kind=DeadlineKind.REFERRAL_ANSWER, starts_on=dt.date(2016, 1, 1), defaults={"days": 10, "source": "test"}
    )
    work_at(world)
    items, today = world.items, timezone.localdate()
    world.referrals = {
        "draft": draft(world, "A summer camp", need=items["need"], by=world.users.facilitator),
        "requested": send(
            world, draft(world, "Evening counseling", need=items["need"], wants=WANTS, wants_by=world.rosa),
            Shared.NAMES, Shared.WANTS, address=ADDRESS,
        ),
        "accepted": send(world, draft(world, "A mentor", step=items["step"]), Shared.NAMES, Shared.LANGUAGES),
        "mental_health": send(world, draft(world, "A doctor for sleep", section=Section.MENTAL_HEALTH), Shared.NAMES),
        "other_office": send(
            world, draft(world, "Rides to school", organization=world.other_office), Shared.NAMES
        ),
        "court": draft(world, "A lawyer", section=Section.COURT),
    }  # fmt: skip
    answer_referral(
        referral=world.referrals["accepted"], to=ReferralStatus.ACCEPTED, by=world.users.receiver,
        seen=ReferralStatus.REQUESTED, words="Bring a friend.",
        first_visit_at=timezone.now() + dt.timedelta(days=7),
    )  # fmt: skip
    keisha = world.users.other_caregiver
    walker = world.other_team.memberships.get(user=keisha).person
    theirs = draft(
        world, "Food", team=world.other_team, by=keisha, need=world.other_need, organization=world.other_office
    )
    world.referrals["other_family"] = send(
        world, theirs, Shared.NAMES, team=world.other_team, by=keisha, person=walker,
        until=today + dt.timedelta(days=5),
    )  # fmt: skip
    world.referral_link = world.referrals["requested"].links.get()


def arguments(world, name):
    which = {"teams:referral_edit": "draft", "teams:referral_send": "draft", "teams:referral_visit": "accepted"}
    return {"referral_id": world.referrals[which.get(name, "requested")].pk}


def grow(world, number):
    """One more referral that waits with everything in it, and one more move and look of the one that is opened."""
    more = draft(world, f"More {number}", need=world.items["need"], wants=WANTS, wants_by=world.rosa)
    send(world, more, Shared.NAMES, Shared.WANTS)
    draft(world, f"Another {number}")
