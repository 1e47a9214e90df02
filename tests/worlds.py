"""A small world of two services for tests: boats to rent and teas to order. All of it is fiction."""

import json
from pathlib import Path
from typing import Any

from millstream.services import knowledge, schema
from millstream.services.annotated import TaskDialogue
from millstream.services.schema import ServiceSchema
from millstream.simulate.goals import World
from millstream.simulate.play import outline
from millstream.simulate.policy import Policy
from millstream.simulate.words import Wording


def slot(name: str, description: str, *values: str) -> dict[str, Any]:
    return {"name": name, "description": description, "is_categorical": bool(values), "possible_values": list(values)}


BOATS: dict[str, Any] = {
    "service_name": "Boats_1",
    "description": "Find and rent boats",
    "slots": [
        slot("city", "City of the harbour"),
        slot("boat_name", "Name of the boat"),
        slot("passengers", "Number of people aboard", "1", "2", "3", "4"),
        slot("has_wifi", "Whether the boat has wifi", "True", "False"),
        slot("pickup_date", "Date of the trip"),
        slot("pickup_time", "Time of the trip"),
        slot("price", "Price of the trip"),
    ],
    "intents": [
        {
            "name": "FindBoat",
            "description": "Find a boat",
            "is_transactional": False,
            "required_slots": ["city"],
            "optional_slots": {"passengers": "dontcare", "has_wifi": "dontcare"},
            "result_slots": ["boat_name", "city", "passengers", "has_wifi", "price"],
        },
        {
            "name": "ReserveBoat",
            "description": "Reserve a boat",
            "is_transactional": True,
            "required_slots": ["boat_name", "pickup_date", "pickup_time"],
            "optional_slots": {"passengers": "2"},
            "result_slots": ["boat_name", "price"],
        },
    ],
}
TEAS: dict[str, Any] = {
    "service_name": "Teas_1",
    "description": "Order tea",
    "slots": [
        slot("category", "Kind of tea"),
        slot("price_range", "Price range of the tea", "cheap", "moderate", "expensive"),
        slot("city", "City of the shop"),
    ],
    "intents": [
        {
            "name": "FindTea",
            "description": "Find a tea",
            "is_transactional": False,
            "required_slots": ["category"],
            "optional_slots": {"price_range": "dontcare", "city": "dontcare"},
            "result_slots": ["category", "price_range", "city"],
        }
    ],
}
SERVICES: tuple[ServiceSchema, ...] = schema.made([BOATS, TEAS], "worlds")
WORLD = World(SERVICES, knowledge.invented(SERVICES, 30))


def written(folder: Path, *services: dict[str, Any]) -> Path:
    """A schema.json of these services."""
    path = folder / "schema.json"
    path.write_text(json.dumps(list(services or (BOATS, TEAS))), encoding="utf-8")
    return path


def plans(count: int, policy: Policy | None = None, seed: int = 0) -> list[TaskDialogue]:
    return [outline(WORLD, policy or Policy(), seed, number) for number in range(count)]


def talks(count: int, policy: Policy | None = None, seed: int = 0) -> list[TaskDialogue]:
    wording = Wording(SERVICES)
    return [wording.worded(each, seed) for each in plans(count, policy, seed)]
