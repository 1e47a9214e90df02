"""What flows: a premise without a language, the same as a cell in one language, and the talk written for it."""

import re
from functools import cached_property
from typing import Literal

from pydantic import Field

from millstream.records import Act, Record

Kind = Literal["open", "task"]
Form = Literal["asks", "tells", "either"]
_ASKS = re.compile(r"\bask (?!them |for )")
_EITHER = re.compile(
    r"\b(?:ask|propose|offer|invite|tease|greet|remark|exaggerate|absurd|name (?:two|a day)|sum up|repeat"
    r"|recall something)\b"
)


class Goal(Record):
    """One small goal of one side (0 or 1), in the source language. `own`: the line of its persona that it brings in.
    `acts` and `must` are of a task's outline: labels in their canonical form, and the values that have to be heard."""

    side: int
    text: str
    own: str = ""
    acts: tuple[Act, ...] = ()
    must: tuple[str, ...] = ()

    @property
    def form(self) -> Form:
        """Whether its line ends in a question, has none, or may: read off the words of the goal. Left to itself a
        small model hands the question back in every line ("and you?")."""
        if _ASKS.search(self.text):
            return "asks"
        return "either" if _EITHER.search(self.text) else "tells"


class Premise(Record):
    """One scenario: who the two are, of which event, in which relation, with which goals. `origin`: the dialogue whose
    outline a task has."""

    number: int
    kind: Kind
    event: str
    means: str
    relation: str
    people: tuple[tuple[str, ...], tuple[str, ...]]
    goals: tuple[Goal, ...] = Field(min_length=2)
    origin: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.number}"


class Cell(Record):
    """A premise in one language: what the two are called there, and their common ground in its words. `scene` is the
    same without the matter of the day."""

    premise: Premise
    lang: str
    names: tuple[str, str]
    ground: str
    scene: str = ""

    @cached_property
    def id(self) -> str:
        return f"{self.premise.key}-{self.lang}"


class Line(Record):
    """One utterance. `drawn` and `sound`: wordings that were asked for, and those without a fault; `faults`: kinds of
    the others'; `chosen`: as the nearest to its goal, by both orders of a comparison, by likelihood where they
    disagree, or because it was alone.
    """

    side: int
    text: str
    goal: Goal
    drawn: int
    sound: int
    faults: tuple[str, ...] = ()
    chosen: Literal["goal", "orders", "likelihood", "alone"] = "alone"


class Talk(Record):
    """A dialogue of one cell."""

    cell: Cell
    lines: tuple[Line, ...] = Field(min_length=1)
    synthetic: Literal[True] = True

    @cached_property
    def id(self) -> str:
        return self.cell.id

    def said(self, side: int | None = None) -> tuple[str, ...]:
        return tuple(each.text for each in self.lines if side in (None, each.side))
