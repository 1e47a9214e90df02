"""Requests as each server takes them. The shapes were written by us after the servers' public documentation."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field

from millstream.chat import Message, Reply, Request, request
from millstream.errors import ChatError
from millstream.providers import Provider, fitted, joined, provider, providers, sent, together, unenforced

BY_NAME = {each.name: each for each in providers()}


class Wish(BaseModel):
    slot: str = Field(min_length=1)
    most: int = Field(ge=0, le=9)
    tags: list[str] = Field(max_length=3, json_schema_extra={"uniqueItems": True})


def body(**more: Any) -> dict[str, Any]:
    return {"model": "m", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 9, **more}


SCHEMA = {"type": "json_schema", "json_schema": {"name": "Wish", "schema": Wish.model_json_schema()}}


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://api.openai.com/v1", "openai"),
        ("https://openrouter.ai/api/v1", "openrouter"),
        ("https://dashscope.aliyuncs.com/compatible-mode/v1", "dashscope"),
        ("http://127.0.0.1:11434/v1", "ollama"),
        ("http://gpu-7:8000/v1", "vllm"),
        ("https://evil-api.openai.com.example.org/v1", "other"),
        ("https://notopenrouter.ai/v1", "other"),
        ("http://127.0.0.1:55555/v1", "other"),
    ],
)
def test_an_address_says_whose_server_it_is(url: str, name: str) -> None:
    assert provider(url).name == name


def test_the_table_ends_with_a_row_that_fits_everything() -> None:
    assert providers()[-1] == Provider("other") and len(BY_NAME) == len(providers())
    assert all(each.hosts or each.ports for each in providers()[:-1])


def test_what_a_server_does_not_take_is_left_out_or_renamed() -> None:
    asked = body(seed=3, logprobs=True, temperature=0.5)
    assert sent(asked, BY_NAME["other"]) == asked == sent(asked, BY_NAME["vllm"])
    assert sent(asked, BY_NAME["mistral"]) == body(temperature=0.5, random_seed=3)
    assert "logprobs" not in sent(asked, BY_NAME["groq"])


def test_a_model_that_reasons_takes_other_keys() -> None:
    changed = sent(body(temperature=0.5, top_p=0.9) | {"model": "gpt-5-mini"}, BY_NAME["openai"])
    assert changed == {"model": "gpt-5-mini", "messages": body()["messages"], "max_completion_tokens": 9}


def test_a_schema_goes_into_words_where_no_grammar_takes_it() -> None:
    asked = body(response_format=SCHEMA)
    assert sent(asked, BY_NAME["vllm"]) == asked
    loose = sent(asked, BY_NAME["deepseek"])
    assert loose["response_format"] == {"type": "json_object"}
    assert '"slot"' in loose["messages"][0]["content"] and asked["messages"][0]["content"] == "hi"
    assert "response_format" not in sent(asked, Provider("x", schema="none"))


def test_the_page_on_models_has_the_table() -> None:
    page = (Path(__file__).parents[1] / "docs" / "models.md").read_text(encoding="utf-8")
    for each in providers():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{each.name}` |")]
        words = (*each.hosts, *map(str, each.ports), *each.without, *each.renamed, *each.unenforced)
        assert not [word for word in words if word not in row], each.name
        assert ("n calls" in row) == (each.choices == "one") and ("by grammar" in row) == (each.schema == "strict")


async def test_replies_joined_have_spent_what_each_has() -> None:
    whole = joined([Reply(("a",), 1, 2, 3, None, 4, 0.5), Reply(("b",), 1, 2, 3, None, 4, 0.25)])
    assert whole == Reply(("a", "b"), 2, 4, 6, None, 8, 0.75)
    assert joined([Reply(("a",)), Reply(("b",))]).cost is None


async def test_a_call_that_is_given_up_is_given_up_though_a_part_of_it_fails() -> None:
    async def failing() -> Reply:
        try:
            await asyncio.Event().wait()
        finally:
            raise ChatError("it fails as it is given up")

    asking = asyncio.ensure_future(together([failing(), failing()]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_several_choices_are_several_calls_where_a_server_gives_one() -> None:
    seen: list[Request] = []

    async def chat(asked: Request) -> Reply:
        seen.append(asked)
        return Reply((str(len(seen)),), 3, 1)

    asked = request("m", [Message("user", "hi")], n=3, seed=5)
    reply = await fitted(chat, BY_NAME["openrouter"])(asked)
    assert reply == Reply(("1", "2", "3"), 9, 3)
    assert [json.loads(each.body)["seed"] for each in seen] == [5, 6, 7]
    assert all("n" not in json.loads(each.body) for each in seen) and len({each.key for each in seen}) == 3
    seen.clear()
    await fitted(chat, BY_NAME["vllm"])(asked)
    assert seen == [asked], "a request that fits is sent as it is"


def test_keywords_that_no_grammar_keeps_are_named() -> None:
    schema = Wish.model_json_schema()
    assert unenforced(schema, BY_NAME["openai"]) == ["minLength", "uniqueItems"]
    assert unenforced(schema, BY_NAME["ollama"]) == ["maximum", "minLength", "minimum", "uniqueItems"]
    assert unenforced(schema, BY_NAME["other"]) == []
