"""Sentences about people for the tagger: each name stands where it is said to, and the others name nobody."""

import random

import pytest
import tagging_names


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_name_stands_where_it_is_said_to(lang: str) -> None:
    made = list(tagging_names.named(lang, 400, random.Random(5)))
    assert len({each.text for each in made}) > 390
    for each in made:
        names = [each.text[hit.start : hit.end] for hit in each.hits]
        assert names and all(name == name.strip() != "" and "{" not in name for name in names)
        assert all(one.end <= other.start for one, other in zip(each.hits, each.hits[1:], strict=False))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nobody_is_named_in_the_others(lang: str) -> None:
    made = list(tagging_names.nameless(lang, 400, random.Random(5)))
    assert all(each.text and not each.hits and "{" not in each.text for each in made)


def test_a_name_may_be_spelt_behind_itself() -> None:
    made = tagging_names.named("en", 2000, random.Random(5))
    spelt = [each for each in made for hit in each.hits if " " in each.text[hit.start + 1 : hit.start + 2]]
    assert spelt and all(len(each.hits) > 1 for each in spelt)
