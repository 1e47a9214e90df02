"""Who is host and who is viewer in a recording: the speaker of a stream, the account under its own video, the
agent of a call. Knows roles by what people do, never by their names."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from millstream.mine.topics import asks
from millstream.records import Cue

_AGENT = frozenset(["agent", "system", "assistant", "staff", "host", "客服", "坐席", "店员", "销售", "主播"])


@dataclass(frozen=True)
class Cast:
    """The cues of a recording by who wrote or spoke them, in their order."""

    speech: tuple[Cue, ...]
    replies: tuple[Cue, ...]
    viewers: tuple[Cue, ...]
    turns: tuple[Cue, ...] = ()
    """All utterances of a call or chat of two, in order; empty for a stream."""

    @property
    def host(self) -> tuple[Cue, ...]:
        return self.speech + self.replies


def cast(cues: Sequence[Cue]) -> Cast:
    """Speech and the account's own comments against everybody else's lines. In a transcript of two the agent is
    the one whose role says so, else the one who asks less."""
    spoken = tuple(cue for cue in cues if cue.track == "speech")
    written = [cue for cue in cues if cue.track != "speech"]
    speakers = list(dict.fromkeys(cue.speaker for cue in spoken if cue.speaker))
    if not written and len(speakers) == 2:
        agent = _agent(spoken, speakers)
        ours = tuple(cue for cue in spoken if cue.speaker == agent)
        return Cast(ours, (), tuple(cue for cue in spoken if cue.speaker != agent), spoken)
    account = _account([cue for cue in written if cue.track == "comment"])
    replies = tuple(cue for cue in written if account and cue.track == "comment" and cue.author == account)
    return Cast(spoken, replies, tuple(cue for cue in written if cue not in set(replies)))


def _agent(spoken: Sequence[Cue], speakers: list[str]) -> str:
    named = [speaker for speaker in speakers if speaker.casefold().rstrip("0123456789_- ") in _AGENT]
    asked = Counter(cue.speaker for cue in spoken if asks(cue.text))
    return named[0] if named else min(speakers, key=lambda speaker: (asked[speaker], -speakers.index(speaker)))


def _account(comments: Sequence[Cue]) -> str:
    """The author who answers in the threads of several others, and more than anybody else; "" where nobody does."""
    by_n = {cue.n: cue for cue in comments}
    pairs = {(cue.author, root.author) for cue in comments if (root := _root(cue, by_n))}
    served = Counter(author for author, other in pairs if author and author != other).most_common(2)
    if not served or served[0][1] < 2 or (len(served) > 1 and served[1][1] == served[0][1]):
        return ""
    return served[0][0]


def _root(cue: Cue, by_n: dict[int, Cue]) -> Cue | None:
    """The comment a thread began with; None for one that begins a thread."""
    seen = {cue.n}
    above = cue.reply_to
    found = None
    while above is not None and above in by_n and above not in seen:
        found = by_n[above]
        seen.add(above)
        above = found.reply_to
    return found


def threads(comments: Sequence[Cue]) -> list[list[Cue]]:
    """Comments by thread, in their order."""
    by_n = {cue.n: cue for cue in comments}
    grouped: dict[int, list[Cue]] = {}
    for cue in comments:
        root = _root(cue, by_n)
        grouped.setdefault(cue.n if root is None else root.n, []).append(cue)
    return list(grouped.values())
