"""Divide dialogues into train, dev and test so that what they share does not cross the line.

Dialogues that rest on one recording, speak of one entity or follow one blueprint are alike: a model that saw
one of them in training is not tested by the other. They are therefore kept in one group as far as the data
allows. It often does not: with one recording, everything is one group. The links are then taken up in the
order of their strength (blueprint, entity, recording), and one that would leave too little for the other
parts is dropped, so that the weakest gives way first; `Split` says which links hold and how much leaks over
the others.

Refuses to know how a dialogue came to be, and what a metric will be measured on.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from millstream.errors import InputError
from millstream.exporters import line, quadruplets
from millstream.records import Dialogue
from millstream.whole import whole

PARTS = ("train", "dev", "test")
LINKS = ("blueprint", "entity", "recording")
"""The strongest first."""

Values = Mapping[str, frozenset[str]]
"""link -> its values in one dialogue."""


@dataclass(frozen=True)
class Split:
    """`of` dialogue id -> part. `held` are the links no value of which is in two parts; `leaks` counts for
    every link the values that are (0 for one that is held)."""

    of: Mapping[str, str]
    held: tuple[str, ...]
    leaks: Mapping[str, int]


def split(
    dialogues: Iterable[Dialogue], seed: int, shares: tuple[float, float, float] = (0.8, 0.1, 0.1)
) -> Split:
    """The same dialogues, seed and shares give the same split, in whatever order the dialogues come.

    `shares` are the parts of train, dev and test; InputError if they are negative or do not add up to one.
    """
    if min(shares) < 0 or abs(sum(shares) - 1) > 1e-6:
        raise InputError(f"{shares} are not three shares of one", "split", "give for instance 0.8, 0.1, 0.1")
    values = {dialogue.id: _values(dialogue) for dialogue in dialogues}
    links: tuple[str, ...] = ()
    for link in LINKS:
        if _fits(_groups(values, (*links, link)), shares):
            links = (*links, link)
    of = _assigned(_groups(values, links), seed, shares)
    leaks = {link: _crossing(values, of, link) for link in LINKS}
    return Split(of, tuple(link for link in LINKS if not leaks[link]), leaks)


def write(split: Split, dialogues: Iterable[Dialogue], folder: Path) -> tuple[Path, ...]:
    """train.jsonl, dev.jsonl and test.jsonl of quadruplets. KeyError for a dialogue it does not know."""
    paths = {part: folder / f"{part}.jsonl" for part in PARTS}
    with ExitStack() as files:
        out = {part: files.enter_context(whole(path)) for part, path in paths.items()}
        for dialogue in dialogues:
            part = split.of[dialogue.id]
            out[part].write(f"{line(quadruplets.row(dialogue, part))}\n")
    return tuple(paths.values())


def _values(dialogue: Dialogue) -> Values:
    return {
        "blueprint": frozenset([dialogue.blueprint.id]),
        "entity": frozenset(act.entity for turn in dialogue.turns for act in turn.acts if act.entity),
        "recording": frozenset(dialogue.lineage),
    }


def _groups(values: Mapping[str, Values], links: tuple[str, ...]) -> list[list[str]]:
    """The connected groups of dialogues that share a value of one of these links (union-find)."""
    parent = {dialogue: dialogue for dialogue in values}

    def root(dialogue: str) -> str:
        while parent[dialogue] != dialogue:
            parent[dialogue] = dialogue = parent[parent[dialogue]]
        return dialogue

    first: dict[tuple[str, str], str] = {}
    for dialogue, held in values.items():
        for link in links:
            for value in held[link]:
                parent[root(dialogue)] = root(first.setdefault((link, value), dialogue))
    groups = defaultdict(list)
    for dialogue in values:
        groups[root(dialogue)].append(dialogue)
    return list(groups.values())


def _fits(groups: list[list[str]], shares: tuple[float, ...]) -> bool:
    """Whether every part gets a group of its own, and the largest group leaves the others half their due."""
    total = sum(map(len, groups))
    enough = len(groups) >= sum(share > 0 for share in shares)
    return enough and max(map(len, groups), default=0) <= total * (1 + max(shares)) / 2


def _assigned(groups: list[list[str]], seed: int, shares: tuple[float, ...]) -> dict[str, str]:
    """Each group, the largest first, to the part that lacks most; the smallest go where nothing is yet."""
    drawn = sorted(groups, key=lambda group: (-len(group), _draw(seed, group)))
    total = sum(map(len, groups))
    lack = {part: share * total for part, share in zip(PARTS, shares, strict=True) if share > 0}
    empty = set(lack)
    of: dict[str, str] = {}
    for n, group in enumerate(drawn):
        open_parts = empty if len(drawn) - n <= len(empty) else set(lack)
        part = max((each for each in PARTS if each in open_parts), key=lambda each: lack[each])
        lack[part] -= len(group)
        empty.discard(part)
        of |= dict.fromkeys(group, part)
    return of


def _draw(seed: int, group: list[str]) -> str:
    return sha256(f"{seed}\0{min(group)}".encode()).hexdigest()


def _crossing(values: Mapping[str, Values], of: Mapping[str, str], link: str) -> int:
    parts = {(value, of[dialogue]) for dialogue, held in values.items() for value in held[link]}
    return sum(count > 1 for count in Counter(value for value, _ in parts).values())
