"""The command line: what goes to stdout and stderr, which exit code, and what is left in the run folder."""

import json
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from millstream import ledger
from millstream.cli import COMMANDS, app, loaded
from millstream.domain import read as read_domain
from millstream.errors import InputError
from millstream.records import Dialogue
from millstream.table import Table

SAMPLES = Path(__file__).parents[1] / "samples"
KITCHEN = SAMPLES / "restaurant_en"
PLAIN = ("--model", "none", "--count", "4")
SCRIPTED = ("--model", "scripted", "--count", "6", "--read", "2", "--set", "wording_tries=1")


def call(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)


def started(*args: object) -> "subprocess.Popen[str]":
    """Ctrl-C is heard also where it is not by these tests: a shell has what it runs in the background ignore it, and
    who is started there ignores it, too."""
    command = [sys.executable, "-m", "millstream", *map(str, args)]
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heard)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A run by rules and templates alone, and what was said at its end. No test changes the folder."""
    out = tmp_path_factory.mktemp("cli") / "kitchen"
    return out, call("run", KITCHEN, "--out", out, *PLAIN)


# --- help --------------------------------------------------------------------------------------------------


def test_help_names_every_command_and_imports_none() -> None:
    found = call("--help")
    assert found.exit_code == 0 and all(name in found.stdout for name in COMMANDS)
    code = "import sys, millstream.cli; print([m for m in sys.modules if 'millstream.commands.' in m])"
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == "['millstream.commands.release']"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_of_a_command_begins_its_help(name: str) -> None:
    assert loaded(name).help.splitlines()[0] == COMMANDS[name]
    assert call(name, "--help").exit_code == 0


def test_the_help_page_is_quick() -> None:
    """In seconds of the processor, which other work on the machine does not lengthen."""
    took = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "millstream", "--help"], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(took) < 1


def test_a_wrong_flag_is_a_wrong_input() -> None:
    assert call("run", "--nonsense").exit_code == 2
    assert call("nonsense").exit_code == 2


@pytest.mark.parametrize("name", ["recipes", "domains", "models"])
def test_lists_can_be_read_by_programs(name: str) -> None:
    rows = json.loads(call(name, "--json").stdout)
    assert rows and all(row["name"] for row in rows)
    assert rows[0]["name"] in call(name).stdout


# --- a run -------------------------------------------------------------------------------------------------


def test_a_run_leaves_everything_in_its_folder(made: tuple[Path, Result]) -> None:
    out, result = made
    assert result.exit_code == 0 and not result.stdout
    for name in ("report.html", "card.md", "settings.json", "rights.json", "domain.yaml", "summary.json"):
        assert (out / name).stat().st_size
    assert read_domain(str(out / "domain.yaml")).name == "restaurant"
    dialogues = list(Table(out / "8_dialogues.jsonl", Dialogue))
    said = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert said["accepted"] == len(dialogues) == 4
    assert said["figures"]["turns"] == sum(len(each.turns) for each in dialogues)
    assert said["figures"]["acceptance"] == 4 / said["drawn"]
    assert [tuple(pair) for pair in said["words"]] == [("template", said["figures"]["turns"])]


def test_the_end_of_a_run_says_what_came_of_it(made: tuple[Path, Result]) -> None:
    out, result = made
    said = dict(re.findall(r"^(\w[\w ]*): (.*)$", result.stderr, re.MULTILINE))
    assert said["accepted"].startswith("4 of ")
    assert "calls and 0 tokens per accepted dialogue" in said["model"]
    assert "seconds per accepted dialogue" in said["time"]
    none_of_them = r"0% of \d+ turns \(0 of them as a worked example has it\); 0 close to the draft, 0 kept the draft, "
    assert re.fullmatch(none_of_them + r"\d+ by template", said["own words"])
    assert "rejected" in said and said["report"] == str(out / "report.html")


def test_json_is_all_that_goes_to_stdout(tmp_path: Path) -> None:
    found = call("run", KITCHEN, "--out", tmp_path / "run", "--model", "none", "--count", "1", "--json")
    assert found.exit_code == 0
    assert json.loads(found.stdout) == json.loads((tmp_path / "run" / "summary.json").read_text(encoding="utf-8"))
    assert "of 1 drawn" in found.stderr and "wave" not in found.stderr


def test_a_dry_run_makes_nothing(tmp_path: Path) -> None:
    found = call("run", KITCHEN, "--out", tmp_path / "run", "--dry-run", "--json")
    assert found.exit_code == 0 and not (tmp_path / "run").exists()
    assert {row["source"]: row["kind"] for row in json.loads(found.stdout)} == {
        "kitchen": "stream", "menu": "table", "policy": "document",
    }  # fmt: skip
    assert "domain restaurant, language en" in found.stderr


def test_the_model_only_words_what_the_plan_says(tmp_path: Path) -> None:
    out = tmp_path / "run"
    found = call("run", KITCHEN, "--out", out, *SCRIPTED)
    assert found.exit_code == 0
    said = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    words = dict(map(tuple, said["words"]))
    assert words["kept"] + words.get("template", 0) == said["figures"]["turns"] and said["figures"]["own_words"] == 0
    assert said["figures"]["calls_per_dialogue"] > 1
    cost = {row["stage"]: row for row in json.loads(call("cost", out, "--json").stdout)}
    assert cost["all"]["calls"] == cost["mine"]["calls"] + cost["play"]["calls"] > 20
    assert cost["per accepted dialogue"]["calls"] == round(cost["all"]["calls"] / said["accepted"], 1)


def test_a_larger_count_extends_a_run_as_if_it_had_been_asked_for_at_first(
    tmp_path: Path, made: tuple[Path, Result]
) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    shutil.copytree(made[0], small)
    large.mkdir()
    shutil.copy(small / "pseudonyms.key", large)  # another key would give viewers other names
    before = (small / "8_dialogues.jsonl").read_text(encoding="utf-8").splitlines()
    for out in (small, large):
        assert call("run", KITCHEN, "--out", out, "--model", "none", "--count", "9").exit_code == 0
    grown = (small / "8_dialogues.jsonl").read_text(encoding="utf-8")
    assert grown == (large / "8_dialogues.jsonl").read_text(encoding="utf-8")
    assert grown.splitlines()[: len(before)] == before and len(grown.splitlines()) == 9
    assert call("run", KITCHEN, "--out", small, *PLAIN).exit_code == 0
    assert (small / "8_dialogues.jsonl").read_text(encoding="utf-8").splitlines() == before


def test_a_run_of_other_settings_is_another_run(made: tuple[Path, Result]) -> None:
    out, _ = made
    before = (out / "settings.json").read_bytes()
    found = call("run", KITCHEN, "--out", out, *PLAIN, "--seed", "7")
    assert found.exit_code == 2 and "was made with another" in found.stderr
    assert (out / "settings.json").read_bytes() == before


def test_a_folder_that_holds_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear")
    found = call("run", KITCHEN, "--out", tmp_path, *PLAIN)
    assert found.exit_code == 2 and "holds other things than a run" in found.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["letters.txt"]


# --- nothing to keep ---------------------------------------------------------------------------------------


def chatter(folder: Path) -> Path:
    """A talk in which nobody offers or wants anything."""
    lines = ["the weather was lovely", "and then we walked home", "I watched the birds", "what a long day it was"]
    cues = [f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{lines[n % 4]}\n" for n in range(1, 40)]
    path = folder / "walk.srt"
    path.write_text("\n".join(cues))
    return path


def test_a_source_without_service_talk_yields_nothing_and_says_why(tmp_path: Path) -> None:
    out = tmp_path / "run"
    found = call("run", chatter(tmp_path), "--out", out, "--domain", "restaurant", *PLAIN)
    assert found.exit_code == 3
    assert "abstained: walk: too little service talk: questions and facts about restaurant found: 0," in found.stderr
    assert "every source abstained" in found.stderr and (out / "report.html").exists()


def test_a_table_that_was_left_out_is_the_likely_cause_in_the_last_line(tmp_path: Path) -> None:
    talk = chatter(tmp_path)
    (tmp_path / "menu.csv").write_text("dish,price\nSoup,9,12\n", encoding="utf-8")
    found = call("run", talk, tmp_path / "menu.csv", "--out", tmp_path / "run", "--domain", "restaurant", *PLAIN)
    last = found.stderr.strip().splitlines()[-1]
    assert found.exit_code == 3 and last.startswith("likely: because a table was left out")
    assert "menu.csv line 2: 3 cells under 2 headers" in last


def test_a_model_that_does_not_answer_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The port is one that nothing listens on; the address of a server is a wrong input only where it is none."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    args = ("run", KITCHEN, "--out", tmp_path / "run", "--model", "big", "--count", "1", "--read", "0")
    found = call(*args, "--base-url", "http://127.0.0.1:9/v1")
    assert found.exit_code == 4 and "accidents stopped it" in found.stderr
    failure = json.loads((tmp_path / "run" / "failures.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert failure["step"].startswith("6_dialogues") and failure["trace"]
    assert call(*args[:4], "--base-url", "http://127.0.0.1:9/v1").exit_code == 2
    assert call(*args[:4], "--model", "big", "--base-url", "nonsense").exit_code == 2


# --- bad input ---------------------------------------------------------------------------------------------


BAD: dict[str, bytes] = {
    "empty.srt": b"",
    "torn.chat.json": (KITCHEN / "kitchen.chat.json").read_bytes()[:9000],
    "torn.srt": b"1\n00:00:01,000 --> 00:00",
    "latin.csv": b"dish,price\nsoup,4\nbr\xfbl\xe9e,\xff\xfe\x00\n",
    "notes.xyz": b"\x00\x01\x02 nothing that anybody knows",
    "bomb.xml": b'<?xml version="1.0"?><!DOCTYPE i [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'
    b'<i><chatid>1</chatid><d p="1,1,25,0,0,0,x,1">&b;</d></i>',
    "outside.xml": b'<?xml version="1.0"?><!DOCTYPE i [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    b'<i><chatid>1</chatid><d p="1,1,25,0,0,0,x,1">&a;</d></i>',
    "deep.json": b'[{"a":' + b"[" * 1500 + b"]" * 1500 + b"}]",
    "headless.csv": b"1,2,3\n4,5,6\n7,8,9\n",
}


@pytest.mark.parametrize("name", [*BAD, "missing.srt"])
def test_bad_input_is_one_line_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    path, out = tmp_path / name, tmp_path / "run"
    if name in BAD:
        path.write_bytes(BAD[name])
    found = call("run", path, "--out", out, *PLAIN)
    assert found.exit_code == 2 and not found.stdout and not out.exists()
    (line,) = found.stderr.splitlines()
    assert line.startswith("millstream: ") and name in line and "; " in line


def test_the_others_of_a_batch_still_run_and_the_bad_ones_are_listed(tmp_path: Path) -> None:
    for name, content in BAD.items():
        (tmp_path / name).write_bytes(content)
    out = tmp_path / "run"
    found = call("run", KITCHEN, *(tmp_path / name for name in BAD), "--out", out, *PLAIN)
    assert found.exit_code == 0
    left_out = json.loads((out / "summary.json").read_text(encoding="utf-8"))["left_out"]
    assert {Path(file).name for file, _ in left_out} == set(BAD)
    assert all(name in (out / "report.html").read_text(encoding="utf-8") for name in BAD)
    assert found.stderr.count("left out: ") == 7 and "left out: and 3 more" in found.stderr


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--set", "count"), "no setting"),
        (("--set", "colour=red"), "colour"),
        (("--count", "0"), "count: Input should be greater than or equal to 1; count is: dialogues to accept"),
        (("--lang", "fr"), "lang is: "),
        (("--set", "service=0"), "service is: "),
        (("--set", "temprature=1"), "did you mean temperature?"),
        (("--set", "delivery=maybe"), "maybe: no deliveries can be read from it"),
        (("--set", "strategies=nofile.yaml"), "nofile.yaml: cannot be read"),
        (("--set", "columns={text: nosuch}"), "no input has 'nosuch'"),
        (("--domain", "plumbing"), "no domain 'plumbing'"),
        (("--recipe", "cake"), "no 'cake' in recipes"),
        (("--basis", "mine"), "'mine' is no basis"),
        (("--config", "nowhere.yaml"), "nowhere.yaml"),
        (("--model", "local:nobody"), "no model 'nobody'"),
    ],
)
def test_a_wrong_setting_is_one_line_and_leaves_nothing(flags: tuple[str, str], said: str, tmp_path: Path) -> None:
    found = call("run", KITCHEN, "--out", tmp_path / "run", *flags)
    assert found.exit_code == 2 and not (tmp_path / "run").exists()
    assert len(found.stderr.splitlines()) == 1 and said in found.stderr


def test_settings_come_from_a_file_and_flags_change_them(tmp_path: Path) -> None:
    (tmp_path / "my.yaml").write_text("model: none\ncount: 9\nseed: 3\n")
    found = call("run", KITCHEN, "--out", tmp_path / "run", "--config", tmp_path / "my.yaml", "--count", 1)
    assert found.exit_code == 0
    said = json.loads((tmp_path / "run" / "settings.json").read_text(encoding="utf-8"))
    assert (said["model"], said["count"], said["seed"]) == ("none", 1, 3)


# --- stopping and going on ---------------------------------------------------------------------------------


def stopped(out: Path, by: signal.Signals, calls: int, *more: str) -> tuple[int, str]:
    """Start a scripted run and send it a signal when the model has answered so often."""
    process = started("run", KITCHEN, "--out", out, *SCRIPTED, *more)
    give_up = time.monotonic() + 240
    while process.poll() is None and answered(out) < calls and time.monotonic() < give_up:
        time.sleep(0.005)
    assert answered(out) >= calls, "it has not begun"
    process.send_signal(by)
    return process.wait(60), process.communicate()[1]


def answered(out: Path) -> int:
    try:
        return ledger.spent(out / "cache.sqlite").total.calls
    except InputError:  # it is just being made
        return 0


def test_a_killed_run_goes_on_to_the_same_dialogues_and_buys_nothing_twice(tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert call("run", KITCHEN, "--out", whole, *SCRIPTED).exit_code == 0
    killed.mkdir()
    for name in ("fingerprint", "pseudonyms.key"):
        shutil.copy(whole / name, killed / name)
    code, _ = stopped(killed, signal.SIGKILL, 40)
    assert code == -signal.SIGKILL and not (killed / "summary.json").exists()
    assert answered(killed) >= 40
    assert call("run", KITCHEN, "--out", killed, *SCRIPTED).exit_code == 0
    assert (killed / "8_dialogues.jsonl").read_bytes() == (whole / "8_dialogues.jsonl").read_bytes()
    spent, once = (ledger.spent(out / "cache.sqlite").total for out in (killed, whole))
    assert spent.attempts == spent.calls == once.calls


def test_ctrl_c_is_how_a_view_ends(made: tuple[Path, Result]) -> None:
    shown = started("view", made[0], "--port", 0)
    assert shown.stdout and shown.stdout.readline().startswith("http://")
    shown.send_signal(signal.SIGINT)
    _, said = shown.communicate(timeout=60)
    assert shown.returncode == 0 and "interrupted" not in said and "Traceback" not in said


def test_an_interrupted_run_says_how_to_go_on(tmp_path: Path) -> None:
    out = tmp_path / "run"
    code, said = stopped(out, signal.SIGINT, 20, "--count", "2000")  # never done before the signal comes
    assert code == 130
    line = f"interrupted; what is done is kept; go on with: millstream run {KITCHEN} --out {out} --model scripted"
    assert said.splitlines()[-1].startswith(f"millstream: {line}") and "Traceback" not in said
    found = call("status", out)
    assert found.exit_code == 0 and "not finished" in found.stderr
    assert call("run", KITCHEN, "--out", out, *SCRIPTED).exit_code == 0


STOPPED_AT = """
import os, signal, sys
from millstream.__main__ import main

class Stopping:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[0]:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Stopping())
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv = sys.argv[1:]
main()
"""


@pytest.mark.parametrize("module", ["typer", "millstream.pipeline", "numpy"])
def test_ctrl_c_while_modules_are_imported_is_one_line(module: str, tmp_path: Path) -> None:
    asked = ["run", str(KITCHEN), "--out", str(tmp_path / "run"), *SCRIPTED]
    found = subprocess.run([sys.executable, "-c", STOPPED_AT, module, *asked], capture_output=True, text=True)
    assert found.returncode == 130 and not found.stdout and not (tmp_path / "run").exists()
    assert found.stderr == "millstream: interrupted before anything was begun; run it again\n"


# --- reading a run -----------------------------------------------------------------------------------------


def test_status_counts_by_step(made: tuple[Path, Result]) -> None:
    found = call("status", made[0], "--json")
    said = json.loads(found.stdout)
    records = {row["step"]: row["records"] for row in said["steps"]}
    assert said["finished"] and records["8_dialogues"] == 4
    assert records["6_dialogues"] == records["5_scenarios"] >= 4
    assert sum(row["count"] for row in said["rejects"])
    assert "8_dialogues" in call("status", made[0]).stdout


def test_report_writes_the_page_again(made: tuple[Path, Result]) -> None:
    out, _ = made
    (out / "report.html").unlink()
    found = call("report", out)
    assert found.exit_code == 0 and found.stdout.splitlines() == [str(out / "report.html"), str(out / "card.md")]
    assert (out / "report.html").exists()


def test_a_run_without_dialogues_says_so_when_traced(made: tuple[Path, Result], tmp_path: Path) -> None:
    shutil.copytree(made[0], tmp_path / "run")
    (tmp_path / "run" / "8_dialogues.jsonl").write_text("")
    found = call("trace", tmp_path / "run")
    assert found.exit_code == 0 and "no dialogues are left in it" in found.stderr


def test_another_language_than_that_of_the_inputs_is_warned_of(tmp_path: Path) -> None:
    found = call("run", KITCHEN, "--out", tmp_path / "run", "--lang", "zh", "--dry-run", *PLAIN)
    assert found.exit_code == 0 and "but the inputs are in en" in found.stderr
    found = call("run", KITCHEN, "--out", tmp_path / "run", "--lang", "en", "--dry-run", *PLAIN)
    assert found.exit_code == 0 and "warning" not in found.stderr


def test_trace_leads_to_the_second_of_the_stream(made: tuple[Path, Result]) -> None:
    out, _ = made
    dialogue = next(iter(Table(out / "8_dialogues.jsonl", Dialogue)))
    found = call("trace", out, dialogue.id[:10])
    assert found.exit_code == 0
    assert all(turn.text in found.stdout for turn in dialogue.turns)
    evidence = [each for turn in dialogue.turns for each in turn.grounding if each.kind == "cues"]
    assert evidence and all(each.quote in found.stdout for each in evidence)
    assert re.search(r"<- kitchen, (speech|chat), cues? [\d, and]+, \d+:\d\d.*: “", found.stdout)
    one = call("trace", out, dialogue.id, "--turn", "1").stdout
    assert one.splitlines()[0] == f"  1 {dialogue.turns[1].role}: {dialogue.turns[1].text}"
    assert dialogue.turns[2].text not in one


def test_what_is_asked_of_a_run_that_cannot_be_told(made: tuple[Path, Result], tmp_path: Path) -> None:
    out, _ = made
    assert "no accepted dialogue 'zz'" in call("trace", out, "zz").stderr
    assert "4 dialogues begin with ''" in call("trace", out, "").stderr
    listed = call("trace", out).stdout.splitlines()
    assert len(listed) == 4 and all("turns" in line for line in listed)
    for command in (("status",), ("cost",), ("report",), ("trace", "x"), ("export", "--to", tmp_path / "d")):
        found = call(command[0], tmp_path, *command[1:])
        assert found.exit_code == 2 and "not a run folder" in found.stderr


def test_a_demo_of_both_samples_prints_a_dialogue_of_each(tmp_path: Path) -> None:
    flags = ("--model", "none", "--count", "1", "--samples", SAMPLES, "--out", tmp_path)
    found = call("demo", *flags)
    assert found.exit_code == 0
    heads = re.findall(r"^dialogue [0-9a-f]{16} \((.*)\)$", found.stdout, re.MULTILINE)
    assert heads == ["automotive, zh; synthetic", "restaurant, en; synthetic"]
    for name in ("demo-zh", "demo-en"):
        assert f"report: {tmp_path / name / 'report.html'}" in found.stderr.splitlines()[-2:]
    assert call("demo", "--samples", tmp_path).exit_code == 2


def test_a_demo_leaves_what_another_version_made_and_finds_its_own_again(tmp_path: Path) -> None:
    older = tmp_path / "demo-zh" / "fingerprint"
    older.parent.mkdir()
    older.write_text("of another version")
    flags = ("--model", "none", "--count", "1", "--samples", SAMPLES, "--out", tmp_path)
    for _ in range(2):
        assert call("demo", *flags).exit_code == 0
        assert sorted(each.name for each in tmp_path.iterdir()) == ["demo-en", "demo-zh", "demo-zh-2"]
    assert [each.name for each in older.parent.iterdir()] == ["fingerprint"]


def test_what_streams_say_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "x\x1b[31m.srt").write_text("nothing")
    said = call("run", tmp_path / "x\x1b[31m.srt", "--out", tmp_path / "run").stderr
    assert "\x1b" not in said and "\ufffd" in said
