"""Arms, floors and intervals, on a small target of the tests' own world."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")

import worlds
from millstream.commands.prove import _drawn
from millstream.errors import InputError
from millstream.metrics import dst
from millstream.metrics.dst import Frame
from millstream.prove import arms, figures, targets, trial
from millstream.prove.targets import Target
from millstream.services.annotated import TaskDialogue

SERVICES = worlds.SERVICES
NAMES = frozenset(service.name for service in SERVICES)
TEST = tuple(each for each in worlds.talks(60, seed=5) if "Boats_1" in each.services)
OTHERS = tuple(each for each in worlds.talks(120, seed=6) if each.services == ("Teas_1",))
TARGET = Target(
    "boats",
    SERVICES,
    worlds.WORLD.knowledge,
    NAMES,
    frozenset({"Boats_1"}),
    TEST,
    tuple(worlds.talks(60, seed=7)),
    OTHERS,
)


def states(dialogues: list[TaskDialogue]) -> list[str]:
    return [str(f.state) for each in dialogues for turn in each.turns for f in turn.frames if f.state]


def test_ours_has_the_left_out_service_in_every_dialogue() -> None:
    made = arms.ours(TARGET, 20, 0)
    assert len(made) == 20 and all("Boats_1" in each.services for each in made)
    assert arms.ours(TARGET, 20, 0) == made


def test_a_long_turn_of_the_test_is_in_none_of_ours() -> None:
    mine = arms.ours(TARGET, 40, 5)
    assert not arms.long_turns(TEST) & arms.long_turns(mine)
    assert arms.long_turns(TEST) & arms.long_turns(worlds.talks(40, seed=5)), "the same seed would have had one"


def test_shuffling_keeps_words_and_states_and_parts_them() -> None:
    made = arms.ours(TARGET, 20, 0)
    mixed = arms.shuffled(made, 0)
    assert [t.text for each in mixed for t in each.turns] == [t.text for each in made for t in each.turns]
    assert sorted(states(mixed)) == sorted(states(made)) and states(mixed) != states(made)


def test_a_drawn_arm_repeats_only_when_it_must() -> None:
    twice = arms.drawn(arms.drawn(OTHERS, 5, 0), 10, 0)
    assert len(twice) == 10 and len({each.key for each in twice}) == 5
    assert len({each.key for each in arms.drawn(OTHERS, 10, 0)}) == 10 and arms.drawn((), 5, 0) == []


def test_no_real_dialogue_of_the_left_out_service_is_in_a_zero_shot_arm() -> None:
    for name, arm in arms.ZERO_SHOT.items():
        for each in arm(TARGET, 12, 0):
            real = each in TEST or each in TARGET.pool
            assert not real, name


def test_every_frame_is_kept_where_the_corpus_keeps_it() -> None:
    for each in map(arms.kept, worlds.talks(20)):
        seen: set[str] = set()
        for turn in each.turns:
            seen |= {frame.service for frame in turn.frames if frame.state}
            if turn.role == "user":
                assert {frame.service for frame in turn.frames if frame.state} == seen


def test_a_trial_prints_floors_beside_the_arms() -> None:
    done: list[tuple[str, int]] = []
    chosen = {name: arms.ZERO_SHOT[name] for name in ("ours", "shuffled labels")}
    budget = trial.Budget(60, [0, 1], lambda arm, seed: done.append((arm, seed)))
    found = {r.name: r for r in trial.trial(TARGET, chosen, budget)}
    assert list(found) == ["empty state", "string match", "ours", "shuffled labels"]
    assert found["ours"].joint > found["string match"].joint > 0
    assert found["shuffled labels"].joint < found["ours"].joint and len(done) == 4
    gaps = {each.than: each for each in figures.gaps(found, "ours")}
    assert gaps["shuffled labels"].significant and gaps["shuffled labels"].low > 0


def scored(right: list[list[bool]]) -> figures.Scored:
    return figures.scored(
        Frame(f"d{n}", turn, "A", {"x": ("1",)}, {"x": "1" if good else "2"})
        for n, each in enumerate(right)
        for turn, good in enumerate(each)
    )


def test_an_interval_by_hand() -> None:
    """Two dialogues of which one is all right: drawn again, the share is 0, a half or 1."""
    one = figures.result("a", [scored([[True, True], [False, False]])])
    assert one.joint == 0.5 and figures.interval(one) == (0.0, 100.0)


def test_the_figures_of_seeds_are_those_of_all_their_frames() -> None:
    """Official and slot F1 of two seeds kept apart are what one measurement of all frames gives."""
    chance = np.random.default_rng(1).integers(0, 2, (2, 12, 3)).astype(bool)
    every = [
        Frame(f"d{n}", turn, "A", {"x": ("one two",)}, {"x": "one two" if good else "one too"} if n % 5 else {})
        for seed in chance
        for n, each in enumerate(seed)
        for turn, good in enumerate(each)
    ]
    half = len(every) // 2
    found = figures.result("a", [figures.scored(every[:half]), figures.scored(every[half:])])
    whole = dst.measure(every)
    assert found.joint == pytest.approx(whole.joint) and found.official == pytest.approx(whole.joint_official)
    assert found.slot_f1 == pytest.approx(whole.slot_f1) and found.joint != found.official


def test_arms_that_are_the_same_have_no_gap() -> None:
    one = figures.result("a", [scored([[True, False]] * 20)])
    other = figures.result("b", [scored([[True, False]] * 20)])
    found = figures.gap(one, other)
    assert found.points == found.low == found.high == 0 and not found.significant


def test_dialogues_are_drawn_and_not_frames() -> None:
    """Frames that err together leave a wider interval than as many that err alone."""
    rng = np.random.default_rng(0)
    together = figures.result("a", [scored([[bool(b)] * 8 for b in rng.integers(0, 2, 30)])])
    alone = figures.result("b", [scored([[bool(b) for b in rng.integers(0, 2, 8)] for _ in range(30)])])
    width = [high - low for low, high in map(figures.interval, (together, alone))]
    assert width[0] > 1.8 * width[1]


def test_a_target_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no target 'moon'; there are: sgd, multiwoz-restaurant"):
        targets.target("moon", tmp_path)
    with pytest.raises(InputError, match="No such file"):
        targets.target("sgd", tmp_path)


def test_the_packaged_schemas_are_sound() -> None:
    for name in ("multiwoz", "crosswoz"):
        services = targets._packaged(name)
        assert all(service.key in service.by_name or not service.key for service in services)
        names = {n for s in services for i in s.intents for n in (*i.inputs, *i.results) if n not in s.by_name}
        assert not names


def test_a_fifth_is_the_pool() -> None:
    share = sum(targets.in_pool(f"d{n}") for n in range(2000)) / 2000
    assert 0.17 < share < 0.23


def test_rows_can_be_shown() -> None:
    one = figures.result("a", [scored([[True]])])
    assert json.dumps({"joint": one.joint, "seeds": one.by_seed})


def test_arms_are_drawn_with_their_intervals(tmp_path: Path) -> None:
    values = {"a": 9.0, "b": 31.0}
    told = [{"arm": name, "joint": value, "interval": (value - 2, value + 2)} for name, value in values.items()]
    _drawn({"target": "sgd unseen", "arms": told}, tmp_path / "plots")
    drawn = (tmp_path / "plots" / "sgd-unseen.svg").read_text(encoding="utf-8")
    assert drawn.index(">b</text>") < drawn.index(">a</text>"), "the best first"
    assert (tmp_path / "plots" / "sgd-unseen.png").stat().st_size > 1000


def test_how_much_more_of_the_gain_is_recovered() -> None:
    none, real = (
        figures.result(name, [scored([[right] * 4] * 20)]) for name, right in (("none", False), ("real", True))
    )
    half = figures.result("half", [scored([[True, True, False, False]] * 20)])
    worse = figures.result("worse", [scored([[True, False, False, False]] * 20)])
    assert figures.recovered_more(half, worse, none, real) == pytest.approx((25, 25, 25))
    assert figures.recovered_more(half, half, none, real) == pytest.approx((0, 0, 0))
    mixed = figures.result("mixed", [scored([[True] * 4] * 10 + [[False] * 4] * 10)])
    more, low, high = figures.recovered_more(mixed, worse, none, real)
    assert more == pytest.approx(25) and low < 25 < high, "dialogues err together"
