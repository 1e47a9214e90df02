"""Vectors of the tokens of a text, each in its context, from multilingual E5 in this process. Knows where in the text
each stands, and nothing of what it is used for. Importing this file needs the extra `local`.

llama.cpp gives them where nothing is pooled, and only over its own `/embedding`, not over the OpenAI protocol.
"""

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import xllamacpp

from millstream.backends.local import Settings, served
from millstream.errors import ItemError
from millstream.tokens import Tokens

_PREFIX = "query: "
"""What E5 wants before a text that is compared (Wang et al. 2024, Multilingual E5 Text Embeddings, section 3)."""
_LONGEST = 400
"""Characters of a text that are read."""
_BATCH = 32
Encode = Callable[[Sequence[str]], Awaitable[list[Tokens]]]


@asynccontextmanager
async def connect(path: Path, slots: int = 4, threads: int = 0) -> AsyncIterator[Encode]:
    """Load the GGUF file `path`; it is freed with the context. A vector has 384 numbers."""
    settings = Settings()
    settings.embedding, settings.n_parallel = True, slots
    settings.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_NONE
    settings.n_ctx = settings.n_batch = settings.n_ubatch = slots * 512
    server = await served(settings, path, threads)
    try:
        once = aiohttp.TCPConnector(force_close=True)  # the server drops connections that wait
        async with aiohttp.ClientSession(server.listening_address, connector=once) as session:
            yield _encode(session)
    finally:
        del server  # its destructor stops it


def _encode(session: aiohttp.ClientSession) -> Encode:
    async def asked(path: str, body: dict[str, Any]) -> Any:
        async with session.post(path, json=body) as answer:
            if answer.status != 200:
                raise ItemError(f"embedding: {await answer.text()}")
            return await answer.json()

    async def encode(texts: Sequence[str]) -> list[Tokens]:
        made: list[Tokens] = []
        for at in range(0, len(texts), _BATCH):
            batch = texts[at : at + _BATCH]
            said = [_PREFIX + _normal(text)[0] for text in batch]
            vectors = await asked("/embedding", {"content": said})
            cut = [asked("/tokenize", {"content": each, "with_pieces": True, "add_special": True}) for each in said]
            pieces = await asyncio.gather(*cut)
            for n, text in enumerate(batch):
                found = np.array(vectors[n]["embedding"], np.float16)
                made.append(_placed(text, [each["piece"] for each in pieces[n]["tokens"]], found))
        return made

    return encode


def _normal(text: str) -> tuple[str, list[int]]:
    """(NFKC of the text, which the converted tokenizer has lost; of each of its characters, where it comes from)."""
    plain = text.encode("utf-8", "replace").decode()
    made = [(char, n) for n, one in enumerate(plain) for char in unicodedata.normalize("NFKC", one)][:_LONGEST]
    return "".join(char for char, _ in made), [n for _, n in made]


def _placed(text: str, pieces: Sequence[Any], vectors: np.ndarray) -> Tokens:
    """The tokens of the text itself, with the characters of `text` that each stands for. A token that is not found
    (a byte, an unknown sign) stands nowhere."""
    normal, source = _normal(text)
    whole, at = _PREFIX + normal, 0
    starts, ends, kept = [], [], []
    for n, piece in enumerate(pieces):
        bare = piece.strip() if isinstance(piece, str) else ""
        found = whole.find(bare, at, at + len(bare) + 4) if bare else -1
        if found < 0:
            continue
        at = found + len(bare)
        if found >= len(_PREFIX):
            starts.append(source[found - len(_PREFIX)])
            ends.append(source[at - 1 - len(_PREFIX)] + 1)
            kept.append(n)
    return Tokens(np.array(starts, np.int32), np.array(ends, np.int32), vectors[kept])
