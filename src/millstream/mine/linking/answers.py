"""Which cues of speech answer which line of chat, by a trained model: one answer a line at most, or none.

Each cue shares its belief among the lines that may be answered there and "nobody"; a line's answer is where it gets
most, and the cues around it that are rather its own than anybody's. Knows no labels.
"""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from millstream.mine.arrays import Doubles
from millstream.mine.clean import Said
from millstream.mine.linking.lines import Ints
from millstream.mine.linking.spoken import NEAR, Heard, heard
from millstream.mine.linking.trees import Model, load
from millstream.records import Cue

_OWN = 0.3
_BLOCK, _EDGE = 250, 8
MOST = 800
"""Lines that may wait in one block of speech: beyond it a crowd talks, and nobody is read."""


@dataclass(frozen=True)
class Answer:
    """`line`: the number of a Said; `cues`: numbers of the cues that answer it; `share`: of its best cue, 0 to 1."""

    line: int
    cues: tuple[int, ...]
    share: float


@functools.cache
def packaged() -> Model:
    """The linker that comes with the package, trained on Re-stream (docs/linking.md)."""
    return load(Path(str(files("millstream") / "mine" / "linking" / "spoken.npz")))


def answers(said: Sequence[Said], speech: Sequence[Cue], chat: Sequence[Cue], model: Model) -> list[Answer]:
    """The answers the model is sure enough of (`model.floor`), each with its calibrated confidence as `share`. Long
    speech is read in blocks; where more than `MOST` different lines wait in one, it is passed over."""
    best_of: dict[int, Answer] = {}
    for first, block in _blocks(speech):
        for each in _block(said, block, chat, model):
            moved = Answer(each.line, tuple(cue + first for cue in each.cues), each.share)
            if each.line not in best_of or best_of[each.line].share < each.share:
                best_of[each.line] = moved
    return [each for _, each in sorted(best_of.items()) if each.share >= model.floor]


def believed(
    said: Sequence[Said], speech: Sequence[Cue], chat: Sequence[Cue], model: Model
) -> dict[tuple[int, int], float]:
    """What each cue believes of each line, by the number of the line and of the cue; read in blocks as `answers`."""
    found: dict[tuple[int, int], float] = {}
    for first, block in _blocks(speech):
        near, pairs, shares = _read(said, block, chat, model)
        rows = zip(pairs.line.tolist(), pairs.cue.tolist(), shares.tolist(), strict=True)
        for line, cue, share in rows:
            if line >= 0:
                key = near[line], cue + first
                found[key] = max(share, found.get(key, 0.0))
    return found


def _blocks(speech: Sequence[Cue]) -> Iterator[tuple[int, Sequence[Cue]]]:
    """Long speech in blocks that overlap a little, each with the number of its first cue."""
    for low in range(0, len(speech), _BLOCK):
        first = max(0, low - _EDGE)
        yield first, speech[first : low + _BLOCK + _EDGE]


def _block(said: Sequence[Said], speech: Sequence[Cue], chat: Sequence[Cue], model: Model) -> list[Answer]:
    near, pairs, share = _read(said, speech, chat, model)
    found = best(pairs, share)
    sure = model.sure(np.array([each.share for each in found]))
    return [Answer(near[each.line], each.cues, float(held)) for each, held in zip(found, sure, strict=True)]


def _read(
    said: Sequence[Said], speech: Sequence[Cue], chat: Sequence[Cue], model: Model
) -> tuple[list[int], Heard, Doubles]:
    """The lines that a block of speech may answer, by number; its pairs; each pair's share of its cue."""
    begin, end = speech[0].start or 0.0, speech[-1].start or 0.0
    near = [n for n, each in enumerate(said) if _reaches(each, begin, end)]
    pairs = heard([said[n] for n in near] if len(near) <= MOST else [], speech, chat)
    return near, pairs, model.shares(pairs.table, sizes(pairs))


def _reaches(said: Said, begin: float, end: float) -> bool:
    times = [cue.start or 0.0 for cue in said.cues]
    return min(times) + NEAR[0] <= end and max(times) + NEAR[1] >= begin


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
