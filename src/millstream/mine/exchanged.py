"""What viewers asked beside the slots and the host settled, as topics that a dialogue can come to (know/documents.py).

An answer is of the thing that was named or in mind. One about the house (a test drive, high chairs: `house` of a
domain) holds of all that its recording speaks of, and so does a reply under a video that shows one house's things.
The question is lent in viewers' words alone, for a topic that was only heard of has no title to ask by.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from millstream import heard
from millstream.domain import Domain
from millstream.frames import is_own
from millstream.know.documents import Asked, Topic, house_of, is_lendable
from millstream.mine.answered import asking, asks_once
from millstream.mine.words import content
from millstream.records import Evidence, Lang, Passage, Signal

Settled = tuple[frozenset[str], Signal]
"""What an answer holds of, and the exchange."""


def exchanged(domain: Domain, signals: Sequence[Signal], lang: Lang) -> tuple[Topic, ...]:
    """Those of one language. Of two answers to one question about one thing the later counts, in the order in which
    the recordings are given."""
    things, house = _things(signals), domain.house.get(lang, ())
    found: dict[tuple[frozenset[str], str], list[Signal]] = defaultdict(list)
    for about, signal in _latest(
        (about, each) for each in _settled(signals, lang) if (about := _about(each, house, things))
    ):
        found[about, heard.plain(signal.value)].append(signal)
    topics = (_topic(same, about, lang) for (about, _), same in found.items())
    return tuple(topic for topic in topics if topic.asked)


def _latest(exchanges: Iterable[Settled]) -> list[Settled]:
    """Those that no later one answers otherwise."""
    left: list[Settled] = []
    for each in exchanges:
        left = [before for before in left if not _answers_otherwise(each, before)]
        left.append(each)
    return left


def _answers_otherwise(one: Settled, other: Settled) -> bool:
    (about, signal), (of, before) = one, other
    names = content(" ".join(about | of))
    asked, earlier = content(signal.text) - names, content(before.text) - names
    same = 2 * len(asked & earlier) >= max(min(len(asked), len(earlier)), 1)
    return same and not about.isdisjoint(of) and heard.plain(signal.value) != heard.plain(before.value)


def _settled(signals: Sequence[Signal], lang: Lang) -> Iterator[Signal]:
    """Exchanges whose answer settles the question in words that stand in the source as they are, each recording's in
    the order of their answers."""
    sources = {source: n for n, source in enumerate(dict.fromkeys(each.evidence[0].source for each in signals))}
    own = [each for each in signals if each.kind == "exchange" and each.value and each.lang == lang]
    own.sort(key=lambda each: (sources[each.evidence[0].source], each.evidence[-1].start or 0.0))
    return (each for each in own if heard.verbatim(each.value, each.evidence[-1].quote))


def _things(signals: Iterable[Signal]) -> Mapping[str, frozenset[str]]:
    """Source -> what it speaks of."""
    found: dict[str, set[str]] = defaultdict(set)
    for each in signals:
        found[each.evidence[0].source].update({each.entity} - {""})
    return {source: frozenset(named) for source, named in found.items()}


def _about(signal: Signal, house: Sequence[str], things: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """What the answer holds of; nothing where it is not known."""
    first, said = signal.evidence[0], f"{signal.text} {signal.value}".casefold()
    there = things[first.source]
    reply = first.track == "comment" and not signal.entity and len({house_of(each) for each in there}) == 1
    if reply or any(_word(word).search(said) for word in house):
        return there
    return frozenset({signal.entity} - {""})


@cache
def _word(word: str) -> re.Pattern[str]:
    """A word as it is said of many too; of Chinese wherever it stands."""
    return re.compile(rf"\b{re.escape(word)}(?:e?s)?\b" if word.isascii() else re.escape(word), re.IGNORECASE)


def _topic(same: Sequence[Signal], about: frozenset[str], lang: Lang) -> Topic:
    told, evidence = same[0], tuple(dict.fromkeys(each.evidence[-1] for each in same))
    lines = (Asked(line, each.id) for each in same if (line := _line(each, about, lang)))
    return Topic(_passage(told.value, evidence, lang), lang, about, tuple(dict.fromkeys(lines)))


def _passage(value: str, evidence: tuple[Evidence, ...], lang: Lang) -> Passage:
    ended = f"{value}。" if lang == "zh" else f"{value[:1].upper()}{value[1:]}."
    return Passage(text=ended, evidence=evidence)


def _line(signal: Signal, about: frozenset[str], lang: Lang) -> str:
    """What asks of a viewer's line, or all of it where it asks once; "" where it is somebody's own, or names what it
    is not of."""
    lines = (asking(signal.text, signal.value, lang), signal.text if asks_once(signal.text, lang) else "")
    lent = (each for each in lines if each and not is_own(each, lang, signal.demand))
    others = about - {signal.entity} if len(about) == 1 else about
    return next((each for each in lent if is_lendable(each, others)), "")
