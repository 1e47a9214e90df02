"""Comment and support threads to dialogues of two, with several references, as the DSTC6 end-to-end track makes them.

Hori and Hori (2017, End-to-end Conversation Modeling Track in DSTC6): exactly two people in a chain of replies,
messages of one of them that follow each other merged, at most 20 turns, nothing truncated, links and names replaced,
signatures of agents taken off. Where a platform tells the thread only and not which reply is meant, the name it is
addressed to says so, else who spoke last to its author. What others answered to the same message are further
references. Knows no domain and no model.
"""

import re
from collections.abc import Iterator, Sequence

from millstream.conversations import Found, Said
from millstream.language import detect
from millstream.mine.cast import threads
from millstream.mine.words import content
from millstream.recipe import Recipe
from millstream.records import Cue, Reject, Role

LEAST, MOST, PAUSE = 2, 20, 600.0
"""Turns of a dialogue; seconds after which the same author's next message is a turn of its own, where there is a
clock."""
_AT = re.compile(r"@\s?(v[0-9a-f]{6})\s*[:,，：]?")
_URL = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_SIGNED = re.compile(r"\s*(?:\^\s?[A-Za-z]{1,12}|(?:[~*]|--|—)\s?[A-Z][A-Za-z]{0,11})\.?$")
_CUT = re.compile(r"(?:…|\.\.\.)\s*(?:<URL>)?$")

Replies = dict[int, list[Cue]]


def recipe() -> Recipe:
    return Recipe(name="threads", about="comment and support threads -> dialogues of two with references", cut=cut)


def cut(cues: Sequence[Cue]) -> Iterator[Found | Reject]:
    """The two-party chains of every thread, each as long as it goes; one inside another is not told twice."""
    comments = [cue for cue in cues if cue.track == "comment"]
    agents = _agents(comments)
    for thread in threads(comments):
        replies = answered(thread)
        for chain in _chains(thread[0], replies):
            if found := _dialogue(chain, replies, agents):
                yield found
        for cue in thread:
            if _CUT.search(worded(cue)):
                yield Reject(step="truncated", item=f"{cue.recording} comment {cue.n}", reason="a message is cut off")


def answered(thread: Sequence[Cue]) -> Replies:
    """The replies to each message by its number, in their order."""
    replies: Replies = {}
    flat = all(cue.reply_to in (None, thread[0].n) for cue in thread)
    for at, cue in enumerate(thread[1:], 1):
        meant = _meant(cue, thread[:at]).n if flat else cue.reply_to
        replies.setdefault(thread[0].n if meant is None else meant, []).append(cue)
    return replies


def _meant(cue: Cue, before: Sequence[Cue]) -> Cue:
    """The message a reply answers in a thread that does not say it: the last of whom it names, else the last that names
    its author since that one's own last. Else the opener answers whoever spoke last, and others answer what the opener
    said since their own last message, at first the thread's first: platforms put a name before a reply to a reply."""
    root = before[0]
    if named := _named(cue):
        return next((each for each in reversed(before) if each.author in named), root)
    own = next((n for n in range(len(before) - 1, -1, -1) if before[n].author == cue.author), -1)
    since = before[own + 1 :]
    if called := next((each for each in reversed(since) if cue.author in _named(each)), None):
        return called
    if cue.author == root.author:
        return since[-1] if since else before[-1]
    return next((each for each in reversed(since) if each.author == root.author), before[own] if own >= 0 else root)


def _named(cue: Cue) -> set[str]:
    return {found[1] for found in _AT.finditer(cue.text)}


def _chains(root: Cue, replies: Replies) -> Iterator[list[Cue]]:
    """Every longest chain of two people. Where a third one answers, another chain begins with what is answered, and
    with what its author said right before."""
    waiting, begun = [[root]], {(root.n, root.n)}
    while waiting:
        chain = waiting.pop()
        authors = {cue.author for cue in chain}
        goes_on = False
        for reply in reversed(replies.get(chain[-1].n, [])):
            if len(authors | {reply.author}) <= 2:
                waiting.append([*chain, reply])
                goes_on = True
                continue
            last = next(n for n in range(len(chain), 0, -1) if n == 1 or chain[n - 2].author != chain[-1].author)
            if (chain[last - 1].n, reply.n) not in begun:
                begun.add((chain[last - 1].n, reply.n))
                waiting.append([*chain[last - 1 :], reply])
        if not goes_on and len(authors) == 2 and all(authors):
            yield chain


def _dialogue(chain: Sequence[Cue], replies: Replies, agents: frozenset[str]) -> Found | None:
    texts = [worded(cue) for cue in chain]
    cut_off = next((n for n, text in enumerate(texts) if _CUT.search(text) or not text), len(chain))
    turns: list[Said] = []
    user = next((cue.author for cue in chain if cue.author not in agents), chain[0].author)
    for at, (cue, text) in enumerate(zip(chain[:cut_off], texts, strict=False)):
        role: Role = "user" if cue.author == user else "agent"
        text = _SIGNED.sub("", text) or text if role == "agent" else text
        others = _others(chain[at - 1], cue, replies) if at and role == "agent" else ()
        if turns and turns[-1].role == role and _together(chain[at - 1], cue):
            turns[-1] = _joined(turns[-1], cue, text)
        else:
            turns.append(_said(cue, role, text, others))
    turns = turns[:MOST]
    if len(turns) < LEAST or len({turn.role for turn in turns}) < 2:
        return None
    lang = detect(" ".join(turn.text for turn in turns)).lang
    return Found(recording=chain[0].recording, track="comment", lang=lang, turns=tuple(turns))


def worded(cue: Cue) -> str:
    """A message without the name in front of it; names in it are <USER>, links <URL>."""
    text = _URL.sub("<URL>", cue.text)
    opening = _AT.match(text)
    return " ".join(_AT.sub("<USER> ", text[opening.end() :] if opening else text).split())


def _others(asked: Cue, reply: Cue, replies: Replies) -> tuple[str, ...]:
    """What others answered to the same message, each once."""
    said = {
        worded(each): None
        for each in replies.get(asked.n, [])
        if each.author not in (reply.author, asked.author) and content(each.text)
    }
    return tuple(text for text in said if text and text != worded(reply) and not _CUT.search(text))


def _said(cue: Cue, role: Role, text: str, others: tuple[str, ...]) -> Said:
    return Said(role=role, text=text, cues=(cue.n,), start=cue.start, end=cue.end, others=others)


def _joined(turn: Said, cue: Cue, text: str) -> Said:
    return turn.model_copy(update={"text": f"{turn.text} {text}", "cues": (*turn.cues, cue.n), "end": cue.end})


def _together(before: Cue, cue: Cue) -> bool:
    """Of one author: less than ten minutes apart, where it is known."""
    return before.start is None or cue.start is None or cue.start - before.start < PAUSE


def _agents(comments: Sequence[Cue]) -> frozenset[str]:
    """Who answers in the threads of at least two others and begins none: an account that supports."""
    by_n = {thread[0].n: thread for thread in threads(comments)}
    served: dict[str, set[str]] = {}
    for thread in by_n.values():
        for cue in thread[1:]:
            if cue.author and cue.author != thread[0].author:
                served.setdefault(cue.author, set()).add(thread[0].author)
    begun = {thread[0].author for thread in by_n.values()}
    return frozenset(author for author, others in served.items() if len(others) > 1 and author not in begun)
