"""`millstream run --recipe tooldial`: the graph, its rings, what a retriever allows, and planted errors found."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import worlds
from millstream.cli import app
from millstream.formats import sgd
from millstream.recipes.tooldial import misfound
from millstream.services import graph, knowledge, schema
from millstream.services.knowledge import Knowledge
from millstream.simulate.checked import faults
from millstream.simulate.goals import World
from millstream.simulate.tooluse import tools
from spoiling import MISSED, missed

SAMPLE = Path(__file__).parents[2] / "samples" / "apis"
SERVICES = schema.read(SAMPLE / "schema.json")
BY_NAME = {service.name: service for service in SERVICES}
ROWS = knowledge.read(SAMPLE / "rows.json")
TOOLS = tools(World(SERVICES, ROWS))
Row = dict[str, Any]


def call(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tooldial") / "run"
    found = call("run", SAMPLE, "--recipe", "tooldial", "--out", out, "--model", "none", "--count", 60)
    assert found.exit_code == 0, found.output
    return out


def read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def wrong(row: Row) -> list[str]:
    dialogue = sgd.parse(row)
    return [*faults(dialogue, BY_NAME), *misfound(dialogue, TOOLS)]


def test_the_graph_of_the_sample_is_what_its_author_meant() -> None:
    found = {(e.source.name, e.target.name, e.input) for e in graph.edges(SERVICES, ROWS)}
    assert found == {
        ("Towns_1.NameTowns", "Tides_1.CheckTides", "town_code"),
        ("Towns_1.NameTowns", "Forecast_1.ReadForecast", "town_code"),
        ("Members_1.IdentifyMember", "Loans_1.ListLoans", "member_number"),
        ("Loans_1.ListLoans", "Renewals_1.RenewLoan", "loan_code"),
        ("Museum_1.ShowExhibits", "Tickets_1.PriceTickets", "exhibit_code"),
        ("Vessels_1.RegisterEntry", "Moorings_1.ReserveMooring", "vessel_number"),
    }


def test_an_edge_needs_a_value_that_works() -> None:
    rows = {name: rows for name, rows in ROWS.rows.items() if name != "Tides_1"}
    rows |= {"Tides_1": ({"town_code": "XYZ", "high_water": "9 am"},)}
    assert len(graph.edges(SERVICES, Knowledge(rows))) == 5


def test_names_are_alike_by_their_longest_common_subsequence() -> None:
    assert graph.common("town_code", "TownCode") == pytest.approx(8 / 9)
    assert graph.common("town_code", "loan_code") < graph.NAMES_ALIKE and graph.common("", "") == 0


def test_all_sixteen_actions_happen_and_every_dialogue_has_its_steps(made: Path) -> None:
    told = json.loads((made / "tooldial.json").read_text())
    assert len(told["actions"]) == 16 and told["orders of actions"] > 15 and told["edges"] == 6
    talks = read(made / "tooldial.jsonl")
    calls = [step for each in talks for step in each["steps"] if step["action"] == "call"]
    assert len(talks) == 60 and len(calls) > 60 and all(step["api_response"] for step in calls)
    assert not any(wrong(each) for each in read(made / "dialogues.jsonl"))


# --- planted errors ------------------------------------------------------------------------------------------


def turns(row: Row, fits: Callable[[Row], Any]) -> list[Row]:
    return [turn for turn in row["turns"] if fits(turn)]


def called(turn: Row) -> list[Row]:
    return [frame for frame in turn["frames"] if "service_call" in frame]


def other_action(row: Row, rng: Random) -> bool:
    rng.choice(row["turns"])["actions"][-1]["action"] = "clarify_more"
    return True


def other_api(row: Row, rng: Random) -> bool:
    found = [a for turn in row["turns"] for a in turn["actions"] if a["action"] in ("call", "retriever_call")]
    rng.choice(found)["api"] = "Moon_1.Land"
    return True


def other_parameter(row: Row, rng: Random) -> bool:
    found = [f for t in turns(row, called) for f in called(t) if f["service_call"]["parameters"]]
    if found:
        given = rng.choice(found)["service_call"]["parameters"]
        given[rng.choice(list(given))] = "elsewhere"
    return bool(found)


def lost_result(row: Row, rng: Random) -> bool:
    found = [frame for turn in turns(row, called) for frame in called(turn) if frame["service_results"]]
    if found:
        rng.choice(found)["service_results"].pop()
    return bool(found)


def other_score(row: Row, rng: Random) -> bool:
    found = [t["actions"][0] for t in turns(row, lambda t: t["actions"][0]["action"] == "retriever_call")]
    call = rng.choice(found)
    call["score"] = 0.1 if call["score"] >= 0.5 else 0.9
    return True


def no_retriever(row: Row, rng: Random) -> bool:
    after = row["turns"][1]["actions"]
    return after[0]["action"] == "retriever_call" and bool(after.pop(0))


def other_words(row: Row, rng: Random) -> bool:
    found = [(t, s) for t in row["turns"] for f in t["frames"] for s in f["slots"]]
    if found:
        turn, span = rng.choice(found)
        start, end = span["start"], span["exclusive_end"]
        turn["utterance"] = turn["utterance"][:start] + "x" * (end - start) + turn["utterance"][end:]
    return bool(found)


def other_state(row: Row, rng: Random) -> bool:
    found = [f["state"]["slot_values"] for t in row["turns"] for f in t["frames"] if "state" in f]
    values = rng.choice([each for each in found if each] or [{"": [""]}])
    values[rng.choice(list(values))] = ["nowhere"]
    return any(found)


KINDS = (
    other_action, other_api, other_parameter, lost_result, other_score, no_retriever, other_words, other_state,
)  # fmt: skip


def test_of_three_hundred_planted_errors_nearly_all_are_found(made: Path) -> None:
    left = missed(KINDS, read(made / "dialogues.jsonl"), wrong)
    assert len(left) <= MISSED, left


# --- bad input -----------------------------------------------------------------------------------------------


def test_a_ring_of_apis_is_refused_with_its_names(tmp_path: Path) -> None:
    """Who has a permit needs a licence, and who has a licence needs a permit."""
    services = []
    for own, other in (("permit", "licence"), ("licence", "permit")):
        slots = [worlds.slot(f"{name}_id", f"identifier of a {name}") for name in (own, other)]
        intent = {"name": f"Issue{own.title()}", "description": f"issue a {own}", "is_transactional": False}
        intent |= {"required_slots": [f"{other}_id"], "optional_slots": {}, "result_slots": [f"{own}_id"]}
        services.append({"service_name": own.title(), "description": "", "slots": slots, "intents": [intent]})
    path = worlds.written(tmp_path, *services)
    row = {"permit_id": "P1", "licence_id": "L1"}
    (tmp_path / "rows.json").write_text(json.dumps({"Permit": [row], "Licence": [row]}))
    found = call("run", tmp_path, "--recipe", "tooldial", "--dry-run", "--out", tmp_path / "out")
    assert found.exit_code == 2
    ring = "Licence.IssueLicence -> Permit.IssuePermit -> Licence.IssueLicence"
    assert f"{path}: {ring}: a cycle of APIs that need each other's outputs" in found.stdout.splitlines()
    assert f"{path}: Permit: no description" in found.stdout.splitlines()
    wrong = call("run", tmp_path, "--recipe", "tooldial", "--model", "none", "--out", tmp_path / "out")
    assert wrong.exit_code == 2 and ring in wrong.output and not (tmp_path / "out").exists()


def test_a_schema_without_a_graph_is_a_problem(tmp_path: Path) -> None:
    worlds.written(tmp_path)
    found = call("run", tmp_path, "--recipe", "tooldial", "--dry-run", "--out", tmp_path / "out")
    assert found.exit_code == 2 and "there is no graph" in found.stdout


def test_a_retriever_finds_what_is_asked_and_is_unsure_of_the_rest() -> None:
    known = graph.Retriever(graph.apis(SERVICES))
    for api in known.every:
        found, score = known.best(f"Could you {api.intent.description}, please?")
        assert (found, score) == (api, 1.0)
    assert known.best("sell my old bicycle")[1] < 0.5 and known.best("")[1] == 0
