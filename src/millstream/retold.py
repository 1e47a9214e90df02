"""A worded task dialogue in a model's words: turn by turn, each value kept letter by letter, else the template's words.

The spans are found again in the new text; where a value stands there twice, or two slots have the same words, nobody
could say which is which, and the turn keeps its template. Knows no prompt.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from millstream.records import Act, Persona, Step, Trait, Turn, View
from millstream.services.annotated import Span, TaskDialogue
from millstream.services.annotated import Turn as Told
from millstream.services.schema import ServiceSchema
from millstream.shapes import Realiser
from millstream.simulate.checked import faults


async def retold(
    dialogue: TaskDialogue, realiser: Realiser, services: Mapping[str, ServiceSchema], seed: tuple[int, int]
) -> tuple[TaskDialogue, Counter[str]]:
    """The dialogue and who worded its turns; all template where the labels do not hold in the model's words."""
    words, turns = Counter[str](), list[Told]()
    for n, turn in enumerate(dialogue.turns):
        worded = await realiser(_view(dialogue, turn, turns, seed[0] * 1_000_003 + seed[1] * 101 + n))
        found = said_again(turn, worded.text) if worded.worded == "model" else None
        turns.append(found or turn)
        words["model" if found else "kept"] += 1
    made = replace(dialogue, turns=tuple(turns))
    return (dialogue, Counter(kept=len(turns))) if faults(made, services) else (made, words)


def _view(dialogue: TaskDialogue, turn: Told, before: list[Told], seed: int) -> View:
    domain = dialogue.services[0]
    need = Trait(name="service", value=services_in_words(dialogue), origin="schema")
    said = tuple(Turn(role=t.role, text=t.text, acts=(), state=(), stage="") for t in before)
    acts = tuple(Act(act=act.act.lower(), slot=act.slot) for frame in turn.frames for act in frame.acts)
    step = Step(role=turn.role, acts=acts, state=(), stage="", draft=turn.text, must=tuple(surfaces(turn)))
    persona = Persona(role=turn.role, domain=domain, lang=dialogue.lang, fields=(need,))
    return View(scenario=dialogue.key, role=turn.role, persona=persona, step=step, turns=said, seed=seed)


def services_in_words(dialogue: TaskDialogue) -> str:
    return ", ".join(name.replace("_", " ") for name in dialogue.services)


def surfaces(turn: Told) -> dict[str, str]:
    """The words of each span, and its slot."""
    return {turn.text[s.start : s.end]: s.slot for frame in turn.frames for s in frame.spans}


def said_again(turn: Told, text: str) -> Told | None:
    """The turn with another text, its spans where their words stand now; None where that is not plain."""
    spans = [(turn.text[s.start : s.end], s.slot) for frame in turn.frames for s in frame.spans]
    if len({words for words, _ in spans}) < len(spans):
        return None
    places = {}
    for words, _ in spans:
        found = [each.start() for each in re.finditer(rf"(?<![A-Za-z0-9]){re.escape(words)}(?![A-Za-z0-9])", text)]
        if len(found) != 1:
            return None
        places[words] = found[0]
    frames = []
    for frame in turn.frames:
        said = [(s.slot, turn.text[s.start : s.end]) for s in frame.spans]
        moved = tuple(Span(slot, places[each], places[each] + len(each)) for slot, each in said)
        frames.append(replace(frame, spans=moved))
    return replace(turn, text=text, frames=tuple(frames))
