"""Damage to a dialogue: a turn swapped for a stranger's, a user turn taken out, a stranger's put in.

Each kind is a function that draws where and what by chance, and says which turns are the same before and after. Knows
nothing of who notices.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from millstream.conversations import Conversation, Utterance

TRIES = 30
"""Draws before a dialogue is given up on, because nothing in the others fits."""
PARTS = 5
"""A dialogue's place is told in fifths of it, where no stage is known."""


@dataclass(frozen=True)
class Staged:
    """A conversation with the stage of each turn, which only damage may know; without stages none is swapped so."""

    conversation: Conversation
    stages: tuple[str, ...] = ()

    @property
    def turns(self) -> tuple[Utterance, ...]:
        return self.conversation.turns

    def part(self, at: int) -> int:
        return PARTS * at // len(self.turns)


@dataclass(frozen=True)
class Pair:
    """Two versions of a dialogue. `kept` are (place in `whole`, place in `damaged`) of the turns to be compared: those
    from the damage on that both have. `at` is where it is, in `damaged`."""

    whole: tuple[Utterance, ...]
    damaged: tuple[Utterance, ...]
    at: int
    kept: tuple[tuple[int, int], ...]

    def reversed(self) -> "Pair":
        return Pair(self.damaged, self.whole, self.at, tuple((second, first) for first, second in self.kept))


Fits = Callable[[Staged, int, Staged, int], bool]
"""(dialogue, its turn, another, its turn) -> whether that one may take this one's place."""
Damage = Callable[[Staged, Sequence[Staged], Random], Pair | None]
"""A dialogue, the others (it may be among them) and chance -> the pair; None where there is nothing to damage."""


def anywhere(one: Staged, at: int, other: Staged, there: int) -> bool:
    return one.turns[at].role == other.turns[there].role


def same_part(one: Staged, at: int, other: Staged, there: int) -> bool:
    return anywhere(one, at, other, there) and one.part(at) == other.part(there)


def same_stage(one: Staged, at: int, other: Staged, there: int) -> bool:
    both = bool(one.stages and other.stages)
    return both and anywhere(one, at, other, there) and one.stages[at] == other.stages[there]


def swap(fits: Fits) -> Damage:
    """Damage that puts a turn of another dialogue, of other words, in the place of one."""

    def swapped(one: Staged, others: Sequence[Staged], chance: Random) -> Pair | None:
        for _ in range(TRIES):
            at = chance.randrange(len(one.turns))
            if stranger := _stranger(one, at, others, fits, chance):
                return _replaced(one.turns, at, stranger)
        return None

    return swapped


def two_strangers(fits: Fits) -> Damage:
    """No damage: one stranger's turn in the place of another stranger's. Neither belongs there."""

    def swapped(one: Staged, others: Sequence[Staged], chance: Random) -> Pair | None:
        for _ in range(TRIES):
            at = chance.randrange(len(one.turns))
            found = [_stranger(one, at, others, fits, chance) for _ in range(2)]
            if found[0] and found[1] and found[0].text != found[1].text:
                first = _replaced(one.turns, at, found[0]).damaged
                return _replaced(first, at, found[1])
        return None

    return swapped


def delete(one: Staged, others: Sequence[Staged], chance: Random) -> Pair | None:
    """A turn of the user is gone; somebody still speaks after it."""
    places = [n for n, turn in enumerate(one.turns[:-1]) if turn.role == "user"]
    if not places or sum(turn.role == "user" for turn in one.turns) < 2:
        return None
    at = chance.choice(places)
    kept = tuple((n, n - 1) for n in range(at + 1, len(one.turns)))
    return Pair(one.turns, one.turns[:at] + one.turns[at + 1 :], at, kept)


def insert(one: Staged, others: Sequence[Staged], chance: Random) -> Pair | None:
    """A user's turn of another dialogue, of the same fifth, is put in."""
    for _ in range(TRIES):
        at = chance.randrange(1, len(one.turns))
        if stranger := _stranger(one, at, others, _users, chance):
            kept = tuple((n, n + 1) for n in range(at, len(one.turns)))
            return Pair(one.turns, (*one.turns[:at], stranger, *one.turns[at:]), at, kept)
    return None


def take_back(one: Staged, others: Sequence[Staged], chance: Random) -> Pair | None:
    """No damage: a stranger's turn that was put in is taken out again."""
    pair = insert(one, others, chance)
    return pair.reversed() if pair else None


def _users(one: Staged, at: int, other: Staged, there: int) -> bool:
    return other.turns[there].role == "user" and one.part(at) == other.part(there)


def _stranger(one: Staged, at: int, others: Sequence[Staged], fits: Fits, chance: Random) -> Utterance | None:
    other = chance.choice(others)
    if other.conversation.key == one.conversation.key:
        return None
    places = [n for n in range(len(other.turns)) if fits(one, at, other, n)]
    new = [other.turns[n] for n in places if other.turns[n].text != one.turns[at].text]
    return chance.choice(new) if new else None


def _replaced(turns: tuple[Utterance, ...], at: int, stranger: Utterance) -> Pair:
    kept = tuple((n, n) for n in range(at, len(turns)))
    return Pair(turns, (*turns[:at], stranger, *turns[at + 1 :]), at, kept)
