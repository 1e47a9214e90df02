"""Sentence vectors from multilingual E5, in this process. Knows the model's two prefixes and its normaliser.

E5 wants "query: " before what is compared or asked, "passage: " before what is searched (Wang et al. 2024,
Multilingual E5 Text Embeddings, section 3). Importing this file needs the extra `local`.
"""

import asyncio
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from millstream.backends.local import Server, Settings, served
from millstream.errors import ItemError
from millstream.shapes import Embed, Embedding

_BATCH = 64
_LONGEST = 400
"""Characters of a text that are read. The model sees 512 tokens, and a character is at most about one."""


@asynccontextmanager
async def connect(path: Path, slots: int = 4, threads: int = 0) -> AsyncIterator[Embedding]:
    """Load the GGUF file `path`; it is freed with the context. The vectors have 384 numbers."""
    settings = Settings()
    settings.embedding, settings.n_parallel = True, slots
    settings.n_ctx = settings.n_batch = settings.n_ubatch = slots * 512
    running = [await served(settings, path, threads)]
    try:
        yield Embedding(_embed(running, "query: "), _embed(running, "passage: "), path.stem)
    finally:
        running.clear()  # its destructor stops it, though somebody may still hold an Embed


def _embed(running: list[Server], prefix: str) -> Embed:
    async def embed(texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = []
        for at in range(0, len(texts), _BATCH):
            batch = [prefix + _normal(text) for text in texts[at : at + _BATCH]]
            answer = await asyncio.to_thread(running[0].handle_embeddings, {"input": batch})
            if "data" not in answer:
                raise ItemError(f"embedding: {answer}")
            vectors += [row["embedding"] for row in answer["data"]]
        return vectors

    return embed


def _normal(text: str) -> str:
    """NFKC, which the converted tokenizer has lost: without it full-width letters are strangers."""
    return unicodedata.normalize("NFKC", text.encode("utf-8", "replace").decode())[:_LONGEST]
