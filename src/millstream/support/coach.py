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
RUNS = {"PR": 8, "ID": 5}
"""Questions and answers in a row, of which RoleCS would have two: forms and enquiries of real service are longer
(HR-MultiWOZ asks up to seven)."""
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

    def share(self, before: str, code: str, other: str) -> float | None:
        """How often the one and not the other follows; None where neither was seen."""
        one, two = (self.counts.get((before, each), 0) for each in (code, other))
        return one / (one + two) if one + two else None


def habits(dialogues: Iterable[Sequence[str]]) -> Habits:
    """Counted in the strategies of annotated dialogues, a sequence for each."""
    counts: Counter[tuple[str, str]] = Counter()
    for codes in dialogues:
        counts.update(pairwise(codes))
    return Habits(dict(counts))


@dataclass(frozen=True)
class Coach:
    """`slots` are the things this kind of matter has to be asked for. A trouble's way out is suggested when all is
    known; of an `order` something is proposed behind so many answers, `offers`, None: nothing is."""

    slots: tuple[str, ...]
    habits: Habits
    restates: bool
    later: bool
    order: bool = False
    offers: int | None = None

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
        if last in ("bye", "good_to_hear", "thanks_all") or len(heard) >= MOST - 1:
            return Heard("agent", "farewell", "AC")
        if last == "no_more":
            return Heard("agent", "later", "RC") if self.later else Heard("agent", "farewell", "AC")
        if last == "another":
            return Heard("agent", "suggest_other", "PS")
        if last == "correct":
            return Heard("agent", "restate_again", "RP")
        if last.startswith("query_"):
            return Heard("agent", last.replace("query_", "answer_"), "ID")
        if last in ("accept", "settle", "learnt") and not self.order:
            return Heard("agent", "act", "RI")
        return Heard("agent", "check", "FR") if last == "thanks" or "act" in moves(heard, "agent") else None

    def _open(self, heard: Sequence[Heard]) -> list[Heard]:
        """What the stage of the talk leaves open: who it is, what is missing, whether it was understood, a way out."""
        told = moves(heard, "user")
        if self.order:
            return [self._ordered(heard, told)]
        unknown = [slot for slot in ("name", "proof") if f"tell_{slot}" not in told]
        missing = [slot for slot in self.slots if f"tell_{slot}" not in told]
        options = [Heard("agent", f"ask_{unknown[0]}", "IV")] if unknown else []
        options += [Heard("agent", f"ask_{missing[0]}", "PR")] if missing else []
        if not (missing or unknown) and self.restates and "restate" not in moves(heard, "agent"):
            options.append(Heard("agent", "restate", "RP"))
        return options or [Heard("agent", "suggest", "PS")]

    def _ordered(self, heard: Sequence[Heard], told: set[str]) -> Heard:
        """Of an order: what is missing, an offer as soon as enough is known, all of it said again, and then it is
        done."""
        missing = [slot for slot in self.slots if f"tell_{slot}" not in told]
        enough = self.offers is not None and len(self.slots) - len(missing) >= self.offers
        if enough and "suggest" not in moves(heard, "agent"):
            return Heard("agent", "suggest", "PS")
        if missing:
            return Heard("agent", f"ask_{missing[0]}", "PR")
        if self.restates and "restate" not in moves(heard, "agent"):
            return Heard("agent", "restate", "RP")
        return Heard("agent", "act", "RI")


def coached(
    slots: tuple[str, ...], known: Habits, rng: Random, offers: int | None = None, order: bool = False
) -> Coach:
    """One agent: whether it restates and points to later is drawn, the last by the habits where they were counted."""
    later = known.share("FR", "RC", "AC")
    early = offers if offers is None else rng.randint(0, offers)
    points = LATER if later is None else later
    return Coach(slots, known, rng.random() < RESTATES, rng.random() < points, order, early)


def moves(heard: Sequence[Heard], role: Role) -> set[str]:
    return {turn.move for turn in heard if turn.role == role}


def too_often(heard: Sequence[Heard], strategy: str) -> bool:
    """The agent's last turns are all of this strategy, as many as may be."""
    last = [turn.strategy for turn in heard if turn.role == "agent"][-IN_A_ROW:]
    return len(last) == IN_A_ROW and set(last) == {strategy}
