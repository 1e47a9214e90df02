"""Schemas: what is read of them, and every problem at once."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

import worlds
from millstream.errors import InputError
from millstream.services import knowledge, problems, schema
from millstream.services.knowledge import Knowledge


def test_what_names_a_row_is_found() -> None:
    boats, teas = worlds.SERVICES
    assert (boats.key, teas.key) == ("boat_name", "")
    assert boats.by_intent["FindBoat"].inputs == ("city", "passengers", "has_wifi")
    assert boats.domain == "Boats"


def test_a_torn_an_empty_and_a_strange_file_are_one_line(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    for content in ("[{", "", "{}", "[]", '[{"slots": 3}]', '[{"service_name": "A", "slots": [{}]}]'):
        path.write_text(content)
        with pytest.raises(InputError, match=r"schema\.json"):
            schema.read(path)


def spoilt() -> list[dict[str, Any]]:
    boats, teas = deepcopy(worlds.BOATS), deepcopy(worlds.TEAS)
    boats["slots"][0]["description"] = ""
    boats["slots"][2]["possible_values"] = []
    boats["intents"][0]["required_slots"].append("captain")
    teas["slots"][1]["possible_values"] = ["cheap", "Cheap "]
    teas["description"] = ""
    return [boats, teas]


def test_every_problem_is_listed_with_file_and_key() -> None:
    services = schema.made(spoilt(), "s")
    found = {str(each) for each in problems.problems(services, Knowledge({}), "schema.json", "rows.json")}
    assert {
        "schema.json: Boats_1.city: no description",
        "schema.json: Boats_1.passengers: categorical, but without values",
        "schema.json: Boats_1.FindBoat.captain: no such slot",
        "schema.json: Teas_1: no description",
        "schema.json: Teas_1.price_range: values that collide: 'cheap' stands for two",
        "rows.json: Boats_1: no row",
        "rows.json: Teas_1: no row",
    } <= found
    with pytest.raises(InputError, match=r"^\d+ problems: .*Boats_1\.city: no description.*; mend them"):
        problems.checked(services, Knowledge({}), "schema.json", "rows.json")


def test_rows_that_do_not_fit_are_problems() -> None:
    rows = Knowledge({"Teas_1": ({"price_range": "dear", "colour": "green"},), "Boats_1": ({"city": "Larkspur"},)})
    found = {each.key for each in problems.problems(worlds.SERVICES, rows, "s", "r")}
    assert found == {"Teas_1.colour", "Teas_1.price_range"}


def test_calls_that_need_each_other_are_a_cycle() -> None:
    boats = deepcopy(worlds.BOATS)
    boats["slots"] += [worlds.slot("hold", "id of a hold"), worlds.slot("bill", "id of a bill")]
    for intent, needed, given in zip(boats["intents"], ("hold", "bill"), ("bill", "hold"), strict=True):
        intent["required_slots"] += [needed]
        intent["result_slots"] += [given]
    (circle,) = problems.circles(schema.made([boats], "s"))
    assert circle == ("Boats_1.FindBoat", "Boats_1.ReserveBoat")
    assert not problems.circles(worlds.SERVICES)


def test_a_sound_world_has_no_problem() -> None:
    assert not problems.problems(worlds.SERVICES, worlds.WORLD.knowledge, "s", "r")


def test_rows_are_read_and_written(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text(knowledge.write(worlds.WORLD.knowledge), encoding="utf-8")
    assert knowledge.read(path).rows == {name: tuple(rows) for name, rows in worlds.WORLD.knowledge.rows.items()}
    for content, where in (("[]", "rows.json"), ('{"A": 3}', "A"), ('{"A": [{"b": 1}]}', "row 1"), ("{", "rows.json")):
        path.write_text(content)
        with pytest.raises(InputError, match=where):
            knowledge.read(path)


def test_asking_the_rows() -> None:
    rows = Knowledge({"A": ({"x": "1", "y": "a"}, {"x": "2", "y": "b"}, {"y": "c"})})
    assert [row["y"] for row in rows.query("A", {"x": ("1",)})] == ["a", "c"], "what is not said excludes nothing"
    assert [row["y"] for row in rows.query("A", {"x": ("1", "2")})] == ["a", "b", "c"]
    assert len(rows.query("A", {"x": ("dontcare",)})) == 3 and rows.query("B", {}) == ()


def test_invented_rows_have_the_values_of_the_schema() -> None:
    for service in worlds.SERVICES:
        for row in worlds.WORLD.knowledge.rows[service.name]:
            assert all(row[slot.name] in slot.values for slot in service.slots if slot.categorical)
    assert json.loads(knowledge.write(knowledge.invented(worlds.SERVICES, 3)))["Boats_1"][0]["city"]
