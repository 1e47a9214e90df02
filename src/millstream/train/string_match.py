"""The floor of state tracking: a listed value or a fitting shape that the user says is the slot's. Learns nothing.

Whatever slot may hold a value takes it, the last one said wins; nothing is made of what the agent says.
"""

from collections.abc import Mapping

from millstream.services.forms import clocked
from millstream.services.schema import ServiceSchema
from millstream.train.candidates import Candidate, Lexicon, Words, candidates, clock, held

_SHAPES = (("time", "time"), ("date", "date"), ("amount", "money"))


class StringMatch:
    """A tracker by string match. `step` gives the state behind a user turn."""

    def __init__(self, lexicons: Mapping[str, Lexicon]) -> None:
        self.lexicons = lexicons

    def step(
        self, service: ServiceSchema, said: Words, state: Mapping[str, str], others: Mapping[str, Mapping[str, str]]
    ) -> dict[str, str]:
        made = dict(state)
        inputs = {name for intent in service.intents for name in intent.inputs}
        for each in candidates(self.lexicons[service.name], Words(said.user), {}):
            made |= {slot: value for slot, value in _held(each, self.lexicons[service.name]).items() if slot in inputs}
        return made


def _held(candidate: Candidate, lexicon: Lexicon) -> dict[str, str]:
    found = {slot: value for slot, value in ((s, held(candidate, s, lexicon)) for s in candidate.slots) if value}
    if found:
        return found
    for slot in lexicon.service.slots:
        for name, kind in _SHAPES:
            if name in slot.name and candidate.kind == kind:
                value = clock(candidate.text) if clocked(slot) else candidate.text
                found |= {slot.name: value} if value and not slot.categorical else {}
    return found
