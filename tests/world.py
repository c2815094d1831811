"""A small world for tests: two families in two counties, everybody around them, and the near misses.

Built through the actions, so it can only be in states that the portal itself can reach.
"""

import datetime as dt
from types import SimpleNamespace

from django.contrib.auth import get_user_model
from django.utils import timezone

from collaboratives.enums import CountyRoleKind, DeadlineKind, OrganizationKind
from collaboratives.models import County, CountyRole, Organization, StaffPosition, TimelineRule
from families.actions import add_household, add_person, share_household
from families.enums import FamilyRole, Section
from families.models import Household, Person, Strength
from soc_portal.access.scope import forget_scope
from teams.actions.consents import share_sections, stop_sharing
from teams.actions.items import add_item
from teams.actions.meetings import call_meeting
from teams.actions.memberships import (
    accept_place,
    ask_for_team,
    choose_member,
    end_membership,
    make_facilitator,
    propose_member,
)
from teams.enums import EndReason, LifeDomain, MemberKind
from teams.models import Consent, Decision, Goal, Meeting, Membership, Need, Note, Step, Topic, Words
from tests.parts.after import add_after
from tests.parts.agreeing import add_agreeing
from tests.parts.barriers import add_barriers
from tests.parts.calling import add_calling
from tests.parts.comparing import add_comparing
from tests.parts.covers import add_covers
from tests.parts.directory import add_directory
from tests.parts.during import add_during
from tests.parts.ending import add_ending
from tests.parts.group_meetings import add_group_meetings
from tests.parts.groups import add_groups
from tests.parts.numbers import add_numbers
from tests.parts.partners import add_partners
from tests.parts.plan_parts import add_plan_parts
from tests.parts.referrals import add_referrals
from tests.parts.rules import add_rules
from tests.parts.steps import add_steps
from tests.parts.talk import add_talk

#: Every persona of the access matrix, the near misses included.
PEOPLE = {
    "caregiver": "Rosa Delgado",
    "youth": "Mateo Delgado",
    "other_household": "Luis Delgado",
    "grandmother": "Carmen Ruiz",
    "family_partner": "Tonya Barnes",
    "facilitator": "Andrea Pruitt",
    "dss_worker": "Denise Whitfield",
    "court_counselor": "Devon Harris",
    "provider": "Priya Nair",
    "expired_consent": "Kim Okafor",
    "former_member": "Gail Norris",
    "proposed": "Ray Tillman",
    "coordinator": "Marcus Bell",
    "other_coordinator": "June Park",
    "jcpc_chair": "Harriet Cole",
    "state_cochair": "Lorraine Battle",
    "other_caregiver": "Keisha Walker",
    "other_facilitator": "Sam Locklear",
    "superuser": "Root",
    # People of groups, organizations and other counties: on nobody's team.
    "jcpc_member": "Owen Grant",  # a seat on Alamance's council, no office
    "jcpc_parent": "Wanda Pickard",  # its seat for families
    "former_jcpc": "Perry Stone",  # held a seat there; the term is over
    "other_jcpc_chair": "Alma Reyes",  # chairs Durham's council
    "local_team_chair": "Helen Ames",  # chairs Alamance's Local Team, a closed group, and signed its statement
    "local_team_unsigned": "Tom Rusk",  # sits there and has not signed
    "state_member": "Vera Long",  # a seat on the State Collaborative, no office
    "receiver": "Sam Whitaker",  # takes referrals at the provider's organization
    "other_receiver": "Nell Poole",  # does the same at another organization
    "other_partner": "Ana Bright",  # a Family Partner whom this family did not choose
}


def make_user(slug, name, **fields):
    return get_user_model().objects.create_user(f"{slug}@test.example", "pw-for-tests-only", name=name, **fields)


def make_county(name, fips):
    return County.objects.create(
        name=name, fips=fips, court_district="17", lme_mco="Vaya Health", population=1000, under_18=200
    )


def make_rules():
    for kind, days in [
        (DeadlineKind.FIRST_MEETING, 30),
        (DeadlineKind.FIRST_PLAN, 30),
        (DeadlineKind.NEXT_MEETING, 45),
    ]:
        TimelineRule.objects.create(kind=kind, days=days, source="test", starts_on=dt.date(2016, 1, 1))


def join(team, user, *, kind, caregiver, by=None, person=None, role_words="", organization=None, **fields):
    """Propose, choose and accept in one go."""
    member = propose_member(
        team=team, by=by or caregiver, name=user.name, kind=kind, role_words=role_words, organization=organization,
        user=user, person=person, **fields,
    )  # fmt: skip
    choose_member(membership=member, by=caregiver)
    accept_place(membership=member, by=user)
    return member


def give_jobs(u, alamance, durham):
    """Coordinators of both counties, and the offices that people of the team work for, by slug."""
    for slug, county in (("coordinator", alamance), ("other_coordinator", durham)):
        CountyRole.objects.create(
            user=u[slug], county=county, role=CountyRoleKind.COORDINATOR, starts_on=dt.date(2020, 1, 1)
        )
    offices = {
        slug: Organization.objects.create(name=name, kind=kind)
        for slug, name, kind in [
            ("dss_worker", "Alamance Social Services", OrganizationKind.SOCIAL_SERVICES),
            ("court_counselor", "District 17 Juvenile Court", OrganizationKind.JUVENILE_COURT),
            ("expired_consent", "Cedar Middle School", OrganizationKind.SCHOOL),
            ("provider", "Riverbend Counseling", OrganizationKind.PROVIDER),
        ]
    }
    for slug, organization in offices.items():
        StaffPosition.objects.create(
            user=u[slug], organization=organization, title="Worker", starts_on=dt.date(2020, 1, 1)
        )
    return offices


def seat_everybody(team, home, u, offices):
    """Everybody at the table by slug: who joined, what is shared with them, who left and who is only named."""
    members, rosa, today = {}, u["caregiver"], timezone.localdate()
    for slug, kind, words in [
        ("grandmother", MemberKind.NATURAL, "Grandma"),
        ("family_partner", MemberKind.FAMILY_PARTNER, "Family Partner"),
        ("facilitator", MemberKind.PROFESSIONAL, "Facilitator"),
        ("dss_worker", MemberKind.PROFESSIONAL, "Social worker"),
        ("court_counselor", MemberKind.PROFESSIONAL, "Juvenile court counselor"),
        ("provider", MemberKind.PROFESSIONAL, "Therapist"),
        ("expired_consent", MemberKind.PROFESSIONAL, "School counselor"),
        ("former_member", MemberKind.PROFESSIONAL, "Former tutor"),
    ]:
        members[slug] = join(
            team, u[slug], kind=kind, role_words=words, organization=offices.get(slug),
            is_caseworker=slug == "dss_worker", caregiver=rosa,
        )  # fmt: skip
    make_facilitator(membership=members["facilitator"], by=rosa)
    share_sections(
        membership=members["court_counselor"], sections=[Section.COURT], until=today + dt.timedelta(days=90), by=rosa
    )
    share_sections(
        membership=members["provider"], sections=[Section.MENTAL_HEALTH, Section.SUBSTANCE_USE], until=None, by=rosa
    )
    stop_sharing(membership=members["provider"], sections=[Section.PLAN], by=rosa)
    share_household(household=home, user=u["grandmother"], until=today + dt.timedelta(days=90), by=rosa)
    share_household(household=home, user=u["former_member"], until=today + dt.timedelta(days=90), by=rosa)
    # A year-old yes that nobody has renewed.
    Consent.written_by_actions.filter(membership=members["expired_consent"]).update(
        starts_on=today - dt.timedelta(days=200), until=today - dt.timedelta(days=1)
    )
    end_membership(membership=members["former_member"], by=rosa, reason=EndReason.FAMILY)
    members["proposed"] = propose_member(
        team=team, by=u["facilitator"], name="Ray Tillman", kind=MemberKind.NATURAL, user=u["proposed"]
    )
    return members


def make_world():
    """The world as a namespace: `users`, `team`, `family`, `members`, `items`, `meeting`, `other_team`, ..."""
    make_rules()
    alamance, durham = make_county("Alamance", "37001"), make_county("Durham", "37063")
    u = {
        slug: make_user(slug.replace("_", "-"), name, is_superuser=slug == "superuser", is_staff=slug == "superuser")
        for slug, name in PEOPLE.items()
    }
    offices = give_jobs(u, alamance, durham)
    today = timezone.localdate()
    team = ask_for_team(
        by=u["caregiver"], family_name="Delgado family", county=alamance, caregiver_name="Rosa Delgado",
        relationship="Mom", children=[("Mateo Delgado", dt.date(today.year - 15, 1, 1))],
    )  # fmt: skip
    family = team.family
    home = family.households.get()
    mateo = Person.objects.get(family=family, name="Mateo Delgado")
    mateo.user = u["youth"]
    mateo.save(update_fields=["user"])
    Membership.written_by_actions.filter(team=team, person=mateo).update(user=u["youth"])
    home.address, home.phone = "12 Secret Lane, Graham", "336-555-0101"
    home.save(update_fields=["address", "phone"])

    luis = add_person(
        family=family, by=u["caregiver"], households=[],
        person=Person(name="Luis Delgado", user=u["other_household"], role=FamilyRole.CAREGIVER, relationship="Dad"),
    )  # fmt: skip
    members = {}
    rosa = u["caregiver"]
    members["other_household"] = join(
        team, u["other_household"], kind=MemberKind.FAMILY, person=luis, role_words="Dad", caregiver=rosa
    )
    other_home = add_household(
        household=Household(name="Dad's home", address="99 Hidden Road, Elon", phone="336-555-0199"),
        family=family, by=u["other_household"], lives_there=luis,
    )  # fmt: skip
    mateo.households.add(other_home)
    members |= seat_everybody(team, home, u, offices)
    members["caregiver"] = Membership.objects.get(team=team, user=rosa)
    members["youth"] = Membership.objects.get(team=team, user=u["youth"])

    items = make_items(team, u, members)
    meeting, court_meeting = items["meeting"], items["court_meeting"]

    other_team = ask_for_team(
        by=u["other_caregiver"], family_name="Walker family", county=durham, caregiver_name="Keisha Walker",
        relationship="Mom", children=[("Jada Walker", None)],
    )  # fmt: skip
    members["other_facilitator"] = join(
        other_team, u["other_facilitator"], kind=MemberKind.PROFESSIONAL, caregiver=u["other_caregiver"]
    )
    other_need = add_item(team=other_team, item=Need(text="A Walker need"), by=u["other_caregiver"])
    world = SimpleNamespace(
        users=SimpleNamespace(**u), people=u, team=team, family=family, home=home, other_home=other_home,
        mateo=mateo, luis=luis, rosa=Person.objects.get(family=family, user=rosa), members=members, items=items,
        meeting=meeting, court_meeting=court_meeting, other_team=other_team, other_family=other_team.family,
        other_need=other_need, alamance=alamance, durham=durham, offices=offices,
    )  # fmt: skip
    for add in (
        add_groups, add_group_meetings, add_partners, add_directory, add_referrals, add_barriers, add_numbers,
        add_plan_parts, add_talk, add_agreeing, add_steps, add_comparing, add_ending, add_covers,
        add_calling, add_during, add_after, add_rules,
    ):  # fmt: skip
        add(world)
    for user in u.values():
        forget_scope(user)
    return world


def make_items(team, u, members):
    """One item of each kind in the plan, one need a section, a meeting with a full record and one about court."""
    rosa = u["caregiver"]
    items = {}
    person = Person.objects.get(family=team.family, user=rosa)
    items["words"] = add_item(team=team, by=rosa, item=Words(person=person, text="I want us to eat dinner together."))
    items["strength"] = add_item(team=team, by=u["facilitator"], item=Strength(text="Mateo keeps going."))
    for section in Section.values:
        items[f"need_{section}"] = add_item(
            team=team, by=rosa, item=Need(text=f"A need about {section}", section=section, domain=LifeDomain.HOME)
        )
    items["need"] = items["need_plan"]
    items["goal"] = add_item(
        team=team, by=u["dss_worker"], item=Goal(need=items["need"], text="Mateo is at school 4 days a week")
    )
    items["step"] = add_item(
        team=team, by=u["dss_worker"], who=[members["dss_worker"], members["grandmother"]],
        item=Step(goal=items["goal"], text="Move the lunch table", due_on=timezone.localdate() - dt.timedelta(days=2)),
    )  # fmt: skip
    items["court_goal"] = add_item(team=team, by=rosa, item=Goal(need=items["need_court"], text="A court goal"))
    items["court_step"] = add_item(
        team=team, by=rosa, who=[members["court_counselor"], members["grandmother"]],
        item=Step(goal=items["court_goal"], text="A court step"),
    )  # fmt: skip
    start = timezone.now() + dt.timedelta(days=7)
    for key, section in (("meeting", Section.RECORDS), ("court_meeting", Section.COURT)):
        items[key] = call_meeting(
            team=team, by=rosa,
            meeting=Meeting(
                purpose=f"Talk about {section}", starts_at=start, ends_at=start + dt.timedelta(hours=1),
                place_words="At Carmen's house", section=section,
            ),
        )  # fmt: skip
    meeting = items["meeting"]
    items["topic"] = add_item(team=team, by=u["grandmother"], item=Topic(meeting=meeting, text="The first month"))
    items["note"] = add_item(
        team=team, by=u["facilitator"], item=Note(meeting=meeting, title="School", text="He went 14 of 18 days.")
    )
    items["school_note"] = add_item(
        team=team, by=rosa, item=Note(meeting=meeting, title="Tests", text="A school secret", section=Section.SCHOOL)
    )
    items["decision"] = add_item(
        team=team, by=u["facilitator"], item=Decision(meeting=meeting, text="The letter starts with what is going well")
    )
    items["meeting_words"] = add_item(
        team=team, by=rosa, item=Words(person=person, meeting=meeting, text="Nobody read to us from a paper.",
                                       section=Section.RECORDS),
    )  # fmt: skip
    return items
