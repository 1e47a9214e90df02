"""How people of a stream behave: a mined line, whose it is, what it does, and in which stage of a talk.

A behaviour is labelled where signals are read (plan/behaving.py) and shown to the player of its side
(play/examples.py). Knows neither how a line was mined nor what it is shown for.
"""

from typing import NamedTuple

from millstream.records import Move, Role

SLOTTED = frozenset(["inform", "request", "object"])
"""Acts that are about a slot, or about none: a line about another one is no example."""


class Behaviour(NamedTuple):
    """A line of one side: the acts it carries, the slot it is about ("" where it is about none), the moves it is part
    of."""

    role: Role
    text: str
    acts: frozenset[str]
    slot: str
    moves: frozenset[Move]
