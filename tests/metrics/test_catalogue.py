"""Every measure that `evaluate` prints equals a case worked by hand or another library to 1e-6; none is left out."""

import math
import zlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")

from scipy.linalg import svdvals

from millstream import evaluate
from millstream.conversations import Conversation, Utterance
from millstream.metrics import catalogue, manners, spread, tokens
from millstream.metrics.adherence import Plan
from millstream.records import Lang

EXACT = 1e-6
ONE = (
    ("user", "Hi, I want the red car."),
    ("agent", "Well, okay. The red car is great!"),
    ("agent", "Is that fine?"),
    ("user", "It's expensive"),
    ("user", "Yes, great, thanks"),
)
TWO = (("user", "Hi, I want the blue car."), ("agent", "No."))
THREE = (("user", "Hi, I want the blue car."), ("agent", "Bad luck, sorry"))
CHINESE = (
    ("user", "主播，想看红色的款"),
    ("agent", "嗯，这款不错！多少预算？"),
    ("user", "二十万吧，太贵了"),
    ("user", "好的，谢谢"),
)


def said(*turns: tuple[str, str], lang: Lang = "en", key: str = "1") -> tokens.Talk:
    made = tuple(Utterance(role=role, text=text) for role, text in turns)  # type: ignore[arg-type]
    return tokens.talk(Conversation(corpus="x", key=key, lang=lang, turns=made, group=key))


TALKS = [said(*each, key=str(n)) for n, each in enumerate((ONE, TWO, THREE))]

WORDS = list("abcdabceabcdf")
"""Forwards: of "a b c d a b" four of six differ, a factor closes; six of the seven left do, .51 of a factor. Backwards
the ratio falls below .72 at the ninth word (6 of 9), and the four left all differ."""
LEXICAL = {
    "distinct-1": 6 / 13,
    "distinct-2": 7 / 12,
    "MATTR": 6 / 13,
    "MTLD": (13 / (1 + (1 - 6 / 7) / 0.28) + 13) / 2,
    "HD-D": 2 / 42,
}
REPEATED = {
    "rep4": (1 / 18 + 3 / 4 + 3 / 6) / 3,
    "self-repetition": (math.log(3) + 2 * math.log(5)) / 3,
    "self-BLEU": (
        (5 / 21 * 3 / 20 * 2 / 19 * 1 / 18) ** 0.25
        + (6 / 7 * 5 / 6 * 4 / 5 * 3 / 4) ** 0.25 * math.exp(1 - 9 / 7)
        + (6 / 9 * 5 / 8 * 4 / 7 * 3 / 6) ** 0.25
    ) / 3,
    "duplicate turns": 1 / 9,
    "top 5 openers": 1.0,
}
MANNERS: dict[str, tuple[float, float]] = {
    "user mood": (1 / 3, 1 / 3),
    "agent mood": (1, 1),
    "rise of the user's mood": (2, 2),
    "stir of the mood": (1.04**0.5, 1.25**0.5),
    "tokens a turn": (21 / 5, 28 / 4),
    "letters a token": (77 / 21, 1),
    "sentences a turn": (6 / 5, 5 / 4),
    "variation of turn length": (3.76**0.5 / 4.2, 3.5**0.5 / 7),
    "questions": (1 / 5, 1 / 4),
    "acknowledgements": (1 / 5, 2 / 4),
    "fillers": (1 / 5, 1 / 4),
    "thanks": (1 / 5, 1 / 4),
    "turns a dialogue": (5, 4),
    "user's share of tokens": (11 / 21, 19 / 28),
    "same speaker again": (2 / 5, 1 / 4),
    "turns of two words or fewer": (1 / 5, 1 / 4),
    "taken up from the turn before": ((3 / 7 + 1 / 3) / 4, 1 / 9 / 3),
}
"""English, Chinese."""
PLANNED = {
    "next turn first": 1.0,
    "next turn first, shuffled": 1.0,
    "unsupported claims": 1 / 8,
    "blueprint, by labels": 1.0,
    "blueprint, as heard": 1.0,
    "of another, as heard": 2 / 3,
    "key facts kept": 3 / 4,
}
"""Of `planned`: a dialogue's turns share a word that no other has, so the next is found in any order; a path that is
turned round by one has two of its three moves in order."""


@pytest.mark.parametrize(("name", "expected"), LEXICAL.items())
def test_wording(name: str, expected: float) -> None:
    measure = next(each for each in catalogue.LEXICAL if each.name == name)
    found = ["a"] * 30 + ["b"] * 12 if name == "HD-D" else WORDS
    assert measure.of(found) == pytest.approx(expected, abs=EXACT)


def test_compression_is_zlibs_with_the_frame_of_gzip() -> None:
    """RFC 1952: ten bytes before and eight behind what deflate makes."""
    text = " ".join(WORDS * 40)
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    pressed = press.compress(text.encode()) + press.flush()
    measure = next(each for each in catalogue.LEXICAL if each.name == "compression")
    assert measure.of(WORDS * 40) == pytest.approx(len(text) / (len(pressed) + 18), abs=EXACT)


@pytest.mark.parametrize(("name", "expected"), REPEATED.items())
def test_repetition(name: str, expected: float) -> None:
    measure = next(each for each in catalogue.REPEATED if each.name == name)
    assert measure.of(TALKS) == pytest.approx(expected, abs=EXACT)


def weighted(talks: Sequence[tokens.Talk]) -> np.ndarray:
    """(1 + ln tf) (1 + ln((1 + n) / (1 + df))), each row of length 1."""
    counts = [Counter(each.flat()) for each in talks]
    names = sorted({name for each in counts for name in each})
    df = {name: sum(name in each for each in counts) for name in names}
    rows = [[(1 + math.log(each[name])) * (1 + math.log((1 + len(talks)) / (1 + df[name]))) if each[name] else 0.0
             for name in names] for each in counts]  # fmt: skip
    return np.array([np.array(row) / math.hypot(*row) for row in rows])


def test_what_is_measured_among_vectors() -> None:
    """Vendi by the singular values of the vectors, likeness pair by pair."""
    rows = weighted(TALKS)
    by = {each.name: each.of(TALKS) for each in catalogue.REPEATED}
    shares = svdvals(rows) ** 2 / len(rows)
    assert by["Vendi"] == pytest.approx(math.exp(-sum(share * math.log(share) for share in shares)), abs=EXACT)
    pairs = [float(rows[n] @ rows[m]) for n, m in ((0, 1), (0, 2), (1, 2))]
    assert by["likeness"] == pytest.approx(sum(pairs) / 3, abs=EXACT)


@pytest.mark.parametrize(("name", "expected"), MANNERS.items())
def test_manners_in_both_languages(name: str, expected: tuple[float, float]) -> None:
    measure = next(each for each in manners.MANNERS if each.name == name)
    for talk, value in zip((TALKS[0], said(*CHINESE, lang="zh")), expected, strict=True):
        above, below = measure.of(talk)
        assert above / below == pytest.approx(value, abs=EXACT)


def planned() -> evaluate.Corpus:
    """Thirty dialogues of two paths, each about a thing that only it names; a quarter of its facts is changed."""
    moves = (("greet", "ask", "close"), ("close", "greet", "ask"))
    talks, plans = [], []
    for n in range(30):
        path = moves[n % 2]
        talks.append(said(*((("user", "agent")[at % 2], f"{move} thing{'abcdefghij'[n % 10]}{'xyz'[n // 10]}")
                            for at, move in enumerate(path)), key=str(n)))  # fmt: skip
        plans.append(Plan(path, path, f"thing {n // 2}", (3, 4)))
    return evaluate.Corpus("x", tuple(talks), tuple(plans), ((1.0, 4.0), (0.0, 4.0)) * 15)


def test_coherence_plan_and_knowledge() -> None:
    found = evaluate.measured(planned(), evaluate.Size(30, 60, 20, 20))
    for name, expected in PLANNED.items():
        assert found[name].value == pytest.approx(expected, abs=EXACT), name


def test_no_measure_is_left_out() -> None:
    every = {name for names in catalogue.groups().values() for name in names}
    assert every == {*LEXICAL, "compression", *REPEATED, "Vendi", "likeness", *MANNERS, *PLANNED}


def test_a_floor_is_the_mean_over_the_halvings() -> None:
    """Two kinds of dialogue, one of each: whichever half has which, nothing is shared, so every halving gives 1."""
    assert spread.floor([TALKS[0], TALKS[1]], spread.dialogue_lengths) == pytest.approx(1.0, abs=EXACT)
    assert spread.floor([TALKS[1]] * 4, spread.turn_lengths) == pytest.approx(0.0, abs=EXACT)
