"""Everything that rests on one author or one recording, taken out of a run folder and what lies in it.

What rests on whom is read off the evidence of the first table and followed through those after it: a record that quotes
them, names them or was made of such a record goes. The tables are written from the last to the first, so that a killed
run of this can always work out again what is still to go. Knows no command.
"""

import hashlib
import hmac
import json
import re
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from millstream import rows, scrub, table
from millstream.errors import InputError
from millstream.listen import kept
from millstream.mine.door import pseudonym
from millstream.pipeline import KEY
from millstream.prepare import Mined
from millstream.records import Record

FIRST, DONE = "1_mined.jsonl", "forgotten.jsonl"
TOLD = 6
"""Characters from which on a message is looked for by its words too; shorter ones ("ok") are anybody's."""
_SHOWN = ("report.html", "card.md", "summary.json", "README.md")
_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])")
_PACKED = {".parquet", ".duckdb", ".gz", ".zst", ".zip", ".npy", ".npz"}
_KEEP = {"fingerprint", "lock", "seconds", DONE, KEY}


@dataclass
class Traces:
    """What is to go: `words` in any text, cues by (recording, track, n), and the ids of records that rest on them."""

    words: set[str] = field(default_factory=set)
    cues: set[tuple[str, str, int]] = field(default_factory=set)
    recording: str = ""
    key: str = ""
    ids: set[str] = field(default_factory=set)
    dialogues: list[str] = field(default_factory=list)

    def holds(self, text: str) -> bool:
        return any(word in text for word in self.words) or not self.ids.isdisjoint(_ID.findall(text))

    def in_record(self, value: Any) -> bool:
        """Is any evidence of it theirs, or does it hold a trace?"""
        return any(map(self._is_theirs, _evidence(value))) or self.holds(json.dumps(value, ensure_ascii=False))

    def quotes(self, value: Any) -> Iterator[str]:
        """Their own words in the evidence of a record."""
        yield from (each["quote"] for each in _evidence(value) if self._is_theirs(each))

    def _is_theirs(self, evidence: Mapping[str, Any]) -> bool:
        source, track = evidence["source"], evidence.get("track", "")
        return source == self.recording or any((source, track, n) in self.cues for n in evidence["at"])


@dataclass
class Forgotten:
    """What went: rows by file, files removed, the dialogues to be made again, models that were trained before."""

    rows: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    dialogues: tuple[str, ...] = ()
    models: list[str] = field(default_factory=list)
    already: bool = False


def forget(folder: Path, who: str, also: tuple[Path, ...], settle: Callable[[Collection[str]], None]) -> Forgotten:
    """Take them out of the run and of the folders `also`. InputError for somebody who is not in it. `settle` is called
    when they are out of everything but the first table, with the keys of the recordings that stay without them."""
    marks = set(table.lines(folder / DONE))
    traces = _traces(folder, who, list(_mined(folder)))
    if traces is None:
        if _mark(folder, who) in marks:
            return Forgotten(already=True)
        more = "" if (folder / KEY).exists() else "; its key is gone: give the pseudonym"
        raise InputError(f"nobody and nothing is called {who!r}", str(folder), f"see its 1_mined.jsonl{more}")
    steps = [path for path in sorted(folder.glob("[0-9]_*.jsonl")) if path.name != FIRST]
    for path in steps:
        _follow(path, traces)
    done = Forgotten(dialogues=tuple(traces.dialogues))
    for place in (*also, folder):
        for path in scrub.walked(place):
            if path not in steps and path.name not in (FIRST, *_KEEP):
                _clean(path, place, traces, done)
    for path in reversed(steps):
        _count(done, path, scrub.lines(path, lambda line: _row(line, traces)))
    if traces.recording:
        done.files += kept.removed(traces.key)
    settle(_left(folder, traces))
    table.write(folder / DONE, "".join(f"{each}\n" for each in sorted({*marks, _mark(folder, who)})))
    _count(done, folder / FIRST, scrub.lines(folder / FIRST, lambda line: _first(line, traces)))
    return done


def _left(folder: Path, traces: Traces) -> set[str]:
    """The keys of the recordings that somebody is to be taken out of; none where a whole recording goes."""
    spoken_in = {recording for recording, _, _ in traces.cues}
    return {each.recording.key for each in _mined(folder) if each.recording.id in spoken_in}


# --- what is to go -----------------------------------------------------------------------------------------


def _mined(folder: Path) -> Iterator[Mined]:
    if not (folder / FIRST).is_file():
        raise InputError("has mined nothing", str(folder), "give the --out folder of `millstream run`")
    for line in table.lines(folder / FIRST):
        yield from map(Mined.model_validate, json.loads(line)["made"])


def _traces(folder: Path, who: str, mined: list[Mined]) -> Traces | None:
    """Of a recording by its id, key or file, else of an author by pseudonym or name; None where there is neither."""
    for each in mined:
        key = each.recording.key
        if who in (each.recording.id, key, each.recording.title) or Path(who).name.startswith(f"{key}."):
            return _of_recording(each)
    called = {who} | ({pseudonym(who, _key(folder))} if (folder / KEY).exists() else set())
    cues = {(each.recording.id, track, n) for each in mined for track, n, author in each.authors if author in called}
    if not cues:
        return None
    traces = Traces(words=called & {author for each in mined for _, _, author in each.authors}, cues=cues)
    for record in (record for each in mined for record in _records(each)):
        told = record.model_dump(mode="json")
        if traces.in_record(told):
            traces.ids.add(record.id)
            traces.words |= {quote for quote in traces.quotes(told) if len(quote) >= TOLD}
    return traces


def _of_recording(mined: Mined) -> Traces:
    """Its name stands in paths ("room.srt") and, where nothing follows it, between quotes."""
    found, key = mined.recording, mined.recording.key
    traces = Traces(words={f'"{key}"', f'"{key}.', f"/{key}.", found.id}, recording=found.id, key=key)
    traces.words |= {quote for quote in traces.quotes(mined.model_dump(mode="json")) if len(quote) >= TOLD}
    traces.ids |= {record.id for record in _records(mined)}
    return traces


def _records(mined: Mined) -> Iterator[Record]:
    yield from mined.signals
    yield from (frame for _, frame in mined.frames)


def _key(folder: Path) -> bytes:
    return bytes.fromhex((folder / KEY).read_text())


def _mark(folder: Path, who: str) -> str:
    """What says that somebody was forgotten, and does not say who: a digest under the key of the run."""
    key = _key(folder) if (folder / KEY).exists() else folder.name.encode()
    return hmac.digest(key, f"forgotten {who}".encode(), "sha256").hex()


def _evidence(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every piece of evidence in a record, however deep."""
    if isinstance(value, dict):
        if {"source", "at", "quote"} <= value.keys():
            yield value
        for each in value.values():
            yield from _evidence(each)
    elif isinstance(value, list):
        for each in value:
            yield from _evidence(each)


# --- taking it out -----------------------------------------------------------------------------------------


def _follow(path: Path, traces: Traces) -> None:
    """Note the ids of the records of a table that rest on what goes, for the tables after it."""
    for line in table.lines(path):
        row = json.loads(line)
        if row["item"] in traces.ids or any(map(traces.in_record, row["made"])):
            traces.ids |= {row["item"], *map(_id, row["made"])}
            traces.ids |= {_id(each["loser"]) for each in row["made"] if "loser" in each}  # its reject names it
            if path.name.startswith("6_"):
                traces.dialogues.append(row["item"])


def _id(record: Mapping[str, Any]) -> str:
    """The id of a record as records.py has it, of its JSON."""
    told = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _row(line: str, traces: Traces) -> str:
    row = json.loads(line)
    return "" if row["item"] in traces.ids or any(map(traces.in_record, row["made"])) else line


def _first(line: str, traces: Traces) -> str:
    """What was mined of a recording without what they said; nothing of a recording that goes."""
    row = json.loads(line)
    if row["item"] == traces.recording:
        return ""
    made = [Mined.model_validate(each) for each in row["made"]]
    left = [_without(each, traces) for each in made]
    return line if left == made else rows.encoded(row["item"], left).decode().removesuffix("\n")


def _without(mined: Mined, traces: Traces) -> Mined:
    gone = {(track, n) for recording, track, n in traces.cues if recording == mined.recording.id}
    return mined.model_copy(
        update={
            "authors": tuple(each for each in mined.authors if each[:2] not in gone),
            "signals": tuple(each for each in mined.signals if not traces.in_record(each.model_dump(mode="json"))),
            "frames": tuple(
                pair
                for pair in mined.frames
                if pair[0] not in traces.words and not traces.in_record(pair[1].model_dump(mode="json"))
            ),
        }
    )


def _clean(path: Path, place: Path, traces: Traces, done: Forgotten) -> None:
    """One file that is no table: by its kind, and whole where it cannot be taken apart."""
    name = str(path.relative_to(place))
    if _is_tracker(path):
        done.models.append(name)
    elif path.name == "cache.sqlite":
        _count(done, path, scrub.cache(path, traces.holds))
    elif path.suffix == ".jsonl":
        _count(done, path, scrub.lines(path, lambda line: "" if traces.holds(line) else line))
    elif path.suffix == ".json" and path.name not in _SHOWN:
        _count(done, path, scrub.entries(path, traces.holds))
    elif path.name.startswith("cache.sqlite-"):
        return
    elif path.name in _SHOWN or path.suffix in _PACKED or traces.holds(path.read_bytes().decode("utf-8", "replace")):
        scrub.removed(path)  # in what is packed nobody can look: it is made again from what is left
        done.files.append(name)


def _is_tracker(path: Path) -> bool:
    """What `millstream train` writes: weights, which do not say of whom they were learned."""
    if path.suffix != ".npz" or not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as file:
        return {"at.npy", "weights.npy"} <= set(file.namelist())


def _count(done: Forgotten, path: Path, rows: int) -> None:
    if rows:
        done.rows[path.name] = done.rows.get(path.name, 0) + rows
