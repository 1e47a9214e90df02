"""Re-stream's maker and its scorer: what they call gold is what was put there."""

from pathlib import Path

import pytest

from millstream.mine.linking.answers import Answer

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
pytest.importorskip("lightgbm")

from restream import Case, case, count, floor_for, marked, rule  # noqa: E402
from restreaming import Shape, Stream, Talk, Turn, streams  # noqa: E402

LINES = (
    "do you have a table for two tonight|we have one table left at seven in the evening",
    "is there parking near the museum|the garage behind the museum is open until midnight",
    "how much is the room with breakfast|the double room is ninety pounds with breakfast",
    "which train goes to norwich on monday|there is one that leaves at nine fifteen",
)
TALKS = [
    Talk(f"talk {n}", "en", tuple(Turn(("user", "agent")[i % 2], text) for i, text in enumerate(line.split("|") * 2)))
    for n, line in enumerate(LINES * 3)
]


def made(seed: str = "here", **changes: float) -> Stream:
    return next(iter(streams(TALKS, ["lol", "nice", "where is this from"], Shape(**changes), seed)))  # type: ignore[arg-type]


def test_an_answer_comes_after_its_question_and_not_too_late() -> None:
    stream = made()
    assert stream.gold
    for link in stream.gold:
        first, begin = stream.chat[link.asked[0]].start, stream.speech[link.told[0]].start
        assert first is not None and begin is not None
        assert Shape().shortest <= link.lag <= Shape().longest
        assert begin - first == pytest.approx(link.lag, abs=1e-6)


def test_the_same_seed_makes_the_same_stream() -> None:
    assert made() == made() != made("there")


def test_nobody_is_answered_where_all_are_passed_over() -> None:
    assert not made(unanswered=1.0).gold


def test_without_noise_the_answer_is_heard_as_it_was_given() -> None:
    stream = made(wrong=1e-9, retold=0.0, called=0.0)
    told = {" ".join(stream.speech[n].text for n in link.told) for link in stream.gold}
    assert told <= {line.split("|")[1] for line in LINES}


def test_a_link_counts_once_and_only_where_line_and_cue_are_of_one_gold_link() -> None:
    one: Case = case(made())
    line = next(n for n, each in enumerate(one.said) if each.cue.n in one.stream.gold[0].asked)
    cue = one.stream.gold[0].told[0]
    (marks,) = marked([one], [[Answer(line, (cue,), 0.9), Answer(line, (cue,), 0.8), Answer(line, (10_000,), 0.2)]])
    score = count(marks, len(one.stream.gold), 0.5)
    assert (score.right, score.said, score.found) == (2, 2, 1)
    assert floor_for([one], [marks], 0.9) > 0.2


def test_the_rule_finds_more_the_more_is_read_aloud() -> None:
    found = []
    for share in (0.0, 1.0):
        one = case(made(retold=share, wrong=1e-9, called=0.0))
        (marks,) = marked([one], rule([one]))
        found.append(count(marks, len(one.stream.gold), 0.8).recall)
    assert found[0] < found[1]
