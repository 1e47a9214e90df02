"""JSON that had to be mended is flagged; what cannot be mended stays as it came."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from millstream.chat import Message, Reply, Request, ask, request
from millstream.providers import Provider
from millstream.structured import mended, mending

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
)


class Wish(BaseModel):
    slot: str = Field(min_length=2)


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ('{"a": 1}', ""),
        ('```json\n{"a": 1}\n```', "in a code fence"),
        ('```\n{"a": 1,}\n```', "in a code fence, a comma too many"),
        ('Sure! Here it is: {"a": 1} Anything else?', "words around it"),
        ('{"a": 1,}', "a comma too many"),
        ('{"a": 1', ""),
        ("no", ""),
        ("", ""),
        ("{}" * 3, ""),
        ("[" * 100_000, ""),
        ('"a string"', ""),
    ],
)
def test_what_is_mended_and_what_is_not(text: str, how: str) -> None:
    found, said = mended(text)
    assert said == how
    assert json.loads(found) == {"a": 1} if how else found == text


@given(VALUES.filter(lambda value: isinstance(value, dict | list)), st.sampled_from(["{}", "```json\n{}\n```"]))
def test_json_comes_through_as_it_was(value: Any, form: str) -> None:
    text = json.dumps(value, ensure_ascii=False)
    found, _ = mended(form.replace("{}", text))
    assert json.loads(found) == value


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    found, how = mended(text)
    assert (found == text) == (not how)


async def test_it_is_flagged_and_what_no_grammar_enforces_is_said_once() -> None:
    notes: Counter[str] = Counter()

    async def chat(asked: Request) -> Reply:
        return Reply(('```json\n{"slot": "price"}\n```',))

    loose = Provider("loose", unenforced=("minLength",))
    watched = mending(chat, loose, lambda note: notes.update([note]))
    for n in range(3):
        assert await ask(watched, "m", [Message("user", str(n))], Wish) == Wish(slot="price")
    assert notes == {
        "JSON schema: minLength is not enforced by loose, and checked in the answers": 1,
        "JSON mended: in a code fence": 3,
    }
    plain = await watched(request("m", [Message("user", "hi")]))
    assert plain.text.startswith("```"), "nobody asked for JSON"
