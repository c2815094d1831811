"""What of a table of counts may be published, so that nobody is picked out: pure functions, no database.

A table is one measure in one quarter: for each county a *part*, the *rest* and the *whole* that they add up to, and the
state's sums. A count of 1 to 10, or one that fewer than 11 families stand behind, is not shown; zero is.

Whoever reads the table can subtract: part and rest add up to the whole, the counties to the state. So `publish` asks,
after each look, what such a reader would still know of every hidden number (`known_of`), and hides more until the
answer is: of a small number no more than its mark says. First further counties are hidden, then the state's share, then
the state's count; with the last nothing can be subtracted from. `docs/adr/0014-numbers-that-pick-nobody-out.md` has the
reasons.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from soc_portal.measures.enums import Mark

#: Counts from 1 to 10 are not shown (CMS cell size suppression policy of January 26, 2024; `docs/data-sources.md`).
SMALLEST = 11
MOST_SMALL = SMALLEST - 1
#: From this whole on a part of 1 to 10 leaves a rest of 11 or more, so that "fewer than 11" tells nothing of the rest.
SMALLEST_BOUND = MOST_SMALL + SMALLEST
#: A whole that can be split in more than one way into two counts of 11 or more.
SMALLEST_SPLIT = 2 * SMALLEST + 1
#: So many counties are hidden for the sake of others before the state's own number is hidden instead.
MOST_HIDDEN = 10
ENDLESS = 10**9


@dataclass(frozen=True)
class Counted:
    """The true count of one county, and how many families (or whatever it counts) stand behind the whole."""

    part: int
    whole: int
    subjects: int

    @property
    def rest(self) -> int:
        return self.whole - self.part


@dataclass(frozen=True)
class Shown:
    """What is published of one count; a number that is not shown is not in here."""

    mark: Mark
    part: int | None = None
    whole: int | None = None

    def packed(self) -> list:
        """As a release keeps it."""
        return [self.mark.value, self.part, self.whole]

    @classmethod
    def unpacked(cls, cell: list) -> "Shown":
        mark, part, whole = cell
        return cls(Mark(mark), part, whole)

    @property
    def percent(self) -> int | None:
        """The share in whole percent; 0 and 100 only where they are meant."""
        if self.mark != Mark.EXACT or self.part is None or not self.whole:
            return None
        if self.part in (0, self.whole):
            return 100 if self.part else 0
        return min(max((200 * self.part + self.whole) // (2 * self.whole), 1), 99)

    @property
    def below(self) -> int | None:
        """The whole percent that the share is below, where only that can be told: "under 24%"."""
        return 100 * MOST_SMALL // self.whole + 1 if self.mark == Mark.LOW and self.whole else None

    @property
    def above(self) -> int | None:
        """The whole percent that the share is above, where only that can be told: "over 75%"."""
        if self.mark != Mark.HIGH or not self.whole:
            return None
        return -(-100 * (self.whole - MOST_SMALL) // self.whole) - 1


# --- What a reader knows ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Known:
    """From where to where part, rest and whole of one count may lie, for whoever knows this much and no more."""

    part: tuple[int, int]
    rest: tuple[int, int]
    whole: tuple[int, int]

    def tight(self) -> "Known":
        """The same, where each says what follows from the other two. Exact for whole numbers too: see the ADR."""
        (p, p2), (r, r2), (w, w2) = self.part, self.rest, self.whole
        return Known(
            part=(max(p, w - r2), min(p2, w2 - r)),
            rest=(max(r, w - p2), min(r2, w2 - p)),
            whole=(max(w, p + r), min(w2, p2 + r2)),
        )

    def holds(self, other: "Known") -> bool:
        """Whether everything that `other` leaves open is left open here."""
        pairs = ((self.part, other.part), (self.rest, other.rest), (self.whole, other.whole))
        return all(mine[0] <= theirs[0] and mine[1] >= theirs[1] for mine, theirs in pairs)

    @property
    def is_open(self) -> bool:
        """Whether part and rest can still be more than one number each."""
        return self.part[0] < self.part[1] and self.rest[0] < self.rest[1]


def _point(part: int, whole: int) -> Known:
    return Known((part, part), (whole - part, whole - part), (whole, whole))


def told_by(shown: Shown, state: Shown, *, most: int = MOST_SMALL) -> Known:
    """What the mark of a county says by itself. `most` is the most that a whole marked as few can be.

    Where the state's share is 0 or 100 percent, that is said of every county: zero may be told.
    """
    none_at_all = state.mark == Mark.EXACT and state.part == 0
    all_of_them = state.mark == Mark.EXACT and state.part == state.whole
    if shown.mark in (Mark.NONE, Mark.ABSENT):
        return _point(0, 0)
    if shown.mark in (Mark.FEW, Mark.HIDDEN):
        whole = (1, most) if shown.mark == Mark.FEW else (SMALLEST, ENDLESS)
        nothing = (0, 0)
        return Known(
            nothing if none_at_all else (0, whole[1]), nothing if all_of_them else (0, whole[1]), whole
        ).tight()
    whole_count = shown.whole or 0
    if shown.mark == Mark.EXACT:
        return _point(shown.part or 0, whole_count)
    part = {Mark.LOW: (1, MOST_SMALL), Mark.HIGH: (whole_count - MOST_SMALL, whole_count - 1)}.get(shown.mark)
    if part is None:  # split: both are 11 or more where that can be, else neither is all of it
        least = SMALLEST if whole_count >= SMALLEST_SPLIT else 1
        part = (least, whole_count - least)
    return Known(part, (0, ENDLESS), (whole_count, whole_count)).tight()


def told_of_state(state: Shown) -> Known:
    if state.mark in (Mark.EXACT, Mark.NONE):
        return _point(state.part or 0, state.whole or 0)
    whole = (state.whole, state.whole) if state.whole is not None else (0, ENDLESS)
    return Known((0, whole[1]), (0, whole[1]), whole)


def known_of(shown: Mapping[str, Shown], state: Shown, *, most: int = MOST_SMALL) -> dict[str, Known]:
    """What a reader knows of each county who puts all of the table together. Exact, by adding up what each leaves open.

    The number of a county is the state's less the others', and what the others leave open adds up bound by bound.
    """
    told = {key: told_by(cell, state, most=most) for key, cell in shown.items()}
    sums = {
        side: [sum(getattr(known, side)[end] for known in told.values()) for end in (0, 1)]
        for side in ("part", "rest", "whole")
    }
    total = told_of_state(state)

    def left_for(key: str, side: str) -> tuple[int, int]:
        mine, all_low, all_high = getattr(told[key], side), *sums[side]
        low, high = getattr(total, side)
        return max(mine[0], low - (all_high - mine[1])), min(mine[1], high - (all_low - mine[0]))

    return {key: Known(left_for(key, "part"), left_for(key, "rest"), left_for(key, "whole")).tight() for key in shown}


# --- Publishing ------------------------------------------------------------------------------------------------------
def publish(counties: Mapping[str, Counted]) -> tuple[dict[str, Shown], Shown]:
    """What may be shown of these counties and of their sum. Counties that are not reporting are not in here.

    Their order decides which is hidden for the sake of others, so it must not depend on the counts: else what was
    hidden would tell of them.
    """
    wholes = [count.whole for count in counties.values() if 0 < count.subjects < SMALLEST]
    # Who believes that few families count at most 10 times knows more; as long as it holds, that is the reader to fear.
    most = MOST_SMALL if max(wholes, default=0) <= MOST_SMALL else ENDLESS
    total = Counted(
        *(sum(getattr(count, name) for count in counties.values()) for name in ("part", "whole", "subjects"))
    )
    for state in _states(total):
        shown = {key: _first_look(count) for key, count in counties.items()}
        for _turn in range(MOST_HIDDEN + 1):
            weak = weak_spots(shown, state, most=most)
            if not weak:
                return shown, state
            more = _hide_one_more(shown, weak_whole=any(weak.values()))
            if more is None:
                break
            shown = more
    raise AssertionError("Without the state's number nothing can be subtracted.")  # pragma: no cover


def _first_look(count: Counted) -> Shown:
    """What may be shown of a county for its own sake."""
    if count.whole == 0:
        return Shown(Mark.NONE, 0, 0)
    if count.subjects < SMALLEST or count.whole < SMALLEST:
        return Shown(Mark.FEW)
    small = [0 < number < SMALLEST for number in (count.part, count.rest)]
    if not any(small):
        return Shown(Mark.EXACT, count.part, count.whole)
    if count.whole < SMALLEST_BOUND:
        return Shown(Mark.SPLIT, whole=count.whole)
    return Shown(Mark.LOW if small[0] else Mark.HIGH, whole=count.whole)


def _states(total: Counted) -> list[Shown]:
    """The state's number, from as much as may be shown of it to nothing."""
    first = _first_look(total)
    levels = [Shown(Mark.HIDDEN)]
    if first.mark == Mark.NONE:
        return [first]
    if first.mark != Mark.FEW:
        levels.insert(0, Shown(Mark.SPLIT, whole=total.whole))
    if first.mark == Mark.EXACT:
        levels.insert(0, first)
    return levels


def weak_spots(shown: Mapping[str, Shown], state: Shown, *, most: int = MOST_SMALL) -> dict[str, bool]:
    """The counties of which a reader learns more than their mark says; True where already the whole is too well known.

    What is hidden for the sake of others is no small number: of it, more than one must be left open.
    """
    weak = {}
    for key, known in known_of(shown, state, most=most).items():
        cell = shown[key]
        if cell.mark in (Mark.EXACT, Mark.NONE, Mark.ABSENT):
            continue
        meant = told_by(cell, state)
        if cell.mark == Mark.HIDDEN or (cell.mark == Mark.SPLIT and (cell.whole or 0) >= SMALLEST_SPLIT):
            whole_is_weak = cell.mark == Mark.HIDDEN and known.whole[0] == known.whole[1]
            is_weak = whole_is_weak or (not known.is_open and meant.is_open)
        else:
            whole_is_weak = not (known.whole[0] <= meant.whole[0] and known.whole[1] >= meant.whole[1])
            is_weak = not known.holds(meant)
        if is_weak:
            weak[key] = whole_is_weak
    return weak


def _hide_one_more(shown: dict[str, Shown], *, weak_whole: bool) -> dict[str, Shown] | None:
    """The next county in the order hides its share, or all where wholes are too well known; None if there is none."""
    if not weak_whole:
        for key, cell in shown.items():
            if _can_split(cell):
                return shown | {key: replace(cell, mark=Mark.SPLIT, part=None)}
    for key, cell in shown.items():
        if cell.mark in (Mark.EXACT, Mark.LOW, Mark.HIGH, Mark.SPLIT):
            return shown | {key: Shown(Mark.HIDDEN)}
    return None


def _can_split(cell: Shown) -> bool:
    if cell.mark != Mark.EXACT or cell.part is None or cell.whole is None:
        return False
    return min(cell.part, cell.whole - cell.part) >= SMALLEST and cell.whole >= SMALLEST_SPLIT
