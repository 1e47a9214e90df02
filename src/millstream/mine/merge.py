"""Which lines say the same: many viewers, one question, and how many of them there were.

Two lines are the same where their normal forms (words.py) are, or are nearly so and name the same codes and numbers:
"E7多少钱" is not "E5多少钱". Near ones are looked for among recent lines that share a block with it: what it begins
with, what it ends with, or the first or last of its 4-grams in sorted order (sorted-neighbourhood blocking, Hernandez
and Stolfo 1995). So the work for a line does not grow with their number. Knows nothing of domains.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process

from millstream.mine.clean import Said, comparable
from millstream.records import Cue
from millstream.shapes import Line

T = TypeVar("T")

_SAME, _SHORT, _LATEST = 88, 9, 8
"""Likeness (0 to 100) from which on two texts are near; the length up to which blocks are of two characters; the texts
of a block that are compared, the latest."""
KNOWN, NEAR = 100_000, 20_000
"""Texts that are remembered to the letter, and those that near ones are looked for among: twice as many at most."""
_SHORTEST = _SAME / (200 - _SAME) - 1e-9
"""The part of the longer text's length that the shorter one of two near ones has at least."""
_CODE = re.compile(r"[a-z]*\d+[a-z]*")


class Recent(Generic[T]):
    """A mapping that forgets what was not asked for lately: between `most` and twice `most` keys are kept."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.young: dict[str, T] = {}
        self.old: dict[str, T] = {}

    def get(self, key: str) -> T | None:
        found = self.young.get(key)
        if found is None and (found := self.old.pop(key, None)) is not None:
            self.young[key] = found
        return found

    def put(self, key: str, value: T) -> dict[str, T]:
        """Returns what is forgotten now, mostly nothing."""
        self.young[key] = value
        if len(self.young) < self.most:
            return {}
        gone, self.old, self.young = self.old, self.young, {}
        return gone


class Alike:
    """Gives every text the name of what it says: the normal form in which that was said first."""

    def __init__(self, known: int = KNOWN, near: int = NEAR) -> None:
        self._names: Recent[str] = Recent(known)
        self._blocks: Recent[list[str]] = Recent(4 * near)

    def name(self, text: str) -> str:
        """Of a text in its normal form (`clean.comparable`)."""
        found = self._names.get(text)
        if found is None:
            found = self._near(text) if len(text) > 3 else text
            self._names.put(text, found)
        return found

    def _near(self, text: str) -> str:
        blocks = [(key, self._blocks.get(key)) for key in _blocks(text)]
        least, most = len(text) * _SHORTEST, len(text) / _SHORTEST
        others = {other for _, block in blocks if block for other in block if least <= len(other) <= most}
        found = process.extractOne(text, sorted(others), scorer=fuzz.ratio, score_cutoff=_SAME) if others else None
        if found:
            return self._names.get(found[0]) or found[0]
        for key, block in blocks:
            if block is None:
                self._blocks.put(key, [text])
            elif len(block) < _LATEST:
                block.append(text)
            else:
                block[:-1], block[-1] = block[1:], text
        return text


def _blocks(text: str) -> list[str]:
    """The names of its blocks; a text on the border between short and long is in those of both."""
    codes = " ".join(sorted(set(_CODE.findall(text)))) if any(map(str.isdigit, text)) else ""
    keys = [f"<{text[:2]}{codes}", f">{text[-2:]}{codes}"] if len(text) <= _SHORT else []
    if len(text) >= _SHORT:
        grams = [text[at : at + 4] for at in range(len(text) - 3)]
        keys += [f"[{text[:4]}{codes}", f"]{text[-4:]}{codes}", f"a{min(grams)}{codes}", f"z{max(grams)}{codes}"]
    return keys


# --- in a list, for mining ---------------------------------------------------------------------------------


def merge(cues: Sequence[Cue]) -> list[Said]:
    """The cues with those that say the same put together, in order of their first saying."""
    alike = Alike(known=max(KNOWN, len(cues)))
    groups: dict[str, list[Cue]] = {}
    for cue in cues:
        groups.setdefault(alike.name(comparable(cue.text)), []).append(cue)
    return [Said(same[0], tuple(same)) for same in groups.values()]


# --- in a stream, for millions -----------------------------------------------------------------------------


@dataclass(slots=True)
class Tally:
    """What one or more viewers said, in little room: the first and the latest line that says it, the numbers of all,
    and who they were."""

    first: Line
    numbers: "array[int]"
    latest: Line
    authors: str | set[str] = ""
    nobody: int = 0

    @property
    def demand(self) -> int:
        """How many different viewers said it; lines without an author count one each."""
        named = len(self.authors) if isinstance(self.authors, set) else bool(self.authors)
        return max(1, named + self.nobody)

    def add(self, n: int, line: Line) -> None:
        self.numbers.append(n)
        self.latest = line
        if not line.author:
            self.nobody += 1
        elif not self.authors:
            self.authors = line.author
        elif isinstance(self.authors, set):
            self.authors.add(line.author)
        elif self.authors != line.author:
            self.authors = {self.authors, line.author}


@dataclass
class Merging:
    """Groups of lines that say the same, while they come in. Memory does not grow with their number: what nobody has
    said for `KNOWN` other texts is handed out, and begins anew if it comes again."""

    known: int = KNOWN
    alike: Alike = field(init=False)
    tallies: Recent[Tally] = field(init=False)

    def __post_init__(self) -> None:
        self.alike, self.tallies = Alike(self.known), Recent(self.known)

    def add(self, n: int, line: Line, text: str) -> Iterable[Tally]:
        """`text` is the line's normal form. Returns the groups that are closed by it, mostly none."""
        name = self.alike.name(text)
        tally = self.tallies.get(name)
        if tally is not None:
            tally.add(n, line)
            return ()
        tally = Tally(line, array("l"), line)
        tally.add(n, line)
        return self.tallies.put(name, tally).values()

    def tally(self, text: str) -> Tally | None:
        """The group that a text is in now."""
        return self.tallies.get(self.alike.name(text))

    def rest(self) -> Iterator[Tally]:
        yield from self.tallies.old.values()
        yield from self.tallies.young.values()


def merged(lines: Iterable[tuple[int, Line, str]]) -> Iterator[Tally]:
    """Groups of (number, line, normal form), those of the beginning first."""
    merging = Merging()
    for n, line, text in lines:
        yield from merging.add(n, line, text)
    yield from merging.rest()
