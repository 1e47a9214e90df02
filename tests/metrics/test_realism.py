"""A detector finds a difference that is there and none that is not; its tells say which; its floors stay floors."""

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")

from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score
from talkers import CURT, PLAIN, halves, talk

from millstream.conversations import Conversation, Utterance
from millstream.errors import InputError
from millstream.metrics import detector, realism, repeated, surface, tells, windows
from millstream.metrics.windows import Window

PLAN = realism.Plan(turns=4)


def cut(name: str, sentences: tuple[str, ...], count: int = 60, things: str = "car hotel") -> list[Window]:
    return windows.drawn(talk(name, sentences, count, things=things), 4, 0)


def test_two_halves_of_one_generator_are_chance() -> None:
    first, second = halves(cut("one", PLAIN, 120))
    found = detector.judged(*windows.matched(first, second, 400))
    assert 0.35 < found.value < 0.65 and found.low < 0.5 < found.high


def test_two_manners_are_told_apart() -> None:
    assert detector.judged(cut("one", PLAIN), cut("two", CURT)).value > 0.99


def test_two_topics_are_not() -> None:
    found = detector.judged(cut("one", PLAIN, 100), cut("two", PLAIN, 100, things="moon river"))
    assert 0.35 < found.value < 0.65


def test_shuffled_labels_are_chance_even_where_the_sides_differ() -> None:
    assert 0.35 < detector.shuffled(cut("one", PLAIN), cut("two", CURT)) < 0.65


def test_the_floors_see_length_and_punctuation_alone() -> None:
    plain, marked = cut("one", ("well it is",)), cut("two", ("well it is!",))
    assert detector.judged(plain, marked, detector.punctuation_only).value > 0.99
    assert detector.judged(plain, marked, detector.length_only).value == pytest.approx(0.5)


def test_a_group_never_stands_on_both_sides_of_a_split() -> None:
    """Dialogues that are copies of a few would be told by heart if it did."""
    few = [each.model_copy(update={"group": each.turns[0].text}) for each in talk("one", PLAIN, 80)]
    found = windows.drawn(few, 4, 0)
    first, second = halves(found)
    assert not {each.group for each in first} & {each.group for each in second}


def test_a_tie_counts_half() -> None:
    labels, said = np.array([1, 1, 0, 0]), np.array([0.9, 0.5, 0.5, 0.1])
    assert detector.auc(labels, said) == 0.875
    assert detector.auc(labels, -said) == 0.125
    assert detector.auc(labels, np.zeros(4)) == 0.5


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2))
def test_the_auc_is_sklearns(rows: list[tuple[bool, int]]) -> None:
    labels, said = (np.array(side, dtype=int) for side in zip(*rows, strict=True))
    if 0 < labels.sum() < len(labels):
        assert detector.auc(labels, said) == pytest.approx(roc_auc_score(labels, said), abs=1e-9)


def test_the_plain_measures_by_hand() -> None:
    said = [("user", "Hi there"), ("agent", "Hello, what would you like?"), ("agent", "A car"), ("user", "No")]
    turns = tuple(Utterance(role=role, text=text) for role, text in said)
    one = Conversation(corpus="x", key="1", lang="en", turns=turns)
    found = surface.surface([windows.Window(one, 0, 4)])
    assert (found.dialogues, found.repetition, found.runs, found.short) == (1, 0.0, 0.25, 0.75)
    assert found.variation == pytest.approx(1.5 / 2.5)  # of 2, 5, 2, 1: deviations 0.5, 2.5, 0.5, 1.5
    assert found.openers == 100 and found.top_openers == 1.0


def test_windows_are_equal_and_do_not_overlap() -> None:
    found = windows.drawn(talk("one", PLAIN, 30), 3, 0)
    assert {len(each.turns) for each in found} == {3} and len(found) == 60
    assert len({(each.conversation.key, turn) for each in found for turn in range(each.start, each.start + 3)}) == 180
    assert windows.drawn(talk("one", PLAIN, 30), 9, 0) == []
    a, b = windows.matched(found, found[:7], 400)
    assert len(a) == len(b) == 7


def test_the_tells_say_what_differs_with_counts() -> None:
    ours, theirs = cut("one", ("well it is!", "how is it?")), cut("two", ("well it is", "how is it?"))
    found = tells.tells(ours, theirs, 5)
    assert any(
        "have an exclamation mark" in each.sentence and "theirs in 0% (0 of 240)" in each.sentence for each in found
    )
    best = next(each for each in found if "exclamation" in each.sentence)
    assert best.ours > 0.4 and best.theirs == 0 and best.example == "well it is!"
    assert len({each.feature for each in found}) == len(found)


def test_one_generator_gives_no_tell_with_a_large_difference() -> None:
    first, second = halves(cut("one", PLAIN, 200))
    shares = [each for each in tells.tells(*windows.matched(first, second, 400), 10) if "words" not in each.feature]
    assert all(abs(each.ours - each.theirs) < 0.15 for each in shares)


def test_a_whole_measurement() -> None:
    heard: list[int] = []
    found = realism.measured(
        talk("ours", PLAIN, 40),
        {"real en": talk("real", CURT, 40)},
        {"new en": talk("new", PLAIN, 40)},
        PLAN,
        heard.append,
    )
    assert [(row.kind, row.first, row.second) for row in found.rows] == [
        ("learned", "ours", "real en"),
        ("fresh", "ours", "new en"),
        ("real", "real en", "new en"),
    ]
    assert heard == [1, 2, 3]
    assert found.rows[0].auc.value > 0.99 > 0.7 > found.rows[1].auc.value
    assert found.surface["real en"].short > found.surface["ours"].short == 0


def test_too_little_is_one_line() -> None:
    with pytest.raises(InputError, match=r"real en: 5 dialogues have 4 turns or more, 20 are needed"):
        realism.measured(talk("ours", PLAIN, 40), {"real en": talk("real", CURT, 5)}, {}, PLAN, print)
    same = [each.model_copy(update={"group": "one car"}) for each in talk("ours", PLAIN, 40)]
    with pytest.raises(InputError, match="its dialogues are about fewer than 5 things"):
        realism.measured(same, {"real en": talk("real", CURT, 40)}, {}, PLAN, print)


def test_repetition_is_of_other_dialogues() -> None:
    texts = [text.split() for text in ("a b c d e", "a b c d x", "q r s t")]
    assert repeated.rep4(texts) == pytest.approx((0.5 + 0.5 + 0) / 3)
    assert repeated.rep4([["a", "b", "c", "d", "a", "b", "c", "d"]]) == 0.0
    assert repeated.rep4([["a", "b"]]) == 0.0
