"""`millstream realism`: a table, tells as sentences, JSON to hold a later round against; one line for what is wrong."""

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


def taskmaster(path: Path, count: int, shift: int) -> Path:
    """A corpus of eight-turn dialogues that all say the same things in another order."""
    spoken = [
        {"conversation_id": f"dlg-{n}", "utterances": [
            {"speaker": ("USER", "ASSISTANT")[at % 2], "text": SAID[(at * shift + n) % len(SAID)]} for at in range(8)
        ]}
        for n in range(count)
    ]  # fmt: skip
    path.write_text(json.dumps(spoken), encoding="utf-8")
    return path


def abcd(path: Path, count: int) -> Path:
    spoken = [
        {"convo_id": n, "original": [[("customer", "agent")[at % 2], SAID[(at + n) % len(SAID)]] for at in range(8)]}
        for n in range(count)
    ]
    path.write_text(json.dumps(spoken), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("realism") / "kitchen"
    assert call("run", KITCHEN, "--out", out, "--model", "none", "--count", "20").exit_code == 0
    return out


def test_a_round_and_the_next(made: Path, tmp_path: Path) -> None:
    real, judge = taskmaster(tmp_path / "tm.json", 40, 1), abcd(tmp_path / "abcd.json", 40)
    told = call("realism", made, "--against", real, "--json")
    assert told.exit_code == 0
    said = json.loads(told.stdout)["languages"][0]
    assert said["lang"] == "en" and said["blueprints"] >= 200 and said["tells"][0]["sentence"]
    assert [row["kind"] for row in said["rows"]] == ["learned"] and said["rows"][0]["auc"][0] > 0.9
    first = tmp_path / "first.json"
    first.write_text(told.stdout, encoding="utf-8")
    page = call("realism", made, "--against", real, "--fresh", judge, "--first", first, "--tells", "3").stdout
    assert f"{said['rows'][0]['auc'][0]:.3f}" in page and "before" in page and "fresh" in page
    assert "what tells ours from real dialogues (en)" in page and "  3. " in page and "  4. " not in page


def test_what_is_wrong_is_one_line(made: Path, tmp_path: Path) -> None:
    real = taskmaster(tmp_path / "tm.json", 40, 1)
    few = taskmaster(tmp_path / "few.json", 3, 1)
    first = tmp_path / "first.json"
    first.write_text('{"languages": [{"rows": [{}]}]}', encoding="utf-8")
    for args, line in (
        ((), "--against"),
        (("--against", tmp_path / "none.json"), "No such file or directory"),
        (("--against", few), "taskmaster en: 3 dialogues have 6 turns or more, 20 are needed"),
        (("--against", real, "--fresh", real), "taskmaster en is in --against too"),
        (("--against", real, "--first", first), "not what millstream realism --json wrote"),
    ):
        found = call("realism", made, *args)
        assert found.exit_code == 2 and line in found.stderr and "Traceback" not in found.stderr


def test_a_corpus_of_another_language_is_one_line(made: Path, tmp_path: Path) -> None:
    said = [{"content": "好的，谢谢您。", "role": ("usr", "sys")[n % 2]} for n in range(8)]
    path = tmp_path / "val.json"
    path.write_text(json.dumps({str(n): {"sys-usr": [1, 2], "messages": said} for n in range(30)}), encoding="utf-8")
    found = call("realism", made, "--against", path)
    assert found.exit_code == 2 and "no dialogue in en" in found.stderr
