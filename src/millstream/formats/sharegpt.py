"""ShareGPT conversations as LLaMA-Factory reads them, calls included, and the entry of dataset_info.json.

Of a turn's calls each is a `function_call` and its rows an `observation`. Acts, spans and states are not in it.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from millstream.formats import known, wrong
from millstream.services.annotated import Call, Frame, TaskDialogue, Turn

ROLES = ("human", "gpt", "function_call", "observation", "system")


def info(file: str) -> dict[str, Any]:
    """What dataset_info.json says of the file."""
    tags = {
        "role_tag": "from",
        "content_tag": "value",
        "user_tag": "human",
        "assistant_tag": "gpt",
        "function_tag": "function_call",
        "observation_tag": "observation",
    }
    return {"file_name": file, "formatting": "sharegpt", "columns": {"messages": "conversations"}, "tags": tags}


def row(dialogue: TaskDialogue) -> dict[str, Any]:
    said = [each for turn in dialogue.turns for each in _said(turn)]
    own = {} if "id" in dialogue.extra else {"id": dialogue.key, "lang": dialogue.lang, "synthetic": dialogue.synthetic}
    return {"conversations": said} | own | dict(dialogue.extra)


def _said(turn: Turn) -> Iterator[dict[str, str]]:
    for frame in turn.frames:
        if frame.call:
            asked = {"name": f"{frame.service}.{frame.call.method}", "arguments": dict(frame.call.parameters)}
            yield {"from": "function_call", "value": json.dumps(asked, ensure_ascii=False)}
            rows = [dict(each) for each in frame.results or ()]
            yield {"from": "observation", "value": json.dumps(rows, ensure_ascii=False)}
    yield {"from": "human" if turn.role == "user" else "gpt", "value": turn.text} | dict(turn.extra)


def parse(row: Mapping[str, Any], key: str = "") -> TaskDialogue:
    turns: list[Turn] = []
    frames: list[Frame] = []
    for each in row["conversations"]:
        if each["from"] == "function_call":
            asked = json.loads(each["value"])
            service, _, method = asked["name"].partition(".")
            frames.append(Frame(service, call=Call(method, asked["arguments"])))
        elif each["from"] == "observation":
            last = frames.pop()
            frames.append(Frame(last.service, call=last.call, results=tuple(json.loads(each["value"]))))
        else:
            role = "user" if each["from"] == "human" else "agent"
            turns.append(Turn(role, each["value"], tuple(frames), known(each, "from", "value")))  # type: ignore[arg-type]
            frames = []
    services = tuple(dict.fromkeys(frame.service for turn in turns for frame in turn.frames))
    more = known(row, "conversations")
    return TaskDialogue(row.get("id", key), services, tuple(turns), row.get("lang", "en"), extra=more)


def faults(row: Any) -> list[str]:
    """Shapes, unknown speakers, calls without rows, rows without a call, calls that are no JSON."""
    found = list(wrong(row, {"conversations": list}, "dialogue"))
    before = ""
    for n, each in enumerate(row["conversations"] if not found else ()):
        where = f"conversations.{n}"
        shape = list(wrong(each, {"from": str, "value": str}, where))
        found += shape
        if shape:
            continue
        if each["from"] not in ROLES:
            found.append(f"{where}.from: {each['from']!r} is none of {', '.join(ROLES)}")
        if (before == "function_call") != (each["from"] == "observation"):
            found.append(f"{where}: an observation stands behind a function_call, and only there")
        if each["from"] in ("function_call", "observation"):
            found += _json_faults(each, where)
        before = each["from"]
    return found


def _json_faults(each: Mapping[str, str], where: str) -> Iterator[str]:
    try:
        value = json.loads(each["value"])
    except json.JSONDecodeError:
        yield f"{where}.value: not JSON"
        return
    if each["from"] == "function_call" and not {"name", "arguments"} <= set(value):
        yield f"{where}.value: a call has a name and arguments"
