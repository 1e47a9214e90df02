"""Services by schema: intents and slots with descriptions and values. Reads schema.json as SGD has it.

Says where a file is broken, one clear line; whether a sound schema can be played is asked in problems.py.
"""

from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from millstream import text
from millstream.errors import InputError
from millstream.records import Lang, Record

DONTCARE = "dontcare"
"""The value of a slot that the user leaves open."""


class SlotSchema(Record):
    """One slot. `values` are all it may have if it is categorical, else examples. `joined`: the mark
    between values that hold at once ("" where a slot has one value)."""

    name: str = Field(min_length=1)
    description: str = ""
    categorical: bool = False
    values: tuple[str, ...] = ()
    joined: str = ""


class IntentSchema(Record):
    """One thing a user may want. `optional` gives each optional slot its default ("dontcare": any). A transaction
    changes something and is confirmed before it is called."""

    name: str = Field(min_length=1)
    description: str = ""
    transactional: bool = False
    required: tuple[str, ...] = ()
    optional: tuple[tuple[str, str], ...] = ()
    results: tuple[str, ...] = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        return (*self.required, *(name for name, _ in self.optional))


class ServiceSchema(Record):
    """One service. `key` is the slot that names a row of it ("" where no row has a name)."""

    name: str = Field(min_length=1)
    description: str = ""
    slots: tuple[SlotSchema, ...] = ()
    intents: tuple[IntentSchema, ...] = ()
    key: str = ""
    lang: Lang = "en"

    @cached_property
    def by_name(self) -> dict[str, SlotSchema]:
        return {slot.name: slot for slot in self.slots}

    @cached_property
    def by_intent(self) -> dict[str, IntentSchema]:
        return {intent.name: intent for intent in self.intents}

    @property
    def domain(self) -> str:
        """Without the number that tells services of one domain apart: Hotels_4 is of Hotels."""
        head, _, number = self.name.rpartition("_")
        return head if number.isdigit() else self.name


def read(path: Path) -> tuple[ServiceSchema, ...]:
    """The services of a schema.json. InputError names the place of the first broken one."""
    return made(text.load_json(path), str(path))


def made(loaded: Any, where: str) -> tuple[ServiceSchema, ...]:
    """The services of such a list."""
    if not isinstance(loaded, list) or not loaded:
        raise InputError("not a list of services", where, "give a schema.json as Schema-Guided Dialogue has it")
    return tuple(_service(each, f"{where}: service {n}") for n, each in enumerate(loaded, 1))


def _service(row: Any, where: str) -> ServiceSchema:
    slots = [_slot(each) for each in _list(row, "slots")]
    try:
        found = ServiceSchema(
            name=text.line(text.dig(row, "service_name")),
            description=text.line(text.dig(row, "description")),
            slots=tuple(SlotSchema.model_validate(each) for each in slots),
            intents=tuple(IntentSchema.model_validate(_intent(each)) for each in _list(row, "intents")),
            lang="zh" if text.dig(row, "lang") == "zh" else "en",
            key=text.line(text.dig(row, "key")),
        )
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise InputError(f"no service: {key}: {first['msg']}", where, "see docs/labels.md, schemas") from error
    return found if found.key else found.model_copy(update={"key": _key(found)})


def _slot(row: Any) -> dict[str, Any]:
    return {
        "name": text.line(text.dig(row, "name")),
        "description": text.line(text.dig(row, "description")),
        "categorical": text.dig(row, "is_categorical") is True,
        "values": tuple(text.line(each) for each in _list(row, "possible_values")),
        "joined": text.dig(row, "joined") or "",
    }


def _intent(row: Any) -> dict[str, Any]:
    optional = text.dig(row, "optional_slots")
    pairs = optional.items() if isinstance(optional, dict) else ()
    return {
        "name": text.line(text.dig(row, "name")),
        "description": text.line(text.dig(row, "description")),
        "transactional": text.dig(row, "is_transactional") is True,
        "required": tuple(text.line(each) for each in _list(row, "required_slots")),
        "optional": tuple((text.line(name), text.line(value)) for name, value in pairs),
        "results": tuple(text.line(each) for each in _list(row, "result_slots")),
    }


def _key(service: ServiceSchema) -> str:
    """The first open slot that a search gives back, a transaction asks for and whose name says it names something."""
    found = {name for intent in service.intents if not intent.transactional for name in intent.results}
    named = [
        slot.name
        for slot in service.slots
        if slot.name in found
        and not slot.categorical
        and slot.name.endswith(("name", "title", "名称"))
        and not slot.name.endswith(("airport_name", "station_name"))
    ]
    asked = {name for intent in service.intents if intent.transactional for name in intent.required}
    return next((name for name in named if name in asked), named[0] if named else "")


def _list(row: Any, key: str) -> list[Any]:
    found = text.dig(row, key)
    return found if isinstance(found, list) else []
