"""MultiWOZ 2.2: SGD's form with slots named `hotel-area`, and the acts in a file of their own, dialog_acts.json.

Has no canonical values and no calls: of a dialogue of another origin those are left out. The rest is sgd.py.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from millstream.formats import first, sgd
from millstream.services.annotated import Frame, Span, State, TaskDialogue, Turn

faults = sgd.faults
parse = sgd.parse
NAMES = {"INFORM": "Inform", "CORRECT": "Inform", "REQUEST": "Request", "OFFER": "Recommend", "CONFIRM": "Select"}


def row(dialogue: TaskDialogue) -> dict[str, Any]:
    if all("turn_id" in turn.extra for turn in dialogue.turns):
        return sgd.row(dialogue)
    turns = tuple(_turn(n, turn) for n, turn in enumerate(dialogue.turns))
    return sgd.row(replace(dialogue, turns=turns))


def _turn(n: int, turn: Turn) -> Turn:
    return replace(turn, frames=tuple(map(_frame, turn.frames)), extra={**turn.extra, "turn_id": str(n)})


def _frame(frame: Frame) -> Frame:
    spans = tuple(Span(_named(frame.service, span.slot), span.start, span.end) for span in frame.spans)
    state = frame.state and State(
        frame.state.intent,
        tuple(_named(frame.service, slot) for slot in frame.state.requested),
        {_named(frame.service, slot): values for slot, values in frame.state.values.items()},
    )
    return Frame(frame.service, (), spans, state)


def _named(service: str, slot: str) -> str:
    return slot if slot.startswith(f"{service}-") else f"{service}-{slot}"


def acts(dialogue: TaskDialogue) -> dict[str, Any]:
    """The dialogue's entry in dialog_acts.json: acts and their spans by turn."""
    return {str(n): _acts(turn) for n, turn in enumerate(dialogue.turns)}


def _acts(turn: Turn) -> dict[str, Any]:
    found: dict[str, list[list[str]]] = {}
    spans = []
    for frame in turn.frames:
        places = {span.slot: span for span in frame.spans}
        for act in frame.acts:
            name = f"{frame.service.title()}-{NAMES.get(act.act, act.act.title())}"
            value = first(act.values) or ("?" if act.act == "REQUEST" else "none")
            found.setdefault(name, []).append([act.slot or "none", value])
            if act.slot in places and act.values:
                spans.append([name, act.slot, value, places[act.slot].start, places[act.slot].end])
    return {"dialog_act": found, "span_info": spans}


def acts_faults(row: Any, dialogue: Mapping[str, Any]) -> list[str]:
    """Turns that are not there, and spans that do not hold their value."""
    texts = {turn.get("turn_id"): turn["utterance"] for turn in dialogue["turns"]}
    found = [f"dialog_acts.{turn}: no such turn" for turn in row if turn not in texts]
    for turn, each in row.items():
        for name, slot, _, start, end in each["span_info"] if turn in texts else ():
            if not 0 <= start < end <= len(texts[turn]):
                found.append(f"dialog_acts.{turn}.{name}.{slot}: characters {start} to {end} of {len(texts[turn])}")
    return found
