"""Do the readers stand whatever a file holds? python benchmarks/fuzz.py --minutes 5

Files of every format (benchmarks/seeds, and the beginnings of the samples) are changed at random: values, keys, bytes,
pieces of other files put in. What reaches a line of the readers that nothing reached before is changed further. Each
goes through its own reader and through the way in (`intake.take`, documents and tables too). It must end in cues or in
one InputError of one line, within 5 seconds, and memory must not grow from file to file. What fails is kept.
"""

import argparse
import random
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from millstream import intake, plugins, text
from millstream.errors import InputError
from millstream.listen import decode
from millstream.shapes import Line

HERE = Path(__file__).parent
SECONDS, GROWTH_MB, LONGEST, SETTLED = 5.0, 64, 4_000, 1_000
MAP = {"text": "msg", "author": "nick", "start": "at_ms"}


def decoded(path: Path, lang: str, notes: Counter[str]) -> Iterator[Line]:
    """Stands for listening: the sound is decoded, and no recogniser asked."""
    for n, block in enumerate(decode.blocks(path, notes)):
        yield Line(f"{len(block)} samples", float(n))


BY: dict[str, Any] = {"columns": MAP, "media": decoded}
"""What the sources are read by that need more than a file."""
SOURCES: dict[str, Any] = {name: plugins.module("sources", name) for name in plugins.names("sources")}
PACKAGE = str(Path(text.__file__).parent)
WATCHED = tuple(f"{PACKAGE}/{part}" for part in ("sources", "documents", "text.py", "intake.py", "listen"))
VALUE = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d+(?:[.:]\d+)*|[A-Za-z]{3,}')
ODD = [
    *(b"null", b"true", b"[]", b"{}", b'""', b"-1", b"0", b"1e99", b"99999999999999", b"1700000000000", b'"x"'),
    *(b'{"name": "a"}', b"[[1, 2]]", b'"-0:01"', b'"99:99:99"', b'"2024-05-01T18:00:00Z"', b'"\\u202e"', b'"\\ud83d"'),
    *(b"9" * 30, b'"' + b"9" * 5000 + b'"', b'"' + b"a b " * 3000 + b'"', b"[" * 60 + b"]" * 60),
]
TOKENS = [
    *(b"{", b"}", b"[", b"]", b'"', b",", b":", b"\\", b"\n", b"\r", b"\0", b"<", b">", b"&a;", b"</i>", b"<![CDATA["),
    *(b"NaN", b"1e999", b"9" * 400, b"-0:00", b"99:99:99,999", b"-->", b"\xc3", b"\x85", "\u202e\u200b".encode()),
    *(b'"\\ud83d"', b'"\\udc00"', b"\xed\xb0\x80", b"\xff\xfe", b"\xef\xbb\xbf", b"{\\p1}", b"{\\move(", b"<|zh|>"),
    *(b"[" * 101, b'{"a":' * 101, b"<d>" * 300, b"\x80" * 11, b"\x0a\xff\xff\xff\xff\x0f"),
]


class Hang(BaseException):
    """The alarm: no reader may catch it."""


@dataclass
class Found:
    """What was seen so far."""

    lines: set[tuple[str, int]] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    slowest: float = 0.0


def seeds() -> Iterator[tuple[str, str, bytes]]:
    """(source, name, content); a sample has no source, the way in finds it."""
    for file in sorted((HERE / "seeds").glob("*/*")):
        yield file.parent.name, file.name, file.read_bytes()
    for file in sorted((HERE.parent / "samples").glob("*/*.*")):
        if file.name != intake.RIGHTS:  # it would speak of all files beside it
            yield "", file.name, file.read_bytes()[:LONGEST].rpartition(b"\n")[0]


def changed(raw: bytes, others: list[bytes], rng: random.Random) -> bytes:
    """One to six changes, most of them to a value, so that the file is still one of its format."""
    other = rng.choice(others)
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        values = list(VALUE.finditer(raw)) if rng.random() < 0.85 else []
        raw = _another_value(raw, rng.choice(values), other, rng) if values else _other_bytes(raw, other, rng)
    return raw[: 10 * LONGEST]


def _another_value(raw: bytes, old: re.Match[bytes], other: bytes, rng: random.Random) -> bytes:
    """A string, a number or a word of the file becomes another: of this file, of another one, or an odd one."""
    pool = [found[0] for found in VALUE.finditer(rng.choice((raw, other)))] if rng.random() < 0.5 else ODD
    is_key = raw[old.end() : old.end() + 4].lstrip().startswith(b":")
    fit = [value for value in pool if not is_key or value.startswith(b'"')]
    new = rng.choice(fit or [old[0]])
    if rng.random() < 0.1:
        new = old[0][:-1] + rng.choice(TOKENS) + old[0][-1:]
    return raw[: old.start()] + new + raw[old.end() :]


def _other_bytes(raw: bytes, other: bytes, rng: random.Random) -> bytes:
    at, start = rng.randrange(len(raw) + 1), rng.randrange(len(other) + 1)
    to = min(len(raw), at + rng.choice((1, 2, 8, 40, 400)))
    flipped = bytes([raw[at] ^ 1 << rng.randrange(8)]) if at < len(raw) else b""
    inside = (flipped, b"", raw[at:to] * rng.choice((2, 3, 50)), rng.choice(TOKENS), other[start : start + 60])
    end = raw[at + 1 :] if (put := rng.choice(inside)) is flipped else rng.choice((raw[to:], raw[at:], raw[at:], b""))
    return raw[:at] + put + end


def read(path: Path, source: str) -> None:
    """Through its own reader, and through the way in."""
    try:
        if source:
            module = SOURCES[source]
            for reading in module.read_by(path, BY[source]) if source in BY else module.read(path):
                for cue in reading.cues:
                    assert cue.start is None or cue.start >= 0
    except InputError as error:
        assert "\n" not in str(error)
    if source == "media":
        return  # the way in would have it listened to
    left_out: list[tuple[str, str]] = []
    for gathered in intake.take([path], columns=MAP if source == "columns" else None).readings:
        for _ in intake.cues(gathered, left_out):
            pass


def of(error: BaseException) -> str:
    """The place in the package where it was raised."""
    frames = [each for each in traceback.extract_tb(error.__traceback__) if each.filename.startswith(PACKAGE)]
    return f"{frames[-1].filename.removeprefix(PACKAGE)}:{frames[-1].lineno}" if frames else "outside"


def tried(path: Path, source: str, found: Found) -> set[tuple[str, int]]:
    """Reads once, under the alarm; returns the lines that were reached for the first time."""
    fresh: set[tuple[str, int]] = set()

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        file = frame.f_code.co_filename
        if not file.startswith(WATCHED):
            return None
        if (place := (file, frame.f_lineno)) not in found.lines:
            fresh.add(place)
        return trace

    began = time.perf_counter()
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    sys.settrace(trace)
    try:
        read(path, source)
        found.counts["read"] += 1
    except InputError as error:
        found.counts["refused in one line" if "\n" not in str(error) else "REFUSED IN SEVERAL LINES"] += 1
    except (Exception, Hang) as error:
        what = f"{source or 'intake'}: {type(error).__name__} at {of(error)}"
        found.failures.setdefault(what, str(error))
        found.counts["FAILED"] += 1
    finally:
        sys.settrace(None)
        signal.setitimer(signal.ITIMER_REAL, 0)
    found.slowest = max(found.slowest, time.perf_counter() - began)
    found.lines |= fresh
    return fresh


def alarm(*_: Any) -> None:
    raise Hang(f"longer than {SECONDS} s")


def fuzzed(minutes: float, seed: int, keep: Path) -> Found:
    rng, found = random.Random(seed), Found()
    pool = list(seeds())
    contents = [raw for _, _, raw in pool]
    signal.signal(signal.SIGALRM, alarm)
    end, settled = time.monotonic() + 60 * minutes, 0
    with tempfile.TemporaryDirectory() as name:
        while time.monotonic() < end:
            number = found.counts.total()
            source, file, raw = pool[number] if number < len(contents) else rng.choice(pool)
            raw = raw if number < len(contents) else changed(raw, contents, rng)
            path = Path(name) / file
            path.write_bytes(raw)
            failed = found.counts["FAILED"]
            if tried(path, source, found) and number >= len(contents):
                pool.append((source, file, raw))
            if found.counts["FAILED"] > failed:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{number}-{source or 'intake'}-{file}").write_bytes(raw)
            if number == SETTLED:
                settled = memory()
    if settled and memory() - settled > GROWTH_MB:
        found.failures[f"memory grew by {memory() - settled} MB"] = f"from {settled} MB after the first {SETTLED} files"
    new = len(pool) - len(contents)
    print(f"{new} files reached something new; {settled} MB after {SETTLED} files, {memory()} MB now")
    return found


def memory() -> int:
    """The most this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description="Feed every reader changed files.")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"), help="where files that fail are kept")
    asked = parser.parse_args()
    found = fuzzed(asked.minutes, asked.seed, asked.keep)
    told = ", ".join(f"{count} {what}" for what, count in found.counts.items())
    print(f"{found.counts.total()} files: {told}; {len(found.lines)} lines reached; slowest {found.slowest:.2f} s")
    for what, said in found.failures.items():
        print(f"FAILED {what}: {said[:200]}")
    sys.exit(bool(found.failures) or found.counts["REFUSED IN SEVERAL LINES"] > 0)


if __name__ == "__main__":
    main()
