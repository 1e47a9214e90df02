"""What keeps a schema and its rows from being played: all of it at once, each with its file and key.

A problem is a line a person can act on. Knows nothing of how dialogues are played.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from millstream.errors import InputError
from millstream.services.knowledge import Knowledge
from millstream.services.schema import DONTCARE, IntentSchema, ServiceSchema

_SHOWN = 12


@dataclass(frozen=True)
class Problem:
    """`key` is the path of names from the service down."""

    file: str
    key: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.what}"


def problems(services: Sequence[ServiceSchema], knowledge: Knowledge, file: str, rows: str) -> list[Problem]:
    """Every problem of the services (`file`) and of the knowledge (`rows`: its name)."""
    found = [Problem(file, name, "two services have this name") for name in _twice(each.name for each in services)]
    for service in services:
        found += [Problem(file, f"{service.name}{key}", what) for key, what in _schema(service)]
        found += [Problem(rows, f"{service.name}{key}", what) for key, what in _rows(service, knowledge)]
    found += [
        Problem(file, " -> ".join(circle), "calls that need each other's results: none can be first")
        for circle in circles(services)
    ]
    return found


def checked(services: Sequence[ServiceSchema], knowledge: Knowledge, file: str, rows: str) -> None:
    """InputError with every problem on its one line; the file and key of each stand in it."""
    refuse(problems(services, knowledge, file, rows))


def refuse(found: Sequence[Problem]) -> None:
    """InputError with all of these on its one line."""
    if found:
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        what = "; ".join(map(str, found[:_SHOWN]))
        raise InputError(f"{len(found)} problems: {what}{more}", remedy="mend them, nothing was made")


def _schema(service: ServiceSchema) -> Iterator[tuple[str, str]]:
    if not service.description:
        yield "", "no description"
    if not service.intents:
        yield "", "no intent"
    for name in _twice(slot.name for slot in service.slots):
        yield f".{name}", "two slots have this name"
    for slot in service.slots:
        if not slot.description:
            yield f".{slot.name}", "no description"
        if slot.categorical and not slot.values:
            yield f".{slot.name}", "categorical, but without values"
        if DONTCARE in slot.values:
            yield f".{slot.name}", f"{DONTCARE!r} cannot be a value: it means any"
        folded = Counter(value.casefold().strip() for value in slot.values)
        for value in (value for value, count in folded.items() if count > 1):
            yield f".{slot.name}", f"values that collide: {value!r} stands for two"
    for intent in service.intents:
        yield from _intent(service, intent)


def _intent(service: ServiceSchema, intent: IntentSchema) -> Iterator[tuple[str, str]]:
    if not intent.description:
        yield f".{intent.name}", "no description"
    for name in dict.fromkeys((*intent.inputs, *intent.results)):
        if name not in service.by_name:
            yield f".{intent.name}.{name}", "no such slot"
    for name, default in intent.optional:
        slot = service.by_name.get(name)
        if slot and slot.categorical and default not in (*slot.values, DONTCARE, ""):
            yield f".{intent.name}.{name}", f"the default {default!r} is none of its values"


def _rows(service: ServiceSchema, knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    rows = knowledge.rows.get(service.name, ())
    if not rows:
        yield "", "no row"
        return
    for name in sorted({name for row in rows for name in row} - service.by_name.keys()):
        yield f".{name}", "no such slot in the schema"
    for slot in service.slots:
        if slot.categorical and (strange := {row[slot.name] for row in rows if slot.name in row} - set(slot.values)):
            yield f".{slot.name}", f"{min(strange)!r} is none of its values"


def circles(services: Sequence[ServiceSchema]) -> list[tuple[str, ...]]:
    """Transactions and searches of a service that can only be called with each other's results."""
    found = []
    for service in services:
        needs = {intent.name: _needs(service, intent) for intent in service.intents}
        while free := [name for name, others in needs.items() if not others & needs.keys()]:
            needs = {name: others for name, others in needs.items() if name not in free}
        if needs:
            found.append(tuple(f"{service.name}.{name}" for name in needs))
    return found


def _needs(service: ServiceSchema, intent: IntentSchema) -> set[str]:
    """The intents without whose results this one cannot be called: a required slot that nobody can know, because no
    value of it is given, it is asked for nowhere else first, and another intent is the only one to give it."""
    needed = set()
    for name in intent.required:
        slot = service.by_name.get(name)
        if slot is None or slot.values or not slot.description.casefold().startswith(("id ", "token", "identifier")):
            continue
        givers = {each.name for each in service.intents if name in each.results and each is not intent}
        needed |= givers if len(givers) == 1 else set()
    return needed


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
