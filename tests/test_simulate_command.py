"""`simulate`, `train` and `prove` as a person calls them: what they write, and what wrong input says."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import worlds
from millstream.cli import app
from millstream.formats import sgd


def call(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_dialogues_are_written_and_sound(tmp_path: Path) -> None:
    schema = worlds.written(tmp_path)
    found = call("simulate", schema, "--count", 12, "--to", tmp_path / "out")
    assert found.exit_code == 0, found.output
    rows = [json.loads(line) for line in (tmp_path / "out" / "dialogues.jsonl").read_text().splitlines()]
    assert len(rows) == 12 and all(row["synthetic"] and sgd.faults(row) == [] for row in rows)
    assert json.loads((tmp_path / "out" / "policy.json").read_text())["seed"] == 0


def test_processes_do_not_change_what_is_made(tmp_path: Path) -> None:
    schema = worlds.written(tmp_path)
    for name, more in (("one", ()), ("two", ("--processes", 2))):
        assert call("simulate", schema, "--outlines", "--count", 20, "--to", tmp_path / name, *more).exit_code == 0
    one, two = ((tmp_path / name / "dialogues.jsonl").read_text() for name in ("one", "two"))
    assert one == two and '"utterance": ""' in one


def test_a_dry_run_lists_every_problem(tmp_path: Path) -> None:
    spoilt: dict[str, Any] = json.loads(json.dumps(worlds.BOATS))
    spoilt["slots"][0]["description"] = spoilt["description"] = ""
    schema = worlds.written(tmp_path, spoilt)
    found = call("simulate", schema, "--dry-run")
    assert found.exit_code == 2
    assert f"{schema}: Boats_1: no description" in found.stdout
    assert f"{schema}: Boats_1.city: no description" in found.stdout
    made = call("simulate", schema, "--to", tmp_path / "out")
    assert made.exit_code == 2 and "Boats_1.city" in made.output and not (tmp_path / "out").exists()
    assert call("simulate", worlds.written(tmp_path), "--dry-run").exit_code == 0


def test_a_dry_run_lists_all_kinds_of_problems_at_once(tmp_path: Path) -> None:
    """Descriptions, values, names, a cycle, a service without rows and a corpus with a wrong offset."""
    boats: dict[str, Any] = json.loads(json.dumps(worlds.BOATS))
    boats["slots"] += [worlds.slot("hold", "id of a hold"), worlds.slot("bill", "id of a bill")]
    boats["slots"][0]["description"], boats["slots"][2]["possible_values"] = "", []
    boats["slots"].append(worlds.slot("deck", "Its deck", "upper", "Upper "))
    for intent, needed, given in zip(boats["intents"], ("hold", "bill"), ("bill", "hold"), strict=True):
        intent["required_slots"] += [needed]
        intent["result_slots"] += [given]
    schema, rows, corpus = worlds.written(tmp_path, boats), tmp_path / "rows.json", tmp_path / "dialogues_001.json"
    rows.write_text("{}")
    wrong = sgd.row(worlds.talks(1)[0])
    at = next(n for n, turn in enumerate(wrong["turns"]) if any(frame["slots"] for frame in turn["frames"]))
    frame = next(n for n, frame in enumerate(wrong["turns"][at]["frames"]) if frame["slots"])
    wrong["turns"][at]["frames"][frame]["slots"][0]["exclusive_end"] = 4000
    corpus.write_text(json.dumps([wrong]))
    found = call("simulate", schema, "--rows", rows, "--learn", corpus, "--dry-run")
    assert found.exit_code == 2
    for line in (
        f"{schema}: Boats_1.city: no description",
        f"{schema}: Boats_1.passengers: categorical, but without values",
        f"{schema}: Boats_1.deck: values that collide: 'upper' stands for two",
        f"{schema}: Boats_1.FindBoat -> Boats_1.ReserveBoat: calls that need each other's results: none can be first",
        f"{rows}: Boats_1: no row",
    ):
        assert line in found.stdout.splitlines()
    assert f"{corpus}: " in found.stdout and f"turns.{at}.frames.{frame}.slots.0: characters" in found.stdout
    made = call("simulate", schema, "--rows", rows, "--learn", corpus, "--to", tmp_path / "out")
    assert made.exit_code == 2 and not (tmp_path / "out").exists() and "Traceback" not in made.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--service", "Moon_1", "--to", "out"), "no service 'Moon_1'"),
        ((), "give --to FOLDER"),
        (("--rows", "none.json", "--to", "out"), "none.json"),
        (("--policy", "none.yaml", "--to", "out"), "none.yaml"),
        (("--learn", "none", "--to", "out"), "none"),
    ],
)
def test_wrong_input_is_one_line(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    placed = [str(tmp_path / word) if word in ("out", "none", "none.json", "none.yaml") else word for word in words]
    found = call("simulate", worlds.written(tmp_path), *placed)
    assert found.exit_code == 2 and says in found.output and "Traceback" not in found.output
    assert not (tmp_path / "out").exists()


def test_probabilities_are_learnt(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "dialogues_001.json").write_text(json.dumps([sgd.row(each) for each in worlds.talks(20)]))
    made = call("simulate", worlds.written(tmp_path), "--learn", folder, "--count", 3, "--to", tmp_path / "out")
    assert made.exit_code == 0
    assert json.loads((tmp_path / "out" / "policy.json").read_text())["more"] != 0.4


def test_a_tracker_is_trained(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="the extra `eval` is not installed")
    schema = worlds.written(tmp_path)
    call("simulate", schema, "--count", 20, "--to", tmp_path / "out")
    to = tmp_path / "model" / "tracker.npz"
    found = call("train", "dst", tmp_path / "out", "--schema", schema, "--to", to)
    assert found.exit_code == 0 and to.stat().st_size > 1000
    assert "no model 'moon'" in call("train", "moon", tmp_path / "out", "--schema", schema, "--to", to).output
    (tmp_path / "torn.jsonl").write_text('{"dialogue_id": ')
    (tmp_path / "strange.jsonl").write_text('{"dialogue_id": "1"}\n')
    for name, says in (("torn.jsonl", "line 1: not JSON"), ("strange.jsonl", "services: missing"), ("none", "none")):
        wrong = call("train", "dst", tmp_path / name, "--schema", schema, "--to", tmp_path / "x.npz")
        assert wrong.exit_code == 2 and says in wrong.output and not (tmp_path / "x.npz").exists()


def test_a_proof_needs_its_data(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="the extra `eval` is not installed")
    for name in ("train", "prove"):
        words = ("dst", tmp_path, "--to", tmp_path / "x.npz") if name == "train" else ("sgd", "--data", tmp_path)
        wrong = call(name, *words, "--backbone", "bone")
        assert wrong.exit_code == 2 and "no backbone 'bone'; there are: words, encoder, vectors, lora" in wrong.output
    assert "no folder of data sets" in call("prove", "sgd", "--data", tmp_path / "none").output
    arm = call("prove", "sgd", "--data", tmp_path, "--arm", "moon")
    assert arm.exit_code == 2 and "Traceback" not in arm.output
    assert "no target 'moon'" in call("prove", "moon", "--data", tmp_path).output
    assert call("prove", "sgd", "--data", tmp_path).exit_code == 2
