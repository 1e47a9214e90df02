"""What a tracker sees of a slot and a value in a turn, as words to be hashed. Knows no model.

Some name the slot, so that a service's own data teach them; others only say how the slot's words (its name and its
description) stand to the turn's words, so that what was learnt of one service holds for another (after Rastogi et al.
2020, section 5, with words for vectors).
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from millstream.records import Lang
from millstream.services.forms import FALSE, TRUE
from millstream.services.schema import DONTCARE, ServiceSchema, SlotSchema
from millstream.train.candidates import Candidate, Words

_STOP = frozenset(
    re.findall(
        r"\S+",
        "the a an of to for or and is in on at it be if not whether user service number name this that with by from i "
        "you what would like do your there any how can",
    )
)
_SENTENCE = re.compile(r"[^.?!。？！]*[.?!。？！]?")


@lru_cache(maxsize=65536)
def words(text: str, lang: Lang) -> tuple[str, ...]:
    if lang == "zh":
        return tuple(char for char in text if not char.isspace())
    return tuple(re.findall(r"\d+|[a-z']+|[?]", text.lower()))


@lru_cache(maxsize=65536)
def grams(text: str, lang: Lang) -> tuple[str, ...]:
    """Words, and pairs of them."""
    said = words(text, lang)
    return (*said, *(f"{a} {b}" for a, b in pairwise(said)))


@lru_cache(maxsize=4096)
def meant(slot: SlotSchema, lang: Lang) -> frozenset[str]:
    """The words of a slot that mean something, cut to their stems."""
    text = f"{slot.name} {slot.description}".replace("_", " ").replace("-", " ")
    return frozenset(stem(word) for word in words(text, lang)) - _STOP


def stem(word: str) -> str:
    return re.sub(r"(?:ing|ed|s)$", "", word) if len(word) > 4 else word


@lru_cache(maxsize=65536)
def stems(text: str, lang: Lang) -> frozenset[str]:
    return frozenset(stem(word) for word in words(text, lang)) - _STOP


@lru_cache(maxsize=65536)
def topic(text: str, lang: Lang) -> frozenset[str]:
    """What a text is about: its stems, or pairs of characters."""
    return stems(text, lang) if lang == "en" else frozenset(a + b for a, b in pairwise(text))


@lru_cache(maxsize=4096)
def question(agent: str) -> str:
    """The last thing the agent asked, or all it said."""
    asked = [each for each in _SENTENCE.findall(agent) if each.rstrip().endswith(("?", "？"))]
    return " ".join(asked) if asked else agent


class Seen:
    """One user turn as a tracker sees it: the words of both sides and the state before."""

    def __init__(self, service: ServiceSchema, said: Words, state: Mapping[str, str]) -> None:
        self.service, self.said, self.state = service, said, state
        self.user, agent = said.user, said.agent
        self.lang, self.asked = service.lang, question(agent)
        about = topic(f"{service.name} {service.description}".replace("_", " "), self.lang)
        self.about = bool(about & topic(self.user, self.lang))
        self.about_agent = bool(about & topic(agent, self.lang))
        self.short = len(words(self.user, self.lang)) <= (4 if self.lang == "en" else 8)

    def features(self, slot: SlotSchema, value: str, candidate: Candidate | None) -> Iterator[str]:
        """`candidate` None: a value that nobody says, True, False or "dontcare"."""
        me = f"{self.service.name}.{slot.name}"
        overlap = len(meant(slot, self.lang) & stems(self.asked, self.lang))
        before = self.state.get(slot.name)
        kind = "none" if candidate is None else candidate.side
        if candidate is not None and candidate.side != "state":
            kind = f"{kind}:{candidate.kind}"
        what = {DONTCARE: "any"} | dict.fromkeys(TRUE, "true") | dict.fromkeys(FALSE, "false")
        sort = what.get(value, kind) if candidate is None else kind
        shape = "flag" if slot.values and set(slot.values) & set(TRUE) else "closed" if slot.categorical else "open"
        base = f"{sort}|{shape}"
        yield from (
            base,
            f"{me}|{sort}",
            f"{base}|asked{min(overlap, 2)}",
            f"{base}|set{before == value}{before is None}",
        )
        yield f"{me}|{sort}|set{before == value}{before is None}"
        yield f"{base}|asked{min(overlap, 2)}|short{self.short}"
        yield f"{base}|about{self.about}{self.about_agent}|{bool(self.state)}"
        yield f"{me}|{sort}|about{self.about}{self.about_agent}|{bool(self.state)}"
        for gram in set(grams(self.asked, self.lang)):
            yield f"{me}|{sort}|a:{gram}"
        if candidate is not None:
            yield from self._placed(slot, me, base, candidate)
        if candidate is None or candidate.side != "user":
            near = len(meant(slot, self.lang) & stems(self.user, self.lang))
            yield f"{base}|near{min(near, 2)}"
            for gram in set(grams(self.user, self.lang)):
                yield f"{me}|{sort}|u:{gram}"
                yield f"{base}|u:{gram}"
                yield f"{base}|{min(overlap, 1)}|{min(near, 1)}|u:{gram}"

    def _placed(self, slot: SlotSchema, me: str, base: str, candidate: Candidate) -> Iterator[str]:
        listed = slot.name in candidate.slots
        yield from (f"{base}|listed{listed}|of{min(len(candidate.slots), 3)}", f"{me}|{candidate.kind}|listed{listed}")
        if candidate.side == "state":
            service, _, other = candidate.kind.partition(".")
            yield from (f"{me}|from {service}.{other}", f"from|same{other == slot.name}")
            return
        text = self.said.of(candidate.side)
        left = words(text[: candidate.start], self.lang)[-4:]
        right = words(text[candidate.end :], self.lang)[:3]
        near = meant(slot, self.lang)
        yield f"{base}|l{len(near & {stem(w) for w in left})}|r{len(near & {stem(w) for w in right})}"
        yield f"{base}|whole{len(candidate.text) + 3 >= len(text)}|{min(len(near & stems(self.asked, self.lang)), 1)}"
        sides = [f"l1:{' '.join(left[-1:])}", f"l2:{' '.join(left[-2:])}", f"l3:{' '.join(left[-3:])}"]
        sides += [f"r1:{' '.join(right[:1])}", f"r2:{' '.join(right[:2])}"]
        sides.append(f"lr:{' '.join(left[-1:])}_{' '.join(right[:1])}")
        for side in sides:
            yield f"{me}|{candidate.side}|{side}"
            yield f"{base}|{side}"
        if candidate.side == "user":
            for word in topic(self.user, self.lang):
                yield f"{me}|in:{word}"
        for word in left:
            yield f"{me}|{candidate.side}|bag:{word}"
            for mine in near:
                yield f"{candidate.side}|{mine}~{word}"
        for word in right:
            for mine in near:
                yield f"{candidate.side}|{mine}^{word}"
