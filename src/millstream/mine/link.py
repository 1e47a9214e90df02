"""Who answered whom: a viewer's line and the stretch of speech that answers it.

A host reads a question aloud or simply answers it a little later, often answers several at once, and leaves many
unanswered. So each line shares its belief among the cues that may answer it and "nobody", by weights learned from
streams with gold (a conditional logit, McFadden 1974; docs/linking.md). This file knows no domain but by `Topics`.
"""

import functools
import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from millstream.mine.clean import Said
from millstream.mine.linking.answers import believed
from millstream.mine.linking.answers import packaged as trees
from millstream.mine.linking.marks import Candidates, Marks
from millstream.mine.linking.speech import Speech
from millstream.mine.telling.weights import Weights, load
from millstream.records import Cue

_LEAST = 0.4
"""The belief in an answer from which there is a link."""
_BESIDE = 0.3
"""How likely a cue is, beside the likeliest, that belongs to the same answer."""


@dataclass(frozen=True)
class Link:
    """A question and the cues that answer it, with how sure the link is (0 to 1)."""

    said: Said
    answer: tuple[Cue, ...]
    score: float


@functools.cache
def packaged() -> Weights:
    """The weights that come with the package; benchmarks/answering.py makes them."""
    return load(Path(str(files("millstream") / "mine" / "linking" / "weights.json")))


def link(lines: Sequence[Said], speech: Speech, weights: Weights) -> list[Link]:
    """The links of a live recording. `lines` are all that viewers said, for a line stands against the others; each of
    its cues is tried; one answer may serve several lines."""
    seen, best = candidates(lines, speech), dict[int, dict[int, float]]()
    for n, said in enumerate(lines):
        tried = [_taken_up(marks, shares(marks, weights)) for marks in (seen.of(n, cue) for cue in said.cues)]
        best[n] = max(tried, key=lambda each: sum(each.values()), default={})
    best = {n: share for n, share in best.items() if sum(share.values()) >= _LEAST}
    stops = frozenset(map(_likeliest, best.values()))
    found = [
        Link(lines[n], tuple(speech.cues[at] for at in _answer(share, speech, stops)), sum(share.values()))
        for n, share in best.items()
    ]
    return sorted(found, key=lambda each: (each.answer[0].n, each.said.cue.n))


def candidates(lines: Sequence[Said], speech: Speech) -> Candidates:
    """What is seen of lines and cues, with what the trees that know Re-stream's dialogues believe."""
    return Candidates(lines, speech, believed(lines, speech.cues, speech.chat, trees()))


def shares(marks: Mapping[int, Marks], weights: Weights) -> dict[int, float]:
    """How much of a line's belief each cue has; what is left is nobody's."""
    if not marks:
        return {}
    scores = weights.scores(list(marks.values())).tolist()
    top = max(0.0, *scores)
    powers = [math.exp(score - top) for score in scores]
    total = math.exp(-top) + sum(powers)
    return {at: power / total for at, power in zip(marks, powers, strict=True)}


def _taken_up(marks: Mapping[int, Marks], share: Mapping[int, float]) -> dict[int, float]:
    """A question of the domain whose words one cue alone says, all of them, and that no other line claims there, is
    taken up in it, however late; no surer than a link has to be."""
    saying = [at for at, each in marks.items() if each["any words"]]
    if len(saying) != 1:
        return dict(share)
    only = marks[saying[0]]
    if not (only["line asks of the domain"] and only["words"] == 1 and not only["words of another line"]):
        return dict(share)
    return dict(share) | {saying[0]: max(share[saying[0]], _LEAST)}


def _likeliest(share: Mapping[int, float]) -> int:
    return max(share, key=lambda at: (share[at], -at))


def _answer(share: Mapping[int, float], speech: Speech, stops: Set[int]) -> range:
    """The stretch from the likeliest cue on, and the cues beside it that are about as likely."""
    top = _likeliest(share)
    first, last = top, speech.stretch(top, stops)[-1]
    while share.get(first - 1, 0.0) >= _BESIDE * share[top]:
        first -= 1
    while share.get(last + 1, 0.0) >= _BESIDE * share[top]:
        last += 1
    return range(first, last + 1)
