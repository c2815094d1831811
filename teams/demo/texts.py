"""What families need and say. `{child}` is the first name of the child; all of it is made up."""

from dataclasses import dataclass

from families.enums import Section
from teams.enums import LifeDomain


@dataclass(frozen=True)
class Wish:
    """A need with its goal, how the family will know, and steps as (text, who carries it by post)."""

    domain: str
    need: str
    goal: str
    know: str
    steps: tuple[tuple[str, str], ...]
    section: str = Section.PLAN


WISHES = {
    "rides": Wish(
        LifeDomain.HOME, "We have no car, and the clinic is an hour away by bus.",
        "{child} gets to every visit without anybody missing work.", "No visit is missed for a month.",
        (("Set up rides through the health plan", "plan"), ("Drive on the second Thursday", "friend"),
         ("Keep the list of rides on the fridge", "home")),
    ),
    "rent": Wish(
        LifeDomain.MONEY, "The rent went up and the lights were cut off once.",
        "The bills are paid by the fifth, three months in a row.", "We keep the three letters.",
        (("Fill in the form for help with power bills", "home"), ("Go along to the rent office", "partner"),
         ("Ask about the cheaper flat on the ground floor", "dss")),
    ),
    "mornings": Wish(
        LifeDomain.SCHOOL, "Mornings are a fight. {child} misses first class most days.",
        "{child} is in first class four days a week.", "The school sends a note each Friday.",
        (("Let {child} start with art on Mondays", "school"), ("Call at 7 to say good morning", "friend"),
         ("Put out clothes the night before", "youth")),
    ),
    "friends": Wish(
        LifeDomain.FUN, "{child} has nobody to be with after school.",
        "{child} does one thing each week that is just for fun.", "{child} tells us about it at dinner.",
        (("Take {child} along to practice", "friend"), ("Ask for a free place", "facilitator")),
    ),
    "temper": Wish(
        LifeDomain.FEELINGS, "When {child} is angry, doors break and the little ones hide.",
        "{child} has three ways to cool down, and we all know them.", "Two weeks without a broken thing.",
        (("Practice the three ways on a good day", "therapist"), ("Clear the porch so {child} has a place", "home"),
         ("Show the little ones where to go", "youth")),
    ),
    "rest": Wish(
        LifeDomain.FAMILY, "I have not had one evening to myself since spring.",
        "One evening a week is mine.", "I say how it was at each meeting.",
        (("Stay with the children on Tuesdays", "friend"), ("Find out about respite care", "plan")),
    ),
    "kin": Wish(
        LifeDomain.FAMILY, "{child} wants to see both sides of the family.",
        "{child} spends every second Sunday with the cousins.", "{child} marks the Sundays.",
        (("Agree on the Sundays", "home"), ("Sit with us the first time", "dss")),
    ),
    "safe": Wish(
        LifeDomain.SAFETY, "We do not feel safe on our street at night.",
        "{child} comes home with somebody every evening.", "Nobody walks alone for a month.",
        (("Walk with the children from the bus", "friend"), ("Ask the town for a light at the corner", "facilitator")),
    ),
    "asthma": Wish(
        LifeDomain.HEALTH, "{child}'s asthma sends us to the hospital too often.",
        "No trip to the emergency room for three months.", "We count the days on the calendar.",
        (("Look at the house for mold", "nurse"), ("Give the school a spare inhaler", "home")), Section.HEALTH,
    ),
    "sleep": Wish(
        LifeDomain.FEELINGS, "{child} has bad dreams since the move.", "{child} sleeps through five nights a week.",
        "{child} draws a moon for each good night.",
        (("Meet each week", "therapist"), ("Read together before bed", "home")), Section.MENTAL_HEALTH,
    ),
    "pills": Wish(
        LifeDomain.HEALTH, "I want to stay off pills for my children.", "Ninety days, one after the other.",
        "I show my chip at the table.",
        (("Go to the Thursday group", "home"), ("Be there on bad evenings", "therapist")), Section.SUBSTANCE_USE,
    ),
    "iep": Wish(
        LifeDomain.SCHOOL, "{child} reads two grades behind and hides it.", "{child} gets help with reading every day.",
        "The teacher shows us the book {child} is on.",
        (("Ask for the tests in writing", "home"), ("Set the day of the school meeting", "school")), Section.SCHOOL,
    ),
    "judge": Wish(
        LifeDomain.LEGAL, "{child} must do what the judge said by spring.", "All hours are done before the date.",
        "The sheet is full.", (("Find a place for the hours", "court"), ("Go with {child} the first day", "friend")),
        Section.COURT,
    ),
    "viaje": Wish(
        LifeDomain.HOME, "No tenemos carro y la clínica queda lejos.", "{child} llega a todas sus citas.",
        "Un mes sin perder ninguna cita.",
        (("Pedir transporte al plan de salud", "plan"), ("Anotar las citas en el calendario", "home")),
    ),
    "escuela": Wish(
        LifeDomain.SCHOOL, "En la escuela nadie nos habla en español.", "Cada nota de la escuela llega en español.",
        "Guardamos las notas en una carpeta.",
        (("Pedir un intérprete para las reuniones", "school"), ("Llamar el primer lunes de cada mes", "home")),
    ),
    "descanso": Wish(
        LifeDomain.FAMILY, "Trabajo de noche y casi no veo a mis hijos.", "Comemos juntos tres veces por semana.",
        "Ponemos una estrella por cada comida.",
        (("Pedir otro turno", "home"), ("Cuidar a los niños los jueves", "friend")),
    ),
}  # fmt: skip

WORDS = {
    "en": (
        "I want us to laugh in this house again.", "I want people to talk with us, not about us.",
        "We have been through worse. We just need somebody to walk along.", "I want {child} to graduate, with a party.",
        "Quiet evenings. That is all I ask for.", "I want to be asked first.",
        "We want to stay together, here, on this land.", "I want {child} to know where we come from.",
        "I want to stop telling our story from the start every time.",
    ),
    "es": (
        "Quiero que volvamos a reírnos en esta casa.", "Quiero que hablen con nosotros, no de nosotros.",
        "Quiero que {child} se gradúe, con fiesta y todo.", "Quiero que me pregunten primero a mí.",
    ),
}  # fmt: skip
AFTERWARDS = {
    "en": (
        "It was good. Nobody looked at a watch.", "I said less than I wanted. Next time I bring a list.",
        "{child} stayed the whole time. That is new.", "Too many papers. But they listened.",
        "I slept well after that one.", "For once we were not late, they were.",
    ),
    "es": (
        "Estuvo bien. Nadie miró el reloj.", "Dije menos de lo que quería. La próxima traigo una lista.",
        "{child} se quedó todo el tiempo. Eso es nuevo.",
    ),
}  # fmt: skip
STRENGTHS = {
    "en": (
        "{child} can fix anything with a screwdriver.", "Nobody in this family goes to bed without a good night.",
        "{child} makes the little ones laugh.", "We cook for half the street on holidays.",
        "{child} sings in two choirs.", "This family keeps its word.", "Grandpa's garden feeds three homes.",
        "{child} knows every bird by its call.", "We have been on this road for four generations.",
    ),
    "es": (
        "{child} arregla todo con un desarmador.", "En esta familia nadie come solo.",
        "{child} hace reír a los más chicos.", "Cumplimos lo que decimos.",
    ),
}  # fmt: skip
TOPICS = (
    "How the last weeks were", "What is still open", "School", "Who can help on weekends", "Rides", "The next steps",
    "What went well",
)  # fmt: skip
NOTES = (
    ("How it is going", "{child} had a good week and a hard one. The hard one was when the routine changed."),
    ("What helps", "A short text the evening before. No surprises. Food on the table."),
    ("School", "{child} was there on most days. Two teachers noticed."),
    ("At home", "Evenings are calmer when the phone stays in the kitchen."),
    ("Friends and family", "An aunt offered to come by on Saturdays."),
    ("Who does what", "Everybody said what they can do by the next time, and wrote it down."),
)  # fmt: skip
DECISIONS = (
    "We keep meeting at the same place and time.", "The first step stays with the family; the others call on Friday.",
    "We ask for one form instead of three.", "Nobody changes a plan by phone. We write it here first.",
    "{child} opens the next meeting.",
)  # fmt: skip
DIFFERING = (
    "{caregiver}: “Weekly visits are too much. We said every second week.” {worker}: “I have to see {child} each week"
    " until the court says otherwise.” We look at this again at the next meeting."
)
PLACES = (
    "At our kitchen table", "At the library, room 2", "In the church hall", "At school, after hours",
    "At the community center", "On the porch, if it does not rain",
)  # fmt: skip
MATTERS = {
    "en": (
        "Church on Sunday and on Wednesday.",
        "We are Lumbee. Our elders are part of every decision.",
        "Please take your shoes off in our home.",
        "No meetings during Ramadan evenings.",
        "Family comes first, then the rest.",
        "We do not talk about money in front of the children.",
        "",
    ),
    "es": ("La misa del domingo y la cena después.", "Hablamos español en casa.", ""),
}
