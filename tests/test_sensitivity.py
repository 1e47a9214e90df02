"""The sensitivity matrix: every damage keeps its pattern in every cell, and one that breaks its pattern is told."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")

import sensitivity
from sensitivity import Pattern

from millstream.cli import app
from millstream.commands import evaluate as command
from millstream.commands import folder

KITCHEN = Path(__file__).parents[1] / "samples" / "restaurant_en"
DIALOGUES = "360"
"""With 240 there are so few ways to begin that one more raises the openers by 2.7 of their floors and not by three."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> sensitivity.Matrix:
    out = tmp_path_factory.mktemp("sensitivity") / "run"
    told = CliRunner().invoke(app, ["run", str(KITCHEN), "--out", str(out), "--model", "none", "--count", DIALOGUES])
    assert told.exit_code == 0
    dialogues = folder.dialogues(out)
    return sensitivity.matrix(dialogues, command.known(out, dialogues[0]))


def test_every_damage_keeps_its_pattern(found: sensitivity.Matrix) -> None:
    assert found.broken == []
    assert set(found.moves) == set(sensitivity.PATTERNS) and found.moves["nothing asked"]["questions"] <= -3
    assert all(f"| {name} |" in sensitivity.shown(found) for name in sensitivity.PATTERNS)


def test_a_broken_pattern_is_told(found: sensitivity.Matrix) -> None:
    wrong = Pattern(sensitivity.PATTERNS["nothing asked"].damage, rises="questions, turns", still="questions")
    lines = sensitivity.broken(wrong, "nothing asked", found.moves["nothing asked"])
    assert len(lines) == 3 and "had to rise by 3" in lines[0] and "had to stay still" in lines[2]


def test_every_measure_of_a_pattern_exists_and_each_is_some_damages_own(found: sensitivity.Matrix) -> None:
    own = set()
    for name, each in sensitivity.PATTERNS.items():
        listed = [set(filter(None, part.split(", "))) for part in (each.falls, each.rises, each.still)]
        assert set.union(*listed) <= set(found.floors), name
        assert not (listed[0] | listed[1]) & listed[2], name
        own |= listed[0] | listed[1]
    assert own == set(found.floors)
    assert len(sensitivity.PATTERNS) >= 12
