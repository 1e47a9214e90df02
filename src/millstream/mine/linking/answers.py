"""Which cues of speech answer which line of chat, by a trained model: one answer a line at most, or none.

Each cue shares its belief among the lines that may be answered there and "nobody"; a line's answer is where it gets
most, and the cues around it that are rather its own than anybody's. Knows no labels.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from millstream.mine.clean import Said
from millstream.mine.linking.lines import Ints
from millstream.mine.linking.spoken import Heard, heard
from millstream.mine.linking.trees import Doubles, Model
from millstream.records import Cue

_OWN = 0.3


@dataclass(frozen=True)
class Answer:
    """`line`: the number of a Said; `cues`: numbers of the cues that answer it; `share`: of its best cue, 0 to 1."""

    line: int
    cues: tuple[int, ...]
    share: float


def answers(said: Sequence[Said], speech: Sequence[Cue], chat: Sequence[Cue], model: Model) -> list[Answer]:
    """The answers the model is sure enough of (`model.floor`), each with its calibrated confidence as `share`."""
    pairs = heard(said, speech, chat)
    found = best(pairs, model.shares(pairs.table, sizes(pairs)))
    sure = model.sure(np.array([each.share for each in found]))
    return [
        Answer(each.line, each.cues, float(held)) for each, held in zip(found, sure, strict=True) if held >= model.floor
    ]


def sizes(pairs: Heard) -> Ints:
    """The rows of each cue."""
    return np.bincount(pairs.cue).astype(np.int64)


def best(pairs: Heard, share: Doubles) -> list[Answer]:
    """For each line that is the first choice of a cue or a fair second one: its best cue, and those beside it."""
    by_line: dict[int, dict[int, float]] = {}
    for line, cue, part in zip(pairs.line.tolist(), pairs.cue.tolist(), share.tolist(), strict=True):
        if line >= 0:
            by_line.setdefault(line, {})[cue] = part
    return [_answer(line, parts) for line, parts in by_line.items()]


def _answer(line: int, parts: dict[int, float]) -> Answer:
    top = max(parts, key=lambda cue: (parts[cue], -cue))
    first = last = top
    while parts.get(first - 1, 0.0) >= _OWN:
        first -= 1
    while parts.get(last + 1, 0.0) >= _OWN:
        last += 1
    return Answer(line, tuple(range(first, last + 1)), parts[top])
