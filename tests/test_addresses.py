"""An address is shown without whose it is, wherever one is shown."""

from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from millstream import ledger, routes, wire
from millstream.addresses import address, shown
from millstream.backends import anthropic, openai, openai_batch, openai_embedding
from millstream.chat import Limits, Message, request, stacked
from millstream.errors import ChatError, InputError
from millstream.providers import provider
from millstream.slots import Slots

SECRET = "http://me:s3cret@127.0.0.1:9/v1"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (SECRET, "http://127.0.0.1:9/v1"),
        ("https://host/v1/@cf/big?q=a@b", "https://host/v1/@cf/big?q=a@b"),
        ("https://me@host?to=a@b", "https://host?to=a@b"),
        ("me:s3cret@host:3128", "host:3128"),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_whose_it_is(url: str, told: str) -> None:
    assert shown(url) == told


@pytest.mark.parametrize(
    "url",
    [
        "ftp://me:s3cret@host/v1",
        "http://me:s3cret@host:99999/v1",
        "http://me:s3cret/more@host/v1",
        "http://me:s3cret@ho\uff0fst/v1",
        "http://me:s3cret@[bad",
    ],
)
def test_what_is_no_address_is_told_without_its_password(url: str) -> None:
    for read in (address, provider):
        with pytest.raises(InputError, match="not a web address; give --base-url") as caught:
            read(url)
        assert "s3cret" not in str(caught.value) and "me:" not in str(caught.value)


async def test_nobody_answers_and_no_error_row_or_file_has_the_password(tmp_path: Path) -> None:
    asked = request("m", [Message("user", "hi")])
    async with ledger.opened(tmp_path / "cache") as store:
        for connect in (openai.connect, anthropic.connect):
            async with connect(SECRET, proxies=False) as chat:
                with pytest.raises(ChatError, match=r"^http://127\.0\.0\.1:9/v1") as caught:
                    await stacked(chat, store, Slots(1), Limits(tries=1))(asked)
            assert "s3cret" not in str(caught.value)
    assert not any(b"s3cret" in path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.parametrize("status", [400, 429, 529])
async def test_nor_has_one_of_an_answer_of_batches_or_of_vectors(status: int) -> None:
    async def no(asked: web.Request) -> web.Response:
        return web.Response(status=status, text="no")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", no)
    async with TestServer(app) as server:
        url, told = f"http://me:s3cret@127.0.0.1:{server.port}/v1", f"^http://127.0.0.1:{server.port}/v1"
        for connect in (openai.connect, anthropic.connect):
            async with connect(url, proxies=False) as chat:
                with pytest.raises(ChatError, match=told):
                    await chat(request("m", [Message("user", "hi")]))
        async with openai_batch.opened(url, proxies=False) as queue:
            for asking in (queue.find("x"), queue.done("x")):
                with pytest.raises(ChatError, match=told):
                    await asking
        if status != 429:  # which it would try again for a while
            async with openai_embedding.connect(url, "m", proxies=False) as embedding:
                with pytest.raises(ChatError, match=told):
                    await embedding.query(["hi"])


def test_a_server_that_says_the_address_again_is_cut_short() -> None:
    assert wire.shown(f"no route for {SECRET}, key k-1", "k-1") == "no route for http://127.0.0.1:9/v1, key ***"


@pytest.mark.parametrize("spec", [f"big, small@{SECRET}", f"big, mine=small@{SECRET}", f"big@{SECRET}"])
def test_a_password_in_model_is_refused_for_settings_keep_it(spec: str) -> None:
    with pytest.raises(InputError, match="--model") as caught:
        routes.routes(spec, "http://127.0.0.1:8000/v1")
    assert "s3cret" not in str(caught.value)
