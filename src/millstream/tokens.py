"""The vectors of a text's tokens, and a file that keeps them, so that no text is encoded twice. Knows no model.

A text is kept under its hash. A turn of twenty tokens takes 15 KB.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np

from millstream.errors import InputError

Encoder = Callable[[Sequence[str]], "list[Tokens]"]
WIDTH = 384
"""Numbers of a vector."""
_TOGETHER = 256


class Tokens(NamedTuple):
    """Of each token the characters of the text it stands for (from, to before), and its vector in float16."""

    starts: np.ndarray
    ends: np.ndarray
    vectors: np.ndarray

    def mean(self, start: int = 0, end: int = 1 << 30) -> np.ndarray:
        """Of the tokens that touch these characters; zeros where none does."""
        there = (self.starts < end) & (self.ends > start)
        if not there.any():
            return np.zeros(WIDTH, np.float32)
        return np.asarray(self.vectors[there].mean(axis=0, dtype=np.float32))


class Vectors:
    """Texts to their tokens' vectors: from memory, from the file (":memory:" keeps none), or from the encoder."""

    def __init__(self, encode: Encoder, path: Path | str = ":memory:") -> None:
        self._encode = encode
        try:
            self._file = sqlite3.connect(path)
            self._file.execute("CREATE TABLE IF NOT EXISTS tokens (text BLOB PRIMARY KEY, places BLOB, vectors BLOB)")
        except sqlite3.DatabaseError as error:
            raise InputError("not a file of vectors", str(path), "name another, or remove it") from error

    def need(self, texts: Iterable[str], on_more: Callable[[int, int], None] = lambda done, total: None) -> None:
        """Encodes what is not there yet, many texts together; `on_more(done, total)` is called behind each part."""
        new = [text for text in dict.fromkeys(texts) if text and not self._found(text)]
        for at in range(0, len(new), _TOGETHER):
            part = new[at : at + _TOGETHER]
            for text, made in zip(part, self._encode(part), strict=True):
                places = np.stack([made.starts, made.ends]).astype(np.int32).tobytes()
                row = (_key(text), places, made.vectors.astype(np.float16).tobytes())
                self._file.execute("INSERT OR REPLACE INTO tokens VALUES (?, ?, ?)", row)
            self._file.commit()
            on_more(min(at + _TOGETHER, len(new)), len(new))

    def __getitem__(self, text: str) -> Tokens:
        self.need([text])
        places, vectors = self._found(text) or (b"", b"")
        starts, ends = np.frombuffer(places, np.int32).reshape(2, -1)
        return Tokens(starts, ends, np.frombuffer(vectors, np.float16).reshape(-1, WIDTH))

    def close(self) -> None:
        self._file.close()

    def _found(self, text: str) -> tuple[bytes, bytes] | None:
        row = self._file.execute("SELECT places, vectors FROM tokens WHERE text = ?", (_key(text),)).fetchone()
        return row if row is None else (row[0], row[1])


def _key(text: str) -> bytes:
    return sha256(text.encode("utf-8", "replace")).digest()
