"""Tokens' vectors from the real encoder: where each stands, in both languages."""

import numpy as np
import pytest

from millstream import weights
from millstream.tokens import WIDTH

tokens = pytest.importorskip("millstream.backends.tokens", reason="the extra `local` is not installed")


def test_a_token_knows_its_characters() -> None:
    text = "Ａ table\u3000at Silver Heron…"
    pieces = ["<s>", " que", "ry", ":", " A", " table", " at", " Silver", " Her", "on", "...", "</s>"]
    found = tokens._placed(text, pieces, np.arange(len(pieces) * WIDTH, dtype=np.float16).reshape(-1, WIDTH))
    said = [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)]
    assert said == ["Ａ", "table", "at", "Silver", "Her", "on", "…"] and len(found.vectors) == len(said)


def test_a_token_that_is_not_in_the_text_stands_nowhere() -> None:
    found = tokens._placed("ab", ["<s>", " que", "ry", ":", " a", "\ufffd", [255], "b"], np.zeros((8, WIDTH)))
    assert [*found.starts] == [0, 1]


@pytest.mark.model
@pytest.mark.skipif(not weights.have("e5-small"), reason="needs e5-small: millstream models --fetch e5-small")
async def test_the_same_value_near_and_in_another_context() -> None:
    async with tokens.connect(weights.fetch("e5-small"), threads=1) as encode:
        one, two, three = await encode(["Book a table for two.", "Reserve a table for two.", "我想要4.5分以上的酒店"])
    near = one.mean(17, 20) @ two.mean(20, 23)
    assert near / np.linalg.norm(one.mean(17, 20)) / np.linalg.norm(two.mean(20, 23)) > 0.9
    assert three.mean(3, 6).any() and three.vectors.shape[1] == WIDTH
