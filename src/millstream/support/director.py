"""The customer's assistant: what the customer does next, by its profile, its goal and what was heard.

It decides one action a turn and no words (RoleCS, the customer's assistant). What it knows of the agent is
what that said. Knows no strategies and no wordings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from millstream.records import Role
from millstream.support.coach import Heard, moves

VENTS, ASKS, DEMANDS = 0.9, 0.9, 0.9
"""How likely somebody of the type that does it does it; anybody else does at RARE."""
RARE = 0.08


@dataclass(frozen=True)
class Director:
    """One customer: what it will do when the time comes, settled before the talk from its type."""

    vents: bool
    asks: bool
    demands: bool
    role: Role = "user"

    def direct(self, heard: Sequence[Heard]) -> str:
        """The customer's next move. It answers what was asked, unless it is upset, and ends when all is done."""
        mine, last = moves(heard, "user"), heard[-1].move
        if last == "greet":
            return "open"
        if self.vents and "vent" not in mine and last.startswith("ask_") and "open" in mine and len(mine) > 1:
            return "vent"
        if last == "suggest":
            return "demand" if self.demands else "ask_rule" if self.asks else "accept"
        answers = {"rule": "learnt", "restate": "agree", "soothe": "soothed", "act": "thanks", "refuse": "settle"}
        answers |= {"check": "no_more", "later": "good_to_hear", "farewell": "bye"}
        return answers.get(last) or f"tell_{last.removeprefix('ask_')}"


def directed(kind: str, rng: Random) -> Director:
    def does(type_: str, share: float) -> bool:
        return rng.random() < (share if kind == type_ else RARE)

    return Director(does("irritable", VENTS), does("curious", ASKS), does("demanding", DEMANDS))
