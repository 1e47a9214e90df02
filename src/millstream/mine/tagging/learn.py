"""Learning the tagger: an averaged structured perceptron (Collins 2002, "Discriminative Training Methods for Hidden
Markov Models"), which changes the weights by what it got wrong and keeps their mean. Knows nothing of what texts say.
"""

import random
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from millstream.mine.find import Hit
from millstream.mine.spelling import Token
from millstream.mine.tagging.seen import EVERY, pieces, seen
from millstream.mine.tagging.tagger import Floats, Ints, Tagger, best, rows, sums

_NEVER = -1e4


class Example(NamedTuple):
    """A text and what in it belongs to somebody."""

    text: str
    hits: tuple[Hit[str], ...]


class Counted(NamedTuple):
    """Rows of the pieces one after the other, where those of each begin, and the right labels."""

    rows: Ints
    begins: Ints
    gold: NDArray[np.int64]


class Costs(NamedTuple):
    """By how much the right label has to win, where nothing is personal and where something is."""

    alarm: float = 3.0
    miss: float = 3.0


def learned(
    examples: Sequence[Example], kinds: Sequence[str], rounds: int, least: int, costs: Costs, seed: int
) -> Tagger:
    """What is seen in fewer than `least` examples is not counted."""
    labels = ("", *(f"{begin}-{kind}" for kind in kinds for begin in "BI"))
    told = [pieces(each.text) for each in examples]
    views = [list(seen(each.text, some)) for each, some in zip(examples, told, strict=True)]
    often = Counter(name for view in views for name in {name for piece in view for name in piece})
    names = {name: n for n, name in enumerate(sorted(name for name, count in often.items() if count >= least))}
    sets = [
        Counted(*rows(names, view), np.array([labels.index(label) for label in _labels(each, some)]))
        for each, some, view in zip(examples, told, views, strict=True)
        if some
    ]
    weights, after = _averaged(sets, len(names), labels, rounds, costs, random.Random(seed))
    used = np.abs(weights).max(1) > 0.002 * np.abs(weights).max()
    used[names[EVERY]] = True
    kept = {name: n for n, name in enumerate(name for name, row in names.items() if used[row])}
    return Tagger(labels, kept, weights[used], after)


def _labels(example: Example, told: Sequence[Token]) -> list[str]:
    labels = []
    for token in told:
        hit = next((each for each in example.hits if each.start <= token.start < each.end), None)
        began = hit is not None and all(other.start < hit.start or other.start >= token.start for other in told)
        labels.append("" if hit is None else f"{'B' if began else 'I'}-{hit.value}")
    return labels


def _averaged(
    sets: Sequence[Counted], height: int, labels: Sequence[str], rounds: int, costs: Costs, rng: random.Random
) -> tuple[Floats, Floats]:
    weights = np.zeros((height, len(labels)), np.float32)
    totals, after, after_sum = np.zeros_like(weights), *(np.zeros((len(labels),) * 2, np.float32) for _ in range(2))
    never = np.array([[_NEVER * (b[:1] == "I" and a[2:] != b[2:]) for b in labels] for a in labels], np.float32)
    step, order = 1, list(range(len(sets)))
    for _ in range(rounds):
        rng.shuffle(order)
        for n in order:
            told, begins, gold = sets[n]
            scores = sums(weights, told, begins)
            scores += np.where(gold == 0, costs.alarm, costs.miss)[:, None]
            scores[np.arange(len(gold)), gold] -= np.where(gold == 0, costs.alarm, costs.miss)
            guess = np.array(best(scores, after + never))
            if (guess != gold).any():
                pieces_of = np.split(told, begins[1:])
                for at in np.flatnonzero(guess != gold):
                    for sign, label in ((1, gold[at]), (-1, guess[at])):
                        weights[pieces_of[at], label] += sign
                        totals[pieces_of[at], label] += sign * step
                for sign, path in ((1, gold), (-1, guess)):
                    np.add.at(after, (np.r_[0, path[:-1]], path), sign)
                    np.add.at(after_sum, (np.r_[0, path[:-1]], path), sign * step)
            step += 1
    weights -= totals / step
    after += never - after_sum / step
    return weights, after
