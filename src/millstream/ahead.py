"""Long files, read by a process of its own while the caller works on what came before: to parse a chat costs about as
much as to judge and merge it. Knows no format.

Lines travel by marshal, in blocks: the other end is ours. What a closure reads (audio, say) cannot travel and is read
here, as are short files: a process takes about a second to begin.
"""

import gc
import marshal
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from pickle import PicklingError

from millstream.errors import InputError, ItemError
from millstream.shapes import Line, Reading

LONG = 1 << 25
"""Bytes of all files together from which on they are read ahead."""
BLOCK = 1_000
"""Lines that are handed over at a time; the other process is a block or two ahead, so memory stays flat."""
RARELY = 50_000
"""New objects after which Python looks for cycles meanwhile: hardly one is made, and the looking was a quarter of the
time."""

Numbered = Iterator[tuple[int, Line]]
Read = Callable[[Sequence[Reading]], Numbered]


def lines(read: Read, readings: Sequence[Reading], files: Sequence[str], long: int = LONG) -> Numbered:
    """`read(readings)`, read ahead where the `files` have `long` bytes. Raises what it raises; notes of the readings
    are whole at the end."""
    if sum(Path(file).stat().st_size for file in files) < long or not _travels(readings):
        return read(readings)
    return _ahead(read, readings)


def _travels(readings: Sequence[Reading]) -> bool:
    try:
        ForkingPickler.dumps(readings)
    except (PicklingError, AttributeError, TypeError):
        return False
    return True


def _ahead(read: Read, readings: Sequence[Reading]) -> Numbered:
    context = multiprocessing.get_context("spawn")  # a forked process could inherit a lock that nobody gives back
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_tell, args=(there, read, readings), daemon=True)
    process.start()
    there.close()
    often = gc.get_threshold()
    gc.set_threshold(RARELY, *often[1:])
    try:
        while block := marshal.loads(here.recv_bytes()):
            for n, row in block:
                yield n, Line._make(row)
        error, notes = here.recv()
    except EOFError as ended:
        raise ItemError("the process that read the files ended before they did") from ended
    finally:
        gc.set_threshold(*often)
        here.close()
        process.terminate()
        process.join()
    for reading, counted in zip(readings, notes, strict=True):
        reading.notes.clear()
        reading.notes.update(counted)
    if error:
        raise error


def _tell(there: Connection, read: Read, readings: Sequence[Reading]) -> None:
    """In the other process: blocks, an empty one, then the error (or None) and the notes of each reading."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for the process that was started by hand
    gc.set_threshold(RARELY)
    told, error = read(readings), None
    try:
        while block := [(n, tuple(line)) for n, line in islice(told, BLOCK)]:
            there.send_bytes(marshal.dumps(block))
    except InputError as found:
        error = found
    except BrokenPipeError:
        return  # nobody wants more
    there.send_bytes(marshal.dumps([]))
    there.send((error, [dict(each.notes) for each in readings]))
