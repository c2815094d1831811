"""Family Partners."""

from families.actions import add_partner, end_naming, name_partner
from families.enums import BeenThrough, PartnerStatus, PartnerTitle

OK, LOGIN = "ok", 302
# fmt: off
#: Everybody who is signed in reads what Family Partners say of themselves; whoever was named writes their own; the
#: coordinators of a county keep its list. `partner_id` is Ana Bright's, whom Durham lists and Alamance does not.
ROWS = {
    "families:partner_list":    ("GET",  {}, 200),
    "families:partner_detail":  ("GET",  {}, 200),
    "families:partner_become":  ("GET",  {}, 200),
    "families:partner_profile": ("GET",  {"family_partner": 200, "other_partner": 200, "jcpc_parent": 200}, 404),
    "families:partner_name":    ("GET",  {"coordinator": 200, "other_coordinator": 200}, 404),
    "families:naming_end":      ("POST", {"coordinator": OK}, 404),
    "families:partner_unlist":  ("POST", {"other_coordinator": OK}, 403),
}
#                                      anon   strangers provider members court youth caregivers
TEAM_ROWS = {
    "teams:partner_ask":       ("POST", LOGIN, 404, 403, 403, 403, 403, OK),
}
# fmt: on
PUBLIC = {}
READ_ONLY = {"families:partner_list", "families:partner_detail", "families:partner_become"}
OPENED_TOO = {"families:partner_unlist", "teams:partner_ask"}
FAMILY_ALONE = {"teams:partner_ask"}
NO_LOOK = {
    "families:partner_list": "profiles of Family Partners; of a record only who walks with one's own family",
    "families:partner_detail": "a profile; of a record only whether they walk with one's own family",
    "families:partner_become": "whom to ask; nothing of a record",
    "families:partner_profile": "one's own profile",
    "families:partner_name": "an empty form",
}
NO_PAGES = {"families:naming_end": "only sent to"}


def profile(**changes):
    """The values of a profile as its form gives them."""
    return {
        "title": PartnerTitle.FAMILY_PARTNER,
        "other_title": "",
        "firsthand": "I raised a son who had a court counselor.",
        "say": "I know how to ask twice.",
        "been_through": [BeenThrough.JUVENILE_COURT, BeenThrough.SCHOOL],
        "languages": ["en"],
        "when_words": "Evenings",
        "room": 2,
        "status": PartnerStatus.WORKING,
        "organization": None,
        "counties": [],
    } | changes


def listed(world, user, *, counties, **changes):
    """A profile of somebody whom the coordinators of these counties named, written by themselves."""
    for county in counties:
        by = world.users.coordinator if county == world.alamance else world.users.other_coordinator
        name_partner(county=county, address=user.email, by=by)
    return add_partner(by=user, values=profile(counties=counties, **changes))


def add_partners(world):
    """Tonya walks with the Delgados, Ana is an advocate in Durham, Vern takes a break; Wanda is named, Sam no more."""
    from tests.world import make_user

    u = world.users
    world.partner = listed(world, u.family_partner, counties=[world.alamance])
    world.other_partner = listed(
        world, u.other_partner, counties=[world.durham], title=PartnerTitle.ADVOCATE, firsthand="", say="I listen.",
        been_through=[BeenThrough.CRISIS], languages=["en", "es"], room=3, status=PartnerStatus.VOLUNTEERING,
    )  # fmt: skip
    world.resting = listed(
        world, make_user("resting-partner", "Vern Tate"), counties=[world.alamance], status=PartnerStatus.PAUSING,
        title=PartnerTitle.SUPPORT_PARTNER, firsthand="", room=1, languages=["es"],
    )  # fmt: skip
    world.naming = name_partner(county=world.alamance, address=u.jcpc_parent.email, by=u.coordinator)
    taken_back = name_partner(county=world.alamance, address=u.receiver.email, by=u.coordinator)
    end_naming(naming=taken_back, by=u.coordinator)


def arguments(world, name):
    return {"partner_id": world.other_partner.pk, "naming_id": world.naming.pk}


def grow(world, number):
    """One more of everything that the pages of this part list."""
    from teams.enums import MemberKind
    from tests.world import join, make_user

    user = make_user(f"partner{number}", f"More Partner {number}")
    listed(world, user, counties=[world.alamance, world.durham], languages=["en", "es"])
    join(world.team, user, kind=MemberKind.FAMILY_PARTNER, caregiver=world.users.caregiver)
    name_partner(county=world.alamance, address=f"named{number}@test.example", by=world.users.coordinator)
