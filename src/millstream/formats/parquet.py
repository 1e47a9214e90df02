"""Parquet with explicit features: the columns of a task dialogue, typed, so that an empty list is still a list of what.

Maps (states, calls, rows) are lists of pairs, for a table has no open keys. `extra` is JSON text. Importing this file
needs the extra `parquet`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet as pq

from millstream.formats import wrong
from millstream.services.annotated import Act, Call, Frame, Span, State, TaskDialogue, Turn

_TEXTS = pa.list_(pa.string())
_PAIRS = pa.list_(pa.struct([("slot", pa.string()), ("value", pa.string())]))
_ACT = pa.struct([("act", pa.string()), ("slot", pa.string()), ("values", _TEXTS), ("canonical", _TEXTS)])
_SPAN = pa.struct([("slot", pa.string()), ("start", pa.int32()), ("end", pa.int32())])
_VALUES = pa.list_(pa.struct([("slot", pa.string()), ("values", _TEXTS)]))
_STATE = pa.struct([("intent", pa.string()), ("requested", _TEXTS), ("values", _VALUES)])
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
_SHAPE = {"id": str, "lang": str, "synthetic": bool, "services": list, "turns": list, "extra": str}


def row(dialogue: TaskDialogue) -> dict[str, Any]:
    return {
        "id": dialogue.key,
        "lang": dialogue.lang,
        "synthetic": dialogue.synthetic,
        "services": list(dialogue.services),
        "turns": [
            {"role": t.role, "text": t.text, "frames": [_frame(f) for f in t.frames], "extra": _json(t.extra)}
            for t in dialogue.turns
        ],
        "extra": _json(dialogue.extra),
    }


def _json(extra: Mapping[str, Any]) -> str:
    return json.dumps(dict(extra), ensure_ascii=False, sort_keys=True)


def _pairs(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"slot": name, "value": value} for name, value in values.items()]


def _frame(frame: Frame) -> dict[str, Any]:
    state, call = frame.state, frame.call
    return {
        "service": frame.service,
        "acts": [
            {"act": a.act, "slot": a.slot, "values": list(a.values), "canonical": list(a.canonical)} for a in frame.acts
        ],
        "spans": [{"slot": s.slot, "start": s.start, "end": s.end} for s in frame.spans],
        "state": state
        and {
            "intent": state.intent,
            "requested": list(state.requested),
            "values": [{"slot": name, "values": list(values)} for name, values in state.values.items()],
        },
        "call": call and {"method": call.method, "parameters": _pairs(call.parameters)},
        "results": None if frame.results is None else [_pairs(each) for each in frame.results],
        "extra": _json(frame.extra),
    }


def parse(row: Mapping[str, Any], key: str = "") -> TaskDialogue:
    turns = tuple(
        Turn(t["role"], t["text"], tuple(_parsed(f) for f in t["frames"]), json.loads(t["extra"])) for t in row["turns"]
    )
    extra = json.loads(row["extra"])
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
        json.loads(row["extra"]),
    )


def write(path: Path, dialogues: Sequence[TaskDialogue]) -> None:
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as out:
        for at in range(0, len(dialogues), BATCH):
            out.write_table(pa.Table.from_pylist([row(each) for each in dialogues[at : at + BATCH]], SCHEMA))


def read(path: Path) -> Iterator[TaskDialogue]:
    for batch in pq.ParquetFile(path).iter_batches(BATCH):
        yield from (parse(each) for each in batch.to_pylist())


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
