"""How somebody is called in few words and in letters; and a seat for whoever has no row to be drawn from."""

from dataclasses import dataclass

#: Words before a name that people are called by together with it: "Mrs. Lee", "Coach Ray".
TITLES = frozenset(
    "mr mrs ms miss dr pastor father sister rev reverend coach officer judge sr sra señor señora doña don".split()
)


def short_name_of(name: str) -> str:
    """The name to use in few words: the first one, with the next one after a title."""
    words = name.split()
    has_title = len(words) > 1 and words[0].lower().rstrip(".") in TITLES
    return " ".join(words[: 2 if has_title else 1])


def initials_of(name: str, kind: str = "pro") -> str:
    """The letters on a seat: one for family, else of the first and the last word: "Denise Harper" gives "DH"."""
    if kind == "family":
        return name[:1].upper()
    words = [word for word in name.split() if word[:1].isalnum()]
    return "".join(word[0] for word in dict.fromkeys([*words[:1], *words[-1:]])).upper()


@dataclass(frozen=True)
class Seat:
    """Somebody to be drawn who is no member and no person of the family here, or the family itself."""

    display_name: str
    seat_kind: str
    role_words: str = ""

    @property
    def short_name(self) -> str:
        return short_name_of(self.display_name)

    @property
    def initials(self) -> str:
        return initials_of(self.display_name, self.seat_kind)
