"""What a first reading of a whole chat tells of each pair: who talks with whom, and which lines form one thread.

Second pass over the model's own scores, after the "local then global" of Wang and Oard (2009, section 4) and the
conversation features of Jiang et al. (2018); the scores must come from models that have not seen the chat, or the
second pass learns to trust them too far. Knows no words.
"""

from collections.abc import Sequence

import numpy as np

from millstream.mine.arrays import Floats
from millstream.mine.linking.lines import Ints, Lines

_LOOK = 60
NAMES = (
    "score",
    "log score",
    "rank",
    "behind the best",
    "score of itself",
    "of its author",
    "of its thread",
    "answered before",
    "answered after",
    "answered by me before",
    "answered by me after",
    "answers me",
    "begins",
    "they answer this",
    "my last answers them",
    "my next answers them",
    "their next answers me",
    "their last answers me",
    "I answered them lately",
    "they answered me lately",
    "I shall answer them",
    "they will answer me",
    "my last answers it",
    "my next answers it",
    "thread of my last",
    "thread of my next",
    "thread lines since",
    "thread size",
    "mine in thread before",
    "mine in thread after",
    "thread is its own",
    "seconds since thread",
    "authors in thread",
    "my last thread, best score",
)


class Threads:
    """`score`: (n, n), how likely row answers column; the diagonal, how likely it begins a thread."""

    def __init__(self, lines: Lines, score: Floats) -> None:
        self.lines, self.score = lines, score
        others = score - np.diag(np.diag(score))
        who = np.zeros((len(lines), lines.count.shape[1]), dtype=np.float32)
        who[np.arange(len(lines)), lines.author] = 1
        self.to: Floats = others @ who
        self.back: Floats = others.T @ who
        self.until: Floats = np.vstack([np.zeros((1, len(lines)), dtype=np.float32), np.cumsum(others, axis=0)])
        self.others = others
        self.thread = threads(score)
        members: dict[int, list[int]] = {}
        for at, name in enumerate(self.thread.tolist()):
            members.setdefault(name, []).append(at)
        self.members: dict[int, Ints] = {name: np.array(rows, dtype=np.int64) for name, rows in members.items()}

    def of(self, row: int, cands: Ints) -> Floats:
        """(candidates, features), in the order of NAMES."""
        return np.stack([*self._scores(row, cands), *self._answers(row, cands), *self._thread(row, cands)], axis=1)

    def _scores(self, row: int, cands: Ints) -> Sequence[Floats]:
        score = self.score[row, cands]
        who, thread = self.lines.author[cands], self.thread[cands]
        other = np.where(cands == row, 0, score)
        mass = np.bincount(who, weights=other)[who]
        whole = np.array([other[thread == each].sum() for each in thread])
        rank = np.argsort(np.argsort(-score, kind="stable"))
        full = np.full(len(cands), 1.0)
        return [score, np.log(score + 1e-4), rank, score.max() - score, full * self.score[row, row], mass, whole]

    def _answers(self, row: int, cands: Ints) -> Sequence[Floats]:
        it, to, full = self.lines, self.to, np.ones(len(cands))
        who, me = it.author[cands], int(it.author[row])
        mine = np.array(it.of[me])
        before, after = mine[mine < row], mine[mine > row]
        own, nxt = int(it.own_before[row]), int(it.own_after[row])
        latest = it.latest[row, who]
        theirs = np.where(latest >= 0, it.own_after[np.maximum(latest, 0)], -1)
        theirs = np.where(who == me, -1, theirs)
        low, high = max(0, row - _LOOK), min(len(it), row + 1 + _LOOK)
        past, future = it.author[low:row] == me, it.author[row + 1 : high] == me
        given = np.bincount(it.author[low:row], weights=to[low:row, me], minlength=to.shape[1])
        coming = np.bincount(it.author[row + 1 : high], weights=to[row + 1 : high, me], minlength=to.shape[1])
        return [
            self.until[row, cands],
            self.until[-1, cands] - self.until[row + 1, cands],
            self.others[np.ix_(before[-20:], cands)].sum(0),
            self.others[np.ix_(after[:20], cands)].sum(0),
            to[cands, me],
            self.score[cands, cands],
            self.back[row, who],
            to[own, who] if own >= 0 else 0 * full,
            to[nxt, who] if nxt >= 0 else 0 * full,
            np.where(theirs >= 0, to[np.maximum(theirs, 0), me], 0),
            np.where(latest >= 0, to[np.maximum(latest, 0), me], 0),
            to[low:row][past].sum(0)[who],
            given[who],
            to[row + 1 : high][future].sum(0)[who],
            coming[who],
            self.others[own, cands] if own >= 0 else 0 * full,
            self.others[nxt, cands] if nxt >= 0 else 0 * full,
        ]

    def _thread(self, row: int, cands: Ints) -> Sequence[Floats]:
        it, thread = self.lines, self.thread
        own, nxt, me = int(it.own_before[row]), int(it.own_after[row]), it.author[row]
        rows = [self._facts(row, int(cand), int(me)) for cand in cands]
        since, size, before, after, pause, authors = np.array(rows, dtype=np.float32).T
        other = np.where(cands == row, 0, self.score[row, cands])
        of_own = other[thread[cands] == thread[own]].max(initial=0) if own >= 0 else 0.0
        return [
            thread[cands] == thread[own] if own >= 0 else np.zeros(len(cands)),
            thread[cands] == thread[nxt] if nxt >= 0 else np.zeros(len(cands)),
            since,
            size,
            before,
            after,
            thread[cands] == thread[row],
            pause,
            authors,
            np.full(len(cands), of_own),
        ]

    def _facts(self, row: int, cand: int, me: int) -> tuple[float, ...]:
        """Of a candidate's thread: lines since, size so far, mine before and after, seconds still, authors."""
        members = self.members[int(self.thread[cand])]
        place = int(np.searchsorted(members, row))
        past, future = members[max(0, place - 30) : place], members[place : place + 30]
        if not len(past):
            return 0, 0, 0, 0, np.nan, 0
        who = self.lines.author
        return (
            int(np.sum(past > cand)),
            place,
            int(np.sum(who[past] == me)),
            int(np.sum((who[future] == me) & (future > row))),
            float(self.lines.time[row] - self.lines.time[past[-1]]),
            len(set(who[past].tolist())),
        )


def threads(score: Floats) -> Ints:
    """The thread of each line, where each answers what it most likely answers."""
    name = np.arange(len(score))
    parents = np.where(score.max(axis=1) > 0, score.argmax(axis=1), name)
    for row, parent in enumerate(parents):
        name[row] = name[parent]
    return name
