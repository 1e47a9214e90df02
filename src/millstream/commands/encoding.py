"""The embedded encoder as `evaluate` asks it: texts in, unit vectors out, no text twice; and as trackers do, with a
vector of each token. Knows no corpora.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from millstream.models import opened_embedding
from millstream.shapes import Embedding
from millstream.tokens import Vectors


class Encoder:
    """`seconds` by the clock went into encoding."""

    def __init__(self, embedding: Embedding, loop: asyncio.Runner) -> None:
        self.seconds = 0.0
        self._embedding, self._loop = embedding, loop
        self._known: dict[str, list[float]] = {}

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float64]:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        begun = time.perf_counter()
        self._known |= dict(zip(new, self._loop.run(self._encoded(new)), strict=True))
        self.seconds += time.perf_counter() - begun
        return np.array([self._known[text] for text in texts])

    async def _encoded(self, texts: list[str]) -> list[list[float]]:
        return await self._embedding.query(texts)


@contextmanager
def encoder() -> Iterator[Encoder]:
    """The weights are downloaded where they are not at hand; InputError says how else to get them."""
    with asyncio.Runner() as loop:
        stack = AsyncExitStack()
        embedding = loop.run(stack.enter_async_context(opened_embedding()))
        try:
            yield Encoder(embedding, loop)
        finally:
            loop.run(stack.aclose())


@contextmanager
def token_vectors(kept: Path | None) -> Iterator[Vectors]:
    """The vectors of tokens; those of texts that the file `kept` has are not worked out again."""
    with asyncio.Runner() as loop:
        stack = AsyncExitStack()
        encode = loop.run(stack.enter_async_context(opened_embedding(backend="tokens")))
        try:
            yield Vectors(lambda texts: loop.run(encode(texts)), kept or ":memory:")
        finally:
            loop.run(stack.aclose())
