"""OpenAI chat messages with tool calls: every service call is one, its rows are the tool's answer.

Acts, spans and states are not in it: they are metadata of other forms. Names of functions have letters, digits, _ and -
only; other characters are written as _uXXXX_.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from millstream.formats import known, wrong
from millstream.services.annotated import Call, Frame, TaskDialogue, Turn
from millstream.services.schema import IntentSchema, ServiceSchema

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ODD = re.compile(r"[^A-Za-z0-9_]")
_WRITTEN = re.compile(r"_u([0-9a-f]{4,6})_")
BETWEEN = "--"


def function(service: str, method: str) -> str:
    return f"{_safe(service)}{BETWEEN}{_safe(method)}"


def _safe(name: str) -> str:
    return _ODD.sub(lambda found: f"_u{ord(found[0]):04x}_", name)


def _back(name: str) -> str:
    return _WRITTEN.sub(lambda found: chr(int(found[1], 16)), name)


def tool(service: ServiceSchema, intent: IntentSchema) -> dict[str, Any]:
    """An intent as a function with a JSON schema of its inputs."""
    properties = {}
    for name in intent.inputs:
        slot = service.by_name[name]
        listed = {"enum": list(slot.values)} if slot.categorical else {}
        properties[name] = {"type": "string", "description": slot.description} | listed
    parameters = {"type": "object", "properties": properties, "required": list(intent.required)}
    made = {"name": function(service.name, intent.name), "description": intent.description, "parameters": parameters}
    return {"type": "function", "function": made}


def row(dialogue: TaskDialogue, tools: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    messages = [message for n, turn in enumerate(dialogue.turns) for message in _messages(n, turn)]
    made = {"messages": messages} | ({"tools": tools} if tools else {})
    metadata = {"id": dialogue.key, "lang": dialogue.lang, "synthetic": dialogue.synthetic}
    return made | ({"metadata": metadata} if "metadata" not in dialogue.extra else {}) | dict(dialogue.extra)


def _messages(n: int, turn: Turn) -> Iterator[dict[str, Any]]:
    calls = [(f"call_{n}_{m}", frame) for m, frame in enumerate(turn.frames) if frame.call]
    if calls:
        asked = [{"id": name, "type": "function", "function": _asked(frame)} for name, frame in calls]
        yield {"role": "assistant", "content": None, "tool_calls": asked}
    for name, frame in calls:
        rows = [dict(each) for each in frame.results or ()]
        yield {"role": "tool", "tool_call_id": name, "content": json.dumps(rows, ensure_ascii=False)}
    yield {"role": "user" if turn.role == "user" else "assistant", "content": turn.text} | dict(turn.extra)


def _asked(frame: Frame) -> dict[str, str]:
    assert frame.call is not None
    arguments = json.dumps(dict(frame.call.parameters), ensure_ascii=False)
    return {"name": function(frame.service, frame.call.method), "arguments": arguments}


def parse(row: Mapping[str, Any], key: str = "") -> TaskDialogue:
    """Turns with their calls; the rows of a call are the tool's answer to it."""
    turns: list[Turn] = []
    calls: list[Mapping[str, Any]] = []
    answers: dict[str, str] = {}
    for message in row["messages"]:
        if message.get("tool_calls"):
            calls = message["tool_calls"]
        elif message["role"] == "tool":
            answers[message["tool_call_id"]] = message["content"]
        else:
            frames = tuple(_frame(call, answers) for call in calls)
            role = "user" if message["role"] == "user" else "agent"
            turns.append(Turn(role, message["content"], frames, known(message, "role", "content")))  # type: ignore[arg-type]
            calls = []
    services = tuple(dict.fromkeys(frame.service for turn in turns for frame in turn.frames))
    metadata = row.get("metadata", {})
    more = known(row, "messages")
    return TaskDialogue(metadata.get("id", key), services, tuple(turns), metadata.get("lang", "en"), extra=more)


def _frame(call: Mapping[str, Any], answers: Mapping[str, str]) -> Frame:
    service, _, method = call["function"]["name"].partition(BETWEEN)
    given = json.loads(call["function"]["arguments"])
    rows = tuple(json.loads(answers.get(call["id"], "[]")))
    return Frame(_back(service), call=Call(_back(method), given), results=rows)


def faults(row: Any) -> list[str]:
    """Shapes, roles, calls without an answer and answers without a call, names and arguments that are none."""
    found = list(wrong(row, {"messages": list}, "dialogue"))
    if found:
        return found
    open_calls: dict[str, str] = {}
    for n, message in enumerate(row["messages"]):
        found += _message_faults(message, f"messages.{n}", open_calls)
    return found + [f"{where}: its call {name!r} has no answer" for name, where in open_calls.items()]


def _message_faults(message: Any, where: str, open_calls: dict[str, str]) -> Iterator[str]:
    if not isinstance(message, Mapping) or message.get("role") not in ("system", "user", "assistant", "tool"):
        yield f"{where}.role: not system, user, assistant or tool"
        return
    if message["role"] == "tool":
        if open_calls.pop(message.get("tool_call_id", ""), None) is None:
            yield f"{where}.tool_call_id: answers no call"
    elif open_calls:
        yield f"{where}: comes before the answers to {', '.join(open_calls)}"
    calls = message.get("tool_calls") or ()
    if not calls and not isinstance(message.get("content"), str):
        yield f"{where}.content: not a text"
    for each in calls:
        open_calls[each["id"]] = where
        if not _NAME.fullmatch(each["function"]["name"]):
            yield f"{where}.tool_calls: {each['function']['name']!r} is no name of a function"
        try:
            given = json.loads(each["function"]["arguments"])
        except json.JSONDecodeError:
            given = None
        if not isinstance(given, Mapping):
            yield f"{where}.tool_calls: the arguments of {each['id']!r} are no JSON object"
