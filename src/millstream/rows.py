"""A row of a table: one JSON line, {"item": id, "made": [records]}. Knows no file.

A dialogue carries its personas and its blueprint, which thousands of others share: what stands in the row in the same
bytes is read once and is then the same record.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from pydantic import TypeAdapter
from pydantic_core import from_json

from millstream.errors import InputError
from millstream.records import Blueprint, Dialogue, Persona, Record, Turn

B = TypeVar("B", bound=Record)

_HEAD = len('{"item": ')
_NOTHING = b'"made": []}\n'
_PERSONAS, _BLUEPRINT, _TURNS, _ENDED = b',"personas":', b',"blueprint":{', b',"turns":[', b',"ended":'
_COMMON = {"personas", "blueprint"}
_SHARED = 1 << 10
"""Personas and blueprints kept: about 60 KiB each. They come round: with more of them than this nothing is kept."""
_decoder = json.JSONDecoder()
_pair: TypeAdapter[tuple[Persona, Persona]] = TypeAdapter(tuple[Persona, Persona])
_turns: TypeAdapter[tuple[Turn, ...]] = TypeAdapter(tuple[Turn, ...])


def encoded(item: str, made: Sequence[Record]) -> bytes:
    records = ", ".join(text(record) if isinstance(record, Dialogue) else record.model_dump_json() for record in made)
    return f'{{"item": {json.dumps(item, ensure_ascii=False)}, "made": [{records}]}}\n'.encode()


@lru_cache(8)
def text(dialogue: Dialogue) -> str:
    """As the record writes itself. It is written for each step that it passes, mostly for one right after the other;
    what it shares with thousands of others is written for the first of them."""
    return joined(own(dialogue), *map(shared, (*dialogue.personas, dialogue.blueprint)))


def own(dialogue: Dialogue) -> str:
    """What it does not share with others: half of it."""
    return dialogue.model_dump_json(exclude=_COMMON)


def joined(own: str, user: str, agent: str, blueprint: str) -> str:
    """A dialogue's own part with what it shares: its text."""
    before, turns, after = own.partition(_TURNS.decode())
    return f'{before},"personas":[{user},{agent}],"blueprint":{blueprint}{turns}{after}'


@lru_cache(_SHARED)
def shared(record: Persona | Blueprint) -> str:
    return record.model_dump_json()


def item(line: bytes, where: str) -> str:
    """The row's first value alone: a dialogue is a long line, and only its name is wanted."""
    try:
        found, _ = _decoder.raw_decode(line[_HEAD:1000].decode("utf-8", "replace"))
        return str(found)
    except ValueError as error:
        raise _not_a_row(where) from error


def is_empty(line: bytes) -> bool:
    """Nothing was made of its item."""
    return line.endswith(_NOTHING)


def parsed(line: bytes, where: str) -> dict[str, Any]:
    try:
        row: dict[str, Any] = from_json(line)
        return row
    except ValueError as error:
        raise _not_a_row(where) from error


def records(line: bytes, kind: type[B], where: str) -> tuple[B, ...]:
    """What was made. InputError for no row; a record of another version is pydantic's error."""
    if kind is Dialogue and (places := _parts(line)):
        personas, blueprint, turns, end = places
        row = parsed(line[:personas] + line[end:], where)
        parts = {
            "personas": _personas(line[personas + len(_PERSONAS) : blueprint]),
            "blueprint": _blueprint(line[blueprint + len(_BLUEPRINT) - 1 : turns]),
            "turns": _turns.validate_json(line[turns + len(_TURNS) - 1 : end]),
        }
        return tuple(kind.model_validate(each | parts) for each in row["made"])
    return tuple(map(kind.model_validate, parsed(line, where)["made"]))


def turns(line: bytes, where: str) -> list[dict[str, Any]]:
    """The turns of the row's one dialogue as plain data, unchecked: much quicker than the record."""
    if not (places := _parts(line)):
        raise _not_a_row(where)
    _, _, start, end = places
    found: list[dict[str, Any]] = from_json(line[start + len(_TURNS) - 1 : end])
    return found


class Written(NamedTuple):
    """A dialogue as its row has it: its `own` part as plain data, unchecked, which is much quicker than the record, and
    what it shares with others."""

    id: str
    own: dict[str, Any]
    personas: tuple[Persona, Persona]
    blueprint: Blueprint


def written(dialogue: Dialogue) -> Written:
    own = dialogue.model_dump(mode="json", exclude=_COMMON)
    return Written(dialogue.id, own, dialogue.personas, dialogue.blueprint)


def written_in(lines: Iterable[tuple[str, bytes]]) -> Iterator[Written]:
    """The same of rows (item, line) of one dialogue each."""
    for item, line in lines:
        if not (places := _parts(line)):
            raise _not_a_row(item)
        personas, blueprint, turns, _ = places
        own = parsed(line[:personas] + line[turns:], item)["made"][0]
        both = _personas(line[personas + len(_PERSONAS) : blueprint])
        yield Written(item, own, both, _blueprint(line[blueprint + len(_BLUEPRINT) - 1 : turns]))


def _parts(line: bytes) -> tuple[int, int, int, int] | None:
    """Where personas, blueprint and turns of the one dialogue begin, and where its turns end; None for another row. The
    marks can stand in no string: its quotation marks have a backslash before them."""
    personas = line.find(_PERSONAS)
    blueprint = line.find(_BLUEPRINT, personas)
    turns = line.find(_TURNS, blueprint)
    end = line.find(_ENDED, turns)
    return (personas, blueprint, turns, end) if 0 < personas < blueprint < turns < end else None


@lru_cache(_SHARED)
def _personas(text: bytes) -> tuple[Persona, Persona]:
    return _pair.validate_json(text)


@lru_cache(_SHARED)
def _blueprint(text: bytes) -> Blueprint:
    return Blueprint.model_validate_json(text)


def _not_a_row(where: str) -> InputError:
    return InputError("not a row of a table", where, "delete the file and run again")
