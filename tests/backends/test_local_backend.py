"""The embedded engine, with the weights of this machine. Without the extra or the weights it is skipped."""

import asyncio
import importlib.util
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from millstream import ledger, weights
from millstream.chat import Message, ask, request
from millstream.errors import ChatError, InputError
from millstream.models import Model, opened_embedding, opened_model

pytestmark = pytest.mark.model
engine = pytest.mark.skipif(not importlib.util.find_spec("xllamacpp"), reason="needs the extra `local`")


def needs(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not weights.have(name), reason=f"needs {name}: millstream models fetch {name}")


class Wish(BaseModel):
    product: str
    most: int


@pytest.fixture
async def model(tmp_path: Path) -> AsyncIterator[Model]:
    async with ledger.opened(tmp_path / "cache") as store, opened_model("local", "", store) as opened:
        yield opened


def say(text: str) -> list[Message]:
    return [Message("system", "Answer in one short line."), Message("user", text)]


@engine
@needs("qwen2.5-coder-1.5b")
async def test_it_speaks_the_protocol(model: Model, tmp_path: Path) -> None:
    """One load of the model, for it is slow: choices, prefix cache, logprobs, schema, errors."""
    opener = request(model.name, say("Say good morning to the viewers of a car show."), n=3, max_tokens=12, seed=1)
    three = await model.chat(opener)
    assert len(three.texts) == 3 and all(three.texts)
    one = request(
        model.name, say("Is the sky blue? Yes or no."), max_tokens=1, temperature=0, logprobs=True, top_logprobs=3
    )
    first = await model.chat(one)
    assert first.logprobs is not None and len(first.logprobs[0][0]["top_logprobs"]) == 3
    again = await model.chat(request(model.name, say("Is the sky blue? Yes or no!"), max_tokens=1, temperature=0))
    assert again.tokens_cached > again.tokens_in / 2, "the shared beginning is not read again"
    with pytest.raises(ChatError, match="context"):
        await model.chat(request(model.name, say("word " * 6000), max_tokens=1))
    want = say("I want a hoodie for at most 30 dollars. Give product and most as JSON.")
    wish = await ask(model.chat, model.name, want, Wish, temperature=0, max_tokens=60)
    assert wish.most == 30 and "hoodie" in wish.product.lower()
    tally = ledger.spent(tmp_path / "cache").total
    assert (tally.attempts, tally.failures) == (5, 1)


@engine
@needs("qwen2.5-coder-1.5b")
async def test_it_ends_while_somebody_still_asks(tmp_path: Path) -> None:
    async with ledger.opened(tmp_path / "cache") as store:
        async with opened_model("local", "", store) as model:
            asking = asyncio.ensure_future(model.chat(request(model.name, say("Tell a long story."), max_tokens=900)))
            await asyncio.sleep(0.5)
            asking.cancel()
        assert await asyncio.gather(asking, return_exceptions=True)


@engine
@needs("e5-small")
async def test_vectors_say_what_is_alike() -> None:
    async with opened_embedding() as embedding:
        (question,) = await embedding.query(["快递几天能到"])
        near, far = await embedding.passage(["We ship within three to five days", "Our cat is cute"])
        wide, plain = await embedding.query(["ＡＢＣ　１２３", "ABC 123"])
        hostile = await embedding.query(["", "\0", "\ud800", "😀" * 3000, "龘" * 3000])
        assert await embedding.query([]) == []
    assert dot(question, near) > dot(question, far)
    assert dot(wide, plain) > 0.999
    assert all(abs(dot(each, each) - 1) < 1e-3 for each in hostile)


def dot(a: list[float], b: list[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


@engine
async def test_a_file_that_is_no_model_is_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(b"rubbish")
    async with ledger.opened(tmp_path / "cache") as store:
        with pytest.raises(InputError, match=r"bad\.gguf: cannot be loaded"):
            async with opened_model(f"local:{path}", "", store):
                pass
        with pytest.raises(InputError, match="no such file; give the path of a GGUF file"):
            async with opened_model("local:none.gguf", "", store):
                pass
        with pytest.raises(InputError, match="no model 'nosuch' in the catalogue; there are: qwen"):
            async with opened_model("local:nosuch", "", store):
                pass
        with pytest.raises(InputError, match="e5-small does not chat"):
            async with opened_model("local:e5-small", "", store):
                pass
