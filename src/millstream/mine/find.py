"""Many phrases found in one text at once, the longest first. Knows nothing of what the phrases stand for."""

from collections.abc import Callable, Iterator, Mapping
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Hit(NamedTuple, Generic[T]):
    """What stands at characters `start` to `end` of a text."""

    start: int
    end: int
    value: T


class Phrases(Generic[T]):
    """Phrases of two or more characters by their first two. Case does not matter; a Latin phrase ends where a
    word ends, a Chinese one anywhere."""

    def __init__(self, phrases: Mapping[str, T]) -> None:
        self._by_start: dict[str, list[tuple[str, T]]] = {}
        folded = {fold(phrase): value for phrase, value in phrases.items() if len(phrase) > 1}
        for phrase in sorted(folded, key=lambda each: (-len(each), each)):
            self._by_start.setdefault(phrase[:2], []).append((phrase, folded[phrase]))

    def found(self, text: str, accept: Callable[[str, int], bool] = lambda *_: True) -> Iterator[Hit[T]]:
        """The hits in order, none inside another. `accept(phrase, where)` may turn one down."""
        text, done = fold(text), 0
        for at in range(len(text) - 1):
            for phrase, value in self._by_start.get(text[at : at + 2], ()):
                here = at >= done and text.startswith(phrase, at)
                if here and _alone(text, at, phrase) and accept(phrase, at):
                    done = at + len(phrase)
                    yield Hit(at, done, value)


def fold(text: str) -> str:
    """Lower case without any change of length."""
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def _alone(text: str, at: int, phrase: str) -> bool:
    before, after = text[at - 1 : at], text[at + len(phrase) : at + len(phrase) + 1]
    return not (_latin(phrase[0]) and _latin(before)) and not (_latin(phrase[-1]) and _latin(after))


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
