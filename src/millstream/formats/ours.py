"""A dialogue of a run as a task dialogue: its domain is the service, its labels one frame a turn. Adds no label.

A value gets a span where it stands in the text letter by letter; where it is said in other words it gets none.
"""

from collections.abc import Iterable

from millstream.records import Act as Labelled
from millstream.records import Dialogue
from millstream.records import Turn as Told
from millstream.services.annotated import Act, Frame, Span, State, TaskDialogue, Turn

REQUESTS = "request"


def task(dialogue: Dialogue) -> TaskDialogue:
    domain = dialogue.scenario.domain
    turns = tuple(_turn(turn, domain) for turn in dialogue.turns)
    more = {"licence": dialogue.licence, "generator": f"millstream/{dialogue.realiser}"}
    return TaskDialogue(dialogue.id, (domain,), turns, dialogue.scenario.lang, synthetic=True, extra=more)


def _turn(turn: Told, domain: str) -> Turn:
    acts = tuple(Act(a.act.upper(), a.slot, (a.value,) if a.value else ()) for a in turn.acts)
    state = None
    if turn.role == "user":
        asked = tuple(dict.fromkeys(a.slot for a in turn.acts if a.act == REQUESTS and a.slot))
        state = State("talk", asked, {slot.slot: (slot.value,) for slot in turn.state if slot.value})
    return Turn(turn.role, turn.text, (Frame(domain, acts, tuple(_spans(turn.text, turn.acts)), state),))


def _spans(text: str, acts: Iterable[Labelled]) -> Iterable[Span]:
    found = {}
    for act in acts:
        at = text.find(act.value) if act.slot and act.value.strip() == act.value != "" else -1
        if at >= 0:
            found[at, act.slot] = Span(act.slot, at, at + len(act.value))
    return found.values()
