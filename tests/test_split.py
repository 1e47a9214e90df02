"""A split keeps apart what it says it keeps apart, and says what it does not."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import blueprint, dialogue
from millstream.errors import InputError
from millstream.records import Dialogue
from millstream.split import LINKS, PARTS, Split, split, write


def many(count: int, recordings: int, entities: int, blueprints: int) -> list[Dialogue]:
    plans = [blueprint(name=f"path {n}") for n in range(blueprints)]
    return [
        dialogue(8, number=n, recording=f"r{n % recordings}", entity=f"e{n % entities}", plan=plans[n % blueprints])
        for n in range(count)
    ]


def sizes(made: Split) -> dict[str, int]:
    return {part: list(made.of.values()).count(part) for part in PARTS}


def test_all_links_hold_where_the_data_allows_it() -> None:
    made = split(many(40, 10, 10, 10), seed=1)
    assert made.held == LINKS
    assert made.leaks == {"blueprint": 0, "entity": 0, "recording": 0}
    assert sizes(made) == {"train": 32, "dev": 4, "test": 4}


def test_with_one_recording_it_alone_leaks() -> None:
    made = split(many(40, 1, 10, 10), seed=1)
    assert made.held == ("blueprint", "entity")
    assert made.leaks == {"blueprint": 0, "entity": 0, "recording": 1}
    assert min(sizes(made).values()) > 0


def test_a_recording_that_holds_nearly_all_is_not_kept_in_one_part() -> None:
    plans = [blueprint(name=f"path {n}") for n in range(30)]
    kept = [dialogue(8, number=n, recording=f"r{max(n, 27)}", entity=f"e{n}", plan=plans[n]) for n in range(30)]
    made = split(kept, seed=1)
    assert made.held == ("blueprint", "entity")
    assert sizes(made) == {"train": 24, "dev": 3, "test": 3}


def test_entities_give_way_before_blueprints() -> None:
    made = split(many(40, 1, 1, 10), seed=1)
    assert made.held == ("blueprint",)
    assert made.leaks["entity"] == 1


def test_when_everything_is_one_group_every_link_leaks_and_no_part_is_empty() -> None:
    made = split(many(10, 1, 1, 1), seed=1)
    assert made.held == ()
    assert made.leaks == {"blueprint": 1, "entity": 1, "recording": 1}
    assert sizes(made) == {"train": 8, "dev": 1, "test": 1}


def test_one_blueprint_does_not_give_the_entities_away() -> None:
    made = split(many(40, 1, 10, 1), seed=1)
    assert made.held == ("entity",)


def test_the_order_of_the_dialogues_does_not_matter_and_the_seed_does() -> None:
    kept = many(30, 30, 30, 30)
    assert split(kept, 1) == split(kept[::-1], 1)
    assert split(kept, 1) != split(kept, 2)


def test_six_dialogues_reach_all_three_parts() -> None:
    assert sizes(split(many(6, 6, 6, 6), 0)) == {"train": 4, "dev": 1, "test": 1}


def test_a_part_without_a_share_stays_empty() -> None:
    assert sizes(split(many(10, 10, 10, 10), 0, (0.5, 0.0, 0.5))) == {"train": 5, "dev": 0, "test": 5}


def test_nothing_and_one_dialogue_are_split_too() -> None:
    assert split([], 0).of == {}
    assert sizes(split(many(1, 1, 1, 1), 0)) == {"train": 1, "dev": 0, "test": 0}


@pytest.mark.parametrize("shares", [(0.8, 0.1, 0.2), (1.2, -0.1, -0.1)])
def test_shares_that_are_none_are_an_input_error(shares: tuple[float, float, float]) -> None:
    with pytest.raises(InputError, match="shares"):
        split([], 0, shares)


def test_the_three_files_hold_each_dialogue_once_with_its_part(tmp_path: Path) -> None:
    kept = many(10, 10, 10, 10)
    made = split(kept, 3)
    paths = write(made, kept, tmp_path)
    assert [path.name for path in paths] == ["train.jsonl", "dev.jsonl", "test.jsonl"]
    rows = [(path.stem, json.loads(row)) for path in paths for row in path.read_text(encoding="utf-8").splitlines()]
    assert {row["id"]: part for part, row in rows} == made.of
    assert len(rows) == len(kept)
    assert all(row["split"] == part and row["synthetic"] is True for part, row in rows)


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 4)), max_size=14),
    st.integers(0, 5),
)
def test_what_is_held_is_never_in_two_parts(links: list[tuple[int, int, int]], seed: int) -> None:
    plans = [blueprint(name=f"path {n}") for n in range(5)]
    kept = [
        dialogue(8, number=n, recording=f"r{r}", entity=f"e{e}", plan=plans[b]) for n, (r, e, b) in enumerate(links)
    ]
    made = split(kept, seed)
    assert set(made.of) == {each.id for each in kept}
    assert len(kept) < 3 or min(sizes(made).values()) > 0
    for link, place in (("recording", 0), ("entity", 1), ("blueprint", 2)):
        parts: dict[int, set[str]] = {}
        for values, each in zip(links, kept, strict=True):
            parts.setdefault(values[place], set()).add(made.of[each.id])
        crossing = sum(len(each) > 1 for each in parts.values())
        assert crossing == made.leaks[link]
        assert (link in made.held) == (crossing == 0)
