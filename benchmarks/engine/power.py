"""Power loss: the run folder as it could be after a cut at a random moment, and a restart from it.

A preloaded library (journal.c) writes down every write, cut, rename and fsync of a run. For a cut, each file is brought
to its last fsync before that moment, and then gets a part of what was written after it: up to a random byte. That is
"cut between its last fsynced length and its end", and holds for SQLite's log too, which is written over in place.
"""

import os
import random
import shutil
import struct
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kills import undisturbed
from runs import folder, library, served, started
from server import Entry, Order

from play import Load, export

SLOTS, TURNS = 64, 10
WRITE, CUT, SYNC, RENAME, UNLINK = 1, 2, 3, 4, 5
_HEAD = struct.Struct("=5q")


class Deed(NamedTuple):
    """What was done to a file. `data` of a RENAME is the new path; `offset` of a SYNC: its begin, in nanoseconds."""

    kind: int
    at: float
    offset: int
    path: str
    data: bytes


def deeds(journal: bytes) -> Iterator[Deed]:
    at = 0
    while at < len(journal):
        kind, nanoseconds, offset, path, data = _HEAD.unpack_from(journal, at)
        at += _HEAD.size
        name = journal[at : at + path].decode()
        yield Deed(kind, nanoseconds / 1e9, offset, name, journal[at + path : at + path + data])
        at += path + data


def applied(content: bytearray, deed: Deed, data: bytes) -> None:
    if deed.kind == CUT:
        del content[deed.offset :]
        content.extend(bytes(deed.offset - len(content)))
    elif deed.kind == WRITE:
        content.extend(bytes(max(0, deed.offset - len(content))))
        content[deed.offset : deed.offset + len(data)] = data


def synced(done: list[Deed]) -> int:
    """The number of the last deed that is sure to be on disk; -1 if none is."""
    began = max((deed.offset for deed in done if deed.kind == SYNC), default=0) / 1e9
    return max((n for n, deed in enumerate(done) if deed.at < began), default=-1)


def torn(done: list[Deed], dice: random.Random) -> bytes:
    """What a file may hold: all from before its last fsync began, and what came after it up to a random byte."""
    last = synced(done)
    content, left = bytearray(), dice.randint(0, sum(len(deed.data) + (deed.kind == CUT) for deed in done[last + 1 :]))
    for n, deed in enumerate(done):
        if n <= last:
            applied(content, deed, deed.data)
        elif left > 0:
            applied(content, deed, deed.data[:left])
            left -= len(deed.data) + (deed.kind == CUT)
    return bytes(content)


def cut(journal: list[Deed], moment: float, target: Path, dice: random.Random) -> None:
    """The folder as it could be after a power cut at a moment. A name that was changed or taken away since the last
    fsync of the folder is as it was, or as it is now."""
    until = [deed for deed in journal if deed.at <= moment]
    source = str(Path(journal[0].path).parent)
    began = max((deed.offset for deed in until if deed.kind == SYNC and deed.path == source), default=0) / 1e9
    files: dict[str, list[Deed]] = defaultdict(list)
    for deed in until:
        sure = deed.at < began or dice.random() < 0.5
        if deed.kind == RENAME and sure:
            files[deed.data.decode()] = files.pop(deed.path, [])
        elif deed.kind == UNLINK and sure:
            files.pop(deed.path, None)
        elif deed.kind not in (RENAME, UNLINK):
            files[deed.path].append(deed)
    target.mkdir()
    for path, done in files.items():
        if path != source and not path.endswith(("-shm", " (deleted)")):
            (target / Path(path).name).write_bytes(torn(done, dice))


def again(load: Load, log: list[Entry], moment: float, place: Path) -> tuple[int, bytes]:
    """Calls bought again by a restart, and its dataset. RuntimeError if it does not start."""
    paid = {entry.key for entry in log if entry.status == 200 and entry.left <= moment}
    with served(Order()) as server:
        load.url, load.folder = server.url, str(place)
        with started(load) as process:
            if process.wait() != 0:
                raise RuntimeError(f"the restart ended with {process.returncode}")
        sent = {entry.key for entry in server.log()}
    return len(paid & sent), export(place / "dialogues.jsonl")


def measured(cuts: int, dialogues: int) -> Iterator[str]:
    load, dice = Load("", "", dialogues, TURNS, SLOTS), random.Random(3)
    with folder() as other, folder() as place:
        whole, _ = undisturbed(load, other)
        source, journal = place / "run", place / "journal"
        source.mkdir()
        watched = {"LD_PRELOAD": str(library(place)), "JOURNAL": str(journal), "JOURNALED": str(source)}
        with served(Order()) as server:
            load.url, load.folder = server.url, str(source)
            with started(load, env=os.environ | watched) as process:
                assert process.wait() == 0
            log = server.log()
        done = list(deeds(journal.read_bytes()))
        bought, same = list[int](), 0
        for n in range(cuts):
            moment, target = dice.choice(done[1:]).at, place / f"cut{n}"
            cut(done, moment, target, dice)
            count, made = again(load, log, moment, target)
            bought.append(count)
            same += made == whole
            shutil.rmtree(target)
    yield (
        f"power cut {cuts} times in a run of {dialogues * TURNS:,} calls ({sum(each.kind == SYNC for each in done)} "
        f"fsyncs): bought again at most {max(bought)}, on average {sum(bought) / cuts:.1f} (in flight: {SLOTS}); "
        f"dataset the same {same} of {cuts} times"
    )
