"""What the retrievers share: the index on disk, how scores become a ranking, and the terms of a text.

A file in this folder defines `async index(passages, folder, embedding) -> Retriever`. It makes the index of these
passages in `folder`, or brings the one that is there up to date: what was read of a passage before is not read again.
A changed index takes the place of the old one at once, and whoever holds the old one open may go on with it. Knows
nothing of dialogues.
"""

import json
import re
import shutil
import unicodedata
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import numpy as np
from numpy.typing import NDArray

from millstream import table, text
from millstream.errors import InputError
from millstream.shapes import Hit, Query, Search

VERSION = 1
"""Of the layout of an index. One of another version is refused, not guessed at."""
_BATCH = 64
"""Queries whose scores are held in memory at a time."""

Scores = NDArray[np.float32]
"""Queries x passages: the higher, the better. -inf where a passage may not answer."""
Retriever = Callable[[Sequence[Query]], Awaitable[Scores]]


@dataclass(frozen=True)
class Index:
    """An index on disk: the ids of its passages in order, and the folder of its data."""

    ids: tuple[str, ...]
    data: Path


def opened(folder: Path, kind: str, maker: str) -> Index | None:
    """The index of this kind in `folder`, None if there is none yet. `maker`: what must have made its data."""
    path = folder / f"{kind}.json"
    if not path.exists():
        return None
    said = text.load_json(path)
    remedy = "delete the folder, it is made again"
    if not isinstance(said, dict) or said.get("version") != VERSION:
        found = said.get("version") if isinstance(said, dict) else None
        raise InputError(f"an index of version {found}, and this program reads {VERSION}", str(path), remedy)
    if said["maker"] != maker:
        raise InputError(f"an index made by {said['maker']}, not {maker}", str(path), remedy)
    data = folder / str(said["data"])
    if not data.is_dir():
        raise InputError(f"its data, {data.name}, are gone", str(path), remedy)
    return Index(tuple(said["ids"]), data)


@contextmanager
def replaced(folder: Path, kind: str, maker: str, ids: Sequence[str]) -> Iterator[Path]:
    """An empty folder for the data of a new index, which takes the place of the old one when all is written."""
    name = f"{kind}-{token_hex(4)}"
    part = folder / f"{name}.part"
    part.mkdir(parents=True)
    try:
        yield part
        part.rename(folder / name)
        row = {"version": VERSION, "kind": kind, "maker": maker, "data": name, "ids": list(ids)}
        table.write(folder / f"{kind}.json", json.dumps(row))
    finally:
        shutil.rmtree(part, ignore_errors=True)
    for old in folder.glob(f"{kind}-*"):
        if old.is_dir() and old.name != name:
            shutil.rmtree(old, ignore_errors=True)


def searching(retriever: Retriever) -> Search:
    """The best passages by a retriever's scores; of equal ones the first comes first."""

    async def search(queries: Sequence[Query], k: int) -> list[list[Hit]]:
        found: list[list[Hit]] = []
        for at in range(0, len(queries), _BATCH):
            scores = await retriever(queries[at : at + _BATCH])
            found += [best(row, k) for row in scores]
        return found

    return search


def best(row: Scores, k: int) -> list[Hit]:
    k = min(k, len(row))
    top = np.sort(np.argpartition(-row, k - 1)[:k]) if k else np.arange(0)
    top = top[np.argsort(-row[top], kind="stable")]
    return [Hit(int(n), float(row[n])) for n in top if np.isfinite(row[n])]


def only(scores: Scores, queries: Sequence[Query]) -> Scores:
    """-inf for the passages that may not answer."""
    for row, query in zip(scores, queries, strict=True):
        if query.among is not None:
            kept = np.asarray(query.among, dtype=np.intp)
            values = row[kept]
            row[:] = -np.inf
            row[kept] = values
    return scores


_RUN = re.compile(r"[一-鿿]+|[a-z0-9]+(?:\.\d+)?")
_ENDINGS = ("ing", "ed", "es", "s", "ly")
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "a an the is are was were be been do does did of to in on at for and or i you it that this with my me we they "
        "their there have has had can could would will 的 了 吗 呢 吧 啊 是 我 你 您 有 在",
    )
)
"""Words that nearly every passage has."""


def terms(said: str, segment: Callable[[str], Sequence[str]]) -> list[str]:
    """The words of a text: of Latin script folded to a stem, of Chinese as `segment` cuts them; without empty ones."""
    folded = unicodedata.normalize("NFKC", said).casefold()
    found: list[str] = []
    for run in _RUN.findall(folded):
        found += segment(run) if run[0] >= "一" else [run]
    return [_stem(word) for word in found if word not in _EMPTY]


def _stem(word: str) -> str:
    ending = next((end for end in _ENDINGS if word.endswith(end) and len(word) - len(end) >= 3), "")
    return word[: len(word) - len(ending)]
