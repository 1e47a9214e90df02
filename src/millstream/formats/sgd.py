"""Schema-Guided Dialogue's dialogues_NNN.json: frames of acts, spans, states, calls and results. Loses nothing.

MultiWOZ 2.2 has the same form; multiwoz22.py has what differs.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from millstream.formats import ROLES, SPEAKERS, known, wrong
from millstream.services.annotated import Act, Call, Frame, Span, State, TaskDialogue, Turn

_DIALOGUE = {"dialogue_id": str, "services": list, "turns": list}
_TURN = {"speaker": str, "utterance": str, "frames": list}
OURS = {"CORRECT": "INFORM", "CHIT_CHAT": "GENERAL", "ASIDE": "GENERAL"}


def parse(row: Mapping[str, Any], key: str = "") -> TaskDialogue:
    return TaskDialogue(
        row.get("dialogue_id", key),
        tuple(row["services"]),
        tuple(_turn(turn) for turn in row["turns"]),
        synthetic=bool(row.get("synthetic", False)),
        extra=known(row, "dialogue_id", "services", "turns"),
    )


def _turn(row: Mapping[str, Any]) -> Turn:
    frames = tuple(_frame(frame) for frame in row["frames"])
    role = ROLES[row["speaker"]]
    return Turn(role, row["utterance"], frames, known(row, "speaker", "utterance", "frames"))  # type: ignore[arg-type]


def _frame(row: Mapping[str, Any]) -> Frame:
    spans = row.get("slots", [])
    call, state = row.get("service_call"), row.get("state")
    strange = [slot for slot in spans if slot.keys() != {"slot", "start", "exclusive_end"}]
    more = known(row, "service", "actions", "slots", "state", "service_call", "service_results")
    more |= {"slots": spans} if strange or "slots" not in row else {}
    bare = any("canonical_values" not in act for act in row.get("actions", ()))
    more |= {"acts": row.get("actions")} if "actions" not in row or bare else {}
    return Frame(
        row["service"],
        tuple(
            Act(a["act"], a["slot"], tuple(a["values"]), tuple(a.get("canonical_values", ())))
            for a in row.get("actions", [])
        ),
        tuple(Span(s["slot"], s["start"], s["exclusive_end"]) for s in spans if "start" in s),
        state
        and State(
            state["active_intent"],
            tuple(state["requested_slots"]),
            {name: tuple(values) for name, values in state["slot_values"].items()},
        ),
        call and Call(call["method"], dict(call["parameters"])),
        tuple(dict(each) for each in row["service_results"]) if "service_results" in row else None,
        more,
    )


def row(dialogue: TaskDialogue) -> dict[str, Any]:
    made = {
        "dialogue_id": dialogue.key,
        "services": list(dialogue.services),
        "turns": [_turn_row(turn) for turn in dialogue.turns],
    }
    return made | dict(dialogue.extra) | ({"synthetic": True} if dialogue.synthetic else {})


def _turn_row(turn: Turn) -> dict[str, Any]:
    frames = [_frame_row(frame) for frame in turn.frames]
    return {"speaker": SPEAKERS[turn.role], "utterance": turn.text, "frames": frames} | dict(turn.extra)


def _frame_row(frame: Frame) -> dict[str, Any]:
    made: dict[str, Any] = {
        "service": frame.service,
        "actions": [
            {
                "act": OURS.get(a.act, a.act),
                "slot": a.slot,
                "values": list(a.values),
                "canonical_values": list(a.canonical),
            }
            for a in frame.acts
        ],
        "slots": [{"slot": s.slot, "start": s.start, "exclusive_end": s.end} for s in frame.spans],
    }
    if frame.state:
        made["state"] = {
            "active_intent": frame.state.intent,
            "requested_slots": list(frame.state.requested),
            "slot_values": {name: list(values) for name, values in frame.state.values.items()},
        }
    if frame.call:
        made["service_call"] = {"method": frame.call.method, "parameters": dict(frame.call.parameters)}
    if frame.results is not None:
        made["service_results"] = [dict(each) for each in frame.results]
    more = dict(frame.extra)
    for name, own in (("acts", "actions"), ("slots", "slots")):
        if name in more:
            kept = more.pop(name)
            made.pop(own)
            made |= {own: kept} if kept is not None and kept != [] else {}
    return made | more


def faults(row: Any) -> list[str]:
    """Shapes, speakers, spans outside the text or around nothing, frames of no service, values of a state that no act
    and no earlier state gave."""
    found = list(wrong(row, _DIALOGUE, "dialogue"))
    return found or [fault for n, turn in enumerate(row["turns"]) for fault in _turn_faults(turn, row, f"turns.{n}")]


def _turn_faults(turn: Any, row: Mapping[str, Any], where: str) -> Iterator[str]:
    shape = list(wrong(turn, _TURN, where))
    yield from shape
    if shape:
        return
    if turn["speaker"] not in ROLES:
        yield f"{where}.speaker: {turn['speaker']!r} is neither USER nor SYSTEM"
    for n, frame in enumerate(turn["frames"]):
        at = f"{where}.frames.{n}"
        if not isinstance(frame, Mapping) or frame.get("service") not in row["services"]:
            yield f"{at}.service: not among the dialogue's services"
            continue
        yield from _frame_faults(frame, turn, at)


def _frame_faults(frame: Mapping[str, Any], turn: Mapping[str, Any], at: str) -> Iterator[str]:
    for m, slot in enumerate(frame.get("slots", [])):
        start, end = slot.get("start", 0), slot.get("exclusive_end", 1)
        if not 0 <= start < end <= len(turn["utterance"]) and "start" in slot:
            yield f"{at}.slots.{m}: characters {start} to {end} of {len(turn['utterance'])}"
        elif "start" in slot and (heard := turn["utterance"][start:end]) != heard.strip():
            yield f"{at}.slots.{m}: {heard!r} begins or ends with a blank"
    for m, act in enumerate(frame.get("actions", [])):
        yield from wrong(act, {"act": str, "slot": str, "values": list}, f"{at}.actions.{m}")
    state = frame.get("state")
    if (state is None) == (turn["speaker"] == "USER") and "actions" in frame:
        yield f"{at}.state: a user's frame has one, a system's has none"
    elif state is not None:
        shape = {"active_intent": str, "requested_slots": list, "slot_values": Mapping}
        yield from wrong(state, shape, f"{at}.state")
        for name, values in (state.get("slot_values") or {}).items():
            if not isinstance(values, list) or not values or not all(isinstance(v, str) and v for v in values):
                yield f"{at}.state.slot_values.{name}: not a list of values"
