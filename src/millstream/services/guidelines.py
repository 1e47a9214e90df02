"""Agent guidelines: flows, their subflows, and for each the actions an agent has to take, in order.

After ABCD (Chen et al. 2021). Read from a guidelines.yaml, or from ABCD's own kb.json and ontology.json. A flow is a
service; its subflows and its actions are intents of it, so that what holds of schemas holds here. Knows no dialogue.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

import yaml
from pydantic import Field, ValidationError

from millstream import text
from millstream.errors import InputError
from millstream.records import Lang, Record
from millstream.services.knowledge import Knowledge, Row
from millstream.services.problems import Problem
from millstream.services.schema import IntentSchema, ServiceSchema, SlotSchema


class SlotGuide(Record):
    description: str = ""
    values: tuple[str, ...] = ()


class Action(Record):
    """One thing an agent does; `slots` it needs. One that `checks` asks the records whether the values go together."""

    description: str = ""
    slots: tuple[str, ...] = ()
    checks: bool = False


class Subflow(Record):
    """`stops`: values with which the plan ends behind the action that takes them, and the customer is refused."""

    description: str = ""
    actions: tuple[str, ...] = ()
    stops: dict[str, tuple[str, ...]] = {}


class Flow(Record):
    description: str = ""
    subflows: dict[str, Subflow] = {}


class Guidelines(Record):
    lang: Lang = "en"
    slots: dict[str, SlotGuide] = Field(min_length=1)
    actions: dict[str, Action] = Field(min_length=1)
    flows: dict[str, Flow] = Field(min_length=1)

    def plan(self, flow: str, subflow: str) -> tuple[str, ...]:
        return self.flows[flow].subflows[subflow].actions

    def slots_of(self, flow: str, subflow: str) -> tuple[str, ...]:
        """What its actions need, in the order in which they need it."""
        return tuple(dict.fromkeys(slot for name in self.plan(flow, subflow) for slot in self._needs(name)))

    def _needs(self, action: str) -> tuple[str, ...]:
        return self.actions[action].slots if action in self.actions else ()


def read(path: Path) -> Guidelines:
    """A YAML file of guidelines; InputError names the key that is wrong."""
    try:
        return Guidelines.model_validate(yaml.safe_load(text.read(path)))
    except yaml.YAMLError as error:
        raise InputError("not YAML", str(path), "see docs/recipes/abcd.md") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise InputError(f"no guidelines: {key}: {first['msg']}", str(path), "see docs/recipes/abcd.md") from error


# --- ABCD's own release --------------------------------------------------------------------------------------

_CHECKING = ("verify-identity", "validate-purchase")


def release(kb: Path, ontology: Path) -> Guidelines:
    """ABCD's files as guidelines. They describe nothing, so that names in words stand for descriptions."""
    plans, known = text.load_json(kb), text.load_json(ontology)
    groups = text.dig(known, "actions")
    flows = text.dig(known, "intents", "subflows")
    if not isinstance(plans, dict) or not isinstance(groups, dict) or not isinstance(flows, dict):
        raise InputError("not ABCD's kb.json and ontology.json", f"{kb}, {ontology}", "give them as they were released")
    needs = {name: tuple(slots) for group in groups.values() for name, slots in group.items()}
    listed = text.dig(known, "values", "enumerable") or {}
    names = dict.fromkeys(slot for slots in needs.values() for slot in slots)
    made = {
        "slots": {name: SlotGuide(description=_spaced(name), values=_distinct(listed.get(name, ()))) for name in names},
        "actions": {
            name: Action(description=_spaced(name), slots=slots, checks=name in _CHECKING)
            for name, slots in needs.items()
        },
        "flows": {
            name: Flow(
                description=_spaced(name),
                subflows={
                    each: Subflow(description=_spaced(each), actions=tuple(plans.get(each, ()))) for each in subflows
                },
            )
            for name, subflows in flows.items()
        },
    }
    return Guidelines.model_validate(made)


def _spaced(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").removesuffix(" slotval")


def _distinct(values: Sequence[str]) -> tuple[str, ...]:
    return tuple({value.casefold(): value for value in values}.values())


# --- as services ---------------------------------------------------------------------------------------------


def services(known: Guidelines) -> tuple[ServiceSchema, ...]:
    return tuple(_service(known, name, flow) for name, flow in known.flows.items())


def _service(known: Guidelines, name: str, flow: Flow) -> ServiceSchema:
    used = dict.fromkeys(action for each in flow.subflows.values() for action in each.actions)
    wanted = [
        IntentSchema(
            name=each, description=sub.description, transactional=True, required=known.slots_of(name, each)
        )
        for each, sub in flow.subflows.items()
    ]
    slots = dict.fromkeys(slot for intent in wanted for slot in intent.required)
    return ServiceSchema(
        name=name,
        description=flow.description,
        slots=tuple(_slot(each, known.slots[each]) for each in slots if each in known.slots),
        intents=(*wanted, *(_action(each, known.actions[each]) for each in used if each in known.actions)),
        lang=known.lang,
    )


def _slot(name: str, guide: SlotGuide) -> SlotSchema:
    return SlotSchema(
        name=name, description=guide.description, categorical=bool(guide.values), values=guide.values
    )


def _action(name: str, action: Action) -> IntentSchema:
    about = action.description
    return IntentSchema(name=name, description=about, transactional=not action.checks, required=action.slots)


def callable_only(known: Guidelines, found: Sequence[ServiceSchema]) -> tuple[ServiceSchema, ...]:
    """The services with their actions alone: nobody calls a subflow."""
    kept = ((each, tuple(i for i in each.intents if i.name in known.actions)) for each in found)
    return tuple(each.model_copy(update={"intents": intents}) for each, intents in kept)


def records(known: Guidelines, rows: Sequence[Row]) -> Knowledge:
    """Every flow looks into the same records; listed slots that a record lacks are what a customer may choose."""
    made = {}
    for service in services(known):
        names = service.by_name
        made[service.name] = tuple({slot: value for slot, value in row.items() if slot in names} for row in rows)
    return Knowledge(made)


def invented(known: Guidelines, count: int, seed: int) -> list[Row]:
    """Records of people who do not exist: listed values, and names with numbers for the others."""
    rng = Random(f"records {seed}")

    def value(name: str, guide: SlotGuide) -> str:
        return rng.choice(guide.values) if guide.values else f"{name.replace('_', '')[:4]}{rng.randrange(10**5, 10**6)}"

    return [{name: value(name, guide) for name, guide in known.slots.items()} for _ in range(count)]


# --- problems ------------------------------------------------------------------------------------------------


def problems(known: Guidelines, rows: Sequence[Row], file: str, of_rows: str) -> list[Problem]:
    """What schemas cannot say: actions that are nowhere, plans without one, slots nobody has a value for."""
    return [Problem(file, key, what) for key, what in _problems(known)] + [
        Problem(of_rows, name, "a slot without values: the guidelines list none and no record has one")
        for name in dict.fromkeys(slot for action in known.actions.values() for slot in action.slots)
        if name in known.slots and not known.slots[name].values and not any(name in row for row in rows)
    ]


def _problems(known: Guidelines) -> Iterator[tuple[str, str]]:
    for name, action in known.actions.items():
        yield from ((f"actions.{name}.{slot}", "no such slot") for slot in action.slots if slot not in known.slots)
        if action.checks and not action.slots:
            yield f"actions.{name}", "checks, but no slot is given to check"
    for flow, each in known.flows.items():
        if not each.subflows:
            yield f"flows.{flow}", "no subflow"
        for name, subflow in each.subflows.items():
            where = f"flows.{flow}.{name}"
            if not subflow.actions:
                yield where, "no action: there is no plan"
            yield from ((f"{where}.{a}", "no such action") for a in subflow.actions if a not in known.actions)
            yield from _stops(known, flow, name, subflow.stops)


def _stops(known: Guidelines, flow: str, name: str, stops: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    for slot, values in stops.items():
        where = f"flows.{flow}.{name}.stops.{slot}"
        if slot not in known.slots_of(flow, name):
            yield where, "no action of this plan takes this slot"
        elif strange := sorted(set(values) - set(known.slots[slot].values)) if slot in known.slots else []:
            yield where, f"{strange[0]!r} is none of its values"
