"""How varied wording is. All of these fall or rise with length: compare them at one token budget alone.

High values are no virtue by themselves: model-made text often has more varied words than people's. Knows tokens alone.
"""

import gzip
import math
from collections import Counter
from collections.abc import Sequence

from millstream.metrics.tokens import grams

WINDOW = 50
"""Tokens of a window of MATTR."""
FACTOR = 0.72
"""The type-token ratio at which MTLD closes a factor (McCarthy and Jarvis 2010)."""
DRAW = 42
"""Tokens of a draw of HD-D (McCarthy and Jarvis 2007)."""


def distinct(found: Sequence[str], size: int) -> float:
    """Different n-grams by all n-grams (Li et al. 2016, distinct-n); 0 where there is none."""
    every = list(grams(found, size))
    return len(set(every)) / len(every) if every else 0.0


def mattr(found: Sequence[str], window: int = WINDOW) -> float:
    """Mean type-token ratio of all windows (Covington and McFall 2010); that of the whole where it is shorter."""
    if len(found) <= window:
        return len(set(found)) / len(found) if found else 0.0
    counts = Counter(found[:window])
    total = len(counts)
    for out, new in zip(found, found[window:], strict=False):
        counts[out] -= 1
        if not counts[out]:
            del counts[out]
        counts[new] += 1
        total += len(counts)
    return total / (len(found) - window + 1) / window


def mtld(found: Sequence[str], factor: float = FACTOR) -> float:
    """Mean length of a run of tokens that keeps its type-token ratio above `factor`, of both directions.

    A run closes where the ratio falls below; the rest counts as the part of a factor it has gone (McCarthy and
    Jarvis 2010). A text without any repetition is one run: its length.
    """
    return (_one_way(found, factor) + _one_way(list(reversed(found)), factor)) / 2 if found else 0.0


def _one_way(found: Sequence[str], factor: float) -> float:
    closed, start, seen = 0.0, 0, set[str]()
    for n, token in enumerate(found, 1):
        seen.add(token)
        if len(seen) / (n - start) < factor:
            closed, start, seen = closed + 1, n, set()
    if start < len(found):
        closed += (1 - len(seen) / (len(found) - start)) / (1 - factor)
    return len(found) / closed if closed else float(len(found))


def hdd(found: Sequence[str], draw: int = DRAW) -> float:
    """Mean type-token ratio of all draws of `draw` tokens: for each type, how likely a draw has it, by `draw`."""
    total = len(found)
    if total < draw:
        return 0.0
    absent = (_none(total, count, draw) for count in Counter(found).values())
    return sum(1 - chance for chance in absent) / draw


def _none(total: int, count: int, draw: int) -> float:
    """The hypergeometric chance that a draw has none of `count`."""
    if total - count < draw:
        return 0.0
    return math.exp(_log_choose(total - count, draw) - _log_choose(total, draw))


def _log_choose(of: int, take: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(take + 1) - math.lgamma(of - take + 1)


def compression(text: str) -> float:
    """Bytes by gzipped bytes (Shaib et al. 2024): the higher, the more repeats. For texts of one length alone."""
    raw = text.encode()
    return len(raw) / len(gzip.compress(raw, 9, mtime=0)) if raw else 0.0
