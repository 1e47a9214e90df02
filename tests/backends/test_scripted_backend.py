"""The model the tests talk to."""

import json
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from millstream import ledger
from millstream.backends import scripted
from millstream.chat import Message, ask, request
from millstream.models import opened_model


class Inner(BaseModel):
    kind: Literal["a", "b"]
    share: float = Field(ge=0.5, le=1)


class Outer(BaseModel):
    name: str = Field(min_length=2)
    count: int = Field(gt=3)
    flag: bool
    maybe: Inner | None
    inner: Inner
    many: list[Inner] = Field(min_length=2)
    pair: tuple[int, str]
    constant: Literal["x"]
    spare: str = "not required"


async def test_echo_gives_the_smallest_instance_of_a_schema() -> None:
    wanted = await ask(scripted.connect(scripted.echo), "m", [Message("user", "a")], Outer)
    inner = Inner(kind="a", share=0.5)
    assert wanted == Outer(
        name="xx",
        count=4,
        flag=False,
        maybe=None,
        inner=inner,
        many=[inner, inner],
        pair=(0, ""),
        constant="x",
    )


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Reword:\n<draft>落地价 12 万</draft>", "落地价 12 万"),
        ("<draft>first</draft> and <draft> last\nline </draft>.", "last\nline"),
        ("no draft", ""),
        ("<draft>torn", ""),
        ("", ""),
    ],
)
async def test_echo_gives_the_last_draft(content: str, text: str) -> None:
    chat = scripted.connect(scripted.echo)
    asked = request("m", [Message("user", "<draft>not this</draft>"), Message("user", content)], n=2)
    assert (await chat(asked)).texts == (text, text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_any_constant_is_its_own_smallest_instance(value: object) -> None:
    schema = {"json_schema": {"name": "x", "schema": {"const": value}}}
    assert json.loads(scripted.echo(request("m", [Message("user", "a")], response_format=schema))) == value


async def test_the_model_called_scripted(tmp_path: Path) -> None:
    async with ledger.opened(tmp_path / "cache") as store, opened_model("scripted", "", store) as model:
        assert model.name == "scripted"
        assert (await model.chat(request(model.name, [Message("user", "<draft>hi</draft>")]))).text == "hi"
