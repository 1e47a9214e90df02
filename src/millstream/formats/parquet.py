"""Parquet with explicit features: the columns of a task dialogue, typed, so that an empty list is still a list of what.

Maps (states, calls, rows) are lists of pairs, for a table has no open keys. `extra` is JSON text. Dialogues are laid
out as columns here, for pyarrow takes them as rows only, and building those takes longer than all else. Importing this
file needs the extra `parquet`.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, chain
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet as pq

from millstream.formats import wrong
from millstream.services.annotated import Act, Call, Frame, Span, State, TaskDialogue, Turn

_TEXTS = pa.list_(pa.string())
_PAIR = pa.struct([("slot", pa.string()), ("value", pa.string())])
_PAIRS = pa.list_(_PAIR)
_ACT = pa.struct([("act", pa.string()), ("slot", pa.string()), ("values", _TEXTS), ("canonical", _TEXTS)])
_SPAN = pa.struct([("slot", pa.string()), ("start", pa.int32()), ("end", pa.int32())])
_VALUES = pa.struct([("slot", pa.string()), ("values", _TEXTS)])
_STATE = pa.struct([("intent", pa.string()), ("requested", _TEXTS), ("values", pa.list_(_VALUES))])
_CALL = pa.struct([("method", pa.string()), ("parameters", _PAIRS)])
_FRAME = pa.struct(
    [
        ("service", pa.string()),
        ("acts", pa.list_(_ACT)),
        ("spans", pa.list_(_SPAN)),
        ("state", _STATE),
        ("call", _CALL),
        ("results", pa.list_(_PAIRS)),
        ("extra", pa.string()),
    ]
)
_TURN = pa.struct([("role", pa.string()), ("text", pa.string()), ("frames", pa.list_(_FRAME)), ("extra", pa.string())])
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("lang", pa.string()),
        ("synthetic", pa.bool_()),
        ("services", _TEXTS),
        ("turns", pa.list_(_TURN)),
        ("extra", pa.string()),
    ]
)
BATCH = 1000
_FEW = 50
"""Rows that are read at once: made in larger numbers they live long enough for the collector to look at each."""
_NOTHING = "{}"
_OWN = {"id": "key"}
"""Columns that the records call otherwise."""
_SHAPE = {"id": str, "lang": str, "synthetic": bool, "services": list, "turns": list, "extra": str}


def row(dialogue: TaskDialogue) -> dict[str, Any]:
    return dict(_table([dialogue]).to_pylist()[0])


def _table(dialogues: Sequence[TaskDialogue]) -> pa.Table:
    whole = _column(dialogues, pa.struct(list(SCHEMA)))
    return pa.Table.from_arrays(whole.flatten(), schema=SCHEMA)


def _column(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """The values of one column; what is inside of them in columns of its own."""
    if pa.types.is_struct(kind):
        none = [value is None for value in values]
        inner = [_column([*map(_field(kind, each.name), values)], each.type) for each in kind]
        return pa.StructArray.from_arrays(inner, fields=list(kind), mask=pa.array(none, pa.bool_()))
    if pa.types.is_list(kind):
        none = [value is None for value in values]
        lists = [value.items() if isinstance(value, Mapping) else value or () for value in values]
        starts = pa.array([*accumulate(map(len, lists), initial=0)], pa.int32())
        inner = _column([*chain.from_iterable(lists)], kind.value_type)
        return pa.ListArray.from_arrays(starts, inner, type=kind, mask=pa.array(none, pa.bool_()))
    return pa.array(values, kind)


def _field(kind: pa.DataType, name: str) -> Callable[[Any], Any]:
    """How a field is read from what a column of this kind holds."""
    if kind in (_PAIR, _VALUES):
        return itemgetter(0 if name == "slot" else 1)
    if name == "extra":
        return lambda value: value and _json(value.extra)
    get = attrgetter(_OWN.get(name, name))
    return (lambda value: value and get(value)) if kind in (_STATE, _CALL) else get


def _json(extra: Mapping[str, Any]) -> str:
    """Most turns and frames have nothing to say, and saying that took longer than the rest."""
    return json.dumps(dict(extra), ensure_ascii=False, sort_keys=True) if extra else _NOTHING


def _loaded(extra: str) -> dict[str, Any]:
    return {} if extra == _NOTHING else dict(json.loads(extra))


def parse(row: Mapping[str, Any], key: str = "") -> TaskDialogue:
    turns = tuple(
        Turn(t["role"], t["text"], tuple(_parsed(f) for f in t["frames"]), _loaded(t["extra"])) for t in row["turns"]
    )
    extra = _loaded(row["extra"])
    return TaskDialogue(row["id"] or key, tuple(row["services"]), turns, row["lang"], row["synthetic"], extra)


def _parsed(row: Mapping[str, Any]) -> Frame:
    state, call, results = row["state"], row["call"], row["results"]
    return Frame(
        row["service"],
        tuple(Act(a["act"], a["slot"], tuple(a["values"]), tuple(a["canonical"])) for a in row["acts"]),
        tuple(Span(s["slot"], s["start"], s["end"]) for s in row["spans"]),
        state
        and State(state["intent"], tuple(state["requested"]), {v["slot"]: tuple(v["values"]) for v in state["values"]}),
        call and Call(call["method"], {p["slot"]: p["value"] for p in call["parameters"]}),
        None if results is None else tuple({p["slot"]: p["value"] for p in each} for each in results),
        _loaded(row["extra"]),
    )


def write(path: Path, dialogues: Sequence[TaskDialogue]) -> None:
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as out:
        for at in range(0, len(dialogues), BATCH):
            out.write_table(_table(dialogues[at : at + BATCH]))


def read(path: Path) -> Iterator[TaskDialogue]:
    for batch in pq.ParquetFile(path).iter_batches(BATCH):
        for at in range(0, len(batch), _FEW):
            yield from map(parse, batch.slice(at, _FEW).to_pylist())


def faults(row: Any) -> list[str]:
    """Columns that are missing or of another type; spans outside the text; JSON that is none."""
    found = list(wrong(row, _SHAPE, "dialogue"))
    for n, turn in enumerate(row["turns"] if not found else ()):
        where = f"turns.{n}"
        shape = list(wrong(turn, {"role": str, "text": str, "frames": list, "extra": str}, where))
        found += shape
        if shape:
            continue
        if turn["role"] not in ("user", "agent"):
            found.append(f"{where}.role: {turn['role']!r} is neither user nor agent")
        for m, frame in enumerate(turn["frames"]):
            for span in frame.get("spans") or ():
                if not 0 <= span["start"] < span["end"] <= len(turn["text"]):
                    at = f"characters {span['start']} to {span['end']} of {len(turn['text'])}"
                    found.append(f"{where}.frames.{m}.spans.{span['slot']}: {at}")
    return found
