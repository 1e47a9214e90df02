"""What is seen of a chat line and a cue of speech that may answer it: every line of the last minute beside every cue.

The host reads aloud, names the viewer, says what was asked for; the viewer goes on once answered. Lines that say the
same are one (clean.Said). Knows no labels, no domain and no model.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from millstream.mine.arrays import Floats
from millstream.mine.clean import Said
from millstream.mine.linking.lines import KINDS, Column, Ints
from millstream.mine.words import content
from millstream.records import Cue

NEAR = (1.5, 62.0)
"""Seconds after a line in which a cue may answer it."""
_HISTORY, _CONTEXT, _CALL = 3, 60.0, 4.0
_KINDS = KINDS["speech"]
_RULES = [re.compile(rule, re.IGNORECASE) for rule in _KINDS.values()]
_LEADS = ("words of two", "pieces of five", "words weight of five", "words of history", "words of what it heard")
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[a-z0-9]+")


@dataclass(frozen=True)
class Heard:
    """The pairs of one recording: `line` and `cue` by number, a row of features each; line -1 is "nobody".
    Rows of one cue stand together, nobody last."""

    line: Ints
    cue: Ints
    table: Floats
    names: tuple[str, ...]


def heard(said: Sequence[Said], speech: Sequence[Cue], chat: Sequence[Cue]) -> Heard:
    """All pairs within reach. `chat`: the lines kept, for the viewers' histories."""
    told = _Told(said, speech, chat)
    columns = {**told.times(), **told.words(), **told.people()}
    columns |= _compared(columns, told.open)
    whole = told.of_cues() | _best(columns, told.open)
    wording = np.hstack([told.line_kinds, told.lengths[:, None]])
    rows: list[Floats] = []
    lines: list[int] = []
    cues: list[int] = []
    for at in range(len(speech)):
        near = np.flatnonzero(told.open[:, at])
        pair = np.array([values[near, at] for values in columns.values()], dtype=np.float32).T
        agree = wording[near, : len(_RULES)] * told.cue_kinds[at]
        both = np.hstack([pair.reshape(len(near), len(columns)), wording[near], agree.sum(1, keepdims=True)])
        nobody = np.full((1, both.shape[1]), np.nan, dtype=np.float32)
        here = np.array([values[at] for values in whole.values()], dtype=np.float32)
        here = np.concatenate([here, told.cue_kinds[at]])
        rows.append(np.hstack([np.vstack([both, nobody]), np.repeat(here[None, :], len(near) + 1, axis=0)]))
        lines += [*near.tolist(), -1]
        cues += [at] * (len(near) + 1)
    names = (
        *columns,
        *(f"line: {kind}" for kind in _KINDS),
        "line length",
        "kinds agree",
        *whole,
        *(f"cue: {kind}" for kind in _KINDS),
    )
    table = np.vstack(rows) if rows else np.zeros((0, len(names)))
    return Heard(np.array(lines, dtype=np.int64), np.array(cues, dtype=np.int64), table.astype(np.float32), names)


def small(text: str) -> set[str]:
    """What of a text survives a recogniser: four letters of a word, single Chinese characters."""
    plain = text.casefold()
    return {word[at : at + 4] for word in _LATIN.findall(plain) for at in range(max(1, len(word) - 3))} | set(
        _HAN.findall(plain)
    )


def kinds(text: str) -> list[float]:
    return [float(bool(rule.search(text.casefold()))) for rule in _RULES]


class _Told:
    """Lines (rows) beside cues (columns)."""

    def __init__(self, said: Sequence[Said], speech: Sequence[Cue], chat: Sequence[Cue]) -> None:
        self.said, self.speech = said, speech
        self.begin = np.array([cue.start or 0.0 for cue in speech], dtype=np.float32)
        self.end = np.array([cue.end or cue.start or 0.0 for cue in speech], dtype=np.float32)
        first = [min(cue.start or 0.0 for cue in each.cues) for each in said]
        last = [max(cue.start or 0.0 for cue in each.cues) for each in said]
        self.since, self.until = np.array(first, dtype=np.float32), np.array(last, dtype=np.float32)
        self.lag = self.begin[None, :] - self.since[:, None]
        self.open = (self.lag >= NEAR[0]) & (self.begin[None, :] - self.until[:, None] <= NEAR[1])
        self.by: dict[str, list[Cue]] = {}
        for cue in chat:
            self.by.setdefault(cue.author, []).append(cue)
        texts = [each.cue.text for each in said]
        self.line_kinds = np.array([kinds(text) for text in texts], dtype=np.float32).reshape(len(said), len(_RULES))
        self.lengths = np.array([len(text) for text in texts], dtype=np.float32)
        joined = [" ".join(cue.text for cue in speech[at : at + 3]) for at in range(len(speech))]
        self.cue_kinds = np.array([kinds(text) for text in joined], dtype=np.float32).reshape(len(speech), len(_RULES))

    def times(self) -> dict[str, Column]:
        lag_last = self.begin[None, :] - self.until[:, None]
        waiting: Ints = np.cumsum(self.open[::-1], axis=0)[::-1] - self.open
        return {"lag": self.lag, "lag of the last": lag_last, "asked since": waiting.astype(np.float32)}

    def words(self) -> dict[str, Column]:
        """What the cues say of a line's words: in this cue, with the ones after it, in those before it."""
        found: dict[str, Column] = {}
        texts = [each.cue.text for each in self.said]
        past = [" ".join(cue.text for cue in self._past(each)) for each in self.said]
        for name, split in (("words", content), ("pieces", small)):
            space = _Space([*texts, *(cue.text for cue in self.speech)], split)
            asked, said = space.of(texts), space.of([cue.text for cue in self.speech])
            total = asked @ space.weight + 1e-6
            for label, low, high in (("", 0, 1), (" of two", 0, 2), (" of five", 0, 5), (" before", -3, 0)):
                told = _joined(said, low, high)
                hits = (asked * space.weight) @ told.T
                found[f"{name}{label}"] = hits / total[:, None]
                if not label or label == " of five":
                    found[f"{name} told back{label}"] = hits / (told @ space.weight + 1e-6)[None, :]
                    found[f"{name} weight{label}"] = hits
            found[f"{name} of history"] = (space.of(past) * space.weight) @ _joined(said, 0, 4).T
            context = self._context(said) * space.weight
            found[f"{name} of what it heard"] = context @ _joined(said, 0, 4).T
        return found

    def _past(self, said: Said) -> list[Cue]:
        """The viewer's lines before this one."""
        mine = self.by.get(said.cue.author, []) if said.cue.author else []
        return [cue for cue in mine if (cue.start or 0.0) < (said.cue.start or 0.0)][-_HISTORY:]

    def _context(self, said: Floats) -> Floats:
        """The words of the speech in the half minute before each line: what the viewer may go on from."""
        near = (self.begin[None, :] < self.since[:, None]) & (self.begin[None, :] > self.since[:, None] - _CONTEXT / 2)
        return np.asarray(np.minimum(1.0, near @ said), dtype=np.float32)

    def people(self) -> dict[str, Column]:
        shape = len(self.said), len(self.speech)
        before, after, named = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape)
        count, total, demand = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        for row, each in enumerate(self.said):
            past, mine = self._past(each), self.by.get(each.cue.author, [])
            times = np.array([cue.start or 0.0 for cue in mine] or [math.inf])
            nexts = np.searchsorted(times, self.end, side="right")
            later = np.append(times, np.inf)[nexts] - self.end
            after[row] = np.where(np.isfinite(later), later, np.nan)
            again = np.searchsorted(times, self.begin) - np.searchsorted(times, self.since[row], side="right")
            count[row], total[row], demand[row] = again, len(past), each.demand
            before[row] = self.since[row] - (past[-1].start or 0.0) if past else np.nan
            names = {cue.author for cue in each.cues if cue.author}
            called = np.array([any(name in cue.text for name in names) for cue in self.speech])
            named[row] = np.maximum(called, np.concatenate([[False], called[:-1]]))
        return {
            "viewer's line before": before,
            "viewer's next line": after,
            "viewer wrote since": count,
            "viewer's lines before": total,
            "demand": demand,
            "named": named,
        }

    def of_cues(self) -> dict[str, Column]:
        pause = np.append([9.0], self.begin[1:] - self.end[:-1])[: len(self.speech)]
        rest = np.append(pause[1:], 9.0)[: len(self.speech)]
        length = np.array([len(cue.text) for cue in self.speech], dtype=np.float32)
        waiting = self.open.sum(axis=0)
        return {"pause before": pause, "pause after": rest, "cue length": length, "waiting": waiting}


class _Space:
    """Texts as rows over their words; `weight`, how rare each is among them."""

    def __init__(self, texts: Sequence[str], split: Callable[[str], set[str]]) -> None:
        self.split = split
        counts = Counter(word for text in texts for word in split(text))
        self.place = {word: n for n, word in enumerate(counts)}
        self.weight = np.array([math.log(1 + len(texts) / (1 + n)) for n in counts.values()], dtype=np.float32)

    def of(self, texts: Sequence[str]) -> Floats:
        rows = np.zeros((len(texts), len(self.place)), dtype=np.float32)
        for at, text in enumerate(texts):
            for word in self.split(text):
                if word in self.place:
                    rows[at, self.place[word]] = 1.0
        return rows


def _joined(said: Floats, low: int, high: int) -> Floats:
    """The words of each cue together with those from `low` to before `high`, counted from it."""
    out = np.zeros_like(said)
    for step in range(max(low, 1 - len(said)), min(high, len(said))):
        if step >= 0:
            out[: len(said) - step] = np.maximum(out[: len(said) - step], said[step:])
        else:
            out[-step:] = np.maximum(out[-step:], said[:step])
    return out


def _compared(columns: dict[str, Column], open_: NDArray[np.bool_]) -> dict[str, Column]:
    """How a line stands among all that wait: its lead in words, pieces and history over the best other."""
    found = {}
    for name in _LEADS:
        values = np.where(open_, columns[name], 0.0)
        if len(values) < 2:
            found[f"{name}, lead"] = values
            continue
        top = np.sort(values, axis=0)[-2:]
        other = np.where(values >= top[1], top[0], top[1])
        found[f"{name}, lead"] = values - other
    return found


def _best(columns: dict[str, Column], open_: NDArray[np.bool_]) -> dict[str, Column]:
    """What the best line has: how sure one can be that somebody is answered."""
    names = ("words of two", "pieces of five", "words of history", "named")
    if not len(open_):
        return {f"best {name}": np.zeros(open_.shape[1]) for name in names}
    return {f"best {name}": np.where(open_, columns[name], 0.0).max(axis=0) for name in names}
