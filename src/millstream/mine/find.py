"""Many phrases found in one text at once, the longest first. Knows nothing of what the phrases stand for."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Hit(NamedTuple, Generic[T]):
    """What stands at characters `start` to `end` of a text."""

    start: int
    end: int
    value: T


class Phrases(Generic[T]):
    """Phrases of two or more characters, by their first two the lengths that there are, and by themselves: what a text
    costs does not grow with their number. Case does not matter; a Latin phrase ends where a word ends, a Chinese one
    anywhere."""

    def __init__(self, phrases: Mapping[str, T]) -> None:
        self._values = {fold(phrase): value for phrase, value in phrases.items() if len(phrase) > 1}
        lengths: dict[str, set[int]] = {}
        for phrase in self._values:
            lengths.setdefault(phrase[:2], set()).add(len(phrase))
        self._lengths = {start: sorted(found, reverse=True) for start, found in lengths.items()}
        self._begin = _beginnings({phrase[0] for phrase in self._values})

    def found(self, text: str, accept: Callable[[str, int], bool] = lambda *_: True) -> Iterator[Hit[T]]:
        """The hits in order, none inside another. `accept(phrase, where)` may turn one down."""
        text, done, lengths = fold(text), 0, self._lengths
        for begin in self._begin.finditer(text):
            at = begin.start()
            if at < done:
                continue
            for length in lengths.get(text[at : at + 2], ()):
                phrase = text[at : at + length]
                if phrase in self._values and _alone(text, at, phrase) and accept(phrase, at):
                    done = at + len(phrase)
                    yield Hit(at, done, self._values[phrase])
                    break


def _beginnings(chars: Iterable[str]) -> re.Pattern[str]:
    """Where a phrase with one of these first characters may begin: a Latin one not within a word."""
    latin, other = "", ""
    for char in sorted(chars):
        if _latin(char):
            latin += char
        else:
            other += re.escape(char)
    either = [rf"(?<![A-Za-z0-9])[{latin}]"] * bool(latin) + [f"[{other}]"] * bool(other)
    return re.compile("|".join(either) or r"(?!)")


def fold(text: str) -> str:
    """Lower case without any change of length."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def _alone(text: str, at: int, phrase: str) -> bool:
    before, after = text[at - 1 : at], text[at + len(phrase) : at + len(phrase) + 1]
    return not (_latin(phrase[0]) and _latin(before)) and not (_latin(phrase[-1]) and _latin(after))


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
