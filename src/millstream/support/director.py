"""The customer's assistant: what the customer does next, by its profile, its goal and what was heard.

It decides one action a turn and no words (RoleCS, the customer's assistant). What it knows of the agent is
what that said. Knows no strategies and no wordings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from millstream.records import Role
from millstream.support.cases import Case
from millstream.support.coach import Heard, moves

VENTS, ASKS, DEMANDS, HURRIES = 0.9, 0.9, 0.9, 0.9
"""How likely somebody of the type that does it does it; anybody else does at RARE."""
RARE = 0.08
BRIEF, CHOOSY, CORRECTS, ENQUIRES, LATE = 0.4, 0.3, 0.15, 0.5, 0.25
"""Shares of customers who thank and are gone when all is done, who want another offer, who mend the summary, who ask
about an offer, and who ask something when it is done."""
PATIENT = 3
"""Questions that somebody who only orders something bears before it vents."""


@dataclass(frozen=True)
class Director:
    """One customer: what it will do when the time comes, settled before the talk from its type. `early` and `late` are
    what it asks before and after something is done; `only`: it came for nothing else. `bears`: moves it makes
    before it vents, more where nothing has gone wrong yet."""

    vents: bool
    asks: bool
    demands: bool
    brief: bool = False
    choosy: bool = False
    corrects: bool = False
    early: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    only: bool = False
    bears: int = 1
    role: Role = "user"

    def direct(self, heard: Sequence[Heard]) -> str:
        """The customer's next move. It answers what was asked, unless it is upset, and ends when all is done."""
        mine, last = moves(heard, "user"), heard[-1].move
        if query := self._query(heard, mine, last):
            return query
        if last == "greet":
            return "open"
        if self.vents and "vent" not in mine and last.startswith("ask_") and "open" in mine and len(mine) > self.bears:
            return "vent"
        if last == "suggest" and self.choosy:
            return "another"
        if last.startswith("suggest"):
            return "demand" if self.demands else "ask_rule" if self.asks else "accept"
        if last == "restate" and self.corrects:
            return "correct"
        if last == "act" and self.brief:
            return "thanks_all"
        answers = {"rule": "learnt", "restate": "agree", "restate_again": "agree", "soothe": "soothed"}
        answers |= {"act": "thanks", "refuse": "settle"}
        answers |= {"check": "no_more", "later": "good_to_hear", "farewell": "bye"}
        return answers.get(last) or f"tell_{last.removeprefix('ask_')}"

    def _query(self, heard: Sequence[Heard], mine: set[str], last: str) -> str:
        """What it asks of its own now, or how it goes on after the answer; "" where it has nothing to ask."""
        theirs = moves(heard, "agent")
        if not last.startswith(("suggest", "answer_", "act")) and not (self.only and last == "greet"):
            return ""
        left = [each for each in (self.late if "act" in theirs else self.early) if f"query_{each}" not in mine]
        if left:
            return f"query_{left[0]}"
        if not last.startswith("answer_"):
            return ""
        if self.only or "act" in theirs:
            return "thanks_all" if self.brief else "thanks"
        return "accept"


def directed(kind: str, rng: Random, case: Case | None = None) -> Director:
    """A customer of a type, with what it will ask of a case."""

    def does(type_: str, share: float) -> bool:
        return rng.random() < (share if kind == type_ else RARE)

    upset, asks, demands = does("irritable", VENTS), does("curious", ASKS), does("demanding", DEMANDS)
    brief = rng.random() < (HURRIES if kind == "hurried" else BRIEF)
    if case is None or case.details:
        return Director(upset, asks, demands, brief)
    only = not case.needs
    unknown = [each for each in case.queries if each not in case.told]
    queries = rng.sample(unknown, min(len(unknown), 5))
    early = queries[: rng.randint(2, 4)] if only else queries[: rng.randint(1, 2)] * (rng.random() < ENQUIRES)
    late = queries[3:4] * (not only and rng.random() < LATE)
    choosy, corrects = rng.random() < CHOOSY, "day" in case.needs and rng.random() < CORRECTS
    return Director(upset, asks, demands, brief, choosy, corrects, tuple(early), tuple(late), only, PATIENT)
