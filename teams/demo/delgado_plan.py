"""The Delgados' plan over a year: strengths, seven needs in the family's order, steps in every state, three yeses."""

from types import SimpleNamespace

from collaboratives.models import PlanElement
from families.enums import Section
from soc_portal.versions.models import SharedRow
from teams.actions.covering import set_covers
from teams.actions.items import ask_for_help, end_item
from teams.actions.phases import move_to_phase, set_review
from teams.demo.telling import Teller
from teams.enums import AnswerKind, Choice, LifeDomain, MandateSource, Part, Phase, StepStatus
from teams.models import Call, Mandate, PlanPart, Rating, Step, Strategy

#: The single parts of the plan: which, what it says, who wrote it.
PARTS = [
    (Part.MISSION, "We stand behind Mateo and Rosa until school and evenings are good again.", "andrea"),
    (Part.CRISIS_SIGNS, "Mateo stops answering. He paces, or turns his music all the way up.", "rosa"),
    (Part.CRISIS_HELPS, "Give me 20 minutes alone. Text me, do not talk. Andrés takes me for a drive.", "mateo"),
    (Part.CRISIS_WORSE, "Blocking the door. Two people talking at once.", "mateo"),
    (Part.CRISIS_BACKUP, "Mateo sleeps at Carmen's for a night. She keeps the sofa ready.", "carmen"),
    (Part.CRISIS_AFTER, "We all eat something. The next day Tonya calls, and we talk about what helped.", "tonya"),
    (Part.TRANSITION_READY, "Two good months at school, and we solve a bad evening without calling anybody.", "rosa"),
    (Part.TRANSITION_WHO, "Carmen, Andrés and Coach Ray are there anyway. Tonya for as long as Rosa wants.", "rosa"),
]
#: Who to call in a crisis, in order.
CALLS = [
    ("Carmen, Grandma", "336-555-0148", "Any time. She is 5 minutes away."),
    ("Tonya Barnes, Family Partner", "336-555-0117", "Until 10 pm"),
    ("Mobile crisis team", "336-555-0199", "They come to the house, day or night, in Spanish too."),
]


def plan_events(story: Teller, u: SimpleNamespace, p: SimpleNamespace) -> list:
    """What is written when, as (day, hour, what happens)."""
    it: dict[str, SharedRow] = {}  # what has been written so far, by a short key
    return [*_beginning(story, u, p, it), *_autumn(story, u, it), *_spring(story, u, it), *_lately(story, u, p, it)]


def _beginning(story: Teller, u, p, it) -> list:
    def vision():
        it["vision"] = story.vision(p.rosa, "Quiero que cenemos juntos sin gritos.", u.rosa, "es")

    def mateos_vision():
        text = "I want to play soccer and have people stop asking what's wrong with me."
        it["mateo"] = story.vision(p.mateo, text, u.mateo)

    def strengths():
        story.strength("Mateo is funny and kind with his little cousins.", u.carmen, p.mateo)
        story.strength("Rosa asks for what her family needs, in two languages.", u.tonya, p.rosa)
        story.strength("Andrés has a car and likes to help.", u.mateo, p.andres)
        story.strength("La cena del domingo en casa de Carmen nunca se ha perdido.", u.rosa)

    def evenings():
        it["evenings"] = story.need(
            "Our evenings need to be calmer. Everyone is tired and hungry by 7.", LifeDomain.FAMILY, u.rosa
        )
        goal = story.goal(
            it["evenings"], "We eat dinner together 3 nights a week without yelling.", u.rosa,
            "We put a star on the calendar for each good dinner. 3 stars a week.",
        )  # fmt: skip
        it["visits"] = story.step(
            goal, "Visit on Wednesdays at dinner time", u.tonya, ["tonya"], words="Each Wednesday"
        )
        it["clinic"] = story.step(
            goal, "Call the clinic and ask for evening times", u.rosa, ["rosa"], due=story.clock.workday(3)
        )
        it["evening_goal"] = goal

    def school():
        it["safe"] = story.need("Mateo needs to feel safe at school.", LifeDomain.SCHOOL, u.andrea)
        it["safe_goal"] = story.goal(it["safe"], "Mateo is at school 4 days a week.", u.denise)
        story.change(it["safe"], u.rosa,
                     text="Mateo needs to feel safe at school. He does not go when he feels watched.")  # fmt: skip
        story.move_up(it["safe"], 1, u.rosa)

    def first_yes():
        version = story.agree()
        move_to_phase(team=story.team, phase=Phase.IMPLEMENTATION, by=u.andrea)
        story.clock.on(120)
        story.answer(version, "mateo")
        story.answer(version, "carmen", words="Estoy de acuerdo. Yo pongo la mesa los domingos.")
        story.answer(version, "denise", AnswerKind.PARTLY, "I agree. I would add a step about the morning bus.")
        story.answer(version, "tonya")

    return [(-333, 21, vision), (-317, 19, strengths), (-314, 20, evenings), (-313, 10, school),
            (-312, 17, mateos_vision), (-310, 20, first_yes)]  # fmt: skip


def _autumn(story: Teller, u, it) -> list:
    def trust():
        story.change(it["safe_goal"], u.kim, text="Mateo is at school 4 days a week and has one adult there he trusts.")
        story.change(it["safe_goal"], u.rosa, how_we_will_know="Mateo tells us who it is. Ms. Okafor counts the days.")
        it["mondays"] = story.step(
            it["safe_goal"], "Meet every Monday before class", u.kim, ["mateo", "kim"], words="Each Monday"
        )
        story.begin(it["mondays"], u.kim)

    def testing():
        need = story.need(
            "We need to know why reading is so hard for Mateo.", LifeDomain.SCHOOL, u.rosa, Section.SCHOOL
        )
        goal = story.goal(need, "The school tests how Mateo learns, and tells us in Spanish too.", u.kim,
                          "We hold the report in our hands.")  # fmt: skip
        it["test_date"] = story.step(goal, "Set a day for the testing", u.kim, ["kim"], due=-150)

    def court():
        need = story.need("Mateo needs to finish what the judge asked for, without missing school.", LifeDomain.LEGAL,
                          u.rosa, Section.COURT)  # fmt: skip
        goal = story.goal(need, "20 service hours are done by the end of the school year.", u.devon,
                          "Devon has a sheet with 20 hours on it.")  # fmt: skip
        it["sheet"] = story.step(goal, "Keep a sheet of the hours on the fridge", u.devon, ["mateo", "devon"], due=-230)
        it["hours"] = story.step(goal, "Ask the judge to move the next date after exams", u.devon, ["devon"], due=40)

    def worry():
        need = story.need("Mateo needs help with the worry that keeps him up at night.", LifeDomain.FEELINGS, u.rosa,
                          Section.MENTAL_HEALTH)  # fmt: skip
        goal = story.goal(need, "Mateo sleeps 7 hours, 5 nights a week.", u.priya, "Mateo marks it on his phone.")
        it["talks"] = story.step(
            goal, "Talk every other Tuesday", u.priya, ["mateo", "priya"], words="Every other Tuesday"
        )
        story.begin(it["talks"], u.mateo)

    def vaping():
        need = story.need("Mateo wants to stop vaping when he is stressed.", LifeDomain.HEALTH, u.mateo,
                          Section.SUBSTANCE_USE)  # fmt: skip
        goal = story.goal(need, "No vaping for 30 days in a row.", u.mateo, "Mateo says so himself.")
        it["pause"] = story.step(goal, "Write down three things to do instead", u.priya, ["mateo", "priya"], due=-190)
        story.finish(it["pause"], u.mateo)

    def sheet_done():
        story.finish(it["sheet"], u.devon)

    def second_yes():
        story.change(it["vision"], u.rosa,
                     text="Quiero que cenemos juntos sin gritos. Quiero que Mateo termine la escuela.")  # fmt: skip
        version = story.agree()
        story.clock.on(60)
        for key in ("mateo", "carmen", "andres", "tonya", "andrea", "priya"):
            story.answer(version, key)
        story.answer(version, "devon", AnswerKind.PARTLY, "I agree, and I need the hours on paper before the hearing.")
        story.answer(version, "luis", AnswerKind.DISAGREES, "Nobody asked me about Sundays. I want every second one.")

    return [(-298, 9, trust), (-294, 20, testing), (-260, 11, court), (-235, 9, sheet_done), (-226, 16, worry),
            (-215, 17, vaping), (-186, 20, second_yes)]  # fmt: skip


def _spring(story: Teller, u, it) -> list:
    def tests_done():
        story.finish(it["test_date"], u.kim)

    def bus():
        step = story.step(it["safe_goal"], "Take the early bus", u.denise, ["mateo"], due=-120)
        it["bus"] = step

    def bus_stopped():
        story.stop(it["bus"], u.mateo, "The boys from last year ride it. Andrés drives me on Tuesdays instead.")

    return [(-148, 14, tests_done), (-147, 10, bus), (-126, 18, bus_stopped), *_summer(story, u, it)]


def _summer(story: Teller, u, it) -> list:
    def soccer():
        it["fun"] = story.need("Mateo needs something good to do from 3 to 6 pm.", LifeDomain.FUN, u.mateo)
        goal = story.goal(it["fun"], "Mateo plays soccer twice a week and finishes his 20 service hours there.", u.ray,
                          "Coach Ray keeps the list.")  # fmt: skip
        it["fee"] = story.step(goal, "Sign Mateo up and cover the fee", u.andrea, ["andrea"], due=-80)
        it["coach"] = story.step(goal, "Help coach the little kids on Saturdays", u.mateo, ["mateo", "ray"],
                                 words="Each Saturday")  # fmt: skip
        it["count"] = story.step(goal, "Count those Saturdays as service hours", u.devon, ["devon"], due=-50)
        story.move_up(it["fun"], 4, u.rosa)

    def soccer_goes_well():
        story.finish(it["fee"], u.andrea)
        story.begin(it["coach"], u.ray)
        story.strength("Mateo keeps going. He walked to every practice this summer.", u.ray)

    def hours_count():
        story.finish(it["count"], u.devon)
        story.finish(it["visits"], u.tonya)

    def lunch_table():
        it["table"] = story.step(it["safe_goal"], "Move Mateo's lunch table", u.kim, ["kim"], due=-20)

    def table_moved():
        story.finish(it["table"], u.kim)

    def twice():
        spare = story.step(it["evening_goal"], "Buy a bigger table", u.luis, ["luis"], due=-60)
        story.clock.on(400)
        end_item(team=story.team, item=spare, by=u.luis)

    return [(-104, 19, soccer), (-78, 17, soccer_goes_well), (-75, 19, twice), (-52, 10, hours_count),
            (-35, 12, lunch_table), (-21, 13, table_moved)]  # fmt: skip


def _whole_plan(story: Teller, u, it) -> None:
    """Everything that a complete plan also has."""
    for part, text, by in PARTS:
        story.write(PlanPart(part=part, text=text), getattr(u, by))
    for name, phone, words in CALLS:
        story.write(Call(text=name, phone=phone, when_words=words), u.rosa)
    story.write(
        Mandate(text="Mateo does 20 service hours before the hearing.", source=MandateSource.COURT,
                source_words="Order about service hours", dated_on=story.clock.day(-262), section=Section.COURT),
        u.devon,
    )  # fmt: skip
    story.write(
        Mandate(text="Mateo reads with a helper twice a week.", source=MandateSource.SCHOOL,
                source_words="IEP, page 4", dated_on=story.clock.day(-140), section=Section.SCHOOL),
        u.kim,
    )  # fmt: skip
    together = story.strength("We keep coming back to the same table, also after a bad week.", u.tonya)
    story.change(together, u.tonya, of_team=True)
    quiet = Strategy(goal=it["safe_goal"], text="One adult at school whom Mateo picks himself",
                     choice=Choice.CHOSEN, strength=together,
                     friends_part="Andrés drives him on Tuesdays, so that he is there on time.")  # fmt: skip
    story.write(quiet, u.kim)
    story.write(Strategy(goal=it["safe_goal"], text="Another school", choice=Choice.NOT_NOW), u.denise)
    story.write(Strategy(goal=it["evening_goal"], text="Sunday dinner at Carmen's, with phones in the basket"), u.mateo)
    for days, value, why in (
        (-200, 3, "He went two days a week."),
        (-100, 5, ""),
        (-10, 7, "He went 14 of 18 days."),
    ):
        rating = Rating(goal=it["safe_goal"], value=value, text=why, rated_on=story.clock.day(days))
        story.write(rating, u.andrea)
    bus = story.step(it["safe_goal"], "Ask for another bus stop", u.denise, ["denise"], due=-12)
    story.change(bus, u.denise, status=StepStatus.NOT_DONE, why="The bus company said no. We ask again in spring.")
    set_review(team=story.team, on=story.clock.day(45), by=u.andrea)
    _covers(story, u, it)


def _covers(story: Teller, u, it) -> None:
    """What the plan already holds of what the agencies need; the rest waits to be ticked."""
    covering = {
        "dss-change": (u.andrea, it["evening_goal"]), "school-goals": (u.kim, it["safe_goal"]),
        "school-help": (u.kim, it["table"]), "court-school": (u.rosa, it["safe_goal"]),
        "court-repair": (u.devon, it["count"]),
    }  # fmt: skip
    for element in PlanElement.objects.filter(key__in=covering).order_by("pk"):
        by, item = covering[element.key]
        set_covers(team=story.team, asked=element, add=[item], remove=[], by=by)
    order = Mandate.objects.live().get(team=story.team, source=MandateSource.COURT)
    set_covers(team=story.team, asked=order, add=[it["count"]], remove=[], by=u.devon)


def _lately(story: Teller, u, p, it) -> list:
    workday = story.clock.workday

    def letter():
        it["letter"] = story.step(it["safe_goal"], "Send the school the letter about testing", u.rosa, ["rosa"],
                                  due=workday(-4))  # fmt: skip
        story.begin(it["clinic"], u.rosa)

    def saturdays():
        step = story.step(it["evening_goal"], "Pick two Saturdays for soccer", u.rosa, ["rosa"], due=-7)
        story.clock.on(60)
        story.finish(step, u.rosa)
        story.step(it["evening_goal"], "Learn the “pause plan” together", u.priya, ["priya", "rosa", "mateo", "carmen"],
                   due=workday(24))  # fmt: skip
        story.strength("Mrs. Lee next door is home every afternoon.", u.rosa)

    def third_yes():
        story.change(it["vision"], u.rosa, text="Quiero que cenemos juntos sin gritos. Quiero que Mateo termine la"
                                                " escuela, y que vuelva a reírse.")  # fmt: skip
        version = story.agree()
        story.clock.on(45)
        for key in ("mateo", "andres", "tonya", "ray", "andrea"):
            story.answer(version, key)
        story.answer(version, "carmen", words="Sí. Se nos ve más tranquilos en la mesa.")
        story.answer(version, "luis", AnswerKind.PARTLY, "Good. I still want Mateo every second Sunday.")

    def devon_wants_to_talk():
        version = story.team.plan_versions.order_by("-number").first()
        story.answer(version, "devon", AnswerKind.PARTLY, "Can we write down who signs the service hours?")

    def help_wanted():
        ask_for_help(team=story.team, step=Step.objects.get(pk=it["hours"].pk), by=u.devon)

    def rosa_adds():
        story.step(it["safe_goal"], "Drive Mateo to school on Tuesdays", u.rosa, ["andres"], words="Each Tuesday")

    return [(-14, 20, letter), (-9, 19, saturdays), (-8, 14, lambda: _whole_plan(story, u, it)), (-8, 20, third_yes),
            (-5, 9, devon_wants_to_talk), (-3, 14, help_wanted), (-2, 20, rosa_adds)]  # fmt: skip
