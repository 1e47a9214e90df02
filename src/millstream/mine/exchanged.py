"""What viewers asked beside the slots and the host settled, as topics that a dialogue can come to (know/documents.py).

What an answer holds of is told by scope.py; where that is not known nothing is made of it. The question is lent in
viewers' words alone, for a topic that was only heard of has no title to ask by.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from millstream import heard
from millstream.domain import Domain
from millstream.frames import is_own
from millstream.know.documents import Asked, Topic, is_lendable
from millstream.mine.answered import asking, asks_once
from millstream.mine.scope import holds_of
from millstream.mine.words import content
from millstream.records import Evidence, Lang, Passage, Signal


class Settled(NamedTuple):
    """An exchange, what its answer holds of, and what words of its question are of what is asked."""

    about: frozenset[str]
    signal: Signal
    asked: frozenset[str]


def exchanged(domain: Domain, signals: Sequence[Signal], lang: Lang) -> tuple[Topic, ...]:
    """Those of one language. Of two answers to one question about one thing the later counts, in the order in which
    the recordings are given."""
    things, house = _things(signals), domain.house.get(lang, ())
    holding = ((holds_of(each, house, things[_source(each)], lang), each) for each in _settled(signals, lang))
    found: dict[tuple[frozenset[str], str], list[Signal]] = defaultdict(list)
    for each in _latest(Settled(about, signal, _asked(signal, about)) for about, signal in holding if about):
        found[each.about, heard.plain(each.signal.value)].append(each.signal)
    topics = (_topic(same, about, lang) for (about, _), same in found.items())
    return tuple(topic for topic in topics if topic.asked)


def _asked(signal: Signal, about: frozenset[str]) -> frozenset[str]:
    """The words of a question without the names of what it is about; of one that has no others a sign for none, so
    that two such are one question."""
    return frozenset(content(signal.text) - content(" ".join(about))) or frozenset({""})


def _latest(exchanges: Iterable[Settled]) -> list[Settled]:
    """Those that no later one answers otherwise. Only those are compared that share a word."""
    left: dict[int, Settled] = {}
    having: dict[str, list[int]] = defaultdict(list)
    for n, each in enumerate(exchanges):
        shared = Counter(before for word in each.asked for before in having[word])
        for before, words in shared.items():
            if before in left and _answers_otherwise(each, left[before], words):
                del left[before]
        left[n] = each
        for word in each.asked:
            having[word].append(n)
    return list(left.values())


def _answers_otherwise(one: Settled, other: Settled, shared: int) -> bool:
    """Whether it is an answer to the same question, one of more than half of its words, about one thing, and another
    answer: disabled parking is no parking."""
    same = 2 * shared > max(len(one.asked), len(other.asked)) and not one.about.isdisjoint(other.about)
    return same and heard.plain(one.signal.value) != heard.plain(other.signal.value)


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
        found[_source(each)].update({each.entity} - {""})
    return {source: frozenset(named) for source, named in found.items()}


def _source(signal: Signal) -> str:
    return signal.evidence[0].source


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
