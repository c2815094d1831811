"""Which made-up families there are beside the Delgados, and how far each has come. Days are counted back from today."""

from dataclasses import dataclass

ASKED, ENGAGED, PLANNING, AGREED, DIFFERS, LATE, OVERDUE, TRANSITION, ENDED, SECOND = (
    "asked engaged planning agreed differs late overdue transition ended second".split()
)
STAGES = (ASKED, ENGAGED, PLANNING, AGREED, DIFFERS, LATE, OVERDUE, TRANSITION, ENDED, SECOND)


@dataclass(frozen=True)
class Plot:
    """One family: who asks, for which children (name, age), how long ago, how far they are, and what is special.

    `team` names the posts on the team (see `places.POSTS`), `wishes` the needs (see `texts.WISHES`), `twists` what
    happens beside (see `families.TWISTS`). `kin` are relatives or friends as (name, who they are).
    """

    county: str
    family: str
    caregiver: str
    relation: str
    children: tuple[tuple[str, int], ...]
    stage: str
    days: int
    team: str = ""
    wishes: str = ""
    kin: tuple[tuple[str, str], ...] = ()
    twists: str = ""
    language: str = "en"
    speaks: str = ""  # where it is neither English nor Spanish: a PersonLanguage, and an interpreter comes along


PLOTS = (
    # Alamance: the Delgados' neighbors on the worklist of Marcus Bell.
    Plot("Alamance", "Pickard family", "Wanda Pickard", "Grandma", (("Jada Pickard", 12),), ASKED, 33),
    Plot("Alamance", "Thackery family", "Dale Thackery", "Dad", (("Caleb Thackery", 15), ("Ruth Thackery", 11)), LATE,
         120, "facilitator dss school therapist", "mornings rest iep", (("Joyce Thackery", "Aunt"),),
         "youth helps coordinator"),
    Plot("Alamance", "Olmos family", "Lidia Olmos", "Mom", (("Sofía Olmos", 9),), ENGAGED, 16, "facilitator partner",
         "", (("Teresa Olmos", "Madrina"),), "paper", "es"),
    Plot("Alamance", "Wilkes family", "Tina Wilkes", "Foster mom", (("Tyrese Wilkes", 13),), ENDED, 160,
         "facilitator dss plan", "friends temper", (("Elder Wilkes", "Uncle"),), "home_shared"),
    Plot("Alamance", "Faucette family", "Sheila Faucette", "Mom", (("Kendra Faucette", 14),), AGREED, 120,
         "facilitator school partner", "mornings friends", (("Nana Faucette", "Grandma"),), "youth coordinator"),
    Plot("Alamance", "Trejo family", "Marisol Trejo", "Mom", (("Emiliano Trejo", 11),), PLANNING, 34,
         "facilitator therapist", "escuela descanso", (("Chela Trejo", "Abuela"),), "coordinator", "es"),
    Plot("Alamance", "Enoch family", "Doris Enoch", "Grandma", (("Tyler Enoch", 9),), OVERDUE, 125,
         "facilitator nurse", "rides asthma", (("Deacon Enoch", "Great-uncle"),), ""),
    # Mecklenburg
    Plot("Mecklenburg", "Vang family", "Pa Houa Vang", "Mom", (("Tou Vang", 14),), AGREED, 140,
         "facilitator school therapist partner", "mornings sleep kin", (("Yer Vang", "Grandma"),), "youth grant",
         speaks="hmn"),
    Plot("Mecklenburg", "Simmons-Grier family", "Renita Simmons-Grier", "Mom", (("Malik Grier", 16),), DIFFERS, 130,
         "facilitator court dss friend", "judge safe friends", (("Deacon Grier", "Great-uncle"),),
         "youth two_homes asked_back"),
    Plot("Mecklenburg", "Patwardhan family", "Leela Patwardhan", "Mom", (("Kiran Patwardhan", 10),), PLANNING, 27,
         "facilitator therapist", "sleep rest", (), "declined"),
    Plot("Mecklenburg", "Barrera family", "Óscar Barrera", "Dad", (("Camila Barrera", 7), ("Iván Barrera", 5)), ASKED,
         6, language="es"),
    Plot("Mecklenburg", "Hollis family", "Denita Hollis", "Aunt", (("Amari Hollis", 11),), OVERDUE, 130,
         "facilitator dss nurse plan", "asthma rent", (("Shay Hollis", "Cousin"),), "consent_ran_out"),
    # Bladen
    Plot("Bladen", "Council-Smith family", "Verna Council-Smith", "Grandma", (("Isaiah Smith", 12),), AGREED, 95,
         "facilitator school friend", "rides mornings", (("Otis Smith", "Grandpa"),), "expiring home_shared"),
    Plot("Bladen", "Sandoval family", "Elvia Sandoval", "Mom", (("Diego Sandoval", 15),), TRANSITION, 160,
         "facilitator court plan partner", "viaje escuela", (("Don Chuy", "Vecino"),), "youth", "es"),
    Plot("Bladen", "Melvin family", "Trudy Melvin", "Mom", (("Cody Melvin", 8),), ASKED, 27),
    # Robeson
    Plot("Robeson", "Oxendine family", "Shelba Oxendine", "Mom", (("Hunter Oxendine", 14),), AGREED, 140,
         "facilitator school court friend", "judge friends iep", (("Miss Vergie Oxendine", "Elder"),), "youth email"),
    Plot("Robeson", "Chavis-Lowry family", "Tamra Chavis-Lowry", "Mom", (("Kaylee Lowry", 9), ("Jace Lowry", 12)),
         SECOND, 110, "facilitator dss therapist", "temper rest", (("Bernice Chavis", "Grandma"),), "two_homes"),
    Plot("Robeson", "McRae family", "Lillie McRae", "Great-grandma", (("Zion McRae", 6),), LATE, 90,
         "facilitator nurse plan", "asthma rides", (("Rev. Purdie", "Pastor"),), "helps"),
    Plot("Robeson", "Hammonds family", "Donnie Hammonds", "Dad", (("Levi Hammonds", 13),), ENGAGED, 40, "facilitator",
         "", (("Wes Hammonds", "Brother, 22"),), "not_chosen"),
    # Wake
    Plot("Wake", "Haidari family", "Nadia Haidari", "Mom", (("Omid Haidari", 13),), AGREED, 110,
         "facilitator school therapist", "safe sleep", (("Yasmin Haidari", "Sister, 20"),),
         "grant", speaks="ar"),
    Plot("Wake", "Brinkley family", "Courtney Brinkley", "Mom", (("Emma Brinkley", 15),), PLANNING, 36,
         "facilitator therapist plan", "pills mornings", (("Gloria Brinkley", "Grandma"),), "youth left"),
    Plot("Wake", "Ruffin family", "Antoine Ruffin", "Dad", (("Nia Ruffin", 11), ("Noah Ruffin", 11)), TRANSITION, 150,
         "facilitator school partner", "kin friends", (("Coach Terry", "Track coach"),), "home_shared ending"),
    Plot("Wake", "Castañeda family", "Pilar Castañeda", "Mom", (("Leo Castañeda", 10),), OVERDUE, 125,
         "facilitator school", "escuela descanso", (("Inés Castañeda", "Tía"),), "email", "es"),
    # Durham
    Plot("Durham", "Walker family", "Keisha Walker", "Mom", (("Jada Walker", 13),), AGREED, 130,
         "facilitator school partner therapist", "mornings friends sleep", (("Miss Opal", "Neighbor"),), "expiring"),
    Plot("Durham", "Lunsford family", "Marguerite Lunsford", "Grandma", (("Devin Lunsford", 16),), DIFFERS, 120,
         "facilitator dss court", "judge kin", (("Big Roy", "Uncle"),), "youth declined"),
    Plot("Durham", "Htoo family", "Paw Htoo", "Mom", (("Eh Soe", 9),), ENGAGED, 21, "facilitator nurse", "",
         (("Naw Wah", "Church friend"),), "", speaks="kar"),
    Plot("Durham", "Escobar-Lima family", "Yanira Escobar", "Mamá", (("Mía Lima", 4),), ASKED, 12, language="es"),
    # Guilford
    Plot("Guilford", "Rcom family", "H'Ngun Rcom", "Mom", (("Y-Ben Rcom", 15),), AGREED, 120,
         "facilitator court school friend", "judge iep", (("Aduon Rcom", "Grandma"),), "youth grant", speaks="jra"),
    Plot("Guilford", "Gorrell family", "Patrice Gorrell", "Mom", (("Xavier Gorrell", 12), ("Zoe Gorrell", 10)), SECOND,
         75, "facilitator dss plan", "rent rest", (("Marva Gorrell", "Grandma"),), "asked_back"),
    Plot("Guilford", "Suggs family", "Brenda Suggs", "Mom", (("Tyler Suggs", 14),), PLANNING, 52,
         "facilitator dss therapist", "temper", (("Ricky Suggs", "Uncle"),), "youth"),
    Plot("Guilford", "Alami family", "Huda Alami", "Mom", (("Sami Alami", 8),), ENDED, 150, "facilitator school nurse",
         "asthma mornings", (("Leila Alami", "Aunt"),), "", speaks="ar"),
    # Cumberland
    Plot("Cumberland", "Tillery family", "Monica Tillery", "Mom", (("Jordan Tillery", 13),), LATE, 110,
         "facilitator school therapist friend", "kin sleep", (("Ana Tillery", "Stepmom"),), "two_homes"),
    Plot("Cumberland", "Afoa family", "Lesieli Afoa", "Mom", (("Sione Afoa", 16),), AGREED, 85,
         "facilitator court plan", "judge friends", (("Pastor Vai", "Pastor"),), "youth"),
    Plot("Cumberland", "Bethea family", "Roslyn Bethea", "Foster mom", (("Kayla Jones", 10),), ASKED, 41),
    # Buncombe
    Plot("Buncombe", "Ramsey family", "Stacy Ramsey", "Mom", (("Willow Ramsey", 15),), TRANSITION, 140,
         "facilitator therapist partner", "rent pills", (("Fern Ramsey", "Grandma"),), "youth expiring"),
    Plot("Buncombe", "Gudger family", "Clyde Gudger", "Grandpa", (("Mason Gudger", 7),), OVERDUE, 125,
         "facilitator dss nurse", "rides asthma", (("Dot Gudger", "Grandma"),), "left"),
    Plot("Buncombe", "Burnette family", "Alicia Burnette", "Mom", (("Serenity Burnette", 11),), PLANNING, 30,
         "facilitator school", "mornings", (), "email"),
    # New Hanover
    Plot("New Hanover", "Piver family", "Jolene Piver", "Mom", (("Ashton Piver", 14),), AGREED, 105,
         "facilitator school friend", "friends mornings", (("Skip Piver", "Grandpa"),), "youth asked_back"),
    Plot("New Hanover", "Nixon-Hall family", "Cherise Nixon-Hall", "Mom", (("Trey Hall", 12),), ENGAGED, 25,
         "facilitator partner", "", (("Mother Hall", "Grandma"),), "paper"),
    # Watauga
    Plot("Watauga", "Greer-Hodges family", "April Greer-Hodges", "Mom", (("Silas Hodges", 9),), AGREED, 115,
         "facilitator therapist", "rides sleep", (("Preacher Joe", "Pastor"),), "grant_ended"),
    Plot("Watauga", "Isaacs family", "Lonnie Isaacs", "Dad", (("Raven Isaacs", 16),), DIFFERS, 115,
         "facilitator dss school", "mornings safe", (("Hattie Isaacs", "Great-aunt"),), "youth"),
    # Halifax
    Plot("Halifax", "Richardson-Lynch family", "Geneva Richardson", "Grandma", (("Kiara Lynch", 13),), AGREED, 135,
         "facilitator plan friend", "rides friends rest", (("Elder Lynch", "Great-uncle"),), "home_shared"),
    Plot("Halifax", "Hardee family", "Mike Hardee", "Dad", (("Lily Hardee", 10),), LATE, 100,
         "facilitator dss school", "iep rest", (("Jan Hardee", "Stepmom"),), "helps two_homes"),
)  # fmt: skip
