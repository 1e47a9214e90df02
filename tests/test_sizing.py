"""The simulation against what can be worked out by hand, and the command that tells it."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from millstream.cli import app
from millstream.sizing import Load, simulated


def test_equal_calls_take_what_a_pencil_says() -> None:
    load = Load(dialogues=100, calls=10, median=0.5, sigma=0.0)
    took = simulated(load, workers=1, slots=20)
    assert took.calls == 1000 and took.work == pytest.approx(500)
    assert took.makespan == pytest.approx(25) and took.efficiency(20) == pytest.approx(1)


def test_a_dialogue_alone_takes_its_calls_one_after_another() -> None:
    took = simulated(Load(1, 17, 0.2, 0.0), workers=1, slots=64)
    assert took.makespan == pytest.approx(17 * 0.2)


@given(st.integers(1, 60), st.integers(1, 6), st.integers(1, 3), st.integers(1, 9), st.integers(0, 99))
def test_equal_calls_are_never_done_sooner_than_their_slots_allow(
    dialogues: int, calls: int, workers: int, slots: int, seed: int
) -> None:
    took = simulated(Load(dialogues, calls, 0.2, 0.0), workers, slots, seed)
    assert took.calls == dialogues * calls
    assert took.makespan >= max(took.work / (workers * slots), calls * 0.2) * (1 - 1e-9)


def test_the_mean_is_that_of_the_draws() -> None:
    load = Load(2000, 10, 0.2, 1.0)
    assert load.mean == pytest.approx(0.2 * math.sqrt(math.e))
    assert simulated(load, workers=1, slots=64).efficiency(64) == pytest.approx(1, abs=0.05)


def test_what_is_reckoned_is_what_would_be_simulated() -> None:
    load = Load(10_000, 10, 0.2, 1.0)
    whole, part = simulated(load, 4, 16), simulated(load, 4, 16, most=5_000)
    assert part.makespan == pytest.approx(whole.makespan, rel=0.03)


def size(*args: object) -> list[dict[str, float]]:
    found = CliRunner().invoke(app, ["size", *map(str, args), "--json"], catch_exceptions=False)
    assert found.exit_code == 0
    return list(json.loads(found.stdout))


def test_twice_the_workers_take_about_half_the_hours() -> None:
    (one,) = size("--dialogues", 20_000, "--calls", 5, "--workers", 1)
    (two,) = size("--dialogues", 20_000, "--calls", 5, "--workers", 2)
    assert one["calls"] == two["calls"] == 100_000
    assert 0.5 <= two["hours"] / one["hours"] < 0.56


def test_a_large_run_is_scaled_as_if_it_were_simulated() -> None:
    (small,) = size("--dialogues", 10_000, "--calls", 17)
    (large,) = size("--dialogues", 100_000, "--calls", 17)
    assert large["hours"] / small["hours"] == pytest.approx(10, rel=0.05)


def test_money_by_model_and_by_hour() -> None:
    two = ("--dialogues", 1000, "--calls", 2, "--tokens-in", 1000, "--tokens-out", 100)
    (api,) = size(*two, "--model", "gpt-4.1-mini")
    assert api["money"] == pytest.approx(2 * 0.4 + 0.2 * 1.6) and api["in batches"] == pytest.approx(api["money"] / 2)
    (own,) = size(*two, "--calls", 10, "--gpus", 2, "--gpu-tokens", 100, "--gpu-hour", 3)
    seconds = 1000 * 10 * 100 / (2 * 100)
    assert own["hours"] == pytest.approx(seconds / 3600, abs=0.01)
    assert own["money"] == pytest.approx(2 * 3 * seconds / 3600, abs=0.01)


def test_what_is_not_known_is_one_clear_line() -> None:
    found = CliRunner().invoke(app, ["size", "--model", "odd"])
    assert found.exit_code == 2 and "no price is known of odd" in found.stderr
