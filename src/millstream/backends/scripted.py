"""A model that answers from a function: what every test talks to. Knows no network."""

import json
import re
from collections.abc import Callable
from typing import Any

from millstream.chat import Chat, Reply, Request

_DRAFT = re.compile(r"<draft>(.*?)</draft>", re.DOTALL)


def connect(answer: Callable[[Request], str]) -> Chat:
    """Every choice asked for is the same answer."""

    async def chat(request: Request) -> Reply:
        return Reply((answer(request),) * int(json.loads(request.body).get("n", 1)))

    return chat


def echo(request: Request) -> str:
    """The smallest instance of the schema asked for, else the last message's last draft, else nothing."""
    body = json.loads(request.body)
    if schema := body.get("response_format", {}).get("json_schema", {}).get("schema"):
        return json.dumps(_smallest(schema, schema.get("$defs", {})))
    drafts = _DRAFT.findall(body["messages"][-1]["content"])
    return drafts[-1].strip() if drafts else ""


def _smallest(schema: dict[str, Any], defs: dict[str, Any]) -> Any:
    match schema:
        case {"const": value} | {"enum": [value, *_]}:
            return value
        case {"$ref": str(name)}:
            return _smallest(defs[name.rsplit("/", 1)[-1]], defs)
        case {"anyOf": [*choices]} | {"oneOf": [*choices]} | {"allOf": [*choices]}:
            return _smallest(next((each for each in choices if each.get("type") == "null"), choices[0]), defs)
        case {"type": [*types]}:
            return _smallest(schema | {"type": "null" if "null" in types else types[0]}, defs)
        case {"type": "object"}:
            fields = schema.get("properties", {})
            return {name: _smallest(fields[name], defs) for name in schema.get("required", ())}
        case {"type": "array"}:
            items = schema.get("prefixItems", []) or [schema.get("items", {})] * schema.get("minItems", 0)
            return [_smallest(each, defs) for each in items]
    return _smallest_scalar(schema)


def _smallest_scalar(schema: dict[str, Any]) -> Any:
    match schema.get("type"):
        case "string":
            return "x" * schema.get("minLength", 0)
        case "integer" | "number":
            least = schema.get("minimum", schema.get("exclusiveMinimum", -1) + 1)
            return min(least, schema["maximum"]) if "maximum" in schema else least
        case "boolean":
            return False
    return None
