"""State tracking as writing: the schema and a turn as a prompt, what the turn changes as lines `slot=value`.

After Lee et al. 2021 (Dialogue State Tracking with a Language Model using Schema-Driven Prompting): slots are known by
their descriptions, values are written out. Unlike there one turn is read with the state before it, not the whole
dialogue, so that a prompt stays short. Knows no model: what answers is handed in (lora.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple, Protocol

from millstream.services.annotated import State, TaskDialogue
from millstream.services.schema import DONTCARE, ServiceSchema, SlotSchema
from millstream.train.candidates import Lexicon, Words
from millstream.train.tracker import States, places

Messages = tuple[Mapping[str, str], ...]
"""Of a chat: `role` and `content`."""
NOTHING = "nothing"
"""What is answered to a turn that changes no slot."""
_LISTED = 6
"""Values of a slot that a prompt lists; of more it gives the first ones as examples."""


class Lesson(NamedTuple):
    """A prompt and the answer that is right."""

    messages: Messages
    answer: str


def asked(
    service: ServiceSchema, said: Words, state: Mapping[str, str], others: Mapping[str, Mapping[str, str]]
) -> Messages:
    """The prompt of one service at a user turn. `others` are the states whose values it may take over."""
    task = (
        f"You track what the user wants of {service.name}: {service.description.rstrip('.。')}. Slots:\n"
        + "\n".join(map(_described, inputs(service)))
        + f"\nWrite what the user's words change, a line slot=value each; slot={DONTCARE} where any will do; "
        f"{NOTHING} where they change no slot."
    )
    elsewhere = dict.fromkeys(value for values in others.values() for value in values.values())
    known = [f"Before: {'; '.join(f'{slot}={value}' for slot, value in state.items())}"] if state else []
    known += [f"Elsewhere: {'; '.join(elsewhere)}"] if elsewhere else []
    turn = "\n".join([*known, *([f"Agent: {said.agent}"] if said.agent else []), f"User: {said.user}"])
    return {"role": "system", "content": task}, {"role": "user", "content": turn}


def inputs(service: ServiceSchema) -> list[SlotSchema]:
    """The slots of which a user may want something."""
    names = {name for intent in service.intents for name in intent.inputs} | {service.key}
    return [slot for slot in service.slots if slot.name in names]


def _described(slot: SlotSchema) -> str:
    listed = ", ".join(slot.values[:_LISTED]) if slot.values else ""
    return f"{slot.name}: {slot.description}" + (f" ({listed})" if listed else "")


def lessons(dialogues: Sequence[TaskDialogue], lexicons: Mapping[str, Lexicon], most: int, seed: int) -> list[Lesson]:
    """At most so many turns of the dialogues, drawn and in an order of the seed. The state before is gold."""
    every = [lesson for each in dialogues for lesson in _lessons(each, lexicons)]
    Random(f"lessons {seed}").shuffle(every)
    return every[:most]


def _lessons(dialogue: TaskDialogue, lexicons: Mapping[str, Lexicon]) -> Iterator[Lesson]:
    states: States = {}
    for place in places(dialogue, lexicons, states):
        changes = {
            slot: _heard(values, place.said)
            for slot, values in place.gold.values.items()
            if place.state.get(slot) not in values
        }
        yield Lesson(asked(lexicons[place.service].service, place.said, place.state, place.others), written(changes))
        states[place.service] = _first(place.gold)


def _first(gold: State) -> dict[str, str]:
    return {slot: values[0] for slot, values in gold.values.items()}


def _heard(values: Sequence[str], said: Words) -> str:
    """The form that stands in the turn; else the first."""
    there = f"{said.user}\n{said.agent}".casefold()
    return next((value for value in values if value.casefold() in there), values[0])


def written(changes: Mapping[str, str]) -> str:
    return "\n".join(f"{slot}={value}" for slot, value in changes.items()) or NOTHING


def read(answer: str, lexicon: Lexicon) -> dict[str, str]:
    """What an answer says of slots there are; of a slot that lists all its values only one of them, in its own form."""
    slots = {slot.name: slot for slot in inputs(lexicon.service)}
    found: dict[str, str] = {}
    for line in answer.splitlines():
        name, _, value = (part.strip() for part in line.partition("="))
        if not value or name not in slots:
            continue
        if slots[name].categorical and value != DONTCARE:
            own = {each.casefold(): each for each in slots[name].values}
            value = own.get(value.casefold()) or lexicon.said.get(value.casefold(), {}).get(name, "")
        if value:
            found[name] = value
    return found


class Model(Protocol):
    """What answers prompts, and can be kept in a folder."""

    def __call__(self, messages: Messages) -> str: ...
    def save(self, folder: Path) -> None: ...


class Prompted:
    """The tracker that asks a model."""

    def __init__(self, lexicons: Mapping[str, Lexicon], model: Model) -> None:
        self.lexicons, self.model = lexicons, model

    def save(self, folder: Path) -> None:
        self.model.save(folder)

    def step(
        self, service: ServiceSchema, said: Words, state: Mapping[str, str], others: Mapping[str, Mapping[str, str]]
    ) -> dict[str, str]:
        return dict(state) | read(self.model(asked(service, said, state, others)), self.lexicons[service.name])
