"""One hash for one dataset: the order says nothing, every word does."""

from hypothesis import given
from hypothesis import strategies as st

import builders
from millstream import dataset
from millstream.records import Dialogue


def some(count: int) -> list[Dialogue]:
    made = builders.dialogue()
    return [
        made.model_copy(update={"scenario": made.scenario.model_copy(update={"number": n})}) for n in range(count)
    ]


@given(st.permutations(some(5)))
def test_the_order_changes_nothing(shuffled: list[Dialogue]) -> None:
    assert dataset.digest(shuffled) == dataset.digest(some(5))


def test_a_word_a_label_and_a_dialogue_more_change_it() -> None:
    made = some(3)
    turn = made[1].turns[0]
    worded = made[1].model_copy(update={"turns": (turn.model_copy(update={"text": "no"}), *made[1].turns[1:])})
    ended = made[1].model_copy(update={"ended": "abandoned" if made[1].ended != "abandoned" else "success"})
    hashes = {dataset.digest(each) for each in (made, made[:2], [made[0], worded, made[2]], [made[0], ended, made[2]])}
    assert len(hashes) == 4 and all(len(each) == 64 for each in hashes)


def test_no_dialogue_is_a_dataset_too() -> None:
    assert dataset.digest([]) == dataset.digest(iter(()))
