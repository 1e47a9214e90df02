"""Worked examples of rewording: they are right themselves, the nearest are found, and a copy is known as one."""

import os
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream import domain as domains
from millstream import heard, worked
from millstream.play import prompting
from millstream.records import Lang

LANGS: tuple[Lang, ...] = ("zh", "en")
PACKAGED = [domains.read(name) for name in domains.names()]
EVERY_TRADE = PACKAGED[0].model_copy(
    update={"words": {lang: tuple(word for each in PACKAGED for word in each.words[lang]) for lang in LANGS}}
)
both = pytest.mark.parametrize("lang", LANGS)


@both
def test_an_example_keeps_every_number_and_is_no_copy(lang: Lang) -> None:
    examples = worked.every(lang)
    assert {each.role for each in examples} == {"user", "agent"}
    assert len({each.draft for each in examples}) > 100
    for each in examples:
        assert each.draft != each.line
        assert not heard.strange_numbers(each.line, [each.draft]), each
        assert not heard.strange_numbers(each.draft, [each.line]) or each.role == "user", each


@both
def test_a_line_is_named_like_its_draft(lang: Lang) -> None:
    """What a line names, its draft names."""
    for each in worked.every(lang):
        assert set(worked.names(each.line)) <= set(worked.names(each.draft)), each


def without_numbers(text: str) -> str:
    return re.sub(r"[\d.]+", "", text)


@both
def test_the_nearest_comes_last_and_is_of_the_same_role(lang: Lang) -> None:
    for each in worked.every(lang)[::7]:
        found = worked.shown(EVERY_TRADE, lang, each.role, each.draft, 3, seed=1)
        assert without_numbers(each.draft) == without_numbers(found[-1].draft)
        assert {other.role for other in found} == {each.role} and len(set(found)) == 3


def test_chance_alone_never_beats_a_like_draft() -> None:
    asked = "好的。座位数有要求吗？"
    assert all("座位" in worked.shown(EVERY_TRADE, "zh", "agent", asked, 2, seed)[-1].draft for seed in range(50))
    assert len({tuple(worked.shown(EVERY_TRADE, "zh", "agent", asked, 4, seed)) for seed in range(50)}) > 1


def test_no_example_of_another_trade_is_shown() -> None:
    cars, asked = domains.read("automotive"), "您好，欢迎。您一晚预算大概多少？"
    told = {each.line for seed in range(20) for each in worked.shown(cars, "zh", "agent", asked, 3, seed)}
    assert told and not [line for line in told if "一晚" in line]
    rooms = {each.line for each in worked.shown(domains.read("hotel"), "zh", "agent", asked, 3, 0)}
    assert any("一晚" in line for line in rooms)


@both
def test_examples_are_a_conversation_before_the_task(lang: Lang) -> None:
    shots = prompting.shots(lang, worked.every(lang)[:4])
    assert [shot.role for shot in shots] == ["user", "assistant"] * 4
    assert all(shot.content.count("<draft>") == 1 for shot in shots[::2])


@both
def test_a_copy_is_known_as_one(lang: Lang) -> None:
    each = worked.every(lang)[0]
    assert worked.echoes(lang, each.role, each.line)
    assert not worked.echoes(lang, each.role, "全都不一样 totally different")


@given(st.text(max_size=60), st.integers(0, 9))
def test_any_draft_finds_examples(draft: str, seed: int) -> None:
    found = worked.shown(EVERY_TRADE, "zh", "user", draft, 3, seed)
    assert len(found) == 3 and {each.line for each in found} <= set(worked.manner(EVERY_TRADE, "zh", "user", draft))


@both
def test_every_try_is_shown_others(lang: Lang) -> None:
    first, *later = worked.shown_by_turns(EVERY_TRADE, lang, "user", worked.every(lang)[0].draft, 2, seed=3)
    assert first == worked.shown(EVERY_TRADE, lang, "user", worked.every(lang)[0].draft, 2, seed=3)
    assert len(later) == worked.NEAR // 2 - 1 and not any(set(first) & set(other) for other in later)


def test_a_made_up_thing_is_known_in_small_letters_too() -> None:
    assert worked.names("any allergens in the clay pot duck?") == ["Clay Pot"]


def test_the_same_examples_are_near_in_every_process() -> None:
    """A set of words has another order in another process; a rounding by it would make a replay ask other requests."""
    told = (
        "from millstream import domain, worked; near = worked.near; "
        "drafts = [each.draft for each in worked.every('en')][:60]; "
        "print([near(domain.read('restaurant'), 'en', 'agent', a + ' ' + b) for a, b in zip(drafts, drafts[7:])])"
    )
    seeds = [os.environ | {"PYTHONHASHSEED": seed} for seed in "123"]
    first, *others = [subprocess.check_output([sys.executable, "-c", told], env=seed) for seed in seeds]
    assert all(other == first for other in others)
