"""Behaviour examples: how people of this stream talk, for the side and the thing that is to be said.

Retrieval on both sides, as STREAM does it: what frames were made of for the user, the host's lines for the agent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from millstream import heard
from millstream.frames import Frame
from millstream.records import Role, Signal, Step

LONGEST = 40
"""Characters of an example: a longer one would be copied, costs prompt, and cut short is no sentence."""


@dataclass(frozen=True)
class Example:
    """A line, and what it is about: a slot, or where it is about none the act it carries."""

    text: str
    about: str
    pieces: frozenset[str]


@dataclass(frozen=True)
class Examples:
    """The mined lines of both sides. `names` are the words of the things there are."""

    lines: dict[Role, tuple[Example, ...]]
    names: frozenset[str] = frozenset()

    def like(self, step: Step, most: int = 2) -> list[str]:
        """The lines about what a step is about, by shared words. Ties keep the stream's order.

        None names a thing or a number that the draft does not: a small model takes over what it is shown.
        """
        topics = {each for act in step.acts for each in (act.slot, act.act) if each}
        drafted = heard.pieces(step.draft)
        about = [
            example
            for example in self.lines.get(step.role, ())
            if example.about in topics
            and not (example.pieces & self.names) - drafted
            and not heard.strange_numbers(example.text, [step.draft])
        ]
        scored = sorted(about, key=lambda example: -len(example.pieces & drafted))
        return [example.text for example in scored[:most]]


def examples(frames: Sequence[Frame], signals: Sequence[Signal], names: Iterable[str] = ()) -> Examples:
    """From frames and from what the host was heard to say: short lines only, each once."""
    users = [_example(frame.evidence[0].quote, frame.slot or frame.act) for frame in frames]
    agents = [
        _example(s.answer or s.text, s.slot)
        for s in signals
        if s.kind in ("exchange", "agent_response", "strategy", "offer")
    ]
    return Examples({"user": _distinct(users), "agent": _distinct(agents)}, heard.pieces(" ".join(names)))


def _example(text: str, about: str) -> Example:
    line = " ".join(text.split())
    return Example(line, about, heard.pieces(line))


def _distinct(lines: Sequence[Example]) -> tuple[Example, ...]:
    return tuple({example.text: example for example in lines if 0 < len(example.text) <= LONGEST}.values())
