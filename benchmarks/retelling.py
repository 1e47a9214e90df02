"""LiveChat's way of telling whom a streamer answers (Gao et al. 2023, section 3), as a baseline.

A comment of the last minute is answered where the speech begins by retelling it; what follows belongs to the answer
until a pause, another retelling or a length no answer has. The paper gives no threshold: ours is tuned on train.
Knows no features.
"""

from collections.abc import Sequence

from rapidfuzz import fuzz

from millstream.mine.clean import Said
from millstream.mine.words import normal, spoken
from millstream.records import Cue

WINDOW, _SHORTEST, _SLACK, _PAUSE, _RATIO = 60.0, 4, 12, 2.0, 8.0
Found = tuple[float, int, int]
"""How well it is retold (0 to 1), the number of the line, the number of the cue at which the retelling begins."""


def retold(said: Sequence[Said], speech: Sequence[Cue]) -> list[Found]:
    """For each line the cue that retells it best, and each cue for the line it retells best."""
    texts = [normal(spoken(each.cue.text)) for each in said]
    heard = [normal(spoken(" ".join(cue.text for cue in speech[at : at + 2]))) for at in range(len(speech))]
    best: dict[int, Found] = {}
    for n, each in enumerate(said):
        for at, cue in enumerate(speech):
            late = (cue.start or 0.0) - (each.cue.start or 0.0)
            if not 0 < late < WINDOW or len(texts[n]) < _SHORTEST:
                continue
            beginning = heard[at][: len(texts[n]) + _SLACK]
            found = fuzz.partial_ratio(texts[n], beginning) / 100 * min(1.0, len(beginning) / len(texts[n])), n, at
            if found[0] > best.get(at, (0.0,))[0]:
                best[at] = found
    by_line: dict[int, Found] = {}
    for found in best.values():
        by_line[found[1]] = max(found, by_line.get(found[1], found))
    return sorted(by_line.values(), key=lambda found: found[2])


def answer(found: Found, said: Sequence[Said], speech: Sequence[Cue], others: frozenset[int]) -> tuple[int, ...]:
    """The cues of the answer that begins with a retelling; `others` are where others begin."""
    last, most = found[2], _RATIO * len(said[found[1]].cue.text)
    length = len(speech[last].text)
    while last + 1 < len(speech) and last + 1 not in others and length < most:
        pause = (speech[last + 1].start or 0.0) - (speech[last].end or 0.0)
        if pause > _PAUSE:
            break
        last += 1
        length += len(speech[last].text)
    return tuple(range(found[2], last + 1))
