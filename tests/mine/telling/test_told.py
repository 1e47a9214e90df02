"""Cells that a line tells, weighed: what no rule foresaw is found, and what is nobody's is not."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream.errors import InputError
from millstream.mine.course import Course
from millstream.mine.facts import Claims
from millstream.mine.telling.candidates import Tables
from millstream.mine.telling.told import Weighed, candidates, told, weighed
from millstream.mine.telling.weights import Weights, load, packaged, save
from millstream.mine.topics import About, Topics
from shops import cue, rules

LIST = """lamp|price (USD)|height (cm)|bulb|warranty
Moth|45|30|warm white|2 years
Heron|120|150|cold white|3 years
Firefly|18|12|warm white|1 year"""


def found(*said: str) -> list[Weighed]:
    by = rules(LIST, "en")
    cues = [cue(n, text) for n, text in enumerate(said)]
    return candidates(Claims(by.topics, by.sheet), Tables(by.sheet, by.topics.domain), cues, {})


def believed(weights: Weights, *said: str) -> set[tuple[str, str, str]]:
    claims = told(weighed(found(*said), [], weights), [], said)
    return {(claim.entity, claim.slot, claim.value) for claim in claims}


def test_a_cell_of_what_is_talked_of_is_told() -> None:
    told_here = believed(packaged(), "so the heron", "look at that arm", "it's a hundred and twenty dollars")
    assert ("Heron", "price") in {(entity, slot) for entity, slot, _ in told_here}


@pytest.mark.parametrize(
    "said",
    ["could you do the heron for 120?", "the place next door wants 120 for the heron", "the heron is not 120"],
)
def test_what_is_asked_of_others_or_denied_is_no_candidate(said: str) -> None:
    assert not [each for each in found(said) if each.claim.value.startswith("120")]


def test_weights_that_believe_nothing_leave_the_rules_alone() -> None:
    names = ("named",)
    never = Weights(names, (0.0,), (1.0,), (0.0,), -20.0)
    assert believed(never, "the heron is 120 dollars") == set()
    assert believed(Weights(names, (0.0,), (1.0,), (0.0,), 20.0), "the heron is 120 dollars")


def test_one_number_tells_one_slot_of_a_thing() -> None:
    sure = Weights(("named",), (0.0,), (1.0,), (0.0,), 20.0)
    slots = [slot for entity, slot, value in believed(sure, "the heron is 120") if entity == "Heron" and value == "120"]
    assert len(slots) == 1


def test_without_a_table_or_with_one_thing_nothing_is_weighed() -> None:
    by = rules("lamp|price (USD)|bulb\nMoth|45|warm", "en")
    tables = Tables(by.sheet, by.topics.domain)
    assert candidates(Claims(by.topics, by.sheet), tables, [cue(0, "the moth is 45")], {}) == []


def test_a_line_is_heard_once_and_what_the_tables_are_is_made_once() -> None:
    class Counted(Topics):
        lines: Counter[str] = Counter()

        def about(self, text: str) -> About:
            self.lines[text] += 1
            return super().about(text)

    by = rules(LIST, "en")
    own = replace(by, topics=Counted(by.topics.domain, by.sheet.names))
    said = [cue(n, text) for n, text in enumerate(("the heron is 120 dollars", "and the moth is 45"))]
    own.told(said, {})
    assert Counted.lines == {each.text: 1 for each in said}
    made = {name: made for name, made in vars(own).items() if isinstance(made, (Course, Tables))}
    own.told(said, {})
    assert len(made) == 2 and all(vars(own)[name] is each for name, each in made.items())


@given(
    st.lists(
        st.sampled_from(["the moth", "heron now", "forty five", "warm white", "well well"]), min_size=1, max_size=8
    )
)
def test_belief_is_shared_among_things(said: list[str]) -> None:
    belief, before = Course(rules(LIST, "en").sheet).belief([(text, []) for text in said])
    assert belief.sum(axis=1) == pytest.approx(1.0)
    assert before.sum(axis=1) == pytest.approx(1.0)
    assert belief[-1] == pytest.approx(before[-1])


def test_weights_are_kept_as_they_are(tmp_path: Path) -> None:
    save(packaged(), tmp_path / "weights.json")
    assert load(tmp_path / "weights.json") == packaged()


@pytest.mark.parametrize(
    "text", ["", "{", '{"names": ["a"], "mean": [], "spread": [1], "weight": [1], "bias": 0}', "[1]"]
)
def test_a_torn_file_of_weights_is_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "weights.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="no weights"):
        load(path)
