"""The topic segments of a recording: stretches of its speech that are about one thing, with a tag.

Tags are slots of the domain where the words of a stretch point to one (anchors.py, timeline.py). What is left is cut
where its words change (splitting.py), and tagged by the words that set a part apart. Needs no model. A line's own
mentions are another matter: topics.py.
"""

import functools
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from millstream.domain import Domain
from millstream.mine.segments import splitting, timeline
from millstream.mine.segments.anchors import Anchors, anchors
from millstream.mine.words import terms
from millstream.records import Cue, Lang, Record

LINE, BLOCK, WORDS = 6, 400, 3
"""Different content words after which cues of one speaker are enough to be judged together; lines that are split at
once; words of a tag."""
_FILLED = re.compile(r"\$\w+")
_WORDINGS = ("ask", "want", "query", "tell", "tell_yes", "tell_no", "grant", "fear", "assure", "names", "values")

Line = list[Cue]


class Segment(Record):
    """Cues `first` to `last` of the speech, `start` to `end` in seconds. `topic` is a slot of the domain or ""; `words`
    are those that set a stretch of no topic apart; `score` how clearly its lines speak of the topic (0: not)."""

    recording: str
    first: int
    last: int
    start: float | None
    end: float | None
    topic: str = ""
    words: tuple[str, ...] = ()
    score: float = 0.0


def segmented(cues: Sequence[Cue], domain: Domain, lang: Lang) -> tuple[Segment, ...]:
    """The segments of the speech among the cues of a recording, in order, none left out; no speech, no segments."""
    lines = list(_lines([cue for cue in cues if cue.track == "speech"]))
    if not lines:
        return ()
    texts = [" ".join(cue.text for cue in line) for line in lines]
    known = topics(domain, lang)
    scores = known.scores(texts)
    found = []
    for topic, run in groupby(enumerate(timeline.path(scores)), key=lambda pair: pair[1]):
        numbers = [number for number, _ in run]
        low, high = numbers[0], numbers[-1] + 1
        if topic >= 0:
            sure = round(float(scores[low:high, topic].mean()), 2)
            found.append(_segment(lines[low:high]).model_copy(update={"topic": known.topics[topic], "score": sure}))
        else:
            found += [
                _segment(lines[a:b]).model_copy(update={"words": telling(texts[a:b], texts)})
                for a, b in _parts(texts, low, high)
            ]
    return tuple(found)


@functools.lru_cache(maxsize=16)
def topics(domain: Domain, lang: Lang) -> Anchors:
    """Anchors of the domain's slots: what its file says is asked, wanted and told of each."""
    return anchors({slot.name: said for slot in domain.slots if (said := _sentences(slot.model_dump(), lang))})


def telling(texts: Sequence[str], among: Sequence[str]) -> tuple[str, ...]:
    """The words of these texts, each in two of them at least, that are rarest among all."""
    here = Counter(word for text in texts for word in terms(text))
    spread = Counter(word for text in among for word in terms(text))
    worth = {w: count * math.log(len(among) / spread[w]) for w, count in here.items() if count > 1 and not w.isdigit()}
    ranked = sorted((word for word in worth if worth[word] > 0), key=lambda word: (-worth[word], word))
    return tuple(ranked[:WORDS])


def _sentences(slot: dict[str, dict[str, tuple[str, ...]]], lang: Lang) -> list[str]:
    return [_FILLED.sub(" ", each) for kind in _WORDINGS for each in slot[kind].get(lang, ())]


def _lines(cues: Sequence[Cue]) -> Iterator[Line]:
    """Cues of one speaker, as many as it takes to say something."""
    line: Line = []
    words: set[str] = set()
    for cue in cues:
        if line and (len(words) >= LINE or cue.speaker != line[-1].speaker):
            yield line
            line, words = [], set()
        line.append(cue)
        words |= terms(cue.text)
    if line:
        yield line


def _parts(texts: Sequence[str], low: int, high: int) -> Iterator[tuple[int, int]]:
    """From `low` to `high`, cut where the words change; a long stretch is looked at in blocks."""
    begun = low
    for at in range(low, high, BLOCK):
        for start in (*splitting.starts(texts[at : min(at + BLOCK, high)]), BLOCK):
            if (end := min(at + start, high)) > begun:
                yield begun, end
                begun = end


def _segment(lines: Sequence[Line]) -> Segment:
    first, last = lines[0][0], lines[-1][-1]
    return Segment(recording=first.recording, first=first.n, last=last.n, start=first.start, end=last.end)
