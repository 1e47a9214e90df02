"""Do the labels of a worded dialogue agree with each other and with its text? Knows neither goals nor templates.

Spans are read in the text, acts in the spans, states in the acts of both sides, calls in the states. What a state gains
must have been said by the user, or said by the agent and taken, which is only what some call takes; what it had must
stay.
"""

from collections.abc import Container, Iterator, Mapping

from millstream.services.annotated import Act, Frame, State, TaskDialogue, Turn
from millstream.services.schema import DONTCARE, ServiceSchema
from millstream.simulate.words import lost

_TOLD = ("INFORM", "CORRECT")
_TAKES = frozenset({"SELECT", "AFFIRM", "INFORM_INTENT", "AFFIRM_INTENT", "REQUEST"})
"""Acts with which a user may take what the agent said."""


def faults(dialogue: TaskDialogue, services: Mapping[str, ServiceSchema]) -> list[str]:
    """A line for each disagreement: the turn, the service, what is wrong."""
    found: list[str] = []
    states: dict[str, State] = {}
    said: dict[str, dict[str, set[str]]] = {}
    confirmed: dict[str, dict[str, str]] = {}
    given: set[str] = set()
    for n, turn in enumerate(dialogue.turns):
        for frame in turn.frames:
            where = f"turn {n}, {frame.service}"
            found += [f"{where}: {fault}" for fault in _words(turn, frame, services[frame.service])]
            offers = said.setdefault(frame.service, {})
            if turn.role == "agent":
                told = [act for act in frame.acts if act.act in ("OFFER", "CONFIRM") and act.values]
                for act in told:
                    offers.setdefault(act.slot, set()).add(act.values[0])
                confirmed[frame.service] = {act.slot: act.values[0] for act in told if act.act == "CONFIRM"}
                found += [f"{where}: {fault}" for fault in _called(frame, states.get(frame.service), given)]
                given |= {value for row in frame.results or () for value in row.values()}
            elif frame.state:
                before = states.get(frame.service, State())
                asked = confirmed.pop(frame.service, {})
                service = services[frame.service]
                inputs = {name for intent in service.intents for name in intent.inputs}
                taken = {slot: values for slot, values in offers.items() if slot in inputs}
                found += [f"{where}: {fault}" for fault in _moved(frame, before, taken, asked)]
                states[frame.service] = frame.state
    return found


def _words(turn: Turn, frame: Frame, service: ServiceSchema) -> Iterator[str]:
    """The spans are within the text, on whole words, each of a slot that an act speaks of; no value is unheard."""
    yield from (f"{act.act} {act.slot}: {act.values[0]!r} is not heard" for act in lost(turn, frame, service))
    spoken = {act.slot for act in frame.acts if act.values}
    for span in frame.spans:
        if not 0 <= span.start < span.end <= len(turn.text):
            yield f"{span.slot}: characters {span.start} to {span.end} of {len(turn.text)}"
        elif span.slot not in spoken:
            yield f"{span.slot}: a span, and no act speaks of it"
        elif service.lang == "en" and _cut(turn.text, span.start, span.end):
            yield f"{span.slot}: {turn.text[span.start : span.end]!r} is cut out of a word"


def _cut(text: str, start: int, end: int) -> bool:
    left, right = text[start - 1 : start], text[end : end + 1]
    return (left.isalnum() and text[start].isalnum()) or (right.isalnum() and text[end - 1].isalnum())


def _moved(frame: Frame, before: State, offers: Mapping[str, set[str]], asked: Mapping[str, str]) -> Iterator[str]:
    assert frame.state is not None
    now = frame.state.values
    told: dict[str, Act] = {act.slot: act for act in frame.acts if act.act in _TOLD and act.values}
    acts = {act.act for act in frame.acts}
    takes = bool(acts & _TAKES)
    for slot, act in told.items():
        if not now.get(slot) or now[slot][0] != act.values[0]:
            yield f"{slot}: {act.values[0]!r} is said and not in the state"
    for slot in before.values.keys() - now.keys():
        yield f"{slot}: was in the state and is gone"
    for slot, values in now.items():
        if slot in told or (before.values.get(slot) or ("",))[0] == values[0]:
            continue
        if values[0] == DONTCARE or not takes or values[0] not in offers.get(slot, ()):
            yield f"{slot}: {values[0]!r} is in the state and nobody said it"
    if "AFFIRM" in acts and "NEGATE" not in acts:
        for slot, value in asked.items():
            if (now.get(slot) or ("",))[0] != value:
                yield f"{slot}: {value!r} is confirmed and not in the state"
    if set(frame.state.requested) != {act.slot for act in frame.acts if act.act == "REQUEST"}:
        yield "what is requested is not what the acts request"


def _called(frame: Frame, state: State | None, given: Container[str]) -> Iterator[str]:
    """A parameter is in the state, or an earlier call gave it (`given`) and the state has nothing in its place."""
    for slot, value in frame.call.parameters.items() if frame.call and state else ():
        held = state.values.get(slot) if state else None
        if (held or ("",))[0] != value and (held or value not in given):
            yield f"{slot}: called with {value!r}, and the state has another value"
