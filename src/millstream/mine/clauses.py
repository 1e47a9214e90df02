"""A turn taken apart: what is said before it does something, what it does clause by clause, and what is said behind.

Long turns are their authors' own words as a whole; their pieces are what many people say. Knows no frames.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from millstream import heard

Place = tuple[str, str]
"""What stands at an open place: ("entity", name), ("slot", a slot that things have or not), or (slot, value)."""


class Apart(NamedTuple):
    """The clauses of a turn before, in and behind its core; before and behind may be empty."""

    lead: tuple[str, ...]
    core: tuple[str, ...]
    tail: tuple[str, ...]


def apart(text: str, does: Callable[[str], bool]) -> Apart | None:
    """The turn in pieces, each clause with the marks at its end; `does` says of a clause that it does something. None
    where there is nothing to take apart."""
    found = heard.clauses(text)
    doing = [n for n, clause in enumerate(found) if does(clause)]
    if not doing or len(found) < 2:
        return None
    first, last = doing[0], doing[-1] + 1
    return Apart(tuple(found[:first]), tuple(found[first:last]), tuple(found[last:]))


def ended(clauses: str, asks: Callable[[str], bool]) -> str:
    """Some clauses as a turn of their own, which ends as a sentence does."""
    said = clauses.strip()
    bare = said.rstrip("，；,; ")
    if bare == said:
        return said
    marks = "?." if said.isascii() else "？。"
    return bare + (marks[0] if asks(bare) else marks[1])


def shared(clauses: Sequence[str], places: Sequence[Place]) -> Iterator[tuple[str, tuple[Place, ...]]]:
    """Each clause with the open places that stand in it."""
    left = iter(places)
    for clause in clauses:
        yield clause, tuple(next(left) for _ in re.findall(r"\$[a-z]+", clause))
