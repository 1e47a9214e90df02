"""What is seen of a line and one that it may answer, or of a line that may begin a talk (candidate = itself).

The features follow Kummerfeld et al. (2019, section 5 and appendix), with looks ahead and ranks among the
candidates added. Knows no labels and no model.
"""

from dataclasses import dataclass

import numpy as np

from millstream.mine.arrays import Floats
from millstream.mine.linking.lines import Column, Ints, Lines, at
from millstream.mine.linking.overlap import band, content, pieces

BACK = 100
KEPT = 16
PLACED = 23
"""How many features, the first ones, tell of the place alone."""
_LOOK = 60


@dataclass(frozen=True)
class Weights:
    """How rare words and pieces of words are, in the chats learned from."""

    words: dict[str, float]
    pieces: dict[str, float]
    unseen: float = 11.0


class Pairs:
    """The candidates of each line of a chat, `kept` at most, and their features."""

    def __init__(self, lines: Lines, weights: Weights, kept: int = KEPT) -> None:
        self.lines, self.kept = lines, kept
        texts = ["" if line.system else line.text for line in lines.lines]
        words, parts = [content(text) for text in texts], [pieces(text) for text in texts]
        self.cosine, self.shared = band(words, weights.words, weights.unseen, BACK)
        self.piece, _ = band(parts, weights.pieces, weights.unseen, BACK)

    def of(self, row: int) -> tuple[Ints, Floats]:
        """The best candidates of a line, itself last, and (candidates, features)."""
        cands = self._shortlist(row)
        parts = self._parts(row, cands)
        told = np.array([parts[name] for name in parts], dtype=np.float32).T
        return cands, np.concatenate([told, self._around(row, cands)], axis=1)

    def _shortlist(self, row: int) -> Ints:
        """The candidates worth a closer look, by a plain score of distance, names, own lines and words."""
        it, low = self.lines, max(0, row - BACK)
        cands: Ints = np.arange(low, row + 1)
        who, me, gap = it.author[low : row + 1], it.author[row], row - cands
        score = -np.log1p(gap) + 3.0 * it.named[row, who] + it.named[low : row + 1, me]
        score += 1.2 * (cands == it.own_before[row]) + 0.8 * (it.latest[row, who] == cands)
        score += 3.0 * self.cosine[row, gap] + self.piece[row, gap]
        score[it.system[low : row + 1]] = -np.inf
        score[-1] = np.inf
        best = np.argpartition(-score, min(self.kept, len(score)) - 1)[: self.kept]
        return np.sort(cands[best[score[best] > -np.inf]])

    @property
    def names(self) -> list[str]:
        first = [*self._parts(0, np.array([0]))]
        wording = [
            f"{side} {name}" for side in ("here", "there", "own before", "after there") for name in self.lines.wordings
        ]
        return [*first, *wording]

    def _parts(self, row: int, cands: Ints) -> dict[str, Column]:
        return {
            **self._places(row, cands),
            **self._names(row, cands),
            **self._ahead(row, cands),
            **self._words(row, cands),
        }

    def _around(self, row: int, cands: Ints) -> Floats:
        wording = self.lines.wording
        here = np.repeat(wording[row : row + 1], len(cands), axis=0)
        own = self.lines.own_before[row]
        before = wording[own] if own >= row - BACK and own >= 0 else np.full(wording.shape[1], np.nan)
        after = np.minimum(cands + 1, len(wording) - 1)
        there = wording[cands].copy()
        there[cands == row] = np.nan
        return np.concatenate([here, there, np.repeat(before[None, :], len(cands), axis=0), wording[after]], axis=1)

    def _places(self, row: int, cands: Ints) -> dict[str, Column]:
        """Distance, clock, turns between, and the place beside the author's own last line."""
        it = self.lines
        who, me = it.author[cands], it.author[row]
        self_ = cands == row
        own = int(it.own_before[row])
        mine = np.array(it.of[int(me)])
        said_since = it.count[row, who] - it.nth[cands] - 1
        window = np.arange(cands[0], row)
        fresh = np.where((it.own_after[window] < 0) | (it.own_after[window] >= row), 1, 0)
        later = np.concatenate([np.cumsum(fresh[::-1])[::-1], [0]])[cands - cands[0]]
        own_col = np.full(len(cands), float(own))
        recent = row - np.searchsorted(it.time[:row], it.time[row] - 60)
        busy = row - np.searchsorted(it.time[:row], it.time[row] - 300)
        return {
            "itself": self_,
            "distance": row - cands,
            "written between": it.written[row] - it.written[cands],
            "seconds": it.time[row] - it.time[cands],
            "same author": (who == me) & ~self_,
            "is own before": cands == own,
            "next to it": (cands == row - 1),
            "beside own before": np.where(own_col >= 0, np.clip(cands - own_col, -60, 60), np.nan),
            "own before, back": np.where(own_col >= 0, row - own_col, np.nan),
            "own before, seconds": np.full(len(cands), it.time[row] - it.time[own] if own >= 0 else np.nan),
            "own between": np.searchsorted(mine, row) - np.searchsorted(mine, cands, side="right"),
            "said since": said_since,
            "authors between": later,
            "nth here": np.full(len(cands), it.nth[row]),
            "nth there": it.nth[cands],
            "their line before, back": cands - np.where(it.own_before[cands] >= 0, it.own_before[cands], np.nan),
            "line a minute": np.full(len(cands), recent),
            "lines in five minutes": np.full(len(cands), busy),
            "line before is mine": np.full(len(cands), row > 0 and it.author[row - 1] == me),
            "system between": (row - cands) - (it.written[row] - it.written[cands]),
            "in a row there": np.where((cands > 0) & (it.author[np.maximum(cands - 1, 0)] == who), 1, 0),
            "follows there": np.where(it.author[np.minimum(cands + 1, len(it) - 1)] == who, 1, 0),
            "line after there is mine": np.where(it.author[np.minimum(cands + 1, len(it) - 1)] == me, 1, 0),
        }

    def _names(self, row: int, cands: Ints) -> dict[str, Column]:
        """Who calls whom: here, there, in the lines before and in the last sixty."""
        it = self.lines
        who, me, named = it.author[cands], int(it.author[row]), it.named
        own, last = int(it.own_before[row]), max(0, row - _LOOK)
        ours = np.arange(last, row)[it.author[last:row] == me]
        mine = named[ours].sum(0)[who] if len(ours) else np.zeros(len(cands))
        theirs = np.bincount(it.author[last:row], weights=named[last:row, me], minlength=named.shape[1])[who]
        calls = np.flatnonzero(named[last:row, me]) + last
        addressed = int(calls[-1]) if len(calls) else -1
        both = (named[cands] & named[row]).any(1)
        any_there = named[cands].any(1)
        latest = it.latest[row, who]
        return {
            "names them": named[row, who],
            "calls them": it.called[row] == who,
            "names me": named[cands, me],
            "calls me": it.called[cands] == me,
            "names somebody": np.full(len(cands), named[row].any()),
            "names how many": np.full(len(cands), named[row].sum()),
            "there names somebody": any_there,
            "there names another": any_there & ~named[cands, me],
            "both name": both,
            "own before names them": named[own, who] if own >= 0 else np.zeros(len(cands)),
            "I named them lately": mine,
            "they named me lately": theirs,
            "named me last": cands == addressed,
            "beside who named me": np.clip(cands - addressed, -60, 60)
            if addressed >= 0
            else np.full(len(cands), np.nan),
            "their latest names me": np.where(latest >= 0, named[latest, me], False),
            "named one's lines between": self._named_since(row, cands),
        }

    def _named_since(self, row: int, cands: Ints) -> Floats:
        """Lines by those named here that stand between: the latest one is meant as a rule."""
        it = self.lines
        start = int(cands[0])
        hits = it.named[row, it.author[start : row + 1]] & ~it.system[start : row + 1]
        total = np.cumsum(hits[::-1])[::-1]
        return np.asarray(total[cands - start] - hits[cands - start], dtype=np.float32)

    def _ahead(self, row: int, cands: Ints) -> dict[str, Column]:
        """What the two do afterwards."""
        it = self.lines
        who, me, named = it.author[cands], int(it.author[row]), it.named
        after = int(it.own_after[row])
        end = min(len(it), row + 1 + _LOOK)
        latest = it.latest[row, who]
        theirs = np.where(latest >= 0, it.own_after[np.maximum(latest, 0)], -1)
        theirs = np.where(theirs == row, after, theirs)
        ours = np.arange(row + 1, end)[it.author[row + 1 : end] == me]
        mine = named[ours].sum(0)[who] if len(ours) else np.zeros(len(cands))
        called = np.bincount(it.author[row + 1 : end], weights=named[row + 1 : end, me], minlength=named.shape[1])[who]
        return {
            "own after, ahead": np.full(len(cands), after - row if after >= 0 else np.nan),
            "own after, seconds": np.full(len(cands), it.time[after] - it.time[row] if after >= 0 else np.nan),
            "own after names them": named[after, who] if after >= 0 else np.zeros(len(cands)),
            "their next, ahead": np.where(theirs >= 0, theirs - row, np.nan),
            "their next names me": np.where(theirs >= 0, named[np.maximum(theirs, 0), me], False),
            "I shall name them": mine,
            "they will name me": called,
            "there, next line's author is back": at(it.own_after, cands) - cands,
        }

    def _words(self, row: int, cands: Ints) -> dict[str, Column]:
        """Words shared with the candidate, with its author's other lines, and with one's own line before."""
        it, gap = self.lines, row - cands
        cosine, shared, piece = self.cosine[row, gap], self.shared[row, gap], self.piece[row, gap]
        who = it.author[cands]
        best = np.zeros(len(it.names) + 1, dtype=np.float32)
        np.maximum.at(best, who, cosine)
        own = int(it.own_before[row])
        near = self._near(own, cands) if own >= 0 else np.zeros(len(cands))
        prior = self._of(row, it.own_before[cands])
        nexts = self._of(row, np.where(it.own_after[cands] < row, it.own_after[cands], -1))
        after = int(it.own_after[row])
        ahead = self._ahead_near(after, cands)
        top, top_piece = cosine.max(initial=0), piece.max(initial=0)
        return {
            "cosine": cosine,
            "shared": shared,
            "pieces": piece,
            "cosine, author's best": best[who],
            "cosine, own before": near,
            "cosine, their line before": prior,
            "cosine, their line after": nexts,
            "cosine, own after": ahead,
            "cosine, of the best": cosine / (top or 1),
            "pieces, of the best": piece / (top_piece or 1),
            "best cosine": np.full(len(cands), top),
            "best pieces": np.full(len(cands), top_piece),
            "better by words": np.argsort(np.argsort(-cosine, kind="stable")),
        }

    def _of(self, row: int, others: Ints) -> Floats:
        gap = row - others
        good = (others >= 0) & (gap > 0) & (gap <= BACK)
        return np.where(good, self.cosine[row, np.where(good, gap, 0)], 0).astype(np.float32)

    def _near(self, one: int, others: Ints) -> Floats:
        """Cosine of one line with others that stand before or after it."""
        high, gap = np.maximum(one, others), np.abs(one - others)
        good = gap <= BACK
        return np.where(good, self.cosine[high, np.where(good, gap, 0)], 0).astype(np.float32)

    def _ahead_near(self, after: int, cands: Ints) -> Floats:
        return self._near(after, cands) if after >= 0 else np.zeros(len(cands), dtype=np.float32)
