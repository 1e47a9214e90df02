"""Rows with errors planted in them one by one, and which of those a check lets pass."""

import copy
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

Row = dict[str, Any]
PLANTED = 300
MISSED = PLANTED // 20
"""Of the planted errors so many may be missed: 95% are to be found."""


def missed(
    kinds: Sequence[Callable[[Row, Random], bool]], rows: Sequence[Row], wrong: Callable[[Row], object]
) -> list[str]:
    """The kinds of the errors that `wrong` does not find; a kind says whether a row had a place for it."""
    rng, planted, found = Random(0), 0, []
    while planted < PLANTED:
        kind, row = kinds[planted % len(kinds)], copy.deepcopy(rng.choice(rows))
        if not kind(row, rng):
            continue
        planted += 1
        if not wrong(row):
            found.append(kind.__name__)
    return found
