"""The plainest way to task dialogues with labels: one call of a model writes one whole, from the schema and a row.

What the user's words give a slot is written by the same call, for who makes dialogues this way has no other labels; or
the words alone are kept and the string match reads them. Knows no model: prompts go out, answers come in
(benchmarks/one_call_states.py).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any, NamedTuple

from millstream.errors import InputError
from millstream.prove.arms import Arm, drawn, long_turns, ours
from millstream.prove.targets import Target
from millstream.services.annotated import Frame, State, TaskDialogue, Turn
from millstream.services.forms import FALSE, TRUE
from millstream.services.knowledge import Row
from millstream.services.schema import ServiceSchema, SlotSchema
from millstream.train.candidates import Lexicon, heard
from millstream.train.prompted import inputs
from millstream.train.string_match import StringMatch

OWN, MATCHED, AS_FEW = "one call", "one call, labels by string match", "ours, as few"
AGAINST: Mapping[str, str] = {OWN: AS_FEW, MATCHED: AS_FEW}
"""What these arms are held against: one with as many dialogues."""
_LISTED = 8
"""Values of a slot that a prompt lists."""
_FEWEST, _MOST = 4, 8
"""Exchanges of a dialogue."""
_LONGEST = 240
"""Characters of an utterance: a small model that repeats itself never ends it."""


class Asked(NamedTuple):
    """One dialogue that is asked for: `prompt`, and the JSON schema of the answer."""

    key: str
    service: str
    prompt: str
    form: Mapping[str, Any]


def asked(target: Target, number: int, seed: int = 0) -> Asked:
    """The call for dialogue `number`: the left-out services take turns, wants and rows are drawn."""
    rng = Random(f"one call {seed} {number}")
    names = sorted(target.scored)
    service = next(each for each in target.services if each.name == names[number % len(names)])
    rows = target.knowledge.rows.get(service.name, ())
    prompt = _prompt(service, rng.choice(rows) if rows else {}, rng)
    return Asked(f"one call {seed} {number}", service.name, prompt, _form(service))


def _prompt(service: ServiceSchema, row: Row, rng: Random) -> str:
    drawn_ones = rng.sample(service.intents, rng.randint(1, min(2, len(service.intents))))
    wants = sorted(drawn_ones, key=lambda intent: intent.transactional)
    slots = "\n".join(f"- {slot.name}: {slot.description}{_values(slot)}" for slot in inputs(service))
    known = "; ".join(f"{name}={value}" for name, value in row.items())
    language = "Chinese" if service.lang == "zh" else "English"
    return (
        f"Write a conversation in {language} between a user and an agent of this service: {service.description}\n"
        f"The user wants to: {', then '.join(each.description for each in wants)}\n"
        f"What the user can ask for:\n{slots}\n"
        + (f"The agent knows: {known}\n" if known else "")
        + f'Write {_FEWEST} to {_MOST} exchanges; in each the user speaks first and the agent answers. Under "given" '
        "write each of the slots above whose value the user's words give in this exchange, and nothing else."
    )


def _values(slot: SlotSchema) -> str:
    return f" ({', '.join(slot.values[:_LISTED])})" if slot.values else ""


def _form(service: ServiceSchema) -> Mapping[str, Any]:
    text = {"type": "string", "minLength": 1, "maxLength": _LONGEST}
    slots = {s.name: {"enum": list(s.values)} if s.categorical else text for s in inputs(service)}
    given = {"type": "object", "properties": slots, "additionalProperties": False}
    names = ("user", "given", "agent")
    each = {"type": "object", "required": names, "properties": {"user": text, "given": given, "agent": text}}
    every = {"type": "array", "minItems": _FEWEST, "maxItems": _MOST, "items": each}
    return {"type": "object", "required": ["exchanges"], "properties": {"exchanges": every}}


def read(call: Asked, answer: str, service: ServiceSchema) -> TaskDialogue | None:
    """The dialogue of an answer, its states those that the same call wrote; None where the answer is none."""
    try:
        rows = json.loads(answer)["exchanges"]
        told = [(_line(row["user"]), dict(row.get("given") or {}), _line(row["agent"])) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if len(told) < _FEWEST or not all(user and agent for user, _, agent in told):
        return None
    values: dict[str, tuple[str, ...]] = {}
    turns = []
    for user, given, agent in told:
        values = values | dict(_kept(given, service))
        turns += [_user(user, service, values), Turn("agent", agent)]
    return TaskDialogue(call.key, (service.name,), tuple(turns), service.lang, synthetic=True)


def _line(said: Any) -> str:
    return " ".join(said.split()) if isinstance(said, str) else ""


def _kept(given: Mapping[str, Any], service: ServiceSchema) -> list[tuple[str, tuple[str, ...]]]:
    """The values of slots there are; of a slot that lists all its values only one of them."""
    slots = {slot.name: slot for slot in inputs(service)}
    said = [(slots[name], _line(value)) for name, value in given.items() if name in slots]
    return [(slot.name, (value,)) for slot, value in said if value and (not slot.categorical or value in slot.values)]


def _user(text: str, service: ServiceSchema, values: Mapping[str, tuple[str, ...]]) -> Turn:
    intent = service.intents[0].name if service.intents else "NONE"
    return Turn("user", text, (Frame(service.name, state=State(intent, (), values)),))


def unheard(dialogue: TaskDialogue, services: Mapping[str, ServiceSchema]) -> tuple[int, int]:
    """(values that are new in a turn and stand neither in it nor in what the agent said just before, all new ones).
    Flags are left out, for they are said in other words."""
    lost = every = 0
    before: Mapping[str, tuple[str, ...]] = {}
    for n, turn in enumerate(dialogue.turns):
        if turn.role != "user" or not turn.frames or turn.frames[0].state is None:
            continue
        frame, now = turn.frames[0], turn.frames[0].state.values
        said = heard(dialogue.turns, n)
        for slot, values in now.items():
            if before.get(slot) == values or {*services[frame.service].by_name[slot].values} & {*TRUE, *FALSE}:
                continue
            every += 1
            lost += values[0].casefold() not in f"{said.user} {said.agent}".casefold()
        before = now
    return lost, every


def matched(dialogues: Sequence[TaskDialogue], target: Target) -> list[TaskDialogue]:
    """The same words, with the states that the string match reads in them."""
    services = {service.name: service for service in target.services}
    floor = StringMatch({name: Lexicon(service, target.knowledge) for name, service in services.items()})
    return [_matched(each, floor, services) for each in dialogues]


def _matched(dialogue: TaskDialogue, floor: StringMatch, services: Mapping[str, ServiceSchema]) -> TaskDialogue:
    turns, states = [], {name: dict[str, str]() for name in dialogue.services}
    for n, turn in enumerate(dialogue.turns):
        frames = []
        for frame in turn.frames:
            if frame.state:
                now = floor.step(services[frame.service], heard(dialogue.turns, n), states[frame.service], {})
                states[frame.service] = now
                told = {slot: (value,) for slot, value in now.items()}
                frame = replace(frame, state=State(frame.state.intent, (), told))
            frames.append(frame)
        turns.append(replace(turn, frames=tuple(frames)))
    return replace(dialogue, turns=tuple(turns))


def arms(dialogues: Sequence[TaskDialogue], target: Target) -> Mapping[str, Arm]:
    """What was written in one call each, repeated up to the size, with either labels; beside as few of ours."""
    names = {service.name for service in target.services}
    about = [each for each in dialogues if names.issuperset(each.services)]
    if not about:
        remedy = f"one made with --one-call for {target.name}"
        raise InputError(f"no dialogue about the services of {target.name}", "--one-call", remedy)
    known = long_turns(target.test)
    own = [each for each in about if not known & long_turns([each])]
    floor = matched(own, target)
    return {
        OWN: lambda _, size, seed: drawn(own, size, seed),
        MATCHED: lambda _, size, seed: drawn(floor, size, seed),
        AS_FEW: lambda t, size, seed: drawn(ours(t, len(own), seed), size, seed),
    }
