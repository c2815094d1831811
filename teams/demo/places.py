"""The twelve counties of the demo: their agencies, who works there, and who coordinates."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from collaboratives.actions.reference import add_organization, start_county_role, start_position
from collaboratives.enums import CountyRoleKind, OrganizationKind
from collaboratives.models import County, Organization
from soc_portal.accounts.personas import PERSONAS
from teams.demo.cast import Cast
from teams.demo.clock import Clock

KIND = OrganizationKind
#: County: area code, two towns, the communities its staff come from, a provider, a school, a community group.
COUNTIES = {
    "Alamance": ("336", "Graham", "Mebane", "black white latino", "Riverbend Counseling", "Cedar Creek Middle School",
                 "Graham Community Soccer"),
    "Bladen": ("910", "Elizabethtown", "Clarkton", "black white latino", "Cape Fear Family Care",
               "Bay Tree Middle School", "Mount Olive Fellowship"),
    "Buncombe": ("828", "Asheville", "Swannanoa", "white black", "Blue Ridge Family Counseling",
                 "Laurel Branch High School", "Swannanoa Trail Kids"),
    "Cumberland": ("910", "Fayetteville", "Hope Mills", "black white latino", "Longleaf Youth Services",
                   "Cross Pines Middle School", "Hope Mills Boxing Club"),
    "Durham": ("919", "Durham", "Bahama", "black white latino", "Eno River Therapy", "Eno Bend Middle School",
               "Shepherd's House Fellowship"),
    "Guilford": ("336", "Greensboro", "High Point", "black white montagnard arab", "Gate City Wellness",
                 "Buffalo Creek High School", "Highland Neighbors Center"),
    "Halifax": ("252", "Roanoke Rapids", "Enfield", "black white", "Roanoke Valley Supports",
                "Quankey Middle School", "New Bethel Youth Choir"),
    "Mecklenburg": ("704", "Charlotte", "Matthews", "black white latino hmong south_asian", "Uptown Youth Therapy",
                    "Sugar Creek Bend High School", "Eastway Drum Circle"),
    "New Hanover": ("910", "Wilmington", "Castle Hayne", "white black", "Port City Counseling",
                    "Smith Creek Middle School", "Harbor Skate Crew"),
    "Robeson": ("910", "Lumberton", "Pembroke", "lumbee black white", "Lumber River Family Care",
                "Back Swamp Middle School", "Prospect Drum and Dance"),
    "Wake": ("919", "Raleigh", "Zebulon", "black white latino arab", "Neuse Family Therapy",
             "Marsh Creek High School", "Zebulon Garden Club"),
    "Watauga": ("828", "Boone", "Deep Gap", "white black", "High Country Youth Care", "Winding Stair Middle School",
                "Deep Gap Music Barn"),
}  # fmt: skip
#: Post: which organization, the title, whether somebody there has them under their wing.
POSTS = {
    "dss_boss": (KIND.SOCIAL_SERVICES, "Social work supervisor", ""),
    "dss": (KIND.SOCIAL_SERVICES, "Social worker", "dss_boss"),
    "court_boss": (KIND.JUVENILE_COURT, "Chief court counselor", ""),
    "court": (KIND.JUVENILE_COURT, "Juvenile court counselor", "court_boss"),
    "school": (KIND.SCHOOL, "School counselor", ""),
    "plan": (KIND.LME_MCO, "Care manager", ""),
    "nurse": (KIND.HEALTH, "Public health nurse", ""),
    "therapist": (KIND.PROVIDER, "Therapist", ""),
    "intake": (KIND.PROVIDER, "Intake", ""),
    "facilitator": (KIND.FAMILY_ORGANIZATION, "Team facilitator", ""),
    "partner": (KIND.FAMILY_ORGANIZATION, "Family Partner", ""),
    "friend": (KIND.COMMUNITY, "Volunteer", ""),
}
#: Posts that the personas hold, by county.
HELD = {
    "Alamance": {
        "dss": "dss-worker", "court": "court-counselor", "school": "expired-consent", "therapist": "provider",
        "intake": "receiver", "facilitator": "facilitator", "partner": "family-partner", "coordinator": "coordinator",
    },
    "Robeson": {"facilitator": "other-facilitator"},
}  # fmt: skip


@dataclass
class Place:
    """A county with its agencies by kind and its staff by post."""

    county: County
    area: str
    towns: tuple[str, str]
    communities: list[str]
    organizations: dict[str, Organization] = field(default_factory=dict)
    staff: dict[str, object] = field(default_factory=dict)

    def office_of(self, post: str) -> Organization:
        return self.organizations[POSTS[post][0]]

    def title_of(self, post: str) -> str:
        return POSTS[post][1]


def _names_of(county: County, provider: str, school: str, community: str) -> dict[str, str]:
    return {
        KIND.SOCIAL_SERVICES: f"{county.name} County Social Services",
        KIND.JUVENILE_COURT: f"Juvenile Court Services, {county.name} County",
        KIND.SCHOOL: school,
        KIND.HEALTH: f"{county.name} County Health Department",
        KIND.PROVIDER: provider,
        KIND.FAMILY_ORGANIZATION: f"{county.name} Families Together",
        KIND.COMMUNITY: community,
    }


def settle_state(cast: Cast, clock: Clock, names: Iterable[str]) -> tuple[dict[str, Place], dict[str, object]]:
    """The places with these names, and the interpreters by language, who work in every county."""
    clock.go(-1100, 9)
    chief = cast.account("Ivy Sampson")
    office = add_organization(name="State Office for Children and Families", kind=KIND.STATE, counties=[], by=chief)
    start_position(user=chief, organization=office, title="System of Care lead", by=chief)
    counties = {county.name: county for county in County.objects.filter(name__in=names).order_by("name")}
    plans = _health_plans(counties, chief)
    places = {name: _settle(counties[name], plans, cast, chief) for name in counties}
    bridge = add_organization(name="Bridge Interpreters", kind=KIND.COMMUNITY, counties=[], by=chief)
    interpreters = {}
    for language, name in [("es", "Elena Fuentes"), ("hmn", "Kia Moua"), ("ar", "Samira Khoury"), ("jra", "Hlina Siu")]:
        interpreters[language] = cast.account(name)
        start_position(user=interpreters[language], organization=bridge, title="Interpreter", by=chief)
    return places, interpreters


def _health_plans(counties: dict[str, County], chief) -> dict[str, Organization]:
    """One organization for each mental health plan, for all of its counties in the demo."""
    return {
        plan: add_organization(
            name=plan, kind=KIND.LME_MCO, counties=[c for c in counties.values() if c.lme_mco == plan], by=chief
        )
        for plan in sorted({county.lme_mco for county in counties.values()})
    }


def _settle(county: County, plans: dict[str, Organization], cast: Cast, chief) -> Place:
    area, first, second, communities, *names = COUNTIES[county.name]
    place = Place(county, area, (first, second), communities.split())
    place.organizations[KIND.LME_MCO] = plans[county.lme_mco]
    for kind, name in _names_of(county, *names).items():
        place.organizations[kind] = add_organization(name=name, kind=kind, counties=[county], by=chief)
    held = HELD.get(county.name, {})
    for post, (kind, title, boss) in POSTS.items():
        place.staff[post] = _hire(held.get(post), place, cast)
        start_position(
            user=place.staff[post], organization=place.organizations[kind], title=title, by=chief,
            supervisor=place.staff.get(boss),
        )  # fmt: skip
    place.staff["coordinator"] = _hire(held.get("coordinator"), place, cast)
    start_county_role(user=place.staff["coordinator"], county=county, role=CountyRoleKind.COORDINATOR, by=chief)
    return place


def _hire(slug: str | None, place: Place, cast: Cast):
    persona = next((persona for persona in PERSONAS if persona.slug == slug), None)
    if persona is not None:
        return cast.account(persona.name, slug=persona.slug, language=persona.language)
    return cast.account(cast.new_name(*place.communities))
