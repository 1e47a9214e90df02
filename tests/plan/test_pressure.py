"""Persuasion that presses stays out of a dataset unless it is asked for."""

import json
from pathlib import Path

import grounds
import pytest
from typer.testing import CliRunner

import builders
from millstream import pressure
from millstream.cli import app
from millstream.records import Dialogue, Tactic, Trait

HASTE = Tactic(scene="urgency", action="urgency", rhetoric="就剩两台了", evidence=(builders.evidence(),))


def pressing(turn: bool) -> Dialogue:
    """A dialogue whose blueprint and agent press; with `turn`, one of its turns does, too."""
    made = builders.dialogue()
    user, agent = made.personas
    style = Trait(name="style", value="empathy, urgency", origin="mined", evidence=(builders.evidence(),))
    fields = tuple(style if each.name == "style" else each for each in agent.fields)
    plan = made.blueprint.model_copy(update={"tactics": (*made.blueprint.tactics, HASTE)})
    turns = [each.model_copy(update={"strategy": "urgency"}) if turn and n == 3 else each
             for n, each in enumerate(made.turns)]  # fmt: skip
    people = (user, agent.model_copy(update={"fields": fields}))
    return made.model_copy(update={"personas": people, "blueprint": plan, "turns": tuple(turns)})


def test_a_dialogue_with_a_turn_that_presses_is_left_out() -> None:
    calm = builders.dialogue()
    assert list(pressure.left_out([pressing(turn=True), calm])) == [calm]


def test_what_is_told_of_pressure_is_left_out_and_all_else_stays() -> None:
    given = pressing(turn=False)
    (made,) = pressure.left_out([given])
    assert made.turns == given.turns and made.id == given.id
    assert made.blueprint.tactics == given.blueprint.tactics[:-1] and made.personas[1].get("style") == "empathy"
    alone = given.personas[1].fields[1].model_copy(update={"value": "urgency"})
    hasty = given.personas[1].model_copy(update={"fields": (alone,)})
    (bare,) = pressure.left_out([given.model_copy(update={"personas": (given.personas[0], hasty)})])
    assert bare.personas[1].fields[0].origin == "not_shown"


@pytest.mark.parametrize("key", grounds.EVERY)
def test_no_outline_presses(key: str) -> None:
    turns = [turn for dialogue in grounds.played(key) for turn in dialogue.turns]
    assert turns and not [turn.text for turn in turns if turn.strategy in pressure.LABELS]


def test_a_dataset_has_no_pressure_unless_asked(tmp_path: Path) -> None:
    """The host of the sample presses: its blueprint says so."""
    sample = Path(__file__).parents[2] / "samples" / "automotive_zh"

    def call(*args: object) -> int:
        return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False).exit_code

    assert call("run", sample, "--out", tmp_path / "run", "--model", "none", "--count", "2", "--quiet") == 0
    for name, flags in (("calm", ()), ("all", ("--with-pressure",))):
        assert call("export", tmp_path / "run", "--to", tmp_path / name, "--format", "quadruplets", *flags) == 0
        rows = (tmp_path / name / "quadruplets.jsonl").read_text(encoding="utf-8").splitlines()
        told = [tactic["action"] for row in map(json.loads, rows) for tactic in row["B"]["tactics"]]
        assert told and ("urgency" in told) == (name == "all")
