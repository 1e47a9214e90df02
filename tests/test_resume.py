"""What is left in a run folder is enough to make it again, to go on with it, and to mend what failed."""

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner, Result

from millstream import ledger
from millstream.cli import app
from millstream.table import lines

KITCHEN = Path(__file__).parents[1] / "samples" / "restaurant_en"
ASK = ("--count", "3", "--read", "1", "--set", "wording_tries=1")


def call(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)


class Server:
    """An OpenAI-compatible server that answers with the draft, and refuses what it is told to."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.refused: set[str] = set()

    def answer(self, body: dict[str, object]) -> dict[str, object]:
        messages = body["messages"]
        assert isinstance(messages, list)
        task = str(messages[-1]["content"])
        text = task.rpartition("<draft>")[2].partition("</draft>")[0] or '{"signals": []}'
        choices = [{"message": {"content": text}} for _ in range(int(str(body.get("n") or 1)))]
        return {"choices": choices, "usage": {"prompt_tokens": 100, "completion_tokens": 10}}


@contextmanager
def served(server: Server) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.asked[body["model"]] += 1
            bad = body["model"] in server.refused and server.asked[body["model"]] == 20
            raw = json.dumps({"error": {"message": "no"}} if bad else server.answer(body)).encode()
            self.send_response(400 if bad else 200)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *args: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}/v1"
        http.shutdown()


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A finished run by the scripted model. No test changes it."""
    out = tmp_path_factory.mktemp("resume") / "run"
    return out, call("run", KITCHEN, "--out", out, "--model", "scripted", *ASK)


def manifest(run: Path) -> dict[str, object]:
    return dict(json.loads((run / "manifest.json").read_text(encoding="utf-8")))


# --- the manifest and the replay ---------------------------------------------------------------------------


def test_the_manifest_pins_what_the_run_was_made_of(made: tuple[Path, Result]) -> None:
    said = manifest(made[0])
    assert {"packages", "code", "recipe", "settings", "seed", "prompts", "inputs", "prices", "models"} <= said.keys()
    prompts, inputs = said["prompts"], said["inputs"]
    assert isinstance(prompts, dict) and all(len(each) == 64 for each in prompts.values())
    assert any(name.startswith("play/prompts/") for name in prompts)
    assert isinstance(inputs, dict) and "menu.json" in inputs
    assert "127.0.0.1" not in json.dumps(said) and str(KITCHEN) not in json.dumps(said)


def test_the_hash_of_the_dataset_is_said_at_the_end_and_equal_on_replay(
    made: tuple[Path, Result], tmp_path: Path
) -> None:
    out, result = made
    found = json.loads((out / "summary.json").read_text(encoding="utf-8"))["figures"]["dataset"]
    assert len(found) == 64 and f"dataset: sha256 {found}" in result.stderr
    again = call("replay", out, "--out", tmp_path / "again", "--json")
    assert again.exit_code == 0 and json.loads(again.stdout) == {"dataset": found, "equal": True, "dialogues": 3}
    assert (tmp_path / "again" / "8_dialogues.jsonl").read_bytes() == (out / "8_dialogues.jsonl").read_bytes()
    assert not (tmp_path / "again" / "cache.sqlite").exists()


def test_a_replay_opens_no_connection(made: tuple[Path, Result]) -> None:
    """Any connection ends this process at once; so does a name looked up."""
    code = (
        "import os, sys\n"
        "closed = ('socket.connect', 'socket.getaddrinfo')\n"
        "sys.addaudithook(lambda name, args: os._exit(77) if name in closed else None)\n"
        "from millstream.cli import app\n"
        f"app(['replay', {str(made[0])!r}, '-q'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "equal to the run's" in done.stderr


def test_a_reply_that_is_not_there_is_one_clear_line(made: tuple[Path, Result], tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(made[0], run)
    with ledger.sqlite3.connect(run / "cache.sqlite") as cache:
        key, item = cache.execute("select key, item from attempt where stage = 'play' limit 1").fetchone()
        cache.execute("delete from reply where key = ?", (key,))
    found = call("replay", run, "-q")
    assert found.exit_code == 2 and f"no reply to play {item} is in the cache" in found.stderr
    assert len(found.stderr.strip().splitlines()) == 1


def test_a_changed_input_is_named(made: tuple[Path, Result], tmp_path: Path) -> None:
    kitchen, run = tmp_path / "kitchen", tmp_path / "run"
    shutil.copytree(KITCHEN, kitchen)
    assert call("run", kitchen, "--out", run, "--model", "none", "--count", "1", "-q").exit_code == 0
    with (kitchen / "policy.md").open("a") as file:
        file.write("\nClosed on Mondays.\n")
    found = call("replay", run, "-q")
    assert found.exit_code == 2 and "not what the run was made of: inputs policy.md" in found.stderr


def test_another_run_is_told_by_what_is_different(made: tuple[Path, Result]) -> None:
    found = call("run", KITCHEN, "--out", made[0], "--model", "scripted", *ASK, "--seed", 7, "--set", "temperature=0.1")
    assert found.exit_code == 2 and "was made with another settings seed, settings temperature" in found.stderr


def test_another_dataset_is_told(made: tuple[Path, Result], tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(made[0], run)
    said = manifest(run) | {"dataset": {"sha256": "0" * 64, "dialogues": 3}}
    (run / "manifest.json").write_text(json.dumps(said))
    found = call("replay", run, "-q")
    assert found.exit_code == 2 and "the dataset is another one" in found.stderr


@pytest.mark.parametrize("text", ["", "[]", "{", '{"models": 3, "instead": {}}', '{"models": [{"a": 1}]}'])
def test_a_broken_manifest_is_one_clear_line(made: tuple[Path, Result], tmp_path: Path, text: str) -> None:
    run = tmp_path / "run"
    shutil.copytree(made[0], run)
    (run / "manifest.json").write_text(text)
    found = call("replay", run, "-q")
    assert found.exit_code == 2 and "manifest" in found.stderr and "Traceback" not in found.stderr


# --- failures ----------------------------------------------------------------------------------------------


def test_what_failed_is_listed_and_done_again_alone_by_another_model(tmp_path: Path) -> None:
    server, run = Server(), tmp_path / "run"
    server.refused = {"weak"}
    ask = ("--count", "4", "--read", "0", "--set", "wording_tries=1", "--set", "waves=1", "-q")
    with served(server) as url:
        first = call("run", KITCHEN, "--out", run, "--model", "weak", "--base-url", url, *ask)
        assert f"failed: 1 x {url}/chat/completions: 400 no" in first.stderr, "the reason, not only where it stands"
        failed = json.loads(call("status", run, "--failures", "--json").stdout)
        assert failed and all(each["trace"] and "400 no" in each["error"] for each in failed)
        one = call("status", run, "--failures", "--only", failed[0]["item"])
        assert one.stdout.count("6_dialogues_1") == 1 and "Traceback" in one.stdout
        assert call("replay", run, "-q").exit_code == 0, "what failed then fails in the replay, too"

        before = server.asked["weak"]
        mended = call("resume", run, "--only", "failed", "--model", "strong", "--base-url", url, "-q")
        assert mended.exit_code == 0 and server.asked["weak"] == before and server.asked["strong"]
        assert not list(lines(run / "failures.jsonl"))
        cast = manifest(run)
        assert set(cast["instead"]) == {each["item"] for each in failed}  # type: ignore[call-overload]
        rows = [json.loads(line)["made"][0] for line in lines(run / "6_dialogues_1.jsonl")]
        by = {row["scenario"]["number"]: row["realiser"] for row in rows}
        assert set(by.values()) == {"llm: weak", "llm: strong"} and len(by) == 4
        sent = server.asked.total()
        again = call("replay", run, "-q")
        assert again.exit_code == 0 and "equal to the run's" in again.stderr
        assert call("resume", run, "-q").exit_code == 0 and server.asked.total() == sent
        assert "nothing failed" in call("resume", run, "--only", "failed").stderr


def test_resume_goes_on_as_the_folder_says(made: tuple[Path, Result], tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(made[0], run)
    for name in ("6_dialogues_1.jsonl", "7_judged_1.jsonl"):
        (run / name).unlink()
    found = call("resume", run, "-q")
    assert found.exit_code == 0
    assert (run / "8_dialogues.jsonl").read_bytes() == (made[0] / "8_dialogues.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("flags", "line"),
    [
        (("--model", "big"), "--model goes with --only failed"),
        (("--only", "failed", "--item", "nobody"), "nobody did not fail"),
    ],
)
def test_what_resume_cannot_do_is_one_clear_line(
    made: tuple[Path, Result], flags: tuple[str, ...], line: str
) -> None:
    found = call("resume", made[0], *flags)
    assert found.exit_code == 2 and line in found.stderr


def test_a_folder_that_is_no_run_is_one_clear_line(tmp_path: Path) -> None:
    for name in ("resume", "replay"):
        found = call(name, tmp_path)
        assert found.exit_code == 2 and "not a run folder" in found.stderr


# --- money -------------------------------------------------------------------------------------------------


def test_a_budget_stops_the_run_and_a_larger_one_lets_it_go_on(tmp_path: Path) -> None:
    server, run = Server(), tmp_path / "run"
    table = tmp_path / "prices.yaml"
    row = "{match: big, in: 10, out: 100, as_of: 2026-01-01}"
    table.write_text(f"version: t\ncurrency: EUR\nmodels:\n  - {row}\n")
    ask = ("--count", "4", "--read", "0", "--set", "wording_tries=1", "-q", "--prices", table)
    with served(server) as url:
        first = call("run", KITCHEN, "--out", run, "--model", "big", "--base-url", url, *ask, "--budget", "0.1")
        bought = server.asked["big"]
        assert first.exit_code in (0, 4) and bought
        failed = json.loads(call("status", run, "--failures", "--json").stdout)
        assert "the budget is used up" in failed[0]["error"]
        rows = {row["stage"]: row for row in json.loads(call("cost", run, "--prices", table, "--json").stdout)}
        assert rows["all"]["money"] == pytest.approx(bought * 0.002) and rows["all"]["money"] <= 0.1
        again = call("resume", run, "-q", "--prices", table, "--budget", "100")
        assert again.exit_code == 0
        assert ledger.spent(run / "cache.sqlite").total.calls == server.asked["big"], "nothing was bought twice"


def test_a_budget_in_money_needs_a_price(tmp_path: Path) -> None:
    ask = ("--model", "odd", "--base-url", "http://x/v1", "--budget", 1)
    found = call("run", KITCHEN, "--out", tmp_path / "run", *ask)
    assert found.exit_code == 2 and "no price is known of odd" in found.stderr and not (tmp_path / "run").exists()


def test_a_dry_run_says_what_it_may_cost(tmp_path: Path) -> None:
    ask = ("run", KITCHEN, "--out", tmp_path / "run", "--dry-run", "--count", "200", "--read", "2")
    found = call(*ask, "--model", "gpt-4.1-mini", "--base-url", "http://x/v1")
    assert found.exit_code == 0 and not (tmp_path / "run").exists()
    assert "calls of gpt-4.1-mini: 2 to mine, " in found.stderr
    assert "tokens in and " in found.stderr and " USD by the prices of 20" in found.stderr
    unknown = call(*ask, "--model", "odd", "--base-url", "http://x/v1")
    assert "no price is known of odd" in unknown.stderr


def test_progress_as_lines_of_json(tmp_path: Path) -> None:
    ask = ("--model", "scripted", "--count", "1", "--read", "0", "--log-json")
    found = call("run", KITCHEN, "--out", tmp_path / "run", *ask)
    events = [json.loads(line) for line in found.stderr.splitlines() if line.startswith("{")]
    assert {each["event"] for each in events} == {"item", "answer"} and all(each["time"] for each in events)
    assert events[-1]["step"].startswith("7_judged") and "calls" in next(e["bought"] for e in events if "bought" in e)


# --- taken from another run -----------------------------------------------------------------------------------


def test_another_run_takes_over_the_replies_that_fit(made: tuple[Path, Result], tmp_path: Path) -> None:
    first, out = made[0], tmp_path / "again"
    assert call("run", KITCHEN, "--out", out, "--model", "scripted", *ASK, "--reuse", first).exit_code == 0
    assert ledger.spent(out / "cache.sqlite").total.attempts == 0, "all of it was asked there"
    assert manifest(out)["dataset"] == manifest(first)["dataset"]
    shutil.move(first / "cache.sqlite", tmp_path / "elsewhere")
    try:
        assert call("replay", out).exit_code == 0, "what was taken over lies in the run's own cache"
    finally:
        shutil.move(tmp_path / "elsewhere", first / "cache.sqlite")


def test_only_a_run_that_asked_a_model_lends_replies(made: tuple[Path, Result], tmp_path: Path) -> None:
    plain, out = tmp_path / "plain", tmp_path / "out"
    plain.mkdir()
    shutil.copy(made[0] / "fingerprint", plain)
    for lender, said in ((tmp_path, "not a run folder"), (plain, "has no cache")):
        told = call("run", KITCHEN, "--out", out, "--model", "scripted", *ASK, "--reuse", lender)
        assert told.exit_code == 2 and said in told.stderr and not out.exists()
