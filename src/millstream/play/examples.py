"""Behaviour examples: how people of this stream talk, for the side and the thing that is to be said.

Retrieval on both sides, as STREAM does it: what frames were made of for the user, the host's lines for the agent.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from millstream import heard
from millstream.frames import Frame
from millstream.records import Role, Signal, Step

LONGEST = 40
"""Characters of an example: a long one would be copied, and costs prompt."""


@dataclass(frozen=True)
class Example:
    """A line, and what it is about: a slot, or where it is about none the act it carries."""

    text: str
    about: str
    pieces: frozenset[str]


@dataclass(frozen=True)
class Examples:
    """The mined lines of both sides."""

    lines: dict[Role, tuple[Example, ...]]

    def like(self, step: Step, most: int = 2) -> list[str]:
        """The lines about what a step is about, by shared words. Ties keep the stream's order."""
        topics = {each for act in step.acts for each in (act.slot, act.act) if each}
        drafted = heard.pieces(step.draft)
        about = [example for example in self.lines.get(step.role, ()) if example.about in topics]
        scored = sorted(about, key=lambda example: -len(example.pieces & drafted))
        return [example.text for example in scored[:most]]


def examples(frames: Sequence[Frame], signals: Sequence[Signal]) -> Examples:
    """From frames and from what the host was heard to say: short lines only, each once."""
    users = [_example(frame.evidence[0].quote, frame.slot or frame.act) for frame in frames]
    agents = [
        _example(s.answer or s.text, s.slot)
        for s in signals
        if s.kind in ("exchange", "agent_response", "strategy", "offer")
    ]
    return Examples({"user": _distinct(users), "agent": _distinct(agents)})


def _example(text: str, about: str) -> Example:
    short = " ".join(text.split())[:LONGEST]
    return Example(short, about, heard.pieces(short))


def _distinct(lines: Sequence[Example]) -> tuple[Example, ...]:
    return tuple({example.text: example for example in lines if example.text}.values())
