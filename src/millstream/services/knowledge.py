"""The rows of each service, and asking them. Rows are text; "dontcare" fits everything. Knows no dialogue.

Where a service has a schema and no rows, `invented` makes some: categorical slots from their values, open ones from
pools of fiction. No corpus is looked at for it.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from millstream import resources, text
from millstream.errors import InputError
from millstream.services.schema import DONTCARE, ServiceSchema, SlotSchema

Row = Mapping[str, str]


@dataclass(frozen=True)
class Knowledge:
    """`rows` by the name of the service; `more` values that its slots are known to have, beyond the rows."""

    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    more: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)

    def query(self, service: str, wanted: Mapping[str, tuple[str, ...]]) -> tuple[Row, ...]:
        """The rows that have one of the wanted values in every slot; what a row does not say does not exclude it."""
        asked = [(slot, values) for slot, values in wanted.items() if DONTCARE not in values]
        return tuple(
            row
            for row in self.rows.get(service, ())
            if all(row.get(slot, values[0]) in values for slot, values in asked)
        )


def read(path: Path) -> Knowledge:
    """A JSON object {service: [{slot: value}]}. InputError names the service and the row."""
    loaded = text.load_json(path)
    if not isinstance(loaded, dict):
        raise InputError("not an object of services", str(path), 'write {"Service_1": [{"slot": "value"}]}')
    return Knowledge({name: tuple(_rows(rows, f"{path}: {name}")) for name, rows in loaded.items()})


def _rows(rows: Any, where: str) -> Iterable[Row]:
    if not isinstance(rows, list):
        raise InputError("not a list of rows", where, 'write [{"slot": "value"}]')
    for n, row in enumerate(rows, 1):
        if not isinstance(row, dict) or not all(isinstance(value, str) for value in row.values()):
            raise InputError("not an object of texts", f"{where}: row {n}", 'write {"slot": "value"}')
        yield row


def write(knowledge: Knowledge) -> str:
    return json.dumps({name: [dict(row) for row in rows] for name, rows in knowledge.rows.items()}, ensure_ascii=False)


# --- invented rows -------------------------------------------------------------------------------------------


@cache
def pools() -> tuple[tuple[re.Pattern[str], tuple[str, ...], tuple[str, ...]], ...]:
    """(what a slot's name must look like, values, those of them that are no fiction); the first that fits is taken."""
    loaded = resources.data("services/pools.yaml")
    return tuple(
        (
            re.compile(each["slot"]),
            tuple(_filled(each, loaded["parts"])),
            tuple(value for value in each["values"] if "{" not in value),
        )
        for each in loaded["pools"]
    )


def _filled(pool: dict[str, Any], parts: dict[str, list[str]]) -> Iterable[str]:
    """The values of a pool; "{first} {last}" stands for as many draws of parts as `draws` says."""
    rng = Random(pool["slot"])
    for value in pool["values"]:
        if "{" not in value:
            yield value
            continue
        for _ in range(pool.get("draws", 60)):
            yield re.sub(r"\{(\w+)\}", lambda found: rng.choice(parts[found[1]]), value)


def pool(slot: SlotSchema) -> tuple[str, ...]:
    """Values an open slot may have; () where no pool knows its name."""
    if slot.values:
        return slot.values
    return next((values for pattern, values, _ in pools() if pattern.search(slot.name)), ())


def common(slot: SlotSchema) -> tuple[str, ...]:
    """Of these only what anybody knows, cities and cuisines and the like: no name that was made up."""
    return next((known for pattern, _, known in pools() if pattern.search(slot.name)), ())


def invented(services: Iterable[ServiceSchema], count: int = 120, seed: int = 0) -> Knowledge:
    """`count` rows for each service. A slot that no pool knows stays out of the rows."""
    made = {}
    for service in services:
        rng = Random(f"{seed} {service.name}")
        known = {slot.name: tuple(dict.fromkeys(pool(slot))) for slot in service.slots}
        made[service.name] = tuple(
            {name: rng.choice(values) for name, values in known.items() if values} for _ in range(count)
        )
    return Knowledge(made)
