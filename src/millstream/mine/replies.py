"""Who answered whom where there is no clock: in a thread of comments, and in a call of two. Order decides."""

from collections.abc import Iterable, Iterator, Sequence

from millstream.mine.cast import threads
from millstream.mine.clean import Said
from millstream.mine.link import Link
from millstream.mine.topics import asks
from millstream.mine.words import content
from millstream.records import Cue

_THREAD, _TURN = 0.9, 0.85


def in_threads(comments: Sequence[Cue], ours: Iterable[Cue]) -> list[Link]:
    """The account's replies, each to what viewers said in its thread since its last one: to the question among
    it, together with those who ask the same."""
    own = set(ours)
    return [
        Link(_said(waiting, reply), (reply,), _THREAD)
        for thread in threads(comments)
        for waiting, reply in _answered(thread, own)
    ]


def _answered(thread: Sequence[Cue], ours: set[Cue]) -> Iterator[tuple[list[Cue], Cue]]:
    waiting: list[Cue] = []
    for cue in thread:
        if cue not in ours:
            waiting.append(cue)
        elif waiting:
            yield waiting, cue
            waiting = []


def _said(waiting: list[Cue], reply: Cue) -> Said:
    told = content(reply.text)
    first = max(waiting, key=lambda cue: (asks(cue.text), len(content(cue.text) & told), -cue.n))
    same = [cue for cue in waiting if cue is not first and ("同问" in cue.text or "same question" in cue.text.lower())]
    return Said(first, (first, *same))


def in_turns(turns: Sequence[Cue], viewers: Iterable[Cue]) -> list[Link]:
    """In a call: each question of the customer, and what the agent says until the customer speaks again."""
    theirs, links = set(viewers), []
    for at, cue in enumerate(turns):
        end = at + 1
        while end < len(turns) and turns[end] not in theirs:
            end += 1
        if cue in theirs and end > at + 1 and asks(cue.text):
            links.append(Link(Said(cue, (cue,)), tuple(turns[at + 1 : end]), _TURN))
    return links
