"""Behaviour examples: how people of this stream talk, for the side and the thing that is to be said.

Retrieval on both sides, as STREAM does it: viewers' lines for the user, the host's for the agent.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from millstream import heard
from millstream.records import Role, Signal, Step

USER_KINDS = ("user_question", "exchange", "objection")
LONGEST = 40
"""Characters of an example: a long one would be copied, and costs prompt."""


@dataclass(frozen=True)
class Example:
    text: str
    slot: str
    pieces: frozenset[str]


@dataclass(frozen=True)
class Examples:
    """The mined lines of both sides."""

    lines: dict[Role, tuple[Example, ...]]

    def like(self, step: Step, most: int = 2) -> list[str]:
        """The lines about what a step is about, by shared words. Ties keep the stream's order."""
        slots = {act.slot for act in step.acts if act.slot}
        drafted = heard.pieces(step.draft)
        about = [example for example in self.lines.get(step.role, ()) if example.slot in slots]
        scored = sorted(about, key=lambda example: -len(example.pieces & drafted))
        return [example.text for example in scored[:most]]


def examples(signals: Sequence[Signal]) -> Examples:
    """From mined signals: short lines only, each once."""
    users = [_example(s.text, s.slot) for s in signals if s.kind in USER_KINDS]
    agents = [
        _example(s.answer or s.text, s.slot)
        for s in signals
        if s.kind in ("exchange", "agent_response", "strategy", "offer")
    ]
    return Examples({"user": _distinct(users), "agent": _distinct(agents)})


def _example(text: str, slot: str) -> Example:
    short = " ".join(text.split())[:LONGEST]
    return Example(short, slot, heard.pieces(short))


def _distinct(lines: Sequence[Example]) -> tuple[Example, ...]:
    return tuple({example.text: example for example in lines if example.text}.values())
