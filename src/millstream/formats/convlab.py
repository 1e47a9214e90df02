"""ConvLab-3's unified form: acts by kind (categorical, non-categorical with spans, binary), states on user turns.

Of a state it has one value a slot. Calls are left out; the rows they gave are `db_results`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from millstream.formats import first, known, wrong
from millstream.services.annotated import Act, Frame, Span, State, TaskDialogue, Turn

KINDS = ("categorical", "non-categorical", "binary")
_ROLE = {"user": "user", "system": "agent"}
_KEYS = ("speaker", "utterance", "utt_idx", "dialogue_acts", "state", "db_results")


def parse(row: Mapping[str, Any], key: str = "") -> TaskDialogue:
    more = known(row, "dialogue_id", "domains", "turns")
    return TaskDialogue(
        row.get("dialogue_id", key),
        tuple(row["domains"]),
        tuple(map(_turn, row["turns"])),
        "zh" if row.get("lang") == "zh" else "en",
        bool(row.get("synthetic", False)),
        more,
    )


def _turn(row: Mapping[str, Any]) -> Turn:
    acts: dict[str, list[Act]] = {}
    spans: dict[str, list[Span]] = {}
    for kind in KINDS:
        for each in row["dialogue_acts"].get(kind, ()):
            made = Act(each["intent"].upper(), each["slot"], (each["value"],) if each.get("value") else ())
            acts.setdefault(each["domain"], []).append(made)
            if "start" in each:
                spans.setdefault(each["domain"], []).append(Span(each["slot"], each["start"], each["end"]))
    states = row.get("state", {})
    frames = []
    for name in dict.fromkeys((*acts, *states)):
        asked = tuple(act.slot for act in acts.get(name, ()) if act.act == "REQUEST")
        values = {slot: (value,) for slot, value in states.get(name, {}).items() if value}
        state = State("talk", asked, values) if row["speaker"] == "user" else None
        frames.append(Frame(name, tuple(acts.get(name, ())), tuple(spans.get(name, ())), state))
    role = _ROLE[row["speaker"]]
    return Turn(role, row["utterance"], tuple(frames), known(row, "speaker", "utterance"))  # type: ignore[arg-type]


def row(dialogue: TaskDialogue) -> dict[str, Any]:
    turns = [_turn_row(n, turn) for n, turn in enumerate(dialogue.turns)]
    base = {"dialogue_id": dialogue.key, "domains": list(dialogue.services), "turns": turns}
    goal = {"description": "", "inform": {}, "request": {}}
    made = {"dataset": "millstream", "data_split": "train", "original_id": dialogue.key, "goal": goal}
    own = {} if "dataset" in dialogue.extra else made | {"lang": dialogue.lang, "synthetic": dialogue.synthetic}
    return base | own | dict(dialogue.extra)


def _turn_row(n: int, turn: Turn) -> dict[str, Any]:
    made: dict[str, Any] = {"speaker": "user" if turn.role == "user" else "system", "utterance": turn.text}
    if "dialogue_acts" in turn.extra:
        return made | dict(turn.extra)
    acts: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for frame in turn.frames:
        places = {span.slot: span for span in frame.spans}
        for act in frame.acts:
            each = {"intent": act.act.lower(), "domain": frame.service, "slot": act.slot}
            if not act.values:
                acts["binary"].append(each)
            elif act.slot in places:
                span = places[act.slot]
                acts["non-categorical"].append(each | {"value": act.values[0], "start": span.start, "end": span.end})
            else:
                acts["categorical"].append(each | {"value": act.values[0]})
    made |= {"utt_idx": n, "dialogue_acts": acts}
    if turn.role == "user":
        states = {f.service: f.state.values for f in turn.frames if f.state}
        return made | {"state": {name: {s: first(v) for s, v in values.items()} for name, values in states.items()}}
    return made | {
        "db_results": {f.service: [dict(r) for r in f.results] for f in turn.frames if f.results is not None}
    }


def faults(row: Any) -> list[str]:
    """Shapes, order of the turns, acts of unknown domains, spans outside the text, states on system turns."""
    found = list(wrong(row, {"dialogue_id": str, "domains": list, "turns": list}, "dialogue"))
    return found or [each for n, turn in enumerate(row["turns"]) for each in _turn_faults(n, turn, row["domains"])]


def _turn_faults(n: int, turn: Any, domains: list[str]) -> Iterator[str]:
    where = f"turns.{n}"
    shape = list(wrong(turn, {"speaker": str, "utterance": str, "utt_idx": int, "dialogue_acts": Mapping}, where))
    yield from shape
    if shape:
        return
    if turn["speaker"] not in _ROLE:
        yield f"{where}.speaker: {turn['speaker']!r} is neither user nor system"
    if turn["utt_idx"] != n:
        yield f"{where}.utt_idx: {turn['utt_idx']}, not {n}"
    if (turn["speaker"] == "user") != ("state" in turn):
        yield f"{where}.state: a user's turn has one, a system's has none"
    for kind in KINDS:
        for m, act in enumerate(turn["dialogue_acts"].get(kind, ())):
            at = f"{where}.dialogue_acts.{kind}.{m}"
            shape = list(wrong(act, {"intent": str, "domain": str, "slot": str}, at))
            yield from shape
            if not shape and act["domain"] not in (*domains, "general", ""):
                yield f"{at}.domain: {act['domain']!r} is not among the dialogue's"
            if "start" in act and not 0 <= act["start"] < act["end"] <= len(turn["utterance"]):
                yield f"{at}: characters {act['start']} to {act['end']} of {len(turn['utterance'])}"
