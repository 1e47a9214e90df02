"""`millstream judge`: rows that `evaluate --judged` reads, pairs, a jury, going on, and one line for what is wrong."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")

from millstream.cli import app

KITCHEN = Path(__file__).parents[1] / "samples" / "restaurant_en"


def call(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)


def messages(path: Path, count: int) -> Path:
    rows = [{"id": f"m{n}", "messages": [{"role": ("user", "assistant")[at % 2], "content": f"line {at} of {n}"}
                                        for at in range(4)]} for n in range(count)]  # fmt: skip
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_marks_of_dialogues_and_of_turns_are_read_by_evaluate(tmp_path: Path) -> None:
    out = tmp_path / "judged"
    words = ("judge", messages(tmp_path / "m.jsonl", 12), "--out", out, "--model", "scripted", "--dimension", "overall",
             "--dimension", "cohesion")  # fmt: skip
    told = call(*words)
    assert told.exit_code == 0, told.stderr
    assert "uncalibrated" in told.stdout
    found = rows(out / "scores.jsonl")
    assert sum(row["dimension"] == "overall" for row in found) == 12
    assert sum(row["dimension"] == "cohesion" for row in found) == 24  # two turns of the agent each
    assert {str(row["item"]) for row in found if row["dimension"] == "cohesion"} >= {"m0#2", "m0#4"}
    assert "refused: uncalibrated" in call("evaluate", "--judged", out / "scores.jsonl").stdout
    before = (out / "scores.jsonl").read_bytes()
    assert call(*words).exit_code == 0 and (out / "scores.jsonl").read_bytes() == before


def test_pairs_probes_and_json(tmp_path: Path) -> None:
    ours, theirs = messages(tmp_path / "a.jsonl", 6), messages(tmp_path / "b.jsonl", 6)
    told = call("judge", ours, "--against", theirs, "--out", tmp_path / "p", "--model", "scripted", "--probe", "--json")
    assert told.exit_code == 0, told.stderr
    said = json.loads(told.stdout)
    assert said["judged"][0]["pairs"] == 6 and len(said["probes"]) == 4
    assert {row["score"] for row in rows(tmp_path / "p" / "choices.jsonl")} == {0.5}


def test_checklists_of_few(tmp_path: Path) -> None:
    told = call("judge", messages(tmp_path / "m.jsonl", 3), "--out", tmp_path / "c", "--model", "scripted", "--by",
                "checklist", "--dimension", "overall")  # fmt: skip
    assert told.exit_code == 0 and all(0 <= row["score"] <= 1 for row in rows(tmp_path / "c" / "scores.jsonl"))  # type: ignore[operator]


def test_knowledge_is_judged_beside_the_facts_of_a_run(tmp_path: Path) -> None:
    run = tmp_path / "run"
    made = call("run", KITCHEN, "--out", run, "--model", "none", "--count", "2", "--quiet")
    assert made.exit_code == 0, made.stderr
    told = call("judge", run, "--out", tmp_path / "k", "--model", "scripted", "--dimension", "knowledge", "--json")
    assert told.exit_code == 0, told.stderr
    (found,) = json.loads(told.stdout)["judged"]
    assert found["judged"] == len(rows(tmp_path / "k" / "scores.jsonl")) > 8


def test_another_question_into_the_same_folder_is_refused(tmp_path: Path) -> None:
    path, out = messages(tmp_path / "m.jsonl", 3), tmp_path / "c"
    assert call("judge", path, "--out", out, "--model", "scripted", "--dimension", "overall").exit_code == 0
    told = call("judge", path, "--out", out, "--model", "scripted", "--dimension", "coherence")
    assert told.exit_code == 2 and told.stderr.count("\n") == 1


def test_what_is_wrong_is_one_line(tmp_path: Path) -> None:
    path = messages(tmp_path / "m.jsonl", 3)
    for words, what in (
        ((tmp_path / "none", "--out", tmp_path / "o"), "No such file"),
        ((path, "--out", tmp_path / "o", "--dimension", "beauty"), "no dimension"),
        ((path, "--out", tmp_path / "o", "--dimension", "knowledge"), "no facts"),
        ((path, "--against", path, "--out", tmp_path / "o", "--dimension", "cohesion"), "leave out --against"),
        ((path, "--out", tmp_path / "o", "--model", "local:none-such"), "none-such"),
    ):
        told = call("judge", *words)
        assert told.exit_code == 2 and what in told.stderr and told.stderr.count("\n") == 1, told.stderr


@pytest.mark.model
def test_the_embedded_model_marks_sense_above_nonsense(tmp_path: Path) -> None:
    said = ("Do you have a table for four tonight?", "Yes, at seven or at nine.", "Seven, please.", "Done.")
    broken = (said[0], "banana of quickly the", "What?", "seven seven of is.")
    for name, turns in (("sense", said), ("nonsense", broken)):
        flat = [{"role": ("user", "assistant")[n % 2], "content": each} for n, each in enumerate(turns)]
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({"id": name, "messages": flat}) + "\n", encoding="utf-8")
    marks = {}
    for name in ("sense", "nonsense"):
        told = call("judge", tmp_path / f"{name}.jsonl", "--out", tmp_path / name, "--dimension", "coherence")
        assert told.exit_code == 0, told.stderr
        marks[name] = rows(tmp_path / name / "scores.jsonl")[0]["score"]
    assert marks["sense"] > marks["nonsense"]  # type: ignore[operator]
