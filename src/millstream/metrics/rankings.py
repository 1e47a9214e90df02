"""Who is better, of many pairwise choices: Bradley-Terry strengths with bootstrap intervals; how many choices it takes.

Ties count as half a win to each. Items are resampled, not choices, because the choices of one item are no independent
evidence. Knows names and choices.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import norm

RESAMPLES = 500
ROUNDS = 500
CLOSE = 1e-8


class Choice(NamedTuple):
    """`won` is 1 where the first was chosen, 0 where the second was, 0.5 for a tie; `item` groups choices."""

    first: str
    second: str
    won: float
    item: str


class Strength(NamedTuple):
    """The chance to beat an average other, 0 to 1, and the log strength b (their mean is 0) with its 95% interval."""

    name: str
    chance: float
    value: float
    low: float
    high: float


def bradley_terry(choices: Sequence[Choice], seed: int = 0) -> list[Strength]:
    """The strongest first. P(i beats j) = 1 / (1 + exp(b_j - b_i)), by Newman's iteration (2023), with a tenth of a tie
    between every two so that whoever never lost stays finite. ValueError where there are no choices."""
    names = sorted({name for each in choices for name in (each.first, each.second)})
    if len(names) < 2:
        raise ValueError("two or more have to be compared")
    by: dict[str, list[Choice]] = defaultdict(list)
    for each in choices:
        by[each.item].append(each)
    items, rng = list(by.values()), np.random.default_rng(seed)
    values = strengths(_wins(choices, names))
    drawn = []
    for _ in range(RESAMPLES):
        picked = [each for n in rng.integers(len(items), size=len(items)) for each in items[n]]
        drawn.append(strengths(_wins(picked, names)))
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    made = [Strength(name, _mean_chance(values, n), float(values[n]), float(low[n]), float(high[n]))
            for n, name in enumerate(names)]  # fmt: skip
    return sorted(made, key=lambda each: -each.value)


def _wins(choices: Sequence[Choice], names: Sequence[str]) -> np.ndarray:
    """wins[i, j]: how often i beat j."""
    place = {name: n for n, name in enumerate(names)}
    wins = 0.05 * (1 - np.eye(len(names)))
    for each in choices:
        i, j = place[each.first], place[each.second]
        wins[i, j] += each.won
        wins[j, i] += 1 - each.won
    return wins


def strengths(wins: np.ndarray) -> np.ndarray:
    """The log strengths that make the wins the likeliest (Newman 2023, "Efficient computation of rankings from pairwise
    comparisons", equation 12), mean 0."""
    p = np.ones(len(wins))
    for _ in range(ROUNDS):
        before = p.copy()
        for n in range(len(p)):  # one after the other: all at once they may swing for ever
            total = p + p[n]
            p[n] = (wins[n] * p / total).sum() / (wins[:, n] / total).sum()
        p /= math.exp(float(np.log(p).mean()))
        if float(np.abs(np.log(p / before)).max()) < CLOSE:
            break
    return np.asarray(np.log(p))


def _mean_chance(values: np.ndarray, n: int) -> float:
    others = np.delete(values, n)
    return float(np.mean(1 / (1 + np.exp(others - values[n]))))


def choices_needed(rate: float, power: float = 0.8, sure: float = 0.95) -> int:
    """Decided choices that show a win rate other than a half, two-sided, by the normal approximation.

    The variance is that of a half under chance, and of the rate otherwise. ValueError for a rate of a half.
    """
    if not 0 < rate < 1 or rate == 0.5:
        raise ValueError("a rate between 0 and 1 that is not a half")
    of_null, of_rate = norm.ppf((1 + sure) / 2) * 0.5, norm.ppf(power) * math.sqrt(rate * (1 - rate))
    return math.ceil(float((of_null + of_rate) / (rate - 0.5)) ** 2)
