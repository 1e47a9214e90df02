"""The graph of APIs (ToolDial, Shim et al. 2025): an edge leads from an output of one to a required input of another.

An API is an intent of a service; a source is no transaction, for nobody books to look something up. An edge is there if
the names are alike (longest common subsequence), the descriptions share their words, and some row of the source has a
value with which the target gives a row. Knows no dialogue.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from millstream.services.knowledge import Knowledge
from millstream.services.problems import Problem
from millstream.services.schema import IntentSchema, ServiceSchema, SlotSchema

NAMES_ALIKE, TEXTS_ALIKE = 0.83, 0.3
"""From such a likeness on names and descriptions fit. ToolDial's 0.83 for names; its 0.77 is of sentence embeddings."""
GENERIC = {"status", "message", "page", "limit", "count", "result", "code", "error"}
"""Outputs that mean nothing by themselves."""
_WORD = re.compile(r"[a-z]+|[一-鿿]")
_PLAIN = frozenset(
    re.findall(
        r"\S+",
        "a an the of for to in on at by and or is are be it that this which what how where when who whose i you me my "
        "your we us can could would please want need like help with about some something have question get do does if "
        "whether d m s t re ve ll has its their from as any one more not so there up out over hello hi "
        "的 了 吗 我 你 您 想 要 请 帮 一 个 是 有 在 和",
    )
)


def words(text: str) -> list[str]:
    """What a text is about: its words without the plain ones, plurals as singulars, names of slots taken apart."""
    found = _WORD.findall(re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", text).lower())
    return [word.removesuffix("s") if len(word) > 3 else word for word in found if word not in _PLAIN]


@dataclass(frozen=True)
class Api:
    service: ServiceSchema
    intent: IntentSchema

    @property
    def name(self) -> str:
        return f"{self.service.name}.{self.intent.name}"

    @property
    def text(self) -> str:
        """What a user's words are compared with."""
        return " ".join((self.intent.name, self.intent.description, self.service.description, *self.intent.inputs))

    @property
    def outputs(self) -> str:
        return " ".join(asked_for(self.slot(name)) for name in self.gives if name in self.service.by_name)

    def slot(self, name: str) -> SlotSchema:
        return self.service.by_name[name]

    @property
    def gives(self) -> tuple[str, ...]:
        """The outputs that whoever calls it does not know already."""
        return tuple(name for name in self.intent.results if name not in self.intent.inputs)


def asked_for(slot: SlotSchema) -> str:
    """The text with which an API is looked for that gives it."""
    return f"{slot.name} {slot.description}"


@dataclass(frozen=True)
class Edge:
    """`values`: what the source gives and the target takes, each seen to work."""

    source: Api
    output: str
    target: Api
    input: str
    values: tuple[str, ...]


def apis(services: Sequence[ServiceSchema]) -> tuple[Api, ...]:
    return tuple(Api(service, intent) for service in services for intent in service.intents)


def edges(services: Sequence[ServiceSchema], knowledge: Knowledge) -> tuple[Edge, ...]:
    return tuple(_edges(apis(services), knowledge))


def _edges(every: Sequence[Api], knowledge: Knowledge) -> Iterator[Edge]:
    for source in (each for each in every if not each.intent.transactional):
        for output in (name for name in source.gives if name.casefold() not in GENERIC):
            for target in (each for each in every if each is not source):
                for name in target.intent.required:
                    if name not in target.service.by_name or target.slot(name).values:
                        continue  # no such slot, or one whose values everybody can see
                    if fits(source.service.by_name.get(output), target.slot(name)):
                        yield from _tried(source, output, target, name, knowledge)


def _tried(source: Api, output: str, target: Api, name: str, knowledge: Knowledge) -> Iterator[Edge]:
    """The edge, if a value that the source gives is answered by the target."""
    given = dict.fromkeys(row[output] for row in knowledge.rows.get(source.service.name, ()) if output in row)
    taken = {row[name] for row in knowledge.rows.get(target.service.name, ()) if name in row}
    if values := tuple(value for value in given if value in taken):
        yield Edge(source, output, target, name, values)


def fits(output: SlotSchema | None, wanted: SlotSchema) -> bool:
    """Do name and description say the same thing?"""
    if output is None or common(output.name, wanted.name) <= NAMES_ALIKE:
        return False
    one, two = Counter(words(output.description)), Counter(words(wanted.description))
    size = math.sqrt(sum(n * n for n in one.values()) * sum(n * n for n in two.values()))
    return bool(size) and sum(one[word] * two[word] for word in one) / size > TEXTS_ALIKE


def common(one: str, two: str) -> float:
    """The longest common subsequence, by the length of the longer name."""
    row = [0] * (len(two) + 1)
    for a in one.casefold():
        before = 0
        for n, b in enumerate(two.casefold(), 1):
            before, row[n] = row[n], before + 1 if a == b else max(row[n], row[n - 1])
    return row[-1] / max(len(one), len(two), 1)


def circles(found: Sequence[Edge], file: str) -> list[Problem]:
    """Each ring of APIs that give each other what they need: no call of it could be the first."""
    after: dict[str, list[str]] = {}
    for edge in found:
        after.setdefault(edge.source.name, []).append(edge.target.name)
    rings = {frozenset(ring): ring for start in after for ring in _rings(start, start, after, (start,))}
    what = "a cycle of APIs that need each other's outputs"
    return [Problem(file, " -> ".join(ring), what) for ring in rings.values()]


def _rings(at: str, start: str, after: Mapping[str, Sequence[str]], way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for following in dict.fromkeys(after.get(at, ())):
        if following == start:
            yield (*way, start)
        elif following not in way and following > start:  # a ring is found from its first name alone
            yield from _rings(following, start, after, (*way, following))


@dataclass(frozen=True)
class Retriever:
    """Which API a text asks for: the share of its words, the rarer the heavier, that the API's text has."""

    every: tuple[Api, ...]
    by_output: bool = False
    """Whether an API is known by what it gives, in place of what it does."""

    @cached_property
    def _texts(self) -> list[tuple[Api, set[str]]]:
        return [(api, set(words(api.outputs if self.by_output else api.text))) for api in self.every]

    @cached_property
    def _seen(self) -> Counter[str]:
        return Counter(word for _, text in self._texts for word in text)

    def weight(self, word: str) -> float:
        return math.log((len(self.every) + 1) / (self._seen[word] + 0.5))

    def best(self, text: str) -> tuple[Api, float]:
        """(the API, its score from 0 to 1); of equals the one whose own words are fewer."""
        asked = list(dict.fromkeys(words(text)))
        whole = sum(map(self.weight, asked))
        scored = [
            (sum(self.weight(word) for word in asked if word in own) / whole if whole else 0.0, -len(own), n)
            for n, (_, own) in enumerate(self._texts)
        ]
        score, _, n = max(scored)
        return self.every[n], round(score, 3)
