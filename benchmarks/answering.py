"""Is the answer found to what another hand's viewers say? `python benchmarks/answering.py [--scored FOLDER ...]`

The streams come from hands that had not seen each other's. Links of each are found by weights that have seen the other
hands' alone, so the row of a hand is what a next one would give. F1 of questions linked to a cue of their answer, with
95% intervals, streams drawn again; beside it two floors, the next cue of speech and the one that shares most words.
`--scored` scores other streams by the weights of all hands, `--save FILE` writes those. Needs the extra `link`. Knows
the samples' layout.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import mining
import numpy as np
from scipy.optimize import minimize
from scoring import Count
from telling import HANDS, interval

from millstream.mine.arrays import Doubles
from millstream.mine.link import candidates
from millstream.mine.linking.marks import Marks
from millstream.mine.linking.speech import Speech
from millstream.mine.telling.weights import Weights, rows, save

_HELD = 20.0
"""How strongly weights are held to zero; 3 to 30 gave the same F1 within 0.01."""
_STEPS = 500


@dataclass(frozen=True)
class Line:
    """A line of a viewer: the marks of the cues that may answer it, and which of them do; none: nobody answers."""

    marks: tuple[Marks, ...]
    right: tuple[bool, ...]


@dataclass(frozen=True)
class Stream:
    hand: str
    sample: mining.Sample
    lines: tuple[Line, ...]


def streams() -> list[Stream]:
    """Those with a clock: comments are linked by their thread."""
    found = (
        _stream(hand, mining.put_right(mining.load(path)))
        for hand, paths in HANDS.items()
        for path in paths
        if path.name != "hotel_zh_en"
    )
    return list(found)


def _stream(hand: str, sample: mining.Sample) -> Stream:
    lines: list[Line] = []
    for part in sample.parts:
        rules, people = mining.mined(part, sample)
        said, speech = rules.lines(people.viewers), Speech(people.speech, rules.topics, people.viewers)
        seen = candidates(said, speech)
        gold = mining.answers_of(part.gold["answered"])
        for n, each in enumerate(said):
            for cue in each.cues:
                marks = seen.of(n, cue)
                told = set[int]().union(*(answer for asked, answer in gold if cue.n in asked))
                right = tuple(people.speech[at].n in told for at in marks)
                lines += [Line(tuple(marks.values()), right)] * bool(marks)
    return Stream(hand, sample, tuple(lines))


def learned(known: Sequence[Stream]) -> Weights:
    """A conditional logit: of each line, the likelihood of the cues that gold has, or of nobody."""
    lines = [line for stream in known for line in stream.lines]
    names = tuple(sorted({name for line in lines for marks in line.marks for name in marks}))
    table = rows([marks for line in lines for marks in line.marks], names)
    mean, spread = table.mean(axis=0), table.std(axis=0)
    spread[spread == 0] = 1.0
    scaled = np.hstack([(table - mean) / spread, np.ones((len(table), 1))])
    right = np.array([each for line in lines for each in line.right], dtype=np.float64)
    sizes = np.array([len(line.marks) for line in lines])
    fit = minimize(_loss, np.zeros(scaled.shape[1]), (scaled, right, sizes), "L-BFGS-B", jac=True,
                   options={"maxiter": _STEPS})  # fmt: skip
    mean_of, spread_of, weight = (tuple(np.round(each, 5).tolist()) for each in (mean, spread, fit.x[:-1]))
    return Weights(names, mean_of, spread_of, weight, round(float(fit.x[-1]), 5))


def _loss(weight: Doubles, scaled: Doubles, right: Doubles, sizes: Doubles) -> tuple[float, Doubles]:
    """The loss and its gradient; nobody scores 0."""
    starts, line = np.concatenate([[0], np.cumsum(sizes)[:-1]]), np.repeat(np.arange(len(sizes)), sizes)
    score = scaled @ weight
    top = np.maximum(np.maximum.reduceat(score, starts), 0.0)
    power, nobody = np.exp(score - top[line]), np.exp(-top)
    total, gold = np.add.reduceat(power, starts) + nobody, np.add.reduceat(power * right, starts)
    answered = np.add.reduceat(right, starts) > 0
    held = np.append(np.full(len(weight) - 1, _HELD), 0.0) * weight
    loss = -np.log(np.where(answered, gold, nobody) / total).sum() + 0.5 * float(held @ weight)
    meant = np.where(answered[line], power * right / np.maximum(gold, 1e-300)[line], 0.0)
    return float(loss), np.asarray(scaled.T @ (power / total[line] - meant) + held)


def report(name: str, sample: mining.Sample, weights: Weights) -> dict[str, Count]:
    """A line of a stream: F1 by method."""
    found: dict[str, Count] = {}
    for part in sample.parts:
        for method, pairs in mining.links(part, sample, weights).items():
            found[method] = found.get(method, Count()) + mining.score_links(pairs, part.gold["answered"])
    shown = "".join(f"{count.f1:12.2f}" for count in found.values())
    ours = found["ours"]
    print(f"  {name:20}{shown}   {ours.precision:.2f} and {ours.recall:.2f}, {ours.right} of {ours.said}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--scored", type=Path, nargs="*", default=[])
    args = parser.parse_args()
    known = streams()
    print(f"{'F1':22}{'next line':>12}{'most words':>12}{'ours':>12}   precision and recall of ours")
    for hand in HANDS:
        weights = learned([stream for stream in known if stream.hand != hand])
        print(f"{hand} hand")
        _shown({each.sample.name: each.sample for each in known if each.hand == hand}, weights)
    everything = learned(known)
    if args.scored:
        print("scored by the weights of all hands")
        _shown({path.name: mining.put_right(mining.load(path)) for path in args.scored}, everything)
    if args.save:
        save(everything, args.save)


def _shown(samples: dict[str, mining.Sample], weights: Weights) -> None:
    scores = [report(name, sample, weights) for name, sample in samples.items()]
    whole = {method: interval([each[method] for each in scores], lambda count: count.f1) for method in scores[0]}
    print("  all: " + "; ".join(f"{method} {score}" for method, score in whole.items()))


if __name__ == "__main__":
    main()
