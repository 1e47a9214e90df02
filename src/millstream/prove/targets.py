"""What a proof is about: a left-out domain, its schema and rows, real test dialogues, and real ones of other domains.

No real dialogue of the left-out domain is in any zero-shot arm. The real ones of it are parted by the hash of their
key: a fifth may be looked at and gives the few shots, the rest is the test. Reads data sets of others where they lie.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from millstream import corpora, resources, text
from millstream.errors import InputError
from millstream.formats import crosswoz, multiwoz21, sgd
from millstream.services import knowledge, schema
from millstream.services.annotated import TaskDialogue
from millstream.services.knowledge import Knowledge
from millstream.services.schema import ServiceSchema
from millstream.simulate.policy import Policy
from millstream.simulate.words import Lent

POOL = 5
"""One real dialogue in this many is in the pool and not in the test."""


@dataclass(frozen=True)
class Target:
    """`services` and `knowledge` of everything that is played or tracked; `scored` are the left-out services."""

    name: str
    services: tuple[ServiceSchema, ...]
    knowledge: Knowledge
    played: frozenset[str]
    scored: frozenset[str]
    test: tuple[TaskDialogue, ...]
    pool: tuple[TaskDialogue, ...]
    others: tuple[TaskDialogue, ...]
    policy: Policy = field(default_factory=Policy)
    asides: Mapping[str, float] = field(default_factory=dict)
    lent: Lent = field(default_factory=dict)
    """Lines of real users that ours may say; none where it knows no stream."""
    kept: bool = False
    """`kept`: does a service that was spoken of keep its frame to the end, as in MultiWOZ and CrossWOZ?"""


def target(name: str, data: Path) -> Target:
    """One of TARGETS, read from the folder of the data sets."""
    if name not in TARGETS:
        raise InputError(f"no target {name!r}", remedy=f"there are: {', '.join(TARGETS)}")
    return TARGETS[name](data)


def smaller(whole: Target, most: int) -> Target:
    """The target with at most so many test dialogues, drawn by the hash of their keys; 0: all of them."""
    drawn = sorted(whole.test, key=lambda each: hashlib.sha256(each.key.encode()).digest())
    return replace(whole, test=tuple(drawn[: most or None]))


def in_pool(key: str) -> bool:
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % POOL == 0


def _parted(dialogues: list[TaskDialogue], left_out: frozenset[str]) -> tuple[tuple[TaskDialogue, ...], ...]:
    """(test, pool, others): those with a left-out service in two parts, and those without."""
    with_it = [each for each in dialogues if left_out & set(each.services)]
    without = tuple(each for each in dialogues if not left_out & set(each.services))
    return (
        tuple(each for each in with_it if not in_pool(each.key)),
        tuple(each for each in with_it if in_pool(each.key)),
        without,
    )


def _packaged(name: str) -> tuple[ServiceSchema, ...]:
    return schema.made(resources.data(f"prove/{name}.yaml"), f"{name}.yaml")


def _rows(path: Path) -> list[Any]:
    loaded = text.load_json(path)
    return loaded if isinstance(loaded, list) else []


# --- Schema-Guided Dialogue ----------------------------------------------------------------------------------


def _sgd(data: Path) -> Target:
    """The services of the dev part that training lacks. Real data of other domains: the training part without any
    service of their domains (no Hotels_1 beside Hotels_4)."""
    seen = schema.read(data / "sgd" / "train" / "schema.json")
    dev = schema.read(data / "sgd" / "dev" / "schema.json")
    names = {service.name for service in seen}
    unseen = tuple(service for service in dev if service.name not in names)
    left_out = frozenset(service.name for service in unseen)
    domains = {service.domain for service in unseen}
    test, pool, _ = _parted(list(_sgd_dialogues(data / "sgd" / "dev")), left_out)
    away = {service.name for service in seen if service.domain not in domains}
    others = tuple(each for each in _sgd_dialogues(data / "sgd" / "train") if set(each.services) <= away)
    services = (*unseen, *(service for service in seen if service.name in away))
    return Target("sgd", services, knowledge.invented(services), left_out, left_out, test, pool, others)


def _sgd_dialogues(folder: Path) -> Iterator[TaskDialogue]:
    for file in sorted(folder.glob("dialogues_*.json")):
        yield from (sgd.parse(row, key) for key, row in corpora.entries(file))


# --- MultiWOZ ------------------------------------------------------------------------------------------------


def _multiwoz(left_out: str, data: Path) -> Target:
    services = _packaged("multiwoz")
    rng = Random(f"multiwoz {left_out}")
    rows = {
        service.name: tuple(_woz_row(service, row, rng) for row in _woz_table(service.name, data) for _ in range(2))
        for service in services
    }
    rows["taxi"] = tuple(
        {"departure": a["name"], "destination": b["name"], "leaveAt": _clock(rng), "arriveBy": _clock(rng)}
        for a, b in ((rng.choice(rows["restaurant"]), rng.choice(rows["hotel"])) for _ in range(150))
    )
    read = [multiwoz21.parse(row, key) for key, row in corpora.entries(data / "multiwoz21_convlab" / "val.json.zip")]
    test, pool, others = _parted(read, frozenset({left_out}))
    names = frozenset(service.name for service in services)
    left = frozenset({left_out})
    policy = Policy(refer=0.4, optional=0.5)
    return Target(f"multiwoz-{left_out}", services, Knowledge(rows), names, left, test, pool, others, policy, kept=True)


def _woz_table(name: str, data: Path) -> list[Any]:
    found = _rows(data / "multiwoz_db" / f"{name}_db.json") if name != "taxi" else []
    return found[:: max(1, len(found) // 300)]


def _woz_row(service: ServiceSchema, row: Mapping[str, Any], rng: Random) -> dict[str, str]:
    """The row's own values, and what only a booking has, drawn."""
    made = {slot.name: str(row[slot.name]) for slot in service.slots if isinstance(row.get(slot.name), str)}
    made |= {slot.name: rng.choice(slot.values) for slot in service.slots if slot.categorical and slot.name not in made}
    made |= {name: _clock(rng) for name in ("time", "leaveAt", "arriveBy") if name in service.by_name}
    fitting = {
        name: value
        for name, value in made.items()
        if not service.by_name[name].categorical or value in service.by_name[name].values
    }
    return fitting


def _clock(rng: Random) -> str:
    return f"{rng.randrange(9, 22):02}:{rng.choice(('00', '15', '30', '45'))}"


# --- CrossWOZ ------------------------------------------------------------------------------------------------

_TABLES = {"餐馆": "restaurant", "酒店": "hotel", "景点": "attraction"}


def _crosswoz(left_out: str, data: Path) -> Target:
    services = _packaged("crosswoz")
    rng = Random(f"crosswoz {left_out}")
    rows, more = {}, {}
    for service in services:
        table = _rows(data / "crosswoz_db" / f"{_TABLES[service.name]}_db.json")
        more[service.name] = {slot.name: _all_values(slot.name, table) for slot in service.slots if slot.joined}
        rows[service.name] = tuple(_cross_row(service, row[1], rng) for row in table for _ in range(2))
    read = [crosswoz.parse(row, key) for key, row in corpora.entries(data / "crosswoz" / "val.json.zip")]
    test, pool, others = _parted(read, frozenset({left_out}))
    names = frozenset(service.name for service in services)
    title = {"餐馆": "restaurant", "酒店": "hotel"}[left_out]
    left = frozenset({left_out})
    policy = Policy(select=0.0, optional=0.5, more=0.8, dontcare=0.0)
    return Target(
        f"crosswoz-{title}", services, Knowledge(rows, more), names, left, test, pool, others, policy, kept=True
    )


def _all_values(slot: str, table: list[Any]) -> frozenset[str]:
    return frozenset(str(each) for _, row in table if isinstance(row.get(slot), list) for each in row[slot])


def _cross_row(service: ServiceSchema, row: Mapping[str, Any], rng: Random) -> dict[str, str]:
    made = {}
    for slot in service.slots:
        value = row.get(slot.name)
        if slot.joined and isinstance(value, list) and value:
            made[slot.name] = slot.joined.join(rng.sample(value, min(len(value), rng.choice((1, 1, 2, 3)))))
        elif slot.values:
            made[slot.name] = rng.choice(slot.values)
        elif isinstance(value, list) and value:
            made[slot.name] = str(rng.choice(value))
        elif isinstance(value, str) and value:
            made[slot.name] = value
    return made


TARGETS: Mapping[str, Callable[[Path], Target]] = {
    "sgd": _sgd,
    "multiwoz-restaurant": lambda data: _multiwoz("restaurant", data),
    "multiwoz-hotel": lambda data: _multiwoz("hotel", data),
    "crosswoz-restaurant": lambda data: _crosswoz("餐馆", data),
    "crosswoz-hotel": lambda data: _crosswoz("酒店", data),
}
