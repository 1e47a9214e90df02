"""Learning the tagger: an averaged structured perceptron (Collins 2002, "Discriminative Training Methods for Hidden
Markov Models"), which changes the weights by what it got wrong and keeps their mean. Knows nothing of what texts say.
"""

import random
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from millstream.mine.arrays import Floats
from millstream.mine.find import Hit
from millstream.mine.spelling import Token
from millstream.mine.tagging.seen import EVERY, pieces, seen
from millstream.mine.tagging.tagger import Ints, Tagger, best, sums

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
    known: dict[str, int] = {}
    sets = [_counted(each, labels, known) for each in examples if pieces(each.text)]
    often = np.bincount(np.concatenate([np.unique(each.rows) for each in sets]), minlength=len(known)) >= least
    often[known[EVERY]] = True
    names = {name: n for n, name in enumerate(name for name, row in known.items() if often[row])}
    sets = [_without(each, often) for each in sets]
    weights, after = _averaged(sets, len(names), labels, rounds, costs, random.Random(seed))
    used = np.abs(weights).max(1) > 0.002 * np.abs(weights).max()
    used[names[EVERY]] = True
    kept = {name: n for n, name in enumerate(name for name, row in names.items() if used[row])}
    return Tagger(labels, kept, weights[used], after)


def _counted(example: Example, labels: Sequence[str], known: dict[str, int]) -> Counted:
    """An example by numbers: what is seen for the first time is added to `known`."""
    told = pieces(example.text)
    views = [[known.setdefault(name, len(known)) for name in view] for view in seen(example.text, told)]
    begins = np.cumsum([0, *map(len, views[:-1])], dtype=np.int32)
    return Counted(
        np.array([row for view in views for row in view], np.int32),
        begins,
        np.array([labels.index(label) for label in _labels(example, told)]),
    )


def _without(counted: Counted, often: NDArray[np.bool_]) -> Counted:
    """Without what is seen too seldom, the rest numbered anew."""
    kept = often[counted.rows]
    place = np.cumsum(often, dtype=np.int32) - 1
    sizes = np.add.reduceat(kept.astype(np.int32), counted.begins)
    begins = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32)
    return Counted(place[counted.rows[kept]], begins, counted.gold)


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
