"""Open places and acts: what a step does as mined turns have it, and a mined turn with its places filled.

Of what a thing has or has not, any slot fits any place (turns.py). Knows no order of turns.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

from millstream import phrases
from millstream.domain import NO, YES, Domain
from millstream.frames import PLACE, Frame
from millstream.records import Act, Lang, Role
from millstream.turns import COURTESIES, HAS, HAS_NOT, Key, acts_of, key

_ARTICLE = re.compile(r"\b(an?|the)\s+$", re.IGNORECASE)
_TWICE = 2
"""Characters at the end of what is filled in that are not said again behind it."""


@dataclass(frozen=True)
class Filling:
    """The acts of one side, in the slots of a domain."""

    domain: Domain
    lang: Lang
    role: Role

    def key(self, acts: Sequence[Act]) -> Key:
        """By what a turn that does this is found."""
        return key(self.pairs(acts))

    def pairs(self, acts: Sequence[Act]) -> list[tuple[str, str]]:
        """(act, slot) as turns have them."""
        return [(act.act, self._signed(act)) for act in acts]

    def carried(self, frame: Frame, acts: Sequence[Act]) -> Iterator[Act]:
        """The frame's acts with the values of these, in the frame's order; courtesies are the frame's own."""
        left = list(acts)
        for each in acts_of(frame):
            match = next((act for act in left if self.key([act]) == key([each])), None)
            if match and match.act not in COURTESIES:
                left.remove(match)
                yield match
            else:
                yield Act(act=each[0])

    def put(self, text: str, acts: Sequence[Act]) -> str:
        """A frame's text with its places filled; "" where something of it is not there."""
        had = [act.slot for act in acts if self._is_had(act)]
        offered = [act.entity for act in acts if act.act == "offer"]
        named = next((act.entity for act in acts if act.entity), "")
        sources = {
            "$entity": iter(offered) if len(offered) > 1 else repeat(named),
            "$slot": iter([self.domain.by_name[slot].names[self.lang][0] for slot in had]),
            "$value": iter([act.value for act in acts if act.act == "inform" and act.slot not in had]),
        }
        out, done = [], 0
        for place in PLACE.finditer(text):
            filled = next(sources[place.group()], "")
            if filled in ("", YES[self.lang], NO[self.lang]):  # nobody tells a "yes"
                return ""
            out += [_agreeing(text[done : place.start()], filled), filled]
            end = filled[-_TWICE:]  # "接机服务" in "$slot服务"
            done = place.end() + len(end) * (self.lang == "zh" and text.startswith(end, place.end()))
        return "".join([*out, text[done:]])

    def _signed(self, act: Act) -> str:
        """The slot as turns have it: signed where it is of what a thing has or has not."""
        if not self._is_had(act):
            return act.slot
        return (HAS_NOT if self.role == "agent" and act.value == NO[self.lang] else HAS) + act.slot

    def _is_had(self, act: Act) -> bool:
        spec = self.domain.by_name.get(act.slot)
        return spec is not None and spec.is_had


def _agreeing(before: str, filled: str) -> str:
    """The text before a place with the English article that what is filled in wants ("an expensive", "a cheap one");
    with none before what has its own ("the Ivy")."""
    if not (found := _ARTICLE.search(before)):
        return before
    head, said = before[: found.start(1)], found.group(1)
    wanted = phrases.article(filled).split()[0]
    if wanted == filled.split()[0]:
        return head
    if said.casefold() == "the":
        return before
    return f"{head}{wanted.capitalize() if said[0].isupper() else wanted} "
