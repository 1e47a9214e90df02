"""Likeness of replies to real ones: by words in English, by characters in Chinese, by vectors of whoever embeds."""

import pytest

from millstream.metrics import overlap


def test_the_same_is_all_and_nothing_shared_is_none() -> None:
    said = ["I have booked the table for you now."]
    assert overlap.bleu(said, said, "en", 4) == pytest.approx(100) and overlap.rouge_l(said, said) == pytest.approx(100)
    assert overlap.rouge_l(["yes"], said) == 0 and overlap.bleu(["yes"], said, "en", 2) < 5


def test_chinese_counts_by_characters() -> None:
    said, real = ["已经帮您退款了"], ["已经给您退款了"]
    assert overlap.rouge_l(said, real) == pytest.approx(100 * 6 / 7)  # six characters of seven, in their order
    assert overlap.bleu(said, real, "zh", 2) > 30


async def test_similarity_is_the_mean_cosine() -> None:
    async def embed(texts: list[str]) -> list[list[float]]:
        return [[1.0, 0.0] if "a" in text else [0.0, 1.0] for text in texts]

    assert await overlap.similarity(["a", "b"], ["a", "a"], embed) == pytest.approx(50)
