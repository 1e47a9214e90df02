"""`millstream run --recipe csc`: the whole run by rules, with the scripted model, again, and on wrong input."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from millstream import corpora
from millstream.cli import app
from millstream.records import Dialogue
from millstream.support.talk import SupportDialogue
from millstream.table import Table

SAMPLES = Path(__file__).parents[2] / "samples" / "support"
ENGLISH = SAMPLES / "talks_en.jsonl"


def call(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)


def run(out: Path, *more: object) -> Result:
    return call("run", ENGLISH, "--recipe", "csc", "--out", out, "--model", "none", "--count", "4", *more)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("csc") / "run"
    assert run(out).exit_code == 0
    return out


def test_the_evaluation_set_leads_back_to_the_original_turns(made: Path) -> None:
    kept = list(Table(made / "4_evaluation.jsonl", SupportDialogue))
    real = {f"{each.corpus}:{each.key}": each for each in corpora.conversations(ENGLISH)}
    assert len(kept) >= 3
    for dialogue in kept:
        for turn in dialogue.turns:
            assert bool(turn.origin) == (turn.words != "added")
            for n in turn.origin:
                assert real[dialogue.id].turns[n].text in turn.source


def test_played_talk_is_the_cores_dialogues_and_can_be_exported(made: Path, tmp_path: Path) -> None:
    played = list(Table(made / "8_dialogues.jsonl", Dialogue))
    assert len(played) == 4 and all(turn.strategy for each in played for turn in each.turns if turn.role == "agent")
    assert len(list(corpora.conversations(made / "8_dialogues.jsonl"))) == 4
    assert call("export", made, "--to", tmp_path, "--format", "messages").exit_code == 0
    assert len((tmp_path / "messages.jsonl").read_text(encoding="utf-8").splitlines()) == 4
    assert "[system" not in call("trace", made, played[0].id).stdout


def test_the_report_says_what_was_dropped_and_whose_labels_these_are(made: Path) -> None:
    page = (made / "report.html").read_text(encoding="utf-8")
    assert "no service talk" in page and "labels of rules, not of people" in page and "17 to 43" in page
    found = json.loads((made / "csc.json").read_text(encoding="utf-8"))
    assert {row["name"] for row in found["baselines"]} == {"majority", "bigram"} and found["kept"] >= 3


def test_a_second_run_is_the_same_and_a_larger_one_goes_on(made: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(made, again)
    before = (again / "8_dialogues.jsonl").read_bytes()
    assert run(again).exit_code == 0 and (again / "8_dialogues.jsonl").read_bytes() == before
    other = tmp_path / "other"
    assert run(other).exit_code == 0 and (other / "8_dialogues.jsonl").read_bytes() == before


def test_the_scripted_model_runs_every_stage(tmp_path: Path) -> None:
    more = ("--model", "scripted", "--read", "1", "--set", "wording_tries=1", "--set", "candidates=1")
    found = call("run", ENGLISH, "--recipe", "csc", "--out", tmp_path / "run", "--count", "1", *more)
    assert found.exit_code == 0, found.output
    stages = {row["stage"] for row in json.loads(call("cost", tmp_path / "run", "--json").stdout)}
    assert {"fit", "annotate", "rewrite"} <= stages


def test_the_map_may_be_learnt_or_set(tmp_path: Path) -> None:
    assert run(tmp_path / "learnt", "--set", "strategies=learnt").exit_code == 0


WRONG = [
    (("--lang", "fr"), "lang: Input should be 'auto', 'zh' or 'en'"),
    (("--lang", "zh"), "holds no dialogue in zh"),
    (("--set", "strategies=none.yaml"), "none.yaml: cannot be read"),
    (("--set", "service=0"), "service"),
]


@pytest.mark.parametrize(("more", "why"), WRONG)
def test_wrong_input_is_one_line_and_leaves_nothing(tmp_path: Path, more: tuple[str, ...], why: str) -> None:
    found = run(tmp_path / "run", *more)
    assert found.exit_code == 2 and why in " ".join(found.stderr.split()) and "Traceback" not in found.output
    assert not (tmp_path / "run").exists()


def test_a_corpus_without_service_turns_is_refused(tmp_path: Path) -> None:
    chat = [("user", "It snowed all night, did you see?"), ("assistant", "Yes, right."), ("user", "I love it so.")]
    rows = [{"id": "1", "messages": [{"role": role, "content": text} for role, text in chat * 3]}]
    file = tmp_path / "chat.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    found = call("run", file, "--recipe", "csc", "--out", tmp_path / "run", "--model", "none")
    assert found.exit_code == 2 and "no service turns in any of the 1 dialogues" in " ".join(found.stderr.split())
    assert not (tmp_path / "run").exists()


def test_a_strange_strategy_in_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    text = "stages: [{code: a, names: {}, goal: {}}]\n"
    text += "strategies: [{code: X, number: 1, names: {}, stages: [b], means: {}, unlike: {}}]"
    file.write_text(text, encoding="utf-8")
    found = run(tmp_path / "run", "--set", f"strategies={file}")
    assert found.exit_code == 2 and "X: no stage 'b'" in " ".join(found.stderr.split())


def test_it_can_be_resumed_and_replayed(tmp_path: Path) -> None:
    assert run(tmp_path / "run", "--model", "scripted").exit_code == 0
    before = (tmp_path / "run" / "8_dialogues.jsonl").read_bytes()
    again = call("resume", tmp_path / "run")
    assert again.exit_code == 0 and (tmp_path / "run" / "8_dialogues.jsonl").read_bytes() == before
    told = call("replay", tmp_path / "run", "--json")
    assert told.exit_code == 0, told.stderr
    assert json.loads(told.stdout)["equal"] and json.loads(told.stdout)["dialogues"] == 4
