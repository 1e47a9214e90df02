"""A proof that was stopped leaves what it finished, and goes on from there."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")

import worlds
from millstream.errors import InputError
from millstream.prove import arms, trial
from millstream.prove.kept import Kept
from millstream.prove.targets import Target

SERVICES = worlds.SERVICES
NAMES = frozenset(service.name for service in SERVICES)
TEST = tuple(each for each in worlds.talks(20, seed=5) if "Boats_1" in each.services)
TARGET = Target("boats", SERVICES, worlds.WORLD.knowledge, NAMES, frozenset({"Boats_1"}), TEST, (), ())
ARMS = {name: arms.ZERO_SHOT[name] for name in ("ours", "shuffled labels")}
Learned = list[int]


def learning(learned: Learned, most: int = 99) -> trial.Learn:
    """Learns nothing, and is stopped before it has learnt more than `most` times."""

    def learn(dialogues: Sequence[Any], partly: Any, lexicons: Any, seed: int) -> trial.Empty:
        if len(learned) == most:
            raise KeyboardInterrupt
        learned.append(seed)
        return trial.Empty()

    return learn


def proved(path: Path | None, learn: trial.Learn, target: Target = TARGET, tracker: str = "") -> list[trial.Result]:
    budget = trial.Budget(12, [0, 1], lambda arm, seed: None, learn, Kept(path, tracker))
    return list(trial.trial(target, ARMS, budget))


def test_a_stopped_proof_goes_on(tmp_path: Path) -> None:
    path, before, after = tmp_path / "new" / "proof.jsonl", Learned(), Learned()
    with pytest.raises(KeyboardInterrupt):
        proved(path, learning(before, most=3))
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(row["arm"], row["seed"]) for row in rows] == [("ours", 0), ("ours", 1), ("shuffled labels", 0)]
    assert all(0 <= row["joint"] <= 100 and row["target"] == "boats" for row in rows)
    found = proved(path, learning(after))
    assert after == [1], "only what was missing is trained"
    whole = proved(None, learning(Learned()))
    assert [(r.name, r.joint, r.official, r.slot_f1) for r in found] == [
        (r.name, r.joint, r.official, r.slot_f1) for r in whole
    ]
    assert all((a.right == b.right).all() for a, b in zip(found, whole, strict=True))


@pytest.mark.parametrize(
    ("changed", "tracker"),
    [
        (lambda: replace(TARGET, test=TEST[1:]), ""),
        (lambda: replace(TARGET, policy=TARGET.policy.model_copy(update={"volunteer": 0.9})), ""),
        (lambda: TARGET, "another tracker"),
    ],
)
def test_what_was_kept_of_something_else_is_not_taken(
    tmp_path: Path, changed: Callable[[], Target], tracker: str
) -> None:
    path, again = tmp_path / "proof.jsonl", Learned()
    proved(path, learning(Learned()))
    proved(path, learning(again), changed(), tracker)
    assert again == [0, 1, 0, 1]


def test_a_torn_last_line_is_trained_again(tmp_path: Path) -> None:
    path, again = tmp_path / "proof.jsonl", Learned()
    proved(path, learning(Learned()))
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    proved(path, learning(again))
    assert again == [1] and path.read_bytes() == whole


@pytest.mark.parametrize("text", ["notes of mine", "{}\n", "[1]\n", '{"mark": "a", "dialogues": []}\n', "\x00\n"])
def test_a_file_of_something_else_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "notes.txt"
    path.write_text(text)
    with pytest.raises(InputError, match="no line of a proof, or torn"):
        Kept(path)
    assert path.read_text() == text


def test_the_mark_is_the_same_in_every_process() -> None:
    """The order of a set differs from process to process, and the line of another process has to be found."""
    code = (
        "from dataclasses import replace; from test_kept_trainings import TARGET as t; "
        "from millstream.prove import arms, kept; "
        "k = replace(t.knowledge, more={'Boats_1': {'city': frozenset('abcdefgh')}}); t = replace(t, knowledge=k); "
        "print(kept.Kept()._mark(kept.Mark(t, 'ours', 0, arms.ours(t, 12, 0))))"
    )
    paths = os.pathsep.join(sys.path)
    found = [
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths},
            cwd=Path(__file__).parent, capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert found[0] == found[1] and len(found[0].strip()) == 64
