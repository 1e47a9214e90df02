"""No text holds up the door: whatever a viewer repeats, it is looked at in time that grows with its length alone."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from millstream.mine import aloud, door, identity, minors, personal, places, reach, spelling
from millstream.mine import codes as papers
from millstream.mine.aloud import Aloud, Heard
from millstream.mine.door import looked
from millstream.mine.tagging import cues, gate
from millstream.records import Cue

MODULES = (aloud, door, identity, minors, papers, personal, places, reach, spelling, cues, gate)
OFTEN, LONGEST = 500, 1.0
"""How often a piece is said, and how long a pattern may look at that, in seconds of the processor."""


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in MODULES:
        for name, value in vars(module).items():
            held = value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list)) else [value]
            for n, each in enumerate(held):
                if isinstance(each, re.Pattern):
                    yield f"{module.__name__}.{name}.{n}", each


def said(parsed: Any) -> str:
    """One text that a part of a pattern stands for."""
    return "".join(_said(code, what) for code, what in parsed)


def _said(code: Any, what: Any) -> str:
    if code is codes.LITERAL:
        return chr(what)
    if code is codes.IN:
        return _member(*what[0])
    if code is codes.BRANCH:
        return said(what[1][0])
    if code is codes.SUBPATTERN:
        return said(what[3])
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return said(what[2]) * max(1, what[0])
    return "a" if code is codes.ANY else ""


def _member(kind: Any, what: Any) -> str:
    """A character of a set, by what the set names."""
    return chr(what) if kind is codes.LITERAL else chr(what[0]) if kind is codes.RANGE else "1"


def repeats(parsed: Any, lead: str = "") -> Iterator[tuple[str, str]]:
    """(what stands before it, a piece) of all that a pattern lets be said several times."""
    for code, what in parsed:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT) and what[1] > 3:
            yield from ((lead, piece) for piece in ways(what[2]))
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            yield from repeats(what[2], lead)
        elif code is codes.SUBPATTERN:
            yield from repeats(what[3], lead)
        elif code is codes.BRANCH:
            for each in what[1]:
                yield from repeats(each, lead)
        lead += _said(code, what)


def ways(parsed: Any) -> list[str]:
    """The ways of saying a part, one for each of its choices, with and without what may be left out."""
    every = [""]
    for code, what in parsed:
        if code is codes.BRANCH:
            own = [way for each in what[1] for way in ways(each)]
        elif code is codes.SUBPATTERN:
            own = ways(what[3])
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            own = [*([""] if not what[0] else []), *ways(what[2])]
        else:
            own = [_member(*each) for each in what[:2]] if code is codes.IN else [_said(code, what)]
        every = [before + way for before in every[:6] for way in own[:6]]
    return every


def seconds(look: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    look(text)
    return time.process_time() - began


@pytest.mark.parametrize(("name", "pattern"), [pytest.param(*each, id=each[0]) for each in patterns()])
def test_no_pattern_hangs_on_what_is_repeated(name: str, pattern: re.Pattern[str]) -> None:
    for lead, piece in dict.fromkeys(repeats(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))):
        if piece.strip():
            for often in (16, 24, OFTEN):  # one that hangs is seen before it does
                assert seconds(pattern.search, lead + piece * often) < LONGEST, (lead, piece, often)


@pytest.mark.parametrize(
    ("piece", "often"),
    [("加微信 ", 6_000), ("单元一弄", 250), ("3栋中区", 250), ("1-1栋", 100), ("车牌 a", 500), ("a@", 500)],
)
def test_rules_are_done_soon(piece: str, often: int) -> None:
    assert seconds(personal.by_rule, piece * often) < LONGEST


@pytest.mark.parametrize("piece", ["12-", "my teacher ", "住", "3栋中区", "Mr Aim ", "hi Nadia, "])
def test_a_text_of_any_length_is_admitted_in_time_that_grows_with_it(piece: str) -> None:
    said = [Cue(recording="r", track="chat", n=0, start=0.0, end=None, text="hi", author="nutfree_nadia")]
    text = piece * (20_000 // len(piece))
    said.append(Cue(recording="r", track="speech", n=0, start=1.0, end=None, text=text))
    assert seconds(lambda _: list(door.admit(said, b"key", Counter())), "") < 4 * LONGEST


def test_a_name_in_a_long_line_is_known_by_what_stands_beside_it() -> None:
    names = Aloud({"nutfree_nadia": "V"}, Heard(["nadia"]), {}, set())
    assert [hit.start for hit in names.found("so we cook " * 300 + "thanks nadia")] == [3307]


@pytest.mark.parametrize("before", range(600, 1_200, 41))
def test_what_stands_in_a_long_text_is_found_once_and_whole(before: int) -> None:
    told = "我的电话13812345678哈"
    text = f"{'好' * before}，{told}，{'吧' * (3_000 - before)}"
    assert [(hit.value, text[hit.start : hit.end]) for hit in looked(text).hits] == [("phone", "13812345678")]
    assert looked(f"{'好' * before}，我还没满14岁，{'吧' * (3_000 - before)}").young
