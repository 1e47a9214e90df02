"""What viewers asked beside the slots and the host settled, as topics that a dialogue can come to (know/documents.py).

An answer is of the thing that was named or in mind. One about the house (a test drive, high chairs: `house` of a
domain) holds of all that its recording speaks of, and so does a reply under a video, which is about that video's house.
The question is lent in viewers' words alone, for a topic that was only heard of has no title to ask by.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from millstream import heard
from millstream.domain import Domain
from millstream.frames import is_own
from millstream.know.documents import Asked, Topic, is_lendable
from millstream.mine.answered import asking
from millstream.mine.words import content
from millstream.records import Evidence, Lang, Passage, Signal


def exchanged(domain: Domain, signals: Sequence[Signal], lang: Lang) -> tuple[Topic, ...]:
    """Those of one language. Asked the same of the same thing twice, the later answer counts."""
    things = _things(signals)
    latest = dict[tuple[frozenset[str], frozenset[str]], Signal]()
    for signal in sorted(_settled(signals, lang), key=lambda each: each.evidence[-1].start or 0.0):
        if about := _about(signal, domain, things):
            latest[about, frozenset(content(signal.text))] = signal
    found: dict[tuple[frozenset[str], str], list[Signal]] = defaultdict(list)
    for (about, _), signal in latest.items():
        found[about, heard.plain(signal.value)].append(signal)
    topics = (_topic(same, about, lang) for (about, _), same in found.items())
    return tuple(topic for topic in topics if topic.asked)


def _settled(signals: Iterable[Signal], lang: Lang) -> Iterator[Signal]:
    """Exchanges whose answer settles the question in words that stand in the source as they are."""
    own = (each for each in signals if each.kind == "exchange" and each.value and each.lang == lang)
    return (each for each in own if heard.plain(each.value) in heard.plain(each.evidence[-1].quote))


def _things(signals: Iterable[Signal]) -> Mapping[str, frozenset[str]]:
    """Source -> what it speaks of."""
    found: dict[str, set[str]] = defaultdict(set)
    for each in signals:
        found[each.evidence[0].source].update({each.entity} - {""})
    return {source: frozenset(named) for source, named in found.items()}


def _about(signal: Signal, domain: Domain, things: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """What the answer holds of; nothing where it is not known."""
    first, said = signal.evidence[0], f"{signal.text} {signal.value}".casefold()
    house = any(word.casefold() in said for words in domain.house.values() for word in words)
    if house or (first.track == "comment" and not signal.entity):
        return things[first.source]
    return frozenset({signal.entity} - {""})


def _topic(same: Sequence[Signal], about: frozenset[str], lang: Lang) -> Topic:
    told, evidence = same[0], tuple(dict.fromkeys(each.evidence[-1] for each in same))
    lines = (Asked(line, each.id) for each in same if (line := _line(each, about, lang)))
    return Topic(_passage(told.value, evidence, lang), lang, about, tuple(dict.fromkeys(lines)))


def _passage(value: str, evidence: tuple[Evidence, ...], lang: Lang) -> Passage:
    ended = f"{value}。" if lang == "zh" else f"{value[:1].upper()}{value[1:]}."
    return Passage(text=ended, evidence=evidence)


def _line(signal: Signal, about: frozenset[str], lang: Lang) -> str:
    """What asks of a viewer's line, or all of it; "" where it is somebody's own, or names what it is not of."""
    lines = (asking(signal.text, signal.value, lang), signal.text)
    named = about if len(about) == 1 else frozenset[str]()
    lent = (each for each in lines if each and not is_own(each, lang, signal.demand))
    return next((each for each in lent if is_lendable(each, () if signal.entity in named else about)), "")
