"""Which stretches of a recording a slow model should read: the few that hold most. Knows no model."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from millstream import numbers
from millstream.mine.cast import Cast
from millstream.mine.link import Link
from millstream.mine.topics import Topics
from millstream.mine.words import nameless
from millstream.records import Cue, Signal

_LINES, _TEXT = 8, {"zh": 160, "en": 420}
_KINDS = {"offer": 2.0, "objection": 1.0, "fact": 1.0, "account": 1.0, "correction": 2.0}


@dataclass(frozen=True)
class Window:
    """Lines to be read together, in their order; `asked` are those of viewers; `worth` ranks the window."""

    cues: tuple[Cue, ...]
    asked: frozenset[int]
    """Places of the viewers' lines among `cues`, from 0."""
    worth: float


def best(people: Cast, links: Sequence[Link], signals: Iterable[Signal], topics: Topics, budget: int) -> list[Window]:
    """At most `budget` windows that share no cue of the host, best first; ties in the order of the recording."""
    hits: dict[tuple[str, int], float] = {}
    for signal in signals:
        for evidence in signal.evidence:
            for n in evidence.at:
                hits[evidence.track, n] = hits.get((evidence.track, n), 0.0) + _KINDS.get(signal.kind, 0.2)
    answers: dict[tuple[str, int], Link] = {(cue.track, cue.n): link for link in links for cue in link.answer[:1]}
    windows = [_window(part, answers, hits, topics) for part in _parts(people.host)]
    ranked = sorted(enumerate(windows), key=lambda pair: (-pair[1].worth, pair[0]))
    return [window for _, window in ranked[:budget] if window.worth > 0]


def _parts(host: Sequence[Cue]) -> Iterable[tuple[Cue, ...]]:
    """The host's cues in pieces of a few lines."""
    part: list[Cue] = []
    size = 0
    for cue in host:
        longest = _TEXT["zh" if cue.text and max(cue.text) > "\u3000" else "en"]
        if part and (len(part) == _LINES or size + len(cue.text) > longest or cue.track != part[0].track):
            yield tuple(part)
            part, size = [], 0
        part.append(cue)
        size += len(cue.text)
    if part:
        yield tuple(part)


def _window(
    part: tuple[Cue, ...], answers: Mapping[tuple[str, int], Link], hits: Mapping[tuple[str, int], float], topics: Topics
) -> Window:
    """A piece of the host's talk, each answer in it behind the question it answers."""
    lines: list[Cue] = []
    asked: set[int] = set()
    worth = 0.0
    for cue in part:
        link = answers.get((cue.track, cue.n))
        if link and link.said.cue not in lines:
            asked.add(len(lines))
            lines.append(link.said.cue)
        lines.append(cue)
        about = topics.about(cue.text)
        worth += len(about.slots) + len(topics.words(cue.text)) + 0.5 * len(about.entities)
        worth += bool(numbers.mentions(nameless(cue.text))) + hits.get((cue.track, cue.n), 0.0)
        worth += link.said.demand if link else 0
    return Window(tuple(lines), frozenset(asked), worth / max(4, len(part)))
