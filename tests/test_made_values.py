"""Values made up for the tagger: what is said is what was written, and every kind is made in both languages."""

import random

import pytest
import tagging_numbers
import tagging_values

from millstream.mine.find import fold
from millstream.mine.spelling import runs, tokens


@pytest.mark.parametrize("seed", range(60))
def test_digits_that_are_said_are_read_back(seed: int) -> None:
    rng = random.Random(seed)
    digits = tagging_numbers.digits(rng.randint(2, 12), rng)
    for say in (tagging_numbers.said_en, tagging_numbers.said_zh):
        read = "".join(run.digits for run in runs(tokens(fold(say(digits, rng)))))
        assert read == digits


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", sorted(tagging_values.MAKE))
def test_each_kind_is_made_anew_each_time(kind: str, lang: str) -> None:
    rng = random.Random(7)
    made = [tagging_values.MAKE[kind](lang, said, rng) for said in (True, False) for _ in range(100)]
    assert len(set(made)) > 100 and all(value == value.strip() != "" for value in made)
    if kind in ("phone", "card"):
        assert not any(char.isdigit() and char.isascii() for value in made[:100] for char in value)
