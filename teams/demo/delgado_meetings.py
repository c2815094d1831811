"""The Delgados' meetings: eight that took place and the one that is ahead, each with its record."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace

from families.enums import Section
from teams.demo.telling import NO, YES, Teller
from teams.enums import HelpKind, TopicOutcome
from teams.models import Goal, Help, Meeting, Step, WhatIf


@dataclass
class Evening:
    """One meeting: topics and notes as (who, text...), what was decided, and what the family said afterwards."""

    day: int
    by: str
    purpose: str
    topics: list[tuple]
    notes: list[tuple]
    decisions: list[tuple]
    rosa: str = ""
    mateo: str = ""
    luis: str = ""
    place: str = "At Carmen's house"
    phone: tuple = ()
    sent_word: tuple = ()
    away: tuple = ()
    moved: tuple = ()  # places of the topics that wait for the next time
    what_ifs: list[tuple] = field(default_factory=list)  # (who writes, what could go wrong, what we do then)
    helps: list[tuple] = field(default_factory=list)  # (who writes, kind, words, for whom, who takes care of it)
    steps: list[tuple] = field(default_factory=list)  # (who writes, text, who carries it, days after the meeting)


DIFFER = (
    "Rosa, Mateo and Tonya: “Call me first. When court calls, Mateo shuts down for a week. A missed day is not a"
    " crime.”\nDevon: “The court order says I must know within two days. I want to hear it from the family, but I"
    " cannot skip it.”\nWe look at this again at our next meeting. If we still differ, we ask the county coordinator"
    " to bring in a helper that both sides accept."
)
EVENINGS = [
    Evening(
        -316, "andrea", "Get to know each other, and hear what Rosa and Mateo want.",
        [("rosa", "Lo que queremos como familia"), ("denise", "How often we meet, and where")],
        [("andrea", "What we want", ("Rosa wants calm dinners. Mateo wants to play soccer. He does not want to be the"
          " only thing we talk about.")),
         ("denise", "How we meet", ("At Carmen's house, after 5:30, with an interpreter. Mateo may leave when he needs"
          " a break."))],
        [("We speak Spanish and English, and nobody talks about Mateo as if he was not there.",)],
        rosa="Me gustó que preguntaran primero qué nos sale bien.", mateo="It was long. Grandma's food was good.",
        away=("gail",),
    ),
    Evening(
        -275, "andrea", "How school began, and who else should be here.",
        [("mateo", "Why I left school on Tuesday"), ("kim", "Who Mateo can go to"), ("luis", "Days with me")],
        [("kim", "School", "Mateo left at lunch. The room is loud. He can come to my office, no pass needed."),
         ("luis", "Two homes", "Mateo spends every second weekend in Elon. Both homes keep the same bedtime.")],
        [("Mateo has a seat in Ms. Okafor's office whenever he needs it.",)],
        rosa="Por fin alguien le preguntó a él por qué se fue.", luis="I am glad I was asked to come.",
        phone=("luis",),
    ),
    Evening(
        -236, "rosa", "What the court asks for.",
        [("devon", "What the order says, in plain words"), ("rosa", "¿Puede contar el fútbol?")],
        [("devon", "The order", "20 service hours by the end of the school year, and school on most days.",
          Section.COURT),
         ("andrea", "Rides", "Andrés drives on court days. Nobody has to miss work.")],
        [("The sheet for the hours hangs on the fridge.",)],
        rosa="Entendí lo que dice el papel. Antes nadie me lo había leído.", sent_word=("denise",),
    ),
    Evening(
        -195, "andrea", "Look at the plan together before winter.",
        [("priya", "Sleep"), ("carmen", "Los domingos"), ("denise", "The morning bus")],
        [("priya", "Sleep", "Mateo sleeps about 5 hours. He wakes up at 3 and thinks. We try the breathing app.",
          Section.MENTAL_HEALTH),
         ("carmen", "Los domingos", "La cena es a las 5. El que llega tarde lava los platos.")],
        [("Sunday dinner stays at 5.", "Luis: every second Sunday Mateo is with me. I would like him to eat with us.")],
        rosa="Mi mamá habló más que nadie, y la escucharon.", mateo="OK I guess. I told them about the app.",
        phone=("kim",), away=("gail",),
    ),
    Evening(
        -150, "kim", "What the tests say.",
        [("kim", "The report"), ("rosa", "¿Qué cambia en la clase?")],
        [("kim", "The report", "Reading is hard because letters swap places. It has a name and there is help for it.",
          Section.SCHOOL),
         ("tonya", "How it felt", "Rosa cried a little, and then she laughed. Now they know.")],
        [("The school reads the tests to Mateo aloud from now on.",)],
        rosa="No era flojera. Yo lo sabía.", mateo="So I'm not dumb. Good.", place="At school, room 12",
        sent_word=("lee",), away=("devon",),
    ),
    Evening(
        -105, "mateo", "My ideas for the summer.",
        [("mateo", "Soccer, and Coach should be on the team"), ("devon", "Hours that are left")],
        [("ray", "Soccer", "Practice is Tuesday and Thursday. The little kids need a helper on Saturdays."),
         ("devon", "Hours", "11 of 20 are done.", Section.COURT)],
        [("Saturdays with the little kids are service hours.",)],
        rosa="Él llamó a la reunión. Él solo.", mateo="I called this one. It was the best one.",
        place="At the soccer field", phone=("denise",), sent_word=("priya",),
    ),
    Evening(
        -62, "andrea", "How summer is going.",
        [("ray", "Mateo as a helper"), ("rosa", "Horarios de la clínica"), ("lee", "Afternoons next door")],
        [("ray", "Saturdays", "The little kids ask for him. He is never late."),
         ("rosa", "La clínica", "No tienen citas después de las 5. Sigo llamando.")],
        [("Mateo goes to Mrs. Lee when nobody is home before 6.",)],
        rosa="Un verano sin llamadas de la escuela.", mateo="Fine.", away=("denise",), phone=("kim",),
    ),
    Evening(
        -12, "andrea", "How the first month of school is going.",
        [("mateo", "How the first month of school is going"), ("rosa", "Evening times at the clinic"),
         ("devon", "What the court needs to see by the end of next month"),
         ("ray", "Saturday coaching: can it count?")],
        [("kim", "How the first month of school is going", ("Mateo went 14 of 18 days. He says mornings with Ms. Okafor"
          " help. The lunch room is loud and boys from last year sit close by.\nKim Okafor moved his table. She will"
          " ask two teachers to let him leave class two minutes early.")),
         ("andrea", "Evening times at the clinic", ("Rosa cannot leave work before 5. Priya Nair has no evening times"
          " now. Andrea Pruitt asks Riverbend for one, with Rosa's yes.")),
         ("devon", "What the court needs to see", ("Devon Harris needs a letter that shows school days and service"
          " hours. The team wants the letter to say what is going well first."))],
        [("The court letter starts with what is going well. Rosa reads it before it is sent.",),
         ("Mateo may leave class two minutes before lunch.",),
         ("When Mateo misses a day, the school calls Rosa the same day. Rosa or Tonya tells Devon within two days.",
          DIFFER)],
        rosa="Fue la primera reunión en la que nadie nos leyó de un papel. Yo dije primero lo que quería. Todavía no me"
             " gusta la palabra ‘truancy’. Tenía miedo, no se estaba escapando.",
        mateo="It was OK. The pizza was good. I liked when Coach talked.",
        phone=("kim",), sent_word=("lee",), away=("priya",), moved=(3,),
        what_ifs=[("rosa", "Mateo misses a day and nobody reaches me at work", "Call Tonya. She knows when to call."),
                  ("kim", "The lunch room is too loud again", "He eats in my office that week.")],
        helps=[("andrea", HelpKind.INTERPRETER, "Spanish", "carmen", "andrea"),
               ("tonya", HelpKind.RIDE, "From Mebane", "carmen", "andres"),
               ("andrea", HelpKind.FOOD, "Pizza", "", "tonya")],
        steps=[("devon", "Write the court letter, good news first", ("devon", "rosa"), 29),
               ("kim", "Ask two teachers about leaving early", ("kim",), 5)],
    ),
]  # fmt: skip


def meeting_events(story: Teller, u: SimpleNamespace, p: SimpleNamespace) -> list:
    """Calling, answering and holding each meeting, as (day, hour, what happens)."""
    events: list[tuple[int, int, Callable]] = []
    for number, evening in enumerate(EVENINGS):
        events += _events_of(story, u, p, evening, first=number == 0)
    return events + _next_meeting(story, u)


def _events_of(story: Teller, u, p, evening: Evening, *, first: bool) -> list:
    clock = story.clock
    start = clock.at(clock.workday(evening.day), 17, 30)
    held: dict[str, Meeting] = {}

    def call():
        held["it"] = story.call(
            start, by=getattr(u, evening.by), purpose=evening.purpose, place=evening.place, minutes=70
        )
        held["topics"] = [story.topic(held["it"], text, _account(u, who)) for who, text in evening.topics]
        _help_to_come(story, u, held["it"], evening)
        away = {*evening.away, *evening.sent_word}
        known = set(story.guests(held["it"]))
        keys = [key for key, member in story.members.items() if member.pk in known]
        story.reply(held["it"], {key: NO if key in away else YES for key in keys if key != "lee"},
                    {"carmen": "A Spanish interpreter", "rosa": "After 5:30, please"})  # fmt: skip

    def hold():
        clock.to(start)
        clock.on(75)
        meeting = Meeting.objects.get(pk=held["it"].pk)
        story.attend(meeting, u.andrea, phone=evening.phone, sent_word=evening.sent_word, away=evening.away)
        for place, topic in enumerate(held["topics"]):
            outcome = TopicOutcome.MOVED if place in evening.moved else TopicOutcome.TALKED
            story.change(topic, u.andrea, outcome=outcome)
        for who, title, text, *section in evening.notes:
            about = next((topic for topic in held["topics"] if topic.text.startswith(title)), None)
            story.note(meeting, title, text, _account(u, who), *section, topic=about)
        for text, *differing in evening.decisions:
            story.decide(meeting, text, u.andrea, *differing)
        for who, text, then_words in evening.what_ifs:
            story.write(WhatIf(meeting=meeting, text=text, then_words=then_words), _account(u, who))
        _new_steps(story, u, meeting, evening)

    def afterwards():
        meeting = held["it"]
        for person, user, text, language in [
            (p.rosa, u.rosa, evening.rosa, "es"), (p.mateo, u.mateo, evening.mateo, "en"),
            (getattr(p, "luis", None), u.luis, evening.luis, "en"),
        ]:  # fmt: skip
            if text:
                story.own_words(meeting, person, text, user, language)
        story.approve_record(meeting, u.andrea)
        story.felt(meeting, "rosa", is_shown=True, heard="yes", useful="yes", strengths="yes", wants_change=False)
        story.felt(meeting, "mateo", heard="yes" if evening.mateo else "partly", useful="partly", wants_change=True)
        story.felt(meeting, "andrea", heard="yes", useful="yes", strengths="partly", words="We began in time.")

    day = clock.workday(evening.day)
    return [(day - (6 if first else 9), 12, call), (day, 19, hold), (day + 1, 18, afterwards)]


def _help_to_come(story: Teller, u, meeting: Meeting, evening: Evening) -> None:
    for who, kind, words, whom, carrier in evening.helps:
        item = Help(meeting=meeting, kind_of=kind, text=words, is_arranged=True, for_whom=story.members.get(whom),
                    carrier=story.members[carrier])  # fmt: skip
        story.write(item, _account(u, who))


def _account(u: SimpleNamespace, who: str):
    """Mrs. Lee has no account: Rosa writes for her."""
    return getattr(u, who, u.rosa)


def _new_steps(story: Teller, u, meeting: Meeting, evening: Evening) -> None:
    if not evening.steps:
        return
    goal = Goal.objects.live().get(team=story.team, text__startswith="Mateo is at school")
    for writer, text, who, days in evening.steps:
        step = story.step(goal, text, getattr(u, writer), who, due=story.clock.workday(evening.day + days),
                          meeting=meeting)  # fmt: skip
        if who == ("kim",):
            story.clock.on(5)
            story.finish(Step.objects.get(pk=step.pk), u.kim)


def _next_meeting(story: Teller, u) -> list:
    clock = story.clock
    box: dict[str, Meeting] = {}

    def call():
        box["it"] = story.call(
            clock.at(9, 17), by=u.andrea, purpose="Look again at who calls whom when Mateo misses a day.",
            place="At Carmen's house, the place Rosa picked", minutes=60,
        )  # fmt: skip
        story.topic(box["it"], "¿Quién llama primero?", u.rosa)

    def move():
        story.change_meeting(box["it"], u.andrea, starts_at=clock.at(9, 17, 30), ends_at=clock.at(9, 18, 30))

    def answer():
        story.reply(
            box["it"],
            {"mateo": YES, "carmen": YES, "andres": YES, "tonya": YES, "ray": YES, "devon": YES, "andrea": YES,
             "denise": NO, "rosa": YES},
            {"carmen": "A Spanish interpreter", "andres": "A ride for Carmen is booked"},
        )  # fmt: skip
        story.topic(box["it"], "Who signs the service hours?", u.devon)

    return [(-10, 9, call), (-6, 11, move), (-4, 18, answer)]
