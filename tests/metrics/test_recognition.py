"""A persona that shows in the words is matched to them; one that does not is matched by chance."""

from random import Random

import pytest

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")

from millstream.metrics import recognition
from millstream.metrics.recognition import Spoken
from millstream.records import Persona, Trait

SPORTS, THINGS = ("hiking", "fishing", "sailing", "skiing", "camping"), ("boat", "tent", "car")
NEEDS = [f"{one} {two}" for one in SPORTS for two in THINGS]


def spoken(need: str, text: str) -> Spoken:
    fields = (Trait(name="need", value=need, origin="schema"), Trait(name="age", value=None, origin="not_shown"))
    return Spoken(Persona(role="user", domain="shop", lang="en", fields=fields), text)


def test_a_persona_that_shows_is_recognised() -> None:
    shown = [spoken(need, f"hello, i want a {need.split()[1]} for {need.split()[0]}") for need in NEEDS * 3]
    (swapped, first) = recognition.rows(shown, 0)
    assert swapped.noticed.value > 0.9 > 0.7 > swapped.floor.value and first.noticed.value > 0.8
    assert first.floor.value == 0.2 and first.noticed.of == len(shown)


def test_one_that_does_not_is_left_to_chance() -> None:
    chance = Random(0)
    (swapped, first) = recognition.rows([spoken(need, f"number {chance.randint(0, 9)}") for need in NEEDS * 3], 0)
    assert swapped.noticed.value < 0.75 and first.noticed.value < 0.5


def test_few_personas_say_nothing() -> None:
    assert recognition.rows([spoken(need, "hello") for need in NEEDS[:3]], 0) == []
