"""The Family Partners of the demo: people of twelve counties with different titles and stories. All made up."""

from dataclasses import dataclass

from collaboratives.enums import OrganizationKind
from families.actions import add_partner, name_partner
from families.enums import BeenThrough, PartnerStatus, PartnerTitle

TITLE, STATUS, B = PartnerTitle, PartnerStatus, BeenThrough


@dataclass(frozen=True)
class Part:
    """One profile. Without a `name` it is the person who holds the post "partner" in that county.

    `been` and `languages` are codes in one line; `firsthand` is empty for those who hold another title than the two
    of 2008. `more` names further counties.
    """

    county: str
    name: str
    title: str
    say: str
    been: str
    languages: str
    when: str
    room: int
    status: str
    firsthand: str = ""
    more: str = ""
    other_title: str = ""


PARTS = (
    # Alamance: Tonya Barnes first, the Delgados' own.
    Part("Alamance", "", TITLE.FAMILY_PARTNER, "I bring coffee and a notebook. You do the talking.",
         "juvenile_court school", "en", "Weekdays after 3, and by phone at night", 5, STATUS.WORKING,
         "My daughter had a court counselor at 15. I sat in those chairs for two years.", "Caswell Orange"),
    Part("Alamance", "Dee Hargrove", TITLE.FAMILY_PARTNER,
         "My son had three schools in one year. I know how to ask twice.", "juvenile_court school", "en es",
         "Evenings and Saturdays", 3, STATUS.WORKING, "I raised my son through court and special education.",
         "Guilford"),
    Part("Alamance", "Elvira Soto", TITLE.FAMILY_PARTNER,
         "I came to every meeting for my niece. Nobody should sit there alone.", "foster_kin crisis", "es en",
         "Mornings, and by phone at night", 2, STATUS.VOLUNTEERING,
         "My niece lived with us when her mother was in the hospital."),
    Part("Alamance", "Miguel Varela", TITLE.FAMILY_PARTNER,
         "I am a dad. I was angry for a long time. Now I listen first.", "juvenile_court substance_use", "es en",
         "After 4 pm", 0, STATUS.WORKING, "My oldest was in court, and I was in recovery."),
    Part("Alamance", "Luz Cárdenas", TITLE.FAMILY_PARTNER, "I raised my grandson. We learned his words together.",
         "foster_kin disability", "es", "Any day, by phone or video", 4, STATUS.VOLUNTEERING,
         "My grandson has autism. I have raised him since he was two.", "Durham Guilford Wake"),
    Part("Alamance", "Janelle Mebane", TITLE.ADVOCATE, "I read the letters with you until they make sense.", "", "en",
         "Workdays, 9 to 5", 3, STATUS.WORKING),
    Part("Alamance", "Curtis Ammons", TITLE.FAMILY_PARTNER, "I am still learning. I know what waiting feels like.",
         "social_services", "en", "Saturdays", 1, STATUS.TRAINING,
         "Social services was part of our life for three years."),
    # Bladen
    Part("Bladen", "", TITLE.FAMILY_PARTNER, "We start with what is going right.", "school disability", "en",
         "Most evenings", 3, STATUS.WORKING, "Both of my girls had plans at school."),
    Part("Bladen", "Aurelia Nieto", TITLE.SUPPORT_PARTNER, "Le explico cada papel, sin prisa.", "", "es en",
         "Lunes a jueves", 2, STATUS.WORKING),
    # Buncombe
    Part("Buncombe", "", TITLE.FAMILY_PARTNER, "I know the road up here, and the forms too.", "crisis", "en",
         "By phone any day", 3, STATUS.WORKING, "My son was in the hospital twice before he was twelve."),
    Part("Buncombe", "Fern Whitson", TITLE.FAMILY_PARTNER, "Quiet is fine. I can sit with quiet.",
         "system_youth foster_kin", "en", "Afternoons", 2, STATUS.VOLUNTEERING, "I grew up in four foster homes.",
         "Watauga"),
    # Cumberland
    Part("Cumberland", "", TITLE.FAMILY_PARTNER, "Moving is hard on children. We did it seven times.",
         "moving school", "en", "Weekday mornings", 3, STATUS.WORKING, "My twins had services at every new school."),
    Part("Cumberland", "Reggie Tatum", TITLE.FAMILY_PARTNER, "Dads are welcome here.", "juvenile_court", "en",
         "After 6 pm", 2, STATUS.PAUSING, "My boy and I went through court together."),
    # Durham
    Part("Durham", "", TITLE.COORDINATOR, "I will find you someone you can laugh with.", "school crisis", "en",
         "Workdays, 9 to 5", 3, STATUS.LEADING, "My daughter has lived with depression since she was nine."),
    Part("Durham", "Ximena Robledo", TITLE.FAMILY_PARTNER, "Cuénteme primero de su hijo. Lo demás puede esperar.",
         "moving crisis", "es en", "Evenings", 3, STATUS.WORKING,
         "We came here with nothing, and my son stopped talking.", "Alamance Orange"),
    Part("Durham", "Paw Wah", TITLE.OTHER, "I go with you, and I say it in your language.", "moving", "kar my en",
         "Weekends", 2, STATUS.VOLUNTEERING, "", "", "Community bridge"),
    # Guilford
    Part("Guilford", "", TITLE.FAMILY_PARTNER, "You are the one who knows your child.", "disability school", "en",
         "Weekdays after 2", 3, STATUS.WORKING, "My youngest uses a wheelchair. I learned every law there is.",
         "Alamance"),
    Part("Guilford", "Hphuong Buonya", TITLE.FAMILY_PARTNER, "My mother could not ask. So I learned to ask.",
         "school moving", "jra en vi", "Evenings and Sundays", 2, STATUS.VOLUNTEERING,
         "I was the child who read the letters for my parents."),
    Part("Guilford", "Rania Aziz", TITLE.FAMILY_PARTNER, "Tea first. Then we make a list.", "crisis", "ar en",
         "By phone, mornings", 2, STATUS.TRAINING, "My son was in crisis in our second year here."),
    # Halifax
    Part("Halifax", "", TITLE.FAMILY_PARTNER, "I drive. Distance is no reason to miss a meeting.", "foster_kin", "en",
         "Any day but Sunday", 2, STATUS.WORKING, "I raised three grandchildren while their mother got well."),
    # Mecklenburg
    Part("Mecklenburg", "", TITLE.FAMILY_PARTNER, "Ask me anything. I asked it all before you.",
         "juvenile_court substance_use", "en", "Weekdays, 10 to 6", 4, STATUS.WORKING,
         "My son came home from detention to us, and we started over."),
    Part("Mecklenburg", "Bao Cha", TITLE.FAMILY_PARTNER, "I speak for nobody. I help you be heard.", "crisis school",
         "hmn en", "Evenings", 2, STATUS.WORKING, "My brother had services, and I was the one who went with him."),
    Part("Mecklenburg", "Graciela Bustos", TITLE.ADVOCATE, "Sé qué puerta tocar.", "", "es en", "Workdays, 8 to 4", 3,
         STATUS.WORKING),
    Part("Mecklenburg", "Anjali Iyer", TITLE.COORDINATOR, "We train together, and we learn from families first.",
         "disability", "en ur", "Workdays", 1, STATUS.LEADING,
         "My son has Down syndrome and a plan that he helped write."),
    # New Hanover
    Part("New Hanover", "", TITLE.FAMILY_PARTNER, "After the storm we lost the house. We know starting over.", "moving",
         "en", "Weekday evenings", 3, STATUS.WORKING, "My girls were in foster care for a winter. They came home."),
    Part("New Hanover", "Neil Garland", TITLE.SUPPORT_PARTNER, "I show you what your rights are, on one page.", "",
         "en ase", "Workdays", 2, STATUS.WORKING),
    # Robeson
    Part("Robeson", "", TITLE.FAMILY_PARTNER, "We do it the way we do at home: everybody eats, then we talk.",
         "juvenile_court foster_kin", "en", "Evenings", 3, STATUS.WORKING,
         "Two of my nephews lived with us and had court."),
    Part("Robeson", "Vonda Cummings", TITLE.FAMILY_PARTNER, "I will not let them talk over you.", "school", "en",
         "Tuesdays and Thursdays", 2, STATUS.VOLUNTEERING,
         "I fought four years for my daughter to be tested.", "Bladen"),
    # Wake
    Part("Wake", "", TITLE.FAMILY_PARTNER, "Bring your worst day. I have had it too.", "crisis substance_use", "en",
         "Any day after 12", 3, STATUS.WORKING, "My daughter almost did not make it. She is twenty now."),
    Part("Wake", "Samira Khalil", TITLE.FAMILY_PARTNER, "Two languages, one family, no shame.", "moving disability",
         "ar fr en", "Weekends", 2, STATUS.TRAINING, "My son learned to speak at six, in his third language."),
    Part("Wake", "Bettye Sessoms", TITLE.FAMILY_PARTNER, "Grandmothers get tired. Call me.", "foster_kin", "en",
         "Mornings", 2, STATUS.PAUSING, "I raised my sister’s children from babies.", "Durham"),
    # Watauga
    Part("Watauga", "", TITLE.FAMILY_PARTNER, "It is a small town. I keep what you tell me.", "substance_use crisis",
         "en", "By phone any day", 3, STATUS.WORKING, "My husband and my son were both in treatment."),
)  # fmt: skip


def settle_partners(places, cast, clock) -> None:
    """Every county's coordinator names its people, and each of them writes their own profile.

    `places` by name; counties that this demo does not tell are left out, and parts without a place as well.
    """
    for number, part in enumerate(part for part in PARTS if part.county in places):
        place = places[part.county]
        user = cast.account(part.name) if part.name else place.staff["partner"]
        counties = [places[name].county for name in (part.county, *part.more.split()) if name in places]
        clock.go(-1000 + 9 * number, 10)
        for county in counties:
            name_partner(county=county, address=user.email, by=places[county.name].staff["coordinator"])
        clock.on(180)
        add_partner(by=user, values=_values(part, counties, place))


def _values(part: Part, counties, place) -> dict:
    works = part.status in (STATUS.WORKING, STATUS.LEADING)
    return {
        "title": part.title,
        "other_title": part.other_title,
        "firsthand": part.firsthand,
        "say": part.say,
        "been_through": [code for code in B.values if code in part.been.split()],
        "languages": part.languages.split(),
        "when_words": part.when,
        "room": part.room,
        "status": part.status,
        "organization": place.organizations[OrganizationKind.FAMILY_ORGANIZATION] if works else None,
        "counties": counties,
    }
