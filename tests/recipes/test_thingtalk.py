"""`millstream run --recipe thingtalk` and `sgd`: files, targets that parse and run, refusals, every problem at once."""

import itertools
import json
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import worlds
from millstream.cli import app
from millstream.formats import sgd, tools
from millstream.services import program, thingtalk
from millstream.services.annotated import Act, Frame
from millstream.simulate.checked import faults
from millstream.simulate.paraphrase import equals, paraphrased

SAMPLE = Path(__file__).parents[2] / "samples" / "tasks"
SERVICES = {service.name: service for service in worlds.SERVICES}
KNOWN = worlds.WORLD.knowledge


def call(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("thingtalk") / "run"
    found = call("run", SAMPLE, "--recipe", "thingtalk", "--out", out, "--model", "none", "--count", 12)
    assert found.exit_code == 0, found.output
    return out


def test_every_turn_has_a_target_that_prints_and_parses(made: Path) -> None:
    dialogues = rows(made / "dialogues.jsonl")
    assert len(dialogues) == 12 and not any(sgd.faults(each) for each in dialogues)
    shown = [turn["target"] for each in dialogues for turn in each["turns"]]
    assert all(thingtalk.show(thingtalk.parse(each)) == each for each in shown)
    acts = {each.partition(";")[0][1:] for each in shown}
    assert acts <= {*thingtalk.USER, *thingtalk.AGENT} and {"execute", "end", "sys_recommend_one"} <= acts


def test_pairs_for_a_parser_go_on_from_each_other(made: Path) -> None:
    pairs = rows(made / "pairs.jsonl")
    assert len({each["id"] for each in pairs}) == len(pairs) > 40
    for before, after in itertools.pairwise(pairs):
        same = before["id"].split("/")[0] == after["id"].split("/")[0]
        assert after["context"] == (before["user_target"] if same else "null")


def test_tool_calls_are_written_too(made: Path) -> None:
    messages = rows(made / "tools.jsonl")
    assert len(messages) == 12 and not any(tools.faults(each) for each in messages)


def test_the_same_again_is_the_same(made: Path, tmp_path: Path) -> None:
    call("run", SAMPLE, "--recipe", "thingtalk", "--out", tmp_path / "run", "--model", "none", "--count", 12)
    assert (tmp_path / "run" / "dialogues.jsonl").read_bytes() == (made / "dialogues.jsonl").read_bytes()
    other = call("run", SAMPLE, "--recipe", "sgd", "--out", tmp_path / "sgd", "--model", "none", "--count", 3)
    assert other.exit_code == 0 and len(rows(tmp_path / "sgd" / "dialogues.jsonl")) == 3


def test_a_model_that_echoes_changes_no_label(tmp_path: Path) -> None:
    found = call("run", SAMPLE, "--recipe", "thingtalk", "--out", tmp_path / "run", "--model", "scripted", "--count", 2)
    assert found.exit_code == 0, found.output
    assert len(rows(tmp_path / "run" / "dialogues.jsonl")) == 2


def test_what_programs_do_not_give_is_found() -> None:
    told = 0
    for dialogue in worlds.plans(60):
        assert thingtalk.executed(dialogue, KNOWN, SERVICES) == []
        for n, turn in enumerate(dialogue.turns):
            frame = turn.frames[0]
            if frame.call and frame.results and any(act.act == "OFFER" for act in frame.acts):
                lies = (
                    replace(frame, acts=tuple(_other(act) for act in frame.acts)),
                    replace(frame, results=(*frame.results[1:], {"city": "Atlantis"})),
                    replace(frame, acts=(Act("NOTIFY_FAILURE"),)),
                )
                for lie in lies:
                    turns = (*dialogue.turns[:n], replace(turn, frames=(lie,)), *dialogue.turns[n + 1 :])
                    assert thingtalk.executed(replace(dialogue, turns=turns), KNOWN, SERVICES)
                told += 1
    assert told > 20


def _other(act: Act) -> Act:
    return replace(act, values=("Atlantis",)) if act.act == "OFFER" else act


def test_a_state_that_outlives_its_intent_is_a_program_too() -> None:
    frame = Frame("Teas_1", state=replace(worlds_state(), intent="NONE"))
    made = program.meaning(frame)
    assert made and program.show(made) == '@Teas_1.NONE(city = "Larkspur");'


def worlds_state() -> Any:
    from_turn = next(t.frames[0].state for t in worlds.plans(1)[0].turns if t.role == "user")
    return replace(from_turn, values={"city": ("Larkspur",)}, requested=())


def test_a_paraphrase_keeps_every_value() -> None:
    changed = 0
    for n, dialogue in enumerate(worlds.talks(80)):
        other = paraphrased(dialogue, Random(n))
        assert faults(other, SERVICES) == []
        for before, after in zip(dialogue.turns, other.turns, strict=True):
            said = [[t.text[s.start : s.end] for f in t.frames for s in f.spans] for t in (before, after)]
            assert said[0] == said[1]
            changed += before.text != after.text
    assert changed > 60


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_phrase_stands_in_one_group_alone(lang: Any) -> None:
    _, others = equals(lang)
    assert all(phrase in others[other] for phrase, group in others.items() for other in group)


def test_a_dry_run_lists_every_problem_and_a_run_makes_nothing(tmp_path: Path) -> None:
    spoilt: dict[str, Any] = json.loads(json.dumps(worlds.BOATS))
    spoilt["slots"][0]["description"] = spoilt["description"] = ""
    spoilt["slots"][2]["possible_values"] = ["2", "2 "]
    schema = worlds.written(tmp_path, spoilt)
    (tmp_path / "rows.json").write_text("{}")
    for recipe in ("sgd", "thingtalk"):
        found = call("run", tmp_path, "--recipe", recipe, "--dry-run", "--out", tmp_path / "out")
        assert found.exit_code == 2
        lines = found.stdout.splitlines()
        assert f"{schema}: Boats_1: no description" in lines and f"{schema}: Boats_1.city: no description" in lines
        assert f"{tmp_path / 'rows.json'}: Boats_1: no row" in lines
        assert f"{schema}: Boats_1.passengers: values that collide: '2' stands for two" in lines
        wrong = call("run", tmp_path, "--recipe", recipe, "--model", "none", "--out", tmp_path / "out")
        assert wrong.exit_code == 2 and "Boats_1.city" in wrong.output and not (tmp_path / "out").exists()
    assert call("run", SAMPLE, "--recipe", "sgd", "--dry-run", "--out", tmp_path / "out").exit_code == 0


def test_inputs_without_a_schema_are_one_line(tmp_path: Path) -> None:
    found = call("run", SAMPLE / "rights.yaml", "--recipe", "sgd", "--model", "none", "--out", tmp_path / "out")
    assert found.exit_code == 2 and "schema.json" in found.output and not (tmp_path / "out").exists()
