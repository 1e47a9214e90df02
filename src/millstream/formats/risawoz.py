"""RiSAWOZ and X-RiSAWOZ: a user's and a system's utterance in one entry, states as `domain-slot` pairs.

Consecutive turns of one side are joined with a line end, as the form has pairs only.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from millstream.formats import first, known, wrong
from millstream.services.annotated import Act, Frame, State, TaskDialogue, Turn

STATE = "inform slot-values"
_ACTS = {"INFORM": "Inform", "CORRECT": "Inform", "REQUEST": "Request", "OFFER": "Recommend", "GOODBYE": "Bye"}


def parse(row: Mapping[str, Any], key: str = "") -> TaskDialogue:
    turns = []
    for each in row["dialogue"]:
        turns += [_turn(each, "user"), _turn(each, "system")]
    lang = "en" if isinstance(row["dialogue"][0]["user_utterance"], list) else "zh" if row.get("lang") != "en" else "en"
    more = known(row, "dialogue_id", "dialogue")
    return TaskDialogue(row.get("dialogue_id", key), tuple(row.get("domains", ())), tuple(turns), lang, extra=more)  # type: ignore[arg-type]


def _turn(row: Mapping[str, Any], side: str) -> Turn:
    said = row[f"{side}_utterance"]
    acts: dict[str, list[Act]] = {}
    for act, domain, slot, value in (each for each in row.get(f"{side}_actions", ()) if len(each) == 4):
        acts.setdefault(domain, []).append(Act(str(act).upper(), str(slot), (str(value),) if value else ()))
    values: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, value in row["belief_state"].get(STATE, {}).items():
        domain, _, slot = name.partition("-")
        values.setdefault(domain, {})[slot] = (str(value),)
    frames = tuple(
        Frame(name, tuple(acts.get(name, ())), state=_state(acts.get(name, []), values.get(name, {}), side))
        for name in dict.fromkeys((*acts, *(values if side == "user" else ())))
    )
    return Turn("user" if side == "user" else "agent", said[0] if isinstance(said, list) else said, frames, {side: row})


def _state(acts: Sequence[Act], values: Mapping[str, tuple[str, ...]], side: str) -> State | None:
    asked = tuple(act.slot for act in acts if act.act == "REQUEST")
    return State("talk", asked, values) if side == "user" else None


def row(dialogue: TaskDialogue) -> dict[str, Any]:
    read = [turn.extra["user"] for turn in dialogue.turns if "user" in turn.extra]
    entries = list(read) if read else list(_made(dialogue))
    more = (
        dialogue.extra
        if read
        else {"domains": list(dialogue.services), "goal": "", "lang": dialogue.lang, "synthetic": dialogue.synthetic}
    )
    return {"dialogue_id": dialogue.key, "dialogue": entries} | dict(more)


def _made(dialogue: TaskDialogue) -> Iterator[dict[str, Any]]:
    sides = [(role, list(turns)) for role, turns in groupby(dialogue.turns, key=lambda turn: turn.role)]
    if sides and sides[0][0] == "agent":
        sides.insert(0, ("user", []))
    state: dict[str, str] = {}
    for n in range(0, len(sides), 2):
        user, system = sides[n][1], sides[n + 1][1] if n + 1 < len(sides) else []
        frames = [frame for turn in user for frame in turn.frames]
        before = dict(state)
        for frame in frames:
            for slot, values in (frame.state.values if frame.state else {}).items():
                state[f"{frame.service}-{slot}"] = first(values)
        asked = [slot for frame in frames if frame.state for slot in frame.state.requested]
        turn = {name: value for name, value in state.items() if before.get(name) != value}
        yield {
            "turn_id": n // 2,
            "turn_domain": list(dict.fromkeys(frame.service for frame in frames)),
            "user_utterance": "\n".join(each.text for each in user),
            "system_utterance": "\n".join(each.text for each in system),
            "belief_state": {STATE: dict(state), "turn_inform": turn, "turn request": asked},
            "user_actions": _actions(user),
            "system_actions": _actions(system),
        }


def _actions(turns: Sequence[Turn]) -> list[list[str]]:
    return [
        [_ACTS.get(act.act, act.act.title()), frame.service, act.slot, first(act.values)]
        for turn in turns
        for frame in turn.frames
        for act in frame.acts
    ]


def faults(row: Any) -> list[str]:
    """Shapes, order of the turns, acts that are no quadruples, states without a domain, values of a turn that its
    state lacks."""
    found = list(wrong(row, {"dialogue_id": str, "dialogue": list}, "dialogue"))
    return found or [each for n, turn in enumerate(row["dialogue"]) for each in _turn_faults(n, turn)]


def _turn_faults(n: int, turn: Any) -> Iterator[str]:
    where = f"dialogue.{n}"
    words = (str, list)
    shape = list(
        wrong(
            turn, {"turn_id": int, "user_utterance": words, "system_utterance": words, "belief_state": Mapping}, where
        )
    )
    yield from shape
    if shape:
        return
    if turn["turn_id"] != n:
        yield f"{where}.turn_id: {turn['turn_id']}, not {n}"
    for name in turn["belief_state"].get(STATE, {}):
        if "-" not in name:
            yield f"{where}.belief_state.{name}: no domain-slot"
    for side in ("user", "system"):
        for m, act in enumerate(turn.get(f"{side}_actions", ())):
            if not isinstance(act, list) or len(act) != 4:
                yield f"{where}.{side}_actions.{m}: not [act, domain, slot, value]"
