"""New turns out of two that do the same: the beginning of one, and the end of another from where both say the same.

A talk of two has few turns of each kind, and of most of them the words are their author's own as a whole. Where two
authors' turns share a few words, either goes on as the other does ("酒店的地址在哪啊" and "它家地址在哪，我想去"), and
what comes out is nobody's (a cross-over of two n-gram paths; an idea of ours, docs/realism.md). Knows no cues.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate, pairwise
from random import Random
from typing import NamedTuple

from millstream import frames
from millstream.frames import CROWD, Frame, said_at
from millstream.mine.courteous import BEFORE, BEHIND, said_of
from millstream.mine.openings import DATA
from millstream.records import Lang, Role
from millstream.turns import COURTESIES, HAS, HAS_NOT, OF, PIECES, Key, acts_of, key, runs, said_by

SEAM: dict[Lang, int] = {"zh": 3, "en": 2}
"""Characters, or words, that both turns have where one goes over into the other."""
EACH = 3
"""Seams of one turn that fit, at most."""
TRIES = 12
"""Seams that are tried of one turn."""
MOST = 40
"""Turns with one seam that are looked at: common words stand in all of them."""
_TOKEN = re.compile(r"\s*(?:\$[a-z]+|[\u3400-\u9fff]|[^\W\u3400-\u9fff]+(?:['’]\w+)*|.)")
_MARK = re.compile(r"[，。！？；,.!?;~～]")
Pair = tuple[str, str]
"""An act with its slot, at the place where its value stands open."""


class _Line(NamedTuple):
    """A turn in tokens, and before each of them how many places were open, and the governing words of its clause."""

    author: str
    frame: Frame
    tokens: tuple[str, ...]
    opened: tuple[int, ...]
    governed: tuple[frozenset[str], ...]
    places: tuple[Pair, ...]


def spliced(found: Sequence[tuple[str, Frame]], names: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Frame]]:
    """(author, frame) of what two of these turns make together; none says what was said already, a longer run that is
    one author's, or a word of an author's own, and each names what it asks for (`names`, by slot)."""
    authors = said_by(found)
    own = {said for said, by in authors.items() if len(by) < CROWD}
    known = {frame.text for _, frame in found}
    groups: dict[tuple[str, Key], list[_Line]] = defaultdict(list)
    for author, frame in sorted(found, key=lambda each: (each[1].text, said_at(each[1]))):
        if frame.family in OF.values() and frame.text:
            groups[frame.family, key(acts_of(frame))].append(_line(author, frame))
    for (family, acts), lines in groups.items():
        for line, other, frame in _crossed(lines, Random(f"{family}/{acts}")):
            words = (word for word in (*line.frame.own, *other.frame.own) if word in frame.text)
            if frame.text in known or any((word,) in own for word in words) or not _names(frame, names):
                continue
            if not any(run in own for run in runs(frame.text, frame.lang)):
                known.add(frame.text)
                yield f"{line.author} and {other.author}", frame


def _names(frame: Frame, names: Mapping[str, Sequence[str]]) -> bool:
    """Whether what it asks for, or knows nothing of, is named: half a question asks for nothing."""
    low = frame.text.lower()
    asked = [slot for act, slot in acts_of(frame) if act in ("request", "notify_unknown") and slot in names]
    return all(any(name.lower() in low for name in names[slot]) for slot in asked)


def _crossed(lines: Sequence[_Line], rng: Random) -> Iterator[tuple[_Line, _Line, Frame]]:
    """(first, second, new) at up to EACH seams of each line that fit; the seams are tried in a drawn order."""
    seams = {seam: rng.sample(there, min(MOST, len(there))) for seam, there in _seams(lines).items()}
    for line in lines:
        size, made = SEAM[line.frame.lang], 0
        starts = range(1, len(line.tokens) - size)
        there = [(at, *other) for at in starts for other in seams[line.tokens[at : at + size]]]
        for at, n, start in rng.sample(there, min(TRIES, len(there))):
            other = lines[n]
            if made < EACH and other.author != line.author and _fits(line, at, other, start):
                made += 1
                yield line, other, _frame(line, at, other, start)


def _seams(lines: Sequence[_Line]) -> Mapping[tuple[str, ...], list[tuple[int, int]]]:
    """Where a run of tokens stands: (line, token)."""
    found: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for n, line in enumerate(lines):
        size = SEAM[line.frame.lang]
        for at in range(1, len(line.tokens) - size):
            found[line.tokens[at : at + size]].append((n, at))
    return found


def _fits(line: _Line, at: int, other: _Line, start: int) -> bool:
    """Whether what is open is open again, and the words that govern the clause before the seam are the same: who says
    "tell me" does not go on as one who asks. Nothing stands on both sides ("周边的景点有哪些景点")."""
    places = _joined(line, at, other, start)
    if sorted(places) != sorted(line.places) or line.governed[at] != other.governed[start]:
        return False
    said = [set(pairwise(tokens)) for tokens in (line.tokens[: at + 1], other.tokens[start + 1 :])]
    return not {pair for pair in said[0] & said[1] if pair[0].strip() and not _MARK.search("".join(pair))}


def _line(author: str, frame: Frame) -> _Line:
    tokens = tuple(_TOKEN.findall(frame.text))
    opened = tuple(accumulate((token.strip().startswith("$") for token in tokens), initial=0))
    return _Line(author, frame, tokens, opened, tuple(_governed(tokens, frame.lang)), _places(frame))


def _governed(tokens: Sequence[str], lang: Lang) -> Iterator[frozenset[str]]:
    """Before each token, the governing words of the clause so far."""
    clause = ""
    for token in tokens:
        yield frozenset(_governing(lang).findall(clause))
        clause = "" if _MARK.fullmatch(token.strip()) else clause + token.lower()


def _places(frame: Frame) -> tuple[Pair, ...]:
    """What stands at each open place of its text."""
    acts = acts_of(frame)
    had = iter([each for each in acts if _is_had(each)])
    told = iter([each for each in acts if each[0] == "inform" and not _is_had(each)])
    sources = {"$slot": had, "$value": told, "$entity": iter(())}
    return tuple(next(sources[place], (place, "")) for place in frames.PLACE.findall(frame.text))


def _frame(line: _Line, at: int, other: _Line, start: int) -> Frame:
    """The new turn: it is lent as what a turn does, and counts in no share of how turns are."""
    role: Role = "user" if line.frame.family == OF["user"] else "agent"
    lang, text = line.frame.lang, _text(line, at, other, start)
    places = _joined(line, at, other, start)
    does = [each for each in acts_of(line.frame) if each[0] not in COURTESIES and each not in line.places]
    told = sorted(places, key=_is_had)
    acts = [*said_of(text, role, lang, BEFORE), *does, *(each for each in told if each[0][0] != "$")]
    acts += said_of(text, role, lang, BEHIND)
    return line.frame.model_copy(update={
        "text": text, "family": PIECES[role][1], "act": " ".join(act for act, _ in acts),
        "slot": ",".join(slot for _, slot in acts), "delivery": frames.delivery(text), "own": (), "demand": 1,
        "manners": tuple(sorted({*line.frame.manners, *other.frame.manners})),
        "evidence": tuple(dict.fromkeys((*line.frame.evidence, *other.frame.evidence))),
    })  # fmt: skip


def _text(line: _Line, at: int, other: _Line, start: int) -> str:
    return "".join((*line.tokens[:at], *other.tokens[start:]))


def _joined(line: _Line, at: int, other: _Line, start: int) -> tuple[Pair, ...]:
    """What is open in the new turn."""
    return (*line.places[: line.opened[at]], *other.places[other.opened[start] :])


def _is_had(place: Pair) -> bool:
    return place[1].startswith((HAS, HAS_NOT))


@cache
def _governing(lang: Lang) -> re.Pattern[str]:
    return re.compile(DATA["governs"][lang])
