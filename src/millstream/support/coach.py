"""The supporter's assistant: which strategy comes next, by what both sides have heard and nothing else.

A stage machine decides what may be done now, habits (how often a strategy follows another in real service talk, if they
were counted) what of it is done. RoleCS has a model choose; here a table does. It never sees the profile or the goal of
the customer. Knows no wordings.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from millstream.records import Role

IN_A_ROW = 2
"""How often the same strategy may stand in neighbouring turns of the agent (RoleCS: no more than twice)."""
MOST = 50
"""Utterances of a dialogue."""
RESTATES, LATER = 0.75, 0.6
"""Shares of dialogues in which the agent restates before it suggests, and points to later before it closes."""
SMOOTH = 1.0


@dataclass(frozen=True)
class Heard:
    """One turn as both sides have it: who, and what it did. A move is named after its lines in the cases."""

    role: Role
    move: str
    strategy: str = ""


@dataclass(frozen=True)
class Habits:
    """How often one strategy of the agent follows another. Empty: nothing was counted, all are alike."""

    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def chance(self, before: str, code: str) -> float:
        row = sum(count for (first, _), count in self.counts.items() if first == before)
        return (self.counts.get((before, code), 0) + SMOOTH) / (row + 12 * SMOOTH)


def habits(dialogues: Iterable[Sequence[str]]) -> Habits:
    """Counted in the strategies of annotated dialogues, a sequence for each."""
    counts: Counter[tuple[str, str]] = Counter()
    for codes in dialogues:
        counts.update(pairwise(codes))
    return Habits(dict(counts))


@dataclass(frozen=True)
class Coach:
    """`slots` are the things this kind of matter has to be asked for."""

    slots: tuple[str, ...]
    habits: Habits
    restates: bool
    later: bool

    def advise(self, heard: Sequence[Heard], rng: Random) -> Heard:
        """The agent's next turn: its strategy and its move."""
        due = self._due(heard)
        options = [due] if due else self._open(heard)
        allowed = [each for each in options if not too_often(heard, each.strategy)] or options
        last = next((turn.strategy for turn in reversed(heard) if turn.role == "agent"), "")
        weights = [self.habits.chance(last, each.strategy) for each in allowed]
        return rng.choices(allowed, weights)[0]

    def _due(self, heard: Sequence[Heard]) -> Heard | None:
        """What cannot wait: a greeting, a bad mood, a question, a demand, a farewell."""
        if not any(turn.role == "agent" for turn in heard):
            return Heard("agent", "greet", "GT")
        last = heard[-1].move
        answers = {"vent": ("soothe", "EM"), "ask_rule": ("rule", "ID"), "demand": ("refuse", "ID")}
        if last in answers:
            return Heard("agent", *answers[last])
        if last in ("bye", "good_to_hear") or len(heard) >= MOST - 1:
            return Heard("agent", "farewell", "AC")
        if last == "no_more":
            return Heard("agent", "later", "RC") if self.later else Heard("agent", "farewell", "AC")
        if last in ("accept", "settle", "learnt"):
            return Heard("agent", "act", "RI")
        return Heard("agent", "check", "FR") if "act" in moves(heard, "agent") else None

    def _open(self, heard: Sequence[Heard]) -> list[Heard]:
        """What the stage of the talk leaves open: who it is, what is missing, whether it was understood, a way out."""
        told = moves(heard, "user")
        unknown = [slot for slot in ("name", "proof") if f"tell_{slot}" not in told]
        missing = [slot for slot in self.slots if f"tell_{slot}" not in told]
        options = [Heard("agent", f"ask_{unknown[0]}", "IV")] if unknown else []
        options += [Heard("agent", f"ask_{missing[0]}", "PR")] if missing else []
        if not (missing or unknown) and self.restates and "restate" not in moves(heard, "agent"):
            options.append(Heard("agent", "restate", "RP"))
        return options or [Heard("agent", "suggest", "PS")]


def coached(slots: tuple[str, ...], known: Habits, rng: Random) -> Coach:
    return Coach(slots, known, rng.random() < RESTATES, rng.random() < LATER)


def moves(heard: Sequence[Heard], role: Role) -> set[str]:
    return {turn.move for turn in heard if turn.role == role}


def too_often(heard: Sequence[Heard], strategy: str) -> bool:
    """The agent's last turns are all of this strategy, as many as may be."""
    last = [turn.strategy for turn in heard if turn.role == "agent"][-IN_A_ROW:]
    return len(last) == IN_A_ROW and set(last) == {strategy}
