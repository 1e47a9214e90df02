"""The mix: what is due next, what may be asked for, how hard a scenario is, and what is said of what came out."""

from collections import Counter

import grounds
import pytest
from hypothesis import given
from hypothesis import strategies as some

from millstream import prepare
from millstream.errors import InputError
from millstream.plan.balance import Balance, balance
from millstream.plan.difficulty import difficulty, points, reachable
from millstream.plan.mix import Asked, Steering, checked
from millstream.plan.sampling import Sampler
from millstream.records import Difficulty, Move, Scenario


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"outcom": {"success": 0.5}}, "mix.outcom: no such dimension"),
        ({"lang": {"zh": 0.5}}, "there are outcome, path, persona, difficulty, entity"),
        ({"outcome": {"sucess": 0.5}}, "mix.outcome.sucess: no such value; there are abandoned"),
        ({"difficulty": {"hard": 1.5}}, "mix.difficulty.hard: 1.5; give a share"),
        ({"difficulty": {"hard": -1}}, "mix.difficulty.hard: -1"),
        ({"outcome": {"success": 0.7, "delayed": 0.5}}, "its shares add up to 1.2"),
        ({"entity": {"E9": 2}}, "mix.entity.E9: no such value; there are E5, E7"),
    ],
)
def test_what_cannot_be_asked_for_is_named_with_what_can(asked: Asked, told: str) -> None:
    with pytest.raises(InputError) as error:
        checked(asked, ("E5", "E7"))
    assert told in str(error.value)


def test_paths_have_several_moves_so_that_their_shares_need_not_add_up() -> None:
    asked = {"path": {"compare": 0.7, "negotiate": 0.6}, "entity": {"unknown yet": 3}}
    assert checked(asked) == asked


@given(some.lists(some.floats(0, 1), min_size=1, max_size=3), some.integers(1, 60))
def test_shares_are_kept_to_within_one(raw: list[float], count: int) -> None:
    shares = {name: share / max(1, sum(raw)) for name, share in zip("abc", raw, strict=False)}
    steering = Steering({"outcome": shares})
    for n in range(count):
        due = sorted(steering.due("outcome", ["a", "b", "c", "d"]))
        steering.add({"outcome": due[n % len(due) : n % len(due) + 1]})
    for name, share in shares.items():
        assert abs(steering.drawn["outcome", name] - share * count) <= 2


def test_a_count_is_drawn_first_and_then_no_more() -> None:
    steering = Steering({"outcome": {"a": 2, "b": 0.5}})
    drawn = []
    for _ in range(8):
        due = sorted(steering.due("outcome", ["a", "b", "c"]))
        drawn.append(due[0])
        steering.add({"outcome": due[:1]})
    assert drawn[:2] == ["a", "a"] and Counter(drawn)["a"] == 2 and Counter(drawn)["b"] == 4


def test_what_nobody_asks_for_is_left_to_the_least_used() -> None:
    assert list(Steering().due("outcome", ["a", "b"])) == ["a", "b"]
    assert Steering().wanted("path", "compare") is None


@pytest.mark.parametrize(
    ("moves", "wishes", "unknown", "level"),
    [
        (["needs", "recommend", "inform"], 2, 0, "easy"),
        (["needs", "recommend", "inform", "objection"], 2, 0, "easy"),
        (["needs", "recommend", "inform", "objection"], 3, 0, "medium"),
        (["needs", "conflict", "inform"], 2, 1, "medium"),
        (["needs", "conflict", "inform", "negotiate"], 2, 0, "hard"),
        (["needs", "inform", "compare", "inform", "negotiate"], 1, 0, "hard"),
    ],
)
def test_difficulty_is_counted(moves: list[Move], wishes: int, unknown: int, level: Difficulty) -> None:
    assert difficulty(moves, wishes, unknown) == level
    assert reachable(tuple(moves), level)


def test_a_plain_route_cannot_be_hard_nor_a_long_one_easy() -> None:
    assert not reachable(("needs", "recommend", "inform"), "hard") and points(["conflict", "negotiate"]) == 4
    assert not reachable(("conflict", "negotiate"), "easy")


def steered(key: str, asked: Asked, count: int = 60) -> tuple[Sampler, list[Scenario]]:
    settings = grounds.SETTINGS.model_copy(update={"mix": asked})
    sample = prepare.sampler(settings, grounds.ground(key))
    return sample, list(sample.draw(count))


@pytest.mark.parametrize("key", ["automotive_zh", "restaurant_en"])
def test_a_run_is_drawn_in_the_mix_that_is_asked_for(key: str) -> None:
    asked: Asked = {
        "outcome": {"success": 0.5, "lost_price": 0.1},
        "difficulty": {"easy": 0.3, "hard": 0.2},
        "path": {"objection": 0.3},
        "persona": {"thrifty": 0.4},
    }
    sample, drawn = steered(key, asked)
    for dimension, values in asked.items():
        for value, share in values.items():
            found = sum(value in sample.values(each)[dimension] for each in drawn)
            assert abs(found - share * len(drawn)) <= 3, (dimension, value, found)


def test_a_scenario_depends_on_those_before_it_in_a_mix_too() -> None:
    asked: Asked = {"difficulty": {"hard": 0.5}, "outcome": {"success": 3}}
    _, short = steered("restaurant_en", asked, 12)
    _, long = steered("restaurant_en", asked, 30)
    assert long[:12] == short


def test_an_unknown_thing_is_refused_with_the_things_there_are() -> None:
    with pytest.raises(InputError, match=r"mix\.entity\.Golden Goose: no such value; there are .*Family Board"):
        steered("restaurant_en", {"entity": {"Golden Goose": 2}})


def test_what_came_out_is_told_with_the_reason() -> None:
    asked: Asked = {"outcome": {"success": 0.5, "handover": 0.25}, "entity": {"E5": 3}}
    drawn = {
        "1": {"outcome": ("success",), "entity": ("E5",)},
        "2": {"outcome": ("success",), "entity": ("E7",)},
        "3": {"outcome": ("delayed",), "entity": ("E5",)},
        "4": {"outcome": ("delayed",), "entity": ("E7",)},
    }
    there = {"outcome": {"success", "delayed"}, "entity": {"E5", "E7"}}
    assert list(balance(asked, drawn, {"1": "critic claims", "2": "dedup"}, there)) == [
        Balance("outcome", "success", "50%", 2, 0, "1 rejected by critic claims; 1 rejected by dedup"),
        Balance("outcome", "handover", "25%", 0, 0, "the sources give none"),
        Balance("entity", "E5", "3", 2, 1, "1 rejected by critic claims"),
    ]
    few = list(balance({"entity": {"E5": 4}}, drawn, {}, there))
    assert few[0].why_not == "too few go with the rest of what is asked for"
