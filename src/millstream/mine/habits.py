"""How the viewers of one recording type: counts of what a delivery imitates, read off its chat. Knows no rates."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise

from millstream.deliveries import has_cue
from millstream.records import Cue

SOON = 15.0
"""Seconds within which an author's next line is a message of the same turn."""
SHORT = 2
"""Words (pairs of characters of Chinese) of a line that is short."""
LEAST = 50
"""Lines from which on a share says something."""
_TYPED = ("chat", "danmaku", "comment")
_HAN = re.compile("[一-鿿]")


def habits(cues: Iterable[Cue]) -> Counter[str]:
    """lines · short: of at most two words · split: soon after one of the same author · filler · typo: lines that put a
    word right."""
    counts: Counter[str] = Counter()
    typed = [cue for cue in cues if cue.track in _TYPED and cue.text.strip()]
    for cue in typed:
        counts["lines"] += 1
        counts["short"] += _words(cue.text) <= SHORT
        counts["filler"] += has_cue(cue.text[:16], "filler")
        counts["typo"] += has_cue(cue.text.strip(), "typo", "amended")
    counts["split"] = _again(typed)
    return counts


def fitted(counts: Mapping[str, int]) -> dict[str, float]:
    """Rates of the kinds that a chat can be counted for, as shares of its lines; {} where there are too few. Errors
    that nobody puts right are not seen, so that the rate of typing errors is a lower bound."""
    lines = counts.get("lines", 0)
    if lines < LEAST:
        return {}
    return {kind: round(counts.get(kind, 0) / lines, 3) for kind in ("split", "filler", "typo")}


def _again(typed: Iterable[Cue]) -> int:
    """Lines that come within SOON seconds of one by the same author."""
    clocked = [(cue.author, cue.start) for cue in typed if cue.author and cue.start is not None]
    near = pairwise(sorted(clocked))
    return sum(author == same and later - start <= SOON for (author, start), (same, later) in near)


def _words(text: str) -> int:
    return (len(_HAN.findall(text)) + 1) // 2 + len(re.findall(r"[A-Za-z]+|\d[\d.,]*", text))
