"""Answers that were to be JSON: what no grammar enforced is said, what had to be mended is flagged. Knows no schema's
meaning: whoever asked validates every answer again (chat.ask).

Mending is the same every time, and stands outside the cache: the reply is kept as it came.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from millstream.chat import Chat, Reply, Request
from millstream.providers import Provider, unenforced

_FENCE = re.compile(r"^\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*$", re.DOTALL | re.IGNORECASE)
_COMMA = re.compile(r",(\s*[}\]])")
_ASKED = b'"response_format"'


def mending(chat: Chat, provider: Provider, note: Callable[[str], None]) -> Chat:
    """`note` is told once for each schema what the provider's grammar leaves out, and each time an answer is mended."""
    told: set[str] = set()

    async def ask(asked: Request) -> Reply:
        if _ASKED not in asked.body:
            return await chat(asked)
        schema = (json.loads(asked.body)["response_format"].get("json_schema") or {}).get("schema")
        for keyword in unenforced(schema, provider):
            if keyword not in told:
                told.add(keyword)
                note(f"JSON schema: {keyword} is not enforced by {provider.name}, and checked in the answers")
        reply = await chat(asked)
        return replace(reply, texts=tuple(_noted(text, note) for text in reply.texts))

    return ask


def _noted(text: str, note: Callable[[str], None]) -> str:
    found, how = mended(text)
    if how:
        note(f"JSON mended: {how}")
    return found


def mended(text: str) -> tuple[str, str]:
    """(JSON, what was mended); the text as it is, and "", where it is JSON already or cannot be mended."""
    if _is_json(text):
        return text, ""
    if fenced := _FENCE.match(text):
        inner, how = mended(fenced[1])
        if _is_json(inner):
            return inner, f"in a code fence, {how}" if how else "in a code fence"
    start, end = text.find("{"), text.rfind("}")
    tries = [(_COMMA.sub(r"\1", text), "a comma too many")]
    if 0 <= start < end:
        part = text[start : end + 1]
        tries += [(part, "words around it"), (_COMMA.sub(r"\1", part), "words around it, a comma too many")]
    return next(((each, how) for each, how in tries if _is_json(each)), (text, ""))


def _is_json(text: str) -> bool:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict | list)
