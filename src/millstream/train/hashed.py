"""Texts as hashed words and pairs of words: vectors for a student where the encoder is too slow. Knows no labels."""

from collections.abc import Awaitable, Callable

import numpy as np
from sklearn.feature_extraction import FeatureHasher

from millstream.records import Lang
from millstream.train.features import grams

WIDTH = 4096
"""Places of the hash: a student's weights are dense."""


def hashed(lang: Lang) -> Callable[[list[str]], Awaitable[list[list[float]]]]:
    """An encoder: vectors of WIDTH numbers and length 1; of Chinese, characters and pairs of them."""
    hasher = FeatureHasher(WIDTH, input_type="string", alternate_sign=False)

    async def encode(texts: list[str]) -> list[list[float]]:
        found = np.sqrt(hasher.transform([grams(text, lang) for text in texts]).toarray())
        return (found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)).tolist()  # type: ignore[no-any-return]

    return encode
