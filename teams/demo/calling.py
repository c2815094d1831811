"""The Delgados look for a time: Carmen asks, Rosa and Andrea offer, and the family's no counts more than any yes."""

from types import SimpleNamespace

from teams.actions.calling import answer_slots, ask_to_meet, offer_slot
from teams.demo.telling import Teller
from teams.enums import Can
from teams.models import Slot, TimePoll


def poll_events(story: Teller, u: SimpleNamespace) -> list:
    """Asking, offering and answering, as (day, hour, what happens)."""
    clock = story.clock
    box: dict[str, TimePoll] = {}
    slots: list[Slot] = []

    def ask():
        words = "Los domingos. Quiero hablar de la cena antes del invierno."
        box["it"] = ask_to_meet(
            team=story.team, poll=TimePoll(purpose=words, place_words="At Carmen's house"), by=u.carmen
        )

    def offer():
        for who, day, hour in [("rosa", 22, 17), ("andrea", 24, 12), ("andrea", 28, 17)]:
            start, end = clock.at(clock.workday(day), hour, 30), clock.at(clock.workday(day), hour + 1, 30)
            slots.append(
                offer_slot(
                    poll=box["it"], membership=story.members[who], starts_at=start, ends_at=end, by=getattr(u, who)
                )
            )
            clock.on(5)

    def answer():
        for who, cans in [
            ("carmen", (Can.YES, Can.IF_NEEDED, Can.YES)), ("rosa", (Can.YES, Can.NO, Can.IF_NEEDED)),
            ("mateo", (Can.YES, Can.NO, Can.YES)), ("andrea", (Can.IF_NEEDED, Can.YES, Can.YES)),
            ("tonya", (Can.YES, Can.YES, Can.NO)), ("lee", (Can.YES, Can.YES, Can.YES)),
        ]:  # fmt: skip
            answers = {slot.pk: can.value for slot, can in zip(slots, cans, strict=True)}
            by = getattr(u, who, u.rosa)  # Mrs. Lee has no account: Rosa notes what she says
            answer_slots(poll=box["it"], membership=story.members[who], answers=answers, by=by)
            clock.on(5)

    return [(-3, 9, ask), (-3, 18, offer), (-2, 18, answer)]
