"""The candidates of a line and what is seen of them, in both readings."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from millstream.mine.linking.bag import Bag
from millstream.mine.linking.chat import (
    RIVALS,
    Table,
    chosen,
    first_reading,
    in_question,
    own_weights,
    second_reading,
    worded,
)
from millstream.mine.linking.lines import Line, Lines
from millstream.mine.linking.overlap import band
from millstream.mine.linking.pairs import KEPT, PLACED, Pairs
from millstream.mine.linking.threads import NAMES, Threads, threads

_WORDS = ("mount", "disk", "printer", "driver", "anna", "bob2", "thanks", "yes")


@st.composite
def chats(draw: st.DrawFn) -> list[Line]:
    size = draw(st.integers(1, 40))
    who = st.sampled_from(["anna", "bob2", "carl", "dora"])
    texts = st.lists(st.sampled_from(_WORDS), max_size=4).map(" ".join)
    return [Line(draw(who), float(at * 7), draw(texts), draw(st.integers(0, 9)) == 0) for at in range(size)]


@given(chats())
def test_candidates_come_before_and_the_line_itself_is_last(lines: list[Line]) -> None:
    chat = Lines(lines)
    pairs = Pairs(chat, own_weights(lines))
    for row in range(len(lines)):
        cands, table = pairs.of(row)
        assert cands[-1] == row and len(cands) <= KEPT and (np.diff(cands) > 0).all()
        assert not chat.system[cands[:-1]].any(), "nobody answers the platform"
        assert table.shape == (len(cands), len(pairs.names))
        assert pairs.names[PLACED - 1 : PLACED + 1] == ["line after there is mine", "names them"]


@given(chats())
def test_the_second_reading_adds_its_features(lines: list[Line]) -> None:
    chat = Lines(lines)
    table = first_reading(chat, own_weights(lines))
    share = np.concatenate([np.full(size, 1 / size) for size in table.sizes])
    again = second_reading(chat, table, share)
    assert again.table.shape[1] == PLACED + len(NAMES)
    links = chosen(again, share, least=0.4)
    assert {row for row, _, _ in links} == {row for row, size in enumerate(table.sizes) if size < 3}


@given(chats())
def test_in_question_are_the_best_of_each_line(lines: list[Line]) -> None:
    chat = Lines(lines)
    before = first_reading(chat, own_weights(lines))
    share = np.concatenate([np.arange(size, 0.0, -1) / size for size in before.sizes])
    again = second_reading(chat, before, share)
    told = worded(chat, Bag(("thanks",), np.array([[2.0, 0.0, -1.0, 0.0]], dtype=np.float32), np.zeros(4, "f4")))
    asked = in_question(before, share, again, share, told)
    assert asked.sizes.tolist() == [min(size, RIVALS) for size in before.sizes]
    for old, new in zip(starts(before), starts(asked), strict=True):
        assert before.cands[old : old + RIVALS].tolist()[0] == asked.cands[new]
        assert asked.table[new, :3].tolist() == [np.float32(share[old])] * 2 + [0.0], "the best comes with rank 0"
        assert asked.table[new, 11:15].tolist() == told[np.flatnonzero(np.cumsum(before.sizes) > old)[0]].tolist()
        assert asked.table[new, 15:19].tolist() == told[asked.cands[new]].tolist()


def starts(table: Table) -> list[int]:
    return [0, *np.cumsum(table.sizes)[:-1].tolist()]


def test_shared_words_count_by_distance_and_rarity() -> None:
    weight = {"rare": 5.0, "common": 1.0}
    cosine, shared = band([{"rare"}, {"common"}, {"rare", "common"}], weight, 9.0, back=2)
    assert shared[2].tolist() == [0.0, 1.0, 5.0]
    assert cosine[2, 2] > cosine[2, 1] > 0
    assert band([{"rare"}, set(), {"rare"}], weight, 9.0, back=1)[1][2].tolist() == [0.0, 0.0], "too far back"


def test_threads_follow_the_best_answer() -> None:
    score = np.array([[1, 0, 0], [0.1, 0.9, 0], [0.8, 0.1, 0.1]], dtype=np.float32)
    assert threads(score).tolist() == [0, 1, 0]
    chat = Lines([Line("anna", 0, "a"), Line("bob2", 1, "b"), Line("carl", 2, "c")])
    told = dict(zip(NAMES, Threads(chat, score).of(2, np.array([0, 1, 2])).T.tolist(), strict=True))
    assert told["score"] == [np.float32(0.8), np.float32(0.1), np.float32(0.1)]
    assert told["thread size"] == [1, 1, 1]


def test_an_answer_needs_its_share() -> None:
    lines = [Line("anna", 0, "a"), Line("bob2", 1, "b"), Line("carl", 2, "c")]
    table = first_reading(Lines(lines), own_weights(lines))
    share = np.array([1.0, 0.2, 0.8, 0.5, 0.4, 0.1])
    assert chosen(table, share, least=0.35) == [(0, 0, 1.0), (1, 1, 0.8), (2, 0, 0.5), (2, 1, 0.4)]
    assert chosen(table, share, least=0.45) == [(0, 0, 1.0), (1, 1, 0.8), (2, 0, 0.5)]
    assert chosen(table, share, least=0.6) == [(0, 0, 1.0), (1, 1, 0.8)], "a line of which nothing is sure is left open"
