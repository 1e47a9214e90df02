"""`millstream evaluate`: tables, JSON and a page at equal size; one line for what is wrong."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from millstream.cli import app

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")

KITCHEN = Path(__file__).parents[1] / "samples" / "restaurant_en"
SAID = ("Need a table, any table", "Ok", "what time", "around eight I guess", "Fine!", "Anything else", "nope", "bye")


def call(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)


def messages(path: Path, count: int, texts: tuple[str, ...] = SAID) -> Path:
    rows = [
        {"id": f"m{n}", "messages": [{"role": "system", "content": "be kind"}] + [
            {"role": ("user", "assistant")[at % 2], "content": f"{texts[(at + n) % len(texts)]} {n % 7}"}
            for at in range(8)
        ]}
        for n in range(count)
    ]  # fmt: skip
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("evaluate") / "kitchen"
    assert call("run", KITCHEN, "--out", out, "--model", "none", "--count", "20").exit_code == 0
    return out


def test_side_by_side_at_equal_size(made: Path, tmp_path: Path) -> None:
    page = tmp_path / "c.html"
    told = call("evaluate", made, messages(tmp_path / "<b>.jsonl", 60), "--json", "--page", page)
    assert told.exit_code == 0, told.stderr
    found = json.loads(told.stdout)["languages"][0]
    ours, other = found["corpora"]
    assert ours["dialogues"] == other["dialogues"] == found["size"]["dialogues"] <= 20
    assert ours["figures"]["unsupported claims"]["value"] == 0.0
    assert other["figures"]["unsupported claims"]["why"].startswith("not a run")
    assert other["figures"]["turns a dialogue"]["value"] == 8
    rep4 = [each["figures"]["rep4"] for each in (ours, other)]
    assert all(0 <= each["low"] <= each["value"] <= each["high"] for each in rep4)
    (pair,) = found["pairs"]
    assert pair["divergence"]["acts"] is None and pair["divergence"]["turn length"][0] > 0.01
    text = page.read_text(encoding="utf-8")
    assert text.count("<svg") > 30 and "http" not in text.replace("http-equiv", "").replace("http://www.w3.org", "")


def test_a_table_and_reasons(made: Path) -> None:
    told = call("evaluate", made)
    assert told.exit_code == 0 and "self-BLEU" in told.stdout and "20 dialogues" in told.stderr + told.stdout


def test_too_few_are_no_numbers(tmp_path: Path) -> None:
    told = call("evaluate", messages(tmp_path / "few.jsonl", 9), messages(tmp_path / "one.jsonl", 1), "--json")
    assert told.exit_code == 0
    found = json.loads(told.stdout)["languages"][0]
    assert {each["value"] for corpus in found["corpora"] for each in corpus["figures"].values()} == {None}
    assert "not enough data" in found["corpora"][0]["figures"]["rep4"]["why"]
    assert [each["name"] for each in found["corpora"]] == ["messages", "messages 2"]


def test_two_languages_are_two_comparisons(made: Path, tmp_path: Path) -> None:
    chinese = messages(tmp_path / "zh.jsonl", 12, ("您好，想订个位", "几位", "四位吧", "好的", "再见"))
    told = call("evaluate", made, chinese, "--json")
    assert [each["lang"] for each in json.loads(told.stdout)["languages"]] == ["en", "zh"]


@pytest.mark.parametrize("content", ["", "[]", '{"messages": []}\n', "\x00\x01"])
def test_an_empty_corpus_is_one_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_text(content, encoding="utf-8")
    told = call("evaluate", path)
    assert told.exit_code == 2 and told.stderr.count("\n") == 1 and "empty.jsonl" in told.stderr


def test_what_is_not_there_is_one_line(tmp_path: Path) -> None:
    told = call("evaluate", tmp_path / "nothing")
    assert told.exit_code == 2 and "No such file" in told.stderr


# --- judges ------------------------------------------------------------------------------------------------


def scores(path: Path, count: int, judge: str = "rule@1") -> Path:
    rows = [{"judge": judge, "dimension": "overall", "item": f"i{n}", "score": 1 + n % 5} for n in range(count)]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def labels(path: Path, count: int, judge: str = "rule@1") -> Path:
    found = {f"i{n}": 0.5 + 0.8 * (1 + n % 5) for n in range(count)}
    known = {"judge": judge, "dimension": "overall", "raters": 3, "alpha": 0.5, "labels": found}
    path.write_text(json.dumps(known), encoding="utf-8")
    return path


def test_a_judge_without_people_is_uncalibrated_and_not_corrected(tmp_path: Path) -> None:
    told = call("evaluate", "--judged", scores(tmp_path / "s.jsonl", 50))
    assert told.exit_code == 0 and "refused: uncalibrated" in told.stdout
    (found,) = json.loads(call("evaluate", "--judged", tmp_path / "s.jsonl", "--json").stdout)
    assert found["value"] is None and found["note"] == "uncalibrated" and found["raw"] == 3.0


def test_a_judge_with_people_is_corrected(tmp_path: Path) -> None:
    said, known = scores(tmp_path / "s.jsonl", 100), labels(tmp_path / "c.json", 30)
    (found,) = json.loads(call("evaluate", "--judged", said, "--calibration", known, "--json").stdout)
    assert found["labels"] == 30 and found["low"] < 2.9 < found["high"] and found["spearman"] == pytest.approx(1.0)
    assert found["best"] == pytest.approx((1.5 / 2) ** 0.5)
    assert "uncalibrated" not in call("evaluate", "--judged", said, "--calibration", known).stdout


MISFITS = [(5, "rule@1", "not enough data"), (30, "other@1", "not overall of rule@1")]
TORN = ["{}\n", '{"judge": "a", "dimension": "b", "item": "c", "score": "5"}\n', "", "nonsense"]


@pytest.mark.parametrize(("count", "judge", "what"), MISFITS)
def test_a_calibration_that_does_not_fit_is_one_line(tmp_path: Path, count: int, judge: str, what: str) -> None:
    told = call("evaluate", "--judged", scores(tmp_path / "s.jsonl", 50), "--calibration",
                labels(tmp_path / "c.json", count, judge))  # fmt: skip
    assert told.exit_code == 2 and what in told.stderr and told.stderr.count("\n") == 1


@pytest.mark.parametrize("content", TORN)
def test_scores_that_are_none_are_one_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text(content, encoding="utf-8")
    told = call("evaluate", "--judged", path)
    assert told.exit_code == 2 and told.stderr.count("\n") == 1 and "s.jsonl" in told.stderr


def test_nothing_to_evaluate_is_one_line() -> None:
    assert call("evaluate").exit_code == 2


# --- by meaning --------------------------------------------------------------------------------------------


@pytest.mark.model
def test_an_encoder_measures_a_sample_by_meaning(made: Path, tmp_path: Path) -> None:
    page = tmp_path / "c.html"
    told = call("evaluate", made, messages(tmp_path / "m.jsonl", 20), "--encoder", "--json", "--page", page)
    assert told.exit_code == 0, told.stderr
    written = json.loads(told.stdout)
    assert written["encoder_seconds"] > 0
    ours, other = (each["figures"] for each in written["languages"][0]["corpora"])
    assert ours["next turn first, by meaning"]["value"] > ours["next turn first, by meaning, shuffled"]["value"] > 0
    assert other["next turn first, by meaning"]["low"] <= ours["next turn first, by meaning"]["value"]
    (pair,) = written["languages"][0]["pairs"]
    assert set(pair["meaning"]) == set(pair["words"]) == {"precision", "recall", "halves"}
    assert "by an encoder" in page.read_text(encoding="utf-8")


def test_without_an_encoder_nothing_is_said_by_meaning(made: Path) -> None:
    written = json.loads(call("evaluate", made, "--json").stdout)
    assert "encoder_seconds" not in written
    assert not any("meaning" in name for name in written["languages"][0]["corpora"][0]["figures"])
