"""The knowledge as one file: a DuckDB database, Parquet beside it, and a snapshot's name.

A snapshot is named by the hash of what is in it, whatever the order; the same knowledge has the same name on any
machine. What lost against another fact stays, with the rule and the winner. The file appears whole or not at all, and
while somebody writes in it, nobody else can. Importing this file needs the extra `store`.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from millstream.errors import InputError
from millstream.know.build import Lost
from millstream.records import Evidence, Fact, Passage

VERSION = 1
FILE = "knowledge.duckdb"
TABLES = {
    "facts": "id varchar, entity varchar, attribute varchar, value varchar, number double, unit varchar, "
    "claimed boolean, valid_from varchar, valid_to varchar, evidence varchar",
    "passages": "id varchar, title varchar, text varchar, evidence varchar",
    "lost": "loser varchar, winner varchar, rule varchar",
}
"""Evidence is JSON; `lost.loser` is a whole fact as JSON, because it is in no other table."""


@dataclass(frozen=True)
class Snapshot:
    """A state of the knowledge, named by its content."""

    name: str
    facts: tuple[Fact, ...]
    passages: tuple[Passage, ...]
    lost: tuple[Lost, ...]


def snapshot(facts: Iterable[Fact], passages: Iterable[Passage] = (), lost: Iterable[Lost] = ()) -> Snapshot:
    facts, passages, lost = tuple(facts), tuple(passages), tuple(lost)
    gone = (f"{each.loser.id} {each.winner} {each.rule}" for each in lost)
    parts = sorted([*(each.id for each in facts), *(each.id for each in passages), *gone])
    return Snapshot(hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16], facts, passages, lost)


def save(state: Snapshot, folder: Path) -> Path:
    """Write `knowledge.duckdb` and one Parquet file a table; what was there is replaced. InputError while another
    process has it open, or is writing it."""
    folder.mkdir(parents=True, exist_ok=True)
    part, path = folder / f"{FILE}.part", folder / FILE
    _refuse_held(path)
    _refuse_held(part)
    part.unlink(missing_ok=True)
    with duckdb.connect(str(part)) as base:
        base.execute("create table about (version integer, snapshot varchar)")
        base.execute("insert into about values (?, ?)", [VERSION, state.name])
        for name, rows in _rows(state).items():
            base.execute(f"create table {name} ({TABLES[name]})")
            if rows:
                base.executemany(f"insert into {name} values ({', '.join('?' * len(rows[0]))})", rows)
            parquet = str(folder / f"{name}.parquet.part").replace("'", "''")
            base.execute(f"copy {name} to '{parquet}' (format parquet)")
    for name in TABLES:
        (folder / f"{name}.parquet.part").replace(folder / f"{name}.parquet")
    part.replace(path)
    return path


def load(folder: Path) -> Snapshot:
    """What was saved. InputError where it is missing, of another version, in use, or not what its name says."""
    path = folder / FILE
    if not path.is_file():
        raise InputError("no knowledge is stored here", str(folder), "save one first")
    with _opened(path) as base:
        try:
            version, name = base.execute("select version, snapshot from about").fetchall()[0]
        except (duckdb.Error, IndexError) as error:
            raise InputError("no knowledge base of ours", str(path), "make it again") from error
        if version != VERSION:
            raise InputError(f"of version {version}, and this program reads {VERSION}", str(path), "make it again")
        facts, passages, lost = (base.execute(f"select * from {table}").fetchall() for table in TABLES)
    state = snapshot(map(_fact, facts), map(_passage, passages), map(_lost, lost))
    if state.name != name:
        raise InputError(f"holds {state.name}, but says {name}: it was changed", str(path), "make it again")
    return state


def _rows(state: Snapshot) -> dict[str, list[tuple[Any, ...]]]:
    facts = [
        (f.id, f.entity, f.attribute, f.value, f.number, f.unit, f.claimed, f.valid_from, f.valid_to, _said(f.evidence))
        for f in state.facts
    ]
    passages = [(each.id, each.title, each.text, _said(each.evidence)) for each in state.passages]
    lost = [(each.loser.model_dump_json(), each.winner, each.rule) for each in state.lost]
    return {"facts": facts, "passages": passages, "lost": lost}


def _said(evidence: Sequence[Evidence]) -> str:
    return json.dumps([each.model_dump(mode="json") for each in evidence], ensure_ascii=False)


def _evidence(said: str) -> tuple[Evidence, ...]:
    return tuple(Evidence.model_validate(each) for each in json.loads(said))


def _fact(row: tuple[Any, ...]) -> Fact:
    names = ("entity", "attribute", "value", "number", "unit", "claimed", "valid_from", "valid_to")
    return Fact(**dict(zip(names, row[1:-1], strict=True)), evidence=_evidence(row[-1]))


def _passage(row: tuple[Any, ...]) -> Passage:
    return Passage(title=row[1], text=row[2], evidence=_evidence(row[3]))


def _lost(row: tuple[Any, ...]) -> Lost:
    return Lost(loser=Fact.model_validate_json(row[0]), winner=row[1], rule=row[2])


def _refuse_held(path: Path) -> None:
    """A file that another process has open is left alone; a torn one is made anew."""
    if path.is_file():
        try:
            duckdb.connect(str(path)).close()
        except duckdb.Error as error:
            if _is_held(error):
                raise _held(path) from error


def _opened(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise _held(path) if _is_held(error) else _torn(path) from error


def _is_held(error: duckdb.Error) -> bool:
    return "lock" in str(error)


def _held(path: Path) -> InputError:
    return InputError("is in use by another process", str(path), "wait for it to end")


def _torn(path: Path) -> InputError:
    return InputError("is no DuckDB file, or torn", str(path), "make it again")
