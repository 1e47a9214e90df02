"""Streams whose topic switches are known: SGD dialogues joined, and tinyrec's transcripts. Knows no segmenter.

`joined`: dialogues of one service each, one after the other, no two neighbours of one service. `cut`: the same without
the turns that only greet, thank or take leave, so that no farewell gives a join away. `switching`: SGD's dialogues of
several services, joined; a boundary is where the user turns to another service, and each join. `tinyrec`: five recorded
meetings with topics in two sizes, set by hand; for a second view, they are too few to decide anything.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from millstream.services import knowledge, schema
from millstream.simulate.goals import World
from millstream.simulate.play import outline
from millstream.simulate.policy import Policy
from millstream.simulate.words import Unsaid, Wording

LEAST, MOST = 5, 9
"""Dialogues of one service in a stream; of several services, a third of them."""
_ONLY = {"THANK_YOU", "GOODBYE", "REQ_MORE", "NEGATE"}


@dataclass(frozen=True)
class Stream:
    """`texts`: the turns; `starts`: numbers of the turns with which a topic begins, the first (0) not among them;
    `topics`: of each turn the service it is about ("" where nobody said)."""

    name: str
    texts: tuple[str, ...]
    starts: tuple[int, ...]
    topics: tuple[str, ...] = ()


def sgd(folder: Path, kind: str, count: int, seed: int) -> list[Stream]:
    """`count` streams of one of the kinds "joined", "cut" and "switching" from a part of SGD."""
    rows = [row for file in sorted(folder.glob("dialogues_*.json")) for row in json.loads(file.read_text("utf-8"))]
    several = kind == "switching"
    talks = [_talk(row, kind) for row in rows if (len(row["services"]) > 1) == several]
    chance = random.Random(f"{seed} {'switching' if several else 'joined'}")
    return [_stream(f"{kind} {n}", talks, several, chance) for n in range(count)]


def _stream(name: str, talks: Sequence[list[tuple[str, str]]], several: bool, chance: random.Random) -> Stream:
    wanted = chance.randint(LEAST, MOST)
    taken: list[list[tuple[str, str]]] = []
    while len(taken) < (max(2, wanted // 3) if several else wanted):
        talk = chance.choice(talks)
        if not taken or taken[-1][-1][1] != talk[0][1]:
            taken.append(talk)
    turns = [turn for talk in taken for turn in talk]
    joins = {sum(map(len, taken[:n])) for n in range(1, len(taken))}
    switches = {n for n, (one, other) in enumerate(pairwise(turns), 1) if one[1] != other[1]}
    return Stream(name, tuple(text for text, _ in turns), tuple(sorted(joins | switches)), tuple(s for _, s in turns))


def _talk(row: dict[str, Any], kind: str) -> list[tuple[str, str]]:
    """(text, service) of each turn. A user's turn is of the service that it opens, else of the one before."""
    said, service = [], row["turns"][0]["frames"][0]["service"]
    for turn in row["turns"]:
        frames = {frame["service"]: {act["act"] for act in frame["actions"]} for frame in turn["frames"]}
        opened = [name for name, acts in frames.items() if name != service and "INFORM_INTENT" in acts]
        service = opened[0] if opened else service if service in frames else next(iter(frames))
        if kind != "cut" or not set().union(*frames.values()) <= _ONLY:
            said.append((turn["utterance"], service))
    return said


def tinyrec(folder: Path, size: str) -> list[Stream]:
    """The meetings with their `coarse` or `fine` topics."""
    return [stream for file in sorted(folder.glob("*_anno.json")) for stream in _meetings(file, size)]


def _meetings(file: Path, size: str) -> Iterator[Stream]:
    marked = json.loads(file.read_text("utf-8"))
    said = json.loads(file.with_name(file.name.replace("_anno", "")).read_text("utf-8"))
    for name, topics in marked.items():
        texts = tuple(each.get("doc") or each.get("title") or "-" for each in said[name]["entries"])
        yield Stream(name[:8], texts, tuple(first for first, _, _ in topics[size][1:] if first < len(texts)))


def sentences(schema_file: Path, dialogues: int = 25, seed: int = 0) -> dict[str, list[str]]:
    """What may be said of each service of a schema: dialogues that `millstream simulate` words from it by template.
    Real dialogues have no part in it."""
    services = schema.read(schema_file)
    known, wording = knowledge.invented(services, seed=seed), Wording(services)
    said: dict[str, list[str]] = {}
    for service in services:
        own: dict[str, None] = {}
        world = World((service,), known)
        for number in range(dialogues):
            try:
                made = wording.worded(outline(world, Policy(), seed, number), seed)
            except Unsaid:
                continue
            own.update(dict.fromkeys(turn.text for turn in made.turns))
        said[service.name] = list(own)
    return said
