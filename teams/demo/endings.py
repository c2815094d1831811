"""How made-up teams come to their end: what they write for afterwards, their last words, and the closing."""

from teams.actions.ending import begin_ending, close_team, say_last_word
from teams.actions.memberships import end_team
from teams.enums import EndingReason, Part
from teams.models import PlanPart

AFTERWARDS = (
    (Part.TRANSITION_READY, "A whole month in which we solved hard days ourselves."),
    (Part.TRANSITION_WHO, "Our kin are there anyway. We know whom to call at school."),
    (Part.TRANSITION_IF, "We call each other first. Then we ask for a team again: we know how it goes now."),
)
#: Last words by who says them; whoever is not on the team says nothing.
WORDS = {
    "home": "I came in tired and I go out proud. Thank you for asking me first, every time.",
    "facilitator": "You ran your own meetings at the end. I only held the pen.",
    "kin0": "I never knew that they needed me. Now I come each Thursday, team or no team.",
    "dss": "I learned from you what a plan looks like that a family wants to keep.",
    "school": "The first class of the day misses nobody now. Wave when you see me in the hall.",
}


def begin(tale, day: int, *, in_days: int, say: tuple[str, ...] = tuple(WORDS)):
    """The team says that it gets ready to end, writes down what helps afterwards, and those in `say` a last word."""
    story, clock = tale.story, tale.clock
    clock.go(day, 17)
    ending = begin_ending(
        team=story.team, by=tale.home, reason=EndingReason.GOALS, ends_on=clock.day(day + in_days),
        words="We have what we came for. We want to try it on our own.",
    )  # fmt: skip
    for part, text in AFTERWARDS:
        clock.on(10)
        story.write(PlanPart(part=part, text=text), tale.home)
    clock.go(day + 1, 9)
    for key in say:
        if key in story.members:
            member = story.members[key]
            clock.on(40)
            say_last_word(ending=ending, membership=member, text=WORDS[key], by=member.user or tale.home)
    return ending


def end_as_planned(tale, day: int) -> None:
    """Begun two weeks before, closed on its day."""
    ending = begin(tale, day - 13, in_days=13)
    tale.clock.go(day, 18)
    close_team(ending=ending, by=tale.home)


def end_at_once(tale, day: int) -> None:
    """The family moved, and nobody wrote anything down."""
    tale.clock.go(day, 18)
    end_team(team=tale.story.team, by=tale.home)


def ending(tale) -> None:
    """The team is on its way to its end: a day is set, and some have said a last word."""
    begin(tale, -4, in_days=24, say=("home", "facilitator", "kin0"))
