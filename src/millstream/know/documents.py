"""What the documents of a house say that its tables do not: opening hours, corkage, what is allowed.

A `Topic` is a titled passage that a user may ask about, with the words in which viewers did. What answers is quoted
word for word, so that nothing is told that the document does not say; which sentences those are is decided by shared
words, the rarer the more (inverse document frequency). A document that names a thing in one of its headings is of that
thing alone, and a passage that names a kind of them of those.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from millstream import heard
from millstream.frames import is_own, units
from millstream.know.support import stem
from millstream.records import Fact, Lang, Passage, Signal, Turn

TITLE = 3
"""Words of a title, or pairs of characters of Chinese, up to which a user can say it ("opening hours")."""
ANSWER: dict[Lang, int] = {"zh": 60, "en": 34}
"""Characters of Chinese, or words, of an answer: a host reads out no more."""
MATCHED = 2
"""Words (pairs of characters of Chinese) that a question shares at least with a title and a sentence under it: with one
alone "does a test drive come with a gift?" is answered by how to book one."""
_LEAST = 3
"""Words (characters of Chinese) of what is told as a host said it: fewer stand anywhere."""
_SENTENCE = re.compile(r"[^\n。！？]+?(?:[。！？]|[.!?](?=\s|$)|(?=\n)|$)")
_HAN = re.compile("[一-鿿]")
_END = "。！？.!?"
_GOES_ON = re.compile(r"^(?:i mean|or)\b|^(?:我是说|我的意思|就是说|或者)", re.IGNORECASE)
"""What takes up a line before it."""
_OF_SELF = re.compile(r"\bI(?:'m| am|'ve| have)\b|[?.!,]\s*[\w-]+ here\b|我(?:是|对|有|没|不)", re.IGNORECASE)
"""What somebody tells of themselves ("coeliac here"): who borrows the line may go on to book what is bad for them."""
_MARKUP = re.compile(r"^[\s*_>-]+|[*_]+$")
_PLAIN = re.compile(
    r"a|an|the|is|are|am|be|do|does|you|your|i|it|its|we|can|have|has|any|to|for|on|in|at|of|and|or|pm", re.IGNORECASE
)


@dataclass(frozen=True)
class Asked:
    """A line in which a viewer asked, and the id of its signal."""

    text: str
    ref: str


@dataclass(frozen=True)
class Topic:
    """`about`: the things it is of, empty for all; `asked`: how viewers asked about it."""

    passage: Passage
    lang: Lang
    about: frozenset[str] = frozenset()
    asked: tuple[Asked, ...] = ()
    _weights: Mapping[str, float] = field(default_factory=dict, repr=False, compare=False)

    @property
    def title(self) -> str:
        return self.passage.title

    def is_about(self, entity: str) -> bool:
        return not self.about or entity in self.about

    def answer(self, question: str = "") -> str:
        """The sentences that share most with the question and what stands behind them; the first ones for none."""
        told, wanted = [each for each, _ in self._told], _words(question)
        worth = [sum(self._weights.get(word, 0.0) for word in wanted & words) for _, words in self._told]
        first = worth.index(max(worth))
        chosen = told[first : first + 1]
        for each in told[first + 1 : first + 2]:
            if units("".join([*chosen, each])) <= ANSWER[self.lang]:
                chosen.append(each)
        return ("" if self.lang == "zh" else " ").join(chosen)

    @cached_property
    def _told(self) -> Sequence[tuple[str, frozenset[str]]]:
        """The sentences with their words."""
        return [(each, _words(each)) for each in sentences(self.passage.text)]


def topics(
    passages: Sequence[Passage], signals: Iterable[Signal], lang: Lang, facts: Sequence[Fact], kinds: Collection[str]
) -> tuple[Topic, ...]:
    """Those of one language; a question of the signals goes to the passage that it shares most with, if to any.
    `kinds` are the slots whose values are kinds of things ("electric")."""
    entities = dict.fromkeys(fact.entity for fact in facts)
    kind = [fact for fact in facts if fact.attribute in kinds]
    told = [each for each in passages if _is_short(each.title, lang) and _is_sayable(each, lang)]
    weights = _weights(told)
    found: dict[str, dict[str, Asked]] = defaultdict(dict)
    for signal in signals:
        if _is_open_question(signal, lang, entities) and (best := _best(signal.text, told, weights)):
            found[best.id].setdefault(signal.text, Asked(signal.text, signal.id))
    house = _houses(passages, entities)
    about = {each.id: house[each.evidence[0].source] or _having(each, kind) for each in told}
    asked = {each.id: tuple(found[each.id].values()) for each in told}
    return tuple(Topic(each, lang, about[each.id], asked[each.id], weights) for each in told)


def sentences(text: str) -> list[str]:
    """As they stand in the document, without marks of lists and emphasis."""
    found = (_MARKUP.sub("", each.group()).strip() for each in _SENTENCE.finditer(text))
    return [each for each in found if len(heard.plain(each)) > 1]


def unquoted(text: str, turn: Turn) -> str:
    """The text without what it quotes of the documents that its turn rests on, whatever mark it ends with; where the
    turn passes on what a host said, also without that."""
    told = (each.rstrip(_END) for span in turn.grounding if span.kind == "span" for each in sentences(span.quote))
    said = [each.quote for each in turn.grounding if each.kind == "cues"]
    quoted = {each for each in told if each in text}
    if any(act.act == "inform_passage" for act in turn.acts):
        quoted.update(_as_said(text, said))
    for each in sorted(quoted, key=len, reverse=True):
        text = text.replace(each, " ")
    return text


def _as_said(text: str, said: Sequence[str]) -> Iterator[str]:
    """The longest runs of clauses that stand so in what was said."""
    parts, n = heard.clauses(text), 0
    while n < len(parts):
        runs = ("".join(parts[n:end]) for end in range(len(parts), n, -1))
        found = next((run for run in runs if units(run) >= _LEAST and any(heard.verbatim(run, s) for s in said)), "")
        if found:
            yield found
        n += max(len(heard.clauses(found)), 1)


def _is_short(title: str, lang: Lang) -> bool:
    written = bool(_HAN.search(title)) == (lang == "zh")
    return 0 < len(heard.pieces(title)) <= TITLE + 2 * (lang == "zh") and written and ":" not in title


def _is_sayable(passage: Passage, lang: Lang) -> bool:
    told = sentences(passage.text)
    return bool(told) and all(units(each) <= ANSWER[lang] for each in told)


def house_of(entity: str) -> str:
    """The first part of a Chinese name of two (the hotel of a room); any other whole."""
    return entity.partition(" ")[0] if _HAN.search(entity) else entity


def _houses(passages: Iterable[Passage], entities: Collection[str]) -> dict[str, frozenset[str]]:
    """Source -> the things that its headings name, by their whole name or the first part of a Chinese one (the hotel
    of a room)."""
    found: dict[str, set[str]] = defaultdict(set)
    for passage in passages:
        title = heard.plain(passage.title)
        named = (each for each in entities if heard.plain(house_of(each)) in title)
        found[passage.evidence[0].source].update(named)
    return {source: frozenset(named) for source, named in found.items()}


def _having(passage: Passage, facts: Iterable[Fact]) -> frozenset[str]:
    """The things that have a kind which the passage names ("with an electric car"); none where it names no kind."""
    return frozenset(fact.entity for fact in facts if heard.says(passage.text, fact.value))


def _is_open_question(signal: Signal, lang: Lang, entities: Collection[str]) -> bool:
    """A viewer's question about no slot and no thing, and no longer than what is nobody's own."""
    asks = signal.kind in ("user_question", "exchange") and signal.lang == lang and not signal.slot
    return asks and is_lendable(signal.text, entities) and not is_own(signal.text, lang, signal.demand)


def is_lendable(line: str, entities: Iterable[str]) -> bool:
    """Whether a line can be asked in any talk: it names no thing, tells nothing of its author, and takes up nothing."""
    named = heard.pieces(line) & heard.pieces(" ".join(entities))
    return not named and not _OF_SELF.search(line) and not _GOES_ON.search(line)


def _best(question: str, passages: Sequence[Passage], weights: Mapping[str, float]) -> Passage | None:
    """The one with the sentence that, under its title, shares most."""
    wanted = _words(question)
    shared = {
        wanted & _words(f"{each.title}\n{said}"): each for each in passages for said in sentences(each.text)
    }
    most = max(shared, key=lambda words: sum(weights[word] for word in words), default=frozenset[str]())
    return shared[most] if len(most) >= MATCHED else None


def _weights(passages: Sequence[Passage]) -> dict[str, float]:
    seen = Counter(word for each in passages for word in _all_words(each))
    return {word: math.log((1 + len(passages)) / count) for word, count in seen.items()}


def _all_words(passage: Passage) -> frozenset[str]:
    return _words(f"{passage.title}\n{passage.text}")


def _words(text: str) -> frozenset[str]:
    said = (each for each in heard.pieces(text) if len(each) > 1 and each.isalpha() and not _PLAIN.fullmatch(each))
    return frozenset(map(stem, said))
