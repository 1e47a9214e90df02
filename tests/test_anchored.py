"""A run beside public corpora: the same figures as the measures give, and a reason where there is too little."""

import pytest

from builders import dialogue
from millstream import anchored
from millstream.metrics.intervals import Figure
from millstream.records import Dialogue


def many(count: int) -> list[Dialogue]:
    return [dialogue(number=n) for n in range(count)]


def test_few_dialogues_have_reasons_and_no_numbers() -> None:
    found = anchored.beside(many(9))
    assert {each.figure for each in found} == {Figure(None, why="9 dialogues, 10 are needed")}
    assert anchored.beside([]) == ()


def test_what_depends_on_the_size_is_told_of_enough_alone() -> None:
    found = {each.name: each for each in anchored.beside(many(20))}
    assert found["turns"].figure.value == 12 and found["turns"].anchors == {"CrossWOZ": 17.0}
    tokens = sum(len(turn) for turn in anchored.talk(anchored.own.conversation(dialogue())).turns)
    assert found["tokens a turn"].figure.value == pytest.approx(tokens / 12, abs=1e-6)
    assert found["CV"].figure.value is not None and found["distinct-2"].figure.why.endswith("20,000 are needed")
    assert found["rep4"].figure.why == "16 dialogues of a draw, 100 are needed"
    assert next(each for each in anchored.beside(many(130)) if each.name == "rep4").figure.value == 1.0


def test_every_corpus_has_every_measure() -> None:
    names = {each.name for each in anchored.beside(many(10))}
    for corpora in anchored.anchors().values():
        assert all(set(figures) == names for figures in corpora.values())
