"""`millstream run --recipe abcd`: plans are kept, values checked, planted errors found, wrong guidelines refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from millstream import corpora
from millstream.cli import app
from millstream.formats import sgd, tools
from millstream.recipes.abcd import astray
from millstream.services import guidelines, knowledge
from millstream.simulate.checked import faults
from millstream.simulate.guided import Desk
from spoiling import MISSED, missed

SAMPLE = Path(__file__).parents[2] / "samples" / "guidelines"
KNOWN = guidelines.read(SAMPLE / "guidelines.yaml")
RECORDS = knowledge.read(SAMPLE / "rows.json").rows["records"]
DESK = Desk(KNOWN, guidelines.records(KNOWN, RECORDS))
SERVICES = {each.name: each for each in guidelines.services(KNOWN)}
Row = dict[str, Any]


def call(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("abcd") / "run"
    found = call("run", SAMPLE, "--recipe", "abcd", "--out", out, "--model", "none", "--count", 80)
    assert found.exit_code == 0, found.output
    return out


def wrong(row: Row) -> list[str]:
    dialogue = sgd.parse(row)
    return [*faults(dialogue, SERVICES), *astray(dialogue, DESK)]


def test_every_subflow_is_played_some_are_stopped_and_some_values_are_put_right(made: Path) -> None:
    dialogues = read(made / "dialogues.jsonl")
    assert len(dialogues) == 80 and not any(wrong(each) for each in dialogues)
    plans = [plan for each in dialogues for plan in each["plans"]]
    assert len({plan["subflow"] for plan in plans}) == 11
    stopped = [plan for plan in plans if plan["stopped"]]
    assert stopped and all(plan["done"] == plan["plan"][: len(plan["done"])] != plan["plan"] for plan in stopped)
    failed = [f for each in dialogues for t in each["turns"] for f in t["frames"] if f.get("service_results") == []]
    assert any(KNOWN.actions[frame["service_call"]["method"]].checks for frame in failed)


def test_abcds_own_form_is_read_as_abcd_and_has_targets(made: Path) -> None:
    read_again = list(corpora.conversations(made / "abcd_dialogues.json"))
    assert len(read_again) == 80 and all(each.corpus == "abcd" for each in read_again)
    for each in json.loads((made / "abcd_dialogues.json").read_text()):
        targets = [turn["targets"] for turn in each["delexed"]]
        taken = [target[2] for target in targets if target[1] == "take_action"]
        done = [action for plan in each["scenario"]["plans"] for action in plan["done"]]
        assert set(taken) == set(done) and len(taken) >= len(done) and targets[-1][1] == "end_conversation"
        assert [who for who, _ in each["original"]] == [turn["speaker"] for turn in each["delexed"]]


def test_only_actions_are_tools(made: Path) -> None:
    messages = read(made / "tools.jsonl")
    names = {tool["function"]["name"].partition(tools.BETWEEN)[2] for tool in messages[0]["tools"]}
    assert "check_u002d_order" in names and "late_order" not in names
    assert not any(tools.faults(each) for each in messages)


# --- planted errors ------------------------------------------------------------------------------------------


def calls(row: Row) -> list[Row]:
    return [f for turn in row["turns"] for f in turn["frames"] if "service_call" in f]


def swapped(row: Row, rng: Random) -> bool:
    """Two neighbouring actions change places."""
    found = calls(row)
    at = rng.randrange(max(1, len(found) - 1))
    if len(found) < 2 or found[at]["service_call"] == found[at + 1]["service_call"]:
        return False
    for key in ("service_call", "service_results", "actions"):
        found[at][key], found[at + 1][key] = found[at + 1][key], found[at][key]
    return True


def left_out(row: Row, rng: Random) -> bool:
    frame = rng.choice(calls(row))
    if not frame["service_results"] and KNOWN.actions[frame["service_call"]["method"]].checks:
        return False  # a check that failed and is made again: without it the plan is whole all the same
    del frame["service_call"], frame["service_results"]
    return True


def other_value(row: Row, rng: Random) -> bool:
    given = rng.choice(calls(row))["service_call"]["parameters"]
    if given:
        given[rng.choice(list(given))] = "somebody"
    return bool(given)


def other_action(row: Row, rng: Random) -> bool:
    frame = rng.choice(calls(row))
    frame["service_call"]["method"] = rng.choice([a for a in KNOWN.actions if a != frame["service_call"]["method"]])
    return True


def passed(row: Row, rng: Random) -> bool:
    """A check that went well is told to have failed, or the other way round."""
    found = [f for f in calls(row) if KNOWN.actions[f["service_call"]["method"]].checks]
    if found:
        frame = rng.choice(found)
        frame["service_results"] = [] if frame["service_results"] else [{"customer_name": "somebody"}]
    return bool(found)


def other_plan(row: Row, rng: Random) -> bool:
    rng.choice(row["plans"])["plan"].append("book-repair")
    return True


def other_words(row: Row, rng: Random) -> bool:
    found = [(t, s) for t in row["turns"] for f in t["frames"] for s in f["slots"]]
    if found:
        turn, span = rng.choice(found)
        start, end = span["start"], span["exclusive_end"]
        turn["utterance"] = turn["utterance"][:start] + "x" * (end - start) + turn["utterance"][end:]
    return bool(found)


KINDS: tuple[Callable[[Row, Random], bool], ...] = (
    swapped, left_out, other_value, other_action, passed, other_plan, other_words,
)  # fmt: skip


def test_of_three_hundred_planted_errors_nearly_all_are_found(made: Path) -> None:
    left = missed(KINDS, read(made / "dialogues.jsonl"), wrong)
    assert len(left) <= MISSED, left


# --- bad input -----------------------------------------------------------------------------------------------


def spoilt(folder: Path) -> Path:
    said = yaml.safe_load((SAMPLE / "guidelines.yaml").read_text(encoding="utf-8"))
    said["slots"]["refund_way"]["values"] = ["card", "Card"]
    said["slots"]["nickname"] = {"description": "what friends say"}
    said["actions"]["refund"]["slots"].append("nickname")
    said["actions"]["send-label"]["description"] = ""
    said["flows"]["Orders"]["subflows"]["late_order"]["actions"] += ["ring-the-bell"]
    said["flows"]["Repairs"]["subflows"]["repair_advice"]["actions"] = []
    said["flows"]["Returns"]["subflows"]["send_back"]["stops"] = {"membership": ["gold"], "shipping": ["express"]}
    said["actions"]["note-reason"]["slots"] = ["mood"]
    path = folder / "guidelines.yaml"
    path.write_text(yaml.safe_dump(said), encoding="utf-8")
    (folder / "rows.json").write_text((SAMPLE / "rows.json").read_text())
    return path


def test_a_dry_run_lists_every_problem_with_file_and_key(tmp_path: Path) -> None:
    path = spoilt(tmp_path)
    found = call("run", tmp_path, "--recipe", "abcd", "--dry-run", "--out", tmp_path / "out")
    assert found.exit_code == 2
    lines = set(found.stdout.splitlines())
    assert {
        f"{path}: actions.note-reason.mood: no such slot",
        f"{path}: flows.Orders.late_order.ring-the-bell: no such action",
        f"{path}: flows.Repairs.repair_advice: no action: there is no plan",
        f"{path}: flows.Returns.send_back.stops.membership: 'gold' is none of its values",
        f"{path}: flows.Returns.send_back.stops.shipping: no action of this plan takes this slot",
        f"{tmp_path / 'rows.json'}: nickname: a slot without values: the guidelines list none and no record has one",
        f"{path}: Returns.refund_way: values that collide: 'card' stands for two",
        f"{path}: Returns.send-label: no description",
    } <= lines
    wrong = call("run", tmp_path, "--recipe", "abcd", "--model", "none", "--out", tmp_path / "out")
    assert wrong.exit_code == 2 and "ring-the-bell" in wrong.output and not (tmp_path / "out").exists()


def test_empty_records_torn_and_missing_guidelines_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "rows.json").write_text("{}")
    run = partial(call, "run", tmp_path, "--recipe", "abcd", "--out", tmp_path / "out", "--model", "none")
    assert "holds no guidelines.yaml" in run().output
    for content, says in (("[", "not YAML"), ("3", "no guidelines"), ("flows: {}", "no guidelines"), ("", "")):
        (tmp_path / "guidelines.yaml").write_text(content)
        assert run().exit_code == 2 and says in run().output and "Traceback" not in run().output
    (tmp_path / "guidelines.yaml").write_text((SAMPLE / "guidelines.yaml").read_text())
    found = call("run", tmp_path, "--recipe", "abcd", "--out", tmp_path / "out", "--dry-run")
    assert found.exit_code == 2 and f"{tmp_path / 'rows.json'}: records: no record" in found.stdout


def test_abcds_release_is_read(tmp_path: Path) -> None:
    actions = {"kb_query": {"verify-identity": ["customer_name", "zip_code"]}, "faq_policy": {"try-again": []}}
    values = {"enumerable": {"customer_name": ["Mina Holloway", "mina holloway", "Colm Sund"]}}
    told = {"actions": actions, "values": values, "intents": {"subflows": {"access": ["locked_out"]}}}
    (tmp_path / "ontology.json").write_text(json.dumps(told))
    (tmp_path / "kb.json").write_text(json.dumps({"locked_out": ["verify-identity", "try-again"]}))
    found = call("run", tmp_path, "--recipe", "abcd", "--out", tmp_path / "out", "--model", "none", "--count", 5)
    assert found.exit_code == 0, found.output
    assert {plan["subflow"] for each in read(tmp_path / "out" / "dialogues.jsonl") for plan in each["plans"]} == {
        "locked_out"
    }


def test_an_action_of_another_slot_is_astray(made: Path) -> None:
    dialogue = sgd.parse(read(made / "dialogues.jsonl")[0])
    bare = [replace(turn, frames=tuple(replace(f, call=None) for f in turn.frames)) for turn in dialogue.turns]
    assert astray(replace(dialogue, turns=tuple(bare)), DESK)
