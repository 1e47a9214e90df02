"""What flows in the annotated half: a service dialogue with one stage and one strategy for each turn of the agent.

Every turn says which turns of the conversation it rests on, and keeps their words. Knows no framework.
"""

from functools import cached_property
from typing import Literal

from pydantic import Field

from millstream.records import Lang, Record, Role

Whose = Literal["source", "model", "kept", "added"]
"""Whose words: the source's, the model's, the source's for want of sound ones, or ours at either end."""


class SupportTurn(Record):
    """One utterance. `origin` numbers the turns of the conversation it is made of (none: it was added), `source` is
    what stood there; `strategy` is empty for the customer; `must` are the values that any rewording has to keep."""

    role: Role
    text: str = Field(min_length=1)
    strategy: str = ""
    stage: str = ""
    origin: tuple[int, ...] = ()
    source: str = ""
    must: tuple[str, ...] = ()
    words: Whose = "source"


class SupportDialogue(Record):
    """A service dialogue, named by where it comes from: the same dialogue at a later step is the same item."""

    corpus: str
    key: str
    lang: Lang
    turns: tuple[SupportTurn, ...] = Field(min_length=1)

    @cached_property
    def id(self) -> str:
        return f"{self.corpus}:{self.key}"

    @property
    def agent(self) -> tuple[SupportTurn, ...]:
        return tuple(turn for turn in self.turns if turn.role == "agent")
